/* store/db.h -- a SQLite connection with cached statements, for the store's own files.
 *
 * SQL texts are string constants: the cache keys on their address. Values are bound by a
 * format string, one letter each: 's' const char *, 'i' int64_t, 'n' NULL (no argument),
 * 'b' bytes (const void *, then size_t; none: an empty blob).
 * Not thread-safe: the store holds its lock around each transaction. */
#ifndef SAGE_STORE_DB_H
#define SAGE_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum { SAGE_DB_CACHE = 64, SAGE_DB_BUSY_MS = 10000 };

typedef struct sage_db {
    sqlite3 *handle;
    char *path;
    unsigned n_cached;
    struct {
        const char *sql;
        sqlite3_stmt *stmt;
    } cached[SAGE_DB_CACHE];
} sage_db;

/* Opens path (created if missing, mode 0600) in WAL mode, synchronous=FULL, foreign keys. */
SAGE_CHECKED sage_status sage_db_open(sage_db *db, const char *path, sage_errinfo *err);
void sage_db_close(sage_db *db);

/* One transaction. begin opens the connection again if an earlier rollback could not be
 * done. end commits when status is SAGE_OK, else rolls back, and returns the first failure. */
SAGE_CHECKED sage_status sage_db_begin(sage_db *db, sage_errinfo *err);
SAGE_CHECKED sage_status sage_db_end(sage_db *db, sage_status status, sage_errinfo *err);

/* Starts a query; the caller steps it and then calls sage_db_done. */
SAGE_CHECKED sage_status sage_db_query(sage_db *db,
                                       sqlite3_stmt **out,
                                       sage_errinfo *err,
                                       const char *sql,
                                       const char *format,
                                       ...);
SAGE_CHECKED sage_status sage_db_step(sage_db *db,
                                      sqlite3_stmt *q,
                                      bool *row,
                                      sage_errinfo *err);
void sage_db_done(sqlite3_stmt *q);
/* Runs a statement without rows; *changed (may be NULL) is the number of rows it touched. */
SAGE_CHECKED sage_status sage_db_run(
    sage_db *db, int64_t *changed, sage_errinfo *err, const char *sql, const char *format, ...);
/* Runs a script of several statements, unprepared. */
SAGE_CHECKED sage_status sage_db_script(sage_db *db, const char *sql, sage_errinfo *err);

/* Copies column i into out[cap]; SAGE_EINTERNAL if it does not fit. NULL reads as "". */
SAGE_CHECKED sage_status
sage_db_text(sqlite3_stmt *q, int i, char *out, size_t cap, sage_errinfo *err);
int64_t sage_db_int(sqlite3_stmt *q, int i); /* NULL reads as 0 */

#endif

#include "store/db.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sage_status sql_failed(sage_db *db, int rc, const char *what, sage_errinfo *err)
{
    const char *text = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc);
    if ((rc & 0xff) == SQLITE_NOMEM)
        return sage_fail(err, SAGE_ENOMEM, "store.sql", rc, "%s: %.150s", what, text);
    if ((rc & 0xff) == SQLITE_CONSTRAINT)
        return sage_fail(err, SAGE_ECONFLICT, "store.constraint", rc, "%s: %.150s", what, text);
    return sage_fail(err, SAGE_EIO, "store.sql", rc, "%s: %.150s", what, text);
}

/* The file is made first so that it is never readable to others; SQLite gives its -wal and
 * -shm files the mode of the database. */
static sage_status touch_private(const char *path, sage_errinfo *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return sage_fail(err, SAGE_EIO, "store.open", -1, "cannot open %.180s", path);
    close(fd);
    return SAGE_OK;
}

static sage_status connect_db(sage_db *db, sage_errinfo *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int rc    = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
    if (rc) return sql_failed(db, rc, "open", err);
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, SAGE_DB_BUSY_MS);
    return sage_db_script(db,
                          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                          "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;",
                          err);
}

static void disconnect(sage_db *db)
{
    for (unsigned i = 0; i < db->n_cached; i++)
        sqlite3_finalize(db->cached[i].stmt);
    db->n_cached = 0;
    sqlite3_close_v2(db->handle);
    db->handle = NULL;
}

sage_status sage_db_open(sage_db *db, const char *path, sage_errinfo *err)
{
    memset(db, 0, sizeof *db);
    sage_status st = touch_private(path, err);
    if (st) return st;
    db->path = strdup(path);
    if (!db->path) return sage_fail(err, SAGE_ENOMEM, "store.open", -1, "path");
    st = connect_db(db, err);
    if (st) sage_db_close(db);
    return st;
}

void sage_db_close(sage_db *db)
{
    disconnect(db);
    free(db->path);
    db->path = NULL;
}

sage_status sage_db_script(sage_db *db, const char *sql, sage_errinfo *err)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc ? sql_failed(db, rc, "script", err) : SAGE_OK;
}

sage_status sage_db_begin(sage_db *db, sage_errinfo *err)
{
    if (db->handle && !sqlite3_get_autocommit(db->handle)) disconnect(db);
    if (!db->handle) {
        sage_status st = connect_db(db, err);
        if (st) {
            disconnect(db);
            return st;
        }
    }
    return sage_db_run(db, NULL, err, "BEGIN IMMEDIATE", "");
}

sage_status sage_db_end(sage_db *db, sage_status status, sage_errinfo *err)
{
    sage_status st = status ? status : sage_db_run(db, NULL, err, "COMMIT", "");
    /* Closing the connection undoes what ROLLBACK could not. */
    if (st && !sqlite3_get_autocommit(db->handle) &&
        sage_db_run(db, NULL, NULL, "ROLLBACK", "") != SAGE_OK)
        disconnect(db);
    return st;
}

static sage_status prepared(sage_db *db, const char *sql, sqlite3_stmt **out, sage_errinfo *err)
{
    for (unsigned i = 0; i < db->n_cached; i++)
        if (db->cached[i].sql == sql) {
            *out = db->cached[i].stmt;
            return SAGE_OK;
        }
    if (db->n_cached == SAGE_DB_CACHE)
        return sage_fail(err, SAGE_EINTERNAL, "store.cache", SAGE_DB_CACHE, "cache is full");
    int rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    if (rc) return sql_failed(db, rc, "prepare", err);
    db->cached[db->n_cached].sql    = sql;
    db->cached[db->n_cached++].stmt = *out;
    return SAGE_OK;
}

static int bind_bytes(sqlite3_stmt *q, int at, const void *bytes, size_t len)
{
    return len ? sqlite3_bind_blob64(q, at, bytes, len, SQLITE_TRANSIENT)
               : sqlite3_bind_zeroblob(q, at, 0);
}

static sage_status query_va(sage_db *db,
                            sqlite3_stmt **out,
                            sage_errinfo *err,
                            const char *sql,
                            const char *format,
                            va_list ap)
{
    sage_status st = prepared(db, sql, out, err);
    if (st) return st;
    int rc = SQLITE_OK;
    for (int i = 0; format[i] && !rc; i++) {
        if (format[i] == 's')
            rc = sqlite3_bind_text(*out, i + 1, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
        else if (format[i] == 'i')
            rc = sqlite3_bind_int64(*out, i + 1, va_arg(ap, int64_t));
        else if (format[i] == 'b') {
            const void *bytes = va_arg(ap, const void *);
            rc                = bind_bytes(*out, i + 1, bytes, va_arg(ap, size_t));
        } else
            rc = sqlite3_bind_null(*out, i + 1);
    }
    if (!rc) return SAGE_OK;
    st = sql_failed(db, rc, "bind", err);
    sage_db_done(*out);
    return st;
}

sage_status sage_db_query(sage_db *db,
                          sqlite3_stmt **out,
                          sage_errinfo *err,
                          const char *sql,
                          const char *format,
                          ...)
{
    va_list ap;
    va_start(ap, format);
    sage_status st = query_va(db, out, err, sql, format, ap);
    va_end(ap);
    return st;
}

sage_status sage_db_step(sage_db *db, sqlite3_stmt *q, bool *row, sage_errinfo *err)
{
    int rc = sqlite3_step(q);
    *row   = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) return SAGE_OK;
    return sql_failed(db, rc, "step", err);
}

void sage_db_done(sqlite3_stmt *q)
{
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
}

sage_status sage_db_run(
    sage_db *db, int64_t *changed, sage_errinfo *err, const char *sql, const char *format, ...)
{
    sqlite3_stmt *q;
    bool row;
    va_list ap;
    va_start(ap, format);
    sage_status st = query_va(db, &q, err, sql, format, ap);
    va_end(ap);
    if (st) return st;
    do
        st = sage_db_step(db, q, &row, err);
    while (!st && row);
    if (!st && changed) *changed = sqlite3_changes64(db->handle);
    sage_db_done(q);
    return st;
}

sage_status sage_db_text(sqlite3_stmt *q, int i, char *out, size_t cap, sage_errinfo *err)
{
    const unsigned char *text = sqlite3_column_text(q, i);
    size_t len                = text ? (size_t)sqlite3_column_bytes(q, i) : 0;
    if (len >= cap)
        return sage_fail(err, SAGE_EINTERNAL, "store.column", i, "%zu bytes stored", len);
    if (len) memcpy(out, text, len);
    out[len] = 0;
    return SAGE_OK;
}

int64_t sage_db_int(sqlite3_stmt *q, int i)
{
    return sqlite3_column_int64(q, i);
}

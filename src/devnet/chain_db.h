/* devnet/chain_db.h -- the chain's database file: opening it, felts in it, connections that read.
 *
 * Model: one connection writes, inside the executor; up to SAGE_CHAIN_READERS others read, each
 * by one thread at a time. SQLite's write-ahead log lets them work beside the writer. */
#ifndef SAGE_DEVNET_CHAIN_DB_H
#define SAGE_DEVNET_CHAIN_DB_H

#include <pthread.h>

#include "field/felt252.h"
#include "store/db.h"

enum { SAGE_CHAIN_READERS = 8, SAGE_FELT_BE = 32 };

/* 32 bytes, most significant first. */
typedef struct sage_felt_be {
    uint8_t b[SAGE_FELT_BE];
} sage_felt_be;
sage_felt_be sage_felt_to_be(felt252 v);
SAGE_CHECKED bool sage_felt_from_be(felt252 *out, const uint8_t b[SAGE_FELT_BE]);

/* Opens the file, makes its tables if it is new. SAGE_EFORMAT "chain.database" if it is no
 * database, damaged, another program's, or of a newer schema; SAGE_EIO. */
SAGE_CHECKED sage_status sage_chain_db_open(sage_db *db, const char *path, sage_errinfo *err);
/* What a read of the database failed with: SAGE_EFORMAT "chain.database" if it is damaged. */
SAGE_CHECKED sage_status sage_chain_db_broken(sage_errinfo *err, const char *what);

/* Column i as a felt; SAGE_EFORMAT "chain.database" if it is none. */
SAGE_CHECKED sage_status sage_db_felt(sqlite3_stmt *q, int i, felt252 *out, sage_errinfo *err);

typedef struct sage_readers {
    pthread_mutex_t lock;
    pthread_cond_t free;
    const char *path; /* the owner's */
    unsigned n_busy;
    struct {
        sage_db db;
        bool open, busy;
    } reader[SAGE_CHAIN_READERS];
} sage_readers;
void sage_readers_init(sage_readers *r, const char *path);
void sage_readers_close(sage_readers *r);
/* Waits for a connection; *out goes back with give. */
SAGE_CHECKED sage_status sage_readers_take(sage_readers *r, sage_db **out, sage_errinfo *err);
void sage_readers_give(sage_readers *r, sage_db *db);

#endif

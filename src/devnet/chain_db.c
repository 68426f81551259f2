/* The chain's database file: opening, felts, a pool of reading connections. */
#include "devnet/chain_db.h"

#include <string.h>

static const char schema_0001[] =
#include "schema_0001.inc"
    ;

enum { SCHEMA_VERSION = 1, APPLICATION_ID = 0x53414745 /* "SAGE" */ };

sage_felt_be sage_felt_to_be(felt252 v)
{
    uint64_t limbs[4];
    sage_felt_be out;
    felt252_to_limbs(v, limbs);
    for (unsigned i = 0; i < SAGE_FELT_BE; i++)
        out.b[SAGE_FELT_BE - 1 - i] = (uint8_t)(limbs[i / 8] >> 8 * (i % 8));
    return out;
}

bool sage_felt_from_be(felt252 *out, const uint8_t b[SAGE_FELT_BE])
{
    uint8_t little[SAGE_FELT_BE];
    for (unsigned i = 0; i < SAGE_FELT_BE; i++)
        little[i] = b[SAGE_FELT_BE - 1 - i];
    return felt252_from_bytes(out, little);
}

sage_status sage_chain_db_broken(sage_errinfo *err, const char *what)
{
    return sage_fail(err, SAGE_EFORMAT, "chain.database", -1,
                     "the chain's database is damaged: %s", what);
}

sage_status sage_db_felt(sqlite3_stmt *q, int i, felt252 *out, sage_errinfo *err)
{
    const uint8_t *bytes = sqlite3_column_blob(q, i);
    if (bytes && sqlite3_column_bytes(q, i) == SAGE_FELT_BE && sage_felt_from_be(out, bytes))
        return SAGE_OK;
    return sage_chain_db_broken(err, "a felt of another form");
}

static sage_status pragma(sage_db *db, const char *sql, int64_t *value, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_status st = sage_db_query(db, &q, err, sql, "");
    if (st) return st;
    st     = sage_db_step(db, q, &row, err);
    *value = !st && row ? sage_db_int(q, 0) : 0;
    sage_db_done(q);
    return st;
}

/* Inside a transaction. */
static sage_status make_tables(sage_db *db, sage_errinfo *err)
{
    sage_status st = sage_db_script(db, schema_0001, err);
    if (!st)
        st = sage_db_script(db, "PRAGMA application_id = 0x53414745; PRAGMA user_version = 1",
                            err);
    return st;
}

static sage_status check_tables(sage_db *db, sage_errinfo *err)
{
    int64_t application, version, n_pages;
    sage_status st = pragma(db, "PRAGMA application_id", &application, err);
    if (!st) st = pragma(db, "PRAGMA user_version", &version, err);
    if (!st) st = pragma(db, "SELECT count(*) FROM sqlite_schema", &n_pages, err);
    if (st) return st;
    if (!application && !version && !n_pages) return make_tables(db, err);
    if (application != APPLICATION_ID)
        return sage_chain_db_broken(err, "it is another program's file");
    if (version != SCHEMA_VERSION)
        return sage_fail(err, SAGE_EFORMAT, "chain.database", version,
                         "the chain's database has schema %lld, this program knows %d",
                         (long long)version, SCHEMA_VERSION);
    return SAGE_OK;
}

static sage_status open_checked(sage_db *db, const char *path, sage_errinfo *err)
{
    sage_status st = sage_db_open(db, path, err);
    if (st) return st;
    st = sage_db_begin(db, err);
    if (!st) st = sage_db_end(db, check_tables(db, err), err);
    if (!st) st = sage_db_script(db, "PRAGMA cache_size = -65536", err);
    if (st) sage_db_close(db);
    return st;
}

sage_status sage_chain_db_open(sage_db *db, const char *path, sage_errinfo *err)
{
    sage_errinfo e;
    sage_status st = open_checked(db, path, &e);
    if (!st) return SAGE_OK;
    int rc = (int)(e.at & 0xff);
    if (st == SAGE_EIO && (rc == SQLITE_NOTADB || rc == SQLITE_CORRUPT))
        return sage_fail(err, SAGE_EFORMAT, "chain.database", rc,
                         "%.150s is not a chain's database, or damaged", path);
    if (err) *err = e;
    return st;
}

void sage_readers_init(sage_readers *r, const char *path)
{
    memset(r, 0, sizeof *r);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->free, NULL);
    r->path = path;
}

void sage_readers_close(sage_readers *r)
{
    for (unsigned i = 0; i < SAGE_CHAIN_READERS; i++)
        if (r->reader[i].open) sage_db_close(&r->reader[i].db);
    pthread_cond_destroy(&r->free);
    pthread_mutex_destroy(&r->lock);
}

/* A free place, rather one that is open already. Under the lock, with a free place there. */
static unsigned free_place(const sage_readers *r)
{
    unsigned found = SAGE_CHAIN_READERS;
    for (unsigned i = SAGE_CHAIN_READERS; i-- > 0;)
        if (!r->reader[i].busy && (found == SAGE_CHAIN_READERS || r->reader[i].open)) found = i;
    return found;
}

static void give_place(sage_readers *r, unsigned i)
{
    pthread_mutex_lock(&r->lock);
    r->reader[i].busy = false;
    r->n_busy--;
    pthread_cond_signal(&r->free);
    pthread_mutex_unlock(&r->lock);
}

sage_status sage_readers_take(sage_readers *r, sage_db **out, sage_errinfo *err)
{
    pthread_mutex_lock(&r->lock);
    while (r->n_busy == SAGE_CHAIN_READERS)
        pthread_cond_wait(&r->free, &r->lock);
    unsigned i        = free_place(r);
    r->reader[i].busy = true;
    r->n_busy++;
    pthread_mutex_unlock(&r->lock);
    if (!r->reader[i].open) {
        sage_status st = sage_db_open(&r->reader[i].db, r->path, err);
        if (st) {
            give_place(r, i);
            return st;
        }
        r->reader[i].open = true;
    }
    *out = &r->reader[i].db;
    return SAGE_OK;
}

void sage_readers_give(sage_readers *r, sage_db *db)
{
    for (unsigned i = 0; i < SAGE_CHAIN_READERS; i++)
        if (&r->reader[i].db == db) give_place(r, i);
}

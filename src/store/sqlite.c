/* The SQLite store: lock, transaction and time around the functions of the other files. */
#include "store/sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char schema_0001[] =
#include "schema_0001.inc"
    ;

enum { SCHEMA_VERSION = 1 };

static sage_sqlite *self_of(sage_store *s)
{
    return (sage_sqlite *)s;
}

/* begin takes the lock, even when it fails; finish gives it back. */
static sage_status begin(sage_sqlite *s, int64_t *now, sage_errinfo *err)
{
    pthread_mutex_lock(&s->lock);
    int64_t t = s->clock ? s->clock(s->clock_arg) : (int64_t)sage_clock_real_ms();
    if (t > s->last_now) s->last_now = t;
    *now = s->last_now;
    return sage_db_begin(&s->db, err);
}

static sage_status finish(sage_sqlite *s, bool begun, sage_status st, sage_errinfo *err)
{
    if (begun) st = sage_db_end(&s->db, st, err);
    pthread_mutex_unlock(&s->lock);
    return st;
}

/* One transaction around `call`, which may use db and now. */
#define TRANSACTION(call)                                                                      \
    do {                                                                                       \
        sage_sqlite *self = self_of(s);                                                        \
        sage_db *db       = &self->db;                                                         \
        int64_t now;                                                                           \
        sage_status st   = begin(self, &now, err);                                             \
        const bool begun = st == SAGE_OK;                                                      \
        (void)now;                                                                             \
        if (begun) st = (call);                                                                \
        return finish(self, begun, st, err);                                                   \
    } while (0)

static void op_close(sage_store *store)
{
    sage_sqlite *s = self_of(store);
    sage_db_close(&s->db);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static sage_status give_now(sage_db *db, int64_t now, int64_t *ms)
{
    (void)db; /* beginning the transaction was all */
    *ms = now;
    return SAGE_OK;
}

static sage_status op_now(sage_store *s, int64_t *ms, sage_errinfo *err)
{
    TRANSACTION(give_now(db, now, ms));
}

static sage_status worker_add(sage_db *db, int64_t now, const sage_worker *w, sage_errinfo *err)
{
    return sage_db_run(
        db, NULL, err,
        "INSERT INTO worker (id, name, backend, secret_hash, created_ms, seen_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        "ssssi", w->id.text, w->name, w->backend, w->secret_hash.text, now);
}

static sage_status op_worker_add(sage_store *s, const sage_worker *w, sage_errinfo *err)
{
    TRANSACTION(worker_add(db, now, w, err));
}

static sage_status worker_auth(
    sage_db *db, int64_t now, const sage_hex32 *hash, sage_worker *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    memset(out, 0, sizeof *out);
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT id, name, backend, secret_hash, created_ms, seen_ms,"
                                   " n_accepted, n_rejected, n_failed FROM worker"
                                   " WHERE secret_hash = ?1",
                                   "s", hash->text);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = sage_fail(err, SAGE_EAUTH, "store.worker", -1, "unknown worker");
    if (!st) st = sage_db_text(q, 0, out->id.text, sizeof out->id, err);
    if (!st) st = sage_db_text(q, 1, out->name, sizeof out->name, err);
    if (!st) st = sage_db_text(q, 2, out->backend, sizeof out->backend, err);
    if (!st) st = sage_db_text(q, 3, out->secret_hash.text, sizeof out->secret_hash, err);
    if (!st) {
        out->created_ms = sage_db_int(q, 4);
        out->seen_ms    = sage_db_int(q, 5);
        out->n_accepted = sage_db_int(q, 6);
        out->n_rejected = sage_db_int(q, 7);
        out->n_failed   = sage_db_int(q, 8);
    }
    sage_db_done(q);
    /* To the second: an idle worker that polls need not cost a write each time. */
    if (!st && now - out->seen_ms >= 1000)
        st = sage_db_run(db, NULL, err, "UPDATE worker SET seen_ms = ?1 WHERE id = ?2", "is",
                         now, out->id.text);
    return st;
}

static sage_status
op_worker_auth(sage_store *s, const sage_hex32 *hash, sage_worker *out, sage_errinfo *err)
{
    TRANSACTION(worker_auth(db, now, hash, out, err));
}

static sage_status
op_job_add(sage_store *s, const sage_job *job, sage_job *out, bool *replayed, sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_job_add(db, now, job, out, replayed, err));
}

static sage_status
op_job_get(sage_store *s, const sage_id *id, sage_job *out, sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_job_read(db, id->text, out, err));
}

static sage_status
op_receipt(sage_store *s, const sage_id *id, sage_receipt *out, sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_receipt(db, id->text, out, err));
}

static sage_status op_claim(sage_store *s,
                            const sage_id *worker,
                            int64_t lease_ms,
                            sage_hex32 *token,
                            sage_lease *lease,
                            sage_job *job,
                            sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_claim(db, now, worker, lease_ms, token, lease, job, err));
}

static sage_status lease_get(sage_db *db,
                             const sage_id *lease,
                             const sage_hex32 *token,
                             sage_lease *out,
                             sage_job *job,
                             sage_errinfo *err)
{
    sage_status st = sage_sqlite_lease_checked(db, lease, token, out, err);
    return st ? st : sage_sqlite_job_read(db, out->job_id.text, job, err);
}

static sage_status op_lease_get(sage_store *s,
                                const sage_id *lease,
                                const sage_hex32 *token,
                                sage_lease *out,
                                sage_job *job,
                                sage_errinfo *err)
{
    TRANSACTION(lease_get(db, lease, token, out, job, err));
}

static sage_status op_extend(sage_store *s,
                             const sage_id *lease,
                             const sage_hex32 *token,
                             int64_t lease_ms,
                             const char *stage,
                             int64_t permille,
                             int64_t *until_ms,
                             sage_errinfo *err)
{
    TRANSACTION(
        sage_sqlite_extend(db, now, lease, token, lease_ms, stage, permille, until_ms, err));
}

static sage_status op_end(sage_store *s,
                          const sage_id *lease,
                          const sage_hex32 *token,
                          sage_lease_outcome outcome,
                          const char *reason,
                          sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_end(db, now, lease, token, outcome, reason, err));
}

static sage_status op_accept(sage_store *s,
                             const sage_id *lease,
                             const sage_hex32 *token,
                             const sage_result *result,
                             sage_receipt *out,
                             sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_accept(db, now, lease, token, result, out, err));
}

static sage_status op_sweep(sage_store *s, sage_sweep *out, sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_sweep(db, now, out, err));
}

static sage_status op_audit(sage_store *s, sage_audit *out, sage_errinfo *err)
{
    TRANSACTION(sage_sqlite_audit(db, out, err));
}

static sage_status
each_blob(sage_db *db, void (*fn)(void *, const char *), void *arg, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_hex32 digest;
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT input_digest FROM job WHERE finished_ms IS NULL"
                                   " UNION SELECT proof_digest FROM result",
                                   "");
    if (st) return st;
    while (!(st = sage_db_step(db, q, &row, err)) && row) {
        st = sage_db_text(q, 0, digest.text, sizeof digest, err);
        if (st) break;
        fn(arg, digest.text);
    }
    sage_db_done(q);
    return st;
}

static sage_status
op_each_blob(sage_store *s, void (*fn)(void *, const char *), void *arg, sage_errinfo *err)
{
    TRANSACTION(each_blob(db, fn, arg, err));
}

static const struct sage_store_ops sqlite_ops = {
    .close        = op_close,
    .now          = op_now,
    .worker_add   = op_worker_add,
    .worker_auth  = op_worker_auth,
    .job_add      = op_job_add,
    .job_get      = op_job_get,
    .job_receipt  = op_receipt,
    .lease_claim  = op_claim,
    .lease_get    = op_lease_get,
    .lease_extend = op_extend,
    .lease_end    = op_end,
    .lease_accept = op_accept,
    .sweep        = op_sweep,
    .audit        = op_audit,
    .each_blob    = op_each_blob,
};

static sage_status read_version(sage_db *db, int64_t *version, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_status st =
        sage_db_query(db, &q, err, "SELECT coalesce(max(version), 0) FROM schema_version", "");
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st) *version = sage_db_int(q, 0);
    sage_db_done(q);
    return st;
}

static sage_status migrate(sage_db *db, int64_t now, sage_errinfo *err)
{
    int64_t version = 0;
    sage_status st  = sage_db_script(db,
                                     "CREATE TABLE IF NOT EXISTS schema_version ("
                                      "version INTEGER NOT NULL PRIMARY KEY,"
                                      "applied_ms INTEGER NOT NULL)",
                                     err);
    if (!st) st = read_version(db, &version, err);
    if (st) return st;
    if (version > SCHEMA_VERSION)
        return sage_fail(err, SAGE_ECONFLICT, "store.version", version,
                         "the database has schema %lld, this program knows %d",
                         (long long)version, SCHEMA_VERSION);
    if (version == SCHEMA_VERSION) return SAGE_OK;
    st = sage_db_script(db, schema_0001, err);
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "INSERT INTO schema_version (version, applied_ms) VALUES (?1, ?2)",
                         "ii", (int64_t)SCHEMA_VERSION, now);
    return st;
}

static sage_status open_migrated(sage_store *s, sage_errinfo *err)
{
    TRANSACTION(migrate(db, now, err));
}

sage_status sage_sqlite_open(
    const char *path, sage_clock_fn clock, void *arg, sage_store **out, sage_errinfo *err)
{
    sage_sqlite *s = calloc(1, sizeof *s);
    if (!s) return sage_fail(err, SAGE_ENOMEM, "store.open", -1, "store");
    s->base.ops    = &sqlite_ops;
    s->clock       = clock;
    s->clock_arg   = arg;
    sage_status st = sage_db_open(&s->db, path, err);
    if (st) {
        free(s);
        return st;
    }
    pthread_mutex_init(&s->lock, NULL);
    st = open_migrated(&s->base, err);
    if (st)
        op_close(&s->base);
    else
        *out = &s->base;
    return st;
}

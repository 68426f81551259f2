/* Leases. Every move of a job is an UPDATE whose WHERE names the state, and for a worker's
 * write the lease, that allows it: no row touched means the move was not legal. */
#include <stdio.h>
#include <string.h>

#include "store/sqlite.h"

static sage_status stale(sage_errinfo *err, const char *why)
{
    return sage_fail(err, SAGE_ESTALE, "store.lease", -1, "%s", why);
}

sage_status
sage_sqlite_lease_read(sage_db *db, const char *id, sage_lease *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    char outcome[16];
    memset(out, 0, sizeof *out);
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT id, job_id, worker_id, token_hash, outcome, attempt,"
                                   " granted_ms, until_ms, ended_ms FROM lease WHERE id = ?1",
                                   "s", id);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = sage_fail(err, SAGE_ENOTFOUND, "store.lease", -1, "no such lease");
    if (!st) st = sage_db_text(q, 0, out->id.text, sizeof out->id, err);
    if (!st) st = sage_db_text(q, 1, out->job_id.text, sizeof out->job_id, err);
    if (!st) st = sage_db_text(q, 2, out->worker_id.text, sizeof out->worker_id, err);
    if (!st) st = sage_db_text(q, 3, out->token_hash.text, sizeof out->token_hash, err);
    if (!st) st = sage_db_text(q, 4, outcome, sizeof outcome, err);
    if (!st) st = sage_lease_outcome_parse(outcome, &out->outcome, err);
    if (!st) {
        out->attempt    = sage_db_int(q, 5);
        out->granted_ms = sage_db_int(q, 6);
        out->until_ms   = sage_db_int(q, 7);
        out->ended_ms   = sage_db_int(q, 8);
    }
    sage_db_done(q);
    return st;
}

sage_status sage_sqlite_lease_checked(sage_db *db,
                                      const sage_id *lease,
                                      const sage_hex32 *token,
                                      sage_lease *out,
                                      sage_errinfo *err)
{
    sage_hex32 hash;
    sage_status st = sage_sqlite_lease_read(db, lease->text, out, err);
    if (st) return st;
    sage_secret_hash(&hash, token);
    if (!sage_hex32_equal(&hash, &out->token_hash))
        return stale(err, "the token is not the token of this lease");
    return SAGE_OK;
}

/* The lease that this token may write to now. */
static sage_status open_lease(sage_db *db,
                              int64_t now,
                              const sage_id *lease,
                              const sage_hex32 *token,
                              sage_lease *out,
                              sage_errinfo *err)
{
    sage_status st = sage_sqlite_lease_checked(db, lease, token, out, err);
    if (st) return st;
    if (out->outcome != SAGE_LEASE_OPEN) return stale(err, "the lease has ended");
    if (out->until_ms <= now) return stale(err, "the lease has run out");
    return SAGE_OK;
}

static int64_t until(int64_t now, int64_t lease_ms, int64_t deadline_ms)
{
    return lease_ms < deadline_ms - now ? now + lease_ms : deadline_ms;
}

static sage_status
pick_job(sage_db *db, int64_t now, const sage_id *worker, sage_job *job, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_id id;
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT id FROM job j WHERE state = 'queued'"
                                   " AND deadline_ms > ?1 AND attempts < max_attempts"
                                   " AND NOT EXISTS (SELECT 1 FROM lease l WHERE"
                                   "  l.job_id = j.id AND l.worker_id = ?2"
                                   "  AND l.outcome = 'rejected')"
                                   " ORDER BY created_ms, id LIMIT 1",
                                   "is", now, worker->text);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = sage_fail(err, SAGE_ENOTFOUND, "store.no_work", -1, "no work");
    if (!st) st = sage_db_text(q, 0, id.text, sizeof id, err);
    sage_db_done(q);
    return st ? st : sage_sqlite_job_read(db, id.text, job, err);
}

sage_status sage_sqlite_claim(sage_db *db,
                              int64_t now,
                              const sage_id *worker,
                              int64_t lease_ms,
                              sage_hex32 *token,
                              sage_lease *lease,
                              sage_job *job,
                              sage_errinfo *err)
{
    sage_id id;
    sage_hex32 hash;
    int64_t changed = 0;
    sage_status st  = pick_job(db, now, worker, job, err);
    if (!st) st = sage_id_new(&id, 'l', err);
    if (!st) st = sage_secret_new(token, err);
    if (st) return st;
    sage_secret_hash(&hash, token);
    int64_t until_ms = until(now, lease_ms, job->deadline_ms);
    st               = sage_db_run(db, &changed, err,
                                   "UPDATE job SET state = 'leased', lease_id = ?1, lease_until_ms = ?2,"
                                                 " attempts = attempts + 1 WHERE id = ?3 AND state = 'queued'",
                                   "sis", id.text, until_ms, job->id.text);
    if (!st && changed != 1)
        st = sage_fail(err, SAGE_EAGAIN, "store.claim", -1, "the job was claimed meanwhile");
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "INSERT INTO lease (id, job_id, worker_id, token_hash, attempt,"
                         " granted_ms, until_ms, outcome)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open')",
                         "ssssiii", id.text, job->id.text, worker->text, hash.text,
                         job->attempts + 1, now, until_ms);
    if (!st) st = sage_sqlite_lease_read(db, id.text, lease, err);
    if (!st) st = sage_sqlite_job_read(db, lease->job_id.text, job, err);
    return st;
}

sage_status sage_sqlite_extend(sage_db *db,
                               int64_t now,
                               const sage_id *lease,
                               const sage_hex32 *token,
                               int64_t lease_ms,
                               const char *stage,
                               int64_t permille,
                               int64_t *until_ms,
                               sage_errinfo *err)
{
    sage_lease l;
    sage_job job;
    int64_t changed = 0;
    sage_status st  = open_lease(db, now, lease, token, &l, err);
    if (!st) st = sage_sqlite_job_read(db, l.job_id.text, &job, err);
    if (st) return st;
    *until_ms = until(now, lease_ms, job.deadline_ms);
    st        = sage_db_run(db, &changed, err,
                            "UPDATE job SET lease_until_ms = ?1 WHERE id = ?2"
                                   " AND state = 'leased' AND lease_id = ?3 AND lease_until_ms > ?4",
                            "issi", *until_ms, l.job_id.text, lease->text, now);
    if (!st && changed != 1) return stale(err, "the job is no longer leased so");
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "UPDATE lease SET until_ms = ?1, stage = ?2, permille = ?3"
                         " WHERE id = ?4 AND outcome = 'open'",
                         "isis", *until_ms, stage, permille, lease->text);
    return st;
}

/* Ends lease row l with an outcome that is not `accepted` and frees or fails its job. */
static sage_status close_lease(sage_db *db,
                               int64_t now,
                               const sage_lease *l,
                               sage_lease_outcome outcome,
                               const char *reason,
                               sage_errinfo *err)
{
    int64_t changed = 0;
    sage_job job;
    sage_status st = sage_sqlite_job_read(db, l->job_id.text, &job, err);
    if (st) return st;
    bool last = job.attempts >= job.max_attempts;
    st        = last ? sage_db_run(db, &changed, err,
                                   "UPDATE job SET state = 'failed', finished_ms = ?1,"
                                          " reason = ?2, lease_id = NULL, lease_until_ms = NULL"
                                          " WHERE id = ?3 AND state = 'leased' AND lease_id = ?4",
                                   "isss", now, reason, l->job_id.text, l->id.text)
                     : sage_db_run(db, &changed, err,
                                   "UPDATE job SET state = 'queued', reason = ?1,"
                                          " lease_id = NULL, lease_until_ms = NULL"
                                          " WHERE id = ?2 AND state = 'leased' AND lease_id = ?3",
                                   "sss", reason, l->job_id.text, l->id.text);
    if (!st && changed != 1) return stale(err, "the job is no longer leased so");
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "UPDATE lease SET outcome = ?1, ended_ms = ?2, reason = ?3"
                         " WHERE id = ?4 AND outcome = 'open'",
                         "siss", sage_lease_outcome_name(outcome), now, reason, l->id.text);
    if (!st && last) st = sage_sqlite_book_refund(db, now, &job, err);
    return st;
}

static sage_status
count_outcome(sage_db *db, const sage_id *worker, sage_lease_outcome outcome, sage_errinfo *err)
{
    const char *sql =
        outcome == SAGE_LEASE_ACCEPTED   ? "UPDATE worker SET n_accepted = n_accepted + 1"
                                           " WHERE id = ?1"
        : outcome == SAGE_LEASE_REJECTED ? "UPDATE worker SET n_rejected = n_rejected + 1"
                                           " WHERE id = ?1"
                                         : "UPDATE worker SET n_failed = n_failed + 1"
                                           " WHERE id = ?1";
    return sage_db_run(db, NULL, err, sql, "s", worker->text);
}

sage_status
sage_sqlite_lease_expire(sage_db *db, int64_t now, const char *lease_id, sage_errinfo *err)
{
    sage_lease l;
    sage_status st = sage_sqlite_lease_read(db, lease_id, &l, err);
    if (!st) st = close_lease(db, now, &l, SAGE_LEASE_EXPIRED, "the lease ran out", err);
    if (!st) st = count_outcome(db, &l.worker_id, SAGE_LEASE_EXPIRED, err);
    return st;
}

sage_status sage_sqlite_end(sage_db *db,
                            int64_t now,
                            const sage_id *lease,
                            const sage_hex32 *token,
                            sage_lease_outcome outcome,
                            const char *reason,
                            sage_errinfo *err)
{
    sage_lease l;
    if (outcome != SAGE_LEASE_REJECTED && outcome != SAGE_LEASE_FAILED)
        return sage_fail(err, SAGE_EINVAL, "store.outcome", (long long)outcome,
                         "a worker's lease ends rejected or failed");
    sage_status st = sage_sqlite_lease_checked(db, lease, token, &l, err);
    if (!st && l.outcome == outcome) return SAGE_OK;
    if (!st) st = open_lease(db, now, lease, token, &l, err);
    if (!st) st = close_lease(db, now, &l, outcome, reason, err);
    if (!st) st = count_outcome(db, &l.worker_id, outcome, err);
    return st;
}

static sage_status write_result(
    sage_db *db, int64_t now, const sage_lease *l, const sage_result *r, sage_errinfo *err)
{
    int64_t changed = 0;
    sage_status st =
        sage_db_run(db, &changed, err,
                    "UPDATE job SET state = 'proved', finished_ms = ?1, reason = '',"
                    " lease_id = NULL, lease_until_ms = NULL WHERE id = ?2 AND"
                    " state = 'leased' AND lease_id = ?3 AND lease_until_ms > ?1",
                    "iss", now, l->job_id.text, l->id.text);
    if (!st && changed != 1) return stale(err, "the job is no longer leased so");
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "UPDATE lease SET outcome = 'accepted', ended_ms = ?1,"
                         " stage = 'accepted', permille = 1000"
                         " WHERE id = ?2 AND outcome = 'open'",
                         "is", now, l->id.text);
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "INSERT INTO result (job_id, lease_id, proof_digest, proof_len,"
                         " security_bits, backend, prove_ms, accepted_ms)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                         "sssiisii", l->job_id.text, l->id.text, r->proof_digest.text,
                         r->proof_len, r->security_bits, r->backend, r->prove_ms, now);
    return st;
}

sage_status sage_sqlite_accept(sage_db *db,
                               int64_t now,
                               const sage_id *lease,
                               const sage_hex32 *token,
                               const sage_result *result,
                               sage_receipt *out,
                               sage_errinfo *err)
{
    sage_lease l;
    sage_job job;
    sage_status st = sage_sqlite_lease_checked(db, lease, token, &l, err);
    if (st) return st;
    if (l.outcome == SAGE_LEASE_ACCEPTED) {
        st = sage_sqlite_receipt(db, l.job_id.text, out, err);
        if (!st && !sage_hex32_equal(&out->result.proof_digest, &result->proof_digest))
            return sage_fail(err, SAGE_ECONFLICT, "store.accepted", -1,
                             "another proof was accepted under this lease");
        return st;
    }
    st = open_lease(db, now, lease, token, &l, err);
    if (!st) st = sage_sqlite_job_read(db, l.job_id.text, &job, err);
    if (!st) st = write_result(db, now, &l, result, err);
    if (!st) st = sage_sqlite_book_payout(db, now, &job, &l.worker_id, err);
    if (!st) st = count_outcome(db, &l.worker_id, SAGE_LEASE_ACCEPTED, err);
    if (!st) st = sage_sqlite_receipt(db, l.job_id.text, out, err);
    return st;
}

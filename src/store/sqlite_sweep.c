/* What time does to jobs. First the jobs past their deadline, with their lease if they have
 * one, then the leases that ran out. */
#include <string.h>

#include "store/sqlite.h"

enum { SWEEP_MAX = 256 };

/* Copies up to SWEEP_MAX identifiers, so that no cursor is open while their rows change. */
static sage_status
ids(sage_db *db, const char *sql, int64_t now, sage_id *out, unsigned *n, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    *n             = 0;
    sage_status st = sage_db_query(db, &q, err, sql, "ii", now, (int64_t)SWEEP_MAX);
    if (st) return st;
    while (!(st = sage_db_step(db, q, &row, err)) && row && *n < SWEEP_MAX && !st) {
        st = sage_db_text(q, 0, out[*n].text, sizeof out[*n], err);
        if (st) break;
        ++*n;
    }
    sage_db_done(q);
    return st;
}

static sage_status expire_job(sage_db *db, int64_t now, const char *id, sage_errinfo *err)
{
    sage_job job;
    int64_t changed = 0;
    sage_status st  = sage_sqlite_job_read(db, id, &job, err);
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "UPDATE lease SET outcome = 'expired', ended_ms = ?1,"
                         " reason = 'the job''s deadline passed'"
                         " WHERE job_id = ?2 AND outcome = 'open'",
                         "is", now, id);
    if (!st)
        st = sage_db_run(db, &changed, err,
                         "UPDATE job SET state = 'expired', finished_ms = ?1,"
                         " lease_id = NULL, lease_until_ms = NULL,"
                         " reason = 'the deadline passed'"
                         " WHERE id = ?2 AND state IN ('queued', 'leased')"
                         " AND deadline_ms <= ?1",
                         "is", now, id);
    if (!st && changed != 1)
        return sage_fail(err, SAGE_EINTERNAL, "store.sweep", -1, "job %s cannot expire", id);
    return st ? st : sage_sqlite_book_refund(db, now, &job, err);
}

/* A lease that ran out: back to the queue, or failed. */
static sage_status
expire_lease(sage_db *db, int64_t now, const char *lease, sage_sweep *out, sage_errinfo *err)
{
    sage_lease l;
    sage_job job;
    sage_status st = sage_sqlite_lease_expire(db, now, lease, err);
    if (!st) st = sage_sqlite_lease_read(db, lease, &l, err);
    if (!st) st = sage_sqlite_job_read(db, l.job_id.text, &job, err);
    if (!st && job.state == SAGE_JOB_QUEUED) out->requeued++;
    if (!st && job.state == SAGE_JOB_FAILED) out->failed++;
    return st;
}

sage_status sage_sqlite_sweep(sage_db *db, int64_t now, sage_sweep *out, sage_errinfo *err)
{
    sage_id id[SWEEP_MAX];
    unsigned n;
    memset(out, 0, sizeof *out);
    sage_status st = ids(db,
                         "SELECT id FROM job WHERE finished_ms IS NULL AND deadline_ms <= ?1"
                         " ORDER BY deadline_ms LIMIT ?2",
                         now, id, &n, err);
    for (unsigned i = 0; i < n && !st; i++, out->expired++)
        st = expire_job(db, now, id[i].text, err);
    if (!st)
        st = ids(db,
                 "SELECT lease_id FROM job WHERE state = 'leased' AND lease_until_ms <= ?1"
                 " ORDER BY lease_until_ms LIMIT ?2",
                 now, id, &n, err);
    for (unsigned i = 0; i < n && !st; i++)
        st = expire_lease(db, now, id[i].text, out, err);
    return st;
}

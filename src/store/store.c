#include "store/store.h"

#include <string.h>

#include "store/sqlite.h"

sage_status sage_store_open(
    const char *url, sage_clock_fn clock, void *clock_arg, sage_store **out, sage_errinfo *err)
{
    *out = NULL;
    if (!strncmp(url, "postgres://", 11) || !strncmp(url, "postgresql://", 13))
        return sage_fail(err, SAGE_EUNSUP, "store.postgresql", -1,
                         "PostgreSQL is not built in yet; use sqlite:PATH");
    if (!strncmp(url, "sqlite:", 7))
        url += 7;
    else if (strstr(url, "://"))
        return sage_fail(err, SAGE_EINVAL, "store.url", -1, "unknown scheme in \"%.60s\"", url);
    return sage_sqlite_open(url, clock, clock_arg, out, err);
}

void sage_store_close(sage_store *s)
{
    if (s) s->ops->close(s);
}

sage_status sage_store_now(sage_store *s, int64_t *ms, sage_errinfo *err)
{
    return s->ops->now(s, ms, err);
}

sage_status sage_store_worker_add(sage_store *s, const sage_worker *w, sage_errinfo *err)
{
    return s->ops->worker_add(s, w, err);
}

sage_status sage_store_worker_auth(sage_store *s,
                                   const sage_hex32 *secret_hash,
                                   sage_worker *out,
                                   sage_errinfo *err)
{
    return s->ops->worker_auth(s, secret_hash, out, err);
}

sage_status sage_store_job_add(
    sage_store *s, const sage_job *job, sage_job *out, bool *replayed, sage_errinfo *err)
{
    return s->ops->job_add(s, job, out, replayed, err);
}

sage_status
sage_store_job_get(sage_store *s, const sage_id *id, sage_job *out, sage_errinfo *err)
{
    return s->ops->job_get(s, id, out, err);
}

sage_status
sage_store_job_receipt(sage_store *s, const sage_id *id, sage_receipt *out, sage_errinfo *err)
{
    return s->ops->job_receipt(s, id, out, err);
}

sage_status sage_store_lease_claim(sage_store *s,
                                   const sage_id *worker,
                                   int64_t lease_ms,
                                   sage_hex32 *token,
                                   sage_lease *lease,
                                   sage_job *job,
                                   sage_errinfo *err)
{
    return s->ops->lease_claim(s, worker, lease_ms, token, lease, job, err);
}

sage_status sage_store_lease_get(sage_store *s,
                                 const sage_id *lease,
                                 const sage_hex32 *token,
                                 sage_lease *out,
                                 sage_job *job,
                                 sage_errinfo *err)
{
    return s->ops->lease_get(s, lease, token, out, job, err);
}

sage_status sage_store_lease_extend(sage_store *s,
                                    const sage_id *lease,
                                    const sage_hex32 *token,
                                    int64_t lease_ms,
                                    const char *stage,
                                    int64_t permille,
                                    int64_t *until_ms,
                                    sage_errinfo *err)
{
    return s->ops->lease_extend(s, lease, token, lease_ms, stage, permille, until_ms, err);
}

sage_status sage_store_lease_end(sage_store *s,
                                 const sage_id *lease,
                                 const sage_hex32 *token,
                                 sage_lease_outcome outcome,
                                 const char *reason,
                                 sage_errinfo *err)
{
    return s->ops->lease_end(s, lease, token, outcome, reason, err);
}

sage_status sage_store_lease_accept(sage_store *s,
                                    const sage_id *lease,
                                    const sage_hex32 *token,
                                    const sage_result *result,
                                    sage_receipt *out,
                                    sage_errinfo *err)
{
    return s->ops->lease_accept(s, lease, token, result, out, err);
}

sage_status sage_store_sweep(sage_store *s, sage_sweep *out, sage_errinfo *err)
{
    return s->ops->sweep(s, out, err);
}

sage_status sage_store_audit(sage_store *s, sage_audit *out, sage_errinfo *err)
{
    return s->ops->audit(s, out, err);
}

sage_status sage_store_each_blob(sage_store *s,
                                 void (*fn)(void *arg, const char *digest),
                                 void *arg,
                                 sage_errinfo *err)
{
    return s->ops->each_blob(s, fn, arg, err);
}

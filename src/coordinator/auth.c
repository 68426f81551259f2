#include <string.h>

#include "coordinator/internal.h"

static sage_status denied(sage_errinfo *err, const char *what)
{
    return sage_fail(err, SAGE_EAUTH, "coordinator.auth", -1, "%s", what);
}

sage_status sage_auth_access(sage_request *r, sage_errinfo *err)
{
    sage_hex32 hash;
    if (!r->c->options.access_token) return SAGE_OK;
    if (!r->has_bearer) return denied(err, "an access token is needed");
    sage_secret_hash(&hash, &r->bearer);
    return sage_hex32_equal(&hash, &r->c->access_hash) ? SAGE_OK
                                                       : denied(err, "wrong access token");
}

sage_status sage_auth_worker(sage_request *r, sage_worker *out, sage_errinfo *err)
{
    sage_hex32 hash;
    if (!r->has_bearer) return denied(err, "a worker's secret is needed");
    sage_secret_hash(&hash, &r->bearer);
    return sage_store_worker_auth(r->c->store, &hash, out, err);
}

sage_status sage_auth_job(sage_request *r, sage_job *out, sage_errinfo *err)
{
    sage_hex32 hash;
    if (!r->has_bearer) return denied(err, "the job's secret is needed");
    sage_status st = sage_store_job_get(r->c->store, &r->id, out, err);
    if (st) return st;
    sage_secret_hash(&hash, &r->bearer);
    return sage_hex32_equal(&hash, &out->access_hash) ? SAGE_OK
                                                      : denied(err, "wrong job secret");
}

sage_status sage_auth_lease(sage_request *r,
                            const sage_hex32 *token,
                            sage_lease *lease,
                            sage_job *job,
                            sage_errinfo *err)
{
    sage_worker worker;
    sage_status st = sage_auth_worker(r, &worker, err);
    if (!st) st = sage_store_lease_get(r->c->store, &r->id, token, lease, job, err);
    if (!st && strcmp(lease->worker_id.text, worker.id.text))
        st = denied(err, "the lease is another worker's");
    return st;
}

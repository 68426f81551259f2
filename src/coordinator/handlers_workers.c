/* What workers ask: register, claim, fetch the input, heartbeat, give up, hand in. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "coordinator/accept.h"
#include "coordinator/internal.h"
#include "proto/crash.h"

sage_status sage_handle_worker_add(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_register m;
    sage_registered reply;
    sage_worker w;
    char *text;
    (void)park;
    memset(&w, 0, sizeof w);
    sage_status st = sage_auth_access(r, err);
    if (!st) st = sage_register_parse(&m, r->json, r->json_len, err);
    if (!st) st = sage_id_new(&reply.worker, 'w', err);
    if (!st) st = sage_secret_new(&reply.secret, err);
    if (st) return st;
    w.id = reply.worker;
    memcpy(w.name, m.name, sizeof w.name);
    memcpy(w.backend, m.backend, sizeof w.backend);
    sage_secret_hash(&w.secret_hash, &reply.secret);
    st = sage_store_worker_add(r->c->store, &w, err);
    if (!st) st = sage_registered_print(&reply, &text, err);
    if (st) return st;
    sage_log(SAGE_LOG_INFO, "coordinator.worker", sage_log_text("worker", w.id.text),
             sage_log_text("name", w.name), sage_log_text("backend", w.backend));
    sage_reply_json(r, MHD_HTTP_CREATED, text);
    return SAGE_OK;
}

sage_status sage_handle_worker_self(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_worker w;
    char *text;
    (void)park;
    sage_status st = sage_auth_worker(r, &w, err);
    if (!st) st = sage_worker_print(&w, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

static sage_status grant(sage_request *r,
                         const sage_lease *lease,
                         const sage_job *job,
                         const sage_hex32 *token,
                         sage_errinfo *err)
{
    char *text;
    sage_grant g   = {.lease             = lease->id,
                      .job               = job->id,
                      .token             = *token,
                      .lease_ms          = lease->until_ms - lease->granted_ms,
                      .statement         = job->statement,
                      .input_len         = job->input_len,
                      .input_digest      = job->input_digest,
                      .min_security_bits = r->c->options.min_security_bits};
    sage_status st = sage_grant_print(&g, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

sage_status sage_handle_lease_claim(sage_request *r, bool *park, sage_errinfo *err)
{
    int64_t wait_ms;
    sage_worker w;
    sage_hex32 token;
    sage_lease lease;
    sage_job job;
    sage_status st = sage_auth_worker(r, &w, err);
    if (!st) st = sage_lease_request_parse(&wait_ms, r->json, r->json_len, err);
    if (st) return st;
    if (!r->park_until_ms) r->park_until_ms = sage_clock_mono_ms() + (uint64_t)wait_ms;
    st = sage_store_lease_claim(r->c->store, &w.id, r->c->options.lease_ms, &token, &lease,
                                &job, err);
    if (st == SAGE_ENOTFOUND) {
        *park = sage_clock_mono_ms() < r->park_until_ms;
        sage_reply_none(r, MHD_HTTP_NO_CONTENT);
        return SAGE_OK;
    }
    if (st) return st;
    sage_crash_point("coordinator.lease.commit");
    sage_log(SAGE_LOG_INFO, "coordinator.lease", sage_log_text("job", job.id.text),
             sage_log_text("lease", lease.id.text), sage_log_text("worker", w.id.text),
             sage_log_i64("attempt", lease.attempt));
    return grant(r, &lease, &job, &token, err);
}

static sage_status check_open(sage_request *r, const sage_lease *lease, sage_errinfo *err)
{
    int64_t now;
    sage_status st = sage_store_now(r->c->store, &now, err);
    if (!st && (lease->outcome != SAGE_LEASE_OPEN || lease->until_ms <= now))
        st = sage_fail(err, SAGE_ESTALE, "store.lease", -1, "the lease has ended");
    return st;
}

sage_status sage_handle_lease_input(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_lease lease;
    sage_job job;
    int fd;
    uint64_t len;
    (void)park;
    if (!r->has_token)
        return sage_fail(err, SAGE_EAUTH, "coordinator.auth", -1, "no Sage-Lease-Token header");
    sage_status st = sage_auth_lease(r, &r->token, &lease, &job, err);
    if (!st) st = check_open(r, &lease, err);
    if (!st && !sage_kind_has_input(job.statement.kind))
        st = sage_fail(err, SAGE_ENOTFOUND, "job.input", -1, "this job has no input");
    if (!st) st = sage_blob_fd(&r->c->blobs, &job.input_digest, &fd, &len, err);
    if (!st) sage_reply_file(r, fd, len);
    return st;
}

sage_status sage_handle_lease_heartbeat(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_heartbeat m;
    sage_lease lease;
    sage_job job;
    int64_t until_ms;
    char *text;
    (void)park;
    sage_status st = sage_heartbeat_parse(&m, r->json, r->json_len, err);
    if (!st) st = sage_auth_lease(r, &m.token, &lease, &job, err);
    if (!st)
        st = sage_store_lease_extend(r->c->store, &r->id, &m.token, r->c->options.lease_ms,
                                     m.stage, m.permille, &until_ms, err);
    if (!st) st = sage_extended_print(until_ms, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

static void
log_lease_end(const sage_request *r, const char *event, const sage_job *job, const char *reason)
{
    sage_log(SAGE_LOG_WARN, event, sage_log_text("job", job->id.text),
             sage_log_text("lease", r->id.text), sage_log_text("reason", reason));
}

sage_status sage_handle_lease_fail(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_fail_report m;
    sage_lease lease;
    sage_job job;
    (void)park;
    sage_status st = sage_fail_report_parse(&m, r->json, r->json_len, err);
    if (!st) st = sage_auth_lease(r, &m.token, &lease, &job, err);
    if (!st)
        st = sage_store_lease_end(r->c->store, &r->id, &m.token, SAGE_LEASE_FAILED, m.reason,
                                  err);
    if (st) return st;
    log_lease_end(r, "coordinator.lease.failed", &job, m.reason);
    sage_wake_parked(r->c);
    sage_reply_none(r, MHD_HTTP_NO_CONTENT);
    return SAGE_OK;
}

/* Whether the uploaded bytes are a proof of the job's statement at the required strength. */
static sage_status
verify_upload(sage_request *r, const sage_job *job, uint32_t *security_bits, sage_errinfo *err)
{
    const sage_coordinator_options *o = &r->c->options;
    sage_blob proof;
    sage_status st = sage_blob_peek(&r->upload, &proof, err);
    if (st) return st;
    st = sage_accept_proof(o->checker, proof.bytes, proof.len, o->min_security_bits,
                           &job->statement, security_bits, err);
    sage_blob_unmap(&proof);
    return st;
}

/* A false proof ends its lease: the job goes to another worker, or fails. */
static sage_status
reject(sage_request *r, const sage_job *job, const sage_hex32 *token, sage_errinfo *err)
{
    char reason[SAGE_REASON_CAP];
    sage_errinfo why = *err;
    snprintf(reason, sizeof reason, "%.60s: %.170s", why.where ? why.where : "", why.msg);
    sage_status st =
        sage_store_lease_end(r->c->store, &r->id, token, SAGE_LEASE_REJECTED, reason, err);
    if (st) return st;
    log_lease_end(r, "coordinator.result.rejected", job, reason);
    sage_wake_parked(r->c);
    *err = why;
    return why.code;
}

/* The refusals that speak of the proof, not of this machine's state. */
static bool is_false(sage_status st)
{
    return st == SAGE_EPROOF || st == SAGE_EFORMAT || st == SAGE_ELIMIT || st == SAGE_EINVAL ||
           st == SAGE_EUNSUP;
}

static sage_status accept_result(sage_request *r,
                                 const sage_result_meta *m,
                                 uint32_t security_bits,
                                 bool again,
                                 sage_errinfo *err)
{
    sage_receipt receipt;
    char *text;
    sage_result result = {.proof_digest  = m->proof_digest,
                          .proof_len     = (int64_t)r->upload.len,
                          .security_bits = security_bits,
                          .prove_ms      = m->prove_ms};
    memcpy(result.backend, m->backend, sizeof result.backend);
    sage_status st =
        sage_store_lease_accept(r->c->store, &r->id, &m->token, &result, &receipt, err);
    if (st) return st;
    sage_crash_point("coordinator.result.commit");
    sage_log(SAGE_LOG_INFO, again ? "coordinator.paid.before" : "coordinator.paid",
             sage_log_text("job", receipt.job.id.text),
             sage_log_text("worker", receipt.job.worker.text),
             sage_log_text("proof", receipt.result.proof_digest.text),
             sage_log_i64("security_bits", receipt.result.security_bits),
             sage_log_text("backend", receipt.result.backend));
    st = sage_receipt_print(&receipt, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

/* A body that is not what its message announces was damaged on the way: the worker sends it
 * again under the same lease. */
static sage_status check_digest(sage_request *r, const sage_result_meta *m, sage_errinfo *err)
{
    sage_hex32 digest;
    sage_blob_digest(&r->upload, &digest);
    if (sage_hex32_equal(&digest, &m->proof_digest)) return SAGE_OK;
    return sage_fail(err, SAGE_EFORMAT, "result.digest", -1,
                     "the bytes are not those that were announced");
}

sage_status sage_handle_lease_result(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_result_meta m;
    sage_lease lease;
    sage_job job;
    sage_hex32 digest;
    uint64_t len;
    uint32_t security_bits;
    (void)park;
    if (!r->has_meta)
        return sage_fail(err, SAGE_EFORMAT, "result.message", -1, "no Sage-Result header");
    sage_status st = sage_result_meta_parse(&m, r->meta, strlen(r->meta), err);
    if (!st) st = sage_auth_lease(r, &m.token, &lease, &job, err);
    if (st) return st;
    /* Accepted before: the store compares digests and answers with the same receipt. */
    if (lease.outcome == SAGE_LEASE_ACCEPTED) return accept_result(r, &m, 0, true, err);
    st = check_open(r, &lease, err);
    if (st) return st;
    sage_crash_point("coordinator.result.received");
    st = check_digest(r, &m, err);
    if (st) return st;
    st = verify_upload(r, &job, &security_bits, err);
    if (is_false(st)) return reject(r, &job, &m.token, err);
    if (!st) st = sage_blob_finish(&r->upload, &digest, &len, err);
    if (st) return st;
    sage_crash_point("coordinator.result.verified");
    return accept_result(r, &m, security_bits, false, err);
}

#include "worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/log.h"
#include "proto/coordinator_client.h"
#include "proto/crash.h"
#include "proto/folder.h"
#include "worker/child.h"
#include "worker/keepalive.h"

enum { CLAIM_WAIT_MS = 20000, POLL_MS = 100, SUBMIT_TIMEOUT_MS = 120000 };

typedef struct worker {
    const sage_worker_options *o;
    sage_http *http;
    sage_spool spool;
    sage_identity identity;
    uint32_t security_bits; /* of the proofs that our parameters make */
    uint32_t n_failed;      /* jobs given up since one was paid */
    int lock_fd;
} worker;

void sage_worker_defaults(sage_worker_options *o)
{
    *o = (sage_worker_options){.backend = "auto", .max_input_bytes = 64 << 20};
}

static bool stopping(void *arg)
{
    return atomic_load(((worker *)arg)->o->stop) != 0;
}
static bool stopping_now(void *arg)
{
    return atomic_load(((worker *)arg)->o->stop) > 1;
}

/* Failures that say nothing about the request: the same may succeed later. */
static bool is_passing(sage_status st)
{
    return st == SAGE_EAGAIN || st == SAGE_EIO || st == SAGE_ENOMEM || st == SAGE_EINTERNAL;
}

static sage_status post_json(worker *w,
                             const char *path,
                             const char *bearer,
                             char *body,
                             long timeout_ms,
                             sage_http_response *out,
                             sage_errinfo *err)
{
    sage_http_request request = {.method        = "POST",
                                 .path          = path,
                                 .bearer        = bearer,
                                 .content_type  = "application/json",
                                 .body          = body,
                                 .body_len      = strlen(body),
                                 .timeout_ms    = timeout_ms,
                                 .cancelled     = stopping,
                                 .cancelled_arg = w};
    sage_status st            = sage_coordinator_call(w->http, &request, out, err);
    free(body);
    return st;
}

static sage_status try_register(worker *w, sage_errinfo *err)
{
    char *body;
    sage_register m;
    sage_registered answer;
    sage_http_response response;
    char host[SAGE_NAME_CAP] = "";
    if (gethostname(host, sizeof host - 1)) host[0] = 0;
    memset(&m, 0, sizeof m);
    snprintf(m.name, sizeof m.name, "%s", w->o->name ? w->o->name : host[0] ? host : "worker");
    bool automatic = !w->o->backend || !strcmp(w->o->backend, "auto");
    snprintf(m.backend, sizeof m.backend, "%s",
             automatic ? sage_backend_default() : w->o->backend);
    sage_status st = sage_register_print(&m, &body, err);
    if (!st) st = post_json(w, "/v1/workers", w->o->access_token, body, 0, &response, err);
    if (st) return st;
    st = sage_registered_parse(&answer, response.body, response.len, err);
    free(response.body);
    if (st) return st;
    w->identity = (sage_identity){answer.worker, answer.secret};
    st          = sage_identity_save(&w->identity, w->o->data_dir, err);
    if (!st)
        sage_log(SAGE_LOG_INFO, "worker.registered",
                 sage_log_text("worker", w->identity.worker.text));
    return st;
}

static sage_status register_worker(worker *w, sage_errinfo *err)
{
    sage_backoff backoff = {0};
    sage_status st;
    while (is_passing(st = try_register(w, err)) && !stopping(w)) {
        sage_log_error(SAGE_LOG_WARN, "worker.register", err);
        sage_backoff_sleep(&backoff, w->o->stop);
    }
    return st;
}

/* The identity on disk, or a new one. */
static sage_status identify(worker *w, sage_errinfo *err)
{
    sage_status st = sage_identity_load(&w->identity, w->o->data_dir, err);
    if (st == SAGE_ENOTFOUND) st = register_worker(w, err);
    if (!st)
        sage_log(SAGE_LOG_INFO, "worker.identity",
                 sage_log_text("worker", w->identity.worker.text));
    return st;
}

static sage_status claim(worker *w, sage_grant *g, bool *found, sage_errinfo *err)
{
    char *body;
    sage_http_response response;
    *found = false;
    if (asprintf(&body, "{\"wait_ms\":%d}", CLAIM_WAIT_MS) < 0)
        return sage_fail(err, SAGE_ENOMEM, "worker.claim", -1, "no memory");
    sage_status st = post_json(w, "/v1/leases", w->identity.secret.text, body,
                               CLAIM_WAIT_MS + 10000, &response, err);
    if (st) return st;
    if (response.status != 204) {
        st     = sage_grant_parse(g, response.body, response.len, err);
        *found = !st;
    }
    free(response.body);
    return st;
}

static sage_status fetch_input(worker *w, const sage_grant *g, sage_errinfo *err)
{
    char path[80];
    sage_hex32 digest;
    sage_http_response response;
    if (!sage_kind_has_input(g->statement.kind) ||
        sage_spool_has(&w->spool, &g->job, "input.bin"))
        return SAGE_OK;
    if ((uint64_t)g->input_len > w->o->max_input_bytes)
        return sage_fail(err, SAGE_ELIMIT, "worker.input", g->input_len,
                         "the input is longer than %" PRIu64 " bytes", w->o->max_input_bytes);
    snprintf(path, sizeof path, "/v1/leases/%s/input", g->lease.text);
    sage_http_request request = {.method        = "GET",
                                 .path          = path,
                                 .bearer        = w->identity.secret.text,
                                 .headers       = {{"Sage-Lease-Token", g->token.text}},
                                 .timeout_ms    = SUBMIT_TIMEOUT_MS,
                                 .max_response  = (size_t)g->input_len,
                                 .cancelled     = stopping_now,
                                 .cancelled_arg = w};
    sage_status st            = sage_coordinator_call(w->http, &request, &response, err);
    if (st) return st;
    sage_digest_bytes(&digest, response.body, response.len);
    if (!sage_hex32_equal(&digest, &g->input_digest))
        st = sage_fail(err, SAGE_EAGAIN, "worker.input", -1, "the input arrived damaged");
    if (!st)
        st = sage_spool_put(&w->spool, &g->job, "input.bin", response.body, response.len, err);
    free(response.body);
    if (!st) sage_crash_point("worker.input.fetched");
    return st;
}

/* Again while it is the network that fails and the lease lasts; our own disk's failure is not
 * waited for. */
static sage_status
fetch_with_patience(worker *w, const sage_grant *g, sage_keepalive *k, sage_errinfo *err)
{
    sage_backoff backoff = {0};
    sage_status st;
    while (is_passing(st = fetch_input(w, g, err)) && !sage_keepalive_lost(k) &&
           !stopping_now(w)) {
        if (strncmp(err->where, "http.", 5) && strcmp(err->where, "worker.input")) break;
        sage_log_error(SAGE_LOG_WARN, "worker.input", err);
        sage_backoff_sleep(&backoff, w->o->stop);
    }
    return st;
}

static void on_progress(void *arg, const char *stage, int64_t permille)
{
    sage_keepalive_progress(arg, stage, permille);
    sage_log(SAGE_LOG_DEBUG, "worker.progress", sage_log_text("stage", stage),
             sage_log_i64("permille", permille));
}

static sage_status lease_lost(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ESTALE, "worker.lease", -1, "the lease is over");
}

static sage_status interrupted(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ECONFLICT, "worker.stopped", -1, "told to stop");
}

/* Runs the child to its end; kills it when its proof is no longer wanted. */
static sage_status prove(worker *w, const sage_grant *g, sage_keepalive *k, sage_errinfo *err)
{
    sage_child child;
    sage_status result = SAGE_OK;
    char *dir          = sage_spool_path(&w->spool, &g->job, NULL);
    if (!dir) return sage_fail(err, SAGE_ENOMEM, "worker.prove", -1, "no memory");
    sage_status st = sage_child_start(&child, dir, w->o, err);
    free(dir);
    if (st) return st;
    sage_crash_point("worker.prove.started");
    while (!sage_child_poll(&child, POLL_MS, on_progress, k, &result, err)) {
        if (!sage_keepalive_lost(k) && !stopping_now(w)) continue;
        sage_child_kill(&child);
        return stopping_now(w) ? interrupted(err) : lease_lost(err);
    }
    if (!result) sage_crash_point("worker.proof.spooled");
    return result;
}

typedef struct made {
    uint8_t *proof;
    size_t len;
    sage_result_meta meta;
} made;

/* The proof in the spool and what its maker noted about it. */
static sage_status load_proof(worker *w, const sage_grant *g, made *m, sage_errinfo *err)
{
    uint8_t *text;
    size_t len;
    sage_status st = sage_spool_get(&w->spool, &g->job, "made", 256, &text, &len, err);
    if (st) return st;
    char line[257] = "", backend[SAGE_NAME_CAP] = "";
    memcpy(line, text, len);
    free(text);
    memset(m, 0, sizeof *m);
    if (sscanf(line, "%60s %" SCNd64, backend, &m->meta.prove_ms) != 2 || m->meta.prove_ms < 0)
        return sage_fail(err, SAGE_EFORMAT, "worker.made", -1,
                         "the note of the proof is damaged");
    memcpy(m->meta.backend, backend, sizeof backend);
    m->meta.token = g->token;
    st = sage_spool_get(&w->spool, &g->job, "proof.bin", SAGE_SPOOL_MAX_PROOF, &m->proof,
                        &m->len, err);
    if (!st) sage_digest_bytes(&m->meta.proof_digest, m->proof, m->len);
    return st;
}

/* The worker's own check, before anybody else's: strength and statement. */
static sage_status check_proof(const sage_grant *g, const made *m, sage_errinfo *err)
{
    sage_verify_result v;
    sage_status st = sage_verify(m->proof, m->len, (uint32_t)g->min_security_bits, &v, err);
    if (!st && !sage_statement_equal(&v.statement, &g->statement))
        st = sage_fail(err, SAGE_EPROOF, "worker.statement", -1,
                       "our proof is of another statement");
    sage_verify_result_free(&v);
    return st;
}

static sage_status
try_submit(worker *w, const sage_grant *g, const made *m, sage_receipt *out, sage_errinfo *err)
{
    char path[80], *meta;
    sage_http_response response;
    sage_status st = sage_result_meta_print(&m->meta, &meta, err);
    if (st) return st;
    snprintf(path, sizeof path, "/v1/leases/%s/result", g->lease.text);
    sage_http_request request = {.method        = "POST",
                                 .path          = path,
                                 .bearer        = w->identity.secret.text,
                                 .content_type  = "application/octet-stream",
                                 .body          = m->proof,
                                 .body_len      = m->len,
                                 .headers       = {{"Sage-Result", meta}},
                                 .timeout_ms    = SUBMIT_TIMEOUT_MS,
                                 .cancelled     = stopping_now,
                                 .cancelled_arg = w};
    st                        = sage_coordinator_call(w->http, &request, &response, err);
    free(meta);
    if (st) return st;
    st = sage_receipt_parse(out, response.body, response.len, err);
    free(response.body);
    return st;
}

/* Until there is an answer that settles it: the lease's end bounds the tries. */
static sage_status
submit(worker *w, const sage_grant *g, const made *m, sage_receipt *out, sage_errinfo *err)
{
    sage_backoff backoff = {0};
    sage_status st;
    while (is_passing(st = try_submit(w, g, m, out, err)) && !stopping_now(w)) {
        sage_log_error(SAGE_LOG_WARN, "worker.submit", err);
        sage_backoff_sleep(&backoff, w->o->stop);
    }
    return st;
}

static void log_paid(const sage_receipt *r)
{
    char amount[SAGE_AMOUNT_TEXT] = "0";
    for (uint32_t i = 0; r->n_txs == 2 && i < r->txs[1].n_entries; i++)
        if (!strncmp(r->txs[1].entries[i].account, "worker:", 7))
            sage_amount_format_sage(amount, &r->txs[1].entries[i].amount);
    sage_log(SAGE_LOG_INFO, "worker.paid", sage_log_text("job", r->job.id.text),
             sage_log_text("sage", amount), sage_log_text("backend", r->result.backend),
             sage_log_i64("prove_ms", r->result.prove_ms),
             sage_log_text("proof", r->result.proof_digest.text));
}

/* From a lease to a receipt; on SAGE_OK the job is paid. */
static sage_status work(worker *w, const sage_grant *g, sage_keepalive *k, sage_errinfo *err)
{
    made m = {0};
    sage_receipt receipt;
    if (w->security_bits < g->min_security_bits)
        return sage_fail(err, SAGE_EUNSUP, "worker.params", w->security_bits,
                         "our parameters give %" PRIu32 " bits, the job needs %" PRId64,
                         w->security_bits, g->min_security_bits);
    sage_status st = fetch_with_patience(w, g, k, err);
    if (!st && !sage_spool_has(&w->spool, &g->job, "proof.bin")) st = prove(w, g, k, err);
    if (!st) st = load_proof(w, g, &m, err);
    if (!st) st = check_proof(g, &m, err);
    if (!st) {
        sage_crash_point("worker.proof.verified");
        st = submit(w, g, &m, &receipt, err);
    }
    free(m.proof);
    if (!st) {
        sage_crash_point("worker.result.answered");
        log_paid(&receipt);
    }
    return st;
}

/* Tells the coordinator that we give the job up, so that nobody waits for the lease's end. */
static void give_up(worker *w, const sage_grant *g, const sage_errinfo *why)
{
    char path[80], *body;
    sage_errinfo err;
    sage_http_response response;
    sage_fail_report m = {.token = g->token};
    snprintf(m.reason, sizeof m.reason, "%s %.60s: %.150s", sage_status_name(why->code),
             why->where, why->msg);
    for (char *c = m.reason; *c; c++)
        if (*c < 0x20 || *c > 0x7e) *c = '?';
    snprintf(path, sizeof path, "/v1/leases/%s/fail", g->lease.text);
    sage_status st = sage_fail_report_print(&m, &body, &err);
    if (!st) st = post_json(w, path, w->identity.secret.text, body, 0, &response, &err);
    if (st)
        sage_log_error(SAGE_LOG_WARN, "worker.give_up", &err);
    else
        free(response.body);
}

/* One lease to its end, whatever that is, and the spool after it. */
static void handle(worker *w, const sage_grant *g)
{
    sage_keepalive k;
    sage_errinfo err = {0};
    sage_status st   = sage_keepalive_start(&k, w->o->coordinator, &w->identity, g, &err);
    if (!st) {
        st = work(w, g, &k, &err);
        sage_keepalive_stop(&k);
    }
    if (st) sage_log_error(SAGE_LOG_ERROR, "worker.job", &err);
    if (st && stopping_now(w)) return; /* all is on disk for the next start */
    if (st == SAGE_ESTALE || st == SAGE_ENOTFOUND || st == SAGE_EAUTH) {
        /* The lease is over: a finished proof waits for another lease of the same job. */
        sage_spool_drop(&w->spool, &g->job, "grant.json");
        if (!sage_spool_has(&w->spool, &g->job, "proof.bin"))
            sage_spool_remove(&w->spool, &g->job);
        return;
    }
    w->n_failed = st ? w->n_failed + 1 : 0;
    if (st) give_up(w, g, &err);
    sage_spool_remove(&w->spool, &g->job);
}

static void log_grant(const sage_grant *g, const char *event)
{
    sage_log(SAGE_LOG_INFO, event, sage_log_text("job", g->job.text),
             sage_log_text("lease", g->lease.text),
             sage_log_text("kind", sage_statement_name(g->statement.kind)),
             sage_log_i64("input_len", g->input_len));
}

/* One claim; SAGE_OK whether or not there was work. */
static sage_status take_job(worker *w, bool *done, sage_errinfo *err)
{
    sage_grant g;
    bool found;
    *done          = false;
    sage_status st = claim(w, &g, &found, err);
    if (st || !found) return st;
    sage_crash_point("worker.lease.received");
    log_grant(&g, "worker.lease");
    st = sage_spool_put_grant(&w->spool, &g, err);
    if (st) {
        give_up(w, &g, err);
        return st;
    }
    sage_crash_point("worker.lease.spooled");
    handle(w, &g);
    *done = true;
    return SAGE_OK;
}

/* A coordinator that does not know us lost its data, or is another one: register there. */
static sage_status recover_auth(worker *w, bool *tried, sage_errinfo *err)
{
    if (*tried) return SAGE_EAUTH;
    *tried = true;
    sage_log_error(SAGE_LOG_WARN, "worker.unknown", err);
    return register_worker(w, err);
}

/* A worker that fails must not take job after job: each failure in a row doubles the pause
 * before the next claim. */
static void cool_down(worker *w, bool had_job)
{
    sage_backoff pause = {.tries = w->n_failed};
    if (!had_job || !w->n_failed) return;
    sage_log(SAGE_LOG_WARN, "worker.cooldown", sage_log_u64("failed_in_a_row", w->n_failed));
    sage_backoff_sleep(&pause, w->o->stop);
}

static sage_status loop(worker *w, sage_errinfo *err)
{
    sage_backoff backoff = {0};
    bool done = false, registered = false;
    sage_grant g;
    while (!stopping(w) && sage_spool_next(&w->spool, &g)) {
        log_grant(&g, "worker.resume");
        handle(w, &g);
    }
    while (!stopping(w) && !(done && w->o->once)) {
        sage_status st = take_job(w, &done, err);
        if (!st) {
            backoff.tries = 0;
            cool_down(w, done);
            continue;
        }
        if (stopping(w)) break;
        if (st == SAGE_EAUTH)
            st = recover_auth(w, &registered, err);
        else if (is_passing(st) || st == SAGE_EFORMAT) {
            sage_log_error(SAGE_LOG_WARN, "worker.claim", err);
            sage_backoff_sleep(&backoff, w->o->stop);
            continue;
        }
        if (st) return st;
    }
    return SAGE_OK;
}

static sage_status lock_dir(worker *w, sage_errinfo *err)
{
    char *path;
    sage_status st = sage_folder_make(w->o->data_dir, err);
    if (st) return st;
    if (asprintf(&path, "%s/lock", w->o->data_dir) < 0)
        return sage_fail(err, SAGE_ENOMEM, "worker.open", -1, "no memory");
    w->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    if (w->lock_fd < 0)
        return sage_fail(err, SAGE_EIO, "worker.open", errno, "cannot lock %s", w->o->data_dir);
    if (flock(w->lock_fd, LOCK_EX | LOCK_NB))
        return sage_fail(err, SAGE_ECONFLICT, "worker.running", -1, "another worker uses %s",
                         w->o->data_dir);
    return SAGE_OK;
}

/* Fails at the start, not at the first job, if the backend is not there. */
static sage_status check_backend(worker *w, sage_errinfo *err)
{
    const sage_worker_options *o = w->o;
    sage_statement s;
    sage_prove_cost cost;
    sage_prove_options p = {.backend = o->backend, .threads = o->threads, .params = o->params};
    sage_status st       = sage_statement_wide_fibonacci(&s, 8, 6, err);
    if (!st) st = sage_prove_plan(&s, &p, &cost, err);
    w->security_bits = st ? 0 : cost.security_bits;
    if (!st)
        sage_log(SAGE_LOG_INFO, "worker.backend", sage_log_text("asked", o->backend),
                 sage_log_text("default", sage_backend_default()),
                 sage_log_u64("security_bits", cost.security_bits));
    return st;
}

sage_status sage_worker_run(const sage_worker_options *o, sage_errinfo *err)
{
    worker w       = {.o = o, .lock_fd = -1};
    sage_status st = check_backend(&w, err);
    if (!st) st = lock_dir(&w, err);
    if (!st) st = sage_spool_open(&w.spool, o->data_dir, err);
    if (!st) st = sage_http_open(&w.http, o->coordinator, err);
    if (!st) st = identify(&w, err);
    if (!st) st = loop(&w, err);
    if (st && atomic_load(o->stop)) st = SAGE_OK; /* told to stop while it waited */
    sage_http_close(w.http);
    sage_spool_close(&w.spool);
    if (w.lock_fd >= 0) close(w.lock_fd);
    return st;
}

/* What clients ask: submit, status, proof, receipt. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "coordinator/internal.h"
#include "proto/cairo_job.h"
#include "proto/crash.h"
#include "vm/prover_input.h"

sage_status sage_handle_health(sage_request *r, bool *park, sage_errinfo *err)
{
    char *text;
    (void)park;
    const sage_coordinator_options *o = &r->c->options;
    sage_status st                    = sage_health_print(
                           o->min_security_bits, o->min_security_bits < SAGE_DEFAULT_SECURITY_BITS, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

/* The end of a poseidon2 chain is computed here, at some 0.4 us a permutation: a stranger's job
 * may cost us half a second before it is accepted, not more. */
enum { MAX_LOG_INSTANCES = 20 };

static sage_status
check_cost(const sage_cairo_limits *l, const sage_prove_cost *c, sage_errinfo *err)
{
    if (c->log_rows > l->max_log_rows)
        return sage_fail(err, SAGE_ELIMIT, "submit.rows", c->log_rows,
                         "2^%u rows, this coordinator takes up to 2^%u", c->log_rows,
                         l->max_log_rows);
    if (c->bytes > l->max_bytes)
        return sage_fail(err, SAGE_ELIMIT, "submit.memory", -1,
                         "the proof needs %llu bytes, this coordinator takes up to %llu",
                         (unsigned long long)c->bytes, (unsigned long long)l->max_bytes);
    return SAGE_OK;
}

/* The program is run here: that says what it costs to prove, and what the proof must claim, so
 * that a proof of another program, or of a run that put out something else, is not paid. */
static sage_status cairo_statement(const sage_coordinator_options *o,
                                   const sage_submit *m,
                                   const sage_blob *input,
                                   sage_statement *out,
                                   sage_errinfo *err)
{
    sage_cairo_task t;
    sage_cairo_cost cost;
    const sage_prove_options p = {.threads = 1};
    sage_status st             = sage_cairo_job_open(&t, input->bytes, input->len, err);
    if (st) return st;
    if (sage_prover_input_is(t.program, t.program_len))
        return sage_fail(err, SAGE_EINVAL, "submit.program", -1,
                         "a job is a program that can be run, not a run that is over");
    t.hash      = m->hash;
    t.max_steps = o->cairo.max_steps;
    t.max_cells = o->cairo.max_cells;
    t.max_ms    = o->cairo.max_ms;
    t.cache_dir = o->data_dir; /* trees are the workers': none is made here */
    st          = o->checker->cairo(&t, &p, &cost, err);
    if (!st) st = check_cost(&o->cairo, &cost.prove, err);
    if (!st) *out = cost.statement;
    return st;
}

/* Makes the statement that a proof must have, from what was submitted. */
static sage_status
make_statement(sage_request *r, const sage_submit *m, sage_statement *out, sage_errinfo *err)
{
    const sage_checker *k = r->c->options.checker;
    if (m->kind == SAGE_STATEMENT_WIDE_FIBONACCI)
        return k->wide_fibonacci(out, (uint32_t)m->columns, (uint32_t)m->log_rows, err);
    if (m->kind == SAGE_STATEMENT_POSEIDON2 && m->log_instances > MAX_LOG_INSTANCES)
        return sage_fail(err, SAGE_ELIMIT, "submit.log_instances", m->log_instances,
                         "2^%lld permutations, this coordinator takes up to 2^%d",
                         (long long)m->log_instances, MAX_LOG_INSTANCES);
    if (m->kind == SAGE_STATEMENT_POSEIDON2)
        return k->poseidon2(out, (uint32_t)m->log_instances, m->start, err);
    sage_blob bytes;
    sage_status st = sage_blob_peek(&r->upload, &bytes, err);
    if (!st)
        st = m->kind == SAGE_STATEMENT_CAIRO
                 ? cairo_statement(&r->c->options, m, &bytes, out, err)
                 : k->file_digest(out, bytes.bytes, bytes.len, err);
    sage_blob_unmap(&bytes);
    return st;
}

/* The digest of all that was asked for, so that the same secret cannot mean two jobs. */
static sage_status request_digest(const sage_submit *m, sage_job *job, sage_errinfo *err)
{
    char *text;
    sage_status st = sage_submit_print(m, &text, err);
    if (st) return st;
    sage_blake2s hash;
    uint8_t raw[32];
    sage_blake2s_init(&hash);
    sage_blake2s_update(&hash, job->input_digest.text, SAGE_HEX32_LEN);
    sage_blake2s_update(&hash, text, strlen(text));
    sage_blake2s_final(&hash, raw);
    sage_digest_bytes(&job->request_digest, raw, sizeof raw);
    free(text);
    return SAGE_OK;
}

static sage_status read_submit(sage_request *r, sage_submit *m, sage_errinfo *err)
{
    if (r->binary && !r->has_meta)
        return sage_fail(err, SAGE_EFORMAT, "submit.message", -1, "no Sage-Job header");
    sage_status st = r->binary ? sage_submit_parse(m, r->meta, strlen(r->meta), err)
                               : sage_submit_parse(m, r->json, r->json_len, err);
    if (st) return st;
    if (r->binary != sage_kind_has_input(m->kind))
        return sage_fail(err, SAGE_EINVAL, "submit.input", -1,
                         r->binary ? "this kind of statement takes no input"
                                   : "this kind needs its input as application/octet-stream");
    return SAGE_OK;
}

static sage_status store_input(sage_request *r, sage_job *job, sage_errinfo *err)
{
    uint64_t len = 0;
    if (!r->binary) {
        sage_digest_bytes(&job->input_digest, "", 0);
        return SAGE_OK;
    }
    sage_status st = sage_blob_finish(&r->upload, &job->input_digest, &len, err);
    job->input_len = (int64_t)len;
    return st;
}

sage_status sage_handle_job_submit(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_submit m;
    sage_job job = {.client = "local"}, out;
    bool replayed;
    char *text;
    int64_t now;
    (void)park;
    sage_status st = sage_auth_access(r, err);
    if (!st) st = read_submit(r, &m, err);
    if (!st && !r->has_secret) st = sage_secret_new(&r->secret, err);
    if (!st) st = make_statement(r, &m, &job.statement, err);
    if (!st) st = store_input(r, &job, err);
    if (!st) st = request_digest(&m, &job, err);
    if (!st) st = sage_id_new(&job.id, 'j', err);
    if (!st) st = sage_store_now(r->c->store, &now, err);
    if (st) return st;
    sage_crash_point("coordinator.submit.blob");
    sage_secret_hash(&job.access_hash, &r->secret);
    job.price        = m.price;
    job.max_attempts = m.max_attempts;
    job.deadline_ms  = now + 1000 * m.deadline_s;
    st               = sage_store_job_add(r->c->store, &job, &out, &replayed, err);
    if (st) return st;
    sage_crash_point("coordinator.submit.commit");
    sage_log(SAGE_LOG_INFO, "coordinator.job", sage_log_text("job", out.id.text),
             sage_log_text("kind", sage_statement_name(out.statement.kind)),
             sage_log_i64("input_len", out.input_len), sage_log_u64("replayed", replayed));
    sage_wake_parked(r->c);
    st = sage_job_print(&out, &r->secret, &text, err);
    if (!st) sage_reply_json(r, replayed ? MHD_HTTP_OK : MHD_HTTP_CREATED, text);
    return st;
}

sage_status sage_handle_job_status(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_job job;
    char *text;
    (void)park;
    sage_status st = sage_auth_job(r, &job, err);
    if (!st) st = sage_job_print(&job, NULL, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

sage_status sage_handle_job_receipt(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_job job;
    sage_receipt receipt;
    char *text;
    (void)park;
    sage_status st = sage_auth_job(r, &job, err);
    if (!st) st = sage_store_job_receipt(r->c->store, &r->id, &receipt, err);
    if (!st) st = sage_receipt_print(&receipt, &text, err);
    if (!st) sage_reply_json(r, MHD_HTTP_OK, text);
    return st;
}

sage_status sage_handle_job_proof(sage_request *r, bool *park, sage_errinfo *err)
{
    sage_job job;
    sage_receipt receipt;
    int fd;
    uint64_t len;
    (void)park;
    sage_status st = sage_auth_job(r, &job, err);
    if (!st) st = sage_store_job_receipt(r->c->store, &r->id, &receipt, err);
    if (!st && !receipt.paid)
        return sage_fail(err, SAGE_ECONFLICT, "job.unproved", -1, "the job is %s",
                         sage_job_state_name(job.state));
    if (!st) st = sage_blob_fd(&r->c->blobs, &receipt.result.proof_digest, &fd, &len, err);
    if (!st) sage_reply_file(r, fd, len);
    return st;
}

/* sage submit, status, result, receipt: the client of a coordinator. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/cairo_source.h"
#include "app/client_state.h"
#include "app/commands.h"
#include "app/prover_params.h"
#include "app/secret_file.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/progress.h"
#include "proto/cairo_job.h"
#include "proto/coordinator_client.h"
#include "proto/messages.h"

#define DEFAULT_COORDINATOR "http://127.0.0.1:8080"

enum { TRIES = 5, POLL_MS = 250, MAX_PROOF = 64 << 20, TRANSFER_MS = 300000 };

static struct {
    request request;
    sage_amount price;
    const char *coordinator, *output, *token_file;
    uint64_t deadline_s, attempts, bits;
    bool wait, json;
} arg = {.bits = SAGE_DEFAULT_SECURITY_BITS};

#define COORDINATOR_OPTION                                                                     \
    {                                                                                          \
        "coordinator", 'c', SAGE_CLI_TEXT, "URL",                                              \
            "default: the job's own, $BITSAGE_COORDINATOR_URL, " DEFAULT_COORDINATOR, false,   \
            0, 0,                                                                              \
        {                                                                                      \
            .text = &arg.coordinator                                                           \
        }                                                                                      \
    }
#define JSON_OPTION                                                                            \
    {                                                                                          \
        "json", 'j', SAGE_CLI_FLAG, NULL, "one JSON object, for programs", false, 0, 0,        \
        {                                                                                      \
            .flag = &arg.json                                                                  \
        }                                                                                      \
    }
#define BITS_OPTION                                                                            \
    {                                                                                          \
        "security-bits", 's', SAGE_CLI_NUMBER, "N", "refuse proofs of less (default 96)",      \
            false, 0, 1000,                                                                    \
        {                                                                                      \
            .number = &arg.bits                                                                \
        }                                                                                      \
    }

static const sage_cli_option submit_options[] = {
    REQUEST_OPTIONS(arg.request),
    COORDINATOR_OPTION,
    {"price",
     'p',
     SAGE_CLI_AMOUNT,
     "SAGE",
     "what the proof is worth",
     true,
     0,
     0,
     {.amount = &arg.price}},
    {"deadline",
     'd',
     SAGE_CLI_NUMBER,
     "SECONDS",
     "refunded if not proved by then (default 3600)",
     false,
     1,
     SAGE_MAX_DEADLINE_S,
     {.number = &arg.deadline_s}},
    {"attempts",
     0,
     SAGE_CLI_NUMBER,
     "N",
     "leases before the job fails (default 5)",
     false,
     1,
     SAGE_MAX_ATTEMPTS,
     {.number = &arg.attempts}},
    {"access-token-file",
     0,
     SAGE_CLI_TEXT,
     "FILE",
     "what the coordinator asks for to submit",
     false,
     0,
     0,
     {.text = &arg.token_file}},
    {"wait",
     'w',
     SAGE_CLI_FLAG,
     NULL,
     "show progress until the job ends",
     false,
     0,
     0,
     {.flag = &arg.wait}},
    JSON_OPTION,
};
static const sage_cli_option status_options[] = {COORDINATOR_OPTION, JSON_OPTION};
static const sage_cli_option result_options[] = {
    COORDINATOR_OPTION,
    BITS_OPTION,
    {"output",
     'o',
     SAGE_CLI_TEXT,
     "FILE",
     "where the proof goes",
     true,
     0,
     0,
     {.text = &arg.output}},
};

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Repeats a request while no answer arrives: every request here may be repeated, a
 * submission because its secret names it. */
static sage_status
call(sage_http *h, const sage_http_request *r, sage_http_response *out, sage_errinfo *err)
{
    sage_status st = sage_coordinator_call(h, r, out, err);
    for (int i = 0; st == SAGE_EAGAIN && i < TRIES; i++) {
        pause_ms(200L << i);
        st = sage_coordinator_call(h, r, out, err);
    }
    return st;
}

static sage_status get_json(sage_http *h,
                            const client_job *j,
                            const char *id,
                            const char *leaf,
                            sage_http_response *out,
                            sage_errinfo *err)
{
    char path[96];
    snprintf(path, sizeof path, "/v1/jobs/%s%s", id, leaf);
    const sage_http_request r = {.method = "GET", .path = path, .bearer = j->secret.text};
    return call(h, &r, out, err);
}

static sage_status
get_job(sage_http *h, const client_job *j, const char *id, sage_job *out, sage_errinfo *err)
{
    sage_hex32 none;
    sage_http_response answer;
    sage_status st = get_json(h, j, id, "", &answer, err);
    if (st) return st;
    st = sage_job_parse(out, &none, answer.body, answer.len, err);
    free(answer.body);
    return st;
}

static sage_status get_receipt(
    sage_http *h, const client_job *j, const char *id, sage_receipt *out, sage_errinfo *err)
{
    sage_http_response answer;
    sage_status st = get_json(h, j, id, "/receipt", &answer, err);
    if (st) return st;
    st = sage_receipt_parse(out, answer.body, answer.len, err);
    free(answer.body);
    return st;
}

/* The saved job named on the command line, and a connection to its coordinator. */
static sage_status open_job(const char *id, client_job *j, sage_http **h, sage_errinfo *err)
{
    *h             = NULL;
    sage_status st = client_state_load(j, id, err);
    return st ? st : sage_http_open(h, arg.coordinator ? arg.coordinator : j->coordinator, err);
}

static void print_time(const char *name, int64_t ms)
{
    char text[SAGE_CLOCK_TEXT];
    if (ms <= 0) return;
    sage_clock_format(text, (uint64_t)ms);
    printf("  %-14s %s\n", name, text);
}

static void print_amount(const char *name, const sage_amount *a)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount_format_sage(text, a);
    printf("  %-14s %s SAGE\n", name, text);
}

static void print_job(const sage_job *job)
{
    printf("job %s: %s\n", job->id.text, sage_job_state_name(job->state));
    print_statement(stdout, &job->statement);
    print_amount("price", &job->price);
    if (job->worker.text[0]) printf("  %-14s %s\n", "worker", job->worker.text);
    if (job->state == SAGE_JOB_LEASED)
        printf("  %-14s %s, %" PRId64 ".%" PRId64 " %%\n", "progress", job->stage,
               job->permille / 10, job->permille % 10);
    printf("  %-14s %" PRId64 " of %" PRId64 "\n", "attempts", job->attempts,
           job->max_attempts);
    if (job->reason[0]) printf("  %-14s %s\n", "reason", job->reason);
    print_time("submitted", job->created_ms);
    print_time("deadline", job->deadline_ms);
    print_time("finished", job->finished_ms);
}

static void print_tx(const sage_ledger_tx *tx)
{
    char text[SAGE_AMOUNT_TEXT];
    printf("  ledger %s (%s)\n", tx->id.text, tx->kind);
    for (uint32_t i = 0; i < tx->n_entries; i++) {
        const sage_ledger_entry *e = &tx->entries[i];
        sage_amount_format_sage(text, &e->amount);
        printf("    %s.%" PRIu32 "  %-6s %s SAGE  %s\n", tx->id.text, i,
               e->credit ? "credit" : "debit", text, e->account);
    }
}

static void print_receipt(const sage_receipt *r)
{
    print_job(&r->job);
    if (r->paid) {
        printf("  %-14s %s (blake2s)\n", "proof digest", r->result.proof_digest.text);
        printf("  %-14s %" PRId64 " bytes, %" PRId64 " bits\n", "proof", r->result.proof_len,
               r->result.security_bits);
        printf("  %-14s %s in %" PRId64 " ms\n", "proved by", r->result.backend,
               r->result.prove_ms);
        print_time("paid", r->result.accepted_ms);
    }
    for (uint32_t i = 0; i < r->n_txs; i++)
        print_tx(&r->txs[i]);
}

static sage_status show_receipt(const sage_receipt *r, sage_errinfo *err)
{
    char *text;
    if (!arg.json) {
        print_receipt(r);
        return SAGE_OK;
    }
    sage_status st = sage_receipt_print(r, &text, err);
    if (!st) puts(text);
    if (!st) free(text);
    return st;
}

/* Until the job is final; a coordinator that is away for a while is waited for. */
static sage_status
wait_for(sage_http *h, const client_job *j, const char *id, sage_job *job, sage_errinfo *err)
{
    sage_progress bar;
    sage_status st;
    int away = 0;
    sage_progress_begin(&bar, "proof");
    for (;;) {
        st   = get_job(h, j, id, job, err);
        away = st == SAGE_EAGAIN ? away + 1 : 0;
        if ((st && st != SAGE_EAGAIN) || away > TRIES) break;
        if (!st && job->finished_ms) break;
        if (!st)
            sage_progress_update(&bar,
                                 job->state == SAGE_JOB_QUEUED ? "queued"
                                 : job->stage[0]               ? job->stage
                                                               : "leased",
                                 (double)job->permille / 1000);
        pause_ms(POLL_MS);
    }
    sage_progress_end(&bar, !st && job->state == SAGE_JOB_PROVED);
    return st;
}

static sage_status not_proved(const sage_job *job, sage_errinfo *err)
{
    return sage_fail(err, SAGE_ECONFLICT, "client.job", -1, "job %s is %s: %.120s",
                     job->id.text, sage_job_state_name(job->state), job->reason);
}

/* The submission as bytes: with an input the message travels in a header. */
static sage_status send_submit(sage_http *h,
                               const client_job *j,
                               const char *access,
                               const uint8_t *input,
                               size_t len,
                               sage_job *out,
                               sage_errinfo *err)
{
    char *message;
    sage_hex32 secret;
    sage_http_response answer;
    bool file     = sage_kind_has_input(j->statement.kind);
    sage_submit m = {.kind          = j->statement.kind,
                     .columns       = (int64_t)arg.request.columns,
                     .log_rows      = (int64_t)arg.request.log_rows,
                     .log_instances = (int64_t)arg.request.log_instances,
                     .price         = arg.price,
                     .deadline_s    = (int64_t)arg.deadline_s,
                     .max_attempts  = (int64_t)arg.attempts};
    if (m.kind == SAGE_STATEMENT_POSEIDON2)
        memcpy(m.start, j->statement.public_words + 1, sizeof m.start);
    if (m.kind == SAGE_STATEMENT_CAIRO)
        m.hash = j->statement.public_words[SAGE_CAIRO_WORD_HASH];
    sage_status st = sage_submit_print(&m, &message, err);
    if (st) return st;
    const sage_http_request r = {
        .method       = "POST",
        .path         = "/v1/jobs",
        .bearer       = access,
        .content_type = file ? "application/octet-stream" : "application/json",
        .body         = file ? (const void *)input : message,
        .body_len     = file ? len : strlen(message),
        .headers = {{"Sage-Job-Secret", j->secret.text}, {file ? "Sage-Job" : NULL, message}},
        .timeout_ms = TRANSFER_MS};
    st = call(h, &r, &answer, err);
    free(message);
    if (st) return st;
    st = sage_job_parse(out, &secret, answer.body, answer.len, err);
    free(answer.body);
    /* What we made of our own file, or our own run, is what we will accept a proof of. */
    if (!st && !sage_statement_equal(&out->statement, &j->statement))
        st = sage_fail(err, SAGE_EPROOF, "client.statement", -1,
                       "the coordinator queued another statement than ours");
    return st;
}

/* Runs the program here and shows what its proof will take. So this machine knows the statement
 * itself, and which outputs it will get a proof of. */
static sage_status quote_cairo(const sage_cairo_task *t, sage_statement *out, sage_errinfo *err)
{
    sage_cairo_cost cost;
    const sage_prove_options o = {.threads = 1};
    sage_status st             = sage_cairo_quote(t, &o, &cost, err);
    if (st) return st;
    if (!arg.json) {
        printf("quote\n");
        print_cairo_cost(&cost);
        fflush(stdout);
    }
    *out = cost.statement;
    return SAGE_OK;
}

static sage_status
resolve_cairo(sage_statement *out, uint8_t **input, size_t *len, sage_errinfo *err)
{
    cairo_source src  = {0};
    sage_cairo_task t = {.hash = SAGE_HASH_FAMILY_BLAKE2S};
    *input            = NULL;
    sage_status st    = cairo_source_of(&src, &arg.request, err);
    if (!st && arg.request.hash) st = hash_named(arg.request.hash, &t.hash, err);
    cairo_source_put(&src, &t);
    if (!st) st = quote_cairo(&t, out, err);
    if (!st) st = sage_cairo_job_pack(&t, input, len, err);
    cairo_source_free(&src);
    return st;
}

/* The statement to be proved, and the bytes that go with it. */
static sage_status
resolve(const char *kind, sage_statement *out, uint8_t **input, size_t *len, sage_errinfo *err)
{
    if (!strcmp(kind, sage_statement_name(SAGE_STATEMENT_CAIRO)))
        return resolve_cairo(out, input, len, err);
    return request_resolve(&arg.request, kind, out, input, len, err);
}

static sage_status
submit(const char *kind, client_job *j, sage_http **h, sage_job *job, sage_errinfo *err)
{
    uint8_t *input;
    size_t len;
    sage_hex32 access;
    bool has_access;
    snprintf(j->coordinator, sizeof j->coordinator, "%s",
             arg.coordinator ? arg.coordinator
                             : env_or("BITSAGE_COORDINATOR_URL", DEFAULT_COORDINATOR));
    sage_status st = secret_file_read(arg.token_file, &access, &has_access, err);
    if (!st) st = resolve(kind, &j->statement, &input, &len, err);
    if (st) return st;
    st = sage_http_open(h, j->coordinator, err);
    if (!st) st = sage_secret_new(&j->secret, err);
    if (!st) st = client_state_save(j, NULL, err);
    if (!st) st = send_submit(*h, j, has_access ? access.text : NULL, input, len, job, err);
    free(input);
    if (!st) st = client_state_save(j, &job->id, err);
    if (!st) client_state_settled(j);
    return st;
}

static sage_status show_job(const sage_job *job, sage_errinfo *err)
{
    char *text;
    if (!arg.json) {
        print_job(job);
        return SAGE_OK;
    }
    sage_status st = sage_job_print(job, NULL, &text, err);
    if (!st) puts(text);
    if (!st) free(text);
    return st;
}

static int run_submit(uint32_t n_args, const char *const *args)
{
    client_job j;
    sage_job job;
    sage_receipt receipt;
    sage_http *h = NULL;
    sage_errinfo err;
    memset(&j, 0, sizeof j);
    sage_status st = submit(n_args ? args[0] : sage_statement_name(SAGE_STATEMENT_CAIRO), &j,
                            &h, &job, &err);
    if (!st && !arg.wait) st = show_job(&job, &err);
    if (!st && arg.wait) {
        if (!arg.json) printf("job %s: queued\n", job.id.text);
        fflush(stdout);
        st = wait_for(h, &j, job.id.text, &job, &err);
        if (!st) st = get_receipt(h, &j, job.id.text, &receipt, &err);
        if (!st) st = show_receipt(&receipt, &err);
        if (!st && job.state != SAGE_JOB_PROVED) st = not_proved(&job, &err);
    }
    sage_http_close(h);
    return st ? sage_cli_report("sage submit", &err) : 0;
}

static int run_status(uint32_t n_args, const char *const *args)
{
    client_job j;
    sage_job job;
    sage_http *h;
    sage_errinfo err;
    (void)n_args;
    sage_status st = open_job(args[0], &j, &h, &err);
    if (!st) st = get_job(h, &j, args[0], &job, &err);
    if (!st) st = show_job(&job, &err);
    sage_http_close(h);
    return st ? sage_cli_report("sage status", &err) : 0;
}

static int run_receipt(uint32_t n_args, const char *const *args)
{
    client_job j;
    sage_receipt receipt;
    sage_http *h;
    sage_errinfo err;
    (void)n_args;
    sage_status st = open_job(args[0], &j, &h, &err);
    if (!st) st = get_receipt(h, &j, args[0], &receipt, &err);
    if (!st) st = show_receipt(&receipt, &err);
    sage_http_close(h);
    return st ? sage_cli_report("sage receipt", &err) : 0;
}

/* The proof is written only after this machine has verified it against its own statement. *v is
 * the caller's to free, whatever comes back. */
static sage_status fetch_proof(sage_http *h,
                               const client_job *j,
                               const char *id,
                               sage_verify_result *v,
                               size_t *len,
                               sage_errinfo *err)
{
    char path[96];
    sage_http_response answer;
    snprintf(path, sizeof path, "/v1/jobs/%s/proof", id);
    const sage_http_request r = {.method       = "GET",
                                 .path         = path,
                                 .bearer       = j->secret.text,
                                 .timeout_ms   = TRANSFER_MS,
                                 .max_response = MAX_PROOF};
    sage_status st            = call(h, &r, &answer, err);
    if (st) return st;
    *len = answer.len;
    st   = sage_verify((const uint8_t *)answer.body, answer.len, (uint32_t)arg.bits, v, err);
    if (!st && !sage_statement_equal(&v->statement, &j->statement))
        st = sage_fail(err, SAGE_EPROOF, "client.statement", -1,
                       "the proof is of another statement");
    if (!st) st = sage_file_write(arg.output, answer.body, answer.len, 0644, err);
    free(answer.body);
    return st;
}

static int run_result(uint32_t n_args, const char *const *args)
{
    client_job j;
    sage_verify_result v = {0};
    sage_http *h;
    sage_errinfo err;
    size_t len;
    (void)n_args;
    sage_status st = open_job(args[0], &j, &h, &err);
    if (!st) st = fetch_proof(h, &j, args[0], &v, &len, &err);
    sage_http_close(h);
    if (!st) {
        printf("VALID, verified here\n");
        print_statement(stdout, &v.statement);
        print_outputs(&v);
        printf("  security       %" PRIu32 " bits\n  proof          %zu bytes in %s\n",
               v.security_bits, len, arg.output);
    }
    sage_verify_result_free(&v);
    return st ? sage_cli_report("sage result", &err) : 0;
}

static const char submit_notes[] =
    "KIND is cairo (the default: --program, --input), file_digest, wide_fibonacci or\n"
    "poseidon2. A Cairo program is run here first: that shows what its proof will take, and\n"
    "gives the statement that the proof must have. The coordinator and the worker see program\n"
    "and input; whoever gets the proof sees the program and its outputs.";

#define OPTIONS(list) .options = (list), .n_options = sizeof(list) / sizeof *(list)

const sage_cli_command cmd_submit  = {.name      = "submit",
                                      .arguments = "[KIND]",
                                      .help      = "have a run proved by the network",
                                      .notes     = submit_notes,
                                      .min_args  = 0,
                                      .max_args  = 1,
                                      OPTIONS(submit_options),
                                      .run = run_submit};
const sage_cli_command cmd_status  = {.name      = "status",
                                      .arguments = "JOB",
                                      .help      = "where a job stands",
                                      .min_args  = 1,
                                      .max_args  = 1,
                                      OPTIONS(status_options),
                                      .run = run_status};
const sage_cli_command cmd_result  = {.name      = "result",
                                      .arguments = "JOB",
                                      .help      = "fetch a proof, verify it here, write it",
                                      .min_args  = 1,
                                      .max_args  = 1,
                                      OPTIONS(result_options),
                                      .run = run_result};
const sage_cli_command cmd_receipt = {.name      = "receipt",
                                      .arguments = "JOB",
                                      .help     = "what was proved, by whom, and what was paid",
                                      .min_args = 1,
                                      .max_args = 1,
                                      OPTIONS(status_options),
                                      .run = run_receipt};

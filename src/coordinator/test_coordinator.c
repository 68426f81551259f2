/* The coordinator over HTTP in this process, with a checker of our own: a "proof" is the
 * statement's second word in decimal; of kind cairo it is cPROGRAM/OUTPUTS. */
#include "base/test.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "coordinator/coordinator.h"
#include "proto/cairo_job.h"
#include "proto/coordinator_client.h"
#include "proto/messages.h"

static atomic_int verified; /* calls of the verifier */

static sage_statement cairo_statement(uint32_t program)
{
    sage_statement st = {SAGE_STATEMENT_CAIRO, SAGE_CAIRO_PUBLIC_WORDS, {0}};
    st.public_words[SAGE_CAIRO_WORD_PROGRAM] = program;
    return st;
}

/* The result owns outputs, as that of a Cairo proof does. */
static sage_status
fake_cairo(const char *text, uint32_t min_bits, sage_verify_result *result, sage_errinfo *err)
{
    result->outputs = calloc(1, sizeof *result->outputs);
    if (!result->outputs) return sage_fail(err, SAGE_ENOMEM, "fake.memory", -1, "no memory");
    result->n_outputs     = 1;
    result->security_bits = min_bits;
    result->statement     = cairo_statement((uint32_t)atoi(text));
    if (strchr(text, '/'))
        result->statement.public_words[SAGE_CAIRO_WORD_N_OUTPUTS] =
            (uint32_t)atoi(strchr(text, '/') + 1);
    return SAGE_OK;
}

static sage_status fake_verify(const uint8_t *proof,
                               size_t len,
                               uint32_t min_bits,
                               sage_verify_result *result,
                               sage_errinfo *err)
{
    char text[16] = "";
    atomic_fetch_add(&verified, 1);
    memset(result, 0, sizeof *result);
    if (len == 0 || len >= sizeof text)
        return sage_fail(err, SAGE_EFORMAT, "fake.format", 0, "not a number");
    memcpy(text, proof, len);
    if (text[0] == 'c') return fake_cairo(text + 1, min_bits, result, err);
    if (strspn(text, "0123456789") != len)
        return sage_fail(err, SAGE_EPROOF, "fake.proof", 0, "false");
    result->security_bits = min_bits;
    result->statement     = (sage_statement){SAGE_STATEMENT_WIDE_FIBONACCI, 2, {8, 0}};
    result->statement.public_words[1] = (uint32_t)atoi(text);
    return SAGE_OK;
}

static sage_status
fake_fibonacci(sage_statement *out, uint32_t columns, uint32_t log_rows, sage_errinfo *err)
{
    if (columns != 8) return sage_fail(err, SAGE_EINVAL, "fake.columns", columns, "not 8");
    *out = (sage_statement){SAGE_STATEMENT_WIDE_FIBONACCI, 2, {columns, log_rows}};
    return SAGE_OK;
}

/* A "program" is its number, with r or m before it if it takes too many rows or too much memory;
 * a number above 1000 takes too many steps. Arguments are what it puts out. */
static sage_status fake_quote(const sage_cairo_task *t,
                              const sage_prove_options *o,
                              sage_cairo_cost *out,
                              sage_errinfo *err)
{
    char text[16] = "";
    (void)o;
    if (!t->max_steps || !t->max_cells || !t->max_ms || t->program_len >= sizeof text)
        return sage_fail(err, SAGE_EINTERNAL, "fake.limits", -1, "a stranger's run has limits");
    memcpy(text, t->program, t->program_len);
    char mark   = text[0];
    int program = atoi(text + (mark == 'r' || mark == 'm'));
    if (program > 1000) return sage_fail(err, SAGE_ELIMIT, "vm.steps", -1, "too many steps");
    *out                = (sage_cairo_cost){.statement = cairo_statement((uint32_t)program)};
    out->prove.log_rows = mark == 'r' ? 25 : 20;
    out->prove.bytes    = mark == 'm' ? (uint64_t)1 << 40 : 1 << 20;
    out->statement.public_words[SAGE_CAIRO_WORD_HASH]      = t->hash;
    out->statement.public_words[SAGE_CAIRO_WORD_N_OUTPUTS] = (uint32_t)t->args_len;
    return SAGE_OK;
}

static const sage_checker checker = {
    .verify = fake_verify, .wide_fibonacci = fake_fibonacci, .cairo = fake_quote};

typedef struct fixture {
    sage_coordinator *c;
    char dir[64], url[64];
} fixture;

static void start(fixture *f, int64_t lease_ms)
{
    sage_errinfo err;
    sage_coordinator_options o;
    sage_coordinator_defaults(&o);
    o.data_dir = f->dir;
    o.listen   = "127.0.0.1:0";
    o.checker  = &checker;
    o.lease_ms = lease_ms;
    if (sage_coordinator_start(&f->c, &o, &err)) fail_msg("%s: %s", err.where, err.msg);
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%u", sage_coordinator_port(f->c));
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    strcpy(f->dir, "/tmp/sage-coordinator-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    start(f, 10000);
    *state = f;
    return 0;
}

static void remove_tree(const char *dir)
{
    char path[400];
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        snprintf(path, sizeof path, "%.100s/%.255s", dir, e->d_name);
        if (unlink(path)) remove_tree(path);
    }
    if (d) closedir(d);
    rmdir(dir);
}

static int teardown(void **state)
{
    fixture *f = *state;
    sage_coordinator_stop(f->c, 5000);
    remove_tree(f->dir);
    free(f);
    return 0;
}

typedef struct caller {
    sage_http *http;
    char secret[SAGE_HEX32_LEN + 1];
} caller;

/* A call whose answer is text or a failure; *text is the caller's. */
static sage_status call(caller *c, const char *path, const char *json, char **text)
{
    sage_http_response r;
    sage_http_request q = {.method = json ? "POST" : "GET", .path = path};
    if (c->secret[0]) q.bearer = c->secret;
    if (json) q.content_type = "application/json", q.body = json, q.body_len = strlen(json);
    sage_status st = sage_coordinator_call(c->http, &q, &r, NULL);
    *text          = r.body;
    return st;
}

static void join(caller *c, fixture *f)
{
    char *text;
    sage_registered m;
    memset(c, 0, sizeof *c);
    assert_int_equal(sage_http_open(&c->http, f->url, NULL), SAGE_OK);
    assert_int_equal(call(c, "/v1/workers", "{\"name\":\"n\",\"backend\":\"b\"}", &text),
                     SAGE_OK);
    assert_int_equal(sage_registered_parse(&m, text, strlen(text), NULL), SAGE_OK);
    strcpy(c->secret, m.secret.text);
    free(text);
}

static sage_status submit(fixture *f, int rows, sage_job *job, sage_hex32 *secret)
{
    char json[160], *text;
    caller c = {0};
    assert_int_equal(sage_http_open(&c.http, f->url, NULL), SAGE_OK);
    snprintf(json, sizeof json,
             "{\"kind\":\"wide_fibonacci\",\"params\":{\"columns\":8,\"log_rows\":%d},"
             "\"price\":\"1000\",\"max_attempts\":50}",
             rows);
    sage_status st = call(&c, "/v1/jobs", json, &text);
    if (!st) st = sage_job_parse(job, secret, text, strlen(text), NULL);
    free(text);
    sage_http_close(c.http);
    return st;
}

static sage_status claim(caller *c, int wait_ms, sage_grant *g, bool *found)
{
    char json[32], *text;
    snprintf(json, sizeof json, "{\"wait_ms\":%d}", wait_ms);
    sage_status st = call(c, "/v1/leases", json, &text);
    *found         = !st && text[0];
    if (*found) st = sage_grant_parse(g, text, strlen(text), NULL);
    free(text);
    return st;
}

static sage_status upload(caller *c, const sage_grant *g, const char *proof, sage_receipt *out)
{
    char path[80], *meta;
    sage_http_response r;
    sage_result_meta m = {.token = g->token, .backend = "b", .prove_ms = 1};
    sage_digest_bytes(&m.proof_digest, proof, strlen(proof));
    assert_int_equal(sage_result_meta_print(&m, &meta, NULL), SAGE_OK);
    snprintf(path, sizeof path, "/v1/leases/%s/result", g->lease.text);
    const sage_http_request q = {.method       = "POST",
                                 .path         = path,
                                 .bearer       = c->secret,
                                 .content_type = "application/octet-stream",
                                 .body         = proof,
                                 .body_len     = strlen(proof),
                                 .headers      = {{"Sage-Result", meta}}};
    sage_status st            = sage_coordinator_call(c->http, &q, &r, NULL);
    if (!st) st = sage_receipt_parse(out, r.body, r.len, NULL);
    free(r.body);
    free(meta);
    return st;
}

static void test_path(void **state)
{
    fixture *f = *state;
    caller w;
    sage_job job;
    sage_hex32 secret;
    sage_grant g;
    sage_receipt receipt, again;
    bool found;
    join(&w, f);
    assert_int_equal(claim(&w, 0, &g, &found), SAGE_OK);
    assert_false(found);
    assert_int_equal(submit(f, 12, &job, &secret), SAGE_OK);
    assert_int_equal(claim(&w, 0, &g, &found), SAGE_OK);
    assert_true(found);
    assert_string_equal(g.job.text, job.id.text);
    assert_int_equal(g.statement.public_words[1], 12);
    assert_int_equal(upload(&w, &g, "12", &receipt), SAGE_OK);
    assert_true(receipt.paid);
    assert_int_equal(receipt.result.security_bits, SAGE_DEFAULT_SECURITY_BITS);
    int before = atomic_load(&verified);
    assert_int_equal(upload(&w, &g, "12", &again), SAGE_OK);
    assert_int_equal(atomic_load(&verified), before); /* a replay is not verified again */
    assert_memory_equal(&receipt, &again, sizeof receipt);
    assert_int_equal(upload(&w, &g, "13", &again), SAGE_ECONFLICT);
    sage_http_close(w.http);
}

static void test_refused_proofs(void **state)
{
    static const struct {
        const char *proof;
        sage_status want;
    } cases[] = {
        {"x", SAGE_EPROOF}, {"13", SAGE_EPROOF}, {"11111111111111111111", SAGE_EFORMAT}};
    fixture *f = *state;
    sage_job job;
    sage_hex32 secret;
    sage_grant g;
    sage_receipt receipt;
    bool found;
    assert_int_equal(submit(f, 12, &job, &secret), SAGE_OK);
    for (int i = 0; i < 3; i++) {
        caller w;
        join(&w, f);
        assert_int_equal(claim(&w, 0, &g, &found), SAGE_OK);
        assert_true(found);
        assert_int_equal(upload(&w, &g, cases[i].proof, &receipt), cases[i].want);
        assert_int_equal(upload(&w, &g, "12", &receipt), SAGE_ESTALE);
        sage_http_close(w.http);
    }
}

/* Hands in a job of kind cairo with these bytes. err may be NULL. */
static sage_status submit_bytes(fixture *f,
                                const void *bytes,
                                size_t len,
                                const char *hash,
                                sage_job *job,
                                sage_errinfo *err)
{
    char meta[128];
    sage_hex32 secret;
    caller c = {0};
    sage_http_response r;
    snprintf(meta, sizeof meta,
             "{\"kind\":\"cairo\",\"params\":{\"hash\":\"%s\"},\"price\":\"1000\","
             "\"max_attempts\":50}",
             hash);
    const sage_http_request q = {.method       = "POST",
                                 .path         = "/v1/jobs",
                                 .content_type = "application/octet-stream",
                                 .body         = bytes,
                                 .body_len     = len,
                                 .headers      = {{"Sage-Job", meta}}};
    assert_int_equal(sage_http_open(&c.http, f->url, NULL), SAGE_OK);
    sage_status st = sage_coordinator_call(c.http, &q, &r, err);
    if (!st) st = sage_job_parse(job, &secret, r.body, r.len, err);
    free(r.body);
    sage_http_close(c.http);
    return st;
}

static sage_status submit_cairo(
    fixture *f, const char *program, const char *args, sage_job *job, sage_errinfo *err)
{
    const sage_cairo_task t = {.program     = (const uint8_t *)program,
                               .program_len = strlen(program),
                               .args        = (const uint8_t *)args,
                               .args_len    = strlen(args)};
    uint8_t *bytes;
    size_t len;
    assert_int_equal(sage_cairo_job_pack(&t, &bytes, &len, NULL), SAGE_OK);
    sage_status st = submit_bytes(f, bytes, len, "blake2s", job, err);
    free(bytes);
    return st;
}

/* Refused before there is a job, each by name; the price stays with the client. */
static void test_cairo_over_limit(void **state)
{
    static const struct {
        const char *program, *where;
        sage_status want;
    } cases[]  = {{"1001", "vm.steps", SAGE_ELIMIT},
                  {"r5", "submit.rows", SAGE_ELIMIT},
                  {"m5", "submit.memory", SAGE_ELIMIT},
                  {"{\"pc_count\":1}", "submit.program", SAGE_EINVAL},
                  {"", "job.length", SAGE_EFORMAT}};
    fixture *f = *state;
    sage_job job;
    sage_errinfo err;
    sage_grant g;
    bool found;
    caller w;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(submit_cairo(f, cases[i].program, "", &job, &err), cases[i].want);
        assert_non_null(strstr(err.msg, cases[i].where));
    }
    assert_int_equal(submit_bytes(f, "no job", 6, "blake2s", &job, &err), SAGE_EFORMAT);
    assert_non_null(strstr(err.msg, "job.magic"));
    assert_int_equal(submit_bytes(f, "no job", 6, "sha256", &job, &err), SAGE_EFORMAT);
    assert_non_null(strstr(err.msg, "json.range"));
    join(&w, f);
    assert_int_equal(claim(&w, 0, &g, &found), SAGE_OK);
    assert_false(found);
    sage_http_close(w.http);
}

/* The input as the worker of lease g gets it. */
static void check_input(caller *w, const sage_grant *g, const char *program, const char *args)
{
    char path[80];
    sage_http_response r;
    sage_cairo_task t;
    snprintf(path, sizeof path, "/v1/leases/%s/input", g->lease.text);
    const sage_http_request q = {.method  = "GET",
                                 .path    = path,
                                 .bearer  = w->secret,
                                 .headers = {{"Sage-Lease-Token", g->token.text}}};
    assert_int_equal(sage_coordinator_call(w->http, &q, &r, NULL), SAGE_OK);
    assert_int_equal(r.len, g->input_len);
    assert_int_equal(sage_cairo_job_open(&t, (const uint8_t *)r.body, r.len, NULL), SAGE_OK);
    assert_int_equal(t.program_len, strlen(program));
    assert_memory_equal(t.program, program, t.program_len);
    assert_int_equal(t.args_len, strlen(args));
    assert_memory_equal(t.args, args, t.args_len);
    free(r.body);
}

/* Paid is the run that was asked for: a proof of another program, of another output, of another
 * kind of statement is not. */
static void test_cairo_is_accepted(void **state)
{
    static const struct {
        const char *proof;
        sage_status want;
    } cases[] = {
        {"c6/2", SAGE_EPROOF}, {"c5/3", SAGE_EPROOF}, {"5", SAGE_EPROOF}, {"c5/2", SAGE_OK}};
    fixture *f = *state;
    sage_job job;
    sage_errinfo err;
    sage_grant g;
    sage_receipt receipt;
    bool found;
    if (submit_cairo(f, "5", "[]", &job, &err)) fail_msg("%s", err.msg);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        caller w;
        join(&w, f);
        assert_int_equal(claim(&w, 0, &g, &found), SAGE_OK);
        assert_true(found);
        assert_int_equal(g.statement.kind, SAGE_STATEMENT_CAIRO);
        check_input(&w, &g, "5", "[]");
        assert_int_equal(upload(&w, &g, cases[i].proof, &receipt), cases[i].want);
        sage_http_close(w.http);
    }
    assert_true(receipt.paid);
}

typedef struct waiter {
    fixture *f;
    bool found;
} waiter;

static void *wait_for_work(void *arg)
{
    waiter *w = arg;
    caller c;
    sage_grant g;
    join(&c, w->f);
    if (claim(&c, 20000, &g, &w->found)) w->found = false;
    sage_http_close(c.http);
    return NULL;
}

/* A parked claim gets the job that comes later, long before its wait is over. */
static void test_long_poll(void **state)
{
    fixture *f = *state;
    waiter w   = {.f = f};
    pthread_t thread;
    sage_job job;
    sage_hex32 secret;
    assert_int_equal(pthread_create(&thread, NULL, wait_for_work, &w), 0);
    usleep(100000);
    assert_int_equal(submit(f, 12, &job, &secret), SAGE_OK);
    pthread_join(thread, NULL);
    assert_true(w.found);
}

/* Stopping answers the parked claims and does not wait for their time. */
static void test_stop_while_parked(void **state)
{
    fixture *f = *state;
    waiter w[4];
    pthread_t thread[4];
    for (int i = 0; i < 4; i++) {
        w[i] = (waiter){.f = f};
        assert_int_equal(pthread_create(&thread[i], NULL, wait_for_work, &w[i]), 0);
    }
    usleep(200000);
    sage_coordinator_stop(f->c, 5000);
    f->c = NULL;
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        assert_false(w[i].found);
    }
}

static void *prove_all(void *arg)
{
    waiter *w = arg;
    caller c;
    sage_grant g;
    sage_receipt receipt;
    join(&c, w->f);
    do {
        char proof[16];
        if (claim(&c, 300, &g, &w->found)) break;
        snprintf(proof, sizeof proof, "%u", g.statement.public_words[1]);
        if (w->found && upload(&c, &g, proof, &receipt)) break;
    } while (w->found);
    sage_http_close(c.http);
    return NULL;
}

typedef struct feeder {
    fixture *f;
    int n;
} feeder;

static void *submit_many(void *arg)
{
    feeder *s = arg;
    sage_job job;
    sage_hex32 secret;
    for (int i = 0; i < s->n; i++)
        if (submit(s->f, 4 + i, &job, &secret)) return arg; /* rows from 2^4 */
    return NULL;
}

/* Clients and workers at once: every job is proved, and the books balance. */
static void test_crowd(void **state)
{
    enum { FEEDERS = 2, WORKERS = 4, JOBS = 15 };
    fixture *f = *state;
    feeder s   = {f, JOBS};
    waiter w[WORKERS];
    pthread_t feed[FEEDERS], thread[WORKERS];
    void *failed;
    sage_store *store;
    sage_audit books;
    char path[96];
    for (int i = 0; i < FEEDERS; i++)
        assert_int_equal(pthread_create(&feed[i], NULL, submit_many, &s), 0);
    for (int i = 0; i < FEEDERS; i++) {
        pthread_join(feed[i], &failed);
        assert_null(failed);
    }
    for (int i = 0; i < WORKERS; i++) {
        w[i] = (waiter){.f = f};
        assert_int_equal(pthread_create(&thread[i], NULL, prove_all, &w[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(thread[i], NULL);
    sage_coordinator_stop(f->c, 5000);
    f->c = NULL;
    snprintf(path, sizeof path, "%s/coordinator.db", f->dir);
    assert_int_equal(sage_store_open(path, NULL, NULL, &store, NULL), SAGE_OK);
    assert_int_equal(sage_store_audit(store, &books, NULL), SAGE_OK);
    sage_store_close(store);
    assert_int_equal(books.n_state[SAGE_JOB_PROVED], FEEDERS * JOBS);
    assert_int_equal(books.n_unbalanced + books.n_bad_escrow + books.n_unproved, 0);
    assert_int_equal(books.paid.w[0], FEEDERS * JOBS * 800);
}

/* A second coordinator on the same folder, and an open door, are refused. */
static void test_refused_starts(void **state)
{
    fixture *f = *state;
    sage_coordinator *c;
    sage_errinfo err;
    sage_coordinator_options o;
    sage_coordinator_defaults(&o);
    o.checker  = &checker;
    o.data_dir = f->dir;
    o.listen   = "127.0.0.1:0";
    assert_int_equal(sage_coordinator_start(&c, &o, &err), SAGE_ECONFLICT);
    assert_string_equal(err.where, "coordinator.running");
    o.listen = "0.0.0.0:0";
    assert_int_equal(sage_coordinator_start(&c, &o, &err), SAGE_EAUTH);
    static const char *const bad[] = {"localhost:1",     "127.0.0.1", "127.0.0.1:x",
                                      "127.0.0.1:65536", "[::1:80",   ""};
    for (int i = 0; i < 6; i++) {
        o.listen = bad[i];
        assert_int_equal(sage_coordinator_start(&c, &o, &err), SAGE_EINVAL);
        assert_string_equal(err.where, "coordinator.listen");
    }
}

int main(void)
{
#define CASE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_path),
        CASE(test_refused_proofs),
        CASE(test_cairo_over_limit),
        CASE(test_cairo_is_accepted),
        CASE(test_long_poll),
        CASE(test_crowd),
        CASE(test_stop_while_parked),
        CASE(test_refused_starts),
    };
    return cmocka_run_group_tests_name("coordinator", tests, NULL, NULL);
}

/* Messages: round trips, every refusal with its name, and mutated bytes. */
#include "base/test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/cairo_job.h"
#include "proto/folder.h"
#include "proto/json.h"
#include "proto/messages.h"
#include "proto/routes.h"

static sage_statement fibonacci(void)
{
    return (sage_statement){SAGE_STATEMENT_WIDE_FIBONACCI, 2, {100, 12}};
}

static void random_hex(sage_hex32 *h)
{
    assert_int_equal(sage_secret_new(h, NULL), SAGE_OK);
}
static void random_id(sage_id *id, char c)
{
    assert_int_equal(sage_id_new(id, c, NULL), SAGE_OK);
}

static sage_job some_job(void)
{
    sage_job j;
    memset(&j, 0, sizeof j);
    random_id(&j.id, 'j');
    random_id(&j.worker, 'w');
    j.state     = SAGE_JOB_LEASED;
    j.statement = fibonacci();
    strcpy(j.client, "ann");
    random_hex(&j.input_digest);
    j.input_len = 7;
    assert_int_equal(sage_amount_parse_sage(&j.price, "10.000000000000000001", NULL), SAGE_OK);
    j.created_ms = 1700000000000, j.deadline_ms = 1700000100000;
    j.attempts = 2, j.max_attempts = 5, j.permille = 512;
    strcpy(j.stage, "quotients");
    return j;
}

static sage_receipt some_receipt(void)
{
    sage_receipt r;
    memset(&r, 0, sizeof r);
    r.job       = some_job();
    r.job.state = SAGE_JOB_PROVED;
    r.paid      = true;
    random_hex(&r.result.proof_digest);
    r.result.proof_len = 60000, r.result.security_bits = 96, r.result.prove_ms = 1234;
    strcpy(r.result.backend, "avx2");
    r.n_txs = 2;
    for (int t = 0; t < 2; t++) {
        sage_ledger_tx *tx = &r.txs[t];
        random_id(&tx->id, 't');
        strcpy(tx->kind, t ? "payout" : "escrow");
        tx->created_ms = 5;
        tx->n_entries  = 2;
        for (int e = 0; e < 2; e++) {
            snprintf(tx->entries[e].account, sizeof tx->entries[e].account, "fee:%d", e);
            tx->entries[e].credit = e;
            tx->entries[e].amount = sage_amount_of(77);
        }
    }
    return r;
}

static void test_job_and_receipt(void **state)
{
    (void)state;
    char *text;
    sage_hex32 secret, read_secret;
    sage_job read, job = some_job();
    random_hex(&secret);
    assert_int_equal(sage_job_print(&job, &secret, &text, NULL), SAGE_OK);
    assert_int_equal(sage_job_parse(&read, &read_secret, text, strlen(text), NULL), SAGE_OK);
    assert_memory_equal(&job, &read, sizeof job);
    assert_string_equal(secret.text, read_secret.text);
    free(text);
    sage_receipt again, receipt = some_receipt();
    assert_int_equal(sage_receipt_print(&receipt, &text, NULL), SAGE_OK);
    assert_int_equal(sage_receipt_parse(&again, text, strlen(text), NULL), SAGE_OK);
    assert_memory_equal(&receipt, &again, sizeof receipt);
    free(text);
}

/* One line per small message: fill with a pattern that the form allows, print, parse, same. */
#define ROUND_TRIP(type, fill)                                                                 \
    do {                                                                                       \
        char *text_;                                                                           \
        sage_##type in_, out_;                                                                 \
        memset(&in_, 0, sizeof in_);                                                           \
        fill;                                                                                  \
        assert_int_equal(sage_##type##_print(&in_, &text_, NULL), SAGE_OK);                    \
        assert_int_equal(sage_##type##_parse(&out_, text_, strlen(text_), NULL), SAGE_OK);     \
        assert_memory_equal(&in_, &out_, sizeof in_);                                          \
        free(text_);                                                                           \
    } while (0)

static void test_round_trips(void **state)
{
    (void)state;
    ROUND_TRIP(register, (strcpy(in_.name, "host-1"), strcpy(in_.backend, "avx2")));
    ROUND_TRIP(registered, (random_id(&in_.worker, 'w'), random_hex(&in_.secret)));
    ROUND_TRIP(worker, (random_id(&in_.id, 'w'), strcpy(in_.name, "n"),
                        strcpy(in_.backend, "scalar"), in_.n_rejected = 3));
    ROUND_TRIP(grant, (random_id(&in_.lease, 'l'), random_id(&in_.job, 'j'),
                       random_hex(&in_.token), in_.lease_ms = 5, in_.statement = fibonacci(),
                       random_hex(&in_.input_digest), in_.min_security_bits = 96));
    ROUND_TRIP(heartbeat, (random_hex(&in_.token), strcpy(in_.stage, "fri"), in_.permille = 9));
    ROUND_TRIP(fail_report, (random_hex(&in_.token), strcpy(in_.reason, "out of memory")));
    ROUND_TRIP(result_meta, (random_hex(&in_.token), random_hex(&in_.proof_digest),
                             strcpy(in_.backend, "avx2"), in_.prove_ms = 77));
    ROUND_TRIP(submit,
               (in_.kind = SAGE_STATEMENT_CAIRO, in_.hash = SAGE_HASH_FAMILY_POSEIDON252,
                in_.price = sage_amount_of(5), in_.deadline_s = 60, in_.max_attempts = 2));
    ROUND_TRIP(submit,
               (in_.kind = SAGE_STATEMENT_POSEIDON2, in_.log_instances = 9, in_.start[15] = 7,
                in_.price = sage_amount_of(5), in_.deadline_s = 60, in_.max_attempts = 2));
    ROUND_TRIP(submit,
               (in_.kind = SAGE_STATEMENT_WIDE_FIBONACCI, in_.columns = 100, in_.log_rows = 12,
                in_.price = sage_amount_of(5), in_.deadline_s = 60, in_.max_attempts = 2));
}

static void test_error_message(void **state)
{
    (void)state;
    char *text, where[SAGE_NAME_CAP], message[SAGE_REASON_CAP];
    sage_status code;
    sage_errinfo e;
    assert_int_equal(sage_fail(&e, SAGE_ESTALE, "store.lease", -1, "ended"), SAGE_ESTALE);
    assert_int_equal(sage_error_print(&e, &text, NULL), SAGE_OK);
    assert_string_equal(
        text, "{\"code\":\"ESTALE\",\"where\":\"store.lease\",\"message\":\"ended\"}");
    assert_int_equal(sage_error_parse(&code, where, message, text, strlen(text), NULL),
                     SAGE_OK);
    assert_int_equal(code, SAGE_ESTALE);
    assert_string_equal(where, "store.lease");
    free(text);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *json, *where;
    } cases[] = {
        {"", "json.syntax"},
        {"[]", "json.syntax"},
        {"{\"wait_ms\":1,\"wait_ms\":2}", "json.syntax"},
        {"{\"wait_ms\":1}x", "json.syntax"},
        {"{\"wait_ms\":01}", "json.syntax"},
        {"{}", "json.missing"},
        {"{\"wait_ms\":\"1\"}", "json.type"},
        {"{\"wait_ms\":1.0}", "json.type"},
        {"{\"wait_ms\":-1}", "json.range"},
        {"{\"wait_ms\":30001}", "json.range"},
        {"{\"wait_ms\":1,\"more\":2}", "json.unknown"},
        {"{\"a\":[[[[[[[[1]]]]]]]]}", "json.depth"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sage_errinfo err;
        int64_t wait;
        assert_int_not_equal(
            sage_lease_request_parse(&wait, cases[i].json, strlen(cases[i].json), &err),
            SAGE_OK);
        assert_string_equal(err.where, cases[i].where);
    }
    sage_errinfo err;
    sage_submit m;
    const char *unknown = "{\"kind\":\"groth16\",\"params\":{},\"price\":\"1\"}";
    assert_int_equal(sage_submit_parse(&m, unknown, strlen(unknown), &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "proto.kind");
    assert_non_null(strstr(err.msg, "groth16"));
    const char *price = "{\"kind\":\"file_digest\",\"params\":{},\"price\":\"1.5\"}";
    assert_int_equal(sage_submit_parse(&m, price, strlen(price), &err), SAGE_EFORMAT);
    assert_non_null(strstr(err.msg, "price"));
    char *big = calloc(1, SAGE_JSON_MAX_BYTES + 1);
    int64_t wait;
    assert_int_equal(sage_lease_request_parse(&wait, big, SAGE_JSON_MAX_BYTES + 1, &err),
                     SAGE_ELIMIT);
    free(big);
}

/* Every cut, and every byte changed, of a receipt: parsed or refused with a name, no more. */
static void test_mutations(void **state)
{
    (void)state;
    static const char swap[] = "{}[]\",:0\\x\x01";
    char *text;
    sage_receipt again, receipt = some_receipt();
    sage_errinfo err;
    assert_int_equal(sage_receipt_print(&receipt, &text, NULL), SAGE_OK);
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        assert_int_not_equal(sage_receipt_parse(&again, text, i, &err), SAGE_OK);
        for (size_t k = 0; k < sizeof swap - 1; k++) {
            char old = text[i];
            text[i]  = swap[k];
            err      = (sage_errinfo){0};
            if (sage_receipt_parse(&again, text, len, &err)) assert_non_null(err.where);
            text[i] = old;
        }
    }
    free(text);
}

static void test_routes(void **state)
{
    (void)state;
    const sage_route *r;
    sage_id id;
    sage_errinfo err;
    assert_int_equal(sage_route_find("POST", "/v1/jobs", &r, &id, NULL), SAGE_OK);
    assert_int_equal(r->name, SAGE_ROUTE_JOB_SUBMIT);
    const char *path = "/v1/leases/l-0123456789abcdef01234567/result";
    assert_int_equal(sage_route_find("POST", path, &r, &id, NULL), SAGE_OK);
    assert_int_equal(r->name, SAGE_ROUTE_LEASE_RESULT);
    assert_string_equal(id.text, "l-0123456789abcdef01234567");
    assert_int_equal(sage_route_find("GET", path, &r, &id, &err), SAGE_EINVAL);
    assert_int_equal(sage_route_find("GET", "/v1/jobs/", &r, &id, &err), SAGE_ENOTFOUND);
    assert_int_equal(sage_route_find("GET", "/v1/jobs/short", &r, &id, &err), SAGE_ENOTFOUND);
    assert_int_equal(
        sage_route_find("GET", "/v1/jobs/j-0123456789abcdef01234567/", &r, &id, &err),
        SAGE_ENOTFOUND);
    assert_int_equal(sage_route_find("GET", "/v1/workers/me", &r, &id, &err), SAGE_OK);
    assert_int_equal(r->name, SAGE_ROUTE_WORKER_SELF);
}

/* api/openapi.yaml has exactly these routes: each path line, and under it its methods. */
static void test_openapi_agrees(void **state)
{
    (void)state;
    char path[512], line[512], at[140] = "";
    int found = 0;
    snprintf(path, sizeof path, "%s/api/openapi.yaml", getenv("SAGE_SOURCE_DIR"));
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        char word[128];
        if (sscanf(line, "  /%120[^:]:", word) == 1 && line[2] == '/') {
            snprintf(at, sizeof at, "/%s", word);
            char *open = strchr(at, '{');
            if (open)
                memmove(open + 1, strchr(open, '}') + 1, strlen(strchr(open, '}'))),
                    *open = '*';
        } else if (!strcmp(line, "    get:\n") || !strcmp(line, "    post:\n")) {
            const char *method = line[4] == 'g' ? "GET" : "POST";
            bool known         = false;
            for (int i = 0; i < SAGE_ROUTES; i++)
                known |=
                    !strcmp(sage_routes[i].path, at) && !strcmp(sage_routes[i].method, method);
            if (!known) fail_msg("%s %s is in the page, not in the table", method, at);
            found++;
        }
    }
    fclose(f);
    assert_int_equal(found, SAGE_ROUTES);
}

static void test_folder(void **state)
{
    (void)state;
    struct stat st;
    sage_errinfo err;
    char dir[] = "/tmp/sage-proto-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a/b/c/", dir);
    for (int twice = 0; twice < 2; twice++)
        assert_int_equal(sage_folder_make(path, NULL), SAGE_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(sage_folder_make("/proc/none/x", &err), SAGE_EIO);
    assert_string_equal(err.where, "folder.make");
    while (strlen(path) > strlen(dir)) {
        *strrchr(path, '/') = 0;
        assert_int_equal(rmdir(path), 0);
    }
}

/* Program and arguments come back as they were; a job cut short, or that promises more than it
 * has, is none. */
static void test_cairo_job(void **state)
{
    const sage_cairo_task in = {.program     = (const uint8_t *)"{\"p\":1}",
                                .program_len = 7,
                                .args        = (const uint8_t *)"[5]",
                                .args_len    = 3};
    sage_cairo_task out;
    sage_errinfo err;
    uint8_t *bytes;
    size_t len;
    (void)state;
    assert_int_equal(sage_cairo_job_pack(&in, &bytes, &len, NULL), SAGE_OK);
    assert_int_equal(len, 26);
    assert_int_equal(sage_cairo_job_open(&out, bytes, len, NULL), SAGE_OK);
    assert_int_equal(out.program_len, 7);
    assert_memory_equal(out.program, in.program, 7);
    assert_int_equal(out.args_len, 3);
    assert_memory_equal(out.args, in.args, 3);
    assert_int_equal(sage_cairo_job_open(&out, bytes, 23, NULL), SAGE_OK);
    assert_null(out.args);
    for (size_t n = 0; n < 23; n++) {
        assert_int_equal(sage_cairo_job_open(&out, bytes, n, &err), SAGE_EFORMAT);
        assert_string_equal(err.where, n < 16 ? "job.magic" : "job.length");
    }
    memset(bytes + 8, 0xff, 8);
    assert_int_equal(sage_cairo_job_open(&out, bytes, len, &err), SAGE_EFORMAT);
    memset(bytes + 8, 0, 8);
    assert_int_equal(sage_cairo_job_open(&out, bytes, len, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "job.length");
    bytes[0] ^= 1;
    assert_int_equal(sage_cairo_job_open(&out, bytes, len, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "job.magic");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_job_and_receipt), cmocka_unit_test(test_cairo_job),
        cmocka_unit_test(test_round_trips),     cmocka_unit_test(test_error_message),
        cmocka_unit_test(test_refusals),        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_routes),          cmocka_unit_test(test_openapi_agrees),
        cmocka_unit_test(test_folder),
    };
    return cmocka_run_group_tests_name("proto", tests, NULL, NULL);
}

/* Whole proofs: every statement, every backend, thread counts and configs; the bytes agree and
 * the verifier accepts them. Then what must be refused before or while proving. */
#include "base/test.h"

#include "backend/backend.h"
#include "hash/poseidon2.h"
#include "sage/prove.h"
#include "sage/verify.h"
#include "statement/statement.h"

static const sage_params quick = {5, 1, 3, 0, 1};

typedef struct made {
    uint8_t *bytes;
    size_t len;
} made;

static made prove(const sage_statement *st,
                  const uint8_t *input,
                  size_t len,
                  const char *backend,
                  uint32_t threads,
                  sage_params params)
{
    made m;
    sage_errinfo err     = {0};
    sage_prove_options o = {.backend = backend, .threads = threads, .params = params};
    sage_status s        = sage_prove(st, input, len, &o, &m.bytes, &m.len, &err);
    if (s) print_error("%s: %s\n", err.where, err.msg);
    assert_int_equal(s, SAGE_OK);
    return m;
}

static void accept(const made *m, const sage_statement *st)
{
    sage_verify_result r;
    sage_errinfo err = {0};
    sage_status s    = sage_verify(m->bytes, m->len, 1, &r, &err);
    if (s) print_error("%s: %s (at %lld)\n", err.where, err.msg, err.at);
    assert_int_equal(s, SAGE_OK);
    assert_true(sage_statement_equal(&r.statement, st));
}

/* Proves with every available backend and 1 and 3 threads; all bytes equal the first's. */
static void
everywhere(const sage_statement *st, const uint8_t *input, size_t len, sage_params params)
{
    made first = {0};
    for (size_t i = 0; sage_cpu_backends[i]; i++) {
        const sage_backend *b = sage_cpu_backends[i];
        if (b->available(NULL)) continue;
        for (uint32_t threads = 1; threads <= 3; threads += 2) {
            made m = prove(st, input, len, b->name, threads, params);
            if (!first.bytes) {
                accept(&m, st);
                first = m;
                continue;
            }
            if (m.len != first.len || memcmp(m.bytes, first.bytes, m.len))
                fail_msg("%s with %u threads gives other bytes", b->name, threads);
            free(m.bytes);
        }
    }
    assert_non_null(first.bytes);
    free(first.bytes);
}

static sage_statement fibonacci(uint32_t columns, uint32_t log_rows)
{
    sage_statement st;
    assert_int_equal(sage_statement_wide_fibonacci(&st, columns, log_rows, NULL), SAGE_OK);
    return st;
}

static sage_statement chain(uint32_t log_instances)
{
    sage_statement st;
    uint32_t start[16];
    for (uint32_t i = 0; i < 16; i++)
        start[i] = 3 * i + 1;
    assert_int_equal(sage_statement_poseidon2(&st, log_instances, start, NULL), SAGE_OK);
    return st;
}

static sage_statement digest(const uint8_t *bytes, size_t len)
{
    sage_statement st;
    assert_int_equal(sage_statement_file_digest(&st, bytes, len, NULL), SAGE_OK);
    return st;
}

static uint8_t *pattern(size_t len)
{
    uint8_t *b = malloc(len + 1);
    assert_non_null(b);
    for (size_t i = 0; i < len; i++)
        b[i] = (uint8_t)(7 * i + 3);
    return b;
}

static void wide_fibonacci(void **state)
{
    static const struct {
        uint32_t columns, log;
    } sizes[] = {{3, 4}, {4, 5}, {8, 5}, {5, 7}, {33, 8}, {100, 10}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sage_statement st = fibonacci(sizes[i].columns, sizes[i].log);
        everywhere(&st, NULL, 0, quick);
    }
}

static void configs(void **state)
{
    static const sage_params all[] = {{0, 1, 1, 0, 1},  {5, 1, 9, 1, 1}, {5, 2, 5, 0, 1},
                                      {5, 1, 20, 0, 2}, {5, 1, 7, 0, 3}, {5, 3, 3, 2, 2},
                                      {8, 4, 4, 1, 3},  {3, 1, 5, 3, 4}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        sage_statement f = fibonacci(6, 7), p = chain(8);
        everywhere(&f, NULL, 0, all[i]);
        everywhere(&p, NULL, 0, all[i]);
    }
}

static void poseidon2(void **state)
{
    (void)state;
    for (uint32_t log = 6; log <= (sage_test_quick() ? 8u : 11u); log++) {
        sage_statement st = chain(log);
        everywhere(&st, NULL, 0, quick);
    }
}

/* Lengths around limb, block, group and part boundaries. */
static void file_digest(void **state)
{
    static const size_t lengths[] = {0,   1,   3,   4,        29,           30,      31,
                                     119, 240, 241, 240 * 16, 240 * 17 + 5, 240 * 50};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        if (sage_test_quick() && i % 4) continue;
        uint8_t *bytes    = pattern(lengths[i]);
        sage_statement st = digest(bytes, lengths[i]);
        made m            = prove(&st, bytes, lengths[i], NULL, 2, quick);
        accept(&m, &st);
        free(m.bytes);
        free(bytes);
    }
}

static void file_digest_everywhere(void **state)
{
    uint8_t *bytes    = pattern(10000);
    sage_statement st = digest(bytes, 10000);
    sage_params two   = {5, 2, 3, 1, 2};
    (void)state;
    everywhere(&st, bytes, 10000, quick);
    everywhere(&st, bytes, 10000, two);
    free(bytes);
}

static void production(void **state)
{
    sage_statement st = fibonacci(4, 6);
    sage_verify_result r;
    (void)state;
    if (sage_test_quick()) skip();
    made m = prove(&st, NULL, 0, NULL, 0, (sage_params){0});
    assert_int_equal(sage_verify(m.bytes, m.len, SAGE_DEFAULT_SECURITY_BITS, &r, NULL),
                     SAGE_OK);
    assert_int_equal(r.security_bits, 96);
    free(m.bytes);
}

static sage_status refused(const sage_statement *st,
                           const uint8_t *input,
                           size_t len,
                           sage_prove_options o,
                           sage_errinfo *err)
{
    made m;
    sage_status s = sage_prove(st, input, len, &o, &m.bytes, &m.len, err);
    assert_int_not_equal(s, SAGE_OK);
    assert_null(m.bytes);
    return s;
}

/* Proofs of Cairo programs are verified, not made: nothing starts, not even a plan. */
static void cairo_is_not_proved(void **state)
{
    const uint8_t digest_of[32] = {0};
    sage_statement st;
    sage_prove_options o = {.params = quick};
    sage_prove_cost cost;
    sage_errinfo err;
    (void)state;
    assert_int_equal(sage_statement_cairo(&st, 0, digest_of, digest_of, 0, NULL), SAGE_OK);
    assert_int_equal(refused(&st, NULL, 0, o, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "statement.cairo");
    assert_int_equal(sage_prove_plan(&st, &o, &cost, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "statement.cairo");
}

static void wrong_input(void **state)
{
    uint8_t *bytes    = pattern(100);
    sage_statement st = digest(bytes, 100), f = fibonacci(4, 5);
    sage_prove_options o = {.params = quick};
    sage_errinfo err;
    (void)state;
    bytes[50] ^= 1;
    assert_int_equal(refused(&st, bytes, 100, o, &err), SAGE_EPROOF);
    assert_string_equal(err.where, "prove.input");
    assert_int_equal(refused(&f, bytes, 100, o, &err), SAGE_EINVAL);
    free(bytes);
}

static void memory_budget(void **state)
{
    sage_statement st    = fibonacci(100, 16);
    sage_prove_options o = {.params = quick, .memory_bytes = 1 << 20};
    sage_prove_cost cost;
    sage_errinfo err;
    char number[32];
    (void)state;
    assert_int_equal(refused(&st, NULL, 0, o, &err), SAGE_ENOMEM);
    assert_string_equal(err.where, "prove.memory");
    assert_int_equal(sage_prove_plan(&st, &o, &cost, &err), SAGE_OK);
    snprintf(number, sizeof number, "%llu", (unsigned long long)cost.bytes);
    assert_non_null(strstr(err.msg, number));
    assert_non_null(strstr(err.msg, "1048576"));
}

static void unknown_backend(void **state)
{
    sage_statement st    = fibonacci(4, 5);
    sage_prove_options o = {.params = quick, .backend = "abacus"};
    (void)state;
    assert_int_equal(refused(&st, NULL, 0, o, NULL), SAGE_ENOTFOUND);
}

/* A chain whose public end is not the image of its start: the lookups of the honest witness do
 * not balance with it, and nothing is emitted. */
static void false_end(void **state)
{
    sage_statement st    = chain(6);
    sage_prove_options o = {.params = quick};
    sage_errinfo err;
    (void)state;
    st.public_words[20] ^= 1;
    assert_int_equal(refused(&st, NULL, 0, o, &err), SAGE_EPROOF);
    assert_string_equal(err.where, "prove.logup");
}

/* The 32 MiB file of the guide to limits fits in 16 GiB by the plan. */
static void large_file_fits(void **state)
{
    sage_statement st = {SAGE_STATEMENT_FILE_DIGEST, 10, {32 << 20}};
    sage_prove_cost cost;
    sage_prove_options o = {0};
    (void)state;
    assert_int_equal(sage_prove_plan(&st, &o, &cost, NULL), SAGE_OK);
    assert_true(cost.bytes < (16ull << 30));
    assert_int_equal(cost.security_bits, 96);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_fibonacci),
        cmocka_unit_test(configs),
        cmocka_unit_test(poseidon2),
        cmocka_unit_test(file_digest),
        cmocka_unit_test(file_digest_everywhere),
        cmocka_unit_test(production),
        cmocka_unit_test(cairo_is_not_proved),
        cmocka_unit_test(wrong_input),
        cmocka_unit_test(memory_budget),
        cmocka_unit_test(unknown_backend),
        cmocka_unit_test(false_end),
        cmocka_unit_test(large_file_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* FRI folds and lifted addition: against facts A12 and A7 value by value, and against vectors
 * made by the reference prover. */
#include "test_rig.h"

#include <jansson.h>

enum { MAX_LOG = 11 };

typedef struct fold_case {
    uint32_t log;
    bool circle;
    qm31 alpha;
    uint32_t *src[4], *expected[4];
} fold_case;

static void host_columns(uint32_t **col, uint32_t log, uint64_t *seed)
{
    for (int c = 0; c < 4; c++)
        col[c] = rig_random_words(seed, (size_t)1 << log);
}

static void free_columns(uint32_t **col)
{
    for (int c = 0; c < 4; c++)
        free(col[c]);
}

static void upload_columns(rig *r, uint32_t **device, uint32_t *const *host, uint32_t log)
{
    for (int c = 0; c < 4; c++)
        device[c] = rig_upload(r, host[c], (size_t)1 << log);
}

static qm31 naive_fold(const fold_case *t, uint32_t j)
{
    m31 divisor =
        t->circle ? canonic_at(t->log, 2 * j).y : line_at(t->log, bit_reverse(2 * j, t->log));
    qm31 a = rig_get(t->src, 2 * (size_t)j), b = rig_get(t->src, 2 * (size_t)j + 1);
    qm31 odd = qm31_scale(qm31_sub(a, b), m31_inv(divisor));
    return qm31_add(qm31_add(a, b), qm31_mul(t->alpha, odd));
}

static void run_fold(rig *r, const void *arg)
{
    const fold_case *t = arg;
    uint32_t *src[4], *dst[4];
    upload_columns(r, src, t->src, t->log);
    rig_columns(r, dst, 4, (size_t)1 << (t->log - 1));
    const uint32_t *const in[4] = {src[0], src[1], src[2], src[3]};
    if (t->circle)
        r->be->fold_circle(r->dev, r->tw, in, t->log, t->alpha, dst);
    else
        r->be->fold_line(r->dev, r->tw, in, t->log, t->alpha, dst);
    for (int c = 0; c < 4; c++)
        rig_expect(r, dst[c], t->expected[c], (size_t)1 << (t->log - 1));
}

static void test_folds_match_definition(void **state)
{
    uint64_t seed = 3;
    (void)state;
    for (uint32_t log = 1; log <= MAX_LOG; log++) {
        for (int circle = 0; circle < 2; circle++) {
            fold_case t = {.log = log, .circle = circle, .alpha = rig_random_q(&seed)};
            host_columns(t.src, log, &seed);
            host_columns(t.expected, log, &seed);
            for (uint32_t j = 0; j < 1u << (log - 1); j++)
                rig_put(t.expected, j, naive_fold(&t, j));
            rig_each(log + 1, 1 << 14, run_fold, &t);
            rig_each(log + 3, 1 << 14, run_fold, &t);
            free_columns(t.src);
            free_columns(t.expected);
        }
    }
}

/* Large enough for several tasks; the device is compared with the same definition. */
static void test_large_folds(void **state)
{
    uint64_t seed = 4;
    (void)state;
    for (int circle = 0; circle < 2; circle++) {
        fold_case t = {.log = 16, .circle = circle, .alpha = rig_random_q(&seed)};
        host_columns(t.src, t.log, &seed);
        host_columns(t.expected, t.log, &seed);
        for (uint32_t j = 0; j < 1u << (t.log - 1); j++)
            rig_put(t.expected, j, naive_fold(&t, j));
        rig_each(t.log + 1, 1 << 19, run_fold, &t);
        free_columns(t.src);
        free_columns(t.expected);
    }
}

/* ---- vectors ---- */

static qm31 json_q(const json_t *a)
{
    qm31 x;
    assert_int_equal(json_array_size(a), 4);
    for (int c = 0; c < 4; c++)
        x.v[c] = (uint32_t)json_integer_value(json_array_get(a, (size_t)c));
    return x;
}

static uint32_t json_columns(const json_t *rows, uint32_t *col[4])
{
    size_t n = json_array_size(rows);
    assert_true(n > 0);
    for (int c = 0; c < 4; c++) {
        col[c] = malloc(n * sizeof(uint32_t));
        assert_non_null(col[c]);
    }
    for (size_t i = 0; i < n; i++)
        rig_put(col, i, json_q(json_array_get(rows, i)));
    return (uint32_t)n;
}

static void check_vector(const json_t *src, const json_t *alpha, const json_t *dst, bool circle)
{
    fold_case t = {.alpha = json_q(alpha), .circle = circle};
    uint32_t n  = json_columns(src, t.src);
    assert_int_equal(json_columns(dst, t.expected) * 2, n);
    while (1u << t.log < n)
        t.log++;
    rig_each(t.log + 1, 1 << 14, run_fold, &t);
    free_columns(t.src);
    free_columns(t.expected);
}

static void test_reference_vectors(void **state)
{
    char path[4096];
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    (void)state;
    int len = shared ? snprintf(path, sizeof path, "%s", shared)
                     : snprintf(path, sizeof path, "%s/../shared", source ? source : ".");
    assert_in_range(len, 0, (int)sizeof path - 64);
    strcat(path, "/vectors/stwo-2.0.0/fri_fold.json");
    json_t *root = json_load_file(path, 0, NULL);
    if (!root) skip();
    const json_t *cases = json_object_get(root, "cases");
    assert_true(json_array_size(cases) > 0);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *c    = json_array_get(cases, i);
        const json_t *line = json_object_get(c, "fold_circle_into_line(dst=0)");
        check_vector(json_object_get(c, "circle_evals_bit_reversed"),
                     json_object_get(c, "alpha"), line, true);
        check_vector(line, json_object_get(c, "alpha2"), json_object_get(c, "fold_line"),
                     false);
    }
    json_decref(root);
}

/* ---- lifted addition ---- */

typedef struct lift_case {
    uint32_t log_big, log_small;
    uint32_t *big[4], *small[4], *expected[4];
} lift_case;

static void run_lift(rig *r, const void *arg)
{
    const lift_case *t = arg;
    uint32_t *big[4], *small[4];
    upload_columns(r, big, t->big, t->log_big);
    upload_columns(r, small, t->small, t->log_small);
    const uint32_t *const in[4] = {small[0], small[1], small[2], small[3]};
    r->be->lift_add(r->dev, big, t->log_big, in, t->log_small);
    for (int c = 0; c < 4; c++)
        rig_expect(r, big[c], t->expected[c], (size_t)1 << t->log_big);
}

static void test_lift_add(void **state)
{
    uint64_t seed = 5;
    (void)state;
    for (uint32_t log_big = 1; log_big <= 14; log_big += log_big < 8 ? 1 : 6) {
        for (uint32_t log_small = 1; log_small <= log_big; log_small++) {
            lift_case t = {.log_big = log_big, .log_small = log_small};
            host_columns(t.big, log_big, &seed);
            host_columns(t.small, log_small, &seed);
            host_columns(t.expected, log_big, &seed);
            for (uint32_t i = 0; i < 1u << log_big; i++) {
                uint32_t s = lift_position(i, log_big, log_small);
                rig_put(t.expected, i, qm31_add(rig_get(t.big, i), rig_get(t.small, s)));
            }
            rig_each(4, 1 << 18, run_lift, &t);
            free_columns(t.big);
            free_columns(t.small);
            free_columns(t.expected);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folds_match_definition),
        cmocka_unit_test(test_large_folds),
        cmocka_unit_test(test_reference_vectors),
        cmocka_unit_test(test_lift_add),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

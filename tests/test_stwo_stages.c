/* Published small proofs of stwo 2.0.0 (wide_fibonacci): an earlier protocol, but the trace,
 * its interpolation, the samples, the constraint sum and the composition split are ours still.
 * For each: the columns our component computes evaluate to the sampled values at the published
 * point, and the composition identity holds on the published samples. Skipped without the
 * vectors. */
#include "base/test.h"

#include <jansson.h>

#include "airs.h"
#include "backend/backend.h"
#include "stark/oods.h"

static json_t *load(const char *name)
{
    char path[1024];
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    if (shared)
        snprintf(path, sizeof path, "%s/vectors/stwo-2.0.0/proofs/%s", shared, name);
    else
        snprintf(path, sizeof path, "%s/../shared/vectors/stwo-2.0.0/proofs/%s",
                 source ? source : ".", name);
    return json_load_file(path, 0, NULL);
}

static qm31 felt_of(const json_t *q)
{
    qm31 r;
    for (size_t i = 0; i < 4; i++)
        r.v[i] = (m31)json_integer_value(json_array_get(json_array_get(q, i / 2), i % 2));
    return r;
}

/* The n-th draw of the published transcript, as a secure field element. */
static qm31 drawn(const json_t *proof, size_t n)
{
    size_t i;
    json_t *op;
    json_array_foreach(json_object_get(proof, "prover_transcript"), i, op)
    {
        if (strcmp(json_string_value(json_object_get(op, "op")), "draw_u32s") || n--) continue;
        qm31 r;
        for (size_t k = 0; k < 4; k++)
            r.v[k] = m31_reduce64(
                (uint64_t)json_integer_value(json_array_get(json_object_get(op, "out"), k)));
        return r;
    }
    fail_msg("the transcript has too few draws");
    return qm31_zero();
}

static secure_point point_of(qm31 t)
{
    qm31 s = qm31_sqr(t), d = qm31_inv(qm31_add(qm31_one(), s));
    return (secure_point){qm31_mul(qm31_sub(qm31_one(), s), d), qm31_mul(qm31_add(t, t), d)};
}

/* Samples of all trees, flat. */
static size_t samples(const json_t *proof, qm31 *out)
{
    size_t n = 0, t, c, k;
    json_t *tree, *column, *value;
    json_array_foreach(json_object_get(json_object_get(proof, "proof"), "sampled_values"), t,
                       tree) json_array_foreach(tree, c, column)
        json_array_foreach(column, k, value) out[n++] = felt_of(value);
    return n;
}

enum { MAX_COLUMNS = 128, MAX_LOG = 8 };

/* Column j of row r of the statement, straight from the recurrence. */
static void fill_columns(uint32_t *const *col, uint32_t n, uint32_t log)
{
    for (uint32_t r = 0; r < 1u << log; r++) {
        col[0][r] = 1;
        col[1][r] = r;
        for (uint32_t j = 2; j < n; j++)
            col[j][r] = m31_add(m31_sqr(col[j - 2][r]), m31_sqr(col[j - 1][r]));
    }
}

static void check_samples(uint32_t n, uint32_t log, secure_point at, const qm31 *want)
{
    const sage_backend *be;
    sage_device *dev;
    uint32_t *base, *col[MAX_COLUMNS];
    qm31 got[MAX_COLUMNS];
    assert_int_equal(sage_backend_find("scalar", &be, NULL), SAGE_OK);
    assert_int_equal(be->open(&dev, 1, NULL), SAGE_OK);
    size_t tw_words = be->twiddle_words(log), words = (size_t)n << log;
    assert_int_equal(
        be->arena(dev, (tw_words + words + be->sample_words(log)) * 4, &base, NULL), SAGE_OK);
    sage_twiddles tw = {base, log};
    for (uint32_t j = 0; j < n; j++)
        col[j] = base + tw_words + ((size_t)j << log);
    be->twiddles(dev, tw);
    fill_columns(col, n, log);
    assert_int_equal(be->sample(dev, tw, (const uint32_t *const *)col, n, log, log, at,
                                base + tw_words + words, got, NULL),
                     SAGE_OK);
    for (uint32_t j = 0; j < n; j++)
        if (!qm31_eq(got[j], want[j])) fail_msg("column %u samples to another value", j);
    be->close(dev);
}

static void
check_identity(uint32_t n, uint32_t log, qm31 rho, secure_point at, const qm31 *flat)
{
    sage_layout l        = {.n    = 1,
                            .inst = {{.air = &sage_air_wide_fibonacci, .log_rows = log, .size = n}}};
    const sage_config *c = &sage_config_test;
    sage_pcs_shape shape;
    qm31 one      = qm31_one(), changed[MAX_COLUMNS + SAGE_COMPOSITION_COLUMNS];
    void *mem     = malloc(sage_layout_shape_bytes(&l));
    void *scratch = malloc(sage_oods_bytes(&l));
    assert_true(mem && scratch);
    assert_int_equal(sage_layout_shape(&l, c, mem, &shape, NULL), SAGE_OK);
    sage_oods o = {
        .layout = &l, .shape = &shape, .sampled = flat, .alpha = &one, .rho = rho, .point = at};
    assert_int_equal(sage_oods_holds(&o, scratch, NULL), SAGE_OK);
    memcpy(changed, flat, shape.n_samples * sizeof *changed);
    changed[n - 1].v[0] ^= 1;
    o.sampled = changed;
    assert_int_equal(sage_oods_holds(&o, scratch, NULL), SAGE_EPROOF);
    free(mem);
    free(scratch);
}

static void stages(void **state)
{
    static const struct {
        const char *name;
        uint32_t columns, log;
    } proofs[] = {
        {"wide_fib_c3_log5.json", 3, 5},     {"wide_fib_c4_log5.json", 4, 5},
        {"wide_fib_c8_log5.json", 8, 5},     {"wide_fib_c100_log5.json", 100, 5},
        {"wide_fib_c100_log6.json", 100, 6}, {"wide_fib_c100_log7.json", 100, 7},
        {"wide_fib_c100_log8.json", 100, 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++) {
        qm31 flat[MAX_COLUMNS + SAGE_COMPOSITION_COLUMNS];
        json_t *p = load(proofs[i].name);
        if (!p) skip();
        uint32_t n = proofs[i].columns, log = proofs[i].log;
        qm31 rho        = drawn(p, 0);
        secure_point at = point_of(drawn(p, 1));
        assert_int_equal(samples(p, flat), n + SAGE_COMPOSITION_COLUMNS);
        check_samples(n, log, at, flat);
        check_identity(n, log, rho, at, flat);
        json_decref(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Circle FFT, extension and sampling: against the basis of facts A3 value by value, against
 * vectors made by the reference prover, and all lane widths against the scalar one. */
#include "test_rig.h"

#include <jansson.h>

enum { GUARD = 32, GUARD_WORD = 0x5eadbeef, SMALL_MAX = 9, MIN_LOG = 4 };

/* n columns of `words` words between guard words. */
static void guarded(rig *r, uint32_t **cols, uint32_t n, size_t words)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t *p = rig_words(r, words + 2 * GUARD);
        for (size_t k = 0; k < words + 2 * GUARD; k++)
            p[k] = GUARD_WORD;
        cols[i] = p + GUARD;
    }
}
static void expect_guards(uint32_t *const *cols, uint32_t n, size_t words)
{
    for (uint32_t i = 0; i < n; i++)
        for (size_t k = 0; k < GUARD; k++) {
            assert_int_equal(cols[i][-1 - (ptrdiff_t)k], GUARD_WORD);
            assert_int_equal(cols[i][words + k], GUARD_WORD);
        }
}
static void put(rig *r, uint32_t *dst, const uint32_t *host, size_t words)
{
    r->be->upload(r->dev, dst, host, words);
}

/* Value of the polynomial of 2^log coefficients at a point of the base field. */
static m31 direct(const uint32_t *coeff, uint32_t log, circle_point p)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 1u << log; i++) {
        m31 term = i & 1 ? m31_mul(coeff[i], p.y) : coeff[i], x = p.x;
        for (uint32_t j = 1; j < log; j++, x = circle_double_x(x))
            if (i >> j & 1) term = m31_mul(term, x);
        sum = m31_add(sum, term);
    }
    return sum;
}

/* ---- the definition ---- */

typedef struct definition {
    uint32_t log, blowup;
    uint32_t *coeff, *values, *ext; /* ext: on the canonic domain of log + blowup */
} definition;

static definition make_definition(uint32_t log, uint32_t blowup, const uint32_t *coeff)
{
    definition d = {log, blowup, NULL, NULL, NULL};
    d.coeff      = malloc(sizeof(uint32_t) << log);
    d.values     = malloc(sizeof(uint32_t) << log);
    d.ext        = malloc(sizeof(uint32_t) << (log + blowup));
    assert_true(d.coeff && d.values && d.ext);
    memcpy(d.coeff, coeff, sizeof(uint32_t) << log);
    for (uint32_t i = 0; i < 1u << log; i++)
        d.values[i] = direct(coeff, log, canonic_at(log, i));
    for (uint32_t i = 0; i < 1u << (log + blowup); i++)
        d.ext[i] = direct(coeff, log, canonic_at(log + blowup, i));
    return d;
}
static void free_definition(definition *d)
{
    free(d->coeff);
    free(d->values);
    free(d->ext);
}

static void check_definition(rig *r, const void *arg)
{
    const definition *d = arg;
    size_t n = (size_t)1 << d->log, big = n << d->blowup;
    uint32_t *c[1];
    guarded(r, c, 1, big);

    put(r, c[0], d->values, n);
    r->be->interpolate(r->dev, r->tw, c, 1, d->log, d->log);
    rig_expect(r, c[0], d->coeff, n);
    r->be->evaluate(r->dev, r->tw, c, 1, d->log, d->log);
    rig_expect(r, c[0], d->values, n);
    /* the first 2^log positions of the bigger domain are a circle domain of their own */
    put(r, c[0], d->ext, n);
    r->be->interpolate(r->dev, r->tw, c, 1, d->log, d->log + d->blowup);
    rig_expect(r, c[0], d->coeff, n);
    r->be->evaluate(r->dev, r->tw, c, 1, d->log, d->log + d->blowup);
    rig_expect(r, c[0], d->ext, big);
    put(r, c[0], d->values, n);
    r->be->lde(r->dev, r->tw, c, 1, d->log, d->log + d->blowup);
    rig_expect(r, c[0], d->ext, big);
    expect_guards(c, 1, big);
}

static void test_definition(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (uint32_t log = MIN_LOG; log <= SMALL_MAX; log++)
        for (uint32_t blowup = 1; blowup <= 2; blowup++) {
            uint32_t *coeff = rig_random_words(&seed, (size_t)1 << log);
            definition d    = make_definition(log, blowup, coeff);
            rig_each(log + blowup, (size_t)8 << log, check_definition, &d);
            free_definition(&d);
            free(coeff);
        }
}

/* The transform is linear, so the basis polynomials say it all. */
static void test_basis(void **state)
{
    (void)state;
    for (uint32_t log = MIN_LOG; log <= 6; log++)
        for (uint32_t i = 0; i < 1u << log; i++) {
            uint32_t coeff[64] = {0};
            definition d;
            coeff[i] = M31_P - 1;
            d        = make_definition(log, 1, coeff);
            rig_each(log + 1, (size_t)8 << log, check_definition, &d);
            free_definition(&d);
        }
}

/* ---- all sizes, against the scalar backend with one thread ---- */

typedef struct shape {
    uint32_t log, blowup, n;
} shape;

static void reference(const shape *s, uint32_t *const *in, uint32_t *const *out)
{
    const sage_backend *be;
    sage_device *dev;
    uint32_t *base;
    uint32_t log_ext = s->log + s->blowup;
    size_t tower, big = (size_t)1 << log_ext;
    assert_int_equal(sage_backend_find("scalar", &be, NULL), SAGE_OK);
    tower = be->twiddle_words(log_ext);
    assert_int_equal(be->open(&dev, 1, NULL), SAGE_OK);
    assert_int_equal(be->arena(dev, (tower + big) * sizeof(uint32_t), &base, NULL), SAGE_OK);
    sage_twiddles tw = {base, log_ext};
    uint32_t *col    = base + tower;
    be->twiddles(dev, tw);
    for (uint32_t i = 0; i < s->n; i++) {
        be->upload(dev, col, in[i], (size_t)1 << s->log);
        be->interpolate(dev, tw, &col, 1, s->log, s->log);
        be->evaluate(dev, tw, &col, 1, s->log, log_ext);
        assert_int_equal(be->download(dev, out[i], col, big, NULL), SAGE_OK);
    }
    be->close(dev);
}

typedef struct sized {
    shape s;
    uint32_t **in, **ext;
} sized;

static void check_sized(rig *r, const void *arg)
{
    const sized *t = arg;
    size_t n = (size_t)1 << t->s.log, big = n << t->s.blowup;
    uint32_t **c = calloc(t->s.n, sizeof *c);
    assert_non_null(c);
    guarded(r, c, t->s.n, big);
    for (uint32_t i = 0; i < t->s.n; i++)
        put(r, c[i], t->in[i], n);
    r->be->lde(r->dev, r->tw, c, t->s.n, t->s.log, t->s.log + t->s.blowup);
    for (uint32_t i = 0; i < t->s.n; i++)
        rig_expect(r, c[i], t->ext[i], big);
    /* and back by the two steps that the extension fuses */
    r->be->interpolate(r->dev, r->tw, c, t->s.n, t->s.log + t->s.blowup,
                       t->s.log + t->s.blowup);
    for (uint32_t i = 0; i < t->s.n; i++)
        for (size_t k = n; k < big; k++)
            assert_int_equal(c[i][k], 0);
    r->be->evaluate(r->dev, r->tw, c, t->s.n, t->s.log, t->s.log);
    for (uint32_t i = 0; i < t->s.n; i++)
        rig_expect(r, c[i], t->in[i], n);
    expect_guards(c, t->s.n, big);
    free(c);
}

static void sizes_up_to(uint32_t first, uint32_t last, uint32_t n, uint32_t blowup)
{
    uint64_t seed = 2;
    for (uint32_t log = first; log <= last; log++) {
        sized t    = {{log, blowup, n}, calloc(n, sizeof *t.in), calloc(n, sizeof *t.ext)};
        size_t big = (size_t)1 << (log + blowup);
        assert_true(t.in && t.ext);
        for (uint32_t i = 0; i < n; i++) {
            t.in[i]  = rig_random_words(&seed, (size_t)1 << log);
            t.ext[i] = malloc(big * sizeof(uint32_t));
            assert_non_null(t.ext[i]);
        }
        reference(&t.s, t.in, t.ext);
        rig_each(log + blowup, n * (big + 4 * GUARD), check_sized, &t);
        for (uint32_t i = 0; i < n; i++) {
            free(t.in[i]);
            free(t.ext[i]);
        }
        free(t.in);
        free(t.ext);
    }
}
static void test_sizes(void **state)
{
    (void)state;
    sizes_up_to(MIN_LOG, 12, 4, 1);
    sizes_up_to(13, 17, 3, 1);
    sizes_up_to(15, 16, 1, 3);
    sizes_up_to(18, 18, 1, 1);
}

/* ---- twiddles: every entry of the tower ---- */

static void check_tower(rig *r, const void *arg)
{
    (void)arg;
    for (uint32_t m = 1; m < r->tw.log_max; m++) {
        const uint32_t *t = r->tw.mem + ((size_t)1 << (m - 1));
        const uint32_t *i = t + ((size_t)1 << (r->tw.log_max - 1));
        for (uint32_t h = 0; h < 1u << (m - 1); h++) {
            /* layer 1 of the domain of m + 1 */
            m31 x = canonic_at(m + 1, 4 * h % (1u << (m + 1))).x;
            assert_int_equal(t[h], 2 * x);
            assert_int_equal(i[h] & 1, 0);
            assert_int_equal(m31_mul(i[h] / 2, x), 1);
        }
    }
}
static void test_tower(void **state)
{
    (void)state;
    for (uint32_t log = 3; log <= 17; log += 7)
        rig_each(log, 0, check_tower, NULL);
}

/* ---- sampling ---- */

typedef struct sampled {
    uint32_t log, blowup, n;
    uint32_t **coeff;
    secure_point at;
    qm31 *expected;
} sampled;

/* Horner over pairs: the value at p without listing 2^log products. */
static qm31 fold_eval(const uint32_t *coeff, uint32_t log, secure_point p)
{
    size_t n = (size_t)1 << log;
    qm31 *v  = malloc(n * sizeof *v), z[32], out;
    assert_non_null(v);
    z[0] = p.y;
    z[1] = p.x;
    for (uint32_t l = 2; l < log; l++)
        z[l] = secure_double_x(z[l - 1]);
    for (size_t i = 0; i < n; i++)
        v[i] = qm31_from(coeff[i]);
    for (uint32_t l = log; l-- > 0;)
        for (size_t i = 0; i < (size_t)1 << l; i++)
            v[i] = qm31_add(v[i], qm31_mul(z[l], v[i + ((size_t)1 << l)]));
    out = v[0];
    free(v);
    return out;
}

static void check_sample(rig *r, const void *arg)
{
    const sampled *t = arg;
    size_t n = (size_t)1 << t->log, big = n << t->blowup;
    uint32_t **c = calloc(t->n, sizeof *c), *scratch;
    qm31 *out    = calloc(t->n, sizeof *out);
    assert_true(c && out);
    rig_columns(r, c, t->n, big);
    scratch = rig_words(r, r->be->sample_words(t->log));
    for (uint32_t i = 0; i < t->n; i++)
        put(r, c[i], t->coeff[i], n);
    r->be->evaluate(r->dev, r->tw, c, t->n, t->log, t->log + t->blowup);
    assert_int_equal(r->be->sample(r->dev, r->tw, (const uint32_t *const *)c, t->n, t->log,
                                   t->log + t->blowup, t->at, scratch, out, NULL),
                     SAGE_OK);
    for (uint32_t i = 0; i < t->n; i++)
        assert_memory_equal(&out[i], &t->expected[i], sizeof out[i]);
    free(c);
    free(out);
}

static void sample_case(uint32_t log, uint32_t blowup, uint32_t n, uint64_t *seed)
{
    sampled t  = {.log = log, .blowup = blowup, .n = n, .at = rig_random_point(seed)};
    t.coeff    = calloc(n, sizeof *t.coeff);
    t.expected = calloc(n, sizeof *t.expected);
    assert_true(t.coeff && t.expected);
    for (uint32_t i = 0; i < n; i++) {
        t.coeff[i]    = rig_random_words(seed, (size_t)1 << log);
        t.expected[i] = fold_eval(t.coeff[i], log, t.at);
        if (log <= 8) {
            qm31 slow = rig_eval(t.coeff[i], log, t.at);
            assert_memory_equal(&slow, &t.expected[i], sizeof slow);
        }
    }
    rig_each(log + blowup, n * ((size_t)1 << (log + blowup)) + (1 << 18), check_sample, &t);
    for (uint32_t i = 0; i < n; i++)
        free(t.coeff[i]);
    free(t.coeff);
    free(t.expected);
}
static void test_sample(void **state)
{
    uint64_t seed = 3;
    (void)state;
    for (uint32_t log = MIN_LOG; log <= 13; log++)
        sample_case(log, 1, 3, &seed);
    sample_case(10, 2, 2, &seed);
    sample_case(4, 1, 600, &seed); /* more columns than one group */
}

/* ---- the reference prover's vectors ---- */

static uint32_t *words_of(json_t *list, size_t *n)
{
    *n          = json_array_size(list);
    uint32_t *w = malloc(*n * sizeof *w);
    assert_true(*n > 0 && w);
    for (size_t i = 0; i < *n; i++)
        w[i] = (uint32_t)json_integer_value(json_array_get(list, i));
    return w;
}
static qm31 qm31_of_json(json_t *list)
{
    qm31 x;
    for (size_t i = 0; i < 4; i++)
        x.v[i] = (uint32_t)json_integer_value(json_array_get(list, i));
    return x;
}

static void check_vector(rig *r, const void *arg)
{
    json_t *v    = (json_t *)(uintptr_t)arg;
    uint32_t log = (uint32_t)json_integer_value(json_object_get(v, "log"));
    json_t *at   = json_object_get(v, "eval_point");
    size_t n, big;
    uint32_t *values = words_of(json_object_get(v, "values_bit_reversed"), &n);
    uint32_t *coeffs = words_of(json_object_get(v, "coeffs"), &n);
    uint32_t *ext    = words_of(json_object_get(v, "lde_blowup2_bit_reversed"), &big);
    uint32_t *c[1], *scratch = rig_words(r, r->be->sample_words(log));
    secure_point point = {qm31_of_json(json_object_get(at, "x")),
                          qm31_of_json(json_object_get(at, "y"))};
    qm31 expected      = qm31_of_json(json_object_get(v, "eval_at_point")), got;
    assert_int_equal(n, (size_t)1 << log);
    assert_int_equal(big, 2 * n);
    rig_columns(r, c, 1, big);
    put(r, c[0], values, n);
    assert_int_equal(r->be->sample(r->dev, r->tw, (const uint32_t *const *)c, 1, log, log,
                                   point, scratch, &got, NULL),
                     SAGE_OK);
    assert_memory_equal(&got, &expected, sizeof got);
    r->be->interpolate(r->dev, r->tw, c, 1, log, log);
    rig_expect(r, c[0], coeffs, n);
    put(r, c[0], values, n);
    r->be->lde(r->dev, r->tw, c, 1, log, log + 1);
    rig_expect(r, c[0], ext, big);
    free(values);
    free(coeffs);
    free(ext);
}

static void test_vectors(void **state)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    json_t *all, *v;
    size_t i;
    (void)state;
    if (shared)
        snprintf(path, sizeof path, "%s/vectors/stwo-2.0.0/fft.json", shared);
    else
        snprintf(path, sizeof path, "%s/../shared/vectors/stwo-2.0.0/fft.json",
                 source ? source : ".");
    all = json_load_file(path, 0, NULL);
    if (!all) {
        print_message("skipped: no vectors at %s\n", path);
        skip();
    }
    assert_true(json_array_size(json_object_get(all, "cases")) >= 6);
    json_array_foreach(json_object_get(all, "cases"), i, v) rig_each(
        (uint32_t)json_integer_value(json_object_get(v, "log")) + 1, 1 << 19, check_vector, v);
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tower),  cmocka_unit_test(test_definition),
        cmocka_unit_test(test_basis),  cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_sample), cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

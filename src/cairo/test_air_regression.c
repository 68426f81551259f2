/* The two components that the Cairo-language verifier publishes no sum for (test_air_vectors.c),
 * against the regression values of stwo-cairo 2b1fb4d, crates/cairo-air/src/components/
 * constraints_regression_test_values.rs: at values that are hashes of what they stand for, the
 * sum of all constraints, each times four random words of a seeded generator. */
#include "base/test.h"

#include "cairo_airs.h"

enum { LOG_ROWS = 4, MAX_PAIRS = 8, MAX_COLUMNS = 32, MAX_PRE = 4 };

static uint64_t rotate(uint64_t x, uint32_t n)
{
    return x << n | x >> (64 - n);
}

/* --- SipHash-1-3 under the zero key: how the published point names its values --- */

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* A length below 256. */
static uint64_t siphash(const uint8_t *text, size_t len)
{
    uint64_t v[4] = {0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261,
                     0x7465646279746573};
    size_t at     = 0;
    for (; at + 8 <= len; at += 8) {
        uint64_t word = 0;
        for (uint32_t k = 0; k < 8; k++)
            word |= (uint64_t)text[at + k] << 8 * k;
        sip_word(v, word);
    }
    uint64_t tail = (uint64_t)len << 56;
    for (uint32_t k = 0; at + k < len; k++)
        tail |= (uint64_t)text[at + k] << 8 * k;
    sip_word(v, tail);
    v[2] ^= 0xff;
    sip_round(v), sip_round(v), sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static m31 reduced(uint64_t hash)
{
    return (uint32_t)hash % M31_P;
}

static m31 named(const char *name)
{
    uint8_t text[72] = {0}; /* eight bytes of salt, which is 0, the name, 0xff */
    size_t len       = strlen(name);
    assert_true(len < sizeof text - 8);
    memcpy(text + 8, name, len);
    text[8 + len] = 0xff;
    return reduced(siphash(text, len + 9));
}

/* A column by tree (1: trace, 2: interaction), number over both trees, and row offset. */
static m31 column(uint64_t tree, uint64_t number, int64_t offset)
{
    uint64_t words[4] = {0, tree, number, (uint64_t)offset};
    uint8_t text[32];
    for (uint32_t i = 0; i < 32; i++)
        text[i] = (uint8_t)(words[i / 8] >> 8 * (i % 8));
    return reduced(siphash(text, sizeof text));
}

static qm31 secure_column(uint64_t number, int64_t offset)
{
    qm31 x;
    for (uint64_t c = 0; c < 4; c++)
        x.v[c] = column(2, number + c, offset);
    return x;
}

/* --- the weights: xoshiro256++ seeded by splitmix64 from 0 --- */

static void seed_weights(uint64_t s[4])
{
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
        z          = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z          = (z ^ z >> 27) * 0x94d049bb133111eb;
        s[i]       = z ^ z >> 31;
    }
}

static uint32_t random32(uint64_t s[4])
{
    uint64_t r = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return (uint32_t)(r >> 32);
}

/* Below p: the high word of a random word times p, and once more where that is biased. */
static m31 random_m31(uint64_t s[4])
{
    uint64_t t = (uint64_t)random32(s) * M31_P;
    if ((uint32_t)t > 0u - M31_P) t += (uint64_t)random32(s) * M31_P >> 32;
    return (m31)(t >> 32);
}

/* --- single constraints --- */

typedef struct point {
    qm31 pre[MAX_PRE], trace[MAX_COLUMNS], inter[MAX_PAIRS], alpha[SAGE_AIR_MAX_ARITY + 1];
    m31 rows;
    sage_air_mask mask;
} point;

static qm31 preprocessed(const sage_air_pre *pre)
{
    char name[32];
    if (pre->kind == SAGE_PRE_SEQ)
        snprintf(name, sizeof name, "seq_%u", pre->log ? (unsigned)pre->log : LOG_ROWS);
    else
        snprintf(name, sizeof name, "bitwise_xor_%u_%u", (unsigned)pre->widths,
                 (unsigned)pre->index);
    return qm31_from(named(name));
}

/* The published point weighs the relation's id by a value of its own too; that moves z. */
static qm31 shifted_z(m31 id)
{
    m31 weight = m31_sub(named("CommonLookupElements_alpha0"), 1);
    return qm31_from(m31_sub(named("CommonLookupElements_z"), m31_mul(weight, id)));
}

static void make_point(point *p, const sage_air *air)
{
    uint32_t n_trace = air->trace.base, n_pairs = air->pairs.base;
    assert_true(air->n_pre <= MAX_PRE && n_trace <= MAX_COLUMNS && n_pairs <= MAX_PAIRS);
    assert_int_equal(air->n_relations, 1);
    assert_int_equal(air->asserts.base, 0);
    for (uint32_t i = 0; i < air->n_pre; i++)
        p->pre[i] = preprocessed(&air->pre[i]);
    for (uint32_t i = 0; i < n_trace; i++)
        p->trace[i] = qm31_from(column(1, i, 0));
    for (uint32_t i = 0; i < n_pairs; i++)
        p->inter[i] = secure_column(n_trace + 4 * i, 0);
    for (uint32_t i = 0; i <= SAGE_AIR_MAX_ARITY; i++) {
        char name[40];
        snprintf(name, sizeof name, "CommonLookupElements_alpha%u", (unsigned)i);
        p->alpha[i] = qm31_from(named(name));
    }
    p->rows   = 1u << LOG_ROWS;
    m31 shift = m31_mul(named("claimed_sum"), m31_inv(named("column_size")));
    p->mask   = (sage_air_mask){.pre        = p->pre,
                                .trace      = p->trace,
                                .inter      = p->inter,
                                .inter_prev = secure_column(n_trace + 4 * (n_pairs - 1), -1),
                                .params     = &p->rows,
                                .alpha      = p->alpha,
                                .z          = shifted_z(air->relations[0].id),
                                .shift      = qm31_from(shift)};
}

static qm31 sum_at(const sage_air *air, const sage_air_mask *mask, m31 rho)
{
    qm31 *regs = calloc(air->code_regs, sizeof *regs), sum = qm31_zero();
    assert_non_null(regs);
    assert_int_equal(sage_air_at_point(air, mask, qm31_from(rho), regs, &sum), SAGE_OK);
    free(regs);
    return sum;
}

/* The constraints are the coefficients of their Horner sum as a polynomial in rho, the first
 * one the highest: here by Newton's interpolation at rho = 0, 1, .. n - 1. c: n values. */
static void single_constraints(const sage_air *air, const sage_air_mask *mask, qm31 *c)
{
    uint32_t n = air->pairs.base;
    qm31 d[MAX_PAIRS];
    for (uint32_t i = 0; i < n; i++)
        d[i] = sum_at(air, mask, i);
    for (uint32_t k = 1; k < n; k++) /* divided differences */
        for (uint32_t i = n - 1; i >= k; i--)
            d[i] = qm31_scale(qm31_sub(d[i], d[i - 1]), m31_inv(k));
    for (uint32_t i = 0; i < n; i++) /* the polynomial, c[n - 1] its constant term */
        c[i] = qm31_zero();
    for (uint32_t k = n; k-- > 0;) {
        for (uint32_t i = 0; i + 1 < n; i++) /* times rho - k */
            c[i] = qm31_sub(c[i + 1], qm31_scale(c[i], k));
        c[n - 1] = qm31_sub(d[k], qm31_scale(c[n - 1], k));
    }
}

typedef struct expected {
    const char *name;
    qm31 sum;
} expected;

/* The last one, which has a published sum of the other kind too, checks this test. */
static const expected components[] = {
    {"verify_bitwise_xor_12", {{746364129, 1925104988, 1372741568, 1157223207}}},
    {"memory_address_to_id", {{1460493255, 551209186, 489757161, 239600975}}},
    {"range_check_6", {{675291943, 666099435, 2137271737, 1940085756}}},
};

static const sage_air *air_of(const char *name)
{
    for (const sage_air *const *a = sage_cairo_airs; *a; a++)
        if (!strcmp((*a)->name, name)) return *a;
    fail_msg("%s is not here", name);
    return NULL;
}

static void test_weighted_sum(void **state)
{
    const expected *e   = *state;
    const sage_air *air = air_of(e->name);
    point p;
    make_point(&p, air);
    qm31 c[MAX_PAIRS], sum = qm31_zero();
    single_constraints(air, &p.mask, c);
    uint64_t s[4];
    seed_weights(s);
    for (uint32_t i = 0; i < air->pairs.base; i++) {
        qm31 weight;
        for (uint32_t k = 0; k < 4; k++)
            weight.v[k] = random_m31(s);
        sum = qm31_add(sum, qm31_mul(c[i], weight));
    }
    for (uint32_t k = 0; k < 4; k++)
        assert_int_equal(sum.v[k], e->sum.v[k]);
}

int main(void)
{
    enum { N = sizeof components / sizeof *components };
    struct CMUnitTest tests[N];
    for (uint32_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name          = components[i].name,
                                       .test_func     = test_weighted_sum,
                                       .initial_state = (void *)(uintptr_t)&components[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

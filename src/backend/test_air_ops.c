/* Witness, counts, constraints and LogUp on components written by hand (test_air_kernels.h). */
#include "test_rig.h"

#include "field/felt252.h"
#include "test_air_kernels.h"

static const sage_air tiny = {
    .name    = "tiny",
    .trace   = {3, 0},
    .asserts = {1, 0},
    .pairs   = {2, 0},
    .inputs  = {2, 0},
};
static const sage_air many   = {.name = "many", .sized = 1, .trace = {2, 0}, .pairs = {0, 1}};
static const sage_air absent = {.name = "absent", .pairs = {1, 0}};

enum { MAX_SIZE = 300, MAX_TRACE = 3 };

/* ---- the fractions again, by the text of test_air_kernels.h ---- */

typedef struct logup_case {
    const sage_air *air;
    uint32_t log_rows, size;
    uint32_t *trace[MAX_TRACE];
    qm31 alpha[3], z;
    bool zero; /* a denominator is zero */
} logup_case;

typedef struct fraction {
    qm31 num, den;
} fraction;

static qm31 combine(const logup_case *t, m31 id, m31 x, m31 y)
{
    qm31 d = qm31_add(qm31_scale(t->alpha[1], x), qm31_scale(t->alpha[2], y));
    return qm31_sub(qm31_add(d, qm31_from(id)), t->z);
}

static fraction fraction_at(const logup_case *t, uint32_t row, uint32_t pair)
{
    m31 a = t->trace[0][row], b = t->trace[1][row], c = t->trace[2][row];
    if (t->size) return (fraction){qm31_from(m31_add(a, pair)), combine(t, pair, a, b)};
    if (pair) return (fraction){qm31_one(), combine(t, TINY_ID0, c, a)};
    qm31 d0 = combine(t, TINY_ID0, a, b), d1 = combine(t, TINY_ID1, b, c);
    return (fraction){qm31_sub(qm31_scale(d1, a), d0), qm31_mul(d0, d1)};
}

/* ---- what facts A8 demands of the columns ---- */

static qm31 download_q(rig *r, uint32_t *const *col, size_t i)
{
    qm31 x;
    for (int c = 0; c < 4; c++)
        assert_int_equal(r->be->download(r->dev, &x.v[c], col[c] + i, 1, NULL), SAGE_OK);
    return x;
}

static qm31 naive_claimed(const logup_case *t, uint32_t pairs)
{
    qm31 sum = qm31_zero();
    for (uint32_t row = 0; row < 1u << t->log_rows; row++) {
        for (uint32_t b = 0; b < pairs; b++) {
            fraction f = fraction_at(t, row, b);
            sum        = qm31_add(sum, qm31_mul(f.num, qm31_inv(f.den)));
        }
    }
    return sum;
}

/* Every LogUp constraint on every row; the last column's first row is preceded by its last. */
static void
check_columns(rig *r, const logup_case *t, uint32_t *const *inter, uint32_t pairs, qm31 claimed)
{
    uint32_t n = 1u << t->log_rows;
    qm31 shift = qm31_scale(claimed, m31_inv_pow2(t->log_rows));
    for (uint32_t c = 0; c < n; c++) {
        uint32_t row  = coset_position(c, t->log_rows);
        uint32_t prev = coset_position((c + n - 1) % n, t->log_rows);
        qm31 left     = qm31_zero();
        for (uint32_t b = 0; b < pairs; b++) {
            qm31 value = download_q(r, inter + 4 * (size_t)b, row),
                 step  = qm31_sub(value, left);
            fraction f = fraction_at(t, row, b);
            if (b == pairs - 1)
                step =
                    qm31_add(qm31_sub(step, download_q(r, inter + 4 * (size_t)b, prev)), shift);
            assert_true(qm31_eq(qm31_mul(step, f.den), f.num));
            left = value;
        }
    }
    /* the constraints leave a constant open; a prefix sum ends at zero */
    uint32_t last = coset_position(n - 1, t->log_rows);
    assert_true(qm31_is_zero(download_q(r, inter + 4 * (size_t)(pairs - 1), last)));
}

static void run_logup(rig *r, const void *arg)
{
    const logup_case *t = arg;
    size_t n            = (size_t)1 << t->log_rows;
    uint32_t *trace[MAX_TRACE], *inter[4 * MAX_SIZE];
    uint32_t pairs     = sage_air_at(t->air->pairs, t->size);
    sage_air_rows rows = {.log_rows = t->log_rows,
                          .size     = t->size,
                          .trace    = trace,
                          .inter    = inter,
                          .alpha    = t->alpha,
                          .z        = t->z};
    sage_errinfo err;
    qm31 claimed;
    for (int i = 0; i < MAX_TRACE; i++)
        trace[i] = rig_upload(r, t->trace[i], n);
    rig_columns(r, inter, 4 * pairs, n);
    uint32_t *scratch = rig_words(r, r->be->logup_words(t->air, t->log_rows));
    sage_status st    = r->be->logup(r->dev, t->air, &rows, scratch, &claimed, &err);
    if (t->zero) {
        assert_int_equal(st, SAGE_EPROOF);
        assert_string_equal(err.where, "prove.logup.zero");
        return;
    }
    assert_int_equal(st, SAGE_OK);
    assert_true(qm31_eq(claimed, naive_claimed(t, pairs)));
    check_columns(r, t, inter, pairs, claimed);
}

static void each_logup(
    const sage_air *air, uint32_t log_rows, uint32_t size, uint64_t *seed, uint32_t zero_row)
{
    logup_case t   = {.air = air, .log_rows = log_rows, .size = size, .z = rig_random_q(seed)};
    uint32_t pairs = sage_air_at(air->pairs, size);
    for (int i = 0; i < MAX_TRACE; i++)
        t.trace[i] = rig_random_words(seed, (size_t)1 << log_rows);
    t.alpha[0] = qm31_one();
    t.alpha[1] = rig_random_q(seed);
    t.alpha[2] = qm31_mul(t.alpha[1], t.alpha[1]);
    if (zero_row < 1u << log_rows) {
        t.z    = qm31_add(t.z, fraction_at(&t, zero_row, pairs - 1).den);
        t.zero = true;
    }
    rig_each(4, ((size_t)4 * pairs + MAX_TRACE + 2) << log_rows, run_logup, &t);
    for (int i = 0; i < MAX_TRACE; i++)
        free(t.trace[i]);
}

static const uint32_t NO_ZERO = UINT32_MAX;

static void test_logup(void **state)
{
    uint64_t seed = 6;
    (void)state;
    for (uint32_t log = 4; log <= 9; log++)
        each_logup(&tiny, log, 0, &seed, NO_ZERO);
    each_logup(&tiny, 14, 0, &seed, NO_ZERO);
}

static void test_logup_many_pairs(void **state)
{
    uint64_t seed = 7;
    (void)state;
    each_logup(&many, 4, MAX_SIZE, &seed, NO_ZERO);
    each_logup(&many, 6, 65, &seed, NO_ZERO);
    each_logup(&many, 10, 1, &seed, NO_ZERO);
}

static void test_logup_zero_denominator(void **state)
{
    uint64_t seed = 8;
    (void)state;
    each_logup(&tiny, 4, 0, &seed, 0);
    each_logup(&tiny, 4, 0, &seed, 15);
    each_logup(&tiny, 11, 0, &seed, 1234);
    each_logup(&many, 5, 3, &seed, 17);
}

/* ---- witness and constraints ---- */

typedef struct row_case {
    uint32_t log_rows;
    uint32_t *in[2], *eval[3], *acc[4];
    qm31 coef;
    m31 vanish_inv[2];
} row_case;

static void run_rows(rig *r, const void *arg)
{
    const row_case *t = arg;
    uint32_t n        = 1u << t->log_rows, *in[2], *trace[3], *acc[4], *expected[4];
    in[0]             = rig_upload(r, t->in[0], n);
    in[1]             = rig_upload(r, t->in[1], n);
    rig_columns(r, trace, 3, n);
    sage_air_rows rows = {
        .log_rows = t->log_rows, .inputs = (const uint32_t *const *)in, .trace = trace};
    assert_int_equal(r->be->witness(r->dev, &tiny, &rows, NULL), SAGE_OK);
    uint32_t *product = rig_random_words(&(uint64_t){9}, n);
    for (uint32_t i = 0; i < n; i++)
        product[i] = m31_mul(t->in[0][i], t->in[1][i]);
    rig_expect(r, trace[0], t->in[0], n);
    rig_expect(r, trace[1], t->in[1], n);
    rig_expect(r, trace[2], product, n);
    free(product);

    for (int i = 0; i < 3; i++)
        trace[i] = rig_upload(r, t->eval[i], 2 * (size_t)n);
    for (int c = 0; c < 4; c++) {
        acc[c]      = rig_upload(r, t->acc[c], 2 * (size_t)n);
        expected[c] = malloc(2 * (size_t)n * sizeof(uint32_t));
        assert_non_null(expected[c]);
    }
    rows.log_eval      = t->log_rows + 1;
    rows.acc           = acc;
    rows.coef          = &t->coef;
    rows.vanish_inv[0] = t->vanish_inv[0];
    rows.vanish_inv[1] = t->vanish_inv[1];
    assert_int_equal(r->be->constraints(r->dev, &tiny, &rows, NULL), SAGE_OK);
    for (uint32_t i = 0; i < 2 * n; i++) {
        m31 c = m31_sub(t->eval[2][i], m31_mul(t->eval[0][i], t->eval[1][i]));
        c     = m31_mul(c, t->vanish_inv[i >> t->log_rows]);
        rig_put(expected, i, qm31_add(rig_get(t->acc, i), qm31_scale(t->coef, c)));
    }
    for (int c = 0; c < 4; c++) {
        rig_expect(r, acc[c], expected[c], 2 * (size_t)n);
        free(expected[c]);
    }
}

static void test_witness_and_constraints(void **state)
{
    uint64_t seed = 10;
    (void)state;
    for (uint32_t log = 4; log <= 12; log += 4) {
        row_case t = {.log_rows = log, .coef = rig_random_q(&seed)};
        for (int i = 0; i < 2; i++) {
            t.in[i]         = rig_random_words(&seed, (size_t)1 << log);
            t.vanish_inv[i] = rig_random(&seed);
        }
        for (int i = 0; i < 3; i++)
            t.eval[i] = rig_random_words(&seed, (size_t)2 << log);
        for (int i = 0; i < 4; i++)
            t.acc[i] = rig_random_words(&seed, (size_t)2 << log);
        rig_each(4, (size_t)32 << log, run_rows, &t);
        for (int i = 0; i < 2; i++)
            free(t.in[i]);
        for (int i = 0; i < 3; i++)
            free(t.eval[i]);
        for (int i = 0; i < 4; i++)
            free(t.acc[i]);
    }
}

/* ---- looking things up ---- */

static const sage_air_relation looked[] = {
    {.name = "First", .counted = 1}, {.name = "Other"}, {.name = "Third", .counted = 1}};
static const sage_air looker = {.name         = "looker",
                                .trace        = {LOOK_TRACE, 0},
                                .inputs       = {LOOK_INPUTS, 0},
                                .relations    = looked,
                                .n_relations  = 3,
                                .feed_columns = LOOK_FEED};

/* Behind each table lie AFTER words that belong to nothing and must not be read. */
enum { IDS = 37, SMALL = 21, BIG = 9, AFTER = 64, LOW = 50, HIGH = 10 };

typedef struct look_case {
    uint32_t log_rows, n_active;
    uint32_t *ids, *small, *big;
    uint32_t *in[LOOK_INPUTS], *trace[LOOK_TRACE], *feed[LOOK_FEED];
    uint32_t low[LOW], high[HIGH], third_low[LOW], third_high[HIGH]; /* the counters after */
} look_case;

/* A number below `n` mostly, and now and then any field value. */
static uint32_t near_table(uint64_t *seed, uint32_t base, uint32_t n)
{
    uint32_t x = rig_random(seed);
    return rig_random(seed) % 16 ? base + x % n : x;
}

static uint32_t *any_words(uint64_t *seed, size_t n)
{
    uint32_t *p = malloc(n * sizeof *p);
    assert_non_null(p);
    for (size_t i = 0; i < n; i++)
        p[i] = rig_random(seed) ^ rig_random(seed) << 1;
    return p;
}

static void naive_value(const look_case *t, uint32_t id, uint32_t v[8])
{
    memset(v, 0, 8 * sizeof *v);
    if (id < SMALL) memcpy(v, t->small + (size_t)4 * id, 4 * sizeof *v);
    if (id >= SAGE_AIR_BIG_ID && id - SAGE_AIR_BIG_ID < BIG)
        memcpy(v, t->big + (size_t)8 * (id - SAGE_AIR_BIG_ID), 8 * sizeof *v);
}

static felt252 felt_of(const uint32_t w[8])
{
    uint64_t limbs[4];
    for (int j = 0; j < 4; j++)
        limbs[j] = w[2 * j] | (uint64_t)w[2 * j + 1] << 32;
    return felt252_from_limbs(limbs);
}

static void expect_felt(look_case *t, uint32_t column, size_t row, felt252 x)
{
    uint32_t words[8];
    felt252_to_words(x, words);
    for (uint32_t j = 0; j < 8; j++)
        t->trace[column + j][row] = words[j] % M31_P;
}

static void naive_row(look_case *t, uint32_t row)
{
    uint32_t address = t->in[0][row], x = t->in[2][row], key = t->in[3][row];
    uint32_t enabled = row < t->n_active, times = t->in[4][row], v[8], w[8];
    uint32_t id                 = address < IDS ? t->ids[address] : 0;
    t->trace[LOOK_ENABLER][row] = enabled;
    t->trace[LOOK_ROW][row]     = row;
    t->trace[LOOK_ID][row]      = id;
    t->trace[LOOK_INVERSE][row] = x ? m31_inv(x) : 0;
    t->trace[LOOK_KEY][row]     = key;
    t->trace[LOOK_TIMES][row]   = times;
    t->feed[0][row]             = m31_add(row, x);
    t->feed[1][row]             = id;
    naive_value(t, t->in[1][row], v);
    for (uint32_t j = 0; j < 8; j++) {
        w[j]                          = x * look_factor(j);
        t->trace[LOOK_VALUE + j][row] = v[j] % M31_P;
    }
    felt252 a = felt_of(v), b = felt_of(w);
    expect_felt(t, LOOK_ADD, row, felt252_add(a, b));
    expect_felt(t, LOOK_SUB, row, felt252_sub(a, b));
    expect_felt(t, LOOK_MUL, row, felt252_mul(a, b));
    expect_felt(t, LOOK_DIV, row, felt252_mul(a, felt252_inv(b)));
    if (key < LOW) {
        t->low[key] = m31_add(t->low[key], times);
        t->third_low[key] += 2 * enabled;
    } else {
        t->high[key - SAGE_AIR_BIG_ID] = m31_add(t->high[key - SAGE_AIR_BIG_ID], times);
        t->third_high[key - SAGE_AIR_BIG_ID] += 2 * enabled;
    }
}

/* Keys have counters in rows that count; in those that do not, they may be anything. */
static void fill_look(look_case *t, uint64_t *seed)
{
    const size_t n = (size_t)1 << t->log_rows;
    t->ids         = rig_random_words(seed, IDS + AFTER);
    t->small       = any_words(seed, 4 * SMALL + AFTER);
    t->big         = any_words(seed, 8 * BIG + AFTER);
    for (uint32_t i = 0; i < LOOK_INPUTS; i++)
        t->in[i] = rig_random_words(seed, n);
    for (uint32_t i = 0; i < LOOK_TRACE; i++)
        t->trace[i] = rig_random_words(seed, n);
    for (uint32_t i = 0; i < LOOK_FEED; i++)
        t->feed[i] = rig_random_words(seed, n);
    for (size_t row = 0; row < n; row++) {
        t->in[0][row] = near_table(seed, 0, IDS + 20);
        t->in[1][row] = rig_random(seed) % 2 ? near_table(seed, 0, SMALL + 9)
                                             : near_table(seed, SAGE_AIR_BIG_ID, BIG + 4);
        t->in[3][row] = rig_random(seed) % 3 ? rig_random(seed) % LOW
                                             : SAGE_AIR_BIG_ID + rig_random(seed) % HIGH;
        naive_row(t, (uint32_t)row);
    }
}

static void free_look(look_case *t)
{
    free(t->ids);
    free(t->small);
    free(t->big);
    for (uint32_t i = 0; i < LOOK_INPUTS; i++)
        free(t->in[i]);
    for (uint32_t i = 0; i < LOOK_TRACE; i++)
        free(t->trace[i]);
    for (uint32_t i = 0; i < LOOK_FEED; i++)
        free(t->feed[i]);
}

typedef struct look_rig {
    uint32_t *in[LOOK_INPUTS], *trace[LOOK_TRACE], *feed[LOOK_FEED];
    sage_air_memory memory;
    sage_air_rows rows;
} look_rig;

static void look_witness(rig *r, const look_case *t, look_rig *d)
{
    const size_t n = (size_t)1 << t->log_rows;
    for (uint32_t i = 0; i < LOOK_INPUTS; i++)
        d->in[i] = rig_upload(r, t->in[i], n);
    rig_columns(r, d->trace, LOOK_TRACE, n);
    rig_columns(r, d->feed, LOOK_FEED, n);
    d->memory = (sage_air_memory){.id      = rig_upload(r, t->ids, IDS + AFTER),
                                  .small   = rig_upload(r, t->small, 4 * SMALL + AFTER),
                                  .big     = rig_upload(r, t->big, 8 * BIG + AFTER),
                                  .n_ids   = IDS,
                                  .n_small = SMALL,
                                  .n_big   = BIG};
    d->rows   = (sage_air_rows){.log_rows = t->log_rows,
                                .n_active = t->n_active,
                                .memory   = &d->memory,
                                .feed     = d->feed,
                                .inputs   = (const uint32_t *const *)d->in,
                                .trace    = d->trace};
    assert_int_equal(r->be->witness(r->dev, &looker, &d->rows, NULL), SAGE_OK);
}

static sage_air_counters counters_of(rig *r, uint32_t low, uint32_t high)
{
    sage_air_counters to = {.n_low = low, .n_high = high};
    to.low               = rig_words(r, LOW);
    to.high              = rig_words(r, HIGH);
    r->be->zero(r->dev, to.low, LOW);
    r->be->zero(r->dev, to.high, HIGH);
    return to;
}

static void run_look(rig *r, const void *arg)
{
    const look_case *t = arg;
    const size_t n     = (size_t)1 << t->log_rows;
    look_rig d;
    look_witness(r, t, &d);
    for (uint32_t i = 0; i < LOOK_TRACE; i++)
        rig_expect(r, d.trace[i], t->trace[i], n);
    for (uint32_t i = 0; i < LOOK_FEED; i++)
        rig_expect(r, d.feed[i], t->feed[i], n);

    sage_air_counters to[3] = {
        counters_of(r, LOW, HIGH), {.low = NULL}, counters_of(r, LOW, HIGH)};
    assert_int_equal(r->be->count(r->dev, &looker, &d.rows, to, NULL), SAGE_OK);
    rig_expect(r, to[0].low, t->low, LOW);
    rig_expect(r, to[0].high, t->high, HIGH);
    rig_expect(r, to[2].low, t->third_low, LOW);
    rig_expect(r, to[2].high, t->third_high, HIGH);

    /* a relation that nobody counts is left alone, the others get their second helping */
    to[0].low = NULL;
    assert_int_equal(r->be->count(r->dev, &looker, &d.rows, to, NULL), SAGE_OK);
    uint32_t twice[LOW];
    for (uint32_t i = 0; i < LOW; i++)
        twice[i] = 2 * t->third_low[i];
    rig_expect(r, to[2].low, twice, LOW);
    rig_expect(r, to[0].high, t->high, HIGH);
}

static void test_lookups(void **state)
{
    uint64_t seed = 77;
    (void)state;
    for (uint32_t log = 4; log <= 10; log += 3) {
        look_case t = {.log_rows = log, .n_active = (1u << log) - 5};
        fill_look(&t, &seed);
        rig_each(4, (size_t)(LOOK_INPUTS + LOOK_TRACE + LOOK_FEED) << log, run_look, &t);
        free_look(&t);
    }
}

static void expect_missing(rig *r, look_rig *d, sage_air_counters *to, const char *table)
{
    sage_errinfo err = {0};
    assert_int_equal(r->be->count(r->dev, &looker, &d->rows, to, &err), SAGE_EPROOF);
    assert_string_equal(err.where, "witness.count");
    assert_non_null(strstr(err.msg, table));
}

/* Tables one key short, of the one half or the other; then key 2^30 - 1, which only a row
 * has that does not count. */
static void run_missing(rig *r, const void *arg)
{
    const look_case *t = arg;
    look_rig d;
    look_witness(r, t, &d);
    sage_air_counters to[3] = {
        counters_of(r, LOW, HIGH), {.low = NULL}, counters_of(r, LOW - 1, HIGH)};
    expect_missing(r, &d, to, "Third");
    to[0].n_high--;
    expect_missing(r, &d, to, "First"); /* the first of two */
    uint32_t last;
    assert_int_equal(r->be->download(r->dev, &last, to[2].low + LOW - 1, 1, NULL), SAGE_OK);
    assert_int_equal(last, 0);

    const uint32_t zero = 0, wild = SAGE_AIR_BIG_ID - 1;
    to[0].n_high = HIGH;
    to[2].low    = NULL;
    r->be->upload(r->dev, d.trace[LOOK_KEY] + 3, &wild, 1);
    expect_missing(r, &d, to, "First");
    r->be->upload(r->dev, d.trace[LOOK_TIMES] + 3, &zero, 1);
    assert_int_equal(r->be->count(r->dev, &looker, &d.rows, to, NULL), SAGE_OK);
}

static void test_missing_keys(void **state)
{
    uint64_t seed = 78;
    look_case t   = {.log_rows = 8, .n_active = 256};
    (void)state;
    fill_look(&t, &seed);
    assert_true(t.third_low[LOW - 1] && t.high[HIGH - 1] && t.in[4][3]);
    rig_each(4, (size_t)(LOOK_INPUTS + LOOK_TRACE + LOOK_FEED) << 8, run_missing, &t);
    free_look(&t);
}

/* ---- refusals ---- */

static void run_refusals(rig *r, const void *arg)
{
    sage_air_rows rows = {.log_rows = 4};
    sage_errinfo err;
    qm31 claimed;
    (void)arg;
    assert_int_equal(r->be->witness(r->dev, &absent, &rows, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "backend.air.kernels");
    assert_int_equal(r->be->constraints(r->dev, &absent, &rows, &err), SAGE_EUNSUP);
    assert_int_equal(r->be->logup(r->dev, &absent, &rows, NULL, &claimed, &err), SAGE_EUNSUP);
    assert_int_equal(r->be->count(r->dev, &absent, &rows, NULL, &err), SAGE_EUNSUP);
    assert_int_equal(r->be->witness(r->dev, &many, &rows, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "backend.air.kernels");
    assert_int_equal(r->be->count(r->dev, &many, &rows, NULL, &err), SAGE_OK);
    rows.size = 1u << 20;
    assert_int_equal(r->be->logup(r->dev, &many, &rows, NULL, &claimed, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "backend.logup.pairs");
    rows.size = 0;
    assert_int_equal(r->be->logup(r->dev, &many, &rows, NULL, &claimed, &err), SAGE_OK);
    assert_true(qm31_is_zero(claimed));
}

static void test_refusals(void **state)
{
    (void)state;
    rig_each(4, 16, run_refusals, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logup),
        cmocka_unit_test(test_logup_many_pairs),
        cmocka_unit_test(test_logup_zero_denominator),
        cmocka_unit_test(test_witness_and_constraints),
        cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_missing_keys),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* DEEP quotients against facts A11 row by row, and against what they are for. */
#include "test_rig.h"

enum { MAX_BATCHES = 10, MAX_GROUPS = 4 };

typedef struct group {
    uint32_t log, n; /* n columns of 2^log */
} group;
typedef struct quotient_case {
    uint32_t log, n_batches;
    group group[MAX_GROUPS]; /* ascending; every batch has all */
} quotient_case;

static const quotient_case cases[] = {
    {3, 1, {{3, 1}}},
    {4, 1, {{4, 3}}},
    {5, 2, {{2, 1}, {5, 5}}},
    {6, 1, {{6, 0}}},
    {6, 3, {{4, 2}, {5, 1}, {6, 9}}},
    {6, 10, {{6, 2}}},
    {7, 1, {{5, 17}}},
    {8, 2, {{1, 1}, {8, 2}}},
    {9, 9, {{4, 1}, {7, 3}, {8, 4}, {9, 8}}},
    {9, 1, {{9, 37}}},
    {12, 2, {{5, 3}, {11, 7}, {12, 13}}},
};

typedef struct built {
    const quotient_case *shape;
    sage_quotient_batch batch[MAX_BATCHES];
    uint32_t *expected[4];
} built;

static qm31 naive_row(const built *t, uint32_t i)
{
    circle_point d = canonic_at(t->shape->log, i);
    qm31 out       = qm31_zero();
    for (uint32_t k = 0; k < t->shape->n_batches; k++) {
        const sage_quotient_batch *b = &t->batch[k];
        qm31 num                     = qm31_neg(qm31_add(qm31_scale(b->a, d.y), b->b));
        for (uint32_t e = 0; e < b->n_entries; e++) {
            const sage_quotient_entry *q = &b->entries[e];
            uint32_t at                  = lift_position(i, t->shape->log, q->log);
            num                          = qm31_add(num, qm31_scale(q->weight, q->col[at]));
        }
        cm31 dx = cm31_sub(qm31_lo(b->point.x), cm31_of(d.x, 0));
        cm31 dy = cm31_sub(qm31_lo(b->point.y), cm31_of(d.y, 0));
        cm31 den =
            cm31_sub(cm31_mul(dx, qm31_hi(b->point.y)), cm31_mul(dy, qm31_hi(b->point.x)));
        out = qm31_add(out, qm31_mul_cm31(num, cm31_inv(den)));
    }
    return out;
}

/* Host columns and expected values; entries hold host pointers. */
static void build(built *t, const quotient_case *shape, uint64_t *seed)
{
    t->shape = shape;
    for (uint32_t k = 0; k < shape->n_batches; k++) {
        uint32_t n = 0, e = 0;
        for (uint32_t g = 0; g < MAX_GROUPS; g++)
            n += shape->group[g].n;
        sage_quotient_entry *entry = calloc(n + 1, sizeof *entry);
        assert_non_null(entry);
        for (uint32_t g = 0; g < MAX_GROUPS; g++) {
            for (uint32_t i = 0; i < shape->group[g].n; i++, e++) {
                uint32_t log = shape->group[g].log;
                entry[e] = (sage_quotient_entry){rig_random_words(seed, (size_t)1 << log), log,
                                                 rig_random_q(seed)};
            }
        }
        /* factors at the end of their range */
        if (n > 3)
            for (uint32_t i = 0; i < 4; i++)
                entry[i].weight = qm31_of(M31_P - 1, M31_P - 1, M31_P - 1, M31_P - 1);
        t->batch[k] = (sage_quotient_batch){rig_random_point(seed), rig_random_q(seed),
                                            rig_random_q(seed), entry, n};
    }
    for (int c = 0; c < 4; c++) {
        t->expected[c] = malloc(sizeof(uint32_t) << shape->log);
        assert_non_null(t->expected[c]);
    }
    for (uint32_t i = 0; i < 1u << shape->log; i++)
        rig_put(t->expected, i, naive_row(t, i));
}

static void demolish(built *t)
{
    for (uint32_t k = 0; k < t->shape->n_batches; k++) {
        sage_quotient_entry *entry = (sage_quotient_entry *)(uintptr_t)t->batch[k].entries;
        for (uint32_t e = 0; e < t->batch[k].n_entries; e++)
            free((void *)(uintptr_t)entry[e].col);
        free(entry);
    }
    for (int c = 0; c < 4; c++)
        free(t->expected[c]);
}

static void run_on_device(rig *r, const void *arg)
{
    const built *t = arg;
    uint32_t *out[4], n = t->shape->n_batches;
    sage_quotient_batch batch[MAX_BATCHES];
    for (uint32_t k = 0; k < n; k++) {
        batch[k]                   = t->batch[k];
        sage_quotient_entry *entry = calloc(batch[k].n_entries + 1, sizeof *entry);
        assert_non_null(entry);
        for (uint32_t e = 0; e < batch[k].n_entries; e++) {
            entry[e]     = t->batch[k].entries[e];
            entry[e].col = rig_upload(r, entry[e].col, (size_t)1 << entry[e].log);
        }
        batch[k].entries = entry;
    }
    rig_columns(r, out, 4, (size_t)1 << t->shape->log);
    uint32_t *scratch = rig_words(r, r->be->quotient_words(n, t->shape->log));
    r->be->quotients(r->dev, r->tw, batch, n, t->shape->log, scratch, out);
    for (int c = 0; c < 4; c++)
        rig_expect(r, out[c], t->expected[c], (size_t)1 << t->shape->log);
    for (uint32_t k = 0; k < n; k++)
        free((void *)(uintptr_t)batch[k].entries);
}

static void test_matches_definition(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        built t;
        build(&t, &cases[i], &seed);
        /* once with a tower of the domain's own size, once with a larger one */
        rig_each(cases[i].log, 1 << 18, run_on_device, &t);
        rig_each(cases[i].log + 2, 1 << 18, run_on_device, &t);
        demolish(&t);
    }
}

/* ---- the quotient by a true value has the degree of the column, by a false one it has not */

enum { DEGREE_LOG = 5, COLUMNS = 3, BLOWUP = 1 };

typedef struct deep_case {
    uint32_t coeff[COLUMNS][1 << DEGREE_LOG];
    qm31 value[COLUMNS], weight[COLUMNS];
    secure_point point;
    bool low_degree;
} deep_case;

static void run_deep(rig *r, const void *arg)
{
    const deep_case *t = arg;
    uint32_t log       = DEGREE_LOG + BLOWUP;
    uint32_t *col[COLUMNS], *out[4];
    sage_quotient_entry entry[COLUMNS];
    sage_quotient_batch batch = {t->point, qm31_zero(), qm31_zero(), entry, COLUMNS};
    qm31 conj_y = qm31_conj(t->point.y), c = qm31_sub(conj_y, t->point.y);
    rig_columns(r, col, COLUMNS, (size_t)1 << log);
    for (uint32_t i = 0; i < COLUMNS; i++) {
        qm31 v = t->value[i], w = t->weight[i];
        r->be->upload(r->dev, col[i], t->coeff[i], 1 << DEGREE_LOG);
        r->be->evaluate(r->dev, r->tw, &col[i], 1, DEGREE_LOG, log);
        entry[i]  = (sage_quotient_entry){col[i], log, qm31_mul(w, c)};
        qm31 line = qm31_sub(qm31_mul(v, conj_y), qm31_mul(qm31_conj(v), t->point.y));
        batch.a   = qm31_add(batch.a, qm31_mul(w, qm31_sub(qm31_conj(v), v)));
        batch.b   = qm31_add(batch.b, qm31_mul(w, line));
    }
    rig_columns(r, out, 4, (size_t)1 << log);
    r->be->quotients(r->dev, r->tw, &batch, 1, log, rig_words(r, r->be->quotient_words(1, log)),
                     out);
    r->be->interpolate(r->dev, r->tw, out, 4, log, log);
    uint32_t high = 0, got[1 << (DEGREE_LOG + BLOWUP)];
    for (int k = 0; k < 4; k++) {
        assert_int_equal(r->be->download(r->dev, got, out[k], 1u << log, NULL), SAGE_OK);
        for (uint32_t i = 1 << DEGREE_LOG; i < 1u << log; i++)
            high |= got[i];
    }
    assert_int_equal(high == 0, t->low_degree);
}

static void test_degree_tells_truth(void **state)
{
    uint64_t seed = 2;
    deep_case t;
    (void)state;
    t.point = rig_random_point(&seed);
    for (uint32_t i = 0; i < COLUMNS; i++) {
        for (uint32_t j = 0; j < 1 << DEGREE_LOG; j++)
            t.coeff[i][j] = rig_random(&seed);
        t.value[i]  = rig_eval(t.coeff[i], DEGREE_LOG, t.point);
        t.weight[i] = rig_random_q(&seed);
    }
    t.low_degree = true;
    rig_each(DEGREE_LOG + BLOWUP, 1 << 14, run_deep, &t);
    t.value[COLUMNS - 1].v[2] = m31_add(t.value[COLUMNS - 1].v[2], 1);
    t.low_degree              = false;
    rig_each(DEGREE_LOG + BLOWUP, 1 << 14, run_deep, &t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches_definition),
        cmocka_unit_test(test_degree_tells_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

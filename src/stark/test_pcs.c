/* stark/test_pcs.c -- shapes, FRI schedule, query positions, the sample list. */
#include "base/test.h"

#include "stark/pcs.h"

static uint64_t seed = 0x9e3779b97f4a7c15;
static uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 16);
}

enum { MAX_COLUMNS = 64 };

/* A shape with room for its arrays; composition is filled in. */
typedef struct fixture {
    sage_pcs_shape shape;
    uint8_t log[SAGE_MAX_TREES][MAX_COLUMNS], samples[SAGE_MAX_TREES][MAX_COLUMNS];
    uint32_t order[SAGE_MAX_TREES][MAX_COLUMNS];
} fixture;

static void add_columns(fixture *f, int tree, uint32_t n, uint8_t log, uint8_t samples)
{
    sage_tree_shape *t = &f->shape.tree[tree];
    for (uint32_t i = 0; i < n; i++) {
        f->log[tree][t->n_cols]       = log;
        f->samples[tree][t->n_cols++] = samples;
    }
}

static void finish(fixture *f)
{
    for (uint32_t t = 0; t < f->shape.n_trees; t++) {
        sage_tree_shape *s = &f->shape.tree[t];
        s->log             = f->log[t];
        s->samples         = f->samples[t];
        s->order           = f->order[t];
        sage_leaf_order(f->log[t], s->n_cols, f->order[t]);
    }
}

/* Four trees: sizes 2^6, 2^8 and 2^7; the preprocessed tree lower than the others. */
static void make(fixture *f)
{
    memset(f, 0, sizeof *f);
    f->shape.config  = sage_config_test;
    f->shape.n_trees = 4;
    add_columns(f, 0, 1, 5, 1);
    add_columns(f, 0, 1, 7, 0);
    add_columns(f, 1, 3, 6, 1);
    add_columns(f, 1, 2, 8, 1);
    add_columns(f, 1, 1, 7, 1);
    add_columns(f, 2, 4, 6, 2);
    add_columns(f, 2, 4, 8, 1);
    add_columns(f, 2, 4, 8, 2);
    add_columns(f, 3, SAGE_COMPOSITION_COLUMNS, 8, 1);
    finish(f);
}

static void test_leaf_order(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        uint8_t log[MAX_COLUMNS];
        uint32_t order[MAX_COLUMNS], n = next_random() % (MAX_COLUMNS + 1), at = 0;
        for (uint32_t i = 0; i < n; i++)
            log[i] = (uint8_t)(next_random() % 32);
        sage_leaf_order(log, n, order);
        for (uint8_t k = 0; k < 32; k++)
            for (uint32_t i = 0; i < n; i++)
                if (log[i] == k) assert_int_equal(order[at++], i);
        assert_int_equal(at, n);
    }
}

static void test_shape(void **state)
{
    (void)state;
    fixture f;
    make(&f);
    assert_int_equal(sage_pcs_shape_make(&f.shape, NULL), SAGE_OK);
    assert_int_equal(f.shape.log_rows, 8);
    assert_int_equal(f.shape.log_ext, 9);
    assert_int_equal(f.shape.tree[0].log_height, 8);
    assert_int_equal(f.shape.tree[1].log_height, 9);
    assert_int_equal(f.shape.n_samples, 1 + 6 + 8 + 4 + 8 + 8);

    make(&f); /* nothing preprocessed, no interaction */
    memset(&f.shape.tree[0], 0, sizeof f.shape.tree[0]);
    f.shape.tree[2] = f.shape.tree[3];
    f.shape.n_trees = 3;
    assert_int_equal(sage_pcs_shape_make(&f.shape, NULL), SAGE_OK);
    assert_int_equal(f.shape.tree[0].log_height, 0);

    make(&f); /* a preprocessed column larger than the trace, not sampled */
    add_columns(&f, 0, 1, 10, 0);
    finish(&f);
    assert_int_equal(sage_pcs_shape_make(&f.shape, NULL), SAGE_OK);
    assert_int_equal(f.shape.tree[0].log_height, 11);
}

static void refuse(fixture *f, const char *where)
{
    sage_errinfo err = {0};
    assert_int_equal(sage_pcs_shape_make(&f->shape, &err), SAGE_EINVAL);
    assert_string_equal(err.where, where);
}

static void test_shape_refused(void **state)
{
    (void)state;
    fixture f;
    make(&f);
    f.shape.config.fold_step = 0;
    refuse(&f, "config.fold_step");
    make(&f);
    f.shape.n_trees = 2;
    refuse(&f, "pcs.shape.trees");
    f.shape.n_trees = 5;
    refuse(&f, "pcs.shape.trees");
    static const uint8_t logs[] = {0, SAGE_MAX_LOG_EXT, 31, 32, 255};
    for (size_t i = 0; i < sizeof logs; i++) {
        make(&f);
        f.log[1][3] = logs[i];
        refuse(&f, "pcs.shape.log");
    }
    make(&f);
    f.samples[2][0] = 3;
    refuse(&f, "pcs.shape.samples");
    make(&f);
    f.order[1][0] = 1, f.order[1][1] = 0;
    refuse(&f, "pcs.shape.order");
    make(&f);
    f.order[1][1] = f.order[1][0];
    refuse(&f, "pcs.shape.order");
    make(&f);
    f.order[1][5] = 6;
    refuse(&f, "pcs.shape.order");
    make(&f); /* interaction lower than the trace */
    memset(f.log[2], 6, sizeof f.log[2]);
    finish(&f);
    refuse(&f, "pcs.shape.height");
    make(&f);
    f.shape.tree[2].n_cols = 0;
    refuse(&f, "pcs.shape.height");
    make(&f);
    f.shape.tree[3].n_cols--;
    refuse(&f, "pcs.shape.composition");
    make(&f);
    f.samples[3][7] = 2;
    refuse(&f, "pcs.shape.composition");
    make(&f);
    f.shape.config.log_last_layer = 8;
    refuse(&f, "pcs.shape.rows");
    make(&f);
    add_columns(&f, 0, 1, 9, 1);
    finish(&f);
    refuse(&f, "pcs.shape.preprocessed");
}

/* Facts A12: n = 20, fold step 3, last 0 goes 20 (17, 14, 11, 8, 5, 2) 0, plus the blowup. */
static void test_plan_of_the_published_proof(void **state)
{
    (void)state;
    static const uint8_t logs[7] = {21, 18, 15, 12, 9, 6, 3}, steps[7] = {3, 3, 3, 3, 3, 3, 2};
    const sage_config c = {26, 1, 70, 0, 3};
    sage_fri_plan plan;
    sage_fri_plan_make(&plan, &c, 21);
    assert_int_equal(plan.n_layers, 7);
    assert_memory_equal(plan.log, logs, 7);
    assert_memory_equal(plan.step, steps, 7);
    for (int i = 0; i < 7; i++)
        assert_int_equal(plan.pack[i], 2);
    assert_int_equal(plan.log_last, 1);
}

static void test_plans(void **state)
{
    (void)state;
    for (uint32_t blowup = 1; blowup <= SAGE_MAX_BLOWUP; blowup++)
        for (uint32_t last = 0; last <= SAGE_MAX_LAST_LOG; last++)
            for (uint32_t fold = 1; fold <= SAGE_MAX_FOLD_STEP; fold++)
                for (uint32_t n = last + 1; n + blowup <= SAGE_MAX_LOG_EXT; n++) {
                    const sage_config c = {0, blowup, 1, last, fold};
                    sage_fri_plan p;
                    sage_fri_plan_make(&p, &c, n + blowup);
                    assert_int_equal(p.n_layers, (n - last + fold - 1) / fold);
                    uint32_t log = n + blowup;
                    for (uint32_t i = 0; i < p.n_layers; i++) {
                        assert_int_equal(p.log[i], log);
                        bool tail = i + 1 == p.n_layers;
                        assert_true(p.step[i] >= 1 && p.step[i] <= fold);
                        assert_true(tail || p.step[i] == fold);
                        assert_int_equal(p.pack[i], p.step[i] > 1 ? 2 : 0);
                        log -= p.step[i];
                    }
                    assert_int_equal(log, last + blowup);
                    assert_int_equal(p.log_last, last + blowup);
                }
}

/* Facts A4: whatever the tree's height, a column no larger than either domain is opened at
 * the position that lifting gives from the query itself. */
static void test_query_in_tree(void **state)
{
    (void)state;
    for (uint32_t ext = 1; ext <= 8; ext++)
        for (uint32_t height = 1; height <= 8; height++)
            for (uint32_t q = 0; q < 1u << ext; q++) {
                uint32_t pos = sage_query_in_tree(q, ext, height);
                assert_true(pos < 1u << height);
                if (height == ext) assert_int_equal(pos, q);
                for (uint32_t k = 1; k <= ext && k <= height; k++)
                    assert_int_equal(lift_position(pos, height, k), lift_position(q, ext, k));
            }
}

static void test_tree_queries(void **state)
{
    (void)state;
    uint32_t q[]                  = {1, 2, 3, 8, 13}, out[5];
    static const uint32_t lower[] = {0, 1, 2, 3}; /* 1 2 3 8 13 -> 1 0 1 2 3 */
    assert_int_equal(sage_tree_queries(q, 5, 4, 2, out), 4);
    assert_memory_equal(out, lower, sizeof lower);
    static const uint32_t higher[] = {1, 4, 5, 16, 25};
    assert_int_equal(sage_tree_queries(q, 5, 4, 5, out), 5);
    assert_memory_equal(out, higher, sizeof higher);
    assert_int_equal(sage_tree_queries(q, 5, 4, 2, q), 4); /* in place */
    assert_memory_equal(q, lower, sizeof lower);
}

static void test_fold_queries(void **state)
{
    (void)state;
    for (int round = 0; round < 100; round++)
        for (uint32_t step = 1; step <= SAGE_MAX_FOLD_STEP; step++) {
            uint32_t q[40], n = 0, out[40], m = 0;
            for (uint32_t x = 0; x < 512 && n < 40; x += 1 + next_random() % 40)
                q[n++] = x;
            uint32_t got = sage_fold_queries(q, n, step, out);
            for (uint32_t x = 0; x < 512u >> step; x++) {
                bool hit = false;
                for (uint32_t i = 0; i < n; i++)
                    hit = hit || q[i] >> step == x;
                if (!hit) continue;
                assert_true(m < got);
                assert_int_equal(out[m++], x);
            }
            assert_int_equal(m, got);
            assert_int_equal(sage_fold_queries(q, n, step, q), got);
            assert_memory_equal(q, out, got * sizeof *q);
        }
}

/* Queries are the masked words of consecutive draws, as a set: duplicates count as drawn. */
static void test_draw_queries(void **state)
{
    (void)state;
    for (uint32_t log = 1; log <= 31; log += 3)
        for (uint32_t n = 1; n <= SAGE_MAX_QUERIES; n += 17) {
            sage_channel a, b;
            sage_channel_init(&a, SAGE_HASH_BLAKE2S);
            sage_channel_mix_u64(&a, log * 1000 + n);
            b = a;
            uint32_t got[SAGE_MAX_QUERIES], words[SAGE_MAX_QUERIES + 8];
            uint32_t count = sage_draw_queries(&a, n, log, got);
            for (uint32_t i = 0; i < n; i += 8)
                sage_channel_draw_u32s(&b, words + i);
            assert_int_equal(a.n_draws, b.n_draws);
            for (uint32_t i = 1; i < count; i++)
                assert_true(got[i - 1] < got[i]);
            for (uint32_t i = 0; i < n; i++) {
                uint32_t w = words[i] & (uint32_t)((1ull << log) - 1), hits = 0;
                for (uint32_t k = 0; k < count; k++)
                    hits += got[k] == w;
                assert_int_equal(hits, 1);
            }
            assert_true(count >= 1 && count <= n);
        }
}

static secure_point doubled(secure_point p, uint32_t times)
{
    while (times--)
        p = secure_double(p);
    return p;
}

static void assert_point(secure_point a, secure_point b)
{
    assert_true(qm31_eq(a.x, b.x) && qm31_eq(a.y, b.y));
}

typedef struct walked {
    sage_sample_ref ref[64];
    uint32_t n;
} walked;

static sage_status record(void *arg, uint32_t e, const sage_sample_ref *ref)
{
    walked *w = arg;
    assert_int_equal(e, w->n);
    assert_true(w->n < 64);
    w->ref[w->n++] = *ref;
    return SAGE_OK;
}

static sage_status stop_at_2(void *arg, uint32_t e, const sage_sample_ref *ref)
{
    (void)arg, (void)ref;
    return e == 2 ? SAGE_EINVAL : SAGE_OK;
}

static void test_samples(void **state)
{
    (void)state;
    fixture f;
    make(&f);
    assert_int_equal(sage_pcs_shape_make(&f.shape, NULL), SAGE_OK);
    sage_channel ch;
    sage_channel_init(&ch, SAGE_HASH_BLAKE2S);
    secure_point z = sage_channel_draw_point(&ch);
    sage_sample_points points;
    sage_sample_points_make(&points, &f.shape, z);

    /* z, one step back, and one more: sizes 2^7 and 2^9 have two samples, and the period of
     * the largest size is the whole circle domain, so that its point is z again. */
    assert_int_equal(points.n, 3);
    assert_point(points.at[0], z);
    assert_point(secure_add(points.at[1], secure_from_base(canonic_step(8))), z);
    assert_int_equal(points.of_log[9], 0);
    assert_int_equal(points.of_log[7], 2);
    assert_false(qm31_eq(points.at[2].x, z.x));
    /* What a column of extended log 7 sees of both points is the same. */
    assert_point(doubled(points.at[2], 9 - 7), doubled(z, 9 - 7));

    walked w = {.n = 0};
    assert_int_equal(sage_sample_walk(&f.shape, &points, record, &w), SAGE_OK);
    assert_int_equal(w.n, 1 + 6 + 3 * 4 + 4 + 3 * 4 + 8);
    uint32_t e = 0, value = 0;
    for (uint32_t t = 0; t < 4; t++)
        for (uint32_t c = 0; c < f.shape.tree[t].n_cols; c++) {
            uint32_t n = f.samples[t][c], k = f.log[t][c] + 1u;
            const sage_sample_ref one    = {t, c, value, 0};
            const sage_sample_ref two[3] = {
                {t, c, value + 1, points.of_log[k]}, {t, c, value, 1}, {t, c, value + 1, 0}};
            const sage_sample_ref *want = n == 2 ? two : &one;
            for (uint32_t i = 0; i < (n == 2 ? 3 : n); i++, e++) {
                assert_int_equal(w.ref[e].tree, want[i].tree);
                assert_int_equal(w.ref[e].col, want[i].col);
                assert_int_equal(w.ref[e].value, want[i].value);
                assert_int_equal(w.ref[e].point, want[i].point);
            }
            value += n;
        }
    assert_int_equal(value, f.shape.n_samples);
    assert_int_equal(sage_sample_walk(&f.shape, &points, stop_at_2, NULL), SAGE_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaf_order),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_shape_refused),
        cmocka_unit_test(test_plan_of_the_published_proof),
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_query_in_tree),
        cmocka_unit_test(test_tree_queries),
        cmocka_unit_test(test_fold_queries),
        cmocka_unit_test(test_draw_queries),
        cmocka_unit_test(test_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* stark/pcs.c -- shapes, FRI schedule, query positions and the sample list (see pcs.h). */
#include "stark/pcs.h"

#include <string.h>

enum { LOG_PACKED_LEAF = 2 };

void sage_leaf_order(const uint8_t *log, uint32_t n_cols, uint32_t *order)
{
    uint32_t start[33] = {0};
    for (uint32_t i = 0; i < n_cols; i++)
        start[(log[i] & 31u) + 1]++;
    for (uint32_t k = 0; k < 32; k++)
        start[k + 1] += start[k];
    for (uint32_t i = 0; i < n_cols; i++)
        order[start[log[i] & 31u]++] = i;
}

/* Is order a permutation that sorts the columns stably? Ascending (log, index) pairs that are
 * all in range and strictly increase can only be that. */
static bool order_is_stable(const sage_tree_shape *t)
{
    for (uint32_t i = 0; i < t->n_cols; i++) {
        if (t->order[i] >= t->n_cols) return false;
        if (i == 0) continue;
        uint32_t a = t->order[i - 1], b = t->order[i];
        if (t->log[a] > t->log[b] || (a >= b && t->log[a] == t->log[b])) return false;
    }
    return true;
}

static sage_status tree_check(sage_tree_shape *t,
                              uint32_t index,
                              uint32_t log_blowup,
                              size_t *n_samples,
                              uint32_t *log_max,
                              sage_errinfo *err)
{
    *log_max = 0;
    for (uint32_t i = 0; i < t->n_cols; i++) {
        if (t->log[i] < 1 || t->log[i] + log_blowup > SAGE_MAX_LOG_EXT)
            return sage_fail(err, SAGE_EINVAL, "pcs.shape.log", index, "column %u: log size %u",
                             i, t->log[i]);
        if (t->samples[i] > 2)
            return sage_fail(err, SAGE_EINVAL, "pcs.shape.samples", index,
                             "column %u: %u samples", i, t->samples[i]);
        if (t->log[i] > *log_max) *log_max = t->log[i];
        *n_samples += t->samples[i];
    }
    if (!order_is_stable(t))
        return sage_fail(err, SAGE_EINVAL, "pcs.shape.order", index,
                         "leaf order is not stable");
    t->log_height = t->n_cols ? *log_max + log_blowup : 0;
    return SAGE_OK;
}

/* Composition: 8 columns of the full size, one sample each (facts F1). */
static bool composition_ok(const sage_tree_shape *t, uint32_t log_rows)
{
    if (t->n_cols != SAGE_COMPOSITION_COLUMNS) return false;
    for (uint32_t i = 0; i < t->n_cols; i++)
        if (t->log[i] != log_rows || t->samples[i] != 1) return false;
    return true;
}

static bool sampled_columns_fit(const sage_tree_shape *t, uint32_t log_rows)
{
    for (uint32_t i = 0; i < t->n_cols; i++)
        if (t->samples[i] && t->log[i] > log_rows) return false;
    return true;
}

sage_status sage_pcs_shape_make(sage_pcs_shape *s, sage_errinfo *err)
{
    sage_status st = sage_config_check(&s->config, err);
    if (st != SAGE_OK) return st;
    if (s->n_trees != 3 && s->n_trees != SAGE_MAX_TREES)
        return sage_fail(err, SAGE_EINVAL, "pcs.shape.trees", -1, "%u trees", s->n_trees);

    uint32_t log_max[SAGE_MAX_TREES] = {0};
    s->n_samples                     = 0;
    for (uint32_t t = 0; t < s->n_trees; t++) {
        st = tree_check(&s->tree[t], t, s->config.log_blowup, &s->n_samples, &log_max[t], err);
        if (st != SAGE_OK) return st;
    }
    if (s->n_samples > UINT32_MAX / 4)
        return sage_fail(err, SAGE_EINVAL, "pcs.shape.samples", -1, "%zu samples",
                         s->n_samples);

    s->log_rows = log_max[1];
    s->log_ext  = s->log_rows + s->config.log_blowup;
    for (uint32_t t = 1; t < s->n_trees; t++)
        if (log_max[t] != s->log_rows || s->tree[t].n_cols == 0)
            return sage_fail(err, SAGE_EINVAL, "pcs.shape.height", t,
                             "log size %u beside a trace of %u", log_max[t], s->log_rows);
    if (s->log_rows <= s->config.log_last_layer)
        return sage_fail(err, SAGE_EINVAL, "pcs.shape.rows", -1, "2^%u rows, last layer 2^%u",
                         s->log_rows, s->config.log_last_layer);
    if (!composition_ok(&s->tree[s->n_trees - 1], s->log_rows))
        return sage_fail(err, SAGE_EINVAL, "pcs.shape.composition", -1,
                         "not %d columns of 2^%u, sampled once", SAGE_COMPOSITION_COLUMNS,
                         s->log_rows);
    if (!sampled_columns_fit(&s->tree[0], s->log_rows))
        return sage_fail(err, SAGE_EINVAL, "pcs.shape.preprocessed", -1,
                         "a sampled column is larger than the trace");
    return SAGE_OK;
}

/* Facts A12: every layer folds by fold_step, the last one by what remains; a layer of at
 * least four values that is folded more than once packs four values per leaf. */
void sage_fri_plan_make(sage_fri_plan *plan, const sage_config *c, uint32_t log_ext)
{
    memset(plan, 0, sizeof *plan);
    plan->log_last = c->log_last_layer + c->log_blowup;
    for (uint32_t log = log_ext;
         log > plan->log_last && plan->n_layers < SAGE_MAX_FRI_LAYERS;) {
        uint32_t left = log - plan->log_last, i = plan->n_layers++;
        uint32_t step = left < c->fold_step ? left : c->fold_step;
        plan->log[i]  = (uint8_t)log;
        plan->step[i] = (uint8_t)step;
        plan->pack[i] = step > 1 && log >= LOG_PACKED_LEAF ? LOG_PACKED_LEAF : 0;
        log -= step;
    }
}

/* Insertion sort: a few hundred positions that are mostly in order. */
static uint32_t sort_unique(uint32_t *v, uint32_t n)
{
    uint32_t m = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t x = v[i], j = m;
        while (j > 0 && v[j - 1] > x)
            j--;
        if (j > 0 && v[j - 1] == x) continue;
        memmove(v + j + 1, v + j, (m - j) * sizeof *v);
        v[j] = x;
        m++;
    }
    return m;
}

uint32_t
sage_draw_queries(sage_channel *ch, uint32_t n_queries, uint32_t log_ext, uint32_t *out)
{
    const uint32_t mask = (uint32_t)((1ull << log_ext) - 1);
    for (uint32_t n = 0; n < n_queries;) {
        uint32_t words[SAGE_CHANNEL_MAX_WORDS], drawn = sage_channel_draw_u32s(ch, words);
        for (uint32_t i = 0; i < drawn && n < n_queries; i++)
            out[n++] = words[i] & mask;
    }
    return sort_unique(out, n_queries);
}

uint32_t sage_query_in_tree(uint32_t q, uint32_t log_ext, uint32_t log_height)
{
    if (log_ext <= log_height) return ((q >> 1) << (log_height - log_ext + 1)) + (q & 1);
    return ((q >> (log_ext - log_height + 1)) << 1) + (q & 1);
}

uint32_t sage_tree_queries(
    const uint32_t *q, uint32_t n, uint32_t log_ext, uint32_t log_height, uint32_t *out)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = sage_query_in_tree(q[i], log_ext, log_height);
    return sort_unique(out, n);
}

uint32_t sage_fold_queries(const uint32_t *q, uint32_t n, uint32_t step, uint32_t *out)
{
    uint32_t m = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t f = q[i] >> step;
        if (m == 0 || out[m - 1] != f) out[m++] = f;
    }
    return m;
}

static bool point_eq(secure_point a, secure_point b)
{
    return qm31_eq(a.x, b.x) && qm31_eq(a.y, b.y);
}

static uint8_t point_index(sage_sample_points *p, secure_point x)
{
    uint32_t i = 0;
    while (i < p->n && !point_eq(p->at[i], x))
        i++;
    if (i == p->n) p->at[p->n++] = x;
    return (uint8_t)i;
}

/* A lifted column of extended log k is invariant under the shift by 2^k steps of the lifting
 * domain, so a shifted column of its is sampled there too (facts A11). */
void sage_sample_points_make(sage_sample_points *p, const sage_pcs_shape *s, secure_point z)
{
    memset(p, 0, sizeof *p);
    circle_point back = circle_neg(canonic_step(s->log_rows));
    p->n              = 2;
    p->at[0]          = z;
    p->at[1]          = secure_add(z, secure_from_base(back));

    bool seen[32] = {false};
    for (uint32_t t = 0; t < s->n_trees; t++) {
        const sage_tree_shape *tree = &s->tree[t];
        for (uint32_t c = 0; c < tree->n_cols; c++) {
            uint32_t k = tree->log[c] + s->config.log_blowup;
            if (tree->samples[c] != 2 || seen[k]) continue;
            seen[k]             = true;
            uint32_t shift      = (uint32_t)((uint64_t)circle_subgroup_index(s->log_ext) << k);
            secure_point period = secure_from_base(circle_at_index(shift));
            p->of_log[k]        = point_index(p, secure_add(z, period));
        }
    }
}

sage_status sage_sample_walk(const sage_pcs_shape *s,
                             const sage_sample_points *p,
                             sage_sample_fn fn,
                             void *arg)
{
    uint32_t e = 0, value = 0;
    for (uint32_t t = 0; t < s->n_trees; t++) {
        const sage_tree_shape *tree = &s->tree[t];
        for (uint32_t c = 0; c < tree->n_cols; c++) {
            sage_sample_ref ref[3];
            uint32_t n = 0;
            if (tree->samples[c] == 1) {
                ref[n++] = (sage_sample_ref){t, c, value, 0};
            } else if (tree->samples[c] == 2) {
                uint32_t period = p->of_log[tree->log[c] + s->config.log_blowup];
                ref[n++]        = (sage_sample_ref){t, c, value + 1, period};
                ref[n++]        = (sage_sample_ref){t, c, value, 1};
                ref[n++]        = (sage_sample_ref){t, c, value + 1, 0};
            }
            for (uint32_t i = 0; i < n; i++) {
                sage_status st = fn(arg, e++, &ref[i]);
                if (st != SAGE_OK) return st;
            }
            value += tree->samples[c];
        }
    }
    return SAGE_OK;
}

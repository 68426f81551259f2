/* stark/verifier_fri.c -- FRI at the queries (facts A12).
 *
 * A layer is opened in whole fold subsets: the 2^step values that fold into one value of the
 * next layer. Values that no query determined come from the proof's witness; the Merkle
 * opening covers all of them. */
#include <string.h>

#include "base/bytes.h"
#include "stark/verifier_work.h"

enum { DIGEST = 32, SECURE = 16 };

/* Fills w->values with the subsets of the n folded positions; the witness has exactly as many
 * values as are missing. */
static void gather_subsets(
    sage_view witness, uint32_t step, const uint32_t *folded, uint32_t n, sage_verifier_work *w)
{
    uint32_t query = 0, used = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < 1u << step; k++) {
            uint32_t pos = (folded[i] << step) + k;
            bool known   = query < w->n_queries && w->queries[query] == pos;
            w->values[(i << step) + k] =
                known ? w->answers[query++] : sage_view_qm31(witness, used++);
        }
}

/* Leaf digests and positions of the subsets: 2^pack values to a leaf. */
static uint32_t hash_subsets(
    uint32_t step, uint32_t pack, const uint32_t *folded, uint32_t n, sage_verifier_work *w)
{
    const sage_tree_hash *hash = sage_tree_hash_of(w->hash);
    uint8_t bytes[SECURE << 2];
    uint32_t n_leaves = n << (step - pack);
    for (uint32_t leaf = 0; leaf < n_leaves; leaf++) {
        const qm31 *v = w->values + ((size_t)leaf << pack);
        for (uint32_t k = 0; k < 4u << pack; k++)
            sage_store_le32(bytes + 4 * k, v[k / 4].v[k % 4]);
        hash->leaf(bytes, (size_t)4 << pack, w->digests + (size_t)DIGEST * leaf);
        uint32_t subset = leaf >> (step - pack);
        w->positions[leaf] =
            (folded[subset] << (step - pack)) + leaf - (subset << (step - pack));
    }
    return n_leaves;
}

/* 2^k * generator for all k: a point of a domain is then one addition per set bit. */
typedef struct point_table {
    circle_point at[CIRCLE_LOG_ORDER];
} point_table;

static void point_table_make(point_table *t)
{
    circle_point p = CIRCLE_GENERATOR;
    for (int k = 0; k < CIRCLE_LOG_ORDER; k++, p = circle_add(p, p))
        t->at[k] = p;
}

static circle_point half_odds_at(const point_table *t, uint32_t log, uint32_t j)
{
    uint32_t index = circle_subgroup_index(log + 2) + j * circle_subgroup_index(log);
    circle_point p = {1, 0};
    for (int k = 0; k < CIRCLE_LOG_ORDER; k++)
        if (index >> k & 1) p = circle_add(p, t->at[k]);
    return p;
}

/* The divisors of one subset, 2^step - 1 of them: first the 2^(step-1) of the first fold, then
 * half as many, and so on. With P_i the domain point of the subset's pair i, the circle fold
 * divides by y(P_i) and the line fold number l after it by pi^(l-1)(x(P_(2^l i))); a line layer
 * divides by pi^l(x(P_(2^l i))) from l = 0 on. Pair i of a circle domain of 2^log lies over
 * position i of half_odds(log - 1); of a line domain, over position 2i of half_odds(log). */
static void subset_twiddles(
    const point_table *t, bool circle, uint32_t log, uint32_t step, uint32_t folded, m31 *out)
{
    m31 x[1 << (SAGE_MAX_FOLD_STEP - 1)];
    uint32_t n = 1u << (step - 1), log_coset = circle ? log - 1 : log;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t pair  = (folded << (step - 1)) + i;
        circle_point p = half_odds_at(t, log_coset, bit_reverse(pair, log - 1));
        x[i]           = p.x;
        *out++         = circle ? p.y : p.x;
    }
    for (uint32_t l = 1; l < step; l++) {
        n /= 2;
        for (uint32_t i = 0; i < n; i++) {
            x[i]   = l == 1 && circle ? x[2 * i] : circle_double_x(x[2 * i]);
            *out++ = x[i];
        }
    }
}

/* out[i] = 1 / in[i]; none is 0, since no point of these domains has a zero coordinate. */
static void invert_all(const m31 *in, m31 *out, size_t n)
{
    m31 product = 1;
    for (size_t i = 0; i < n; i++) {
        out[i]  = product;
        product = m31_mul(product, in[i]);
    }
    m31 inverse = m31_inv(product);
    for (size_t i = n; i-- > 0;) {
        out[i]  = m31_mul(out[i], inverse);
        inverse = m31_mul(inverse, in[i]);
    }
}

/* Folds one subset to one value, in place: pairs (a, b) -> (a + b) + alpha (a - b) / t, with
 * alpha squared from fold to fold. */
static qm31 fold_subset(qm31 *v, uint32_t step, qm31 alpha, const m31 *inverse)
{
    for (uint32_t n = 1u << step; n > 1; n /= 2, alpha = qm31_sqr(alpha))
        for (uint32_t i = 0; i < n / 2; i++) {
            qm31 a = v[2 * i], b = v[2 * i + 1];
            qm31 odd = qm31_scale(qm31_sub(a, b), *inverse++);
            v[i]     = qm31_add(qm31_add(a, b), qm31_mul(alpha, odd));
        }
    return v[0];
}

static void fold_subsets(const point_table *t,
                         bool circle,
                         uint32_t log,
                         uint32_t step,
                         qm31 alpha,
                         const uint32_t *folded,
                         uint32_t n,
                         sage_verifier_work *w)
{
    const size_t per = ((size_t)1 << step) - 1;
    for (uint32_t i = 0; i < n; i++)
        subset_twiddles(t, circle, log, step, folded[i], w->twiddles + per * i);
    invert_all(w->twiddles, w->inverses, per * n);
    for (uint32_t i = 0; i < n; i++)
        w->answers[i] =
            fold_subset(w->values + ((size_t)i << step), step, alpha, w->inverses + per * i);
}

/* Opens and folds layer i: w->queries, w->answers move on to the next layer. */
static sage_status verify_layer(const sage_fri_plan *plan,
                                uint32_t i,
                                const point_table *t,
                                const sage_proof_layer *layer,
                                sage_verifier_work *w,
                                sage_errinfo *err)
{
    uint32_t folded[SAGE_MAX_QUERIES], log = plan->log[i], step = plan->step[i];
    uint32_t n      = sage_fold_queries(w->queries, w->n_queries, step, folded);
    uint64_t wanted = ((uint64_t)n << step) - w->n_queries;
    if (layer->witness.n != wanted)
        return sage_fail(err, SAGE_EPROOF, "proof.shape.fri_witness", i,
                         "%u witness values where %llu are due", layer->witness.n,
                         (unsigned long long)wanted);

    gather_subsets(layer->witness, step, folded, n, w);
    uint32_t leaves = hash_subsets(step, plan->pack[i], folded, n, w);
    if (!sage_merkle_verify(w->hash, sage_view_digest(layer->root, 0), log - plan->pack[i],
                            w->positions, w->digests, leaves, layer->hash_witness))
        return sage_fail(err, SAGE_EPROOF, "proof.fri.layer", i,
                         "the folded values are not under the layer's root");

    fold_subsets(t, i == 0, log, step, w->alpha[i], folded, n, w);
    memcpy(w->queries, folded, n * sizeof *folded);
    w->n_queries = n;
    return SAGE_OK;
}

/* The last layer's polynomial at x. Coefficients are bit-reversed: index bits from the lowest
 * multiply pi^(k-1)(x), ..., pi(x), x. */
static qm31 last_layer_at(const sage_verifier_work *w, uint32_t log, m31 x)
{
    m31 factor[SAGE_MAX_LAST_LOG + 1];
    for (uint32_t l = 0; l < log; l++, x = circle_double_x(x))
        factor[l] = x;
    memcpy(w->last_fold, w->last, ((size_t)1 << log) * sizeof *w->last);
    for (uint32_t l = log; l-- > 0;)
        for (uint32_t i = 0; i < 1u << l; i++)
            w->last_fold[i] =
                qm31_add(w->last_fold[2 * i], qm31_scale(w->last_fold[2 * i + 1], factor[l]));
    return w->last_fold[0];
}

sage_status sage_verify_fri(const sage_fri_plan *plan,
                            const sage_proof *proof,
                            sage_verifier_work *w,
                            sage_errinfo *err)
{
    point_table table;
    point_table_make(&table);
    for (uint32_t i = 0; i < plan->n_layers; i++) {
        sage_status st = verify_layer(plan, i, &table, &proof->layer[i], w, err);
        if (st != SAGE_OK) return st;
    }
    for (uint32_t q = 0; q < w->n_queries; q++) {
        m31 x = line_at(plan->log_last, bit_reverse(w->queries[q], plan->log_last));
        if (!qm31_eq(w->answers[q], last_layer_at(w, proof->config.log_last_layer, x)))
            return sage_fail(err, SAGE_EPROOF, "proof.fri.last", q,
                             "the last layer disagrees with the folded queries");
    }
    return SAGE_OK;
}

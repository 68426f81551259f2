/* stark/verifier_deep.c -- the DEEP quotients at the queries (facts A11).
 *
 * With P a sample point, v the value claimed there, conj: u -> -u, and for a domain point D:
 *   numerator   = sum over the samples at P of gamma^e (c F(D) - a D.y - b),
 *                 c = conj(P.y) - P.y,  a = conj(v) - v,  b = v conj(P.y) - conj(v) P.y
 *   denominator = (Re P.x - D.x) Im P.y - (Re P.y - D.y) Im P.x         over CM31
 * a and b are summed once per point, gamma^e c once per sample; a query then costs one product
 * with a base value per sample. */
#include <string.h>

#include "field/lanes.h"
#include "stark/verifier_work.h"

/* What the samples at one point add up to. */
typedef struct deep_point {
    qm31 a, b;
    uint32_t first, n; /* its entries */
} deep_point;

typedef struct deep {
    sage_verifier_work *w;
    sage_sample_points points;
    deep_point sum[SAGE_MAX_POINTS];
    qm31 power; /* gamma^e */
} deep;

static sage_status count_sample(void *arg, uint32_t e, const sage_sample_ref *ref)
{
    (void)e;
    deep *d = arg;
    d->sum[ref->point].n++;
    return SAGE_OK;
}

static sage_status add_sample(void *arg, uint32_t e, const sage_sample_ref *ref)
{
    (void)e;
    deep *d       = arg;
    deep_point *s = &d->sum[ref->point];
    qm31 y = d->points.at[ref->point].y, yc = qm31_conj(y);
    qm31 v = d->w->sampled[ref->value], vc = qm31_conj(v);
    qm31 b = qm31_sub(qm31_mul(v, yc), qm31_mul(vc, y));

    s->a = qm31_add(s->a, qm31_mul(d->power, qm31_sub(vc, v)));
    s->b = qm31_add(s->b, qm31_mul(d->power, b));

    sage_deep_entry *entry = &d->w->entries[s->first + s->n++];
    entry->tree            = ref->tree;
    entry->index           = d->w->leaf[d->w->first_col[ref->tree] + ref->col];
    entry->weight          = qm31_mul(d->power, qm31_sub(yc, y));
    d->power               = qm31_mul(d->power, d->w->gamma);
    return SAGE_OK;
}

/* The inverse of the leaf order: column -> word of the opened row. */
static void index_leaves(const sage_pcs_shape *s, sage_verifier_work *w)
{
    for (uint32_t t = 0; t < s->n_trees; t++)
        for (uint32_t i = 0; i < s->tree[t].n_cols; i++)
            w->leaf[w->first_col[t] + s->tree[t].order[i]] = i;
}

/* Two walks over the samples: the first sizes the points' groups, the second fills them. */
static sage_status group_samples(deep *d, const sage_pcs_shape *s)
{
    index_leaves(s, d->w);
    sage_status st = sage_sample_walk(s, &d->points, count_sample, d);
    if (st != SAGE_OK) return st;
    for (uint32_t i = 0, first = 0; i < d->points.n; i++) {
        d->sum[i].first = first;
        first += d->sum[i].n;
        d->sum[i].n = 0;
    }
    d->power = qm31_one();
    return sage_sample_walk(s, &d->points, add_sample, d);
}

/* No quotient exists at a point that equals its conjugate: c would be 0 and the claimed value
 * free of the polynomial. */
static bool points_are_proper(const deep *d)
{
    for (uint32_t i = 0; i < d->points.n; i++) {
        cm31 im = qm31_hi(d->points.at[i].y);
        if (d->sum[i].n && im.a == 0 && im.b == 0) return false;
    }
    return true;
}

static cm31 denominator(secure_point p, circle_point at)
{
    cm31 x = qm31_lo(p.x), y = qm31_lo(p.y);
    x.a = m31_sub(x.a, at.x);
    y.a = m31_sub(y.a, at.y);
    return cm31_sub(cm31_mul(x, qm31_hi(p.y)), cm31_mul(y, qm31_hi(p.x)));
}

/* out[i] = 1 / in[i] by one inversion; false if some in[i] is 0. n > 0. */
static bool invert_all(const cm31 *in, cm31 *out, size_t n)
{
    cm31 product = cm31_of(1, 0);
    for (size_t i = 0; i < n; i++) {
        if ((in[i].a | in[i].b) == 0) return false;
        out[i]  = product;
        product = cm31_mul(product, in[i]);
    }
    cm31 inverse = cm31_inv(product);
    for (size_t i = n; i-- > 0;) {
        out[i]  = cm31_mul(out[i], inverse);
        inverse = cm31_mul(inverse, in[i]);
    }
    return true;
}

static qm31 weighted_sum(const deep *d, const deep_point *s, const sage_view row[])
{
    vacc sum = vacc_zero();
    for (uint32_t i = 0; i < s->n; i++) {
        const sage_deep_entry *e = &d->w->entries[s->first + i];
        vacc_madd(&sum, &e->weight, sage_view_u32(row[e->tree], e->index));
    }
    return qm31_of(vacc_coord(&sum, 0), vacc_coord(&sum, 1), vacc_coord(&sum, 2),
                   vacc_coord(&sum, 3));
}

/* The quotient at D: opened rows -> sum of numerator * inverse[point]. */
static qm31 quotient(const deep *d, circle_point at, const sage_view row[], const cm31 *inverse)
{
    qm31 sum = qm31_zero();
    for (uint32_t i = 0; i < d->points.n; i++) {
        const deep_point *s = &d->sum[i];
        if (s->n == 0) continue;
        qm31 line = qm31_add(qm31_scale(s->a, at.y), s->b);
        qm31 num  = qm31_sub(weighted_sum(d, s, row), line);
        sum       = qm31_add(sum, qm31_mul_cm31(num, inverse[i]));
    }
    return sum;
}

static bool invert_denominators(const deep *d, uint32_t log_ext)
{
    sage_verifier_work *w = d->w;
    for (uint32_t q = 0; q < w->n_queries; q++) {
        circle_point at = canonic_at(log_ext, w->queries[q]);
        for (uint32_t i = 0; i < d->points.n; i++)
            w->denominators[q * d->points.n + i] =
                d->sum[i].n ? denominator(d->points.at[i], at) : cm31_of(1, 0);
    }
    return invert_all(w->denominators, w->denominator_inverses,
                      (size_t)w->n_queries * d->points.n);
}

sage_status sage_verify_deep(const sage_pcs_shape *shape,
                             const sage_proof *proof,
                             secure_point z,
                             sage_verifier_work *w,
                             sage_errinfo *err)
{
    deep d;
    memset(&d, 0, sizeof d);
    d.w = w;
    sage_sample_points_make(&d.points, shape, z);
    sage_status st = group_samples(&d, shape);
    if (st != SAGE_OK) return st;
    if (!points_are_proper(&d) || !invert_denominators(&d, shape->log_ext))
        return sage_fail(err, SAGE_EPROOF, "proof.sample.point", -1,
                         "a sample point is on the domain or equals its conjugate");

    for (uint32_t q = 0; q < w->n_queries; q++) {
        sage_view row[SAGE_MAX_TREES];
        for (uint32_t t = 0; t < shape->n_trees; t++) {
            uint32_t n = shape->tree[t].n_cols;
            row[t]     = (sage_view){proof->queried[t].p + (size_t)4 * n * q, n};
        }
        w->answers[q] = quotient(&d, canonic_at(shape->log_ext, w->queries[q]), row,
                                 w->denominator_inverses + (size_t)q * d.points.n);
    }
    return SAGE_OK;
}

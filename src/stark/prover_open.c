/* Samples at the out-of-domain point and the DEEP quotient over them (facts A6 steps 12 to 14,
 * A11). */
#include <stdlib.h>

#include "stark/oods.h"
#include "stark/prover_private.h"

/* pi^times of a point: where a column of log n - times is evaluated for the lifted z. */
static secure_point doubled(secure_point at, uint32_t times)
{
    while (times--)
        at = secure_double(at);
    return at;
}

/* Length of the run of columns from `i` with equal log and sample count. */
static uint32_t run_length(const sage_tree_shape *s, uint32_t i)
{
    uint32_t n = 1;
    while (i + n < s->n_cols && s->log[i + n] == s->log[i] &&
           s->samples[i + n] == s->samples[i])
        n++;
    return n;
}

static sage_status
sample_run(prover *p, uint32_t t, uint32_t i, uint32_t n, secure_point at, qm31 *out)
{
    uint32_t log = p->shape.tree[t].log[i];
    return p->be->sample(p->dev, p->tw, (const uint32_t *const *)p->tree[t].col + i, n, log,
                         log + p->config->log_blowup, doubled(at, p->shape.log_rows - log),
                         p->sample_scratch, out, p->err);
}

static sage_status sample_tree(prover *p, uint32_t t, secure_point previous, qm31 **out)
{
    const sage_tree_shape *s = &p->shape.tree[t];
    qm31 *two                = prover_host(p, 2 * (size_t)s->n_cols, sizeof *two);
    if (!two) return SAGE_ENOMEM;
    for (uint32_t i = 0, n; i < s->n_cols; i += n) {
        n = run_length(s, i);
        if (!s->samples[i]) continue;
        sage_status st = sample_run(p, t, i, n, p->point, two);
        if (!st && s->samples[i] == 2) st = sample_run(p, t, i, n, previous, two + n);
        if (st) return st;
        for (uint32_t k = 0; k < n; k++) { /* a two-sample column lists (previous, current) */
            if (s->samples[i] == 2) *(*out)++ = two[n + k];
            *(*out)++ = two[k];
        }
    }
    return SAGE_OK;
}

/* An unsatisfied constraint shows here: then the composition is not a low-degree polynomial. */
static sage_status check_identity(prover *p)
{
    if (p->in->emit_false) return SAGE_OK;
    void *scratch = prover_host(p, sage_oods_bytes(p->layout), 1);
    if (!scratch) return SAGE_ENOMEM;
    sage_oods o   = {.layout  = p->layout,
                     .shape   = &p->shape,
                     .sampled = p->sampled,
                     .claimed = p->claimed,
                     .z       = p->z,
                     .alpha   = p->alpha,
                     .rho     = p->rho,
                     .point   = p->point};
    sage_status s = sage_oods_holds(&o, scratch, p->err);
    if (s == SAGE_EPROOF)
        return sage_fail(p->err, SAGE_EPROOF, "prove.constraints", -1,
                         "the witness does not satisfy the statement's constraints");
    return s;
}

sage_status prover_sample(prover *p)
{
    qm31 *out = p->sampled;
    p->point  = sage_channel_draw_point(&p->ch);
    secure_point previous =
        secure_add(p->point, secure_from_base(circle_neg(canonic_step(p->shape.log_rows))));
    for (uint32_t t = 0; t < p->shape.n_trees; t++) {
        sage_status s = sample_tree(p, t, previous, &out);
        if (s) return s;
    }
    sage_status s = check_identity(p);
    if (s) return s;
    sage_channel_mix_felts(&p->ch, p->sampled, p->shape.n_samples);
    return SAGE_OK;
}

/* Collects the entries of the sample list into one batch per point. */
typedef struct gather {
    prover *p;
    const sage_sample_points *points;
    sage_quotient_batch batch[SAGE_MAX_POINTS];
    sage_quotient_entry *entry[SAGE_MAX_POINTS]; /* next free one of each batch */
    qm31 power;                                  /* gamma^e */
} gather;

static sage_status count_entry(void *arg, uint32_t e, const sage_sample_ref *ref)
{
    (void)e;
    ((gather *)arg)->batch[ref->point].n_entries++;
    return SAGE_OK;
}

/* c = conj(P.y) - P.y, a = conj(v) - v, b = v conj(P.y) - conj(v) P.y (facts A11). */
static sage_status put_entry(void *arg, uint32_t e, const sage_sample_ref *ref)
{
    gather *g              = arg;
    sage_quotient_batch *b = &g->batch[ref->point];
    qm31 y = g->points->at[ref->point].y, v = g->p->sampled[ref->value];
    qm31 yc = qm31_conj(y), vc = qm31_conj(v);
    (void)e;
    *g->entry[ref->point]++ = (sage_quotient_entry){
        .col = g->p->tree[ref->tree].col[ref->col],
        .log = (uint32_t)g->p->shape.tree[ref->tree].log[ref->col] + g->p->config->log_blowup,
        .weight = qm31_mul(g->power, qm31_sub(yc, y))};
    b->a     = qm31_add(b->a, qm31_mul(g->power, qm31_sub(vc, v)));
    b->b     = qm31_add(b->b, qm31_mul(g->power, qm31_sub(qm31_mul(v, yc), qm31_mul(vc, y))));
    g->power = qm31_mul(g->power, g->p->gamma);
    return SAGE_OK;
}

static int by_log(const void *a, const void *b)
{
    const sage_quotient_entry *x = a, *y = b;
    return (x->log > y->log) - (x->log < y->log);
}

sage_status prover_quotients(prover *p)
{
    sage_sample_points points;
    gather g = {.p = p, .points = &points, .power = qm31_one()};
    sage_sample_points_make(&points, &p->shape, p->point);
    p->gamma = sage_channel_draw_felt(&p->ch);

    sage_status s = sage_sample_walk(&p->shape, &points, count_entry, &g);
    if (s) return s;
    for (uint32_t k = 0; k < points.n; k++) {
        g.entry[k] = prover_host(p, g.batch[k].n_entries, sizeof *g.entry[k]);
        if (!g.entry[k]) return SAGE_ENOMEM;
        g.batch[k].entries = g.entry[k];
        g.batch[k].point   = points.at[k];
    }
    if ((s = sage_sample_walk(&p->shape, &points, put_entry, &g))) return s;
    uint32_t n = 0;
    for (uint32_t k = 0; k < points.n; k++) {
        if (!g.batch[k].n_entries) continue;
        sage_quotient_entry *first = g.entry[k] - g.batch[k].n_entries;
        qsort(first, g.batch[k].n_entries, sizeof *first, by_log);
        g.batch[n++] = g.batch[k];
    }
    p->be->quotients(p->dev, p->tw, g.batch, n, p->shape.log_ext, p->quotient_scratch,
                     p->layer[0].value);
    return SAGE_OK;
}

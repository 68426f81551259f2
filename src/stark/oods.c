#include "stark/oods.h"

static uint32_t most(const sage_layout *l, uint32_t (*of)(const sage_instance *))
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->n; i++)
        if (of(&l->inst[i]) > n) n = of(&l->inst[i]);
    return n;
}

static uint32_t regs_of(const sage_instance *i)
{
    return i->air->code_regs;
}

size_t sage_oods_bytes(const sage_layout *l)
{
    return (size_t)(most(l, regs_of) + most(l, sage_instance_pairs) + 1) * sizeof(qm31);
}

/* Reads one component's mask off the flat samples; the cursors move past its columns. pre_at:
 * where the sample of each preprocessed column lies. */
typedef struct cursor {
    size_t trace, inter;
    uint32_t pre_at[SAGE_MAX_PREPROCESSED];
} cursor;

static cursor cursor_start(const sage_pcs_shape *s)
{
    cursor c = {0};
    for (uint32_t i = 0; i < s->tree[0].n_cols && i < SAGE_MAX_PREPROCESSED; i++) {
        c.pre_at[i] = (uint32_t)c.trace;
        c.trace += s->tree[0].samples[i];
    }
    c.inter = c.trace + s->tree[1].n_cols;
    return c;
}

static sage_status fold_instance(
    const sage_oods *o, uint32_t index, cursor *at, qm31 *regs, qm31 *inter, qm31 *acc)
{
    const sage_instance *in = &o->layout->inst[index];
    uint32_t pairs          = sage_instance_pairs(in);
    qm31 pre[SAGE_MAX_PREPROCESSED];
    sage_air_mask m = {.size   = in->size,
                       .pre    = pre,
                       .trace  = o->sampled + at->trace,
                       .inter  = inter,
                       .params = in->params,
                       .alpha  = o->alpha,
                       .z      = o->z};

    for (uint32_t k = 0; k < in->air->n_pre && k < SAGE_MAX_PREPROCESSED; k++)
        pre[k] = o->sampled[at->pre_at[sage_layout_preprocessed_index(o->layout, index, k)]];
    at->trace += sage_instance_trace(in);
    for (uint32_t b = 0; b < pairs; b++) {
        qm31 cur[4], prev[4] = {{{0}}};
        for (uint32_t c = 0; c < 4; c++) {
            if (b + 1 == pairs) prev[c] = o->sampled[at->inter++];
            cur[c] = o->sampled[at->inter++];
        }
        inter[b] = qm31_from_coords(cur);
        if (b + 1 == pairs) m.inter_prev = qm31_from_coords(prev);
    }
    if (pairs) m.shift = qm31_scale(o->claimed[index], m31_inv_pow2(in->log_rows));
    return sage_air_at_point(in->air, &m, o->rho, regs, acc);
}

/* left(z) + pi^(n-1)(z.x) right(z), from the last eight samples. */
static qm31 composition_at(const sage_oods *o, qm31 vanishing)
{
    const qm31 *c = o->sampled + o->shape->n_samples - SAGE_COMPOSITION_COLUMNS;
    return qm31_add(qm31_from_coords(c), qm31_mul(vanishing, qm31_from_coords(c + 4)));
}

sage_status sage_oods_holds(const sage_oods *o, void *scratch, sage_errinfo *err)
{
    qm31 *regs = scratch, *inter = regs + most(o->layout, regs_of), acc = qm31_zero();
    qm31 vanishing = sage_vanishing_secure(o->shape->log_rows, o->point.x);
    cursor at      = cursor_start(o->shape);

    for (uint32_t i = 0; i < o->layout->n; i++) {
        sage_status s = fold_instance(o, i, &at, regs, inter, &acc);
        if (s)
            return sage_fail(err, s, "proof.oods.code", i, "bytecode of %s is malformed",
                             o->layout->inst[i].air->name);
    }
    if (!qm31_eq(qm31_mul(composition_at(o, vanishing), vanishing), acc))
        return sage_fail(err, SAGE_EPROOF, "proof.oods", -1,
                         "the constraints do not hold at the out-of-domain point");
    return SAGE_OK;
}

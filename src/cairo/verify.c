/* cairo/verify.c -- a Cairo proof, judged in the order of facts F1. */
#include "cairo/verify.h"

#include <stdlib.h>
#include <string.h>

#include "cairo/layout.h"
#include "cairo/public.h"
#include "stark/air_verifier.h"
#include "stark/judge.h"

_Static_assert((int)SAGE_CAIRO_MAX_INSTANCES <= (int)SAGE_MAX_INSTANCES, "a claim fits");
_Static_assert((int)SAGE_CAIRO_MAX_PRE <= (int)SAGE_MAX_PREPROCESSED, "a trace fits");

static sage_status check_config(const sage_config *c, uint32_t min_bits, sage_errinfo *err)
{
    uint32_t bits = sage_config_security(c);
    sage_status s = sage_judge_claim(sage_config_check(c, err), err);
    if (s || (bits >= min_bits && c->pow_bits >= SAGE_CAIRO_MIN_POW)) return s;
    return sage_fail(
        err, SAGE_EPROOF, "proof.config.security", bits,
        "the proof has %u bits of security, %u of them work; %u and %d are required", bits,
        c->pow_bits, min_bits, SAGE_CAIRO_MIN_POW);
}

static sage_status find_root(const sage_cairo_proof *p, uint8_t root[32], sage_errinfo *err)
{
    uint32_t blowup = p->proof.config.log_blowup;
    if (sage_cairo_preprocessed_root(p->variant, p->hash, blowup, root)) return SAGE_OK;
    return sage_fail(err, SAGE_EUNSUP, "proof.preprocessed", -1,
                     "no root is known for this preprocessed trace and hash at blowup 2^%u",
                     blowup);
}

/* The flat samples forget how the proof nested them, so the nesting is compared apart. */
static sage_status
check_nesting(const sage_cairo_proof *p, const sage_pcs_shape *shape, sage_errinfo *err)
{
    const uint8_t *got = p->n_samples;
    for (uint32_t t = 0; t < shape->n_trees; t++) {
        const sage_tree_shape *tree = &shape->tree[t];
        if (p->n_columns[t] != tree->n_cols || memcmp(got, tree->samples, tree->n_cols) != 0)
            return sage_fail(err, SAGE_EPROOF, "proof.shape.sampled", t,
                             "the samples per column are not those of the components");
        got += tree->n_cols;
    }
    return SAGE_OK;
}

static sage_status mix_claim(const void *claim, sage_channel *ch, sage_errinfo *err)
{
    return sage_cairo_claim_mix(claim, ch, err);
}

static sage_status
public_sum(const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    return sage_cairo_public_sum(claim, z, alpha, out, err);
}

static sage_status
check_proof(const sage_cairo_proof *p, sage_air_verifier *v, sage_errinfo *err)
{
    void *scratch;
    sage_status s = check_nesting(p, v->shape, err);
    if (s) return s;
    s = sage_judge_alloc(&scratch, sage_air_verify_bytes(v->layout, v->shape), err);
    if (!s) s = sage_air_verify(v, scratch, err);
    free(scratch);
    return s;
}

static sage_status
check_layout(const sage_cairo_proof *p, const sage_layout *layout, sage_errinfo *err)
{
    sage_pcs_shape shape;
    void *tables;
    sage_air_verifier v = {.layout          = layout,
                           .shape           = &shape,
                           .proof           = &p->proof,
                           .salt            = p->salt,
                           .interaction_pow = SAGE_CAIRO_INTERACTION_POW,
                           .mix_claim       = mix_claim,
                           .public_sum      = public_sum,
                           .claim           = &p->claim};
    sage_status s       = find_root(p, v.preprocessed_root, err);
    if (!s) s = sage_judge_claim(sage_layout_check(layout, &p->proof.config, err), err);
    if (!s) s = sage_cairo_check_uses(&p->claim, layout, err);
    if (s) return s;
    if ((s = sage_judge_alloc(&tables, sage_layout_shape_bytes(layout), err))) return s;
    s = sage_judge_claim(sage_layout_shape(layout, &p->proof.config, tables, &shape, err), err);
    shape.hash = p->hash;
    if (!s) s = check_proof(p, &v, err);
    free(tables);
    return s;
}

sage_status
sage_cairo_verify(const sage_cairo_proof *p, uint32_t min_security_bits, sage_errinfo *err)
{
    void *layout;
    sage_status s = check_config(&p->proof.config, min_security_bits, err);
    if (!s) s = sage_cairo_check_claim(&p->claim, p->variant, err);
    if (!s) s = sage_judge_alloc(&layout, sizeof(sage_layout), err);
    if (s) return s;
    s = sage_cairo_layout(&p->claim, p->variant, layout, err);
    if (!s) s = check_layout(p, layout, err);
    free(layout);
    return s;
}

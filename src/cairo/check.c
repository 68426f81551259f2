/* cairo/check.c -- a Cairo proof's transcript and commitments. */
#include <stdlib.h>
#include <string.h>

#include "cairo/check.h"

static void mix_root(const sage_cairo_proof *p, uint32_t tree, sage_channel *ch)
{
    sage_channel_mix_root(ch, sage_view_digest(p->proof.roots, tree));
}

sage_status
sage_cairo_mix_statement(const sage_cairo_proof *p, sage_channel *ch, sage_errinfo *err)
{
    qm31 salt = qm31_from(p->salt);
    sage_channel_init(ch, p->hash);
    sage_channel_mix_felts(ch, &salt, 1);
    sage_config_mix(&p->proof.config, ch);
    mix_root(p, 0, ch);
    sage_status st = sage_cairo_claim_mix(&p->claim, ch, err);
    if (st != SAGE_OK) return st;
    mix_root(p, 1, ch);
    if (!sage_channel_pow_valid(ch, SAGE_CAIRO_INTERACTION_POW, p->proof.interaction_pow))
        return sage_fail(err, SAGE_EPROOF, "proof.pow.interaction", -1,
                         "nonce lacks %d bits of work", SAGE_CAIRO_INTERACTION_POW);
    sage_channel_mix_u64(ch, p->proof.interaction_pow);
    return SAGE_OK;
}

/* Steps 7 to 12, as far as they concern the transcript. */
static sage_status
mix_rest(const sage_cairo_proof *p, sage_channel *ch, secure_point *z, sage_errinfo *err)
{
    qm31 z_alpha[2];
    sage_channel_draw_felts(ch, z_alpha, 2);

    uint32_t n = p->proof.claimed_sums.n;
    qm31 *sums = calloc(n ? n : 1, sizeof *sums);
    if (!sums) return sage_fail(err, SAGE_ENOMEM, "cairo.claimed_sums", -1, "%u sums", n);
    for (uint32_t i = 0; i < n; i++)
        sums[i] = sage_view_qm31(p->proof.claimed_sums, i);
    sage_channel_mix_felts(ch, sums, n);
    free(sums);

    mix_root(p, 2, ch);
    (void)sage_channel_draw_felt(ch); /* rho, the composition's coefficient */
    mix_root(p, 3, ch);
    *z = sage_channel_draw_point(ch);
    return SAGE_OK;
}

static sage_status check_config(const sage_config *c, sage_errinfo *err)
{
    if (sage_config_security(c) >= SAGE_SECURITY_BITS && c->pow_bits >= SAGE_CAIRO_MIN_POW)
        return SAGE_OK;
    return sage_fail(err, SAGE_EPROOF, "proof.config.security", -1,
                     "%u bits, %u of them work; %d and %d are due", sage_config_security(c),
                     c->pow_bits, SAGE_SECURITY_BITS, SAGE_CAIRO_MIN_POW);
}

static sage_status check_preprocessed(const sage_cairo_proof *p, sage_errinfo *err)
{
    uint8_t root[32];
    if (!sage_cairo_preprocessed_root(p->variant, p->hash, p->proof.config.log_blowup, root))
        return sage_fail(err, SAGE_EUNSUP, "proof.preprocessed", -1,
                         "no known root at blowup 2^%u", p->proof.config.log_blowup);
    if (memcmp(root, sage_view_digest(p->proof.roots, 0), sizeof root) != 0)
        return sage_fail(err, SAGE_EPROOF, "proof.preprocessed", -1,
                         "not the canonical preprocessed trace");
    return SAGE_OK;
}

/* The nesting of the sampled values, which our flat form forgets, is the shape's. */
static sage_status
check_nesting(const sage_cairo_proof *p, const sage_pcs_shape *s, sage_errinfo *err)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n         = sage_cairo_instances(&p->claim, in);
    const uint8_t *got = p->n_samples;
    if (p->proof.claimed_sums.n != n)
        return sage_fail(err, SAGE_EPROOF, "proof.shape.claimed_sums", -1,
                         "%u sums of %u components", p->proof.claimed_sums.n, n);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        if (p->n_columns[t] != s->tree[t].n_cols ||
            memcmp(got, s->tree[t].samples, s->tree[t].n_cols) != 0)
            return sage_fail(err, SAGE_EPROOF, "proof.shape.sampled", t,
                             "samples per column are not those of the components");
        got += p->n_columns[t];
    }
    return SAGE_OK;
}

static sage_status
check_with_shape(const sage_cairo_proof *p, const sage_pcs_shape *shape, sage_errinfo *err)
{
    sage_status st = check_nesting(p, shape, err);
    if (st != SAGE_OK) return st;
    sage_channel ch;
    secure_point z;
    st = sage_cairo_mix_statement(p, &ch, err);
    if (st == SAGE_OK) st = mix_rest(p, &ch, &z, err);
    if (st != SAGE_OK) return st;

    void *scratch = malloc(sage_pcs_verify_bytes(shape));
    if (!scratch) return sage_fail(err, SAGE_ENOMEM, "cairo.scratch", -1, "no scratch");
    st = sage_pcs_verify(shape, &p->proof, &ch, z, scratch, err);
    free(scratch);
    return st;
}

sage_status sage_cairo_check_commitments(const sage_cairo_proof *p, sage_errinfo *err)
{
    sage_pcs_shape shape;
    void *mem      = NULL;
    sage_status st = check_config(&p->proof.config, err);
    if (st == SAGE_OK) st = check_preprocessed(p, err);
    if (st == SAGE_OK) st = sage_cairo_shape(p, &shape, &mem, err);
    if (st != SAGE_OK) return st;
    st = check_with_shape(p, &shape, err);
    free(mem);
    return st;
}

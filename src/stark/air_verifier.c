#include "stark/air_verifier.h"

#include <string.h>

#include "stark/oods.h"

/* What the transcript yields on the way to the openings. */
typedef struct checker {
    const sage_air_verifier *v;
    const sage_pcs_shape *shape;
    const sage_proof *proof;
    sage_channel ch;
    qm31 z, rho, claimed[SAGE_MAX_INSTANCES], *alpha, *sampled;
    secure_point point;
    void *rest; /* scratch of the identity, then of the openings */
    sage_errinfo *err;
} checker;

size_t sage_air_verify_bytes(const sage_layout *l, const sage_pcs_shape *shape)
{
    size_t identity = sage_oods_bytes(l), openings = sage_pcs_verify_bytes(shape);
    return (shape->n_samples + sage_layout_alphas(l)) * sizeof(qm31) +
           (identity > openings ? identity : openings);
}

static sage_status wrong(checker *k, const char *where, const char *what)
{
    return sage_fail(k->err, SAGE_EPROOF, where, -1, "%s", what);
}

static sage_status begin(checker *k, void *scratch)
{
    k->sampled = scratch;
    k->alpha   = k->sampled + k->shape->n_samples;
    k->rest    = k->alpha + sage_layout_alphas(k->v->layout);
    if (k->proof->n_trees != k->shape->n_trees)
        return wrong(k, "proof.shape.trees", "the number of trees is not the statement's");
    if (k->proof->sampled.n != k->shape->n_samples)
        return wrong(k, "proof.shape.sampled", "the number of samples is not the statement's");
    for (size_t i = 0; i < k->shape->n_samples; i++)
        k->sampled[i] = sage_view_qm31(k->proof->sampled, (uint32_t)i);
    return SAGE_OK;
}

static const uint8_t *root(const checker *k, uint32_t tree)
{
    return sage_view_digest(k->proof->roots, tree);
}

/* Steps 1 to 5: salt, config, preprocessed root, claim, trace root. */
static sage_status open_transcript(checker *k)
{
    qm31 salt = qm31_from(k->v->salt);
    sage_channel_init(&k->ch, k->shape->hash);
    sage_channel_mix_felts(&k->ch, &salt, 1);
    sage_config_mix(&k->proof->config, &k->ch);
    if (memcmp(root(k, 0), k->v->preprocessed_root, 32) != 0)
        return wrong(k, "proof.preprocessed",
                     "the preprocessed columns are not the known ones");
    sage_channel_mix_root(&k->ch, root(k, 0));
    sage_status s = k->v->mix_claim(k->v->claim, &k->ch, k->err);
    if (!s) sage_channel_mix_root(&k->ch, root(k, 1));
    return s;
}

static sage_status check_balance(checker *k)
{
    qm31 sum      = qm31_zero();
    sage_status s = k->v->public_sum(k->v->claim, k->z, k->alpha, &sum, k->err);
    if (s) return s;
    for (uint32_t i = 0; i < k->v->layout->n; i++) {
        k->claimed[i] = sage_view_qm31(k->proof->claimed_sums, i);
        sum           = qm31_add(sum, k->claimed[i]);
        if (!sage_instance_pairs(&k->v->layout->inst[i]) && !qm31_is_zero(k->claimed[i]))
            return wrong(k, "proof.logup", "a component without lookups claims a sum");
    }
    if (!qm31_is_zero(sum)) return wrong(k, "proof.logup", "the lookups do not balance");
    return SAGE_OK;
}

/* Steps 6 to 9. */
static sage_status interaction(checker *k)
{
    const sage_layout *l = k->v->layout;
    uint32_t n           = sage_layout_alphas(l);
    qm31 drawn[2];
    if (!sage_layout_has_logup(l)) return SAGE_OK;
    if (k->proof->claimed_sums.n != l->n)
        return wrong(k, "proof.shape.claimed_sums", "one claimed sum per component is needed");
    if (!sage_channel_pow_valid(&k->ch, k->v->interaction_pow, k->proof->interaction_pow))
        return wrong(k, "proof.pow.interaction", "the interaction proof of work does not hold");
    sage_channel_mix_u64(&k->ch, k->proof->interaction_pow);
    sage_channel_draw_felts(&k->ch, drawn, 2);
    k->z        = drawn[0];
    k->alpha[0] = qm31_one();
    for (uint32_t i = 1; i < n; i++)
        k->alpha[i] = qm31_mul(k->alpha[i - 1], drawn[1]);
    sage_status s = check_balance(k);
    if (s) return s;
    sage_channel_mix_felts(&k->ch, k->claimed, l->n);
    sage_channel_mix_root(&k->ch, root(k, 2));
    return SAGE_OK;
}

/* Steps 10 to 12 and the identity. */
static sage_status composition(checker *k)
{
    k->rho = sage_channel_draw_felt(&k->ch);
    sage_channel_mix_root(&k->ch, root(k, k->shape->n_trees - 1));
    k->point    = sage_channel_draw_point(&k->ch);
    sage_oods o = {.layout  = k->v->layout,
                   .shape   = k->shape,
                   .sampled = k->sampled,
                   .claimed = k->claimed,
                   .z       = k->z,
                   .alpha   = k->alpha,
                   .rho     = k->rho,
                   .point   = k->point};
    return sage_oods_holds(&o, k->rest, k->err);
}

sage_status sage_air_verify(const sage_air_verifier *v, void *scratch, sage_errinfo *err)
{
    checker k     = {.v = v, .shape = v->shape, .proof = v->proof, .err = err};
    sage_status s = begin(&k, scratch);
    if (!s) s = open_transcript(&k);
    if (!s) s = interaction(&k);
    if (!s) s = composition(&k);
    if (!s) s = sage_pcs_verify(k.shape, k.proof, &k.ch, k.point, k.rest, err);
    return s;
}

/* cairo/claim.c -- the claim: its instances and its part of the transcript. */
#include "cairo/claim.h"

#include <stdlib.h>
#include <string.h>

#include "cairo/limbs.h"
#include "hash/values.h"

enum {
    ENABLE_BITS     = SAGE_CAIRO_COMPONENTS - 1 + SAGE_CAIRO_MAX_BIG,
    N_FIXED_PUBLICS = 6 + 4 * SAGE_CAIRO_SEGMENTS + 2
};

void sage_cairo_claim_free(sage_cairo_claim *c)
{
    free(c->program.at);
    free(c->output.at);
    memset(c, 0, sizeof *c);
}

uint32_t sage_cairo_instances(const sage_cairo_claim *c,
                              sage_cairo_instance out[SAGE_CAIRO_MAX_INSTANCES])
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        const sage_cairo_component *p = &sage_cairo_components[i];
        if (i == SAGE_CAIRO_MEMORY_BIG)
            for (uint32_t k = 0; k < c->n_big; k++)
                out[n++] = (sage_cairo_instance){p, c->big_log[k]};
        else if (c->log[i])
            out[n++] = (sage_cairo_instance){p, c->log[i]};
    }
    return n;
}

/* Words in groups of four as secure felts, the last group padded with zeros (facts A9). */
typedef struct packer {
    qm31 *felts;
    size_t n; /* words */
} packer;

static void pack(packer *p, m31 word)
{
    if (p->n % 4 == 0) p->felts[p->n / 4] = qm31_zero();
    p->felts[p->n / 4].v[p->n % 4] = word;
    p->n++;
}

static void mix_packed(packer *p, sage_channel *ch)
{
    sage_channel_mix_felts(ch, p->felts, (p->n + 3) / 4);
    p->n = 0;
}

/* Which of the ENABLE_BITS slots are there, and the sizes of those that are. */
static void mix_components(const sage_cairo_claim *c, packer *p, sage_channel *ch)
{
    pack(p, ENABLE_BITS);
    mix_packed(p, ch);

    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        if (i == SAGE_CAIRO_MEMORY_BIG)
            for (uint32_t k = 0; k < SAGE_CAIRO_MAX_BIG; k++)
                pack(p, k < c->n_big);
        else
            pack(p, c->log[i] != 0);
    }
    mix_packed(p, ch);

    sage_cairo_instance instances[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n = sage_cairo_instances(c, instances);
    for (uint32_t i = 0; i < n; i++)
        pack(p, instances[i].log);
    mix_packed(p, ch);
}

static void mix_publics(const sage_cairo_claim *c, packer *p, sage_channel *ch)
{
    pack(p, c->program.n);
    mix_packed(p, ch);

    for (int i = 0; i < 3; i++)
        pack(p, c->initial[i]);
    for (int i = 0; i < 3; i++)
        pack(p, c->final[i]);
    for (int i = 0; i < SAGE_CAIRO_SEGMENTS; i++)
        for (int k = 0; k < 4; k++)
            pack(p, c->segments[i][k]);
    for (int i = 0; i < 2; i++)
        pack(p, c->safe_call_ids[i]);
    for (uint32_t i = 0; i < c->output.n; i++)
        pack(p, c->output.at[i].id);
    for (uint32_t i = 0; i < c->program.n; i++)
        pack(p, c->program.at[i].id);
    mix_packed(p, ch);
}

/* By the transcript's own hash, as leaves are. */
static void mix_values(const sage_cairo_cells *cells, sage_channel *ch)
{
    sage_values_hash h;
    uint8_t digest[32];
    sage_values_init(&h, ch->kind);
    for (uint32_t i = 0; i < cells->n; i++) {
        uint32_t limbs[SAGE_CAIRO_LIMBS];
        for (uint32_t k = 0; k < SAGE_CAIRO_LIMBS; k++)
            limbs[k] = sage_cairo_limb(&cells->at[i].value, k);
        sage_values_add(&h, limbs, SAGE_CAIRO_LIMBS);
    }
    sage_values_final(&h, digest);
    sage_channel_mix_root(ch, digest);
}

sage_status sage_cairo_claim_mix(const sage_cairo_claim *c, sage_channel *ch, sage_errinfo *err)
{
    size_t publics = (size_t)N_FIXED_PUBLICS + c->output.n + c->program.n;
    size_t words   = publics > ENABLE_BITS ? publics : ENABLE_BITS;
    packer p       = {calloc(words / 4 + 1, sizeof(qm31)), 0};
    if (!p.felts)
        return sage_fail(err, SAGE_ENOMEM, "cairo.claim.mix", -1, "%zu public words", words);
    mix_components(c, &p, ch);
    mix_publics(c, &p, ch);
    free(p.felts);
    mix_values(&c->output, ch);
    mix_values(&c->program, ch);
    return SAGE_OK;
}

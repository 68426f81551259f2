/* cairo/write_serde.c -- writes the cairo-serde form (facts A13). */
#include "cairo/formats.h"

static void put_words(sage_felts_out *o, const uint32_t *w, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        sage_felts_put(o, w[i]);
}

static void put_cells(sage_felts_out *o, const sage_cairo_cells *c)
{
    sage_felts_put(o, c->n);
    for (uint32_t i = 0; i < c->n; i++) {
        sage_felts_put(o, c->at[i].id);
        put_words(o, c->at[i].value.w, 8);
    }
}

/* An Option: 0 for Some, 1 for None; a table of fixed size has no field. */
static void put_component(sage_felts_out *o, const sage_cairo_claim *c, uint32_t i)
{
    if (i == SAGE_CAIRO_MEMORY_BIG) {
        sage_felts_put(o, 0);
        sage_felts_put(o, c->n_big);
        for (uint32_t k = 0; k < c->n_big; k++)
            sage_felts_put(o, c->big_log[k]);
        return;
    }
    sage_felts_put(o, c->log[i] == 0);
    if (c->log[i] && !sage_cairo_components[i].log) sage_felts_put(o, c->log[i]);
}

static void put_claim(sage_felts_out *o, const sage_cairo_claim *c)
{
    put_cells(o, &c->program);
    put_words(o, c->segments[0], 4 * SAGE_CAIRO_SEGMENTS);
    put_cells(o, &c->output);
    put_words(o, c->safe_call_ids, 2);
    put_words(o, c->initial, 3);
    put_words(o, c->final, 3);
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        put_component(o, c, i);
}

static void put_secure(sage_felts_out *o, sage_view v, uint32_t i)
{
    qm31 x = sage_view_qm31(v, i);
    put_words(o, x.v, 4);
}

static void put_secures(sage_felts_out *o, sage_view v)
{
    sage_felts_put(o, v.n);
    for (uint32_t i = 0; i < v.n; i++)
        put_secure(o, v, i);
}

static void put_digest(sage_felts_out *o, sage_hash_kind hash, sage_view v, uint32_t i)
{
    sage_felt252 d = sage_felt252_load(sage_view_digest(v, i));
    if (hash == SAGE_HASH_BLAKE2S)
        put_words(o, d.w, 8);
    else
        sage_felts_put_felt(o, &d);
}

static void put_digests(sage_felts_out *o, sage_hash_kind hash, sage_view v)
{
    sage_felts_put(o, v.n);
    for (uint32_t i = 0; i < v.n; i++)
        put_digest(o, hash, v, i);
}

static void put_config(sage_felts_out *o, const sage_config *c)
{
    const uint32_t v[] = {c->pow_bits, c->log_blowup, c->log_last_layer, c->n_queries,
                          c->fold_step};
    put_words(o, v, sizeof v / sizeof *v);
}

static void put_sampled(sage_felts_out *o, const sage_cairo_proof *p)
{
    const uint8_t *samples = p->n_samples;
    uint32_t at            = 0;
    sage_felts_put(o, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        sage_felts_put(o, p->n_columns[t]);
        for (uint32_t i = 0; i < p->n_columns[t]; i++) {
            uint32_t n = *samples++;
            sage_felts_put(o, n);
            while (n-- > 0)
                put_secure(o, p->proof.sampled, at++);
        }
    }
}

static void put_openings(sage_felts_out *o, const sage_cairo_proof *p)
{
    sage_felts_put(o, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++)
        put_digests(o, p->hash, p->proof.hash_witness[t]);
    sage_felts_put(o, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        sage_view v = p->proof.queried[t];
        sage_felts_put(o, v.n);
        for (uint32_t i = 0; i < v.n; i++)
            sage_felts_put(o, sage_view_u32(v, i));
    }
}

static void put_layer(sage_felts_out *o, sage_hash_kind hash, const sage_proof_layer *l)
{
    put_secures(o, l->witness);
    put_digests(o, hash, l->hash_witness);
    put_digest(o, hash, l->root, 0);
}

static void put_fri(sage_felts_out *o, const sage_cairo_proof *p)
{
    uint32_t log = 0;
    put_layer(o, p->hash, &p->proof.layer[0]);
    sage_felts_put(o, p->proof.n_layers - 1);
    for (uint32_t i = 1; i < p->proof.n_layers; i++)
        put_layer(o, p->hash, &p->proof.layer[i]);
    put_secures(o, p->proof.last_layer);
    while (1u << log < p->proof.last_layer.n)
        log++;
    sage_felts_put(o, log);
}

/* The reader knows the hash by the first root (read_serde.c): a Poseidon252 root of at most 32
 * bits would be read as the first word of a Blake2s one. */
static sage_status check_hash(const sage_cairo_proof *p, sage_errinfo *err)
{
    sage_felt252 root = sage_felt252_load(sage_view_digest(p->proof.roots, 0));
    uint32_t high     = 0;
    for (int i = 1; i < 8; i++)
        high |= root.w[i];
    if (p->hash == SAGE_HASH_BLAKE2S || high) return SAGE_OK;
    return sage_fail(err, SAGE_EFORMAT, "cairo.write.hash", -1,
                     "a Poseidon252 root of 32 bits reads as Blake2s");
}

sage_status sage_cairo_write_serde(const sage_cairo_proof *p, sage_sink *out, sage_errinfo *err)
{
    sage_felts_out o = {.sink = out};
    sage_status st   = check_hash(p, err);
    if (st != SAGE_OK) return st;
    put_claim(&o, &p->claim);
    sage_felts_put(&o, p->proof.interaction_pow);
    put_secures(&o, p->proof.claimed_sums);
    put_config(&o, &p->proof.config);
    put_digests(&o, p->hash, p->proof.roots);
    put_sampled(&o, p);
    put_openings(&o, p);
    sage_felts_put(&o, p->proof.pow_nonce);
    put_fri(&o, p);
    sage_felts_put(&o, p->salt);
    sage_felts_end(&o);
    return SAGE_OK;
}

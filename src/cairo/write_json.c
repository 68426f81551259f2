/* cairo/write_json.c -- writes the Rust verifier's JSON (json_keys.h). */
#include <stdlib.h>

#include "base/json_out.h"
#include "cairo/formats.h"
#include "cairo/json_keys.h"

/* What every writer needs. */
typedef struct writer {
    sage_json_out o;
    const sage_cairo_proof *p;
} writer;

static void put_words(sage_json_out *o, const uint32_t *v, uint32_t n)
{
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < n; i++)
        sage_json_out_number(o, v[i]);
    sage_json_out_close(o, ']');
}

/* {"key": number, ..} */
static void put_struct(sage_json_out *o, const char *const *keys, const uint32_t *v, uint32_t n)
{
    sage_json_out_open(o, '{');
    for (uint32_t i = 0; i < n; i++) {
        sage_json_out_key(o, keys[i]);
        sage_json_out_number(o, v[i]);
    }
    sage_json_out_close(o, '}');
}

static void put_cells(sage_json_out *o, const sage_cairo_cells *c)
{
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < c->n; i++) {
        sage_json_out_open(o, '[');
        sage_json_out_number(o, c->at[i].id);
        put_words(o, c->at[i].value.w, 8);
        sage_json_out_close(o, ']');
    }
    sage_json_out_close(o, ']');
}

static void put_segments(sage_json_out *o, const sage_cairo_claim *c)
{
    sage_json_out_open(o, '{');
    for (int i = 0; i < SAGE_CAIRO_SEGMENTS; i++) {
        sage_json_out_key(o, sage_cairo_keys_segments[i]);
        sage_json_out_open(o, '{');
        for (int k = 0; k < 2; k++) {
            sage_json_out_key(o, sage_cairo_keys_segment[k]);
            put_struct(o, sage_cairo_keys_cell, c->segments[i] + 2 * k, 2);
        }
        sage_json_out_close(o, '}');
    }
    sage_json_out_close(o, '}');
}

static void put_public(sage_json_out *o, const sage_cairo_claim *c)
{
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_public[KEY_PUBLIC_MEMORY]);
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_memory[KEY_PROGRAM]);
    put_cells(o, &c->program);
    sage_json_out_key(o, sage_cairo_keys_memory[KEY_SEGMENTS]);
    put_segments(o, c);
    sage_json_out_key(o, sage_cairo_keys_memory[KEY_OUTPUT]);
    put_cells(o, &c->output);
    sage_json_out_key(o, sage_cairo_keys_memory[KEY_SAFE_CALL]);
    put_words(o, c->safe_call_ids, 2);
    sage_json_out_close(o, '}');
    sage_json_out_key(o, sage_cairo_keys_public[KEY_INITIAL]);
    put_struct(o, sage_cairo_keys_state, c->initial, 3);
    sage_json_out_key(o, sage_cairo_keys_public[KEY_FINAL]);
    put_struct(o, sage_cairo_keys_state, c->final, 3);
    sage_json_out_close(o, '}');
}

static void put_component(sage_json_out *o, const sage_cairo_claim *c, uint32_t i)
{
    if (i == SAGE_CAIRO_MEMORY_BIG) {
        sage_json_out_open(o, '{');
        sage_json_out_key(o, sage_cairo_key_big_log_sizes[0]);
        sage_json_out_open(o, '[');
        for (uint32_t k = 0; k < c->n_big; k++)
            sage_json_out_number(o, c->big_log[k]);
        sage_json_out_close(o, ']');
        sage_json_out_close(o, '}');
    } else if (c->log[i]) {
        const uint32_t log = c->log[i];
        put_struct(o, sage_cairo_key_log_size, &log, sage_cairo_components[i].log ? 0 : 1);
    } else {
        sage_json_out_null(o);
    }
}

static void put_claim(sage_json_out *o, const sage_cairo_claim *c)
{
    const char *names[N_CLAIM_KEYS];
    sage_cairo_keys_claim(names);
    sage_json_out_open(o, '{');
    sage_json_out_key(o, names[0]);
    put_public(o, c);
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        sage_json_out_key(o, names[1 + i]);
        put_component(o, c, i);
    }
    sage_json_out_close(o, '}');
}

static void put_secure(sage_json_out *o, qm31 v)
{
    sage_json_out_open(o, '[');
    put_words(o, v.v, 2);
    put_words(o, v.v + 2, 2);
    sage_json_out_close(o, ']');
}

static void put_secures(sage_json_out *o, sage_view v)
{
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < v.n; i++)
        put_secure(o, sage_view_qm31(v, i));
    sage_json_out_close(o, ']');
}

static void put_big_sums(writer *w, uint32_t first)
{
    sage_json_out *o = &w->o;
    qm31 total       = qm31_zero();
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_big_sums[0]);
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < w->p->claim.n_big; i++) {
        qm31 v = sage_view_qm31(w->p->proof.claimed_sums, first + i);
        total  = qm31_add(total, v);
        put_secure(o, v);
    }
    sage_json_out_close(o, ']');
    sage_json_out_key(o, sage_cairo_keys_big_sums[1]);
    put_secure(o, total);
    sage_json_out_close(o, '}');
}

static void put_interaction(writer *w)
{
    sage_json_out *o          = &w->o;
    const sage_cairo_claim *c = &w->p->claim;
    uint32_t at               = 0;
    sage_json_out_open(o, '{');
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        sage_json_out_key(o, sage_cairo_components[i].name);
        if (i == SAGE_CAIRO_MEMORY_BIG) {
            put_big_sums(w, at);
            at += c->n_big;
        } else if (c->log[i]) {
            sage_json_out_open(o, '{');
            sage_json_out_key(o, sage_cairo_key_claimed_sum[0]);
            put_secure(o, sage_view_qm31(w->p->proof.claimed_sums, at++));
            sage_json_out_close(o, '}');
        } else {
            sage_json_out_null(o);
        }
    }
    sage_json_out_close(o, '}');
}

static void put_config(sage_json_out *o, const sage_config *c)
{
    const uint32_t fri[N_FRI_CONFIG_KEYS] = {c->log_blowup, c->log_last_layer, c->n_queries,
                                             c->fold_step};
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_config[KEY_POW_BITS]);
    sage_json_out_number(o, c->pow_bits);
    sage_json_out_key(o, sage_cairo_keys_config[KEY_FRI_CONFIG]);
    put_struct(o, sage_cairo_keys_fri_config, fri, N_FRI_CONFIG_KEYS);
    sage_json_out_key(o, sage_cairo_keys_config[KEY_MIN_LIFTING]);
    sage_json_out_number(o, 0);
    sage_json_out_close(o, '}');
}

static void put_digest(writer *w, sage_view v, uint32_t i)
{
    const uint8_t *d = sage_view_digest(v, i);
    if (w->p->hash == SAGE_HASH_BLAKE2S) {
        sage_json_out_open(&w->o, '[');
        for (int k = 0; k < 32; k++)
            sage_json_out_number(&w->o, d[k]);
        sage_json_out_close(&w->o, ']');
        return;
    }
    char decimal[SAGE_FELT252_DECIMAL];
    sage_felt252 felt = sage_felt252_load(d);
    sage_felt252_to_decimal(&felt, decimal);
    sage_json_out_string(&w->o, decimal);
}

static void put_digests(writer *w, sage_view v)
{
    sage_json_out_open(&w->o, '[');
    for (uint32_t i = 0; i < v.n; i++)
        put_digest(w, v, i);
    sage_json_out_close(&w->o, ']');
}

static void put_witness(writer *w, sage_view v)
{
    sage_json_out_open(&w->o, '{');
    sage_json_out_key(&w->o, sage_cairo_key_hash_witness[0]);
    put_digests(w, v);
    sage_json_out_close(&w->o, '}');
}

static void put_sampled(writer *w)
{
    sage_json_out *o       = &w->o;
    const uint8_t *samples = w->p->n_samples;
    uint32_t at            = 0;
    sage_json_out_open(o, '[');
    for (int t = 0; t < SAGE_MAX_TREES; t++) {
        sage_json_out_open(o, '[');
        for (uint32_t i = 0; i < w->p->n_columns[t]; i++) {
            sage_json_out_open(o, '[');
            for (uint32_t n = *samples++; n > 0; n--)
                put_secure(o, sage_view_qm31(w->p->proof.sampled, at++));
            sage_json_out_close(o, ']');
        }
        sage_json_out_close(o, ']');
    }
    sage_json_out_close(o, ']');
}

/* Ours is row by row in leaf order; here a column's values stand together, in commit order. */
static sage_status
put_queried(writer *w, const sage_tree_shape *t, sage_view v, sage_errinfo *err)
{
    sage_json_out *o = &w->o;
    uint32_t rows = v.n / t->n_cols, *place = sage_cairo_leaf_places(t);
    if (!place) return sage_fail(err, SAGE_ENOMEM, "cairo.bytes", -1, "no memory for a tree");
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < t->n_cols; i++) {
        sage_json_out_open(o, '[');
        for (uint32_t r = 0; r < rows; r++)
            sage_json_out_number(o, sage_view_u32(v, r * t->n_cols + place[i]));
        sage_json_out_close(o, ']');
    }
    sage_json_out_close(o, ']');
    free(place);
    return SAGE_OK;
}

static void put_layer(writer *w, const sage_proof_layer *l)
{
    sage_json_out *o = &w->o;
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_layer[KEY_FRI_WITNESS]);
    put_secures(o, l->witness);
    sage_json_out_key(o, sage_cairo_keys_layer[KEY_DECOMMITMENT]);
    put_witness(w, l->hash_witness);
    sage_json_out_key(o, sage_cairo_keys_layer[KEY_COMMITMENT]);
    put_digest(w, l->root, 0);
    sage_json_out_close(o, '}');
}

static void put_fri(writer *w)
{
    sage_json_out *o    = &w->o;
    const sage_proof *p = &w->p->proof;
    uint32_t log        = 0;
    while (1u << log < p->last_layer.n)
        log++;
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_fri[KEY_FIRST]);
    put_layer(w, &p->layer[0]);
    sage_json_out_key(o, sage_cairo_keys_fri[KEY_INNER]);
    sage_json_out_open(o, '[');
    for (uint32_t i = 1; i < p->n_layers; i++)
        put_layer(w, &p->layer[i]);
    sage_json_out_close(o, ']');
    sage_json_out_key(o, sage_cairo_keys_fri[KEY_LAST]);
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_poly[0]);
    put_secures(o, p->last_layer);
    sage_json_out_key(o, sage_cairo_keys_poly[1]);
    sage_json_out_number(o, log);
    sage_json_out_close(o, '}');
    sage_json_out_close(o, '}');
}

static sage_status put_stark(writer *w, const sage_pcs_shape *shape, sage_errinfo *err)
{
    sage_json_out *o    = &w->o;
    const sage_proof *p = &w->p->proof;
    sage_status st      = SAGE_OK;
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_CONFIG]);
    put_config(o, &p->config);
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_COMMITMENTS]);
    put_digests(w, p->roots);
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_SAMPLED]);
    put_sampled(w);
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_DECOMMITMENTS]);
    sage_json_out_open(o, '[');
    for (int t = 0; t < SAGE_MAX_TREES; t++)
        put_witness(w, p->hash_witness[t]);
    sage_json_out_close(o, ']');
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_QUERIED]);
    sage_json_out_open(o, '[');
    for (int t = 0; st == SAGE_OK && t < SAGE_MAX_TREES; t++)
        st = put_queried(w, &shape->tree[t], p->queried[t], err);
    sage_json_out_close(o, ']');
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_PROOF_OF_WORK]);
    sage_json_out_number(o, p->pow_nonce);
    sage_json_out_key(o, sage_cairo_keys_stark[KEY_FRI]);
    put_fri(w);
    sage_json_out_close(o, '}');
    return st;
}

static void put_in_sink(void *to, const void *bytes, size_t n)
{
    sage_sink_put(to, bytes, n);
}

sage_status sage_cairo_write_json(const sage_cairo_proof *p,
                                  const sage_pcs_shape *shape,
                                  sage_sink *out,
                                  sage_errinfo *err)
{
    writer w         = {{.put = put_in_sink, .to = out}, p};
    sage_json_out *o = &w.o;
    sage_json_out_open(o, '{');
    sage_json_out_key(o, sage_cairo_keys_proof[KEY_CLAIM]);
    put_claim(o, &p->claim);
    sage_json_out_key(o, sage_cairo_keys_proof[KEY_INTERACTION_POW]);
    sage_json_out_number(o, p->proof.interaction_pow);
    sage_json_out_key(o, sage_cairo_keys_proof[KEY_INTERACTION_CLAIM]);
    put_interaction(&w);
    sage_json_out_key(o, sage_cairo_keys_proof[KEY_STARK_PROOF]);
    sage_status st = put_stark(&w, shape, err);
    sage_json_out_key(o, sage_cairo_keys_proof[KEY_SALT]);
    sage_json_out_number(o, p->salt);
    sage_json_out_key(o, sage_cairo_keys_proof[KEY_VARIANT]);
    sage_json_out_string(o, sage_cairo_variant_names[p->variant]);
    sage_json_out_close(o, '}');
    return st;
}

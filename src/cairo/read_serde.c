/* cairo/read_serde.c -- reads the cairo-serde form and rewrites its commitment proof in ours. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cairo/formats.h"

enum { WORDS_PER_DIGEST = 8 };

/* A reader and what it writes to. */
typedef struct converter {
    sage_felts f;
    sage_cairo_proof *out;
    sage_errinfo *err;
} converter;

static sage_status convert_u32(converter *c, sage_sink *s, const char *where)
{
    uint32_t v     = 0;
    sage_status st = sage_felts_u32(&c->f, &v, where, c->err);
    if (st == SAGE_OK) sage_sink_u32(s, v);
    return st;
}

static sage_status convert_u64(converter *c, sage_sink *s, const char *where)
{
    uint64_t v     = 0;
    sage_status st = sage_felts_u64(&c->f, &v, where, c->err);
    if (st == SAGE_OK) sage_sink_u64(s, v);
    return st;
}

static sage_status convert_m31s(converter *c, sage_sink *s, uint32_t n, const char *where)
{
    for (uint32_t i = 0; i < n; i++) {
        m31 v          = 0;
        sage_status st = sage_felts_m31(&c->f, &v, where, c->err);
        if (st != SAGE_OK) return st;
        sage_sink_u32(s, v);
    }
    return SAGE_OK;
}

static sage_status convert_digest(converter *c, sage_sink *s, const char *where)
{
    if (c->out->hash == SAGE_HASH_BLAKE2S) {
        for (int i = 0; i < 8; i++) {
            sage_status st = convert_u32(c, s, where);
            if (st != SAGE_OK) return st;
        }
        return SAGE_OK;
    }
    sage_felt252 v;
    sage_status st = sage_felts_next(&c->f, &v, where, c->err);
    if (st != SAGE_OK) return st;
    for (int i = 0; i < 8; i++)
        sage_sink_u32(s, v.w[i]);
    return SAGE_OK;
}

/* A vector keeps its length prefix: ours is a u32 too. */
static sage_status convert_digests(converter *c, sage_sink *s, const char *where)
{
    uint32_t n = 0, felts = c->out->hash == SAGE_HASH_BLAKE2S ? WORDS_PER_DIGEST : 1;
    sage_status st = sage_felts_count(&c->f, felts, SAGE_CAIRO_MAX_WITNESS, &n, where, c->err);
    if (st != SAGE_OK) return st;
    sage_sink_u32(s, n);
    for (uint32_t i = 0; st == SAGE_OK && i < n; i++)
        st = convert_digest(c, s, where);
    return st;
}

static sage_status convert_vector(converter *c, sage_sink *s, uint32_t words, const char *where)
{
    uint32_t n     = 0;
    sage_status st = sage_felts_count(&c->f, words, SAGE_CAIRO_MAX_ITEMS, &n, where, c->err);
    if (st != SAGE_OK) return st;
    sage_sink_u32(s, n);
    return convert_m31s(c, s, n * words, where);
}

static sage_status expect_count(converter *c, uint32_t want, const char *where)
{
    uint32_t n     = 0;
    sage_status st = sage_felts_count(&c->f, 1, SAGE_CAIRO_MAX_ITEMS, &n, where, c->err);
    if (st == SAGE_OK && n != want)
        st = sage_fail(c->err, SAGE_EFORMAT, where, c->f.index, "%u instead of %u", n, want);
    return st;
}

/* Trees, columns, samples: ours is the flat list; the counts are kept aside. */
static sage_status convert_sampled(converter *c, sage_sink *s)
{
    static const char where[] = "cairo.sampled";
    sage_cairo_proof *out     = c->out;
    size_t head               = s->len;
    uint32_t total = 0, n_columns = 0;
    sage_sink_u32(s, 0);
    sage_status st = sage_cairo_alloc_samples(out, c->err);
    if (st == SAGE_OK) st = expect_count(c, SAGE_MAX_TREES, where);
    for (uint32_t t = 0; st == SAGE_OK && t < SAGE_MAX_TREES; t++) {
        uint32_t *n = &out->n_columns[t];
        st = sage_felts_count(&c->f, 1, SAGE_CAIRO_MAX_COLUMNS - n_columns, n, where, c->err);
        for (uint32_t i = 0; st == SAGE_OK && i < *n; i++) {
            uint32_t samples = 0;
            st               = sage_felts_count(&c->f, 4, 2, &samples, where, c->err);
            if (st == SAGE_OK) st = convert_m31s(c, s, 4 * samples, where);
            out->n_samples[n_columns++] = (uint8_t)samples;
            total += samples;
        }
    }
    sage_sink_patch_u32(s, head, total);
    if (st == SAGE_OK && !sage_cairo_variant_of(out->n_columns[0], &out->variant))
        st = sage_fail(c->err, SAGE_EFORMAT, "cairo.variant", c->f.index,
                       "no preprocessed trace has %u columns", out->n_columns[0]);
    return st;
}

/* All decommitments come first, then all queried values; ours are tree by tree. */
static sage_status convert_openings(converter *c, sage_sink *s)
{
    sage_sink witness[SAGE_MAX_TREES] = {{0}};
    sage_status st                    = expect_count(c, SAGE_MAX_TREES, "cairo.decommitments");
    for (uint32_t t = 0; st == SAGE_OK && t < SAGE_MAX_TREES; t++)
        st = convert_digests(c, &witness[t], "cairo.decommitments");
    if (st == SAGE_OK) st = expect_count(c, SAGE_MAX_TREES, "cairo.queried");
    for (uint32_t t = 0; st == SAGE_OK && t < SAGE_MAX_TREES; t++) {
        if (witness[t].failed) s->failed = true;
        sage_sink_put(s, witness[t].bytes, witness[t].len);
        st = convert_vector(c, s, 1, "cairo.queried");
    }
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++)
        free(witness[t].bytes);
    return st;
}

/* In the text a layer is witness, hash witness, commitment; ours begins with the root. */
static sage_status convert_layer(converter *c, sage_sink *s, const char *where)
{
    size_t root                   = s->len;
    static const uint8_t zero[32] = {0};
    sage_sink_put(s, zero, sizeof zero);
    sage_status st = convert_vector(c, s, 4, where);
    if (st == SAGE_OK) st = convert_digests(c, s, where);
    sage_sink digest = {0};
    if (st == SAGE_OK) st = convert_digest(c, &digest, where);
    if (digest.failed) s->failed = true;
    if (st == SAGE_OK && !s->failed) memcpy(s->bytes + root, digest.bytes, sizeof zero);
    free(digest.bytes);
    return st;
}

static sage_status convert_fri(converter *c, sage_sink *s)
{
    size_t head = s->len;
    sage_sink_u32(s, 0);
    sage_status st = convert_layer(c, s, "cairo.fri.first");
    uint32_t inner = 0;
    if (st == SAGE_OK)
        st = sage_felts_count(&c->f, 1, SAGE_MAX_FRI_LAYERS - 1, &inner, "cairo.fri.layers",
                              c->err);
    for (uint32_t i = 0; st == SAGE_OK && i < inner; i++)
        st = convert_layer(c, s, "cairo.fri.inner");
    sage_sink_patch_u32(s, head, inner + 1);

    size_t last = s->len;
    if (st == SAGE_OK) st = convert_vector(c, s, 4, "cairo.fri.last");
    uint32_t log_size = 0;
    if (st == SAGE_OK) st = sage_felts_u32(&c->f, &log_size, "cairo.fri.last_log", c->err);
    if (st != SAGE_OK || s->failed) return st;
    uint32_t n = sage_load_le32(s->bytes + last);
    if (log_size > SAGE_MAX_LAST_LOG || n != 1u << log_size)
        st = sage_fail(c->err, SAGE_EFORMAT, "cairo.fri.last_log", c->f.index,
                       "%u coefficients of log size %u", n, log_size);
    return st;
}

static sage_status convert_config(converter *c, sage_sink *s)
{
    sage_config v        = {0};
    uint32_t *in_order[] = {&v.pow_bits, &v.log_blowup, &v.log_last_layer, &v.n_queries,
                            &v.fold_step};
    uint32_t index       = c->f.index;
    for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++) {
        sage_status st = sage_felts_u32(&c->f, in_order[i], "cairo.config", c->err);
        if (st != SAGE_OK) return st;
    }
    return sage_cairo_put_config(&v, s, index, c->err);
}

/* The first word of a Blake2s digest fits 32 bits; a Poseidon252 digest fits them once in
 * 2^220. */
static sage_status detect_hash(converter *c)
{
    sage_felts ahead = c->f;
    sage_felt252 v;
    sage_status st = sage_felts_next(&ahead, &v, "cairo.commitments", c->err);
    uint32_t high  = 0;
    for (int i = 1; st == SAGE_OK && i < 8; i++)
        high |= v.w[i];
    c->out->hash = high ? SAGE_HASH_POSEIDON252 : SAGE_HASH_BLAKE2S;
    return st;
}

/* The head of our form is config, number of trees, interaction proof of work, claimed sums,
 * roots; in the text the last comes first. */
static sage_status convert_head(converter *c, sage_sink *s)
{
    sage_sink claimed = {0};
    sage_status st    = convert_u64(c, &claimed, "cairo.interaction_pow");
    if (st == SAGE_OK) st = convert_vector(c, &claimed, 4, "cairo.claimed_sums");
    if (st == SAGE_OK) st = convert_config(c, s);
    sage_sink_u32(s, SAGE_MAX_TREES);
    sage_sink_put(s, claimed.bytes, claimed.len);
    if (claimed.failed) s->failed = true;
    free(claimed.bytes);
    if (st == SAGE_OK) st = expect_count(c, SAGE_MAX_TREES, "cairo.commitments");
    if (st == SAGE_OK) st = detect_hash(c);
    for (int i = 0; st == SAGE_OK && i < SAGE_MAX_TREES; i++)
        st = convert_digest(c, s, "cairo.commitments");
    return st;
}

static sage_status convert(converter *c)
{
    sage_cairo_proof *out = c->out;
    sage_sink *s          = &out->bytes;
    sage_status st        = sage_cairo_claim_read(&c->f, &out->claim, c->err);
    if (st == SAGE_OK) st = convert_head(c, s);
    if (st == SAGE_OK) st = convert_sampled(c, s);
    if (st == SAGE_OK) st = convert_openings(c, s);
    if (st == SAGE_OK) st = convert_u64(c, s, "cairo.pow_nonce");
    if (st == SAGE_OK) st = convert_fri(c, s);
    /* The reference reduces the salt mod p; only the reduced form is taken, so that no two
     * texts are the same proof. */
    if (st == SAGE_OK) st = sage_felts_m31(&c->f, &out->salt, "cairo.salt", c->err);
    if (st == SAGE_OK) st = sage_felts_close(&c->f, c->err);
    return st;
}

sage_status sage_cairo_read_serde(sage_cairo_proof *out,
                                  const uint8_t *bytes,
                                  size_t len,
                                  sage_errinfo *err)
{
    converter c    = {.out = out, .err = err};
    sage_status st = sage_felts_open(&c.f, (const char *)bytes, len, err);
    return st == SAGE_OK ? convert(&c) : st;
}

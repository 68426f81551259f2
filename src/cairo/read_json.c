/* cairo/read_json.c -- reads the Rust verifier's JSON and rewrites its commitment proof in our
 * binary form. */
#include <stdlib.h>
#include <string.h>

#include "cairo/json_claim.h"
#include "cairo/json_keys.h"

enum { DIGEST = 32, SECURE = 16, MIN_NUMBER = 2 /* "0," */ };

/* The proof under construction. */
typedef struct reader {
    sage_cairo_proof *out;
    sage_sink *sink;
    sage_errinfo *err;
} reader;

/* [[a, b], [c, d]] */
static sage_status read_secure(sage_json_in *c, qm31 *out, const char *where)
{
    bool more          = true;
    sage_json_in start = *c;
    sage_status st     = sage_json_in_open(c);
    for (uint32_t i = 0; st == SAGE_OK; i++) {
        st = sage_json_in_more(c, i, &more);
        if (st != SAGE_OK || (!more && i == 2)) return st;
        if (!more || i == 2) return sage_json_in_bad(&start, where, "not [[a, b], [c, d]]");
        st = sage_json_in_words(c, 2, M31_P - 1, out->v + 2 * i, where);
    }
    return st;
}

static sage_status put_secure(reader *r, sage_json_in *c, const char *where)
{
    qm31 v         = qm31_zero();
    sage_status st = read_secure(c, &v, where);
    for (int i = 0; st == SAGE_OK && i < 4; i++)
        sage_sink_u32(r->sink, v.v[i]);
    return st;
}

/* Poseidon252: decimal digits, as starknet-ff prints a field element. */
static sage_status read_felt(sage_json_in *c, uint8_t out[DIGEST], const char *where)
{
    sage_json_in start = *c;
    const char *text;
    size_t n;
    sage_felt252 v;
    sage_status st = sage_json_in_string(c, &text, &n);
    if (st != SAGE_OK) return st;
    if (!sage_felt252_from_decimal(&v, text, n))
        return sage_json_in_bad(&start, where, "not decimal digits below the STARK prime");
    for (int i = 0; i < DIGEST; i++)
        out[i] = (uint8_t)(v.w[i / 4] >> 8 * (i % 4));
    return SAGE_OK;
}

static sage_status put_digest(reader *r, sage_json_in *c, const char *where)
{
    uint8_t digest[DIGEST];
    uint32_t byte[DIGEST];
    sage_status st;
    if (r->out->hash == SAGE_HASH_POSEIDON252) {
        st = read_felt(c, digest, where);
    } else {
        st = sage_json_in_words(c, DIGEST, UINT8_MAX, byte, where);
        for (int i = 0; st == SAGE_OK && i < DIGEST; i++)
            digest[i] = (uint8_t)byte[i];
    }
    if (st == SAGE_OK) sage_sink_put(r->sink, digest, DIGEST);
    return st;
}

/* A counted vector: the count is put first and mended when it is known. */
typedef sage_status (*put_item)(reader *r, sage_json_in *c, const char *where);
static sage_status
put_vector(reader *r, sage_json_in *c, uint32_t max, put_item put, const char *where)
{
    size_t head    = r->sink->len;
    bool more      = true;
    sage_status st = sage_json_in_open(c);
    sage_sink_u32(r->sink, 0);
    for (uint32_t n = 0; st == SAGE_OK; n++) {
        st = sage_json_in_more(c, n, &more);
        if (st == SAGE_OK && !more) {
            sage_sink_patch_u32(r->sink, head, n);
            return SAGE_OK;
        }
        if (st == SAGE_OK && n == max)
            st = sage_json_in_bad(c, where, "more items than any proof has");
        if (st == SAGE_OK) st = put(r, c, where);
    }
    return st;
}

static sage_status put_u64(reader *r, sage_json_in *c, const char *where)
{
    uint64_t v     = 0;
    sage_status st = sage_json_in_number(c, UINT64_MAX, &v, where);
    if (st == SAGE_OK) sage_sink_u64(r->sink, v);
    return st;
}

static sage_status read_variant(reader *r, sage_json_in *c)
{
    static const char where[] = "cairo.variant";
    sage_json_in start        = *c;
    const char *name;
    size_t n;
    sage_status st = sage_json_in_string(c, &name, &n);
    if (st != SAGE_OK) return st;
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        if (strlen(sage_cairo_variant_names[v]) == n &&
            memcmp(sage_cairo_variant_names[v], name, n) == 0) {
            r->out->variant = (sage_cairo_variant)v;
            return SAGE_OK;
        }
    return sage_json_in_bad(&start, where, "no known preprocessed trace");
}

/* The lifting size is not carried by the other formats and is 0 in every proof that the Cairo
 * verifier takes (facts A13). */
static sage_status read_config(reader *r, sage_json_in *c)
{
    static const char where[] = "cairo.config";
    sage_json_in field[N_CONFIG_KEYS], fri[N_FRI_CONFIG_KEYS];
    long long at   = (long long)c->at;
    sage_config *v = &r->out->proof.config;
    uint64_t n[6]  = {0};
    sage_status st = sage_json_in_members(c, sage_cairo_keys_config, N_CONFIG_KEYS, field);
    if (st == SAGE_OK)
        st = sage_json_in_members(&field[KEY_FRI_CONFIG], sage_cairo_keys_fri_config,
                                  N_FRI_CONFIG_KEYS, fri);
    if (st != SAGE_OK) return st;
    sage_json_in *in_order[] = {&field[KEY_POW_BITS], &fri[KEY_BLOWUP],
                                &fri[KEY_QUERIES],    &fri[KEY_LAST_LAYER],
                                &fri[KEY_FOLD_STEP],  &field[KEY_MIN_LIFTING]};
    for (int i = 0; st == SAGE_OK && i < 6; i++)
        st = sage_json_in_number(in_order[i], UINT32_MAX, &n[i], where);
    if (st != SAGE_OK) return st;
    if (n[5] != 0)
        return sage_fail(r->err, SAGE_EUNSUP, "cairo.config.lifting", at,
                         "byte %lld: a lifting size of its own", at);
    *v = (sage_config){(uint32_t)n[0], (uint32_t)n[1], (uint32_t)n[2], (uint32_t)n[3],
                       (uint32_t)n[4]};
    return sage_cairo_put_config(v, r->sink, at, r->err);
}

/* {"claimed_sum": x} of a component that is there; null of one that is not. */
static sage_status put_sum(reader *r, sage_json_in *c, bool present, uint32_t *n)
{
    static const char where[] = "cairo.claimed_sums";
    sage_json_in start        = *c, sum;
    if (sage_json_in_null(c) == present)
        return sage_json_in_bad(&start, where, "a sum without its component, or the reverse");
    if (!present) return SAGE_OK;
    ++*n;
    sage_status st = sage_json_in_members(c, sage_cairo_key_claimed_sum, 1, &sum);
    return st == SAGE_OK ? put_secure(r, &sum, where) : st;
}

/* The sums of memory_id_to_big, and their total, which says nothing new: it must be right. */
static sage_status put_big_sums(reader *r, sage_json_in *c, uint32_t *n)
{
    static const char where[] = "cairo.claimed_sums";
    sage_json_in field[2], sum[SAGE_CAIRO_MAX_BIG];
    qm31 total = qm31_zero(), told = qm31_zero(), v;
    uint32_t n_big = r->out->claim.n_big;
    sage_status st = sage_json_in_members(c, sage_cairo_keys_big_sums, 2, field);
    if (st == SAGE_OK) st = sage_json_in_items(&field[0], n_big, sum, where);
    for (uint32_t i = 0; st == SAGE_OK && i < n_big; i++) {
        sage_json_in again = sum[i];
        st                 = read_secure(&again, &v, where);
        if (st == SAGE_OK) total = qm31_add(total, v);
        if (st == SAGE_OK) st = put_secure(r, &sum[i], where);
    }
    *n += n_big;
    sage_json_in start = field[1];
    if (st == SAGE_OK) st = read_secure(&field[1], &told, where);
    if (st == SAGE_OK && !qm31_eq(total, told))
        st = sage_json_in_bad(&start, where, "not the total of big_claimed_sums");
    return st;
}

static sage_status put_claimed_sums(reader *r, sage_json_in *c)
{
    const char *names[N_CLAIM_KEYS];
    sage_json_in member[SAGE_CAIRO_COMPONENTS];
    uint32_t n  = 0;
    size_t head = r->sink->len;
    sage_cairo_keys_claim(names);
    sage_status st = sage_json_in_members(c, names + 1, SAGE_CAIRO_COMPONENTS, member);
    sage_sink_u32(r->sink, 0);
    for (uint32_t i = 0; st == SAGE_OK && i < SAGE_CAIRO_COMPONENTS; i++)
        st = i == SAGE_CAIRO_MEMORY_BIG ? put_big_sums(r, &member[i], &n)
                                        : put_sum(r, &member[i], r->out->claim.log[i] != 0, &n);
    sage_sink_patch_u32(r->sink, head, n);
    return st;
}

/* A Blake2s digest is an array, a Poseidon252 one a string. */
static sage_status put_commitments(reader *r, sage_json_in *c)
{
    static const char where[] = "cairo.commitments";
    sage_json_in root[SAGE_MAX_TREES];
    sage_status st = sage_json_in_items(c, SAGE_MAX_TREES, root, where);
    if (st != SAGE_OK) return st;
    r->out->hash =
        sage_json_in_peek(&root[0]) == '"' ? SAGE_HASH_POSEIDON252 : SAGE_HASH_BLAKE2S;
    for (int i = 0; st == SAGE_OK && i < SAGE_MAX_TREES; i++)
        st = put_digest(r, &root[i], where);
    return st;
}

static sage_status put_samples(reader *r, sage_json_in *c, uint8_t *n, const char *where)
{
    bool more      = true;
    sage_status st = sage_json_in_open(c);
    for (*n = 0; st == SAGE_OK; ++*n) {
        st = sage_json_in_more(c, *n, &more);
        if (st != SAGE_OK || !more) return st;
        if (*n == 2) return sage_json_in_bad(c, where, "more than two samples of a column");
        st = put_secure(r, c, where);
    }
    return st;
}

/* Trees, columns, samples: ours is the flat list; the counts are kept aside. */
static sage_status put_sampled(reader *r, sage_json_in *c)
{
    static const char where[] = "cairo.sampled";
    sage_json_in tree[SAGE_MAX_TREES];
    size_t head        = r->sink->len;
    uint32_t n_columns = 0, total = 0;
    sage_status st = sage_cairo_alloc_samples(r->out, r->err);
    if (st == SAGE_OK) st = sage_json_in_items(c, SAGE_MAX_TREES, tree, where);
    sage_sink_u32(r->sink, 0);
    for (int t = 0; st == SAGE_OK && t < SAGE_MAX_TREES; t++) {
        bool more    = true;
        uint32_t *at = &r->out->n_columns[t];
        st           = sage_json_in_open(&tree[t]);
        for (*at = 0; st == SAGE_OK; ++*at) {
            st = sage_json_in_more(&tree[t], *at, &more);
            if (st != SAGE_OK || !more) break;
            if (n_columns == SAGE_CAIRO_MAX_COLUMNS)
                return sage_json_in_bad(&tree[t], where, "more columns than any proof has");
            uint8_t *n = &r->out->n_samples[n_columns++];
            st         = put_samples(r, &tree[t], n, where);
            total += *n;
        }
    }
    sage_sink_patch_u32(r->sink, head, total);
    return st;
}

static sage_status put_witness(reader *r, sage_json_in *c, const char *where)
{
    sage_json_in list;
    sage_status st = sage_json_in_members(c, sage_cairo_key_hash_witness, 1, &list);
    return st == SAGE_OK ? put_vector(r, &list, SAGE_CAIRO_MAX_WITNESS, put_digest, where) : st;
}

static void put_zeros(sage_sink *s, size_t n)
{
    static const uint8_t zeros[256];
    for (; n > sizeof zeros; n -= sizeof zeros)
        sage_sink_put(s, zeros, sizeof zeros);
    sage_sink_put(s, zeros, n);
}

/* Column i of a tree: value of query k goes to place k * n_cols + place of the column in the
 * leaf. base: of the first word in the sink. */
static sage_status place_column(
    reader *r, sage_json_in *c, size_t base, uint32_t n_cols, uint32_t place, uint32_t rows)
{
    static const char where[] = "cairo.queried";
    bool more                 = true;
    sage_json_in start        = *c;
    sage_status st            = sage_json_in_open(c);
    for (uint32_t k = 0; st == SAGE_OK; k++) {
        uint64_t v = 0;
        st         = sage_json_in_more(c, k, &more);
        if (st != SAGE_OK || (!more && k == rows)) return st;
        if (!more || k == rows)
            return sage_json_in_bad(&start, where, "columns of unequal length");
        st = sage_json_in_number(c, M31_P - 1, &v, where);
        sage_sink_patch_u32(r->sink, base + 4 * ((size_t)k * n_cols + place), (uint32_t)v);
    }
    return st;
}

/* A tree's values column by column in commit order become row by row in leaf order. The first
 * column says how many rows there are, and the text must be long enough for all columns of as
 * many before room is made. */
static sage_status put_queried(reader *r, sage_json_in *c, const sage_tree_shape *t)
{
    static const char where[] = "cairo.queried";
    sage_json_in ahead = *c, start = *c;
    uint32_t rows  = 0, *place;
    bool more      = true;
    sage_status st = sage_json_in_open(&ahead);
    if (st == SAGE_OK && sage_json_in_peek(&ahead) == '[')
        st = sage_json_in_count(&ahead, SAGE_CAIRO_MAX_ITEMS, &rows, where);
    if (st != SAGE_OK) return st;
    if ((uint64_t)rows * t->n_cols * MIN_NUMBER > c->len - c->at)
        return sage_json_in_bad(c, where, "fewer values than columns and queries demand");
    size_t base = r->sink->len + 4;
    sage_sink_u32(r->sink, rows * t->n_cols);
    put_zeros(r->sink, (size_t)4 * rows * t->n_cols);
    place = sage_cairo_leaf_places(t);
    if (!place)
        return sage_fail(r->err, SAGE_ENOMEM, "cairo.bytes", -1, "no memory for a tree");

    st = sage_json_in_open(c);
    for (uint32_t i = 0; st == SAGE_OK; i++) {
        st = sage_json_in_more(c, i, &more);
        if (st != SAGE_OK || (!more && i == t->n_cols)) break;
        if (!more || i == t->n_cols)
            st = sage_json_in_bad(&start, where, "not as many columns as the claim has");
        else
            st = place_column(r, c, base, t->n_cols, place[i], rows);
    }
    free(place);
    return st;
}

static sage_status put_openings(reader *r,
                                sage_json_in *decommitments,
                                sage_json_in *queried,
                                const sage_pcs_shape *shape)
{
    sage_json_in witness[SAGE_MAX_TREES], values[SAGE_MAX_TREES];
    sage_status st =
        sage_json_in_items(decommitments, SAGE_MAX_TREES, witness, "cairo.decommitments");
    if (st == SAGE_OK)
        st = sage_json_in_items(queried, SAGE_MAX_TREES, values, "cairo.queried");
    for (int t = 0; st == SAGE_OK && t < SAGE_MAX_TREES; t++) {
        st = put_witness(r, &witness[t], "cairo.decommitments");
        if (st == SAGE_OK) st = put_queried(r, &values[t], &shape->tree[t]);
    }
    return st;
}

static sage_status put_layer(reader *r, sage_json_in *c, const char *where)
{
    sage_json_in field[N_LAYER_KEYS];
    sage_status st = sage_json_in_members(c, sage_cairo_keys_layer, N_LAYER_KEYS, field);
    if (st == SAGE_OK) st = put_digest(r, &field[KEY_COMMITMENT], where);
    if (st == SAGE_OK)
        st = put_vector(r, &field[KEY_FRI_WITNESS], SAGE_CAIRO_MAX_ITEMS, put_secure, where);
    if (st == SAGE_OK) st = put_witness(r, &field[KEY_DECOMMITMENT], where);
    return st;
}

/* coeffs, and their number's logarithm. */
static sage_status put_last(reader *r, sage_json_in *c)
{
    sage_json_in field[2];
    size_t head    = r->sink->len;
    uint64_t log   = 0;
    sage_status st = sage_json_in_members(c, sage_cairo_keys_poly, 2, field);
    if (st == SAGE_OK)
        st = put_vector(r, &field[0], 1u << SAGE_MAX_LAST_LOG, put_secure, "cairo.fri.last");
    sage_json_in start = field[1];
    if (st == SAGE_OK)
        st = sage_json_in_number(&field[1], SAGE_MAX_LAST_LOG, &log, "cairo.fri.last_log");
    if (st != SAGE_OK || r->sink->failed) return st;
    if (r->sink->len - head != 4 + ((size_t)SECURE << log))
        st = sage_json_in_bad(&start, "cairo.fri.last_log", "not as many coefficients");
    return st;
}

static sage_status put_fri(reader *r, sage_json_in *c)
{
    sage_json_in field[N_FRI_KEYS];
    uint32_t inner = 0;
    sage_status st = sage_json_in_members(c, sage_cairo_keys_fri, N_FRI_KEYS, field);
    if (st == SAGE_OK)
        st = sage_json_in_count(&field[KEY_INNER], SAGE_MAX_FRI_LAYERS - 1, &inner,
                                "cairo.fri.layers");
    sage_json_in layer[SAGE_MAX_FRI_LAYERS];
    if (st == SAGE_OK)
        st = sage_json_in_items(&field[KEY_INNER], inner, layer, "cairo.fri.layers");
    sage_sink_u32(r->sink, inner + 1);
    if (st == SAGE_OK) st = put_layer(r, &field[KEY_FIRST], "cairo.fri.first");
    for (uint32_t i = 0; st == SAGE_OK && i < inner; i++)
        st = put_layer(r, &layer[i], "cairo.fri.inner");
    return st == SAGE_OK ? put_last(r, &field[KEY_LAST]) : st;
}

/* Config and claim are known: the trees follow. */
static sage_status put_trees(reader *r, sage_json_in stark[N_STARK_KEYS])
{
    sage_pcs_shape shape;
    void *mem;
    sage_errinfo why = {0};
    sage_status st   = sage_cairo_shape(r->out, &shape, &mem, &why);
    if (st == SAGE_ENOMEM) return sage_fail(r->err, st, "cairo.bytes", -1, "%s", why.msg);
    if (st != SAGE_OK) return sage_fail(r->err, SAGE_EFORMAT, "cairo.shape", -1, "%s", why.msg);
    st = put_openings(r, &stark[KEY_DECOMMITMENTS], &stark[KEY_QUERIED], &shape);
    free(mem);
    return st;
}

static sage_status read_proof(reader *r, sage_json_in *c)
{
    sage_json_in top[N_PROOF_KEYS], stark[N_STARK_KEYS];
    uint64_t salt  = 0;
    sage_status st = sage_json_in_members(c, sage_cairo_keys_proof, N_PROOF_KEYS, top);
    if (st == SAGE_OK) st = read_variant(r, &top[KEY_VARIANT]);
    if (st == SAGE_OK) st = sage_json_in_number(&top[KEY_SALT], M31_P - 1, &salt, "cairo.salt");
    r->out->salt = (m31)salt;
    if (st == SAGE_OK) st = sage_json_in_claim(&top[KEY_CLAIM], &r->out->claim);
    if (st == SAGE_OK)
        st = sage_json_in_members(&top[KEY_STARK_PROOF], sage_cairo_keys_stark, N_STARK_KEYS,
                                  stark);
    if (st == SAGE_OK) st = read_config(r, &stark[KEY_CONFIG]);
    sage_sink_u32(r->sink, SAGE_MAX_TREES);
    if (st == SAGE_OK) st = put_u64(r, &top[KEY_INTERACTION_POW], "cairo.interaction_pow");
    if (st == SAGE_OK) st = put_claimed_sums(r, &top[KEY_INTERACTION_CLAIM]);
    if (st == SAGE_OK) st = put_commitments(r, &stark[KEY_COMMITMENTS]);
    if (st == SAGE_OK) st = put_sampled(r, &stark[KEY_SAMPLED]);
    if (st == SAGE_OK) st = put_trees(r, stark);
    if (st == SAGE_OK) st = put_u64(r, &stark[KEY_PROOF_OF_WORK], "cairo.pow_nonce");
    if (st == SAGE_OK) st = put_fri(r, &stark[KEY_FRI]);
    return st;
}

sage_status
sage_cairo_read_json(sage_cairo_proof *out, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    reader r       = {.out = out, .sink = &out->bytes, .err = err};
    sage_json_in c = {(const char *)bytes, 0, len, err};
    sage_status st = read_proof(&r, &c);
    if (st == SAGE_OK && (sage_json_in_peek(&c) || c.at != c.len))
        st = sage_json_in_bad(&c, "json.syntax", "text after the proof");
    return st;
}

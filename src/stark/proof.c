/* stark/proof.c -- reading a proof in place. */
#include "stark/proof.h"

#include <string.h>

#include "hash/blake2s.h"

enum { WORD = 4, SECURE = 16, DIGEST = 32, N_CONFIG = 5 };

uint32_t sage_view_u32(sage_view v, uint32_t i)
{
    return sage_load_le32(v.p + (size_t)WORD * i);
}

qm31 sage_view_qm31(sage_view v, uint32_t i)
{
    const uint8_t *p = v.p + (size_t)SECURE * i;
    return qm31_of(sage_load_le32(p), sage_load_le32(p + 4), sage_load_le32(p + 8),
                   sage_load_le32(p + 12));
}

const uint8_t *sage_view_digest(sage_view v, uint32_t i)
{
    return v.p + (size_t)DIGEST * i;
}

/* A cursor over the bytes. The first failure is kept in err; later reads are not made, since
 * every reader returns its status. */
typedef struct reader {
    const uint8_t *bytes;
    size_t len, at;
    sage_errinfo *err;
} reader;

static sage_status bad(reader *r, const char *where, const char *what)
{
    return sage_fail(r->err, SAGE_EFORMAT, where, (long long)r->at, "%s", what);
}

static sage_status read_u32(reader *r, const char *where, uint32_t *out)
{
    if (r->len - r->at < WORD) return bad(r, where, "the bytes end here");
    *out = sage_load_le32(r->bytes + r->at);
    r->at += WORD;
    return SAGE_OK;
}

static sage_status read_u64(reader *r, const char *where, uint64_t *out)
{
    uint32_t lo = 0, hi = 0;
    sage_status st = read_u32(r, where, &lo);
    if (st == SAGE_OK) st = read_u32(r, where, &hi);
    *out = (uint64_t)hi << 32 | lo;
    return st;
}

/* n items of `size` bytes, n already known. The division keeps n * size from overflowing. */
static sage_status
read_items(reader *r, const char *where, uint32_t n, size_t size, sage_view *out)
{
    if (n > (r->len - r->at) / size) return bad(r, where, "count exceeds the bytes left");
    *out = (sage_view){r->bytes + r->at, n};
    r->at += n * size;
    return SAGE_OK;
}

static sage_status read_counted(reader *r, const char *where, size_t size, sage_view *out)
{
    uint32_t n     = 0;
    sage_status st = read_u32(r, where, &n);
    return st == SAGE_OK ? read_items(r, where, n, size, out) : st;
}

/* A counted view of field elements, `size` bytes each: all words canonical. */
static sage_status read_felts(reader *r, const char *where, size_t size, sage_view *out)
{
    sage_status st = read_counted(r, where, size, out);
    if (st != SAGE_OK) return st;
    size_t n = (size / WORD) * out->n;
    for (size_t i = 0; i < n; i++) {
        if (sage_load_le32(out->p + WORD * i) < M31_P) continue;
        r->at = (size_t)(out->p - r->bytes) + WORD * i;
        return bad(r, where, "not a canonical field element");
    }
    return SAGE_OK;
}

static sage_status read_config(reader *r, sage_config *c)
{
    static const char where[] = "proof.format.config";
    size_t start              = r->at;
    uint32_t *field[N_CONFIG] = {&c->pow_bits, &c->log_blowup, &c->n_queries,
                                 &c->log_last_layer, &c->fold_step};
    for (int i = 0; i < N_CONFIG; i++) {
        sage_status st = read_u32(r, where, field[i]);
        if (st != SAGE_OK) return st;
    }
    sage_errinfo why = {0};
    if (sage_config_check(c, &why) == SAGE_OK) return SAGE_OK;
    r->at = start;
    return bad(r, where, why.msg);
}

static sage_status read_layer(reader *r, sage_proof_layer *l)
{
    sage_status st = read_items(r, "proof.format.fri_root", 1, DIGEST, &l->root);
    if (st == SAGE_OK) st = read_felts(r, "proof.format.fri_witness", SECURE, &l->witness);
    if (st == SAGE_OK)
        st = read_counted(r, "proof.format.fri_hash_witness", DIGEST, &l->hash_witness);
    return st;
}

static sage_status read_layers(reader *r, sage_proof *out)
{
    static const char where[] = "proof.format.fri_layers";
    sage_status st            = read_u32(r, where, &out->n_layers);
    if (st == SAGE_OK && out->n_layers > SAGE_MAX_FRI_LAYERS) {
        r->at -= WORD;
        return bad(r, where, "more layers than any proof has");
    }
    for (uint32_t i = 0; st == SAGE_OK && i < out->n_layers; i++)
        st = read_layer(r, &out->layer[i]);
    return st;
}

static sage_status read_commitments(reader *r, sage_proof *out)
{
    static const char where[] = "proof.format.n_trees";
    sage_status st            = read_u32(r, where, &out->n_trees);
    if (st != SAGE_OK) return st;
    if (out->n_trees != SAGE_MAX_TREES && out->n_trees != SAGE_MAX_TREES - 1) {
        r->at -= WORD;
        return bad(r, where, "neither 3 nor 4");
    }
    if (out->n_trees == SAGE_MAX_TREES) {
        st = read_u64(r, "proof.format.interaction_pow", &out->interaction_pow);
        if (st == SAGE_OK)
            st = read_felts(r, "proof.format.claimed_sums", SECURE, &out->claimed_sums);
    }
    if (st == SAGE_OK)
        st = read_items(r, "proof.format.roots", out->n_trees, DIGEST, &out->roots);
    return st;
}

static sage_status read_trees(reader *r, sage_proof *out)
{
    sage_status st = SAGE_OK;
    for (uint32_t t = 0; st == SAGE_OK && t < out->n_trees; t++) {
        st = read_counted(r, "proof.format.hash_witness", DIGEST, &out->hash_witness[t]);
        if (st == SAGE_OK) st = read_felts(r, "proof.format.queried", WORD, &out->queried[t]);
    }
    return st;
}

static sage_status read_proof(reader *r, sage_proof *out)
{
    sage_status st = read_config(r, &out->config);
    if (st == SAGE_OK) st = read_commitments(r, out);
    if (st == SAGE_OK) st = read_felts(r, "proof.format.sampled", SECURE, &out->sampled);
    if (st == SAGE_OK) st = read_trees(r, out);
    if (st == SAGE_OK) st = read_u64(r, "proof.format.pow_nonce", &out->pow_nonce);
    if (st == SAGE_OK) st = read_layers(r, out);
    if (st == SAGE_OK) st = read_felts(r, "proof.format.last_layer", SECURE, &out->last_layer);
    if (st == SAGE_OK && r->at != r->len)
        st = bad(r, "proof.format.trailing", "bytes after the end of the proof");
    return st;
}

sage_status
sage_proof_parse(sage_proof *out, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    reader r = {bytes, len, 0, err};
    memset(out, 0, sizeof *out);
    sage_status st = read_proof(&r, out);
    if (st != SAGE_OK) memset(out, 0, sizeof *out);
    return st;
}

/* The digests of one view, numbered on from *count. */
static sage_status
check_digests(const sage_tree_hash *hash, sage_view v, long long *count, sage_errinfo *err)
{
    for (uint32_t i = 0; i < v.n; i++, (*count)++)
        if (!hash->canonical(sage_view_digest(v, i)))
            return sage_fail(err, SAGE_EFORMAT, "proof.format.digest", *count,
                             "the digest is not a canonical field element");
    return SAGE_OK;
}

sage_status
sage_proof_check_digests(const sage_proof *p, sage_hash_kind kind, sage_errinfo *err)
{
    const sage_tree_hash *hash = sage_tree_hash_of(kind);
    long long count            = 0;
    if (kind == SAGE_HASH_BLAKE2S) return SAGE_OK; /* every one is */
    sage_status st = check_digests(hash, p->roots, &count, err);
    for (uint32_t t = 0; st == SAGE_OK && t < p->n_trees; t++)
        st = check_digests(hash, p->hash_witness[t], &count, err);
    for (uint32_t i = 0; st == SAGE_OK && i < p->n_layers; i++) {
        st = check_digests(hash, p->layer[i].root, &count, err);
        if (st == SAGE_OK) st = check_digests(hash, p->layer[i].hash_witness, &count, err);
    }
    return st;
}

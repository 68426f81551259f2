/* stark/verifier.c -- the commitment scheme's transcript and Merkle openings. */
#include "stark/verifier.h"

#include <string.h>

#include "stark/verifier_work.h"

enum { DIGEST = 32, WORD = 4 };

/* Hands out aligned pieces of scratch; with base NULL it only measures. */
typedef struct carver {
    uint8_t *base;
    size_t used;
} carver;

static void *carve(carver *c, size_t n, size_t size)
{
    size_t at = c->used;
    c->used += (n * size + 15) & ~(size_t)15;
    return c->base ? c->base + at : NULL;
}

/* All factors are bounded by sage_pcs_shape_make (samples < 2^30, queries <= 256, fold step
 * <= 6), so that no product overflows 64 bits. */
static size_t work_carve(sage_verifier_work *w, const sage_pcs_shape *s, void *scratch)
{
    carver c       = {scratch, 0};
    size_t queries = s->config.n_queries, subset = queries << s->config.fold_step;
    size_t last = (size_t)1 << s->config.log_last_layer;
    size_t cols = 0, entries = 0;
    for (uint32_t t = 0; t < s->n_trees; t++) {
        w->first_col[t] = (uint32_t)cols;
        cols += s->tree[t].n_cols;
        for (uint32_t i = 0; i < s->tree[t].n_cols; i++)
            entries += s->tree[t].samples[i] == 2 ? 3 : s->tree[t].samples[i];
    }
    w->sampled              = carve(&c, s->n_samples, sizeof *w->sampled);
    w->leaf                 = carve(&c, cols, sizeof *w->leaf);
    w->entries              = carve(&c, entries, sizeof *w->entries);
    w->queries              = carve(&c, queries, sizeof *w->queries);
    w->answers              = carve(&c, queries, sizeof *w->answers);
    w->values               = carve(&c, subset, sizeof *w->values);
    w->positions            = carve(&c, subset, sizeof *w->positions);
    w->digests              = carve(&c, subset, DIGEST);
    w->twiddles             = carve(&c, subset, sizeof *w->twiddles);
    w->inverses             = carve(&c, subset, sizeof *w->inverses);
    w->denominators         = carve(&c, queries * SAGE_MAX_POINTS, sizeof *w->denominators);
    w->denominator_inverses = carve(&c, queries * SAGE_MAX_POINTS, sizeof *w->denominators);
    w->row_of               = carve(&c, queries, sizeof *w->row_of);
    w->last                 = carve(&c, last, sizeof *w->last);
    w->last_fold            = carve(&c, last, sizeof *w->last_fold);
    return c.used;
}

size_t sage_pcs_verify_bytes(const sage_pcs_shape *shape)
{
    sage_verifier_work w;
    return work_carve(&w, shape, NULL);
}

static sage_status
demand(uint64_t got, uint64_t want, const char *where, long long at, sage_errinfo *err)
{
    if (got == want) return SAGE_OK;
    return sage_fail(err, SAGE_EPROOF, where, at, "%llu where %llu are due",
                     (unsigned long long)got, (unsigned long long)want);
}

/* Everything whose size does not depend on the queries. */
static sage_status check_shape(const sage_pcs_shape *s,
                               const sage_fri_plan *plan,
                               const sage_proof *p,
                               sage_errinfo *err)
{
    const sage_config *a = &s->config, *b = &p->config;
    if (a->pow_bits != b->pow_bits || a->log_blowup != b->log_blowup ||
        a->n_queries != b->n_queries || a->log_last_layer != b->log_last_layer ||
        a->fold_step != b->fold_step)
        return sage_fail(err, SAGE_EPROOF, "proof.shape.config", -1, "another config");
    sage_status st = demand(p->n_trees, s->n_trees, "proof.shape.trees", -1, err);
    if (st == SAGE_OK) st = demand(p->roots.n, s->n_trees, "proof.shape.trees", -1, err);
    if (st == SAGE_OK) st = demand(p->sampled.n, s->n_samples, "proof.shape.sampled", -1, err);
    if (st == SAGE_OK) st = demand(p->n_layers, plan->n_layers, "proof.shape.layers", -1, err);
    if (st == SAGE_OK)
        st = demand(p->last_layer.n, 1ull << a->log_last_layer, "proof.shape.last_layer", -1,
                    err);
    return st;
}

/* Steps 13 to 15: samples, gamma, FRI's commitments and challenges, the last layer. */
static void transcript_commit(const sage_pcs_shape *s,
                              const sage_fri_plan *plan,
                              const sage_proof *p,
                              sage_channel *ch,
                              sage_verifier_work *w)
{
    for (uint32_t i = 0; i < p->sampled.n; i++)
        w->sampled[i] = sage_view_qm31(p->sampled, i);
    sage_channel_mix_felts(ch, w->sampled, s->n_samples);
    w->gamma = sage_channel_draw_felt(ch);
    for (uint32_t i = 0; i < plan->n_layers; i++) {
        sage_channel_mix_root(ch, sage_view_digest(p->layer[i].root, 0));
        w->alpha[i] = sage_channel_draw_felt(ch);
    }
    for (uint32_t i = 0; i < p->last_layer.n; i++)
        w->last[i] = sage_view_qm31(p->last_layer, i);
    sage_channel_mix_felts(ch, w->last, p->last_layer.n);
}

/* Steps 16 and 17: proof of work, then the queries. */
static sage_status transcript_query(const sage_pcs_shape *s,
                                    const sage_proof *p,
                                    sage_channel *ch,
                                    sage_verifier_work *w,
                                    sage_errinfo *err)
{
    if (!sage_channel_pow_valid(ch, s->config.pow_bits, p->pow_nonce))
        return sage_fail(err, SAGE_EPROOF, "proof.pow.query", -1, "nonce lacks %u bits of work",
                         s->config.pow_bits);
    sage_channel_mix_u64(ch, p->pow_nonce);
    w->n_queries = sage_draw_queries(ch, s->config.n_queries, s->log_ext, w->queries);
    return SAGE_OK;
}

/* One level up: n nodes at ascending positions become their parents, in place. A sibling that
 * is not queried is the next of the witness. False if the witness ends. */
static bool merkle_level(const sage_tree_hash *hash,
                         uint32_t *positions,
                         uint8_t *digests,
                         uint32_t *n,
                         sage_view hash_witness,
                         uint32_t *used)
{
    uint32_t m = 0;
    for (uint32_t i = 0; i < *n; m++) {
        uint8_t pair[2 * DIGEST];
        uint32_t pos = positions[i];
        if (!(pos & 1) && i + 1 < *n && positions[i + 1] == pos + 1) {
            memcpy(pair, digests + (size_t)DIGEST * i, sizeof pair);
            i += 2;
        } else {
            if (*used == hash_witness.n) return false;
            uint8_t *own   = pair + (pos & 1 ? DIGEST : 0),
                    *other = pair + (pos & 1 ? 0 : DIGEST);
            memcpy(own, digests + (size_t)DIGEST * i, DIGEST);
            memcpy(other, sage_view_digest(hash_witness, (*used)++), DIGEST);
            i++;
        }
        positions[m] = pos >> 1;
        hash->node(pair, digests + (size_t)DIGEST * m);
    }
    *n = m;
    return true;
}

bool sage_merkle_verify(sage_hash_kind hash,
                        const uint8_t root[32],
                        uint32_t log_height,
                        uint32_t *positions,
                        uint8_t *digests,
                        uint32_t n,
                        sage_view hash_witness)
{
    if (n == 0 || log_height > 31 || (uint64_t)positions[n - 1] >> log_height) return false;
    for (uint32_t i = 1; i < n; i++)
        if (positions[i - 1] >= positions[i]) return false;

    uint32_t used = 0;
    for (uint32_t level = 0; level < log_height; level++)
        if (!merkle_level(sage_tree_hash_of(hash), positions, digests, &n, hash_witness, &used))
            return false;
    return used == hash_witness.n && memcmp(digests, root, DIGEST) == 0;
}

static uint32_t find(const uint32_t *sorted, uint32_t n, uint32_t x)
{
    uint32_t lo = 0;
    for (uint32_t hi = n; hi - lo > 1;) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (sorted[mid] <= x)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* Leaf digests of the opened rows at the tree's distinct positions. Where two queries share a
 * leaf (a tree lower than the queries' domain), both rows must be equal. */
static bool hash_rows(
    const sage_pcs_shape *s, uint32_t t, sage_view queried, sage_verifier_work *w, uint32_t *n)
{
    const sage_tree_shape *tree = &s->tree[t];
    const sage_tree_hash *hash  = sage_tree_hash_of(s->hash);
    size_t row                  = (size_t)WORD * tree->n_cols;
    *n =
        sage_tree_queries(w->queries, w->n_queries, s->log_ext, tree->log_height, w->positions);
    for (uint32_t i = 0; i < *n; i++)
        w->row_of[i] = UINT32_MAX;
    for (uint32_t q = 0; q < w->n_queries; q++) {
        uint32_t pos = sage_query_in_tree(w->queries[q], s->log_ext, tree->log_height);
        uint32_t i   = find(w->positions, *n, pos);
        if (w->row_of[i] == UINT32_MAX) {
            w->row_of[i] = q;
            hash->leaf(queried.p + row * q, tree->n_cols, w->digests + (size_t)DIGEST * i);
        } else if (memcmp(queried.p + row * q, queried.p + row * w->row_of[i], row) != 0) {
            return false;
        }
    }
    return true;
}

/* A tree without columns has no leaf to open; its root is the hash of nothing (facts A4). */
static bool empty_tree_ok(sage_hash_kind hash, const uint8_t root[32], sage_view hash_witness)
{
    uint8_t nothing[DIGEST];
    sage_tree_hash_of(hash)->leaf(NULL, 0, nothing);
    return hash_witness.n == 0 && memcmp(nothing, root, DIGEST) == 0;
}

static const char *merkle_error(uint32_t n_trees, uint32_t t)
{
    if (t == 0) return "proof.merkle.preprocessed";
    if (t == 1) return "proof.merkle.trace";
    return t + 1 == n_trees ? "proof.merkle.composition" : "proof.merkle.interaction";
}

static sage_status verify_trees(const sage_pcs_shape *s,
                                const sage_proof *p,
                                sage_verifier_work *w,
                                sage_errinfo *err)
{
    for (uint32_t t = 0; t < s->n_trees; t++) {
        const sage_tree_shape *tree = &s->tree[t];
        uint64_t words              = (uint64_t)tree->n_cols * w->n_queries;
        sage_status st = demand(p->queried[t].n, words, "proof.shape.queried", t, err);
        if (st != SAGE_OK) return st;
        const uint8_t *root = sage_view_digest(p->roots, t);
        uint32_t n          = 0;
        bool ok             = tree->n_cols == 0
                                  ? empty_tree_ok(s->hash, root, p->hash_witness[t])
                                  : hash_rows(s, t, p->queried[t], w, &n) &&
                            sage_merkle_verify(s->hash, root, tree->log_height, w->positions,
                                                           w->digests, n, p->hash_witness[t]);
        if (!ok)
            return sage_fail(err, SAGE_EPROOF, merkle_error(s->n_trees, t), t,
                             "the opened values are not under the root");
    }
    return SAGE_OK;
}

sage_status sage_pcs_verify(const sage_pcs_shape *shape,
                            const sage_proof *proof,
                            sage_channel *ch,
                            secure_point z,
                            void *scratch,
                            sage_errinfo *err)
{
    sage_verifier_work w;
    sage_fri_plan plan;
    memset(&w, 0, sizeof w);
    work_carve(&w, shape, scratch);
    w.hash = shape->hash;
    sage_fri_plan_make(&plan, &shape->config, shape->log_ext);

    sage_status st = check_shape(shape, &plan, proof, err);
    if (st == SAGE_OK) st = sage_proof_check_digests(proof, shape->hash, err);
    if (st != SAGE_OK) return st;
    transcript_commit(shape, &plan, proof, ch, &w);
    st = transcript_query(shape, proof, ch, &w, err);
    if (st == SAGE_OK) st = verify_trees(shape, proof, &w, err);
    if (st == SAGE_OK) st = sage_verify_deep(shape, proof, z, &w, err);
    if (st == SAGE_OK) st = sage_verify_fri(&plan, proof, &w, err);
    return st;
}

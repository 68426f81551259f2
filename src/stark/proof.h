/* stark/proof.h -- a STARK proof in our binary form, read in place.
 *
 * The form is little-endian, every item a multiple of 4 bytes:
 *
 *   config            5 u32: pow_bits log_blowup n_queries log_last_layer fold_step
 *   n_trees           u32, 3 or 4
 *   interaction_pow   u64                                  (present iff n_trees == 4)
 *   claimed_sums      u32 count, count * 16 bytes          (present iff n_trees == 4)
 *   roots             n_trees * 32 bytes
 *   sampled           u32 count, count * 16 bytes, flat tree, column, sample
 *   per tree          hash_witness: u32 count, count * 32 bytes
 *                     queried: u32 count of words, words, row-major by query (ascending,
 *                     before it is mapped into the tree), columns in leaf order
 *   pow_nonce         u64
 *   fri layers        u32 count; per layer: root 32 bytes, witness u32 count, count * 16
 *                     bytes, hash_witness u32 count, count * 32 bytes
 *   last_layer        u32 count, count * 16 bytes, bit-reversed coefficients
 *
 * Parsing allocates nothing: a view points into the caller's bytes, every count is checked
 * against the bytes that are left, every M31 word must be canonical (< p), and nothing may
 * trail. So there is one encoding per proof.
 * Spec: docs/protocol.md A13 (the same content as the Rust CommitmentSchemeProof). */
#ifndef SAGE_STARK_PROOF_H
#define SAGE_STARK_PROOF_H

#include "stark/pcs.h"

/* n items of a fixed size at p, possibly unaligned; see the readers below. */
typedef struct sage_view {
    const uint8_t *p;
    uint32_t n;
} sage_view;

typedef struct sage_proof_layer {
    sage_view root;         /* 1 digest */
    sage_view witness;      /* qm31 */
    sage_view hash_witness; /* digests */
} sage_proof_layer;

typedef struct sage_proof {
    sage_config config;
    uint32_t n_trees;
    uint64_t interaction_pow, pow_nonce;
    sage_view claimed_sums;                 /* qm31 */
    sage_view roots;                        /* digests */
    sage_view sampled;                      /* qm31 */
    sage_view hash_witness[SAGE_MAX_TREES]; /* digests */
    sage_view queried[SAGE_MAX_TREES];      /* words */
    uint32_t n_layers;
    sage_proof_layer layer[SAGE_MAX_FRI_LAYERS];
    sage_view last_layer; /* qm31 */
} sage_proof;

/* Item i < n of a view of words, secure values, digests. */
uint32_t sage_view_u32(sage_view v, uint32_t i);
qm31 sage_view_qm31(sage_view v, uint32_t i);
const uint8_t *sage_view_digest(sage_view v, uint32_t i);

/* sage_proof_parse fills *out with views into bytes[0..len). SAGE_EFORMAT with err->at the
 * byte offset and err->where "proof.format.<field>" (config: out of the ranges of
 * stark/config.h); *out is zeroed then. Cost: one pass. bytes must outlive *out. */
SAGE_CHECKED sage_status sage_proof_parse(sage_proof *out,
                                          const uint8_t *bytes,
                                          size_t len,
                                          sage_errinfo *err);

/* Are all digests canonical for the hash that the proof is of? A second encoding of a digest
 * would be a second proof. SAGE_EFORMAT "proof.format.digest", err->at its number in the order
 * above. Cost: one pass over the digests for Poseidon252, none for Blake2s. */
SAGE_CHECKED sage_status sage_proof_check_digests(const sage_proof *p,
                                                  sage_hash_kind hash,
                                                  sage_errinfo *err);

/* A growing output buffer for proof writers; bytes belong to the caller's free(). A failed
 * allocation sticks in `failed` and later puts do nothing. */
typedef struct sage_sink {
    uint8_t *bytes;
    size_t len, cap;
    bool failed;
} sage_sink;
void sage_sink_put(sage_sink *s, const void *p, size_t n);
void sage_sink_u32(sage_sink *s, uint32_t v);
void sage_sink_u64(sage_sink *s, uint64_t v);
/* Overwrites the word at byte `at`, which has been put before: a count known afterwards. */
void sage_sink_patch_u32(sage_sink *s, size_t at, uint32_t v);

#endif

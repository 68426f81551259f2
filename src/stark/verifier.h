/* stark/verifier.h -- checks a commitment-scheme proof; knows no AIR.
 *
 * The caller runs the statement's part of the transcript (steps 1 to 11 of facts A6) and the
 * OODS identity; sage_pcs_verify does steps 13 to 17: DEEP quotients, FRI, Merkle openings,
 * query proof of work. Links libc only; allocates nothing: the caller brings scratch of
 * sage_pcs_verify_bytes(shape), a function of the statement and the config, not of the proof.
 *
 * A false proof is SAGE_EPROOF with err->where one of:
 *   proof.shape.<field>     a count differs from what statement and config demand: config,
 *                           trees, sampled, layers, last_layer, queried (err->at: tree),
 *                           fri_witness (err->at: layer)
 *   proof.oods              composition identity (raised by the caller)
 *   proof.sample.point      sample point on the domain or equal to its conjugate
 *   proof.merkle.<tree>     opening of preprocessed / trace / interaction / composition:
 *                           a wrong value or sibling, too few or too many siblings, or two
 *                           rows for one leaf (err->at: tree)
 *   proof.fri.layer         Merkle opening of a FRI layer (err->at: layer)
 *   proof.fri.last          last layer disagrees with the folded queries
 *   proof.pow.query         query proof of work
 *   proof.pow.interaction, proof.logup, proof.config.security, proof.preprocessed
 *                           (raised by the statement verifier)                           */
#ifndef SAGE_STARK_VERIFIER_H
#define SAGE_STARK_VERIFIER_H

#include "stark/proof.h"

size_t sage_pcs_verify_bytes(const sage_pcs_shape *shape);

/* sage_pcs_verify: ch is the transcript just after the OODS point z was drawn, of the kind
 * shape->hash; on success it has drawn the queries. scratch: 16-byte aligned. roots are
 * proof->roots. SAGE_EFORMAT as sage_proof_check_digests. */
SAGE_CHECKED sage_status sage_pcs_verify(const sage_pcs_shape *shape,
                                         const sage_proof *proof,
                                         sage_channel *ch,
                                         secure_point z,
                                         void *scratch,
                                         sage_errinfo *err);

/* sage_merkle_verify: recomputes the root of a tree of log_height from n leaf digests at
 * strictly ascending positions and the hash witness, which must be consumed exactly.
 * digests (n * 32 bytes) and positions are clobbered. false: does not match. */
bool sage_merkle_verify(sage_hash_kind hash,
                        const uint8_t root[32],
                        uint32_t log_height,
                        uint32_t *positions,
                        uint8_t *digests,
                        uint32_t n,
                        sage_view hash_witness);

#endif

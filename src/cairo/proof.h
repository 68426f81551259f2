/* cairo/proof.h -- a published Cairo proof: read from its cairo-serde form, and its
 * commitments checked (facts A6, A13).
 *
 * What is here checks everything but the AIR: claim and transcript, both proofs of work,
 * Merkle openings, DEEP quotients, FRI. It does not evaluate constraints or LogUp sums, so
 * sage_cairo_check_commitments accepting a proof says nothing about its statement. */
#ifndef SAGE_CAIRO_PROOF_H
#define SAGE_CAIRO_PROOF_H

#include "cairo/claim.h"
#include "stark/verifier.h"

enum { SAGE_CAIRO_INTERACTION_POW = 24, SAGE_CAIRO_MIN_POW = 20 };

/* How the proof's trees and transcript hash; it decides how a digest is written: eight words
 * for Blake2s, one felt for Poseidon252. */
typedef enum sage_cairo_hash { SAGE_CAIRO_BLAKE2S = 0, SAGE_CAIRO_POSEIDON252 } sage_cairo_hash;

typedef struct sage_cairo_proof {
    sage_cairo_hash hash;
    sage_cairo_claim claim;
    m31 salt;
    /* What the proof says about samples: columns of each tree, and samples per column, flat. */
    uint32_t n_columns[SAGE_MAX_TREES];
    uint8_t *n_samples; /* owned */
    sage_sink bytes;    /* the commitment proof in our binary form (stark/proof.h); owned */
    sage_proof proof;   /* views into bytes */
} sage_cairo_proof;

/* sage_cairo_proof_read reads text[0..len). SAGE_EFORMAT "cairo.<what>" with err->at the felt,
 * or "proof.format.<field>"; SAGE_ENOMEM. On error *out is freed. Memory: at most twice the
 * text. Cost: about 10 ns a byte. */
SAGE_CHECKED sage_status sage_cairo_proof_read(sage_cairo_proof *out,
                                               const char *text,
                                               size_t len,
                                               sage_cairo_hash hash,
                                               sage_errinfo *err);
void sage_cairo_proof_free(sage_cairo_proof *p);

/* The shape that claim and config demand; *mem, which the shape points into, is the caller's
 * to free. SAGE_EINVAL "pcs.shape.<what>", SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_cairo_shape(const sage_cairo_proof *p,
                                          sage_cairo_variant variant,
                                          sage_pcs_shape *out,
                                          void **mem,
                                          sage_errinfo *err);

/* Transcript steps 1 to 6: salt, config, preprocessed root, claim, trace root, then the
 * interaction proof of work, checked and mixed. SAGE_EPROOF "proof.pow.interaction";
 * SAGE_EUNSUP for another hash than Blake2s. */
SAGE_CHECKED sage_status sage_cairo_mix_statement(const sage_cairo_proof *p,
                                                  sage_channel *ch,
                                                  sage_errinfo *err);

/* All of the above and sage_pcs_verify, for a Blake2s proof over the canonical preprocessed
 * trace with at least 96 bits of security. */
SAGE_CHECKED sage_status sage_cairo_check_commitments(const sage_cairo_proof *p,
                                                      sage_errinfo *err);

#endif

/* cairo/check.h -- the commitments of a Cairo proof: claim and transcript, both proofs of work,
 * Merkle openings, DEEP quotients, FRI. No constraint and no LogUp sum is evaluated, so
 * accepting says nothing about the proof's statement; cairo/verify.h does. */
#ifndef SAGE_CAIRO_CHECK_H
#define SAGE_CAIRO_CHECK_H

#include "cairo/proof.h"

/* Transcript steps 1 to 6: salt, config, preprocessed root, claim, trace root, then the
 * interaction proof of work, checked and mixed. SAGE_EPROOF "proof.pow.interaction". */
SAGE_CHECKED sage_status sage_cairo_mix_statement(const sage_cairo_proof *p,
                                                  sage_channel *ch,
                                                  sage_errinfo *err);

/* All of the above and sage_pcs_verify, for a proof with at least 96 bits of security over a
 * preprocessed trace whose root is known; SAGE_EUNSUP "proof.preprocessed" for others. */
SAGE_CHECKED sage_status sage_cairo_check_commitments(const sage_cairo_proof *p,
                                                      sage_errinfo *err);

#endif

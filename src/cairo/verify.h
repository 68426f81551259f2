/* cairo/verify.h -- is a Cairo proof true? Every check of facts F1, in its order: config,
 * preprocessed root, claim, transcript, LogUp balance, composition identity, openings. */
#ifndef SAGE_CAIRO_VERIFY_H
#define SAGE_CAIRO_VERIFY_H

#include "cairo/proof.h"

/* sage_cairo_verify accepts (SAGE_OK) or refuses p.
 *
 *   in   min_security_bits   refuse configs below; never under SAGE_CAIRO_MIN_POW bits of work
 * SAGE_EPROOF with err->where as stark/verifier.h lists, or "cairo.claim.<rule>"; SAGE_EUNSUP
 * "cairo.component" for a component whose constraints are not here yet, "proof.preprocessed"
 * for a preprocessed trace, hash and blowup whose root is not known; SAGE_ELIMIT, SAGE_ENOMEM.
 * Memory: at most SAGE_VERIFY_MAX_BYTES beside p. Cost: milliseconds (Blake2s),
 * O(queries * columns). */
SAGE_CHECKED sage_status sage_cairo_verify(const sage_cairo_proof *p,
                                           uint32_t min_security_bits,
                                           sage_errinfo *err);

#endif

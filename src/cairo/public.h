/* cairo/public.h -- what is public about a Cairo run: the rules a claim must keep, the public
 * part of the LogUp sum, the hashes of program and output (facts A9, B3, F1). */
#ifndef SAGE_CAIRO_PUBLIC_H
#define SAGE_CAIRO_PUBLIC_H

#include "cairo/claim.h"
#include "hash/kind.h"
#include "stark/layout.h"
#include "statement/statement.h"

/* Indices into a claim: initial[], final[]; segments[]; segments[][]. */
enum { SAGE_CAIRO_PC, SAGE_CAIRO_AP, SAGE_CAIRO_FP };
enum {
    SAGE_CAIRO_SEGMENT_OUTPUT,
    SAGE_CAIRO_SEGMENT_PEDERSEN,
    SAGE_CAIRO_SEGMENT_RANGE_CHECK,
    SAGE_CAIRO_SEGMENT_ECDSA,
    SAGE_CAIRO_SEGMENT_BITWISE,
    SAGE_CAIRO_SEGMENT_EC_OP,
    SAGE_CAIRO_SEGMENT_KECCAK,
    SAGE_CAIRO_SEGMENT_POSEIDON,
    SAGE_CAIRO_SEGMENT_RANGE_CHECK_96,
    SAGE_CAIRO_SEGMENT_ADD_MOD,
    SAGE_CAIRO_SEGMENT_MUL_MOD
};
enum { SAGE_CAIRO_START_ID, SAGE_CAIRO_START, SAGE_CAIRO_STOP_ID, SAGE_CAIRO_STOP };

/* sage_cairo_check_claim: every rule of facts F1 that concerns the claim alone, each with its
 * own "cairo.claim.<rule>" and SAGE_EPROOF; docs/SOUNDNESS.md has the list. It relies on no
 * reader: any bytes in *c but its pointers and counts are judged. err->at: the cell, segment
 * or component. Cost: a multiplication a cell. */
SAGE_CHECKED sage_status sage_cairo_check_claim(const sage_cairo_claim *c,
                                                sage_cairo_variant variant,
                                                sage_errinfo *err);

/* sage_cairo_check_uses: public cells and components together use neither memory relation p
 * times or more. SAGE_EPROOF "cairo.claim.uses". Cost: O(instances). */
SAGE_CHECKED sage_status sage_cairo_check_uses(const sage_cairo_claim *c,
                                               const sage_layout *layout,
                                               sage_errinfo *err);

/* The outside world's uses and yields: public memory (program, output, safe call cells,
 * segment pointers) and the initial and final state. alpha: powers alpha^0.. alpha^29 at
 * least. The claim must have passed sage_cairo_check_claim. SAGE_EPROOF "proof.logup.public"
 * if a denominator is zero. Cost: 28 products by a word and 4 of the secure field a cell; no
 * memory. */
SAGE_CHECKED sage_status sage_cairo_public_sum(
    const sage_cairo_claim *c, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err);

/* The hash by which a program is known (and an output, where it is hashed): the reference
 * verifier's encode_and_hash_memory_section. digest: Blake2s-256 bytes (which the reference
 * reduces mod the STARK prime), or a felt252 as hash/kind.h says. SAGE_EPROOF
 * "cairo.claim.value" for a value that is no felt. Cost: 32 bytes a cell at most, or half a
 * Poseidon252 permutation. */
SAGE_CHECKED sage_status sage_cairo_section_hash(const sage_cairo_cells *cells,
                                                 sage_hash_kind hash,
                                                 uint8_t digest[32],
                                                 sage_errinfo *err);

/* The statement of a claim: the section hashes of program and output, and how many outputs. The
 * claim need not be true. Errors of both. Cost: hashing both sections. */
SAGE_CHECKED sage_status sage_cairo_claim_statement(const sage_cairo_claim *c,
                                                    sage_hash_kind hash,
                                                    sage_statement *out,
                                                    sage_errinfo *err);

#endif

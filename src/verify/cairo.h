/* verify/cairo.h -- Cairo proofs behind the door, and the statement they claim. */
#ifndef SAGE_VERIFY_CAIRO_H
#define SAGE_VERIFY_CAIRO_H

#include "cairo/proof.h"
#include "sage/verify.h"

/* The statement of p's claim: the hashes of its program and its output. p has been read; it
 * need not be true. Errors of sage_cairo_section_hash and sage_statement_cairo. Cost: hashing
 * both sections. */
SAGE_CHECKED sage_status sage_cairo_claimed_statement(const sage_cairo_proof *p,
                                                      sage_statement *out,
                                                      sage_errinfo *err);

/* As sage_verify and sage_proof_statement, for bytes that sage_cairo_recognise takes for
 * `format`. *result and *out are untouched on error. */
SAGE_CHECKED sage_status sage_verify_cairo(const uint8_t *proof,
                                           size_t len,
                                           sage_cairo_format format,
                                           uint32_t min_security_bits,
                                           sage_verify_result *result,
                                           sage_errinfo *err);
SAGE_CHECKED sage_status sage_cairo_claimed(const uint8_t *proof,
                                            size_t len,
                                            sage_cairo_format format,
                                            sage_statement *out,
                                            sage_errinfo *err);

#endif

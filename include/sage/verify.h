/* sage/verify.h -- check a proof file. Links libc only.
 *
 * The proof is hostile: sizes come from the statement and are bounded, memory is at most
 * SAGE_VERIFY_MAX_BYTES whatever the bytes say, nothing crashes, and each refusal has its
 * stable name in err->where ("proof.merkle.trace"; docs/errors.md lists them). */
#ifndef SAGE_VERIFY_H
#define SAGE_VERIFY_H

#include "sage/statement.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SAGE_DEFAULT_SECURITY_BITS = 96, SAGE_VERIFY_MAX_BYTES = 64 << 20 };

typedef struct sage_verify_result {
    sage_statement statement; /* what was proved */
    uint32_t security_bits;   /* conjectured: pow + blowup * queries */
    uint32_t pow_bits, log_blowup, n_queries, log_last_layer, fold_step;
    uint32_t log_rows;  /* of the largest component */
    uint32_t n_columns; /* committed trace and interaction columns */
} sage_verify_result;

/* sage_verify accepts or refuses proof[0..len).
 *
 *   in      min_security_bits   refuse configs below; SAGE_DEFAULT_SECURITY_BITS in services
 *   out     result              filled on success; zeroed on error
 * Returns SAGE_OK; SAGE_EFORMAT if the bytes do not parse (err->at: offset); SAGE_EPROOF if
 * they parse and are false; SAGE_ELIMIT beyond the bounds above; SAGE_ENOMEM.
 * The caller must compare result->statement with what it wanted proved.
 * Cost: milliseconds; O(queries * columns). */
SAGE_CHECKED sage_status sage_verify(const uint8_t *proof,
                                     size_t len,
                                     uint32_t min_security_bits,
                                     sage_verify_result *result,
                                     sage_errinfo *err);

/* sage_proof_statement reads the claimed statement without verifying anything. */
SAGE_CHECKED sage_status sage_proof_statement(const uint8_t *proof,
                                              size_t len,
                                              sage_statement *out,
                                              sage_errinfo *err);

#ifdef __cplusplus
}
#endif

#endif

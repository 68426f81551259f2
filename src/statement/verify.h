/* statement/verify.h -- proof files of the statements whose components are ours. The door to
 * them and to all others is sage/verify.h. */
#ifndef SAGE_STATEMENT_VERIFY_H
#define SAGE_STATEMENT_VERIFY_H

#include "sage/verify.h"

/* As sage_verify and sage_proof_statement, for files of those statements alone; cairo is
 * refused with SAGE_EUNSUP "statement.cairo". *result and *out are untouched on error. */
SAGE_CHECKED sage_status sage_statement_verify(const uint8_t *proof,
                                               size_t len,
                                               uint32_t min_security_bits,
                                               sage_verify_result *result,
                                               sage_errinfo *err);
SAGE_CHECKED sage_status sage_statement_claimed(const uint8_t *proof,
                                                size_t len,
                                                sage_statement *out,
                                                sage_errinfo *err);

#endif

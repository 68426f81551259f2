/* coordinator/accept.h -- what the coordinator pays for: a true proof of the job's statement,
 * of the required strength, whatever its kind and format. */
#ifndef SAGE_COORDINATOR_ACCEPT_H
#define SAGE_COORDINATOR_ACCEPT_H

#include "coordinator/coordinator.h"

/* sage_accept_proof verifies proof[0..len) with checker->verify and compares what it proves
 * with the job's statement.
 *
 *   out     security_bits   of the accepted proof; 0 on error
 * SAGE_EPROOF "result.statement" if it proves something else; errors of sage_verify. Keeps
 * nothing. Cost: that of sage_verify. */
SAGE_CHECKED sage_status sage_accept_proof(const sage_checker *checker,
                                           const uint8_t *proof,
                                           size_t len,
                                           uint32_t min_security_bits,
                                           const sage_statement *job,
                                           uint32_t *security_bits,
                                           sage_errinfo *err);

#endif

/* statement/claim.h -- a statement with the chosen sizes, as the transcript sees it; the glue
 * between statements and the AIR-level prover and verifier. */
#ifndef SAGE_STATEMENT_CLAIM_H
#define SAGE_STATEMENT_CLAIM_H

#include "statement/statement.h"

typedef struct sage_claim {
    const sage_statement *statement;
    const uint32_t *logs;
    uint32_t n_logs;
} sage_claim;

/* Adapters for the callbacks of stark/prover.h and stark/air_verifier.h; claim is a
 * const sage_claim *. */
SAGE_INLINE sage_status sage_claim_mix(const void *claim, sage_channel *ch, sage_errinfo *err)
{
    const sage_claim *c = claim;
    (void)err;
    sage_statement_mix(c->statement, c->logs, c->n_logs, ch);
    return SAGE_OK;
}
SAGE_INLINE sage_status sage_claim_public_sum(
    const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    const sage_claim *c = claim;
    return sage_statement_public_sum(c->statement, z, alpha, out, err);
}

#endif

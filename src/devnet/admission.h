/* devnet/admission.h -- does a transaction's proof prove what its proof_facts say? Asked before a
 * transaction is let in; contracts then take the facts for true (facts D4, D5).
 *
 * Pure: no state, any number of calls at once. */
#ifndef SAGE_DEVNET_ADMISSION_H
#define SAGE_DEVNET_ADMISSION_H

#include "starknet/transaction.h"

/* A transaction without facts and proof is let in; one with both if the proof has at least
 * min_bits of security and is of the facts (starknet/facts.h). Refused, SAGE_EPROOF or
 * SAGE_EUNSUP "chain.proof" with the reason in err->msg: one of the two alone, either of them on
 * another kind of transaction than INVOKE, facts of Starknet's virtual OS (PROOF0, PROOF1), which
 * this node cannot verify, and everything false. SAGE_ENOMEM with its own name: that is no
 * verdict. Cost: milliseconds with a proof, 100 ms with one hashed by Poseidon252. */
SAGE_CHECKED sage_status sage_admission_check(const sage_tx *t,
                                              uint32_t min_bits,
                                              sage_errinfo *err);

#endif

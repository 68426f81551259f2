/* devnet/contracts.h -- the native contracts, one a file in devnet/contracts/. */
#ifndef SAGE_DEVNET_CONTRACTS_H
#define SAGE_DEVNET_CONTRACTS_H

#include "devnet/contract.h"

extern const sage_contract sage_contract_erc20, sage_contract_account, sage_contract_udc,
    sage_contract_faucet, sage_contract_reputation, sage_contract_payment_router,
    sage_contract_prover_staking, sage_contract_job_manager, sage_contract_proof_verifier;

/* Computes the class hashes, once a process; until it has been called, sage_contract_of calls it
 * and finds nothing if it fails. SAGE_ENOMEM "abi.memory". Any thread may. */
SAGE_CHECKED sage_status sage_contracts_prepare(sage_errinfo *err);

#endif

/* devnet/test_contracts.h -- small contracts for the tests of the machinery itself. They are the
 * whole table of the program that links them. */
#ifndef SAGE_DEVNET_TEST_CONTRACTS_H
#define SAGE_DEVNET_TEST_CONTRACTS_H

#include "devnet/contract.h"

/* Does what its calldata says, one entry point a deed; the names are in test_contracts.c. */
extern const sage_contract test_probe;
/* A token without supply rules: mint, transfer, balance_of. */
extern const sage_contract test_purse;
/* An account of one key. */
extern const sage_contract test_signer;

#endif

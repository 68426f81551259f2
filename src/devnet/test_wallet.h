/* devnet/test_wallet.h -- signed transactions of predeployed accounts, for tests and benches. */
#ifndef SAGE_DEVNET_TEST_WALLET_H
#define SAGE_DEVNET_TEST_WALLET_H

#include "devnet/chain.h"

/* An INVOKE of one call, with bounds that are enough for it, signed. Aborts without memory. */
sage_tx sage_test_invoke(const sage_predeployed *from,
                         felt252 to,
                         const char *entry,
                         const felt252 *calldata,
                         uint32_t n,
                         uint64_t nonce,
                         felt252 chain_id);
/* A transfer of `amount` FRI. */
sage_tx sage_test_transfer(const sage_predeployed *from,
                           felt252 to,
                           uint64_t amount,
                           uint64_t nonce,
                           felt252 chain_id);
/* The request that hands it in, as text; takes the transaction. */
char *sage_test_request(sage_tx *t);

#endif

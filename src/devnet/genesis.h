/* devnet/genesis.h -- what a new chain begins with: the network's contracts, deployed and wired,
 * and accounts with funds.
 *
 * All keys follow from the seed and are no secrets. Accounts 0 .. n_accounts - 1 are for users;
 * after them come the operator, who owns every contract and may mint, and the treasury, which
 * gets fees and slashed stakes, and from whose SAGE staking rewards are paid. */
#ifndef SAGE_DEVNET_GENESIS_H
#define SAGE_DEVNET_GENESIS_H

#include "devnet/chain.h"

enum {
    SAGE_GENESIS_MAX_SUPPLY  = 1000000000, /* SAGE there can ever be */
    SAGE_GENESIS_TREASURY    = 100000000,  /* SAGE of the treasury */
    SAGE_GENESIS_FAUCET      = 10000000,   /* SAGE of the faucet */
    SAGE_GENESIS_DRIP        = 1500,       /* SAGE a claim: 1,000 is the least stake */
    SAGE_GENESIS_COOLDOWN    = 86400,      /* seconds between two claims */
    SAGE_GENESIS_UPDATE_TIME = 60          /* seconds between two updates of a reputation */
};

/* Account i of a seed: an OpenZeppelin account with its key as salt. 60 us. */
sage_predeployed sage_genesis_account(uint64_t seed, uint32_t i);
sage_predeployed sage_genesis_operator(const sage_chain_options *o);
sage_predeployed sage_genesis_treasury(const sage_chain_options *o);

/* Fills the empty state s; deterministic. chain.reverted if the accounts' SAGE is more than
 * there can be; SAGE_ENOMEM. Cost: milliseconds. */
SAGE_CHECKED sage_status sage_genesis_build(sage_state *s,
                                            const sage_block_env *env,
                                            const sage_chain_options *o,
                                            sage_errinfo *err);

#endif

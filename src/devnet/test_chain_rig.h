/* devnet/test_chain_rig.h -- a chain in a folder of its own, for the tests of the chain.
 *
 * A failure of ours fails the test. Account i is predeployed account i of the chain's seed. */
#ifndef SAGE_DEVNET_TEST_CHAIN_RIG_H
#define SAGE_DEVNET_TEST_CHAIN_RIG_H

#include "base/test.h"

#include "devnet/chain.h"

typedef struct chain_rig {
    char folder[64];
    sage_chain_options options;
    sage_chain *chain;
} chain_rig;

/* A new folder; options are the defaults with two accounts, to be changed before open. */
void rig_make(chain_rig *rig);
void rig_start(chain_rig *rig);
void rig_stop(chain_rig *rig);
/* Stops, and removes the folder. */
void rig_remove(chain_rig *rig);

/* An INVOKE of account `from` that sends `amount` units of STRK, signed. */
sage_tx
rig_transfer(const chain_rig *rig, uint32_t from, uint64_t nonce, felt252 to, uint64_t amount);
/* Submits that; *hash may be NULL. */
sage_status rig_send(const chain_rig *rig,
                     uint32_t from,
                     uint64_t nonce,
                     felt252 to,
                     uint64_t amount,
                     felt252 *hash,
                     sage_errinfo *err);

sage_block_id rig_at(sage_block_tag tag);
sage_block_id rig_number(uint64_t number);
/* What `who` has of STRK; below 2^64. */
uint64_t rig_balance(const chain_rig *rig, sage_block_id at, felt252 who);
uint64_t rig_nonce(const chain_rig *rig, sage_block_id at, felt252 who);
sage_block_header rig_header(const chain_rig *rig, sage_block_id at);
/* Every block names the one before it and has the hash of its fields. Returns the last number. */
uint64_t rig_check_blocks(const chain_rig *rig);

#define assert_where(status, err, name)                                                        \
    do {                                                                                       \
        assert_int_not_equal(status, SAGE_OK);                                                 \
        assert_string_equal((err).where, name);                                                \
    } while (0)

#endif

/* devnet/blocks.h -- blocks: the one that is being filled, sealing it, their rows.
 *
 * Model: block `number` is open from its first transaction until it is sealed; both are rows of
 * one table. An open block has the trees of its commitments instead of roots. */
#ifndef SAGE_DEVNET_BLOCKS_H
#define SAGE_DEVNET_BLOCKS_H

#include "devnet/chain_db.h"
#include "devnet/commitment.h"
#include "devnet/diff.h"

/* A block with more transactions than this is sealed, whatever its time. */
enum { SAGE_BLOCK_TRANSACTIONS = 10000 };
/* Numbers stay below this, so that number and index fit a row's id. */
#define SAGE_BLOCK_LIMIT ((uint64_t)1 << 31)

typedef struct sage_open_block {
    uint64_t number, timestamp;
    uint32_t n_transactions, n_events;
    sage_commit_tree transactions, events, receipts;
} sage_open_block;

/* Adds an executed transaction to what the block commits to. 50 us. */
void sage_block_take(sage_open_block *b,
                     const sage_felt_list *signature,
                     const sage_tx_result *result);
/* The header of b with this difference, sorted, on top of parent (NULL: it is the first).
 * Sequencer and prices are those already in *out. There is no trie of the state: new_root is
 * the Poseidon hash of the parent's root and the difference's commitment. */
void sage_block_seal(sage_block_header *out,
                     const sage_open_block *b,
                     const sage_block_header *parent,
                     const sage_diff *diff);

/* Inside a transaction. Prices and sequencer of `like`. */
SAGE_CHECKED sage_status sage_blocks_write_open(sage_db *db,
                                                const sage_open_block *b,
                                                const sage_block_header *like,
                                                sage_errinfo *err);
SAGE_CHECKED sage_status sage_blocks_write_sealed(sage_db *db,
                                                  const sage_block_header *h,
                                                  const sage_diff *diff,
                                                  sage_errinfo *err);

/* SAGE_ENOTFOUND "chain.block" if there is no such sealed block; damage is "chain.database". */
SAGE_CHECKED sage_status sage_blocks_read(sage_db *db,
                                          uint64_t number,
                                          sage_block_header *out,
                                          sage_errinfo *err);
SAGE_CHECKED sage_status sage_blocks_find(sage_db *db,
                                          felt252 hash,
                                          uint64_t *number,
                                          sage_errinfo *err);
SAGE_CHECKED sage_status sage_blocks_read_diff(sage_db *db,
                                               uint64_t number,
                                               sage_diff *out,
                                               sage_errinfo *err);
/* The last sealed block, its hash computed anew and compared, and the open one if *open. */
SAGE_CHECKED sage_status sage_blocks_load(sage_db *db,
                                          sage_block_header *last,
                                          sage_open_block *open,
                                          bool *has_open,
                                          sage_errinfo *err);

#endif

/* devnet/commitment.h -- what a block commits to, and its hash, as Starknet computes them from
 * version 0.13.4 on (starknet_api, block_hash; sequencer 60161ba).
 *
 * Model: transactions, events and receipts are leaves 0, 1, 2, ... of a Patricia tree of height
 * 64 over Poseidon; the state difference is one hash over sorted lists. A tree grows leaf by
 * leaf and keeps only the roots of its full subtrees. Pure functions. */
#ifndef SAGE_DEVNET_COMMITMENT_H
#define SAGE_DEVNET_COMMITMENT_H

#include "devnet/chain.h"

/* What our blocks say, and what their hash takes in. */
#define SAGE_STARKNET_VERSION "0.14.2"

enum { SAGE_COMMIT_LEVELS = 64 };

/* Zero is the tree without leaves. full[i] is meant where bit i of n is set. */
typedef struct sage_commit_tree {
    uint64_t n;
    felt252 full[SAGE_COMMIT_LEVELS];
} sage_commit_tree;
/* One pair hash a leaf, on average. */
void sage_commit_add(sage_commit_tree *t, felt252 leaf);
/* 0 without leaves. At most 128 pair hashes. */
felt252 sage_commit_root(const sage_commit_tree *t);

felt252 sage_commit_transaction(felt252 hash, const sage_felt_list *signature);
felt252 sage_commit_event(const sage_chain_event *e, felt252 tx_hash);
/* No transaction here sends messages to L1. L2 gas counts as 0, as on the network. */
felt252 sage_commit_receipt(const sage_tx_result *r);
/* Of cells sorted by contract and key, one each. */
felt252 sage_commit_diff(const sage_state_change *cells, size_t n);

/* The block's hash from its other fields, whose prices are in FRI, prices in wei, version. */
felt252 sage_commit_block(const sage_block_header *h,
                          const sage_amount wei[SAGE_GASES],
                          const char *version);

#endif

/* devnet/chain.h -- the chain: accepts transactions, executes them in order, keeps blocks.
 *
 * Model: one thread executes. Callers of sage_chain_submit hash, check and verify on their own
 * threads, hand the transaction to the executor and sleep; the executor takes all that wait,
 * runs them, writes them and their effects in one database transaction, and wakes the callers
 * when it is on disk. So an answer means durable, and many callers share one fsync.
 *
 * A block is sealed block_time_ms after the one before it if that is not 0, else after each
 * group of transactions. Until then its transactions are PRE_CONFIRMED, and as durable.
 *
 * Reads see the state after the last executed transaction ("pre_confirmed"), after the last
 * sealed block ("latest"), or after any block by number or hash.
 *
 * Errors carry a JSON-RPC code: sage_rpc_code (devnet/rpc_code.h) maps err->where to it.
 *   chain.block 24, chain.tx 29, chain.contract 20, chain.entry_point 21, chain.class 28,
 *   chain.reverted 40 (err->msg: the reason), chain.execution 41 (err->at: index),
 *   chain.nonce 52, chain.resources 53, chain.balance 54, chain.validation 55, chain.size 57,
 *   chain.non_account 58, chain.duplicate 59, chain.version 61, chain.fee 65, chain.proof 69,
 *   chain.unsupported 63, chain.full 63 (SAGE_EAGAIN: the queue is full).
 * Without a code of their own: SAGE_EIO "chain.write" (nothing was done, try again) and
 * "chain.stopped" (disk and memory may differ: every call fails until a restart). */
#ifndef SAGE_DEVNET_CHAIN_H
#define SAGE_DEVNET_CHAIN_H

#include "devnet/execute.h"

typedef struct sage_chain sage_chain;

typedef struct sage_chain_options {
    const char *data_dir;   /* made if missing; one process at a time (a lock file) */
    uint64_t block_time_ms; /* 0: a block per group of transactions */
    uint64_t seed;          /* of the predeployed accounts' keys */
    uint32_t n_accounts;    /* predeployed, 1..100 */
    sage_amount balance;    /* of each, in STRK, ETH and SAGE */
    felt252 chain_id;
    uint64_t gas_price[3]; /* FRI a unit, by sage_gas */
    uint64_t queue;        /* transactions that may wait; more are refused */
    uint32_t min_proof_bits;
    sage_amount faucet_drip; /* SAGE a claim; 0: SAGE_GENESIS_DRIP */
} sage_chain_options;
/* SN_SEPOLIA, 10 accounts with 1,000,000 of each token, block_time 0. */
sage_chain_options sage_chain_defaults(void);

/* Opens or makes the chain in data_dir. An existing chain keeps its own seed, accounts and
 * chain id: SAGE_ECONFLICT "chain.options" if others are asked for. SAGE_ECONFLICT
 * "chain.locked", SAGE_EIO, SAGE_EFORMAT "chain.database". */
SAGE_CHECKED sage_status sage_chain_open(sage_chain **out,
                                         const sage_chain_options *o,
                                         sage_errinfo *err);
/* Executes what waits, seals nothing, closes. */
void sage_chain_close(sage_chain *c);

typedef struct sage_predeployed {
    felt252 address, public_key, private_key; /* not secrets: they follow from the seed */
} sage_predeployed;
sage_predeployed sage_chain_account(const sage_chain *c, uint32_t i);
const sage_chain_options *sage_chain_settings(const sage_chain *c);

/* Blocks by tag, number or hash. */
typedef enum sage_block_tag {
    SAGE_BLOCK_NUMBER,
    SAGE_BLOCK_HASH,
    SAGE_BLOCK_LATEST,
    SAGE_BLOCK_PRE_CONFIRMED,
    SAGE_BLOCK_L1_ACCEPTED /* there is no L1: always chain.block */
} sage_block_tag;
typedef struct sage_block_id {
    sage_block_tag tag;
    uint64_t number;
    felt252 hash;
} sage_block_id;

/* Accepts a transaction: checks it (form, chain, fee, proof, signature, nonce: facts D2's errors),
 * executes it, and returns when it is on disk; a transaction that reverts is accepted, too.
 * *hash is its hash. Takes what *t owns, and empties it. Cost: 0.5 ms of this caller's thread,
 * milliseconds with a proof; 0.1 ms of the executor; a share of an fsync. */
SAGE_CHECKED sage_status sage_chain_submit(
    sage_chain *c, sage_tx *t, felt252 *hash, felt252 *contract_address, sage_errinfo *err);

/* Executes txs[0..n) one after the other on top of a block and forgets it. results: n, for
 * sage_tx_result_free each. With strict, the first that reverts is "chain.execution". */
SAGE_CHECKED sage_status sage_chain_simulate(sage_chain *c,
                                             const sage_block_id *at,
                                             const sage_tx *txs,
                                             uint32_t n,
                                             unsigned flags,
                                             bool strict,
                                             sage_tx_result *results,
                                             sage_errinfo *err);
/* The gas prices of the next block, FRI; wei prices are the same numbers. */
void sage_chain_gas_prices(const sage_chain *c, sage_amount out[SAGE_GASES]);

/* A view call. *result for sage_felt_list_free. chain.contract, chain.entry_point,
 * chain.reverted. */
SAGE_CHECKED sage_status sage_chain_call_view(sage_chain *c,
                                              const sage_block_id *at,
                                              felt252 to,
                                              felt252 selector,
                                              const sage_felt_list *calldata,
                                              sage_felt_list *result,
                                              sage_errinfo *err);
/* chain.block, and chain.contract if there is no such contract then. */
SAGE_CHECKED sage_status sage_chain_get(sage_chain *c,
                                        const sage_block_id *at,
                                        sage_cell_kind kind,
                                        felt252 contract,
                                        felt252 key,
                                        felt252 *out,
                                        sage_errinfo *err);

/* A block's header. Hash, parent, root and commitments as README.md defines them. */
typedef struct sage_block_header {
    bool sealed;
    uint64_t number, timestamp;
    felt252 hash, parent_hash, new_root; /* pre-confirmed: 0, that of latest, 0 */
    felt252 sequencer;
    felt252 transaction_commitment, event_commitment, receipt_commitment, state_diff_commitment;
    uint32_t n_transactions, n_events, state_diff_length;
    sage_amount gas_price[SAGE_GASES];
} sage_block_header;
SAGE_CHECKED sage_status sage_chain_header(sage_chain *c,
                                           const sage_block_id *at,
                                           sage_block_header *out,
                                           sage_errinfo *err);

/* A stored transaction: three JSON texts as written when it was executed (devnet/tx_json.h), so
 * that reading is copying. malloc'ed, for sage_chain_tx_free. */
typedef struct sage_chain_tx {
    felt252 hash;
    uint64_t block;
    uint32_t index;
    bool sealed;
    char *tx, *receipt, *trace; /* receipt without finality and block: those change */
} sage_chain_tx;
void sage_chain_tx_free(sage_chain_tx *t);
/* chain.tx */
SAGE_CHECKED sage_status sage_chain_tx_by_hash(sage_chain *c,
                                               felt252 hash,
                                               sage_chain_tx *out,
                                               sage_errinfo *err);
/* Transaction `index` of a block; SAGE_ENOTFOUND "chain.index" beyond the last (27). */
SAGE_CHECKED sage_status sage_chain_tx_at(sage_chain *c,
                                          const sage_block_id *at,
                                          uint32_t index,
                                          sage_chain_tx *out,
                                          sage_errinfo *err);

/* The cells a block changed, one each, sorted by contract and key; *out malloc'ed. */
SAGE_CHECKED sage_status sage_chain_diff(sage_chain *c,
                                         const sage_block_id *at,
                                         sage_state_change **out,
                                         uint32_t *n,
                                         sage_errinfo *err);

/* Events in order of block, transaction and index. */
typedef struct sage_event_filter {
    uint64_t from_block, to_block; /* UINT64_MAX: with the pre-confirmed ones */
    const felt252 *addresses;      /* none: all */
    uint32_t n_addresses;
    const sage_felt_list *keys; /* at place i one of keys[i]; an empty list: any */
    uint32_t n_keys;
    uint32_t limit;       /* at most so many */
    uint64_t after_block; /* continue after this event, with after_set */
    uint32_t after_tx, after_event;
    bool after_set;
} sage_event_filter;
typedef struct sage_emitted {
    sage_chain_event event;
    uint64_t block;
    felt252 block_hash, tx_hash; /* block_hash 0: pre-confirmed */
    uint32_t tx_index, event_index;
} sage_emitted;
/* *out: *n events, for sage_emitted_free; *more: whether others follow. */
SAGE_CHECKED sage_status sage_chain_events(sage_chain *c,
                                           const sage_event_filter *filter,
                                           sage_emitted **out,
                                           uint32_t *n,
                                           bool *more,
                                           sage_errinfo *err);
void sage_emitted_free(sage_emitted *e, uint32_t n);

/* For tests and demonstrations, behind --dev-methods: the server checks the flag. */
/* Gives `amount` of a token ("FRI", "WEI", "SAGE") by a transaction of its own; *hash its hash. */
SAGE_CHECKED sage_status sage_chain_mint(sage_chain *c,
                                         felt252 to,
                                         const sage_amount *amount,
                                         const char *unit,
                                         felt252 *hash,
                                         sage_errinfo *err);
/* Moves the chain's clock forward; seals a block with the new time. SAGE_EINVAL "chain.time" for
 * a time before the last block's. */
SAGE_CHECKED sage_status sage_chain_increase_time(sage_chain *c,
                                                  uint64_t seconds,
                                                  sage_errinfo *err);
SAGE_CHECKED sage_status sage_chain_set_time(sage_chain *c,
                                             uint64_t unix_seconds,
                                             sage_errinfo *err);
/* Seals a block now, empty or not. */
SAGE_CHECKED sage_status sage_chain_seal(sage_chain *c, sage_errinfo *err);

/* Where the network's contracts are; 0 for an unknown name: "STRK", "ETH", "SAGE", "UDC",
 * "ProverStaking", "JobManager", "ProofVerifier", "PaymentRouter", "Faucet",
 * "ReputationManager". */
felt252 sage_chain_contract(const char *name);
/* The names, i from 0; NULL after the last. */
const char *sage_chain_contract_name(uint32_t i);

#endif

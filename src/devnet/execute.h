/* devnet/execute.h -- runs one transaction or one call on a state.
 *
 * Model of a transaction, as Starknet's: __validate__ (of DEPLOY_ACCOUNT: constructor, then
 * __validate_deploy__), then __execute__, then the fee in STRK from sender to sequencer. A
 * panic of __validate__ leaves nothing and is an error; one of __execute__ undoes that part, and
 * the transaction is kept as reverted, nonce and fee taken. Gas is counted from what was done
 * (fees.h), not from steps: native code has none.
 *
 * No lock, no clock, no database: the caller brings all. */
#ifndef SAGE_DEVNET_EXECUTE_H
#define SAGE_DEVNET_EXECUTE_H

#include "devnet/state.h"
#include "starknet/transaction.h"

typedef struct sage_block_env {
    uint64_t number, timestamp;
    felt252 chain_id, sequencer;
    felt252 fee_token;                 /* STRK, in which fees are paid */
    sage_amount gas_price[SAGE_GASES]; /* FRI a unit */
} sage_block_env;

/* An executed transaction, or one that was only simulated. */
typedef struct sage_chain_event {
    felt252 from;
    sage_felt_list keys, data;
    uint32_t call; /* the call that emitted it: its index among the transaction's */
} sage_chain_event;

typedef enum sage_call_phase {
    SAGE_PHASE_VALIDATE,
    SAGE_PHASE_EXECUTE, /* __execute__, or the constructor */
    SAGE_PHASE_FEE
} sage_call_phase;

/* A call and what it called: depth first, a call's inner calls follow it with depth + 1. Its own
 * events are those with its index; a call between two of them may have emitted others. After a
 * failure result is the panic data, and there are no events. */
typedef struct sage_chain_call {
    sage_call_phase phase;
    uint32_t depth; /* 0: made by the transaction itself */
    felt252 to, selector, caller, class_hash;
    bool constructor, failed;
    sage_felt_list calldata, result;
} sage_chain_call;

typedef struct sage_tx_result {
    felt252 hash;
    sage_tx_kind kind;
    bool reverted;
    char reason[240];         /* of a revert, text; its felts are in the failed call */
    uint64_t gas[SAGE_GASES]; /* used */
    sage_amount fee;          /* FRI, charged or to be charged */
    felt252 contract;         /* DEPLOY_ACCOUNT: its address */
    sage_chain_event *events; /* owned */
    uint32_t n_events;
    sage_chain_call *calls; /* owned, in the order they were made */
    uint32_t n_calls;
    sage_state_change *changes; /* owned, one per cell, first before and last after */
    uint32_t n_changes;
} sage_tx_result;
void sage_tx_result_free(sage_tx_result *r);

/* What of a transaction its submitter already checked, on another thread: the signature is valid
 * for `key` and the transaction's hash. The account compares key with its own. */
typedef struct sage_checked_signature {
    bool valid;
    felt252 key;
} sage_checked_signature;

enum { SAGE_SIMULATE_SKIP_VALIDATE = 1, SAGE_SIMULATE_SKIP_FEE = 2 };
/* sage_execute_tx runs t with hash `hash` on s. checked may be NULL. Errors, with s as it was:
 * chain.nonce, chain.balance, chain.resources, chain.validation, chain.non_account, chain.class,
 * chain.contract, chain.duplicate (the address is taken), SAGE_ENOMEM. *out is for
 * sage_tx_result_free also then. The journal is left to the caller.
 * A nonce above the account's is chain.nonce as one below. */
SAGE_CHECKED sage_status sage_execute_tx(sage_state *s,
                                         const sage_block_env *env,
                                         const sage_tx *t,
                                         felt252 hash,
                                         const sage_checked_signature *checked,
                                         unsigned flags,
                                         sage_tx_result *out,
                                         sage_errinfo *err);

/* sage_execute_call runs one entry point, as `caller` (0: nobody), and keeps its writes; *result
 * for sage_felt_list_free. After a panic the state is as it was: chain.reverted, the panic data
 * in *result, its text in err->msg. chain.contract, chain.entry_point. */
SAGE_CHECKED sage_status sage_execute_call(sage_state *s,
                                           const sage_block_env *env,
                                           felt252 caller,
                                           felt252 to,
                                           felt252 selector,
                                           const felt252 *calldata,
                                           uint32_t n,
                                           sage_felt_list *result,
                                           sage_errinfo *err);
/* Makes a contract at a given address, constructor run: of the genesis and of tests. */
SAGE_CHECKED sage_status sage_execute_deploy(sage_state *s,
                                             const sage_block_env *env,
                                             felt252 address,
                                             felt252 class_hash,
                                             const felt252 *calldata,
                                             uint32_t n,
                                             sage_errinfo *err);

#endif

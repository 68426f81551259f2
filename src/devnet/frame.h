/* devnet/frame.h -- the machinery under contract.h: what runs, and what it has done so far.
 *
 * Model: a sage_run is one transaction or call from outside, and lives on its caller's stack; a
 * sage_frame is one running entry point. A panic is the contract's affair and goes to its
 * caller; a failure of ours (memory, the source of the state) sticks in the run, makes every
 * frame panic, and is what the whole returns. Private to the room. */
#ifndef SAGE_DEVNET_FRAME_H
#define SAGE_DEVNET_FRAME_H

#include "devnet/contract.h"
#include "devnet/fees.h"
#include "devnet/trace.h"

typedef struct sage_run {
    sage_state *state;
    const sage_block_env *env;
    const sage_tx *tx; /* NULL: a call */
    felt252 tx_hash;
    const sage_checked_signature *checked; /* may be NULL */
    sage_call_phase phase;
    uint32_t depth; /* frames that run */
    sage_work work;
    sage_trace trace;
    sage_status status;
    sage_errinfo failure; /* of status */
} sage_run;

enum {
    SAGE_DEPTH_MAX      = 50,   /* facts D3 */
    SAGE_EVENTS_MAX     = 1000, /* of a transaction */
    SAGE_EVENT_KEYS_MAX = 50,
    SAGE_EVENT_DATA_MAX = 300
};

typedef struct sage_asked {
    felt252 to, selector, caller;
    const felt252 *calldata; /* kept alive by the caller */
    uint32_t n;
    bool constructor;
} sage_asked;

/* Runs an entry point, or the constructor of a contract that has its class already. *result:
 * what it gave, or the panic data; for sage_felt_list_free. false after a panic, or once
 * run->status is set: the state and the events are then as before. */
SAGE_CHECKED bool
sage_run_entry(sage_run *run, const sage_asked *asked, sage_felt_list *result);
/* Gives `address` a class and constructs it, called by `caller`. */
SAGE_CHECKED bool sage_run_deploy(sage_run *run,
                                  felt252 address,
                                  felt252 class_hash,
                                  felt252 caller,
                                  const felt252 *calldata,
                                  uint32_t n,
                                  sage_felt_list *result);
/* The contract at an address; NULL if there is none. */
const sage_contract *sage_run_contract(sage_run *run, felt252 address);
/* NULL if it has no such entry point. */
const sage_entry *sage_contract_entry(const sage_contract *c, felt252 selector);
/* A failure of ours, the first that counts. */
void sage_run_fail(sage_run *run, sage_status status, const sage_errinfo *failure);
/* run->status and what the state tells. */
SAGE_CHECKED sage_status sage_run_status(const sage_run *run, sage_errinfo *err);

#endif

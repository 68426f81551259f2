/* devnet/test_rig.h -- a state, a clock and contracts, for the tests of contracts.
 *
 * Model: a rig holds one state and the block that calls see. Every call or transaction leaves
 * its result, events and panic text in the rig until the next one, and then asks `check`, if
 * there is one: invariants that hold after everything. A failure of ours fails the test. */
#ifndef SAGE_DEVNET_TEST_RIG_H
#define SAGE_DEVNET_TEST_RIG_H

#include "base/test.h"

#include "devnet/contract.h"
#include "devnet/execute.h"

typedef struct sage_rig sage_rig;
struct sage_rig {
    sage_state *state;
    sage_block_env env;    /* set number and timestamp at will */
    const sage_tx *tx;     /* what calls see as their transaction, NULL: none */
    felt252 tx_hash;       /* of tx */
    sage_felt_list result; /* of the last call */
    char panic[240];       /* "" if it went well */
    sage_chain_event *events;
    uint32_t n_events;
    sage_tx_result outcome; /* of the last transaction; its events are the rig's */
    sage_errinfo err;       /* of the last transaction that was refused */
    void (*check)(sage_rig *rig, void *arg);
    void *arg;
};

/* Block 1 at 2026-01-01, SN_SEPOLIA, prices of 1 FRI a gas. */
void rig_open(sage_rig *rig);
void rig_close(sage_rig *rig);

/* Makes a contract; the constructor must not panic. */
void rig_deploy(sage_rig *rig,
                felt252 address,
                const sage_contract *contract,
                const felt252 *calldata,
                uint32_t n);
/* The same, for constructors that may panic: false, and rig->panic. */
bool rig_try_deploy(sage_rig *rig,
                    felt252 address,
                    const sage_contract *contract,
                    const felt252 *calldata,
                    uint32_t n);

/* Calls an entry point as somebody; writes stay unless it panics. false after a panic. A call of
 * a contract or entry point that is not there panics, too. */
bool rig_call(sage_rig *rig,
              felt252 as,
              felt252 to,
              const char *entry,
              const felt252 *calldata,
              uint32_t n);
/* rig_do(rig, as, to, "entry", felt, ...) with at least one argument. */
#define rig_do(rig, as, to, entry, ...)                                                        \
    rig_call(rig, as, to, entry, (felt252[]){__VA_ARGS__},                                     \
             sizeof((felt252[]){__VA_ARGS__}) / sizeof(felt252))

/* The last call's result: felt i; the u256 that begins at felt i. */
felt252 rig_result(const sage_rig *rig, uint32_t i);
sage_amount rig_result_u256(const sage_rig *rig, uint32_t i);
/* What a view gives, asked as nobody: one felt, one u256. Leaves the last call's events, and
 * result, alone; it must not panic. */
felt252 rig_felt(sage_rig *rig, felt252 of, const char *view, const felt252 *args, uint32_t n);
sage_amount
rig_u256(sage_rig *rig, felt252 of, const char *view, const felt252 *args, uint32_t n);

/* Fails the test unless the last call panicked with this short string. */
void rig_panicked_with(const sage_rig *rig, const char *text);
/* Event `nth` (0: the first) of this name and contract in the last call; NULL if none. */
const sage_chain_event *
rig_event(const sage_rig *rig, felt252 from, const char *name, uint32_t nth);

/* Runs a transaction as sage_execute_tx does; its journal is settled. */
sage_status rig_execute(sage_rig *rig,
                        const sage_tx *t,
                        felt252 hash,
                        const sage_checked_signature *checked);

/* A number as felt, base units as amount, a felt of a name. */
SAGE_INLINE felt252 rig_number(uint64_t v)
{
    return felt252_from_u64(v);
}

#endif

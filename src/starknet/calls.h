/* starknet/calls.h -- what an account is asked to do: multicalls, and SNIP-9 outside execution
 * (facts C1, C7). */
#ifndef SAGE_STARKNET_CALLS_H
#define SAGE_STARKNET_CALLS_H

#include "starknet/felt_list.h"

typedef struct sage_call {
    felt252 to, selector;
    sage_felt_list calldata; /* owned by whoever made the call */
} sage_call;

enum { SAGE_CALLS_MAX = 256 };

/* The calldata of __execute__: n, then to, selector, length, data of each. */
SAGE_CHECKED sage_status sage_calls_encode(sage_felt_list *out,
                                           const sage_call *calls,
                                           uint32_t n,
                                           sage_errinfo *err);
/* Reads it from data[0..len), which must be exactly that; *calls is malloc'ed, *n of them, for
 * sage_calls_free. SAGE_EFORMAT "calls.form", SAGE_ELIMIT "calls.count". */
SAGE_CHECKED sage_status sage_calls_decode(
    sage_call **calls, uint32_t *n, const felt252 *data, uint32_t len, sage_errinfo *err);
/* The same at the beginning of data[0..len); *used: how many felts the calls took. */
SAGE_CHECKED sage_status sage_calls_decode_front(sage_call **calls,
                                                 uint32_t *n,
                                                 uint32_t *used,
                                                 const felt252 *data,
                                                 uint32_t len,
                                                 sage_errinfo *err);
void sage_calls_free(sage_call *calls, uint32_t n);

/* execute_from_outside_v2: `caller` ('ANY_CALLER': whoever) may have the account make these
 * calls once, between two times. */
typedef struct sage_outside_execution {
    felt252 caller, nonce;
    uint64_t execute_after, execute_before; /* seconds since 1970, exclusive both */
    const sage_call *calls;
    uint32_t n_calls;
} sage_outside_execution;

/* What the account's owner signs: SNIP-12 revision 1 with domain Account.execute_from_outside,
 * version 2. */
felt252
sage_outside_execution_hash(const sage_outside_execution *e, felt252 account, felt252 chain_id);
/* The calldata of execute_from_outside_v2, signature included. */
SAGE_CHECKED sage_status sage_outside_execution_encode(sage_felt_list *out,
                                                       const sage_outside_execution *e,
                                                       const sage_felt_list *signature,
                                                       sage_errinfo *err);
/* Reads it, data[0..len) exactly: out->calls is *calls, for sage_calls_free, *signature for
 * sage_felt_list_free. SAGE_EFORMAT "outside.form", errors of sage_calls_decode. */
SAGE_CHECKED sage_status sage_outside_execution_decode(sage_outside_execution *out,
                                                       sage_call **calls,
                                                       sage_felt_list *signature,
                                                       const felt252 *data,
                                                       uint32_t len,
                                                       sage_errinfo *err);

#endif

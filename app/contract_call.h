/* app/contract_call.h -- arguments as people type them to calldata, and answers to text, with the
 * ABI that the contract's class has on chain. */
#ifndef SAGE_APP_CONTRACT_CALL_H
#define SAGE_APP_CONTRACT_CALL_H

#include "starknet/abi.h"
#include "starknet/calls.h"
#include "starknet/rpc.h"

typedef struct contract_call {
    const char *entry;
    sage_call call;
    sage_abi *abi; /* NULL: raw */
} contract_call;

/* Makes the call of `entry` (a name, or a selector as 0x...) at `to` with args[0..n). raw, or a
 * selector: each argument is a word that says its own form, and no class is asked for. *out is for
 * contract_call_free. Errors of sage_sn_class_at, sage_abi_of_class, sage_abi_encode,
 * sage_abi_word; "abi.form" for a class without an ABI. */
SAGE_CHECKED sage_status contract_call_make(contract_call *out,
                                            const sage_sn *sn,
                                            felt252 to,
                                            const char *entry,
                                            const char *const *args,
                                            uint32_t n,
                                            bool raw,
                                            sage_errinfo *err);
void contract_call_free(contract_call *c);

/* One call that returns a u256, in two felts. SAGE_EFORMAT "contract.answer". */
SAGE_CHECKED sage_status contract_read_u256(sage_amount *out,
                                            const sage_sn *sn,
                                            felt252 to,
                                            const char *entry,
                                            felt252 argument,
                                            sage_errinfo *err);
/* One call without arguments that returns one felt. */
SAGE_CHECKED sage_status contract_read_felt(
    felt252 *out, const sage_sn *sn, felt252 to, const char *entry, sage_errinfo *err);

#endif

/* devnet/test_wallet.c -- makes and signs transactions. */
#include "devnet/test_wallet.h"

#include <stdio.h>
#include <stdlib.h>

#include "curve/sign.h"
#include "starknet/address.h"
#include "starknet/calls.h"

static void must(sage_status st)
{
    if (st) abort();
}

static void sign(sage_tx *t, const sage_predeployed *from, felt252 chain_id)
{
    felt252 r, s;
    sage_secret_key key;
    felt252_to_limbs(from->private_key, key.l);
    must(sage_sign(&r, &s, &key, sage_tx_hash(t, chain_id), NULL));
    must(sage_felt_list_add(&t->signature, r, NULL));
    must(sage_felt_list_add(&t->signature, s, NULL));
}

sage_tx sage_test_invoke(const sage_predeployed *from,
                         felt252 to,
                         const char *entry,
                         const felt252 *calldata,
                         uint32_t n,
                         uint64_t nonce,
                         felt252 chain_id)
{
    sage_tx t = {
        .kind   = SAGE_TX_INVOKE,
        .sender = from->address,
        .nonce  = felt252_from_u64(nonce),
        .bounds = {{0, {0, 0}}, {50000000, {10000000000, 0}}, {20000, {1000000000000, 0}}}};
    sage_call call = {.to = to, .selector = sage_selector(entry)};
    must(sage_felt_list_add_many(&call.calldata, calldata, n, NULL));
    must(sage_calls_encode(&t.calldata, &call, 1, NULL));
    sage_felt_list_free(&call.calldata);
    sign(&t, from, chain_id);
    return t;
}

sage_tx sage_test_transfer(
    const sage_predeployed *from, felt252 to, uint64_t amount, uint64_t nonce, felt252 chain_id)
{
    felt252 data[3] = {to, felt252_from_u64(amount), felt252_zero()};
    return sage_test_invoke(from, sage_chain_contract("STRK"), "transfer", data, 3, nonce,
                            chain_id);
}

char *sage_test_request(sage_tx *t)
{
    char *text = NULL;
    json_t *whole =
        json_pack("{s:s, s:i, s:s, s:[o]}", "jsonrpc", "2.0", "id", 1, "method",
                  "starknet_addInvokeTransaction", "params", sage_tx_write(t, true, true));
    sage_tx_free(t);
    if (whole) text = json_dumps(whole, JSON_COMPACT);
    if (!text) abort();
    json_decref(whole);
    return text;
}

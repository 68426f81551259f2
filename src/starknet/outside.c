/* starknet/outside.c -- SNIP-9 version 2: what is signed, by SNIP-12 revision 1, and the calldata
 * (facts C7). */
#include "starknet/address.h"
#include "starknet/calls.h"

#include "field/felt252_text.h"
#include "hash/poseidon252.h"

#define CALL_TYPE                                                                              \
    "\"Call\"(\"To\":\"ContractAddress\",\"Selector\":\"selector\",\"Calldata\":\"felt*\")"

static const char domain_type[] =
    "\"StarknetDomain\"(\"name\":\"shortstring\",\"version\":\"shortstring\","
    "\"chainId\":\"shortstring\",\"revision\":\"shortstring\")";
static const char call_type[] = CALL_TYPE;
/* A type's text is followed by those of the types in it. */
static const char execution_type[] =
    "\"OutsideExecution\"(\"Caller\":\"ContractAddress\",\"Nonce\":\"felt\","
    "\"Execute After\":\"u128\",\"Execute Before\":\"u128\",\"Calls\":\"Call*\")" CALL_TYPE;

enum { VERSION = 2, REVISION = 1, HEAD = 4 /* caller, nonce, after, before */ };

static felt252 domain_hash(felt252 chain_id)
{
    const felt252 parts[] = {sage_selector(domain_type),
                             sage_felt_short("Account.execute_from_outside"),
                             felt252_from_u64(VERSION), chain_id, felt252_from_u64(REVISION)};
    return sage_poseidon252_many(parts, sizeof parts / sizeof parts[0]);
}

static felt252 call_hash(felt252 type, const sage_call *c)
{
    const felt252 parts[] = {type, c->to, c->selector,
                             sage_poseidon252_many(c->calldata.v, c->calldata.n)};
    return sage_poseidon252_many(parts, sizeof parts / sizeof parts[0]);
}

static felt252 calls_hash(const sage_outside_execution *e)
{
    const felt252 type = sage_selector(call_type);
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    for (uint32_t i = 0; i < e->n_calls; i++)
        sage_poseidon252_absorb(&h, call_hash(type, &e->calls[i]));
    return sage_poseidon252_final(&h);
}

felt252
sage_outside_execution_hash(const sage_outside_execution *e, felt252 account, felt252 chain_id)
{
    const felt252 execution[] = {sage_selector(execution_type),
                                 e->caller,
                                 e->nonce,
                                 felt252_from_u64(e->execute_after),
                                 felt252_from_u64(e->execute_before),
                                 calls_hash(e)};
    const felt252 message[]   = {
          sage_felt_short("StarkNet Message"), domain_hash(chain_id), account,
          sage_poseidon252_many(execution, sizeof execution / sizeof execution[0])};
    return sage_poseidon252_many(message, sizeof message / sizeof message[0]);
}

sage_status sage_outside_execution_encode(sage_felt_list *out,
                                          const sage_outside_execution *e,
                                          const sage_felt_list *signature,
                                          sage_errinfo *err)
{
    const felt252 head[HEAD] = {e->caller, e->nonce, felt252_from_u64(e->execute_after),
                                felt252_from_u64(e->execute_before)};
    sage_status s            = sage_felt_list_add_many(out, head, HEAD, err);
    if (!s) s = sage_calls_encode(out, e->calls, e->n_calls, err);
    if (!s) s = sage_felt_list_add(out, felt252_from_u64(signature->n), err);
    return s ? s : sage_felt_list_add_many(out, signature->v, signature->n, err);
}

static sage_status bad_form(uint32_t at, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "outside.form", at,
                     "the calldata is no outside execution: felt %u", at);
}

/* A length, and then exactly that many felts. */
static sage_status take_signature(
    sage_felt_list *out, const felt252 *data, uint32_t at, uint32_t len, sage_errinfo *err)
{
    uint64_t n;
    if (at == len || !sage_felt_to_u64(&n, data[at]) || n != len - at - 1)
        return bad_form(at, err);
    return sage_felt_list_add_many(out, data + at + 1, (uint32_t)n, err);
}

sage_status sage_outside_execution_decode(sage_outside_execution *out,
                                          sage_call **calls,
                                          sage_felt_list *signature,
                                          const felt252 *data,
                                          uint32_t len,
                                          sage_errinfo *err)
{
    uint32_t used = 0;
    *out          = (sage_outside_execution){0};
    *calls        = NULL;
    *signature    = (sage_felt_list){0};
    if (len < HEAD || !sage_felt_to_u64(&out->execute_after, data[2]) ||
        !sage_felt_to_u64(&out->execute_before, data[3]))
        return bad_form(0, err);
    out->caller = data[0], out->nonce = data[1];
    sage_status s =
        sage_calls_decode_front(calls, &out->n_calls, &used, data + HEAD, len - HEAD, err);
    if (!s) s = take_signature(signature, data, HEAD + used, len, err);
    if (s) {
        sage_calls_free(*calls, out->n_calls);
        *calls = NULL;
        *out   = (sage_outside_execution){0};
        return s;
    }
    out->calls = *calls;
    return SAGE_OK;
}

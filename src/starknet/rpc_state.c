/* starknet/rpc_state.c -- what nodes say of the chain and its contracts. */
#include <string.h>

#include "field/felt252_text.h"
#include "starknet/felt_json.h"
#include "starknet/rpc_private.h"

json_t *sage_sn_params(sage_sn_block at)
{
    json_t *object = json_object(), *id = NULL;
    switch (at.tag) {
    case SAGE_SN_LATEST: id = json_string("latest"); break;
    case SAGE_SN_PRE_CONFIRMED: id = json_string("pre_confirmed"); break;
    case SAGE_SN_AT: id = json_pack("{s:I}", "block_number", (json_int_t)at.number); break;
    }
    sage_sn_put(&object, "block_id", id);
    return object;
}

static bool is_version(const char *text)
{
    size_t n = strlen(text), digits = strspn(text, "0123456789.");
    if (!n || n >= SAGE_SN_VERSION || !digits || text[0] == '.') return false;
    if (digits == n) return true;
    return text[digits] == '-' &&
           strspn(text + digits, "-abcdefghijklmnopqrstuvwxyz0123456789.") == n - digits;
}

static sage_status read_version(void *out, const json_t *result, sage_errinfo *err)
{
    const char *text = json_string_value(result);
    if (!text) return sage_fail(err, SAGE_EFORMAT, "rpc.type", -1, "the answer is no string");
    if (!is_version(text))
        return sage_fail(err, SAGE_EFORMAT, "rpc.value", -1, "the answer is no version");
    memcpy(out, text, strlen(text) + 1);
    return SAGE_OK;
}

sage_status
sage_sn_spec_version(const sage_sn *sn, char out[SAGE_SN_VERSION], sage_errinfo *err)
{
    out[0] = 0;
    return sage_sn_ask(sn, "starknet_specVersion", json_object(), SAGE_SN_SMALL, read_version,
                       out, err);
}

static sage_status read_felt(void *out, const json_t *result, sage_errinfo *err)
{
    return sage_reply_one_felt(out, result, err);
}

sage_status sage_sn_chain_id(const sage_sn *sn, felt252 *out, sage_errinfo *err)
{
    return sage_sn_ask(sn, "starknet_chainId", json_object(), SAGE_SN_SMALL, read_felt, out,
                       err);
}

static sage_status read_number(void *out, const json_t *result, sage_errinfo *err)
{
    json_int_t n = json_integer_value(result);
    if (!json_is_integer(result))
        return sage_fail(err, SAGE_EFORMAT, "rpc.type", -1, "the answer is no integer");
    if (n < 0) return sage_fail(err, SAGE_EFORMAT, "rpc.range", -1, "the answer is negative");
    *(uint64_t *)out = (uint64_t)n;
    return SAGE_OK;
}

sage_status sage_sn_block_number(const sage_sn *sn, uint64_t *out, sage_errinfo *err)
{
    return sage_sn_ask(sn, "starknet_blockNumber", json_object(), SAGE_SN_SMALL, read_number,
                       out, err);
}

typedef struct header_read {
    sage_sn_block at;
    sage_sn_header *out;
} header_read;

static void read_price(sage_reply *block, const char *key, sage_amount *out)
{
    uint64_t v[2]    = {0, 0};
    sage_reply price = sage_reply_enter(block, key);
    sage_reply_u128(&price, "price_in_fri", v);
    sage_reply_leave(block, &price);
    *out = (sage_amount){{v[0], v[1], 0, 0}};
}

static sage_status read_header(void *arg, const json_t *result, sage_errinfo *err)
{
    const header_read *h = arg;
    sage_reply r         = sage_reply_of(result, err);
    sage_sn_header b     = {.sealed = h->at.tag != SAGE_SN_PRE_CONFIRMED};
    sage_reply_count(&r, "block_number", &b.number);
    sage_reply_count(&r, "timestamp", &b.timestamp);
    read_price(&r, "l1_gas_price", &b.price[SAGE_GAS_L1]);
    read_price(&r, "l2_gas_price", &b.price[SAGE_GAS_L2]);
    read_price(&r, "l1_data_gas_price", &b.price[SAGE_GAS_L1_DATA]);
    if (b.sealed) {
        sage_reply_felt(&r, "block_hash", &b.hash);
        sage_reply_felt(&r, "parent_hash", &b.parent_hash);
    }
    if (!r.status && h->at.tag == SAGE_SN_AT && b.number != h->at.number)
        sage_reply_refuse(&r, SAGE_EFORMAT, "rpc.value", "block_number", "is another block's");
    if (!r.status) *h->out = b;
    return r.status;
}

sage_status sage_sn_block_header(const sage_sn *sn,
                                 sage_sn_block at,
                                 sage_sn_header *out,
                                 sage_errinfo *err)
{
    header_read h = {at, out};
    return sage_sn_ask(sn, "starknet_getBlockWithTxHashes", sage_sn_params(at), SAGE_SN_MEDIUM,
                       read_header, &h, err);
}

static sage_status read_nonce(void *out, const json_t *result, sage_errinfo *err)
{
    felt252 v      = felt252_zero();
    sage_status st = sage_reply_one_felt(&v, result, err);
    uint64_t n;
    if (st) return st;
    if (!sage_felt_to_u64(&n, v))
        return sage_fail(err, SAGE_EFORMAT, "rpc.range", -1, "the nonce is not below 2^64");
    *(uint64_t *)out = n;
    return SAGE_OK;
}

static json_t *params_of(sage_sn_block at, const char *key, felt252 v)
{
    json_t *params = sage_sn_params(at);
    sage_sn_put(&params, key, sage_felt_to_json(v));
    return params;
}

sage_status sage_sn_nonce(
    const sage_sn *sn, sage_sn_block at, felt252 address, uint64_t *out, sage_errinfo *err)
{
    return sage_sn_ask(sn, "starknet_getNonce", params_of(at, "contract_address", address),
                       SAGE_SN_SMALL, read_nonce, out, err);
}

sage_status sage_sn_class_hash_at(
    const sage_sn *sn, sage_sn_block at, felt252 address, felt252 *out, sage_errinfo *err)
{
    return sage_sn_ask(sn, "starknet_getClassHashAt",
                       params_of(at, "contract_address", address), SAGE_SN_SMALL, read_felt,
                       out, err);
}

static sage_status read_class(void *out, const json_t *result, sage_errinfo *err)
{
    sage_reply r = sage_reply_of(result, err);
    (void)sage_reply_array(&r, "sierra_program");
    (void)sage_reply_enter(&r, "entry_points_by_type");
    if (sage_reply_has(&r, "abi")) (void)sage_reply_text(&r, "abi");
    json_t *copy = r.status ? NULL : json_deep_copy(result);
    if (!r.status && !copy)
        sage_reply_refuse(&r, SAGE_ENOMEM, "rpc.memory", "the class", "does not fit");
    if (copy) *(json_t **)out = copy;
    return r.status;
}

sage_status sage_sn_class(
    const sage_sn *sn, sage_sn_block at, felt252 class_hash, json_t **out, sage_errinfo *err)
{
    *out = NULL;
    return sage_sn_ask(sn, "starknet_getClass", params_of(at, "class_hash", class_hash),
                       SAGE_SN_MEDIUM, read_class, out, err);
}

sage_status sage_sn_class_at(
    const sage_sn *sn, sage_sn_block at, felt252 address, json_t **out, sage_errinfo *err)
{
    *out = NULL;
    return sage_sn_ask(sn, "starknet_getClassAt", params_of(at, "contract_address", address),
                       SAGE_SN_MEDIUM, read_class, out, err);
}

static sage_status read_felts(void *out, const json_t *result, sage_errinfo *err)
{
    sage_felt_list list = {0};
    sage_status st      = sage_felts_of_json(&list, result, NULL);
    if (!st) {
        *(sage_felt_list *)out = list;
        return SAGE_OK;
    }
    sage_felt_list_free(&list);
    if (st == SAGE_ENOMEM) return sage_fail(err, st, "rpc.memory", -1, "no memory");
    if (json_array_size(result) > SAGE_FELT_LIST_MAX)
        return sage_fail(err, SAGE_ELIMIT, "rpc.length", -1, "the answer is too long");
    return sage_fail(err, SAGE_EFORMAT, "rpc.felt", -1, "the answer is no list of felts");
}

sage_status sage_sn_call(const sage_sn *sn,
                         sage_sn_block at,
                         felt252 to,
                         felt252 selector,
                         const sage_felt_list *calldata,
                         sage_felt_list *result,
                         sage_errinfo *err)
{
    json_t *params = sage_sn_params(at), *call = json_object();
    memset(result, 0, sizeof *result);
    sage_sn_put(&call, "contract_address", sage_felt_to_json(to));
    sage_sn_put(&call, "entry_point_selector", sage_felt_to_json(selector));
    sage_sn_put(&call, "calldata", sage_felts_to_json(calldata->v, calldata->n));
    sage_sn_put(&params, "request", call);
    return sage_sn_ask(sn, "starknet_call", params, SAGE_SN_MEDIUM, read_felts, result, err);
}

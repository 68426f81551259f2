#include "app/contract_call.h"

#include <string.h>

#include "field/felt252_text.h"
#include "starknet/address.h"

/* What the account itself has done counts as soon as it is executed. */
static const sage_sn_block now = {.tag = SAGE_SN_PRE_CONFIRMED};

static bool is_selector(const char *entry)
{
    return entry[0] == '0' && (entry[1] == 'x' || entry[1] == 'X');
}

static sage_status
add_words(contract_call *c, const char *const *args, uint32_t n, sage_errinfo *err)
{
    for (uint32_t i = 0; i < n; i++) {
        sage_status st = sage_abi_word(&c->call.calldata, args[i], err);
        if (st) return st;
    }
    return SAGE_OK;
}

static sage_status add_typed(
    contract_call *c, const sage_sn *sn, const char *const *args, uint32_t n, sage_errinfo *err)
{
    json_t *class  = NULL;
    sage_status st = sage_sn_class_at(sn, now, c->call.to, &class, err);
    if (!st) st = sage_abi_of_class(&c->abi, class, err);
    json_decref(class);
    return st ? st : sage_abi_encode(&c->call.calldata, c->abi, c->entry, args, n, err);
}

sage_status contract_call_make(contract_call *out,
                               const sage_sn *sn,
                               felt252 to,
                               const char *entry,
                               const char *const *args,
                               uint32_t n,
                               bool raw,
                               sage_errinfo *err)
{
    sage_status st = SAGE_OK;
    *out           = (contract_call){.entry = entry, .call = {.to = to}};
    if (is_selector(entry))
        st = sage_felt_from_text(&out->call.selector, entry, strlen(entry), err);
    else
        out->call.selector = sage_selector(entry);
    if (st) return st;
    return raw || is_selector(entry) ? add_words(out, args, n, err)
                                     : add_typed(out, sn, args, n, err);
}

void contract_call_free(contract_call *c)
{
    sage_felt_list_free(&c->call.calldata);
    sage_abi_close(c->abi);
    c->abi = NULL;
}

static sage_status bad_answer(const char *entry, uint32_t n, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "contract.answer", n,
                     "the contract's answer to %.40s is not of its form", entry);
}

sage_status contract_read_u256(sage_amount *out,
                               const sage_sn *sn,
                               felt252 to,
                               const char *entry,
                               felt252 argument,
                               sage_errinfo *err)
{
    sage_felt_list calldata = {0}, result = {0};
    sage_status st = sage_felt_list_add(&calldata, argument, err);
    if (!st) st = sage_sn_call(sn, now, to, sage_selector(entry), &calldata, &result, err);
    if (!st && (result.n != 2 || !sage_u256_join(out, result.v[0], result.v[1])))
        st = bad_answer(entry, result.n, err);
    sage_felt_list_free(&calldata);
    sage_felt_list_free(&result);
    return st;
}

sage_status contract_read_felt(
    felt252 *out, const sage_sn *sn, felt252 to, const char *entry, sage_errinfo *err)
{
    sage_felt_list none = {0}, result = {0};
    sage_status st = sage_sn_call(sn, now, to, sage_selector(entry), &none, &result, err);
    if (!st && result.n != 1) st = bad_answer(entry, result.n, err);
    if (!st) *out = result.v[0];
    sage_felt_list_free(&result);
    return st;
}

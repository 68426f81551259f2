/* devnet/rpc_dev.c -- devnet_*: money, time and blocks on demand, for tests and demonstrations. */
#include <stdio.h>
#include <string.h>

#include "devnet/rpc_methods.h"
#include "devnet/rpc_params.h"
#include "field/felt252_text.h"
#include "starknet/address.h"

/* The unit of an amount, and the contract that keeps it. */
static const struct {
    const char *unit, *contract;
} tokens[] = {{"FRI", "STRK"}, {"WEI", "ETH"}, {"SAGE", "SAGE"}};

static sage_status
read_unit(const json_t *v, const char **unit, felt252 *token, sage_errinfo *err)
{
    const char *text = v ? json_string_value(v) : tokens[0].unit;
    for (size_t i = 0; text && i < sizeof tokens / sizeof *tokens; i++) {
        if (strcmp(text, tokens[i].unit)) continue;
        *unit  = tokens[i].unit;
        *token = sage_chain_contract(tokens[i].contract);
        return SAGE_OK;
    }
    return sage_rpc_bad(err, "unit", "must be FRI, WEI or SAGE");
}

/* A whole number of base units: JSON's, decimal digits, or hex. */
static sage_status read_amount(const json_t *v, sage_amount *out, sage_errinfo *err)
{
    const char *text = json_string_value(v);
    felt252 felt;
    if (json_is_integer(v) && json_integer_value(v) >= 0) {
        *out = sage_amount_of((uint64_t)json_integer_value(v));
        return SAGE_OK;
    }
    if (text && !strncmp(text, "0x", 2) &&
        !sage_felt_from_hex(&felt, text, json_string_length(v), false, NULL)) {
        felt252_to_limbs(felt, out->w);
        return SAGE_OK;
    }
    if (text && !sage_amount_parse(out, text, NULL)) return SAGE_OK;
    return sage_rpc_bad(err, "amount", "must be a whole number, or one as text");
}

static sage_status read_balance(const sage_rpc_call *c,
                                const sage_block_id *at,
                                felt252 token,
                                felt252 of,
                                sage_amount *out)
{
    sage_felt_list who = {0}, result = {0};
    sage_status st = sage_felt_list_add(&who, of, c->err);
    if (!st)
        st = sage_chain_call_view(c->rpc->chain, at, token, sage_selector("balanceOf"), &who,
                                  &result, c->err);
    if (!st && (result.n != 2 || !sage_u256_join(out, result.v[0], result.v[1])))
        st = sage_fail(c->err, SAGE_EINTERNAL, "node.balance", -1, "a balance is no u256");
    sage_felt_list_free(&result);
    sage_felt_list_free(&who);
    return st;
}

static void put_decimal_of(sage_json_out *o, const char *key, const sage_amount *a)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount_format(text, a);
    sage_json_text_word_of(o, key, text);
}

static sage_status mint(const sage_rpc_call *c)
{
    felt252 to, token, hash;
    const char *unit = NULL;
    sage_amount amount, now;
    sage_block_id at = {.tag = SAGE_BLOCK_PRE_CONFIRMED};
    sage_status st   = sage_rpc_felt(c->arg[0], "address", &to, c->err);
    if (!st) st = read_amount(c->arg[1], &amount, c->err);
    if (!st) st = read_unit(c->arg[2], &unit, &token, c->err);
    if (!st) st = sage_chain_mint(c->rpc->chain, to, &amount, unit, &hash, c->err);
    if (!st) st = read_balance(c, &at, token, to, &now);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    put_decimal_of(c->out, "new_balance", &now);
    sage_json_text_word_of(c->out, "unit", unit);
    sage_json_text_felt_of(c->out, "tx_hash", hash);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status account_balance(const sage_rpc_call *c)
{
    felt252 of, token;
    const char *unit = NULL;
    sage_amount amount;
    sage_block_id at = {.tag = SAGE_BLOCK_PRE_CONFIRMED};
    sage_status st   = sage_rpc_felt(c->arg[0], "address", &of, c->err);
    if (!st) st = read_unit(c->arg[1], &unit, &token, c->err);
    if (!st && c->arg[2]) st = sage_rpc_block_id(c->arg[2], "block_tag", &at, c->err);
    if (!st) st = read_balance(c, &at, token, of, &amount);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    put_decimal_of(c->out, "amount", &amount);
    sage_json_text_word_of(c->out, "unit", unit);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status latest(const sage_rpc_call *c, sage_block_header *h)
{
    sage_block_id at = {.tag = SAGE_BLOCK_LATEST};
    return sage_chain_header(c->rpc->chain, &at, h, c->err);
}

static sage_status create_block(const sage_rpc_call *c)
{
    sage_block_header h;
    sage_status st = sage_chain_seal(c->rpc->chain, c->err);
    if (!st) st = latest(c, &h);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    sage_json_text_felt_of(c->out, "block_hash", h.hash);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status set_time(const sage_rpc_call *c)
{
    sage_block_header h;
    uint64_t seconds;
    sage_status st = sage_rpc_number(c->arg[0], "time", 0, INT64_MAX, &seconds, c->err);
    if (!st) st = sage_chain_set_time(c->rpc->chain, seconds, c->err);
    if (!st) st = latest(c, &h);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    sage_json_text_number_of(c->out, "block_timestamp", h.timestamp);
    sage_json_text_felt_of(c->out, "block_hash", h.hash);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status increase_time(const sage_rpc_call *c)
{
    sage_block_header h;
    uint64_t seconds;
    sage_status st = sage_rpc_number(c->arg[0], "time", 0, INT64_MAX, &seconds, c->err);
    if (!st) st = sage_chain_increase_time(c->rpc->chain, seconds, c->err);
    if (!st) st = latest(c, &h);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    sage_json_text_number_of(c->out, "timestamp_increased_by", seconds);
    sage_json_text_felt_of(c->out, "block_hash", h.hash);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static void put_account(sage_json_out *o, const sage_predeployed *a, const sage_amount *balance)
{
    sage_json_out_open(o, '{');
    put_decimal_of(o, "initial_balance", balance);
    sage_json_text_felt_of(o, "address", a->address);
    sage_json_text_felt_of(o, "public_key", a->public_key);
    sage_json_text_felt_of(o, "private_key", a->private_key);
    sage_json_out_close(o, '}');
}

static sage_status predeployed(const sage_rpc_call *c)
{
    const sage_chain_options *o = sage_chain_settings(c->rpc->chain);
    sage_json_out_open(c->out, '[');
    for (uint32_t i = 0; i < o->n_accounts; i++) {
        sage_predeployed a = sage_chain_account(c->rpc->chain, i);
        put_account(c->out, &a, &o->balance);
    }
    sage_json_out_close(c->out, ']');
    return SAGE_OK;
}

static sage_status config(const sage_rpc_call *c)
{
    const sage_chain_options *o = sage_chain_settings(c->rpc->chain);
    sage_json_out_open(c->out, '{');
    sage_json_text_number_of(c->out, "seed", o->seed);
    sage_json_text_number_of(c->out, "total_accounts", o->n_accounts);
    put_decimal_of(c->out, "predeployed_accounts_initial_balance", &o->balance);
    sage_json_text_felt_of(c->out, "chain_id", o->chain_id);
    sage_json_text_number_of(c->out, "block_time_ms", o->block_time_ms);
    sage_json_text_number_of(c->out, "min_proof_bits", o->min_proof_bits);
    sage_json_out_key(c->out, "contracts");
    sage_json_out_open(c->out, '{');
    const char *name;
    for (uint32_t i = 0; (name = sage_chain_contract_name(i)); i++)
        sage_json_text_felt_of(c->out, name, sage_chain_contract(name));
    sage_json_out_close(c->out, '}');
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static const sage_rpc_method methods[] = {
    {"devnet_mint", {"address", "amount", "unit"}, 2, SAGE_RPC_WRITE, mint},
    {"devnet_createBlock", {0}, 0, SAGE_RPC_WRITE, create_block},
    {"devnet_setTime", {"time"}, 1, SAGE_RPC_WRITE, set_time},
    {"devnet_increaseTime", {"time"}, 1, SAGE_RPC_WRITE, increase_time},
    {"devnet_getPredeployedAccounts", {0}, 0, SAGE_RPC_READ, predeployed},
    {"devnet_getAccountBalance",
     {"address", "unit", "block_tag"},
     1,
     SAGE_RPC_READ,
     account_balance},
    {"devnet_getConfig", {0}, 0, SAGE_RPC_READ, config},
};

const sage_rpc_table sage_rpc_dev_table = {methods, sizeof methods / sizeof *methods};

/* For tests and demonstrations: minting, the clock, sealing. */
#include <string.h>

#include "curve/sign.h"
#include "devnet/chain_private.h"
#include "devnet/genesis.h"
#include "starknet/address.h"
#include "starknet/calls.h"

/* Enough for one call of a token; the operator pays with play money. */
enum { MINT_GAS = 20000000 };

static const char *token_of(const char *unit)
{
    if (!strcmp(unit, "FRI")) return "STRK";
    if (!strcmp(unit, "WEI")) return "ETH";
    return !strcmp(unit, "SAGE") ? "SAGE" : NULL;
}

static sage_status mint_calldata(sage_felt_list *out,
                                 const char *token,
                                 felt252 to,
                                 const sage_amount *amount,
                                 sage_errinfo *err)
{
    sage_call call = {.to = sage_chain_contract(token), .selector = sage_selector("mint")};
    sage_status st = sage_felt_list_add(&call.calldata, to, err);
    if (!st) st = sage_felt_list_add_u256(&call.calldata, amount, err);
    if (!st) st = sage_calls_encode(out, &call, 1, err);
    sage_felt_list_free(&call.calldata);
    return st;
}

static void set_bounds(const sage_chain *c, sage_tx *t)
{
    for (int g = 0; g < SAGE_GASES; g++) {
        t->bounds[g].max_amount   = MINT_GAS;
        t->bounds[g].max_price[0] = c->options.gas_price[g];
    }
}

/* The operator's key is no secret: it follows from the seed. */
static sage_status
sign_as(const sage_predeployed *p, sage_tx *t, felt252 chain_id, sage_errinfo *err)
{
    sage_secret_key key;
    felt252 rs[2];
    felt252_to_limbs(p->private_key, key.l);
    sage_status st = sage_sign(&rs[0], &rs[1], &key, sage_tx_hash(t, chain_id), err);
    return st ? st : sage_felt_list_add_many(&t->signature, rs, 2, err);
}

static sage_status submit_mint(sage_chain *c, sage_tx *t, felt252 *hash, sage_errinfo *err)
{
    const sage_predeployed operator= sage_genesis_operator(&c->options);
    const sage_block_id now = {.tag = SAGE_BLOCK_PRE_CONFIRMED};
    t->sender               = operator.address;
    set_bounds(c, t);
    sage_status st =
        sage_chain_get(c, &now, SAGE_CELL_NONCE, t->sender, felt252_zero(), &t->nonce, err);
    if (!st) st = sign_as(&operator, t, c->options.chain_id, err);
    if (st) return st;
    return sage_chain_submit(c, t, hash, NULL, err);
}

/* A mint that reverts is no mint: too much SAGE. */
static sage_status check_minted(sage_chain *c, felt252 hash, sage_errinfo *err)
{
    sage_chain_tx t;
    sage_status st = sage_chain_tx_by_hash(c, hash, &t, err);
    if (st) return st;
    if (strstr(t.receipt, "\"execution_status\":\"REVERTED\""))
        st = sage_fail(err, SAGE_EINVAL, "chain.mint", -1, "the token refused to mint that");
    sage_chain_tx_free(&t);
    return st;
}

sage_status sage_chain_mint(sage_chain *c,
                            felt252 to,
                            const sage_amount *amount,
                            const char *unit,
                            felt252 *hash,
                            sage_errinfo *err)
{
    sage_tx t         = {.kind = SAGE_TX_INVOKE};
    const char *token = token_of(unit);
    if (!token)
        return sage_fail(err, SAGE_EINVAL, "chain.mint", -1, "units are FRI, WEI and SAGE");
    sage_status st = mint_calldata(&t.calldata, token, to, amount, err);
    if (!st) {
        pthread_mutex_lock(&c->minting);
        st = submit_mint(c, &t, hash, err);
        pthread_mutex_unlock(&c->minting);
    }
    sage_tx_free(&t);
    return st ? st : check_minted(c, *hash, err);
}

static sage_status
run_task(sage_chain *c, sage_chain_task_kind kind, uint64_t seconds, sage_errinfo *err)
{
    sage_chain_task t = {.kind = kind, .seconds = seconds};
    return sage_executor_do(c->executor, &t, err);
}

sage_status sage_chain_increase_time(sage_chain *c, uint64_t seconds, sage_errinfo *err)
{
    return run_task(c, SAGE_CHAIN_TASK_INCREASE_TIME, seconds, err);
}

sage_status sage_chain_set_time(sage_chain *c, uint64_t unix_seconds, sage_errinfo *err)
{
    return run_task(c, SAGE_CHAIN_TASK_SET_TIME, unix_seconds, err);
}

sage_status sage_chain_seal(sage_chain *c, sage_errinfo *err)
{
    return run_task(c, SAGE_CHAIN_TASK_SEAL, 0, err);
}

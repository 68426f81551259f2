/* starknet/transaction.c -- what a transaction owns, its hash and its greatest fee (facts C4). */
#include "starknet/transaction.h"

#include <stdlib.h>

#include "field/felt252_text.h"
#include "hash/poseidon252.h"

enum { VERSION = 3 };

void sage_tx_free(sage_tx *t)
{
    sage_felt_list_free(&t->signature);
    sage_felt_list_free(&t->calldata);
    sage_felt_list_free(&t->paymaster_data);
    sage_felt_list_free(&t->account_deployment_data);
    sage_felt_list_free(&t->proof_facts);
    free(t->proof);
    json_decref(t->contract_class);
    *t = (sage_tx){0};
}

/* Name, amount and price side by side: 2^192, 2^128 and 1 are their units. */
static felt252 bound_felt(const char *name, const sage_gas_bound *b)
{
    uint64_t letters[4];
    felt252_to_limbs(sage_felt_short(name), letters);
    return felt252_from_limbs(
        (const uint64_t[4]){b->max_price[0], b->max_price[1], b->max_amount, letters[0]});
}

static felt252 fee_hash(const sage_tx *t)
{
    static const char *const names[SAGE_GASES] = {
        [SAGE_GAS_L1] = "L1_GAS", [SAGE_GAS_L2] = "L2_GAS", [SAGE_GAS_L1_DATA] = "L1_DATA"};
    const int n = t->two_bounds ? SAGE_GAS_L1_DATA : SAGE_GASES;
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, felt252_from_u64(t->tip));
    for (int i = 0; i < n; i++)
        sage_poseidon252_absorb(&h, bound_felt(names[i], &t->bounds[i]));
    return sage_poseidon252_final(&h);
}

static felt252 version(const sage_tx *t)
{
    return felt252_from_limbs((const uint64_t[4]){VERSION, 0, t->query, 0});
}

static void absorb_list(sage_poseidon252 *h, const sage_felt_list *l)
{
    sage_poseidon252_absorb(h, sage_poseidon252_many(l->v, l->n));
}

static void absorb_common(sage_poseidon252 *h, const sage_tx *t, felt252 chain_id)
{
    static const char *const prefix[] = {[SAGE_TX_INVOKE]         = "invoke",
                                         [SAGE_TX_DEPLOY_ACCOUNT] = "deploy_account",
                                         [SAGE_TX_DECLARE]        = "declare"};
    sage_poseidon252_absorb(h, sage_felt_short(prefix[t->kind]));
    sage_poseidon252_absorb(h, version(t));
    sage_poseidon252_absorb(h, t->sender);
    sage_poseidon252_absorb(h, fee_hash(t));
    absorb_list(h, &t->paymaster_data);
    sage_poseidon252_absorb(h, chain_id);
    sage_poseidon252_absorb(h, t->nonce);
    sage_poseidon252_absorb(h, felt252_from_u64((uint64_t)t->nonce_da << 32 | t->fee_da));
}

static void absorb_kind(sage_poseidon252 *h, const sage_tx *t)
{
    switch (t->kind) {
    case SAGE_TX_INVOKE:
        absorb_list(h, &t->account_deployment_data);
        absorb_list(h, &t->calldata);
        if (t->proof_facts.n) absorb_list(h, &t->proof_facts);
        break;
    case SAGE_TX_DEPLOY_ACCOUNT:
        absorb_list(h, &t->calldata);
        sage_poseidon252_absorb(h, t->class_hash);
        sage_poseidon252_absorb(h, t->salt);
        break;
    case SAGE_TX_DECLARE:
        absorb_list(h, &t->account_deployment_data);
        sage_poseidon252_absorb(h, t->class_hash);
        sage_poseidon252_absorb(h, t->compiled_class_hash);
        break;
    }
}

felt252 sage_tx_hash(const sage_tx *t, felt252 chain_id)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    absorb_common(&h, t, chain_id);
    absorb_kind(&h, t);
    return sage_poseidon252_final(&h);
}

/* amount (price + tip), each product and sum exact. */
static sage_status
add_bound(sage_amount *sum, const sage_gas_bound *b, uint64_t tip, sage_errinfo *err)
{
    sage_amount price      = {.w = {b->max_price[0], b->max_price[1]}};
    const sage_amount more = sage_amount_of(tip);
    sage_status s          = sage_amount_add(&price, &price, &more, err);
    if (!s) s = sage_amount_mul_div(&price, &price, b->max_amount, 1, err);
    return s ? s : sage_amount_add(sum, sum, &price, err);
}

sage_status sage_tx_max_fee(sage_amount *out, const sage_tx *t, sage_errinfo *err)
{
    *out          = sage_amount_of(0);
    sage_status s = SAGE_OK;
    for (int i = 0; !s && i < SAGE_GASES; i++)
        s = add_bound(out, &t->bounds[i], i == SAGE_GAS_L2 ? t->tip : 0, err);
    return s;
}

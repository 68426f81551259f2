/* devnet/fees.c -- the prices of work, in gas. */
#include "devnet/fees.h"

/* Facts D3. */
enum {
    L2_FELT     = 5120, /* of calldata, signature, event data; a key of an event is two */
    L2_CELL     = 402000,
    DATA_CELL   = 32,
    L2_PROOF    = 75000000,
    L2_STEP     = 100,
    L2_PEDERSEN = 4050,
    L2_EC_OP    = 4085
};

/* Ours, for work of native code. */
enum {
    /* The system's part of a transaction, with its hash, nonce and the transfer of its fee. */
    L2_BASE = 5000 * L2_STEP,
    /* A call: the system call, reading the calldata, finding the entry point. */
    L2_CALL = 1200 * L2_STEP,
    /* Reading or writing one cell of a map, its address hashed once. */
    L2_ACCESS = 100 * L2_STEP + L2_PEDERSEN,
    L2_EVENT  = 100 * L2_STEP,
    /* Two products on the curve and what surrounds them. */
    L2_SIGNATURE = 400 * L2_STEP + 2 * L2_EC_OP,
    L2_DEPLOY    = 2000 * L2_STEP + 5 * L2_PEDERSEN,
    /* A call of the account that reads its key and checks one signature. */
    L2_VALIDATE = L2_CALL + L2_ACCESS + L2_SIGNATURE,
    /* Of L1: nonce and two balances of the fee, 32 a word and a word of which contract; and a
     * word for each other cell that changed. */
    DATA_BASE = 128,
    DATA_WORD = 32,
    SIGNATURE = 2 /* felts of the shortest signature there is */
};

static uint64_t tx_felts(const sage_tx *t)
{
    uint64_t signature = t->signature.n < SIGNATURE ? SIGNATURE : t->signature.n;
    return signature + t->calldata.n + t->paymaster_data.n + t->account_deployment_data.n +
           t->proof_facts.n;
}

void sage_gas_least(uint64_t gas[SAGE_GASES], const sage_tx *t)
{
    gas[SAGE_GAS_L1]      = 0;
    gas[SAGE_GAS_L1_DATA] = DATA_BASE;
    gas[SAGE_GAS_L2]      = L2_BASE + L2_VALIDATE + tx_felts(t) * L2_FELT;
    if (t->kind == SAGE_TX_DEPLOY_ACCOUNT) gas[SAGE_GAS_L2] += L2_DEPLOY;
    if (t->proof_facts.n) gas[SAGE_GAS_L2] += L2_PROOF;
}

static uint64_t work_gas(const sage_work *w)
{
    return w->calls * L2_CALL + (w->reads + w->writes) * L2_ACCESS +
           w->signatures * L2_SIGNATURE + w->deploys * L2_DEPLOY + w->events * L2_EVENT +
           (2 * w->event_keys + w->event_data) * L2_FELT;
}

void sage_gas_used(uint64_t gas[SAGE_GASES],
                   const sage_tx *t,
                   const sage_work *w,
                   const sage_state_change *changes,
                   uint32_t n)
{
    sage_gas_least(gas, t);
    gas[SAGE_GAS_L2] += work_gas(w);
    for (uint32_t i = 0; i < n; i++) {
        if (changes[i].kind != SAGE_CELL_STORAGE) continue;
        gas[SAGE_GAS_L1_DATA] += DATA_WORD;
        if (!felt252_is_zero(changes[i].before)) continue;
        gas[SAGE_GAS_L2] += L2_CELL;
        gas[SAGE_GAS_L1_DATA] += DATA_CELL;
    }
}

sage_status sage_gas_fee(sage_amount *out,
                         const uint64_t gas[SAGE_GASES],
                         const sage_block_env *env,
                         uint64_t tip,
                         sage_errinfo *err)
{
    sage_amount sum = {0}, extra = sage_amount_of(tip);
    for (int g = 0; g < SAGE_GASES; g++) {
        sage_amount price = env->gas_price[g];
        sage_status s     = SAGE_OK;
        if (g == SAGE_GAS_L2) s = sage_amount_add(&price, &price, &extra, err);
        if (!s) s = sage_amount_mul_div(&price, &price, gas[g], 1, err);
        if (!s) s = sage_amount_add(&sum, &sum, &price, err);
        if (s) return s;
    }
    *out = sum;
    return SAGE_OK;
}

sage_gas sage_gas_beyond(const uint64_t gas[SAGE_GASES], const sage_tx *t)
{
    for (int g = 0; g < SAGE_GASES; g++)
        if (gas[g] > t->bounds[g].max_amount) return (sage_gas)g;
    return SAGE_GASES;
}

const char *sage_gas_name(sage_gas g)
{
    static const char *const names[SAGE_GASES] = {
        [SAGE_GAS_L1] = "L1Gas", [SAGE_GAS_L2] = "L2Gas", [SAGE_GAS_L1_DATA] = "L1DataGas"};
    return g < SAGE_GASES ? names[g] : "gas";
}

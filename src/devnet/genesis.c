/* The first state of a chain. */
#include "devnet/genesis.h"

#include <string.h>

#include "curve/curve.h"
#include "curve/order.h"
#include "devnet/contracts.h"
#include "field/felt252_text.h"
#include "hash/blake2s.h"

/* Below n by reduction; the bias of 2^-4 does not matter for keys that are public. */
static sage_order private_key(uint64_t seed, uint32_t i)
{
    uint8_t digest[32];
    uint64_t limbs[4];
    const uint64_t words[2] = {seed, i};
    uint8_t bytes[32]       = "sage-devnet-key";
    for (unsigned b = 0; b < 16; b++)
        bytes[16 + b] = (uint8_t)(words[b / 8] >> 8 * (b % 8));
    sage_blake2s_hash(bytes, sizeof bytes, digest);
    for (unsigned b = 0; b < 32; b++)
        limbs[b / 8] = (b % 8 ? limbs[b / 8] : 0) | (uint64_t)digest[b] << 8 * (b % 8);
    return sage_order_reduce(limbs);
}

sage_predeployed sage_genesis_account(uint64_t seed, uint32_t i)
{
    sage_predeployed p = {0};
    sage_point point   = {0};
    sage_order key     = private_key(seed, i);
    sage_jacobian k    = sage_curve_multiply(sage_curve_point(SAGE_CURVE_G), key.l);
    if (!sage_jacobian_affine(&point, &k)) return p; /* a digest of 0 mod n: never */
    p.private_key = felt252_from_limbs(key.l);
    p.public_key  = point.x;
    p.address     = sage_account_address(point.x);
    return p;
}

sage_predeployed sage_genesis_operator(const sage_chain_options *o)
{
    return sage_genesis_account(o->seed, o->n_accounts);
}

sage_predeployed sage_genesis_treasury(const sage_chain_options *o)
{
    return sage_genesis_account(o->seed, o->n_accounts + 1);
}

/* A state that is being filled. The first failure sticks, in *err. */
typedef struct genesis {
    sage_state *state;
    const sage_block_env *env;
    const sage_chain_options *o;
    felt252 operator, treasury;
    sage_status status;
    sage_errinfo *err;
} genesis;

static sage_amount whole(genesis *g, uint64_t tokens)
{
    sage_amount a = sage_amount_of(1000000000000000000); /* base units of one token */
    if (!g->status) g->status = sage_amount_mul_div(&a, &a, tokens, 1, g->err);
    return a;
}

static void
deploy_at(genesis *g, felt252 at, const sage_contract *c, const felt252 *calldata, uint32_t n)
{
    if (g->status) return;
    g->status = sage_execute_deploy(g->state, g->env, at, sage_contract_class_hash(c), calldata,
                                    n, g->err);
}

static void deploy(
    genesis *g, const char *name, const sage_contract *c, const felt252 *calldata, uint32_t n)
{
    deploy_at(g, sage_chain_contract(name), c, calldata, n);
}

static void call(genesis *g,
                 felt252 caller,
                 const char *to,
                 const char *entry,
                 const felt252 *calldata,
                 uint32_t n)
{
    sage_felt_list result = {0};
    if (g->status) return;
    g->status = sage_execute_call(g->state, g->env, caller, sage_chain_contract(to),
                                  sage_selector(entry), calldata, n, &result, g->err);
    sage_felt_list_free(&result);
}

/* A ByteArray without whole words, then the same of the symbol. */
static void make_token(genesis *g, const char *symbol, const char *name, sage_amount cap)
{
    felt252 calldata[12] = {
        felt252_zero(), sage_felt_short(name),   felt252_from_u64(strlen(name)),
        felt252_zero(), sage_felt_short(symbol), felt252_from_u64(strlen(symbol))};
    sage_u256_split(calldata + 6, &cap);
    calldata[10] = g->operator; /* gets the initial supply of nothing */
    calldata[11] = g->operator;
    deploy(g, symbol, &sage_contract_erc20, calldata, 12);
}

static void mint(genesis *g, const char *token, felt252 to, sage_amount amount)
{
    felt252 calldata[3] = {to};
    sage_u256_split(calldata + 1, &amount);
    call(g, g->operator, token, "mint", calldata, 3);
}

static void make_tokens(genesis *g)
{
    make_token(g, "STRK", "Starknet Token", sage_amount_of(0));
    make_token(g, "ETH", "Ether", sage_amount_of(0));
    make_token(g, "SAGE", "BitSage Token", whole(g, SAGE_GENESIS_MAX_SUPPLY));
    deploy(g, "UDC", &sage_contract_udc, NULL, 0);
    deploy(g, "UDC0", &sage_contract_udc, NULL, 0);
}

static void make_faucet(genesis *g)
{
    sage_amount drip    = whole(g, SAGE_GENESIS_DRIP);
    felt252 calldata[5] = {g->operator, sage_chain_contract("SAGE")};
    if (!sage_amount_is_zero(&g->o->faucet_drip)) drip = g->o->faucet_drip;
    sage_u256_split(calldata + 2, &drip);
    calldata[4] = felt252_from_u64(SAGE_GENESIS_COOLDOWN);
    deploy(g, "Faucet", &sage_contract_faucet, calldata, 5);
    mint(g, "SAGE", sage_chain_contract("Faucet"), whole(g, SAGE_GENESIS_FAUCET));
}

static void make_reputation(genesis *g)
{
    const felt252 calldata[] = {g->operator, sage_chain_contract("ProverStaking"),
                                sage_chain_contract("JobManager"),
                                felt252_from_u64(SAGE_GENESIS_UPDATE_TIME)};
    deploy(g, "ReputationManager", &sage_contract_reputation, calldata, 4);
}

/* The stakers' share goes where their rewards come from. */
static void make_router(genesis *g)
{
    const felt252 calldata[] = {g->operator, sage_chain_contract("SAGE"), felt252_zero(),
                                g->treasury, g->treasury};
    deploy(g, "PaymentRouter", &sage_contract_payment_router, calldata, 5);
}

/* Slashed stakes go to the treasury, and so do the shares of the stakers, whose rewards it pays. */
static void make_staking(genesis *g)
{
    const felt252 calldata[] = {g->operator, sage_chain_contract("SAGE"), g->treasury};
    const felt252 jobs       = sage_chain_contract("JobManager");
    deploy(g, "ProverStaking", &sage_contract_prover_staking, calldata, 3);
    call(g, g->operator, "ProverStaking", "set_job_manager", &jobs, 1);
}

static void make_jobs(genesis *g)
{
    const felt252 calldata[] = {g->operator, sage_chain_contract("SAGE"), g->treasury,
                                felt252_zero()};
    const felt252 reputation = sage_chain_contract("ReputationManager");
    const felt252 stakes     = sage_chain_contract("ProverStaking");
    deploy(g, "ProofVerifier", &sage_contract_proof_verifier, &g->operator, 1);
    deploy(g, "JobManager", &sage_contract_job_manager, calldata, 4);
    call(g, g->operator, "JobManager", "set_prover_staking", &stakes, 1);
    call(g, g->operator, "JobManager", "set_reputation_manager", &reputation, 1);
    call(g, g->operator, "JobManager", "set_staker_pool", &g->treasury, 1);
}

static void make_account(genesis *g, const sage_predeployed *p)
{
    static const char *const tokens[] = {"STRK", "ETH", "SAGE"};
    deploy_at(g, p->address, &sage_contract_account, &p->public_key, 1);
    for (int i = 0; i < 3; i++)
        mint(g, tokens[i], p->address, g->o->balance);
}

static void make_accounts(genesis *g)
{
    for (uint32_t i = 0; i < g->o->n_accounts + 2; i++) {
        sage_predeployed p = sage_genesis_account(g->o->seed, i);
        make_account(g, &p);
    }
    mint(g, "SAGE", g->treasury, whole(g, SAGE_GENESIS_TREASURY));
}

/* Staking rewards come out of the treasury: it allows them without end. */
static void open_treasury(genesis *g)
{
    const sage_amount all = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    felt252 calldata[3]   = {sage_chain_contract("ProverStaking")};
    sage_u256_split(calldata + 1, &all);
    call(g, g->treasury, "SAGE", "approve", calldata, 3);
}

sage_status sage_genesis_build(sage_state *s,
                               const sage_block_env *env,
                               const sage_chain_options *o,
                               sage_errinfo *err)
{
    genesis g = {.state = s, .env = env, .o = o, .err = err};
    g.operator= sage_genesis_operator(o).address;
    g.treasury = sage_genesis_treasury(o).address;
    g.status   = sage_contracts_prepare(err);
    make_tokens(&g);
    make_faucet(&g);
    make_reputation(&g);
    make_router(&g);
    make_staking(&g);
    make_jobs(&g);
    make_accounts(&g);
    open_treasury(&g);
    return g.status;
}

/* The table of native contracts, their class hashes and where the network's are. */
#include "devnet/contracts.h"

#include <pthread.h>
#include <string.h>

#include "devnet/abi.h"
#include "devnet/chain.h"
#include "field/felt252_text.h"
#include "starknet/class_hash.h"

const sage_contract *const sage_contracts[] = {
    &sage_contract_erc20,          &sage_contract_account,     &sage_contract_udc,
    &sage_contract_faucet,         &sage_contract_reputation,  &sage_contract_payment_router,
    &sage_contract_prover_staking, &sage_contract_job_manager, &sage_contract_proof_verifier,
};
enum { N_CONTRACTS = sizeof sage_contracts / sizeof *sage_contracts };
const uint32_t sage_n_contracts = N_CONTRACTS;

/* Written once, by compute_hashes. */
static struct {
    pthread_once_t once;
    sage_status status;
    sage_errinfo failure;
    felt252 of[N_CONTRACTS];
} hashes = {.once = PTHREAD_ONCE_INIT};

static sage_status compute_hash(felt252 *out, const sage_contract *c, sage_errinfo *err)
{
    if (c->class_hash)
        return sage_felt_from_hex(out, c->class_hash, strlen(c->class_hash), true, err);
    json_t *class = sage_contract_class(c);
    if (!class)
        return sage_fail(err, SAGE_ENOMEM, "abi.memory", -1, "no memory for the class of %s",
                         c->name);
    sage_status s = sage_class_hash(out, class, err);
    json_decref(class);
    return s;
}

static void compute_hashes(void)
{
    for (uint32_t i = 0; !hashes.status && i < N_CONTRACTS; i++)
        hashes.status = compute_hash(&hashes.of[i], sage_contracts[i], &hashes.failure);
}

sage_status sage_contracts_prepare(sage_errinfo *err)
{
    pthread_once(&hashes.once, compute_hashes);
    if (hashes.status && err) *err = hashes.failure;
    return hashes.status;
}

const sage_contract *sage_contract_of(felt252 class_hash)
{
    if (sage_contracts_prepare(NULL)) return NULL;
    for (uint32_t i = 0; i < N_CONTRACTS; i++)
        if (felt252_eq(hashes.of[i], class_hash)) return sage_contracts[i];
    return NULL;
}

felt252 sage_contract_class_hash(const sage_contract *c)
{
    for (uint32_t i = 0; !sage_contracts_prepare(NULL) && i < N_CONTRACTS; i++)
        if (sage_contracts[i] == c) return hashes.of[i];
    return felt252_zero();
}

/* Of contracts that are on the public network, their addresses there. */
static const struct {
    const char *name;
    uint64_t limbs[4];
} public_addresses[] = {
    {"STRK", {0x201858f4287c938d, 0x0c31f5cd61d6ab07, 0xaf16a1cdee98ffb2, 0x04718f5a0fc34cc1}},
    {"ETH", {0x1562b82f9e004dc7, 0x44ddd6b96f7c741b, 0x8e99674bd3fcc846, 0x049d36570d4e46f4}},
    {"UDC", {0xb1cf1634b53a2125, 0x01c15d7d432f71af, 0x34c01113685c831b, 0x02ceed65a4bd7310}},
    {"UDC0", {0xecd7766661ad02bf, 0x1742439f7afb8484, 0xec34b695679bc689, 0x041a78e741e5af2f}},
};

/* Ours are at the Keccak of their names, whatever their classes become. */
static const char *const our_names[] = {
    "SAGE",          "ProverStaking", "JobManager",       "ProofVerifier",
    "PaymentRouter", "Faucet",        "ReputationManager"};

const char *sage_chain_contract_name(uint32_t i)
{
    static const char *const names[] = {
        "STRK",       "ETH",           "SAGE",          "UDC",    "ProverStaking",
        "JobManager", "ProofVerifier", "PaymentRouter", "Faucet", "ReputationManager"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

felt252 sage_chain_contract(const char *name)
{
    for (size_t i = 0; i < sizeof public_addresses / sizeof *public_addresses; i++)
        if (!strcmp(name, public_addresses[i].name))
            return felt252_from_limbs(public_addresses[i].limbs);
    for (size_t i = 0; i < sizeof our_names / sizeof *our_names; i++)
        if (!strcmp(name, our_names[i])) return sage_selector(name);
    return felt252_zero();
}

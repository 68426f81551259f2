/* bench_execute: what the executor does with one transfer of STRK, one JSON line each, CPU time
 * of one thread: median, fastest and median absolute deviation of the runs. No database. */
#include <stdio.h>
#include <stdlib.h>

#include "devnet/contracts.h"
#include "devnet/genesis.h"
#include "devnet/test_wallet.h"
#include "starknet/address.h"
#include "timing.h"

enum { RUNS = 15, COUNT = 100 };

typedef struct node {
    sage_state *state;
    sage_block_env env;
    sage_predeployed from;
    felt252 to;
    sage_tx txs[COUNT];
    felt252 hashes[COUNT];
    sage_checked_signature checked;
} node;

static node n;

static void must(sage_status s)
{
    if (s) abort();
}

/* A new chain, and transfers of its first account with the nonces 0, 1, .. */
static void start(void)
{
    sage_chain_options o = sage_chain_defaults();
    n.env                = (sage_block_env){.number    = 1,
                                            .timestamp = 1767225600,
                                            .chain_id  = o.chain_id,
                                            .sequencer = felt252_one(),
                                            .fee_token = sage_chain_contract("STRK")};
    for (int g = 0; g < SAGE_GASES; g++)
        n.env.gas_price[g] = sage_amount_of(o.gas_price[g]);
    must(sage_contracts_prepare(NULL));
    must(sage_state_new(&n.state, NULL));
    must(sage_genesis_build(n.state, &n.env, &o, NULL));
    n.from    = sage_genesis_account(o.seed, 0);
    n.to      = sage_genesis_account(o.seed, 1).address;
    n.checked = (sage_checked_signature){true, n.from.public_key};
    for (uint64_t i = 0; i < COUNT; i++) {
        n.txs[i]    = sage_test_transfer(&n.from, n.to, 1000, i, o.chain_id);
        n.hashes[i] = sage_tx_hash(&n.txs[i], o.chain_id);
    }
    sage_state_settle(n.state);
}

static void transfers(const sage_checked_signature *checked)
{
    for (int i = 0; i < COUNT; i++) {
        sage_tx_result r;
        must(sage_execute_tx(n.state, &n.env, &n.txs[i], n.hashes[i], checked, 0, &r, NULL));
        if (r.reverted) abort();
        sage_tx_result_free(&r);
    }
    sage_state_rollback(n.state, 0);
}

static void transfers_checked(void)
{
    transfers(&n.checked);
}

static void transfers_unchecked(void)
{
    transfers(NULL);
}

static void views(void)
{
    for (int i = 0; i < COUNT; i++) {
        sage_felt_list balance;
        must(sage_execute_call(n.state, &n.env, felt252_zero(), n.env.fee_token,
                               sage_selector("balance_of"), &n.to, 1, &balance, NULL));
        sage_felt_list_free(&balance);
    }
}

static void measure(const char *name, void (*run)(void))
{
    double t[RUNS], off[RUNS];
    run(); /* tables */
    for (int r = 0; r < RUNS; r++) {
        double from = bench_ns(CLOCK_PROCESS_CPUTIME_ID);
        run();
        t[r] = (bench_ns(CLOCK_PROCESS_CPUTIME_ID) - from) / COUNT / 1000;
    }
    double mid = bench_median(t, RUNS), least = t[0];
    for (int r = 0; r < RUNS; r++)
        off[r] = t[r] > mid ? t[r] - mid : mid - t[r];
    printf("{\"operation\":\"%s\",\"us\":%.1f,\"min\":%.1f,\"mad\":%.1f}\n", name, mid, least,
           bench_median(off, RUNS));
}

static void show_gas(void)
{
    sage_tx_result r;
    must(sage_execute_tx(n.state, &n.env, &n.txs[0], n.hashes[0], &n.checked, 0, &r, NULL));
    printf("{\"operation\":\"transfer\",\"l2_gas\":%llu,\"l1_data_gas\":%llu}\n",
           (unsigned long long)r.gas[SAGE_GAS_L2], (unsigned long long)r.gas[SAGE_GAS_L1_DATA]);
    sage_tx_result_free(&r);
    sage_state_rollback(n.state, 0);
}

int main(void)
{
    start();
    show_gas();
    measure("transfer_checked", transfers_checked);
    measure("transfer_unchecked", transfers_unchecked);
    measure("balance_of", views);
    for (int i = 0; i < COUNT; i++)
        sage_tx_free(&n.txs[i]);
    sage_state_free(n.state);
    return 0;
}

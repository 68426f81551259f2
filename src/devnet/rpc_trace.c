/* devnet/rpc_trace.c -- traces of what ran, and of what would: simulations and estimates. */
#include <stdlib.h>
#include <string.h>

#include "devnet/rpc_methods.h"
#include "devnet/rpc_params.h"
#include "devnet/tx_json.h"

enum { MAX_SIMULATED = 100 };

static sage_status trace_tx(const sage_rpc_call *c)
{
    felt252 hash;
    sage_chain_tx t;
    sage_status st = sage_rpc_felt(c->arg[0], "transaction_hash", &hash, c->err);
    if (!st) st = sage_chain_tx_by_hash(c->rpc->chain, hash, &t, c->err);
    if (st) return st;
    sage_json_out_digits(c->out, t.trace);
    sage_chain_tx_free(&t);
    return SAGE_OK;
}

static sage_status put_traces(const sage_rpc_call *c, const sage_block_header *h)
{
    sage_block_id at = {.tag = SAGE_BLOCK_NUMBER, .number = h->number};
    sage_json_out_open(c->out, '[');
    for (uint32_t i = 0; i < h->n_transactions; i++) {
        sage_chain_tx t;
        sage_status st = sage_chain_tx_at(c->rpc->chain, &at, i, &t, c->err);
        if (st) return st;
        sage_json_out_open(c->out, '{');
        sage_json_text_felt_of(c->out, "transaction_hash", t.hash);
        sage_json_out_key(c->out, "trace_root");
        sage_json_out_digits(c->out, t.trace);
        sage_json_out_close(c->out, '}');
        sage_chain_tx_free(&t);
    }
    sage_json_out_close(c->out, ']');
    return SAGE_OK;
}

static sage_status trace_block(const sage_rpc_call *c)
{
    sage_block_id at;
    sage_block_header h;
    unsigned flags;
    sage_status st = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st && at.tag == SAGE_BLOCK_PRE_CONFIRMED)
        st = sage_rpc_bad(c->err, "block_id", "must be a sealed block");
    if (!st) st = sage_rpc_flags(c->arg[1], "trace_flags", NULL, 0, &flags, c->err);
    if (!st) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    return st ? st : put_traces(c, &h);
}

/* Transactions to simulate, and what came out. */
typedef struct trial {
    sage_tx txs[MAX_SIMULATED];
    sage_tx_result results[MAX_SIMULATED];
    uint32_t n;
} trial;

static void free_trial(trial *t)
{
    for (uint32_t i = 0; t && i < t->n; i++) {
        sage_tx_free(&t->txs[i]);
        sage_tx_result_free(&t->results[i]);
    }
    free(t);
}

static sage_status read_trial(const json_t *v, trial **out, sage_errinfo *err)
{
    trial *t = *out = calloc(1, sizeof *t);
    if (!t) return sage_fail(err, SAGE_ENOMEM, "node.memory", -1, "no memory");
    if (!json_is_array(v) || json_array_size(v) > MAX_SIMULATED)
        return sage_rpc_bad(err, "transactions", "must be an array of at most 100");
    for (uint32_t i = 0; i < json_array_size(v); i++) {
        sage_status st = sage_tx_read(&t->txs[i], json_array_get(v, i), err);
        if (st) return st;
        t->n++;
    }
    return SAGE_OK;
}

/* Whatever keeps a transaction from running is error 41 in a simulation. */
static void as_execution_error(sage_errinfo *err)
{
    static const char *const reasons[] = {
        "chain.nonce",       "chain.resources", "chain.balance", "chain.validation",
        "chain.non_account", "chain.duplicate", "chain.proof",   "chain.class",
        "chain.version",     "chain.reverted"};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(err->where, reasons[i])) continue;
        err->where = "chain.execution";
        return;
    }
}

static sage_status run_trial(const sage_rpc_call *c,
                             const json_t *txs,
                             const json_t *block,
                             unsigned flags,
                             bool strict,
                             trial **out)
{
    sage_block_id at;
    sage_status st = sage_rpc_block_id(block, "block_id", &at, c->err);
    *out           = NULL;
    if (!st) st = read_trial(txs, out, c->err);
    if (st) return st;
    trial *t = *out;
    st       = sage_chain_simulate(c->rpc->chain, &at, t->txs, t->n, flags, strict, t->results,
                                   c->err);
    if (st) as_execution_error(c->err);
    return st;
}

static const char *const simulation_flags[] = {"SKIP_VALIDATE", "SKIP_FEE_CHARGE"};

static sage_status simulate(const sage_rpc_call *c)
{
    unsigned flags;
    trial *t = NULL;
    sage_amount prices[SAGE_GASES];
    sage_status st =
        sage_rpc_flags(c->arg[2], "simulation_flags", simulation_flags, 2, &flags, c->err);
    if (!st) st = run_trial(c, c->arg[1], c->arg[0], flags, false, &t);
    if (!st) {
        sage_chain_gas_prices(c->rpc->chain, prices);
        sage_json_out_open(c->out, '[');
        for (uint32_t i = 0; i < t->n; i++) {
            sage_json_out_open(c->out, '{');
            sage_json_out_key(c->out, "transaction_trace");
            sage_trace_put(c->out, &t->results[i]);
            sage_json_out_key(c->out, "fee_estimation");
            sage_fee_estimate_put(c->out, &t->results[i], prices);
            sage_json_out_close(c->out, '}');
        }
        sage_json_out_close(c->out, ']');
    }
    free_trial(t);
    return st;
}

/* An estimate charges no fee: its bounds are zero when a wallet asks for them. */
static sage_status estimate_fee(const sage_rpc_call *c)
{
    unsigned flags;
    trial *t = NULL;
    sage_amount prices[SAGE_GASES];
    sage_status st =
        sage_rpc_flags(c->arg[1], "simulation_flags", simulation_flags, 1, &flags, c->err);
    flags |= SAGE_SIMULATE_SKIP_FEE;
    if (!st) st = run_trial(c, c->arg[0], c->arg[2], flags, true, &t);
    if (!st) {
        sage_chain_gas_prices(c->rpc->chain, prices);
        sage_json_out_open(c->out, '[');
        for (uint32_t i = 0; i < t->n; i++)
            sage_fee_estimate_put(c->out, &t->results[i], prices);
        sage_json_out_close(c->out, ']');
    }
    free_trial(t);
    return st;
}

_Static_assert(SAGE_SIMULATE_SKIP_VALIDATE == 1 && SAGE_SIMULATE_SKIP_FEE == 2,
               "the order of simulation_flags");

static const sage_rpc_method methods[] = {
    {"starknet_estimateFee",
     {"request", "simulation_flags", "block_id"},
     3,
     SAGE_RPC_READ,
     estimate_fee},
    {"starknet_simulateTransactions",
     {"block_id", "transactions", "simulation_flags"},
     3,
     SAGE_RPC_READ,
     simulate},
    {"starknet_traceTransaction", {"transaction_hash"}, 1, SAGE_RPC_QUICK, trace_tx},
    {"starknet_traceBlockTransactions",
     {"block_id", "trace_flags"},
     1,
     SAGE_RPC_READ,
     trace_block},
};

const sage_rpc_table sage_rpc_trace_table = {methods, sizeof methods / sizeof *methods};

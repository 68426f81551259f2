/* starknet/rpc_tx.c -- transactions: what they would cost, handing them in, what became of them. */
#include <stdlib.h>
#include <string.h>

#include "starknet/felt_json.h"
#include "starknet/rpc_private.h"

static sage_status read_fee(void *out, const json_t *result, sage_errinfo *err)
{
    sage_sn_fee f   = {0};
    uint64_t sum[2] = {0, 0};
    if (!json_is_array(result) || json_array_size(result) != 1)
        return sage_fail(err, SAGE_EFORMAT, "rpc.value", -1, "not the estimate of one");
    sage_reply r = sage_reply_of(json_array_get(result, 0), err);
    sage_reply_u64(&r, "l1_gas_consumed", &f.gas[SAGE_GAS_L1]);
    sage_reply_u64(&r, "l2_gas_consumed", &f.gas[SAGE_GAS_L2]);
    sage_reply_u64(&r, "l1_data_gas_consumed", &f.gas[SAGE_GAS_L1_DATA]);
    sage_reply_u128(&r, "l1_gas_price", f.price[SAGE_GAS_L1]);
    sage_reply_u128(&r, "l2_gas_price", f.price[SAGE_GAS_L2]);
    sage_reply_u128(&r, "l1_data_gas_price", f.price[SAGE_GAS_L1_DATA]);
    sage_reply_u128(&r, "overall_fee", sum);
    if (strcmp(sage_reply_text(&r, "unit"), "FRI") != 0)
        sage_reply_refuse(&r, SAGE_EFORMAT, "rpc.value", "unit", "is not FRI");
    f.fee = (sage_amount){{sum[0], sum[1], 0, 0}};
    if (!r.status) *(sage_sn_fee *)out = f;
    return r.status;
}

sage_status sage_sn_estimate(const sage_sn *sn,
                             sage_sn_block at,
                             const sage_tx *t,
                             bool skip_validate,
                             sage_sn_fee *out,
                             sage_errinfo *err)
{
    json_t *params = sage_sn_params(at), *tx = sage_tx_write(t, true, true);
    json_t *list = tx ? json_pack("[o]", tx) : NULL;
    sage_sn_put(&params, "request", list);
    sage_sn_put(&params, "simulation_flags",
                skip_validate ? json_pack("[s]", "SKIP_VALIDATE") : json_array());
    return sage_sn_ask(sn, "starknet_estimateFee", params, SAGE_SN_SMALL, read_fee, out, err);
}

typedef struct add_read {
    const sage_tx *t;
    felt252 hash;
} add_read;

static sage_status read_added(void *arg, const json_t *result, sage_errinfo *err)
{
    const add_read *a = arg;
    felt252 hash = felt252_zero(), address = felt252_zero();
    sage_reply r = sage_reply_of(result, err);
    sage_reply_felt(&r, "transaction_hash", &hash);
    if (!r.status && !felt252_eq(hash, a->hash))
        sage_reply_refuse(&r, SAGE_EPROOF, "rpc.hash", "transaction_hash",
                          "is not that of the transaction sent");
    if (r.status || a->t->kind != SAGE_TX_DEPLOY_ACCOUNT) return r.status;
    sage_reply_felt(&r, "contract_address", &address);
    if (!r.status && !felt252_eq(address, a->t->sender))
        sage_reply_refuse(&r, SAGE_EPROOF, "rpc.address", "contract_address",
                          "is not the account's");
    return r.status;
}

sage_status sage_sn_add(const sage_sn *sn, const sage_tx *t, felt252 hash, sage_errinfo *err)
{
    bool deploy    = t->kind == SAGE_TX_DEPLOY_ACCOUNT;
    add_read a     = {t, hash};
    json_t *params = json_object();
    sage_sn_put(&params, deploy ? "deploy_account_transaction" : "invoke_transaction",
                sage_tx_write(t, true, true));
    return sage_sn_ask(
        sn, deploy ? "starknet_addDeployAccountTransaction" : "starknet_addInvokeTransaction",
        params, SAGE_SN_SMALL, read_added, &a, err);
}

static void read_finality(sage_reply *r, sage_sn_finality *out)
{
    static const char *const names[] = {"RECEIVED", "CANDIDATE", "PRE_CONFIRMED",
                                        "ACCEPTED_ON_L2", "ACCEPTED_ON_L1"};
    const char *text                 = sage_reply_text(r, "finality_status");
    for (int i = 0; i < 5; i++)
        if (!strcmp(text, names[i])) {
            *out = (sage_sn_finality)i;
            return;
        }
    sage_reply_refuse(r, SAGE_EFORMAT, "rpc.value", "finality_status", "is unknown");
}

/* Whether it was reverted, and why, if the node says. */
static void read_execution(sage_reply *r, bool *reverted, const char *key, char *reason)
{
    const char *text = sage_reply_text(r, "execution_status");
    *reverted        = !strcmp(text, "REVERTED");
    if (!*reverted && strcmp(text, "SUCCEEDED") != 0)
        sage_reply_refuse(r, SAGE_EFORMAT, "rpc.value", "execution_status", "is unknown");
    if (*reverted && sage_reply_has(r, key))
        sage_reply_ascii(reason, SAGE_SN_REASON, sage_reply_text(r, key));
}

static sage_status read_status(void *out, const json_t *result, sage_errinfo *err)
{
    sage_sn_status s = {0};
    sage_reply r     = sage_reply_of(result, err);
    read_finality(&r, &s.finality);
    /* Before it was executed a node has nothing to say of that. */
    if (s.finality >= SAGE_SN_EXECUTED || sage_reply_has(&r, "execution_status"))
        read_execution(&r, &s.reverted, "failure_reason", s.reason);
    if (!r.status) *(sage_sn_status *)out = s;
    return r.status;
}

static json_t *hash_params(felt252 hash)
{
    json_t *params = json_object();
    sage_sn_put(&params, "transaction_hash", sage_felt_to_json(hash));
    return params;
}

sage_status
sage_sn_tx_status(const sage_sn *sn, felt252 hash, sage_sn_status *out, sage_errinfo *err)
{
    return sage_sn_ask(sn, "starknet_getTransactionStatus", hash_params(hash), SAGE_SN_SMALL,
                       read_status, out, err);
}

static void read_actual_fee(sage_reply *receipt, sage_amount *out)
{
    uint64_t v[2]  = {0, 0};
    sage_reply fee = sage_reply_enter(receipt, "actual_fee");
    sage_reply_u128(&fee, "amount", v);
    if (strcmp(sage_reply_text(&fee, "unit"), "FRI") != 0)
        sage_reply_refuse(&fee, SAGE_EFORMAT, "rpc.value", "unit", "is not FRI");
    sage_reply_leave(receipt, &fee);
    *out = (sage_amount){{v[0], v[1], 0, 0}};
}

static void read_place(sage_reply *r, sage_sn_receipt *out)
{
    sage_reply_count(r, "block_number", &out->block_number);
    out->in_block = sage_reply_has(r, "block_hash");
    if (out->in_block || out->finality > SAGE_SN_EXECUTED)
        sage_reply_felt(r, "block_hash", &out->block_hash);
}

static void read_events(sage_reply *r, sage_sn_receipt *out)
{
    const json_t *list = sage_reply_array(r, "events");
    size_t n           = json_array_size(list);
    if (!n) return;
    if (n > SAGE_FELT_LIST_MAX) {
        sage_reply_refuse(r, SAGE_ELIMIT, "rpc.length", "events", "are too many");
        return;
    }
    out->events = calloc(n, sizeof *out->events);
    if (!out->events) {
        sage_reply_refuse(r, SAGE_ENOMEM, "rpc.memory", "events", "do not fit into memory");
        return;
    }
    for (; !r->status && out->n_events < n; out->n_events++)
        r->status = sage_sn_event_read(&out->events[out->n_events],
                                       json_array_get(list, out->n_events), r->err);
}

typedef struct receipt_read {
    felt252 hash;
    sage_sn_receipt *out;
} receipt_read;

static sage_status read_receipt(void *arg, const json_t *result, sage_errinfo *err)
{
    const receipt_read *want = arg;
    sage_sn_receipt c        = {0};
    sage_reply r             = sage_reply_of(result, err);
    sage_reply_felt(&r, "transaction_hash", &c.hash);
    if (!r.status && !felt252_eq(c.hash, want->hash))
        sage_reply_refuse(&r, SAGE_EPROOF, "rpc.hash", "transaction_hash",
                          "is another transaction's");
    read_finality(&r, &c.finality);
    if (!r.status && c.finality < SAGE_SN_EXECUTED)
        sage_reply_refuse(&r, SAGE_EFORMAT, "rpc.value", "finality_status",
                          "is none of a receipt");
    read_execution(&r, &c.reverted, "revert_reason", c.reason);
    read_actual_fee(&r, &c.fee);
    read_place(&r, &c);
    if (!strcmp(sage_reply_text(&r, "type"), "DEPLOY_ACCOUNT"))
        sage_reply_felt(&r, "contract_address", &c.contract_address);
    read_events(&r, &c);
    if (r.status)
        sage_sn_receipt_free(&c);
    else
        *want->out = c;
    return r.status;
}

sage_status
sage_sn_tx_receipt(const sage_sn *sn, felt252 hash, sage_sn_receipt *out, sage_errinfo *err)
{
    receipt_read want = {hash, out};
    memset(out, 0, sizeof *out);
    return sage_sn_ask(sn, "starknet_getTransactionReceipt", hash_params(hash), SAGE_SN_MEDIUM,
                       read_receipt, &want, err);
}

void sage_sn_receipt_free(sage_sn_receipt *r)
{
    for (uint32_t i = 0; i < r->n_events; i++)
        sage_sn_event_clear(&r->events[i]);
    free(r->events);
    memset(r, 0, sizeof *r);
}

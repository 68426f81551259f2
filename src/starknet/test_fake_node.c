/* A scripted node over the scripted HTTP server. */
#include "starknet/test_fake_node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "field/felt252_text.h"
#include "starknet/felt_json.h"

enum { GIANT_BYTES = 9 << 20, LATE_MS = 3000 };

void fake_node_lock(fake_node *f)
{
    pthread_mutex_lock(&f->server.lock);
}
void fake_node_unlock(fake_node *f)
{
    pthread_mutex_unlock(&f->server.lock);
}

static json_t *error(int code)
{
    return json_pack("{s:{s:i,s:s}}", "error", "code", code, "message", "the fake says no");
}
static json_t *result(json_t *v)
{
    return json_pack("{s:o}", "result", v);
}

static fake_tx *find(fake_node *f, felt252 hash)
{
    for (uint32_t i = 0; i < f->n_tx; i++)
        if (felt252_eq(f->tx[i].hash, hash)) return &f->tx[i];
    return NULL;
}

static void execute(fake_node *f, fake_tx *t)
{
    t->executed = true;
    t->reverted = f->revert;
    f->absent   = false;
    f->nonce++;
}

static uint64_t expected_nonce(const fake_node *f)
{
    uint64_t nonce = f->nonce;
    for (uint32_t i = 0; i < f->n_tx; i++)
        if (!f->tx[i].executed && f->tx[i].nonce >= nonce) nonce = f->tx[i].nonce + 1;
    return nonce;
}

static json_t *add(fake_node *f, const json_t *params, const char *key, bool wrong)
{
    sage_tx t;
    uint64_t nonce;
    f->n_adds++;
    if (sage_tx_read(&t, json_object_get(params, key), NULL)) return error(-32602);
    fake_tx entry  = {.hash = sage_tx_hash(&t, f->chain_id)};
    felt252 sender = t.sender;
    bool good      = t.signature.n == 2 && !t.query && sage_felt_to_u64(&nonce, t.nonce);
    sage_tx_free(&t);
    if (!good) return error(55);
    if (find(f, entry.hash)) return error(59);
    if (nonce != expected_nonce(f)) return error(52);
    entry.nonce      = nonce;
    f->tx[f->n_tx++] = entry;
    if (!f->manual) execute(f, &f->tx[f->n_tx - 1]);
    if (wrong) entry.hash = felt252_add(entry.hash, felt252_one());
    return result(json_pack("{s:o,s:o}", "transaction_hash", sage_felt_to_json(entry.hash),
                            "contract_address", sage_felt_to_json(sender)));
}

static json_t *status_of(fake_node *f, const json_t *params, bool receipt)
{
    felt252 hash;
    if (sage_felt_of_json(&hash, json_object_get(params, "transaction_hash"), NULL))
        return error(-32602);
    const fake_tx *t = find(f, hash);
    if (!t || (receipt && !t->executed)) return error(29);
    if (!t->executed) return result(json_pack("{s:s}", "finality_status", "RECEIVED"));
    json_t *v = json_pack("{s:s,s:s}", "finality_status", "ACCEPTED_ON_L2", "execution_status",
                          t->reverted ? "REVERTED" : "SUCCEEDED");
    if (t->reverted) json_object_set_new(v, "revert_reason", json_string("u256_sub Overflow"));
    if (t->reverted) json_object_set_new(v, "failure_reason", json_string("u256_sub Overflow"));
    if (!receipt) return result(v);
    json_t *more = json_pack("{s:s,s:o,s:{s:s,s:s},s:i,s:s,s:[],s:[]}", "type", "INVOKE",
                             "transaction_hash", sage_felt_to_json(hash), "actual_fee",
                             "amount", "0x123", "unit", "FRI", "block_number", (int)f->head,
                             "block_hash", "0xb", "events", "messages_sent");
    json_object_update(v, more);
    json_decref(more);
    return result(v);
}

static json_t *header(const fake_node *f)
{
    json_int_t at = f->head_time ? (json_int_t)f->head_time : (json_int_t)time(NULL);
    json_t *price = json_pack("{s:s,s:s}", "price_in_fri", "0x1", "price_in_wei", "0x1");
    return result(json_pack("{s:I,s:I,s:s,s:s,s:O,s:O,s:o}", "block_number",
                            (json_int_t)f->head, "timestamp", at, "block_hash", "0x1",
                            "parent_hash", "0x2", "l1_gas_price", price, "l2_gas_price", price,
                            "l1_data_gas_price", price));
}

static json_t *estimate(const fake_node *f)
{
    return result(json_pack("[{s:s,s:s,s:s,s:o,s:s,s:s,s:s,s:s}]", "l1_gas_consumed", "0x0",
                            "l1_gas_price", "0x1", "l2_gas_consumed", "0x3e8", "l2_gas_price",
                            sage_u64_to_json(f->price), "l1_data_gas_consumed", "0x81",
                            "l1_data_gas_price", "0x1", "overall_fee", "0x1", "unit", "FRI"));
}

static json_t *account(const fake_node *f, json_t *v)
{
    if (!f->absent) return result(v);
    json_decref(v);
    return error(20);
}

static json_t *answer_method(fake_node *f, const char *m, const json_t *params, bool wrong)
{
    if (!strcmp(m, "starknet_chainId")) return result(sage_felt_to_json(f->chain_id));
    if (!strcmp(m, "starknet_specVersion")) return result(json_string(f->version));
    if (!strcmp(m, "starknet_blockNumber"))
        return result(wrong ? json_string("yes") : json_integer((json_int_t)f->head));
    if (!strcmp(m, "starknet_getBlockWithTxHashes")) return header(f);
    if (!strcmp(m, "starknet_getNonce")) return account(f, sage_u64_to_json(f->nonce));
    if (!strcmp(m, "starknet_getClassHashAt")) return account(f, json_string("0x5"));
    if (!strcmp(m, "starknet_estimateFee")) return estimate(f);
    if (!strcmp(m, "starknet_addInvokeTransaction"))
        return add(f, params, "invoke_transaction", wrong);
    if (!strcmp(m, "starknet_addDeployAccountTransaction"))
        return add(f, params, "deploy_account_transaction", wrong);
    if (!strcmp(m, "starknet_getTransactionStatus")) return status_of(f, params, false);
    if (!strcmp(m, "starknet_getTransactionReceipt")) return status_of(f, params, true);
    return error(-32601);
}

static fake_fault take_fault(fake_node *f, const char *method)
{
    size_t n = strlen(method), k = f->fault_method ? strlen(f->fault_method) : 0;
    if (!f->fault_times || k > n || strcmp(method + n - k, f->fault_method) != 0)
        return FAULT_NONE;
    f->fault_times--;
    return f->fault;
}

static void giant(fake_node *f, sage_test_reply *out)
{
    free(f->reply);
    f->reply = malloc(GIANT_BYTES);
    if (!f->reply) abort();
    memset(f->reply, '[', GIANT_BYTES);
    *out = (sage_test_reply){.body = f->reply, .len = GIANT_BYTES};
}

static void answer(void *arg, const char *path, const char *body, sage_test_reply *out)
{
    fake_node *f   = arg;
    json_t *asked  = json_loads(body, 0, NULL);
    const char *m  = json_string_value(json_object_get(asked, "method"));
    fake_fault bad = take_fault(f, m ? m : "");
    (void)path;
    f->n_asked++;
    if (!m) abort();
    if (bad == FAULT_DROP) {
        out->drop = true;
        json_decref(asked);
        return;
    }
    json_t *e = bad == FAULT_CODE
                    ? error(f->fault_code)
                    : answer_method(f, m, json_object_get(asked, "params"), bad == FAULT_WRONG);
    json_object_set_new(e, "jsonrpc", json_string("2.0"));
    json_object_set(e, "id", json_object_get(asked, "id"));
    free(f->reply);
    f->reply = json_dumps(e, 0);
    *out     = (sage_test_reply){.body     = bad == FAULT_NONSENSE ? "<html>" : f->reply,
                                 .status   = bad == FAULT_500 ? 500 : 200,
                                 .drop     = bad == FAULT_LOST,
                                 .cut      = bad == FAULT_CUT,
                                 .delay_ms = bad == FAULT_LATE ? LATE_MS : 0};
    if (bad == FAULT_500) out->body = "<html>";
    if (bad == FAULT_GIANT) giant(f, out);
    json_decref(e);
    json_decref(asked);
}

void fake_node_start(fake_node *f)
{
    memset(f, 0, sizeof *f);
    f->chain_id      = sage_felt_short("SN_SEPOLIA");
    f->version       = "0.10.2";
    f->head          = 100;
    f->price         = 1000000000;
    f->server.answer = answer;
    f->server.arg    = f;
    sage_test_server_start(&f->server);
}

void fake_node_stop(fake_node *f)
{
    sage_test_server_stop(&f->server);
    free(f->reply);
}

void fake_node_fault(fake_node *f, const char *method, fake_fault fault, int code, int times)
{
    fake_node_lock(f);
    f->fault_method = method;
    f->fault        = fault;
    f->fault_code   = code;
    f->fault_times  = times;
    fake_node_unlock(f);
}

void fake_node_execute(fake_node *f)
{
    fake_node_lock(f);
    for (uint32_t i = 0; i < f->n_tx; i++)
        if (!f->tx[i].executed) execute(f, &f->tx[i]);
    fake_node_unlock(f);
}

void fake_node_steal(fake_node *f)
{
    fake_node_lock(f);
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n_tx; i++)
        if (f->tx[i].executed) f->tx[n++] = f->tx[i];
    f->n_tx = n;
    f->nonce++;
    fake_node_unlock(f);
}

/* JSON-RPC over a chain in a temporary folder: shapes of answers, errors, strictness, batches. */
#include "base/test.h"

#include "devnet/chain.h"
#include "devnet/rpc.h"
#include "devnet/test_wallet.h"
#include "field/felt252_text.h"
#include "starknet/address.h"

#define PRIME "0x800000000000011000000000000000000000000000000000000000000000001"

static char folder[SAGE_TEST_PATH];
static sage_chain *chain;
static sage_rpc rpc;
static uint64_t nonce; /* of account 0 */

static int open_chain(void **state)
{
    (void)state;
    sage_errinfo err;
    if (sage_test_folder(folder, "rpc")) return -1;
    sage_chain_options o = sage_chain_defaults();
    o.data_dir           = folder;
    if (sage_chain_open(&chain, &o, &err)) {
        print_error("%s\n", err.msg);
        return -1;
    }
    rpc = (sage_rpc){chain, true};
    return 0;
}

static int close_chain(void **state)
{
    (void)state;
    sage_chain_close(chain);
    return sage_test_remove_folder(folder);
}

/* The answer to a body as text, NULL for none; the caller frees. */
static char *ask_text(const char *body)
{
    sage_sink out   = {0};
    json_t *request = sage_rpc_parse(body, strlen(body));
    sage_rpc_answer(&rpc, request, &out);
    json_decref(request);
    if (!out.len) {
        free(out.bytes);
        return NULL;
    }
    return sage_json_text_take(&out);
}

static json_t *ask(const char *body)
{
    char *text = ask_text(body);
    assert_non_null(text);
    json_t *answer = json_loads(text, 0, NULL);
    if (!answer) print_error("%s\n", text);
    assert_non_null(answer);
    free(text);
    return answer;
}

/* The answer to one method; params is JSON. */
static json_t *call(const char *method, const char *params)
{
    char body[8192];
    int n = snprintf(body, sizeof body,
                     "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}", method,
                     params);
    assert_true(n > 0 && (size_t)n < sizeof body);
    json_t *answer = ask(body);
    assert_string_equal(json_string_value(json_object_get(answer, "jsonrpc")), "2.0");
    assert_int_equal(json_integer_value(json_object_get(answer, "id")), 7);
    return answer;
}

/* The result; the answer must have one. */
static json_t *result_of(const char *method, const char *params)
{
    json_t *answer = call(method, params);
    json_t *result = json_incref(json_object_get(answer, "result"));
    if (!result) print_error("%s %s: %s\n", method, params, json_dumps(answer, 0));
    assert_non_null(result);
    json_decref(answer);
    return result;
}

static long long code_of(const json_t *answer)
{
    const json_t *error = json_object_get(answer, "error");
    assert_non_null(error);
    assert_null(json_object_get(answer, "result"));
    assert_non_null(json_string_value(json_object_get(error, "message")));
    return json_integer_value(json_object_get(error, "code"));
}

static void expect_error(const char *method, const char *params, int code)
{
    json_t *answer = call(method, params);
    if (code_of(answer) != code) print_error("%s %s\n", method, params);
    assert_int_equal(code_of(answer), code);
    json_decref(answer);
}

static void expect_members(const json_t *object, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!json_object_get(object, names[i])) print_error("no %s\n", names[i]);
        assert_non_null(json_object_get(object, names[i]));
    }
}

#define EXPECT_MEMBERS(object, ...)                                                            \
    expect_members(object, (const char *const[]){__VA_ARGS__},                                 \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

/* Hands in a transfer of account 0; its hash, and the answer's other parts checked. */
static void transfer(uint64_t amount, char hash[SAGE_FELT_HEX])
{
    sage_predeployed from = sage_chain_account(chain, 0), to = sage_chain_account(chain, 1);
    sage_tx t      = sage_test_transfer(&from, to.address, amount, nonce++,
                                        sage_chain_settings(chain)->chain_id);
    char *body     = sage_test_request(&t);
    json_t *answer = ask(body);
    json_t *result = json_object_get(answer, "result");
    if (!result) print_error("%s\n", json_dumps(answer, 0));
    assert_non_null(result);
    snprintf(hash, SAGE_FELT_HEX, "%s", text_of(result, "transaction_hash"));
    json_decref(answer);
    free(body);
}

/* ["word"] */
static const char *one_text(const char *word)
{
    static char out[128];
    snprintf(out, sizeof out, "[\"%s\"]", word);
    return out;
}

static void constants(void **state)
{
    (void)state;
    json_t *v = result_of("starknet_specVersion", "[]");
    assert_string_equal(json_string_value(v), "0.10.2");
    json_decref(v);
    v = result_of("starknet_chainId", "{}");
    assert_string_equal(json_string_value(v), "0x534e5f5345504f4c4941");
    json_decref(v);
    v = result_of("starknet_syncing", "[]");
    assert_true(json_is_false(v));
    json_decref(v);
}

static void blocks(void **state)
{
    (void)state;
    char hash[SAGE_FELT_HEX];
    transfer(5, hash);
    json_t *b = result_of("starknet_getBlockWithTxHashes", "[\"latest\"]");
    EXPECT_MEMBERS(b, "status", "block_hash", "parent_hash", "block_number", "new_root",
                   "timestamp", "sequencer_address", "l1_gas_price", "l2_gas_price",
                   "l1_data_gas_price", "l1_da_mode", "starknet_version", "event_commitment",
                   "transaction_commitment", "receipt_commitment", "state_diff_commitment",
                   "event_count", "transaction_count", "state_diff_length", "transactions");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(b, "transactions"), 0)), hash);
    json_t *same = result_of("starknet_getBlockWithTxs", "{\"block_id\":{\"block_number\":1}}");
    assert_string_equal(text_of(b, "block_hash"), text_of(same, "block_hash"));
    json_t *tx = json_array_get(json_object_get(same, "transactions"), 0);
    EXPECT_MEMBERS(tx, "transaction_hash", "type", "sender_address", "calldata", "version",
                   "signature", "nonce", "resource_bounds", "tip", "paymaster_data",
                   "account_deployment_data", "nonce_data_availability_mode",
                   "fee_data_availability_mode");
    json_decref(same);
    same = result_of("starknet_getBlockWithReceipts", "[\"latest\"]");
    tx   = json_array_get(json_object_get(same, "transactions"), 0);
    assert_null(json_object_get(json_object_get(tx, "transaction"), "transaction_hash"));
    assert_string_equal(text_of(json_object_get(tx, "receipt"), "finality_status"),
                        "ACCEPTED_ON_L2");
    json_decref(same);
    char by_hash[160];
    snprintf(by_hash, sizeof by_hash, "[{\"block_hash\":\"%s\"}]", text_of(b, "block_hash"));
    same = result_of("starknet_getBlockTransactionCount", by_hash);
    assert_int_equal(json_integer_value(same), 1);
    json_decref(same);
    same = result_of("starknet_getStateUpdate", by_hash);
    EXPECT_MEMBERS(same, "block_hash", "new_root", "old_root", "state_diff");
    EXPECT_MEMBERS(json_object_get(same, "state_diff"), "storage_diffs", "nonces",
                   "deployed_contracts", "replaced_classes", "declared_classes",
                   "deprecated_declared_classes");
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(same, "state_diff"), "nonces")), 1);
    json_decref(same);
    json_decref(b);
    b = result_of("starknet_getBlockWithReceipts", "[\"pre_confirmed\"]");
    assert_null(json_object_get(b, "block_hash"));
    EXPECT_MEMBERS(b, "block_number", "timestamp", "sequencer_address", "transactions");
    json_decref(b);
}

static void transactions(void **state)
{
    (void)state;
    char hash[SAGE_FELT_HEX];
    transfer(6, hash);
    json_t *v = result_of("starknet_getTransactionStatus", one_text(hash));
    assert_string_equal(text_of(v, "finality_status"), "ACCEPTED_ON_L2");
    assert_string_equal(text_of(v, "execution_status"), "SUCCEEDED");
    json_decref(v);
    v = result_of("starknet_getTransactionByHash", one_text(hash));
    assert_string_equal(text_of(v, "transaction_hash"), hash);
    json_decref(v);
    v = result_of("starknet_getTransactionReceipt", one_text(hash));
    EXPECT_MEMBERS(v, "type", "transaction_hash", "actual_fee", "finality_status",
                   "execution_status", "messages_sent", "events", "execution_resources",
                   "block_hash", "block_number");
    assert_int_equal(json_array_size(json_object_get(v, "events")), 2);
    json_decref(v);
    v = result_of("starknet_getTransactionByBlockIdAndIndex", "[\"latest\",0]");
    assert_string_equal(text_of(v, "transaction_hash"), hash);
    json_decref(v);
    v = result_of("starknet_traceTransaction", one_text(hash));
    EXPECT_MEMBERS(v, "type", "validate_invocation", "execute_invocation",
                   "fee_transfer_invocation", "state_diff", "execution_resources");
    const json_t *run = json_object_get(v, "execute_invocation");
    EXPECT_MEMBERS(run, "contract_address", "entry_point_selector", "calldata",
                   "caller_address", "class_hash", "entry_point_type", "call_type", "result",
                   "calls", "events", "messages", "execution_resources", "is_reverted");
    assert_int_equal(json_array_size(json_object_get(run, "calls")), 1);
    json_decref(v);
    v = result_of("starknet_traceBlockTransactions", "[\"latest\"]");
    EXPECT_MEMBERS(json_array_get(v, 0), "transaction_hash", "trace_root");
    json_decref(v);
    expect_error("starknet_getTransactionByBlockIdAndIndex", "[\"latest\",1]", 27);
    expect_error("starknet_traceBlockTransactions", "[\"pre_confirmed\"]", -32602);
}

/* A reverted transfer: accepted, its reason in receipt, status and trace. */
static void reverts(void **state)
{
    (void)state;
    char hash[SAGE_FELT_HEX];
    sage_predeployed from = sage_chain_account(chain, 0);
    felt252 data[3]       = {from.address, felt252_zero(), felt252_one()}; /* 2^128 */
    sage_tx t      = sage_test_invoke(&from, sage_chain_contract("STRK"), "transfer", data, 3,
                                      nonce++, sage_chain_settings(chain)->chain_id);
    char *body     = sage_test_request(&t);
    json_t *answer = ask(body);
    snprintf(hash, sizeof hash, "%s",
             text_of(json_object_get(answer, "result"), "transaction_hash"));
    json_decref(answer);
    free(body);
    json_t *v = result_of("starknet_getTransactionReceipt", one_text(hash));
    assert_string_equal(text_of(v, "execution_status"), "REVERTED");
    json_t *w = result_of("starknet_getTransactionStatus", one_text(hash));
    assert_string_equal(text_of(w, "failure_reason"), text_of(v, "revert_reason"));
    json_decref(w);
    w = result_of("starknet_traceTransaction", one_text(hash));
    assert_string_equal(text_of(json_object_get(w, "execute_invocation"), "revert_reason"),
                        text_of(v, "revert_reason"));
    json_decref(w);
    json_decref(v);
}

static void refuses_transactions(void **state)
{
    (void)state;
    sage_predeployed from = sage_chain_account(chain, 0);
    felt252 id            = sage_chain_settings(chain)->chain_id;
    static const struct {
        int code;
        uint64_t nonce_ahead;
        bool query, flip;
    } cases[] = {{52, 1, false, false}, {61, 0, true, false}, {55, 0, false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_tx t =
            sage_test_transfer(&from, from.address, 1, nonce + cases[i].nonce_ahead, id);
        t.query = cases[i].query;
        if (cases[i].flip) t.signature.v[0] = felt252_add(t.signature.v[0], felt252_one());
        char *body     = sage_test_request(&t);
        json_t *answer = ask(body);
        assert_int_equal(code_of(answer), cases[i].code);
        json_decref(answer);
        free(body);
    }
    expect_error("starknet_addInvokeTransaction", "[{}]", -32602);
    expect_error("starknet_addInvokeTransaction", "[5]", -32602);
    expect_error("starknet_addDeclareTransaction", "[{}]", 63);
    expect_error("starknet_addDeclareTransaction", "[1]", -32602);
}

/* A transaction as a parameter; without its signature if not signed. */
static char *as_parameter(bool is_signed, uint64_t amount_high)
{
    sage_predeployed from = sage_chain_account(chain, 0);
    felt252 data[3]       = {from.address, felt252_one(), felt252_from_u64(amount_high)};
    sage_tx t = sage_test_invoke(&from, sage_chain_contract("STRK"), "transfer", data, 3, nonce,
                                 sage_chain_settings(chain)->chain_id);
    if (!is_signed) sage_felt_list_free(&t.signature);
    json_t *o  = sage_tx_write(&t, true, true);
    char *text = json_dumps(o, JSON_COMPACT);
    assert_non_null(text);
    json_decref(o);
    sage_tx_free(&t);
    return text;
}

static void simulates(void **state)
{
    (void)state;
    char params[4096];
    char *t = as_parameter(false, 0);
    snprintf(params, sizeof params, "[[%s],[\"SKIP_VALIDATE\"],\"latest\"]", t);
    json_t *v = result_of("starknet_estimateFee", params);
    assert_int_equal(json_array_size(v), 1);
    EXPECT_MEMBERS(json_array_get(v, 0), "l1_gas_consumed", "l1_gas_price", "l2_gas_consumed",
                   "l2_gas_price", "l1_data_gas_consumed", "l1_data_gas_price", "overall_fee",
                   "unit");
    json_decref(v);
    snprintf(params, sizeof params, "[[%s],[],\"latest\"]", t);
    expect_error("starknet_estimateFee", params, 41); /* not signed */
    snprintf(params, sizeof params, "[[%s],[\"SKIP_FEE_CHARGE\"],\"latest\"]", t);
    expect_error("starknet_estimateFee", params, -32602); /* a flag of simulations */
    free(t);
    t = as_parameter(true, 0);
    snprintf(params, sizeof params, "[\"pre_confirmed\",[%s],[]]", t);
    v = result_of("starknet_simulateTransactions", params);
    EXPECT_MEMBERS(json_array_get(v, 0), "transaction_trace", "fee_estimation");
    json_decref(v);
    snprintf(params, sizeof params, "[\"latest\",[%s],[\"RETURN_INITIAL_READS\"]]", t);
    expect_error("starknet_simulateTransactions", params, -32602);
    free(t);
    t = as_parameter(true, 1); /* 2^128 FRI: reverts */
    snprintf(params, sizeof params, "[[%s],[],\"latest\"]", t);
    json_t *answer = call("starknet_estimateFee", params);
    assert_int_equal(code_of(answer), 41);
    EXPECT_MEMBERS(json_object_get(json_object_get(answer, "error"), "data"),
                   "transaction_index", "execution_error");
    json_decref(answer);
    free(t);
}

static void state_reads(void **state)
{
    (void)state;
    char params[512], address[SAGE_FELT_HEX], strk[SAGE_FELT_HEX], selector[SAGE_FELT_HEX];
    sage_felt_to_hex(address, sage_chain_account(chain, 2).address);
    sage_felt_to_hex(strk, sage_chain_contract("STRK"));
    sage_felt_to_hex(selector, sage_selector("balanceOf"));
    snprintf(params, sizeof params,
             "{\"block_id\":\"latest\",\"request\":{\"contract_address\":\"%s\","
             "\"entry_point_selector\":\"%s\",\"calldata\":[\"%s\"]}}",
             strk, selector, address);
    json_t *v = result_of("starknet_call", params);
    assert_int_equal(json_array_size(v), 2);
    assert_string_equal(json_string_value(json_array_get(v, 0)), "0xd3c21bcecceda1000000");
    json_decref(v);
    snprintf(params, sizeof params,
             "[{\"contract_address\":\"%s\",\"entry_point_selector\":\"0x5\",\"calldata\":[]},"
             "\"latest\"]",
             strk);
    expect_error("starknet_call", params, 21);
    snprintf(params, sizeof params,
             "[{\"contract_address\":\"%s\",\"entry_point_selector\":\"%s\",\"calldata\":[]},"
             "\"latest\"]",
             strk, selector);
    json_t *answer = call("starknet_call", params);
    assert_int_equal(code_of(answer), 40);
    EXPECT_MEMBERS(json_object_get(json_object_get(answer, "error"), "data"), "revert_error");
    json_decref(answer);
    snprintf(params, sizeof params, "[\"latest\",\"%s\"]", address);
    v = result_of("starknet_getNonce", params);
    assert_string_equal(json_string_value(v), "0x0");
    json_decref(v);
    v = result_of("starknet_getClassHashAt", params);
    assert_string_equal(json_string_value(v),
                        "0x5b4b537eaa2399e3aa99c4e2e0208ebd6c71bc1467938cd52c798c601e43564");
    snprintf(params, sizeof params, "[\"%s\"]", json_string_value(v));
    json_decref(v);
    expect_error("starknet_getCompiledCasm", params, 100);
    expect_error("starknet_getCompiledCasm", "[\"0x5\"]", 28);
    snprintf(params, sizeof params, "[\"latest\",\"%s\"]", strk);
    v = result_of("starknet_getClassAt", params);
    EXPECT_MEMBERS(v, "sierra_program", "contract_class_version", "entry_points_by_type",
                   "abi");
    json_decref(v);
    expect_error("starknet_getClass", "[\"latest\",\"0x5\"]", 28);
    expect_error("starknet_getNonce", "[\"latest\",\"0x5\"]", 20);
    expect_error("starknet_getStorageAt", "[\"0x5\",\"0x1\",\"latest\"]", 20);
    snprintf(params, sizeof params, "[\"%s\",\"0x%064d\",\"latest\"]", strk, 7);
    v = result_of("starknet_getStorageAt", params); /* starknet.js pads keys */
    assert_string_equal(json_string_value(v), "0x0");
    json_decref(v);
}

static void events(void **state)
{
    (void)state;
    char hash[SAGE_FELT_HEX], params[512], strk[SAGE_FELT_HEX];
    transfer(1, hash);
    transfer(2, hash);
    sage_felt_to_hex(strk, sage_chain_contract("STRK"));
    json_t *all = result_of("starknet_getEvents", "[{\"chunk_size\":1024}]");
    size_t n    = json_array_size(json_object_get(all, "events"));
    assert_true(n >= 4);
    EXPECT_MEMBERS(json_array_get(json_object_get(all, "events"), 0), "from_address", "keys",
                   "data", "block_hash", "block_number", "transaction_hash",
                   "transaction_index", "event_index");
    assert_null(json_object_get(all, "continuation_token"));
    char token[80] = "";
    size_t seen    = 0;
    do { /* three at a time: the same ones in the same order */
        snprintf(params, sizeof params, "[{\"chunk_size\":3,\"address\":[\"%s\"]%s%s%s}]", strk,
                 token[0] ? ",\"continuation_token\":\"" : "", token, token[0] ? "\"" : "");
        json_t *page = result_of("starknet_getEvents", params);
        json_t *list = json_object_get(page, "events");
        for (size_t i = 0; i < json_array_size(list); i++)
            assert_true(json_equal(json_array_get(list, i),
                                   json_array_get(json_object_get(all, "events"), seen + i)));
        seen += json_array_size(list);
        const char *next = json_string_value(json_object_get(page, "continuation_token"));
        snprintf(token, sizeof token, "%s", next ? next : "");
        json_decref(page);
    } while (token[0]);
    assert_int_equal(seen, n);
    json_decref(all);
    static const struct {
        const char *params;
        int code;
    } bad[] = {
        {"[{\"chunk_size\":1025}]", 31},
        {"[{\"chunk_size\":0}]", -32602},
        {"[{}]", -32602},
        {"[{\"chunk_size\":1,\"other\":1}]", -32602},
        {"[{\"chunk_size\":1,\"keys\":[\"0x1\"]}]", -32602},
        {"[{\"chunk_size\":1,\"from_block\":\"l1_accepted\"}]", 24},
        {"[{\"chunk_size\":1,\"from_block\":{\"block_hash\":\"0x1\"}}]", 24},
        {"[{\"chunk_size\":1,\"continuation_token\":\"\"}]", 33},
        {"[{\"chunk_size\":1,\"continuation_token\":\"1-2\"}]", 33},
        {"[{\"chunk_size\":1,\"continuation_token\":\"1-2-3-4\"}]", 33},
        {"[{\"chunk_size\":1,\"continuation_token\":\"01-2-3\"}]", 33},
        {"[{\"chunk_size\":1,\"continuation_token\":\"99999999-0-0\"}]", 33},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_error("starknet_getEvents", bad[i].params, bad[i].code);
}

static void no_such_thing(void **state)
{
    (void)state;
    expect_error("starknet_getBlockWithTxs", "[{\"block_number\":99999}]", 24);
    expect_error("starknet_getBlockWithTxs", "[\"l1_accepted\"]", 24);
    expect_error("starknet_getTransactionReceipt", "[\"0x5\"]", 29);
    expect_error("starknet_getTransactionStatus", "[\"0x5\"]", 29);
    expect_error("starknet_getMessagesStatus", "[\"0x5\"]", 29);
    expect_error("starknet_getStorageProof", "[\"latest\"]", 42);
    expect_error("starknet_estimateMessageFee", "[{},\"latest\"]", 40);
    expect_error("starknet_subscribeNewHeads", "[]", -32601);
    expect_error("starknet_nothing", "[]", -32601);
}

static void strict_parameters(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[]",
        "[\"pending\"]",
        "[\"latest\",[],1]",
        "[\"latest\",[\"NO_FLAG\"]]",
        "[{\"block_number\":-1}]",
        "[{\"block_number\":1.0}]",
        "[{\"block_number\":\"0x1\"}]",
        "[{\"block_number\":1,\"block_hash\":\"0x1\"}]",
        "[{\"block_hash\":\"1\"}]",
        "[{\"block_hash\":\"0x\"}]",
        "[{\"block_hash\":\"0xg\"}]",
        "[{\"block_hash\":\"" PRIME "\"}]",
        "{\"block\":\"latest\"}",
        "{\"block_id\":\"latest\",\"x\":1}",
        "[null]",
        "7",
        "\"latest\"",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_error("starknet_getBlockWithTxs", bad[i], -32602);
    expect_error("starknet_specVersion", "[1]", -32602);
    expect_error("starknet_specVersion", "{\"a\":1}", -32602);
}

static void bad_requests(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int code;
    } cases[] = {
        {"", -32700},
        {"{", -32700},
        {"{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}", -32700},
        {"5", -32600},
        {"{}", -32600},
        {"[]", -32600},
        {"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"starknet_chainId\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"starknet_chainId\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"starknet_chainId\",\"x\":1}", -32600},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *answer = ask(cases[i].body);
        assert_int_equal(code_of(answer), cases[i].code);
        assert_true(json_is_null(json_object_get(answer, "id")));
        json_decref(answer);
    }
    assert_null(sage_rpc_parse(NULL, 0));
}

static void batches(void **state)
{
    (void)state;
#define ONE "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"method\":\"starknet_chainId\"}"
    json_t *v =
        ask("[" ONE ",5,{\"jsonrpc\":\"2.0\",\"method\":\"starknet_chainId\"}," ONE "]");
    assert_int_equal(json_array_size(v), 3); /* the notification has no answer */
    assert_string_equal(text_of(json_array_get(v, 2), "id"), "a\"b");
    assert_int_equal(code_of(json_array_get(v, 1)), -32600);
    json_decref(v);
    assert_null(ask_text("[{\"jsonrpc\":\"2.0\",\"method\":\"starknet_chainId\"}]"));
    assert_null(ask_text("{\"jsonrpc\":\"2.0\",\"method\":\"starknet_chainId\"}"));
    char *many = malloc(129 * (sizeof ONE + 1) + 2);
    size_t n   = 0;
    assert_non_null(many);
    for (int i = 0; i < 129; i++)
        n += (size_t)sprintf(many + n, "%c%s", i ? ',' : '[', ONE);
    strcpy(many + n, "]");
    v = ask(many);
    assert_int_equal(code_of(v), -32600);
    json_decref(v);
    free(many);
}

static void lanes(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        sage_rpc_lane lane;
    } cases[] = {
        {"{\"method\":\"starknet_chainId\"}", SAGE_RPC_QUICK},
        {"{\"method\":\"starknet_getEvents\"}", SAGE_RPC_READ},
        {"{\"method\":\"starknet_addInvokeTransaction\"}", SAGE_RPC_WRITE},
        {"[{\"method\":\"starknet_chainId\"},{\"method\":\"devnet_mint\"}]", SAGE_RPC_WRITE},
        {"[5,{}]", SAGE_RPC_QUICK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *v = sage_rpc_parse(cases[i].body, strlen(cases[i].body));
        assert_int_equal(sage_rpc_lane_of(v), cases[i].lane);
        json_decref(v);
    }
    assert_int_equal(sage_rpc_lane_of(NULL), SAGE_RPC_QUICK);
}

static void dev_methods(void **state)
{
    (void)state;
    json_t *v =
        result_of("devnet_mint", "{\"address\":\"0x77\",\"amount\":\"12\",\"unit\":\"SAGE\"}");
    assert_string_equal(text_of(v, "new_balance"), "12");
    json_decref(v);
    v = result_of("devnet_getAccountBalance", "[\"0x77\",\"SAGE\"]");
    assert_string_equal(text_of(v, "amount"), "12");
    json_decref(v);
    v               = result_of("starknet_getBlockWithTxHashes", "[\"latest\"]");
    json_int_t time = json_integer_value(json_object_get(v, "timestamp"));
    json_decref(v);
    json_decref(result_of("devnet_increaseTime", "[604800]"));
    v = result_of("starknet_getBlockWithTxHashes", "[\"latest\"]");
    assert_true(json_integer_value(json_object_get(v, "timestamp")) >= time + 604800);
    json_decref(v);
    expect_error("devnet_setTime", "[5]", -32602);
    json_decref(result_of("devnet_createBlock", "[]"));
    v = result_of("devnet_getPredeployedAccounts", "[]");
    assert_int_equal(json_array_size(v), 10);
    json_decref(v);
    json_decref(result_of("devnet_getConfig", "[]"));
    expect_error("devnet_mint", "[\"0x77\",-1]", -32602);
    expect_error("devnet_mint", "[\"0x77\",1,\"EUR\"]", -32602);
    rpc.dev_methods = false;
    expect_error("devnet_mint", "[\"0x77\",1]", -32601);
    rpc.dev_methods = true;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants),
        cmocka_unit_test(blocks),
        cmocka_unit_test(transactions),
        cmocka_unit_test(reverts),
        cmocka_unit_test(refuses_transactions),
        cmocka_unit_test(simulates),
        cmocka_unit_test(state_reads),
        cmocka_unit_test(events),
        cmocka_unit_test(no_such_thing),
        cmocka_unit_test(strict_parameters),
        cmocka_unit_test(bad_requests),
        cmocka_unit_test(batches),
        cmocka_unit_test(lanes),
        cmocka_unit_test(dev_methods),
    };
    return cmocka_run_group_tests(tests, open_chain, close_chain);
}

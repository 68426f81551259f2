/* Typed calls: what is asked, what answers are taken, and which are refused for what. */
#include "base/test.h"

#include "field/felt252_text.h"
#include "starknet/rpc_private.h"

static felt252 felt(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_text(&v, text, strlen(text), NULL), SAGE_OK);
    return v;
}

/* A node that says the same, or one line after the other, and keeps what it was asked. */
typedef struct parrot {
    const char *const *lines;
    int http; /* not 0: the lines are whole answers, and this is their HTTP status */
    int n_asked;
    char *asked; /* method and parameters of the last question */
} parrot;

static sage_status ask_parrot(void *self, const sage_sn_question *q, sage_errinfo *err)
{
    parrot *p      = self;
    char *params   = json_dumps(q->params, JSON_COMPACT | JSON_SORT_KEYS), *text;
    const char *at = p->lines[p->n_asked++];
    free(p->asked);
    assert_true(asprintf(&p->asked, "%s %s", q->method, params) > 0);
    assert_true(asprintf(&text, p->http ? "%s" : "{\"jsonrpc\":\"2.0\",\"id\":7,%s}", at) >= 0);
    sage_status st = sage_sn_answer(q, p->http ? p->http : 200, text, strlen(text), 7, err);
    free(params);
    free(text);
    return st;
}

/* Every typed call without arguments of interest, by number. */
enum {
    VERSION,
    CHAIN,
    NUMBER,
    HEADER,
    NONCE,
    CLASS_AT,
    CLASS,
    CALL,
    ESTIMATE,
    INVOKE,
    DEPLOY,
    STATUS,
    RECEIPT,
    EVENTS,
    RAW
};

static bool ignore(void *arg, const sage_sn_event *e)
{
    (void)e;
    (*(int *)arg)++;
    return true;
}

static sage_status call_json(const sage_sn *sn, int call, sage_errinfo *err)
{
    json_t *out;
    const sage_sn_block latest = {SAGE_SN_LATEST, 0};
    sage_status st = call == CLASS ? sage_sn_class(sn, latest, felt("0x5"), &out, err)
                                   : sage_sn_raw(sn, "starknet_syncing", NULL, &out, err);
    assert_int_equal(!st, out != NULL);
    json_decref(out);
    return st;
}

static sage_status call_tx(const sage_sn *sn, int call, sage_errinfo *err)
{
    sage_sn_fee fee;
    sage_tx t = {.kind   = call == DEPLOY ? SAGE_TX_DEPLOY_ACCOUNT : SAGE_TX_INVOKE,
                 .sender = felt("0x51")};
    if (call != ESTIMATE) return sage_sn_add(sn, &t, felt("0xabc"), err);
    return sage_sn_estimate(sn, (sage_sn_block){SAGE_SN_PRE_CONFIRMED, 0}, &t, true, &fee, err);
}

static sage_status call_list(const sage_sn *sn, int call, sage_errinfo *err)
{
    int seen                  = 0;
    const sage_felt_list none = {0};
    sage_felt_list result;
    sage_sn_receipt r;
    sage_sn_filter f = {.address = felt("0x1"), .n_keys = 1, .keys = {felt("0x2")}, .page = 2};
    sage_status st;
    switch (call) {
    case CALL:
        st = sage_sn_call(sn, f.from, felt("0x1"), felt("0x2"), &none, &result, err);
        if (st) assert_int_equal(result.n, 0);
        sage_felt_list_free(&result);
        return st;
    case RECEIPT:
        st = sage_sn_tx_receipt(sn, felt("0xabc"), &r, err);
        if (st) assert_null(r.events);
        sage_sn_receipt_free(&r);
        return st;
    default: return sage_sn_events(sn, &f, 100, ignore, &seen, err);
    }
}

static sage_status call_one(const sage_sn *sn, int call, sage_errinfo *err)
{
    char version[SAGE_SN_VERSION];
    felt252 v;
    uint64_t n;
    sage_sn_header header;
    sage_sn_status status;
    const sage_sn_block latest = {SAGE_SN_LATEST, 0}, nine = {SAGE_SN_AT, 9};
    switch (call) {
    case VERSION: return sage_sn_spec_version(sn, version, err);
    case CHAIN: return sage_sn_chain_id(sn, &v, err);
    case NUMBER: return sage_sn_block_number(sn, &n, err);
    case HEADER: return sage_sn_block_header(sn, nine, &header, err);
    case NONCE: return sage_sn_nonce(sn, latest, felt("0x51"), &n, err);
    case CLASS_AT: return sage_sn_class_hash_at(sn, latest, felt("0x51"), &v, err);
    case STATUS: return sage_sn_tx_status(sn, felt("0xabc"), &status, err);
    case CLASS:
    case RAW: return call_json(sn, call, err);
    case ESTIMATE:
    case INVOKE:
    case DEPLOY: return call_tx(sn, call, err);
    default: return call_list(sn, call, err);
    }
}

static sage_status ask(int call, const char *line, char asked[400], sage_errinfo *err)
{
    parrot p         = {.lines = &line};
    const sage_sn sn = {ask_parrot, &p};
    sage_status st   = call_one(&sn, call, err);
    if (asked) snprintf(asked, 400, "%s", p.asked);
    free(p.asked);
    return st;
}

#define PRICE "{\"price_in_fri\":\"0x3\",\"price_in_wei\":\"0x1\"}"
#define HEADER_OF(number)                                                                      \
    "\"result\":{\"block_number\":" number ",\"timestamp\":1700000000,\"block_hash\":\"0x9\"," \
    "\"parent_hash\":\"0x8\",\"l1_gas_price\":" PRICE ",\"l2_gas_price\":" PRICE               \
    ",\"l1_data_gas_price\":" PRICE ",\"transactions\":[]}"
#define FEE(gas, unit)                                                                         \
    "{\"l1_gas_consumed\":\"0x0\",\"l1_gas_price\":\"0x5\",\"l2_gas_consumed\":" gas           \
    ",\"l2_gas_price\":\"0x2\",\"l1_data_gas_consumed\":\"0x80\","                             \
    "\"l1_data_gas_price\":\"0x1\",\"overall_fee\":\"0x100\",\"unit\":\"" unit "\"}"
#define RECEIPT_OF(hash, finality, more)                                                       \
    "\"result\":{\"type\":\"INVOKE\",\"transaction_hash\":\"" hash                             \
    "\",\"actual_fee\":{\"amount\":\"0x77\",\"unit\":\"FRI\"},\"finality_status\":\"" finality \
    "\",\"block_number\":4,\"messages_sent\":[]," more "}"
#define DONE  "\"execution_status\":\"SUCCEEDED\",\"block_hash\":\"0x4\""
#define EVENT "{\"from_address\":\"0x1\",\"keys\":[\"0x2\",\"0x3\"],\"data\":[\"0x4\"]}"
#define EMITTED(from, key)                                                                     \
    "{\"from_address\":\"" from "\",\"keys\":[\"" key                                          \
    "\"],\"data\":[],\"block_hash\":\"0x9\","                                                  \
    "\"block_number\":9,\"transaction_hash\":\"0xabc\",\"transaction_index\":0,"               \
    "\"event_index\":1}"

static void test_questions(void **state)
{
    static const struct {
        int call;
        const char *line, *asked;
    } cases[] = {
        {VERSION, "\"result\":\"0.10.2\"", "starknet_specVersion {}"},
        {VERSION, "\"result\":\"0.10.4-rc.1\"", "starknet_specVersion {}"},
        {CHAIN, "\"result\":\"0x534e5f5345504f4c4941\"", "starknet_chainId {}"},
        {NUMBER, "\"result\":12", "starknet_blockNumber {}"},
        {HEADER, HEADER_OF("9"),
         "starknet_getBlockWithTxHashes {\"block_id\":{\"block_number\":9}}"},
        {NONCE, "\"result\":\"0x5\"",
         "starknet_getNonce {\"block_id\":\"latest\",\"contract_address\":\"0x51\"}"},
        {CLASS_AT, "\"result\":\"0x5\"",
         "starknet_getClassHashAt {\"block_id\":\"latest\",\"contract_address\":\"0x51\"}"},
        {CLASS, "\"result\":{\"sierra_program\":[],\"entry_points_by_type\":{},\"abi\":\"[]\"}",
         "starknet_getClass {\"block_id\":\"latest\",\"class_hash\":\"0x5\"}"},
        {CALL, "\"result\":[\"0x1\",\"0x0\"]",
         "starknet_call {\"block_id\":\"latest\",\"request\":{\"calldata\":[],"
         "\"contract_address\":\"0x1\",\"entry_point_selector\":\"0x2\"}}"},
        {ESTIMATE, "\"result\":[" FEE("\"0x40\"", "FRI") "]", NULL},
        {INVOKE, "\"result\":{\"transaction_hash\":\"0xabc\"}", NULL},
        {DEPLOY, "\"result\":{\"transaction_hash\":\"0xabc\",\"contract_address\":\"0x51\"}",
         NULL},
        {STATUS, "\"result\":{\"finality_status\":\"RECEIVED\"}",
         "starknet_getTransactionStatus {\"transaction_hash\":\"0xabc\"}"},
        {RECEIPT, RECEIPT_OF("0xabc", "ACCEPTED_ON_L2", DONE ",\"events\":[" EVENT "]"),
         "starknet_getTransactionReceipt {\"transaction_hash\":\"0xabc\"}"},
        {EVENTS, "\"result\":{\"events\":[" EMITTED("0x1", "0x2") "]}",
         "starknet_getEvents {\"filter\":{\"address\":\"0x1\",\"chunk_size\":2,"
         "\"from_block\":\"latest\",\"keys\":[[\"0x2\"]],\"to_block\":\"latest\"}}"},
        {RAW, "\"result\":false", "starknet_syncing {}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sage_errinfo err = {0};
        char asked[400];
        if (ask(cases[i].call, cases[i].line, asked, &err))
            fail_msg("case %zu: %s %s", i, err.where, err.msg);
        if (cases[i].asked) assert_string_equal(asked, cases[i].asked);
    }
}

static void test_refused_answers(void **state)
{
    static const struct {
        int call;
        const char *line, *where;
    } cases[] = {
        {VERSION, "\"result\":\"ten\"", "rpc.value"},
        {VERSION, "\"result\":\"0.10.2; DROP TABLE\"", "rpc.value"},
        {VERSION, "\"result\":\"0.10.200000000000000000000000000\"", "rpc.value"},
        {VERSION, "\"result\":10", "rpc.type"},
        {CHAIN, "\"result\":\"SN_SEPOLIA\"", "rpc.felt"},
        {CHAIN, "\"result\":null", "rpc.type"},
        {NUMBER, "\"result\":-1", "rpc.range"},
        {NUMBER, "\"result\":1.5", "rpc.type"},
        {NUMBER, "\"result\":99999999999999999999", "rpc.syntax"},
        {HEADER, HEADER_OF("8"), "rpc.value"},
        {HEADER, HEADER_OF("-9"), "rpc.range"},
        {HEADER, "\"result\":{}", "rpc.missing"},
        {HEADER, "\"result\":[]", "rpc.type"},
        {NONCE, "\"result\":\"0x10000000000000000\"", "rpc.range"},
        {NONCE, "\"result\":\"0x05\"", "rpc.felt"},
        {NONCE, "\"result\":5", "rpc.type"},
        /* P itself, and above it */
        {CLASS_AT,
         "\"result\":\"0x800000000000011000000000000000000000000000000000000000000000001\"",
         "rpc.felt"},
        {CLASS_AT, "\"result\":\"0x\"", "rpc.felt"},
        {CLASS, "\"result\":{\"entry_points_by_type\":{}}", "rpc.missing"},
        {CLASS, "\"result\":{\"sierra_program\":[],\"entry_points_by_type\":{},\"abi\":[]}",
         "rpc.type"},
        {CALL, "\"result\":[\"0x1\",2]", "rpc.felt"},
        {CALL, "\"result\":\"0x1\"", "rpc.felt"},
        {ESTIMATE, "\"result\":[]", "rpc.value"},
        {ESTIMATE, "\"result\":[" FEE("\"0x40\"", "WEI") "]", "rpc.value"},
        {ESTIMATE, "\"result\":[" FEE("64", "FRI") "]", "rpc.type"},
        {ESTIMATE, "\"result\":[" FEE("\"0x10000000000000000\"", "FRI") "]", "rpc.range"},
        {INVOKE, "\"result\":{\"transaction_hash\":\"0xabd\"}", "rpc.hash"},
        {INVOKE, "\"result\":{}", "rpc.missing"},
        {DEPLOY, "\"result\":{\"transaction_hash\":\"0xabc\",\"contract_address\":\"0x52\"}",
         "rpc.address"},
        {STATUS, "\"result\":{\"finality_status\":\"FINE\"}", "rpc.value"},
        {STATUS, "\"result\":{\"finality_status\":\"ACCEPTED_ON_L2\"}", "rpc.missing"},
        {STATUS, "\"result\":{\"finality_status\":\"RECEIVED\",\"execution_status\":\"MAYBE\"}",
         "rpc.value"},
        {RECEIPT, RECEIPT_OF("0xabd", "ACCEPTED_ON_L2", DONE ",\"events\":[]"), "rpc.hash"},
        {RECEIPT, RECEIPT_OF("0xabc", "RECEIVED", DONE ",\"events\":[]"), "rpc.value"},
        {RECEIPT,
         RECEIPT_OF("0xabc", "ACCEPTED_ON_L2",
                    "\"execution_status\":\"SUCCEEDED\",\"events\":[]"),
         "rpc.missing"},
        {RECEIPT, RECEIPT_OF("0xabc", "ACCEPTED_ON_L2", DONE ",\"events\":[" EVENT ",{}]"),
         "rpc.missing"},
        {RECEIPT, RECEIPT_OF("0xabc", "ACCEPTED_ON_L2", DONE ",\"events\":{}"), "rpc.type"},
        {EVENTS, "\"result\":{\"events\":[" EMITTED("0x7", "0x2") "]}", "rpc.filter"},
        {EVENTS, "\"result\":{\"events\":[" EMITTED("0x1", "0x7") "]}", "rpc.filter"},
        {EVENTS,
         "\"result\":{\"events\":[" EMITTED("0x1", "0x2") "," EMITTED("0x1", "0x2") "," EMITTED(
             "0x1", "0x2") "]}",
         "rpc.length"},
        {EVENTS, "\"result\":{\"events\":[" EVENT "]}", "rpc.missing"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sage_errinfo err = {0};
        if (!ask(cases[i].call, cases[i].line, NULL, &err) ||
            strcmp(err.where, cases[i].where) != 0)
            fail_msg("case %zu: %s %s", i, err.where ? err.where : "taken", err.msg);
    }
}

static void test_envelopes(void **state)
{
    static const struct {
        int http;
        const char *text, *where;
    } cases[] = {
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":12}", NULL},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":12}", "rpc.id"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"result\":12}", "rpc.id"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":12}", "rpc.id"},
        {200, "{\"jsonrpc\":\"2.0\",\"result\":12}", "rpc.id"},
        {200, "{\"jsonrpc\":\"1.0\",\"id\":7,\"result\":12}", "rpc.envelope"},
        {200, "{\"id\":7,\"result\":12}", "rpc.envelope"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7}", "rpc.envelope"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":12,\"error\":{\"code\":20}}",
         "rpc.envelope"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":\"no\"}", "rpc.envelope"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{}}", "rpc.envelope"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":12,\"result\":13}", "rpc.syntax"},
        {200, "[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":12}]", "rpc.envelope"},
        {200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":12}}", "rpc.syntax"},
        {200, "<html>", "rpc.syntax"},
        {200, "", "rpc.syntax"},
        {500, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":12}", "rpc.server"},
        {500, "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":24}}", "rpc.block"},
        {400, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700}}", "rpc.request"},
        {429, "slow down", "rpc.server"},
        {502, "<html>", "rpc.server"},
        {503, "{\"message\":\"away\"}", "rpc.server"},
        {401, "", "rpc.auth"},
        {403, "{\"error\":\"key\"}", "rpc.auth"},
        {404, "", "rpc.http"},
        {301, "", "rpc.http"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t out;
        sage_errinfo err = {0};
        parrot p         = {.lines = &cases[i].text, .http = cases[i].http};
        const sage_sn sn = {ask_parrot, &p};
        sage_status st   = sage_sn_block_number(&sn, &out, &err);
        if (cases[i].where ? !st || strcmp(err.where, cases[i].where) != 0 : st != SAGE_OK)
            fail_msg("case %zu: %s %s", i, err.where ? err.where : "taken", err.msg);
        free(p.asked);
    }
}

static void test_errors(void **state)
{
    static const struct {
        int code;
        sage_status status;
        const char *where;
        bool unknown; /* of a transaction handed in */
    } cases[] = {
        {20, SAGE_ENOTFOUND, "rpc.contract", false},
        {21, SAGE_ENOTFOUND, "rpc.entry_point", false},
        {24, SAGE_ENOTFOUND, "rpc.block", false},
        {28, SAGE_ENOTFOUND, "rpc.class", false},
        {29, SAGE_ENOTFOUND, "rpc.transaction", true},
        {40, SAGE_ECONFLICT, "rpc.contract_error", true},
        {41, SAGE_ECONFLICT, "rpc.execution", true},
        {52, SAGE_ECONFLICT, "rpc.nonce", false},
        {53, SAGE_ECONFLICT, "rpc.resources", false},
        {54, SAGE_ECONFLICT, "rpc.balance", false},
        {55, SAGE_ECONFLICT, "rpc.validation", false},
        {59, SAGE_ECONFLICT, "rpc.duplicate", true},
        {61, SAGE_EUNSUP, "rpc.version", false},
        {63, SAGE_EAGAIN, "rpc.unexpected", true},
        {65, SAGE_ECONFLICT, "rpc.fee", false},
        {69, SAGE_EPROOF, "rpc.proof", false},
        {-32602, SAGE_EINVAL, "rpc.params", false},
        {-32603, SAGE_EAGAIN, "rpc.server", true},
        {-32005, SAGE_EAGAIN, "rpc.server", true},
        {4711, SAGE_EFORMAT, "rpc.error", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[100];
        sage_errinfo err = {0};
        snprintf(line, sizeof line, "\"error\":{\"code\":%d,\"message\":\"so\"}",
                 cases[i].code);
        assert_int_equal(ask(NUMBER, line, NULL, &err), cases[i].status);
        assert_string_equal(err.where, cases[i].where);
        assert_int_equal(err.at, cases[i].code);
        assert_int_equal(sage_sn_unknown(&err), cases[i].unknown);
    }
    const sage_errinfo gone = {.where = "http.unreachable"}, never = {.where = "pool.down"};
    assert_true(sage_sn_unknown(&gone));
    assert_false(sage_sn_unknown(&never));
}

/* The innermost text of a nested revert, without control characters, and of a long one the
 * end. */
static void test_error_texts(void **state)
{
    static const char nested[] =
        "\"error\":{\"code\":40,\"message\":\"Contract error\",\"data\":{\"revert_error\":"
        "{\"contract_address\":\"0x1\",\"error\":{\"contract_address\":\"0x2\","
        "\"error\":\"u256_sub\\u001b[31m \\u00fcberlauf\"}}}}";
    char line[2000], filler[1200];
    sage_errinfo err;
    (void)state;
    assert_int_equal(ask(CALL, nested, NULL, &err), SAGE_ECONFLICT);
    assert_non_null(strstr(err.msg, "u256_sub?[31m ??berlauf"));
    memset(filler, 'a', sizeof filler);
    filler[sizeof filler - 1] = 0;
    snprintf(line, sizeof line,
             "\"error\":{\"code\":41,\"message\":\"m\",\"data\":{\"transaction_index\":0,"
             "\"execution_error\":\"first %s last\"}}",
             filler);
    assert_int_equal(ask(ESTIMATE, line, NULL, &err), SAGE_ECONFLICT);
    assert_non_null(strstr(err.msg, "first aaa"));
    assert_non_null(strstr(err.msg, "aaa last"));
    assert_true(strlen(err.msg) < sizeof err.msg);
}

static void test_receipt(void **state)
{
    static const char *const line =
        RECEIPT_OF("0xabc", "PRE_CONFIRMED",
                   "\"execution_status\":\"REVERTED\",\"revert_reason\":\"no \\u0007 funds\","
                   "\"events\":[" EVENT "," EVENT "]");
    parrot p         = {.lines = &line};
    const sage_sn sn = {ask_parrot, &p};
    sage_sn_receipt r;
    (void)state;
    assert_int_equal(sage_sn_tx_receipt(&sn, felt("0xabc"), &r, NULL), SAGE_OK);
    assert_true(r.reverted && !r.in_block && r.finality == SAGE_SN_EXECUTED);
    assert_string_equal(r.reason, "no ? funds");
    assert_int_equal(r.fee.w[0], 0x77);
    assert_int_equal(r.n_events, 2);
    assert_int_equal(r.events[1].keys.n, 2);
    assert_true(felt252_eq(r.events[1].data.v[0], felt("4")));
    sage_sn_receipt_free(&r);
    free(p.asked);
}

/* Pages until there is no token; empty ones are no end. */
static void test_pages(void **state)
{
    static const char *const lines[] = {
        "\"result\":{\"events\":[" EMITTED("0x1", "0x2") "],\"continuation_token\":\"a\"}",
        "\"result\":{\"events\":[],\"continuation_token\":\"b\"}",
        "\"result\":{\"events\":[" EMITTED("0x1", "0x2") "," EMITTED("0x1", "0x2") "]}"};
    static const char *const loop[] = {
        "\"result\":{\"events\":[],\"continuation_token\":\"a\"}",
        "\"result\":{\"events\":[],\"continuation_token\":\"a\"}"};
    const sage_sn_filter f = {.from    = {SAGE_SN_AT, 9},
                              .address = felt("1"),
                              .n_keys  = 1,
                              .keys    = {felt("2")},
                              .page    = 2};
    int seen               = 0;
    sage_errinfo err       = {0};
    parrot p               = {.lines = lines};
    sage_sn sn             = {ask_parrot, &p};
    (void)state;
    assert_int_equal(sage_sn_events(&sn, &f, 100, ignore, &seen, &err), SAGE_OK);
    assert_int_equal(seen, 3);
    assert_non_null(strstr(p.asked, "\"continuation_token\":\"b\""));
    p.n_asked = seen = 0;
    assert_int_equal(sage_sn_events(&sn, &f, 2, ignore, &seen, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "rpc.length");
    assert_int_equal(seen, 2);
    p.n_asked = 0;
    p.lines   = loop;
    assert_int_equal(sage_sn_events(&sn, &f, 2, ignore, &seen, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "rpc.value");
    free(p.asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions),   cmocka_unit_test(test_refused_answers),
        cmocka_unit_test(test_envelopes),   cmocka_unit_test(test_errors),
        cmocka_unit_test(test_error_texts), cmocka_unit_test(test_receipt),
        cmocka_unit_test(test_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

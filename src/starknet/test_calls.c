/* Calldata of accounts: multicalls and outside executions, there and back. */
#include "base/test.h"

#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/calls.h"

static felt252 felt(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_text(&v, text, strlen(text), NULL), SAGE_OK);
    return v;
}

/* transfer 1000 of STRK to 0x123, and a call without calldata of ETH. */
static void two_calls(sage_call calls[2])
{
    const felt252 data[3] = {felt("0x123"), felt("1000"), felt("0")};
    memset(calls, 0, 2 * sizeof *calls);
    calls[0].to = felt("0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d");
    calls[0].selector = sage_selector("transfer");
    assert_int_equal(sage_felt_list_add_many(&calls[0].calldata, data, 3, NULL), SAGE_OK);
    calls[1].to = felt("0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7");
    calls[1].selector = sage_selector("approve");
}

static void there_and_back(void **state)
{
    (void)state;
    sage_call calls[2], *back;
    sage_felt_list data = {0};
    uint32_t n;
    sage_errinfo err;
    two_calls(calls);
    assert_int_equal(sage_calls_encode(&data, calls, 2, &err), SAGE_OK);
    assert_int_equal(data.n, 1 + 3 + 3 + 3);
    assert_true(felt252_eq(data.v[0], felt("2")) && felt252_eq(data.v[3], felt("3")));
    assert_true(felt252_eq(data.v[4], felt("0x123")) && felt252_eq(data.v[9], felt("0")));
    assert_int_equal(sage_calls_decode(&back, &n, data.v, data.n, &err), SAGE_OK);
    assert_int_equal(n, 2);
    for (int i = 0; i < 2; i++) {
        assert_true(felt252_eq(back[i].to, calls[i].to));
        assert_true(felt252_eq(back[i].selector, calls[i].selector));
        assert_true(sage_felt_list_equal(&back[i].calldata, &calls[i].calldata));
    }
    sage_calls_free(back, n);
    /* Every prefix is too short, every suffix too long. */
    for (uint32_t len = 0; len < data.n; len++) {
        assert_int_equal(sage_calls_decode(&back, &n, data.v, len, &err), SAGE_EFORMAT);
        assert_string_equal(err.where, "calls.form");
        assert_null(back);
    }
    assert_int_equal(sage_felt_list_add(&data, felt252_zero(), &err), SAGE_OK);
    assert_int_equal(sage_calls_decode(&back, &n, data.v, data.n, &err), SAGE_EFORMAT);
    uint32_t used = 0;
    assert_int_equal(sage_calls_decode_front(&back, &n, &used, data.v, data.n, &err), SAGE_OK);
    assert_int_equal(used, data.n - 1);
    sage_calls_free(back, n);
    sage_felt_list_free(&calls[0].calldata);
    sage_felt_list_free(&data);
}

static void counts(void **state)
{
    (void)state;
    enum { ROOM = 1 + 3 * (SAGE_CALLS_MAX + 1) };
    static felt252 data[ROOM];
    sage_call *back;
    uint32_t n;
    sage_errinfo err;
    for (int i = 0; i < ROOM; i++)
        data[i] = felt252_zero();
    assert_int_equal(sage_calls_decode(&back, &n, data, 1, &err), SAGE_OK); /* no calls */
    assert_int_equal(n, 0);
    sage_calls_free(back, n);
    data[0] = felt252_from_u64(SAGE_CALLS_MAX);
    assert_int_equal(sage_calls_decode(&back, &n, data, ROOM - 3, &err), SAGE_OK);
    assert_int_equal(n, SAGE_CALLS_MAX);
    sage_calls_free(back, n);
    data[0] = felt252_from_u64(SAGE_CALLS_MAX + 1);
    assert_int_equal(sage_calls_decode(&back, &n, data, ROOM, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "calls.count");
    static const char *const lengths[] = {"0xffffffffffffffff", "0x100000001",
                                          "0x10000000000000001", "2"};
    for (int i = 0; i < 4; i++) {
        data[0] = felt252_one(), data[3] = felt(lengths[i]);
        assert_int_equal(sage_calls_decode(&back, &n, data, 5, &err), SAGE_EFORMAT);
        data[0] = felt(lengths[i]), data[3] = felt252_zero();
        assert_int_equal(sage_calls_decode(&back, &n, data, 4, &err), SAGE_EFORMAT);
    }
    sage_calls_free(NULL, 0);
}

#define ACCOUNT "0x54ad8453a1d3bb1d0d1b0bc1c2d1b5e1f1b0bc1c2d1b5e1f1b0bc1c2d1bdd6"

/* Hash and calldata by starknet.js 10.8.0: outsideExecution.getTypedData of version 2 with
 * typedData.getMessageHash, and buildExecuteFromOutsideCall. */
static void outside(void **state)
{
    (void)state;
    static const char *const want[] = {
        "308399107364216179017042",
        "10775",
        "1700000000",
        "1800000000",
        "2",
        "2009894490435840142178314390393166646092438090257831307886760648929397478285",
        "232670485425082704932579856502088130646006032362877466777181098476241604910",
        "3",
        "291",
        "1000",
        "0",
        "2087021424722619777119509474943472645767659996348769578120564519014510906823",
        "949021990203918389843157787496164629863144228991510976554585288817234167820",
        "0",
        "2",
        "17",
        "34"};
    enum { N = sizeof want / sizeof want[0] };
    sage_call calls[2], *back;
    sage_felt_list data = {0}, signature = {0}, signature_back;
    sage_errinfo err;
    two_calls(calls);
    const felt252 rs[2] = {felt("17"), felt("34")};
    assert_int_equal(sage_felt_list_add_many(&signature, rs, 2, &err), SAGE_OK);
    sage_outside_execution e = {sage_felt_short("ANY_CALLER"),
                                felt("0x2a17"),
                                1700000000,
                                1800000000,
                                calls,
                                2},
                           read;
    felt252 chain = sage_felt_short("SN_SEPOLIA"), account = felt(ACCOUNT);
    felt252 h = sage_outside_execution_hash(&e, account, chain);
    assert_true(felt252_eq(
        h, felt("0x44d990be0c89afd1d1764557d645fa7cd74dc0de1f0bb0e48e1c246377feea0")));
    assert_int_equal(sage_outside_execution_encode(&data, &e, &signature, &err), SAGE_OK);
    assert_int_equal(data.n, N);
    for (int i = 0; i < N; i++)
        assert_true(felt252_eq(data.v[i], felt(want[i])));

    assert_int_equal(
        sage_outside_execution_decode(&read, &back, &signature_back, data.v, data.n, &err),
        SAGE_OK);
    assert_true(felt252_eq(sage_outside_execution_hash(&read, account, chain), h));
    assert_true(sage_felt_list_equal(&signature, &signature_back));
    sage_calls_free(back, read.n_calls);
    sage_felt_list_free(&signature_back);
    for (uint32_t len = 0; len < data.n; len++) {
        assert_int_equal(
            sage_outside_execution_decode(&read, &back, &signature_back, data.v, len, &err),
            SAGE_EFORMAT);
        assert_true(!back && !signature_back.v);
    }
    assert_int_equal(sage_felt_list_add(&data, felt252_one(), &err), SAGE_OK);
    assert_int_equal(
        sage_outside_execution_decode(&read, &back, &signature_back, data.v, data.n, &err),
        SAGE_EFORMAT);
    assert_string_equal(err.where, "outside.form");
    data.v[2] = felt("0x10000000000000000");
    assert_int_equal(
        sage_outside_execution_decode(&read, &back, &signature_back, data.v, N, &err),
        SAGE_EFORMAT);

    e.execute_before++;
    assert_false(felt252_eq(sage_outside_execution_hash(&e, account, chain), h));
    sage_felt_list_free(&calls[0].calldata);
    sage_felt_list_free(&data);
    sage_felt_list_free(&signature);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(counts),
        cmocka_unit_test(outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The account: who may make it act, and what its owner must sign. */
#include "curve/sign.h"
#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"
#include "hash/poseidon252.h"
#include "starknet/calls.h"

enum { ACCOUNT = 0x10, TARGET = 0x20, RELAYER = 0x30 };

typedef struct owner {
    sage_secret_key secret;
    felt252 key;
} owner;

static owner owner_of(uint64_t d)
{
    owner o = {.secret = {{d, 0, 0, 0}}};
    o.key   = sage_public_key(&o.secret);
    return o;
}

static felt252 account(void)
{
    return rig_number(ACCOUNT);
}

static void sign(const owner *o, felt252 hash, felt252 out[2])
{
    assert_int_equal(sage_sign(&out[0], &out[1], &o->secret, hash, NULL), SAGE_OK);
}

/* The account, and a token that belongs to it, to call. */
static owner open_account(sage_rig *rig)
{
    owner o = owner_of(77);
    rig_open(rig);
    rig_deploy(rig, account(), &sage_contract_account, &o.key, 1);
    const sage_chain_event *e = rig_event(rig, account(), "OwnerAdded", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->keys.v[1], o.key));
    const felt252 calldata[] = {
        rig_number(0),        sage_felt_short("T"), rig_number(1), rig_number(0),
        sage_felt_short("T"), rig_number(1),        rig_number(0), rig_number(0),
        rig_number(50),       rig_number(0),        account(),     account()};
    rig_deploy(rig, rig_number(TARGET), &sage_contract_erc20, calldata, 12);
    return o;
}

/* One call: transfer v to the relayer. For sage_felt_list_free. */
static sage_call transfer_call(uint64_t v)
{
    sage_call c = {.to = rig_number(TARGET), .selector = sage_selector("transfer")};
    const felt252 calldata[] = {rig_number(RELAYER), rig_number(v), rig_number(0)};
    assert_int_equal(sage_felt_list_add_many(&c.calldata, calldata, 3, NULL), SAGE_OK);
    return c;
}

static uint64_t relayer_has(sage_rig *rig)
{
    felt252 who = rig_number(RELAYER);
    return rig_u256(rig, rig_number(TARGET), "balance_of", &who, 1).w[0];
}

static void executes_for_the_chain_alone(void **state)
{
    sage_rig rig;
    sage_felt_list calldata = {0};
    (void)state;
    open_account(&rig);
    sage_call calls[] = {transfer_call(3), transfer_call(4)};
    assert_int_equal(sage_calls_encode(&calldata, calls, 2, NULL), SAGE_OK);
    assert_false(
        rig_call(&rig, rig_number(RELAYER), account(), "__execute__", calldata.v, calldata.n));
    rig_panicked_with(&rig, "Account: invalid caller");
    assert_true(
        rig_call(&rig, felt252_zero(), account(), "__execute__", calldata.v, calldata.n));
    assert_int_equal(relayer_has(&rig), 7);
    /* two results of one felt, true */
    const uint64_t expected[] = {2, 1, 1, 1, 1};
    assert_int_equal(rig.result.n, 5);
    for (uint32_t i = 0; i < 5; i++)
        assert_true(felt252_eq(rig_result(&rig, i), rig_number(expected[i])));
    assert_false(
        rig_call(&rig, felt252_zero(), account(), "__execute__", calldata.v, calldata.n - 1));
    rig_panicked_with(&rig, "Failed to deserialize param #1");
    sage_felt_list_free(&calldata);
    sage_felt_list_free(&calls[0].calldata);
    sage_felt_list_free(&calls[1].calldata);
    rig_close(&rig);
}

/* One call fails: neither of the two happened. */
static void executes_all_or_nothing(void **state)
{
    sage_rig rig;
    sage_felt_list calldata = {0};
    (void)state;
    open_account(&rig);
    sage_call calls[] = {transfer_call(3), transfer_call(48)};
    assert_int_equal(sage_calls_encode(&calldata, calls, 2, NULL), SAGE_OK);
    assert_false(
        rig_call(&rig, felt252_zero(), account(), "__execute__", calldata.v, calldata.n));
    assert_non_null(strstr(rig.panic, "ERC20: insufficient balance"));
    assert_int_equal(relayer_has(&rig), 0);
    sage_felt_list_free(&calldata);
    sage_felt_list_free(&calls[0].calldata);
    sage_felt_list_free(&calls[1].calldata);
    rig_close(&rig);
}

static void validates_by_the_owners_signature(void **state)
{
    sage_rig rig;
    sage_tx tx = {0};
    felt252 rs[2], no_calls = felt252_zero(), class_hash = sage_account_class_hash();
    (void)state;
    owner o     = open_account(&rig);
    rig.tx      = &tx;
    rig.tx_hash = rig_number(123456);
    sign(&o, rig.tx_hash, rs);
    assert_int_equal(sage_felt_list_add_many(&tx.signature, rs, 2, NULL), SAGE_OK);
    assert_true(rig_do(&rig, felt252_zero(), account(), "__validate__", no_calls));
    assert_true(felt252_eq(rig_result(&rig, 0), sage_felt_short("VALID")));
    assert_true(rig_do(&rig, felt252_zero(), account(), "__validate_declare__", class_hash));
    assert_true(rig_do(&rig, felt252_zero(), account(), "__validate_deploy__", class_hash,
                       o.key, o.key));
    tx.signature.v[1] = felt252_add(tx.signature.v[1], felt252_one());
    assert_false(rig_do(&rig, felt252_zero(), account(), "__validate__", no_calls));
    rig_panicked_with(&rig, "Account: invalid signature");
    tx.signature.v[1] = rs[1];
    rig.tx_hash       = rig_number(123457);
    assert_false(rig_do(&rig, felt252_zero(), account(), "__validate__", no_calls));
    tx.signature.n = 1;
    assert_false(rig_do(&rig, felt252_zero(), account(), "__validate__", no_calls));
    sage_felt_list_free(&tx.signature);
    rig_close(&rig);
}

static void tells_whether_it_signed(void **state)
{
    sage_rig rig;
    felt252 rs[2], hash = rig_number(999);
    (void)state;
    owner o = open_account(&rig);
    sign(&o, hash, rs);
    assert_true(rig_do(&rig, rig_number(RELAYER), account(), "is_valid_signature", hash,
                       rig_number(2), rs[0], rs[1]));
    assert_true(felt252_eq(rig_result(&rig, 0), sage_felt_short("VALID")));
    assert_true(rig_do(&rig, rig_number(RELAYER), account(), "isValidSignature", hash,
                       rig_number(2), rs[1], rs[0]));
    assert_true(felt252_is_zero(rig_result(&rig, 0)));
    assert_true(rig_do(&rig, rig_number(RELAYER), account(), "is_valid_signature", hash,
                       rig_number(0)));
    assert_true(felt252_is_zero(rig_result(&rig, 0)));
    assert_true(felt252_eq(rig_felt(&rig, account(), "getPublicKey", NULL, 0), o.key));
    rig_close(&rig);
}

/* What the next owner signs (contract, current owner). */
static felt252 acceptance(felt252 current)
{
    const felt252 message[] = {sage_felt_short("StarkNet Message"),
                               sage_felt_short("accept_ownership"), account(), current};
    return sage_poseidon252_many(message, 4);
}

static void changes_owner_with_both_agreeing(void **state)
{
    sage_rig rig;
    felt252 rs[2];
    (void)state;
    owner o = open_account(&rig), next = owner_of(78);
    sign(&next, acceptance(o.key), rs);
    assert_false(rig_do(&rig, rig_number(RELAYER), account(), "set_public_key", next.key,
                        rig_number(2), rs[0], rs[1]));
    rig_panicked_with(&rig, "Account: unauthorized");
    assert_false(rig_do(&rig, account(), account(), "set_public_key", next.key, rig_number(2),
                        rs[1], rs[0]));
    rig_panicked_with(&rig, "Account: invalid signature");
    assert_true(rig_do(&rig, account(), account(), "set_public_key", next.key, rig_number(2),
                       rs[0], rs[1]));
    assert_true(felt252_eq(rig_event(&rig, account(), "OwnerRemoved", 0)->keys.v[1], o.key));
    assert_true(felt252_eq(rig_event(&rig, account(), "OwnerAdded", 0)->keys.v[1], next.key));
    assert_true(felt252_eq(rig_felt(&rig, account(), "get_public_key", NULL, 0), next.key));
    rig_close(&rig);
}

static void knows_its_interfaces(void **state)
{
    const char *const yes[] = {
        "0x3f918d17e5ee77373b56385708f855659a07f75997f365cf87748628532a055",
        "0x2ceccef7f994940b3962a6c67e0ba4fcd37df7d131417c604f91e03caecc1cd",
        "0x1d1144bb2138366ff28d8e9ab57456b1d332ac42196230c3a602003c89872"};
    sage_rig rig;
    (void)state;
    open_account(&rig);
    for (int i = 0; i < 3; i++) {
        felt252 id;
        assert_int_equal(sage_felt_from_hex(&id, yes[i], strlen(yes[i]), true, NULL), SAGE_OK);
        felt252 answer = rig_felt(&rig, account(), "supports_interface", &id, 1);
        assert_true(felt252_eq(answer, felt252_one()));
        id = felt252_add(id, felt252_one());
        assert_true(felt252_is_zero(rig_felt(&rig, account(), "supports_interface", &id, 1)));
    }
    rig_close(&rig);
}

static void upgrades_itself_alone(void **state)
{
    sage_rig rig;
    (void)state;
    open_account(&rig);
    felt252 other = sage_contract_class_hash(&sage_contract_erc20);
    assert_false(rig_do(&rig, rig_number(RELAYER), account(), "upgrade", other));
    rig_panicked_with(&rig, "Account: unauthorized");
    assert_false(rig_do(&rig, account(), account(), "upgrade", felt252_zero()));
    rig_panicked_with(&rig, "Class hash cannot be zero");
    assert_true(rig_do(&rig, account(), account(), "upgrade", other));
    assert_true(felt252_eq(rig_event(&rig, account(), "Upgraded", 0)->data.v[0], other));
    assert_true(felt252_eq(
        sage_state_get(rig.state, SAGE_CELL_CLASS, account(), felt252_zero()), other));
    rig_close(&rig);
}

/* An outside execution of one transfer, and its signed calldata. */
typedef struct outside {
    sage_outside_execution e;
    sage_call call;
    sage_felt_list calldata;
} outside;

static void make_outside(outside *x, const sage_rig *rig, const owner *o, felt252 caller)
{
    felt252 rs[2];
    sage_felt_list signature = {0};
    *x                       = (outside){.call = transfer_call(5)};
    x->e                     = (sage_outside_execution){.caller         = caller,
                                                        .nonce          = rig_number(42),
                                                        .execute_after  = rig->env.timestamp - 10,
                                                        .execute_before = rig->env.timestamp + 10,
                                                        .calls          = &x->call,
                                                        .n_calls        = 1};
    sign(o, sage_outside_execution_hash(&x->e, account(), rig->env.chain_id), rs);
    assert_int_equal(sage_felt_list_add_many(&signature, rs, 2, NULL), SAGE_OK);
    assert_int_equal(sage_outside_execution_encode(&x->calldata, &x->e, &signature, NULL),
                     SAGE_OK);
    sage_felt_list_free(&signature);
}

static void free_outside(outside *x)
{
    sage_felt_list_free(&x->call.calldata);
    sage_felt_list_free(&x->calldata);
}

static bool relay(sage_rig *rig, const outside *x)
{
    return rig_call(rig, rig_number(RELAYER), account(), "execute_from_outside_v2",
                    x->calldata.v, x->calldata.n);
}

static void lets_others_pay_once(void **state)
{
    sage_rig rig;
    outside x;
    felt252 nonce = rig_number(42);
    (void)state;
    owner o = open_account(&rig);
    make_outside(&x, &rig, &o, sage_felt_short("ANY_CALLER"));
    felt252 unused = rig_felt(&rig, account(), "is_valid_outside_execution_nonce", &nonce, 1);
    assert_true(felt252_eq(unused, felt252_one()));
    assert_true(relay(&rig, &x));
    assert_int_equal(relayer_has(&rig), 5);
    assert_true(felt252_is_zero(
        rig_felt(&rig, account(), "is_valid_outside_execution_nonce", &nonce, 1)));
    assert_false(relay(&rig, &x));
    rig_panicked_with(&rig, "SRC9: duplicated nonce");
    assert_int_equal(relayer_has(&rig), 5);
    free_outside(&x);
    rig_close(&rig);
}

static void keeps_the_times_and_the_caller(void **state)
{
    sage_rig rig;
    outside x;
    (void)state;
    owner o = open_account(&rig);
    make_outside(&x, &rig, &o, rig_number(RELAYER + 1));
    assert_false(relay(&rig, &x));
    rig_panicked_with(&rig, "SRC9: invalid caller");
    free_outside(&x);
    make_outside(&x, &rig, &o, rig_number(RELAYER));
    rig.env.timestamp -= 10;
    assert_false(relay(&rig, &x));
    rig_panicked_with(&rig, "SRC9: now <= execute_after");
    rig.env.timestamp += 20;
    assert_false(relay(&rig, &x));
    rig_panicked_with(&rig, "SRC9: now >= execute_before");
    rig.env.timestamp -= 1;
    assert_true(relay(&rig, &x));
    free_outside(&x);
    rig_close(&rig);
}

/* No felt of what was signed, nor of the signature, may be another. */
static void refuses_what_was_not_signed(void **state)
{
    sage_rig rig;
    outside x;
    (void)state;
    owner o = open_account(&rig);
    make_outside(&x, &rig, &o, sage_felt_short("ANY_CALLER"));
    for (uint32_t i = 0; i < x.calldata.n; i++) {
        felt252 was     = x.calldata.v[i];
        x.calldata.v[i] = felt252_add(was, felt252_one());
        assert_false(relay(&rig, &x));
        x.calldata.v[i] = was;
    }
    x.calldata.n--;
    assert_false(relay(&rig, &x));
    rig_panicked_with(&rig, "Failed to deserialize param #1");
    x.calldata.n++;
    assert_int_equal(relayer_has(&rig), 0);
    assert_true(relay(&rig, &x));
    free_outside(&x);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(executes_for_the_chain_alone),
        cmocka_unit_test(executes_all_or_nothing),
        cmocka_unit_test(validates_by_the_owners_signature),
        cmocka_unit_test(tells_whether_it_signed),
        cmocka_unit_test(changes_owner_with_both_agreeing),
        cmocka_unit_test(knows_its_interfaces),
        cmocka_unit_test(upgrades_itself_alone),
        cmocka_unit_test(lets_others_pay_once),
        cmocka_unit_test(keeps_the_times_and_the_caller),
        cmocka_unit_test(refuses_what_was_not_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

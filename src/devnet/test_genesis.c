/* What a new chain has: funds that add up, contracts that know each other, keys that sign. */
#include "devnet/genesis.h"

#include "curve/sign.h"
#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"

enum { ACCOUNTS = 3, SEED = 5, EACH = 2000000 };

static sage_amount tokens(uint64_t n)
{
    sage_amount a = sage_amount_of(1000000000000000000);
    assert_int_equal(sage_amount_mul_div(&a, &a, n, 1, NULL), SAGE_OK);
    return a;
}

static sage_chain_options options(void)
{
    return (sage_chain_options){.seed = SEED, .n_accounts = ACCOUNTS, .balance = tokens(EACH)};
}

static void open_chain(sage_rig *rig, const sage_chain_options *o)
{
    rig_open(rig);
    sage_status s = sage_genesis_build(rig->state, &rig->env, o, &rig->err);
    if (s) fail_msg("%s: %s", rig->err.where, rig->err.msg);
    sage_state_settle(rig->state);
}

static sage_amount balance(sage_rig *rig, const char *token, felt252 who)
{
    return rig_u256(rig, sage_chain_contract(token), "balance_of", &who, 1);
}

static void assert_same(sage_amount a, sage_amount b)
{
    assert_int_equal(sage_amount_compare(&a, &b), 0);
}

static void keys_sign_for_their_accounts(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        sage_secret_key secret;
        felt252 r, s;
        sage_predeployed p = sage_genesis_account(SEED, i);
        felt252_to_limbs(p.private_key, secret.l);
        assert_true(felt252_eq(sage_public_key(&secret), p.public_key));
        assert_true(felt252_eq(sage_account_address(p.public_key), p.address));
        assert_int_equal(sage_sign(&r, &s, &secret, rig_number(1), NULL), SAGE_OK);
        assert_true(sage_signed(p.public_key, rig_number(1), r, s));
    }
}

static void seeds_and_numbers_give_other_keys(void **state)
{
    (void)state;
    sage_predeployed a = sage_genesis_account(SEED, 0), b = sage_genesis_account(SEED, 1);
    sage_predeployed c = sage_genesis_account(SEED + 1, 0), d = sage_genesis_account(SEED, 0);
    assert_false(felt252_eq(a.private_key, b.private_key));
    assert_false(felt252_eq(a.private_key, c.private_key));
    assert_true(felt252_eq(a.private_key, d.private_key));
}

/* All that any token has is with somebody known, and is as much as there is. */
static void funds_add_up(void **state)
{
    static const char *const names[] = {"STRK", "ETH", "SAGE"};
    const sage_chain_options o       = options();
    sage_rig rig;
    (void)state;
    open_chain(&rig, &o);
    for (int t = 0; t < 3; t++) {
        sage_amount sum = {0};
        for (uint32_t i = 0; i < ACCOUNTS + 2; i++) {
            sage_amount b = balance(&rig, names[t], sage_genesis_account(SEED, i).address);
            if (i < ACCOUNTS) assert_same(b, o.balance);
            assert_int_equal(sage_amount_add(&sum, &sum, &b, NULL), SAGE_OK);
        }
        sage_amount faucet = balance(&rig, names[t], sage_chain_contract("Faucet"));
        assert_int_equal(sage_amount_add(&sum, &sum, &faucet, NULL), SAGE_OK);
        assert_same(sum,
                    rig_u256(&rig, sage_chain_contract(names[t]), "total_supply", NULL, 0));
    }
    assert_same(rig_u256(&rig, sage_chain_contract("SAGE"), "get_max_supply", NULL, 0),
                tokens(1000000000));
    rig_close(&rig);
}

static void every_name_has_a_contract(void **state)
{
    static const char *const names[] = {"STRK",
                                        "ETH",
                                        "SAGE",
                                        "UDC",
                                        "UDC0",
                                        "ProverStaking",
                                        "JobManager",
                                        "ProofVerifier",
                                        "PaymentRouter",
                                        "Faucet",
                                        "ReputationManager"};
    enum { NAMES = sizeof names / sizeof *names };
    const sage_chain_options o = options();
    sage_rig rig;
    (void)state;
    open_chain(&rig, &o);
    for (int i = 0; i < NAMES; i++) {
        felt252 at = sage_chain_contract(names[i]);
        felt252 of = sage_state_get(rig.state, SAGE_CELL_CLASS, at, felt252_zero());
        assert_non_null(sage_contract_of(of));
        for (int j = 0; j < i; j++)
            assert_false(felt252_eq(at, sage_chain_contract(names[j])));
    }
    assert_true(felt252_is_zero(sage_chain_contract("Nothing")));
    char hex[SAGE_FELT_HEX];
    sage_felt_to_hex(hex, sage_chain_contract("STRK"));
    assert_string_equal(hex,
                        "0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d");
    sage_felt_to_hex(hex, sage_chain_contract("ETH"));
    assert_string_equal(hex,
                        "0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7");
    sage_felt_to_hex(hex, sage_chain_contract("UDC"));
    assert_string_equal(hex,
                        "0x2ceed65a4bd731034c01113685c831b01c15d7d432f71afb1cf1634b53a2125");
    sage_felt_to_hex(hex, sage_chain_contract("UDC0"));
    assert_string_equal(hex,
                        "0x41a78e741e5af2fec34b695679bc6891742439f7afb8484ecd7766661ad02bf");
    rig_close(&rig);
}

static void amount_calldata(felt252 out[3], felt252 first, sage_amount a)
{
    out[0] = first;
    sage_u256_split(out + 1, &a);
}

/* Somebody new: one claim of the faucet is enough to stake, and the stake earns. */
static void a_claim_is_enough_to_stake(void **state)
{
    const felt252 worker = rig_number(0x777), staking = sage_chain_contract("ProverStaking");
    const sage_chain_options o = options();
    felt252 calldata[3];
    sage_rig rig;
    (void)state;
    open_chain(&rig, &o);
    assert_true(rig_call(&rig, worker, sage_chain_contract("Faucet"), "claim", NULL, 0));
    assert_same(balance(&rig, "SAGE", worker), tokens(1500));
    amount_calldata(calldata, staking, tokens(1000));
    assert_true(rig_call(&rig, worker, sage_chain_contract("SAGE"), "approve", calldata, 3));
    assert_true(
        rig_do(&rig, worker, staking, "stake", calldata[1], calldata[2], felt252_zero()));
    assert_same(balance(&rig, "SAGE", worker), tokens(500));
    rig.env.timestamp += 31536000; /* a year at 15 % */
    assert_true(rig_call(&rig, worker, staking, "claim_rewards", NULL, 0));
    assert_same(balance(&rig, "SAGE", worker), tokens(650));
    rig_close(&rig);
}

static void the_faucets_drip_can_be_chosen(void **state)
{
    const felt252 user   = rig_number(0x777);
    sage_chain_options o = options();
    sage_rig rig;
    (void)state;
    o.faucet_drip = tokens(7);
    open_chain(&rig, &o);
    assert_true(rig_call(&rig, user, sage_chain_contract("Faucet"), "claim", NULL, 0));
    assert_same(balance(&rig, "SAGE", user), tokens(7));
    rig_close(&rig);
}

static void the_operator_owns_the_contracts(void **state)
{
    const sage_chain_options o = options();
    const felt252 operator= sage_genesis_operator(&o).address, user = rig_number(0x777);
    felt252 calldata[3];
    sage_rig rig;
    (void)state;
    open_chain(&rig, &o);
    amount_calldata(calldata, user, tokens(9));
    static const char *const names[] = {"STRK", "ETH", "SAGE"};
    for (int i = 0; i < 3; i++) {
        assert_false(rig_call(&rig, user, sage_chain_contract(names[i]), "mint", calldata, 3));
        rig_panicked_with(&rig, "Caller is not the owner");
        assert_true(
            rig_call(&rig, operator, sage_chain_contract(names[i]), "mint", calldata, 3));
        assert_same(balance(&rig, names[i], user), tokens(9));
    }
    assert_true(rig_call(&rig, operator, sage_chain_contract("Faucet"), "pause", NULL, 0));
    assert_true(
        rig_call(&rig, operator, sage_chain_contract("ReputationManager"), "pause", NULL, 0));
    rig_close(&rig);
}

static void the_job_manager_keeps_reputations(void **state)
{
    const sage_chain_options o = options();
    const felt252 id           = rig_number(1);
    sage_rig rig;
    (void)state;
    open_chain(&rig, &o);
    assert_true(rig_call(&rig, sage_chain_contract("JobManager"),
                         sage_chain_contract("ReputationManager"), "initialize_reputation", &id,
                         1));
    assert_true(felt252_eq(rig_result(&rig, 0), felt252_one()));
    rig_close(&rig);
}

static void is_the_same_every_time(void **state)
{
    const sage_chain_options o = options();
    sage_rig rig[2];
    size_t n[2], marks[2];
    (void)state;
    const sage_state_change *changes[2];
    for (int i = 0; i < 2; i++) {
        rig_open(&rig[i]);
        marks[i] = sage_state_mark(rig[i].state);
        assert_int_equal(sage_genesis_build(rig[i].state, &rig[i].env, &o, &rig[i].err),
                         SAGE_OK);
        changes[i] = sage_state_changes(rig[i].state, marks[i], &n[i]);
    }
    assert_int_equal(n[0], n[1]);
    assert_true(n[0] > 100);
    for (size_t i = 0; i < n[0]; i++)
        assert_true(changes[0][i].kind == changes[1][i].kind &&
                    felt252_eq(changes[0][i].contract, changes[1][i].contract) &&
                    felt252_eq(changes[0][i].key, changes[1][i].key) &&
                    felt252_eq(changes[0][i].after, changes[1][i].after));
    rig_close(&rig[0]);
    rig_close(&rig[1]);
}

static void there_is_no_more_than_the_cap(void **state)
{
    sage_chain_options o = options();
    sage_rig rig;
    (void)state;
    o.balance = tokens(300000000);
    rig_open(&rig);
    assert_int_equal(sage_genesis_build(rig.state, &rig.env, &o, &rig.err), SAGE_ECONFLICT);
    assert_string_equal(rig.err.where, "chain.reverted");
    assert_non_null(strstr(rig.err.msg, "ERC20: cap exceeded"));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_sign_for_their_accounts),
        cmocka_unit_test(seeds_and_numbers_give_other_keys),
        cmocka_unit_test(funds_add_up),
        cmocka_unit_test(every_name_has_a_contract),
        cmocka_unit_test(a_claim_is_enough_to_stake),
        cmocka_unit_test(the_faucets_drip_can_be_chosen),
        cmocka_unit_test(the_operator_owns_the_contracts),
        cmocka_unit_test(the_job_manager_keeps_reputations),
        cmocka_unit_test(is_the_same_every_time),
        cmocka_unit_test(there_is_no_more_than_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

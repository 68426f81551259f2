/* Stakes: the three forms of stake, tiers, unbonding, slashing, rewards; and each defect of the
 * reference contract that this one must not have (facts A1). */
#include "devnet/contracts/test_market.h"

enum { AMOUNT = 0, LOCKED = 2, TIER = 6, ACTIVE = 7, FAILURES = 8, SLASHED = 9, PENDING = 11 };
enum { INVALID_PROOF, TIMEOUT, REPEATED, MALICIOUS, FRAUD };

static void panicked(const market *m, const char *why)
{
    rig_panicked_with(&m->rig, why);
}

static bool unstake(market *m, uint64_t worker, uint64_t whole)
{
    felt252 v[2];
    const sage_amount a = market_sage(whole);
    sage_u256_split(v, &a);
    return market_do(m, worker, STAKING, "request_unstake", v[0], v[1]);
}

static bool slash(market *m, uint64_t as, uint64_t worker, uint64_t reason)
{
    return market_do(m, as, STAKING, "slash", rig_number(worker), rig_number(reason),
                     rig_number(77));
}

static bool eligible(market *m, uint64_t worker)
{
    const felt252 address = rig_number(worker);
    return felt252_eq(rig_felt(&m->rig, rig_number(STAKING), "is_eligible", &address, 1),
                      felt252_one());
}

static void tiers(void **state)
{
    static const struct {
        uint64_t whole;
        int tier;
    } rows[] = {{1000, 0}, {2499, 0}, {2500, 1}, {5000, 2}, {9999, 2}, {10000, 3}, {25000, 4}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        market m;
        market_open(&m);
        assert_true(market_stake(&m, WORKER, rows[i].whole, TIER_NONE));
        assert_int_equal(market_stake_u64(&m, WORKER, TIER), rows[i].tier);
        assert_true(eligible(&m, WORKER));
        for (int tier = 0; tier < 5; tier++) {
            bool ok = market_stake(&m, WORKER + 1, rows[i].whole, tier);
            assert_int_equal(ok, tier <= rows[i].tier);
            if (!ok) panicked(&m, "Insufficient stake for tier");
            if (ok) break;
        }
        assert_int_equal(market_stake_u64(&m, WORKER + 1, TIER), 0);
        market_close(&m);
    }
}

static void three_forms(void **state)
{
    market m;
    felt252 v[2];
    const sage_amount a = market_sage(5000), low = market_sage(18);
    uint64_t limbs[4] = {a.w[0], a.w[1], 0, 0};
    (void)state;
    market_open(&m);
    sage_u256_split(v, &a);
    assert_true(market_do(&m, WORKER, STAKING, "stake", v[0], v[1], rig_number(1)));
    assert_int_equal(market_stake_u64(&m, WORKER, TIER), 1);
    const sage_chain_event *e = rig_event(&m.rig, rig_number(STAKING), "Staked", 0);
    assert_non_null(e);
    assert_int_equal(e->keys.n, 2);
    assert_int_equal(e->data.n, 5);
    assert_true(felt252_eq(e->data.v[2], rig_number(1)));
    assert_true(felt252_eq(e->data.v[3], v[0]));
    assert_true(market_do(&m, WORKER + 1, STAKING, "stake", v[0], v[1]));
    assert_int_equal(market_stake_u64(&m, WORKER + 1, TIER), 2);
    assert_true(market_do(&m, WORKER + 2, STAKING, "stake", felt252_from_limbs(limbs)));
    market_same(market_stake_amount(&m, WORKER + 2, AMOUNT), a);
    assert_int_equal(market_stake_u64(&m, WORKER + 2, TIER), 2);
    assert_false(market_run(&m, WORKER, STAKING, "stake"));
    assert_false(market_do(&m, WORKER, STAKING, "stake", v[0], v[1], rig_number(5)));
    assert_false(market_do(&m, WORKER, STAKING, "stake", v[0], v[1], rig_number(1), v[0]));
    sage_u256_split(v, &low);
    assert_false(market_do(&m, WORKER + 3, STAKING, "stake", v[0], v[1]));
    panicked(&m, "Insufficient stake for tier");
    market_close(&m);
}

/* Seven days, to the second; what was locked comes back, and only then. */
static void unbonding(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    const sage_amount before = market_balance(&m, WORKER);
    assert_true(market_stake(&m, WORKER, 2500, 1));
    assert_false(market_run(&m, WORKER, STAKING, "complete_unstake"));
    panicked(&m, "No pending unstake");
    assert_false(unstake(&m, WORKER, 2501));
    panicked(&m, "Insufficient stake");
    assert_false(unstake(&m, WORKER, 0));
    panicked(&m, "Amount must be positive");
    assert_true(unstake(&m, WORKER, 2500));
    market_same(market_stake_amount(&m, WORKER, LOCKED), market_sage(2500));
    assert_false(eligible(&m, WORKER));
    assert_int_equal(market_stake_u64(&m, WORKER, ACTIVE), 0);
    assert_false(unstake(&m, WORKER, 1));
    panicked(&m, "Pending unstake exists");
    market_wait(&m, 7 * DAY - 1);
    assert_false(market_run(&m, WORKER, STAKING, "complete_unstake"));
    panicked(&m, "Lockup not expired");
    market_wait(&m, 1);
    assert_true(market_run(&m, WORKER, STAKING, "complete_unstake"));
    market_same(market_balance(&m, WORKER), before);
    assert_false(market_run(&m, WORKER, STAKING, "complete_unstake"));
    market_close(&m);
}

/* The larger stakes come back, too: the reference's token refused 10,000 SAGE and more. */
static void large_stakes(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    const sage_amount before = market_balance(&m, WORKER);
    assert_true(market_stake(&m, WORKER, 500000, 4));
    assert_true(unstake(&m, WORKER, 500000));
    market_wait(&m, 7 * DAY);
    assert_true(market_run(&m, WORKER, STAKING, "complete_unstake"));
    market_same(market_balance(&m, WORKER), before);
    market_close(&m);
}

/* 15 % a year of what works, linear: a locked half earns nothing. */
static void rewards(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_false(market_run(&m, WORKER, STAKING, "claim_rewards"));
    panicked(&m, "No rewards to claim");
    assert_true(market_stake(&m, WORKER, 10000, 3));
    market_wait(&m, YEAR_SECONDS / 2);
    market_same(market_stake_amount(&m, WORKER, PENDING), market_sage(750));
    assert_true(unstake(&m, WORKER, 5000));
    market_wait(&m, YEAR_SECONDS);
    market_same(market_stake_amount(&m, WORKER, PENDING), market_sage(750 + 750));
    const sage_amount treasury = market_balance(&m, TREASURY);
    const sage_amount worker   = market_balance(&m, WORKER);
    assert_true(market_run(&m, WORKER, STAKING, "claim_rewards"));
    market_same(rig_result_u256(&m.rig, 0), market_sage(1500));
    market_same(market_balance(&m, WORKER), market_plus(worker, market_sage(1500)));
    market_same(market_plus(market_balance(&m, TREASURY), market_sage(1500)), treasury);
    assert_false(market_run(&m, WORKER, STAKING, "claim_rewards"));
    market_close(&m);
}

/* A treasury that allows nothing: nothing is paid, and nothing is forgotten. */
static void empty_treasury(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_true(market_stake(&m, WORKER, 10000, 3));
    assert_true(market_do(&m, TREASURY, TOKEN, "approve", rig_number(STAKING), rig_number(0),
                          rig_number(0)));
    market_wait(&m, YEAR_SECONDS);
    assert_false(market_run(&m, WORKER, STAKING, "claim_rewards"));
    panicked(&m, "ERC20: insufficient allowance");
    market_same(market_stake_amount(&m, WORKER, PENDING), market_sage(1500));
    market_close(&m);
}

static void slashing(void **state)
{
    static const uint64_t left[] = {9000, 9500, 7500, 5000, 2500};
    (void)state;
    for (uint64_t reason = INVALID_PROOF; reason <= FRAUD; reason++) {
        market m;
        market_open(&m);
        assert_true(market_stake(&m, WORKER, 10000, 0));
        const sage_amount treasury = market_balance(&m, TREASURY);
        assert_true(slash(&m, OWNER, WORKER, reason));
        market_same(market_stake_amount(&m, WORKER, AMOUNT), market_sage(left[reason]));
        market_same(market_stake_amount(&m, WORKER, SLASHED),
                    market_sage(10000 - left[reason]));
        market_same(market_balance(&m, TREASURY),
                    market_plus(treasury, market_sage(10000 - left[reason])));
        assert_int_equal(market_stake_u64(&m, WORKER, FAILURES), 1);
        assert_true(eligible(&m, WORKER));
        const sage_chain_event *e = rig_event(&m.rig, rig_number(STAKING), "Slashed", 0);
        assert_non_null(e);
        assert_true(felt252_eq(e->data.v[2], rig_number(reason)));
        assert_true(felt252_eq(e->data.v[3], rig_number(77)));
        market_close(&m);
    }
}

static void who_may_slash(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_true(market_stake(&m, WORKER, 10000, 0));
    const uint64_t others[] = {WORKER, CLIENT, STRANGER, TREASURY, 0};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(slash(&m, others[i], WORKER, FRAUD));
        panicked(&m, "Unauthorized");
        assert_false(market_do(&m, others[i], STAKING, "record_success", rig_number(WORKER),
                               rig_number(1)));
        panicked(&m, "Unauthorized");
    }
    assert_false(market_do(&m, STRANGER, STAKING, "set_job_manager", rig_number(STRANGER)));
    panicked(&m, "Only owner");
    assert_true(slash(&m, JOBS, WORKER, TIMEOUT));
    /* Nothing at stake: nothing to take, and no panic, which would hold up who reports it. */
    assert_true(slash(&m, JOBS, STRANGER, TIMEOUT));
    market_close(&m);
}

/* Defect of the reference: a slash during unbonding made complete_unstake underflow for ever.
 * Here the locked part is slashed alike, and what is left of it is paid out. */
static void slashed_while_unbonding(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    const sage_amount before = market_balance(&m, WORKER);
    assert_true(market_stake(&m, WORKER, 10000, 3));
    assert_true(unstake(&m, WORKER, 10000));
    assert_true(slash(&m, OWNER, WORKER, FRAUD));
    market_same(market_stake_amount(&m, WORKER, AMOUNT), market_sage(2500));
    market_same(market_stake_amount(&m, WORKER, LOCKED), market_sage(2500));
    market_wait(&m, 7 * DAY);
    assert_true(market_run(&m, WORKER, STAKING, "complete_unstake"));
    market_same(market_plus(market_balance(&m, WORKER), market_sage(7500)), before);
    assert_true(market_stake(&m, WORKER, 4000, 0));
    assert_true(unstake(&m, WORKER, 1000));
    assert_true(slash(&m, OWNER, WORKER, MALICIOUS));
    market_same(market_stake_amount(&m, WORKER, AMOUNT), market_sage(2000));
    market_same(market_stake_amount(&m, WORKER, LOCKED), market_sage(500));
    market_close(&m);
}

/* Defect of the reference: any stake made a suspended worker active again. Here he stays
 * suspended until he has taken everything out, and a late success does not help either. */
static void suspension(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_true(market_stake(&m, WORKER, 100000, 0));
    for (int i = 0; i < 2; i++)
        assert_true(slash(&m, OWNER, WORKER, TIMEOUT));
    assert_true(eligible(&m, WORKER));
    assert_true(
        market_do(&m, OWNER, STAKING, "record_success", rig_number(WORKER), rig_number(1)));
    assert_int_equal(market_stake_u64(&m, WORKER, FAILURES), 0);
    for (int i = 0; i < 3; i++)
        assert_true(slash(&m, OWNER, WORKER, TIMEOUT));
    assert_false(eligible(&m, WORKER));
    assert_true(
        market_do(&m, OWNER, STAKING, "record_success", rig_number(WORKER), rig_number(1)));
    assert_false(eligible(&m, WORKER));
    assert_true(market_stake(&m, WORKER, 50000, 0));
    assert_false(eligible(&m, WORKER));
    assert_int_equal(market_stake_u64(&m, WORKER, ACTIVE), 0);
    assert_int_equal(market_stake_u64(&m, WORKER, FAILURES), 3);
    felt252 v[2];
    const sage_amount all = market_stake_amount(&m, WORKER, AMOUNT);
    sage_u256_split(v, &all);
    assert_true(market_do(&m, WORKER, STAKING, "request_unstake", v[0], v[1]));
    market_wait(&m, 7 * DAY);
    assert_true(market_run(&m, WORKER, STAKING, "complete_unstake"));
    assert_true(market_stake(&m, WORKER, 1000, 0));
    assert_true(eligible(&m, WORKER));
    assert_int_equal(market_stake_u64(&m, WORKER, FAILURES), 0);
    market_close(&m);
}

/* What is locked does not count for a tier; a stake of nothing names a lower one. */
static void locked_does_not_count(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_true(market_stake(&m, WORKER, 3000, 1));
    assert_true(unstake(&m, WORKER, 1000));
    assert_false(eligible(&m, WORKER));
    assert_false(market_stake(&m, WORKER, 0, 1));
    panicked(&m, "Insufficient stake for tier");
    assert_true(market_stake(&m, WORKER, 0, 0));
    assert_true(eligible(&m, WORKER));
    assert_true(market_stake(&m, WORKER, 500, 1));
    assert_true(eligible(&m, WORKER));
    market_close(&m);
}

/* Defect of the reference: it did not look whether the tokens came. */
static void tokens_must_come(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_false(market_stake(&m, STRANGER, 1000, 0));
    panicked(&m, "ERC20: insufficient allowance");
    assert_false(market_stake(&m, WORKER, 1000001, 0));
    panicked(&m, "ERC20: insufficient balance");
    assert_false(eligible(&m, WORKER));
    market_close(&m);
}

static void configuration(void **state)
{
    market m;
    felt252 v[18];
    (void)state;
    market_open(&m);
    assert_true(market_run(&m, STRANGER, STAKING, "get_config"));
    assert_int_equal(m.rig.result.n, 18);
    memcpy(v, m.rig.result.v, sizeof v);
    for (int i = 0; i < 5; i++) {
        static const uint64_t minimum[] = {1000, 2500, 5000, 10000, 25000};
        static const uint64_t bps[]     = {1000, 500, 2500, 5000, 7500};
        const felt252 tier              = rig_number((uint64_t)i);
        market_same(rig_u256(&m.rig, rig_number(STAKING), "get_min_stake", &tier, 1),
                    market_sage(minimum[i]));
        assert_true(felt252_eq(v[10 + i], rig_number(bps[i])));
    }
    assert_true(felt252_eq(v[15], rig_number(604800)));
    assert_true(felt252_eq(v[16], rig_number(1500)));
    assert_true(felt252_eq(v[17], rig_number(3)));
    v[16] = rig_number(3000);
    assert_false(
        rig_call(&m.rig, rig_number(WORKER), rig_number(STAKING), "update_config", v, 18));
    panicked(&m, "Only owner");
    assert_true(
        rig_call(&m.rig, rig_number(OWNER), rig_number(STAKING), "update_config", v, 18));
    static const struct {
        int at;
        uint64_t v;
        const char *why;
    } bad[] = {{0, 0, "Minimum of nothing"},      {2, 1, "Minimums must rise"},
               {14, 10001, "Slash above 100 %"},  {15, YEAR_SECONDS + 1, "Lockup above a year"},
               {16, 10001, "APY above 100 %"},    {17, 0, "Failures out of range"},
               {17, 256, "Failures out of range"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        felt252 w[18];
        memcpy(w, v, sizeof w);
        w[bad[i].at] = rig_number(bad[i].v);
        assert_false(
            rig_call(&m.rig, rig_number(OWNER), rig_number(STAKING), "update_config", w, 18));
        panicked(&m, bad[i].why);
    }
    assert_true(market_stake(&m, WORKER, 1000, 0));
    market_wait(&m, YEAR_SECONDS);
    market_same(market_stake_amount(&m, WORKER, PENDING), market_sage(300));
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiers),
        cmocka_unit_test(three_forms),
        cmocka_unit_test(unbonding),
        cmocka_unit_test(large_stakes),
        cmocka_unit_test(rewards),
        cmocka_unit_test(empty_treasury),
        cmocka_unit_test(slashing),
        cmocka_unit_test(who_may_slash),
        cmocka_unit_test(slashed_while_unbonding),
        cmocka_unit_test(suspension),
        cmocka_unit_test(locked_does_not_count),
        cmocka_unit_test(tokens_must_come),
        cmocka_unit_test(configuration),
    };
    return cmocka_run_group_tests_name("prover_staking", tests, NULL, NULL);
}

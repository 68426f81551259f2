/* The faucet: once in a while, to everybody, until it is empty. */
#include "devnet/contracts/test_money.h"

enum { DRIP = 100, COOLDOWN = 86400 };

static felt252 faucet(void)
{
    return money_holder(2);
}

static void open_faucet(sage_rig *rig, uint64_t funds)
{
    const felt252 calldata[] = {rig_number(MONEY_OWNER), money_token(), rig_number(DRIP),
                                rig_number(0), rig_number(COOLDOWN)};
    rig_open(rig);
    money_open(rig, 10000);
    rig_deploy(rig, faucet(), &sage_contract_faucet, calldata, 5);
    if (funds) money_send(rig, money_holder(1), faucet(), funds);
}

static bool can_claim(sage_rig *rig, felt252 user)
{
    return felt252_eq(rig_felt(rig, faucet(), "can_claim", &user, 1), felt252_one());
}

static bool claims(sage_rig *rig, felt252 user)
{
    return rig_call(rig, user, faucet(), "claim", NULL, 0);
}

static void gives_once_a_day(void **state)
{
    sage_rig rig;
    felt252 user = money_holder(3), wait;
    (void)state;
    open_faucet(&rig, 1000);
    assert_true(can_claim(&rig, user) && claims(&rig, user));
    const sage_chain_event *e = rig_event(&rig, faucet(), "TokensClaimed", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->keys.v[1], user));
    assert_true(felt252_eq(e->data.v[0], rig_number(DRIP)));
    assert_true(felt252_eq(e->data.v[2], rig_number(1)));
    assert_int_equal(money_of(&rig, user), DRIP);
    rig.env.timestamp += COOLDOWN - 1;
    wait = rig_felt(&rig, faucet(), "time_until_claim", &user, 1);
    assert_true(felt252_eq(wait, rig_number(1)));
    assert_false(can_claim(&rig, user) || claims(&rig, user));
    rig_panicked_with(&rig, "Cooldown not expired");
    assert_true(claims(&rig, money_holder(4))); /* others do not wait for him */
    rig.env.timestamp += 1;
    assert_true(can_claim(&rig, user) && claims(&rig, user));
    assert_int_equal(money_of(&rig, user), 2 * DRIP);
    assert_true(rig_call(&rig, user, faucet(), "get_stats", NULL, 0));
    const uint64_t stats[] = {3 * DRIP, 0, 2, 3, 1000 - 3 * DRIP, 0};
    for (uint32_t i = 0; i < 6; i++)
        assert_true(felt252_eq(rig_result(&rig, i), rig_number(stats[i])));
    rig_close(&rig);
}

static void gives_nothing_when_empty(void **state)
{
    sage_rig rig;
    (void)state;
    open_faucet(&rig, DRIP + DRIP / 2);
    assert_true(claims(&rig, money_holder(3)));
    assert_false(can_claim(&rig, money_holder(4)) || claims(&rig, money_holder(4)));
    rig_panicked_with(&rig, "Faucet empty");
    assert_int_equal(money_of(&rig, money_holder(4)), 0);
    assert_int_equal(money_of(&rig, faucet()), DRIP / 2);
    rig_close(&rig);
}

static void obeys_its_owner_alone(void **state)
{
    const felt252 owner = rig_number(MONEY_OWNER), zero = felt252_zero();
    sage_rig rig;
    (void)state;
    open_faucet(&rig, 1000);
    assert_false(rig_call(&rig, money_holder(3), faucet(), "pause", NULL, 0));
    rig_panicked_with(&rig, "Only owner");
    assert_true(rig_call(&rig, owner, faucet(), "pause", NULL, 0));
    assert_false(claims(&rig, money_holder(3)));
    rig_panicked_with(&rig, "Faucet is paused");
    assert_true(rig_call(&rig, owner, faucet(), "unpause", NULL, 0));
    assert_false(rig_do(&rig, money_holder(3), faucet(), "update_config", rig_number(999), zero,
                        zero, zero, felt252_one()));
    /* drip 5, no cooldown, at most two claims */
    assert_true(rig_do(&rig, owner, faucet(), "update_config", rig_number(5), zero, zero,
                       rig_number(2), felt252_one()));
    assert_true(claims(&rig, money_holder(3)) && claims(&rig, money_holder(3)));
    assert_false(claims(&rig, money_holder(3)));
    rig_panicked_with(&rig, "Max claims reached");
    assert_int_equal(money_of(&rig, money_holder(3)), 10);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_once_a_day),
        cmocka_unit_test(gives_nothing_when_empty),
        cmocka_unit_test(obeys_its_owner_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The router: what is collected is what is paid out, to the last unit. */
#include "devnet/contracts/test_money.h"

enum { CLIENT = 1, ROUTER, WORKER, TREASURY, STAKERS, STRANGER, JOB = 7, SAGE = 3 };

static felt252 router(void)
{
    return money_holder(ROUTER);
}

static void open_router(sage_rig *rig, uint64_t supply)
{
    const felt252 calldata[] = {rig_number(MONEY_OWNER), money_token(), felt252_zero(),
                                money_holder(STAKERS), money_holder(TREASURY)};
    rig_open(rig);
    money_open(rig, supply);
    rig_deploy(rig, router(), &sage_contract_payment_router, calldata, 5);
    assert_true(rig_do(rig, rig_number(MONEY_OWNER), router(), "register_job", rig_number(JOB),
                       felt252_zero(), money_holder(WORKER), felt252_zero()));
}

static void approve(sage_rig *rig, uint64_t v)
{
    assert_true(rig_do(rig, money_holder(CLIENT), money_token(), "approve", router(),
                       rig_number(v), felt252_zero()));
}

static bool pay(sage_rig *rig, uint64_t v, uint64_t job)
{
    return rig_do(rig, money_holder(CLIENT), router(), "pay_with_sage", rig_number(v),
                  felt252_zero(), rig_number(job), felt252_zero());
}

static uint64_t supply(sage_rig *rig)
{
    return rig_u256(rig, money_token(), "total_supply", NULL, 0).w[0];
}

static void shares_a_payment(void **state)
{
    sage_rig rig;
    (void)state;
    open_router(&rig, 5000);
    approve(&rig, 1000);
    assert_true(pay(&rig, 1000, JOB));
    assert_int_equal(money_of(&rig, money_holder(CLIENT)), 4000);
    assert_int_equal(money_of(&rig, money_holder(WORKER)), 800);
    assert_int_equal(money_of(&rig, money_holder(TREASURY)), 40);
    assert_int_equal(money_of(&rig, money_holder(STAKERS)), 20);
    assert_int_equal(money_of(&rig, router()), 0);
    assert_int_equal(supply(&rig), 5000 - 140);
    const sage_chain_event *e = rig_event(&rig, router(), "FeesDistributed", 0);
    const uint64_t fees[]     = {1000, 800, 200, 140, 40, 20};
    assert_non_null(e);
    for (uint32_t i = 0; i < 6; i++)
        assert_true(felt252_eq(e->data.v[2 * i], rig_number(fees[i])));
    e = rig_event(&rig, router(), "WorkerPaid", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->keys.v[3], money_holder(WORKER)));
    e = rig_event(&rig, router(), "PaymentExecuted", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->data.v[5], rig_number(100))); /* 0.10 dollars a SAGE */
    rig_close(&rig);
}

/* Whatever the amount, nothing stays behind and nothing is made. */
static void loses_nothing_to_rounding(void **state)
{
    sage_rig rig;
    uint64_t paid = 0;
    (void)state;
    open_router(&rig, 100000);
    approve(&rig, 100000);
    for (uint64_t v = 1; v < 60; v += 1 + v / 16) {
        uint64_t before = supply(&rig), had = money_of(&rig, money_holder(CLIENT));
        uint64_t protocol = v - v * 80 / 100;
        assert_true(pay(&rig, v, JOB));
        paid += v;
        assert_int_equal(money_of(&rig, money_holder(CLIENT)), had - v);
        assert_int_equal(money_of(&rig, router()), 0);
        assert_int_equal(supply(&rig), before - protocol * 70 / 100);
    }
    assert_int_equal(money_of(&rig, money_holder(CLIENT)), 100000 - paid);
    rig_close(&rig);
}

static void refuses_what_it_cannot_do(void **state)
{
    const felt252 zero = felt252_zero(), owner = rig_number(MONEY_OWNER);
    sage_rig rig;
    (void)state;
    open_router(&rig, 5000);
    assert_false(pay(&rig, 100, JOB));
    rig_panicked_with(&rig, "ERC20: insufficient allowance");
    approve(&rig, 5000);
    assert_false(pay(&rig, 100, JOB + 1));
    rig_panicked_with(&rig, "Job not registered");
    assert_false(pay(&rig, 0, JOB));
    rig_panicked_with(&rig, "Payment of nothing");
    assert_false(rig_do(&rig, owner, router(), "register_job", rig_number(JOB), zero,
                        money_holder(STRANGER), zero));
    rig_panicked_with(&rig, "Job already registered");
    assert_false(rig_do(&rig, owner, router(), "register_job", rig_number(8), zero,
                        money_holder(WORKER), felt252_one()));
    rig_panicked_with(&rig, "Privacy not supported");
    assert_false(
        rig_do(&rig, owner, router(), "register_job", rig_number(8), zero, zero, zero));
    rig_panicked_with(&rig, "Invalid worker");
    assert_int_equal(money_of(&rig, money_holder(CLIENT)), 5000);
    rig_close(&rig);
}

static void takes_jobs_from_its_submitter(void **state)
{
    const felt252 zero = felt252_zero(), submitter = money_holder(STRANGER);
    sage_rig rig;
    (void)state;
    open_router(&rig, 5000);
    assert_false(rig_do(&rig, submitter, router(), "register_job", rig_number(8), zero,
                        money_holder(WORKER), zero));
    rig_panicked_with(&rig, "Not authorized");
    /* before there is one, nobody is no submitter either */
    assert_false(rig_do(&rig, zero, router(), "register_job", rig_number(8), zero,
                        money_holder(WORKER), zero));
    assert_false(rig_do(&rig, submitter, router(), "set_authorized_submitter", submitter));
    assert_true(
        rig_do(&rig, rig_number(MONEY_OWNER), router(), "set_authorized_submitter", submitter));
    assert_true(rig_do(&rig, submitter, router(), "register_job", rig_number(8), zero,
                       money_holder(WORKER), zero));
    felt252 job[2] = {rig_number(8), zero};
    assert_true(
        felt252_eq(rig_felt(&rig, router(), "get_job_worker", job, 2), money_holder(WORKER)));
    rig_close(&rig);
}

static bool quote(sage_rig *rig, uint64_t token, uint64_t dollars)
{
    return rig_do(rig, money_holder(CLIENT), router(), "get_quote", rig_number(token),
                  rig_number(dollars), felt252_zero());
}

static bool execute(sage_rig *rig, unsigned as, uint64_t id)
{
    return rig_do(rig, money_holder(as), router(), "execute_payment", rig_number(id),
                  felt252_zero(), rig_number(JOB), felt252_zero());
}

/* A hundred dollars are a thousand SAGE, less 5 %. */
static void keeps_its_quotes(void **state)
{
    sage_rig rig;
    (void)state;
    open_router(&rig, 5000);
    approve(&rig, 5000);
    assert_true(quote(&rig, SAGE, 100));
    const uint64_t told[] = {1, 0, SAGE, 950, 0, 950, 0, 500, 100, 0};
    for (uint32_t i = 0; i < 10; i++)
        assert_true(felt252_eq(rig_result(&rig, i), rig_number(told[i])));
    assert_non_null(rig_event(&rig, router(), "QuoteCreated", 0));
    assert_false(execute(&rig, STRANGER, 1));
    rig_panicked_with(&rig, "Not quote owner");
    rig.env.timestamp += 300;
    assert_true(execute(&rig, CLIENT, 1));
    assert_int_equal(money_of(&rig, money_holder(CLIENT)), 5000 - 950);
    assert_int_equal(money_of(&rig, money_holder(WORKER)), 760);
    assert_false(execute(&rig, CLIENT, 1));
    rig_panicked_with(&rig, "Invalid quote");
    assert_true(quote(&rig, SAGE, 100));
    rig.env.timestamp += 301;
    assert_false(execute(&rig, CLIENT, 2));
    rig_panicked_with(&rig, "Quote expired");
    assert_false(quote(&rig, 0, 100));
    rig_panicked_with(&rig, "Payment token not supported");
    rig_close(&rig);
}

/* A quote that cannot be paid stays open: the panic undoes its closing. */
static void a_failed_payment_leaves_the_quote(void **state)
{
    sage_rig rig;
    (void)state;
    open_router(&rig, 5000);
    assert_true(quote(&rig, SAGE, 100));
    assert_false(execute(&rig, CLIENT, 1));
    rig_panicked_with(&rig, "ERC20: insufficient allowance");
    approve(&rig, 950);
    assert_true(execute(&rig, CLIENT, 1));
    assert_true(rig_call(&rig, money_holder(CLIENT), router(), "get_stats", NULL, 0));
    const uint64_t expected[] = {100, 133, 760, 19, 38};
    for (uint32_t i = 0; i < 5; i++)
        assert_true(felt252_eq(rig_result(&rig, 2 * i), rig_number(expected[i])));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_a_payment),
        cmocka_unit_test(loses_nothing_to_rounding),
        cmocka_unit_test(refuses_what_it_cannot_do),
        cmocka_unit_test(takes_jobs_from_its_submitter),
        cmocka_unit_test(keeps_its_quotes),
        cmocka_unit_test(a_failed_payment_leaves_the_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

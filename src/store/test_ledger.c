/* The split of a price and the transactions made of it. */
#include "base/test.h"

#include "store/ledger.h"

static sage_amount amount(const char *text)
{
    sage_amount a;
    assert_int_equal(sage_amount_parse(&a, text, NULL), SAGE_OK);
    return a;
}

static void assert_amount(const sage_amount *a, const char *want)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount_format(text, a);
    assert_string_equal(text, want);
}

static void assert_shares(const char *price,
                          const char *worker,
                          const char *burn,
                          const char *treasury,
                          const char *stakers)
{
    sage_shares s;
    sage_amount p = amount(price);
    assert_int_equal(sage_shares_of(&s, &p, NULL), SAGE_OK);
    assert_amount(&s.worker, worker);
    assert_amount(&s.burn, burn);
    assert_amount(&s.treasury, treasury);
    assert_amount(&s.stakers, stakers);
}

static void test_shares(void **state)
{
    (void)state;
    assert_shares("10000000000000000000", "8000000000000000000", "1400000000000000000",
                  "400000000000000000", "200000000000000000");
    assert_shares("1", "0", "0", "1", "0");
    assert_shares("4", "3", "0", "1", "0");
    assert_shares("5", "4", "0", "1", "0");
    assert_shares("99", "79", "14", "4", "2");
    assert_shares("999", "799", "140", "40", "20");
}

/* Whatever the price, the shares add up to it and rounding costs less than 3 units. */
static void test_shares_add_up(void **state)
{
    (void)state;
    sage_amount one = amount("1"), p = amount("1");
    for (int i = 0; i < 20000; i++) {
        sage_shares s;
        sage_amount sum, plain;
        if (i == 10000) /* 2^256 - 10001 */
            p = amount("11579208923731619542357098500868790785326998466564056403945758400791312"
                       "9629935");
        assert_int_equal(sage_shares_of(&s, &p, NULL), SAGE_OK);
        assert_int_equal(sage_amount_add(&sum, &s.worker, &s.burn, NULL), SAGE_OK);
        assert_int_equal(sage_amount_add(&sum, &sum, &s.treasury, NULL), SAGE_OK);
        assert_int_equal(sage_amount_add(&sum, &sum, &s.stakers, NULL), SAGE_OK);
        assert_int_equal(sage_amount_compare(&sum, &p), 0);
        assert_int_equal(sage_amount_mul_div(&plain, &p, 4, 100, NULL), SAGE_OK);
        assert_int_equal(sage_amount_sub(&plain, &s.treasury, &plain, NULL), SAGE_OK);
        assert_true(plain.w[0] < 3 && !plain.w[1] && !plain.w[2] && !plain.w[3]);
        if (i < 10000)
            assert_int_equal(sage_amount_add(&p, &p, &one, NULL), SAGE_OK);
        else
            assert_int_equal(sage_amount_sub(&p, &p, &one, NULL), SAGE_OK);
    }
}

static sage_job priced(const char *price)
{
    sage_job job = {.client = "ann", .price = amount(price)};
    assert_int_equal(sage_id_new(&job.id, 'j', NULL), SAGE_OK);
    return job;
}

static void test_transactions(void **state)
{
    (void)state;
    sage_id worker;
    sage_ledger_tx tx;
    sage_job job = priced("1000");
    assert_int_equal(sage_id_new(&worker, 'w', NULL), SAGE_OK);
    assert_int_equal(sage_ledger_escrow(&tx, &job, NULL), SAGE_OK);
    assert_int_equal(tx.n_entries, 2);
    assert_string_equal(tx.entries[0].account, "client:ann");
    assert_false(tx.entries[0].credit);
    assert_int_equal(sage_ledger_payout(&tx, &job, &worker, NULL), SAGE_OK);
    assert_int_equal(tx.n_entries, 5);
    assert_amount(&tx.entries[1].amount, "800");
    assert_int_equal(sage_ledger_refund(&tx, &job, NULL), SAGE_OK);
    assert_true(tx.entries[1].credit);
    assert_amount(&tx.entries[1].amount, "1000");
    job = priced("1"); /* three shares of zero are not booked */
    assert_int_equal(sage_ledger_payout(&tx, &job, &worker, NULL), SAGE_OK);
    assert_int_equal(tx.n_entries, 2);
    assert_string_equal(tx.entries[1].account, "fee:treasury");
}

static void test_unbalanced_is_refused(void **state)
{
    (void)state;
    sage_errinfo err;
    sage_ledger_tx tx;
    sage_job job = priced("1000");
    assert_int_equal(sage_ledger_escrow(&tx, &job, NULL), SAGE_OK);
    tx.entries[1].amount = amount("999");
    assert_int_equal(sage_ledger_check(&tx, &err), SAGE_EINTERNAL);
    assert_string_equal(err.where, "ledger.balance");
    tx.n_entries = 0;
    assert_int_equal(sage_ledger_check(&tx, NULL), SAGE_EINTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_shares_add_up),
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_unbalanced_is_refused),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}

#include "base/amount.h"

#include "base/test.h"

static const char max_text[] =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

static sage_amount amount(const char *text)
{
    sage_amount a;
    assert_int_equal(sage_amount_parse(&a, text, NULL), SAGE_OK);
    return a;
}

static void assert_amount(const sage_amount *a, const char *text)
{
    char out[SAGE_AMOUNT_TEXT];
    sage_amount_format(out, a);
    assert_string_equal(out, text);
}

static void integers_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "1",
                                        "10",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "340282366920938463463374607431768211456",
                                        max_text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sage_amount a = amount(texts[i]);
        assert_amount(&a, texts[i]);
    }
    sage_amount a = amount("18446744073709551616");
    assert_true(a.w[0] == 0 && a.w[1] == 1 && !a.w[2] && !a.w[3]);
    a = amount(max_text);
    assert_true(!~a.w[0] && !~a.w[1] && !~a.w[2] && !~a.w[3]);
}

static void integers_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sage_status status;
        const char *where;
        long long at;
    } bad[] = {
        {"", SAGE_EFORMAT, "amount.digits", 0},
        {"-1", SAGE_EFORMAT, "amount.digits", 0},
        {"+1", SAGE_EFORMAT, "amount.digits", 0},
        {" 1", SAGE_EFORMAT, "amount.digits", 0},
        {"1 ", SAGE_EFORMAT, "amount.digits", 1},
        {"01", SAGE_EFORMAT, "amount.digits", 0},
        {"00", SAGE_EFORMAT, "amount.digits", 0},
        {"0x1", SAGE_EFORMAT, "amount.digits", 1},
        {"1.0", SAGE_EFORMAT, "amount.digits", 1},
        {"1e3", SAGE_EFORMAT, "amount.digits", 1},
        {"115792089237316195423570985008687907853269984665640564039457584007913129639936",
         SAGE_ELIMIT, "amount.overflow", -1},
        {"999999999999999999999999999999999999999999999999999999999999999999999999999999999",
         SAGE_ELIMIT, "amount.overflow", -1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sage_amount a    = sage_amount_of(7);
        sage_errinfo err = {0};
        assert_int_equal(sage_amount_parse(&a, bad[i].text, &err), bad[i].status);
        assert_string_equal(err.where, bad[i].where);
        assert_int_equal(err.at, bad[i].at);
        assert_amount(&a, "7");
    }
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *base, *back; /* back NULL: text itself */
    } good[] = {
        {"0", "0", NULL},
        {"10", "10000000000000000000", NULL},
        {"0.25", "250000000000000000", NULL},
        {"1.50", "1500000000000000000", "1.5"},
        {"0.000000000000000001", "1", NULL},
        {"12.345678901234567891", "12345678901234567891", NULL},
        {"0.000000000000000000", "0", "0"},
        {"115792089237316195423570985008687907853269984665640564039457.584007913129639935",
         max_text, NULL},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        sage_amount a;
        char out[SAGE_AMOUNT_TEXT];
        assert_int_equal(sage_amount_parse_sage(&a, good[i].text, NULL), SAGE_OK);
        assert_amount(&a, good[i].base);
        sage_amount_format_sage(out, &a);
        assert_string_equal(out, good[i].back ? good[i].back : good[i].text);
    }
}

static void decimals_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sage_status status;
        const char *where;
    } bad[] = {
        {".5", SAGE_EFORMAT, "amount.digits"},
        {"5.", SAGE_EFORMAT, "amount.digits"},
        {"1.2.3", SAGE_EFORMAT, "amount.digits"},
        {"1,5", SAGE_EFORMAT, "amount.digits"},
        {"00.5", SAGE_EFORMAT, "amount.digits"},
        {"-0.5", SAGE_EFORMAT, "amount.digits"},
        {"0.0000000000000000001", SAGE_EFORMAT, "amount.decimals"},
        {"115792089237316195423570985008687907853269984665640564039457.584007913129639936",
         SAGE_ELIMIT, "amount.overflow"},
        {"115792089237316195423570985008687907853269984665640564039458", SAGE_ELIMIT,
         "amount.overflow"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sage_amount a;
        sage_errinfo err = {0};
        assert_int_equal(sage_amount_parse_sage(&a, bad[i].text, &err), bad[i].status);
        assert_string_equal(err.where, bad[i].where);
    }
}

static void sums_and_differences(void **state)
{
    (void)state;
    sage_amount max = amount(max_text), one = sage_amount_of(1), a, b;
    assert_int_equal(sage_amount_add(&a, &max, &one, NULL), SAGE_ELIMIT);
    assert_int_equal(sage_amount_sub(&a, &max, &one, NULL), SAGE_OK);
    assert_int_equal(sage_amount_compare(&a, &max), -1);
    assert_int_equal(sage_amount_add(&a, &a, &one, NULL), SAGE_OK); /* in place */
    assert_int_equal(sage_amount_compare(&a, &max), 0);
    /* carry and borrow through all words */
    b = amount("6277101735386680763835789423207666416102355444464034512896"); /* 2^192 */
    assert_int_equal(sage_amount_sub(&a, &b, &one, NULL), SAGE_OK);
    assert_amount(&a, "6277101735386680763835789423207666416102355444464034512895");
    assert_int_equal(sage_amount_add(&a, &a, &one, NULL), SAGE_OK);
    assert_int_equal(sage_amount_compare(&a, &b), 0);
    assert_int_equal(sage_amount_compare(&max, &one), 1);
    sage_errinfo err = {0};
    assert_int_equal(sage_amount_sub(&a, &one, &b, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "amount.negative");
    assert_int_equal(sage_amount_compare(&a, &b), 0); /* unchanged */
    assert_int_equal(sage_amount_sub(&a, &b, &b, NULL), SAGE_OK);
    assert_true(sage_amount_is_zero(&a));
    assert_false(sage_amount_is_zero(&b));
}

static void shares(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        uint64_t mul, div;
        const char *out; /* NULL: overflow */
    } cases[] = {
        {"10", 80, 100, "8"},
        {"1", 80, 100, "0"},
        {"99", 80, 100, "79"},
        {"0", 1, 1, "0"},
        {max_text, 80, 100,
         "92633671389852956338856788006950326282615987732512451231566067206330503711948"},
        {max_text, UINT64_MAX, UINT64_MAX, max_text},
        {max_text, 2, 1, NULL},
        {max_text, UINT64_MAX, 1, NULL},
        {max_text, 1, UINT64_MAX, "6277101735386680764176071790128604879584176795969512275969"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sage_amount a = amount(cases[i].a);
        sage_status s = sage_amount_mul_div(&a, &a, cases[i].mul, cases[i].div, NULL);
        assert_int_equal(s, cases[i].out ? SAGE_OK : SAGE_ELIMIT);
        assert_amount(&a, cases[i].out ? cases[i].out : cases[i].a);
    }
    sage_amount a = sage_amount_of(1);
    sage_errinfo err;
    assert_int_equal(sage_amount_mul_div(&a, &a, 1, 0, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "amount.divide");
}

/* 64-bit operands, where the machine's own 128-bit arithmetic is the oracle. */
static void shares_against_machine(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        uint64_t v[3];
        for (int k = 0; k < 3; k++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            v[k] = x >> (x & 63);
        }
        if (!v[2]) continue;
        sage_u128 wanted = (sage_u128)v[0] * v[1] / v[2];
        sage_amount a    = sage_amount_of(v[0]);
        assert_int_equal(sage_amount_mul_div(&a, &a, v[1], v[2], NULL), SAGE_OK);
        assert_true(a.w[0] == (uint64_t)wanted && a.w[1] == (uint64_t)(wanted >> 64));
        assert_true(!a.w[2] && !a.w[3]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_round_trip),
        cmocka_unit_test(integers_refused),
        cmocka_unit_test(decimals),
        cmocka_unit_test(decimals_refused),
        cmocka_unit_test(sums_and_differences),
        cmocka_unit_test(shares),
        cmocka_unit_test(shares_against_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

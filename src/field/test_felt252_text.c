/* Felts as text: every form back and forth, and what is none of them. */
#include "base/test.h"

#include "field/felt252_text.h"

/* P and its neighbours, from the definition P = 2^251 + 17 2^192 + 1. */
#define P_HEX         "0x800000000000011000000000000000000000000000000000000000000000001"
#define P_MINUS_1_HEX "0x800000000000011000000000000000000000000000000000000000000000000"
#define P_DECIMAL     "3618502788666131213697322783095070105623107215331596699973092056135872020481"
#define P_MINUS_1_DECIMAL                                                                      \
    "3618502788666131213697322783095070105623107215331596699973092056135872020480"

static felt252 minus_one(void)
{
    return felt252_neg(felt252_one());
}

static void hex_out(void **state)
{
    char text[SAGE_FELT_HEX];
    (void)state;
    assert_int_equal(sage_felt_to_hex(text, felt252_zero()), 3);
    assert_string_equal(text, "0x0");
    assert_int_equal(sage_felt_to_hex(text, felt252_from_u64(0xabc)), 5);
    assert_string_equal(text, "0xabc");
    assert_int_equal(sage_felt_to_hex(text, minus_one()), strlen(P_MINUS_1_HEX));
    assert_string_equal(text, P_MINUS_1_HEX);
    const uint64_t ones[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    assert_int_equal(sage_limbs_to_hex(text, ones), SAGE_FELT_HEX - 1);
    assert_int_equal(strspn(text + 2, "f"), 64);
}

static void decimal_out(void **state)
{
    char text[SAGE_FELT_DECIMAL];
    (void)state;
    assert_int_equal(sage_felt_to_decimal(text, felt252_zero()), 1);
    assert_string_equal(text, "0");
    assert_int_equal(sage_felt_to_decimal(text, minus_one()), strlen(P_MINUS_1_DECIMAL));
    assert_string_equal(text, P_MINUS_1_DECIMAL);
    const uint64_t ones[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    assert_int_equal(sage_limbs_to_decimal(text, ones), SAGE_FELT_DECIMAL - 1);
    assert_string_equal(text, "1157920892373161954235709850086879078532699846656405640394575840"
                              "07913129639935"); /* 2^256 - 1 */
}

static void expect_hex(const char *text, bool strict, const char *where, uint64_t value)
{
    felt252 v = minus_one();
    sage_errinfo err;
    sage_status s = sage_felt_from_hex(&v, text, strlen(text), strict, &err);
    if (where) {
        assert_int_not_equal(s, SAGE_OK);
        assert_string_equal(err.where, where);
        return;
    }
    assert_int_equal(s, SAGE_OK);
    assert_true(felt252_eq(v, felt252_from_u64(value)));
}

static void hex_in(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "0",    "0x",    "x1",     "0x g", "0xg",
                                      "0x1 ", " 0x1", "0x-1",  "1",      "00x1", "0y1",
                                      "0x+1", "0x1_", "0x0x1", "0x1\n2", "0b1",  "0x\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_hex(bad[i], true, "felt.hex", 0);
        expect_hex(bad[i], false, "felt.hex", 0);
    }
    expect_hex("0x0", true, NULL, 0);
    expect_hex("0xaBcDeF09", true, NULL, 0xabcdef09);
    expect_hex("0x00", true, "felt.hex", 0);
    expect_hex("0x01", true, "felt.hex", 0);
    expect_hex("0X1", true, "felt.hex", 0);
    expect_hex("0x00", false, NULL, 0);
    expect_hex("0X01", false, NULL, 1);
    expect_hex("0x000000000000000000000000000000000000000000000000000000000000000f", false,
               NULL, 15); /* 64 digits */
    expect_hex("0x0000000000000000000000000000000000000000000000000000000000000000f", false,
               "felt.hex", 0);
    expect_hex(P_HEX, true, "felt.range", 0);
    expect_hex(P_HEX, false, "felt.range", 0);
    expect_hex("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", true,
               "felt.range", 0);
    expect_hex("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false,
               "felt.range", 0);
    felt252 v;
    assert_int_equal(sage_felt_from_hex(&v, P_MINUS_1_HEX, strlen(P_MINUS_1_HEX), true, NULL),
                     SAGE_OK);
    assert_true(felt252_eq(v, minus_one()));
    assert_int_equal(sage_felt_from_hex(&v, "0x1\0", 4, false, NULL), SAGE_EFORMAT);
}

static void text_in(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    "-1", "+1", "1 ", " 1",  "01",  "00",      "1.0",
                                      "1e3", "0x", "a",  "1a", "0xz", "1_0", "\xd9\xa3"};
    felt252 v;
    sage_errinfo err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sage_felt_from_text(&v, bad[i], strlen(bad[i]), &err), SAGE_EFORMAT);
        assert_string_equal(err.where, "felt.text");
    }
    assert_int_equal(sage_felt_from_text(&v, "1\0", 2, NULL), SAGE_EFORMAT);
    assert_int_equal(sage_felt_from_text(&v, P_DECIMAL, strlen(P_DECIMAL), &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "felt.range");
    assert_int_equal(sage_felt_from_text(&v, P_HEX, strlen(P_HEX), &err), SAGE_ELIMIT);
    assert_int_equal(
        sage_felt_from_text(&v, P_MINUS_1_DECIMAL, strlen(P_MINUS_1_DECIMAL), NULL), SAGE_OK);
    assert_true(felt252_eq(v, minus_one()));
    assert_int_equal(sage_felt_from_text(&v, "0x00ff", 6, NULL), SAGE_OK);
    assert_true(felt252_eq(v, felt252_from_u64(255)));
    assert_int_equal(sage_felt_from_text(&v, "0", 1, NULL), SAGE_OK);
    assert_true(felt252_is_zero(v));
}

/* The published value of 'SN_SEPOLIA', which is its characters' codes. */
static void short_strings(void **state)
{
    char text[SAGE_FELT_HEX], back[SAGE_FELT_SHORT + 1];
    felt252 v;
    sage_errinfo err;
    (void)state;
    sage_felt_to_hex(text, sage_felt_short("SN_SEPOLIA"));
    assert_string_equal(text, "0x534e5f5345504f4c4941");
    assert_int_equal(sage_felt_from_short(&v, "SN_SEPOLIA", 10, NULL), SAGE_OK);
    assert_true(felt252_eq(v, sage_felt_short("SN_SEPOLIA")));
    assert_true(sage_felt_to_short(back, v));
    assert_string_equal(back, "SN_SEPOLIA");

    const char *longest = "~234567890123456789012345678901";
    assert_int_equal(sage_felt_from_short(&v, longest, 31, NULL), SAGE_OK);
    assert_true(sage_felt_to_short(back, v));
    assert_string_equal(back, longest);
    assert_int_equal(sage_felt_from_short(&v, "12345678901234567890123456789012", 32, &err),
                     SAGE_ELIMIT);
    assert_string_equal(err.where, "felt.short");
    assert_int_equal(sage_felt_from_short(&v, "a\nb", 3, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "felt.ascii");
    assert_int_equal(err.at, 1);
    assert_int_equal(sage_felt_from_short(&v, "\xc3\xa4", 2, &err), SAGE_EFORMAT);
    assert_int_equal(sage_felt_from_short(&v, "", 0, NULL), SAGE_OK);
    assert_true(felt252_is_zero(v) && sage_felt_to_short(back, v));
    assert_string_equal(back, "");

    assert_false(sage_felt_to_short(back, felt252_from_u64(0x4100))); /* ends with NUL */
    assert_false(sage_felt_to_short(back, felt252_from_u64(0x1f)));
    assert_false(sage_felt_to_short(back, felt252_from_u64(0x41ff)));
    assert_false(sage_felt_to_short(back, minus_one()));
    /* 'A' in the 32nd byte would be P or more; 1 there is no character. */
    assert_false(sage_felt_to_short(
        back, felt252_from_limbs((const uint64_t[4]){0, 0, 0, (uint64_t)1 << 56})));
}

static void small_numbers(void **state)
{
    uint64_t v, w[2];
    (void)state;
    assert_true(sage_felt_to_u64(&v, felt252_from_u64(UINT64_MAX)) && v == UINT64_MAX);
    felt252 two64 = felt252_add(felt252_from_u64(UINT64_MAX), felt252_one());
    assert_false(sage_felt_to_u64(&v, two64));
    assert_true(sage_felt_to_u128(w, two64) && w[0] == 0 && w[1] == 1);
    assert_true(felt252_eq(sage_felt_from_u128(w), two64));
    felt252 two128 = felt252_mul(two64, two64);
    assert_false(sage_felt_to_u128(w, two128));
    assert_true(sage_felt_to_u128(w, felt252_sub(two128, felt252_one())));
    assert_true(w[0] == UINT64_MAX && w[1] == UINT64_MAX);
    assert_false(sage_felt_to_u64(&v, minus_one()));
    assert_true(sage_felt_compare(two64, two128) < 0 && sage_felt_compare(two128, two64) > 0);
    assert_int_equal(sage_felt_compare(two64, two64), 0);
    assert_true(sage_felt_compare(minus_one(), felt252_zero()) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_out),       cmocka_unit_test(decimal_out),
        cmocka_unit_test(hex_in),        cmocka_unit_test(text_in),
        cmocka_unit_test(short_strings), cmocka_unit_test(small_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

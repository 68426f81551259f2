/* hex, bytes, size, clock: the small pure pieces. */
#include "base/bytes.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/size.h"

#include "base/test.h"

static void hex_round_trip(void **state)
{
    (void)state;
    uint8_t bytes[256], back[256];
    char text[2 * sizeof bytes + 1];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        sage_hex_encode(text, bytes, n);
        assert_int_equal(strlen(text), 2 * n);
        assert_int_equal(sage_hex_decode(back, n, text, 2 * n, NULL), SAGE_OK);
        assert_memory_equal(bytes, back, n);
    }
    sage_hex_encode(text, (const uint8_t[]){0x00, 0x0f, 0xa5, 0xff}, 4);
    assert_string_equal(text, "000fa5ff");
    assert_int_equal(sage_hex_decode(back, 3, "aBCdEf", 6, NULL), SAGE_OK);
    assert_memory_equal(back, "\xab\xcd\xef", 3);
}

static void hex_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        const char *where;
        long long at;
    } bad[] = {
        {"", 1, "hex.length", 0},     {"abc", 1, "hex.length", 3}, {"abc", 2, "hex.length", 3},
        {"abcd", 1, "hex.length", 4}, {"0x", 1, "hex.digit", 1},   {"g0", 1, "hex.digit", 0},
        {"0 ", 1, "hex.digit", 1},    {"00:1", 2, "hex.digit", 2}, {"/0", 1, "hex.digit", 0},
        {"@0", 1, "hex.digit", 0},    {"`0", 1, "hex.digit", 0},
    };
    uint8_t out[4];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sage_errinfo err = {0};
        assert_int_equal(sage_hex_decode(out, bad[i].n, bad[i].text, strlen(bad[i].text), &err),
                         SAGE_EFORMAT);
        assert_string_equal(err.where, bad[i].where);
        assert_int_equal(err.at, bad[i].at);
    }
    /* A NUL inside the text is a wrong digit, not an end. */
    assert_int_equal(sage_hex_decode(out, 2, "ab\0c", 4, NULL), SAGE_EFORMAT);
}

static void little_endian(void **state)
{
    (void)state;
    uint8_t b[16] = {0xee, 1, 2, 3, 4, 5, 6, 7, 8, 0xee};
    assert_int_equal(sage_load_le32(b + 1), 0x04030201);
    assert_true(sage_load_le64(b + 1) == 0x0807060504030201u);
    sage_store_le64(b + 1, 0xfffefdfcfbfaf9f8u);
    assert_true(sage_load_le64(b + 1) == 0xfffefdfcfbfaf9f8u);
    assert_int_equal(b[0], 0xee);
    assert_int_equal(b[9], 0xee);
    sage_store_le32(b + 1, 0x80000001u);
    assert_memory_equal(b, "\xee\x01\x00\x00\x80\xfc", 6);
}

static void checked_sizes(void **state)
{
    (void)state;
    size_t v;
    assert_true(sage_size_mul(SIZE_MAX / 3, 3, &v) && v == SIZE_MAX / 3 * 3);
    assert_false(sage_size_mul(SIZE_MAX / 3 + 1, 3, &v));
    assert_true(sage_size_mul(0, SIZE_MAX, &v) && v == 0);
    assert_true(sage_size_add(SIZE_MAX - 1, 1, &v) && v == SIZE_MAX);
    assert_false(sage_size_add(SIZE_MAX, 1, &v));
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        uint64_t ms;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {951782399999, "2000-02-28T23:59:59.999Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {951868800000, "2000-03-01T00:00:00.000Z"},
        {1709251199000, "2024-02-29T23:59:59.000Z"},
        {1735689599001, "2024-12-31T23:59:59.001Z"},
        {4107542400000, "2100-03-01T00:00:00.000Z"},
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        {UINT64_MAX, "9999-12-31T23:59:59.999Z"},
    };
    char text[SAGE_CLOCK_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sage_clock_format(text, cases[i].ms);
        assert_string_equal(text, cases[i].text);
    }
}

/* Each day after another, 1970 to 2400, against counting by the calendar's own rules. */
static void dates_day_by_day(void **state)
{
    (void)state;
    unsigned y = 1970, m = 1, d = 1;
    for (uint64_t day = 0; y < 2400; day++) {
        static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap                       = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        char text[SAGE_CLOCK_TEXT], wanted[64];
        sage_clock_format(text, day * 86400000u);
        snprintf(wanted, sizeof wanted, "%04u-%02u-%02uT00:00:00.000Z", y, m, d);
        assert_string_equal(text, wanted);
        if (++d > lengths[m - 1] + (m == 2 && leap)) {
            d = 1;
            if (++m > 12) m = 1, y++;
        }
    }
}

static void clocks_run(void **state)
{
    (void)state;
    uint64_t ns = sage_clock_mono_ns(), ms = sage_clock_mono_ms();
    assert_true(ms >= ns / 1000000u);
    assert_true(sage_clock_mono_ns() >= ns);
    assert_true(sage_clock_real_ms() > 1600000000000u); /* after 2020 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_round_trip), cmocka_unit_test(hex_refuses),
        cmocka_unit_test(little_endian),  cmocka_unit_test(checked_sizes),
        cmocka_unit_test(dates),          cmocka_unit_test(dates_day_by_day),
        cmocka_unit_test(clocks_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* field/felt252_text.c -- felts as hexadecimal, decimal and short strings. */
#include "field/felt252_text.h"

#include <string.h>

#include "base/amount.h"

enum { NIBBLES = 64, STRICT_DIGITS = 63, DECIMALS = 78, PER_LIMB = 16 };

static unsigned nibble(const uint64_t limbs[4], int i)
{
    return (unsigned)(limbs[i / PER_LIMB] >> (4 * (i % PER_LIMB)) & 15);
}

size_t sage_limbs_to_hex(char out[SAGE_FELT_HEX], const uint64_t limbs[4])
{
    static const char hex[] = "0123456789abcdef";
    int top                 = NIBBLES - 1;
    size_t n                = 2;
    while (top > 0 && !nibble(limbs, top))
        top--;
    memcpy(out, "0x", 2);
    for (int i = top; i >= 0; i--)
        out[n++] = hex[nibble(limbs, i)];
    out[n] = 0;
    return n;
}

/* 0..15; 16 for what is no digit. */
static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A' + 10);
    return 16;
}

bool sage_limbs_from_hex(uint64_t limbs[4], const char *digits, size_t n)
{
    memset(limbs, 0, 4 * sizeof *limbs);
    if (n == 0 || n > NIBBLES) return false;
    for (size_t i = 0; i < n; i++) {
        const unsigned digit = digit_of(digits[n - 1 - i]);
        if (digit > 15) return false;
        limbs[i / PER_LIMB] |= (uint64_t)digit << (4 * (i % PER_LIMB));
    }
    return true;
}

bool sage_limbs_from_decimal(uint64_t limbs[4], const char *digits, size_t n)
{
    char text[DECIMALS + 1];
    sage_amount v;
    if (n > DECIMALS) return false;
    if (n) memcpy(text, digits, n);
    text[n] = 0;
    if (memchr(text, 0, n) || sage_amount_parse(&v, text, NULL)) return false;
    memcpy(limbs, v.w, sizeof v.w);
    return true;
}

size_t sage_limbs_to_decimal(char out[SAGE_FELT_DECIMAL], const uint64_t limbs[4])
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount a;
    memcpy(a.w, limbs, sizeof a.w);
    sage_amount_format(text, &a);
    const size_t n = strnlen(text, SAGE_FELT_DECIMAL - 1);
    memcpy(out, text, n);
    out[n] = 0;
    return n;
}

size_t sage_felt_to_hex(char out[SAGE_FELT_HEX], felt252 v)
{
    uint64_t limbs[4];
    felt252_to_limbs(v, limbs);
    return sage_limbs_to_hex(out, limbs);
}

size_t sage_felt_to_decimal(char out[SAGE_FELT_DECIMAL], felt252 v)
{
    uint64_t limbs[4];
    felt252_to_limbs(v, limbs);
    return sage_limbs_to_decimal(out, limbs);
}

static sage_status below_p(felt252 *out, const uint64_t limbs[4], sage_errinfo *err)
{
    if (!felt252_limbs_canonical(limbs))
        return sage_fail(err, SAGE_ELIMIT, "felt.range", -1,
                         "the number is not below 2^251 + 17 * 2^192 + 1");
    *out = felt252_from_limbs(limbs);
    return SAGE_OK;
}

static bool has_prefix(const char *text, size_t n)
{
    return n > 2 && text[0] == '0' && (text[1] | 32) == 'x';
}

/* The digits after 0x are those of a FELT: none leading but the one of 0. */
static bool strict_form(const char *text, size_t n)
{
    return text[1] == 'x' && n - 2 <= STRICT_DIGITS && (n == 3 || text[2] != '0');
}

sage_status
sage_felt_from_hex(felt252 *out, const char *text, size_t n, bool strict, sage_errinfo *err)
{
    uint64_t limbs[4];
    if (!has_prefix(text, n) || (strict && !strict_form(text, n)) ||
        !sage_limbs_from_hex(limbs, text + 2, n - 2))
        return sage_fail(err, SAGE_EFORMAT, "felt.hex", -1, "not 0x and %s",
                         strict ? "1 to 63 hexadecimal digits without leading zeros"
                                : "1 to 64 hexadecimal digits");
    return below_p(out, limbs, err);
}

bool sage_limbs_from_text(uint64_t limbs[4], const char *text, size_t n)
{
    return has_prefix(text, n) ? sage_limbs_from_hex(limbs, text + 2, n - 2)
                               : sage_limbs_from_decimal(limbs, text, n);
}

sage_status sage_felt_from_text(felt252 *out, const char *text, size_t n, sage_errinfo *err)
{
    uint64_t limbs[4];
    if (sage_limbs_from_text(limbs, text, n)) return below_p(out, limbs, err);
    return sage_fail(err, SAGE_EFORMAT, "felt.text", -1,
                     "not a number: decimal digits, or 0x and hexadecimal digits");
}

static bool printable(unsigned c)
{
    return c >= 0x20 && c <= 0x7e;
}

felt252 sage_felt_from_bytes_be(const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    uint64_t limbs[4]      = {0};
    for (size_t i = 0; i < n; i++)
        limbs[i / 8] |= (uint64_t)b[n - 1 - i] << (8 * (i % 8));
    return felt252_from_limbs(limbs);
}

sage_status sage_felt_from_short(felt252 *out, const char *text, size_t n, sage_errinfo *err)
{
    if (n > SAGE_FELT_SHORT)
        return sage_fail(err, SAGE_ELIMIT, "felt.short", (long long)n,
                         "a short string has at most %d characters", SAGE_FELT_SHORT);
    for (size_t i = 0; i < n; i++)
        if (!printable((unsigned char)text[i]))
            return sage_fail(err, SAGE_EFORMAT, "felt.ascii", (long long)i,
                             "a short string is printable ASCII");
    *out = sage_felt_from_bytes_be(text, n);
    return SAGE_OK;
}

felt252 sage_felt_short(const char *literal)
{
    return sage_felt_from_bytes_be(literal, strnlen(literal, SAGE_FELT_SHORT));
}

bool sage_felt_to_short(char out[SAGE_FELT_SHORT + 1], felt252 v)
{
    uint64_t limbs[4];
    size_t n = 0;
    felt252_to_limbs(v, limbs);
    for (int i = SAGE_FELT_SHORT; i >= 0; i--) {
        const unsigned c = (unsigned)(limbs[i / 8] >> (8 * (i % 8)) & 255);
        if (n == 0 && c == 0) continue;
        if (i == SAGE_FELT_SHORT || !printable(c)) return false;
        out[n++] = (char)c;
    }
    out[n] = 0;
    return true;
}

bool sage_felt_to_u64(uint64_t *out, felt252 v)
{
    uint64_t limbs[4];
    felt252_to_limbs(v, limbs);
    *out = limbs[0];
    return !(limbs[1] | limbs[2] | limbs[3]);
}

bool sage_felt_to_u128(uint64_t out[2], felt252 v)
{
    uint64_t limbs[4];
    felt252_to_limbs(v, limbs);
    memcpy(out, limbs, 2 * sizeof *out);
    return !(limbs[2] | limbs[3]);
}

felt252 sage_felt_from_u128(const uint64_t v[2])
{
    return felt252_from_limbs((const uint64_t[4]){v[0], v[1], 0, 0});
}

int sage_felt_compare(felt252 a, felt252 b)
{
    sage_amount x, y;
    felt252_to_limbs(a, x.w);
    felt252_to_limbs(b, y.w);
    return sage_amount_compare(&x, &y);
}

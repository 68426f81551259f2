#include "base/amount.h"

#include <string.h>

enum { LIMBS = 4 };

sage_amount sage_amount_of(uint64_t base_units)
{
    return (sage_amount){.w = {base_units}};
}

int sage_amount_compare(const sage_amount *a, const sage_amount *b)
{
    for (int i = LIMBS - 1; i >= 0; i--)
        if (a->w[i] != b->w[i]) return a->w[i] < b->w[i] ? -1 : 1;
    return 0;
}

bool sage_amount_is_zero(const sage_amount *a)
{
    return !(a->w[0] | a->w[1] | a->w[2] | a->w[3]);
}

/* w[0..n) = w * mul + add, returning the word that leaves at the top.
 * (2^64-1)^2 + 2^64-1 < 2^128, so the running sum never overflows. */
static uint64_t mul_add(uint64_t *w, int n, uint64_t mul, uint64_t add)
{
    uint64_t carry = add;
    for (int i = 0; i < n; i++) {
        sage_u128 t = (sage_u128)w[i] * mul + carry;
        w[i]        = (uint64_t)t;
        carry       = (uint64_t)(t >> 64);
    }
    return carry;
}

/* w[0..n) = floor(w / div), returning the remainder. div > 0. The partial dividend is below
 * div * 2^64, so each quotient word fits. */
static uint64_t divide(uint64_t *w, int n, uint64_t div)
{
    uint64_t rest = 0;
    for (int i = n - 1; i >= 0; i--) {
        sage_u128 t = (sage_u128)rest << 64 | w[i];
        w[i]        = (uint64_t)(t / div);
        rest        = (uint64_t)(t % div);
    }
    return rest;
}

static sage_status overflow(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ELIMIT, "amount.overflow", -1, "the amount exceeds 2^256 - 1");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Appends the digits at text[at..) to *a and returns the offset after them in *end. */
static sage_status
read_digits(sage_amount *a, const char *text, size_t at, size_t *end, sage_errinfo *err)
{
    size_t i = at;
    for (; is_digit(text[i]); i++)
        if (mul_add(a->w, LIMBS, 10, (uint64_t)(text[i] - '0'))) return overflow(err);
    *end = i;
    if (i == at)
        return sage_fail(err, SAGE_EFORMAT, "amount.digits", (long long)at,
                         "a decimal digit is wanted");
    return SAGE_OK;
}

/* The integer part, which has one form: no leading zero but "0" itself. */
static sage_status read_whole(sage_amount *a, const char *text, size_t *end, sage_errinfo *err)
{
    if (text[0] == '0' && is_digit(text[1]))
        return sage_fail(err, SAGE_EFORMAT, "amount.digits", 0, "a leading zero");
    return read_digits(a, text, 0, end, err);
}

static sage_status expect_end(const char *text, size_t at, sage_errinfo *err)
{
    if (!text[at]) return SAGE_OK;
    return sage_fail(err, SAGE_EFORMAT, "amount.digits", (long long)at,
                     "something other than a decimal digit");
}

sage_status sage_amount_parse(sage_amount *out, const char *text, sage_errinfo *err)
{
    sage_amount a = {0};
    size_t end;
    sage_status s = read_whole(&a, text, &end, err);
    if (!s) s = expect_end(text, end, err);
    if (!s) *out = a;
    return s;
}

sage_status sage_amount_parse_sage(sage_amount *out, const char *text, sage_errinfo *err)
{
    sage_amount a = {0};
    size_t end, decimals = 0;
    sage_status s = read_whole(&a, text, &end, err);
    if (!s && text[end] == '.') {
        size_t point = end;
        s            = read_digits(&a, text, point + 1, &end, err);
        decimals     = end - point - 1;
    }
    if (!s) s = expect_end(text, end, err);
    if (s) return s;
    if (decimals > SAGE_AMOUNT_DECIMALS)
        return sage_fail(err, SAGE_EFORMAT, "amount.decimals", (long long)end,
                         "%zu decimals; SAGE has %d", decimals, SAGE_AMOUNT_DECIMALS);
    for (; decimals < SAGE_AMOUNT_DECIMALS; decimals++)
        if (mul_add(a.w, LIMBS, 10, 0)) return overflow(err);
    *out = a;
    return SAGE_OK;
}

/* The digits of a, least significant first, at least `least` of them; returns how many.
 * 2^256 has 78 digits. */
static int digits_of(char digits[78], const sage_amount *a, int least)
{
    sage_amount left = *a;
    int n            = 0;
    while (n < least || !sage_amount_is_zero(&left))
        digits[n++] = (char)('0' + divide(left.w, LIMBS, 10));
    return n;
}

void sage_amount_format(char out[SAGE_AMOUNT_TEXT], const sage_amount *a)
{
    char digits[78];
    int n = digits_of(digits, a, 1);
    for (int i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    out[n] = 0;
}

void sage_amount_format_sage(char out[SAGE_AMOUNT_TEXT], const sage_amount *a)
{
    char digits[78], *at = out;
    int n = digits_of(digits, a, SAGE_AMOUNT_DECIMALS + 1), last = 0;
    while (last < SAGE_AMOUNT_DECIMALS && digits[last] == '0')
        last++;
    for (int i = n - 1; i >= SAGE_AMOUNT_DECIMALS; i--)
        *at++ = digits[i];
    if (last < SAGE_AMOUNT_DECIMALS) *at++ = '.';
    for (int i = SAGE_AMOUNT_DECIMALS - 1; i >= last; i--)
        *at++ = digits[i];
    *at = 0;
}

sage_status
sage_amount_add(sage_amount *out, const sage_amount *a, const sage_amount *b, sage_errinfo *err)
{
    sage_amount sum;
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        sage_u128 t = (sage_u128)a->w[i] + b->w[i] + carry;
        sum.w[i]    = (uint64_t)t;
        carry       = (uint64_t)(t >> 64);
    }
    if (carry) return overflow(err);
    *out = sum;
    return SAGE_OK;
}

sage_status
sage_amount_sub(sage_amount *out, const sage_amount *a, const sage_amount *b, sage_errinfo *err)
{
    sage_amount difference;
    uint64_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        sage_u128 t     = (sage_u128)a->w[i] - b->w[i] - borrow;
        difference.w[i] = (uint64_t)t;
        borrow          = (uint64_t)(t >> 64) & 1;
    }
    if (borrow)
        return sage_fail(err, SAGE_ELIMIT, "amount.negative", -1,
                         "more is taken than there is");
    *out = difference;
    return SAGE_OK;
}

sage_status sage_amount_mul_div(
    sage_amount *out, const sage_amount *a, uint64_t mul, uint64_t div, sage_errinfo *err)
{
    uint64_t wide[LIMBS + 1];
    if (!div) return sage_fail(err, SAGE_EINVAL, "amount.divide", -1, "division by zero");
    memcpy(wide, a->w, sizeof a->w);
    wide[LIMBS] = mul_add(wide, LIMBS, mul, 0);
    divide(wide, LIMBS + 1, div);
    if (wide[LIMBS]) return overflow(err);
    memcpy(out->w, wide, sizeof out->w);
    return SAGE_OK;
}

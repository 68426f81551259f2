/* vm/value.c -- felts as canonical numbers: arithmetic and text. */
#include "vm/value.h"

#include <stdio.h>
#include <string.h>

static const uint64_t prime[4] = {1, 0, 0, 0x0800000000000011};

static sage_value known(const uint64_t l[4])
{
    return (sage_value){{l[0], l[1], l[2], l[3] | SAGE_VALUE_KNOWN}};
}

static void number(sage_value v, uint64_t l[4])
{
    memcpy(l, v.l, sizeof v.l);
    l[3] &= ~(SAGE_VALUE_KNOWN | SAGE_VALUE_ADDRESS);
}

/* r = a - b mod 2^256; returns the borrow. */
static unsigned char subtract(uint64_t r[4], const uint64_t a[4], const uint64_t b[4])
{
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        r[i] = felt252_sbb(a[i], b[i], &borrow);
    return borrow;
}

static void add_to(uint64_t r[4], const uint64_t a[4], const uint64_t b[4])
{
    unsigned char carry = 0;
    for (int i = 0; i < 4; i++)
        r[i] = felt252_adc(a[i], b[i], &carry);
}

sage_value sage_value_add(sage_value a, sage_value b)
{
    uint64_t x[4], y[4], sum[4], less[4];
    number(a, x);
    number(b, y);
    add_to(sum, x, y);
    return subtract(less, sum, prime) ? known(sum) : known(less);
}

sage_value sage_value_sub(sage_value a, sage_value b)
{
    uint64_t x[4], y[4], r[4];
    number(a, x);
    number(b, y);
    if (subtract(r, x, y)) add_to(r, r, prime);
    return known(r);
}

felt252 sage_value_felt(sage_value v)
{
    uint64_t l[4];
    number(v, l);
    return felt252_from_limbs(l);
}

sage_value sage_value_from_felt(felt252 v)
{
    uint64_t l[4];
    felt252_to_limbs(v, l);
    return known(l);
}

bool sage_value_from_limbs(sage_value *out, const uint64_t l[4])
{
    uint64_t less[4];
    *out = known(l);
    return subtract(less, l, prime);
}

/* mul(a R, b) = a b R / R: one conversion is enough, and none at the end. */
sage_value sage_value_mul(sage_value a, sage_value b)
{
    if (sage_value_is_small(a) && sage_value_is_small(b)) {
        sage_u128 p = (sage_u128)a.l[0] * b.l[0];
        return (sage_value){{(uint64_t)p, (uint64_t)(p >> 64), 0, SAGE_VALUE_KNOWN}};
    }
    felt252 y;
    number(b, y.l);
    felt252 product = felt252_mul(sage_value_felt(a), y);
    return known(product.l);
}

sage_value sage_value_div(sage_value a, sage_value b)
{
    return sage_value_from_felt(
        felt252_mul(sage_value_felt(a), felt252_inv_public(sage_value_felt(b))));
}

/* l = l * base + digit; false beyond 2^252. */
static bool push_digit(uint64_t l[4], uint32_t base, uint32_t digit)
{
    sage_u128 carry = digit;
    for (int i = 0; i < 4; i++) {
        carry += (sage_u128)l[i] * base;
        l[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return !carry && !(l[3] >> 60);
}

static int digit_of(char c, uint32_t base)
{
    int d = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : 99;
    return (uint32_t)d < base ? d : -1;
}

bool sage_value_parse(sage_value *out, const char *text, size_t len)
{
    uint64_t l[4] = {0}, less[4];
    bool negative = len && text[0] == '-';
    size_t at     = negative;
    uint32_t base = 10;
    if (len >= at + 2 && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X')) {
        base = 16;
        at += 2;
    }
    if (at >= len) return false;
    for (; at < len; at++) {
        int d = digit_of(text[at], base);
        if (d < 0 || !push_digit(l, base, (uint32_t)d)) return false;
    }
    if (!subtract(less, l, prime)) return false;
    *out = negative ? sage_value_sub(sage_value_from_u64(0), known(l)) : known(l);
    return true;
}

void sage_value_print(char out[SAGE_VALUE_TEXT], sage_value v)
{
    uint64_t l[4];
    if (!sage_value_known(v)) {
        snprintf(out, SAGE_VALUE_TEXT, "unknown");
        return;
    }
    if (sage_value_is_address(v)) {
        sage_address a = sage_value_address(v);
        snprintf(out, SAGE_VALUE_TEXT, "%u:%u", a.segment, a.offset);
        return;
    }
    number(v, l);
    int top = 3;
    while (top > 0 && !l[top])
        top--;
    int n = snprintf(out, SAGE_VALUE_TEXT, "0x%llx", (unsigned long long)l[top]);
    while (top-- > 0)
        n += snprintf(out + n, (size_t)(SAGE_VALUE_TEXT - n), "%016llx",
                      (unsigned long long)l[top]);
}

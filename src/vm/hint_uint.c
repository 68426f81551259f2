/* vm/hint_uint.c -- whole numbers of hints. */
#include "vm/hint_uint.h"

#include <string.h>

enum { HALF_WORDS = 2 }; /* 128 bits */

uint384 hint_uint(sage_value felt)
{
    uint384 u = {{felt.l[0], felt.l[1], felt.l[2],
                  felt.l[3] & ~(SAGE_VALUE_KNOWN | SAGE_VALUE_ADDRESS)}};
    return u;
}

uint384 hint_uint_small(uint64_t v)
{
    return (uint384){{v}};
}

uint384 hint_narrow(const uint768 *v)
{
    uint384 u;
    memcpy(u.l, v->l, sizeof u.l);
    return u;
}

/* r += a << 64 words; what would carry beyond 768 bits cannot: four felts end below 2^637. */
static void add_at(uint768 *r, const uint384 *a, uint32_t words)
{
    sage_u128 carry = 0;
    for (uint32_t i = words; i < 2 * UINT384_LIMBS; i++) {
        carry += r->l[i];
        if (i - words < UINT384_LIMBS) carry += a->l[i - words];
        r->l[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

sage_status hint_uint_read(hint_call *c, uint32_t i, uint32_t n, uint768 *out)
{
    memset(out, 0, sizeof *out);
    for (uint32_t k = 0; k < n; k++) {
        sage_value v;
        sage_status s = hint_felt(c, i + k, &v);
        if (s) return s;
        uint384 part = hint_uint(v);
        add_at(out, &part, HALF_WORDS * k);
    }
    return SAGE_OK;
}

sage_status hint_uint256(hint_call *c, uint32_t i, uint384 *out)
{
    uint768 wide;
    sage_status s = hint_uint_read(c, i, 2, &wide);
    *out          = hint_narrow(&wide);
    return s;
}

sage_status hint_write_uint(hint_call *c, uint32_t i, const uint384 *v)
{
    if (v->l[4] | v->l[5])
        return hint_fail(c, "vm.hint.operand", "a result has more bits than a felt");
    return hint_write(c, i, sage_value_from_felt(felt252_from_limbs(v->l)));
}

sage_status hint_write_parts(hint_call *c, uint32_t i, uint32_t n, const uint768 *v)
{
    for (uint32_t k = 0; k < n; k++) {
        uint384 part  = {{0}};
        uint32_t from = HALF_WORDS * k, words = HALF_WORDS;
        if (k + 1 == n) {
            words = UINT384_LIMBS;
            for (uint32_t j = from + words; j < 2 * UINT384_LIMBS; j++)
                if (v->l[j])
                    return hint_fail(c, "vm.hint.operand", "a result has too many bits");
        }
        memcpy(part.l, v->l + from, words * sizeof *part.l);
        sage_status s = hint_write_uint(c, i + k, &part);
        if (s) return s;
    }
    return SAGE_OK;
}

static sage_status by_zero(hint_call *c)
{
    return hint_fail(c, "vm.hint.operand", "a division by zero");
}

sage_status
hint_divide(hint_call *c, const uint768 *n, const uint384 *d, uint768 *q, uint384 *r)
{
    if (uint384_is_zero(d)) return by_zero(c);
    uint768_divide(q, r, n, d);
    return SAGE_OK;
}

sage_status
hint_divide_felts(hint_call *c, sage_value n, sage_value d, sage_value *q, sage_value *r)
{
    if (sage_value_equal(d, sage_value_from_u64(0))) return by_zero(c);
    if (sage_value_is_small(n) && sage_value_is_small(d)) {
        *q = sage_value_from_u64(n.l[0] / d.l[0]);
        *r = sage_value_from_u64(n.l[0] % d.l[0]);
        return SAGE_OK;
    }
    uint384 a = hint_uint(n), b = hint_uint(d), rest;
    uint768 wide = uint384_widen(&a), quotient;
    uint768_divide(&quotient, &rest, &wide, &b);
    memcpy(q->l, quotient.l, sizeof q->l);
    memcpy(r->l, rest.l, sizeof r->l);
    q->l[3] |= SAGE_VALUE_KNOWN;
    r->l[3] |= SAGE_VALUE_KNOWN;
    return SAGE_OK;
}

static uint32_t bits(const uint384 *v)
{
    for (uint32_t i = UINT384_LIMBS; i-- > 0;)
        if (v->l[i]) return 64 * i + 64 - (uint32_t)__builtin_clzll(v->l[i]);
    return 0;
}

/* v / 2; v + 1 bits below 2^384. */
static void halve(uint384 *v)
{
    for (uint32_t i = 0; i < UINT384_LIMBS; i++)
        v->l[i] = v->l[i] >> 1 | (i + 1 < UINT384_LIMBS ? v->l[i + 1] << 63 : 0);
}

/* Newton's steps (x + v / x) / 2 fall from any x above the root until they are there. */
uint384 hint_root(const uint384 *v)
{
    uint32_t up   = (bits(v) + 1) / 2;
    uint384 x     = {{0}}, next, rest;
    x.l[up / 64]  = (uint64_t)1 << up % 64;
    uint768 whole = uint384_widen(v), q;
    if (uint384_is_zero(v)) return *v;
    for (;;) {
        uint768_divide(&q, &rest, &whole, &x);
        uint384 quotient = hint_narrow(&q);
        (void)uint384_add(&next, &x, &quotient);
        halve(&next);
        if (uint384_compare(&next, &x) >= 0) return x;
        x = next;
    }
}

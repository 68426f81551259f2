/* curve/order.c -- Montgomery arithmetic modulo the group's order, R = 2^256. */
#include "curve/order.h"

#include "field/felt252_loose.h"

static const sage_order n = {
    {0x1e66a241adc64d2f, 0xb781126dcae7b232, 0xffffffffffffffff, 0x0800000000000010}};
#define MINUS_1_OVER_N ((uint64_t)0xbb6b3c4ce8bde631) /* mod 2^64 */
/* R^2 mod n. */
static const sage_order r_squared = {
    {0x6021b3f1ea1c688d, 0x509cf64d14ce60b9, 0xbaf0ab4cf78bbabb, 0x07d9e57c2333766e}};

sage_order sage_order_n(void)
{
    return n;
}

/* a - n; the borrow tells whether a was below n. */
static unsigned char less_n(sage_order *r, sage_order a)
{
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        r->l[i] = felt252_sbb(a.l[i], n.l[i], &borrow);
    return borrow;
}

/* a < 2 n -> a mod n. */
static sage_order fold(sage_order a)
{
    sage_order r;
    uint64_t keep = 0 - (uint64_t)less_n(&r, a);
    for (int i = 0; i < 4; i++)
        r.l[i] ^= (r.l[i] ^ a.l[i]) & keep;
    return r;
}

/* a b / R mod n for a b < R n. */
static sage_order montgomery(sage_order a, sage_order b)
{
    uint64_t t[6] = {0};
    for (int i = 0; i < 4; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < 4; j++)
            t[j] = felt252_mac(a.l[i], b.l[j], t[j], &carry);
        t[4] += carry; /* below 2^64: t stays below 2 n + 2^64 b */
        uint64_t q = t[0] * MINUS_1_OVER_N;
        carry      = 0;
        (void)felt252_mac(q, n.l[0], t[0], &carry);
        for (int j = 1; j < 4; j++)
            t[j - 1] = felt252_mac(q, n.l[j], t[j], &carry);
        t[3] = felt252_mac(0, 0, t[4], &carry);
        t[4] = carry;
    }
    return fold((sage_order){{t[0], t[1], t[2], t[3]}});
}

bool sage_order_from_limbs(sage_order *out, const uint64_t limbs[4])
{
    sage_order less;
    for (int i = 0; i < 4; i++)
        out->l[i] = limbs[i];
    return less_n(&less, *out);
}

sage_order sage_order_reduce(const uint64_t limbs[4])
{
    sage_order a = {{limbs[0], limbs[1], limbs[2], limbs[3]}};
    return montgomery(montgomery(a, r_squared), (sage_order){{1, 0, 0, 0}});
}

bool sage_order_is_zero(sage_order a)
{
    return !(a.l[0] | a.l[1] | a.l[2] | a.l[3]);
}

sage_order sage_order_add(sage_order a, sage_order b)
{
    sage_order r;
    unsigned char carry = 0; /* none leaves: n < 2^252 */
    for (int i = 0; i < 4; i++)
        r.l[i] = felt252_adc(a.l[i], b.l[i], &carry);
    return fold(r);
}

sage_order sage_order_mul(sage_order a, sage_order b)
{
    return montgomery(montgomery(a, r_squared), b);
}

/* a^(n - 2), the exponent being public. */
sage_order sage_order_inv(sage_order a)
{
    const uint64_t low = n.l[0] - 2;
    sage_order x = montgomery(a, r_squared), r = x;
    for (int i = 250; i >= 0; i--) {
        uint64_t word = i < 64 ? low : n.l[i / 64];
        r             = montgomery(r, r);
        if (word >> (i % 64) & 1) r = montgomery(r, x);
    }
    return montgomery(r, (sage_order){{1, 0, 0, 0}});
}

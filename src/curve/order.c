/* curve/order.c -- Montgomery arithmetic modulo the group's order, R = 2^256. */
#include "curve/order.h"

#include "base/random.h"
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

/* a b / R mod n for any a and b < n. At step i the limbs from i on are below 2^254 before, and
 * with a_i b and q n, both below 2^316, five limbs hold them; limb i becomes 0. */
static sage_order montgomery(sage_order a, sage_order b)
{
    uint64_t t[8] = {0};
    for (int i = 0; i < 4; i++) {
        felt252_row(t + i, a.l[i], b.l, 0);
        felt252_row(t + i, t[i] * MINUS_1_OVER_N, n.l, t[i + 4]);
    }
    return fold((sage_order){{t[4], t[5], t[6], t[7]}});
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

sage_order sage_order_negative(sage_order a)
{
    sage_order r, zero = {{0}};
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        r.l[i] = felt252_sbb(n.l[i], a.l[i], &borrow);
    return sage_order_add(r, zero); /* n for 0 */
}

/* Four bits of n - 2; the lowest limb of n does not borrow. */
static unsigned exponent_digit(int i)
{
    uint64_t word = n.l[i / 16] - (i < 16 ? 2 : 0);
    return (unsigned)(word >> (4 * (i % 16))) & 15;
}

/* a^(n - 2), four bits at a time from the top. The exponent is public, and so are the branches
 * on it and the places of powers. */
sage_order sage_order_inv(sage_order a)
{
    sage_order power[16];
    power[1] = montgomery(a, r_squared);
    for (int i = 2; i < 16; i++)
        power[i] = montgomery(power[i - 1], power[1]);
    sage_order r = power[exponent_digit(62)];
    for (int i = 61; i >= 0; i--) {
        for (int j = 0; j < 4; j++)
            r = montgomery(r, r);
        if (exponent_digit(i)) r = montgomery(r, power[exponent_digit(i)]);
    }
    r = montgomery(r, (sage_order){{1, 0, 0, 0}});
    sage_secret_zero(power, sizeof power);
    return r;
}

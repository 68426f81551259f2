/* field/felt252_loose.h -- 256-bit arithmetic modulo P = 2^251 + 17 * 2^192 + 1 without final
 * reductions: what felt252.h and the Poseidon permutation are made of.
 *
 * Model: four 64-bit limbs, low first, hold any representative below 2^256 = 31.99.. P of a
 * residue class. Every function says how large its result may be in units of P; callers prove
 * that nothing reaches 31 P. No branch and no address depends on a value: these functions are
 * fit for secrets.
 *
 * Montgomery form with R = 2^256. P = 1 + K * 2^192 with K = 2^59 + 17, so -1/P mod 2^64 is -1
 * and a reduction needs one product by K per limb. */
#ifndef SAGE_FIELD_FELT252_LOOSE_H
#define SAGE_FIELD_FELT252_LOOSE_H

#include <stdint.h>

#if defined(__x86_64__)
#    include <immintrin.h>
#endif

#include "base/compiler.h"

typedef struct felt252 {
    uint64_t l[4];
} felt252;

#define FELT252_K ((uint64_t)0x0800000000000011)

/* a + b + *carry and a - b - *borrow; the flag is 0 or 1. gcc 12 makes a chain of adc only of
 * the intrinsics. */
#if defined(__x86_64__)
SAGE_INLINE uint64_t felt252_adc(uint64_t a, uint64_t b, unsigned char *carry)
{
    unsigned long long s;
    *carry = _addcarry_u64(*carry, a, b, &s);
    return s;
}
SAGE_INLINE uint64_t felt252_sbb(uint64_t a, uint64_t b, unsigned char *borrow)
{
    unsigned long long s;
    *borrow = _subborrow_u64(*borrow, a, b, &s);
    return s;
}
#else
SAGE_INLINE uint64_t felt252_adc(uint64_t a, uint64_t b, unsigned char *carry)
{
    sage_u128 s = (sage_u128)a + b + *carry;
    *carry      = (unsigned char)(s >> 64);
    return (uint64_t)s;
}
SAGE_INLINE uint64_t felt252_sbb(uint64_t a, uint64_t b, unsigned char *borrow)
{
    sage_u128 s = (sage_u128)a - b - *borrow;
    *borrow     = (unsigned char)(s >> 127);
    return (uint64_t)s;
}
#endif

/* Modulo 2^256: the caller knows that the true result is in [0, 2^256). */
SAGE_INLINE felt252 felt252_loose_add(felt252 a, felt252 b)
{
    felt252 r;
    unsigned char carry = 0;
    for (int i = 0; i < 4; i++)
        r.l[i] = felt252_adc(a.l[i], b.l[i], &carry);
    return r;
}
SAGE_INLINE felt252 felt252_loose_sub(felt252 a, felt252 b)
{
    felt252 r;
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        r.l[i] = felt252_sbb(a.l[i], b.l[i], &borrow);
    return r;
}
SAGE_INLINE felt252 felt252_loose_double(felt252 a)
{
    felt252 r;
    r.l[0] = a.l[0] << 1;
    for (int i = 1; i < 4; i++)
        r.l[i] = a.l[i] << 1 | a.l[i - 1] >> 63;
    return r;
}

/* m * P for 0 <= m < 32. */
SAGE_INLINE felt252 felt252_multiple(uint64_t m)
{
    return (felt252){{m, 0, 0, m * FELT252_K}};
}

/* Any a -> the same class in (0, 2 P). With q = a >> 251 < 32, a - q P lies between
 * -q (17 * 2^192 + 1) and 2^251, so adding P makes it positive. (1 - q) P is added at once, as
 * a two's complement number of 256 bits. */
SAGE_INLINE felt252 felt252_settle(felt252 a)
{
    uint64_t m = 1 - (a.l[3] >> 59), sign = 0 - (m >> 63);
    return felt252_loose_add(a, (felt252){{m, sign, sign, sign + m * FELT252_K}});
}

/* a * b + c + *carry; returns the low word and leaves the high one in *carry. */
SAGE_INLINE uint64_t felt252_mac(uint64_t a, uint64_t b, uint64_t c, uint64_t *carry)
{
    sage_u128 t = (sage_u128)a * b + c + *carry;
    *carry      = (uint64_t)(t >> 64);
    return (uint64_t)t;
}

/* T / R mod P for T = sum t_i 2^(64 i), given T + P * 2^256 in t. Result in (0, T / 2^256 + P).
 *
 * Montgomery's n = T / P mod R has the limbs t0, t1, t2, t3 - low(t0 K): taking away n_i P
 * 2^(64 i) clears limb i exactly and takes n_i K from limbs i + 3 and i + 4. What is taken
 * from limbs 4 to 7 is summed up first. */
SAGE_INLINE felt252 felt252_redc(const uint64_t t[8])
{
    unsigned char borrow = 0;
    sage_u128 s          = (sage_u128)t[0] * FELT252_K;
    uint64_t n3          = felt252_sbb(t[3], (uint64_t)s, &borrow);
    felt252 taken;
    s          = (sage_u128)t[1] * FELT252_K + (uint64_t)(s >> 64) + borrow;
    taken.l[0] = (uint64_t)s;
    s          = (sage_u128)t[2] * FELT252_K + (uint64_t)(s >> 64);
    taken.l[1] = (uint64_t)s;
    s          = (sage_u128)n3 * FELT252_K + (uint64_t)(s >> 64);
    taken.l[2] = (uint64_t)s;
    taken.l[3] = (uint64_t)(s >> 64);
    return felt252_loose_sub((felt252){{t[4], t[5], t[6], t[7]}}, taken);
}

/* t += x * y for the five limbs from t on, of which the last begins as top, whatever stands
 * there. One chain of carries through the low halves of the products, one through the high. */
SAGE_INLINE void felt252_row(uint64_t *t, uint64_t x, const uint64_t y[4], uint64_t top)
{
    sage_u128 p[4];
    unsigned char low = 0, high = 0;
    for (int i = 0; i < 4; i++)
        p[i] = (sage_u128)x * y[i];
    for (int i = 0; i < 4; i++)
        t[i] = felt252_adc(t[i], (uint64_t)p[i], &low);
    t[4] = felt252_adc(top, (uint64_t)(p[3] >> 64), &low);
    for (int i = 0; i < 3; i++)
        t[i + 1] = felt252_adc(t[i + 1], (uint64_t)(p[i] >> 64), &high);
    t[4] = felt252_adc(t[4], 0, &high);
}

/* a b / R for a < x P and b < y P: less than (x y / 31.9 + 1) P; x y < 900. The tops of the
 * first and the last row are P * 2^256. */
SAGE_INLINE felt252 felt252_loose_mul(felt252 a, felt252 b)
{
    uint64_t t[8] = {0};
    felt252_row(t, a.l[0], b.l, 1);
    felt252_row(t + 1, a.l[1], b.l, 0);
    felt252_row(t + 2, a.l[2], b.l, 0);
    felt252_row(t + 3, a.l[3], b.l, FELT252_K);
    return felt252_redc(t);
}

/* a a / R for a < 15 P, bounded as felt252_loose_mul: each limb times itself and twice the
 * limbs above it. */
SAGE_INLINE felt252 felt252_loose_sqr(felt252 a)
{
    const uint64_t *x = a.l;
    const uint64_t d1 = x[1] << 1, d2 = x[2] << 1, d3 = x[3] << 1; /* nothing leaves the top */
    const uint64_t up1 = x[1] >> 63, up2 = x[2] >> 63;
    const uint64_t row0[4] = {x[0], d1, d2 | up1, d3 | up2};
    uint64_t t[8]          = {0};
    felt252_row(t, x[0], row0, 1); /* the top is that of P * 2^256, here and below */

    const sage_u128 p11 = (sage_u128)x[1] * x[1], p12 = (sage_u128)x[1] * d2,
                    p13 = (sage_u128)x[1] * (d3 | up2), p22 = (sage_u128)x[2] * x[2],
                    p23 = (sage_u128)x[2] * d3, p33 = (sage_u128)x[3] * x[3];
    unsigned char low = 0, high = 0;
    t[2] = felt252_adc(t[2], (uint64_t)p11, &low);
    t[3] = felt252_adc(t[3], (uint64_t)p12, &low);
    t[4] = felt252_adc(t[4], (uint64_t)p13, &low);
    t[5] = felt252_adc((uint64_t)p23, (uint64_t)(p13 >> 64), &low);
    t[6] = felt252_adc((uint64_t)p33, (uint64_t)(p23 >> 64), &low);
    t[7] = felt252_adc((uint64_t)(p33 >> 64), FELT252_K, &low);

    t[3] = felt252_adc(t[3], (uint64_t)(p11 >> 64), &high);
    t[4] = felt252_adc(t[4], (uint64_t)(p12 >> 64), &high);
    t[5] = felt252_adc(t[5], (uint64_t)(p22 >> 64), &high);
    t[6] = felt252_adc(t[6], 0, &high);
    t[7] = felt252_adc(t[7], 0, &high);

    unsigned char square = 0;
    t[4]                 = felt252_adc(t[4], (uint64_t)p22, &square);
    for (int i = 5; i < 8; i++)
        t[i] = felt252_adc(t[i], 0, &square);
    return felt252_redc(t);
}

#endif

/* hash/poseidon252_lanes.h -- eight permutations of Hades side by side, one in each lane of a
 * vector of 64-bit numbers; private to poseidon252_many.c's kernels and their test.
 *
 * Compiled with AVX-512 IFMA the products are its instructions, otherwise plain C: the same
 * text, so that any machine tests it.
 *
 * Model: a wide is sum l_i 2^(52 i) in each lane, Montgomery form with R = 2^260, the limbs
 * being two's complement numbers. It is "carried" if all limbs are in [0, 2^52), which is
 * what products read; then it is in [0, 2^260), and 2^260 = 511.9 P. Sums may be left to grow:
 * 12 bits of a limb are spare. P = 1 + P3 2^156 + P4 2^208, so -1/P mod 2^52 is -1.
 *
 * Bounds are in units of P. A product of a < x P and b < y P is below (x y / 511.9 + 1) P and
 * positive. */
#ifndef SAGE_HASH_POSEIDON252_LANES_H
#define SAGE_HASH_POSEIDON252_LANES_H

#include <string.h>

#if defined(__AVX512IFMA__)
#    include <immintrin.h>
#endif

#include "hash/poseidon252_constants.h"
#include "hash/poseidon252_many.h"

/* Without AVX-512 vectors of 64 bytes have no place among arguments; all of this is inlined. */
#pragma GCC diagnostic ignored "-Wpsabi"

typedef uint64_t lanes8 __attribute__((vector_size(64)));
typedef int64_t slanes8 __attribute__((vector_size(64)));

enum { LIMB = 52, LIMBS = 5, WIDTH = 3, LANES8 = SAGE_POSEIDON252_LANES_WIDTH };
enum { HALF_FULL = 4, PARTIAL = 83, CONSTANTS = WIDTH * HALF_FULL * 2 + PARTIAL + 1 };

#define LIMB_MASK (((uint64_t)1 << LIMB) - 1)
#define P3        ((uint64_t)17 << 36)
#define P4        ((uint64_t)1 << 43)

typedef struct wide {
    lanes8 l[LIMBS];
} wide;

/* acc + the low, or the high, 52 bits of a b; of a and b the low 52 bits count. */
#if defined(__AVX512IFMA__)
SAGE_INLINE lanes8 madd_low(lanes8 acc, lanes8 a, lanes8 b)
{
    return (lanes8)_mm512_madd52lo_epu64((__m512i)acc, (__m512i)a, (__m512i)b);
}
SAGE_INLINE lanes8 madd_high(lanes8 acc, lanes8 a, lanes8 b)
{
    return (lanes8)_mm512_madd52hi_epu64((__m512i)acc, (__m512i)a, (__m512i)b);
}
#else
SAGE_INLINE lanes8 madd_low(lanes8 acc, lanes8 a, lanes8 b)
{
    return acc + ((a & LIMB_MASK) * (b & LIMB_MASK) & LIMB_MASK);
}
SAGE_INLINE lanes8 madd_high(lanes8 acc, lanes8 a, lanes8 b)
{
    for (int i = 0; i < LANES8; i++)
        acc[i] += (uint64_t)((sage_u128)(a[i] & LIMB_MASK) * (b[i] & LIMB_MASK) >> LIMB);
    return acc;
}
#endif

SAGE_INLINE lanes8 every_lane(uint64_t x)
{
    return (lanes8){0} + x;
}
/* What is above the limb, rounded down. */
SAGE_INLINE lanes8 excess(lanes8 l)
{
    return (lanes8)((slanes8)l >> LIMB);
}

/* For a number in [0, 2^260). */
SAGE_INLINE wide carried(wide a)
{
#pragma GCC unroll 4
    for (int i = 0; i + 1 < LIMBS; i++) {
        a.l[i + 1] += excess(a.l[i]);
        a.l[i] &= LIMB_MASK;
    }
    return a;
}

/* t / R mod P, in (0, t / 2^260 + P); not carried. Montgomery's n = t / P mod R has the limbs
 * n_i of t with what is taken away by those before; n_i P 2^(52 i) clears limb i and takes
 * n_i P3 from limb i + 3 on, n_i P4 from limb i + 4 on. P is added in the end. */
SAGE_INLINE wide reduced(const lanes8 t[2 * LIMBS])
{
    const lanes8 p3 = every_lane(P3), p4 = every_lane(P4);
    lanes8 taken[2 * LIMBS + 1] = {{0}}, carry = {0};
    wide r;
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++) {
        const lanes8 d = t[i] - taken[i] + carry, n = d & LIMB_MASK;
        carry        = excess(d);
        taken[i + 3] = madd_low(taken[i + 3], n, p3);
        taken[i + 4] = madd_high(taken[i + 4], n, p3);
        taken[i + 4] = madd_low(taken[i + 4], n, p4);
        taken[i + 5] += n >> (LIMB - 43);
    }
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++)
        r.l[i] = t[LIMBS + i] - taken[LIMBS + i];
    r.l[0] += carry + 1;
    r.l[3] += P3;
    r.l[4] += P4;
    return r;
}

/* a and b carried. */
SAGE_INLINE wide product(wide a, wide b)
{
    lanes8 t[2 * LIMBS] = {{0}};
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++) {
#pragma GCC unroll 5
        for (int k = 0; k < LIMBS; k++) {
            t[i + k]     = madd_low(t[i + k], a.l[i], b.l[k]);
            t[i + k + 1] = madd_high(t[i + k + 1], a.l[i], b.l[k]);
        }
    }
    return reduced(t);
}

SAGE_INLINE wide square(wide a)
{
    lanes8 t[2 * LIMBS] = {{0}};
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++) {
#pragma GCC unroll 5
        for (int k = i + 1; k < LIMBS; k++) {
            t[i + k]     = madd_low(t[i + k], a.l[i], a.l[k]);
            t[i + k + 1] = madd_high(t[i + k + 1], a.l[i], a.l[k]);
        }
    }
#pragma GCC unroll 10
    for (int i = 0; i < 2 * LIMBS; i++)
        t[i] += t[i];
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++) {
        t[2 * i]     = madd_low(t[2 * i], a.l[i], a.l[i]);
        t[2 * i + 1] = madd_high(t[2 * i + 1], a.l[i], a.l[i]);
    }
    return reduced(t);
}

/* Of x in [0, 100): the square is below 20.6, the cube below 5.1. */
SAGE_INLINE wide cube(wide x)
{
    x = carried(x);
    return product(carried(square(x)), x);
}

SAGE_INLINE wide sum(wide a, wide b)
{
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++)
        a.l[i] += b.l[i];
    return a;
}
SAGE_INLINE wide difference(wide a, wide b)
{
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++)
        a.l[i] -= b.l[i];
    return a;
}
SAGE_INLINE wide plus_constant(wide a, const uint64_t c[LIMBS])
{
#pragma GCC unroll 5
    for (int i = 0; i < LIMBS; i++)
        a.l[i] += c[i];
    return a;
}

/* Any a within 2^20 P of 0 whose limbs' excesses are below 2^8 -> the same class in (0, 2.01),
 * carried. With q = l_4 >> 43, a - q 2^251 is in (-2^216, 2^251 + 2^216), and q P is
 * q 2^251 up to 2^217; adding P makes it positive. */
SAGE_INLINE wide settled(wide a)
{
    const lanes8 less = (lanes8)((slanes8)a.l[4] >> 43) - 1;
    a.l[0] -= less;
    a.l[3] -= (less << 36) + (less << 40);
    a.l[4] = (a.l[4] & (P4 - 1)) + P4;
    return carried(a);
}

/* Lanes < 16 to lanes < 2. The rows of the matrix are t + 2x, t - 2y, t - 3z. */
SAGE_INLINE void full_round(wide s[WIDTH], const uint64_t c[WIDTH][LIMBS])
{
    wide x = cube(plus_constant(s[0], c[0]));
    wide y = cube(plus_constant(s[1], c[1]));
    wide z = cube(plus_constant(s[2], c[2]));
    wide t = sum(sum(x, y), z);
    s[0]   = settled(sum(t, sum(x, x)));
    s[1]   = settled(difference(t, sum(y, y)));
    s[2]   = settled(difference(t, sum(z, sum(z, z))));
}

/* As partial_rounds() of poseidon252.c, whose derivation this follows: here the constants stand
 * with 16 times 5 P added and are below 96, so that z is below 100 and above 80 - 11. */
SAGE_INLINE void partial_rounds(wide s[WIDTH], const uint64_t c[PARTIAL + 1][LIMBS])
{
    wide x = s[0], u = sum(s[0], s[1]), z = plus_constant(s[2], c[0]);
    for (int i = 1; i <= PARTIAL; i++) {
        wide q = cube(z);
        wide h = settled(sum(sum(x, x), q));
        z      = difference(plus_constant(u, c[i]), sum(q, q));
        x      = sum(h, u);
        u      = sum(h, h);
    }
    s[0] = settled(x);
    s[1] = settled(difference(u, x));
    s[2] = settled(z);
}

/* ---- in and out ---- */

/* The limbs of a 2^shift; shift < 12. */
SAGE_INLINE void split(uint64_t out[LIMBS], felt252 a, unsigned shift)
{
    out[0] = a.l[0] << shift & LIMB_MASK;
    for (unsigned i = 1; i < LIMBS; i++) {
        const unsigned from = LIMB * i - shift, word = from / 64, bit = from % 64;
        uint64_t v = a.l[word] >> bit;
        if (bit && word < 3) v |= a.l[word + 1] << (64 - bit);
        out[i] = v & LIMB_MASK;
    }
}

/* From R = 2^256 to R = 2^260, 16 times as large. */
SAGE_INLINE void split_constants(uint64_t out[][LIMBS], const felt252 *c, int n)
{
    for (int i = 0; i < n; i++)
        split(out[i], c[i], 4);
}

SAGE_INLINE void load_states(wide s[WIDTH], felt252 (*state)[WIDTH])
{
    uint64_t limb[WIDTH][LIMBS][LANES8];
    for (int lane = 0; lane < LANES8; lane++)
        for (int i = 0; i < WIDTH; i++) {
            uint64_t l[LIMBS];
            split(l, state[lane][i], 4);
            for (int k = 0; k < LIMBS; k++)
                limb[i][k][lane] = l[k];
        }
    memcpy(s, limb, sizeof limb);
}

/* A product with 2^256 goes back to R = 2^256. */
SAGE_INLINE void store_states(felt252 (*state)[WIDTH], const wide s[WIDTH])
{
    uint64_t one[LIMBS];
    wide back; /* 2^256 mod P */
    split(one, felt252_one(), 0);
    for (int k = 0; k < LIMBS; k++)
        back.l[k] = every_lane(one[k]);
    for (int i = 0; i < WIDTH; i++) {
        uint64_t l[LIMBS][LANES8];
        const wide w = carried(product(s[i], back));
        memcpy(l, &w, sizeof l);
        for (int lane = 0; lane < LANES8; lane++)
            state[lane][i] = felt252_fold((felt252){
                {l[0][lane] | l[1][lane] << 52, l[1][lane] >> 12 | l[2][lane] << 40,
                 l[2][lane] >> 24 | l[3][lane] << 28, l[3][lane] >> 36 | l[4][lane] << 16}});
    }
}

typedef struct lane_constants {
    uint64_t first[HALF_FULL][WIDTH][LIMBS];
    uint64_t partial[PARTIAL + 1][LIMBS];
    uint64_t last[HALF_FULL][WIDTH][LIMBS];
} lane_constants;

static void permute_eight(felt252 (*state)[WIDTH], const lane_constants *c)
{
    wide s[WIDTH];
    load_states(s, state);
    for (int r = 0; r < HALF_FULL; r++)
        full_round(s, c->first[r]);
    partial_rounds(s, c->partial);
    for (int r = 0; r < HALF_FULL; r++)
        full_round(s, c->last[r]);
    store_states(state, s);
}

/* 8 n states in place. The constants cost a hundredth of one permute_eight. */
static void permute_eights(felt252 (*state)[WIDTH], size_t n)
{
    lane_constants c;
    for (int r = 0; r < HALF_FULL; r++) {
        split_constants(c.first[r], sage_poseidon252_first[r], WIDTH);
        split_constants(c.last[r], sage_poseidon252_last[r], WIDTH);
    }
    split_constants(c.partial, sage_poseidon252_partial, PARTIAL + 1);
    for (size_t i = 0; i < n; i++)
        permute_eight(state + LANES8 * i, &c);
}

#endif

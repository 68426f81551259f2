/* hash/blake2s_lanes.h -- the Blake2s compression on lanes: LANES independent states at once.
 *
 * Include after field/lanes.h, which fixes LANES. A vu holds LANES 32-bit words, any values;
 * message word i of all lanes is one vu, so rows read as columns need no transposition.
 * One text serves every width, and one lane of it is the scalar hash (blake2s.c).
 *
 *   vu_load(p) vu_store(p, x)     p: uint32_t *, any alignment
 *   vu_set1(w) vu_add(x, y) vu_xor(x, y) vu_and(x, y)
 *   vu_ror16 vu_ror12 vu_ror8 vu_ror7(x)
 *   vu_permute(x, index)          lane l of the result is lane index_l of x, index_l < LANES
 *   vu_any_zero(x)                does any lane hold 0
 *
 * Model: RFC 7693, unkeyed, digest 32 bytes, no salt: h[0] starts as BLAKE2S_IV0. */
#ifndef SAGE_HASH_BLAKE2S_LANES_H
#define SAGE_HASH_BLAKE2S_LANES_H

#include "field/lanes.h"

#define BLAKE2S_IV0 0x6b08e647u /* 0x6a09e667 ^ 0x01010020, the parameter block */

#if defined(SAGE_LANES_AVX512)

typedef __m512i vu;
SAGE_INLINE vu vu_set1(uint32_t w)
{
    return _mm512_set1_epi32((int)w);
}
SAGE_INLINE vu vu_add(vu x, vu y)
{
    return _mm512_add_epi32(x, y);
}
SAGE_INLINE vu vu_xor(vu x, vu y)
{
    return _mm512_xor_si512(x, y);
}
SAGE_INLINE vu vu_and(vu x, vu y)
{
    return _mm512_and_si512(x, y);
}
SAGE_INLINE vu vu_ror16(vu x)
{
    return _mm512_ror_epi32(x, 16);
}
SAGE_INLINE vu vu_ror12(vu x)
{
    return _mm512_ror_epi32(x, 12);
}
SAGE_INLINE vu vu_ror8(vu x)
{
    return _mm512_ror_epi32(x, 8);
}
SAGE_INLINE vu vu_ror7(vu x)
{
    return _mm512_ror_epi32(x, 7);
}
SAGE_INLINE vu vu_permute(vu x, vu index)
{
    return _mm512_permutexvar_epi32(index, x);
}
SAGE_INLINE bool vu_any_zero(vu x)
{
    return _mm512_cmpeq_epi32_mask(x, _mm512_setzero_si512()) != 0;
}

#elif defined(SAGE_LANES_AVX2)

typedef __m256i vu;
SAGE_INLINE vu vu_set1(uint32_t w)
{
    return _mm256_set1_epi32((int)w);
}
SAGE_INLINE vu vu_add(vu x, vu y)
{
    return _mm256_add_epi32(x, y);
}
SAGE_INLINE vu vu_xor(vu x, vu y)
{
    return _mm256_xor_si256(x, y);
}
SAGE_INLINE vu vu_and(vu x, vu y)
{
    return _mm256_and_si256(x, y);
}
/* Rotations by whole bytes are one shuffle; the others cost three operations. The shuffles are
 * written as instructions so that their masks stay in memory: a compiler that keeps them in
 * two of the sixteen registers has 14 left for the 16 rows of the state, and its spills lie on
 * the chain that bounds the round. */
SAGE_INLINE vu vu_shuffle_bytes(vu x, const uint8_t mask[32])
{
    vu r;
    __asm__("vpshufb %2, %1, %0" : "=x"(r) : "x"(x), "m"(*(const vu *)(const void *)mask));
    return r;
}
static const uint8_t vu_mask16[32] SAGE_ALIGNED(32) = {
    2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
    2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
};
static const uint8_t vu_mask8[32] SAGE_ALIGNED(32) = {
    1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
    1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
};
SAGE_INLINE vu vu_ror16(vu x)
{
    return vu_shuffle_bytes(x, vu_mask16);
}
SAGE_INLINE vu vu_ror8(vu x)
{
    return vu_shuffle_bytes(x, vu_mask8);
}
SAGE_INLINE vu vu_ror12(vu x)
{
    return _mm256_or_si256(_mm256_srli_epi32(x, 12), _mm256_slli_epi32(x, 20));
}
SAGE_INLINE vu vu_ror7(vu x)
{
    return _mm256_or_si256(_mm256_srli_epi32(x, 7), _mm256_slli_epi32(x, 25));
}
SAGE_INLINE vu vu_permute(vu x, vu index)
{
    return _mm256_permutevar8x32_epi32(x, index);
}
SAGE_INLINE bool vu_any_zero(vu x)
{
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(x, _mm256_setzero_si256())) != 0;
}

#else

typedef uint32_t vu;
SAGE_INLINE vu vu_set1(uint32_t w)
{
    return w;
}
SAGE_INLINE vu vu_add(vu x, vu y)
{
    return x + y;
}
SAGE_INLINE vu vu_xor(vu x, vu y)
{
    return x ^ y;
}
SAGE_INLINE vu vu_and(vu x, vu y)
{
    return x & y;
}
SAGE_INLINE vu vu_ror16(vu x)
{
    return x >> 16 | x << 16;
}
SAGE_INLINE vu vu_ror12(vu x)
{
    return x >> 12 | x << 20;
}
SAGE_INLINE vu vu_ror8(vu x)
{
    return x >> 8 | x << 24;
}
SAGE_INLINE vu vu_ror7(vu x)
{
    return x >> 7 | x << 25;
}
SAGE_INLINE vu vu_permute(vu x, vu index)
{
    (void)index;
    return x;
}
SAGE_INLINE bool vu_any_zero(vu x)
{
    return x == 0;
}

#endif

SAGE_INLINE vu vu_load(const uint32_t *p)
{
    return vf_load(p);
}
SAGE_INLINE void vu_store(uint32_t *p, vu x)
{
    vf_store(p, x);
}

/* The chaining value of the empty prefix: h of a hash that has absorbed nothing. */
SAGE_INLINE void blake2s_start(vu h[8])
{
    static const uint32_t iv[8] = {BLAKE2S_IV0, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
                                   0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u};
    for (int i = 0; i < 8; i++)
        h[i] = vu_set1(iv[i]);
}

/* The rows v[8..15] of the working state: the plain IV with the byte count t (both halves)
 * and the finalization word mixed in. */
SAGE_INLINE void blake2s_fill(vu v[16], uint64_t t, bool last)
{
    v[8]  = vu_set1(0x6a09e667u);
    v[9]  = vu_set1(0xbb67ae85u);
    v[10] = vu_set1(0x3c6ef372u);
    v[11] = vu_set1(0xa54ff53au);
    v[12] = vu_set1(0x510e527fu ^ (uint32_t)t);
    v[13] = vu_set1(0x9b05688cu ^ (uint32_t)(t >> 32));
    v[14] = vu_set1(last ? ~0x1f83d9abu : 0x1f83d9abu);
    v[15] = vu_set1(0x5be0cd19u);
}

/* The quarter step G of RFC 7693. The message word joins before the row that is computed last,
 * which takes one addition off the chain that bounds the round. */
SAGE_INLINE void blake2s_quarter(vu *a, vu *b, vu *c, vu *d, vu x, vu y)
{
    *a = vu_add(vu_add(*a, x), *b);
    *d = vu_ror16(vu_xor(*d, *a));
    *c = vu_add(*c, *d);
    *b = vu_ror12(vu_xor(*b, *c));
    *a = vu_add(vu_add(*a, y), *b);
    *d = vu_ror8(vu_xor(*d, *a));
    *c = vu_add(*c, *d);
    *b = vu_ror7(vu_xor(*b, *c));
}

/* One round with the message in the order s0..s15: columns, then diagonals. step(a, b, c, d, x,
 * y) is the quarter step on rows a, b, c, d with message words x, y. */
#define BLAKE2S_ROUND(step, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14,   \
                      s15)                                                                     \
    do {                                                                                       \
        step(0, 4, 8, 12, s0, s1);                                                             \
        step(1, 5, 9, 13, s2, s3);                                                             \
        step(2, 6, 10, 14, s4, s5);                                                            \
        step(3, 7, 11, 15, s6, s7);                                                            \
        step(0, 5, 10, 15, s8, s9);                                                            \
        step(1, 6, 11, 12, s10, s11);                                                          \
        step(2, 7, 8, 13, s12, s13);                                                           \
        step(3, 4, 9, 14, s14, s15);                                                           \
    } while (0)

/* Rounds 1 to 8 and the two ends, apart so that proof of work can trim the ends (grind.c). */
#define BLAKE2S_ROUND_0(step)                                                                  \
    BLAKE2S_ROUND(step, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define BLAKE2S_ROUNDS_1_TO_8(step)                                                            \
    BLAKE2S_ROUND(step, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);                 \
    BLAKE2S_ROUND(step, 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4);                 \
    BLAKE2S_ROUND(step, 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8);                 \
    BLAKE2S_ROUND(step, 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13);                 \
    BLAKE2S_ROUND(step, 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9);                 \
    BLAKE2S_ROUND(step, 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11);                 \
    BLAKE2S_ROUND(step, 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10);                 \
    BLAKE2S_ROUND(step, 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5)
#define BLAKE2S_ROUND_9(step)                                                                  \
    BLAKE2S_ROUND(step, 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0)

/* blake2s_compress absorbs one 64-byte block: t is the byte count including this block (the
 * unpadded length for the last one), m the block as little-endian words. */
SAGE_INLINE void blake2s_compress(vu h[8], const vu m[16], uint64_t t, bool last)
{
    vu v[16];
    for (int i = 0; i < 8; i++)
        v[i] = h[i];
    blake2s_fill(v, t, last);
#define STEP(a, b, c, d, x, y) blake2s_quarter(&v[a], &v[b], &v[c], &v[d], m[x], m[y])
    BLAKE2S_ROUND_0(STEP);
    BLAKE2S_ROUNDS_1_TO_8(STEP);
    BLAKE2S_ROUND_9(STEP);
#undef STEP
    for (int i = 0; i < 8; i++)
        h[i] = vu_xor(h[i], vu_xor(v[i], v[i + 8]));
}

#endif

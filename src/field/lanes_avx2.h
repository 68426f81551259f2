/* field/lanes_avx2.h -- lanes.h for eight lanes.
 *
 * A product is made of two vpmuludq, of the even and of the odd lanes. With one factor
 * doubled beforehand, x * 2y = 2 * (hi 2^31 + lo) has hi in its upper word and 2 lo in its
 * lower word, so that the reduction hi + lo needs one shift for all eight lanes. Sums below
 * 2p are reduced by min(s, s - p): the wrapped difference is the larger one when s < p. */
#ifndef SAGE_FIELD_LANES_AVX2_H
#define SAGE_FIELD_LANES_AVX2_H

#include <immintrin.h>
#include <stddef.h>

#include "field/m31.h"

#if SAGE_M31_BITS != 31
#    error "the wide lanes exist for p = 2^31 - 1 only"
#endif

enum { LANES_LOG = 3, LANES = 8, DEALT_LOG = 3, DEALT = 8 };
#define LANES_SUFFIX(name) name##_avx2

typedef __m256i vf;
typedef uint32_t vf_words __attribute__((vector_size(32), may_alias));

SAGE_INLINE vf vf_load(const uint32_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
SAGE_INLINE void vf_store(uint32_t *p, vf x)
{
    _mm256_storeu_si256((__m256i *)(void *)p, x);
}
SAGE_INLINE vf vf_set1(m31 m)
{
    return _mm256_set1_epi32((int)m);
}
SAGE_INLINE vf vf_modulus(void)
{
    return _mm256_set1_epi32((int)M31_P);
}
/* s < 2p in every lane. */
SAGE_INLINE vf vf_fold(vf s)
{
    return _mm256_min_epu32(s, _mm256_sub_epi32(s, vf_modulus()));
}

SAGE_INLINE vf vf_add(vf x, vf y)
{
    return vf_fold(_mm256_add_epi32(x, y));
}
SAGE_INLINE vf vf_sub(vf x, vf y)
{
    vf d = _mm256_sub_epi32(x, y);
    return _mm256_min_epu32(d, _mm256_add_epi32(d, vf_modulus()));
}
SAGE_INLINE vf vf_neg(vf x)
{
    return vf_sub(_mm256_setzero_si256(), x);
}
SAGE_INLINE vf vf_dbl(vf x)
{
    return vf_add(x, x);
}

/* The odd lanes moved onto the even ones; the odd lanes of the result are arbitrary. */
SAGE_INLINE vf vf_odd(vf x)
{
    return _mm256_castps_si256(_mm256_movehdup_ps(_mm256_castsi256_ps(x)));
}
/* even, odd: doubled products of the even and odd lanes. */
SAGE_INLINE vf vf_join_products(vf even, vf odd)
{
    vf hi = _mm256_blend_epi32(vf_odd(even), odd, 0xAA);
    vf lo = _mm256_blend_epi32(
        even, _mm256_castps_si256(_mm256_moveldup_ps(_mm256_castsi256_ps(odd))), 0xAA);
    return vf_fold(_mm256_add_epi32(hi, _mm256_srli_epi32(lo, 1)));
}
SAGE_INLINE vf vf_mul_twice(vf x, vf y2)
{
    return vf_join_products(_mm256_mul_epu32(x, y2), _mm256_mul_epu32(vf_odd(x), vf_odd(y2)));
}
SAGE_INLINE vf vf_mul_twice1(vf x, vf y2)
{
    return vf_join_products(_mm256_mul_epu32(x, y2), _mm256_mul_epu32(vf_odd(x), y2));
}
SAGE_INLINE vf vf_mul(vf x, vf y)
{
    return vf_mul_twice(x, _mm256_add_epi32(y, y));
}
SAGE_INLINE vf vf_sqr(vf x)
{
    return vf_mul(x, x);
}
SAGE_INLINE vf vf_fold64(vf s)
{
    return _mm256_add_epi64(_mm256_and_si256(s, _mm256_set1_epi64x((long long)M31_P)),
                            _mm256_srli_epi64(s, M31_BITS));
}
/* Sums in 64-bit parts of even and odd lanes -> the lanes. Two folds of s < 2^64 leave at most
 * p + 8, below 2p. */
SAGE_INLINE vf vf_join64(vf even, vf odd)
{
    vf e = vf_fold64(vf_fold64(even)), o = vf_fold64(vf_fold64(odd));
    return vf_fold(_mm256_or_si256(e, _mm256_slli_epi64(o, 32)));
}
/* 4 (p-1)^2 < 2^64 */
SAGE_INLINE vf vf_dot4(const vf *x, const vf *y)
{
    vf e = _mm256_mul_epu32(x[0], y[0]), o = _mm256_mul_epu32(vf_odd(x[0]), vf_odd(y[0]));
    for (int k = 1; k < 4; k++) {
        e = _mm256_add_epi64(e, _mm256_mul_epu32(x[k], y[k]));
        o = _mm256_add_epi64(o, _mm256_mul_epu32(vf_odd(x[k]), vf_odd(y[k])));
    }
    return vf_join64(e, o);
}
SAGE_INLINE vf vf_mul_pow2(vf x, uint32_t k)
{
    vf_words w = (vf_words)x;
    return (vf)(((w << k) & M31_P) | (w >> (M31_BITS - k)));
}
SAGE_INLINE vf vf_gather(const uint32_t *base, const uint32_t *idx)
{
    return _mm256_i32gather_epi32((const int *)(const void *)base, vf_load(idx), 4);
}

SAGE_INLINE void vf_unzip(vf x, vf y, vf *even, vf *odd)
{
    __m256 a = _mm256_castsi256_ps(x), b = _mm256_castsi256_ps(y);
    /* shuffle_ps works inside 128-bit halves; 0xD8 puts the quarters 0 2 1 3 in order. */
    *even = _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88)), 0xD8);
    *odd  = _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xDD)), 0xD8);
}
SAGE_INLINE vf vf_reverse(vf x)
{
    return _mm256_permutevar8x32_epi32(x, _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}
SAGE_INLINE void vf_zip(vf even, vf odd, vf *x, vf *y)
{
    vf lo = _mm256_unpacklo_epi32(even, odd), hi = _mm256_unpackhi_epi32(even, odd);
    *x = _mm256_permute2x128_si256(lo, hi, 0x20);
    *y = _mm256_permute2x128_si256(lo, hi, 0x31);
}
/* A transposition of 8 by 8: halves that are four vectors apart are loaded together, then each
 * half is transposed on its own. */
SAGE_INLINE void vf_turn4(vf v[4])
{
    vf a = _mm256_unpacklo_epi32(v[0], v[1]), b = _mm256_unpackhi_epi32(v[0], v[1]);
    vf c = _mm256_unpacklo_epi32(v[2], v[3]), d = _mm256_unpackhi_epi32(v[2], v[3]);
    v[0] = _mm256_unpacklo_epi64(a, c);
    v[1] = _mm256_unpackhi_epi64(a, c);
    v[2] = _mm256_unpacklo_epi64(b, d);
    v[3] = _mm256_unpackhi_epi64(b, d);
}
SAGE_INLINE void vf_load_dealt(const uint32_t *p, vf v[DEALT])
{
    for (size_t j = 0; j < 8; j++) {
        const __m128i *half = (const void *)(p + 8 * (j & 3) + (j & 4));
        v[j] = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(half)),
                                       _mm_loadu_si128(half + 8), 1);
    }
    vf_turn4(v);
    vf_turn4(v + 4);
}
SAGE_INLINE void vf_store_dealt(uint32_t *p, vf v[DEALT])
{
    vf_turn4(v);
    vf_turn4(v + 4);
    for (size_t j = 0; j < 4; j++) {
        vf_store(p + 8 * j, _mm256_permute2x128_si256(v[j], v[j + 4], 0x20));
        vf_store(p + 8 * (j + 4), _mm256_permute2x128_si256(v[j], v[j + 4], 0x31));
    }
}
SAGE_INLINE vf vf_load_y2(const uint32_t *level, size_t pair)
{
    const vf order = _mm256_setr_epi32(1, 1, 0, 0, 3, 3, 2, 2);
    const vf sign  = _mm256_setr_epi32(0, -2, -2, 0, 0, -2, -2, 0);
    const void *p  = level + pair / 2;
    __m256 xy      = _mm256_castsi256_ps(_mm256_broadcastsi128_si256(_mm_loadu_si128(p)));
    return _mm256_xor_si256(_mm256_castps_si256(_mm256_permutevar_ps(xy, order)), sign);
}

/* The 64-bit parts that lanes_sums.h adds up. */
SAGE_INLINE vf vf_zero64(void)
{
    return _mm256_setzero_si256();
}
SAGE_INLINE vf vf_add64(vf x, vf y)
{
    return _mm256_add_epi64(x, y);
}
SAGE_INLINE vf vf_mul64(vf x, vf y) /* of the even lanes */
{
    return _mm256_mul_epu32(x, y);
}
SAGE_INLINE vf vf_even64(vf x)
{
    return _mm256_and_si256(x, _mm256_set1_epi64x(0xffffffffll));
}
SAGE_INLINE vf vf_odd64(vf x)
{
    return _mm256_srli_epi64(x, 32);
}

#include "field/lanes_sums.h"

#endif

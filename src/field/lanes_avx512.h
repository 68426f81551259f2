/* field/lanes_avx512.h -- lanes.h for sixteen lanes; the arithmetic is that of lanes_avx2.h.
 *
 * With SAGE_LANES_SIMDE the same text is compiled through SIMDe, so that machines without
 * AVX-512 test it too; hence only intrinsics that SIMDe 0.7.2 has. */
#ifndef SAGE_FIELD_LANES_AVX512_H
#define SAGE_FIELD_LANES_AVX512_H

#include <immintrin.h>
#include <stddef.h>

#include "field/m31.h"

#if defined(SAGE_LANES_SIMDE)
#    define SIMDE_ENABLE_NATIVE_ALIASES
#    include <simde/x86/avx512.h>
#endif

#if SAGE_M31_BITS != 31
#    error "the wide lanes exist for p = 2^31 - 1 only"
#endif

enum { LANES_LOG = 4, LANES = 16, DEALT_LOG = 4, DEALT = 16 };
#define LANES_SUFFIX(name) name##_avx512

typedef __m512i vf;
typedef uint32_t vf_words __attribute__((vector_size(64), may_alias));

SAGE_INLINE vf vf_load(const uint32_t *p)
{
    return _mm512_loadu_si512((const void *)p);
}
SAGE_INLINE void vf_store(uint32_t *p, vf x)
{
    _mm512_storeu_si512((void *)p, x);
}
SAGE_INLINE vf vf_set1(m31 m)
{
    return _mm512_set1_epi32((int)m);
}
SAGE_INLINE vf vf_modulus(void)
{
    return _mm512_set1_epi32((int)M31_P);
}
/* s < 2p in every lane. */
SAGE_INLINE vf vf_fold(vf s)
{
    return _mm512_min_epu32(s, _mm512_sub_epi32(s, vf_modulus()));
}

SAGE_INLINE vf vf_add(vf x, vf y)
{
    return vf_fold(_mm512_add_epi32(x, y));
}
SAGE_INLINE vf vf_sub(vf x, vf y)
{
    vf d = _mm512_sub_epi32(x, y);
    return _mm512_min_epu32(d, _mm512_add_epi32(d, vf_modulus()));
}
SAGE_INLINE vf vf_neg(vf x)
{
    return vf_sub(_mm512_setzero_si512(), x);
}
SAGE_INLINE vf vf_dbl(vf x)
{
    return vf_add(x, x);
}

/* The odd lanes moved onto the even ones. */
SAGE_INLINE vf vf_odd(vf x)
{
    return _mm512_srli_epi64(x, 32);
}
/* even, odd: doubled products of the even and odd lanes. */
SAGE_INLINE vf vf_join_products(vf even, vf odd)
{
    const vf upper =
        _mm512_set_epi32(31, 15, 29, 13, 27, 11, 25, 9, 23, 7, 21, 5, 19, 3, 17, 1);
    const vf lower =
        _mm512_set_epi32(30, 14, 28, 12, 26, 10, 24, 8, 22, 6, 20, 4, 18, 2, 16, 0);
    vf hi = _mm512_permutex2var_epi32(even, upper, odd);
    vf lo = _mm512_permutex2var_epi32(even, lower, odd);
    return vf_fold(_mm512_add_epi32(hi, (vf)((vf_words)lo >> 1)));
}
SAGE_INLINE vf vf_mul_twice(vf x, vf y2)
{
    return vf_join_products(_mm512_mul_epu32(x, y2), _mm512_mul_epu32(vf_odd(x), vf_odd(y2)));
}
SAGE_INLINE vf vf_mul_twice1(vf x, vf y2)
{
    return vf_join_products(_mm512_mul_epu32(x, y2), _mm512_mul_epu32(vf_odd(x), y2));
}
SAGE_INLINE vf vf_mul(vf x, vf y)
{
    return vf_mul_twice(x, _mm512_add_epi32(y, y));
}
SAGE_INLINE vf vf_sqr(vf x)
{
    return vf_mul(x, x);
}
SAGE_INLINE vf vf_fold64(vf s)
{
    return _mm512_add_epi64(_mm512_and_si512(s, _mm512_set1_epi64((long long)M31_P)),
                            _mm512_srli_epi64(s, M31_BITS));
}
/* Sums in 64-bit parts of even and odd lanes -> the lanes. Two folds of s < 2^64 leave at most
 * p + 8, below 2p. */
SAGE_INLINE vf vf_join64(vf even, vf odd)
{
    vf e = vf_fold64(vf_fold64(even)), o = vf_fold64(vf_fold64(odd));
    return vf_fold(_mm512_or_si512(e, _mm512_slli_epi64(o, 32)));
}
/* 4 (p-1)^2 < 2^64 */
SAGE_INLINE vf vf_dot4(const vf *x, const vf *y)
{
    vf e = _mm512_mul_epu32(x[0], y[0]), o = _mm512_mul_epu32(vf_odd(x[0]), vf_odd(y[0]));
    for (int k = 1; k < 4; k++) {
        e = _mm512_add_epi64(e, _mm512_mul_epu32(x[k], y[k]));
        o = _mm512_add_epi64(o, _mm512_mul_epu32(vf_odd(x[k]), vf_odd(y[k])));
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
    const int *b = (const void *)base;
    __m256i lo   = _mm256_loadu_si256((const __m256i *)(const void *)idx);
    __m256i hi   = _mm256_loadu_si256((const __m256i *)(const void *)(idx + 8));
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_i32gather_epi32(b, lo, 4)),
                              _mm256_i32gather_epi32(b, hi, 4), 1);
}

SAGE_INLINE void vf_unzip(vf x, vf y, vf *even, vf *odd)
{
    const vf first =
        _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    const vf other =
        _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
    *even = _mm512_permutex2var_epi32(x, first, y);
    *odd  = _mm512_permutex2var_epi32(x, other, y);
}
SAGE_INLINE vf vf_reverse(vf x)
{
    const vf order = _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_permutexvar_epi32(order, x);
}
SAGE_INLINE void vf_zip(vf even, vf odd, vf *x, vf *y)
{
    const vf low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    const vf high =
        _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8);
    vf e = even, o = odd;
    *x = _mm512_permutex2var_epi32(e, low, o);
    *y = _mm512_permutex2var_epi32(e, high, o);
}
/* Each stage deals the vectors out by one bit of the index; four of them turn it all. */
SAGE_INLINE void vf_load_dealt(const uint32_t *p, vf v[DEALT])
{
    vf w[DEALT];
    for (size_t j = 0; j < DEALT; j++)
        v[j] = vf_load(p + j * LANES);
    for (size_t stage = 0; stage < 2; stage++) {
        for (size_t j = 0; j < DEALT / 2; j++)
            vf_unzip(v[2 * j], v[2 * j + 1], &w[j], &w[j + DEALT / 2]);
        for (size_t j = 0; j < DEALT / 2; j++)
            vf_unzip(w[2 * j], w[2 * j + 1], &v[j], &v[j + DEALT / 2]);
    }
}
SAGE_INLINE void vf_store_dealt(uint32_t *p, vf v[DEALT])
{
    vf w[DEALT];
    for (size_t stage = 0; stage < 2; stage++) {
        for (size_t j = 0; j < DEALT / 2; j++)
            vf_zip(v[j], v[j + DEALT / 2], &w[2 * j], &w[2 * j + 1]);
        for (size_t j = 0; j < DEALT / 2; j++)
            vf_zip(w[j], w[j + DEALT / 2], &v[2 * j], &v[2 * j + 1]);
    }
    for (size_t j = 0; j < DEALT; j++)
        vf_store(p + j * LANES, v[j]);
}
SAGE_INLINE vf vf_load_y2(const uint32_t *level, size_t pair)
{
    const vf order = _mm512_set_epi32(6, 6, 7, 7, 4, 4, 5, 5, 2, 2, 3, 3, 0, 0, 1, 1);
    const vf sign  = _mm512_set_epi32(0, -2, -2, 0, 0, -2, -2, 0, 0, -2, -2, 0, 0, -2, -2, 0);
    vf xy = _mm512_broadcast_i64x4(_mm256_loadu_si256((const void *)(level + pair / 2)));
    return _mm512_xor_si512(_mm512_permutexvar_epi32(order, xy), sign);
}

/* The 64-bit parts that lanes_sums.h adds up. */
SAGE_INLINE vf vf_zero64(void)
{
    return _mm512_setzero_si512();
}
SAGE_INLINE vf vf_add64(vf x, vf y)
{
    return _mm512_add_epi64(x, y);
}
SAGE_INLINE vf vf_mul64(vf x, vf y) /* of the even lanes */
{
    return _mm512_mul_epu32(x, y);
}
SAGE_INLINE vf vf_even64(vf x)
{
    return _mm512_and_si512(x, _mm512_set1_epi64(0xffffffffll));
}
SAGE_INLINE vf vf_odd64(vf x)
{
    return _mm512_srli_epi64(x, 32);
}

#include "field/lanes_sums.h"

#endif

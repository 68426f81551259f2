/* field/m31.h -- the Mersenne prime field, p = 2^31 - 1.
 *
 * Model: a value is a uint32_t in [0, p), always canonical. Building with -DSAGE_M31_BITS=3
 * or 7 gives p = 7 or 127, where the same tower (field/qm31.h) and circle exist, so that
 * tests can be exhaustive. Source: Haboeck, Levit, Papini, "Circle STARKs" (2024), section 2. */
#ifndef SAGE_FIELD_M31_H
#define SAGE_FIELD_M31_H

#include <stdint.h>

#include "base/compiler.h"

#ifndef SAGE_M31_BITS
#    define SAGE_M31_BITS 31
#endif

enum { M31_BITS = SAGE_M31_BITS };
#define M31_P ((uint32_t)((1ull << M31_BITS) - 1))

typedef uint32_t m31;

/* v < 2p -> v mod p. */
SAGE_INLINE m31 m31_fold(uint32_t v)
{
    return v >= M31_P ? v - M31_P : v;
}

/* v <= (p-1)^2 + p -> v mod p: 2^31 = 1 (mod p), so the high half is added to the low. */
SAGE_INLINE m31 m31_reduce(uint64_t v)
{
    return m31_fold((uint32_t)(v & M31_P) + (uint32_t)(v >> M31_BITS));
}

/* p = 2^31 - 1: any 64-bit v -> v mod p. */
SAGE_INLINE m31 m31_reduce64(uint64_t v)
{
    v = (v & M31_P) + (v >> M31_BITS);
    v = (v & M31_P) + (v >> M31_BITS);
    v = (v & M31_P) + (v >> M31_BITS);
    return m31_fold((uint32_t)v);
}

SAGE_INLINE m31 m31_add(m31 a, m31 b)
{
    return m31_fold(a + b);
}
SAGE_INLINE m31 m31_sub(m31 a, m31 b)
{
    return a >= b ? a - b : a + M31_P - b;
}
SAGE_INLINE m31 m31_neg(m31 a)
{
    return a ? M31_P - a : 0;
}
SAGE_INLINE m31 m31_mul(m31 a, m31 b)
{
    return m31_reduce((uint64_t)a * b);
}
SAGE_INLINE m31 m31_sqr(m31 a)
{
    return m31_mul(a, a);
}

/* a^e. Cost: 2 log2(e) multiplications. */
SAGE_INLINE m31 m31_pow(m31 a, uint64_t e)
{
    m31 r = 1 % M31_P;
    for (; e; e >>= 1, a = m31_sqr(a))
        if (e & 1) r = m31_mul(r, a);
    return r;
}

/* 1/a = a^(p-2); 0 for a = 0. Cost: about 60 multiplications. */
SAGE_INLINE m31 m31_inv(m31 a)
{
    return m31_pow(a, M31_P - 2);
}

/* 2^-k for k in [0, M31_BITS]: 2^31 = 1, so the inverse is 2^(31-k). */
SAGE_INLINE m31 m31_inv_pow2(uint32_t k)
{
    return (m31)(((uint64_t)1 << ((M31_BITS - k) % M31_BITS)) % M31_P);
}

#endif

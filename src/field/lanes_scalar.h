/* field/lanes_scalar.h -- lanes.h for one lane: the reference all widths are held to. */
#ifndef SAGE_FIELD_LANES_SCALAR_H
#define SAGE_FIELD_LANES_SCALAR_H

#include <stddef.h>

#include "field/m31.h"

enum { LANES_LOG = 0, LANES = 1, DEALT_LOG = 3, DEALT = 8 };
#define LANES_SUFFIX(name) name##_scalar

typedef uint32_t vf;

SAGE_INLINE vf vf_load(const uint32_t *p)
{
    return *p;
}
SAGE_INLINE void vf_store(uint32_t *p, vf x)
{
    *p = x;
}
SAGE_INLINE vf vf_set1(m31 m)
{
    return m;
}
SAGE_INLINE vf vf_add(vf x, vf y)
{
    return m31_add(x, y);
}
SAGE_INLINE vf vf_sub(vf x, vf y)
{
    return m31_sub(x, y);
}
SAGE_INLINE vf vf_neg(vf x)
{
    return m31_neg(x);
}
SAGE_INLINE vf vf_dbl(vf x)
{
    return m31_add(x, x);
}
SAGE_INLINE vf vf_mul(vf x, vf y)
{
    return m31_mul(x, y);
}
SAGE_INLINE vf vf_sqr(vf x)
{
    return m31_mul(x, x);
}
/* 4 (p-1)^2 < 2^64 */
SAGE_INLINE vf vf_dot4(const vf *x, const vf *y)
{
    return m31_reduce64((uint64_t)x[0] * y[0] + (uint64_t)x[1] * y[1] + (uint64_t)x[2] * y[2] +
                        (uint64_t)x[3] * y[3]);
}
SAGE_INLINE vf vf_mul_pow2(vf x, uint32_t k)
{
    return k ? ((x << k) & M31_P) | (x >> (M31_BITS - k)) : x;
}
SAGE_INLINE vf vf_gather(const uint32_t *base, const uint32_t *idx)
{
    return base[idx[0]];
}

SAGE_INLINE vf vf_mul_twice(vf x, vf y2)
{
    return m31_reduce(((uint64_t)x * y2) >> 1);
}
SAGE_INLINE vf vf_mul_twice1(vf x, vf y2)
{
    return vf_mul_twice(x, y2);
}
SAGE_INLINE void vf_unzip(vf x, vf y, vf *even, vf *odd)
{
    *even = x;
    *odd  = y;
}
SAGE_INLINE vf vf_reverse(vf x)
{
    return x;
}
SAGE_INLINE void vf_zip(vf even, vf odd, vf *x, vf *y)
{
    *x = even;
    *y = odd;
}
SAGE_INLINE void vf_load_dealt(const uint32_t *p, vf v[DEALT])
{
    for (size_t j = 0; j < DEALT; j++)
        v[j] = p[j];
}
SAGE_INLINE void vf_store_dealt(uint32_t *p, vf v[DEALT])
{
    for (size_t j = 0; j < DEALT; j++)
        p[j] = v[j];
}
/* Pairs 4k .. 4k+3 of the circle layer have y, -y, -x, x of the point (x, y) that the first
 * line layer stores as its twiddles 2k, 2k+1. Negation of a doubled value: 2p - 2t. */
SAGE_INLINE vf vf_load_y2(const uint32_t *level, size_t pair)
{
    uint32_t q  = (uint32_t)pair & 3;
    uint32_t t2 = level[(pair >> 2) * 2 + (q < 2 ? 1 : 0)];
    return q == 1 || q == 2 ? 2 * M31_P - t2 : t2;
}

/* vacc: four 64-bit sums, folded whenever another product could overflow. */
typedef struct vacc {
    uint64_t s[4];
} vacc;
SAGE_INLINE vacc vacc_zero(void)
{
    return (vacc){{0, 0, 0, 0}};
}
SAGE_INLINE void vacc_madd(vacc *a, const qm31 *w, vf x)
{
    for (int i = 0; i < 4; i++) {
        uint64_t s = a->s[i] + (uint64_t)w->v[i] * x; /* < 2^33 + 2^62 */
        a->s[i]    = (s & M31_P) + (s >> M31_BITS);   /* < 2^33 */
    }
}
SAGE_INLINE void vacc_madd4(vacc *a, const qm31 *const w[4], const vf x[4])
{
    for (int i = 0; i < 4; i++) {
        uint64_t s = a->s[i]; /* < 2^34: four products more stay below 2^64 */
        for (int k = 0; k < 4; k++)
            s += (uint64_t)w[k]->v[i] * x[k];
        a->s[i] = (s & M31_P) + (s >> M31_BITS);
    }
}
SAGE_INLINE vf vacc_coord(const vacc *a, int i)
{
    return m31_reduce64(a->s[i]);
}
SAGE_INLINE void vacc_add_coord(vacc *a, int i, vf x)
{
    a->s[i] += x;
}

typedef struct vdot {
    uint64_t s;
} vdot;
SAGE_INLINE vdot vdot_zero(void)
{
    return (vdot){0};
}
SAGE_INLINE void vdot_madd2(vdot *a, vf w0, vf x0, vf w1, vf x1)
{
    uint64_t s = a->s + (uint64_t)w0 * x0 + (uint64_t)w1 * x1; /* < 2^33 + 2^63 */
    a->s       = (s & M31_P) + (s >> M31_BITS);
}
SAGE_INLINE m31 vdot_get(const vdot *a)
{
    return m31_reduce64(a->s);
}

#endif

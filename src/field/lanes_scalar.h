/* field/lanes_scalar.h -- lanes.h for one lane: the reference all widths are held to. */
#ifndef SAGE_FIELD_LANES_SCALAR_H
#define SAGE_FIELD_LANES_SCALAR_H

#include "field/m31.h"

enum { LANES_LOG = 0, LANES = 1 };
#define LANES_SUFFIX(name) name##_scalar

typedef uint32_t vf;

SAGE_INLINE vf vf_load(const uint32_t *p) { return *p; }
SAGE_INLINE void vf_store(uint32_t *p, vf x) { *p = x; }
SAGE_INLINE vf vf_set1(m31 m) { return m; }
SAGE_INLINE vf vf_add(vf x, vf y) { return m31_add(x, y); }
SAGE_INLINE vf vf_sub(vf x, vf y) { return m31_sub(x, y); }
SAGE_INLINE vf vf_neg(vf x) { return m31_neg(x); }
SAGE_INLINE vf vf_dbl(vf x) { return m31_add(x, x); }
SAGE_INLINE vf vf_mul(vf x, vf y) { return m31_mul(x, y); }
SAGE_INLINE vf vf_sqr(vf x) { return m31_mul(x, x); }
SAGE_INLINE vf vf_mul_pow2(vf x, uint32_t k)
{
    return k ? ((x << k) & M31_P) | (x >> (M31_BITS - k)) : x;
}
SAGE_INLINE vf vf_gather(const uint32_t *base, const uint32_t *idx) { return base[idx[0]]; }

/* vacc: four 64-bit sums, folded whenever another product could overflow. */
typedef struct vacc {
    uint64_t s[4];
} vacc;
SAGE_INLINE vacc vacc_zero(void) { return (vacc){{0, 0, 0, 0}}; }
SAGE_INLINE void vacc_madd(vacc *a, const qm31 *w, vf x)
{
    for (int i = 0; i < 4; i++) {
        uint64_t s = a->s[i] + (uint64_t)w->v[i] * x; /* < 2^33 + 2^62 */
        a->s[i]    = (s & M31_P) + (s >> M31_BITS);   /* < 2^33 */
    }
}
SAGE_INLINE vf vacc_coord(const vacc *a, int i) { return m31_reduce64(a->s[i]); }
SAGE_INLINE void vacc_add_coord(vacc *a, int i, vf x) { a->s[i] += x; }

#endif

/* field/lanes_sums.h -- lazily reduced sums (vacc, vdot of lanes.h) for the vector widths, over
 * vf_zero64, vf_add64, vf_mul64, vf_even64, vf_odd64, vf_odd, vf_fold64 and vf_join64 of the
 * header that includes it. */
#ifndef SAGE_FIELD_LANES_SUMS_H
#define SAGE_FIELD_LANES_SUMS_H

#include <string.h>

#include "field/qm31.h"

/* Sums of products in 64-bit parts, even and odd lanes apart. A canonical product is at most
 * (p-1)^2 < 2^62 - 2^32, so three of them and a folded rest (< 2^34) stay below 2^64. */
typedef struct vacc {
    vf even[4], odd[4];
    uint32_t n; /* products since the last fold */
} vacc;
SAGE_INLINE vacc vacc_zero(void)
{
    vacc a;
    for (int i = 0; i < 4; i++)
        a.even[i] = a.odd[i] = vf_zero64();
    a.n = 0;
    return a;
}
SAGE_INLINE void vacc_madd(vacc *a, const qm31 *w, vf x)
{
    vf xo = vf_odd(x);
    for (int i = 0; i < 4; i++) {
        vf c       = vf_set1(w->v[i]);
        a->even[i] = vf_add64(a->even[i], vf_mul64(x, c));
        a->odd[i]  = vf_add64(a->odd[i], vf_mul64(xo, c));
    }
    if (++a->n < 3) return;
    for (int i = 0; i < 4; i++) {
        a->even[i] = vf_fold64(a->even[i]);
        a->odd[i]  = vf_fold64(a->odd[i]);
    }
    a->n = 0;
}
/* Four canonical products and a folded rest: 4 (p-1)^2 + 2^34 < 2^64. Coordinate by coordinate,
 * so that a sum is in a register for four products. */
SAGE_INLINE void vacc_madd4(vacc *a, const qm31 *const w[4], const vf x[4])
{
    vf odd[4];
    for (int k = 0; k < 4; k++)
        odd[k] = vf_odd(x[k]);
    for (int i = 0; i < 4; i++) {
        vf e = a->n ? vf_fold64(a->even[i]) : a->even[i];
        vf o = a->n ? vf_fold64(a->odd[i]) : a->odd[i];
        for (int k = 0; k < 4; k++) {
            vf c = vf_set1(w[k]->v[i]);
            e    = vf_add64(e, vf_mul64(x[k], c));
            o    = vf_add64(o, vf_mul64(odd[k], c));
        }
        a->even[i] = vf_fold64(e);
        a->odd[i]  = vf_fold64(o);
    }
    a->n = 0;
}
SAGE_INLINE vf vacc_coord(const vacc *a, int i)
{
    return vf_join64(a->even[i], a->odd[i]);
}
SAGE_INLINE void vacc_add_coord(vacc *a, int i, vf x)
{
    a->even[i] = vf_add64(a->even[i], vf_even64(x));
    a->odd[i]  = vf_add64(a->odd[i], vf_odd64(x));
}

/* vdot: the sum over all lanes of many products, see lanes.h. */
typedef struct vdot {
    vf s;
} vdot;
SAGE_INLINE vdot vdot_zero(void)
{
    return (vdot){vf_zero64()};
}
SAGE_INLINE void vdot_madd2(vdot *a, vf w0, vf x0, vf w1, vf x1)
{
    /* four products and a folded rest: 4 (p-1)^2 + 2^34 < 2^64 */
    vf s0 = vf_add64(vf_mul64(w0, x0), vf_mul64(vf_odd(w0), vf_odd(x0)));
    vf s1 = vf_add64(vf_mul64(w1, x1), vf_mul64(vf_odd(w1), vf_odd(x1)));
    a->s  = vf_fold64(vf_add64(a->s, vf_add64(s0, s1)));
}
SAGE_INLINE m31 vdot_get(const vdot *a)
{
    uint64_t part[LANES / 2], sum = 0;
    memcpy(part, &a->s, sizeof part);
    for (int i = 0; i < LANES / 2; i++)
        sum += part[i]; /* each below 2^34 */
    return m31_reduce64(sum);
}

#endif

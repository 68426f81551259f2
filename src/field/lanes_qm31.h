/* field/lanes_qm31.h -- the secure field on lanes, written over vf alone (see lanes.h). */
#ifndef SAGE_FIELD_LANES_QM31_H
#define SAGE_FIELD_LANES_QM31_H

#include <stddef.h>

typedef struct vq {
    vf c[4];
} vq;

SAGE_INLINE vq vq_make(vf a, vf b, vf c, vf d)
{
    return (vq){{a, b, c, d}};
}
SAGE_INLINE vq vq_set1(qm31 x)
{
    return vq_make(vf_set1(x.v[0]), vf_set1(x.v[1]), vf_set1(x.v[2]), vf_set1(x.v[3]));
}
SAGE_INLINE vq vq_zero(void)
{
    return vq_set1(qm31_zero());
}
SAGE_INLINE vq vq_of(vf x)
{
    return vq_make(x, vf_set1(0), vf_set1(0), vf_set1(0));
}
SAGE_INLINE vq vq_add(vq x, vq y)
{
    return vq_make(vf_add(x.c[0], y.c[0]), vf_add(x.c[1], y.c[1]), vf_add(x.c[2], y.c[2]),
                   vf_add(x.c[3], y.c[3]));
}
SAGE_INLINE vq vq_sub(vq x, vq y)
{
    return vq_make(vf_sub(x.c[0], y.c[0]), vf_sub(x.c[1], y.c[1]), vf_sub(x.c[2], y.c[2]),
                   vf_sub(x.c[3], y.c[3]));
}
SAGE_INLINE vq vq_neg(vq x)
{
    return vq_sub(vq_zero(), x);
}
SAGE_INLINE vq vq_add_f(vq x, vf y)
{
    x.c[0] = vf_add(x.c[0], y);
    return x;
}
SAGE_INLINE vq vq_sub_f(vq x, vf y)
{
    x.c[0] = vf_sub(x.c[0], y);
    return x;
}
SAGE_INLINE vq vq_mul_f(vq x, vf y)
{
    return vq_make(vf_mul(x.c[0], y), vf_mul(x.c[1], y), vf_mul(x.c[2], y), vf_mul(x.c[3], y));
}
SAGE_INLINE vq vq_load(const uint32_t *const cols[4], size_t i)
{
    return vq_make(vf_load(cols[0] + i), vf_load(cols[1] + i), vf_load(cols[2] + i),
                   vf_load(cols[3] + i));
}
SAGE_INLINE void vq_store(uint32_t *const cols[4], size_t i, vq x)
{
    for (int k = 0; k < 4; k++)
        vf_store(cols[k] + i, x.c[k]);
}
/* (A + Bu)(C + Du) = (AC + RD) + (AD + BC)u with R = (2+i)B: every coordinate is a sum of four
 * products. */
SAGE_INLINE vq vq_mul(vq x, vq y)
{
    vf a0 = x.c[0], a1 = x.c[1], b0 = x.c[2], b1 = x.c[3];
    vf c0 = y.c[0], c1 = y.c[1], d0 = y.c[2], d1 = y.c[3];
    vf r0 = vf_sub(vf_dbl(b0), b1), r1 = vf_add(vf_dbl(b1), b0);
    vf m1 = vf_neg(c1), n1 = vf_neg(d1);
    vf ar[4] = {a0, a1, r0, r1}, ab[4] = {a0, a1, b0, b1};
    vf re[4] = {c0, m1, d0, n1}, im[4] = {c1, c0, d1, d0};
    vf ru[4] = {d0, n1, c0, m1}, iu[4] = {d1, d0, c1, c0};
    return vq_make(vf_dot4(ar, re), vf_dot4(ar, im), vf_dot4(ab, ru), vf_dot4(ab, iu));
}

SAGE_INLINE void vacc_add_q(vacc *a, vq y)
{
    for (int i = 0; i < 4; i++)
        vacc_add_coord(a, i, y.c[i]);
}
SAGE_INLINE vq vacc_get(const vacc *a)
{
    return vq_make(vacc_coord(a, 0), vacc_coord(a, 1), vacc_coord(a, 2), vacc_coord(a, 3));
}

#endif

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
/* (A + Bu)(C + Du) with A = a0 + a1 i, ... : 16 base products; 2+i times BD is two adds. */
SAGE_INLINE vq vq_mul(vq x, vq y)
{
    vf ac0 = vf_sub(vf_mul(x.c[0], y.c[0]), vf_mul(x.c[1], y.c[1]));
    vf ac1 = vf_add(vf_mul(x.c[0], y.c[1]), vf_mul(x.c[1], y.c[0]));
    vf bd0 = vf_sub(vf_mul(x.c[2], y.c[2]), vf_mul(x.c[3], y.c[3]));
    vf bd1 = vf_add(vf_mul(x.c[2], y.c[3]), vf_mul(x.c[3], y.c[2]));
    vf ad0 = vf_sub(vf_mul(x.c[0], y.c[2]), vf_mul(x.c[1], y.c[3]));
    vf ad1 = vf_add(vf_mul(x.c[0], y.c[3]), vf_mul(x.c[1], y.c[2]));
    vf bc0 = vf_sub(vf_mul(x.c[2], y.c[0]), vf_mul(x.c[3], y.c[1]));
    vf bc1 = vf_add(vf_mul(x.c[2], y.c[1]), vf_mul(x.c[3], y.c[0]));
    return vq_make(vf_add(ac0, vf_sub(vf_dbl(bd0), bd1)), vf_add(ac1, vf_add(vf_dbl(bd1), bd0)),
                   vf_add(ad0, bc0), vf_add(ad1, bc1));
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

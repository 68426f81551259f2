/* field/qm31.h -- CM31 = M31[i]/(i^2+1) and QM31 = CM31[u]/(u^2-2-i), the secure field.
 *
 * A qm31 is four words (a, b, c, d) = (a+bi) + (c+di)u, in this order on the wire.
 * 2+i is a non-square in CM31 exactly when 5 is a non-residue mod p, which holds for
 * p = 2^3-1, 2^7-1 and 2^31-1. */
#ifndef SAGE_FIELD_QM31_H
#define SAGE_FIELD_QM31_H

#include <stdbool.h>

#include "field/m31.h"

typedef struct cm31 {
    m31 a, b;
} cm31;

typedef struct qm31 {
    m31 v[4];
} qm31;

SAGE_INLINE cm31 cm31_of(m31 a, m31 b)
{
    return (cm31){a, b};
}
SAGE_INLINE cm31 cm31_add(cm31 x, cm31 y)
{
    return cm31_of(m31_add(x.a, y.a), m31_add(x.b, y.b));
}
SAGE_INLINE cm31 cm31_sub(cm31 x, cm31 y)
{
    return cm31_of(m31_sub(x.a, y.a), m31_sub(x.b, y.b));
}
SAGE_INLINE cm31 cm31_neg(cm31 x)
{
    return cm31_of(m31_neg(x.a), m31_neg(x.b));
}
SAGE_INLINE cm31 cm31_mul(cm31 x, cm31 y)
{
    return cm31_of(m31_sub(m31_mul(x.a, y.a), m31_mul(x.b, y.b)),
                   m31_add(m31_mul(x.a, y.b), m31_mul(x.b, y.a)));
}
SAGE_INLINE cm31 cm31_scale(cm31 x, m31 s)
{
    return cm31_of(m31_mul(x.a, s), m31_mul(x.b, s));
}
/* x * (2+i). */
SAGE_INLINE cm31 cm31_mul_r(cm31 x)
{
    return cm31_of(m31_sub(m31_add(x.a, x.a), x.b), m31_add(m31_add(x.b, x.b), x.a));
}
/* 1/x = conj(x) / (a^2 + b^2); 0 for x = 0. */
SAGE_INLINE cm31 cm31_inv(cm31 x)
{
    m31 n = m31_inv(m31_add(m31_sqr(x.a), m31_sqr(x.b)));
    return cm31_of(m31_mul(x.a, n), m31_neg(m31_mul(x.b, n)));
}

SAGE_INLINE qm31 qm31_of(m31 a, m31 b, m31 c, m31 d)
{
    return (qm31){{a, b, c, d}};
}
SAGE_INLINE qm31 qm31_from(m31 a)
{
    return qm31_of(a, 0, 0, 0);
}
SAGE_INLINE qm31 qm31_zero(void)
{
    return qm31_from(0);
}
SAGE_INLINE qm31 qm31_one(void)
{
    return qm31_from(1);
}
SAGE_INLINE cm31 qm31_lo(qm31 x)
{
    return cm31_of(x.v[0], x.v[1]);
}
SAGE_INLINE cm31 qm31_hi(qm31 x)
{
    return cm31_of(x.v[2], x.v[3]);
}
SAGE_INLINE qm31 qm31_join(cm31 lo, cm31 hi)
{
    return qm31_of(lo.a, lo.b, hi.a, hi.b);
}
SAGE_INLINE bool qm31_eq(qm31 x, qm31 y)
{
    return x.v[0] == y.v[0] && x.v[1] == y.v[1] && x.v[2] == y.v[2] && x.v[3] == y.v[3];
}
SAGE_INLINE bool qm31_is_zero(qm31 x)
{
    return !(x.v[0] | x.v[1] | x.v[2] | x.v[3]);
}
SAGE_INLINE qm31 qm31_add(qm31 x, qm31 y)
{
    return qm31_of(m31_add(x.v[0], y.v[0]), m31_add(x.v[1], y.v[1]), m31_add(x.v[2], y.v[2]),
                   m31_add(x.v[3], y.v[3]));
}
SAGE_INLINE qm31 qm31_sub(qm31 x, qm31 y)
{
    return qm31_of(m31_sub(x.v[0], y.v[0]), m31_sub(x.v[1], y.v[1]), m31_sub(x.v[2], y.v[2]),
                   m31_sub(x.v[3], y.v[3]));
}
SAGE_INLINE qm31 qm31_neg(qm31 x)
{
    return qm31_sub(qm31_zero(), x);
}
/* (A + Bu)(C + Du) = (AC + (2+i)BD) + (AD + BC)u. */
SAGE_INLINE qm31 qm31_mul(qm31 x, qm31 y)
{
    cm31 a = qm31_lo(x), b = qm31_hi(x), c = qm31_lo(y), d = qm31_hi(y);
    return qm31_join(cm31_add(cm31_mul(a, c), cm31_mul_r(cm31_mul(b, d))),
                     cm31_add(cm31_mul(a, d), cm31_mul(b, c)));
}
SAGE_INLINE qm31 qm31_sqr(qm31 x)
{
    return qm31_mul(x, x);
}
SAGE_INLINE qm31 qm31_scale(qm31 x, m31 s)
{
    return qm31_of(m31_mul(x.v[0], s), m31_mul(x.v[1], s), m31_mul(x.v[2], s),
                   m31_mul(x.v[3], s));
}
SAGE_INLINE qm31 qm31_mul_cm31(qm31 x, cm31 s)
{
    return qm31_join(cm31_mul(qm31_lo(x), s), cm31_mul(qm31_hi(x), s));
}
/* u -> -u: the conjugate over CM31, the one that DEEP quotients use. */
SAGE_INLINE qm31 qm31_conj(qm31 x)
{
    return qm31_of(x.v[0], x.v[1], m31_neg(x.v[2]), m31_neg(x.v[3]));
}
/* 1/(A + Bu) = (A - Bu) / (A^2 - (2+i)B^2); 0 for x = 0. */
SAGE_INLINE qm31 qm31_inv(qm31 x)
{
    cm31 a = qm31_lo(x), b = qm31_hi(x);
    cm31 n = cm31_inv(cm31_sub(cm31_mul(a, a), cm31_mul_r(cm31_mul(b, b))));
    return qm31_join(cm31_mul(a, n), cm31_neg(cm31_mul(b, n)));
}
SAGE_INLINE qm31 qm31_pow(qm31 x, uint64_t e)
{
    qm31 r = qm31_one();
    for (; e; e >>= 1, x = qm31_sqr(x))
        if (e & 1) r = qm31_mul(r, x);
    return r;
}
/* e0 + e1 i + e2 u + e3 iu for qm31 e's: recombines four coordinate columns that were each
 * evaluated at a secure point. */
SAGE_INLINE qm31 qm31_from_coords(const qm31 e[4])
{
    qm31 i = qm31_of(0, 1, 0, 0), u = qm31_of(0, 0, 1, 0), iu = qm31_of(0, 0, 0, 1);
    return qm31_add(qm31_add(e[0], qm31_mul(e[1], i)),
                    qm31_add(qm31_mul(e[2], u), qm31_mul(e[3], iu)));
}

#endif

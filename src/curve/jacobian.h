/* curve/jacobian.h -- the formulas of the group in Jacobian coordinates, a = 1, on unreduced
 * field elements; private to the room.
 *
 * Bounds in units of P: between operations x < 2, y < 4, z < 3; affine coordinates < 1. With
 * them every product stays below x y / 31.9 + 1 as felt252_loose.h promises; the comments
 * below give the bound of each line's result. The special cases (infinity, equal x) are the
 * caller's: with them z becomes 0 and stays 0. */
#ifndef SAGE_CURVE_JACOBIAN_H
#define SAGE_CURVE_JACOBIAN_H

#include "curve/curve.h"

/* a - b + k P for b < k P: less than a + k. */
SAGE_INLINE felt252 jacobian_less(felt252 a, felt252 b, uint64_t k)
{
    return felt252_loose_sub(felt252_loose_add(a, felt252_multiple(k)), b);
}

/* Any a: is it 0 mod P? Settled, it lies in (0, 2 P). */
SAGE_INLINE bool jacobian_is_zero(felt252 a)
{
    felt252 s = felt252_settle(a);
    return !((s.l[0] ^ 1) | s.l[1] | s.l[2] | (s.l[3] ^ FELT252_K));
}

/* The end that all additions share. h and r are the differences of x and y, (x1, y1) the first
 * point at the common denominator, z the product of the denominators: h < 4, r < 6, x1 < 2,
 * y1 < 4, z < 3. */
SAGE_INLINE sage_jacobian jacobian_sum(felt252 x1, felt252 y1, felt252 z, felt252 h, felt252 r)
{
    sage_jacobian s;
    felt252 hh   = felt252_loose_sqr(h);                            /* 1.51 */
    felt252 hhh  = felt252_loose_mul(h, hh);                        /* 1.19 */
    felt252 v    = felt252_loose_mul(x1, hh);                       /* 1.10 */
    felt252 away = felt252_loose_add(hhh, felt252_loose_double(v)); /* 3.39 */
    s.x          = felt252_settle(jacobian_less(felt252_loose_sqr(r), away, 4));
    felt252 down = felt252_loose_mul(r, jacobian_less(v, s.x, 2));     /* 1.59 */
    s.y          = jacobian_less(down, felt252_loose_mul(y1, hhh), 2); /* 3.59 */
    s.z          = felt252_loose_mul(z, h);                            /* 1.38 */
    return s;
}

/* p + q for an affine q: 8 products and 3 squares. */
SAGE_INLINE sage_jacobian jacobian_add_affine(const sage_jacobian *p, sage_point q)
{
    felt252 zz = felt252_loose_sqr(p->z);                             /* 1.29 */
    felt252 h  = jacobian_less(felt252_loose_mul(q.x, zz), p->x, 2);  /* 3.05 */
    felt252 y2 = felt252_loose_mul(q.y, felt252_loose_mul(p->z, zz)); /* 1.04 */
    return jacobian_sum(p->x, p->y, p->z, h, jacobian_less(y2, p->y, 4));
}

/* 2 p: 3 products and 6 squares; zz is p->z squared. */
SAGE_INLINE sage_jacobian jacobian_double(const sage_jacobian *p, felt252 zz)
{
    sage_jacobian d;
    felt252 xx = felt252_loose_sqr(p->x);                           /* 1.13 */
    felt252 yy = felt252_loose_sqr(p->y);                           /* 1.51 */
    felt252 s  = felt252_loose_double(felt252_loose_mul(p->x, yy)); /* 2.20 */
    s          = felt252_loose_double(s);                           /* 4.40 */
    felt252 m  = felt252_loose_add(felt252_loose_double(xx), xx);   /* 3.39 */
    m          = felt252_loose_add(m, felt252_loose_sqr(zz));       /* 4.45 */
    d.x = felt252_settle(jacobian_less(felt252_loose_sqr(m), felt252_loose_double(s), 9));
    felt252 y4 = felt252_loose_double(felt252_loose_sqr(yy));    /* 2.15 */
    y4         = felt252_loose_double(felt252_loose_double(y4)); /* 8.58 */
    felt252 to = felt252_loose_mul(m, jacobian_less(s, d.x, 2)); /* 1.90 */
    d.y        = felt252_settle(jacobian_less(to, y4, 9));
    d.z        = felt252_loose_double(felt252_loose_mul(p->y, p->z)); /* 2.76 */
    return d;
}

#endif

/* curve/ec_op.c -- p + m q in the order of Cairo's EC_OP. */
#include "curve/jacobian.h"

/* Bits of m up to the highest that is set. */
static int bit_length(const uint64_t m[4])
{
    for (int i = 3; i >= 0; i--)
        if (m[i]) return 64 * (i + 1) - __builtin_clzll(m[i]);
    return 0;
}

/* The sum so far, with the powers of its z that meet every multiple of q. */
typedef struct ladder {
    sage_jacobian sum;
    felt252 zz, zzz; /* 1.29, 1.13 */
} ladder;

static void set_sum(ladder *l, sage_jacobian sum)
{
    l->sum = sum;
    l->zz  = felt252_loose_sqr(sum.z);
    l->zzz = felt252_loose_mul(sum.z, l->zz);
}

/* Adds q, whose z squared is qq, if `add`; false if sum and q have the same x. */
static bool step(ladder *l, const sage_jacobian *q, felt252 qq, bool add)
{
    felt252 x1 = felt252_loose_mul(l->sum.x, qq);                      /* 1.09 */
    felt252 h  = jacobian_less(felt252_loose_mul(q->x, l->zz), x1, 2); /* 3.09 */
    if (jacobian_is_zero(h)) return false;
    if (!add) return true;
    felt252 y1 = felt252_loose_mul(l->sum.y, felt252_loose_mul(q->z, qq)); /* 1.15 */
    felt252 r  = jacobian_less(felt252_loose_mul(q->y, l->zzz), y1, 2);    /* 3.15 */
    set_sum(l, jacobian_sum(x1, y1, felt252_loose_mul(l->sum.z, q->z), h, r));
    return true;
}

/* Neither can become infinity: the order is an odd prime, so no 2^i q is; a sum would be after
 * adding a point of the same x, which ends the loop. */
bool sage_curve_ec_op(sage_point *out, sage_point p, sage_point q, const uint64_t m[4])
{
    ladder l;
    sage_jacobian doubled = sage_jacobian_from(q);
    set_sum(&l, sage_jacobian_from(p));
    for (int i = 0, n = bit_length(m); i < n; i++) {
        felt252 qq = felt252_loose_sqr(doubled.z);
        if (!step(&l, &doubled, qq, m[i / 64] >> (i % 64) & 1)) return false;
        doubled = jacobian_double(&doubled, qq);
    }
    return sage_jacobian_affine(out, &l.sum);
}

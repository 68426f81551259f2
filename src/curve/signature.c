/* curve/signature.c -- ECDSA: is r the x of (z G +- r Q) / s? */
#include "curve/signature.h"

#include "curve/order.h"

static bool is_zero(const uint64_t v[4])
{
    return !(v[0] | v[1] | v[2] | v[3]);
}

static bool below_2_251(const uint64_t v[4])
{
    return v[3] >> 59 == 0;
}

static bool has_x(const sage_jacobian *p, felt252 x)
{
    sage_point affine;
    return sage_jacobian_affine(&affine, p) && felt252_eq(affine.x, x);
}

bool sage_signature_valid(const uint64_t key[4],
                          const uint64_t message[4],
                          const uint64_t r[4],
                          const uint64_t s[4])
{
    sage_point q;
    if (is_zero(r) || !below_2_251(r) || !below_2_251(message)) return false;
    if (is_zero(s) || !below_2_251(s)) return false;
    sage_order w = sage_order_inv(sage_order_reduce(s));
    if (!below_2_251(w.l) || !sage_point_from_x(&q, felt252_from_limbs(key))) return false;
    sage_order of_g  = sage_order_mul(sage_order_reduce(message), w);
    sage_order of_q  = sage_order_mul(sage_order_reduce(r), w);
    sage_jacobian zg = sage_curve_multiply(sage_curve_point(SAGE_CURVE_G), of_g.l);
    sage_jacobian rq = sage_curve_multiply(q, of_q.l), minus = rq;
    minus.y                 = felt252_neg(felt252_fold(felt252_settle(rq.y)));
    sage_jacobian plus_sum  = sage_jacobian_add(&zg, &rq);
    sage_jacobian minus_sum = sage_jacobian_add(&zg, &minus);
    felt252 x               = felt252_from_limbs(r);
    return has_x(&plus_sum, x) || has_x(&minus_sum, x);
}

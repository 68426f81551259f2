/* curve/curve.h -- the STARK curve y^2 = x^3 + x + beta over felt252 (facts C2): a group
 * of prime order n, whose elements are the curve's points and infinity.
 *
 * Model: a sage_point is affine and never infinity; callers check those from outside with
 * sage_point_on_curve. A sage_jacobian (x, y, z) is the point (x / z^2, y / z^3), infinity if
 * z = 0; its coordinates are unreduced between calls, so that only functions of this room may
 * look at them.
 *
 * Time depends on all operands: for public values. What is done with secrets stands in sign.h. */
#ifndef SAGE_CURVE_CURVE_H
#define SAGE_CURVE_CURVE_H

#include "field/felt252.h"

typedef struct sage_point {
    felt252 x, y;
} sage_point;

typedef struct sage_jacobian {
    felt252 x, y, z;
} sage_jacobian;

/* G and the five points of the Pedersen hash, numbered as they were drawn from the digits of
 * pi: chunk i of 76 decimal digits ("3141..", chunk 0 became beta), raised to the next x on the
 * curve, and the smaller y. */
typedef enum sage_curve_constant {
    SAGE_CURVE_SHIFT = 1, /* where the Pedersen sum starts */
    SAGE_CURVE_G     = 2, /* of signatures */
    SAGE_CURVE_P0    = 3, /* low 248 bits of the first operand */
    SAGE_CURVE_P1    = 4, /* its high 4 bits */
    SAGE_CURVE_P2    = 5, /* the second operand */
    SAGE_CURVE_P3    = 6
} sage_curve_constant;
sage_point sage_curve_point(sage_curve_constant which);
felt252 sage_curve_beta(void);

bool sage_point_on_curve(sage_point p);
/* The point with this x whose y is the smaller number; false if there is none. */
SAGE_CHECKED bool sage_point_from_x(sage_point *out, felt252 x);
SAGE_INLINE bool sage_point_equal(sage_point a, sage_point b)
{
    return felt252_eq(a.x, b.x) && felt252_eq(a.y, b.y);
}
SAGE_INLINE sage_point sage_point_negative(sage_point p)
{
    return (sage_point){p.x, felt252_neg(p.y)};
}

sage_jacobian sage_jacobian_infinity(void);
sage_jacobian sage_jacobian_from(sage_point p);
/* false for infinity. 1.3 us. */
SAGE_CHECKED bool sage_jacobian_affine(sage_point *out, const sage_jacobian *p);
/* n points, none of them infinity. 0.15 us each. */
void sage_jacobian_affine_many(sage_point *out, const sage_jacobian *in, size_t n);
bool sage_jacobian_is_infinity(const sage_jacobian *p);

/* The group operation, all cases. 0.1 to 0.2 us each. */
sage_jacobian sage_jacobian_double(const sage_jacobian *p);
sage_jacobian sage_jacobian_add(const sage_jacobian *p, const sage_jacobian *q);
sage_jacobian sage_jacobian_add_point(const sage_jacobian *p, sage_point q);

/* k p; k is any number of 256 bits, low limb first. About 40 us. */
sage_jacobian sage_curve_multiply(sage_point p, const uint64_t k[4]);

/* The EC_OP of Cairo, p + m q, computed bit by bit as its AIR does: low bit first, while m has
 * bits left, the sum so far and 2^i q must have different x, whether bit i is set or not. false
 * if they have not (the builtin then has no result). p and q are on the curve; m is a number,
 * low limb first. About 60 us. */
SAGE_CHECKED bool
sage_curve_ec_op(sage_point *out, sage_point p, sage_point q, const uint64_t m[4]);

#endif

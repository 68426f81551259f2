/* curve/key.h -- multiples of a point that is given by its x alone, without a square root;
 * private to the room.
 *
 * Model: (x, y) on the curve, c = x^3 + x + beta = y^2. The map (u, v) -> (c u, c y v) takes the
 * curve to v^2 = u^3 + c^2 u + c^3 beta and (x, y) to (c x, c^2), whose coordinates need no y:
 * all is computed there. A root costs 100 us in this field, the sixth product of each doubling
 * 4 us together. Time depends on all operands: for public values. */
#ifndef SAGE_CURVE_KEY_H
#define SAGE_CURVE_KEY_H

#include "curve/curve.h"
#include "curve/order.h"

/* k (x, y) is (p.x / c, +-p.y / c^(3/2)). */
typedef struct sage_key_multiple {
    felt252 c;
    sage_point p;
} sage_key_multiple;

/* 0 < k < n. false if no point has this x. About 55 us. */
SAGE_CHECKED bool sage_key_multiply(sage_key_multiple *out, felt252 x, sage_order k);

/* Is r the x of A + k (x, y) or of A - k (x, y), for the affine A and that multiple? */
bool sage_key_sum_has_x(sage_point a, const sage_key_multiple *b, felt252 r);

#endif

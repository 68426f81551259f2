/* curve/generator.h -- multiples of G from a table of odd ones; private to the room.
 *
 * Model: k is a number, 0 < k < n, and the result is k G up to its sign: a signature and a
 * public key are made of x alone. The first call of a process builds a table of 32 KB, 0.3 ms;
 * any thread may. */
#ifndef SAGE_CURVE_GENERATOR_H
#define SAGE_CURVE_GENERATOR_H

#include "curve/curve.h"
#include "curve/order.h"

/* For a k that is secret: time and addresses do not depend on it. About 12 us; an affine x
 * takes 4 us more. */
sage_jacobian sage_generator_multiply(sage_order k);
/* For a k that is public. About 9 us. */
sage_jacobian sage_generator_multiply_public(sage_order k);
/* The x of k G for a secret k. */
felt252 sage_generator_x(sage_order k);

#endif

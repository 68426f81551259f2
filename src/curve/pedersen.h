/* curve/pedersen.h -- the Pedersen hash of Starknet (facts C2).
 *
 * pedersen(a, b) is the x of SHIFT + a' P0 + a'' P1 + b' P2 + b'' P3, where a = a' + 2^248 a''
 * is the operand's canonical number. Time depends on the operands.
 *
 * The first call of a process builds tables of 0.9 MB, 5 ms; any thread may. */
#ifndef SAGE_CURVE_PEDERSEN_H
#define SAGE_CURVE_PEDERSEN_H

#include "field/felt252.h"

/* About 10 us. */
felt252 sage_pedersen(felt252 a, felt252 b);

/* The hash of a sequence: h = 0, then h = pedersen(h, x[i]), at last pedersen(h, n). */
felt252 sage_pedersen_many(const felt252 *x, size_t n);

#endif

/* curve/order.h -- numbers modulo n, the prime order of the STARK curve's group:
 * n = 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f (facts C2).
 *
 * Model: a number below n, four limbs, low first. All functions take the same time for all
 * values: they are fit for secrets, which callers wipe themselves. */
#ifndef SAGE_CURVE_ORDER_H
#define SAGE_CURVE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

typedef struct sage_order {
    uint64_t l[4];
} sage_order;

sage_order sage_order_n(void);
/* limbs as they are; false if they are not below n. */
SAGE_CHECKED bool sage_order_from_limbs(sage_order *out, const uint64_t limbs[4]);
/* The number limbs, of any size, mod n. */
sage_order sage_order_reduce(const uint64_t limbs[4]);
bool sage_order_is_zero(sage_order a);

sage_order sage_order_add(sage_order a, sage_order b);
/* -a mod n; 0 for 0. */
sage_order sage_order_negative(sage_order a);
/* a b mod n. */
sage_order sage_order_mul(sage_order a, sage_order b);
/* 1 / a; 0 for 0. About 10 us. */
sage_order sage_order_inv(sage_order a);

#endif

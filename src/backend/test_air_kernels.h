/* test_air_kernels.h -- two components for tests.
 *
 * tiny: trace a, b, c = a * b; one assert c - a * b; pairs (a / d(ID0, a, b) - 1 / d(ID1, b, c)),
 * (1 / d(ID0, c, a)), where d(id, x, y) = id + alpha x + alpha^2 y - z.
 * many, of size n: trace x, y; pairs (x + b) / d(b, x, y) for b < n. Only LogUp. */
#ifndef SAGE_BACKEND_TEST_AIR_KERNELS_H
#define SAGE_BACKEND_TEST_AIR_KERNELS_H

#include "air/air.h"

enum { TINY_ID0 = 7, TINY_ID1 = 1000003 };

#ifdef LANES_SUFFIX
extern const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[];
#endif

#endif

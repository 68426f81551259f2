/* test_air_kernels.h -- three components for tests.
 *
 * tiny: trace a, b, c = a * b; one assert c - a * b; pairs (a / d(ID0, a, b) - 1 / d(ID1, b, c)),
 * (1 / d(ID0, c, a)), where d(id, x, y) = id + alpha x + alpha^2 y - z.
 * many, of size n: trace x, y; pairs (x + b) / d(b, x, y) for b < n. Only LogUp.
 * looker: every step of air/witness_lanes.h. Inputs address, id, x, key, times; trace
 * columns as named below, words as field values; w_j = x * look_factor(j). Feed: row + x, id of
 * address. Uses relation 0 of `key`, `times` times, relation 2 of it twice, once if enabled. */
#ifndef SAGE_BACKEND_TEST_AIR_KERNELS_H
#define SAGE_BACKEND_TEST_AIR_KERNELS_H

#include "air/air.h"

enum { TINY_ID0 = 7, TINY_ID1 = 1000003 };

enum {
    LOOK_ENABLER = 0,
    LOOK_ROW,
    LOOK_ID,      /* of address */
    LOOK_INVERSE, /* 1 / x */
    LOOK_KEY,
    LOOK_TIMES,
    LOOK_VALUE,                  /* 8 words: v of id */
    LOOK_ADD   = LOOK_VALUE + 8, /* v + w mod P and so on */
    LOOK_SUB   = LOOK_ADD + 8,
    LOOK_MUL   = LOOK_SUB + 8,
    LOOK_DIV   = LOOK_MUL + 8,
    LOOK_TRACE = LOOK_DIV + 8,

    LOOK_INPUTS = 5,
    LOOK_FEED   = 2
};
static inline uint32_t look_factor(uint32_t j)
{
    return 0x9e3779b1u * (2 * j + 1);
}

#ifdef LANES_SUFFIX
extern const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[];
#endif

#endif

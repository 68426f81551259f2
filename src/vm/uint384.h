/* vm/uint384.h -- numbers below 2^384 and their products: what the modular builtins compute
 * with. Time depends on the values. */
#ifndef SAGE_VM_UINT384_H
#define SAGE_VM_UINT384_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

enum { UINT384_LIMBS = 6 };

/* Low limb first. */
typedef struct uint384 {
    uint64_t l[UINT384_LIMBS];
} uint384;
typedef struct uint768 {
    uint64_t l[2 * UINT384_LIMBS];
} uint768;

bool uint384_is_zero(const uint384 *a);
/* -1, 0 or 1. */
int uint384_compare(const uint384 *a, const uint384 *b);
uint768 uint384_widen(const uint384 *a);
/* Modulo 2^384, the carry or borrow of 2^384. */
bool uint384_add(uint384 *r, const uint384 *a, const uint384 *b);
bool uint384_sub(uint384 *r, const uint384 *a, const uint384 *b);
uint768 uint384_mul(const uint384 *a, const uint384 *b);

/* n = q d + r; d is not 0. q may be NULL. */
void uint768_divide(uint768 *q, uint384 *r, const uint768 *n, const uint384 *d);
/* a b mod d; d is not 0. */
uint384 uint384_mul_mod(const uint384 *a, const uint384 *b, const uint384 *d);
/* r a = 1 mod d, r below d (0 if d is 1); false if a and d have a common factor. d is not 0. */
SAGE_CHECKED bool uint384_inverse(uint384 *r, const uint384 *a, const uint384 *d);

#endif

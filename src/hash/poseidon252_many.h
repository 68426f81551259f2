/* hash/poseidon252_many.h -- permutations of hash/poseidon252.h that do not wait for each other:
 * eight at a time where the CPU has AVX-512 IFMA, one by one elsewhere, with the same result. */
#ifndef SAGE_HASH_POSEIDON252_MANY_H
#define SAGE_HASH_POSEIDON252_MANY_H

#include <stddef.h>

#include "field/felt252.h"

/* Callers that can choose n make it a multiple of this. */
enum { SAGE_POSEIDON252_LANES_WIDTH = 8 };

/* Whether this CPU permutes eight at a time. */
bool sage_poseidon252_wide(void);

/* Permutes n states in place. Cost of each: 0.7 us eight at a time, else 3.5. */
void sage_poseidon252_permute_many(felt252 (*state)[3], size_t n);

/* out[i] = sage_poseidon252_pair(child[2 i], child[2 i + 1]) for i < n; out may be child. */
void sage_poseidon252_pairs(felt252 *out, const felt252 *child, size_t n);

/* The kernel, for 8 n states; only on a CPU that has AVX-512 IFMA. Private to
 * poseidon252_many.c. */
void sage_poseidon252_ifma(felt252 (*state)[3], size_t n);

#endif

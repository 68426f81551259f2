/* hash/poseidon252.h -- Poseidon over the STARK field (facts A10): the permutation Hades of
 * width 3 and the hashes that Starknet builds on it.
 *
 * Hades has 4 full rounds, 83 partial ones, 4 full ones. A round adds three constants, cubes
 * (all lanes; in partial rounds the last alone) and multiplies by [[3,1,1],[1,-1,1],[1,1,-2]].
 * Constant i is SHA-256("Hades<i>") mod P, i in decimal, big-endian, 3 to a round.
 *
 * Field elements go in and out in the form of field/felt252.h. libc only; constant time. */
#ifndef SAGE_HASH_POSEIDON252_H
#define SAGE_HASH_POSEIDON252_H

#include <stddef.h>

#include "field/felt252.h"

/* One permutation, in place: the unit of cost of everything below, 3 to 4 us. */
void sage_poseidon252_permute(felt252 state[3]);

/* The hash of two: permute (a, b, 2), take the first lane. */
felt252 sage_poseidon252_pair(felt252 a, felt252 b);

/* The hash of a sequence: a sponge of rate 2 from the zero state, the sequence ended by 1 and
 * then zeros up to an even number. One permutation per two elements. */
typedef struct sage_poseidon252 {
    felt252 state[3];
    unsigned odd; /* 1 if lane 0 has taken an element that lane 1 has not yet followed */
} sage_poseidon252;

void sage_poseidon252_init(sage_poseidon252 *h);
void sage_poseidon252_absorb(sage_poseidon252 *h, felt252 x);
/* h must be initialized again before further use. */
felt252 sage_poseidon252_final(sage_poseidon252 *h);

/* The same in one call. */
felt252 sage_poseidon252_many(const felt252 *x, size_t n);

/* Small words into one number, big-endian in base 2^31: limbs * 2^31 + word, word < 2^31. */
SAGE_INLINE void sage_poseidon252_pack(uint64_t limbs[4], uint32_t word)
{
    for (int i = 3; i > 0; i--)
        limbs[i] = limbs[i] << 31 | limbs[i - 1] >> 33;
    limbs[0] = limbs[0] << 31 | word;
}

#endif

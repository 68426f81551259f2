/* hash/poseidon2.h -- the Poseidon2 permutation over M31, width 16, and the sponge of the
 * statement file_digest. docs/statements.md is the definition; air/ proves the same.
 *
 * 4 full, 14 partial, 4 full rounds, S-box x^5 (5 is prime to p - 1). External matrix
 * circ(2 M4, M4, M4, M4), before the first round and in every full round; internal matrix
 * J + diag(v), J all ones. Grassi, Khovratovich, Schofnegger, "Poseidon2" (2023). */
#ifndef SAGE_HASH_POSEIDON2_H
#define SAGE_HASH_POSEIDON2_H

#include <stddef.h>
#include <stdint.h>

#include "field/m31.h"

enum {
    SAGE_POSEIDON2_WIDTH     = 16,
    SAGE_POSEIDON2_FULL      = 8, /* half of them before the partial rounds */
    SAGE_POSEIDON2_PARTIAL   = 14,
    SAGE_POSEIDON2_CONSTANTS = 8 * 16 + 14,

    SAGE_SPONGE_RATE        = 8,  /* limbs a block */
    SAGE_SPONGE_LIMB_BITS   = 30, /* so that a limb is always < p */
    SAGE_SPONGE_GROUP       = 4,  /* blocks a group */
    SAGE_SPONGE_GROUP_LIMBS = 32,
    SAGE_SPONGE_GROUP_BYTES = 120
};

/* In the order they are used: full rounds 0-3 (16 each), partial rounds (one each, lane 0),
 * full rounds 4-7. */
extern const m31 sage_poseidon2_constants[SAGE_POSEIDON2_CONSTANTS];
/* v as exponents: v[i] = 2^shift[i] for i >= 1; v[0] = -2 and shift[0] = 1. */
extern const uint8_t sage_poseidon2_shifts[16];

/* s becomes P(s); all values canonical. Cost: about 0.3 us. */
void sage_poseidon2_permute(m31 s[16]);

/* The sponge's state before the first block of a file of len bytes. */
void sage_sponge_start(m31 s[16], uint64_t len);
/* Groups of a file of len bytes: max(1, ceil(len / 120)). */
uint64_t sage_sponge_groups(uint64_t len);
/* The 32 limbs of group g of bytes[0..len), zero beyond the end. */
void sage_sponge_limbs(const uint8_t *bytes,
                       uint64_t len,
                       uint64_t g,
                       m31 limbs[SAGE_SPONGE_GROUP_LIMBS]);
/* s advances over one group. */
void sage_sponge_group(m31 s[16], const m31 limbs[SAGE_SPONGE_GROUP_LIMBS]);

/* Called once per group, in order, with the state before it and its limbs. */
typedef void (*sage_sponge_fn)(void *arg,
                               uint64_t g,
                               const m31 state[16],
                               const m31 limbs[SAGE_SPONGE_GROUP_LIMBS]);

/* digest of bytes[0..len), len < 2^60; bytes may be NULL for len 0. fn may be NULL; it is
 * what a witness is filled from. Cost: one permutation per 30 bytes. */
void sage_file_digest(
    const uint8_t *bytes, uint64_t len, sage_sponge_fn fn, void *arg, m31 digest[8]);

#endif

/* field/felt252.h -- the field of the STARK prime P = 2^251 + 17 * 2^192 + 1, over which
 * Poseidon252 and Starknet's signatures are defined.
 *
 * Model: a felt252 is the residue's Montgomery form x * 2^256 mod P in [0, P), one
 * representation per residue. Conversions are the only way in and out. All functions but
 * felt252_sqrt and felt252_inv_public take the same time for all values: they are fit for
 * secrets, which callers wipe themselves. */
#ifndef SAGE_FIELD_FELT252_H
#define SAGE_FIELD_FELT252_H

#include <stdbool.h>
#include <stddef.h>

#include "field/felt252_loose.h"

/* v < 2 P -> v mod P. */
SAGE_INLINE felt252 felt252_fold(felt252 v)
{
    felt252 r;
    const felt252 p      = felt252_multiple(1);
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        r.l[i] = felt252_sbb(v.l[i], p.l[i], &borrow);
    uint64_t keep = 0 - (uint64_t)borrow;
    for (int i = 0; i < 4; i++)
        r.l[i] ^= (r.l[i] ^ v.l[i]) & keep;
    return r;
}

SAGE_INLINE felt252 felt252_zero(void)
{
    return (felt252){{0, 0, 0, 0}};
}
/* 2^256 mod P. */
SAGE_INLINE felt252 felt252_one(void)
{
    return (felt252){
        {0xffffffffffffffe1, 0xffffffffffffffff, 0xffffffffffffffff, 0x07fffffffffffdf0}};
}

SAGE_INLINE felt252 felt252_add(felt252 a, felt252 b)
{
    return felt252_fold(felt252_loose_add(a, b));
}
SAGE_INLINE felt252 felt252_sub(felt252 a, felt252 b)
{
    return felt252_fold(felt252_loose_sub(felt252_loose_add(a, felt252_multiple(1)), b));
}
SAGE_INLINE felt252 felt252_neg(felt252 a)
{
    return felt252_sub(felt252_zero(), a);
}
/* About 20 ns. */
SAGE_INLINE felt252 felt252_mul(felt252 a, felt252 b)
{
    return felt252_fold(felt252_loose_mul(a, b));
}
SAGE_INLINE felt252 felt252_sqr(felt252 a)
{
    return felt252_fold(felt252_loose_sqr(a));
}

SAGE_INLINE bool felt252_eq(felt252 a, felt252 b)
{
    uint64_t differ = 0;
    for (int i = 0; i < 4; i++)
        differ |= a.l[i] ^ b.l[i];
    return differ == 0;
}
SAGE_INLINE bool felt252_is_zero(felt252 a)
{
    return felt252_eq(a, felt252_zero());
}

/* 1 / a; 0 for 0. About 4 us. */
felt252 felt252_inv(felt252 a);
/* The same; time depends on a: for public values. About 1.2 us. */
felt252 felt252_inv_public(felt252 a);
/* out[i] = 1 / in[i], 0 for 0; out and in do not overlap. Three products each and one
 * inverse. */
void felt252_inv_many(felt252 *out, const felt252 *in, size_t n);
/* Is a a square, 0 included? About 4 us. */
bool felt252_is_square(felt252 a);
/* The root of a whose number is the smaller one; false, and *out unspecified, if a is no
 * square. Time depends on a: for public values. About 0.1 ms. */
SAGE_CHECKED bool felt252_sqrt(felt252 *out, felt252 a);

/* The number sum w_i 2^(64 i), of any size, mod P. */
felt252 felt252_from_limbs(const uint64_t limbs[4]);
felt252 felt252_from_u64(uint64_t v);
/* The residue in [0, P), low limb first. */
void felt252_to_limbs(felt252 a, uint64_t limbs[4]);
/* Is the number below P? */
bool felt252_limbs_canonical(const uint64_t limbs[4]);

/* The canonical form on the wire: 32 bytes, little-endian, a number below P.
 * felt252_from_bytes is false for a number of P or more; *out is its residue then too. */
SAGE_CHECKED bool felt252_from_bytes(felt252 *out, const uint8_t bytes[32]);
void felt252_to_bytes(felt252 a, uint8_t bytes[32]);
bool felt252_bytes_canonical(const uint8_t bytes[32]);

/* The same as eight words, low first. */
SAGE_CHECKED bool felt252_from_words(felt252 *out, const uint32_t words[8]);
void felt252_to_words(felt252 a, uint32_t words[8]);

#endif

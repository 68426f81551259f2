/* hash/values.h -- the hash of a list of small numbers, in steps: leaves of trees, and the
 * values that a Cairo claim mixes as a root (facts A9, A10).
 *
 * Blake2s takes the words as 4 little-endian bytes each. Poseidon252 packs 8 of them into a
 * felt, big-endian in base 2^31; what is left over is a felt too, with its count at 2^248, so
 * that lists of different length differ; then it is the hash of the sequence of felts. */
#ifndef SAGE_HASH_VALUES_H
#define SAGE_HASH_VALUES_H

#include "hash/blake2s.h"
#include "hash/kind.h"
#include "hash/poseidon252.h"

typedef struct sage_values_hash {
    sage_hash_kind kind;
    union {
        sage_blake2s blake2s;
        struct {
            sage_poseidon252 sponge;
            uint64_t packed[4]; /* the group in the making */
            uint32_t n;         /* words in it, below 8 */
        } poseidon;
    } as;
} sage_values_hash;

void sage_values_init(sage_values_hash *h, sage_hash_kind kind);
/* Appends n words, each below 2^31. Cost: a Blake2s compression per 16 words, a Poseidon
 * permutation per 16 words. */
void sage_values_add(sage_values_hash *h, const uint32_t *words, size_t n);
/* h must be initialized again before further use. */
void sage_values_final(sage_values_hash *h, uint8_t digest[32]);

#endif

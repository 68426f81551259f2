/* hash/kind.h -- the two hash families that trees and transcripts come in (facts A5, A10), and
 * what trees need of them.
 *
 * A digest is 32 bytes in either: Blake2s-256's as it is, a Poseidon252 digest as the
 * canonical felt252 in little-endian bytes. */
#ifndef SAGE_HASH_KIND_H
#define SAGE_HASH_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sage_hash_kind { SAGE_HASH_BLAKE2S = 0, SAGE_HASH_POSEIDON252 = 1 } sage_hash_kind;

typedef struct sage_tree_hash {
    /* The hash of n words, each below 2^31, that stand as 4 n little-endian bytes: a leaf.
     * bytes may be NULL if n is 0, which is the root of an empty tree. hash/values.h is the
     * same in steps. */
    void (*leaf)(const uint8_t *bytes, size_t n, uint8_t digest[32]);
    /* The parent of two canonical digests, left then right; digest may be part of pair. */
    void (*node)(const uint8_t pair[64], uint8_t digest[32]);
    /* Is this the one encoding of a digest? A proof with another must be refused. */
    bool (*canonical)(const uint8_t digest[32]);
} sage_tree_hash;

/* The functions of a kind, static. */
const sage_tree_hash *sage_tree_hash_of(sage_hash_kind kind);

#endif

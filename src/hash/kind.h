/* hash/kind.h -- the two hash families that trees and transcripts come in (facts A5, A10).
 *
 * A digest is 32 bytes in either: Blake2s-256's as it is, a Poseidon252 digest as the
 * canonical felt252 in little-endian bytes. */
#ifndef SAGE_HASH_KIND_H
#define SAGE_HASH_KIND_H

typedef enum sage_hash_kind { SAGE_HASH_BLAKE2S = 0, SAGE_HASH_POSEIDON252 = 1 } sage_hash_kind;

#endif

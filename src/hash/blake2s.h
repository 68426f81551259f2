/* hash/blake2s.h -- Blake2s-256 (RFC 7693), unkeyed, one message at a time. libc only.
 *
 * The kernels on many lanes are in hash/blake2s_lanes.h; both are the same text. */
#ifndef SAGE_HASH_BLAKE2S_H
#define SAGE_HASH_BLAKE2S_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* A hash in progress. buf holds len bytes not yet absorbed, 0 < len <= 64 once any came:
 * the last block must stay back until it is known to be the last. */
typedef struct sage_blake2s {
    uint32_t h[8];
    uint64_t absorbed;
    uint32_t len;
    uint8_t buf[64];
} sage_blake2s;

void sage_blake2s_init(sage_blake2s *s);
/* Appends bytes[0..n); bytes may be NULL if n is 0. Cost: 0.3 us per 64 bytes. */
void sage_blake2s_update(sage_blake2s *s, const void *bytes, size_t n);
/* Appends n words, each as 4 little-endian bytes. */
void sage_blake2s_update_words(sage_blake2s *s, const uint32_t *words, size_t n);
/* Writes the digest; s must be initialized again before further use. */
void sage_blake2s_final(sage_blake2s *s, uint8_t digest[32]);

/* The digest of bytes[0..n). digest may alias bytes. */
void sage_blake2s_hash(const void *bytes, size_t n, uint8_t digest[32]);

/* The compression alone: h is any chaining value, replaced by the next; absorbed counts the
 * bytes hashed so far, this block's included; last sets the finalization flag. */
void sage_blake2s_compress(uint32_t h[8],
                           const uint32_t block[16],
                           uint64_t absorbed,
                           bool last);

#endif

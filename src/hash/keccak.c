/* hash/keccak.c -- FIPS 202, section 3. */
#include "hash/keccak.h"

#include <string.h>

#include "base/bytes.h"

enum { ROUNDS = 24, RATE = 136 };

/* iota's constants: bit 2^j - 1 of constant i is output 7 i + j of the LFSR
 * x^8 + x^6 + x^5 + x^4 + 1 (FIPS 202, 3.2.5); the test computes them again. */
static const uint64_t iota[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* 0 < n < 64 */
static uint64_t rotate(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static void theta(uint64_t a[25])
{
    uint64_t c[5];
    for (int x = 0; x < 5; x++)
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++) {
        uint64_t d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
        for (int y = 0; y < 25; y += 5)
            a[x + y] ^= d;
    }
}

/* rho and pi in one walk over the lanes but (0, 0), from (1, 0) on: lane (x, y) moves to
 * (y, 2 x + 3 y), the walk's next, rotated by the next of the triangular numbers 1, 3, 6, .. */
static void rho_pi(uint64_t a[25])
{
    static const uint8_t lane[24]     = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                         15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
    static const uint8_t triangle[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                         27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
    uint64_t moving                   = a[1];
#pragma GCC unroll 24
    for (int t = 0; t < 24; t++) {
        uint64_t held = a[lane[t]];
        a[lane[t]]    = rotate(moving, triangle[t]);
        moving        = held;
    }
}

static void chi(uint64_t a[25])
{
    for (int y = 0; y < 25; y += 5) {
        uint64_t row[5];
        memcpy(row, a + y, sizeof row);
        for (int x = 0; x < 5; x++)
            a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

void sage_keccak_f1600(uint64_t state[25])
{
    for (int round = 0; round < ROUNDS; round++) {
        theta(state);
        rho_pi(state);
        chi(state);
        state[0] ^= iota[round];
    }
}

static void absorb(uint64_t state[25], const uint8_t block[RATE])
{
    for (int i = 0; i < RATE / 8; i++)
        state[i] ^= sage_load_le64(block + 8 * i);
    sage_keccak_f1600(state);
}

void sage_keccak256(const void *bytes, size_t n, uint8_t digest[32])
{
    uint64_t state[25]  = {0};
    uint8_t last[RATE]  = {0};
    const uint8_t *from = bytes;
    for (; n >= RATE; n -= RATE, from += RATE)
        absorb(state, from);
    if (n) memcpy(last, from, n);
    last[n] ^= 0x01;
    last[RATE - 1] ^= 0x80;
    absorb(state, last);
    for (int i = 0; i < 4; i++)
        sage_store_le64(digest + 8 * i, state[i]);
}

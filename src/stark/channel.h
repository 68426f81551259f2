/* stark/channel.h -- the Fiat-Shamir transcript over Blake2s (facts A5) or Poseidon252 (facts
 * A10), chosen once at the beginning. */
#ifndef SAGE_STARK_CHANNEL_H
#define SAGE_STARK_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/circle.h"
#include "hash/kind.h"

/* digest is canonical for its kind (hash/kind.h). */
typedef struct sage_channel {
    sage_hash_kind kind;
    uint8_t digest[32];
    uint32_t n_draws;
} sage_channel;

void sage_channel_init(sage_channel *ch, sage_hash_kind kind);
/* Any 32-bit words. Cost: a Blake2s compression per 16 words, a Poseidon permutation per 14. */
void sage_channel_mix_u32s(sage_channel *ch, const uint32_t *words, size_t n);
void sage_channel_mix_u64(sage_channel *ch, uint64_t v);
void sage_channel_mix_felts(sage_channel *ch, const qm31 *felts, size_t n);
/* root: a canonical digest; another stands for its residue, and the proof that it is read from
 * must be refused (sage_proof_check_digests). */
void sage_channel_mix_root(sage_channel *ch, const uint8_t root[32]);
/* Uniform words of a fresh draw: 8 of Blake2s, 7 of Poseidon252, whose 28 bits that are left
 * are not uniform. Returns how many. */
enum { SAGE_CHANNEL_MAX_WORDS = 8 };
uint32_t sage_channel_draw_u32s(sage_channel *ch, uint32_t out[SAGE_CHANNEL_MAX_WORDS]);
qm31 sage_channel_draw_felt(sage_channel *ch);
/* n felts, two per draw; the last draw's second half is discarded for odd n. */
void sage_channel_draw_felts(sage_channel *ch, qm31 *out, size_t n);
/* A uniform point of the circle over QM31: x = (1-t^2)/(1+t^2), y = 2t/(1+t^2). */
secure_point sage_channel_draw_point(sage_channel *ch);

/* Proof of work on the current digest. Blake2s: prefix32 = H(0x12345678 || 0^12 || digest ||
 * bits); a nonce is valid iff H(prefix32 || LE u64 nonce) has >= bits trailing zeros.
 * Poseidon252: the prefix is the hash of the sequence (0x12345678, digest, bits), and the hash
 * of the pair (prefix, nonce) must have the zeros. The caller mixes the nonce afterwards. bits
 * in [0, 64). */
void sage_channel_pow_prefix(const sage_channel *ch, uint32_t bits, uint8_t prefix32[32]);
bool sage_channel_pow_valid(const sage_channel *ch, uint32_t bits, uint64_t nonce);

#endif

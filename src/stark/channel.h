/* stark/channel.h -- the Fiat-Shamir transcript over Blake2s (facts A5). */
#ifndef SAGE_STARK_CHANNEL_H
#define SAGE_STARK_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/circle.h"

typedef struct sage_channel {
    uint8_t digest[32];
    uint32_t n_draws;
} sage_channel;

void sage_channel_init(sage_channel *ch);
void sage_channel_mix_u32s(sage_channel *ch, const uint32_t *words, size_t n);
void sage_channel_mix_u64(sage_channel *ch, uint64_t v);
void sage_channel_mix_felts(sage_channel *ch, const qm31 *felts, size_t n);
void sage_channel_mix_root(sage_channel *ch, const uint8_t root[32]);
/* Eight uniform words of a fresh draw. */
void sage_channel_draw_u32s(sage_channel *ch, uint32_t out[8]);
qm31 sage_channel_draw_felt(sage_channel *ch);
/* n felts, two per draw; the last draw's second half is discarded for odd n. */
void sage_channel_draw_felts(sage_channel *ch, qm31 *out, size_t n);
/* A uniform point of the circle over QM31: x = (1-t^2)/(1+t^2), y = 2t/(1+t^2). */
secure_point sage_channel_draw_point(sage_channel *ch);

/* Proof of work on the current digest: prefix32 = H(0x12345678 || 0^12 || digest || bits);
 * a nonce is valid iff H(prefix32 || LE u64 nonce) has >= bits trailing zeros. The caller
 * mixes the nonce afterwards. bits in [0, 64). */
void sage_channel_pow_prefix(const sage_channel *ch, uint32_t bits, uint8_t prefix32[32]);
bool sage_channel_pow_valid(const sage_channel *ch, uint32_t bits, uint64_t nonce);

#endif

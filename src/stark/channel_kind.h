/* stark/channel_kind.h -- what differs between the transcripts of the two hash families;
 * private to channel*.c. */
#ifndef SAGE_STARK_CHANNEL_KIND_H
#define SAGE_STARK_CHANNEL_KIND_H

#include "stark/channel.h"

/* The mixes replace the digest; whoever calls them resets n_draws. The draws leave the digest
 * and read n_draws; whoever calls them advances it. */
typedef struct sage_channel_kind {
    void (*mix_u32s)(uint8_t digest[32], const uint32_t *words, size_t n);
    void (*mix_u64)(uint8_t digest[32], uint64_t v);
    void (*mix_felts)(uint8_t digest[32], const qm31 *felts, size_t n);
    void (*mix_root)(uint8_t digest[32], const uint8_t root[32]);
    uint32_t (*draw_u32s)(const sage_channel *ch, uint32_t out[SAGE_CHANNEL_MAX_WORDS]);
    /* Eight base felts of one draw; false if the draw is not uniform and must be repeated. */
    bool (*draw_base)(const sage_channel *ch, m31 out[8]);
    void (*pow_prefix)(const sage_channel *ch, uint32_t bits, uint8_t prefix32[32]);
    /* The low 64 bits of the hash of prefix and nonce. */
    uint64_t (*pow_hash)(const uint8_t prefix32[32], uint64_t nonce);
} sage_channel_kind;

extern const sage_channel_kind sage_channel_blake2s, sage_channel_poseidon252;

#endif

/* stark/channel_blake2s.c -- the transcript's steps over Blake2s (facts A5). */
#include <string.h>

#include "hash/blake2s.h"
#include "stark/channel_kind.h"

static void mix_u32s(uint8_t digest[32], const uint32_t *words, size_t n)
{
    sage_blake2s h;
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, digest, 32);
    sage_blake2s_update_words(&h, words, n);
    sage_blake2s_final(&h, digest);
}

static void mix_u64(uint8_t digest[32], uint64_t v)
{
    uint32_t words[2] = {(uint32_t)v, (uint32_t)(v >> 32)};
    mix_u32s(digest, words, 2);
}

static void mix_felts(uint8_t digest[32], const qm31 *felts, size_t n)
{
    sage_blake2s h;
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, digest, 32);
    for (size_t i = 0; i < n; i++)
        sage_blake2s_update_words(&h, felts[i].v, 4);
    sage_blake2s_final(&h, digest);
}

static void mix_root(uint8_t digest[32], const uint8_t root[32])
{
    sage_blake2s h;
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, digest, 32);
    sage_blake2s_update(&h, root, 32);
    sage_blake2s_final(&h, digest);
}

/* H(digest || n_draws || 0x00): the last byte keeps draws apart from every mix (facts A5). */
static uint32_t draw_u32s(const sage_channel *ch, uint32_t out[SAGE_CHANNEL_MAX_WORDS])
{
    uint8_t block[37] = {0}, digest[32];
    memcpy(block, ch->digest, 32);
    sage_store_le32(block + 32, ch->n_draws);
    sage_blake2s_hash(block, sizeof block, digest);
    for (int i = 0; i < 8; i++)
        out[i] = sage_load_le32(digest + 4 * i);
    return 8;
}

/* A draw with any word >= 2p is thrown away whole, so that each residue has exactly two
 * preimages. */
static bool draw_base(const sage_channel *ch, m31 out[8])
{
    bool uniform = true;
    draw_u32s(ch, out);
    for (int i = 0; i < 8; i++) {
        uniform &= out[i] < 2 * M31_P;
        out[i] = m31_fold(out[i]);
    }
    return uniform;
}

static void pow_prefix(const sage_channel *ch, uint32_t bits, uint8_t prefix32[32])
{
    uint8_t block[52] = {0};
    sage_store_le32(block, 0x12345678u);
    memcpy(block + 16, ch->digest, 32);
    sage_store_le32(block + 48, bits);
    sage_blake2s_hash(block, sizeof block, prefix32);
}

static uint64_t pow_hash(const uint8_t prefix32[32], uint64_t nonce)
{
    uint8_t block[40], digest[32];
    memcpy(block, prefix32, 32);
    sage_store_le64(block + 32, nonce);
    sage_blake2s_hash(block, sizeof block, digest);
    return sage_load_le64(digest);
}

const sage_channel_kind sage_channel_blake2s = {mix_u32s,  mix_u64,   mix_felts,  mix_root,
                                                draw_u32s, draw_base, pow_prefix, pow_hash};

#include "stark/channel.h"

#include <string.h>

#include "hash/blake2s.h"

static void replace_digest(sage_channel *ch, sage_blake2s *h)
{
    sage_blake2s_final(h, ch->digest);
    ch->n_draws = 0;
}

void sage_channel_init(sage_channel *ch)
{
    memset(ch, 0, sizeof *ch);
}

void sage_channel_mix_u32s(sage_channel *ch, const uint32_t *words, size_t n)
{
    sage_blake2s h;
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, ch->digest, 32);
    sage_blake2s_update_words(&h, words, n);
    replace_digest(ch, &h);
}

void sage_channel_mix_u64(sage_channel *ch, uint64_t v)
{
    uint32_t words[2] = {(uint32_t)v, (uint32_t)(v >> 32)};
    sage_channel_mix_u32s(ch, words, 2);
}

void sage_channel_mix_felts(sage_channel *ch, const qm31 *felts, size_t n)
{
    sage_blake2s h;
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, ch->digest, 32);
    for (size_t i = 0; i < n; i++)
        sage_blake2s_update_words(&h, felts[i].v, 4);
    replace_digest(ch, &h);
}

void sage_channel_mix_root(sage_channel *ch, const uint8_t root[32])
{
    sage_blake2s h;
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, ch->digest, 32);
    sage_blake2s_update(&h, root, 32);
    replace_digest(ch, &h);
}

/* H(digest || n_draws || 0x00): the last byte keeps draws apart from every mix (facts A5). */
void sage_channel_draw_u32s(sage_channel *ch, uint32_t out[8])
{
    uint8_t block[37] = {0}, digest[32];
    memcpy(block, ch->digest, 32);
    sage_store_le32(block + 32, ch->n_draws);
    sage_blake2s_hash(block, sizeof block, digest);
    for (int i = 0; i < 8; i++)
        out[i] = sage_load_le32(digest + 4 * i);
    ch->n_draws++;
}

/* Eight uniform base felts: a draw with any word >= 2p is thrown away whole, so that each
 * residue has exactly two preimages. */
static void draw_base(sage_channel *ch, m31 out[8])
{
    bool uniform;
    do {
        sage_channel_draw_u32s(ch, out);
        uniform = true;
        for (int i = 0; i < 8; i++)
            uniform &= out[i] < 2 * M31_P;
    } while (!uniform);
    for (int i = 0; i < 8; i++)
        out[i] = m31_fold(out[i]);
}

qm31 sage_channel_draw_felt(sage_channel *ch)
{
    qm31 r;
    sage_channel_draw_felts(ch, &r, 1);
    return r;
}

void sage_channel_draw_felts(sage_channel *ch, qm31 *out, size_t n)
{
    m31 base[8];
    for (size_t i = 0; i < n; i++) {
        if (i % 2 == 0) draw_base(ch, base);
        memcpy(out[i].v, base + 4 * (i % 2), sizeof out[i].v);
    }
}

secure_point sage_channel_draw_point(sage_channel *ch)
{
    qm31 t, t2, den;
    do { /* t^2 = -1 has no point; one draw in 2^123 */
        t   = sage_channel_draw_felt(ch);
        t2  = qm31_sqr(t);
        den = qm31_add(qm31_one(), t2);
    } while (qm31_is_zero(den));
    qm31 inv = qm31_inv(den);
    return (secure_point){qm31_mul(qm31_sub(qm31_one(), t2), inv),
                          qm31_mul(qm31_add(t, t), inv)};
}

void sage_channel_pow_prefix(const sage_channel *ch, uint32_t bits, uint8_t prefix32[32])
{
    uint8_t block[52] = {0};
    sage_store_le32(block, 0x12345678u);
    memcpy(block + 16, ch->digest, 32);
    sage_store_le32(block + 48, bits);
    sage_blake2s_hash(block, sizeof block, prefix32);
}

bool sage_channel_pow_valid(const sage_channel *ch, uint32_t bits, uint64_t nonce)
{
    uint8_t block[40], digest[32];
    sage_channel_pow_prefix(ch, bits, block);
    sage_store_le32(block + 32, (uint32_t)nonce);
    sage_store_le32(block + 36, (uint32_t)(nonce >> 32));
    sage_blake2s_hash(block, sizeof block, digest);
    uint64_t low = (uint64_t)sage_load_le32(digest + 4) << 32 | sage_load_le32(digest);
    /* The mask is built in 64 bits and only for bits < 64: a shift by the word size or more
     * would let any nonce pass (facts F2). */
    return bits < 64 && (low & (((uint64_t)1 << bits) - 1)) == 0;
}

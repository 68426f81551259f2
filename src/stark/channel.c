#include "stark/channel.h"

#include <string.h>

#include "stark/channel_kind.h"

static const sage_channel_kind *kind_of(const sage_channel *ch)
{
    return ch->kind == SAGE_HASH_POSEIDON252 ? &sage_channel_poseidon252
                                             : &sage_channel_blake2s;
}

void sage_channel_init(sage_channel *ch, sage_hash_kind kind)
{
    memset(ch, 0, sizeof *ch);
    ch->kind = kind;
}

void sage_channel_mix_u32s(sage_channel *ch, const uint32_t *words, size_t n)
{
    kind_of(ch)->mix_u32s(ch->digest, words, n);
    ch->n_draws = 0;
}

void sage_channel_mix_u64(sage_channel *ch, uint64_t v)
{
    kind_of(ch)->mix_u64(ch->digest, v);
    ch->n_draws = 0;
}

void sage_channel_mix_felts(sage_channel *ch, const qm31 *felts, size_t n)
{
    kind_of(ch)->mix_felts(ch->digest, felts, n);
    ch->n_draws = 0;
}

void sage_channel_mix_root(sage_channel *ch, const uint8_t root[32])
{
    kind_of(ch)->mix_root(ch->digest, root);
    ch->n_draws = 0;
}

uint32_t sage_channel_draw_u32s(sage_channel *ch, uint32_t out[SAGE_CHANNEL_MAX_WORDS])
{
    uint32_t n = kind_of(ch)->draw_u32s(ch, out);
    ch->n_draws++;
    return n;
}

static void draw_base(sage_channel *ch, m31 out[8])
{
    bool uniform;
    do {
        uniform = kind_of(ch)->draw_base(ch, out);
        ch->n_draws++;
    } while (!uniform);
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
    kind_of(ch)->pow_prefix(ch, bits, prefix32);
}

bool sage_channel_pow_valid(const sage_channel *ch, uint32_t bits, uint64_t nonce)
{
    uint8_t prefix32[32];
    if (bits >= 64) return false;
    sage_channel_pow_prefix(ch, bits, prefix32);
    uint64_t low = kind_of(ch)->pow_hash(prefix32, nonce);
    /* The mask is built in 64 bits and only for bits < 64: a shift by the word size or more
     * would let any nonce pass (facts F2). */
    return (low & (((uint64_t)1 << bits) - 1)) == 0;
}

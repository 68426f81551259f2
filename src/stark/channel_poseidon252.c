/* stark/channel_poseidon252.c -- the transcript's steps over Poseidon252 (facts A10).
 *
 * The digest is a felt. Mixes of one value are the hash of a pair, whose third lane is 2; mixes
 * of many are the hash of a sequence that begins with the digest, third lane 0; draws permute
 * (digest, n_draws, 3). The third lane keeps them apart. */
#include "base/bytes.h"
#include "hash/poseidon252.h"
#include "stark/channel_kind.h"

enum { WORDS_PER_FELT = 7, DRAW_LANE = 3 };

/* A number of any size counts as its residue (see sage_channel_mix_root). */
static felt252 load(const uint8_t bytes[32])
{
    felt252 x;
    (void)!felt252_from_bytes(&x, bytes);
    return x;
}

static void mix_one(uint8_t digest[32], felt252 x)
{
    felt252_to_bytes(sage_poseidon252_pair(load(digest), x), digest);
}

static void mix_u64(uint8_t digest[32], uint64_t v)
{
    mix_one(digest, felt252_from_u64(v));
}

static void mix_root(uint8_t digest[32], const uint8_t root[32])
{
    mix_one(digest, load(root));
}

/* Seven words to a felt, big-endian. If the last felt's are fewer, they stand at its top, with
 * their number at 2^248. */
static felt252 words_to_felt(const uint32_t *words, size_t n)
{
    uint32_t le[8] = {0};
    felt252 x;
    for (size_t i = 0; i < n; i++)
        le[WORDS_PER_FELT - 1 - i] = words[i];
    if (n < WORDS_PER_FELT) le[7] = (uint32_t)n << 24;
    (void)!felt252_from_words(&x, le); /* n < 7: below 2^251 */
    return x;
}

static void mix_u32s(uint8_t digest[32], const uint32_t *words, size_t n)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, load(digest));
    for (size_t i = 0; i < n; i += WORDS_PER_FELT) {
        size_t take = n - i < WORDS_PER_FELT ? n - i : WORDS_PER_FELT;
        sage_poseidon252_absorb(&h, words_to_felt(words + i, take));
    }
    felt252_to_bytes(sage_poseidon252_final(&h), digest);
}

/* Two secure felts to a felt: a 1, then the eight words in base 2^31. The 1 tells a pair whose
 * first is zero from a single one. */
static void mix_felts(uint8_t digest[32], const qm31 *felts, size_t n)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, load(digest));
    for (size_t i = 0; i < n; i += 2) {
        uint64_t packed[4] = {1, 0, 0, 0};
        for (size_t k = i; k < i + 2 && k < n; k++)
            for (int j = 0; j < 4; j++)
                sage_poseidon252_pack(packed, felts[k].v[j]);
        sage_poseidon252_absorb(&h, felt252_from_limbs(packed));
    }
    felt252_to_bytes(sage_poseidon252_final(&h), digest);
}

static void draw_limbs(const sage_channel *ch, uint64_t limbs[4])
{
    felt252 state[3] = {load(ch->digest), felt252_from_u64(ch->n_draws),
                        felt252_from_u64(DRAW_LANE)};
    sage_poseidon252_permute(state);
    felt252_to_limbs(state[0], limbs);
}

static uint32_t draw_u32s(const sage_channel *ch, uint32_t out[SAGE_CHANNEL_MAX_WORDS])
{
    uint64_t limbs[4];
    draw_limbs(ch, limbs);
    for (int i = 0; i < WORDS_PER_FELT; i++)
        out[i] = (uint32_t)(limbs[i / 2] >> (32 * (i % 2)));
    return WORDS_PER_FELT;
}

/* The low eight digits in base 2^31. The digit p counts as 0, as the protocol has it: 2^-31
 * from uniform. */
static bool draw_base(const sage_channel *ch, m31 out[8])
{
    uint64_t limbs[4];
    draw_limbs(ch, limbs);
    for (int i = 0; i < 8; i++) {
        int bit = 31 * i, limb = bit / 64, shift = bit % 64;
        uint64_t digit = limbs[limb] >> shift;
        if (shift > 33) digit |= limbs[limb + 1] << (64 - shift);
        out[i] = m31_fold((uint32_t)digit & M31_P);
    }
    return true;
}

static void pow_prefix(const sage_channel *ch, uint32_t bits, uint8_t prefix32[32])
{
    const felt252 x[3] = {felt252_from_u64(0x12345678), load(ch->digest),
                          felt252_from_u64(bits)};
    felt252_to_bytes(sage_poseidon252_many(x, 3), prefix32);
}

static uint64_t pow_hash(const uint8_t prefix32[32], uint64_t nonce)
{
    uint64_t limbs[4];
    felt252_to_limbs(sage_poseidon252_pair(load(prefix32), felt252_from_u64(nonce)), limbs);
    return limbs[0];
}

const sage_channel_kind sage_channel_poseidon252 = {mix_u32s,  mix_u64,   mix_felts,  mix_root,
                                                    draw_u32s, draw_base, pow_prefix, pow_hash};

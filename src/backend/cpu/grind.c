/* Proof of work (facts A5): a nonce per lane, in the reference's order. A candidate is one
 * whose first digest word has the zeros; it is then hashed whole.
 *
 * The message is one block: words 0-7 the prefix, 8 and 9 the nonce, the rest zero. Everything
 * before the low half of the nonce enters (7 of the 8 quarter steps of round 0) is done once
 * per high half; of the last round only what leads to digest word 0 is left, since the
 * compiler drops the rest. Bound: 71 of 80 quarter steps, 14 or 18 operations each. */
#include "field/lanes.h"

#include "backend/cpu/grind_search.h"
#include "backend/cpu/kernels.h"
#include "hash/blake2s_lanes.h"

/* Two states want 32 registers. With 16, clang still gains an eighth from the second one; gcc
 * spills away more than that. */
#if defined(SAGE_LANES_AVX512) || (defined(SAGE_LANES_AVX2) && defined(__clang__))
#    define GRIND_VECTORS 2
#else
#    define GRIND_VECTORS 1
#endif

enum {
    LO_BITS     = 20, /* lo < 2^20 for each hi */
    CHUNK_LOG   = 12, /* 0.05 ms: what threads may wait for the last one */
    NONCE_BYTES = 40, /* prefix and nonce */
    VECTORS     = GRIND_VECTORS
};

typedef struct search {
    uint32_t prefix[8];
    uint32_t bits, hi;
} search;

SAGE_INLINE void load_message(const search *s, vu m[16])
{
    for (int i = 0; i < 8; i++)
        m[i] = vu_set1(s->prefix[i]);
    m[8] = vu_set1(0);
    m[9] = vu_set1(s->hi);
    for (int i = 10; i < 16; i++)
        m[i] = vu_set1(0);
}

/* Round 0 up to the one quarter step that the low half of the nonce enters. */
static void start_round_0(const search *s, vu v[16])
{
    vu m[16];
    load_message(s, m);
    blake2s_start(v);
    blake2s_fill(v, NONCE_BYTES, true);
    for (int i = 0; i < 4; i++)
        blake2s_quarter(&v[i], &v[4 + i], &v[8 + i], &v[12 + i], m[2 * i], m[2 * i + 1]);
    blake2s_quarter(&v[1], &v[6], &v[11], &v[12], m[10], m[11]);
    blake2s_quarter(&v[2], &v[7], &v[8], &v[13], m[12], m[13]);
    blake2s_quarter(&v[3], &v[4], &v[9], &v[14], m[14], m[15]);
}

/* Digest word 0 for the low halves in lo, VECTORS states in step: the rounds of one are a
 * chain that leaves half of the machine idle, and where the registers hold two, the other
 * fills it. The message differs in word 8 alone. */
SAGE_INLINE void
first_words(const vu start[16], const vu message[16], const vu lo[VECTORS], vu out[VECTORS])
{
    vu v[VECTORS][16], m[VECTORS][16];
    for (int k = 0; k < VECTORS; k++) {
        for (int i = 0; i < 16; i++) {
            v[k][i] = start[i];
            m[k][i] = i < 10 ? message[i] : vu_set1(0); /* known to the compiler */
        }
        m[k][8] = lo[k];
    }
#define STEP(a, b, c, d, x, y)                                                                 \
    for (int k = 0; k < VECTORS; k++)                                                          \
    blake2s_quarter(&v[k][a], &v[k][b], &v[k][c], &v[k][d], m[k][x], m[k][y])
    STEP(0, 5, 10, 15, 8, 9);
    BLAKE2S_ROUNDS_1_TO_8(STEP);
    BLAKE2S_ROUND_9(STEP);
#undef STEP
    for (int k = 0; k < VECTORS; k++)
        out[k] = vu_xor(vu_set1(BLAKE2S_IV0), vu_xor(v[k][0], v[k][8]));
}

/* The smallest l with lo + l a hit, or LANES: all of the digest's low 64 bits are looked at. */
static SAGE_NOINLINE uint32_t first_hit(const search *s, const vu message[16], vu lo)
{
    uint32_t w0[LANES], w1[LANES];
    uint64_t mask = ((uint64_t)1 << s->bits) - 1;
    vu h[8], m[16];
    for (int i = 0; i < 16; i++)
        m[i] = message[i];
    m[8] = lo;
    blake2s_start(h);
    blake2s_compress(h, m, NONCE_BYTES, true);
    vu_store(w0, h[0]);
    vu_store(w1, h[1]);
    for (uint32_t l = 0; l < LANES; l++)
        if ((((uint64_t)w1[l] << 32 | w0[l]) & mask) == 0) return l;
    return LANES;
}

static uint32_t search_chunk(const void *arg, uint32_t hi, uint32_t begin)
{
    search s = *(const search *)arg;
    vu start[16], message[16], lo[VECTORS], word[VECTORS];
    uint32_t lane[LANES];
    s.hi = hi;
    start_round_0(&s, start);
    load_message(&s, message);
    for (uint32_t l = 0; l < LANES; l++)
        lane[l] = begin + l;
    for (uint32_t k = 0; k < VECTORS; k++)
        lo[k] = vu_add(vu_load(lane), vu_set1(k * LANES));
    vu mask = vu_set1(s.bits < 32 ? (1u << s.bits) - 1 : UINT32_MAX);
    for (uint32_t at = 0; at < 1u << CHUNK_LOG; at += VECTORS * LANES) {
        first_words(start, message, lo, word);
        for (uint32_t k = 0; k < VECTORS; k++) {
            if (SAGE_UNLIKELY(vu_any_zero(vu_and(word[k], mask)))) {
                uint32_t l = first_hit(&s, message, lo[k]);
                if (l < LANES) return at + k * LANES + l;
            }
            lo[k] = vu_add(lo[k], vu_set1(VECTORS * LANES));
        }
    }
    return 1u << CHUNK_LOG;
}

sage_status LANES_SUFFIX(sage_grind)(sage_device *dev,
                                     sage_hash_kind kind,
                                     const uint8_t prefix32[32],
                                     uint32_t bits,
                                     uint64_t *nonce,
                                     sage_errinfo *err)
{
    if (bits >= 64)
        return sage_fail(err, SAGE_EINVAL, "grind.bits", bits, "%u bits of work, at most 63",
                         bits);
    if (kind == SAGE_HASH_POSEIDON252)
        return sage_grind_poseidon252(dev, prefix32, bits, nonce, err);
    search t = {.bits = bits};
    for (int i = 0; i < 32; i++)
        t.prefix[i / 4] |= (uint32_t)prefix32[i] << 8 * (i % 4);
    sage_grind_search s = {
        .lo_bits = LO_BITS, .chunk_log = CHUNK_LOG, .chunk = search_chunk, .arg = &t};
    return sage_grind_run(dev, &s, nonce, err);
}

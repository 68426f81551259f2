/* Proof of work (facts A5): a nonce per lane, in the reference's order. A candidate is one
 * whose first digest word has the zeros; it is then hashed whole.
 *
 * The message is one block: words 0-7 the prefix, 8 and 9 the nonce, the rest zero. Everything
 * before the low half of the nonce enters (7 of the 8 quarter steps of round 0) is done once
 * per high half; of the last round only what leads to digest word 0 is left, since the
 * compiler drops the rest. Bound: 71 of 80 quarter steps, 14 or 18 operations each. */
#include "field/lanes.h"

#include <stdatomic.h>

#include "backend/cpu/kernels.h"
#include "hash/blake2s_lanes.h"

enum {
    LO_BITS      = 20, /* lo < 2^20 for each hi */
    CHUNK_LOG    = 14, /* nonces a thread takes at a time */
    CHUNKS       = 1 << (LO_BITS - CHUNK_LOG),
    NONCE_BYTES  = 40, /* prefix and nonce */
    NOT_FOUND_LO = 1 << LO_BITS
};

typedef struct search {
    uint32_t prefix[8];
    uint32_t bits, hi;
    atomic_uint first; /* the smallest hit so far, or NOT_FOUND_LO */
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

/* Digest word 0 for the low halves in lo. */
SAGE_INLINE vu first_word(const vu start[16], const vu message[16], vu lo)
{
    vu v[16], m[16];
    for (int i = 0; i < 16; i++)
        v[i] = start[i];
    for (int i = 0; i < 10; i++)
        m[i] = message[i];
    for (int i = 10; i < 16; i++)
        m[i] = vu_set1(0); /* known to the compiler */
    m[8] = lo;
    blake2s_quarter(&v[0], &v[5], &v[10], &v[15], m[8], m[9]);
    BLAKE2S_ROUNDS_1_TO_8;
    BLAKE2S_ROUND_9;
    return vu_xor(vu_set1(BLAKE2S_IV0), vu_xor(v[0], v[8]));
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

/* Lowers s->first to lo if that is smaller. */
static void report(search *s, uint32_t lo)
{
    unsigned best = atomic_load_explicit(&s->first, memory_order_relaxed);
    while (lo < best && !atomic_compare_exchange_weak_explicit(
                            &s->first, &best, lo, memory_order_relaxed, memory_order_relaxed)) {
    }
}

static void search_chunk(void *arg, size_t chunk, uint32_t worker)
{
    search *s      = arg;
    uint32_t begin = (uint32_t)chunk << CHUNK_LOG;
    uint32_t lane[LANES];
    vu start[16], message[16];
    (void)worker;
    if (begin >= atomic_load_explicit(&s->first, memory_order_relaxed)) return;
    start_round_0(s, start);
    load_message(s, message);
    for (uint32_t l = 0; l < LANES; l++)
        lane[l] = begin + l;
    vu lo = vu_load(lane), mask = vu_set1(s->bits < 32 ? (1u << s->bits) - 1 : UINT32_MAX);
    for (uint32_t at = begin; at < begin + (1u << CHUNK_LOG); at += LANES) {
        if (SAGE_UNLIKELY(vu_any_zero(vu_and(first_word(start, message, lo), mask)))) {
            uint32_t l = first_hit(s, message, lo);
            if (l < LANES) {
                report(s, at + l);
                return;
            }
        }
        lo = vu_add(lo, vu_set1(LANES));
    }
}

sage_status LANES_SUFFIX(sage_grind)(sage_device *dev,
                                     const uint8_t prefix32[32],
                                     uint32_t bits,
                                     uint64_t *nonce,
                                     sage_errinfo *err)
{
    search s = {.bits = bits};
    if (bits >= 64)
        return sage_fail(err, SAGE_EINVAL, "grind.bits", bits, "%u bits of work, at most 63",
                         bits);
    for (int i = 0; i < 32; i++)
        s.prefix[i / 4] |= (uint32_t)prefix32[i] << 8 * (i % 4);
    for (uint64_t hi = 0; hi >> 32 == 0; hi++) {
        s.hi = (uint32_t)hi;
        atomic_init(&s.first, NOT_FOUND_LO);
        sage_pool_for(dev->pool, CHUNKS, search_chunk, &s);
        unsigned lo = atomic_load_explicit(&s.first, memory_order_relaxed);
        if (lo < NOT_FOUND_LO) {
            *nonce = hi << 32 | lo;
            return SAGE_OK;
        }
    }
    return sage_fail(err, SAGE_EINTERNAL, "grind.exhausted", -1, "no nonce for %u bits", bits);
}

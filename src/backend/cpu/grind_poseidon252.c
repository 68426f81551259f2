/* Proof of work over Poseidon252 (facts A10). */
#include "backend/cpu/grind_search.h"
#include "hash/poseidon252.h"

enum { LO_BITS = 14, CHUNK_LOG = 5 /* 0.1 ms: what threads may wait for the last one */ };

typedef struct target {
    felt252 prefix;
    uint64_t mask;
} target;

static uint32_t chunk(const void *arg, uint32_t hi, uint32_t lo)
{
    const target *t = arg;
    uint32_t i      = 0;
    for (; i < 1u << CHUNK_LOG; i++) {
        uint64_t limbs[4], nonce = (uint64_t)hi << 32 | (lo + i);
        felt252_to_limbs(sage_poseidon252_pair(t->prefix, felt252_from_u64(nonce)), limbs);
        if ((limbs[0] & t->mask) == 0) break;
    }
    return i;
}

sage_status sage_grind_poseidon252(sage_device *dev,
                                   const uint8_t prefix32[32],
                                   uint32_t bits,
                                   uint64_t *nonce,
                                   sage_errinfo *err)
{
    target t = {.mask = ((uint64_t)1 << bits) - 1};
    if (!felt252_from_bytes(&t.prefix, prefix32))
        return sage_fail(err, SAGE_EINVAL, "grind.prefix", -1, "the prefix is no felt252");
    sage_grind_search s = {
        .lo_bits = LO_BITS, .chunk_log = CHUNK_LOG, .chunk = chunk, .arg = &t};
    return sage_grind_run(dev, &s, nonce, err);
}

/* Proof of work over Poseidon252 (facts A10). */
#include "backend/cpu/grind_search.h"
#include "hash/poseidon252_many.h"

enum {
    LO_BITS   = 14,
    CHUNK_LOG = 6 /* 0.2 ms at most: what threads may wait for the last one */
};

typedef struct target {
    felt252 prefix;
    uint64_t mask;
} target;

/* The hash of prefix and nonce (hash/poseidon252.h), for all nonces of the chunk. */
static uint32_t chunk(const void *arg, uint32_t hi, uint32_t lo)
{
    const target *t   = arg;
    const felt252 two = felt252_add(felt252_one(), felt252_one());
    felt252 state[1 << CHUNK_LOG][3];
    for (uint32_t i = 0; i < 1u << CHUNK_LOG; i++) {
        state[i][0] = t->prefix;
        state[i][1] = felt252_from_u64((uint64_t)hi << 32 | (lo + i));
        state[i][2] = two;
    }
    sage_poseidon252_permute_many(state, 1u << CHUNK_LOG);
    uint32_t i = 0;
    for (; i < 1u << CHUNK_LOG; i++) {
        uint64_t limbs[4];
        felt252_to_limbs(state[i][0], limbs);
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

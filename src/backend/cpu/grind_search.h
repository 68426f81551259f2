/* backend/cpu/grind_search.h -- the order of a proof-of-work search, for any hash (facts A5,
 * A10): high halves 0, 1, .. of the nonce one after the other, the low halves of each dealt to
 * all threads in chunks; the smallest hit wins, whichever thread finds it. */
#ifndef SAGE_BACKEND_CPU_GRIND_SEARCH_H
#define SAGE_BACKEND_CPU_GRIND_SEARCH_H

#include <stdatomic.h>

#include "backend/cpu/device.h"

typedef struct sage_grind_search {
    uint32_t lo_bits;   /* lo < 2^lo_bits for each hi */
    uint32_t chunk_log; /* nonces that a thread takes at a time, at most lo_bits */
    /* Looks at the 2^chunk_log nonces from hi << 32 | lo on, in ascending order, and returns
     * how many come before the first hit: 2^chunk_log if there is none. arg is the kernel's. */
    uint32_t (*chunk)(const void *arg, uint32_t hi, uint32_t lo);
    const void *arg;
    uint32_t hi;       /* set by the search */
    atomic_uint first; /* the smallest hit so far */
} sage_grind_search;

/* The first nonce in this order. SAGE_EINTERNAL "grind.exhausted" if there is none. */
SAGE_CHECKED sage_status sage_grind_run(sage_device *dev,
                                        sage_grind_search *s,
                                        uint64_t *nonce,
                                        sage_errinfo *err);

/* The search over the hash of pairs of Poseidon252, prefix32 a canonical felt252: see grind in
 * backend/backend.h. bits < 64. One permutation (hash/poseidon252_many.h) a nonce. */
SAGE_CHECKED sage_status sage_grind_poseidon252(sage_device *dev,
                                                const uint8_t prefix32[32],
                                                uint32_t bits,
                                                uint64_t *nonce,
                                                sage_errinfo *err);

#endif

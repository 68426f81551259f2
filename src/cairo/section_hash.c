/* cairo/section_hash.c -- the hash of a memory section's values: the reference's
 * encode_and_hash_memory_section (stwo-cairo 2b1fb4d, stwo_cairo_verifier/crates/verifier_utils).
 *
 * Ids are not hashed: they are the prover's names for values. */
#include "cairo/public.h"
#include "field/felt252.h"
#include "hash/blake2s.h"
#include "hash/poseidon252.h"

/* Most significant word first: two words for a value below 2^63, else eight with the top bit
 * set, which no value has. So no sequence of values reads as another. */
static void absorb_blake2s(sage_blake2s *h, const uint32_t v[8])
{
    const uint32_t words[8] = {v[7] | 1u << 31, v[6], v[5], v[4], v[3], v[2], v[1], v[0]};
    bool small              = !(v[1] >> 31 | v[2] | v[3] | v[4] | v[5] | v[6] | v[7]);
    sage_blake2s_update_words(h, words + (small ? 6 : 0), small ? 2 : 8);
}

sage_status sage_cairo_section_hash(const sage_cairo_cells *cells,
                                    sage_hash_kind hash,
                                    uint8_t digest[32],
                                    sage_errinfo *err)
{
    sage_blake2s blake2s;
    sage_poseidon252 poseidon;
    sage_blake2s_init(&blake2s);
    sage_poseidon252_init(&poseidon);
    for (uint32_t i = 0; i < cells->n; i++) {
        felt252 value;
        if (!felt252_from_words(&value, cells->at[i].value.w))
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.value", i,
                             "cell %u is not below 2^251 + 17 * 2^192 + 1", i);
        if (hash == SAGE_HASH_POSEIDON252)
            sage_poseidon252_absorb(&poseidon, value);
        else
            absorb_blake2s(&blake2s, cells->at[i].value.w);
    }
    if (hash == SAGE_HASH_POSEIDON252)
        felt252_to_bytes(sage_poseidon252_final(&poseidon), digest);
    else
        sage_blake2s_final(&blake2s, digest);
    return SAGE_OK;
}

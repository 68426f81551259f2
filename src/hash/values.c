#include "hash/values.h"

enum { GROUP = 8 };

void sage_values_init(sage_values_hash *h, sage_hash_kind kind)
{
    h->kind = kind;
    if (kind == SAGE_HASH_BLAKE2S) {
        sage_blake2s_init(&h->as.blake2s);
        return;
    }
    sage_poseidon252_init(&h->as.poseidon.sponge);
    for (int i = 0; i < 4; i++)
        h->as.poseidon.packed[i] = 0;
    h->as.poseidon.n = 0;
}

static void absorb_group(sage_values_hash *h)
{
    uint64_t *packed = h->as.poseidon.packed;
    sage_poseidon252_absorb(&h->as.poseidon.sponge, felt252_from_limbs(packed));
    for (int i = 0; i < 4; i++)
        packed[i] = 0;
    h->as.poseidon.n = 0;
}

void sage_values_add(sage_values_hash *h, const uint32_t *words, size_t n)
{
    if (h->kind == SAGE_HASH_BLAKE2S) {
        sage_blake2s_update_words(&h->as.blake2s, words, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        sage_poseidon252_pack(h->as.poseidon.packed, words[i]);
        if (++h->as.poseidon.n == GROUP) absorb_group(h);
    }
}

void sage_values_final(sage_values_hash *h, uint8_t digest[32])
{
    if (h->kind == SAGE_HASH_BLAKE2S) {
        sage_blake2s_final(&h->as.blake2s, digest);
        return;
    }
    if (h->as.poseidon.n) {
        h->as.poseidon.packed[3] += (uint64_t)h->as.poseidon.n << 56; /* n * 2^248 */
        absorb_group(h);
    }
    felt252_to_bytes(sage_poseidon252_final(&h->as.poseidon.sponge), digest);
}

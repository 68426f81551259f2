/* curve/nonce.c -- RFC 6979, section 3.2, steps b to h. */
#include "curve/nonce.h"

#include <string.h>

#include "base/random.h"
#include "curve/bytes_be.h"
#include "curve/declassify.h"
#include "hash/hmac_sha256.h"

enum { SHIFT = 4 }; /* 256 bits of a hash, 252 of n */

typedef struct seed {
    uint8_t key[32], message[32];
    const uint8_t *extra;
    size_t n;
} seed;

/* K = HMAC_K(V, mark, seed); V = HMAC_K(V). seed may be NULL. */
static void stir(sage_nonce *s, uint8_t mark, const seed *from)
{
    sage_hmac_sha256 h;
    sage_hmac_sha256_key(&h, s->k, sizeof s->k);
    sage_hmac_sha256_update(&h, s->v, sizeof s->v);
    sage_hmac_sha256_update(&h, &mark, 1);
    if (from) {
        sage_hmac_sha256_update(&h, from->key, sizeof from->key);
        sage_hmac_sha256_update(&h, from->message, sizeof from->message);
        sage_hmac_sha256_update(&h, from->extra, from->n);
    }
    sage_hmac_sha256_final(&h, s->k);
    sage_hmac_sha256_key(&h, s->k, sizeof s->k);
    sage_hmac_sha256_update(&h, s->v, sizeof s->v);
    sage_hmac_sha256_final(&h, s->v);
    sage_secret_zero(&h, sizeof h);
}

void sage_nonce_init(sage_nonce *s,
                     const uint64_t key[4],
                     const uint64_t message[4],
                     const uint8_t *extra,
                     size_t n)
{
    seed from = {.extra = extra, .n = n};
    sage_limbs_to_be(from.key, key);
    sage_limbs_to_be(from.message, message);
    memset(s->k, 0, sizeof s->k);
    memset(s->v, 1, sizeof s->v);
    s->started = false;
    stir(s, 0, &from);
    stir(s, 1, &from);
    sage_secret_zero(&from, sizeof from);
}

/* V = HMAC_K(V), whose upper 252 bits are the candidate: is it in (0, n)? */
static bool candidate(sage_nonce *s, sage_order *k)
{
    sage_hmac_sha256 h;
    uint64_t v[4];
    sage_hmac_sha256_key(&h, s->k, sizeof s->k);
    sage_hmac_sha256_update(&h, s->v, sizeof s->v);
    sage_hmac_sha256_final(&h, s->v);
    sage_limbs_from_be(v, s->v);
    for (int i = 0; i < 4; i++)
        v[i] = v[i] >> SHIFT | (i < 3 ? v[i + 1] << (64 - SHIFT) : 0);
    unsigned good = sage_order_from_limbs(k, v);
    good &= !sage_order_is_zero(*k);
    sage_secret_zero(&h, sizeof h);
    sage_secret_zero(v, sizeof v);
    return good != 0;
}

/* Public: how many candidates were refused. It says nothing of the one that is taken, nor of
 * the key, from which HMAC separates them. */
void sage_nonce_next(sage_nonce *s, sage_order *k)
{
    do {
        if (s->started) stir(s, 0, NULL);
        s->started = true;
    } while (!sage_declassify(candidate(s, k)));
}

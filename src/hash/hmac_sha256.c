/* hash/hmac_sha256.c -- H(key ^ opad, H(key ^ ipad, message)). */
#include "hash/hmac_sha256.h"

#include <string.h>

#include "base/random.h"

enum { BLOCK = 64, INNER = 0x36, OUTER = 0x5c };

static void absorb_pad(sage_sha256 *s, const uint8_t key[BLOCK], uint8_t pad)
{
    uint8_t block[BLOCK];
    for (int i = 0; i < BLOCK; i++)
        block[i] = key[i] ^ pad;
    sage_sha256_init(s);
    sage_sha256_update(s, block, BLOCK);
    sage_secret_zero(block, sizeof block);
}

/* A key longer than a block counts as its hash. */
void sage_hmac_sha256_key(sage_hmac_sha256 *h, const void *key, size_t n)
{
    uint8_t block[BLOCK] = {0};
    if (n > BLOCK) {
        sage_sha256_init(&h->message);
        sage_sha256_update(&h->message, key, n);
        sage_sha256_final(&h->message, block);
    } else if (n) {
        memcpy(block, key, n);
    }
    absorb_pad(&h->inner, block, INNER);
    absorb_pad(&h->outer, block, OUTER);
    h->message = h->inner;
    sage_secret_zero(block, sizeof block);
}

void sage_hmac_sha256_update(sage_hmac_sha256 *h, const void *bytes, size_t n)
{
    sage_sha256_update(&h->message, bytes, n);
}

void sage_hmac_sha256_final(sage_hmac_sha256 *h, uint8_t tag[SAGE_HMAC_SHA256])
{
    uint8_t digest[SAGE_HMAC_SHA256];
    sage_sha256 outer = h->outer;
    sage_sha256_final(&h->message, digest);
    sage_sha256_update(&outer, digest, sizeof digest);
    sage_sha256_final(&outer, tag);
    h->message = h->inner;
    sage_secret_zero(digest, sizeof digest);
    sage_secret_zero(&outer, sizeof outer);
}

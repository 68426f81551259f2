/* hash/hmac_sha256.h -- HMAC-SHA256 (RFC 2104, FIPS 198-1), for keys that are secret.
 *
 * Model: set the key once, then one tag after another. Time and addresses depend on lengths
 * alone. The structure is as secret as its key: the caller wipes it with sage_secret_zero. */
#ifndef SAGE_HASH_HMAC_SHA256_H
#define SAGE_HASH_HMAC_SHA256_H

#include "hash/sha256.h"

enum { SAGE_HMAC_SHA256 = 32 }; /* bytes of a tag */

/* Inner and outer hash after the padded key; `message` is the inner one at work. */
typedef struct sage_hmac_sha256 {
    sage_sha256 inner, outer, message;
} sage_hmac_sha256;

/* key[0..n), any length; NULL if n is 0. Begins the first message. */
void sage_hmac_sha256_key(sage_hmac_sha256 *h, const void *key, size_t n);
/* Appends bytes[0..n) to the message; NULL if n is 0. */
void sage_hmac_sha256_update(sage_hmac_sha256 *h, const void *bytes, size_t n);
/* Writes the message's tag, which may overwrite the key or the bytes, and begins another
 * message under the same key. Two compressions and those of the message's blocks. */
void sage_hmac_sha256_final(sage_hmac_sha256 *h, uint8_t tag[SAGE_HMAC_SHA256]);

#endif

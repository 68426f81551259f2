/* curve/sign.h -- Starknet's ECDSA for who has the secret: keys and signatures (facts C5).
 *
 * Model: a sage_secret_key is a number d, 0 < d < n, four limbs, low first; whoever holds one
 * wipes it with sage_secret_zero. The public key is the x of d G. The nonce is that of RFC 6979
 * with HMAC-SHA256, so that key and message determine the signature: no randomness is used.
 *
 * No branch and no address depends on a secret, but for what declassify.h lists; a test under
 * valgrind holds the compiled code to that. What the functions leave on the stack is wiped. */
#ifndef SAGE_CURVE_SIGN_H
#define SAGE_CURVE_SIGN_H

#include "field/felt252.h"

typedef struct sage_secret_key {
    uint64_t l[4];
} sage_secret_key;

/* 32 bytes, big-endian, as key files have them. false, and a key of zeros, unless
 * 0 < number < n. */
SAGE_CHECKED bool sage_secret_key_from_bytes(sage_secret_key *out, const uint8_t bytes[32]);
/* The same back; the caller wipes the bytes. */
void sage_secret_key_to_bytes(uint8_t bytes[32], const sage_secret_key *key);
/* Is 0 < key < n? For keys that did not come from sage_secret_key_from_bytes. */
bool sage_secret_key_valid(const sage_secret_key *key);

/* The x of key G, for a valid key. About 15 us; the first use of a process adds 0.3 ms. */
felt252 sage_public_key(const sage_secret_key *key);

/* Signs message, the hash of a transaction or of typed data, under a valid key: 0 < r, s < 2^251
 * as sage_signature_valid wants them. SAGE_EINVAL "sign.message" if message >= 2^251,
 * "sign.secret" if the key is not valid; r and s are then untouched. About 40 us. */
SAGE_CHECKED sage_status sage_sign(
    felt252 *r, felt252 *s, const sage_secret_key *key, felt252 message, sage_errinfo *err);

/* sage_signature_valid of signature.h for felts: public values, public time. */
bool sage_signed(felt252 key, felt252 message, felt252 r, felt252 s);

#endif

/* curve/nonce.h -- the nonces of Starknet's ECDSA: RFC 6979 with HMAC-SHA256 modulo n (facts
 * C5); private to the room.
 *
 * Two things differ from the letter of the RFC, as in every Starknet wallet: the message goes
 * in as its 32 bytes, not reduced modulo n, and a number of 252 bits is 256 bits shifted down
 * by 4. Branches depend on secrets only where a candidate is refused. */
#ifndef SAGE_CURVE_NONCE_H
#define SAGE_CURVE_NONCE_H

#include <stddef.h>

#include "curve/order.h"

/* The RFC's K and V; as secret as the key, wiped by the caller. */
typedef struct sage_nonce {
    uint8_t k[32], v[32];
    bool started;
} sage_nonce;

/* key and message as numbers, low limb first. extra[0..n) is the RFC's additional data of
 * section 3.6, NULL if n is 0. */
void sage_nonce_init(sage_nonce *s,
                     const uint64_t key[4],
                     const uint64_t message[4],
                     const uint8_t *extra,
                     size_t n);
/* The next k, 0 < k < n; each call gives another. Half of the candidates are refused. */
void sage_nonce_next(sage_nonce *s, sage_order *k);

#endif

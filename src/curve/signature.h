/* curve/signature.h -- Starknet's ECDSA: signatures (r, s) of a message that is a felt, under a
 * public key given by its x (facts C5).
 *
 * Verification; sign.h signs. Time depends on the operands, which are public. */
#ifndef SAGE_CURVE_SIGNATURE_H
#define SAGE_CURVE_SIGNATURE_H

#include "curve/curve.h"

/* Does (r, s) sign message under a key with x = key? There are two, and either will do, as for
 * Cairo's builtin. False also for what is no signature: 0 < r, s < 2^251, 1 / s mod n < 2^251,
 * message < 2^251, key on the curve. All four are canonical numbers, low limb first. About
 * 70 us. */
bool sage_signature_valid(const uint64_t key[4],
                          const uint64_t message[4],
                          const uint64_t r[4],
                          const uint64_t s[4]);

#endif

/* curve/bytes_be.h -- numbers of 256 bits as 32 bytes, big-endian, as ECDSA has them; private
 * to the room. Fit for secrets. */
#ifndef SAGE_CURVE_BYTES_BE_H
#define SAGE_CURVE_BYTES_BE_H

#include <stdint.h>

#include "base/compiler.h"

/* limbs: low first. */
SAGE_INLINE void sage_limbs_to_be(uint8_t bytes[32], const uint64_t limbs[4])
{
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(limbs[3 - i / 8] >> (56 - 8 * (i % 8)));
}

SAGE_INLINE void sage_limbs_from_be(uint64_t limbs[4], const uint8_t bytes[32])
{
    for (int i = 0; i < 4; i++)
        limbs[i] = 0;
    for (int i = 0; i < 32; i++)
        limbs[3 - i / 8] |= (uint64_t)bytes[i] << (56 - 8 * (i % 8));
}

#endif

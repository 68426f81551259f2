/* base/bytes.h -- little-endian words in byte strings, at any alignment.
 *
 * Model: bytes as they stand on the wire or in a file; the host's byte order does not
 * matter. gcc and clang turn each of these into one load or store. */
#ifndef SAGE_BASE_BYTES_H
#define SAGE_BASE_BYTES_H

#include <stdint.h>

#include "base/compiler.h"

SAGE_INLINE uint32_t sage_load_le32(const uint8_t b[4])
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

SAGE_INLINE uint64_t sage_load_le64(const uint8_t b[8])
{
    return (uint64_t)sage_load_le32(b) | (uint64_t)sage_load_le32(b + 4) << 32;
}

SAGE_INLINE void sage_store_le32(uint8_t b[4], uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        b[i] = (uint8_t)(v >> 8 * i);
}

SAGE_INLINE void sage_store_le64(uint8_t b[8], uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        b[i] = (uint8_t)(v >> 8 * i);
}

#endif

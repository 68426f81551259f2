/* cairo/limbs.h -- memory values as the limbs in which tables and transcript hold them. */
#ifndef SAGE_CAIRO_LIMBS_H
#define SAGE_CAIRO_LIMBS_H

#include "base/compiler.h"
#include "cairo/felt252.h"

enum { SAGE_CAIRO_LIMBS = 28, SAGE_CAIRO_LIMB_BITS = 9 };

/* Bits [9i, 9i + 9) of v, i < 28: all of v if it is below 2^252 (facts B3). */
SAGE_INLINE uint32_t sage_cairo_limb(const sage_felt252 *v, uint32_t i)
{
    uint32_t bit = SAGE_CAIRO_LIMB_BITS * i, word = bit / 32, shift = bit % 32;
    uint64_t two = v->w[word] | (word < 7 ? (uint64_t)v->w[word + 1] << 32 : 0);
    return (uint32_t)(two >> shift) & ((1u << SAGE_CAIRO_LIMB_BITS) - 1);
}

#endif

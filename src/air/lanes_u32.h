/* air/lanes_u32.h -- u32 lanes for witness steps: vu has the lanes of vf, arithmetic mod 2^32.
 *
 * Written over the compiler's vector types, so one text serves every instruction set; the
 * casts between vf and vu are free. Include field/lanes.h first. */
#ifndef SAGE_AIR_LANES_U32_H
#define SAGE_AIR_LANES_U32_H

#include "field/lanes.h"

#if defined(SAGE_LANES_AVX512) || defined(SAGE_LANES_AVX2)
typedef uint32_t vu __attribute__((vector_size(sizeof(vf)), may_alias));
SAGE_INLINE vu vu_set1(uint32_t x)
{
    return x - (vu){0};
}
/* All ones in the lanes where c is not 0. */
SAGE_INLINE vu vu_mask(vu c)
{
    return (vu)(c != vu_set1(0));
}
SAGE_INLINE vu vu_less(vu a, vu b)
{
    return (vu)(a < b);
}
#else
typedef uint32_t vu;
SAGE_INLINE vu vu_set1(uint32_t x)
{
    return x;
}
SAGE_INLINE vu vu_mask(vu c)
{
    return c ? UINT32_MAX : 0;
}
SAGE_INLINE vu vu_less(vu a, vu b)
{
    return a < b ? UINT32_MAX : 0;
}
#endif

SAGE_INLINE vu vu_from_m31(vf x)
{
    return (vu)x;
}
/* x mod p for any 32-bit x: x = 2^31 h + l, so h + l, at most p + 1, less p where it fits. */
SAGE_INLINE vf vu_to_m31(vu x)
{
    vu s = (x & M31_P) + (x >> M31_BITS);
    return (vf)(s - (~vu_less(s, vu_set1(M31_P)) & M31_P));
}
SAGE_INLINE vu vu_and(vu a, vu b)
{
    return a & b;
}
SAGE_INLINE vu vu_or(vu a, vu b)
{
    return a | b;
}
SAGE_INLINE vu vu_xor(vu a, vu b)
{
    return a ^ b;
}
SAGE_INLINE vu vu_add(vu a, vu b)
{
    return a + b;
}
SAGE_INLINE vu vu_sub(vu a, vu b)
{
    return a - b;
}
SAGE_INLINE vu vu_mul(vu a, vu b)
{
    return a * b;
}
SAGE_INLINE vu vu_shl(vu a, uint32_t k)
{
    return a << k;
}
SAGE_INLINE vu vu_shr(vu a, uint32_t k)
{
    return a >> k;
}
/* c != 0 ? a : b, lane by lane. */
SAGE_INLINE vu vu_select(vu c, vu a, vu b)
{
    return (a & vu_mask(c)) | (b & ~vu_mask(c));
}
SAGE_INLINE vf vf_select(vu c, vf a, vf b)
{
    return (vf)vu_select(c, (vu)a, (vu)b);
}

#endif

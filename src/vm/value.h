/* vm/value.h -- what a memory cell of the Cairo machine holds: nothing, a felt, or an address.
 *
 * A felt is its canonical number below P = 2^251 + 17 * 2^192 + 1, limbs low first; numbers
 * are small in most programs, and every operation but a large product is shorter on the number
 * itself than on its Montgomery form, which only sage_value_mul uses. An address is a segment
 * and an offset; where a segment lies in the end is known when the run is over.
 *
 * P < 2^252, so the top bits of limb 3 are free: SAGE_VALUE_KNOWN, and SAGE_VALUE_ADDRESS with
 * segment << 32 | offset in limb 0. Equal values are equal words; zeroed memory is empty. */
#ifndef SAGE_VM_VALUE_H
#define SAGE_VM_VALUE_H

#include <stdbool.h>

#include "field/felt252.h"

#define SAGE_VALUE_KNOWN   ((uint64_t)1 << 63)
#define SAGE_VALUE_ADDRESS ((uint64_t)1 << 62)

typedef struct sage_value {
    uint64_t l[4];
} sage_value;

typedef struct sage_address {
    uint32_t segment, offset;
} sage_address;

SAGE_INLINE bool sage_value_known(sage_value v)
{
    return v.l[3] >> 63;
}
SAGE_INLINE bool sage_value_is_address(sage_value v)
{
    return v.l[3] >> 62 == 3;
}
SAGE_INLINE bool sage_value_is_felt(sage_value v)
{
    return v.l[3] >> 62 == 2;
}
SAGE_INLINE bool sage_value_equal(sage_value a, sage_value b)
{
    return !((a.l[0] ^ b.l[0]) | (a.l[1] ^ b.l[1]) | (a.l[2] ^ b.l[2]) | (a.l[3] ^ b.l[3]));
}
SAGE_INLINE sage_value sage_value_from_u64(uint64_t v)
{
    return (sage_value){{v, 0, 0, SAGE_VALUE_KNOWN}};
}
SAGE_INLINE sage_value sage_value_from_address(sage_address a)
{
    return (sage_value){
        {(uint64_t)a.segment << 32 | a.offset, 0, 0, SAGE_VALUE_KNOWN | SAGE_VALUE_ADDRESS}};
}
SAGE_INLINE sage_address sage_value_address(sage_value v)
{
    return (sage_address){(uint32_t)(v.l[0] >> 32), (uint32_t)v.l[0]};
}
/* A felt below 2^64. */
SAGE_INLINE bool sage_value_is_small(sage_value v)
{
    return v.l[3] == SAGE_VALUE_KNOWN && !(v.l[1] | v.l[2]);
}

/* Felt arithmetic mod P; both operands felts. sage_value_div: b is not 0. */
sage_value sage_value_add(sage_value a, sage_value b);
sage_value sage_value_sub(sage_value a, sage_value b);
sage_value sage_value_mul(sage_value a, sage_value b);
sage_value sage_value_div(sage_value a, sage_value b);

/* To and from Montgomery form (field/felt252.h). */
felt252 sage_value_felt(sage_value v);
sage_value sage_value_from_felt(felt252 v);

/* The number l, low word first, as a felt; false if it is not below P. */
SAGE_CHECKED bool sage_value_from_limbs(sage_value *out, const uint64_t l[4]);

/* "0x..", decimal or negative decimal text of a felt; addresses print as "segment:offset".
 * sage_value_parse is false if text[0..len) is none of them or not below P in magnitude. */
SAGE_CHECKED bool sage_value_parse(sage_value *out, const char *text, size_t len);
enum { SAGE_VALUE_TEXT = 80 };
void sage_value_print(char out[SAGE_VALUE_TEXT], sage_value v);

#endif

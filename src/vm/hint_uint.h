/* vm/hint_uint.h -- whole numbers of hints, beyond felts: built from felts, divided, rooted,
 * written back in halves of 128 bits. Private as hint.h. */
#ifndef SAGE_VM_HINT_UINT_H
#define SAGE_VM_HINT_UINT_H

#include "vm/hint.h"
#include "vm/uint384.h"

/* v's number. */
uint384 hint_uint(sage_value felt);
uint384 hint_uint_small(uint64_t v);
/* Operands i, i + 1, .. i + n - 1, each 128 bits above the last; n <= 4. They may be any felts. */
SAGE_CHECKED sage_status hint_uint_read(hint_call *c, uint32_t i, uint32_t n, uint768 *out);
/* low + high 2^128 from operands i and i + 1. */
SAGE_CHECKED sage_status hint_uint256(hint_call *c, uint32_t i, uint384 *out);

/* Operand i becomes v mod P. SAGE_EINVAL "vm.hint.operand" if v has more than 256 bits. */
SAGE_CHECKED sage_status hint_write_uint(hint_call *c, uint32_t i, const uint384 *v);
/* n operands from i get 128 bits each, the last one all that is left. */
SAGE_CHECKED sage_status hint_write_parts(hint_call *c,
                                          uint32_t i,
                                          uint32_t n,
                                          const uint768 *v);

/* n = q d + r. SAGE_EINVAL "vm.hint.operand" if d is 0. */
SAGE_CHECKED sage_status
hint_divide(hint_call *c, const uint768 *n, const uint384 *d, uint768 *q, uint384 *r);
/* The same for felts; a word's worth where they are small. */
SAGE_CHECKED sage_status
hint_divide_felts(hint_call *c, sage_value n, sage_value d, sage_value *q, sage_value *r);

/* The largest r with r^2 <= v. */
uint384 hint_root(const uint384 *v);
/* The low 384 bits. */
uint384 hint_narrow(const uint768 *v);

#endif

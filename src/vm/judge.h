/* vm/judge.h -- which component proves an instruction, now that its operands are known. */
#ifndef SAGE_VM_JUDGE_H
#define SAGE_VM_JUDGE_H

#include "vm/casm.h"

/* Within 2^29 of zero, as the small add asks (facts B4); addresses are, once they are numbers.
 * P - k for k >= 2 is 2^64 - (k - 1), all ones, all ones, 2^59 + 16. */
SAGE_INLINE bool machine_is_signed_small(sage_value v)
{
    if (sage_value_is_address(v)) return true;
    if (v.l[3] == SAGE_VALUE_KNOWN) return !(v.l[1] | v.l[2]) && v.l[0] < (1u << 29);
    if (v.l[3] == (SAGE_VALUE_KNOWN | (FELT252_K - 1)))
        return (v.l[1] & v.l[2]) == UINT64_MAX && v.l[0] >= 0 - ((uint64_t)1 << 29);
    return v.l[3] == (SAGE_VALUE_KNOWN | FELT252_K) && !(v.l[0] | v.l[1] | v.l[2]);
}
SAGE_INLINE bool machine_is_factor_small(sage_value v)
{
    return sage_value_is_small(v) && v.l[0] >> 36 == 0;
}

/* The operands of add, mul and jnz decide (facts B4); others may be unknown. */
SAGE_INLINE sage_opcode machine_judge(const sage_casm *i,
                                      sage_value dst,
                                      sage_value op0,
                                      sage_value op1)
{
    sage_opcode c = sage_casm_opcode(i);
    if (c == SAGE_OPCODE_JNZ_TAKEN && sage_value_equal(dst, sage_value_from_u64(0)))
        return SAGE_OPCODE_JNZ_NON_TAKEN;
    if (c == SAGE_OPCODE_ADD && machine_is_signed_small(dst) && machine_is_signed_small(op0) &&
        machine_is_signed_small(op1))
        return SAGE_OPCODE_ADD_SMALL;
    if (c == SAGE_OPCODE_MUL && machine_is_factor_small(op0) && machine_is_factor_small(op1))
        return SAGE_OPCODE_MUL_SMALL;
    return c;
}

#endif

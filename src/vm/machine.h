/* vm/machine.h -- the machine while it runs; private to run.c, step.c, loop.c, extension.c. */
#ifndef SAGE_VM_MACHINE_H
#define SAGE_VM_MACHINE_H

#include "vm/builtins.h"
#include "vm/hints.h"
#include "vm/judge.h"
#include "vm/run.h"

/* How loop.c executes an instruction. GENERAL is step.c's, which knows all; the others are the
 * forms that compilers emit, when their operands are where they usually are. */
typedef enum machine_form {
    FORM_UNDECODED = 0,
    FORM_GENERAL,
    FORM_ASSERT, /* dst = op1 */
    FORM_ASSERT_IMM,
    FORM_ADD, /* dst = op0 + op1 */
    FORM_ADD_IMM,
    FORM_ADD_WIDE_IMM, /* an immediate of 2^29 or more */
    FORM_MUL,
    FORM_MUL_IMM,
    FORM_DEREF, /* dst = [[op0] + offset] */
    FORM_JNZ,
    FORM_JUMP_REL_IMM,
    FORM_CALL_REL_IMM,
    FORM_RET,
    FORM_ADD_AP
} machine_form;

/* A decoded instruction of the program segment, and what follows from it alone. */
typedef struct machine_code {
    sage_casm casm;
    uint8_t form, opcode, size;
    uint8_t dst_fp, op0_fp, op1_fp, ap_add; /* flags, one byte each */
    uint32_t target;                        /* of a jump by an immediate */
    int64_t immediate;                      /* if within 2^29 of zero */
} machine_code;

typedef struct machine {
    const sage_program *program;
    const sage_run_input *input;
    const sage_run_limits *limits;
    sage_run *run;
    sage_hint_state *hints;
    machine_code *code;  /* program->n_data */
    uint8_t *builtin_of; /* by segment: a sage_builtin, or SAGE_BUILTINS */
    uint32_t n_builtin_of;
    sage_address pc;
    uint32_t ap, fp;
    uint64_t deadline_ns; /* 0: none */
    sage_errinfo *err;
} machine;

/* The instruction at pc, decoded. SAGE_EINVAL "vm.instruction". */
SAGE_CHECKED sage_status machine_fetch(machine *m, sage_casm *out);
/* One instruction of any kind, hints first, its trace row appended. */
SAGE_CHECKED sage_status machine_step(machine *m);
/* Steps until pc is the program's end. SAGE_ELIMIT "vm.steps", "vm.time". */
SAGE_CHECKED sage_status machine_loop(machine *m);
/* Room for one more trace row. */
SAGE_CHECKED sage_status machine_trace_room(machine *m);

/* What the two opcode extensions do (facts D). blake: op0 points to the state, op1 to the
 * message, dst is the byte counter, [ap] points to the result. */
SAGE_CHECKED sage_status machine_blake(
    machine *m, sage_value state, sage_value message, sage_value counter, bool finalize);
/* QM31 elements packed as felts, four coordinates of 36 bits. false: an operand is none. */
SAGE_CHECKED bool qm31_packed_add(sage_value *out, sage_value a, sage_value b);
SAGE_CHECKED bool qm31_packed_sub(sage_value *out, sage_value a, sage_value b);
SAGE_CHECKED bool qm31_packed_mul(sage_value *out, sage_value a, sage_value b);
SAGE_CHECKED bool qm31_packed_div(sage_value *out, sage_value a, sage_value b);

/* Sums and differences of values, addresses included; false where there is none: the sum of
 * two addresses, the difference of addresses of different segments, an offset that leaves
 * [0, 2^29). */
SAGE_INLINE bool machine_offset(sage_value *out, sage_value a, sage_value felt)
{
    sage_address at = sage_value_address(a);
    sage_value sum  = sage_value_is_small(felt) && felt.l[0] < SAGE_MEMORY_MAX_OFFSET
                          ? sage_value_from_u64(at.offset + felt.l[0])
                          : sage_value_add(sage_value_from_u64(at.offset), felt);
    if (!sage_value_is_small(sum) || sum.l[0] >= SAGE_MEMORY_MAX_OFFSET) return false;
    at.offset = (uint32_t)sum.l[0];
    *out      = sage_value_from_address(at);
    return true;
}
SAGE_INLINE bool machine_sum(sage_value *out, sage_value a, sage_value b)
{
    uint64_t low;
    if (sage_value_is_small(a) && sage_value_is_small(b) &&
        !__builtin_add_overflow(a.l[0], b.l[0], &low)) {
        *out = sage_value_from_u64(low);
        return true;
    }
    if (sage_value_is_felt(a) && sage_value_is_felt(b)) {
        *out = sage_value_add(a, b);
        return true;
    }
    if (sage_value_is_felt(b)) return machine_offset(out, a, b);
    return sage_value_is_felt(a) && machine_offset(out, b, a);
}
SAGE_INLINE bool machine_difference(sage_value *out, sage_value a, sage_value b)
{
    if (sage_value_is_felt(a) && sage_value_is_felt(b)) {
        *out = sage_value_is_small(a) && sage_value_is_small(b) && a.l[0] >= b.l[0]
                   ? sage_value_from_u64(a.l[0] - b.l[0])
                   : sage_value_sub(a, b);
        return true;
    }
    if (sage_value_is_felt(b))
        return machine_offset(out, a, sage_value_sub(sage_value_from_u64(0), b));
    if (sage_value_is_felt(a) || (a.l[0] ^ b.l[0]) >> 32) return false;
    *out = sage_value_sub(sage_value_from_u64((uint32_t)a.l[0]),
                          sage_value_from_u64((uint32_t)b.l[0]));
    return true;
}

#endif

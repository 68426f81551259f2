/* vm/casm.h -- instructions of the Cairo machine: decode, encode, text. */
#ifndef SAGE_VM_CASM_H
#define SAGE_VM_CASM_H

#include "sage/status.h"
#include "vm/value.h"

typedef enum sage_casm_extension {
    SAGE_CASM_STONE = 0,
    SAGE_CASM_BLAKE,
    SAGE_CASM_BLAKE_FINALIZE,
    SAGE_CASM_QM31
} sage_casm_extension;

/* The fifteen flags from bit 48 on, in order. */
enum {
    SAGE_CASM_DST_FP        = 1 << 0,
    SAGE_CASM_OP0_FP        = 1 << 1,
    SAGE_CASM_OP1_IMM       = 1 << 2,
    SAGE_CASM_OP1_FP        = 1 << 3,
    SAGE_CASM_OP1_AP        = 1 << 4,
    SAGE_CASM_RES_ADD       = 1 << 5,
    SAGE_CASM_RES_MUL       = 1 << 6,
    SAGE_CASM_PC_JUMP       = 1 << 7,
    SAGE_CASM_PC_JUMP_REL   = 1 << 8,
    SAGE_CASM_PC_JNZ        = 1 << 9,
    SAGE_CASM_AP_ADD        = 1 << 10,
    SAGE_CASM_AP_ADD1       = 1 << 11,
    SAGE_CASM_OPCODE_CALL   = 1 << 12,
    SAGE_CASM_OPCODE_RET    = 1 << 13,
    SAGE_CASM_OPCODE_ASSERT = 1 << 14
};

typedef struct sage_casm {
    int16_t offset[3]; /* dst, op0, op1 */
    uint16_t flags;
    uint8_t extension; /* a sage_casm_extension */
} sage_casm;

/* The opcode components, in the order of prover_input.json's casm_states_by_opcode. */
typedef enum sage_opcode {
    SAGE_OPCODE_GENERIC = 0,
    SAGE_OPCODE_ADD_AP,
    SAGE_OPCODE_ADD,
    SAGE_OPCODE_ADD_SMALL,
    SAGE_OPCODE_ASSERT_EQ,
    SAGE_OPCODE_ASSERT_EQ_DOUBLE_DEREF,
    SAGE_OPCODE_ASSERT_EQ_IMM,
    SAGE_OPCODE_CALL_ABS,
    SAGE_OPCODE_CALL_REL_IMM,
    SAGE_OPCODE_JNZ_NON_TAKEN,
    SAGE_OPCODE_JNZ_TAKEN,
    SAGE_OPCODE_JUMP_REL_IMM,
    SAGE_OPCODE_JUMP_REL,
    SAGE_OPCODE_JUMP_DOUBLE_DEREF,
    SAGE_OPCODE_JUMP_ABS,
    SAGE_OPCODE_MUL_SMALL,
    SAGE_OPCODE_MUL,
    SAGE_OPCODE_RET,
    SAGE_OPCODE_BLAKE_COMPRESS,
    SAGE_OPCODE_QM31_ADD_MUL,
    SAGE_OPCODES
} sage_opcode;
const char *sage_opcode_name(sage_opcode o);

/* false if the word is no instruction: 2^66 or more, unknown extension, or a combination of
 * flags that the machine does not define (Cairo whitepaper, section 4.5). */
SAGE_CHECKED bool sage_casm_decode(sage_casm *out, sage_value word);
sage_value sage_casm_encode(const sage_casm *i);
SAGE_INLINE uint32_t sage_casm_size(const sage_casm *i)
{
    return i->flags & SAGE_CASM_OP1_IMM ? 2 : 1;
}

/* The component that proves i (facts B4). ADD and MUL stand for themselves and their _SMALL
 * forms, JNZ_TAKEN for both, which depend on operands. */
sage_opcode sage_casm_opcode(const sage_casm *i);

#endif

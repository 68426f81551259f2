/* airc/air_code.h -- the bytecode of a component's constraints and LogUp entries.
 *
 * A register machine over the secure field, run by sage_air_at_point. The text is
 *   words   varint n, then n little-endian 32-bit constants (tables of round constants ..)
 *   code    instructions up to AIR_END
 * An instruction is its opcode byte and operands, all LEB128 varints. In the list below
 *   d, a, b  registers, below code_regs
 *   v        a base field constant
 *   x        an operand: 0 and then v, or register + 1
 *   i        an index: mask, then for each set bit a zigzag varint: bit 0 the constant c,
 *            bit 1 the factor of the run-time size, bits 2 to 5 the factors of the iteration
 *            numbers of the enclosing loops, outermost first
 * Constraints are numbered as they run; entries pair up as they run; the numbers must come out
 * as the component's metadata says. */
#ifndef SAGE_AIRC_AIR_CODE_H
#define SAGE_AIRC_AIR_CODE_H

enum { AIR_MAX_LOOPS = 4 };

typedef enum air_opcode {
    AIR_END,    /*                 */
    AIR_CONST,  /* d v             */
    AIR_TRACE,  /* d i             trace column i */
    AIR_PRE,    /* d i             preprocessed column i */
    AIR_PARAM,  /* d i             parameter i */
    AIR_WORD,   /* d i             constant i of the words */
    AIR_INDEX,  /* d i             i itself, mod p */
    AIR_ADD,    /* d a b           a + b */
    AIR_SUB,    /* d a b           a - b */
    AIR_MUL,    /* d a b           a b */
    AIR_NEG,    /* d a             -a */
    AIR_ADDC,   /* d a v           a + v */
    AIR_RSUBC,  /* d a v           v - a */
    AIR_MULC,   /* d a v           a v */
    AIR_MOVE,   /* d a             a */
    AIR_ASSERT, /* a               the next constraint is a */
    AIR_ENTRY, /* r s x n x..     relation number r, s = 1 for a yield, multiplicity, n values */
    AIR_LOOP,  /* i len           i iterations of the next len bytes, which end in AIR_NEXT */
    AIR_NEXT   /*                 */
} air_opcode;

#endif

/* vm/casm.c -- instruction words: decode, encode, classify (facts B4). */
#include "vm/casm.h"

enum {
    OP1_BITS    = SAGE_CASM_OP1_IMM | SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP,
    RES_BITS    = SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL,
    PC_BITS     = SAGE_CASM_PC_JUMP | SAGE_CASM_PC_JUMP_REL | SAGE_CASM_PC_JNZ,
    AP_BITS     = SAGE_CASM_AP_ADD | SAGE_CASM_AP_ADD1,
    OPCODE_BITS = SAGE_CASM_OPCODE_CALL | SAGE_CASM_OPCODE_RET | SAGE_CASM_OPCODE_ASSERT,
    N_FLAGS     = 15,
    BIAS        = 0x8000
};

const char *sage_opcode_name(sage_opcode o)
{
    static const char *const names[SAGE_OPCODES] = {
        [SAGE_OPCODE_GENERIC]                = "generic_opcode",
        [SAGE_OPCODE_ADD_AP]                 = "add_ap_opcode",
        [SAGE_OPCODE_ADD]                    = "add_opcode",
        [SAGE_OPCODE_ADD_SMALL]              = "add_opcode_small",
        [SAGE_OPCODE_ASSERT_EQ]              = "assert_eq_opcode",
        [SAGE_OPCODE_ASSERT_EQ_DOUBLE_DEREF] = "assert_eq_opcode_double_deref",
        [SAGE_OPCODE_ASSERT_EQ_IMM]          = "assert_eq_opcode_imm",
        [SAGE_OPCODE_CALL_ABS]               = "call_opcode_abs",
        [SAGE_OPCODE_CALL_REL_IMM]           = "call_opcode_rel_imm",
        [SAGE_OPCODE_JNZ_NON_TAKEN]          = "jnz_opcode_non_taken",
        [SAGE_OPCODE_JNZ_TAKEN]              = "jnz_opcode_taken",
        [SAGE_OPCODE_JUMP_REL_IMM]           = "jump_opcode_rel_imm",
        [SAGE_OPCODE_JUMP_REL]               = "jump_opcode_rel",
        [SAGE_OPCODE_JUMP_DOUBLE_DEREF]      = "jump_opcode_double_deref",
        [SAGE_OPCODE_JUMP_ABS]               = "jump_opcode_abs",
        [SAGE_OPCODE_MUL_SMALL]              = "mul_opcode_small",
        [SAGE_OPCODE_MUL]                    = "mul_opcode",
        [SAGE_OPCODE_RET]                    = "ret_opcode",
        [SAGE_OPCODE_BLAKE_COMPRESS]         = "blake_compress_opcode",
        [SAGE_OPCODE_QM31_ADD_MUL]           = "qm_31_add_mul_opcode"};
    return o < SAGE_OPCODES ? names[o] : "unknown";
}

static bool at_most_one(uint32_t bits)
{
    return !(bits & (bits - 1));
}

/* What the two extensions ask of the flags: blake compresses from op0 and op1, QM31 asserts a
 * sum or a product; neither jumps. */
static bool extension_ok(const sage_casm *i)
{
    uint32_t f  = i->flags;
    bool steady = !(f & PC_BITS) && !(f & SAGE_CASM_AP_ADD);
    if (i->extension == SAGE_CASM_STONE) return true;
    if (i->extension == SAGE_CASM_QM31)
        return steady && (f & RES_BITS) && (f & OP1_BITS) &&
               (f & OPCODE_BITS) == SAGE_CASM_OPCODE_ASSERT;
    return steady && !(f & RES_BITS) && !(f & OPCODE_BITS) &&
           (f & (SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP));
}

static bool flags_ok(const sage_casm *i)
{
    uint32_t f = i->flags;
    if (!at_most_one(f & OP1_BITS) || !at_most_one(f & RES_BITS) || !at_most_one(f & PC_BITS) ||
        !at_most_one(f & AP_BITS) || !at_most_one(f & OPCODE_BITS))
        return false;
    if ((f & SAGE_CASM_OP1_IMM) && i->offset[2] != 1) return false;
    if ((f & SAGE_CASM_PC_JNZ) && (f & RES_BITS)) return false;
    if ((f & SAGE_CASM_OPCODE_CALL) && (f & AP_BITS)) return false;
    return extension_ok(i);
}

bool sage_casm_decode(sage_casm *out, sage_value word)
{
    if (!sage_value_is_felt(word) || word.l[3] != SAGE_VALUE_KNOWN || word.l[2] ||
        word.l[1] > 1)
        return false;
    for (int k = 0; k < 3; k++)
        out->offset[k] = (int16_t)((int32_t)(word.l[0] >> 16 * k & 0xffff) - BIAS);
    out->flags     = (uint16_t)(word.l[0] >> 48 & ((1u << N_FLAGS) - 1));
    out->extension = (uint8_t)(word.l[0] >> 63 | word.l[1] << 1);
    return flags_ok(out);
}

sage_value sage_casm_encode(const sage_casm *i)
{
    uint64_t low = (uint64_t)i->flags << 48 | (uint64_t)i->extension << 63;
    for (int k = 0; k < 3; k++)
        low |= (uint64_t)(uint16_t)(i->offset[k] + BIAS) << 16 * k;
    return (sage_value){{low, i->extension >> 1, 0, SAGE_VALUE_KNOWN}};
}

static bool offsets_are(const sage_casm *i, int dst, int op0, int op1)
{
    return i->offset[0] == dst && i->offset[1] == op0 && i->offset[2] == op1;
}

/* op0 unused: it stands at [fp - 1]. */
static bool op0_idle(const sage_casm *i)
{
    return (i->flags & SAGE_CASM_OP0_FP) && i->offset[1] == -1;
}

static sage_opcode classify_jump(const sage_casm *i)
{
    uint32_t f = i->flags;
    if ((f & (SAGE_CASM_DST_FP | RES_BITS | SAGE_CASM_AP_ADD | OPCODE_BITS)) !=
            SAGE_CASM_DST_FP ||
        i->offset[0] != -1)
        return SAGE_OPCODE_GENERIC;
    bool relative = f & SAGE_CASM_PC_JUMP_REL;
    if (!(f & OP1_BITS)) return relative ? SAGE_OPCODE_GENERIC : SAGE_OPCODE_JUMP_DOUBLE_DEREF;
    if (!op0_idle(i)) return SAGE_OPCODE_GENERIC;
    if (f & SAGE_CASM_OP1_IMM) return relative ? SAGE_OPCODE_JUMP_REL_IMM : SAGE_OPCODE_GENERIC;
    return relative ? SAGE_OPCODE_JUMP_REL : SAGE_OPCODE_JUMP_ABS;
}

static sage_opcode classify_call(const sage_casm *i)
{
    uint32_t f = i->flags;
    if ((f & (SAGE_CASM_DST_FP | SAGE_CASM_OP0_FP | RES_BITS | AP_BITS)) || i->offset[0] != 0 ||
        i->offset[1] != 1)
        return SAGE_OPCODE_GENERIC;
    if (f & SAGE_CASM_PC_JUMP_REL)
        return f & SAGE_CASM_OP1_IMM ? SAGE_OPCODE_CALL_REL_IMM : SAGE_OPCODE_GENERIC;
    return (f & SAGE_CASM_PC_JUMP) && (f & (SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP))
               ? SAGE_OPCODE_CALL_ABS
               : SAGE_OPCODE_GENERIC;
}

static sage_opcode classify_ret(const sage_casm *i)
{
    const uint32_t flags = SAGE_CASM_DST_FP | SAGE_CASM_OP0_FP | SAGE_CASM_OP1_FP |
                           SAGE_CASM_PC_JUMP | SAGE_CASM_OPCODE_RET;
    return i->flags == flags && offsets_are(i, -2, -1, -1) ? SAGE_OPCODE_RET
                                                           : SAGE_OPCODE_GENERIC;
}

static sage_opcode classify_assert(const sage_casm *i)
{
    uint32_t f = i->flags;
    if (f & (PC_BITS | SAGE_CASM_AP_ADD)) return SAGE_OPCODE_GENERIC;
    if (f & RES_BITS)
        return !(f & OP1_BITS)         ? SAGE_OPCODE_GENERIC
               : f & SAGE_CASM_RES_ADD ? SAGE_OPCODE_ADD
                                       : SAGE_OPCODE_MUL;
    if (!(f & OP1_BITS)) return SAGE_OPCODE_ASSERT_EQ_DOUBLE_DEREF;
    if (!op0_idle(i)) return SAGE_OPCODE_GENERIC;
    return f & SAGE_CASM_OP1_IMM ? SAGE_OPCODE_ASSERT_EQ_IMM : SAGE_OPCODE_ASSERT_EQ;
}

static sage_opcode classify_add_ap(const sage_casm *i)
{
    uint32_t f = i->flags;
    bool plain = (f & SAGE_CASM_DST_FP) && !(f & (RES_BITS | PC_BITS | SAGE_CASM_AP_ADD1)) &&
                 (f & OP1_BITS) && i->offset[0] == -1 && op0_idle(i);
    return plain ? SAGE_OPCODE_ADD_AP : SAGE_OPCODE_GENERIC;
}

static sage_opcode classify_jnz(const sage_casm *i)
{
    uint32_t f = i->flags;
    bool plain = !(f & (RES_BITS | SAGE_CASM_AP_ADD | OPCODE_BITS)) &&
                 (f & SAGE_CASM_OP1_IMM) && op0_idle(i);
    return plain ? SAGE_OPCODE_JNZ_TAKEN : SAGE_OPCODE_GENERIC;
}

sage_opcode sage_casm_opcode(const sage_casm *i)
{
    uint32_t f = i->flags;
    if (i->extension == SAGE_CASM_QM31) return SAGE_OPCODE_QM31_ADD_MUL;
    if (i->extension != SAGE_CASM_STONE) return SAGE_OPCODE_BLAKE_COMPRESS;
    if (f & SAGE_CASM_OPCODE_CALL) return classify_call(i);
    if (f & SAGE_CASM_OPCODE_RET) return classify_ret(i);
    if (f & SAGE_CASM_OPCODE_ASSERT) return classify_assert(i);
    if (f & SAGE_CASM_AP_ADD) return classify_add_ap(i);
    if (f & SAGE_CASM_PC_JNZ) return classify_jnz(i);
    if (f & PC_BITS) return classify_jump(i);
    return SAGE_OPCODE_GENERIC;
}

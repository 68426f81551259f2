/* vm/asm_instruction.c -- clauses into one instruction. Every clause says something of dst, op0
 * and the result; what several say must be the same. */
#include <string.h>

#include "vm/asm_parse.h"

typedef struct cell {
    bool fp;
    int16_t offset;
} cell;

typedef enum joint { OP_NONE = 0, OP_ADD, OP_MUL } joint;

/* op1, or op0 with op1. */
typedef struct result {
    joint op;
    bool has_op0;
    cell op0;
    enum { OP1_DEREF, OP1_NUMBER, OP1_CELL } kind;
    cell op1; /* CELL; DEREF: the offset */
    asm_number number;
} result;

typedef struct instruction {
    uint16_t flags;
    uint8_t extension;
    bool has_dst, has_op0, has_res, nop;
    cell dst, op0;
    result res;
} instruction;

static sage_status differ(assembler *a)
{
    return asm_bad(a, "asm.instruction",
                   "no one instruction does this: its clauses name different operands");
}

static bool same_cell(cell a, cell b)
{
    return a.fp == b.fp && a.offset == b.offset;
}

static bool same_result(const result *a, const result *b)
{
    if (a->op != b->op || a->has_op0 != b->has_op0 || a->kind != b->kind) return false;
    if (a->has_op0 && !same_cell(a->op0, b->op0)) return false;
    if (a->kind != OP1_NUMBER) return same_cell(a->op1, b->op1);
    return a->number.label == b->number.label && a->number.relative == b->number.relative &&
           sage_value_equal(a->number.value, b->number.value);
}

static sage_status set_cell(assembler *a, bool *has, cell *at, cell c)
{
    if (*has && !same_cell(*at, c)) return differ(a);
    *has = true;
    *at  = c;
    return SAGE_OK;
}

static sage_status set_result(assembler *a, instruction *i, const result *r)
{
    if (i->has_res && !same_result(&i->res, r)) return differ(a);
    i->has_res = true;
    i->res     = *r;
    return r->has_op0 ? set_cell(a, &i->has_op0, &i->op0, r->op0) : SAGE_OK;
}

/* --- operands --- */

static sage_status to_offset(assembler *a, sage_value v, int16_t *out)
{
    sage_value minus = sage_value_sub(sage_value_from_u64(0), v);
    if (sage_value_is_small(v) && v.l[0] <= INT16_MAX)
        *out = (int16_t)v.l[0];
    else if (sage_value_is_small(minus) && minus.l[0] <= (uint64_t)INT16_MAX + 1)
        *out = (int16_t) - (int32_t)minus.l[0];
    else
        return asm_bad(a, "asm.offset", "an offset must be in [-32768, 32767]");
    return SAGE_OK;
}

/* "", "+ 3", "- 3", "+ -3", and the bracket. */
static sage_status read_offset(assembler *a, int16_t *out)
{
    asm_number n  = {.value = sage_value_from_u64(0)};
    sage_status s = SAGE_OK;
    if (asm_is(a, '+')) s = asm_take(a, '+');
    if (!s && !asm_is(a, ']')) s = asm_read_number(a, false, &n);
    if (!s) s = to_offset(a, n.value, out);
    return s ? s : asm_take(a, ']');
}

/* What stands behind the opening bracket of a cell. */
static sage_status read_cell_rest(assembler *a, cell *out)
{
    out->fp = asm_is_word(a, "fp");
    if (!out->fp && !asm_is_word(a, "ap")) return asm_bad(a, "asm.syntax", "ap or fp is due");
    sage_status s = asm_next(&a->lex);
    return s ? s : read_offset(a, &out->offset);
}

static sage_status read_cell(assembler *a, cell *out)
{
    sage_status s = asm_take(a, '[');
    return s ? s : read_cell_rest(a, out);
}

/* [cell], or [[cell] + 3] into op0 and op1. */
static sage_status read_brackets(assembler *a, result *r)
{
    sage_status s = asm_take(a, '[');
    r->kind       = OP1_CELL;
    if (s || !asm_is(a, '[')) return s ? s : read_cell_rest(a, &r->op1);
    cell inner = {0};
    r->kind    = OP1_DEREF;
    r->op1     = (cell){0};
    s          = read_cell(a, &inner);
    if (!s) s = read_offset(a, &r->op1.offset);
    if (!s) s = set_cell(a, &r->has_op0, &r->op0, inner);
    return s;
}

static sage_status read_op1(assembler *a, bool relative, result *r)
{
    if (asm_is(a, '[')) return read_brackets(a, r);
    r->kind            = OP1_NUMBER;
    sage_status s      = asm_read_number(a, true, &r->number);
    r->number.relative = relative && r->number.label != ASM_NO_LABEL;
    return s;
}

static sage_status read_result(assembler *a, bool relative, result *r)
{
    *r            = (result){.number = {.label = ASM_NO_LABEL}};
    sage_status s = read_op1(a, relative, r);
    if (s || (!asm_is(a, '+') && !asm_is(a, '*') && !asm_is(a, '-'))) return s;
    if (r->kind != OP1_CELL)
        return asm_bad(a, "asm.instruction", "only a cell can stand before + or *");
    r->op      = asm_is(a, '*') ? OP_MUL : OP_ADD;
    bool minus = asm_is(a, '-');
    s          = set_cell(a, &r->has_op0, &r->op0, r->op1);
    if (!s && !minus) s = asm_next(&a->lex);
    if (s) return s;
    s = read_op1(a, false, r);
    return s;
}

static sage_status take_result(assembler *a, instruction *i, bool relative)
{
    result r;
    sage_status s = read_result(a, relative, &r);
    return s ? s : set_result(a, i, &r);
}

static sage_status take_dst(assembler *a, instruction *i)
{
    cell c        = {0};
    sage_status s = read_cell(a, &c);
    return s ? s : set_cell(a, &i->has_dst, &i->dst, c);
}

/* --- clauses --- */

static sage_status set_flag(assembler *a, instruction *i, uint16_t flag)
{
    if (i->flags & flag)
        return asm_bad(a, "asm.instruction", "the instruction does this already");
    i->flags |= flag;
    return SAGE_OK;
}

static sage_status read_assert(assembler *a, instruction *i)
{
    sage_status s = set_flag(a, i, SAGE_CASM_OPCODE_ASSERT);
    if (!s) s = take_dst(a, i);
    if (!s) s = asm_take(a, '=');
    return s ? s : take_result(a, i, false);
}

/* "abs RES" or "rel RES". */
static sage_status read_target(assembler *a, instruction *i)
{
    bool rel = asm_is_word(a, "rel");
    if (!rel && !asm_is_word(a, "abs")) return asm_bad(a, "asm.syntax", "abs or rel is due");
    sage_status s = asm_next(&a->lex);
    if (!s) s = set_flag(a, i, rel ? SAGE_CASM_PC_JUMP_REL : SAGE_CASM_PC_JUMP);
    return s ? s : take_result(a, i, rel);
}

static sage_status read_condition(assembler *a, instruction *i)
{
    asm_number zero;
    if (!(i->flags & SAGE_CASM_PC_JUMP_REL))
        return asm_bad(a, "asm.instruction", "only a relative jump has a condition");
    i->flags      = (uint16_t)((i->flags & ~SAGE_CASM_PC_JUMP_REL) | SAGE_CASM_PC_JNZ);
    sage_status s = asm_take_word(a, "if");
    if (!s) s = take_dst(a, i);
    if (s) return s;
    if (a->lex.token.kind != ASM_IS_NOT) return asm_bad(a, "asm.syntax", "!= 0 is due");
    s = asm_next(&a->lex);
    if (!s) s = asm_read_number(a, false, &zero);
    if (s || sage_value_equal(zero.value, sage_value_from_u64(0))) return s;
    return asm_bad(a, "asm.instruction", "a jump compares with 0 only");
}

static sage_status read_jump(assembler *a, instruction *i)
{
    sage_status s = asm_take_word(a, "jmp");
    if (!s) s = read_target(a, i);
    return s || !asm_is_word(a, "if") ? s : read_condition(a, i);
}

static sage_status read_call(assembler *a, instruction *i)
{
    sage_status s = asm_take_word(a, "call");
    if (!s) s = set_flag(a, i, SAGE_CASM_OPCODE_CALL);
    if (s || (!asm_is_word(a, "rel") && !asm_is_word(a, "abs"))) return s;
    s = read_target(a, i);
    if (!s && i->res.kind == OP1_NUMBER && i->res.number.relative)
        a->names[i->res.number.label].called = true;
    return s;
}

static sage_status read_frame(assembler *a, instruction *i)
{
    sage_status s = asm_take_word(a, "fp");
    if (!s) s = asm_take(a, '=');
    if (!s) s = set_flag(a, i, SAGE_CASM_OPCODE_RET);
    return s ? s : take_dst(a, i);
}

static sage_status read_ret(assembler *a, instruction *i)
{
    const cell frame = {true, -2}, link = {true, -1};
    const result back = {.kind = OP1_CELL, .op1 = link, .number = {.label = ASM_NO_LABEL}};
    sage_status s     = asm_take_word(a, "ret");
    if (!s) s = set_flag(a, i, SAGE_CASM_OPCODE_RET);
    if (!s) s = set_flag(a, i, SAGE_CASM_PC_JUMP);
    if (!s) s = set_cell(a, &i->has_dst, &i->dst, frame);
    if (!s) s = set_cell(a, &i->has_op0, &i->op0, link);
    return s ? s : set_result(a, i, &back);
}

static sage_status read_ap(assembler *a, instruction *i)
{
    sage_status s = asm_take_word(a, "ap");
    if (s) return s;
    if (a->lex.token.kind == ASM_PLUS2) {
        s = asm_next(&a->lex);
        return s ? s : set_flag(a, i, SAGE_CASM_AP_ADD1);
    }
    if (a->lex.token.kind != ASM_PLUS_IS) return asm_bad(a, "asm.syntax", "++ or += is due");
    s = asm_next(&a->lex);
    if (!s) s = set_flag(a, i, SAGE_CASM_AP_ADD);
    return s ? s : take_result(a, i, false);
}

/* "NAME =" */
static sage_status take_field(assembler *a, const char *name)
{
    sage_status s = asm_take_word(a, name);
    return s ? s : asm_take(a, '=');
}

static sage_status read_finalize(assembler *a, instruction *i)
{
    sage_status s = take_field(a, "finalize");
    if (s) return s;
    bool yes = asm_is_word(a, "true");
    if (!yes && !asm_is_word(a, "false"))
        return asm_bad(a, "asm.syntax", "true or false is due");
    i->extension = yes ? SAGE_CASM_BLAKE_FINALIZE : SAGE_CASM_BLAKE;
    return asm_next(&a->lex);
}

/* blake2s[state=CELL, message=CELL, byte_count=CELL, finalize=true] => [ap + 0] */
static sage_status read_blake(assembler *a, instruction *i)
{
    result message = {.kind = OP1_CELL, .number = {.label = ASM_NO_LABEL}};
    cell out       = {0};
    sage_status s  = asm_take_word(a, "blake2s");
    if (!s) s = asm_take(a, '[');
    if (!s) s = take_field(a, "state");
    if (!s) s = read_cell(a, &i->op0);
    if (!s) s = asm_take(a, ',');
    if (!s) s = take_field(a, "message");
    if (!s) s = read_cell(a, &message.op1);
    if (!s) s = asm_take(a, ',');
    if (!s) s = take_field(a, "byte_count");
    if (!s) s = take_dst(a, i);
    if (!s) s = asm_take(a, ',');
    if (!s) s = read_finalize(a, i);
    if (!s) s = asm_take(a, ']');
    if (s) return s;
    i->has_op0 = true;
    if (a->lex.token.kind != ASM_ARROW) return asm_bad(a, "asm.syntax", "=> [ap + 0] is due");
    s = asm_next(&a->lex);
    if (!s) s = read_cell(a, &out);
    if (!s && (out.fp || out.offset))
        s = asm_bad(a, "asm.instruction", "the result is where [ap + 0] points to");
    return s ? s : set_result(a, i, &message);
}

static sage_status read_nop(assembler *a, instruction *i)
{
    i->nop = true;
    return asm_take_word(a, "nop");
}

static sage_status read_clause(assembler *a, instruction *i)
{
    static const struct {
        const char *word;
        sage_status (*read)(assembler *a, instruction *i);
    } clauses[] = {{"jmp", read_jump},     {"call", read_call}, {"ret", read_ret},
                   {"ap", read_ap},        {"fp", read_frame},  {"nop", read_nop},
                   {"blake2s", read_blake}};
    if (asm_is(a, '[')) return read_assert(a, i);
    for (size_t k = 0; k < sizeof clauses / sizeof *clauses; k++)
        if (asm_is_word(a, clauses[k].word)) return clauses[k].read(a, i);
    return asm_bad(a, "asm.syntax", "an instruction is due");
}

/* Places that no clause named. */
static sage_status read_idle(assembler *a, instruction *i)
{
    cell c = {0};
    sage_status s;
    bool dst = asm_is_word(a, "dst"), op0 = asm_is_word(a, "op0");
    if (!dst && !op0 && !asm_is_word(a, "res"))
        return asm_bad(a, "asm.syntax", "dst, op0 or res is due");
    if (dst ? i->has_dst : op0 ? i->has_op0 : i->has_res)
        return asm_bad(a, "asm.instruction", "a clause has said this already");
    s = asm_next(&a->lex);
    if (!s) s = asm_take(a, '=');
    if (s) return s;
    if (!dst && !op0) return take_result(a, i, false);
    s = read_cell(a, &c);
    return s ? s : set_cell(a, dst ? &i->has_dst : &i->has_op0, dst ? &i->dst : &i->op0, c);
}

static sage_status read_clauses(assembler *a, instruction *i)
{
    sage_status s = SAGE_OK;
    if (asm_is_word(a, "qm31")) {
        i->extension = SAGE_CASM_QM31;
        s            = asm_next(&a->lex);
    }
    if (!s) s = read_clause(a, i);
    while (!s && asm_is(a, ',')) {
        s = asm_take(a, ',');
        if (!s) s = read_clause(a, i);
    }
    if (s || !asm_is_word(a, "where")) return s;
    s = asm_take_word(a, "where");
    if (!s) s = read_idle(a, i);
    while (!s && asm_is(a, ',')) {
        s = asm_take(a, ',');
        if (!s) s = read_idle(a, i);
    }
    return s;
}

/* Places that nobody named are where compilers put them. */
static void complete(instruction *i)
{
    bool call = i->flags & SAGE_CASM_OPCODE_CALL;
    if (!i->has_dst) i->dst = call ? (cell){false, 0} : (cell){true, -1};
    if (!i->has_op0) i->op0 = call ? (cell){false, 1} : (cell){true, -1};
    if (!i->has_res)
        i->res =
            (result){.kind = OP1_CELL, .op1 = {true, -1}, .number = {.label = ASM_NO_LABEL}};
}

static uint16_t operand_flags(const instruction *i)
{
    uint32_t f = i->flags;
    if (i->dst.fp) f |= SAGE_CASM_DST_FP;
    if (i->op0.fp) f |= SAGE_CASM_OP0_FP;
    if (i->res.op == OP_ADD) f |= SAGE_CASM_RES_ADD;
    if (i->res.op == OP_MUL) f |= SAGE_CASM_RES_MUL;
    if (i->res.kind == OP1_NUMBER) f |= SAGE_CASM_OP1_IMM;
    if (i->res.kind == OP1_CELL) f |= i->res.op1.fp ? SAGE_CASM_OP1_FP : SAGE_CASM_OP1_AP;
    return (uint16_t)f;
}

sage_status asm_read_instruction(assembler *a, sage_casm *out, asm_number *immediate)
{
    instruction i = {0};
    sage_casm again;
    sage_status s = read_clauses(a, &i);
    if (s) return s;
    complete(&i);
    int16_t op1 = i.res.kind == OP1_NUMBER ? 1 : i.res.op1.offset;
    *out        = (sage_casm){.offset    = {i.dst.offset, i.op0.offset, op1},
                              .flags     = operand_flags(&i),
                              .extension = i.extension};
    *immediate  = i.res.number;
    if (i.nop && (i.flags || i.extension))
        return asm_bad(a, "asm.instruction", "nop stands alone");
    if (!sage_casm_decode(&again, sage_casm_encode(out)))
        return asm_bad(a, "asm.instruction", "the machine has no such instruction");
    return SAGE_OK;
}

/* vm/loop.c -- the fast path: the forms that compilers emit, with operands where they usually
 * are. What is unusual goes to machine_step, which is the definition; a form here may only
 * decline, never decide otherwise.
 *
 * Floor of a step: 16 bytes of trace written, three cells of 32 bytes touched, of which most
 * are in the first cache level. Registers live in locals; one segment's cells are reached
 * through one pointer, with room beyond ap and fp for every offset kept at the loop's head. */
#include <string.h>
#include <time.h>

#include "vm/machine.h"

enum {
    MARGIN      = (1 << 15) + 4, /* offsets reach up to 2^15 - 1 beyond a register */
    CLOCK_STEPS = 1 << 16
};

typedef struct fast {
    const machine_code *code;
    sage_value *cell, *program;
    uint32_t cap, pc, ap, fp;
    uint8_t opcode;
} fast;

/* A cell near a register; NULL outside the segment. */
SAGE_INLINE sage_value *near_ap_fp(const fast *f, bool fp, int16_t offset)
{
    uint32_t at = (fp ? f->fp : f->ap) + (uint32_t)(int32_t)offset;
    return at < f->cap ? &f->cell[at] : NULL;
}
SAGE_INLINE sage_value *dst_cell(const fast *f, const sage_casm *i)
{
    return near_ap_fp(f, i->flags & SAGE_CASM_DST_FP, i->offset[0]);
}
SAGE_INLINE sage_value *op0_cell(const fast *f, const sage_casm *i)
{
    return near_ap_fp(f, i->flags & SAGE_CASM_OP0_FP, i->offset[1]);
}
/* op1 of a form whose op1 is an immediate or near a register. */
SAGE_INLINE sage_value *op1_cell(const fast *f, const sage_casm *i)
{
    if (i->flags & SAGE_CASM_OP1_IMM) return &f->program[f->pc + 1];
    return near_ap_fp(f, i->flags & SAGE_CASM_OP1_FP, i->offset[2]);
}

/* Writes v to the cell or compares; false if the cell holds something else. */
SAGE_INLINE bool settle(sage_value *cell, sage_value v)
{
    if (!sage_value_known(*cell)) {
        *cell = v;
        return true;
    }
    return sage_value_equal(*cell, v);
}

SAGE_INLINE void advance(fast *f, const machine_code *c)
{
    f->pc += c->size;
    f->ap += (c->casm.flags & SAGE_CASM_AP_ADD1) != 0;
}

SAGE_INLINE bool do_assert(fast *f, const machine_code *c)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    sage_value *op1 = op1_cell(f, &c->casm);
    if (!dst || !op0 || !op1 || !sage_value_known(*op0)) return false;
    if (!sage_value_known(*op1)) {
        if (!sage_value_known(*dst)) return false;
        *op1 = *dst;
    } else if (!settle(dst, *op1)) {
        return false;
    }
    advance(f, c);
    return true;
}

SAGE_INLINE bool do_add(fast *f, const machine_code *c)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    sage_value *op1 = op1_cell(f, &c->casm), v;
    if (!dst || !op0 || !op1 || !sage_value_known(*op1)) return false;
    if (!sage_value_known(*op0)) {
        if (!sage_value_known(*dst) || !machine_difference(&v, *dst, *op1)) return false;
        *op0 = v;
    } else if (!machine_sum(&v, *op0, *op1) || !settle(dst, v)) {
        return false;
    }
    if (machine_is_signed_small(*dst) && machine_is_signed_small(*op0) &&
        machine_is_signed_small(*op1))
        f->opcode = SAGE_OPCODE_ADD_SMALL;
    advance(f, c);
    return true;
}

SAGE_INLINE bool do_mul(fast *f, const machine_code *c)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    sage_value *op1 = op1_cell(f, &c->casm);
    if (!dst || !op0 || !op1 || !sage_value_is_felt(*op0) || !sage_value_is_felt(*op1))
        return false;
    if (!settle(dst, sage_value_mul(*op0, *op1))) return false;
    if (machine_is_factor_small(*op0) && machine_is_factor_small(*op1))
        f->opcode = SAGE_OPCODE_MUL_SMALL;
    advance(f, c);
    return true;
}

SAGE_INLINE bool do_deref(fast *f, const machine_code *c, const sage_memory *m)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    if (!dst || !op0 || !sage_value_is_address(*op0)) return false;
    sage_address at = sage_value_address(*op0);
    at.offset += (uint32_t)(int32_t)c->casm.offset[2];
    sage_value v = sage_memory_get(m, at); /* a wrapped offset is beyond any segment */
    if (!sage_value_known(v) || !settle(dst, v)) return false;
    advance(f, c);
    return true;
}

SAGE_INLINE bool jump_to(fast *f, uint32_t n_code, sage_value by)
{
    sage_value to;
    sage_address at = {SAGE_SEGMENT_PROGRAM, f->pc};
    if (!sage_value_is_felt(by) || !machine_offset(&to, sage_value_from_address(at), by))
        return false;
    at = sage_value_address(to);
    if (at.offset >= n_code) return false;
    f->pc = at.offset;
    return true;
}

SAGE_INLINE bool do_jnz(fast *f, const machine_code *c, uint32_t n_code)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    if (!dst || !op0 || !sage_value_known(*dst) || !sage_value_known(*op0)) return false;
    if (sage_value_equal(*dst, sage_value_from_u64(0))) {
        f->opcode = SAGE_OPCODE_JNZ_NON_TAKEN;
        f->pc += c->size;
    } else if (!jump_to(f, n_code, f->program[f->pc + 1])) {
        return false;
    }
    f->ap += (c->casm.flags & SAGE_CASM_AP_ADD1) != 0;
    return true;
}

SAGE_INLINE bool do_jump(fast *f, const machine_code *c, uint32_t n_code)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    if (!dst || !op0 || !sage_value_known(*dst) || !sage_value_known(*op0)) return false;
    if (!jump_to(f, n_code, f->program[f->pc + 1])) return false;
    f->ap += (c->casm.flags & SAGE_CASM_AP_ADD1) != 0;
    return true;
}

SAGE_INLINE bool do_call(fast *f, const machine_code *c, uint32_t n_code)
{
    sage_value *frame = &f->cell[f->ap], *back = frame + 1;
    sage_value link =
        sage_value_from_address((sage_address){SAGE_SEGMENT_PROGRAM, f->pc + c->size});
    sage_value old = sage_value_from_address((sage_address){SAGE_SEGMENT_EXECUTION, f->fp});
    uint32_t pc    = f->pc;
    if (sage_value_known(*frame) || sage_value_known(*back)) return false;
    if (!jump_to(f, n_code, f->program[pc + 1])) return false;
    *frame = old;
    *back  = link;
    f->ap += 2;
    f->fp = f->ap;
    return true;
}

SAGE_INLINE bool do_ret(fast *f, uint32_t n_code)
{
    if (f->fp < 2 || f->fp - 1 >= f->cap) return false;
    sage_value frame = f->cell[f->fp - 2], back = f->cell[f->fp - 1];
    if (!sage_value_is_address(frame) || !sage_value_is_address(back)) return false;
    sage_address fp = sage_value_address(frame), pc = sage_value_address(back);
    if (fp.segment != SAGE_SEGMENT_EXECUTION || pc.segment != SAGE_SEGMENT_PROGRAM ||
        pc.offset >= n_code)
        return false;
    f->fp = fp.offset;
    f->pc = pc.offset;
    return true;
}

SAGE_INLINE bool do_add_ap(fast *f, const machine_code *c)
{
    sage_value *dst = dst_cell(f, &c->casm), *op0 = op0_cell(f, &c->casm);
    sage_value *op1 = op1_cell(f, &c->casm);
    if (!dst || !op0 || !op1 || !sage_value_known(*dst) || !sage_value_known(*op0))
        return false;
    if (!sage_value_is_small(*op1) || op1->l[0] >= SAGE_MEMORY_MAX_OFFSET - f->ap) return false;
    f->ap += (uint32_t)op1->l[0];
    f->pc += c->size;
    return true;
}

static bool fast_step(fast *f, const machine_code *c, const sage_memory *m, uint32_t n_code)
{
    switch ((machine_form)c->form) {
    case FORM_ASSERT: return do_assert(f, c);
    case FORM_ADD: return do_add(f, c);
    case FORM_MUL: return do_mul(f, c);
    case FORM_DEREF: return do_deref(f, c, m);
    case FORM_JNZ: return do_jnz(f, c, n_code);
    case FORM_JUMP_REL_IMM: return do_jump(f, c, n_code);
    case FORM_CALL_REL_IMM: return do_call(f, c, n_code);
    case FORM_RET: return do_ret(f, n_code);
    case FORM_ADD_AP: return do_add_ap(f, c);
    case FORM_UNDECODED:
    case FORM_GENERAL: break;
    }
    return false;
}

static machine_form form_of(const sage_casm *i, sage_opcode opcode)
{
    switch (opcode) {
    case SAGE_OPCODE_ASSERT_EQ:
    case SAGE_OPCODE_ASSERT_EQ_IMM: return FORM_ASSERT;
    case SAGE_OPCODE_ADD: return FORM_ADD;
    case SAGE_OPCODE_MUL: return FORM_MUL;
    case SAGE_OPCODE_ASSERT_EQ_DOUBLE_DEREF: return FORM_DEREF;
    case SAGE_OPCODE_JNZ_TAKEN: return FORM_JNZ;
    case SAGE_OPCODE_JUMP_REL_IMM: return FORM_JUMP_REL_IMM;
    case SAGE_OPCODE_CALL_REL_IMM: return FORM_CALL_REL_IMM;
    case SAGE_OPCODE_RET: return FORM_RET;
    case SAGE_OPCODE_ADD_AP: return i->flags & SAGE_CASM_AP_ADD1 ? FORM_GENERAL : FORM_ADD_AP;
    default: return FORM_GENERAL;
    }
}

/* Decodes the instruction at pc once. What does not decode, ends in its immediate beyond the
 * program, or has a hint, stays with machine_step. */
static void decode(machine *m, uint32_t pc)
{
    machine_code *c = &m->code[pc];
    c->form         = FORM_GENERAL;
    sage_value word = m->run->memory.segment[SAGE_SEGMENT_PROGRAM].cell[pc];
    if (!sage_casm_decode(&c->casm, word) || sage_hints_at(m->hints, pc)) return;
    c->size = (uint8_t)sage_casm_size(&c->casm);
    if (pc + c->size > m->program->n_data) return;
    c->opcode = (uint8_t)sage_casm_opcode(&c->casm);
    c->form   = (uint8_t)form_of(&c->casm, (sage_opcode)c->opcode);
}

static sage_status reserve(machine *m)
{
    uint32_t high = m->ap > m->fp ? m->ap : m->fp;
    return sage_memory_reserve(&m->run->memory, SAGE_SEGMENT_EXECUTION, (uint64_t)high + MARGIN,
                               m->err);
}

static fast load(const machine *m)
{
    const sage_segment *s = m->run->memory.segment;
    return (fast){.code    = m->code,
                  .cell    = s[SAGE_SEGMENT_EXECUTION].cell,
                  .program = s[SAGE_SEGMENT_PROGRAM].cell,
                  .cap     = s[SAGE_SEGMENT_EXECUTION].cap,
                  .pc      = m->pc.offset,
                  .ap      = m->ap,
                  .fp      = m->fp};
}

static bool at_end(const machine *m)
{
    return m->pc.segment == SAGE_SEGMENT_PROGRAM && m->pc.offset == m->program->end;
}

/* Fast steps while the forms allow, `most` at most; then the registers go back. */
static void run_fast(machine *m, uint64_t most)
{
    fast f              = load(m);
    sage_trace_row *row = m->run->trace + m->run->n_steps, *last = row + most;
    uint32_t n_code = m->program->n_data, end = m->program->end, limit = f.cap - MARGIN;
    while (row != last && f.pc < n_code && f.pc != end && f.ap <= limit && f.fp <= limit) {
        const machine_code *c = &f.code[f.pc];
        sage_trace_row r      = {.pc = f.pc, .ap = f.ap, .fp = f.fp};
        f.opcode              = c->opcode;
        if (!fast_step(&f, c, &m->run->memory, n_code)) break;
        r.opcode = f.opcode;
        *row++   = r;
    }
    m->run->n_steps = (uint64_t)(row - m->run->trace);
    m->pc.offset    = f.pc;
    m->ap           = f.ap;
    m->fp           = f.fp;
}

static sage_status check_time(machine *m)
{
    struct timespec t;
    if (!m->deadline_ns) return SAGE_OK;
    clock_gettime(CLOCK_MONOTONIC, &t);
    if ((uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec < m->deadline_ns) return SAGE_OK;
    return sage_fail(m->err, SAGE_ELIMIT, "vm.time", m->pc.offset,
                     "the program does not end within %llu ms",
                     (unsigned long long)m->limits->max_ms);
}

/* One round: fast as far as it goes, then one step of the general kind. */
static sage_status round_of_steps(machine *m)
{
    sage_status s = machine_trace_room(m);
    if (!s) s = reserve(m);
    if (s) return s;
    if (m->pc.segment == SAGE_SEGMENT_PROGRAM && m->pc.offset < m->program->n_data) {
        uint64_t room = m->run->cap_steps - m->run->n_steps;
        if (m->code[m->pc.offset].form == FORM_UNDECODED) decode(m, m->pc.offset);
        run_fast(m, room < CLOCK_STEPS ? room : CLOCK_STEPS);
        if (m->pc.offset < m->program->n_data && m->code[m->pc.offset].form == FORM_UNDECODED &&
            !at_end(m))
            return SAGE_OK;
    }
    return at_end(m) ? SAGE_OK : machine_step(m);
}

sage_status machine_loop(machine *m)
{
    sage_status s       = SAGE_OK;
    uint64_t next_check = 0;
    while (!s && !at_end(m)) {
        if (m->run->n_steps >= next_check) {
            s          = check_time(m);
            next_check = m->run->n_steps + CLOCK_STEPS;
        }
        if (!s) s = round_of_steps(m);
    }
    return s;
}

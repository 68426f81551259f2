/* vm/loop.c -- the fast path: the forms that compilers emit, with operands where they usually
 * are. What is unusual goes to machine_step, which is the definition; a form here may only
 * decline, before it has written anything, never decide otherwise.
 *
 * Floor of a step: 16 bytes of trace written, three cells of 32 bytes touched, most of them in
 * the first cache level. Registers live in locals; immediates and jump targets are worked out
 * at decode; one segment's cells are reached through one pointer, with room beyond ap and fp
 * for every offset kept at the loop's head. */
#include <string.h>
#include <time.h>

#include "vm/machine.h"

enum {
    MARGIN      = (1 << 15) + 4, /* offsets reach up to 2^15 - 1 beyond a register */
    CLOCK_STEPS = 1 << 16
};

/* Sums with it stay far from 2^64, and it is small in the sense of facts B4. */
#define SMALL_IMMEDIATE ((int64_t)1 << 29)

typedef struct fast {
    sage_value *cell;
    uint32_t cap, pc, ap, fp;
} fast;

SAGE_INLINE bool is_zero(const sage_value *v)
{
    return v->l[3] == SAGE_VALUE_KNOWN && !(v->l[0] | v->l[1] | v->l[2]);
}

/* A cell near a register; NULL outside the segment. */
SAGE_INLINE sage_value *cell_at(const fast *f, uint8_t fp, int16_t offset)
{
    uint32_t at = (fp ? f->fp : f->ap) + (uint32_t)(int32_t)offset;
    return at < f->cap ? &f->cell[at] : NULL;
}
SAGE_INLINE sage_value *dst_cell(const fast *f, const machine_code *c)
{
    return cell_at(f, c->dst_fp, c->casm.offset[0]);
}
SAGE_INLINE sage_value *op0_cell(const fast *f, const machine_code *c)
{
    return cell_at(f, c->op0_fp, c->casm.offset[1]);
}
SAGE_INLINE sage_value *op1_cell(const fast *f, const machine_code *c)
{
    return cell_at(f, c->op1_fp, c->casm.offset[2]);
}

/* Writes v to the cell or compares; false if the cell holds something else. */
SAGE_INLINE bool settle(sage_value *cell, sage_value v)
{
    if (sage_value_known(*cell)) return sage_value_equal(*cell, v);
    *cell = v;
    return true;
}

/* Every form: true, and the step is done but for pc and ap, or false, and nothing is. */

SAGE_INLINE bool do_assert(const fast *f, const machine_code *c, sage_value *op1)
{
    sage_value *dst = dst_cell(f, c), *op0 = op0_cell(f, c);
    if (!dst || !op0 || !op1 || !sage_value_known(*op0)) return false;
    if (sage_value_known(*op1)) return settle(dst, *op1);
    if (!sage_value_known(*dst)) return false;
    *op1 = *dst;
    return true;
}

/* op0 + a small immediate, op0 being a number below 2^62 or an address. */
SAGE_INLINE bool add_immediate(sage_value *out, const sage_value *op0, int64_t by)
{
    uint64_t sum = op0->l[0] + (uint64_t)by;
    if (op0->l[1] | op0->l[2]) return false;
    *out = (sage_value){{sum, 0, 0, op0->l[3]}};
    if (op0->l[3] == SAGE_VALUE_KNOWN) return !((op0->l[0] | sum) >> 62);
    return op0->l[3] == (SAGE_VALUE_KNOWN | SAGE_VALUE_ADDRESS) &&
           (uint32_t)sum < SAGE_MEMORY_MAX_OFFSET && !((sum ^ op0->l[0]) >> 32);
}

SAGE_INLINE bool is_low(const sage_value *v)
{
    return (v->l[3] & SAGE_VALUE_ADDRESS) || v->l[0] < (uint64_t)SMALL_IMMEDIATE;
}

SAGE_INLINE bool do_add_imm(const fast *f, const machine_code *c, uint8_t *opcode)
{
    sage_value *dst = dst_cell(f, c), *op0 = op0_cell(f, c), v;
    if (!dst || !op0 || !add_immediate(&v, op0, c->immediate) || !settle(dst, v)) return false;
    int low = (int)is_low(op0) & (int)is_low(&v); /* one branch, not two */
    *opcode = low ? SAGE_OPCODE_ADD_SMALL : SAGE_OPCODE_ADD;
    return true;
}

SAGE_INLINE bool do_add(const fast *f, const machine_code *c, sage_value *op1, uint8_t *opcode)
{
    sage_value *dst = dst_cell(f, c), *op0 = op0_cell(f, c), v;
    if (!dst || !op0 || !op1 || !sage_value_known(*op1)) return false;
    if (!sage_value_known(*op0)) {
        if (!sage_value_known(*dst) || !machine_difference(&v, *dst, *op1)) return false;
        *op0 = v;
    } else if (!machine_sum(&v, *op0, *op1) || !settle(dst, v)) {
        return false;
    }
    *opcode = machine_is_signed_small(*dst) && machine_is_signed_small(*op0) &&
                      machine_is_signed_small(*op1)
                  ? SAGE_OPCODE_ADD_SMALL
                  : SAGE_OPCODE_ADD;
    return true;
}

SAGE_INLINE bool do_mul(const fast *f, const machine_code *c, sage_value *op1, uint8_t *opcode)
{
    sage_value *dst = dst_cell(f, c), *op0 = op0_cell(f, c);
    if (!dst || !op0 || !op1 || !sage_value_is_felt(*op0) || !sage_value_is_felt(*op1))
        return false;
    if (!settle(dst, sage_value_mul(*op0, *op1))) return false;
    *opcode = machine_is_factor_small(*op0) && machine_is_factor_small(*op1)
                  ? SAGE_OPCODE_MUL_SMALL
                  : SAGE_OPCODE_MUL;
    return true;
}

SAGE_INLINE bool do_deref(const fast *f, const machine_code *c, const sage_memory *m)
{
    sage_value *dst = dst_cell(f, c), *op0 = op0_cell(f, c);
    if (!dst || !op0 || !sage_value_is_address(*op0)) return false;
    sage_address at = sage_value_address(*op0);
    at.offset += (uint32_t)(int32_t)c->casm.offset[2];
    sage_value v = sage_memory_get(m, at); /* a wrapped offset is beyond any segment */
    return sage_value_known(v) && settle(dst, v);
}

/* dst and op0 of a jump must be known; nothing else depends on them. */
SAGE_INLINE bool jump_operands(const fast *f, const machine_code *c, const sage_value **dst)
{
    const sage_value *op0 = op0_cell(f, c);
    *dst                  = dst_cell(f, c);
    return *dst && op0 && sage_value_known(**dst) && sage_value_known(*op0);
}

SAGE_INLINE bool do_call(fast *f, const machine_code *c)
{
    sage_value *frame = &f->cell[f->ap], *back = frame + 1;
    if (sage_value_known(*frame) || sage_value_known(*back)) return false;
    *frame = sage_value_from_address((sage_address){SAGE_SEGMENT_EXECUTION, f->fp});
    *back  = sage_value_from_address((sage_address){SAGE_SEGMENT_PROGRAM, f->pc + c->size});
    f->ap += 2;
    f->fp = f->ap;
    return true;
}

SAGE_INLINE bool do_ret(fast *f, uint32_t n_code)
{
    if (f->fp < 2 || f->fp - 1 >= f->cap) return false;
    sage_value frame = f->cell[f->fp - 2], back = f->cell[f->fp - 1];
    sage_address fp = sage_value_address(frame), pc = sage_value_address(back);
    if (!sage_value_is_address(frame) || !sage_value_is_address(back) ||
        fp.segment != SAGE_SEGMENT_EXECUTION || pc.segment != SAGE_SEGMENT_PROGRAM ||
        pc.offset >= n_code)
        return false;
    f->fp = fp.offset;
    f->pc = pc.offset;
    return true;
}

/* ap += an immediate */
SAGE_INLINE bool do_add_ap(fast *f, const machine_code *c)
{
    const sage_value *dst;
    if (!jump_operands(f, c, &dst) || c->immediate < 0 ||
        (uint64_t)c->immediate >= SAGE_MEMORY_MAX_OFFSET - f->ap)
        return false;
    f->ap += (uint32_t)c->immediate;
    return true;
}

/* --- decoding --- */

/* n as a signed number when it is within 2^29 of zero. */
static bool small_immediate(sage_value v, int64_t *out)
{
    if (!sage_value_is_felt(v) || !machine_is_signed_small(v)) return false;
    if (sage_value_is_small(v))
        *out = (int64_t)v.l[0];
    else /* P - k: the low limb is 1 - k mod 2^64 */
        *out = -(int64_t)(1 - v.l[0]);
    return *out > -SMALL_IMMEDIATE;
}

static machine_form plain_form(sage_opcode opcode, bool immediate)
{
    switch (opcode) {
    case SAGE_OPCODE_ASSERT_EQ: return FORM_ASSERT;
    case SAGE_OPCODE_ASSERT_EQ_IMM: return FORM_ASSERT_IMM;
    case SAGE_OPCODE_ADD: return immediate ? FORM_ADD_WIDE_IMM : FORM_ADD;
    case SAGE_OPCODE_MUL: return immediate ? FORM_MUL_IMM : FORM_MUL;
    case SAGE_OPCODE_ASSERT_EQ_DOUBLE_DEREF: return FORM_DEREF;
    case SAGE_OPCODE_RET: return FORM_RET;
    default: return FORM_GENERAL;
    }
}

/* Forms of small immediates, which are worked out beforehand. */
static machine_form immediate_form(machine_code *c, uint32_t pc, uint32_t n_code)
{
    int64_t target = pc + c->immediate;
    bool inside    = target >= 0 && target < (int64_t)n_code;
    c->target      = inside ? (uint32_t)target : 0;
    switch ((sage_opcode)c->opcode) {
    case SAGE_OPCODE_ADD: return FORM_ADD_IMM;
    case SAGE_OPCODE_ADD_AP:
        return c->casm.flags & SAGE_CASM_AP_ADD1 ? FORM_GENERAL : FORM_ADD_AP;
    case SAGE_OPCODE_JNZ_TAKEN: return inside ? FORM_JNZ : FORM_GENERAL;
    case SAGE_OPCODE_JUMP_REL_IMM: return inside ? FORM_JUMP_REL_IMM : FORM_GENERAL;
    case SAGE_OPCODE_CALL_REL_IMM: return inside ? FORM_CALL_REL_IMM : FORM_GENERAL;
    default: return plain_form((sage_opcode)c->opcode, true);
    }
}

/* Decodes the instruction at pc once. What does not decode, ends in its immediate beyond the
 * program, or has a hint, stays with machine_step. */
static void decode(machine *m, uint32_t pc)
{
    const sage_value *program = m->run->memory.segment[SAGE_SEGMENT_PROGRAM].cell;
    uint32_t n_code           = m->program->n_data;
    machine_code *c           = &m->code[pc];
    c->form                   = FORM_GENERAL;
    if (!sage_casm_decode(&c->casm, program[pc]) || sage_hints_at(m->hints, pc)) return;
    c->size = (uint8_t)sage_casm_size(&c->casm);
    if (pc + c->size > n_code) return;
    c->opcode      = (uint8_t)sage_casm_opcode(&c->casm);
    c->dst_fp      = (c->casm.flags & SAGE_CASM_DST_FP) != 0;
    c->op0_fp      = (c->casm.flags & SAGE_CASM_OP0_FP) != 0;
    c->op1_fp      = (c->casm.flags & SAGE_CASM_OP1_FP) != 0;
    c->ap_add      = (c->casm.flags & SAGE_CASM_AP_ADD1) != 0;
    bool immediate = c->casm.flags & SAGE_CASM_OP1_IMM;
    if (immediate && small_immediate(program[pc + 1], &c->immediate))
        c->form = (uint8_t)immediate_form(c, pc, n_code);
    else
        c->form = (uint8_t)plain_form((sage_opcode)c->opcode, immediate);
}

/* --- the loop --- */

static sage_status reserve(machine *m)
{
    uint32_t high = m->ap > m->fp ? m->ap : m->fp;
    return sage_memory_reserve(&m->run->memory, SAGE_SEGMENT_EXECUTION, (uint64_t)high + MARGIN,
                               m->err);
}

static bool at_end(const machine *m)
{
    return m->pc.segment == SAGE_SEGMENT_PROGRAM && m->pc.offset == m->program->end;
}

/* One fast step; pc and ap move unless the form moved them. */
SAGE_INLINE bool fast_step(
    fast *f, const machine *m, const machine_code *c, sage_value *program, uint8_t *opcode)
{
    const sage_value *dst;
    uint32_t n_code = m->program->n_data, next = f->pc + c->size;
    bool done = false;
    *opcode   = c->opcode;
    switch ((machine_form)c->form) {
    case FORM_ASSERT: done = do_assert(f, c, op1_cell(f, c)); break;
    case FORM_ASSERT_IMM: done = do_assert(f, c, &program[f->pc + 1]); break;
    case FORM_ADD: done = do_add(f, c, op1_cell(f, c), opcode); break;
    case FORM_ADD_IMM:
        done = do_add_imm(f, c, opcode) || do_add(f, c, &program[f->pc + 1], opcode);
        break;
    case FORM_ADD_WIDE_IMM: done = do_add(f, c, &program[f->pc + 1], opcode); break;
    case FORM_MUL: done = do_mul(f, c, op1_cell(f, c), opcode); break;
    case FORM_MUL_IMM: done = do_mul(f, c, &program[f->pc + 1], opcode); break;
    case FORM_DEREF: done = do_deref(f, c, &m->run->memory); break;
    case FORM_JNZ:
        done = jump_operands(f, c, &dst);
        if (done && !is_zero(dst))
            next = c->target;
        else
            *opcode = SAGE_OPCODE_JNZ_NON_TAKEN;
        break;
    case FORM_JUMP_REL_IMM:
        done = jump_operands(f, c, &dst);
        next = c->target;
        break;
    case FORM_CALL_REL_IMM:
        done = do_call(f, c);
        next = c->target;
        break;
    case FORM_RET:
        done = do_ret(f, n_code);
        next = f->pc;
        break;
    case FORM_ADD_AP: done = do_add_ap(f, c); break;
    case FORM_UNDECODED:
    case FORM_GENERAL: break;
    }
    f->pc = done ? next : f->pc;
    f->ap += done & c->ap_add;
    return done;
}

/* Fast steps while the forms allow, `most` at most; then the registers go back. */
static void run_fast(machine *m, uint64_t most)
{
    sage_segment *s     = m->run->memory.segment;
    sage_value *program = s[SAGE_SEGMENT_PROGRAM].cell;
    fast f = {s[SAGE_SEGMENT_EXECUTION].cell, s[SAGE_SEGMENT_EXECUTION].cap, m->pc.offset,
              m->ap, m->fp};
    sage_trace_row *row = m->run->trace + m->run->n_steps, *last = row + most;
    uint32_t n_code = m->program->n_data, end = m->program->end, limit = f.cap - MARGIN;
    while (row != last && f.pc < n_code && f.pc != end && f.ap <= limit && f.fp <= limit) {
        uint32_t pc = f.pc, ap = f.ap, fp = f.fp;
        uint8_t opcode;
        if (!fast_step(&f, m, &m->code[pc], program, &opcode)) break;
        *row++ = (sage_trace_row){.pc = pc, .ap = ap, .fp = fp, .opcode = opcode};
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
            if (m->limits->progress)
                m->limits->progress(m->limits->progress_arg, m->run->n_steps);
            s          = check_time(m);
            next_check = m->run->n_steps + CLOCK_STEPS;
        }
        if (!s) s = round_of_steps(m);
    }
    return s;
}

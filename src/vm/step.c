/* vm/step.c -- one instruction in full generality (Cairo whitepaper, section 4.5). */
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "vm/machine.h"

/* Where the operands are and what they are; empty ones are not known yet. */
typedef struct operands {
    sage_address dst_at, op0_at, op1_at;
    sage_value dst, op0, op1, res;
} operands;

static sage_status wrong(machine *m, const char *where, const char *what)
{
    return sage_fail(m->err, SAGE_EINVAL, where, m->pc.offset, "at pc %u:%u: %s", m->pc.segment,
                     m->pc.offset, what);
}

sage_status machine_fetch(machine *m, sage_casm *out)
{
    sage_value word = sage_memory_get(&m->run->memory, m->pc);
    if (!sage_value_known(word))
        return wrong(m, "vm.instruction", "there is no instruction here");
    if (!sage_casm_decode(out, word)) return wrong(m, "vm.instruction", "this is none");
    return SAGE_OK;
}

static sage_status near_register(machine *m, bool fp, int16_t offset, sage_address *out)
{
    int64_t at = (int64_t)(fp ? m->fp : m->ap) + offset;
    if (at < 0 || at >= SAGE_MEMORY_MAX_OFFSET)
        return wrong(m, "vm.address", "an operand lies outside the execution segment");
    *out = (sage_address){SAGE_SEGMENT_EXECUTION, (uint32_t)at};
    return SAGE_OK;
}

static sage_status op1_address(machine *m, const sage_casm *i, operands *o)
{
    sage_value at, offset;
    if (i->flags & SAGE_CASM_OP1_IMM) {
        o->op1_at = (sage_address){m->pc.segment, m->pc.offset + 1};
        return SAGE_OK;
    }
    if (i->flags & (SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP))
        return near_register(m, i->flags & SAGE_CASM_OP1_FP, i->offset[2], &o->op1_at);
    if (!sage_value_is_address(o->op0))
        return wrong(m, "vm.operand", "op0 is no address to look up op1 at");
    offset = sage_value_from_u64((uint64_t)abs(i->offset[2]));
    if (i->offset[2] < 0) offset = sage_value_sub(sage_value_from_u64(0), offset);
    if (!machine_sum(&at, o->op0, offset))
        return wrong(m, "vm.address", "op1 lies outside its segment");
    o->op1_at = sage_value_address(at);
    return SAGE_OK;
}

static sage_status locate(machine *m, const sage_casm *i, operands *o)
{
    sage_status s = near_register(m, i->flags & SAGE_CASM_DST_FP, i->offset[0], &o->dst_at);
    if (!s) s = near_register(m, i->flags & SAGE_CASM_OP0_FP, i->offset[1], &o->op0_at);
    if (s) return s;
    o->op0 = sage_memory_get(&m->run->memory, o->op0_at);
    if ((s = op1_address(m, i, o))) return s;
    o->dst = sage_memory_get(&m->run->memory, o->dst_at);
    o->op1 = sage_memory_get(&m->run->memory, o->op1_at);
    return SAGE_OK;
}

static sage_status from_builtin(machine *m, sage_address at, sage_value *out)
{
    uint8_t b = at.segment < m->n_builtin_of ? m->builtin_of[at.segment] : SAGE_BUILTINS;
    if (b == SAGE_BUILTINS) return SAGE_OK;
    return sage_builtin_deduce((sage_builtin)b, &m->run->memory, at, out, m->err);
}

/* x + known = sum, or x * known = product, for the unknown x. */
static sage_value solve(const sage_casm *i, sage_value result, sage_value known)
{
    sage_value x = {{0}};
    if (!sage_value_known(result) || !sage_value_known(known)) return x;
    bool add = i->flags & SAGE_CASM_RES_ADD, solved;
    if (i->extension == SAGE_CASM_QM31)
        solved = add ? qm31_packed_sub(&x, result, known) : qm31_packed_div(&x, result, known);
    else if (add)
        solved = machine_difference(&x, result, known);
    else if ((solved = sage_value_is_felt(result) && sage_value_is_felt(known) &&
                       !sage_value_equal(known, sage_value_from_u64(0))))
        x = sage_value_div(result, known);
    return solved ? x : (sage_value){{0}};
}

static sage_status deduce_op0(machine *m, const sage_casm *i, operands *o)
{
    sage_status s = from_builtin(m, o->op0_at, &o->op0);
    if (s) return s;
    if (sage_value_known(o->op0)) {
    } else if (i->flags & SAGE_CASM_OPCODE_CALL) {
        o->op0 = sage_value_from_address(
            (sage_address){m->pc.segment, m->pc.offset + sage_casm_size(i)});
    } else if ((i->flags & SAGE_CASM_OPCODE_ASSERT) &&
               (i->flags & (SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL))) {
        o->op0 = solve(i, o->dst, o->op1);
    }
    if (!sage_value_known(o->op0))
        return wrong(m, "vm.operand", "op0 is unknown and cannot be deduced");
    return sage_memory_set(&m->run->memory, o->op0_at, o->op0, m->err);
}

static sage_status deduce_op1(machine *m, const sage_casm *i, operands *o)
{
    sage_status s = from_builtin(m, o->op1_at, &o->op1);
    if (s) return s;
    if (!sage_value_known(o->op1) && (i->flags & SAGE_CASM_OPCODE_ASSERT))
        o->op1 = i->flags & (SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL) ? solve(i, o->dst, o->op0)
                                                                    : o->dst;
    if (!sage_value_known(o->op1))
        return wrong(m, "vm.operand", "op1 is unknown and cannot be deduced");
    return sage_memory_set(&m->run->memory, o->op1_at, o->op1, m->err);
}

static sage_status compute_res(machine *m, const sage_casm *i, operands *o)
{
    bool ok = true;
    o->res  = (sage_value){{0}};
    if (i->flags & SAGE_CASM_PC_JNZ) return SAGE_OK; /* res is not constrained */
    if (i->extension == SAGE_CASM_QM31) {
        ok = i->flags & SAGE_CASM_RES_ADD ? qm31_packed_add(&o->res, o->op0, o->op1)
                                          : qm31_packed_mul(&o->res, o->op0, o->op1);
        return ok ? SAGE_OK : wrong(m, "vm.qm31", "an operand is no packed QM31 element");
    }
    if (i->flags & SAGE_CASM_RES_ADD) {
        ok = machine_sum(&o->res, o->op0, o->op1);
    } else if (i->flags & SAGE_CASM_RES_MUL) {
        ok = sage_value_is_felt(o->op0) && sage_value_is_felt(o->op1);
        if (ok) o->res = sage_value_mul(o->op0, o->op1);
    } else {
        o->res = o->op1;
    }
    return ok ? SAGE_OK : wrong(m, "vm.operand", "addresses cannot be combined like this");
}

static sage_status deduce_dst(machine *m, const sage_casm *i, operands *o)
{
    if (i->flags & SAGE_CASM_OPCODE_ASSERT)
        o->dst = o->res;
    else if (i->flags & SAGE_CASM_OPCODE_CALL)
        o->dst = sage_value_from_address((sage_address){SAGE_SEGMENT_EXECUTION, m->fp});
    if (!sage_value_known(o->dst))
        return wrong(m, "vm.operand", "dst is unknown and cannot be deduced");
    return sage_memory_set(&m->run->memory, o->dst_at, o->dst, m->err);
}

static sage_status compute(machine *m, const sage_casm *i, operands *o)
{
    sage_status s = locate(m, i, o);
    if (!s && !sage_value_known(o->op0)) s = deduce_op0(m, i, o);
    if (!s && !sage_value_known(o->op1)) s = deduce_op1(m, i, o);
    if (!s) s = compute_res(m, i, o);
    if (!s && !sage_value_known(o->dst)) s = deduce_dst(m, i, o);
    return s;
}

static sage_status check_opcode(machine *m, const sage_casm *i, const operands *o)
{
    if (i->flags & SAGE_CASM_OPCODE_ASSERT) {
        if (sage_value_known(o->res) && sage_value_equal(o->res, o->dst)) return SAGE_OK;
        char dst[SAGE_VALUE_TEXT], res[SAGE_VALUE_TEXT];
        sage_value_print(dst, o->dst);
        sage_value_print(res, o->res);
        return sage_fail(m->err, SAGE_EINVAL, "vm.assert", m->pc.offset,
                         "at pc %u:%u: %s is not %s", m->pc.segment, m->pc.offset, dst, res);
    }
    if (!(i->flags & SAGE_CASM_OPCODE_CALL)) return SAGE_OK;
    sage_value back = sage_value_from_address(
        (sage_address){m->pc.segment, m->pc.offset + sage_casm_size(i)});
    sage_value frame = sage_value_from_address((sage_address){SAGE_SEGMENT_EXECUTION, m->fp});
    if (sage_value_equal(o->op0, back) && sage_value_equal(o->dst, frame)) return SAGE_OK;
    return wrong(m, "vm.call", "the cells at ap hold something else than the call's frame");
}

/* The new frame pointer out of a cell: an address of the execution segment, or a number. */
static sage_status frame_of(machine *m, sage_value v, uint32_t *fp)
{
    sage_address a = sage_value_address(v);
    bool ok =
        sage_value_is_address(v) ? a.segment == SAGE_SEGMENT_EXECUTION : sage_value_is_small(v);
    if (!ok || (!sage_value_is_address(v) && v.l[0] >= SAGE_MEMORY_MAX_OFFSET))
        return wrong(m, "vm.ret", "dst is no frame pointer");
    *fp = a.offset;
    return SAGE_OK;
}

static sage_status next_fp(machine *m, const sage_casm *i, const operands *o, uint32_t *fp)
{
    *fp = m->fp;
    if (i->flags & SAGE_CASM_OPCODE_CALL) *fp = m->ap + 2;
    if (i->flags & SAGE_CASM_OPCODE_RET) return frame_of(m, o->dst, fp);
    return SAGE_OK;
}

static sage_status next_ap(machine *m, const sage_casm *i, const operands *o, uint32_t *ap)
{
    sage_value v, at = sage_value_from_address((sage_address){SAGE_SEGMENT_EXECUTION, m->ap});
    *ap = m->ap;
    if (i->flags & SAGE_CASM_OPCODE_CALL) *ap += 2;
    if (i->flags & SAGE_CASM_AP_ADD1) *ap += 1;
    if (i->flags & SAGE_CASM_AP_ADD) {
        if (!sage_value_is_felt(o->res) || !machine_sum(&v, at, o->res))
            return wrong(m, "vm.ap", "ap cannot be moved there");
        *ap = sage_value_address(v).offset;
    }
    if (*ap >= SAGE_MEMORY_MAX_OFFSET) return wrong(m, "vm.ap", "ap leaves the address space");
    return SAGE_OK;
}

static sage_status next_pc(machine *m, const sage_casm *i, const operands *o, sage_address *pc)
{
    sage_value v, at = sage_value_from_address(m->pc);
    bool ok = true, jnz = i->flags & SAGE_CASM_PC_JNZ;
    pc->segment = m->pc.segment;
    pc->offset  = m->pc.offset + sage_casm_size(i);
    if (i->flags & SAGE_CASM_PC_JUMP) {
        ok = sage_value_is_address(o->res);
        v  = o->res;
    } else if ((i->flags & SAGE_CASM_PC_JUMP_REL) ||
               (jnz && !sage_value_equal(o->dst, sage_value_from_u64(0)))) {
        sage_value by = jnz ? o->op1 : o->res;
        ok            = sage_value_is_felt(by) && machine_sum(&v, at, by);
    } else {
        return SAGE_OK;
    }
    if (!ok) return wrong(m, "vm.jump", "the target of this jump is no address");
    *pc = sage_value_address(v);
    return SAGE_OK;
}

sage_status machine_trace_room(machine *m)
{
    sage_run *r = m->run;
    if (r->n_steps < r->cap_steps) return SAGE_OK;
    uint64_t cap = r->cap_steps ? 2 * r->cap_steps : 4096;
    if (cap > m->limits->max_steps + 1) cap = m->limits->max_steps + 1;
    if (r->n_steps >= cap)
        return sage_fail(m->err, SAGE_ELIMIT, "vm.steps", m->pc.offset,
                         "the program does not end within %llu steps",
                         (unsigned long long)m->limits->max_steps);
    sage_trace_row *new =
        cap <= SIZE_MAX / sizeof *new
            ? sage_pages_grow(r->trace, r->cap_steps * sizeof *new, cap * sizeof *new)
            : NULL;
    if (!new)
        return sage_fail(m->err, SAGE_ENOMEM, "vm.steps", m->pc.offset,
                         "no memory for %llu steps", (unsigned long long)cap);
    r->trace     = new;
    r->cap_steps = cap;
    return SAGE_OK;
}

static sage_status run_hints(machine *m)
{
    if (m->pc.segment != SAGE_SEGMENT_PROGRAM || !sage_hints_at(m->hints, m->pc.offset))
        return SAGE_OK;
    sage_hint_machine view = {.program         = m->program,
                              .input           = m->input,
                              .memory          = &m->run->memory,
                              .pc              = m->pc.offset,
                              .ap              = m->ap,
                              .fp              = m->fp,
                              .builtin_segment = m->run->builtin_segment};
    return sage_hints_run(m->hints, &view, m->err);
}

sage_status machine_step(machine *m)
{
    sage_casm i;
    operands o;
    sage_address pc;
    uint32_t ap, fp;
    sage_status s = machine_trace_room(m);
    if (!s) s = run_hints(m);
    if (!s) s = machine_fetch(m, &i);
    if (!s) s = compute(m, &i, &o);
    if (!s) s = check_opcode(m, &i, &o);
    if (!s && (i.extension == SAGE_CASM_BLAKE || i.extension == SAGE_CASM_BLAKE_FINALIZE))
        s = machine_blake(m, o.op0, o.op1, o.dst, i.extension == SAGE_CASM_BLAKE_FINALIZE);
    if (!s) s = next_fp(m, &i, &o, &fp);
    if (!s) s = next_ap(m, &i, &o, &ap);
    if (!s) s = next_pc(m, &i, &o, &pc);
    if (s) return s;
    if (m->pc.segment > UINT16_MAX)
        return wrong(m, "vm.segments", "code runs in a segment beyond the 2^16th");
    m->run->trace[m->run->n_steps++] =
        (sage_trace_row){.pc         = m->pc.offset,
                         .ap         = m->ap,
                         .fp         = m->fp,
                         .pc_segment = (uint16_t)m->pc.segment,
                         .opcode     = (uint8_t)machine_judge(&i, o.dst, o.op0, o.op1)};
    m->pc = pc;
    m->ap = ap;
    m->fp = fp;
    return SAGE_OK;
}

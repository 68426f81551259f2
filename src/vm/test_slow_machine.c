/* vm/test_slow_machine.c -- see the header. Written to be read beside the whitepaper's section
 * 4.5; every instruction goes through all of it. */
#include "vm/test_slow_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curve/pedersen.h"
#include "field/qm31.h"
#include "hash/blake2s.h"
#include "hash/poseidon252.h"

enum { MAX_OFFSET = 1 << 29, PROGRAM = 0, STACK = 1 };

/* --- memory --- */

static slow_cell *find(const slow_run *r, uint64_t key)
{
    uint64_t at = (key * 0x9e3779b97f4a7c15u) >> 20;
    for (;; at++) {
        slow_cell *c = &r->cells[at % r->cap_cells];
        if (!c->key || c->key == key) return c;
    }
}

static uint64_t key_of(sage_address a)
{
    return ((uint64_t)a.segment << 32 | a.offset) + 1;
}

static sage_value get(const slow_run *r, sage_address a)
{
    const slow_cell *c = find(r, key_of(a));
    return c->key ? c->value : (sage_value){{0}};
}

sage_value slow_get(const slow_run *r, uint32_t segment, uint32_t offset)
{
    return get(r, (sage_address){segment, offset});
}

static void *need(void *p)
{
    if (!p) abort();
    return p;
}

static void grow(slow_run *r)
{
    slow_cell *old = r->cells;
    uint64_t cap   = r->cap_cells;
    r->cap_cells   = cap ? 2 * cap : 256;
    r->cells       = need(calloc(r->cap_cells, sizeof *r->cells));
    for (uint64_t i = 0; i < cap; i++)
        if (old[i].key) *find(r, old[i].key) = old[i];
    free(old);
}

static bool stop(slow_run *r, const char *error)
{
    if (!r->error) r->error = error;
    return false;
}

/* A cell is written once; false if it held something else. */
static bool set(slow_run *r, sage_address a, sage_value v)
{
    slow_cell *c = find(r, key_of(a));
    if (c->key) return sage_value_equal(c->value, v) ? true : stop(r, "vm.memory.write");
    *c = (slow_cell){key_of(a), v};
    if (++r->n_cells * 2 > r->cap_cells) grow(r);
    return true;
}

/* --- values --- */

static sage_value number(uint64_t v)
{
    return sage_value_from_u64(v);
}
static sage_value pointer(uint32_t segment, uint32_t offset)
{
    return sage_value_from_address((sage_address){segment, offset});
}
static bool is_number(sage_value v)
{
    return sage_value_is_felt(v);
}

/* The field through its Montgomery form, which the machine uses for products alone. */
static sage_value field_add(sage_value a, sage_value b)
{
    return sage_value_from_felt(felt252_add(sage_value_felt(a), sage_value_felt(b)));
}
static sage_value field_sub(sage_value a, sage_value b)
{
    return sage_value_from_felt(felt252_sub(sage_value_felt(a), sage_value_felt(b)));
}

/* An address of the same segment, by a number that may be negative. */
static bool moved(sage_value *out, sage_value at, sage_value by)
{
    sage_address a = sage_value_address(at);
    sage_value sum = field_add(number(a.offset), by);
    if (!sage_value_is_small(sum) || sum.l[0] >= MAX_OFFSET) return false;
    *out = pointer(a.segment, (uint32_t)sum.l[0]);
    return true;
}

static bool add(sage_value *out, sage_value a, sage_value b)
{
    if (!is_number(a) && !is_number(b)) return false;
    if (!is_number(a)) return moved(out, a, b);
    if (!is_number(b)) return moved(out, b, a);
    *out = field_add(a, b);
    return true;
}

static bool subtract(sage_value *out, sage_value a, sage_value b)
{
    if (is_number(b)) {
        if (!is_number(a)) return moved(out, a, field_sub(number(0), b));
        *out = field_sub(a, b);
        return true;
    }
    if (is_number(a)) return false;
    sage_address x = sage_value_address(a), y = sage_value_address(b);
    *out = field_sub(number(x.offset), number(y.offset));
    return x.segment == y.segment;
}

/* Coordinate k of a packed QM31: bits 36 k and up. */
static bool coordinate(sage_value v, int k, uint64_t *out)
{
    uint64_t c = 0;
    for (int bit = 35; bit >= 0; bit--) {
        int at = 36 * k + bit;
        c      = c << 1 | (v.l[at / 64] >> at % 64 & 1);
    }
    *out = c;
    return c < M31_P;
}

static bool unpack(qm31 *out, sage_value v)
{
    uint64_t c;
    if (!is_number(v) || (v.l[2] >> 16) || v.l[3] != SAGE_VALUE_KNOWN) return false;
    for (int k = 0; k < 4; k++) {
        if (!coordinate(v, k, &c)) return false;
        out->v[k] = (m31)c;
    }
    return true;
}

static sage_value pack(qm31 q)
{
    sage_value v = number(0);
    for (int k = 3; k >= 0; k--) {
        for (int i = 0; i < 36; i++)
            v = field_add(v, v);
        v = field_add(v, number(q.v[k]));
    }
    return v;
}

typedef enum sign { PLUS, MINUS, TIMES, OVER } sign;

static bool calculate(bool packed, sign what, sage_value *out, sage_value a, sage_value b)
{
    qm31 x, y;
    if (packed) {
        if (!unpack(&x, a) || !unpack(&y, b) || (what == OVER && qm31_is_zero(y))) return false;
        *out = pack(what == PLUS    ? qm31_add(x, y)
                    : what == MINUS ? qm31_sub(x, y)
                    : what == TIMES ? qm31_mul(x, y)
                                    : qm31_mul(x, qm31_inv(y)));
        return true;
    }
    if (what == PLUS) return add(out, a, b);
    if (what == MINUS) return subtract(out, a, b);
    if (!is_number(a) || !is_number(b)) return false;
    if (what == OVER && sage_value_equal(b, number(0))) return false;
    felt252 f = sage_value_felt(b);
    *out      = sage_value_from_felt(
             felt252_mul(sage_value_felt(a), what == OVER ? felt252_inv(f) : f));
    return true;
}

/* --- one run --- */

typedef struct slow_machine {
    slow_run *r;
    const sage_program *p;
    const sage_run_input *input;
    sage_builtin builtin[32]; /* by segment */
    sage_address pc;
    uint32_t ap, fp;
} slow_machine;

static bool is_builtin(const slow_machine *m, uint32_t segment)
{
    return segment > STACK && segment < STACK + 1 + m->p->n_builtins;
}

/* --- builtins: an output cell out of the inputs of its instance --- */

static uint32_t cells_of(sage_builtin b)
{
    return b == SAGE_BUILTIN_PEDERSEN   ? 3
           : b == SAGE_BUILTIN_BITWISE  ? 5
           : b == SAGE_BUILTIN_POSEIDON ? 6
                                        : 1;
}
static uint32_t inputs_of(sage_builtin b)
{
    return b == SAGE_BUILTIN_PEDERSEN || b == SAGE_BUILTIN_BITWISE ? 2
           : b == SAGE_BUILTIN_POSEIDON                            ? 3
                                                                   : 1;
}

static bool is_known(sage_builtin b)
{
    return b == SAGE_BUILTIN_OUTPUT || b == SAGE_BUILTIN_RANGE_CHECK || cells_of(b) > 1;
}

/* No result: this builtin is not known here. */
static bool give_up(slow_machine *m)
{
    m->r->unknown = true;
    return stop(m->r, "unknown builtin or hint");
}

static const char *refusal(sage_builtin b)
{
    return b == SAGE_BUILTIN_PEDERSEN      ? "vm.builtin.pedersen"
           : b == SAGE_BUILTIN_BITWISE     ? "vm.builtin.bitwise"
           : b == SAGE_BUILTIN_RANGE_CHECK ? "vm.builtin.range_check"
                                           : "vm.builtin.poseidon";
}

static sage_value bits(const sage_value *in, uint32_t which)
{
    sage_value v = number(0);
    for (int i = 0; i < 4; i++) {
        uint64_t x = in[0].l[i], y = in[1].l[i];
        v.l[i] = which == 0 ? x & y : which == 1 ? x ^ y : x | y;
    }
    v.l[3] |= SAGE_VALUE_KNOWN;
    return v;
}

static sage_value output_of(sage_builtin b, const sage_value *in, uint32_t which)
{
    if (b == SAGE_BUILTIN_BITWISE) return bits(in, which);
    if (b == SAGE_BUILTIN_PEDERSEN)
        return sage_value_from_felt(
            sage_pedersen(sage_value_felt(in[0]), sage_value_felt(in[1])));
    felt252 s[3] = {sage_value_felt(in[0]), sage_value_felt(in[1]), sage_value_felt(in[2])};
    sage_poseidon252_permute(s);
    return sage_value_from_felt(s[which]);
}

/* The value that an empty cell of a builtin must have. false: the inputs are refused. */
static bool deduce(slow_machine *m, sage_address a, sage_value *out)
{
    sage_value in[3];
    if (!is_builtin(m, a.segment)) return true;
    sage_builtin b = m->builtin[a.segment];
    if (!is_known(b)) return give_up(m);
    uint32_t n = inputs_of(b), first = a.offset - a.offset % cells_of(b);
    if (a.offset - first < n || cells_of(b) == 1) return true;
    for (uint32_t i = 0; i < n; i++) {
        in[i] = get(m->r, (sage_address){a.segment, first + i});
        if (!sage_value_known(in[i])) return true;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!is_number(in[i]) || (b == SAGE_BUILTIN_BITWISE && in[i].l[3] << 2 >> 2 >> 59))
            return stop(m->r, refusal(b));
    *out = output_of(b, in, a.offset - first - n);
    return true;
}

/* --- hints --- */

static bool give_input(slow_machine *m)
{
    uint32_t segment = m->r->n_segments++;
    for (uint32_t i = 0; i < m->input->n_felts; i++)
        if (!set(m->r, (sage_address){segment, i}, m->input->felts[i])) return false;
    return set(m->r, (sage_address){STACK, m->ap}, pointer(segment, 0));
}

static bool run_hint(slow_machine *m, const char *text)
{
    if (!strcmp(text, "memory[ap] = segments.add()"))
        return set(m->r, (sage_address){STACK, m->ap}, pointer(m->r->n_segments++, 0));
    if (m->input && !strcmp(text, "memory[ap] = segments.gen_arg(program_input)"))
        return give_input(m);
    if (m->input && !strcmp(text, "memory[ap] = len(program_input)"))
        return set(m->r, (sage_address){STACK, m->ap}, number(m->input->n_felts));
    return give_up(m);
}

static bool run_hints(slow_machine *m)
{
    for (uint32_t i = 0; i < m->p->n_hints; i++)
        if (m->pc.segment == PROGRAM && m->p->hints[i].pc == m->pc.offset &&
            !run_hint(m, m->p->hints[i].text))
            return false;
    return true;
}

/* --- one instruction --- */

typedef struct operands {
    sage_address dst_at, op0_at, op1_at;
    sage_value dst, op0, op1, res;
} operands;

static bool has(const sage_casm *i, uint32_t flag)
{
    return i->flags & flag;
}

static bool locate(const slow_machine *m, bool fp, int32_t offset, sage_address *out)
{
    int64_t at = (int64_t)(fp ? m->fp : m->ap) + offset;
    if (at < 0 || at >= MAX_OFFSET) return stop(m->r, "vm.address");
    *out = (sage_address){STACK, (uint32_t)at};
    return true;
}

static bool locate_op1(const slow_machine *m, const sage_casm *i, operands *o)
{
    sage_value at, by = number((uint64_t)abs(i->offset[2]));
    if (has(i, SAGE_CASM_OP1_IMM)) {
        o->op1_at = (sage_address){m->pc.segment, m->pc.offset + 1};
        return true;
    }
    if (has(i, SAGE_CASM_OP1_FP)) return locate(m, true, i->offset[2], &o->op1_at);
    if (has(i, SAGE_CASM_OP1_AP)) return locate(m, false, i->offset[2], &o->op1_at);
    if (!sage_value_is_address(o->op0)) return stop(m->r, "vm.operand");
    if (i->offset[2] < 0) by = field_sub(number(0), by);
    if (!moved(&at, o->op0, by)) return stop(m->r, "vm.address");
    o->op1_at = sage_value_address(at);
    return true;
}

static bool read_operands(const slow_machine *m, const sage_casm *i, operands *o)
{
    if (!locate(m, has(i, SAGE_CASM_DST_FP), i->offset[0], &o->dst_at)) return false;
    if (!locate(m, has(i, SAGE_CASM_OP0_FP), i->offset[1], &o->op0_at)) return false;
    o->op0 = get(m->r, o->op0_at);
    if (!locate_op1(m, i, o)) return false;
    o->dst = get(m->r, o->dst_at);
    o->op1 = get(m->r, o->op1_at);
    return true;
}

static sage_address next_word(const slow_machine *m, const sage_casm *i)
{
    return (sage_address){m->pc.segment, m->pc.offset + (has(i, SAGE_CASM_OP1_IMM) ? 2u : 1u)};
}

/* What makes dst = op0 (+ or *) op1 true. */
static void solve(const sage_casm *i, sage_value dst, sage_value known, sage_value *out)
{
    sage_value v;
    bool packed = i->extension == SAGE_CASM_QM31;
    if (sage_value_known(dst) && sage_value_known(known) &&
        calculate(packed, has(i, SAGE_CASM_RES_ADD) ? MINUS : OVER, &v, dst, known))
        *out = v;
}

static bool complete_op0(slow_machine *m, const sage_casm *i, operands *o)
{
    if (sage_value_known(o->op0)) return true;
    if (has(i, SAGE_CASM_OPCODE_CALL))
        o->op0 = sage_value_from_address(next_word(m, i));
    else if (has(i, SAGE_CASM_OPCODE_ASSERT) && has(i, SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL))
        solve(i, o->dst, o->op1, &o->op0);
    if (!sage_value_known(o->op0)) return stop(m->r, "vm.operand");
    return set(m->r, o->op0_at, o->op0);
}

static bool complete_op1(slow_machine *m, const sage_casm *i, operands *o)
{
    if (sage_value_known(o->op1)) return true;
    if (!deduce(m, o->op1_at, &o->op1)) return false;
    if (!sage_value_known(o->op1) && has(i, SAGE_CASM_OPCODE_ASSERT)) {
        if (has(i, SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL))
            solve(i, o->dst, o->op0, &o->op1);
        else
            o->op1 = o->dst;
    }
    if (!sage_value_known(o->op1)) return stop(m->r, "vm.operand");
    return set(m->r, o->op1_at, o->op1);
}

static bool find_res(slow_machine *m, const sage_casm *i, operands *o)
{
    bool packed = i->extension == SAGE_CASM_QM31;
    o->res      = (sage_value){{0}};
    if (has(i, SAGE_CASM_PC_JNZ)) return true;
    if (!has(i, SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL)) {
        o->res = o->op1;
        return true;
    }
    return calculate(packed, has(i, SAGE_CASM_RES_ADD) ? PLUS : TIMES, &o->res, o->op0,
                     o->op1) ||
           stop(m->r, packed ? "vm.qm31" : "vm.operand");
}

static bool complete_dst(slow_machine *m, const sage_casm *i, operands *o)
{
    if (sage_value_known(o->dst)) return true;
    if (has(i, SAGE_CASM_OPCODE_ASSERT)) o->dst = o->res;
    if (has(i, SAGE_CASM_OPCODE_CALL)) o->dst = pointer(STACK, m->fp);
    if (!sage_value_known(o->dst)) return stop(m->r, "vm.operand");
    return set(m->r, o->dst_at, o->dst);
}

static bool check(slow_machine *m, const sage_casm *i, const operands *o)
{
    if (has(i, SAGE_CASM_OPCODE_ASSERT) &&
        !(sage_value_known(o->res) && sage_value_equal(o->dst, o->res)))
        return stop(m->r, "vm.assert");
    if (has(i, SAGE_CASM_OPCODE_CALL) &&
        !(sage_value_equal(o->dst, pointer(STACK, m->fp)) &&
          sage_value_equal(o->op0, sage_value_from_address(next_word(m, i)))))
        return stop(m->r, "vm.call");
    return true;
}

/* n words at a pointer. */
static bool load_words(slow_machine *m, sage_value at, uint32_t *out, uint32_t n)
{
    if (!sage_value_is_address(at)) return stop(m->r, "vm.blake");
    sage_address a = sage_value_address(at);
    for (uint32_t i = 0; i < n; i++) {
        sage_value v = get(m->r, (sage_address){a.segment, a.offset + i});
        if (!sage_value_is_small(v) || v.l[0] >> 32) return stop(m->r, "vm.blake");
        out[i] = (uint32_t)v.l[0];
    }
    return true;
}

static bool blake(slow_machine *m, const sage_casm *i, const operands *o)
{
    uint32_t h[8], block[16];
    sage_value to = get(m->r, (sage_address){STACK, m->ap});
    if (i->extension != SAGE_CASM_BLAKE && i->extension != SAGE_CASM_BLAKE_FINALIZE)
        return true;
    if (!load_words(m, o->op0, h, 8) || !load_words(m, o->op1, block, 16)) return false;
    if (!sage_value_is_small(o->dst) || o->dst.l[0] >> 32 || !sage_value_is_address(to))
        return stop(m->r, "vm.blake");
    sage_blake2s_compress(h, block, o->dst.l[0], i->extension == SAGE_CASM_BLAKE_FINALIZE);
    sage_address a = sage_value_address(to);
    for (uint32_t k = 0; k < 8; k++)
        if (!set(m->r, (sage_address){a.segment, a.offset + k}, number(h[k]))) return false;
    return true;
}

static bool find_fp(slow_machine *m, const sage_casm *i, const operands *o, uint32_t *fp)
{
    *fp = m->fp;
    if (has(i, SAGE_CASM_OPCODE_CALL)) *fp = m->ap + 2;
    if (!has(i, SAGE_CASM_OPCODE_RET)) return true;
    sage_address a = sage_value_address(o->dst);
    bool ok        = is_number(o->dst) ? sage_value_is_small(o->dst) && o->dst.l[0] < MAX_OFFSET
                                       : a.segment == STACK;
    *fp            = a.offset;
    return ok || stop(m->r, "vm.ret");
}

static bool find_ap(slow_machine *m, const sage_casm *i, const operands *o, uint32_t *ap)
{
    sage_value v = pointer(STACK, m->ap);
    if (has(i, SAGE_CASM_AP_ADD) && (!is_number(o->res) || !moved(&v, v, o->res)))
        return stop(m->r, "vm.ap");
    *ap = sage_value_address(v).offset + (has(i, SAGE_CASM_AP_ADD1) ? 1 : 0) +
          (has(i, SAGE_CASM_OPCODE_CALL) ? 2 : 0);
    return *ap < MAX_OFFSET || stop(m->r, "vm.ap");
}

static bool find_pc(slow_machine *m, const sage_casm *i, const operands *o, sage_address *pc)
{
    bool jnz     = has(i, SAGE_CASM_PC_JNZ) && !sage_value_equal(o->dst, number(0));
    sage_value v = o->res, by = jnz ? o->op1 : o->res;
    *pc = next_word(m, i);
    if (has(i, SAGE_CASM_PC_JUMP)) {
        if (!sage_value_is_address(v)) return stop(m->r, "vm.jump");
    } else if (jnz || has(i, SAGE_CASM_PC_JUMP_REL)) {
        if (!is_number(by) || !moved(&v, sage_value_from_address(m->pc), by))
            return stop(m->r, "vm.jump");
    } else {
        return true;
    }
    *pc = sage_value_address(v);
    return true;
}

/* Within [-2^29, 2^29); addresses are numbers of that size in the end. */
static bool fits_add(sage_value v)
{
    sage_value up = field_add(v, number(1 << 29));
    return !is_number(v) || (sage_value_is_small(up) && up.l[0] < 1u << 30);
}
static bool fits_mul(sage_value v)
{
    return sage_value_is_small(v) && v.l[0] < (uint64_t)1 << 36;
}

static sage_opcode component(const sage_casm *i, const operands *o)
{
    sage_opcode c = sage_casm_opcode(i);
    if (c == SAGE_OPCODE_JNZ_TAKEN && sage_value_equal(o->dst, number(0)))
        return SAGE_OPCODE_JNZ_NON_TAKEN;
    if (c == SAGE_OPCODE_ADD && fits_add(o->dst) && fits_add(o->op0) && fits_add(o->op1))
        return SAGE_OPCODE_ADD_SMALL;
    if (c == SAGE_OPCODE_MUL && fits_mul(o->op0) && fits_mul(o->op1))
        return SAGE_OPCODE_MUL_SMALL;
    return c;
}

static void record(slow_machine *m, sage_opcode opcode)
{
    slow_run *r = m->r;
    if (r->n_steps == r->cap_steps) {
        r->cap_steps = r->cap_steps ? 2 * r->cap_steps : 256;
        r->trace     = need(realloc(r->trace, r->cap_steps * sizeof *r->trace));
    }
    r->trace[r->n_steps++] = (sage_trace_row){.pc         = m->pc.offset,
                                              .ap         = m->ap,
                                              .fp         = m->fp,
                                              .pc_segment = (uint16_t)m->pc.segment,
                                              .opcode     = (uint8_t)opcode};
}

static bool step(slow_machine *m)
{
    sage_casm i;
    operands o;
    sage_address pc;
    uint32_t ap, fp;
    if (!run_hints(m)) return false;
    sage_value word = get(m->r, m->pc);
    if (!sage_value_known(word) || !sage_casm_decode(&i, word))
        return stop(m->r, "vm.instruction");
    if (!read_operands(m, &i, &o) || !complete_op0(m, &i, &o) || !complete_op1(m, &i, &o) ||
        !find_res(m, &i, &o) || !complete_dst(m, &i, &o) || !check(m, &i, &o) ||
        !blake(m, &i, &o) || !find_fp(m, &i, &o, &fp) || !find_ap(m, &i, &o, &ap) ||
        !find_pc(m, &i, &o, &pc))
        return false;
    record(m, component(&i, &o));
    m->pc = pc;
    m->ap = ap;
    m->fp = fp;
    return true;
}

/* --- from first to last --- */

static bool start(slow_machine *m)
{
    const sage_program *p = m->p;
    m->r->n_segments      = 3 + p->n_builtins;
    if (p->start >= p->n_data || p->end >= p->n_data) return stop(m->r, "vm.entry");
    for (uint32_t i = 0; i < p->n_data; i++)
        (void)set(m->r, (sage_address){PROGRAM, i}, p->data[i]);
    m->ap = m->fp = 2;
    for (uint32_t i = 0; i < 4; i++) /* a segment of zeros, for the modular builtins */
        (void)set(m->r, (sage_address){2 + p->n_builtins, i}, number(0));
    (void)set(m->r, (sage_address){STACK, 0}, pointer(STACK, 2));
    (void)set(m->r, (sage_address){STACK, 1}, number(0));
    for (uint32_t i = 0; i < p->n_builtins; i++) {
        sage_builtin b    = p->builtins[i];
        m->builtin[2 + i] = b;
        (void)set(m->r, (sage_address){STACK, 2 + i}, pointer(2 + i, 0));
    }
    m->pc = (sage_address){PROGRAM, p->start};
    return true;
}

/* One more than the last cell of a segment. */
static uint32_t length(const slow_run *r, uint32_t segment)
{
    uint32_t n = 0;
    for (uint64_t i = 0; i < r->cap_cells; i++) {
        uint64_t key = r->cells[i].key - 1;
        if (r->cells[i].key && key >> 32 == segment && (uint32_t)key >= n)
            n = (uint32_t)key + 1;
    }
    return n;
}

static bool finish_instance(slow_machine *m, uint32_t segment, uint32_t first)
{
    sage_builtin b = m->builtin[segment];
    for (uint32_t k = 0; k < cells_of(b); k++) {
        sage_address a = {segment, first + k};
        sage_value v = get(m->r, a), must = {{0}};
        if (b == SAGE_BUILTIN_OUTPUT) continue;
        if (b == SAGE_BUILTIN_RANGE_CHECK &&
            (!is_number(v) || v.l[2] || v.l[3] != SAGE_VALUE_KNOWN))
            return stop(m->r, refusal(b));
        if (k < inputs_of(b)) {
            if (!is_number(v)) return stop(m->r, refusal(b));
            continue;
        }
        if (!deduce(m, a, &must)) return false;
        if (sage_value_known(v) && !sage_value_equal(v, must)) return stop(m->r, refusal(b));
        if (!set(m->r, a, must)) return false;
    }
    return true;
}

static bool finish_builtin(slow_machine *m, uint32_t segment, uint32_t stop_at)
{
    uint32_t cells = cells_of(m->builtin[segment]), n = length(m->r, segment);
    n = (n + cells - 1) / cells * cells;
    if (n && !is_known(m->builtin[segment])) return give_up(m);
    for (uint32_t first = 0; first < n; first += cells)
        if (!finish_instance(m, segment, first)) return false;
    return n == stop_at || stop(m->r, "vm.return");
}

static bool finish(slow_machine *m)
{
    uint32_t n = m->p->n_builtins, ap = m->r->trace[m->r->n_steps - 1].ap;
    if (ap < 2 + n) return stop(m->r, "vm.return");
    for (uint32_t i = 0; i < n; i++) {
        sage_value at = get(m->r, (sage_address){STACK, ap - n + i});
        if (!sage_value_is_address(at) || sage_value_address(at).segment != 2 + i)
            return stop(m->r, "vm.return");
    }
    for (uint32_t i = 0; i < n; i++) {
        sage_value at = get(m->r, (sage_address){STACK, ap - n + i});
        if (!finish_builtin(m, 2 + i, sage_value_address(at).offset)) return false;
    }
    return true;
}

void slow_run_program(slow_run *out,
                      const sage_program *p,
                      const sage_run_input *input,
                      uint64_t max_steps)
{
    slow_machine m = {.r = out, .p = p, .input = input};
    memset(out, 0, sizeof *out);
    grow(out);
    if (!start(&m)) return;
    bool ending;
    do {
        ending = m.pc.segment == PROGRAM && m.pc.offset == p->end;
        if (out->n_steps > max_steps) (void)stop(out, "vm.steps");
        if (out->error || !step(&m)) return;
    } while (!ending);
    (void)finish(&m);
}

void slow_free(slow_run *r)
{
    free(r->cells);
    free(r->trace);
    memset(r, 0, sizeof *r);
}

/* --- comparison --- */

static const char *compare_trace(const slow_run *slow, const sage_run *run, char out[160])
{
    for (uint64_t i = 0; i < slow->n_steps && i < run->n_steps; i++) {
        const sage_trace_row *a = &slow->trace[i], *b = &run->trace[i];
        if (a->pc == b->pc && a->ap == b->ap && a->fp == b->fp &&
            a->pc_segment == b->pc_segment && a->opcode == b->opcode)
            continue;
        snprintf(out, 160, "step %llu: pc %u ap %u fp %u %s, not pc %u ap %u fp %u %s",
                 (unsigned long long)i, a->pc, a->ap, a->fp,
                 sage_opcode_name((sage_opcode)a->opcode), b->pc, b->ap, b->fp,
                 sage_opcode_name((sage_opcode)b->opcode));
        return out;
    }
    return slow->n_steps == run->n_steps ? NULL : "another number of steps";
}

static const char *compare_memory(const slow_run *slow, const sage_run *run, char out[160])
{
    uint64_t known = 0;
    for (uint32_t s = 0; s < run->memory.n; s++)
        for (uint32_t i = 0; i < run->memory.segment[s].len; i++) {
            sage_value a = slow_get(slow, s, i), b = run->memory.segment[s].cell[i];
            known += sage_value_known(b);
            if (sage_value_known(a) == sage_value_known(b) &&
                (!sage_value_known(a) || sage_value_equal(a, b)))
                continue;
            char x[SAGE_VALUE_TEXT], y[SAGE_VALUE_TEXT];
            sage_value_print(x, a);
            sage_value_print(y, b);
            snprintf(out, 160, "cell %u:%u is %.60s, not %.60s", s, i, x, y);
            return out;
        }
    return known == slow->n_cells ? NULL : "another number of cells";
}

const char *
slow_compare(const slow_run *slow, const sage_run *run, const char *error, char out[160])
{
    if (error || slow->error) {
        if (error && slow->error && !strcmp(error, slow->error)) return NULL;
        snprintf(out, 160, "error %s, not %s", slow->error ? slow->error : "none",
                 error ? error : "none");
        return out;
    }
    const char *what = compare_trace(slow, run, out);
    return what ? what : compare_memory(slow, run, out);
}

/* vm/load_trace.c -- trace and memory files as a run, for the adapter.
 *
 * Relocated memory is flat: program, execution and all other segments back to back from address
 * 1. As a run of two segments, the program and all that follows it, the adapter gives every
 * cell the address it has. Rows are checked against the instructions they execute, so that a
 * file that is no run is refused here and not by a proof that fails. */
#include "vm/trace_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json_in.h"
#include "base/pages.h"
#include "vm/builtins.h"
#include "vm/judge.h"

enum { ROW = 24, CELL = 40, ADDRESS = 8, MAIN_BUILTINS = 11, MIN_INSTANCES = 16 };
/* Addresses reach at most HOLES times as far as there are cells, plus SPARE. */
enum { HOLES = 64, SPARE = 1 << 20, STACK_FRAME = 2 };

typedef struct reader {
    const sage_trace_files *in;
    sage_errinfo *err;
    sage_run run;
    uint32_t stack;     /* first address of the execution segment */
    uint32_t addresses; /* one more than the last */
    sage_builtin_range builtin[SAGE_BUILTINS];
} reader;

static sage_status
bad(reader *r, sage_status code, const char *where, uint64_t at, const char *what)
{
    return sage_fail(r->err, code, where, (long long)at, "%s", what);
}

/* --- cells by address --- */

static sage_value *cell(reader *r, uint64_t address)
{
    sage_segment *s = r->run.memory.segment;
    if (!address || address >= r->addresses) return NULL;
    return address < r->stack ? &s[SAGE_SEGMENT_PROGRAM].cell[address - 1]
                              : &s[SAGE_SEGMENT_EXECUTION].cell[address - r->stack];
}

static sage_value get(reader *r, uint64_t address)
{
    sage_value *c = cell(r, address);
    return c ? *c : (sage_value){{0}};
}

/* The number in a cell that must hold an address; 0 if it holds none. */
static uint32_t get_address(reader *r, uint64_t address)
{
    sage_value v = get(r, address);
    return sage_value_is_small(v) && v.l[0] < SAGE_MEMORY_MAX_OFFSET ? (uint32_t)v.l[0] : 0;
}

/* --- the trace --- */

typedef struct row {
    uint64_t ap, fp, pc;
} row;

static row row_at(const reader *r, uint64_t i)
{
    const uint8_t *b = r->in->trace + i * ROW;
    return (row){sage_load_le64(b), sage_load_le64(b + 8), sage_load_le64(b + 16)};
}

static bool same_row(row a, row b)
{
    return a.ap == b.ap && a.fp == b.fp && a.pc == b.pc;
}

/* Proof mode pads a trace by staying in the endless loop: its first step is the last row. */
static uint64_t count_rows(const reader *r)
{
    uint64_t n = r->in->trace_len / ROW;
    while (n > 1 && same_row(row_at(r, n - 1), row_at(r, n - 2)))
        n--;
    return n;
}

static sage_status read_start(reader *r)
{
    if (!r->in->trace_len || r->in->trace_len % ROW)
        return bad(r, SAGE_EFORMAT, "trace.length", r->in->trace_len,
                   "the trace is no list of rows of 24 bytes");
    row first = row_at(r, 0);
    if (first.pc != 1 || first.ap != first.fp || first.ap < 1 + STACK_FRAME ||
        first.ap >= SAGE_MEMORY_MAX_OFFSET)
        return bad(r, SAGE_EINVAL, "trace.start", 0,
                   "a run in proof mode starts at pc 1 with ap = fp");
    r->stack         = (uint32_t)first.ap - STACK_FRAME;
    r->run.n_steps   = count_rows(r);
    r->run.cap_steps = r->run.n_steps;
    return SAGE_OK;
}

/* --- the memory --- */

static sage_status last_address(reader *r, uint64_t *last)
{
    uint64_t n = r->in->memory_len / CELL;
    *last      = 0;
    if (r->in->memory_len % CELL)
        return bad(r, SAGE_EFORMAT, "trace.length", r->in->memory_len,
                   "the memory is no list of records of 40 bytes");
    for (uint64_t i = 0; i < n; i++) {
        uint64_t address = sage_load_le64(r->in->memory + i * CELL);
        if (!address || address >= SAGE_MEMORY_MAX_OFFSET)
            return bad(r, SAGE_EFORMAT, "trace.cell", i, "no address from 1 to 2^29 - 1");
        if (address > *last) *last = address;
    }
    if (*last > n * HOLES + SPARE)
        return bad(r, SAGE_ELIMIT, "trace.memory", *last,
                   "addresses reach far beyond the cells that there are");
    if (*last < r->stack)
        return bad(r, SAGE_EINVAL, "trace.start", *last, "the memory has no stack");
    return SAGE_OK;
}

static sage_status make_room(reader *r, uint64_t last)
{
    uint32_t index;
    sage_memory *m = &r->run.memory;
    sage_memory_init(m, 2 * (uint64_t)SAGE_MEMORY_MAX_OFFSET);
    sage_status s = sage_memory_add(m, &index, r->err);
    if (!s) s = sage_memory_add(m, &index, r->err);
    if (!s) s = sage_memory_reserve(m, SAGE_SEGMENT_PROGRAM, r->stack - 1, r->err);
    if (!s) s = sage_memory_reserve(m, SAGE_SEGMENT_EXECUTION, last - r->stack + 1, r->err);
    if (s) return s;
    m->segment[SAGE_SEGMENT_PROGRAM].len   = r->stack - 1;
    m->segment[SAGE_SEGMENT_EXECUTION].len = (uint32_t)(last - r->stack + 1);
    r->addresses                           = (uint32_t)last + 1;
    return SAGE_OK;
}

static sage_status read_cell(reader *r, uint64_t i)
{
    const uint8_t *b = r->in->memory + i * CELL;
    sage_value *to   = cell(r, sage_load_le64(b)), v;
    uint64_t l[4];
    for (int k = 0; k < 4; k++)
        l[k] = sage_load_le64(b + ADDRESS + 8 * k);
    if (!sage_value_from_limbs(&v, l))
        return bad(r, SAGE_EFORMAT, "trace.cell", i, "a value that is not below the prime");
    if (sage_value_known(*to) && !sage_value_equal(*to, v))
        return bad(r, SAGE_EFORMAT, "trace.cell", i, "an address with two values");
    *to = v;
    return SAGE_OK;
}

static sage_status read_memory(reader *r)
{
    uint64_t last;
    sage_status s = last_address(r, &last);
    if (!s) s = make_room(r, last);
    for (uint64_t i = 0; !s && i < r->in->memory_len / CELL; i++)
        s = read_cell(r, i);
    return s;
}

/* --- rows, judged --- */

typedef struct step {
    row now;
    sage_casm casm;
    sage_value dst, op0, op1;
} step;

static uint64_t near(uint64_t base, int16_t offset)
{
    return base + (uint64_t)(int64_t)offset;
}

static void fetch(reader *r, step *s)
{
    const sage_casm *i = &s->casm;
    s->dst = get(r, near(i->flags & SAGE_CASM_DST_FP ? s->now.fp : s->now.ap, i->offset[0]));
    s->op0 = get(r, near(i->flags & SAGE_CASM_OP0_FP ? s->now.fp : s->now.ap, i->offset[1]));
    uint64_t base = i->flags & SAGE_CASM_OP1_IMM  ? s->now.pc
                    : i->flags & SAGE_CASM_OP1_FP ? s->now.fp
                    : i->flags & SAGE_CASM_OP1_AP ? s->now.ap
                    : sage_value_is_small(s->op0) ? s->op0.l[0]
                                                  : 0;
    s->op1        = base ? get(r, near(base, i->offset[2])) : (sage_value){{0}};
}

/* res; unknown where the instruction has none or an extension computes it. */
static sage_value result(const step *s)
{
    if (s->casm.extension != SAGE_CASM_STONE || s->casm.flags & SAGE_CASM_PC_JNZ)
        return (sage_value){{0}};
    if (s->casm.flags & SAGE_CASM_RES_ADD) return sage_value_add(s->op0, s->op1);
    if (s->casm.flags & SAGE_CASM_RES_MUL) return sage_value_mul(s->op0, s->op1);
    return s->op1;
}

static sage_value sum(uint64_t a, sage_value b)
{
    return sage_value_add(sage_value_from_u64(a), b);
}

static bool is_number(sage_value v, uint64_t n)
{
    return sage_value_is_small(v) && v.l[0] == n;
}

static bool pc_follows(const step *s, sage_value res, row next)
{
    uint16_t flags = s->casm.flags;
    if (flags & SAGE_CASM_PC_JUMP) return is_number(res, next.pc);
    if (flags & SAGE_CASM_PC_JUMP_REL) return is_number(sum(s->now.pc, res), next.pc);
    if (flags & SAGE_CASM_PC_JNZ && !is_number(s->dst, 0))
        return is_number(sum(s->now.pc, s->op1), next.pc);
    return next.pc == s->now.pc + sage_casm_size(&s->casm);
}

static bool ap_follows(const step *s, sage_value res, row next)
{
    uint16_t flags = s->casm.flags;
    uint64_t by    = flags & SAGE_CASM_OPCODE_CALL ? 2 : flags & SAGE_CASM_AP_ADD1 ? 1 : 0;
    if (flags & SAGE_CASM_AP_ADD) return is_number(sum(s->now.ap + by, res), next.ap);
    return next.ap == s->now.ap + by;
}

static bool fp_follows(const step *s, row next)
{
    if (s->casm.flags & SAGE_CASM_OPCODE_CALL) return next.fp == s->now.ap + 2;
    if (s->casm.flags & SAGE_CASM_OPCODE_RET) return is_number(s->dst, next.fp);
    return next.fp == s->now.fp;
}

/* What the instruction says of its operands. */
static bool holds(const step *s, sage_value res)
{
    if (s->casm.flags & SAGE_CASM_OPCODE_CALL)
        return is_number(s->dst, s->now.fp) &&
               is_number(s->op0, s->now.pc + sage_casm_size(&s->casm));
    if (s->casm.flags & SAGE_CASM_OPCODE_ASSERT && sage_value_known(res))
        return sage_value_equal(s->dst, res);
    return true;
}

static bool needs_op0(const sage_casm *i)
{
    return i->flags & (SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL | SAGE_CASM_OPCODE_CALL) ||
           i->extension != SAGE_CASM_STONE;
}

static bool needs_dst(const sage_casm *i)
{
    return i->flags & (SAGE_CASM_PC_JNZ | SAGE_CASM_OPCODE_CALL | SAGE_CASM_OPCODE_RET |
                       SAGE_CASM_OPCODE_ASSERT) ||
           i->extension != SAGE_CASM_STONE;
}

static sage_status check_step(reader *r, uint64_t i, step *s)
{
    if (!sage_casm_decode(&s->casm, get(r, s->now.pc)))
        return bad(r, SAGE_EINVAL, "trace.instruction", i, "there is no instruction at its pc");
    fetch(r, s);
    if (!sage_value_known(s->op1) || (needs_op0(&s->casm) && !sage_value_known(s->op0)) ||
        (needs_dst(&s->casm) && !sage_value_known(s->dst)))
        return bad(r, SAGE_EINVAL, "trace.operand", i, "the memory lacks an operand");
    /* The last row stays where it is. */
    row next       = i + 1 < r->run.n_steps ? row_at(r, i + 1) : s->now;
    sage_value res = result(s);
    if (!holds(s, res) || !pc_follows(s, res, next) || !ap_follows(s, res, next) ||
        !fp_follows(s, next))
        return bad(r, SAGE_EINVAL, "trace.step", i,
                   "its instruction does not lead to the row that follows");
    return SAGE_OK;
}

static sage_status read_row(reader *r, uint64_t i)
{
    step s        = {.now = row_at(r, i)};
    bool stack_pc = s.now.pc >= r->stack;
    if (!s.now.pc || s.now.pc >= r->addresses || s.now.ap < r->stack || s.now.fp < r->stack ||
        s.now.ap >= SAGE_MEMORY_MAX_OFFSET || s.now.fp >= SAGE_MEMORY_MAX_OFFSET)
        return bad(r, SAGE_EFORMAT, "trace.row", i, "registers outside the memory");
    sage_status st = check_step(r, i, &s);
    if (st) return st;
    r->run.trace[i] =
        (sage_trace_row){.pc         = (uint32_t)s.now.pc - (stack_pc ? r->stack : 1),
                         .ap         = (uint32_t)s.now.ap - r->stack,
                         .fp         = (uint32_t)s.now.fp - r->stack,
                         .pc_segment = stack_pc,
                         .opcode     = (uint8_t)machine_judge(&s.casm, s.dst, s.op0, s.op1)};
    return SAGE_OK;
}

static sage_status read_trace(reader *r)
{
    sage_status s = SAGE_OK;
    r->run.trace  = sage_pages_grow(NULL, 0, r->run.n_steps * sizeof *r->run.trace);
    if (!r->run.trace) return bad(r, SAGE_ENOMEM, "trace.memory", 0, "no memory for the trace");
    for (uint64_t i = 0; !s && i < r->run.n_steps; i++)
        s = read_row(r, i);
    return s;
}

/* --- public memory and builtins --- */

static sage_status add_public(reader *r, uint64_t address)
{
    sage_value *c = cell(r, address);
    if (!c || !sage_value_known(*c))
        return bad(r, SAGE_EINVAL, "trace.public", address, "a public cell holds nothing");
    if (address >= r->stack)
        r->run.public_offsets[r->run.n_public++] = (uint32_t)address - r->stack;
    return SAGE_OK;
}

static sage_status public_room(reader *r, uint64_t n)
{
    r->run.public_offsets = malloc((size_t)n * sizeof *r->run.public_offsets + 1);
    return r->run.public_offsets
               ? SAGE_OK
               : bad(r, SAGE_ENOMEM, "trace.memory", 0, "no memory for the public cells");
}

/* Main's arguments and results say where each segment begins and ends (facts D). */
static sage_status derive_public(reader *r)
{
    row first = row_at(r, 0), last = row_at(r, r->run.n_steps - 1);
    sage_status s = SAGE_OK;
    if (last.ap < first.ap + 2 * MAIN_BUILTINS)
        return bad(r, SAGE_EINVAL, "trace.builtin", last.ap,
                   "main has not eleven builtins: air_public_input.json is needed");
    for (uint32_t b = 0; b < MAIN_BUILTINS; b++)
        r->builtin[b] = (sage_builtin_range){get_address(r, first.ap + b),
                                             get_address(r, last.ap - MAIN_BUILTINS + b)};
    sage_builtin_range out = r->builtin[SAGE_BUILTIN_OUTPUT];
    if (out.begin > out.stop || out.stop > r->addresses)
        return bad(r, SAGE_EINVAL, "trace.builtin", out.begin, "the output is no range");
    s = public_room(r, STACK_FRAME + 2 * MAIN_BUILTINS + (uint64_t)(out.stop - out.begin));
    for (uint32_t i = 0; !s && i < STACK_FRAME + MAIN_BUILTINS; i++)
        s = add_public(r, r->stack + i);
    for (uint32_t i = 0; !s && i < MAIN_BUILTINS; i++)
        s = add_public(r, last.ap - MAIN_BUILTINS + i);
    for (uint32_t i = out.begin; !s && i < out.stop; i++)
        s = add_public(r, i);
    return s;
}

static sage_status read_range(sage_json_in *c, sage_builtin_range *out)
{
    static const char *const keys[] = {"begin_addr", "stop_ptr"};
    sage_json_in part[2];
    uint64_t begin, stop;
    sage_status s = sage_json_in_members(c, keys, 2, part);
    if (!s) s = sage_json_in_number(&part[0], SAGE_MEMORY_MAX_OFFSET, &begin, "trace.public");
    if (!s) s = sage_json_in_number(&part[1], SAGE_MEMORY_MAX_OFFSET, &stop, "trace.public");
    if (!s) *out = (sage_builtin_range){(uint32_t)begin, (uint32_t)stop};
    return s;
}

static sage_status read_segments(reader *r, sage_json_in *c)
{
    bool more;
    const char *key;
    size_t n;
    sage_status s = sage_json_in_open_object(c);
    for (uint32_t i = 0; !s; i++) {
        sage_builtin b;
        s = sage_json_in_member(c, i, &more, &key, &n);
        if (s || !more) return s;
        if (!sage_builtin_named(key, n, &b))
            s = sage_json_in_skip(c, NULL); /* program, execution */
        else
            s = read_range(c, &r->builtin[b]);
    }
    return s;
}

/* {"address": 1, "value": "0x..", "page": 0} */
static sage_status read_public_cell(reader *r, sage_json_in *c)
{
    static const char *const keys[] = {"address", "value"};
    sage_json_in part[2], start = *c;
    uint64_t address = 0;
    const char *text;
    size_t n;
    sage_value v;
    sage_status s = sage_json_in_pick(c, keys, 2, part);
    if (s) return s;
    if (!part[0].text || !part[1].text)
        return sage_json_in_bad(&start, "trace.public", "no address or no value");
    s = sage_json_in_number(&part[0], SAGE_MEMORY_MAX_OFFSET, &address, "trace.public");
    if (!s) s = sage_json_in_string(&part[1], &text, &n);
    if (s) return s;
    if (!sage_value_parse(&v, text, n) || !sage_value_equal(v, get(r, address)))
        return sage_json_in_bad(&start, "trace.public", "the memory holds another value");
    return add_public(r, address);
}

static sage_status read_public_cells(reader *r, sage_json_in *c)
{
    uint32_t n;
    bool more;
    sage_status s = sage_json_in_length(c, &n);
    if (!s) s = public_room(r, n);
    if (!s) s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = read_public_cell(r, c);
    }
    return s;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* A cell may be named twice: of empty segments begin and end are one. */
static void sort_public(sage_run *r)
{
    uint32_t kept = 0;
    if (r->n_public)
        qsort(r->public_offsets, r->n_public, sizeof *r->public_offsets, ascending);
    for (uint32_t i = 0; i < r->n_public; i++)
        if (!kept || r->public_offsets[kept - 1] != r->public_offsets[i])
            r->public_offsets[kept++] = r->public_offsets[i];
    r->n_public = kept;
}

static sage_status read_public(reader *r)
{
    static const char *const keys[] = {"memory_segments", "public_memory"};
    sage_json_in part[2], c = {.text = (const char *)r->in->public_input,
                               .len  = r->in->public_input_len,
                               .err  = r->err};
    if (!c.text) return derive_public(r);
    sage_status s = sage_json_in_pick(&c, keys, 2, part);
    if (!s) s = sage_json_in_end(&c);
    if (s) return s;
    if (!part[0].text || !part[1].text)
        return bad(r, SAGE_EFORMAT, "trace.public", 0,
                   "no memory_segments or no public_memory");
    s = read_segments(r, &part[0]);
    return s ? s : read_public_cells(r, &part[1]);
}

/* --- padding: copies of the last instance, up to a power of two of them --- */

static bool has_room(reader *r, uint32_t stop, uint64_t end)
{
    for (uint64_t a = stop; a < end && a < r->addresses; a++)
        if (sage_value_known(get(r, a))) return false;
    for (int b = 0; b < SAGE_BUILTINS; b++)
        if (r->builtin[b].begin >= stop && r->builtin[b].begin < end &&
            r->builtin[b].begin < r->builtin[b].stop)
            return false;
    return true;
}

static sage_status grow_memory(reader *r, uint64_t end)
{
    if (end <= r->addresses) return SAGE_OK;
    sage_status s =
        sage_memory_reserve(&r->run.memory, SAGE_SEGMENT_EXECUTION, end - r->stack, r->err);
    if (s) return s;
    r->run.memory.segment[SAGE_SEGMENT_EXECUTION].len = (uint32_t)(end - r->stack);
    r->addresses                                      = (uint32_t)end;
    return SAGE_OK;
}

static sage_status check_range(reader *r, sage_builtin b)
{
    sage_builtin_range range = r->builtin[b];
    if (range.stop > range.begin && range.begin >= r->stack && range.stop <= r->addresses &&
        (range.stop - range.begin) % sage_builtin_cells(b) == 0)
        return SAGE_OK;
    return sage_fail(r->err, SAGE_EINVAL, "trace.builtin", range.begin,
                     "builtin %s is no range of instances", sage_builtin_name(b));
}

static sage_status pad(reader *r, sage_builtin b)
{
    sage_builtin_range *range = &r->builtin[b];
    uint32_t cells = sage_builtin_cells(b), used = range->stop - range->begin;
    uint64_t n = MIN_INSTANCES;
    while (n < used / cells)
        n *= 2;
    uint64_t end = range->begin + n * cells;
    if (!has_room(r, range->stop, end))
        return sage_fail(
            r->err, SAGE_EUNSUP, "trace.padding", range->stop,
            "builtin %s has %u instances and no room for %llu behind them: use 16, "
            "32, 64 .. of them",
            sage_builtin_name(b), used / cells, (unsigned long long)n);
    sage_status s = grow_memory(r, end);
    for (uint64_t a = range->stop; !s && a < end; a++)
        *cell(r, a) = get(r, a - cells);
    range->stop = (uint32_t)end;
    return s;
}

/* All that the program put out is public. */
static sage_status check_output(reader *r)
{
    sage_builtin_range out = r->builtin[SAGE_BUILTIN_OUTPUT];
    for (uint32_t a = out.begin; a < out.stop; a++) {
        uint32_t offset = a - r->stack;
        if (!bsearch(&offset, r->run.public_offsets, r->run.n_public, sizeof offset, ascending))
            return bad(r, SAGE_EFORMAT, "trace.public", a,
                       "a cell of the output is not public");
    }
    return SAGE_OK;
}

static sage_status pad_all(reader *r)
{
    sage_status s = SAGE_OK;
    for (int b = 0; !s && b < SAGE_BUILTIN_SEGMENT_ARENA; b++) {
        if (r->builtin[b].begin == r->builtin[b].stop) continue;
        if (b == SAGE_BUILTIN_ECDSA || b == SAGE_BUILTIN_KECCAK)
            return sage_fail(r->err, SAGE_EUNSUP, "trace.builtin", r->builtin[b].begin,
                             "the run uses builtin %s, which no proof covers",
                             sage_builtin_name((sage_builtin)b));
        s = check_range(r, (sage_builtin)b);
        if (!s) s = b == SAGE_BUILTIN_OUTPUT ? check_output(r) : pad(r, (sage_builtin)b);
    }
    return s;
}

static void keep_ranges(reader *r, sage_prover_input *out)
{
    for (int b = 0; b < SAGE_BUILTIN_SEGMENT_ARENA; b++)
        if (r->builtin[b].begin != r->builtin[b].stop) out->builtin[b] = r->builtin[b];
}

sage_status
sage_trace_files_read(sage_prover_input *out, const sage_trace_files *in, sage_errinfo *err)
{
    reader r = {.in = in, .err = err};
    memset(out, 0, sizeof *out);
    for (int b = 0; b < SAGE_BUILTIN_SEGMENT_ARENA; b++)
        r.run.takes[b] = true; /* as programs for this layout do */
    sage_status s = read_start(&r);
    if (!s) s = read_memory(&r);
    if (!s) s = read_trace(&r);
    if (!s) s = read_public(&r);
    if (!s) sort_public(&r.run);
    if (!s) s = pad_all(&r);
    if (!s) s = sage_adapt(out, &r.run, err);
    if (!s) keep_ranges(&r, out);
    sage_run_free(&r.run);
    return s;
}

/* vm/run.c -- a run from first to last: segments, initial stack, the loop, what main returned
 * (facts D: proof mode as stwo-cairo uses it, without padding of the trace). */
#include "vm/run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/pages.h"
#include "vm/machine.h"

const sage_run_limits sage_run_default_limits = {
    .max_steps = 1u << 26, .max_cells = 1u << 28, .max_ms = 0};

/* ZERO_CELLS: the layout's mod builtins have a segment of as many zeros as a number has words. */
enum { SAFE_CALL_CELLS = 2, ZERO_CELLS = 4 };

static sage_status wrong(machine *m, const char *where, const char *what)
{
    return sage_fail(m->err, SAGE_EINVAL, where, m->pc.offset, "%s", what);
}

static sage_status set(machine *m, uint32_t segment, uint32_t offset, sage_value v)
{
    return sage_memory_set(&m->run->memory, (sage_address){segment, offset}, v, m->err);
}

static sage_status make_zero_segment(machine *m)
{
    uint32_t segment;
    sage_status s = sage_memory_add(&m->run->memory, &segment, m->err);
    for (uint32_t i = 0; !s && i < ZERO_CELLS; i++)
        s = set(m, segment, i, sage_value_from_u64(0));
    return s;
}

/* Segments 0 and 1, then one for each builtin the program names, then the zeros, which are
 * there whether the program uses them or not. */
static sage_status make_segments(machine *m)
{
    sage_run *r   = m->run;
    uint32_t n    = m->program->n_builtins + SAGE_SEGMENT_EXECUTION + 1, segment;
    m->builtin_of = malloc(n);
    if (!m->builtin_of)
        return sage_fail(m->err, SAGE_ENOMEM, "vm.memory", -1, "%u segments", n);
    memset(m->builtin_of, SAGE_BUILTINS, n);
    m->n_builtin_of = n;
    for (uint32_t i = 0; i < n; i++) {
        sage_status s = sage_memory_add(&r->memory, &segment, m->err);
        if (s) return s;
        if (i <= SAGE_SEGMENT_EXECUTION) continue;
        sage_builtin b        = m->program->builtins[i - SAGE_SEGMENT_EXECUTION - 1];
        r->builtin_segment[b] = segment;
        m->builtin_of[i]      = (uint8_t)b;
    }
    return make_zero_segment(m);
}

static sage_status load_program(machine *m)
{
    const sage_program *p = m->program;
    sage_status s =
        sage_memory_reserve(&m->run->memory, SAGE_SEGMENT_PROGRAM, p->n_data, m->err);
    if (s) return s;
    sage_segment *segment = &m->run->memory.segment[SAGE_SEGMENT_PROGRAM];
    memcpy(segment->cell, p->data, p->n_data * sizeof *p->data);
    segment->len = p->n_data;
    m->code      = calloc(p->n_data, sizeof *m->code);
    if (!m->code)
        return sage_fail(m->err, SAGE_ENOMEM, "vm.memory", -1, "%u instructions", p->n_data);
    return SAGE_OK;
}

/* Below main's frame stands a call that never was: [ap - 2] = ap and [ap - 1] = 0, then the
 * pointers to the builtins' segments, main's arguments. */
static sage_status make_stack(machine *m)
{
    sage_run *r        = m->run;
    r->initial_ap      = SAFE_CALL_CELLS;
    sage_address frame = {SAGE_SEGMENT_EXECUTION, SAFE_CALL_CELLS};
    sage_status s      = set(m, SAGE_SEGMENT_EXECUTION, 0, sage_value_from_address(frame));
    if (!s) s = set(m, SAGE_SEGMENT_EXECUTION, 1, sage_value_from_u64(0));
    for (uint32_t i = 0; !s && i < m->program->n_builtins; i++) {
        sage_builtin b    = m->program->builtins[i];
        sage_address base = {r->builtin_segment[b], 0};
        if (b < SAGE_BUILTIN_SEGMENT_ARENA) r->takes[b] = true;
        s = set(m, SAGE_SEGMENT_EXECUTION, SAFE_CALL_CELLS + i, sage_value_from_address(base));
    }
    m->pc = (sage_address){SAGE_SEGMENT_PROGRAM, m->program->start};
    m->ap = m->fp = r->initial_ap;
    return s;
}

static sage_status start(machine *m)
{
    const sage_program *p = m->program;
    struct timespec t;
    if (p->form == SAGE_PROGRAM_PIE)
        return sage_fail(
            m->err, SAGE_EUNSUP, "program.pie", -1,
            "a Cairo PIE is a run without its hints: run the program it was made of");
    if (p->start >= p->n_data || p->end >= p->n_data)
        return wrong(m, "vm.entry", "the program's entry lies outside its data");
    if (m->limits->max_ms) {
        clock_gettime(CLOCK_MONOTONIC, &t);
        m->deadline_ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec +
                         m->limits->max_ms * 1000000u;
    }
    sage_memory_init(&m->run->memory, m->limits->max_cells);
    if (m->limits->max_segments) m->run->memory.max_segments = m->limits->max_segments;
    sage_status s = sage_hints_prepare(&m->hints, p, m->err);
    if (!s) s = make_segments(m);
    if (!s) s = load_program(m);
    if (!s) s = make_stack(m);
    return s;
}

/* What the loop wrote past the length that sage_memory_set keeps. */
static void measure_execution(sage_run *r)
{
    sage_segment *s = &r->memory.segment[SAGE_SEGMENT_EXECUTION];
    s->len          = s->cap;
    while (s->len && !sage_value_known(s->cell[s->len - 1]))
        s->len--;
}

/* main left the builtins' final pointers below ap, in the order of its arguments. */
static sage_status read_results(machine *m)
{
    sage_run *r = m->run;
    uint32_t n  = m->program->n_builtins;
    if (m->ap < r->initial_ap + n)
        return wrong(m, "vm.return", "main returned no pointer for some builtin");
    for (uint32_t i = 0; i < n; i++) {
        sage_builtin b  = m->program->builtins[i];
        sage_address at = {SAGE_SEGMENT_EXECUTION, m->ap - n + i};
        sage_value stop = sage_memory_get(&r->memory, at);
        if (!sage_value_is_address(stop) ||
            sage_value_address(stop).segment != r->builtin_segment[b])
            return sage_fail(m->err, SAGE_EINVAL, "vm.return", at.offset,
                             "main did not return a pointer for builtin %s",
                             sage_builtin_name(b));
        r->builtin_stop[b] = sage_value_address(stop).offset;
    }
    return SAGE_OK;
}

/* The pointer that main returned must be where the builtin's cells end. */
static sage_status finish_builtins(machine *m)
{
    sage_run *r = m->run;
    for (uint32_t i = 0; i < m->program->n_builtins; i++) {
        sage_builtin b = m->program->builtins[i];
        sage_status s  = sage_builtin_finish(b, &r->memory, r->builtin_segment[b], m->err);
        if (s) return s;
        uint32_t used = r->memory.segment[r->builtin_segment[b]].len;
        if (used != r->builtin_stop[b])
            return sage_fail(m->err, SAGE_EINVAL, "vm.return", (long long)used,
                             "main returned a pointer to cell %u of builtin %s, %u are used",
                             r->builtin_stop[b], sage_builtin_name(b), used);
    }
    return SAGE_OK;
}

/* Public cells of the execution segment: safe call and arguments, then what main returned. */
static sage_status list_public(machine *m)
{
    sage_run *r = m->run;
    uint32_t n = m->program->n_builtins, k = 0;
    r->n_public       = SAFE_CALL_CELLS + 2 * n;
    r->public_offsets = malloc(r->n_public * sizeof *r->public_offsets);
    if (!r->public_offsets)
        return sage_fail(m->err, SAGE_ENOMEM, "vm.memory", -1, "%u public cells", r->n_public);
    for (uint32_t i = 0; i < SAFE_CALL_CELLS + n; i++)
        r->public_offsets[k++] = i;
    for (uint32_t i = 0; i < n; i++)
        r->public_offsets[k++] = m->ap - n + i;
    return SAGE_OK;
}

/* The endless loop's first step is the last row of the trace. */
static sage_status finish(machine *m)
{
    sage_run *r   = m->run;
    sage_status s = machine_step(m);
    if (s) return s;
    const sage_trace_row *last = &r->trace[r->n_steps - 1];
    r->final_pc                = last->pc;
    r->final_ap                = last->ap;
    r->final_fp                = last->fp;
    m->ap = r->final_ap; /* results are counted from where the loop began */
    measure_execution(r);
    s = read_results(m);
    if (!s) s = finish_builtins(m);
    if (!s) s = list_public(m);
    return s;
}

sage_status sage_run_program(sage_run *out,
                             const sage_program *p,
                             const sage_run_input *input,
                             const sage_run_limits *limits,
                             sage_errinfo *err)
{
    machine m = {.program = p, .input = input, .limits = limits, .run = out, .err = err};
    memset(out, 0, sizeof *out);
    sage_status s = start(&m);
    if (!s) s = machine_loop(&m);
    if (!s) s = finish(&m);
    sage_hints_free(m.hints);
    free(m.code);
    free(m.builtin_of);
    out->stopped.pc = m.pc;
    out->stopped.ap = m.ap;
    out->stopped.fp = m.fp;
    if (s && !limits->keep) sage_run_free(out);
    return s;
}

void sage_run_free(sage_run *r)
{
    sage_memory_free(&r->memory);
    sage_pages_free(r->trace, r->cap_steps * sizeof *r->trace);
    free(r->public_offsets);
    memset(r, 0, sizeof *r);
}

/* cairo/run_public.c -- what a run shows of itself: registers, program, output, and the cells
 * of the stack that lead to them (facts A9, D). */
#include "cairo/run_public.h"

#include "cairo/formats.h"
#include "cairo/public.h"

enum { SAFE_CALL_CELLS = 2 };

static sage_status bad(sage_errinfo *err, uint32_t address, const char *what)
{
    return sage_fail(err, SAGE_EINVAL, "prove.cairo.input", address, "address %u %s", address,
                     what);
}

static sage_felt252 felt_of(sage_value v)
{
    sage_felt252 f;
    v.l[3] &= ~SAGE_VALUE_KNOWN;
    for (int i = 0; i < 4; i++) {
        f.w[2 * i]     = (uint32_t)v.l[i];
        f.w[2 * i + 1] = (uint32_t)(v.l[i] >> 32);
    }
    return f;
}

static sage_status
cell_at(const sage_prover_input *run, uint32_t address, sage_cairo_cell *out, sage_errinfo *err)
{
    sage_value v = sage_prover_input_value(run, address);
    if (!sage_value_known(v)) return bad(err, address, "is public and holds nothing");
    *out = (sage_cairo_cell){run->address_to_id[address], felt_of(v)};
    return SAGE_OK;
}

/* n may be 0 only where the caller allows it. */
static sage_status copy_cells(const sage_prover_input *run,
                              uint32_t first,
                              uint32_t n,
                              sage_cairo_cells *out,
                              sage_errinfo *err)
{
    if (!n) return SAGE_OK;
    if (n > SAGE_CAIRO_MAX_CELLS)
        return sage_fail(err, SAGE_ELIMIT, "prove.cairo.cells", first,
                         "%u public cells in a row, allowed up to %d", n, SAGE_CAIRO_MAX_CELLS);
    sage_status s = sage_cairo_alloc_cells(out, n, err);
    for (uint32_t i = 0; !s && i < n; i++)
        s = cell_at(run, first + i, &out->at[i], err);
    return s;
}

static sage_status pointer_at(const sage_prover_input *run,
                              uint32_t address,
                              uint32_t *id,
                              uint32_t *value,
                              sage_errinfo *err)
{
    sage_value v = sage_prover_input_value(run, address);
    if (!sage_value_is_small(v) || v.l[0] > UINT32_MAX)
        return bad(err, address, "holds no pointer");
    *id    = run->address_to_id[address];
    *value = (uint32_t)v.l[0];
    return SAGE_OK;
}

/* main got pointers to the segments' starts, and left those to their ends below ap. */
static sage_status
copy_segments(sage_cairo_claim *c, const sage_prover_input *run, sage_errinfo *err)
{
    uint32_t start = run->initial.ap, stop = run->final.ap - SAGE_CAIRO_SEGMENTS;
    sage_status s = SAGE_OK;
    for (uint32_t i = 0; i < SAGE_CAIRO_SEGMENTS; i++)
        if (!run->present[i])
            return sage_fail(err, SAGE_EUNSUP, "prove.cairo.segments", i,
                             "main takes no pointer to segment %u: no verifier accepts that",
                             i);
    for (uint32_t i = 0; !s && i < SAGE_CAIRO_SEGMENTS; i++) {
        uint32_t *to = c->segments[i];
        s = pointer_at(run, start + i, &to[SAGE_CAIRO_START_ID], &to[SAGE_CAIRO_START], err);
        if (!s)
            s = pointer_at(run, stop + i, &to[SAGE_CAIRO_STOP_ID], &to[SAGE_CAIRO_STOP], err);
    }
    return s;
}

static sage_status
copy_safe_call(sage_cairo_claim *c, const sage_prover_input *run, sage_errinfo *err)
{
    const uint32_t ap = run->initial.ap, want[SAFE_CALL_CELLS] = {ap, 0};
    for (uint32_t i = 0; i < SAFE_CALL_CELLS; i++) {
        uint32_t value = 0, at = ap - SAFE_CALL_CELLS + i;
        sage_status s = pointer_at(run, at, &c->safe_call_ids[i], &value, err);
        if (s) return s;
        if (value != want[i]) return bad(err, at, "does not hold the safe call's frame");
    }
    return SAGE_OK;
}

static void copy_registers(m31 to[3], const sage_casm_state *from)
{
    to[SAGE_CAIRO_PC] = from->pc;
    to[SAGE_CAIRO_AP] = from->ap;
    to[SAGE_CAIRO_FP] = from->fp;
}

/* The program lies before the stack, and both within memory. */
static sage_status check_registers(const sage_prover_input *run, sage_errinfo *err)
{
    const sage_casm_state *a = &run->initial, *b = &run->final;
    if (a->ap < run->n_addresses && a->pc < a->ap && a->ap - a->pc > SAFE_CALL_CELLS &&
        b->ap < run->n_addresses && b->ap >= SAGE_CAIRO_SEGMENTS)
        return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "prove.cairo.input", -1,
                     "from pc %u, ap %u to ap %u of %u addresses: no run", a->pc, a->ap, b->ap,
                     run->n_addresses);
}

sage_status
sage_cairo_run_public(sage_cairo_claim *out, const sage_prover_input *run, sage_errinfo *err)
{
    const uint32_t *output = out->segments[SAGE_CAIRO_SEGMENT_OUTPUT];
    sage_status s          = check_registers(run, err);
    if (s) return s;
    copy_registers(out->initial, &run->initial);
    copy_registers(out->final, &run->final);
    uint32_t pc = run->initial.pc, program = run->initial.ap - SAFE_CALL_CELLS - pc;
    s = copy_cells(run, pc, program, &out->program, err);
    if (!s) s = copy_safe_call(out, run, err);
    if (!s) s = copy_segments(out, run, err);
    if (s) return s;
    if (output[SAGE_CAIRO_STOP] < output[SAGE_CAIRO_START])
        return bad(err, output[SAGE_CAIRO_STOP], "ends the output before it begins");
    return copy_cells(run, output[SAGE_CAIRO_START],
                      output[SAGE_CAIRO_STOP] - output[SAGE_CAIRO_START], &out->output, err);
}

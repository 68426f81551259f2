/* cairo/witness.c -- the components one after the other: inputs, cells, uses, rows for others. */
#include "cairo/witness.h"

#include <string.h>

#include "cairo/witness_writer.h"

uint32_t sage_witness_find(const sage_layout *layout, const char *name)
{
    uint32_t i = 0;
    while (i < layout->n && strcmp(layout->inst[i].air->name, name) != 0)
        i++;
    return i;
}

sage_status sage_witness_mismatch(sage_witness_writer *w, uint32_t i, const char *what)
{
    return sage_fail(w->err, SAGE_EINTERNAL, "witness.component", i, "%s: %s",
                     w->layout->inst[i].air->name, what);
}

/* The states of an opcode's component; NULL for others. */
static const sage_casm_states *states_of(const sage_witness_writer *w, const char *name)
{
    for (int o = 0; o < SAGE_OPCODES; o++)
        if (!strcmp(sage_opcode_name((sage_opcode)o), name)) return &w->run->states[o];
    return NULL;
}

/* Large values before those of instance i. */
static size_t big_before(const sage_witness_writer *w, uint32_t i)
{
    size_t n = 0;
    while (i-- && !strcmp(w->layout->inst[i].air->name, "memory_id_to_big"))
        n += (size_t)1 << w->layout->inst[i].log_rows;
    return n;
}

/* What is not an input column already: tables count in theirs, builtins have none. */
static sage_status write_inputs(sage_witness_writer *w, uint32_t i)
{
    const sage_instance *in        = &w->layout->inst[i];
    const char *name               = in->air->name;
    const sage_casm_states *states = states_of(w, name);
    if (states) return sage_witness_states(w, i, states);
    if (w->fed_by[i]) return sage_witness_finish(w, i);
    if (!strcmp(name, "verify_instruction")) return sage_witness_instructions(w, i);
    if (!strcmp(name, "memory_address_to_id")) return sage_witness_split(w, i, w->uses.address);
    if (!strcmp(name, "verify_bitwise_xor_12")) return sage_witness_split(w, i, w->uses.xor_12);
    if (!strcmp(name, "memory_id_to_big"))
        w->site->be->copy(w->site->dev, w->site->inputs[i][0], w->uses.big + big_before(w, i),
                          (size_t)1 << in->log_rows);
    return SAGE_OK;
}

static void mark(const sage_witness_writer *w, uint32_t i, int begin)
{
    const sage_witness_site *s = w->site;
    if (s->stage) s->stage(s->stage_arg, "component", w->layout->inst[i].air->name, begin);
}

static sage_status write_component(sage_witness_writer *w, uint32_t i)
{
    uint32_t *feed[SAGE_WITNESS_FEED_COLUMNS];
    sage_air_rows *rows = &w->site->rows[i];
    const sage_air *air = w->layout->inst[i].air;
    rows->n_active      = 1u << w->layout->inst[i].log_rows;
    rows->memory        = &w->memory;
    rows->feed          = feed;
    sage_status s       = sage_witness_feed_columns(w, i, feed);
    if (!s) s = write_inputs(w, i);
    if (!s) s = w->site->be->witness(w->site->dev, air, rows, w->err);
    if (!s) s = sage_witness_count(w, i);
    if (!s) s = sage_witness_deliver(w, i);
    rows->memory = NULL;
    rows->feed   = NULL;
    return s;
}

sage_status
sage_cairo_witness_write(void *arg, const sage_witness_site *site, sage_errinfo *err)
{
    sage_witness_writer w = {.run = arg, .layout = site->layout, .site = site, .err = err};
    (void)sage_witness_place(&w, site->scratch);
    sage_status s = sage_witness_memory(&w);
    if (!s) s = sage_witness_count_begin(&w);
    for (uint32_t i = 0; !s && i < site->layout->n; i++) {
        mark(&w, i, 1);
        s = write_component(&w, i);
        mark(&w, i, 0);
    }
    return s;
}

/* vm/hints_input.c -- what a Cairo 0 or assembled program asks of the client's input, a list of
 * felts: all of them on a segment of their own, or how many. */
#include "vm/hint.h"

static uint32_t count(const hint_call *c)
{
    return c->machine->input ? c->machine->input->n_felts : 0;
}

/* "[ap]" */
static sage_status give_input(hint_call *c)
{
    sage_address at = {0};
    sage_status s   = hint_work(c, count(c));
    if (!s) s = sage_memory_add(c->memory, &at.segment, c->err);
    for (uint32_t i = 0; !s && i < count(c); i++)
        s = hint_store(c, at, i, c->machine->input->felts[i]);
    return s ? s : hint_write(c, 0, sage_value_from_address(at));
}

/* "[ap]" */
static sage_status count_input(hint_call *c)
{
    return hint_write_number(c, 0, count(c));
}

static const hint_kind kinds[] = {
    {.name     = "program_input",
     .text     = "memory[ap] = segments.gen_arg(program_input)",
     .operands = "[ap]",
     .run      = give_input},
    {.name     = "program_input_length",
     .text     = "memory[ap] = len(program_input)",
     .operands = "[ap]",
     .run      = count_input},
};

const hint_family hints_input = {"Input", kinds, sizeof kinds / sizeof *kinds};

/* vm/hints_relocate.c -- segments that find their place later: a program fills a segment of its
 * own and says where it is to lie in the end. Cairo 1 executables put their dictionaries one
 * behind the other so.
 *
 * Here the cells move at once, and every address into the segment becomes the new one, wherever
 * it is: one pass over all memory for each rule. */
#include <string.h>

#include "vm/hint_state.h"

/* Looking at a cell takes no time beside a round of other loops. */
enum { CELLS_A_ROUND = 16 };

typedef struct move {
    hint_call *c;
    uint32_t from; /* segment; from cell 0 */
    sage_address to;
} move;

/* "temporary_array" */
static sage_status add_temporary(hint_call *c)
{
    sage_address at = {0};
    sage_status s   = sage_memory_add(c->memory, &at.segment, c->err);
    return s ? s : hint_write(c, 0, sage_value_from_address(at));
}

/* What an address into the segment becomes; other values stay. */
static sage_status redirect(const move *m, sage_value *v)
{
    sage_address at = sage_value_address(*v);
    if (!sage_value_is_address(*v) || at.segment != m->from) return SAGE_OK;
    sage_status s = hint_move(m->c, m->to, at.offset, &at);
    *v            = sage_value_from_address(at);
    return s;
}

static sage_status redirect_cells(const move *m, uint32_t segment)
{
    const sage_segment *g = &m->c->memory->segment[segment];
    sage_status s         = hint_work(m->c, g->cap / CELLS_A_ROUND);
    for (uint32_t i = 0; !s && i < g->cap; i++)
        s = redirect(m, &g->cell[i]);
    return s;
}

static sage_status redirect_table(const move *m, const hint_table *t)
{
    sage_status s = hint_work(m->c, t->cap);
    for (uint32_t i = 0; !s && i < t->cap; i++)
        if (sage_value_known(t->slot[i].key)) s = redirect(m, &t->slot[i].value);
    return s;
}

static sage_status redirect_dicts(const move *m)
{
    const hint_dicts *d = &m->c->state->dicts;
    sage_status s       = SAGE_OK;
    for (uint32_t i = 0; !s && i < d->n; i++)
        s = redirect_table(m, &d->at[i].table);
    return s;
}

/* The cells themselves; what they leave behind is empty. */
static sage_status move_cells(const move *m)
{
    sage_memory *memory = m->c->memory;
    sage_status s       = SAGE_OK;
    for (uint32_t i = 0; !s && i < memory->segment[m->from].cap; i++) {
        sage_value v = memory->segment[m->from].cell[i];
        if (sage_value_known(v)) s = hint_store(m->c, m->to, i, v);
    }
    sage_segment *old = &memory->segment[m->from];
    if (!s && old->cap) memset(old->cell, 0, (size_t)old->cap * sizeof *old->cell);
    if (!s) old->len = 0;
    return s;
}

/* "src dst" */
static sage_status relocate(hint_call *c)
{
    sage_address from;
    move m        = {.c = c};
    sage_status s = hint_pointer(c, 0, &from);
    if (!s) s = hint_pointer(c, 1, &m.to);
    if (s) return s;
    m.from = from.segment;
    /* The run's own segments are the program, the execution, the builtins and the zeros. */
    if (from.segment <= SAGE_SEGMENT_EXECUTION + c->machine->program->n_builtins + 1 ||
        from.segment >= c->memory->n || from.offset || from.segment == m.to.segment)
        return hint_fail(c, "vm.hint.address", "this segment has its place already");
    s = move_cells(&m);
    for (uint32_t i = 0; !s && i < c->memory->n; i++)
        s = redirect_cells(&m, i);
    if (!s) s = redirect_dicts(&m);
    if (!s && c->state->boxed.segment == m.from) c->state->has_boxed = false;
    return s;
}

static const hint_kind kinds[] = {
    {.name = "AddRelocationRule", .operands = "src dst", .run = relocate},
    {.name     = "relocate_segment",
     .text     = "memory.add_relocation_rule(src_ptr=ids.src_ptr, dest_ptr=ids.dest_ptr)",
     .operands = "src_ptr dest_ptr",
     .run      = relocate},
    {.name     = "temporary_array",
     .text     = "ids.temporary_array = segments.add_temp_segment()",
     .operands = "temporary_array",
     .run      = add_temporary},
};

const hint_family hints_relocate = {"Segments that move", kinds, sizeof kinds / sizeof *kinds};

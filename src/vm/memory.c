/* vm/memory.c -- segments: growth and single assignment. */
#include "vm/memory.h"

#include <stdlib.h>

#include "base/pages.h"
#include "vm/builtin_state.h"

enum { FIRST_CELLS = 64, MAX_SEGMENTS = 1 << 24 };

void sage_memory_init(sage_memory *m, uint64_t max_cells)
{
    *m = (sage_memory){.max_cells = max_cells, .max_segments = MAX_SEGMENTS};
}

void sage_memory_free(sage_memory *m)
{
    for (uint32_t i = 0; i < m->n; i++)
        sage_pages_free(m->segment[i].cell, m->segment[i].cap * sizeof(sage_value));
    free(m->segment);
    sage_builtin_state_free(m->builtins);
    *m = (sage_memory){0};
}

sage_status sage_memory_add(sage_memory *m, uint32_t *out, sage_errinfo *err)
{
    if (m->n >= m->max_segments)
        return sage_fail(err, SAGE_ELIMIT, "vm.segments", -1,
                         "the run needs more than %u memory segments", m->max_segments);
    if (m->n == m->cap) {
        uint32_t cap      = m->cap ? 2 * m->cap : 16;
        sage_segment *new = realloc(m->segment, cap * sizeof *new);
        if (!new) return sage_fail(err, SAGE_ENOMEM, "vm.segments", -1, "%u segments", cap);
        m->segment = new;
        m->cap     = cap;
    }
    m->segment[m->n] = (sage_segment){0};
    *out             = m->n++;
    return SAGE_OK;
}

sage_status
sage_memory_reserve(sage_memory *m, uint32_t segment, uint64_t cells, sage_errinfo *err)
{
    sage_segment *s = &m->segment[segment];
    if (cells <= s->cap) return SAGE_OK;
    if (cells > SAGE_MEMORY_MAX_OFFSET)
        return sage_fail(err, SAGE_ELIMIT, "vm.memory", -1, "segment %u beyond %d cells",
                         segment, SAGE_MEMORY_MAX_OFFSET);
    uint64_t cap = s->cap ? s->cap : FIRST_CELLS;
    while (cap < cells)
        cap *= 2;
    uint64_t room = m->max_cells - (m->cells - s->cap); /* cells >= s->cap always */
    if (cap > room) cap = room;
    if (cap < cells)
        return sage_fail(err, SAGE_ELIMIT, "vm.memory", -1,
                         "the run needs more than %llu memory cells",
                         (unsigned long long)m->max_cells);
    sage_value *new = sage_pages_grow(s->cell, s->cap * sizeof *new, cap * sizeof *new);
    if (!new)
        return sage_fail(err, SAGE_ENOMEM, "vm.memory", -1, "no memory for %llu cells",
                         (unsigned long long)cap);
    m->cells += cap - s->cap;
    s->cell = new;
    s->cap  = (uint32_t)cap;
    return SAGE_OK;
}

sage_status sage_memory_set(sage_memory *m, sage_address a, sage_value v, sage_errinfo *err)
{
    if (a.segment >= m->n)
        return sage_fail(err, SAGE_EINVAL, "vm.memory.write", a.offset,
                         "there is no segment %u", a.segment);
    sage_segment *s = &m->segment[a.segment];
    if (a.offset >= s->cap) {
        sage_status st = sage_memory_reserve(m, a.segment, (uint64_t)a.offset + 1, err);
        if (st) return st;
        s = &m->segment[a.segment];
    }
    sage_value *cell = &s->cell[a.offset];
    if (!sage_value_known(*cell)) {
        *cell = v;
        if (a.offset >= s->len) s->len = a.offset + 1;
        return SAGE_OK;
    }
    if (sage_value_equal(*cell, v)) return SAGE_OK;
    char held[SAGE_VALUE_TEXT], new[SAGE_VALUE_TEXT];
    sage_value_print(held, *cell);
    sage_value_print(new, v);
    return sage_fail(err, SAGE_EINVAL, "vm.memory.write", a.offset,
                     "cell %u:%u holds %s and cannot become %s", a.segment, a.offset, held,
                     new);
}

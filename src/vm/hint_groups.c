/* vm/hint_groups.c -- sorted places of felts. */
#include "vm/hint_groups.h"

#include <stdlib.h>

#include "vm/hint_state.h"

static int by_key(const void *a, const void *b)
{
    const hint_place_of *x = a, *y = b;
    int d = hint_compare(x->key, y->key);
    return d ? d : (x->index > y->index) - (x->index < y->index);
}

static sage_status
fill(hint_call *c, sage_address from, uint32_t stride, uint64_t n, hint_groups *g)
{
    for (uint64_t i = 0; i < n; i++) {
        sage_status s = hint_load_felt(c, from, i * stride, &g->at[i].key);
        if (s) return s;
        g->at[i].index = (uint32_t)i;
    }
    return SAGE_OK;
}

sage_status
hint_groups_read(hint_call *c, sage_address from, uint32_t stride, uint64_t n, hint_groups *out)
{
    *out = (hint_groups){0};
    sage_value last;
    if (n >= SAGE_MEMORY_MAX_OFFSET)
        return hint_fail(c, "vm.hint.address", "a list is longer than a segment");
    /* What is allocated here is thereby bounded by the memory there is. */
    sage_status s = n ? hint_load(c, from, (n - 1) * stride, &last) : SAGE_OK;
    if (!s) s = hint_take_entries(c, n);
    if (!s) s = hint_work(c, n);
    if (s) return s;
    out->n  = (uint32_t)n;
    out->at = malloc((n ? n : 1) * sizeof *out->at);
    if (!out->at)
        return sage_fail(c->err, SAGE_ENOMEM, "vm.hint.memory", c->machine->pc,
                         "no memory to sort %u felts", out->n);
    s = fill(c, from, stride, n, out);
    if (s)
        hint_groups_free(c, out);
    else
        qsort(out->at, out->n, sizeof *out->at, by_key);
    return s;
}

void hint_groups_free(hint_call *c, hint_groups *g)
{
    c->state->entries -= g->n;
    free(g->at);
    *g = (hint_groups){0};
}

void hint_groups_choose(hint_groups *g, uint32_t begin)
{
    g->begin = g->next = g->end = begin;
    while (g->end < g->n && sage_value_equal(g->at[g->end].key, g->at[begin].key))
        g->end++;
}

void hint_groups_find(hint_groups *g, sage_value key)
{
    uint32_t low = 0, high = g->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (hint_compare(g->at[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < g->n && sage_value_equal(g->at[low].key, key))
        hint_groups_choose(g, low);
    else
        g->begin = g->next = g->end = low;
}

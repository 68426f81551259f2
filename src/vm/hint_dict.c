/* vm/hint_dict.c -- dictionaries of hints: open addressing, linear probing. Keys come from the
 * program, so a hostile one may make them collide; the rounds count as work (hint_work). */
#include "vm/hint_dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "vm/hint_state.h"

enum { FIRST_SLOTS = 8 };

static sage_status no_memory(hint_call *c)
{
    return sage_fail(c->err, SAGE_ENOMEM, "vm.hint.memory", c->machine->pc,
                     "no memory for a dictionary");
}

void hint_table_free(hint_table *t)
{
    free(t->slot);
    *t = (hint_table){0};
}

void hint_dicts_free(hint_dicts *d)
{
    for (uint32_t i = 0; i < d->n; i++)
        hint_table_free(&d->at[i].table);
    free(d->at);
    *d = (hint_dicts){0};
}

static uint32_t slot_of(sage_value key, uint32_t cap)
{
    uint64_t h = key.l[0];
    for (int i = 1; i < 4; i++)
        h = (h ^ h >> 29) * 0x9e3779b97f4a7c15 + key.l[i];
    h = (h ^ h >> 32) * 0x9e3779b97f4a7c15;
    return (uint32_t)(h >> 32) & (cap - 1);
}

/* The key's slot, or the free one where it belongs; *rounds counts the search. */
static uint32_t probe(const hint_table *t, sage_value key, uint64_t *rounds)
{
    uint32_t i = slot_of(key, t->cap);
    for (*rounds = 1; sage_value_known(t->slot[i].key); ++*rounds) {
        if (sage_value_equal(t->slot[i].key, key)) break;
        i = (i + 1) & (t->cap - 1);
    }
    return i;
}

sage_value hint_table_get(const hint_table *t, sage_value key)
{
    uint64_t rounds;
    return t->n ? t->slot[probe(t, key, &rounds)].value : (sage_value){{0}};
}

static sage_status grow(hint_call *c, hint_table *t)
{
    hint_table new = {.cap = t->cap ? 2 * t->cap : FIRST_SLOTS, .n = t->n};
    uint64_t rounds, sum = 0;
    size_t bytes;
    if (!sage_size_mul(new.cap, sizeof *new.slot, &bytes)) return no_memory(c);
    new.slot = calloc(1, bytes);
    if (!new.slot) return no_memory(c);
    for (uint32_t i = 0; i < t->cap; i++)
        if (sage_value_known(t->slot[i].key)) {
            new.slot[probe(&new, t->slot[i].key, &rounds)] = t->slot[i];
            sum += rounds;
        }
    free(t->slot);
    *t = new;
    return hint_work(c, sum);
}

sage_status hint_table_put(hint_call *c, hint_table *t, sage_value key, sage_value value)
{
    uint64_t rounds;
    sage_status s = SAGE_OK;
    if (t->n >= t->cap / 4 * 3) s = grow(c, t);
    if (s) return s;
    uint32_t i = probe(t, key, &rounds);
    s          = hint_work(c, rounds);
    if (!s && !sage_value_known(t->slot[i].key)) {
        s = hint_take_entries(c, 1);
        if (!s) t->n++;
    }
    if (!s) t->slot[i] = (hint_entry){key, value};
    return s;
}

sage_status hint_table_copy(hint_call *c, hint_table *out, const hint_table *in)
{
    *out          = (hint_table){0};
    sage_status s = hint_work(c, in->cap);
    if (!s) s = hint_take_entries(c, in->n);
    if (s || !in->n) return s;
    out->slot = malloc(in->cap * sizeof *in->slot);
    if (!out->slot) return no_memory(c);
    memcpy(out->slot, in->slot, in->cap * sizeof *in->slot);
    out->cap = in->cap;
    out->n   = in->n;
    return SAGE_OK;
}

/* --- dictionaries --- */

static sage_status room(hint_call *c, hint_dicts *d)
{
    if (d->n < d->cap) return SAGE_OK;
    uint32_t cap   = d->cap ? 2 * d->cap : FIRST_SLOTS;
    hint_dict *new = realloc(d->at, cap * sizeof *new);
    if (!new) return no_memory(c);
    d->at  = new;
    d->cap = cap;
    return SAGE_OK;
}

sage_status hint_dict_new(hint_call *c, sage_value initial, hint_dict **out)
{
    uint32_t segment;
    hint_dicts *d = &c->state->dicts;
    sage_status s = room(c, d);
    if (!s) s = hint_take_entries(c, 1);
    if (!s) s = sage_memory_add(c->memory, &segment, c->err);
    if (s) return s;
    *out  = &d->at[d->n++];
    **out = (hint_dict){.segment = segment, .initial = initial};
    return SAGE_OK;
}

sage_status hint_dict_find(hint_call *c, sage_address pointer, hint_dict **out)
{
    const hint_dicts *d = &c->state->dicts;
    uint32_t low = 0, high = d->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (d->at[mid].segment < pointer.segment)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == d->n || d->at[low].segment != pointer.segment)
        return hint_fail(c, "vm.hint.dict", "the pointer belongs to no dictionary");
    *out = &d->at[low];
    return SAGE_OK;
}

sage_status hint_dict_at(hint_call *c, sage_address pointer, hint_dict **out)
{
    sage_status s = hint_dict_find(c, pointer, out);
    if (s || (*out)->end == pointer.offset) return s;
    return hint_fail(c, "vm.hint.dict", "the pointer is not the dictionary's latest");
}

sage_status hint_dict_get(hint_call *c, const hint_dict *d, sage_value key, sage_value *out)
{
    *out = hint_table_get(&d->table, key);
    if (!sage_value_known(*out)) *out = d->initial;
    return sage_value_known(*out) ? SAGE_OK
                                  : hint_fail(c, "vm.hint.dict", "the key has no value");
}

/* devnet/trace.c -- lists that grow; and how a panic and a difference are shown. */
#include "devnet/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "field/felt252_text.h"

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "execute.memory", -1, "no memory for a transaction");
}

/* Room for one more of n things of some size; the new place of the block, or NULL. */
static void *grow(void *block, uint32_t n, uint32_t *cap, size_t size)
{
    size_t bytes;
    if (n < *cap) return block;
    uint32_t more = *cap ? 2 * *cap : 8;
    if (more < *cap || !sage_size_mul(more, size, &bytes)) return NULL;
    void *p = realloc(block, bytes);
    if (p) *cap = more;
    return p;
}

static void free_event(sage_chain_event *e)
{
    sage_felt_list_free(&e->keys);
    sage_felt_list_free(&e->data);
}

static void free_call(sage_chain_call *c)
{
    sage_felt_list_free(&c->calldata);
    sage_felt_list_free(&c->result);
}

sage_status sage_trace_event(sage_trace *t, sage_chain_event *e, sage_errinfo *err)
{
    sage_chain_event *p = grow(t->events, t->n_events, &t->cap_events, sizeof *p);
    if (!p) {
        free_event(e);
        return no_memory(err);
    }
    t->events                = p;
    t->events[t->n_events++] = *e;
    return SAGE_OK;
}

sage_status sage_trace_call(sage_trace *t, sage_chain_call *c, sage_errinfo *err)
{
    sage_chain_call *p = grow(t->calls, t->n_calls, &t->cap_calls, sizeof *p);
    if (!p) {
        free_call(c);
        return no_memory(err);
    }
    t->calls               = p;
    t->calls[t->n_calls++] = *c;
    return SAGE_OK;
}

void sage_trace_drop_events(sage_trace *t, uint32_t n)
{
    while (t->n_events > n)
        free_event(&t->events[--t->n_events]);
}

void sage_trace_free(sage_trace *t)
{
    sage_trace_drop_events(t, 0);
    while (t->n_calls)
        free_call(&t->calls[--t->n_calls]);
    free(t->events);
    free(t->calls);
    *t = (sage_trace){0};
}

void sage_tx_result_free(sage_tx_result *r)
{
    sage_trace t = {r->events, r->calls, r->n_events, r->n_calls, r->n_events, r->n_calls};
    sage_trace_free(&t);
    free(r->changes);
    *r = (sage_tx_result){0};
}

/* One felt: 0x4f4b ('OK'). */
static int felt_text(char *out, size_t size, felt252 v)
{
    char hex[SAGE_FELT_HEX], word[SAGE_FELT_SHORT + 1];
    sage_felt_to_hex(hex, v);
    if (sage_felt_to_short(word, v) && word[0])
        return snprintf(out, size, "%s ('%s')", hex, word);
    return snprintf(out, size, "%s", hex);
}

void sage_panic_text(char *out, size_t size, const felt252 *data, uint32_t n)
{
    enum { ONE = SAGE_FELT_HEX + SAGE_FELT_SHORT + 8, TAIL = 6 };
    size_t at = 0;
    snprintf(out, size, n ? "" : "panic without data");
    for (uint32_t i = 0; i < n; i++) {
        char one[ONE];
        size_t len = (size_t)felt_text(one, sizeof one, data[i]);
        if (at + len + TAIL > size) {
            snprintf(out + at, size - at, "...");
            return;
        }
        bool last = i + 1 == n;
        at += (size_t)snprintf(out + at, size - at, "%s%s%s", i || n == 1 ? "" : "(", one,
                               last ? (n == 1 ? "" : ")") : ", ");
    }
}

static int compare_felts(felt252 a, felt252 b)
{
    for (int i = 3; i >= 0; i--)
        if (a.l[i] != b.l[i]) return a.l[i] < b.l[i] ? -1 : 1;
    return 0;
}

static bool same_cell(const sage_state_change *a, const sage_state_change *b)
{
    return a->kind == b->kind && felt252_eq(a->contract, b->contract) &&
           felt252_eq(a->key, b->key);
}

typedef struct numbered {
    felt252 contract, key; /* as numbers: four limbs, not in Montgomery form */
    const sage_state_change *change;
} numbered;

static felt252 as_number(felt252 v)
{
    felt252 n;
    felt252_to_limbs(v, n.l);
    return n;
}

/* By cell, then by time: the journal is one block. */
static int compare_changes(const void *x, const void *y)
{
    const numbered *a = x, *b = y;
    if (a->change->kind != b->change->kind) return a->change->kind < b->change->kind ? -1 : 1;
    int c = compare_felts(a->contract, b->contract);
    if (!c) c = compare_felts(a->key, b->key);
    return c ? c : (a->change < b->change ? -1 : a->change > b->change);
}

static uint32_t merge(sage_state_change *out, const numbered *sorted, size_t n)
{
    uint32_t kept = 0;
    for (size_t i = 0, end; i < n; i = end) {
        sage_state_change c = *sorted[i].change;
        for (end = i + 1; end < n && same_cell(&c, sorted[end].change); end++)
            c.after = sorted[end].change->after;
        if (!felt252_eq(c.before, c.after)) out[kept++] = c;
    }
    return kept;
}

sage_status sage_net_changes(
    const sage_state *s, size_t mark, sage_state_change **out, uint32_t *n, sage_errinfo *err)
{
    size_t total;
    const sage_state_change *all = sage_state_changes(s, mark, &total);
    *out                         = NULL;
    *n                           = 0;
    if (!total) return SAGE_OK;
    if (total > UINT32_MAX) return no_memory(err);
    numbered *sorted = calloc(total, sizeof *sorted);
    *out             = calloc(total, sizeof **out);
    if (!sorted || !*out) {
        free(sorted);
        free(*out);
        *out = NULL;
        return no_memory(err);
    }
    for (size_t i = 0; i < total; i++)
        sorted[i] = (numbered){as_number(all[i].contract), as_number(all[i].key), &all[i]};
    qsort(sorted, total, sizeof *sorted, compare_changes);
    *n = merge(*out, sorted, total);
    free(sorted);
    return SAGE_OK;
}

/* Changes of cells, gathered to one a cell. */
#include "devnet/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

/* A change with its cell's place as limbs that compare as numbers. */
typedef struct item {
    uint64_t contract[4], key[4];
    size_t order;
    const sage_state_change *change;
} item;

sage_status sage_diff_reserve(sage_diff *d, size_t n, sage_errinfo *err)
{
    size_t want, bytes;
    if (!sage_size_add(d->n, n, &want) || !sage_size_mul(want, 2 * sizeof *d->v, &bytes))
        return sage_fail(err, SAGE_ENOMEM, "diff.memory", -1, "too many changes");
    if (want <= d->cap) return SAGE_OK;
    sage_state_change *grown = realloc(d->v, bytes);
    if (!grown) return sage_fail(err, SAGE_ENOMEM, "diff.memory", -1, "no memory for changes");
    d->v   = grown;
    d->cap = 2 * want;
    return SAGE_OK;
}

void sage_diff_add(sage_diff *d, const sage_state_change *changes, size_t n)
{
    if (n) memcpy(d->v + d->n, changes, n * sizeof *changes);
    d->n += n;
}

static int compare_limbs(const uint64_t a[4], const uint64_t b[4])
{
    for (int i = 3; i >= 0; i--)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_cells(const item *a, const item *b)
{
    int c = compare_limbs(a->contract, b->contract);
    if (!c) c = (int)a->change->kind - (int)b->change->kind;
    return c ? c : compare_limbs(a->key, b->key);
}

static int compare_items(const void *va, const void *vb)
{
    const item *a = va, *b = vb;
    int c = compare_cells(a, b);
    if (c) return c;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Writes the changes of the sorted items to out, gathered; returns how many. */
static size_t gather(sage_state_change *out, const item *items, size_t n)
{
    size_t n_out = 0;
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        while (end < n && !compare_cells(&items[i], &items[end]))
            end++;
        sage_state_change whole = *items[i].change;
        whole.after             = items[end - 1].change->after;
        if (!felt252_eq(whole.before, whole.after)) out[n_out++] = whole;
    }
    return n_out;
}

sage_status sage_diff_compact(sage_diff *d, sage_errinfo *err)
{
    if (d->n_sorted == d->n) return SAGE_OK;
    item *items              = calloc(d->n, sizeof *items);
    sage_state_change *whole = calloc(d->n, sizeof *whole);
    if (!items || !whole) {
        free(items);
        free(whole);
        return sage_fail(err, SAGE_ENOMEM, "diff.memory", -1, "no memory to sort changes");
    }
    for (size_t i = 0; i < d->n; i++) {
        items[i] = (item){.order = i, .change = &d->v[i]};
        felt252_to_limbs(d->v[i].contract, items[i].contract);
        felt252_to_limbs(d->v[i].key, items[i].key);
    }
    qsort(items, d->n, sizeof *items, compare_items);
    d->cap = d->n;
    d->n = d->n_sorted = gather(whole, items, d->n);
    free(items);
    free(d->v);
    d->v = whole;
    return SAGE_OK;
}

sage_status sage_diff_copy(sage_diff *out, const sage_diff *d, sage_errinfo *err)
{
    *out           = (sage_diff){0};
    sage_status st = sage_diff_reserve(out, d->n, err);
    if (st) return st;
    sage_diff_add(out, d->v, d->n);
    out->n_sorted = d->n_sorted;
    return SAGE_OK;
}

void sage_diff_clear(sage_diff *d)
{
    d->n = d->n_sorted = 0;
}

void sage_diff_free(sage_diff *d)
{
    free(d->v);
    *d = (sage_diff){0};
}

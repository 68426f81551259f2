/* starknet/felt_list.c -- lists of felts that grow. */
#include "starknet/felt_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "field/felt252_text.h"

enum { FIRST_CAPACITY = 8 };

/* Room for n more. What was there is wiped before it is freed: a list may hold what belongs to
 * its owner alone. */
static sage_status make_room(sage_felt_list *l, uint32_t n, sage_errinfo *err)
{
    uint32_t cap = l->cap ? l->cap : FIRST_CAPACITY;
    if (n > SAGE_FELT_LIST_MAX - l->n)
        return sage_fail(err, SAGE_ELIMIT, "felt_list.length", SAGE_FELT_LIST_MAX,
                         "a list has at most %d felts", SAGE_FELT_LIST_MAX);
    if (n <= l->cap - l->n) return SAGE_OK;
    while (cap < l->n + n)
        cap *= 2;
    felt252 *v = malloc((size_t)cap * sizeof *v);
    if (!v)
        return sage_fail(err, SAGE_ENOMEM, "felt_list.memory", cap, "no memory for %u felts",
                         cap);
    if (l->n) memcpy(v, l->v, (size_t)l->n * sizeof *v);
    if (l->v) sage_secret_zero(l->v, (size_t)l->n * sizeof *v);
    free(l->v);
    l->v   = v;
    l->cap = cap;
    return SAGE_OK;
}

sage_status sage_felt_list_add(sage_felt_list *l, felt252 v, sage_errinfo *err)
{
    return sage_felt_list_add_many(l, &v, 1, err);
}

sage_status
sage_felt_list_add_many(sage_felt_list *l, const felt252 *v, uint32_t n, sage_errinfo *err)
{
    sage_status s = n ? make_room(l, n, err) : SAGE_OK;
    if (s || !n) return s;
    memcpy(l->v + l->n, v, (size_t)n * sizeof *v);
    l->n += n;
    return SAGE_OK;
}

sage_status sage_felt_list_add_u256(sage_felt_list *l, const sage_amount *a, sage_errinfo *err)
{
    felt252 halves[2];
    sage_u256_split(halves, a);
    return sage_felt_list_add_many(l, halves, 2, err);
}

sage_status
sage_felt_list_copy(sage_felt_list *out, const sage_felt_list *from, sage_errinfo *err)
{
    *out = (sage_felt_list){0};
    return sage_felt_list_add_many(out, from->v, from->n, err);
}

void sage_felt_list_free(sage_felt_list *l)
{
    if (l->v) sage_secret_zero(l->v, (size_t)l->n * sizeof *l->v);
    free(l->v);
    *l = (sage_felt_list){0};
}

bool sage_felt_list_equal(const sage_felt_list *a, const sage_felt_list *b)
{
    return a->n == b->n && (a->n == 0 || !memcmp(a->v, b->v, (size_t)a->n * sizeof *a->v));
}

void sage_u256_split(felt252 out[2], const sage_amount *a)
{
    out[0] = sage_felt_from_u128(a->w);
    out[1] = sage_felt_from_u128(a->w + 2);
}

bool sage_u256_join(sage_amount *out, felt252 low, felt252 high)
{
    const bool low_fits = sage_felt_to_u128(out->w, low);
    return sage_felt_to_u128(out->w + 2, high) && low_fits;
}

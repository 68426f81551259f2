#include "base/arena.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/size.h"

static bool power_of_two(size_t v)
{
    return v && !(v & (v - 1));
}

sage_status sage_arena_open(sage_arena *a, size_t bytes, size_t align, sage_errinfo *err)
{
    size_t padded;
    *a = (sage_arena){0};
    if (!power_of_two(align) || align > (size_t)1 << 30)
        return sage_fail(err, SAGE_EINVAL, "arena.align", -1, "alignment %zu", align);
    if (align < sizeof(void *)) align = sizeof(void *);
    /* aligned_alloc wants a multiple of the alignment. */
    if (!sage_size_add(bytes ? bytes : 1, align - 1, &padded))
        return sage_fail(err, SAGE_ENOMEM, "arena.memory", -1, "%zu bytes wanted", bytes);
    padded &= ~(align - 1);
    a->base = aligned_alloc(align, padded);
    if (!a->base)
        return sage_fail(err, SAGE_ENOMEM, "arena.memory", -1, "%zu bytes wanted", bytes);
    a->size = bytes;
    return SAGE_OK;
}

void sage_arena_close(sage_arena *a)
{
    free(a->base);
    *a = (sage_arena){0};
}

sage_status sage_arena_take(
    sage_arena *a, size_t count, size_t size, size_t align, void **out, sage_errinfo *err)
{
    size_t bytes, start, end;
    *out = NULL;
    if (!power_of_two(align))
        return sage_fail(err, SAGE_EINVAL, "arena.align", -1, "alignment %zu", align);
    if (!a->base || !sage_size_mul(count, size, &bytes) ||
        !sage_size_add(a->used, align - 1, &start) ||
        !sage_size_add(start & ~(align - 1), bytes, &end) || end > a->size)
        return sage_fail(err, SAGE_ENOMEM, "arena.full", -1,
                         "%zu x %zu bytes wanted, %zu of %zu in use", count, size, a->used,
                         a->size);
    *out    = a->base + (start & ~(align - 1));
    a->used = end;
    return SAGE_OK;
}

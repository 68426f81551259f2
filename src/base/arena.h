/* base/arena.h -- many buffers of one lifetime in one allocation.
 *
 * Model: the plan computes the total first, one block is allocated, buffers are taken from
 * its front and given back all at once. Not thread safe. */
#ifndef SAGE_BASE_ARENA_H
#define SAGE_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

typedef struct sage_arena {
    uint8_t *base; /* NULL: no block */
    size_t size;   /* bytes in [base, base + size) */
    size_t used;   /* bytes taken, padding included */
} sage_arena;

/* sage_arena_open allocates a block of `bytes` >= 1, aligned to `align`, a power of two up
 * to 2^30. The contents are undefined. SAGE_EINVAL "arena.align"; SAGE_ENOMEM
 * "arena.memory". On error *a is empty. */
SAGE_CHECKED sage_status sage_arena_open(sage_arena *a,
                                         size_t bytes,
                                         size_t align,
                                         sage_errinfo *err);

/* sage_arena_close frees the block; an empty arena is allowed. */
void sage_arena_close(sage_arena *a);

/* sage_arena_take gives count * size bytes aligned to `align` (a power of two, at most the
 * block's). The arena keeps ownership. SAGE_ENOMEM "arena.full" if it does not fit or the
 * product overflows, both numbers in err->msg; *out is NULL then. */
SAGE_CHECKED sage_status sage_arena_take(
    sage_arena *a, size_t count, size_t size, size_t align, void **out, sage_errinfo *err);

/* Everything taken after sage_arena_mark is given back by sage_arena_rewind to that mark. */
SAGE_INLINE size_t sage_arena_mark(const sage_arena *a)
{
    return a->used;
}
SAGE_INLINE void sage_arena_rewind(sage_arena *a, size_t mark)
{
    a->used = mark;
}

#endif

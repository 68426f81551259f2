#include "base/test_heap.h"

#include <malloc.h>
#include <stdbool.h>

static size_t live, peak, until_failure;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);
void __wrap_free(void *p);

size_t heap_live(void)
{
    return live;
}

size_t heap_watch(void)
{
    return peak = live;
}

size_t heap_peak(void)
{
    return peak;
}

size_t heap_fail(size_t n)
{
    size_t left   = until_failure;
    until_failure = n;
    return left;
}

static bool fails(void)
{
    return until_failure > 0 && --until_failure == 0;
}

static void *note(void *p)
{
    live += malloc_usable_size(p);
    if (live > peak) peak = live;
    return p;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : note(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : note(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
    if (fails()) return NULL;
    size_t before = malloc_usable_size(p);
    void *new     = __real_realloc(p, n);
    if (new || n == 0) live -= before;
    return new ? note(new) : NULL;
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return fails() ? NULL : note(__real_aligned_alloc(align, n));
}

void __wrap_free(void *p)
{
    live -= malloc_usable_size(p);
    __real_free(p);
}

#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MAPPED = 1 << 20, HUGE_PAGE = 2 << 20 };

static size_t rounded(size_t bytes)
{
    return (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
}

static void *ask_for_huge_pages(void *p, size_t bytes)
{
    if (p == MAP_FAILED) return NULL;
#ifdef MADV_HUGEPAGE
    (void)madvise(p, bytes, MADV_HUGEPAGE); /* where there are none, small ones do */
#endif
    return p;
}

static void *map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return ask_for_huge_pages(p, bytes);
}

static void *grow_small(void *p, size_t old, size_t new)
{
    uint8_t *bytes = realloc(p, new);
    if (bytes) memset(bytes + old, 0, new - old);
    return bytes;
}

void *sage_pages_grow(void *p, size_t old, size_t new)
{
    if (new > SIZE_MAX - HUGE_PAGE) return NULL;
    if (new < MAPPED) return grow_small(p, old, new ? new : 1);
    if (p && old >= MAPPED) {
        if (rounded(old) == rounded(new)) return p;
        return ask_for_huge_pages(mremap(p, rounded(old), rounded(new), MREMAP_MAYMOVE),
                                  rounded(new));
    }
    void *block = map(rounded(new));
    if (!block) return NULL;
    if (p) memcpy(block, p, old);
    free(p);
    return block;
}

void sage_pages_free(void *p, size_t bytes)
{
    if (p && bytes >= MAPPED)
        munmap(p, rounded(bytes));
    else
        free(p);
}

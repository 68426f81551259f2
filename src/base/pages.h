/* base/pages.h -- large arrays that grow: zeroed, and paid for only where they are touched.
 *
 * A block below 1 MiB comes from malloc; a larger one is mapped, grows without copying, and
 * asks for huge pages, since what touches it first pays for every page. */
#ifndef SAGE_BASE_PAGES_H
#define SAGE_BASE_PAGES_H

#include <stddef.h>

/* sage_pages_grow makes the block p of `old` bytes (NULL, 0: none yet) one of `new` >= old
 * bytes. What is new is zero; the block may move. NULL, and p is as it was, if there is no
 * memory. Cost: O(1) for mapped blocks. */
void *sage_pages_grow(void *p, size_t old, size_t new);
/* bytes: the size that the block was last grown to. */
void sage_pages_free(void *p, size_t bytes);

#endif

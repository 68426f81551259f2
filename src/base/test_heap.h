/* base/test_heap.h -- what the program under test holds on the heap, and allocations that fail
 * when told to.
 *
 * For programs declared with sage_test(... HEAP), whose malloc, calloc, realloc, aligned_alloc and
 * free the linker sends here. Blocks that libc itself allocates (strdup, getline) must not be
 * freed in them: they were never counted. Not thread safe. */
#ifndef SAGE_BASE_TEST_HEAP_H
#define SAGE_BASE_TEST_HEAP_H

#include <stddef.h>

/* Bytes held now. */
size_t heap_live(void);
/* Starts anew to look for the most bytes held; returns heap_live(). */
size_t heap_watch(void);
/* The most bytes held since then. */
size_t heap_peak(void);

/* The n-th allocation from now on fails, once; 0: none does. Returns how many were left of the
 * last such request: 0 if its allocation has failed. */
size_t heap_fail(size_t n);

#endif

/* heap.h -- counts what the program under test holds. For programs linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free. */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#include <stddef.h>

/* Bytes held now. */
size_t heap_live(void);
/* Starts anew to look for the most bytes held; returns heap_live(). */
size_t heap_watch(void);
/* The most bytes held since then. */
size_t heap_peak(void);

#endif

/* devnet/diff.h -- the cells that transactions changed, gathered: one change a cell, from the
 * first value before to the last one after. */
#ifndef SAGE_DEVNET_DIFF_H
#define SAGE_DEVNET_DIFF_H

#include "devnet/state.h"

/* Zero is empty. */
typedef struct sage_diff {
    sage_state_change *v; /* owned */
    size_t n, cap;
    size_t n_sorted; /* the first ones are sorted, and one a cell */
} sage_diff;

/* Room for n more, so that adding those cannot fail. SAGE_ENOMEM "diff.memory". */
SAGE_CHECKED sage_status sage_diff_reserve(sage_diff *d, size_t n, sage_errinfo *err);
/* Adds later changes, for which there is room. */
void sage_diff_add(sage_diff *d, const sage_state_change *changes, size_t n);
/* Sorts by contract, kind and key, as numbers; leaves one change a cell, and none that changes
 * nothing. SAGE_ENOMEM. n log n. */
SAGE_CHECKED sage_status sage_diff_compact(sage_diff *d, sage_errinfo *err);
SAGE_CHECKED sage_status sage_diff_copy(sage_diff *out, const sage_diff *d, sage_errinfo *err);
/* Empties, keeping the memory; frees. */
void sage_diff_clear(sage_diff *d);
void sage_diff_free(sage_diff *d);

#endif

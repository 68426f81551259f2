/* vm/memory.h -- the machine's memory: segments that grow, cells that are written once. */
#ifndef SAGE_VM_MEMORY_H
#define SAGE_VM_MEMORY_H

#include "sage/status.h"
#include "vm/value.h"

/* cell[0..cap) are zeroed where not written; len is one more than the last offset written, or
 * what sage_memory_finalize said. */
typedef struct sage_segment {
    sage_value *cell;
    uint32_t len, cap;
} sage_segment;

typedef struct sage_memory {
    sage_segment *segment;
    uint32_t n, cap;
    uint32_t max_segments;
    uint64_t cells, max_cells; /* reserved in all segments together, and their bound */
    struct sage_builtin_state *builtins; /* vm/builtin_state.h; NULL: nothing yet */
} sage_memory;

/* max_cells bounds the run: SAGE_ELIMIT "vm.memory" beyond. max_segments becomes 2^24, which is
 * also the most it may be set to. */
void sage_memory_init(sage_memory *m, uint64_t max_cells);
void sage_memory_free(sage_memory *m);

/* A new empty segment; its number in *out. SAGE_ELIMIT "vm.segments", SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_memory_add(sage_memory *m, uint32_t *out, sage_errinfo *err);

/* Room for offsets below `cells`, zeroed; pointers into the segment move. SAGE_ELIMIT
 * "vm.memory", SAGE_ENOMEM. */
enum { SAGE_MEMORY_MAX_OFFSET = 1 << 29 }; /* an address has 29 bits (facts F1) */
SAGE_CHECKED sage_status sage_memory_reserve(sage_memory *m,
                                             uint32_t segment,
                                             uint64_t cells,
                                             sage_errinfo *err);

/* The value at a; not known (all zero) if the cell is empty or there is no such cell. */
SAGE_INLINE sage_value sage_memory_get(const sage_memory *m, sage_address a)
{
    if (a.segment >= m->n || a.offset >= m->segment[a.segment].cap) return (sage_value){{0}};
    return m->segment[a.segment].cell[a.offset];
}
/* Writes a known value. SAGE_EINVAL "vm.memory.write" if the cell holds another one or there is
 * no such segment; offsets below 2^29. */
SAGE_CHECKED sage_status sage_memory_set(sage_memory *m,
                                         sage_address a,
                                         sage_value v,
                                         sage_errinfo *err);

#endif

/* vm/test_slow_machine.h -- a second machine for tests: the Cairo whitepaper's rules one after
 * the other over a map of cells, nothing decoded ahead, nothing cached. It knows the builtins
 * output, pedersen, range_check, bitwise and poseidon, and the hints of the examples. */
#ifndef SAGE_VM_TEST_SLOW_MACHINE_H
#define SAGE_VM_TEST_SLOW_MACHINE_H

#include "vm/run.h"

typedef struct slow_cell {
    uint64_t key; /* segment << 32 | offset, plus 1; 0: free */
    sage_value value;
} slow_cell;

typedef struct slow_run {
    slow_cell *cells;
    uint64_t n_cells, cap_cells;
    sage_trace_row *trace;
    uint64_t n_steps, cap_steps;
    uint32_t n_segments;
    const char *error; /* the code it stopped with; NULL: none */
    bool unknown;      /* it met a builtin or hint that it does not know: no result */
} slow_run;

/* Runs p until its end, an error, or max_steps. Memory is not limited. */
void slow_run_program(slow_run *out,
                      const sage_program *p,
                      const sage_run_input *input,
                      uint64_t max_steps);
/* Not known if empty. */
sage_value slow_get(const slow_run *r, uint32_t segment, uint32_t offset);
void slow_free(slow_run *r);

/* What is different between a run (or its error) and the slow one; NULL: nothing. */
const char *
slow_compare(const slow_run *slow, const sage_run *run, const char *error, char out[160]);

#endif

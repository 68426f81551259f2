/* app/run_report.h -- what sage run tells people of a run. */
#ifndef SAGE_APP_RUN_REPORT_H
#define SAGE_APP_RUN_REPORT_H

#include "vm/profile.h"

/* What a run came to. ns: how long it took. */
typedef struct run_outcome {
    const sage_value *output; /* empty cells allowed */
    uint32_t n_output;
    uint64_t steps, cells, ns;
    bool read; /* it was read from files, not run */
} run_outcome;

/* The output on stdout, a felt a line, and a line of figures on stderr; or all of it on stdout
 * as one JSON object. */
void report_outcome(const run_outcome *o, bool json);
/* On stderr: the step that could not be done, its place and its operands as far as they are
 * known. r was kept. pc: the error's, for a run that never began; below 0: it has none. */
void report_stop(const sage_program *p, const sage_run *r, long long pc);

/* Steps first .. first + n of the trace, a line each: pc, name, instruction, registers, and
 * what its cells hold in the end. */
void report_trace(const sage_program *p, const sage_run *r, uint64_t first, uint64_t n);
/* Functions, builtins, memory, components with rows and cells. */
void report_profile(const sage_profile *f);

#endif

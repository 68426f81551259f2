/* app/run_report.h -- what sage run tells people of a run. */
#ifndef SAGE_APP_RUN_REPORT_H
#define SAGE_APP_RUN_REPORT_H

#include "vm/profile.h"

/* Steps first .. first + n of the trace, a line each: pc, name, instruction, registers, and
 * what its cells hold in the end. */
void report_trace(const sage_program *p, const sage_run *r, uint64_t first, uint64_t n);
/* Functions, builtins, memory, components with rows and cells. */
void report_profile(const sage_profile *f);

#endif

/* cairo/prove_run.h -- from what a task brings to prover input; private to prove.c. */
#ifndef SAGE_CAIRO_PROVE_RUN_H
#define SAGE_CAIRO_PROVE_RUN_H

#include "sage/cairo.h"
#include "vm/prover_input.h"

/* Runs the task's program, or reads its prover input; sage_prover_input_free frees *out. Errors
 * of the loader, the machine and the adapter. On error *out is zeroed. */
SAGE_CHECKED sage_status sage_cairo_run_task(sage_prover_input *out,
                                             const sage_cairo_task *t,
                                             sage_errinfo *err);

#endif

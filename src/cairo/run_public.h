/* cairo/run_public.h -- the public data of a run; private to run_claim.c. */
#ifndef SAGE_CAIRO_RUN_PUBLIC_H
#define SAGE_CAIRO_RUN_PUBLIC_H

#include "cairo/claim.h"
#include "vm/prover_input.h"

/* Fills registers, program, safe call, segments and output of *out. SAGE_EINVAL
 * "prove.cairo.input" if a cell that must be public holds nothing or, where a pointer is due,
 * no number below 2^32; SAGE_EUNSUP "prove.cairo.segments" if main does not take all pointers;
 * SAGE_ELIMIT "prove.cairo.cells", SAGE_ENOMEM. What was made is freed with the claim. */
SAGE_CHECKED sage_status sage_cairo_run_public(sage_cairo_claim *out,
                                               const sage_prover_input *run,
                                               sage_errinfo *err);

#endif

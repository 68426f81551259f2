/* cairo/run_claim.h -- from a run (vm/prover_input.h) to what its proof claims: public data,
 * the components it needs and their sizes (facts A9, B3, B5). */
#ifndef SAGE_CAIRO_RUN_CLAIM_H
#define SAGE_CAIRO_RUN_CLAIM_H

#include "cairo/claim.h"
#include "vm/prover_input.h"

/* sage_cairo_claim_of_run fills *out, which sage_cairo_claim_free frees; zeroed on error.
 * SAGE_EUNSUP "prove.cairo.component" naming the builtin or opcode that cannot be proved here;
 * "prove.cairo.variant" if the variant's preprocessed trace lacks a column the run needs (a
 * component of more than 2^25 rows, 2^20 in the small one); "prove.cairo.segments",
 * "prove.cairo.claim" for a run whose claim no verifier accepts. SAGE_EINVAL
 * "prove.cairo.input" for a prover input that is no run (no state, an address outside memory,
 * a pointer cell without a number); SAGE_ELIMIT "prove.cairo.cells", SAGE_ENOMEM. Cost: one
 * pass over the states (which instructions ran) and the public cells. */
SAGE_CHECKED sage_status sage_cairo_claim_of_run(sage_cairo_claim *out,
                                                 const sage_prover_input *run,
                                                 sage_cairo_variant variant,
                                                 sage_errinfo *err);

#endif

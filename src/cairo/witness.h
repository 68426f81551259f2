/* cairo/witness.h -- writes the trace of a Cairo proof: which component runs first, what rows
 * it hands to which, and the multiplicities of the tables (facts B5). The cells themselves are
 * computed by the kernels of air/cairo. */
#ifndef SAGE_CAIRO_WITNESS_H
#define SAGE_CAIRO_WITNESS_H

#include "cairo/claim.h"
#include "stark/prover.h"
#include "vm/prover_input.h"

typedef struct sage_cairo_witness {
    const sage_prover_input *run;
    const sage_cairo_claim *claim; /* sage_cairo_claim_of_run's of that run */
    sage_progress_fn progress;     /* may be NULL */
    void *progress_arg;
} sage_cairo_witness;

/* Words of scratch that sage_cairo_witness_write needs for the claim (stark/prover.h). */
SAGE_CHECKED sage_status sage_cairo_witness_words(const sage_cairo_witness *w,
                                                  const sage_layout *layout,
                                                  size_t *words,
                                                  sage_errinfo *err);
/* A sage_prover_job's `witness`; arg is a sage_cairo_witness. The layout is sage_cairo_layout's
 * of the claim. SAGE_EPROOF "witness.count" if a value is not in the table that bounds it
 * (a run that is none), or what the backend reports. */
SAGE_CHECKED sage_status sage_cairo_witness_write(void *arg,
                                                  const sage_witness_site *site,
                                                  sage_errinfo *err);

#endif

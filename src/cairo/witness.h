/* cairo/witness.h -- writes the trace of a Cairo proof: which component runs first, what rows
 * it hands to which, and the multiplicities of the tables (facts B5). The cells themselves are
 * computed by the kernels of air/cairo. */
#ifndef SAGE_CAIRO_WITNESS_H
#define SAGE_CAIRO_WITNESS_H

#include "cairo/claim.h"
#include "stark/prover.h"
#include "vm/prover_input.h"

/* The layout is sage_cairo_layout's of sage_cairo_claim_of_run's claim of the run: all that is
 * said of the run there is taken for granted here. */

/* Words of scratch that sage_cairo_witness_write needs (stark/prover.h): 6 a memory cell and
 * large value, 5 a small one, 2^24 for Blake2s, and the rows that the component which hands on
 * most of them does. */
size_t sage_cairo_witness_words(const sage_prover_input *run, const sage_layout *layout);

/* A sage_prover_job's `witness`; arg is a sage_prover_input. SAGE_EPROOF "witness.count" if a
 * value is not in the table that bounds it (a run that is none), SAGE_ENOMEM
 * "prove.cairo.memory" for counts of the public memory, SAGE_EINTERNAL "witness.component" if
 * a component's text is not what this writer takes it for, or what the backend reports. */
SAGE_CHECKED sage_status sage_cairo_witness_write(void *arg,
                                                  const sage_witness_site *site,
                                                  sage_errinfo *err);

#endif

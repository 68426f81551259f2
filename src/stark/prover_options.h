/* stark/prover_options.h -- what sage_prove_options mean, for all that prove. */
#ifndef SAGE_STARK_PROVER_OPTIONS_H
#define SAGE_STARK_PROVER_OPTIONS_H

#include "sage/prove.h"
#include "stark/config.h"
#include "stark/layout.h"

/* The protocol's parameters; all zero means production. Not checked. */
sage_config sage_options_config(const sage_params *p);
/* SAGE_ENOMEM "prove.memory" with both numbers if `bytes` are more than the caller allows, or,
 * where the caller says nothing, than the machine has. */
SAGE_CHECKED sage_status sage_options_check_memory(const sage_prove_options *o,
                                                   uint64_t bytes,
                                                   sage_errinfo *err);
/* Threads for the device. */
uint32_t sage_options_threads(const sage_prove_options *o);
/* Everything of *out but bytes. */
void sage_options_cost(sage_prove_cost *out, const sage_layout *l, const sage_config *c);

#endif

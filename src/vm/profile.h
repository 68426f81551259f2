/* vm/profile.h -- where a run's steps went, and what proving it will take. */
#ifndef SAGE_VM_PROFILE_H
#define SAGE_VM_PROFILE_H

#include "vm/prover_input.h"

/* symbol NULL: code that no name of the program covers. */
typedef struct sage_profile_function {
    const sage_symbol *symbol;
    uint64_t steps;
} sage_profile_function;

/* rows: what the run needs, at_most if equal inputs share one; padded: what is proved. */
typedef struct sage_profile_component {
    const char *name; /* as in the Cairo AIR (facts B1) */
    uint64_t rows, padded;
    bool at_most;
} sage_profile_component;

enum { SAGE_PROFILE_MAX_COMPONENTS = 64 };

typedef struct sage_profile {
    sage_profile_function *functions; /* most steps first */
    uint32_t n_functions;
    uint64_t steps;                    /* the endless loop's first step not counted */
    uint64_t instances[SAGE_BUILTINS]; /* output: cells */
    uint64_t cells, holes;             /* of all segments, and those that hold nothing */
    sage_profile_component components[SAGE_PROFILE_MAX_COMPONENTS];
    uint32_t n_components;
} sage_profile;

/* Functions, builtins and memory of a finished run, before sage_adapt pads it. SAGE_ENOMEM
 * "profile.memory". Cost: linear in steps and cells. The symbols are p's. */
SAGE_CHECKED sage_status sage_profile_run(sage_profile *out,
                                          const sage_program *p,
                                          const sage_run *r,
                                          sage_errinfo *err);
/* The same of a run that is only prover input: no functions; instances with their padding, cells of
 * the padded memory. */
void sage_profile_input(sage_profile *out, const sage_prover_input *in);
/* Adds the components that the run's prover input needs, but for the tables that every proof
 * has; Pedersen with windows of 18 bits. */
void sage_profile_proof(sage_profile *out, const sage_prover_input *in);
void sage_profile_free(sage_profile *p);

#endif

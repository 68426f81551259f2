/* app/recorded.h -- the files of runs that are over: nothing is run, there is no program. */
#ifndef SAGE_APP_RECORDED_H
#define SAGE_APP_RECORDED_H

#include "vm/prover_input.h"

/* What another Cairo machine left (vm/trace_files.h); public_input may be NULL. */
typedef struct recorded_files {
    const char *trace, *memory, *public_input;
} recorded_files;

/* SAGE_EINVAL "cli.required" for a trace without memory or the other way round; "file.*", and
 * what sage_trace_files_read says. *out is the caller's: sage_prover_input_free. Files of at
 * most RECORDED_MAX_BYTES; prover_input.json of RECORDED_MAX_JSON. */
enum { RECORDED_LOG_BYTES = 34, RECORDED_LOG_JSON = 32 };
#define RECORDED_MAX_BYTES ((size_t)1 << RECORDED_LOG_BYTES)
#define RECORDED_MAX_JSON  ((size_t)1 << RECORDED_LOG_JSON)
SAGE_CHECKED sage_status recorded_read(sage_prover_input *out,
                                       const recorded_files *f,
                                       sage_errinfo *err);

/* Steps of the run; addresses that hold something; the output, malloc'ed, *n cells of it. */
uint64_t recorded_steps(const sage_prover_input *in);
uint64_t recorded_cells(const sage_prover_input *in);
SAGE_CHECKED sage_status recorded_output(const sage_prover_input *in,
                                         sage_value **out,
                                         uint32_t *n,
                                         sage_errinfo *err);

#endif

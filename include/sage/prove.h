/* sage/prove.h -- make a STARK proof of a statement.
 *
 * The proof's bytes are a function of statement, input and config alone: every backend and
 * every thread count gives the same. Links libc and pthread. */
#ifndef SAGE_PROVE_H
#define SAGE_PROVE_H

#include "sage/statement.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Protocol parameters; all zero means production (26, 1, 70, 0, 1: 96 bits). */
typedef struct sage_params {
    uint32_t pow_bits, log_blowup, n_queries, log_last_layer, fold_step;
} sage_params;

/* Called from the proving thread as work proceeds: stage is a static name, fraction in [0, 1]
 * of the whole proof, never decreasing. */
typedef void (*sage_progress_fn)(void *arg, const char *stage, double fraction);

/* Called from the proving thread when a stage of the work begins (begin = 1) and when it ends
 * (0), also if it ends in an error. Stages nest. stage is a static name; part, static too, is
 * the component at work, or NULL. */
typedef void (*sage_stage_fn)(void *arg, const char *stage, const char *part, int begin);

typedef struct sage_prove_options {
    const char *backend;   /* NULL or "auto", "scalar", "avx2", "avx512" */
    uint32_t threads;      /* 0: all cores this process may use */
    uint64_t memory_bytes; /* the proof is refused before it starts if it needs more; 0: the
                            machine's memory */
    sage_params params;
    sage_progress_fn progress; /* may be NULL */
    void *progress_arg;
    sage_stage_fn stage; /* may be NULL */
    void *stage_arg;
} sage_prove_options;

/* What a proof will need, without making it. bytes is the whole device arena. */
typedef struct sage_prove_cost {
    uint64_t bytes;
    uint64_t cells; /* committed trace and interaction cells */
    uint32_t log_rows;
    uint32_t security_bits;
} sage_prove_cost;
SAGE_CHECKED sage_status sage_prove_plan(const sage_statement *s,
                                         const sage_prove_options *o,
                                         sage_prove_cost *out,
                                         sage_errinfo *err);

/* sage_prove makes the proof file (the form sage_verify reads) of statement s.
 *
 *   out     *proof, *proof_len   malloc'ed bytes, the caller frees; NULL on error
 *   in      input, input_len     the secret input: the file for file_digest, else empty
 * Returns SAGE_EPROOF if the input does not satisfy the statement (nothing is emitted),
 * SAGE_ENOMEM if the plan exceeds memory_bytes (both numbers in err->msg), SAGE_EUNSUP if
 * the named backend is not available here. */
SAGE_CHECKED sage_status sage_prove(const sage_statement *s,
                                    const uint8_t *input,
                                    size_t input_len,
                                    const sage_prove_options *o,
                                    uint8_t **proof,
                                    size_t *proof_len,
                                    sage_errinfo *err);

/* The backend that "auto" picks here, and whether `name` is available (SAGE_EUNSUP). */
const char *sage_backend_default(void);

#ifdef __cplusplus
}
#endif

#endif

/* sage/cairo.h -- prove a Cairo program: run it, and make a STWO proof of the run that an
 * unmodified stwo-cairo verifier accepts (docs/cairo-proofs.md).
 *
 * The proof's bytes are a function of program, arguments and parameters alone. */
#ifndef SAGE_CAIRO_H
#define SAGE_CAIRO_H

#include "sage/prove.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sage_cairo_preprocessed_kind {
    SAGE_CAIRO_PREPROCESSED_AUTO = 0, /* without_pedersen if the run has no Pedersen, canonical
                                         else */
    SAGE_CAIRO_PREPROCESSED_CANONICAL,
    SAGE_CAIRO_PREPROCESSED_WITHOUT_PEDERSEN,
    SAGE_CAIRO_PREPROCESSED_SMALL
} sage_cairo_preprocessed_kind;

/* What to prove. `program` is a compiled program (Cairo 0, Cairo 1 executable) or a
 * prover_input.json, told apart by content. */
typedef struct sage_cairo_task {
    const uint8_t *program;
    size_t program_len;
    const uint8_t *args; /* the program's input, JSON (docs/run.md); NULL, 0: none */
    size_t args_len;
    uint64_t max_steps; /* 0: the default limit; so the next */
    uint64_t max_cells; /* memory cells, of 32 bytes */
    uint64_t max_ms;    /* of running, not of proving; 0: no limit */
    uint32_t hash;      /* a sage_hash_family */
    sage_cairo_preprocessed_kind preprocessed;
    uint32_t salt;         /* below 2^31 - 1 */
    const char *cache_dir; /* of preprocessed trees; NULL: the user's cache directory */
} sage_cairo_task;

/* What a run needs to be proved; of a run that was made. */
typedef struct sage_cairo_cost {
    sage_prove_cost prove;
    uint64_t steps, memory_cells;
    sage_statement statement; /* what the proof will claim: of equal program, arguments and hash
                                 it is the same everywhere */
    uint64_t cache_bytes;     /* of the preprocessed tree on disk */
    int cached;               /* whether it is there */
} sage_cairo_cost;

/* sage_cairo_quote runs the program and says what its proof would take, without making it.
 * Errors of the loader and the machine, SAGE_EUNSUP "prove.cairo.component" naming what cannot
 * be proved yet. */
SAGE_CHECKED sage_status sage_cairo_quote(const sage_cairo_task *t,
                                          const sage_prove_options *o,
                                          sage_cairo_cost *out,
                                          sage_errinfo *err);

typedef enum sage_cairo_proof_form {
    SAGE_CAIRO_PROOF_BINARY = 0, /* ours, what sage_verify and the network take */
    SAGE_CAIRO_PROOF_SERDE,      /* proof.json of the Cairo verifier */
    SAGE_CAIRO_PROOF_JSON        /* the Rust verifier's */
} sage_cairo_proof_form;

/* sage_prove_cairo runs and proves. *proof, *proof_len: malloc'ed bytes, the caller frees; NULL
 * on error. *statement (may be NULL): what was proved, with the hashes of program and output.
 * Errors: those of the quote, and of sage_prove. The preprocessed tree is read from the cache,
 * and made and kept there the first time (stages "preprocessed .."). */
SAGE_CHECKED sage_status sage_prove_cairo(const sage_cairo_task *t,
                                          const sage_prove_options *o,
                                          sage_cairo_proof_form form,
                                          uint8_t **proof,
                                          size_t *proof_len,
                                          sage_statement *statement,
                                          sage_errinfo *err);

#ifdef __cplusplus
}
#endif

#endif

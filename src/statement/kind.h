/* statement/kind.h -- one kind of statement as a table of functions. Adding a kind is adding
 * a file with such a table and its line in statement.c. */
#ifndef SAGE_STATEMENT_KIND_H
#define SAGE_STATEMENT_KIND_H

#include "statement/statement.h"

typedef struct statement_kind {
    uint32_t kind, n_public;
    const char *name;
    sage_status (*check)(const sage_statement *s, sage_errinfo *err);
    /* What follows is for kinds that are proved here; all NULL for the others (cairo). */
    /* Variable component sizes: NULL if the kind has none. */
    sage_status (*choose_logs)(const sage_statement *s,
                               uint32_t *logs,
                               uint32_t *n,
                               sage_errinfo *err);
    sage_status (*layout)(const sage_statement *s,
                          const uint32_t *logs,
                          uint32_t n_logs,
                          sage_layout *out,
                          sage_errinfo *err);
    /* NULL if the kind has no LogUp. */
    sage_status (*public_sum)(
        const sage_statement *s, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err);
    /* Prover's side: the witness input columns of instance i of the layout, each of
     * 2^log_rows words, from the secret input. */
    void (*fill)(const sage_statement *s,
                 const uint8_t *input,
                 size_t len,
                 const sage_layout *l,
                 uint32_t *const *const *columns);
} statement_kind;

/* NULL for an unknown kind. */
const statement_kind *statement_kind_find(uint32_t kind);

/* sign / (sum of values[i] alpha^(i+1) + id - z) of one public use (+1) or yield (-1) of the
 * relation `name` of the component, added to *sum. SAGE_EPROOF "proof.logup" if the
 * denominator is zero. */
SAGE_CHECKED sage_status statement_add_public(qm31 *sum,
                                              const sage_air *air,
                                              const char *name,
                                              const m31 *values,
                                              uint32_t n,
                                              bool use,
                                              qm31 z,
                                              const qm31 *alpha,
                                              sage_errinfo *err);

extern const statement_kind statement_wide_fibonacci, statement_poseidon2,
    statement_file_digest, statement_cairo;

#endif

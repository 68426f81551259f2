/* statement/container.h -- the proof file: a statement, the sizes the prover chose, a proof.
 *
 *   magic       8 bytes "SAGEPRF1"
 *   kind        u32
 *   n_public    u32, n_public words
 *   n_logs      u32, n_logs words: log sizes of the variable-size components
 *   proof       stark/proof.h, to the end of the file
 *
 * All words little-endian. */
#ifndef SAGE_STATEMENT_CONTAINER_H
#define SAGE_STATEMENT_CONTAINER_H

#include "stark/proof.h"
#include "statement/statement.h"

typedef struct sage_container {
    sage_statement statement;
    uint32_t logs[SAGE_MAX_INSTANCES], n_logs;
    const uint8_t *proof; /* into the caller's bytes */
    size_t proof_len;
} sage_container;

/* SAGE_EFORMAT with err->at the byte offset; the statement is not checked yet. */
SAGE_CHECKED sage_status sage_container_parse(sage_container *out,
                                              const uint8_t *bytes,
                                              size_t len,
                                              sage_errinfo *err);
/* Everything before the proof. */
void sage_container_put_head(sage_sink *out,
                             const sage_statement *s,
                             const uint32_t *logs,
                             uint32_t n_logs);

#endif

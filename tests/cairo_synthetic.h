/* tests/cairo_synthetic.h -- Cairo proofs of our own making: well-formed and false, for what
 * reads and writes them. The text is put together here felt by felt, apart from the writer. */
#ifndef SAGE_TESTS_CAIRO_SYNTHETIC_H
#define SAGE_TESTS_CAIRO_SYNTHETIC_H

#include "cairo/proof.h"

/* What to make. Components of variable size take their size from their place in the list. */
typedef struct synthetic {
    sage_hash_kind hash;
    sage_cairo_variant variant;
    bool all; /* all 68 components; else ret_opcode, verify_instruction and range_check_20 */
    uint32_t n_big, n_program, n_output, n_queries, n_layers, log_last;
} synthetic;

/* The cairo-serde text, NUL-terminated; the caller frees. Values are numbered: the word of row
 * r and place k in tree t's leaves is synthetic_queried(t, r * columns + k). */
char *synthetic_text(const synthetic *s, size_t *len);
uint32_t synthetic_queried(uint32_t tree, uint32_t i);

#endif

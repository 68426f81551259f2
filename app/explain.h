/* app/explain.h -- what a proof file holds: parts that both kinds of proof share. */
#ifndef SAGE_APP_EXPLAIN_H
#define SAGE_APP_EXPLAIN_H

#include "cairo/proof.h"

/* A row of the table of components; explain_component adds up cells. */
typedef struct explain_cells {
    uint64_t trace, interaction;
} explain_cells;
void explain_component_head(void);
void explain_component(explain_cells *sum,
                       const char *name,
                       uint32_t log_rows,
                       uint32_t trace,
                       uint32_t interaction);
void explain_component_sum(const explain_cells *sum);

/* Parameters, trees and roots. */
void explain_config(const sage_proof *p);
void explain_trees(const sage_proof *p, const sage_pcs_shape *s);
/* Where the file's bytes are in our binary form: total of them, `head` before the proof. */
void explain_bytes(const sage_proof *p, const sage_pcs_shape *s, size_t head, size_t total);

/* A Cairo proof in any of its forms: claim, components and all of the above. Errors of
 * sage_cairo_read. */
SAGE_CHECKED sage_status explain_cairo(const uint8_t *bytes,
                                       size_t len,
                                       sage_cairo_format format,
                                       sage_errinfo *err);

#endif

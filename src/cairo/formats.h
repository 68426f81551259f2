/* cairo/formats.h -- what the three file formats share, inside this room.
 *
 * A reader fills hash, variant, salt, claim, sample counts and bytes of a zeroed proof;
 * sage_cairo_read then parses bytes, and frees everything on error. Between reading and
 * parsing the proof's other fields are not there, but for proof.config where it says so. */
#ifndef SAGE_CAIRO_FORMATS_H
#define SAGE_CAIRO_FORMATS_H

#include "cairo/proof.h"
#include "cairo/serde.h"

enum {
    SAGE_CAIRO_MAX_COLUMNS = 1 << 16, /* of all trees, as far as a reader believes */
    SAGE_CAIRO_MAX_ITEMS   = 1 << 24, /* of a vector of field elements */
    /* Siblings of one opening: no more than queries times height. */
    SAGE_CAIRO_MAX_WITNESS = SAGE_MAX_QUERIES * SAGE_MAX_LOG_EXT
};

/* Each reads bytes[0..len) to its end. Errors: see cairo/proof.h. */
SAGE_CHECKED sage_status sage_cairo_read_serde(sage_cairo_proof *out,
                                               const uint8_t *bytes,
                                               size_t len,
                                               sage_errinfo *err);
SAGE_CHECKED sage_status sage_cairo_read_json(sage_cairo_proof *out,
                                              const uint8_t *bytes,
                                              size_t len,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_cairo_read_binary(sage_cairo_proof *out,
                                                const uint8_t *bytes,
                                                size_t len,
                                                sage_errinfo *err);

/* Each appends p; failed allocations show in the sink. JSON and BINARY take the claim's shape,
 * which p has. */
SAGE_CHECKED sage_status sage_cairo_write_serde(const sage_cairo_proof *p,
                                                sage_sink *out,
                                                sage_errinfo *err);
SAGE_CHECKED sage_status sage_cairo_write_json(const sage_cairo_proof *p,
                                               const sage_pcs_shape *shape,
                                               sage_sink *out,
                                               sage_errinfo *err);
void sage_cairo_write_binary(const sage_cairo_proof *p, sage_sink *out);

/* The claim that f stands at: SAGE_EFORMAT "cairo.claim.<what>"; SAGE_ENOMEM. On error *out
 * is freed. Memory: 36 bytes per cell, bounded by the text. */
SAGE_CHECKED sage_status sage_cairo_claim_read(sage_felts *f,
                                               sage_cairo_claim *out,
                                               sage_errinfo *err);

/* A config in the range of stark/config.h goes to the sink, the head of our binary form;
 * SAGE_EFORMAT "cairo.config" with err->at = at. */
SAGE_CHECKED sage_status sage_cairo_put_config(const sage_config *c,
                                               sage_sink *out,
                                               long long at,
                                               sage_errinfo *err);

/* Zeroed sample counts for SAGE_CAIRO_MAX_COLUMNS columns; SAGE_ENOMEM "cairo.bytes". */
SAGE_CHECKED sage_status sage_cairo_alloc_samples(sage_cairo_proof *p, sage_errinfo *err);
/* n > 0 zeroed cells; SAGE_ENOMEM "cairo.bytes". */
SAGE_CHECKED sage_status sage_cairo_alloc_cells(sage_cairo_cells *c,
                                                uint32_t n,
                                                sage_errinfo *err);
/* The inverse of a tree's leaf order: the place in a leaf of column i of commit order. The
 * caller frees it; NULL without memory. */
uint32_t *sage_cairo_leaf_places(const sage_tree_shape *t);

#endif

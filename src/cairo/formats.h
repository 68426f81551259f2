/* cairo/formats.h -- what the three file formats share, inside this room. Each reads into a
 * zeroed proof and leaves on error what sage_cairo_proof_free frees; each fills bytes, and
 * sage_cairo_read parses them. */
#ifndef SAGE_CAIRO_FORMATS_H
#define SAGE_CAIRO_FORMATS_H

#include "cairo/proof.h"

/* The claim that f stands at: SAGE_EFORMAT "cairo.claim.<what>"; SAGE_ENOMEM. On error *out
 * is freed. Memory: 36 bytes per cell, bounded by the text. */
SAGE_CHECKED sage_status sage_cairo_claim_read(sage_felts *f,
                                               sage_cairo_claim *out,
                                               sage_errinfo *err);

#endif

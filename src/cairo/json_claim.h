/* cairo/json_claim.h -- the claim of the Rust verifier's JSON. */
#ifndef SAGE_CAIRO_JSON_CLAIM_H
#define SAGE_CAIRO_JSON_CLAIM_H

#include "base/json_in.h"
#include "cairo/formats.h"

/* The claim at c, which is left behind it. SAGE_EFORMAT "json.*" or "cairo.claim.<what>",
 * SAGE_EUNSUP "cairo.claim.segments" for a builtin segment that is null; err->at: byte offset.
 * SAGE_ENOMEM. What was read before an error is freed with the proof. Cost: a few passes over
 * the claim's text. */
SAGE_CHECKED sage_status sage_json_in_claim(sage_json_in *c, sage_cairo_claim *out);

#endif

/* cairo/json_claim.h -- the claim of the Rust verifier's JSON. */
#ifndef SAGE_CAIRO_JSON_CLAIM_H
#define SAGE_CAIRO_JSON_CLAIM_H

#include "base/json_in.h"
#include "cairo/formats.h"

/* The claim; what was read of it before an error is freed with the proof. */
SAGE_CHECKED sage_status sage_json_in_claim(sage_json_in *c, sage_cairo_claim *out);

#endif

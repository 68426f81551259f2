/* cairo/layout.h -- a claim's components as the AIRs that hold for them. */
#ifndef SAGE_CAIRO_LAYOUT_H
#define SAGE_CAIRO_LAYOUT_H

#include "cairo/claim.h"
#include "stark/layout.h"

/* sage_cairo_layout fills *out: instances in claim order with their parameters, and the
 * preprocessed trace of the variant. SAGE_EUNSUP "cairo.component" (err->at: its place in the
 * claim's order) if a component's constraints are not here. Cost: O(instances * components). */
SAGE_CHECKED sage_status sage_cairo_layout(const sage_cairo_claim *c,
                                           sage_cairo_variant variant,
                                           sage_layout *out,
                                           sage_errinfo *err);

/* A preprocessed column as AIRs name it. */
sage_air_pre sage_cairo_pre(sage_cairo_pre_column column);

/* The constraints of a component of sage_cairo_components; NULL if they are not here. */
const sage_air *sage_cairo_air(const sage_cairo_component *component);

#endif

/* cairo/preprocessed_fill.h -- the values of preprocessed columns (air/air.h, facts A14), any
 * rows of them at a time: the large ones never have to lie in memory whole. */
#ifndef SAGE_CAIRO_PREPROCESSED_FILL_H
#define SAGE_CAIRO_PREPROCESSED_FILL_H

#include "air/air.h"

/* out[i] = the column's value in row first_row + i, i < n: canonical words. SAGE_EINVAL
 * "cairo.preprocessed" for a column of no preprocessed trace (a log that is not its table's, an
 * index beyond its group) and for rows beyond its end; out is untouched then.
 * Thread safety: any. Cost: 1 ns a row; POSEIDON_KEYS 1 us; PEDERSEN_POINTS as much as all 56
 * columns, which cairo/pedersen_points.h makes together. */
SAGE_CHECKED sage_status sage_cairo_pre_fill(
    sage_air_pre column, uint32_t first_row, uint32_t n, uint32_t *out, sage_errinfo *err);

#endif

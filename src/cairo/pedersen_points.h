/* cairo/pedersen_points.h -- the tables of curve points of the Pedersen components (facts A14).
 *
 * With windows of w bits, 252 = w * m, a section has m 2^w rows: row b 2^w + k, b < m - 1, is
 *     -SHIFT + k 2^(w b) P_low,
 * and the last window, k = l 2^(w - 4) + j, the one where an operand's bits from 248 on lie, is
 *     -SHIFT + j 2^(w (m - 1)) P_low + l P_high.
 * The first section is of P0 and P1, the second of P2 and P3; row 0 fills up to a power of two.
 * A point is 28 limbs of 9 bits of x, low first, and then those of y. */
#ifndef SAGE_CAIRO_PEDERSEN_POINTS_H
#define SAGE_CAIRO_PEDERSEN_POINTS_H

#include <stdint.h>

enum { SAGE_CAIRO_PEDERSEN_COLUMNS = 56 };

/* log of the table's rows for windows of 9 or 18 bits: 15, 23; 0 for any other number. */
uint32_t sage_cairo_pedersen_log(uint32_t window_bits);

/* out[c][i] = limb c of row first_row + i, i < n; NULL in out: a column not wanted. The rows
 * are in the table. Thread safety: any. Cost: 0.1 ms a call and a window begun, 0.5 us a row
 * whatever columns are wanted. */
void sage_cairo_pedersen_points(uint32_t window_bits,
                                uint32_t first_row,
                                uint32_t n,
                                uint32_t *const out[SAGE_CAIRO_PEDERSEN_COLUMNS]);

#endif

/* backend/cpu/twiddles.h -- the twiddle tower: one table for the canonic domains of all sizes.
 *
 * Layer l >= 1 of the FFT on the canonic domain of 2^n points multiplies block h by
 * pi^(l-1)(x) of the point at bit-reversed position h 2^(l+1) (facts A3), the x coordinate of
 * half_odds(m) at bitrev_{m-1}(h), m = n - l. So a layer depends on m alone: *level* m has
 * 2^(m-1) entries, h = 0, 1, ..., and serves every domain. A circle domain that is the first
 * 2^k positions of a bigger one uses prefixes of the bigger one's layers.
 *
 * Memory: entries are stored doubled (2t, at most 2p - 2) for vf_mul_twice. Level m lies at
 * words [2^(m-1), 2^m) of the forward half; the inverses (2 / t, doubled likewise) follow at
 * 2^(log_max - 1). Word 0 of each half is unused. m runs from 1 to log_max - 1.
 *
 * The circle layer is not stored: positions 4h .. 4h+3 of the domain are (x, y), (x, -y),
 * (-x, -y), (-x, y), and the first line layer (m = n - 1) holds x at entry h; point 4(2k+1)
 * is (y, -x) of point 4(2k). So x and y of point 8k are entries 2k and 2k + 1, which
 * vf_load_y2 (field/lanes.h) expands to the y of four pairs. */
#ifndef SAGE_BACKEND_CPU_TWIDDLES_H
#define SAGE_BACKEND_CPU_TWIDDLES_H

#include "backend/backend.h"

SAGE_INLINE size_t twiddle_words(uint32_t log_max)
{
    return (size_t)1 << log_max;
}

/* Level m, 1 <= m < tw.log_max: doubled x, and doubled 1/x. */
SAGE_INLINE const uint32_t *twiddle_level(sage_twiddles tw, uint32_t m)
{
    return tw.mem + ((size_t)1 << (m - 1));
}
SAGE_INLINE const uint32_t *twiddle_level_inverse(sage_twiddles tw, uint32_t m)
{
    return twiddle_level(tw, m) + ((size_t)1 << (tw.log_max - 1));
}

#endif

/* backend/cpu/lift.h -- reading a smaller bit-reversed vector as one on a bigger domain
 * (facts A4, A7): row i of the big one is row lift_position(i) of the small one. */
#ifndef SAGE_BACKEND_CPU_LIFT_H
#define SAGE_BACKEND_CPU_LIFT_H

#include "field/circle.h"
#include "field/lanes.h"

/* LANES secure values from row i of a vector of 2^log_big rows to which `small`, 4 columns of
 * 2^log_small >= LANES, is lifted. */
SAGE_INLINE vq lift_load(const uint32_t *const small[4],
                         uint32_t log_small,
                         size_t i,
                         uint32_t log_big)
{
    uint32_t index[LANES];
    if (log_small == log_big) return vq_load(small, i);
    for (uint32_t l = 0; l < LANES; l++)
        index[l] = lift_position((uint32_t)i + l, log_big, log_small);
    return vq_make(vf_gather(small[0], index), vf_gather(small[1], index),
                   vf_gather(small[2], index), vf_gather(small[3], index));
}

#endif

/* field/lanes_inverse.h -- inversion and division per lane, over vf alone (see lanes.h). */
#ifndef SAGE_FIELD_LANES_INVERSE_H
#define SAGE_FIELD_LANES_INVERSE_H

#include "field/lanes.h"

SAGE_INLINE vf vf_square_times(vf x, int k)
{
    while (k-- > 0)
        x = vf_sqr(x);
    return x;
}

/* 1/x_l = x_l^(p-2), 0 for 0. p - 2 = 2^31 - 3 = 4 (2^29 - 1) + 1, and e_k = x^(2^k - 1) doubles
 * by e_2k = e_k^(2^k) e_k. Cost: 30 squarings, 6 products, all in one chain: use it for a
 * batch (Montgomery's trick), not for a row. */
static inline vf vf_inverse(vf x)
{
    vf e2 = vf_mul(vf_sqr(x), x), e3 = vf_mul(vf_sqr(e2), x);
    vf e6  = vf_mul(vf_square_times(e3, 3), e3);
    vf e7  = vf_mul(vf_sqr(e6), x);
    vf e14 = vf_mul(vf_square_times(e7, 7), e7);
    vf e28 = vf_mul(vf_square_times(e14, 14), e14);
    vf e29 = vf_mul(vf_sqr(e28), x);
    return vf_mul(vf_square_times(e29, 2), x);
}

/* n / (re + im i), given 1 / (re^2 + im^2): n (re - im i) times that. */
SAGE_INLINE vq vq_div_cm31(vq n, vf re, vf im, vf inverse_norm)
{
    vf e = vf_mul(re, inverse_norm), f = vf_mul(im, inverse_norm);
    return vq_make(vf_add(vf_mul(n.c[0], e), vf_mul(n.c[1], f)),
                   vf_sub(vf_mul(n.c[1], e), vf_mul(n.c[0], f)),
                   vf_add(vf_mul(n.c[2], e), vf_mul(n.c[3], f)),
                   vf_sub(vf_mul(n.c[3], e), vf_mul(n.c[2], f)));
}

#endif

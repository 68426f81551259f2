/* backend/cpu/fft_steps.h -- the circle FFT inside the cache, lane-generic.
 *
 * Layers 0 .. LANES_LOG pair values that sit in the same or in neighbouring vectors: the
 * *network* does them on two vectors at a time, where one unzip turns the index bits by one
 * place, so that layer k finds its pairs one above the other and after all LANES_LOG + 1
 * layers the order is the natural one again. Layers above pair whole rows of words: a *grid*
 * step does up to three of them on 2, 4 or 8 rows in registers (more would not fit 16 of
 * them); radix 8 saves no multiplication in a circle FFT but two of three loads and stores.
 *
 * Floor per butterfly on AVX2: 1 product (11 operations, its twiddle's doubling and odd-lane
 * move taken out of the loop), sum and difference (3 + 3): 17 operations per 8 butterflies. */
#ifndef SAGE_BACKEND_CPU_FFT_STEPS_H
#define SAGE_BACKEND_CPU_FFT_STEPS_H

#include "field/lanes.h"

#include "backend/cpu/twiddles.h"

enum { FFT_NETWORK_LAYERS = LANES_LOG + 1, FFT_NETWORK_WORDS = 2 * LANES };

/* Where a run of words lies: inside the canonic domain of 2^domain points, from word `first`
 * on. The twiddle of layer l for the block that contains it is entry first >> (l + 1). */
typedef struct fft_place {
    const uint32_t *tower; /* forward or inverse half, see twiddles.h */
    uint32_t domain;
    size_t first;
} fft_place;

SAGE_INLINE const uint32_t *fft_twiddles(const fft_place *at, uint32_t layer, size_t block)
{
    return at->tower + ((size_t)1 << (at->domain - layer - 1)) + block;
}

/* (a, b) -> (a + b, (a - b) t) and its mirror (a + b t, a - b t); t doubled. */
SAGE_INLINE void fft_inverse2(vf *a, vf *b, vf t)
{
    vf d = vf_sub(*a, *b);
    *a   = vf_add(*a, *b);
    *b   = vf_mul_twice1(d, t);
}
SAGE_INLINE void fft_forward2(vf *a, vf *b, vf t)
{
    vf m = vf_mul_twice1(*b, t);
    *b   = vf_sub(*a, m);
    *a   = vf_add(*a, m);
}

/* t: entries of the lowest layer first: 4 + 2 + 1 for radix 8. */
SAGE_INLINE void fft_inverse4(vf v[4], const vf t[3])
{
    fft_inverse2(&v[0], &v[1], t[0]);
    fft_inverse2(&v[2], &v[3], t[1]);
    fft_inverse2(&v[0], &v[2], t[2]);
    fft_inverse2(&v[1], &v[3], t[2]);
}
SAGE_INLINE void fft_inverse8(vf v[8], const vf t[7])
{
    fft_inverse2(&v[0], &v[1], t[0]);
    fft_inverse2(&v[2], &v[3], t[1]);
    fft_inverse2(&v[4], &v[5], t[2]);
    fft_inverse2(&v[6], &v[7], t[3]);
    fft_inverse2(&v[0], &v[2], t[4]);
    fft_inverse2(&v[1], &v[3], t[4]);
    fft_inverse2(&v[4], &v[6], t[5]);
    fft_inverse2(&v[5], &v[7], t[5]);
    for (int i = 0; i < 4; i++)
        fft_inverse2(&v[i], &v[i + 4], t[6]);
}
SAGE_INLINE void fft_forward4(vf v[4], const vf t[3])
{
    fft_forward2(&v[0], &v[2], t[2]);
    fft_forward2(&v[1], &v[3], t[2]);
    fft_forward2(&v[0], &v[1], t[0]);
    fft_forward2(&v[2], &v[3], t[1]);
}
SAGE_INLINE void fft_forward8(vf v[8], const vf t[7])
{
    for (int i = 0; i < 4; i++)
        fft_forward2(&v[i], &v[i + 4], t[6]);
    fft_forward2(&v[0], &v[2], t[4]);
    fft_forward2(&v[1], &v[3], t[4]);
    fft_forward2(&v[4], &v[6], t[5]);
    fft_forward2(&v[5], &v[7], t[5]);
    fft_forward2(&v[0], &v[1], t[0]);
    fft_forward2(&v[2], &v[3], t[1]);
    fft_forward2(&v[4], &v[5], t[2]);
    fft_forward2(&v[6], &v[7], t[3]);
}

/* ---- network ---- */

/* The twiddles of layer k for the pairs of 2 LANES values from word i on, in the order in
 * which the network meets them; k is a constant after unrolling. */
SAGE_INLINE vf fft_network_twiddle(const fft_place *at, int k, size_t i)
{
    size_t word = at->first + i;
    if (k == 0) return vf_load_y2(fft_twiddles(at, 1, 0), word >> 1);
    return vf_load_rep(fft_twiddles(at, (uint32_t)k, word >> (k + 1)), k);
}

/* Layers 0 .. LANES_LOG of `words` words, a multiple of FFT_NETWORK_WORDS, each value first
 * multiplied by 2^scale. */
static inline void
fft_network_inverse(uint32_t *data, size_t words, const fft_place *at, uint32_t scale)
{
    for (size_t i = 0; i < words; i += FFT_NETWORK_WORDS) {
        vf a = vf_mul_pow2(vf_load(data + i), scale);
        vf b = vf_mul_pow2(vf_load(data + i + LANES), scale);
        for (int k = 0; k < FFT_NETWORK_LAYERS; k++) {
            vf u, v, d;
            vf_unzip(a, b, &u, &v);
            d = vf_sub(u, v);
            a = vf_add(u, v);
            b = vf_mul_twice(d, fft_network_twiddle(at, k, i));
        }
        vf_store(data + i, a);
        vf_store(data + i + LANES, b);
    }
}

static inline void fft_network_forward(uint32_t *data, size_t words, const fft_place *at)
{
    for (size_t i = 0; i < words; i += FFT_NETWORK_WORDS) {
        vf a = vf_load(data + i), b = vf_load(data + i + LANES);
        for (int k = FFT_NETWORK_LAYERS - 1; k >= 0; k--) {
            vf m = vf_mul_twice(b, fft_network_twiddle(at, k, i));
            vf_zip(vf_add(a, m), vf_sub(a, m), &a, &b);
        }
        vf_store(data + i, a);
        vf_store(data + i + LANES, b);
    }
}

/* ---- grid ---- */

/* 2^log_rows rows of `width` words (a multiple of LANES); row r starts at src + r * src_step
 * and goes to dst + r * dst_step. Row bit 0 is layer `base` of the FFT. */
typedef struct fft_grid {
    const uint32_t *src;
    uint32_t *dst;
    size_t src_step, dst_step, width;
    uint32_t log_rows, base;
} fft_grid;

/* Row layers [low, low + 3), +2 or +1 (radix 8, 4, 2) of the grid. */
SAGE_INLINE void fft_grid_step(const fft_grid *g,
                               const fft_place *at,
                               uint32_t low,
                               const uint32_t log_radix,
                               const bool forward)
{
    const size_t radix   = (size_t)1 << log_radix,
                 blocks  = (size_t)1 << (g->log_rows - low - log_radix);
    const uint32_t layer = g->base + low;
    size_t inner = (size_t)1 << low, width = g->width;
    const size_t src_gap = g->src_step << low, dst_gap = g->dst_step << low;
    /* rows without gaps are one long row */
    if (g->src_step == width && g->dst_step == width) {
        width <<= low;
        inner = 1;
    }
    for (size_t h = 0; h < blocks; h++) {
        const size_t block  = (at->first >> (layer + log_radix)) + h;
        const uint32_t *src = g->src + h * radix * src_gap;
        uint32_t *dst       = g->dst + h * radix * dst_gap;
        vf t[7];
        for (uint32_t q = 0, n = 0; q < log_radix; q++) {
            const uint32_t count = 1u << (log_radix - 1 - q);
            const uint32_t *e    = fft_twiddles(at, layer + q, block * count);
            for (uint32_t i = 0; i < count; i++)
                t[n++] = vf_set1(e[i]);
        }
        for (size_t u = 0; u < inner; u++, src += g->src_step, dst += g->dst_step)
            for (size_t j = 0; j < width; j += LANES) {
                vf v[8];
                for (size_t i = 0; i < radix; i++)
                    v[i] = vf_load(src + i * src_gap + j);
                if (log_radix == 3 && forward) fft_forward8(v, t);
                if (log_radix == 3 && !forward) fft_inverse8(v, t);
                if (log_radix == 2 && forward) fft_forward4(v, t);
                if (log_radix == 2 && !forward) fft_inverse4(v, t);
                if (log_radix == 1 && forward) fft_forward2(&v[0], &v[1], t[0]);
                if (log_radix == 1 && !forward) fft_inverse2(&v[0], &v[1], t[0]);
                for (size_t i = 0; i < radix; i++)
                    vf_store(dst + i * dst_gap + j, v[i]);
            }
    }
}

static SAGE_NOINLINE void
fft_inverse_step8(const fft_grid *g, const fft_place *at, uint32_t low)
{
    fft_grid_step(g, at, low, 3, false);
}
static SAGE_NOINLINE void
fft_inverse_step4(const fft_grid *g, const fft_place *at, uint32_t low)
{
    fft_grid_step(g, at, low, 2, false);
}
static SAGE_NOINLINE void
fft_inverse_step2(const fft_grid *g, const fft_place *at, uint32_t low)
{
    fft_grid_step(g, at, low, 1, false);
}
static SAGE_NOINLINE void
fft_forward_step8(const fft_grid *g, const fft_place *at, uint32_t low)
{
    fft_grid_step(g, at, low, 3, true);
}
static SAGE_NOINLINE void
fft_forward_step4(const fft_grid *g, const fft_place *at, uint32_t low)
{
    fft_grid_step(g, at, low, 2, true);
}
static SAGE_NOINLINE void
fft_forward_step2(const fft_grid *g, const fft_place *at, uint32_t low)
{
    fft_grid_step(g, at, low, 1, true);
}

/* All row layers, three a step, from the lowest up (inverse) or the highest down (forward).
 * Only the first step reads src, only the last writes dst; between them the rows are in `mid`
 * (mid_step words apart), which may be src or dst. */
static void fft_grid_run(
    const fft_grid *whole, const fft_place *at, uint32_t *mid, size_t mid_step, bool forward)
{
    typedef void step(const fft_grid *, const fft_place *, uint32_t);
    static step *const steps[2][4] = {
        {NULL, fft_inverse_step2, fft_inverse_step4, fft_inverse_step8},
        {NULL, fft_forward_step2, fft_forward_step4, fft_forward_step8}};
    fft_grid g = *whole;
    for (uint32_t left = g.log_rows; left;) {
        uint32_t take = left < 3 ? left : 3;
        uint32_t low  = forward ? left - take : whole->log_rows - left;
        left -= take;
        g.dst      = left ? mid : whole->dst;
        g.dst_step = left ? mid_step : whole->dst_step;
        steps[forward][take](&g, at, low);
        g.src      = mid;
        g.src_step = mid_step;
    }
}

#endif

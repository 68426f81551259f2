/* backend/cpu/fft_steps.h -- the circle FFT inside the cache, lane-generic.
 *
 * The lowest DEALT_LOG layers pair words of the same or of neighbouring vectors: the *network*
 * loads DEALT vectors dealt out, so that these layers pair whole vectors, lane l of all of them
 * being one run of DEALT words. The layers above pair whole rows of words: a *grid* step does up
 * to three of them on 2, 4 or 8 rows in registers (more would not fit 16 of them); radix 8
 * saves no multiplication in a circle FFT but two of three loads and stores.
 *
 * Floor per butterfly on AVX2: product 11 operations (the twiddle doubled beforehand, its odd
 * lanes needing no move), sum 3, difference 3: 17 for 8 butterflies. The network adds 48 moves
 * to the 204 operations of its 12 vector butterflies. */
#ifndef SAGE_BACKEND_CPU_FFT_STEPS_H
#define SAGE_BACKEND_CPU_FFT_STEPS_H

#include "field/lanes.h"

#include "backend/cpu/twiddles.h"

enum {
    FFT_NETWORK_WORDS = DEALT * LANES,
    FFT_MIN_LOG       = DEALT_LOG + LANES_LOG, /* shortest column: one network */
    FFT_ROW           = DEALT                  /* words of a grid row above the network */
};

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

SAGE_INLINE void fft_deal(const uint32_t *p, uint32_t log_count, vf *t)
{
    vf v[4];
    if (log_count == 0) {
        t[0] = vf_load(p);
    } else if (log_count == 1) {
        vf_unzip(vf_load(p), vf_load(p + LANES), &t[0], &t[1]);
    } else {
        vf_unzip(vf_load(p), vf_load(p + LANES), &v[0], &v[1]);
        vf_unzip(vf_load(p + 2 * LANES), vf_load(p + 3 * LANES), &v[2], &v[3]);
        vf_unzip(v[0], v[2], &t[0], &t[2]);
        vf_unzip(v[1], v[3], &t[1], &t[3]);
    }
}
/* Twiddles of layer k >= 1 for the network at word i: t[c], lane l, for block c of the l-th run
 * of DEALT words. */
SAGE_INLINE void fft_network_load(const fft_place *at, uint32_t k, size_t i, vf t[DEALT / 4])
{
    fft_deal(fft_twiddles(at, k, (at->first + i) >> (k + 1)), DEALT_LOG - 1 - k, t);
}

/* Layer 0 has y, -y, -x, x for the four pairs of each 8 words, where x and y are the layer 1
 * twiddles of these 8 words (twiddles.h). With -t: (a, b) -> (a + b, (b - a) t). */
SAGE_INLINE void fft_network_inverse_y(vf v[8], vf x, vf y)
{
    for (int i = 0; i < 4; i++) {
        vf a = v[2 * i], b = v[2 * i + 1], t = i < 2 ? y : x;
        v[2 * i]     = vf_add(a, b);
        v[2 * i + 1] = vf_mul_twice(i == 0 || i == 3 ? vf_sub(a, b) : vf_sub(b, a), t);
    }
}
SAGE_INLINE void fft_network_forward_y(vf v[8], vf x, vf y)
{
    for (int i = 0; i < 4; i++) {
        vf a = v[2 * i], m = vf_mul_twice(v[2 * i + 1], i < 2 ? y : x);
        vf sum = vf_add(a, m), difference = vf_sub(a, m);
        v[2 * i]     = i == 0 || i == 3 ? sum : difference;
        v[2 * i + 1] = i == 0 || i == 3 ? difference : sum;
    }
}

/* Layers 0 .. DEALT_LOG - 1 of `words` words, a multiple of FFT_NETWORK_WORDS, each value
 * first multiplied by 2^scale. */
static void
fft_network_inverse(uint32_t *data, size_t words, const fft_place *at, uint32_t scale)
{
    for (size_t i = 0; i < words; i += FFT_NETWORK_WORDS) {
        vf v[DEALT], t[DEALT / 4];
        vf_load_dealt(data + i, v);
        LANES_UNROLL
        for (size_t j = 0; j < DEALT; j++)
            v[j] = vf_mul_pow2(v[j], scale);
        LANES_UNROLL
        for (uint32_t k = 1; k < DEALT_LOG; k++) {
            fft_network_load(at, k, i, t);
            LANES_UNROLL
            for (size_t j = 0; k == 1 && j < DEALT; j += 8)
                fft_network_inverse_y(v + j, t[j / 4], t[j / 4 + 1]);
            LANES_UNROLL
            for (size_t j = 0; j < DEALT; j++)
                if (!(j >> k & 1)) {
                    vf *a = &v[j], *b = &v[j + (1u << k)], d = vf_sub(*a, *b);
                    *a = vf_add(*a, *b);
                    *b = vf_mul_twice(d, t[j >> (k + 1)]);
                }
        }
        vf_store_dealt(data + i, v);
    }
}

static void fft_network_forward(uint32_t *data, size_t words, const fft_place *at)
{
    for (size_t i = 0; i < words; i += FFT_NETWORK_WORDS) {
        vf v[DEALT], t[DEALT / 4];
        vf_load_dealt(data + i, v);
        LANES_UNROLL
        for (uint32_t k = DEALT_LOG - 1; k > 0; k--) {
            fft_network_load(at, k, i, t);
            LANES_UNROLL
            for (size_t j = 0; j < DEALT; j++)
                if (!(j >> k & 1)) {
                    vf *a = &v[j], *b = &v[j + (1u << k)];
                    vf m = vf_mul_twice(*b, t[j >> (k + 1)]);
                    *b   = vf_sub(*a, m);
                    *a   = vf_add(*a, m);
                }
            LANES_UNROLL
            for (size_t j = 0; k == 1 && j < DEALT; j += 8)
                fft_network_forward_y(v + j, t[j / 4], t[j / 4 + 1]);
        }
        vf_store_dealt(data + i, v);
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
    bool src_far, dst_far; /* rows so far apart that no hardware prefetcher follows them */
} fft_grid;

SAGE_INLINE void
fft_fetch_rows(const uint32_t *p, size_t gap, size_t rows, size_t width, const bool to_write)
{
    enum { CACHE_LINE = 64 / sizeof *p };
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j += CACHE_LINE)
            if (to_write)
                __builtin_prefetch(p + i * gap + j, 1);
            else
                __builtin_prefetch(p + i * gap + j, 0);
}

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
        for (size_t u = 0; u < inner; u++, src += g->src_step, dst += g->dst_step) {
            const bool more = u + 1 < inner;
            if (g->src_far)
                fft_fetch_rows(src + (more ? g->src_step : radix * src_gap), src_gap, radix,
                               width, false);
            if (g->dst_far)
                fft_fetch_rows(dst + (more ? g->dst_step : radix * dst_gap), dst_gap, radix,
                               width, true);
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
        g.dst_far  = !left && whole->dst_far;
        g.dst_step = left ? mid_step : whole->dst_step;
        steps[forward][take](&g, at, low);
        g.src      = mid;
        g.src_step = mid_step;
        g.src_far  = false;
    }
}

#endif

/* cairo/pedersen_points.c -- runs of points with a common difference, made affine in batches. */
#include "cairo/pedersen_points.h"

#include "cairo/limbs.h"
#include "curve/curve.h"

enum { BITS = 252, HIGH_BITS = 4, BATCH = 128 };

typedef struct table {
    uint32_t window, windows, section; /* rows of a section */
} table;

static table table_of(uint32_t window_bits)
{
    uint32_t windows = BITS / window_bits;
    return (table){window_bits, windows, windows << window_bits};
}

/* Rows start, start + 1, ... before `past` that differ by the same point. */
typedef struct run {
    sage_jacobian at; /* the next row's point */
    sage_point step;
    uint32_t past;
} run;

uint32_t sage_cairo_pedersen_log(uint32_t window_bits)
{
    return window_bits == 9 ? 15 : window_bits == 18 ? 23 : 0;
}

/* q + k p, k < 2^32. */
static sage_jacobian multiple_and(sage_point q, uint32_t k, sage_point p)
{
    uint64_t limbs[4]    = {k, 0, 0, 0};
    sage_jacobian scaled = sage_curve_multiply(p, limbs);
    return sage_jacobian_add_point(&scaled, q);
}

/* 2^n p. P_0 to P_3 are of a large prime order: no multiple by a power of two is infinity. */
static sage_point raised(sage_point p, uint32_t n)
{
    sage_jacobian q = sage_jacobian_from(p);
    sage_point out  = p;
    while (n--)
        q = sage_jacobian_double(&q);
    (void)!sage_jacobian_affine(&out, &q);
    return out;
}

/* The run that a row of the table, below the padding, lies in. */
static run run_at(const table *t, uint32_t row)
{
    bool second     = row >= t->section;
    sage_point low  = sage_curve_point(second ? SAGE_CURVE_P2 : SAGE_CURVE_P0);
    sage_point high = sage_curve_point(second ? SAGE_CURVE_P3 : SAGE_CURVE_P1);
    sage_point from = sage_point_negative(sage_curve_point(SAGE_CURVE_SHIFT));
    uint32_t in = row - (second ? t->section : 0), window = in >> t->window, length = t->window;
    if (window == t->windows - 1) length -= HIGH_BITS;
    uint32_t k = in & ((1u << length) - 1), l = (in & ((1u << t->window) - 1)) >> length;
    run r = {.step = raised(low, window * t->window), .past = row - k + (1u << length)};
    if (l) {
        sage_jacobian moved = multiple_and(from, l, high);
        (void)!sage_jacobian_affine(&from, &moved);
    }
    r.at = multiple_and(from, k, r.step);
    return r;
}

/* Column by column: the points' words stay in the first-level cache, and 56 columns written
 * side by side would not. */
static void put_limbs(const sage_felt252 *v, uint32_t n, uint32_t i, uint32_t *const *out)
{
    for (uint32_t c = 0; c < SAGE_CAIRO_LIMBS; c++)
        for (uint32_t k = 0; out[c] && k < n; k++)
            out[c][i + k] = sage_cairo_limb(&v[k], c);
}

/* The next n <= BATCH rows of a run, to places i, i + 1, ... of the columns. */
static void put_batch(run *r, uint32_t n, uint32_t i, uint32_t *const *out)
{
    sage_point points[BATCH];
    sage_jacobian at[BATCH];
    sage_felt252 x[BATCH], y[BATCH];
    for (uint32_t k = 0; k < n; k++) {
        at[k] = r->at;
        r->at = sage_jacobian_add_point(&r->at, r->step);
    }
    sage_jacobian_affine_many(points, at, n);
    for (uint32_t k = 0; k < n; k++) {
        felt252_to_words(points[k].x, x[k].w);
        felt252_to_words(points[k].y, y[k].w);
    }
    put_limbs(x, n, i, out);
    put_limbs(y, n, i, out + SAGE_CAIRO_LIMBS);
}

/* Rows start .. n are row 0 of the table. */
static void put_padding(const table *t, uint32_t start, uint32_t n, uint32_t *const *out)
{
    run r = run_at(t, 0);
    put_batch(&r, 1, start, out);
    for (uint32_t c = 0; c < SAGE_CAIRO_PEDERSEN_COLUMNS; c++)
        for (uint32_t i = start + 1; out[c] && i < n; i++)
            out[c][i] = out[c][start];
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void sage_cairo_pedersen_points(uint32_t window_bits,
                                uint32_t first_row,
                                uint32_t n,
                                uint32_t *const out[SAGE_CAIRO_PEDERSEN_COLUMNS])
{
    table t        = table_of(window_bits);
    uint32_t rows  = 2 * t.section;
    uint32_t inner = first_row >= rows ? 0 : least(n, rows - first_row);
    for (uint32_t done = 0; done < inner;) {
        run r = run_at(&t, first_row + done);
        for (uint32_t end = least(inner, r.past - first_row), some; done < end; done += some) {
            some = least(end - done, BATCH);
            put_batch(&r, some, done, out);
        }
    }
    if (inner < n) put_padding(&t, inner, n, out);
}

/* field/felt252_gcd.c -- inverses of public values by Bernstein's and Yang's divsteps ("Fast
 * constant-time gcd computation and modular inversion", 2019), without the constant time.
 *
 * f = P and g = a, and d a = f, e a = g mod P throughout. A divstep with counter c is
 *   c > 0 and g odd:  c, f, g = 1 - c, g, (g - f) / 2
 *   else:             c, f, g = 1 + c, f, (g + (g mod 2) f) / 2
 * and g becomes 0 after 741 of them at the latest, f then being the gcd, 1 or -1. 62 divsteps look at
 * the low 62 bits alone: they are a matrix, applied to (f, g) and (d, e) at once. */
#include "field/felt252.h"

/* sum v_i 2^(62 i), limbs in [0, 2^62) but the highest, which has the sign. */
typedef struct number {
    int64_t v[5];
} number;

enum { LIMBS = 5, STEPS = 62 };
static const uint64_t low_bits = UINT64_MAX >> 2;

/* P = 1 + (17 * 2^6) 2^(62 * 3) + 2^3 2^(62 * 4); 1 / P = 1 mod 2^62. */
static const number prime = {{1, 0, 0, 17 << 6, 1 << 3}};

/* 2^62 (f', g') = (u f + v g, q f + r g); |u| + |v| and |q| + |r| are at most 2^62. */
typedef struct matrix {
    int64_t u, v, q, r;
} matrix;

/* While c <= 0 the coming 1 - c divsteps only halve or add f: w f is added at once, with
 * w = -g / f mod 2^k. f (2 - f f) is 1 / f mod 2^6 as f f is 1 mod 2^3, so k is 6 at most. */
static uint64_t clearing_multiple(uint64_t f, uint64_t g, int c, int left)
{
    int k = 1 - c < left ? 1 - c : left;
    return g * f * (f * f - 2) & (((uint64_t)1 << (k < 6 ? k : 6)) - 1);
}

/* Arithmetic modulo 2^64 for all: what is not exact is shifted out. */
static int divsteps(matrix *t, int c, uint64_t f, uint64_t g)
{
    uint64_t u = 1, v = 0, q = 0, r = 1;
    for (int left = STEPS;;) {
        int zeros = __builtin_ctzll(g | (uint64_t)1 << left);
        g >>= zeros, u <<= zeros, v <<= zeros;
        c += zeros, left -= zeros;
        if (!left) break;
        if (c > 0) {
            uint64_t f0 = f, u0 = u, v0 = v;
            f = g, u = q, v = r;
            g = 0 - f0, q = 0 - u0, r = 0 - v0;
            c = -c;
        }
        uint64_t w = clearing_multiple(f, g, c, left);
        g += w * f, q += w * u, r += w * v;
    }
    *t = (matrix){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
    return c;
}

/* (a f + b g + m P) / 2^62, which is exact. */
static number combine(int64_t a, const number *f, int64_t b, const number *g, int64_t m)
{
    number out;
    sage_i128 sum = (sage_i128)a * f->v[0] + (sage_i128)b * g->v[0] + (sage_i128)m * prime.v[0];
    for (int i = 1; i < LIMBS; i++) {
        sum >>= STEPS;
        sum += (sage_i128)a * f->v[i] + (sage_i128)b * g->v[i] + (sage_i128)m * prime.v[i];
        out.v[i - 1] = (int64_t)((uint64_t)sum & low_bits);
    }
    out.v[LIMBS - 1] = (int64_t)(sum >> STEPS);
    return out;
}

/* The same with the m that makes it exact, for d and e in (-2 P, P). With P added to negative
 * ones they are in (-P, P), a d + b e is less than 2^62 P in magnitude, and m in (-2^62, 0]
 * leaves the result in (-2 P, P) again. */
static number combine_mod(int64_t a, const number *d, int64_t b, const number *e)
{
    int64_t m = (d->v[LIMBS - 1] < 0 ? a : 0) + (e->v[LIMBS - 1] < 0 ? b : 0);
    uint64_t low =
        (uint64_t)a * (uint64_t)d->v[0] + (uint64_t)b * (uint64_t)e->v[0] + (uint64_t)m;
    return combine(a, d, b, e, m - (int64_t)(low & low_bits));
}

static bool is_zero(const number *g)
{
    return !(g->v[0] | g->v[1] | g->v[2] | g->v[3] | g->v[4]);
}

static number number_of(felt252 a)
{
    const uint64_t *x           = a.l;
    const uint64_t limbs[LIMBS] = {x[0], x[0] >> 62 | x[1] << 2, x[1] >> 60 | x[2] << 4,
                                   x[2] >> 58 | x[3] << 6, x[3] >> 56};
    number r;
    for (int i = 0; i < LIMBS; i++)
        r.v[i] = (int64_t)(limbs[i] & low_bits);
    return r;
}

/* A number in (-2 P, 2 P) as a loose felt below 4 P of the same class. */
static felt252 loose_of(const number *d)
{
    const uint64_t v[LIMBS] = {(uint64_t)d->v[0], (uint64_t)d->v[1], (uint64_t)d->v[2],
                               (uint64_t)d->v[3], (uint64_t)d->v[4]};
    const felt252 a = {{v[0] | v[1] << 62, v[1] >> 2 | v[2] << 60, v[2] >> 4 | v[3] << 58,
                        v[3] >> 6 | v[4] << 56}};
    return felt252_loose_add(a, felt252_multiple(2));
}

/* a is x 2^256; the gcd gives 1 / (x 2^256), a product with 2^768 the Montgomery form of 1 / x. */
felt252 felt252_inv_public(felt252 a)
{
    number f = prime, g = number_of(a), d = {{0}}, e = {{1}};
    for (int c = 1; !is_zero(&g);) {
        matrix t;
        c         = divsteps(&t, c, (uint64_t)f.v[0] | (uint64_t)f.v[1] << 62,
                             (uint64_t)g.v[0] | (uint64_t)g.v[1] << 62);
        number up = combine(t.u, &f, t.v, &g, 0);
        g         = combine(t.q, &f, t.r, &g, 0);
        f         = up;
        up        = combine_mod(t.u, &d, t.v, &e);
        e         = combine_mod(t.q, &d, t.r, &e);
        d         = up;
    }
    felt252 inverse = loose_of(&d);
    if (f.v[LIMBS - 1] < 0) /* f = -1 */
        inverse = felt252_loose_sub(felt252_multiple(4), inverse);
    const felt252 r = felt252_one(), r_squared = felt252_from_limbs(r.l);
    return felt252_mul(inverse, felt252_from_limbs(r_squared.l));
}

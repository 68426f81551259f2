/* air/kernel.h -- what generated kernels share: the LogUp constraint (facts A8) and the sum
 * over constraints (facts A7). Lane-generic; compiled once per instruction set. */
#ifndef SAGE_AIR_KERNEL_H
#define SAGE_AIR_KERNEL_H

#include "air/air.h"
#include "air/lanes_u32.h"
#include "field/circle.h"

/* An iteration number as a field element. */
SAGE_INLINE m31 air_number(int64_t x)
{
    x %= (int64_t)M31_P;
    return (m31)(x < 0 ? x + M31_P : x);
}

/* A row vector of one of very many columns: the hardware does not follow that many streams,
 * so the next line of each is fetched while this one is worked on. */
SAGE_INLINE vf air_load(const uint32_t *p)
{
    enum { LINE_WORDS = 64 / sizeof *p };
    if (LANES > 1) __builtin_prefetch(p + LINE_WORDS);
    return vf_load(p);
}

/* The four coordinate columns of interaction column b. */
SAGE_INLINE const uint32_t *const *air_inter(const sage_air_rows *r, uint32_t b)
{
    return (const uint32_t *const *)(r->inter + 4 * (size_t)b);
}

SAGE_INLINE void
air_put_fraction(uint32_t *const *num, uint32_t *const *den, size_t at, vq n, vq d)
{
    vq_store(num, at, n);
    vq_store(den, at, d);
}

/* Two denominators of one relation with one value each, d = base + alpha x: their sum
 * 2 base + alpha (x + y) and product base^2 + base alpha (x + y) + alpha^2 x y. */
typedef struct air_twin {
    qm31 alpha, base2, square, cross, alpha2;
} air_twin;
typedef struct air_both {
    vq sum, product;
} air_both;

SAGE_INLINE air_twin air_twin_of(qm31 base, qm31 alpha)
{
    return (air_twin){alpha, qm31_add(base, base), qm31_sqr(base), qm31_mul(base, alpha),
                      qm31_sqr(alpha)};
}
SAGE_INLINE air_both air_twin_at(const air_twin *t, vf x, vf y)
{
    vf s = vf_add(x, y), p = vf_mul(x, y);
    vq linear = vq_add(vq_set1(t->square), vq_mul_f(vq_set1(t->cross), s));
    return (air_both){vq_add(vq_set1(t->base2), vq_mul_f(vq_set1(t->alpha), s)),
                      vq_add(linear, vq_mul_f(vq_set1(t->alpha2), p))};
}

/* Running state of one row's LogUp constraints: the column before this pair's. */
typedef struct air_logup {
    vq before;
    uint32_t index[LANES]; /* of each lane's row, one trace row earlier (facts A8) */
} air_logup;

SAGE_INLINE air_logup air_logup_start(const sage_air_rows *r, size_t i)
{
    air_logup u = {.before = vq_zero()};
    for (uint32_t l = 0; l < LANES; l++)
        u.index[l] = previous_on_domain((uint32_t)i + l, r->log_eval, r->log_rows);
    return u;
}

/* acc += w x for a secure x = x0 + x1 i + x2 u + x3 iu: four products with w's multiples. */
SAGE_INLINE void air_add_secure(vacc *acc, qm31 w, vq x)
{
    qm31 wi  = qm31_mul_cm31(w, cm31_of(0, 1));
    qm31 wu  = qm31_join(cm31_mul_r(qm31_hi(w)), qm31_lo(w)),
         wiu = qm31_mul_cm31(wu, cm31_of(0, 1));
    vacc_madd4(acc, (const qm31 *const[4]){&w, &wi, &wu, &wiu}, x.c);
}

/* Constraint of pair b of n_pairs: (cur - before) den - num, where the last pair's column
 * also runs over the rows: (cur - previous row - before + shift) den - num. A function of its
 * own: a component has dozens of pairs, and spelled out they cost more in fetching
 * instructions than calls do. */
static SAGE_NOINLINE __attribute__((unused)) void air_logup_pair(air_logup *u,
                                                                 const sage_air_rows *r,
                                                                 size_t i,
                                                                 uint32_t b,
                                                                 uint32_t n_pairs,
                                                                 const qm31 *coef,
                                                                 vq num,
                                                                 vq den,
                                                                 vacc *acc)
{
    const uint32_t *const *col = air_inter(r, b);
    vq cur  = vq_make(air_load(col[0] + i), air_load(col[1] + i), air_load(col[2] + i),
                      air_load(col[3] + i));
    vq diff = vq_sub(cur, u->before);
    if (b + 1 == n_pairs) {
        vq row = vq_make(vf_gather(col[0], u->index), vf_gather(col[1], u->index),
                         vf_gather(col[2], u->index), vf_gather(col[3], u->index));
        diff   = vq_add(vq_sub(diff, row), vq_set1(r->shift));
    }
    air_add_secure(acc, *coef, vq_sub(vq_mul(diff, den), num));
    u->before = cur;
}

/* acc columns += sum / V: V takes one value on each half of the domain. */
SAGE_INLINE void air_accumulate(const sage_air_rows *r, size_t i, const vacc *sum)
{
    vq q = vq_mul_f(vacc_get(sum), vf_set1(r->vanish_inv[i >> r->log_rows]));
    vq_store(r->acc, i, vq_add(vq_load((const uint32_t *const *)r->acc, i), q));
}

#endif

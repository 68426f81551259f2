/* field/circle.h -- the circle group over M31 and QM31, cosets, domains, bit-reversed order.
 *
 * C(F) = { x^2 + y^2 = 1 } written additively; C(M31) is cyclic of order 2^31 with the
 * generator below. An index i stands for i * generator, mod 2^31. Domains:
 *   coset(initial, log n)      index_at(j) = initial + j * subgroup step
 *   odds(n), half_odds(n)      initial = step of order 2^(n+1), 2^(n+2)
 *   canonic domain of log n    half coset H = half_odds(n-1) in natural order, then -H.
 * All evaluation vectors are stored bit-reversed: memory position i holds the value at
 * natural index bitrev_n(i). Row r of a table is memory position r.
 * Source: docs/protocol.md A2; "Circle STARKs" section 3. */
#ifndef SAGE_FIELD_CIRCLE_H
#define SAGE_FIELD_CIRCLE_H

#include "field/qm31.h"

typedef struct circle_point {
    m31 x, y;
} circle_point;

typedef struct secure_point {
    qm31 x, y;
} secure_point;

enum { CIRCLE_LOG_ORDER = M31_BITS };
#define CIRCLE_INDEX_MASK ((uint32_t)((1ull << CIRCLE_LOG_ORDER) - 1))
#if SAGE_M31_BITS == 31
#    define CIRCLE_GENERATOR ((circle_point){2, 1268011823})
#elif SAGE_M31_BITS == 7
#    define CIRCLE_GENERATOR ((circle_point){2, 39}) /* magic: of order 128 */
#else
#    define CIRCLE_GENERATOR ((circle_point){2, 2}) /* magic: of order 8 */
#endif

SAGE_INLINE circle_point circle_add(circle_point p, circle_point q)
{
    return (circle_point){m31_sub(m31_mul(p.x, q.x), m31_mul(p.y, q.y)),
                          m31_add(m31_mul(p.x, q.y), m31_mul(p.y, q.x))};
}
SAGE_INLINE circle_point circle_neg(circle_point p)
{
    return (circle_point){p.x, m31_neg(p.y)};
}
/* pi(x) = 2x^2 - 1: the x coordinate of the doubled point. */
SAGE_INLINE m31 circle_double_x(m31 x)
{
    m31 s = m31_sqr(x);
    return m31_sub(m31_add(s, s), 1);
}

SAGE_INLINE secure_point secure_add(secure_point p, secure_point q)
{
    return (secure_point){qm31_sub(qm31_mul(p.x, q.x), qm31_mul(p.y, q.y)),
                          qm31_add(qm31_mul(p.x, q.y), qm31_mul(p.y, q.x))};
}
SAGE_INLINE qm31 secure_double_x(qm31 x)
{
    qm31 s = qm31_sqr(x);
    return qm31_sub(qm31_add(s, s), qm31_one());
}
SAGE_INLINE secure_point secure_double(secure_point p)
{
    return secure_add(p, p);
}
SAGE_INLINE secure_point secure_from_base(circle_point p)
{
    return (secure_point){qm31_from(p.x), qm31_from(p.y)};
}

/* index * generator. Cost: at most 62 point additions. */
SAGE_INLINE circle_point circle_at_index(uint32_t index)
{
    circle_point r = {1, 0}, g = CIRCLE_GENERATOR;
    for (index &= CIRCLE_INDEX_MASK; index; index >>= 1, g = circle_add(g, g))
        if (index & 1) r = circle_add(r, g);
    return r;
}
/* Index of the generator of the subgroup of order 2^log, log in [0, 31]. */
SAGE_INLINE uint32_t circle_subgroup_index(uint32_t log)
{
    return (uint32_t)(1ull << (CIRCLE_LOG_ORDER - log)) & CIRCLE_INDEX_MASK;
}

/* The low `log` bits of i reversed; log in [0, 31]. */
SAGE_INLINE uint32_t bit_reverse(uint32_t i, uint32_t log)
{
    i = (i >> 16) | (i << 16);
    i = ((i & 0xff00ff00u) >> 8) | ((i & 0x00ff00ffu) << 8);
    i = ((i & 0xf0f0f0f0u) >> 4) | ((i & 0x0f0f0f0fu) << 4);
    i = ((i & 0xccccccccu) >> 2) | ((i & 0x33333333u) << 2);
    i = ((i & 0xaaaaaaaau) >> 1) | ((i & 0x55555555u) << 1);
    return log ? i >> (32 - log) : 0;
}

/* Circle index of natural position j of the canonic domain of 2^log points, log >= 1. */
SAGE_INLINE uint32_t canonic_index(uint32_t log, uint32_t j)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): log >= 1 */
    uint32_t half = 1u << (log - 1), initial = circle_subgroup_index(log + 1);
    uint32_t step = circle_subgroup_index(log - 1);
    if (j < half) return (initial + j * step) & CIRCLE_INDEX_MASK;
    return (0u - (initial + (j - half) * step)) & CIRCLE_INDEX_MASK;
}
/* The point at memory position i (bit-reversed) of the canonic domain of 2^log points. */
SAGE_INLINE circle_point canonic_at(uint32_t log, uint32_t i)
{
    return circle_at_index(canonic_index(log, bit_reverse(i, log)));
}
/* x of natural position j of the line domain half_odds(log): FRI's domain after folding. */
SAGE_INLINE m31 line_at(uint32_t log, uint32_t j)
{
    return circle_at_index(circle_subgroup_index(log + 2) + j * circle_subgroup_index(log)).x;
}
/* The step of the trace coset of 2^log rows: offset -1 in the mask is z - step. */
SAGE_INLINE circle_point canonic_step(uint32_t log)
{
    return circle_at_index(circle_subgroup_index(log));
}

/* Leaf position q of a tree of height log_height -> memory position in a column of 2^log,
 * log <= log_height: bit 0 (the sign of y) is kept, the other bits lose their low end. A4. */
SAGE_INLINE uint32_t lift_position(uint32_t q, uint32_t log_height, uint32_t log)
{
    return ((q >> (log_height - log + 1)) << 1) | (q & 1);
}

/* The memory position one trace row before position i, on an evaluation domain of 2^log_eval
 * points, log_eval > log_rows >= 1. Coset order: on the half coset the trace step is
 * 2^(log_eval - log_rows - 1) positions, on its negation the same backwards. A8, offset -1. */
SAGE_INLINE uint32_t previous_on_domain(uint32_t i, uint32_t log_eval, uint32_t log_rows)
{
    uint32_t half = 1u << (log_eval - 1), step = 1u << (log_eval - log_rows - 1);
    uint32_t j = bit_reverse(i, log_eval);
    j          = j < half ? (j - step) & (half - 1) : half + ((j - half + step) & (half - 1));
    return bit_reverse(j, log_eval);
}

/* Memory position of coset index c on the trace domain itself: coset index 2t is natural
 * domain index t, 2t+1 is N-1-t. Prefix sums of LogUp run in this order. */
SAGE_INLINE uint32_t coset_position(uint32_t c, uint32_t log_rows)
{
    uint32_t t = c >> 1;
    return bit_reverse(c & 1 ? (1u << log_rows) - 1 - t : t, log_rows);
}

#endif

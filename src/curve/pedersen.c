/* curve/pedersen.c -- windows of signed digits, one table each.
 *
 * Bit i of an operand stands for the point K_i: 2^i P0 below 248, 2^(i - 248) P1 from there on
 * (P2, P3 for the second operand). With signs s_i = +1 for a bit that is set and -1 for one
 * that is not, sum b_i K_i = sum K_i / 2 + sum s_i K_i / 2. The first sum is the same for all
 * operands; the second is cut into windows of 9 bits, 252 = 28 * 9. Complementing a window
 * negates its sum, so a table holds those with the top bit set alone: 256 points. No window is
 * infinity, and none needs a special case. */
#include "curve/pedersen.h"

#include <pthread.h>

#include "curve/jacobian.h"
#include "curve/order.h"

enum {
    BITS    = 252,
    LOW     = 248,
    WINDOW  = 9,
    WINDOWS = BITS / WINDOW,
    ENTRIES = 1 << (WINDOW - 1)
};

static sage_point table[2 * WINDOWS][ENTRIES] SAGE_ALIGNED(64); /* an entry a cache line */
static sage_point start; /* SHIFT + sum K_i / 2 of both operands */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* p / 2 = (n + 1) / 2 p. */
static sage_jacobian half(sage_point p)
{
    sage_order k = sage_order_n();
    for (int i = 0; i < 4; i++) /* n is odd: (n + 1) / 2 = n / 2 rounded down, plus 1 */
        k.l[i] = k.l[i] >> 1 | (i < 3 ? sage_order_n().l[i + 1] << 63 : 0);
    k.l[0]++; /* its low limb is far from 2^64 */
    return sage_curve_multiply(p, k.l);
}

/* out[i] = p 2^i / 2. */
static void halves(sage_jacobian *out, sage_point p, int n)
{
    out[0] = half(p);
    for (int i = 1; i < n; i++)
        out[i] = sage_jacobian_double(&out[i - 1]);
}

/* One table for the halves h[0..9) of a window: entry e is h[8] + sum +-h[i], plus where bit i
 * of e is set. Entry e + 2^i is entry e and twice h[i]. */
static void fill_window(sage_point out[ENTRIES], const sage_point h[WINDOW])
{
    sage_jacobian entry[ENTRIES];
    entry[0] = sage_jacobian_from(h[WINDOW - 1]);
    for (int i = 0; i < WINDOW - 1; i++)
        entry[0] = sage_jacobian_add_point(&entry[0], sage_point_negative(h[i]));
    for (int i = 0; i < WINDOW - 1; i++) {
        sage_jacobian once_h = sage_jacobian_from(h[i]), twice = sage_jacobian_double(&once_h);
        for (int e = 0; e < 1 << i; e++)
            entry[e + (1 << i)] = sage_jacobian_add(&entry[e], &twice);
    }
    sage_jacobian_affine_many(out, entry, ENTRIES);
}

static void build(void)
{
    sage_jacobian k[2 * BITS];
    sage_point h[2 * BITS];
    halves(k, sage_curve_point(SAGE_CURVE_P0), LOW);
    halves(k + LOW, sage_curve_point(SAGE_CURVE_P1), BITS - LOW);
    halves(k + BITS, sage_curve_point(SAGE_CURVE_P2), LOW);
    halves(k + BITS + LOW, sage_curve_point(SAGE_CURVE_P3), BITS - LOW);
    sage_jacobian_affine_many(h, k, 2 * BITS);
    sage_jacobian sum = sage_jacobian_from(sage_curve_point(SAGE_CURVE_SHIFT));
    for (int i = 0; i < 2 * BITS; i++)
        sum = sage_jacobian_add_point(&sum, h[i]);
    sage_jacobian_affine_many(&start, &sum, 1);
    for (int w = 0; w < 2 * WINDOWS; w++)
        fill_window(table[w], h + w * WINDOW);
}

static unsigned window_of(const uint64_t limbs[4], int w)
{
    int bit = w * WINDOW, i = bit / 64, shift = bit % 64;
    uint64_t v = limbs[i] >> shift;
    if (shift > 64 - WINDOW && i < 3) v |= limbs[i + 1] << (64 - shift);
    return (unsigned)v & (2 * ENTRIES - 1);
}

static const sage_point *entry_of(int w, unsigned digit)
{
    return &table[w][digit >= ENTRIES ? digit - ENTRIES : ENTRIES - 1 - digit];
}

static sage_point signed_entry(int w, unsigned digit)
{
    sage_point p = *entry_of(w, digit);
    return digit >= ENTRIES ? p : sage_point_negative(p);
}

/* The digits of both operands; the entries are on their way when the first is needed. */
static void cut(unsigned digits[2 * WINDOWS], const uint64_t a[4], const uint64_t b[4])
{
    for (int w = 0; w < 2 * WINDOWS; w++) {
        digits[w] = w < WINDOWS ? window_of(a, w) : window_of(b, w - WINDOWS);
        __builtin_prefetch(entry_of(w, digits[w]));
    }
}

/* The sum with the group's complete addition. */
static sage_jacobian careful_sum(const unsigned digits[2 * WINDOWS])
{
    sage_jacobian sum = sage_jacobian_from(start);
    for (int w = 0; w < 2 * WINDOWS; w++)
        sum = sage_jacobian_add_point(&sum, signed_entry(w, digits[w]));
    return sum;
}

/* The same without looking for equal x on the way: if there were any, z is 0 from there on.
 * Whoever finds such operands has a relation between the five points, which nobody knows. */
static sage_jacobian quick_sum(const unsigned digits[2 * WINDOWS])
{
    sage_jacobian sum = sage_jacobian_from(start);
    for (int w = 0; w < 2 * WINDOWS; w++)
        sum = jacobian_add_affine(&sum, signed_entry(w, digits[w]));
    return sum;
}

felt252 sage_pedersen(felt252 a, felt252 b)
{
    uint64_t x[4], y[4];
    unsigned digits[2 * WINDOWS];
    (void)pthread_once(&once, build); /* cannot fail with these arguments */
    felt252_to_limbs(a, x);
    felt252_to_limbs(b, y);
    cut(digits, x, y);
    sage_jacobian sum = quick_sum(digits);
    if (sage_jacobian_is_infinity(&sum)) sum = careful_sum(digits);
    felt252 inverse = felt252_inv_public(felt252_fold(felt252_settle(sum.z)));
    return felt252_mul(sum.x, felt252_sqr(inverse));
}

felt252 sage_pedersen_many(const felt252 *x, size_t n)
{
    felt252 h = felt252_zero();
    for (size_t i = 0; i < n; i++)
        h = sage_pedersen(h, x[i]);
    return sage_pedersen(h, felt252_from_u64(n));
}

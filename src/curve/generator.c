/* curve/generator.c -- signed odd digits of four bits, one row of the table each.
 *
 * For an odd k below 2^252, (k - 1) / 2 + 2^251 has 252 bits u_i, and k = sum (2 u_i - 1) 2^i.
 * Four bits together are one digit v, and 2 v - 15 is odd: k = sum d_j 16^j over 63 digits
 * d_j in {-15, -13, .., 15}. Row j has the 8 points 16^j G, 3 16^j G, .., 15 16^j G. Of k and
 * n - k one is odd, and the points differ by their sign.
 *
 * Sums go up from the lowest digit, with formulas that know no special case, and none occurs.
 * The sum S of the digits below j is odd and |S| < 16^j <= |d_j 16^j|; let D = S -+ d_j 16^j.
 * Terms have the same x if and only if one of both D is 0 mod n. Each D is odd, so not 0, and
 * |D| < 16^(j + 1), which is below n for j < 62. For j = 62 the sum is k, and 0 < k < n. The
 * difference is 2 S - k, between -2^249 - n and 2^249: could it be -n? Then d_62 16^62 = k - S
 * = n + S with -2^248 < S < 0. n is 8 2^248 and less than 2^197, so d_62 would be 8, which is
 * not odd. */
#include "curve/generator.h"

#include <pthread.h>

#include "base/random.h"
#include "curve/jacobian.h"

enum { DIGITS = 63, BITS = 4, ENTRIES = 8 };

static sage_point table[DIGITS][ENTRIES] SAGE_ALIGNED(64); /* an entry a cache line */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void build(void)
{
    sage_jacobian row[ENTRIES];
    sage_jacobian base = sage_jacobian_from(sage_curve_point(SAGE_CURVE_G));
    for (int j = 0; j < DIGITS; j++) {
        sage_jacobian twice = sage_jacobian_double(&base);
        row[0]              = base;
        for (int e = 1; e < ENTRIES; e++)
            row[e] = sage_jacobian_add(&row[e - 1], &twice);
        sage_jacobian_affine_many(table[j], row, ENTRIES);
        base = sage_jacobian_add(&row[ENTRIES - 1], &base); /* 15 and 1 */
    }
}

/* The bits u of k or n - k, whichever is odd. */
static void recode(uint64_t u[4], sage_order k)
{
    sage_order other   = sage_order_negative(k);
    const uint64_t odd = 0 - (k.l[0] & 1);
    for (int i = 0; i < 4; i++)
        k.l[i] = other.l[i] ^ ((other.l[i] ^ k.l[i]) & odd);
    for (int i = 0; i < 4; i++)
        u[i] = k.l[i] >> 1 | (i < 3 ? k.l[i + 1] << 63 : 0);
    u[3] |= (uint64_t)1 << 59;
    sage_secret_zero(&k, sizeof k);
    sage_secret_zero(&other, sizeof other);
}

static unsigned digit_of(const uint64_t u[4], int j)
{
    return (unsigned)(u[j / 16] >> (BITS * (j % 16))) & (2 * ENTRIES - 1);
}

/* Entry i of v = 8 + i stands for 2 i + 1, of v = 7 - i for its negative. */
static unsigned entry_of(unsigned v, uint64_t *negative)
{
    unsigned below = (v >> (BITS - 1)) - 1; /* all ones for v < 8 */
    *negative      = 0 - (uint64_t)(below & 1);
    return (v ^ below) & (ENTRIES - 1);
}

/* All ones if a = b, else 0; both are small. */
static uint64_t mask_equal(unsigned a, unsigned b)
{
    return 0 - (uint64_t)(((a ^ b) - 1) >> 31);
}

static void signed_y(sage_point *p, uint64_t negative)
{
    felt252 minus = felt252_neg(p->y);
    for (int i = 0; i < 4; i++)
        p->y.l[i] ^= (p->y.l[i] ^ minus.l[i]) & negative;
}

/* Every entry of the row is read. */
static sage_point scan(int j, unsigned v)
{
    uint64_t negative;
    unsigned want = entry_of(v, &negative);
    sage_point p  = {{{0}}, {{0}}};
    for (unsigned e = 0; e < ENTRIES; e++) {
        const uint64_t mask = mask_equal(e, want);
        for (int i = 0; i < 4; i++) {
            p.x.l[i] |= table[j][e].x.l[i] & mask;
            p.y.l[i] |= table[j][e].y.l[i] & mask;
        }
    }
    signed_y(&p, negative);
    return p;
}

static sage_point look_up(int j, unsigned v)
{
    uint64_t negative;
    sage_point p = table[j][entry_of(v, &negative)];
    signed_y(&p, negative);
    return p;
}

sage_jacobian sage_generator_multiply(sage_order k)
{
    uint64_t u[4];
    (void)pthread_once(&once, build); /* cannot fail with these arguments */
    recode(u, k);
    sage_jacobian sum = sage_jacobian_from(scan(0, digit_of(u, 0)));
    for (int j = 1; j < DIGITS; j++)
        sum = jacobian_add_affine(&sum, scan(j, digit_of(u, j)));
    sage_secret_zero(u, sizeof u);
    return sum;
}

sage_jacobian sage_generator_multiply_public(sage_order k)
{
    uint64_t u[4];
    (void)pthread_once(&once, build);
    recode(u, k);
    sage_jacobian sum = sage_jacobian_from(look_up(0, digit_of(u, 0)));
    for (int j = 1; j < DIGITS; j++)
        sum = jacobian_add_affine(&sum, look_up(j, digit_of(u, j)));
    return sum;
}

felt252 sage_generator_x(sage_order k)
{
    sage_jacobian p = sage_generator_multiply(k);
    felt252 inverse = felt252_inv(felt252_fold(felt252_settle(p.z)));
    felt252 x       = felt252_mul(p.x, felt252_sqr(inverse));
    sage_secret_zero(&p, sizeof p);
    sage_secret_zero(&inverse, sizeof inverse);
    return x;
}

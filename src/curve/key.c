/* curve/key.c -- arithmetic on the curve's image v^2 = u^3 + c^2 u + c^3 beta. */
#include "curve/key.h"

#include <string.h>

#include "curve/jacobian.h"

enum { WINDOW = 5, ODD = 1 << (WINDOW - 2), LENGTH = 253 };

/* The formulas of jacobian.h have a = 1, which meets z^4 alone: c z^2 in place of z^2 gives
 * a = c^2. c < 1, so c z^2 < 1.05, less than z^2 may be. */
static sage_jacobian doubled(const sage_jacobian *p, felt252 c)
{
    return jacobian_double(p, felt252_loose_mul(c, felt252_loose_sqr(p->z)));
}

/* k or n - k, whichever is below n / 2. */
static sage_order smaller(sage_order k)
{
    sage_order other = sage_order_negative(k);
    for (int i = 3; i >= 0; i--)
        if (k.l[i] != other.l[i]) return k.l[i] < other.l[i] ? k : other;
    return k;
}

static unsigned bits_at(const uint64_t k[4], int at, int n)
{
    if (at >= 256) return 0;
    uint64_t v = k[at / 64] >> (at % 64);
    if (at % 64 + n > 64 && at / 64 < 3) v |= k[at / 64 + 1] << (64 - at % 64);
    return (unsigned)v & ((1u << n) - 1);
}

/* k < 2^251 as sum d_i 2^i, each d_i 0 or odd and |d_i| < 16, at least four zeros after
 * each other one; returns how many there are up to the highest. */
static int recode(int8_t d[LENGTH], const uint64_t k[4])
{
    int length     = 0;
    unsigned carry = 0;
    memset(d, 0, LENGTH);
    for (int i = 0; i < LENGTH - 1;) {
        if (bits_at(k, i, 1) == carry) {
            i++;
            continue;
        }
        int v  = (int)(bits_at(k, i, WINDOW) + carry);
        carry  = (unsigned)v >> (WINDOW - 1);
        d[i]   = (int8_t)(v - (int)(carry << WINDOW));
        length = i + 1;
        i += WINDOW;
    }
    return length;
}

static void odd_multiples(sage_jacobian odd[ODD], sage_point q, felt252 c)
{
    odd[0]              = sage_jacobian_from(q);
    sage_jacobian twice = doubled(&odd[0], c);
    for (int i = 1; i < ODD; i++)
        odd[i] = sage_jacobian_add(&odd[i - 1], &twice);
}

/* The addition's own doubling has a = 1 and is never asked for: before a digit d is added the
 * sum m q has m >= 32 > |d|, and m + |d| < n as k < n / 2. */
static void add_digit(sage_jacobian *sum, const sage_jacobian odd[ODD], int d)
{
    sage_jacobian term = odd[(d < 0 ? -d : d) / 2];
    if (d < 0) term.y = jacobian_less(felt252_zero(), term.y, 4);
    *sum = sage_jacobian_add(sum, &term);
}

/* The highest digit is positive. */
static sage_jacobian multiply(sage_point q, felt252 c, const uint64_t k[4])
{
    sage_jacobian odd[ODD];
    int8_t d[LENGTH];
    int i = recode(d, k) - 1;
    odd_multiples(odd, q, c);
    sage_jacobian sum = odd[d[i] / 2];
    while (--i >= 0) {
        sum = doubled(&sum, c);
        if (d[i]) add_digit(&sum, odd, d[i]);
    }
    return sum;
}

static felt252 y_squared(felt252 x)
{
    felt252 cubic = felt252_mul(felt252_add(felt252_sqr(x), felt252_one()), x);
    return felt252_add(cubic, sage_curve_beta());
}

/* c is not 0: that would be a point of order two, and the order is an odd prime. */
bool sage_key_multiply(sage_key_multiple *out, felt252 x, sage_order k)
{
    out->c = y_squared(x);
    if (!felt252_is_square(out->c)) return false;
    sage_point q    = {felt252_mul(out->c, x), felt252_sqr(out->c)};
    sage_jacobian p = multiply(q, out->c, smaller(k).l);
    return sage_jacobian_affine(&out->p, &p);
}

static bool double_has_x(sage_point a, felt252 r)
{
    sage_jacobian one = sage_jacobian_from(a), two = sage_jacobian_double(&one);
    return sage_jacobian_affine(&a, &two) && felt252_eq(a.x, r);
}

/* On the image, with (u, v) for A and (s, t) for the multiple, r c is the u of a sum if and only
 * if (r c + u + s) (u - s)^2 = (v -+ t)^2 = v^2 + t^2 -+ 2 v t. Of v only v^2 = c^3 y^2 is at
 * hand; squaring the equation for 2 v t joins both signs. For u = s one sum is infinity, the
 * other is 2 A. */
bool sage_key_sum_has_x(sage_point a, const sage_key_multiple *b, felt252 r)
{
    felt252 c = b->c, u = felt252_mul(c, a.x), s = b->p.x, apart = felt252_sub(u, s);
    if (felt252_is_zero(apart)) return double_has_x(a, r);
    felt252 vv   = felt252_mul(felt252_mul(felt252_sqr(c), c), felt252_sqr(a.y));
    felt252 tt   = felt252_sqr(b->p.y);
    felt252 sum  = felt252_add(felt252_add(felt252_mul(r, c), u), s);
    felt252 left = felt252_mul(sum, felt252_sqr(apart));
    left         = felt252_sub(left, felt252_add(vv, tt));
    felt252 vt = felt252_mul(vv, tt), twice = felt252_add(vt, vt);
    return felt252_eq(felt252_sqr(left), felt252_add(twice, twice));
}

/* vm/uint384.c -- sums, products, division (Knuth, TAOCP 2, 4.3.1 D), Euclid. */
#include "vm/uint384.h"

#include <string.h>

#include "field/felt252_loose.h"

enum { N = UINT384_LIMBS };

bool uint384_is_zero(const uint384 *a)
{
    uint64_t any = 0;
    for (int i = 0; i < N; i++)
        any |= a->l[i];
    return !any;
}

int uint384_compare(const uint384 *a, const uint384 *b)
{
    for (int i = N - 1; i >= 0; i--)
        if (a->l[i] != b->l[i]) return a->l[i] < b->l[i] ? -1 : 1;
    return 0;
}

uint768 uint384_widen(const uint384 *a)
{
    uint768 r = {{0}};
    memcpy(r.l, a->l, sizeof a->l);
    return r;
}

bool uint384_add(uint384 *r, const uint384 *a, const uint384 *b)
{
    unsigned char carry = 0;
    for (int i = 0; i < N; i++)
        r->l[i] = felt252_adc(a->l[i], b->l[i], &carry);
    return carry;
}

bool uint384_sub(uint384 *r, const uint384 *a, const uint384 *b)
{
    unsigned char borrow = 0;
    for (int i = 0; i < N; i++)
        r->l[i] = felt252_sbb(a->l[i], b->l[i], &borrow);
    return borrow;
}

uint768 uint384_mul(const uint384 *a, const uint384 *b)
{
    uint768 r = {{0}};
    for (int i = 0; i < N; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < N; j++)
            r.l[i + j] = felt252_mac(a->l[i], b->l[j], r.l[i + j], &carry);
        r.l[i + N] = carry;
    }
    return r;
}

static int limbs_of(const uint384 *d)
{
    int n = N;
    while (!d->l[n - 1])
        n--;
    return n;
}

static uint64_t shift_left(uint64_t high, uint64_t low, int by)
{
    return by ? high << by | low >> (64 - by) : high;
}

/* The quotient's digit for u[0..n], u < d 2^64, d[n - 1] >= 2^63: an estimate by two limbs,
 * which is at most 2 too large, corrected by d's next limb. */
static uint64_t estimate(const uint64_t *u, const uint64_t *d, int n)
{
    if (u[n] >= d[n - 1]) return UINT64_MAX;
    sage_u128 top = (sage_u128)u[n] << 64 | u[n - 1];
    uint64_t q    = (uint64_t)(top / d[n - 1]);
    uint64_t rest = (uint64_t)(top % d[n - 1]);
    while (n > 1 && (sage_u128)q * d[n - 2] > ((sage_u128)rest << 64 | u[n - 2])) {
        q--;
        if (__builtin_add_overflow(rest, d[n - 1], &rest)) break;
    }
    return q;
}

/* u[0..n] -= q d; the borrow. */
static bool take_away(uint64_t *u, const uint64_t *d, int n, uint64_t q)
{
    uint64_t carry       = 0;
    unsigned char borrow = 0;
    for (int i = 0; i < n; i++) {
        uint64_t low = felt252_mac(q, d[i], 0, &carry);
        u[i]         = felt252_sbb(u[i], low, &borrow);
    }
    u[n] = felt252_sbb(u[n], carry, &borrow);
    return borrow;
}

/* u[0..n] += d; the carry, which says that u is no longer negative. */
static bool give_back(uint64_t *u, const uint64_t *d, int n)
{
    unsigned char carry = 0;
    for (int i = 0; i < n; i++)
        u[i] = felt252_adc(u[i], d[i], &carry);
    u[n] = felt252_adc(u[n], 0, &carry);
    return carry;
}

/* One digit of the quotient; u[0..n] becomes the rest. */
static uint64_t divide_step(uint64_t *u, const uint64_t *d, int n)
{
    uint64_t digit = estimate(u, d, n);
    bool negative  = take_away(u, d, n, digit);
    for (; negative; digit--)
        negative = !give_back(u, d, n);
    return digit;
}

void uint768_divide(uint768 *q, uint384 *r, const uint768 *num, const uint384 *den)
{
    uint64_t u[2 * N + 1], d[N] = {0};
    int n = limbs_of(den), shift = __builtin_clzll(den->l[n - 1]);
    for (int i = 0; i < n; i++)
        d[i] = shift_left(den->l[i], i ? den->l[i - 1] : 0, shift);
    u[2 * N] = shift_left(0, num->l[2 * N - 1], shift);
    for (int i = 2 * N - 1; i >= 0; i--)
        u[i] = shift_left(num->l[i], i ? num->l[i - 1] : 0, shift);
    if (q) memset(q, 0, sizeof *q);
    for (int j = 2 * N - n; j >= 0; j--) {
        uint64_t digit = divide_step(u + j, d, n);
        if (q) q->l[j] = digit; /* j < 2 N: d has a limb */
    }
    memset(r, 0, sizeof *r);
    for (int i = 0; i < n; i++)
        r->l[i] = shift ? u[i] >> shift | u[i + 1] << (64 - shift) : u[i];
}

uint384 uint384_mul_mod(const uint384 *a, const uint384 *b, const uint384 *d)
{
    uint384 r;
    uint768 product = uint384_mul(a, b);
    uint768_divide(NULL, &r, &product, d);
    return r;
}

/* Euclid on (a, d), keeping x with x a = rest mod d. The x alternate in sign and do not pass
 * d in magnitude, so that magnitudes and one sign are enough. */
bool uint384_inverse(uint384 *r, const uint384 *a, const uint384 *d)
{
    const uint384 one = {{1}};
    uint384 rest = *a, next = *d, x = one, next_x = {{0}};
    bool negative = false; /* x, where next_x has the other sign */
    while (!uint384_is_zero(&next)) {
        uint768 q, wide = uint384_widen(&rest);
        uint384 after, q_low, sum;
        uint768_divide(&q, &after, &wide, &next);
        memcpy(q_low.l, q.l, sizeof q_low.l);
        uint768 step = uint384_mul(&q_low, &next_x);
        memcpy(q_low.l, step.l, sizeof q_low.l);
        (void)uint384_add(&sum, &x, &q_low); /* no carry: at most d */
        rest = next, next = after;
        x = next_x, next_x = sum;
        negative = !negative;
    }
    if (uint384_compare(&rest, &one) != 0) return false;
    uint768 wide = uint384_widen(&x);
    uint768_divide(NULL, r, &wide, d);
    if (negative && !uint384_is_zero(r)) (void)uint384_sub(r, d, r);
    return true;
}

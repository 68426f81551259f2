/* field/felt252.c -- Montgomery form and back, inverses, roots. */
#include "field/felt252.h"

#include "base/bytes.h"

/* 2^512 mod P: a product with it puts a number into Montgomery form. */
static const felt252 r_squared = {
    {0xfffffd737e000401, 0x00000001330fffff, 0xffffffffff6f8000, 0x07ffd4ab5e008810}};

/* The number is settled first: 32 P would leave more than a fold takes away. */
felt252 felt252_from_limbs(const uint64_t limbs[4])
{
    felt252 a = {{limbs[0], limbs[1], limbs[2], limbs[3]}};
    return felt252_fold(felt252_loose_mul(felt252_settle(a), r_squared));
}

felt252 felt252_from_u64(uint64_t v)
{
    return felt252_mul((felt252){{v, 0, 0, 0}}, r_squared);
}

void felt252_to_limbs(felt252 a, uint64_t limbs[4])
{
    felt252 r = felt252_mul(a, (felt252){{1, 0, 0, 0}});
    for (int i = 0; i < 4; i++)
        limbs[i] = r.l[i];
}

bool felt252_limbs_canonical(const uint64_t limbs[4])
{
    const felt252 p      = felt252_multiple(1);
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        (void)felt252_sbb(limbs[i], p.l[i], &borrow);
    return borrow;
}

static void load(const uint8_t bytes[32], uint64_t limbs[4])
{
    for (int i = 0; i < 4; i++)
        limbs[i] = sage_load_le64(bytes + 8 * i);
}

bool felt252_bytes_canonical(const uint8_t bytes[32])
{
    uint64_t limbs[4];
    load(bytes, limbs);
    return felt252_limbs_canonical(limbs);
}

bool felt252_from_bytes(felt252 *out, const uint8_t bytes[32])
{
    uint64_t limbs[4];
    load(bytes, limbs);
    *out = felt252_from_limbs(limbs);
    return felt252_limbs_canonical(limbs);
}

void felt252_to_bytes(felt252 a, uint8_t bytes[32])
{
    uint64_t limbs[4];
    felt252_to_limbs(a, limbs);
    for (int i = 0; i < 4; i++)
        sage_store_le64(bytes + 8 * i, limbs[i]);
}

bool felt252_from_words(felt252 *out, const uint32_t words[8])
{
    uint64_t limbs[4];
    for (int i = 0; i < 4; i++)
        limbs[i] = (uint64_t)words[2 * i + 1] << 32 | words[2 * i];
    *out = felt252_from_limbs(limbs);
    return felt252_limbs_canonical(limbs);
}

void felt252_to_words(felt252 a, uint32_t words[8])
{
    uint64_t limbs[4];
    felt252_to_limbs(a, limbs);
    for (int i = 0; i < 8; i++)
        words[i] = (uint32_t)(limbs[i / 2] >> (32 * (i % 2)));
}

/* Runs of loose operations stay below 2 P: 4 / 31.9 + 1 < 2. */
static felt252 square_times(felt252 a, int n)
{
    for (int i = 0; i < n; i++)
        a = felt252_loose_sqr(a);
    return a;
}

/* a^(2^12 - 1): runs of 3, 6, 12 ones. */
static felt252 twelve_ones(felt252 a)
{
    felt252 run = felt252_loose_mul(felt252_loose_sqr(a), a);
    run         = felt252_loose_mul(felt252_loose_sqr(run), a);
    run         = felt252_loose_mul(square_times(run, 3), run);
    return felt252_loose_mul(square_times(run, 6), run);
}

/* a^(2^59 + k), k of five bits. */
static felt252 power_2_59_and(felt252 a, unsigned k)
{
    felt252 r = square_times(a, 59 - 5);
    for (int i = 4; i >= 0; i--) {
        r = felt252_loose_sqr(r);
        if (k >> i & 1) r = felt252_loose_mul(r, a);
    }
    return r;
}

/* a^(P - 2), and P - 2 = (2^59 + 16) * 2^192 + (2^192 - 1): 192 = 16 * 12 ones follow the
 * high bits, twelve at a time. */
felt252 felt252_inv(felt252 a)
{
    felt252 ones = twelve_ones(a), r = power_2_59_and(a, 16);
    for (int i = 0; i < 16; i++)
        r = felt252_loose_mul(square_times(r, 12), ones);
    return felt252_fold(r);
}

static felt252 or_one(felt252 a)
{
    return felt252_is_zero(a) ? felt252_one() : a;
}

void felt252_inv_many(felt252 *out, const felt252 *in, size_t n)
{
    felt252 product = felt252_one();
    for (size_t i = 0; i < n; i++) {
        out[i]  = product;
        product = felt252_mul(product, or_one(in[i]));
    }
    felt252 inverse = felt252_inv(product);
    for (size_t i = n; i-- > 0;) {
        out[i]  = felt252_is_zero(in[i]) ? felt252_zero() : felt252_mul(inverse, out[i]);
        inverse = felt252_mul(inverse, or_one(in[i]));
    }
}

/* a^((P - 1) / 2) with (P - 1) / 2 = (2^59 + 17) * 2^191: 1 or 0 for squares, else -1. */
bool felt252_is_square(felt252 a)
{
    felt252 minus = felt252_neg(felt252_one());
    return !felt252_eq(felt252_fold(square_times(power_2_59_and(a, 17), 191)), minus);
}

/* 3^(2^59 + 17): 3 generates the field's group, so this has order 2^192. In Montgomery form. */
static felt252 generator_2_192(void)
{
    return felt252_fold(power_2_59_and(felt252_from_u64(3), 17));
}

static felt252 smaller_root(felt252 r)
{
    uint64_t a[4], b[4];
    felt252 negative = felt252_neg(r);
    felt252_to_limbs(r, a);
    felt252_to_limbs(negative, b);
    int i = 3;
    while (i > 0 && a[i] == b[i])
        i--;
    return a[i] < b[i] ? r : negative;
}

/* Tonelli and Shanks, P - 1 = q * 2^192: r^2 = a t all the way, while t's order, a power of
 * two below that of c, goes down to 1. */
bool felt252_sqrt(felt252 *out, felt252 a)
{
    const felt252 one = felt252_one();
    felt252 w         = power_2_59_and(a, 16); /* a^(q - 1): q = 2^59 + 17 */
    w                 = felt252_fold(w);
    /* (q + 1) / 2 = (2^59 + 18) / 2 = 2^58 + 9. */
    felt252 r = square_times(a, 58 - 3);
    r         = felt252_loose_mul(square_times(felt252_loose_mul(r, a), 3), a);
    r         = felt252_fold(r);
    felt252 t = felt252_mul(w, a), c = generator_2_192();
    *out = felt252_zero();
    if (felt252_is_zero(a)) return true;
    for (int order = 192; !felt252_eq(t, one);) {
        int least = 0;
        for (felt252 s = t; !felt252_eq(s, one); s = felt252_sqr(s))
            if (++least == order) return false;
        for (int i = order - least - 1; i > 0; i--)
            c = felt252_sqr(c);
        r     = felt252_mul(r, c);
        c     = felt252_sqr(c);
        t     = felt252_mul(t, c);
        order = least;
    }
    *out = smaller_root(r);
    return true;
}

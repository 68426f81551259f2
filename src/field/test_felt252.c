/* felt252 against arithmetic on paper: 32-bit limbs, one bit at a time. */
#include "base/test.h"

#include "field/felt252.h"

/* ---- the slow numbers: 9 words, low first, below 2^288 ---------------------------------- */

typedef struct slow {
    uint32_t w[9];
} slow;

static const slow prime = {{1, 0, 0, 0, 0, 0, 17, 0x08000000, 0}};

static bool slow_less(slow a, slow b)
{
    for (int i = 8; i >= 0; i--)
        if (a.w[i] != b.w[i]) return a.w[i] < b.w[i];
    return false;
}

static slow slow_minus(slow a, slow b)
{
    slow r;
    int64_t borrow = 0;
    for (int i = 0; i < 9; i++) {
        int64_t d = (int64_t)a.w[i] - b.w[i] - borrow;
        borrow    = d < 0;
        r.w[i]    = (uint32_t)d;
    }
    return r;
}

static slow slow_plus(slow a, slow b)
{
    slow r;
    uint64_t carry = 0;
    for (int i = 0; i < 9; i++) {
        carry += (uint64_t)a.w[i] + b.w[i];
        r.w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return r;
}

/* a < 2^257 or so: at most 64 subtractions. */
static slow slow_mod(slow a)
{
    while (!slow_less(a, prime))
        a = slow_minus(a, prime);
    return a;
}

static slow slow_product(slow a, slow b)
{
    slow r = {{0}};
    for (int bit = 255; bit >= 0; bit--) {
        r = slow_mod(slow_plus(r, r));
        if (a.w[bit / 32] >> (bit % 32) & 1) r = slow_mod(slow_plus(r, b));
    }
    return r;
}

static slow slow_of(felt252 a)
{
    slow r = {{0}};
    felt252_to_words(a, r.w);
    return r;
}

static felt252 felt_of(slow a)
{
    felt252 r;
    assert_true(felt252_from_words(&r, a.w));
    return r;
}

static void assert_slow(felt252 got, slow want)
{
    slow g = slow_of(got);
    assert_memory_equal(g.w, want.w, sizeof want.w);
    felt252 canonical = felt252_fold(got);
    assert_memory_equal(got.l, canonical.l, sizeof got.l);
}

static uint64_t seed = 0xfe17;
static uint32_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 32);
}

static slow random_slow(void)
{
    slow r = {{0}};
    for (int i = 0; i < 8; i++)
        r.w[i] = next_random();
    return slow_mod(r);
}

/* Values where carries, borrows and reductions begin and end. */
enum { N_EDGES = 12 };
static slow edge(int i)
{
    static const slow table[N_EDGES] = {
        {{0}},
        {{1}},
        {{2}},
        {{0xffffffff}},
        {{0, 1}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
        {{0, 0, 0, 0, 0, 0, 1}},
        {{0, 0, 0, 0, 0, 0, 17, 0x08000000}}, /* P - 1 */
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 16,
          0x08000000}},                      /* P - 2 */
        {{0, 0, 0, 0, 0, 0, 0, 0x08000000}}, /* 2^251 */
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
          0x07ffffff}},                               /* 2^251 - 1 */
        {{1, 0, 0, 0, 0, 0, 0x80000008, 0x04000000}}, /* half of P, rounded up */
    };
    return table[i];
}

static void check_pair(slow a, slow b)
{
    felt252 x = felt_of(a), y = felt_of(b);
    assert_slow(x, a);
    assert_slow(felt252_add(x, y), slow_mod(slow_plus(a, b)));
    assert_slow(felt252_sub(x, y), slow_mod(slow_minus(slow_plus(a, prime), b)));
    assert_slow(felt252_neg(x), slow_mod(slow_minus(prime, a)));
    assert_slow(felt252_mul(x, y), slow_product(a, b));
    assert_slow(felt252_sqr(x), slow_product(a, a));
    assert_int_equal(felt252_eq(x, y), !memcmp(a.w, b.w, sizeof a.w));
    assert_int_equal(felt252_is_zero(x), !memcmp(a.w, edge(0).w, sizeof a.w));
}

static void agrees_with_paper(void **state)
{
    (void)state;
    for (int i = 0; i < N_EDGES; i++)
        for (int j = 0; j < N_EDGES; j++)
            check_pair(edge(i), edge(j));
    for (int i = 0; i < (sage_test_quick() ? 100 : 2000); i++)
        check_pair(random_slow(), i % 4 ? random_slow() : edge(i / 4 % N_EDGES));
}

/* ---- conversions ------------------------------------------------------------------------ */

static void to_bytes(slow a, uint8_t bytes[32])
{
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(a.w[i / 4] >> (8 * (i % 4)));
}

static void bytes_are_canonical_or_refused(void **state)
{
    (void)state;
    uint8_t bytes[32], back[32];
    felt252 x;
    for (int i = 0; i < N_EDGES; i++) {
        to_bytes(edge(i), bytes);
        assert_true(felt252_bytes_canonical(bytes));
        assert_true(felt252_from_bytes(&x, bytes));
        assert_slow(x, edge(i));
        felt252_to_bytes(x, back);
        assert_memory_equal(back, bytes, sizeof back);

        /* The same residue, up to 31 P too large: refused, and reduced. */
        slow a = slow_plus(edge(i), prime);
        for (; a.w[8] == 0; a = slow_plus(a, prime)) {
            to_bytes(a, bytes);
            assert_false(felt252_bytes_canonical(bytes));
            assert_false(felt252_from_bytes(&x, bytes));
            assert_slow(x, edge(i));
            assert_false(felt252_from_words(&x, a.w));
            assert_slow(x, edge(i));
        }
    }
    memset(bytes, 0xff, sizeof bytes);
    slow all = {{0}};
    memset(all.w, 0xff, 32);
    assert_false(felt252_from_bytes(&x, bytes));
    assert_slow(x, slow_mod(all));
}

static void small_numbers(void **state)
{
    (void)state;
    assert_true(felt252_eq(felt252_from_u64(0), felt252_zero()));
    assert_true(felt252_eq(felt252_from_u64(1), felt252_one()));
    const slow max = {{0xffffffff, 0xffffffff}};
    assert_slow(felt252_from_u64(UINT64_MAX), max);
    uint64_t limbs[4];
    felt252_to_limbs(felt252_from_u64(0x123456789abcdef0), limbs);
    assert_int_equal(limbs[0], 0x123456789abcdef0);
    assert_int_equal(limbs[1] | limbs[2] | limbs[3], 0);
}

/* ---- unreduced values -------------------------------------------------------------------- */

static felt252 loose_of(slow a)
{
    felt252 r;
    for (int i = 0; i < 4; i++)
        r.l[i] = (uint64_t)a.w[2 * i + 1] << 32 | a.w[2 * i];
    return r;
}

static slow slow_of_loose(felt252 a)
{
    slow r = {{0}};
    for (int i = 0; i < 8; i++)
        r.w[i] = (uint32_t)(a.l[i / 2] >> (32 * (i % 2)));
    return r;
}

static slow times(slow a, uint32_t m)
{
    slow r = {{0}};
    while (m--)
        r = slow_plus(r, a);
    return r;
}

static void settled_values(void **state)
{
    (void)state;
    for (int i = 0; i < N_EDGES; i++)
        for (uint32_t m = 0; m <= 30; m++) {
            slow a = slow_plus(edge(i), times(prime, m));
            slow s = slow_of_loose(felt252_settle(loose_of(a)));
            assert_true(slow_less(s, times(prime, 2)));
            assert_memory_equal(slow_mod(s).w, edge(i).w, sizeof s.w);
            s = slow_of_loose(felt252_multiple(m));
            assert_memory_equal(s.w, times(prime, m).w, sizeof s.w);
        }
}

/* Factors up to their bounds: the product is the class of a b / R and below its bound. */
static void loose_products(void **state)
{
    (void)state;
    const slow r = slow_mod((slow){{0, 0, 0, 0, 0, 0, 0, 0, 1}}); /* 2^256 */
    for (int i = 0; i < N_EDGES; i++)
        for (uint32_t m = 0; m <= 29; m += m < 14 ? 2 : 15) {
            slow a    = slow_plus(edge(i), times(prime, m));
            slow b    = slow_plus(random_slow(), times(prime, 29));
            slow got  = slow_of_loose(felt252_loose_mul(loose_of(a), loose_of(b)));
            slow want = slow_product(slow_mod(a), slow_mod(b));
            assert_memory_equal(slow_product(slow_mod(got), r).w, want.w, sizeof want.w);
            assert_true(slow_less(got, times(prime, (m + 1) * 30 / 31 + 2)));
            if (m > 14) continue;
            got  = slow_of_loose(felt252_loose_sqr(loose_of(a)));
            want = slow_product(slow_mod(a), slow_mod(a));
            assert_memory_equal(slow_product(slow_mod(got), r).w, want.w, sizeof want.w);
            assert_true(slow_less(got, times(prime, (m + 1) * (m + 1) / 31 + 2)));
        }
}

/* ---- the field --------------------------------------------------------------------------- */

static void laws(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        felt252 a = felt_of(random_slow()), b = felt_of(random_slow()),
                c = felt_of(random_slow());
        assert_true(felt252_eq(felt252_mul(a, felt252_add(b, c)),
                               felt252_add(felt252_mul(a, b), felt252_mul(a, c))));
        assert_true(
            felt252_eq(felt252_mul(felt252_mul(a, b), c), felt252_mul(a, felt252_mul(b, c))));
        assert_true(felt252_eq(felt252_sub(felt252_add(a, b), b), a));
        assert_true(felt252_eq(felt252_mul(a, felt252_one()), a));
        assert_true(felt252_is_zero(felt252_add(a, felt252_neg(a))));
    }
}

/* a^(P - 1) = 1: P - 1 = 2^251 + 17 * 2^192. */
static void fermat(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        felt252 x = felt_of(i ? random_slow() : edge(7));
        for (int k = 0; k < 192; k++)
            x = felt252_sqr(x);
        felt252 low = x;
        for (int k = 0; k < 4; k++)
            low = felt252_sqr(low);
        low = felt252_mul(low, x);
        for (int k = 192; k < 251; k++)
            x = felt252_sqr(x);
        assert_true(felt252_eq(felt252_mul(x, low), felt252_one()));
    }
}

static void inverses(void **state)
{
    (void)state;
    felt252 in[N_EDGES + 20], out[N_EDGES + 20];
    const int n = N_EDGES + 20;
    for (int i = 0; i < n; i++)
        in[i] = felt_of(i < N_EDGES ? edge(i) : random_slow());
    felt252_inv_many(out, in, (size_t)n);
    for (int i = 0; i < n; i++) {
        felt252 want = i ? felt252_one() : felt252_zero();
        assert_true(felt252_eq(felt252_mul(in[i], felt252_inv(in[i])), want));
        assert_true(felt252_eq(out[i], felt252_inv(in[i])));
        assert_slow(felt252_inv_public(in[i]), slow_of(out[i]));
    }
    felt252_inv_many(out, in, 0);
}

/* Small numbers, their negatives and neighbours of powers of two, as numbers and as Montgomery
 * forms: long runs of zeros and ones for the divsteps. */
static void public_inverses(void **state)
{
    (void)state;
    felt252 power = felt252_one();
    for (int i = 0; i < 20000; i++) {
        felt252 x = i < 600    ? felt252_from_u64((uint64_t)i / 2)
                    : i < 4600 ? felt252_add(power, felt252_from_u64((uint64_t)i % 8))
                               : felt_of(random_slow());
        if (i % 8 == 7) power = felt252_add(power, power);
        if (i & 1) x = felt252_neg(x);
        if (i % 3 == 0) x = felt252_from_limbs(x.l);
        felt252 y    = felt252_inv_public(x);
        felt252 want = felt252_is_zero(x) ? felt252_zero() : felt252_one();
        assert_true(felt252_eq(felt252_mul(x, y), want));
        assert_true(felt252_eq(felt252_fold(y), y));
    }
}

/* Squares have their smaller root; 3 generates the group, so 3 times a square has none. */
static void roots(void **state)
{
    (void)state;
    const felt252 three = felt252_from_u64(3);
    for (int i = 0; i < N_EDGES + 20; i++) {
        felt252 x      = felt_of(i < N_EDGES ? edge(i) : random_slow()), root, other;
        felt252 square = felt252_sqr(x);
        assert_true(felt252_sqrt(&root, square));
        assert_true(felt252_eq(felt252_sqr(root), square));
        assert_false(slow_less(slow_of(felt252_neg(root)), slow_of(root)));
        assert_true(felt252_sqrt(&other, square));
        assert_true(felt252_eq(root, other));
        if (i) assert_false(felt252_sqrt(&other, felt252_mul(square, three)));
        assert_true(felt252_is_square(square));
        assert_int_equal(felt252_is_square(felt252_mul(square, three)), !i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_paper),
        cmocka_unit_test(bytes_are_canonical_or_refused),
        cmocka_unit_test(small_numbers),
        cmocka_unit_test(settled_values),
        cmocka_unit_test(loose_products),
        cmocka_unit_test(laws),
        cmocka_unit_test(fermat),
        cmocka_unit_test(inverses),
        cmocka_unit_test(public_inverses),
        cmocka_unit_test(roots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

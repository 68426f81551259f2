/* 384-bit numbers: division against its definition, also where the digit's estimate is off;
 * inverses; a few results by hand. */
#include "base/test.h"

#include "vm/uint384.h"

enum { N = UINT384_LIMBS };

static uint64_t random_word(void)
{
    static uint64_t seed = 0x384;
    seed                 = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 29;
}

/* Limbs that are often all zeros or ones, 2^63 or 2^63 - 1: where digits are estimated wrong. */
static uint64_t edge_word(void)
{
    static const uint64_t edges[] = {
        0, 1, UINT64_MAX, UINT64_MAX - 1, (uint64_t)1 << 63, ((uint64_t)1 << 63) - 1};
    return random_word() >> 61 ? edges[random_word() % 6] : random_word();
}

static uint384 random_number(int limbs)
{
    uint384 a = {{0}};
    for (int i = 0; i < limbs; i++)
        a.l[i] = edge_word();
    return a;
}

/* q d + r with all carries, modulo 2^768; false if it does not fit. */
static bool recompose(uint64_t out[2 * N], const uint768 *q, const uint384 *d, const uint384 *r)
{
    uint64_t wide[3 * N] = {0};
    memcpy(wide, r->l, sizeof r->l);
    for (int i = 0; i < 2 * N; i++) {
        sage_u128 carry = 0;
        for (int j = 0; j < N; j++) {
            carry += (sage_u128)q->l[i] * d->l[j] + wide[i + j];
            wide[i + j] = (uint64_t)carry;
            carry >>= 64;
        }
        for (int k = i + N; carry && k < 3 * N; k++) {
            carry += wide[k];
            wide[k] = (uint64_t)carry;
            carry >>= 64;
        }
    }
    memcpy(out, wide, 2 * N * sizeof *out);
    for (int k = 2 * N; k < 3 * N; k++)
        if (wide[k]) return false;
    return true;
}

static void check_division(const uint768 *n, const uint384 *d)
{
    uint768 q;
    uint384 r, alone;
    uint64_t back[2 * N];
    uint768_divide(&q, &r, n, d);
    assert_true(uint384_compare(&r, d) < 0);
    assert_true(recompose(back, &q, d, &r));
    assert_memory_equal(back, n->l, sizeof back);
    uint768_divide(NULL, &alone, n, d);
    assert_memory_equal(&alone, &r, sizeof r);
}

static void divisions(void **state)
{
    (void)state;
    for (int i = 0; i < 60000; i++) {
        uint384 d = random_number(1 + i % N), a = random_number(N), b = random_number(N);
        if (uint384_is_zero(&d)) continue;
        uint768 n;
        memcpy(n.l, a.l, sizeof a.l);
        memcpy(n.l + N, b.l, sizeof b.l);
        check_division(&n, &d);
        /* Just below and at multiples of d. */
        n = uint384_mul(&a, &d);
        check_division(&n, &d);
        for (int k = 0; k < 2 * N && !n.l[k]--; k++) {
        }
        check_division(&n, &d);
    }
}

/* TAOCP 4.3.1: the rare case in which an estimated digit is one too large after its test. */
static void rare_case(void **state)
{
    (void)state;
    const uint384 d = {{1, 0, (uint64_t)1 << 63}};
    const uint768 n = {{3, 0, (uint64_t)1 << 63 | 0}},
                  m = {{0, 0, UINT64_MAX, ((uint64_t)1 << 63) - 1}};
    check_division(&n, &d);
    check_division(&m, &d);
    const uint384 e = {{UINT64_MAX, 0, (uint64_t)1 << 63}};
    const uint768 o = {{0, UINT64_MAX - 1, (uint64_t)1 << 63, ((uint64_t)1 << 63) - 1}};
    check_division(&o, &e);
}

static void sums(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        uint384 a = random_number(N), b = random_number(N), sum, back;
        bool carry = uint384_add(&sum, &a, &b);
        assert_int_equal(carry, uint384_compare(&sum, &a) < 0);
        assert_int_equal(uint384_sub(&back, &sum, &b), carry);
        assert_memory_equal(&back, &a, sizeof a);
        uint768 wide = uint384_widen(&a);
        assert_memory_equal(wide.l, a.l, sizeof a.l);
    }
}

static void inverses(void **state)
{
    (void)state;
    int found         = 0;
    const uint384 one = {{1}}, two = {{2}};
    for (int i = 0; i < 3000; i++) {
        uint384 a = random_number(1 + i % N), d = random_number(1 + i / 7 % N), r;
        if (uint384_is_zero(&d) || uint384_compare(&d, &one) == 0) continue;
        if (!uint384_inverse(&r, &a, &d)) continue;
        found++;
        assert_true(uint384_compare(&r, &d) < 0);
        uint384 product = uint384_mul_mod(&a, &r, &d);
        assert_memory_equal(&product, &one, sizeof one);
    }
    assert_true(found > 300);
    uint384 r, even = {{6}}, zero = {{0}};
    assert_false(uint384_inverse(&r, &two, &even));
    assert_false(uint384_inverse(&r, &zero, &even));
    assert_true(uint384_inverse(&r, &zero, &one)); /* modulo 1 all is 0 */
    assert_true(uint384_is_zero(&r));
    for (uint64_t d = 2; d < 40; d++) /* exhaustive, also with a above d */
        for (uint64_t a = 0; a < 90; a++) {
            uint64_t x = d, y = a;
            while (y) {
                uint64_t rest = x % y;
                x = y, y = rest;
            }
            uint384 big_a = {{a}}, big_d = {{d}};
            assert_int_equal(uint384_inverse(&r, &big_a, &big_d), x == 1);
            if (x == 1) assert_int_equal(r.l[0] * a % d, 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(divisions),
        cmocka_unit_test(rare_case),
        cmocka_unit_test(sums),
        cmocka_unit_test(inverses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The field tower over p = 7 and p = 127, every element or every pair, against the definition:
 * polynomials in i and u, multiplied out and then reduced by i^2 = -1 and u^2 = 2 + i. */
#include "base/test.h"
#include "field/qm31.h"

#if SAGE_M31_BITS > 7
#    error "exhaustive tests are for p = 7 and p = 127"
#endif

enum { P = (1 << M31_BITS) - 1 };

typedef struct element {
    unsigned v[2][2]; /* [power of u][power of i] */
} element;

static element element_of(qm31 x)
{
    return (element){{{x.v[0], x.v[1]}, {x.v[2], x.v[3]}}};
}

static qm31 multiply(qm31 x, qm31 y)
{
    element a = element_of(x), b = element_of(y);
    unsigned full[3][4] = {{0}};
    for (int ua = 0; ua < 2; ua++)
        for (int ub = 0; ub < 2; ub++)
            for (int ia = 0; ia < 2; ia++)
                for (int ib = 0; ib < 2; ib++)
                    full[ua + ub][ia + ib] += a.v[ua][ia] * b.v[ub][ib];
    for (int i = 0; i < 3; i++) { /* u^2 = 2 + i */
        full[0][i] += 2 * full[2][i];
        full[0][i + 1] += full[2][i];
    }
    for (int u = 0; u < 2; u++)
        for (int i = 3; i >= 2; i--) /* i^2 = -1 */
            full[u][i - 2] += (P - 1) * (full[u][i] % P);
    return qm31_of(full[0][0] % P, full[0][1] % P, full[1][0] % P, full[1][1] % P);
}

static qm31 numbered(unsigned n)
{
    qm31 x;
    for (int c = 0; c < 4; c++, n /= P)
        x.v[c] = n % P;
    return x;
}
static void same(qm31 x, qm31 y)
{
    if (memcmp(&x, &y, sizeof x))
        fail_msg("(%u %u %u %u) is not (%u %u %u %u)", x.v[0], x.v[1], x.v[2], x.v[3], y.v[0],
                 y.v[1], y.v[2], y.v[3]);
}

static void test_base(void **state)
{
    (void)state;
    for (unsigned a = 0; a < P; a++) {
        for (unsigned b = 0; b < P; b++) {
            assert_int_equal(m31_add(a, b), (a + b) % P);
            assert_int_equal(m31_sub(a, b), (a + P - b) % P);
            assert_int_equal(m31_mul(a, b), a * b % P);
        }
        assert_int_equal(m31_neg(a), (P - a) % P);
        assert_int_equal(m31_mul(a, m31_inv(a)), a != 0);
        unsigned power = 1;
        for (unsigned e = 0; e < 2 * P; e++, power = power * a % P)
            assert_int_equal(m31_pow(a, e), power);
    }
    for (uint64_t v = 0; v <= (uint64_t)(P - 1) * (P - 1) + P; v++)
        assert_int_equal(m31_reduce(v), v % P);
    for (uint32_t k = 0; k <= M31_BITS; k++)
        assert_int_equal(m31_mul(m31_inv_pow2(k), (m31)((1u << k) % P)), 1);
}

static void test_cm31_products(void **state)
{
    (void)state;
    for (unsigned x = 0; x < P * P; x++) {
        if (sage_test_quick() && P > 7 && x % 13) continue;
        cm31 a = cm31_of(x % P, x / P);
        for (unsigned y = 0; y < P * P; y++) {
            cm31 b = cm31_of(y % P, y / P), ab = cm31_mul(a, b);
            /* (a + bi)(c + di) = ac - bd + (ad + bc) i, in plain integers */
            unsigned re = (a.a * b.a + (P - 1) * (a.b * b.b % P)) % P;
            unsigned im = (a.a * b.b + a.b * b.a) % P;
            if (ab.a != re || ab.b != im) fail_msg("%u %u * %u %u", a.a, a.b, b.a, b.b);
        }
    }
}

static void test_cm31_unary(void **state)
{
    (void)state;
    for (unsigned x = 0; x < P * P; x++) {
        cm31 a = cm31_of(x % P, x / P), one = cm31_mul(a, cm31_inv(a));
        cm31 r = cm31_mul(a, cm31_of(2, 1)), got = cm31_mul_r(a), square = cm31_mul(a, a);
        assert_true(one.a == (x != 0) && one.b == 0);
        assert_true(r.a == got.a && r.b == got.b);
        /* u^2 - 2 - i has no root in CM31, or QM31 were no field */
        assert_false(square.a == 2 && square.b == 1);
    }
}

static void check_pair(qm31 a, qm31 b)
{
    same(qm31_mul(a, b), multiply(a, b));
    qm31 sum = qm31_add(a, b), difference = qm31_sub(a, b);
    for (int c = 0; c < 4; c++) {
        assert_true(sum.v[c] == (a.v[c] + b.v[c]) % P);
        assert_true(difference.v[c] == (a.v[c] + P - b.v[c]) % P);
    }
}

static void check_one(qm31 a)
{
    qm31 e[4] = {a, qm31_sqr(a), qm31_neg(a), qm31_one()}, sum;
    same(qm31_mul(a, qm31_inv(a)),
         memcmp(&a, &(qm31){{0}}, sizeof a) ? qm31_one() : qm31_zero());
    same(qm31_sqr(a), multiply(a, a));
    same(qm31_add(a, qm31_neg(a)), qm31_zero());
    same(qm31_pow(a, 5), multiply(a, multiply(multiply(a, a), multiply(a, a))));
    same(qm31_scale(a, 3), multiply(a, qm31_of(3, 0, 0, 0)));
    same(qm31_mul_cm31(a, cm31_of(3, 5)), multiply(a, qm31_of(3, 5, 0, 0)));
    /* a conj(a) lies in CM31 */
    sum = multiply(a, qm31_conj(a));
    assert_true(sum.v[2] == 0 && sum.v[3] == 0);
    sum = qm31_add(
        qm31_add(e[0], multiply(e[1], qm31_of(0, 1, 0, 0))),
        qm31_add(multiply(e[2], qm31_of(0, 0, 1, 0)), multiply(e[3], qm31_of(0, 0, 0, 1))));
    same(qm31_from_coords(e), sum);
}

static void test_qm31(void **state)
{
    (void)state;
    if (P == 7) {
        for (unsigned x = 0; x < 2401; x++) {
            check_one(numbered(x));
            for (unsigned y = 0; y < 2401; y++)
                check_pair(numbered(x), numbered(y));
        }
        return;
    }
    uint32_t s = 1;
    for (int k = 0; k < 1000000; k++) {
        s      = s * 1664525 + 1013904223;
        qm31 a = numbered(s >> 3);
        s      = s * 1664525 + 1013904223;
        check_pair(a, numbered(s >> 3));
        if (k % 16 == 0) check_one(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_cm31_products),
        cmocka_unit_test(test_cm31_unary),
        cmocka_unit_test(test_qm31),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

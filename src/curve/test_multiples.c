/* Multiples of G from its table and of a key from its x, against the plain multiplication. */
#include "test_vectors.h"

#include "curve/generator.h"
#include "curve/key.h"

static felt252 x_of(const sage_jacobian *p)
{
    sage_point affine;
    assert_true(sage_jacobian_affine(&affine, p));
    assert_true(sage_point_on_curve(affine));
    return affine.x;
}

static void check_generator(sage_order k)
{
    sage_jacobian plain  = sage_curve_multiply(sage_curve_point(SAGE_CURVE_G), k.l);
    sage_jacobian secret = sage_generator_multiply(k), open = sage_generator_multiply_public(k);
    felt252 x = x_of(&plain);
    assert_true(felt252_eq(x_of(&secret), x));
    assert_true(felt252_eq(x_of(&open), x));
    assert_true(felt252_eq(sage_generator_x(k), x));
}

/* On the curve: x = p.x / c, and p is on the image, v^2 = u^3 + c^2 u + c^3 beta. */
static void check_key(sage_point q, sage_order k)
{
    sage_key_multiple m;
    sage_jacobian plain = sage_curve_multiply(q, k.l);
    assert_true(sage_key_multiply(&m, q.x, k));
    assert_true(felt252_eq(m.p.x, felt252_mul(m.c, x_of(&plain))));
    felt252 cc = felt252_sqr(m.c), u = m.p.x;
    felt252 beta = felt252_mul(felt252_mul(cc, m.c), sage_curve_beta());
    felt252 vv   = felt252_add(felt252_mul(felt252_add(felt252_sqr(u), cc), u), beta);
    assert_true(felt252_eq(felt252_sqr(m.p.y), vv));
}

static void check(sage_order k)
{
    check_generator(k);
    check_key(sage_curve_point(SAGE_CURVE_P0), k);
}

static sage_order small(uint64_t v)
{
    return (sage_order){{v, 0, 0, 0}};
}

/* 1, 2, .. and n - 1, n - 2, ..: all single digits, and where sums come close to n. */
static void near_the_ends(void **state)
{
    (void)state;
    for (uint64_t v = 1; v <= 70; v++) {
        check(small(v));
        check(sage_order_negative(small(v)));
    }
}

/* Around n / 2, where a key's multiple changes to n - k, and n / 4. */
static void near_the_middle(void **state)
{
    (void)state;
    sage_order half = sage_order_inv(small(2)), quarter = sage_order_inv(small(4));
    for (uint64_t v = 0; v < 20; v++) {
        check(sage_order_add(half, small(v)));
        check(sage_order_add(half, sage_order_negative(small(v))));
        check(sage_order_add(quarter, small(v)));
    }
}

/* 2^i and 2^i +- 1: runs of ones and zeros, carries through all digits. */
static void powers(void **state)
{
    (void)state;
    sage_order power = small(1);
    for (int i = 0; i < 252; i += sage_test_quick() ? 9 : 1) {
        power = small(1);
        for (int k = 0; k < i; k++)
            power = sage_order_add(power, power);
        check(power);
        check(sage_order_add(power, small(1)));
        if (i) check(sage_order_add(power, sage_order_negative(small(1))));
    }
}

static void at_random(void **state)
{
    (void)state;
    for (int i = 0; i < (sage_test_quick() ? 20 : 500); i++) {
        uint64_t limbs[4];
        random_limbs(limbs);
        check(sage_order_reduce(limbs));
    }
}

static void no_such_point(void **state)
{
    (void)state;
    int none = 0;
    for (int i = 0; i < 100; i++) {
        sage_key_multiple m;
        sage_point p;
        felt252 x = random_felt();
        bool real = sage_point_from_x(&p, x);
        none += !real;
        assert_int_equal(sage_key_multiply(&m, x, small(3)), real);
    }
    assert_in_range(none, 20, 80); /* about half have none */
}

/* x of a G +- b Q for both signs, for none, and for a G = +-b Q. */
static void sums(void **state)
{
    (void)state;
    const sage_point g = sage_curve_point(SAGE_CURVE_G);
    for (int i = 0; i < 50; i++) {
        uint64_t a[4], b[4];
        sage_key_multiple m;
        sage_point p;
        random_limbs(a), random_limbs(b);
        sage_jacobian ag = sage_curve_multiply(g, a), bg = sage_curve_multiply(g, b);
        assert_true(sage_jacobian_affine(&p, &ag));
        assert_true(sage_key_multiply(&m, g.x, sage_order_reduce(b)));
        for (int sign = 0; sign < 2; sign++) {
            sage_jacobian sum = sage_jacobian_add(&ag, &bg);
            felt252 x         = x_of(&sum);
            assert_true(sage_key_sum_has_x(p, &m, x));
            assert_false(sage_key_sum_has_x(p, &m, felt252_add(x, felt252_one())));
            bg.y = felt252_neg(felt252_fold(felt252_settle(bg.y)));
        }
        sage_jacobian twice = sage_jacobian_double(&ag);
        assert_true(sage_key_multiply(&m, g.x, sage_order_reduce(a)));
        assert_true(sage_key_sum_has_x(p, &m, x_of(&twice)));
        assert_false(sage_key_sum_has_x(p, &m, random_felt()));
    }
}

static void order_negative(void **state)
{
    (void)state;
    assert_true(sage_order_is_zero(sage_order_negative(small(0))));
    for (int i = 0; i < 100; i++) {
        uint64_t limbs[4];
        random_limbs(limbs);
        sage_order a = sage_order_reduce(limbs);
        assert_true(sage_order_is_zero(sage_order_add(a, sage_order_negative(a))));
        sage_order one = sage_order_mul(a, sage_order_inv(a));
        assert_true(one.l[0] == 1 && !(one.l[1] | one.l[2] | one.l[3]));
    }
    assert_true(sage_order_is_zero(sage_order_inv(small(0))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_the_ends),  cmocka_unit_test(near_the_middle),
        cmocka_unit_test(powers),         cmocka_unit_test(at_random),
        cmocka_unit_test(no_such_point),  cmocka_unit_test(sums),
        cmocka_unit_test(order_negative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

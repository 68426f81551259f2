/* The STARK curve: its constants out of pi, the group's laws, EC_OP against its definition. */
#include "test_vectors.h"

#include "curve/curve.h"
#include "curve/order.h"

/* ---- constants ----------------------------------------------------------------------------- */

static const char pi[] =
    "3141592653589793238462643383279502884197169399375105820974944592307816406286"
    "2089986280348253421170679821480865132823066470938446095505822317253594081284"
    "8111745028410270193852110555964462294895493038196442881097566593344612847564"
    "8233786783165271201909145648566923460348610454326648213393607260249141273724"
    "5870066063155881748815209209628292540917153643678925903600113305305488204665"
    "2138414695194151160943305727036575959195309218611738193261179310511854807446"
    "2379962749567351885752724891227938183011949129833673362440656643086021394946";

static felt252 chunk_of_pi(int i)
{
    const felt252 ten = felt252_from_u64(10);
    felt252 x         = felt252_zero();
    for (int d = 0; d < 76; d++)
        x = felt252_add(felt252_mul(x, ten),
                        felt252_from_u64((uint64_t)(pi[76 * i + d] - '0')));
    return x;
}

/* pi itself by Machin's 16 arctan(1/5) - 4 arctan(1/239), in decimal digits. */
enum { DIGITS = 76 * 7, ROOM = DIGITS + 8 };
typedef struct decimal {
    int digit[ROOM]; /* most significant first; digit[0] before the point */
} decimal;

static bool divide(decimal *v, int by)
{
    int carry = 0;
    bool any  = false;
    for (int i = 0; i < ROOM; i++) {
        carry       = 10 * carry + v->digit[i];
        v->digit[i] = carry / by;
        carry %= by;
        any |= v->digit[i] != 0;
    }
    return any;
}

static void accumulate(decimal *sum, const decimal *v, int sign)
{
    int carry = 0;
    for (int i = ROOM - 1; i >= 0; i--) {
        int d         = sum->digit[i] + sign * v->digit[i] + carry;
        carry         = d < 0 ? -1 : d / 10;
        sum->digit[i] = d - 10 * carry;
    }
}

static void add_arctan(decimal *sum, int factor, int of, int sign)
{
    decimal power  = {{0}}, term;
    power.digit[0] = factor;
    divide(&power, of);
    for (int n = 1;; n += 2, sign = -sign) {
        term = power;
        divide(&term, n);
        accumulate(sum, &term, sign);
        if (!divide(&power, of * of)) break;
    }
}

static void digits_are_pi(void **state)
{
    (void)state;
    decimal sum = {{0}};
    add_arctan(&sum, 16, 5, 1);
    add_arctan(&sum, 4, 239, -1);
    for (int i = 0; i < DIGITS; i++)
        assert_int_equal(sum.digit[i], pi[i] - '0');
}

/* Every constant is the next point of the curve after its chunk, with the smaller y. */
static void constants_come_from_pi(void **state)
{
    (void)state;
    for (int i = SAGE_CURVE_SHIFT; i <= SAGE_CURVE_P3; i++) {
        sage_point want, got = sage_curve_point((sage_curve_constant)i);
        felt252 x = chunk_of_pi(i);
        while (!sage_point_from_x(&want, x))
            x = felt252_add(x, felt252_one());
        assert_true(sage_point_equal(got, want));
        assert_true(sage_point_on_curve(got));
    }
    /* beta follows chunk 0 within a few hundred: the next for which the order is a prime. */
    felt252 beyond = felt252_sub(sage_curve_beta(), chunk_of_pi(0));
    uint64_t limbs[4];
    felt252_to_limbs(beyond, limbs);
    assert_int_equal(limbs[0], 379);
    assert_false(limbs[1] | limbs[2] | limbs[3]);
}

/* ---- the group ----------------------------------------------------------------------------- */

static sage_point affine(sage_jacobian p)
{
    sage_point a;
    assert_true(sage_jacobian_affine(&a, &p));
    assert_true(sage_point_on_curve(a));
    return a;
}

static sage_point random_point(void)
{
    sage_point p;
    while (!sage_point_from_x(&p, random_felt())) {
    }
    return random_word() & 1 ? p : sage_point_negative(p);
}

/* p + q and 2 p by the chord and the tangent, on canonical felts. */
static sage_point chord(sage_point p, sage_point q)
{
    felt252 dx = felt252_sub(q.x, p.x), dy = felt252_sub(q.y, p.y);
    if (felt252_is_zero(dx)) {
        felt252 xx = felt252_sqr(p.x);
        dy         = felt252_add(felt252_add(xx, felt252_add(xx, xx)), felt252_one());
        dx         = felt252_add(p.y, p.y);
    }
    felt252 slope = felt252_mul(dy, felt252_inv(dx));
    felt252 x     = felt252_sub(felt252_sqr(slope), felt252_add(p.x, q.x));
    return (sage_point){x, felt252_sub(felt252_mul(slope, felt252_sub(p.x, x)), p.y)};
}

/* A representative with z other than 1. */
static sage_jacobian scaled(sage_point p)
{
    felt252 z = random_felt(), zz = felt252_sqr(z);
    return (sage_jacobian){felt252_mul(p.x, zz), felt252_mul(p.y, felt252_mul(z, zz)), z};
}

static void sums_are_chords(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        sage_point p = random_point(), q = random_point();
        sage_jacobian a = scaled(p), b = scaled(q);
        assert_true(sage_point_equal(affine(sage_jacobian_add(&a, &b)), chord(p, q)));
        assert_true(sage_point_equal(affine(sage_jacobian_add_point(&a, q)), chord(p, q)));
        assert_true(sage_point_equal(affine(sage_jacobian_double(&a)), chord(p, p)));
        b = scaled(p);
        assert_true(sage_point_equal(affine(sage_jacobian_add(&a, &b)), chord(p, p)));
    }
}

static void infinity_is_neutral(void **state)
{
    (void)state;
    sage_point p       = random_point(), none;
    sage_jacobian zero = sage_jacobian_infinity(), a = scaled(p), sum;
    assert_false(sage_jacobian_affine(&none, &zero));
    assert_true(sage_point_equal(affine(sage_jacobian_add(&a, &zero)), p));
    assert_true(sage_point_equal(affine(sage_jacobian_add(&zero, &a)), p));
    assert_true(sage_point_equal(affine(sage_jacobian_add_point(&zero, p)), p));
    sum = sage_jacobian_add_point(&a, sage_point_negative(p));
    assert_true(sage_jacobian_is_infinity(&sum));
    sum = sage_jacobian_double(&zero);
    assert_true(sage_jacobian_is_infinity(&sum));
    sum = sage_jacobian_add(&zero, &zero);
    assert_true(sage_jacobian_is_infinity(&sum));
}

/* The bounds of jacobian.h hold for any chain of operations; addition is associative. */
static void long_chains(void **state)
{
    (void)state;
    sage_point p     = random_point();
    sage_jacobian up = sage_jacobian_from(p), left, right;
    for (int i = 0; i < 2000; i++) {
        left  = sage_jacobian_double(&up);
        left  = sage_jacobian_add_point(&left, p);
        right = sage_jacobian_add_point(&up, p);
        right = sage_jacobian_add(&up, &right);
        if (i % 100 == 0) assert_true(sage_point_equal(affine(left), affine(right)));
        up = i % 2 ? left : right;
    }
}

static void multiples(void **state)
{
    (void)state;
    const sage_point g = sage_curve_point(SAGE_CURVE_G);
    sage_order n       = sage_order_n();
    sage_jacobian p = sage_curve_multiply(g, n.l), sum = sage_jacobian_infinity();
    assert_true(sage_jacobian_is_infinity(&p)); /* n is the order */
    n.l[0]--;
    assert_true(sage_point_equal(affine(sage_curve_multiply(g, n.l)), sage_point_negative(g)));
    for (uint64_t k = 0; k < 70; k++) {
        p = sage_curve_multiply(g, (uint64_t[4]){k});
        assert_int_equal(sage_jacobian_is_infinity(&p), k == 0);
        if (k) assert_true(sage_point_equal(affine(p), affine(sum)));
        sum = sage_jacobian_add_point(&sum, g);
    }
    for (int i = 0; i < 10; i++) { /* a (b G) = (a b mod n) G */
        uint64_t a[4], b[4];
        random_limbs(a), random_limbs(b);
        sage_order ab   = sage_order_mul(sage_order_reduce(a), sage_order_reduce(b));
        sage_point left = affine(sage_curve_multiply(affine(sage_curve_multiply(g, b)), a));
        assert_true(sage_point_equal(left, affine(sage_curve_multiply(g, ab.l))));
    }
}

static void order_arithmetic(void **state)
{
    (void)state;
    sage_order n = sage_order_n(), out, one = {{1, 0, 0, 0}};
    assert_false(sage_order_from_limbs(&out, n.l));
    assert_true(sage_order_is_zero(sage_order_reduce(n.l)));
    assert_true(sage_order_is_zero(sage_order_inv((sage_order){{0}})));
    n.l[0]--;
    assert_true(sage_order_from_limbs(&out, n.l));
    assert_true(sage_order_is_zero(sage_order_add(out, one)));
    out = sage_order_mul(out, out); /* -1 squared */
    assert_memory_equal(&out, &one, sizeof out);
    for (int i = 0; i < 20; i++) {
        uint64_t limbs[4];
        random_limbs(limbs);
        sage_order a = sage_order_reduce(limbs), b = sage_order_mul(a, sage_order_inv(a));
        assert_memory_equal(&b, &one, sizeof b);
        /* (2^256 - 1) - limbs and limbs add up to 2^256 - 1. */
        uint64_t rest[4], all[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
        for (int k = 0; k < 4; k++)
            rest[k] = ~limbs[k];
        sage_order sum   = sage_order_add(a, sage_order_reduce(rest));
        sage_order whole = sage_order_reduce(all);
        assert_memory_equal(&sum, &whole, sizeof sum);
    }
}

static void published_keys(void **state)
{
    (void)state;
    json_t *root = vectors_load(), *value;
    if (!root) skip();
    json_t *keys = json_object_get(root, "public_keys");
    const char *k;
    assert_true(json_object_size(keys) >= 30);
    json_object_foreach(keys, k, value)
    {
        uint64_t limbs[4];
        limbs_of(limbs, k);
        sage_point p = affine(sage_curve_multiply(sage_curve_point(SAGE_CURVE_G), limbs));
        assert_true(felt252_eq(p.x, felt_of(json_string_value(value))));
    }
    json_decref(root);
}

/* ---- EC_OP --------------------------------------------------------------------------------- */

static void ec_op_is_p_plus_mq(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        sage_point p = random_point(), q = random_point(), got;
        uint64_t m[4];
        random_limbs(m);
        if (i < 10)
            for (int k = 0; k < 4; k++)
                m[k] = k == i % 4 ? m[k] >> (i * 6) : 0;
        sage_jacobian want = sage_curve_multiply(q, m);
        want               = sage_jacobian_add_point(&want, p);
        assert_true(sage_curve_ec_op(&got, p, q, m));
        assert_true(sage_point_equal(got, affine(want)));
    }
}

static sage_point times(sage_point p, uint64_t k)
{
    return affine(sage_curve_multiply(p, (uint64_t[4]){k}));
}

/* Equal x at bit i refuses, also where the bit is not set, but not beyond the last set bit. */
static void ec_op_degenerate(void **state)
{
    (void)state;
    sage_point q = random_point(), out, q4 = times(q, 4);
    const uint64_t zero[4] = {0}, one[4] = {1}, four[4] = {4}, eight[4] = {8}, three[4] = {3};
    assert_true(sage_curve_ec_op(&out, q, q, zero)); /* m = 0 looks at nothing */
    assert_true(sage_point_equal(out, q));
    assert_false(sage_curve_ec_op(&out, q, q, one));
    assert_false(sage_curve_ec_op(&out, sage_point_negative(q), q, one));
    assert_false(sage_curve_ec_op(&out, q4, q, four));
    assert_false(sage_curve_ec_op(&out, q4, q, eight)); /* bit 2 is clear */
    assert_true(sage_curve_ec_op(&out, q4, q, three));  /* it is above 3 */
    assert_true(sage_point_equal(out, times(q, 7)));
    assert_false(sage_curve_ec_op(&out, q, q, four)); /* at bit 0, which is clear */
    /* 7 q + q at bit 0, then 8 q at bit 3. */
    assert_false(sage_curve_ec_op(&out, times(q, 7), q, (uint64_t[4]){9}));
    assert_true(sage_curve_ec_op(&out, times(q, 7), q, one));
    assert_true(sage_point_equal(out, times(q, 8)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_pi),      cmocka_unit_test(constants_come_from_pi),
        cmocka_unit_test(sums_are_chords),    cmocka_unit_test(infinity_is_neutral),
        cmocka_unit_test(long_chains),        cmocka_unit_test(multiples),
        cmocka_unit_test(order_arithmetic),   cmocka_unit_test(published_keys),
        cmocka_unit_test(ec_op_is_p_plus_mq), cmocka_unit_test(ec_op_degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

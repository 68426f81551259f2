/* The circle group and its domains (facts A2) for p = 7, 127 and 2^31 - 1: the whole group
 * where it is small, a walk along it where it is not. */
#include "base/test.h"
#include "field/circle.h"

enum {
    ORDER_LOG = CIRCLE_LOG_ORDER,
    WALK      = ORDER_LOG < 12 ? 1 << ORDER_LOG : 1 << 12,
    /* a canonic domain of 2^log needs points of order 2^(log + 1) */
    LOG_MAX = ORDER_LOG < 12 ? ORDER_LOG - 1 : 10
};

static bool equal(circle_point p, circle_point q)
{
    return p.x == q.x && p.y == q.y;
}
static bool on_circle(circle_point p)
{
    return m31_add(m31_sqr(p.x), m31_sqr(p.y)) == 1;
}

static circle_point doubled(circle_point p, uint32_t times)
{
    while (times--)
        p = circle_add(p, p);
    return p;
}

static void test_group(void **state)
{
    circle_point g = CIRCLE_GENERATOR, p = {1, 0};
    (void)state;
    for (uint32_t i = 0; i < WALK; i++, p = circle_add(p, g)) {
        assert_true(on_circle(p));
        assert_true(equal(circle_at_index(i), p));
        assert_true(equal(circle_at_index(0u - i), circle_neg(p)));
        assert_true(equal(circle_add(p, circle_neg(p)), (circle_point){1, 0}));
        assert_int_equal(circle_double_x(p.x), circle_add(p, p).x);
    }
    /* the generator's order is 2^ORDER_LOG and not less */
    assert_true(equal(doubled(g, ORDER_LOG), (circle_point){1, 0}));
    assert_true(equal(doubled(g, ORDER_LOG - 1), (circle_point){M31_P - 1, 0}));
    for (uint32_t log = 0; log <= ORDER_LOG; log++) {
        circle_point s = circle_at_index(circle_subgroup_index(log));
        assert_true(equal(doubled(s, log), (circle_point){1, 0}));
        if (log) assert_true(equal(doubled(s, log - 1), (circle_point){M31_P - 1, 0}));
    }
}

static void test_whole_circle(void **state)
{
    uint32_t points = 0;
    (void)state;
    if (ORDER_LOG > 12) skip();
    for (m31 x = 0; x < M31_P; x++)
        for (m31 y = 0; y < M31_P; y++)
            points += on_circle((circle_point){x, y});
    assert_int_equal(points, 1u << ORDER_LOG);
    for (uint32_t i = 0; i < 1u << ORDER_LOG; i++)
        for (uint32_t j = 0; j < 1u << ORDER_LOG; j++) {
            circle_point sum = circle_add(circle_at_index(i), circle_at_index(j));
            assert_true(equal(sum, circle_at_index(i + j)));
            assert_true((i == j) == equal(circle_at_index(i), circle_at_index(j)));
        }
}

static void test_bit_reverse(void **state)
{
    (void)state;
    for (uint32_t log = 0; log <= 12; log++)
        for (uint32_t i = 0; i < 1u << log; i++) {
            uint32_t r = 0;
            for (uint32_t b = 0; b < log; b++)
                r |= (i >> b & 1) << (log - 1 - b);
            assert_int_equal(bit_reverse(i, log), r);
        }
    assert_int_equal(bit_reverse(1, 31), 1u << 30);
}

/* A canonic domain is the coset `odds` in another order, closed under conjugation. */
static void test_canonic(void **state)
{
    (void)state;
    for (uint32_t log = 1; log <= LOG_MAX; log++) {
        uint32_t n = 1u << log, sum = 0;
        for (uint32_t i = 0; i < n; i++) {
            circle_point p = canonic_at(log, i);
            /* odd multiples of the generator of order 2^(log + 1): doubling log times is -1 */
            assert_true(equal(doubled(p, log), (circle_point){M31_P - 1, 0}));
            assert_true(equal(canonic_at(log, i ^ 1), circle_neg(p)));
            for (uint32_t j = 0; j < i && log < 8; j++)
                assert_false(equal(canonic_at(log, j), p));
            sum = m31_add(sum, p.x);
        }
        assert_int_equal(sum, 0);
    }
}

static void test_line(void **state)
{
    (void)state;
    for (uint32_t log = 1; log < LOG_MAX; log++)
        for (uint32_t j = 0; j < 1u << log; j++) {
            /* the circle domain one size up, its conjugate pairs folded */
            uint32_t pair = bit_reverse(j, log) * 2;
            assert_int_equal(line_at(log, j), canonic_at(log + 1, pair).x);
        }
}

/* Lifting reads the small domain at the point doubled down to it (facts A4). */
static void test_lift(void **state)
{
    (void)state;
    for (uint32_t height = 1; height <= LOG_MAX && height <= 9; height++)
        for (uint32_t log = 1; log <= height; log++)
            for (uint32_t q = 0; q < 1u << height; q++)
                assert_true(equal(doubled(canonic_at(height, q), height - log),
                                  canonic_at(log, lift_position(q, height, log))));
}

/* One trace row back is one trace step back on the circle, on the trace domain in coset order
 * and on every bigger evaluation domain. */
static void test_previous(void **state)
{
    (void)state;
    for (uint32_t log = 1; log < LOG_MAX && log <= 8; log++) {
        uint32_t n        = 1u << log;
        circle_point step = canonic_step(log), back = circle_neg(step);
        for (uint32_t c = 0; c < n; c++) {
            circle_point p = canonic_at(log, coset_position(c, log));
            assert_true(
                equal(circle_add(p, step), canonic_at(log, coset_position((c + 1) % n, log))));
        }
        for (uint32_t eval = log + 1; eval <= LOG_MAX && eval <= log + 3; eval++)
            for (uint32_t i = 0; i < 1u << eval; i++)
                assert_true(equal(circle_add(canonic_at(eval, i), back),
                                  canonic_at(eval, previous_on_domain(i, eval, log))));
    }
}

static void test_secure(void **state)
{
    qm31 t = qm31_of(5 % M31_P, 3, 2, 1), t2 = qm31_sqr(t);
    qm31 inv       = qm31_inv(qm31_add(qm31_one(), t2));
    secure_point p = {qm31_mul(qm31_sub(qm31_one(), t2), inv), qm31_mul(qm31_add(t, t), inv)};
    (void)state;
    for (uint32_t i = 0; i < 50; i++) {
        qm31 norm = qm31_add(qm31_sqr(p.x), qm31_sqr(p.y)), one = qm31_one();
        secure_point q = secure_double(p);
        qm31 x         = secure_double_x(p.x);
        assert_memory_equal(&norm, &one, sizeof one);
        assert_memory_equal(&q.x, &x, sizeof x);
        p = secure_add(p, secure_from_base(CIRCLE_GENERATOR));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group),       cmocka_unit_test(test_whole_circle),
        cmocka_unit_test(test_bit_reverse), cmocka_unit_test(test_canonic),
        cmocka_unit_test(test_line),        cmocka_unit_test(test_lift),
        cmocka_unit_test(test_previous),    cmocka_unit_test(test_secure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every lane word against the scalar field, lane by lane, on the edges of the range and on
 * random values; built once per lane width, and for AVX-512 through SIMDe as well. */
#include "base/test.h"

#include "base/cpu.h"
#include "field/circle.h"
#include "field/lanes.h"
#include "field/lanes_inverse.h"

enum { RANDOM = 512, EDGES = 96, VALUES = EDGES + RANDOM };

static uint32_t value[VALUES];

static uint32_t next(void)
{
    static uint64_t s = 88172645463325252u;
    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    return (uint32_t)(s % M31_P);
}

/* 0, 1, p - 1 and the powers of two with their neighbours, then random ones. */
static int make_values(void **state)
{
    uint32_t n = 0;
    (void)state;
    for (uint32_t k = 0; k < 31; k++) {
        value[n++] = (1u << k) % M31_P;
        value[n++] = (1u << k) - 1;
        value[n++] = M31_P - (1u << k);
    }
    value[n++] = M31_P - 1;
    value[n++] = M31_P - 2;
    value[n++] = 3;
    while (n < VALUES)
        value[n++] = next();
    return 0;
}

typedef uint32_t lanes[LANES];

static void lanes_at(lanes x, size_t i, size_t step)
{
    for (size_t l = 0; l < LANES; l++)
        x[l] = value[(i + l * step) % VALUES];
}
static void expect(vf got, const lanes want, const char *word)
{
    lanes g;
    vf_store(g, got);
    for (size_t l = 0; l < LANES; l++)
        if (g[l] != want[l]) fail_msg("%s lane %zu: %u, expected %u", word, l, g[l], want[l]);
}
#define EACH(expression)                                                                       \
    do                                                                                         \
        for (size_t l = 0; l < LANES; l++)                                                     \
            w[l] = (expression);                                                               \
    while (0)

static void check_pair(const lanes a, const lanes b)
{
    vf x = vf_load(a), y = vf_load(b), y2, first = vf_set1(b[0]);
    lanes w, twice;
    for (size_t l = 0; l < LANES; l++)
        twice[l] = 2 * b[l];
    y2 = vf_load(twice);
    EACH(m31_add(a[l], b[l]));
    expect(vf_add(x, y), w, "add");
    EACH(m31_sub(a[l], b[l]));
    expect(vf_sub(x, y), w, "sub");
    EACH(m31_mul(a[l], b[l]));
    expect(vf_mul(x, y), w, "mul");
    expect(vf_mul_twice(x, y2), w, "mul_twice");
    EACH(m31_mul(a[l], b[0]));
    expect(vf_mul(x, first), w, "set1");
    expect(vf_mul_twice1(x, vf_set1(2 * b[0])), w, "mul_twice1");
}

static void test_pairs(void **state)
{
    lanes a, b;
    (void)state;
    for (size_t i = 0; i < EDGES; i++)
        for (size_t j = 0; j < EDGES; j += LANES) {
            for (size_t l = 0; l < LANES; l++) {
                a[l] = value[i];
                b[l] = value[(j + l) % EDGES];
            }
            check_pair(a, b);
            check_pair(b, a);
        }
    for (size_t i = 0; i < 20000; i++) {
        lanes_at(a, next() % VALUES, 1);
        lanes_at(b, next() % VALUES, 3);
        check_pair(a, b);
    }
}

static void test_unary(void **state)
{
    (void)state;
    for (size_t i = 0; i < VALUES; i++) {
        lanes a, w;
        vf x;
        lanes_at(a, i, 1);
        x = vf_load(a);
        EACH(m31_neg(a[l]));
        expect(vf_neg(x), w, "neg");
        EACH(m31_add(a[l], a[l]));
        expect(vf_dbl(x), w, "dbl");
        EACH(m31_sqr(a[l]));
        expect(vf_sqr(x), w, "sqr");
        EACH(m31_inv(a[l]));
        expect(vf_inverse(x), w, "inverse");
        for (uint32_t k = 0; k <= 30; k++) {
            EACH(m31_mul(a[l], 1u << k));
            expect(vf_mul_pow2(x, k), w, "mul_pow2");
        }
    }
}

static void test_moves(void **state)
{
    uint32_t both[2 * LANES], base[64], index[LANES];
    lanes w;
    (void)state;
    for (uint32_t i = 0; i < 64; i++)
        base[i] = next();
    for (uint32_t i = 0; i < 2 * LANES; i++)
        both[i] = next();
    vf x = vf_load(both), y = vf_load(both + LANES), e, o, a, b;
    vf_unzip(x, y, &e, &o);
    EACH(both[2 * l]);
    expect(e, w, "unzip even");
    EACH(both[2 * l + 1]);
    expect(o, w, "unzip odd");
    vf_zip(e, o, &a, &b);
    expect(a, both, "zip first");
    expect(b, both + LANES, "zip second");
    EACH(both[LANES - 1 - l]);
    expect(vf_reverse(x), w, "reverse");
    uint32_t all[DEALT * LANES], back[DEALT * LANES];
    for (uint32_t i = 0; i < DEALT * LANES; i++)
        all[i] = next();
    vf dealt[DEALT];
    vf_load_dealt(all, dealt);
    for (uint32_t j = 0; j < DEALT; j++) {
        EACH(all[DEALT * l + j]);
        expect(dealt[j], w, "load_dealt");
    }
    vf_store_dealt(back, dealt);
    assert_memory_equal(back, all, sizeof all);
    for (uint32_t l = 0; l < LANES; l++)
        index[l] = next() % 64;
    EACH(base[index[l]]);
    expect(vf_gather(base, index), w, "gather");
}

/* Doubled y of the even positions of a canonic domain, from the x of its first line layer. */
static void test_circle_twiddles(void **state)
{
    enum { LOG = 7 };
    uint32_t level[1 << (LOG - 2)];
    (void)state;
    for (uint32_t h = 0; h < 1 << (LOG - 2); h++)
        level[h] = 2 * canonic_at(LOG, 4 * h).x;
    for (uint32_t i = 0; i < 1 << (LOG - 1); i += LANES) {
        lanes w;
        EACH(2 * canonic_at(LOG, 2 * (i + (uint32_t)l)).y);
        expect(vf_load_y2(level, i), w, "load_y2");
    }
}

static void expect_q(vq got, const qm31 *want, const char *word)
{
    for (int c = 0; c < 4; c++) {
        lanes w;
        EACH(want[l].v[c]);
        expect(got.c[c], w, word);
    }
}
#define EACH_Q(expression)                                                                     \
    do                                                                                         \
        for (size_t l = 0; l < LANES; l++)                                                     \
            q[l] = (expression);                                                               \
    while (0)

static void test_secure(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4 * VALUES; i++) {
        uint32_t mem[3][4][LANES];
        const uint32_t *cols[2][4];
        qm31 a[LANES], b[LANES], q[LANES];
        for (size_t k = 0; k < 2; k++)
            for (size_t c = 0; c < 4; c++) {
                lanes_at(mem[k][c], i < VALUES ? i + c + k : next() % VALUES, i % 7);
                cols[k][c] = mem[k][c];
            }
        for (size_t l = 0; l < LANES; l++)
            for (size_t c = 0; c < 4; c++) {
                a[l].v[c] = mem[0][c][l];
                b[l].v[c] = mem[1][c][l];
            }
        vq x = vq_load(cols[0], 0), y = vq_load(cols[1], 0);
        vf f = y.c[0];
        EACH_Q(qm31_add(a[l], b[l]));
        expect_q(vq_add(x, y), q, "vq_add");
        EACH_Q(qm31_sub(a[l], b[l]));
        expect_q(vq_sub(x, y), q, "vq_sub");
        EACH_Q(qm31_mul(a[l], b[l]));
        expect_q(vq_mul(x, y), q, "vq_mul");
        lanes w;
        EACH(m31_add(m31_add(m31_mul(a[l].v[0], b[l].v[0]), m31_mul(a[l].v[1], b[l].v[1])),
                     m31_add(m31_mul(a[l].v[2], b[l].v[2]), m31_mul(a[l].v[3], b[l].v[3]))));
        expect(vf_dot4(x.c, y.c), w, "dot4");
        EACH_Q(qm31_mul_cm31(a[l], cm31_inv(qm31_hi(b[l]))));
        vf norm = vf_add(vf_sqr(y.c[2]), vf_sqr(y.c[3]));
        expect_q(vq_div_cm31(x, y.c[2], y.c[3], vf_inverse(norm)), q, "vq_div_cm31");
        EACH_Q(qm31_neg(a[l]));
        expect_q(vq_neg(x), q, "vq_neg");
        EACH_Q(qm31_scale(a[l], b[l].v[0]));
        expect_q(vq_mul_f(x, f), q, "vq_mul_f");
        EACH_Q(qm31_add(a[l], qm31_from(b[l].v[0])));
        expect_q(vq_add_f(x, f), q, "vq_add_f");
        EACH_Q(qm31_sub(a[l], qm31_from(b[l].v[0])));
        expect_q(vq_sub_f(x, f), q, "vq_sub_f");
        EACH_Q(a[0]);
        expect_q(vq_set1(a[0]), q, "vq_set1");
        EACH_Q(qm31_from(b[l].v[0]));
        expect_q(vq_of(f), q, "vq_of");
    }
}

/* Sums of every length, of random terms and of the greatest possible ones. */
static void test_lazy_sums(void **state)
{
    (void)state;
    for (int extreme = 0; extreme < 2; extreme++)
        for (uint32_t terms = 0; terms < 200; terms++) {
            vacc a  = vacc_zero();
            vdot d  = vdot_zero();
            m31 dot = 0;
            qm31 q[LANES];
            EACH_Q(qm31_zero());
            for (uint32_t t = 0; t < terms; t++) {
                lanes x, y[4];
                qm31 weight;
                for (size_t l = 0; l < LANES; l++)
                    x[l] = extreme ? M31_P - 1 : next();
                for (size_t c = 0; c < 4; c++) {
                    weight.v[c] = extreme ? M31_P - 1 : next();
                    for (size_t l = 0; l < LANES; l++)
                        y[c][l] = extreme ? M31_P - 1 : next();
                }
                vacc_madd(&a, &weight, vf_load(x));
                EACH_Q(qm31_add(q[l], qm31_scale(weight, x[l])));
                if (t % 3 == 1) {
                    vacc_add_q(&a, vq_make(vf_load(y[0]), vf_load(y[1]), vf_load(y[2]),
                                           vf_load(y[3])));
                    EACH_Q(qm31_add(q[l], qm31_of(y[0][l], y[1][l], y[2][l], y[3][l])));
                }
                vdot_madd2(&d, vf_load(x), vf_load(y[0]), vf_load(y[1]), vf_load(y[2]));
                for (size_t l = 0; l < LANES; l++)
                    dot = m31_add(dot,
                                  m31_add(m31_mul(x[l], y[0][l]), m31_mul(y[1][l], y[2][l])));
            }
            expect_q(vacc_get(&a), q, "vacc");
            assert_int_equal(vdot_get(&d), dot);
        }
}

/* Sums of fours and single terms in turn. */
static void test_lazy_sums_of_four(void **state)
{
    (void)state;
    for (int extreme = 0; extreme < 2; extreme++)
        for (uint32_t terms = 0; terms < 60; terms++) {
            vacc a = vacc_zero();
            qm31 q[LANES], weight[4];
            EACH_Q(qm31_zero());
            for (uint32_t t = 0; t < terms; t++) {
                const qm31 *w[4];
                vf x[4];
                for (size_t k = 0; k < 4; k++) {
                    lanes word;
                    for (size_t c = 0; c < 4; c++)
                        weight[k].v[c] = extreme ? M31_P - 1 : next();
                    for (size_t l = 0; l < LANES; l++)
                        word[l] = extreme ? M31_P - 1 : next();
                    w[k] = &weight[k];
                    x[k] = vf_load(word);
                    EACH_Q(qm31_add(q[l], qm31_scale(weight[k], word[l])));
                }
                vacc_madd4(&a, w, x);
                for (uint32_t single = 0; single < t % 4; single++) {
                    vacc_madd(&a, &weight[0], vf_set1(M31_P - 1));
                    EACH_Q(qm31_sub(q[l], weight[0]));
                }
            }
            expect_q(vacc_get(&a), q, "vacc of four");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_unary),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_circle_twiddles),
        cmocka_unit_test(test_secure),
        cmocka_unit_test(test_lazy_sums),
        cmocka_unit_test(test_lazy_sums_of_four),
    };
    /* SAGE_NEEDS is the instruction set this program was compiled for, 0 for none */
    if (SAGE_NEEDS != 0 && !sage_cpu_has((sage_cpu_feature)SAGE_NEEDS)) {
        print_message("skipped: this CPU lacks the instructions\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, make_values, NULL);
}

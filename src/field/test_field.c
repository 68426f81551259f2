/* The fields and the circle over p = 2^31 - 1: facts that need no file, and the vectors that the
 * reference prover made, where they are at hand. */
#include <stdio.h>

#include "base/test.h"
#include "field/circle.h"
#include "field/relation.h"

#include <jansson.h>

/* ---- facts ---- */

static void test_edges(void **state)
{
    (void)state;
    assert_int_equal(m31_add(M31_P - 1, 1), 0);
    assert_int_equal(m31_sub(0, 1), M31_P - 1);
    assert_int_equal(m31_neg(0), 0);
    assert_int_equal(m31_mul(M31_P - 1, M31_P - 1), 1);
    assert_int_equal(m31_reduce(M31_P), 0);
    assert_int_equal(m31_reduce64(UINT64_MAX), 3); /* 2^64 = 2^(2 * 31 + 2) = 4 */
    assert_int_equal(m31_inv(0), 0);
    assert_int_equal(m31_inv(2), 1u << 30);
    for (uint32_t k = 0; k <= 31; k++)
        assert_int_equal(m31_mul(m31_inv_pow2(k), m31_pow(2, k)), 1);
}

static void test_wide_products(void **state)
{
    uint64_t s = 1;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        uint32_t a, b;
        s = s * 6364136223846793005u + 1442695040888963407u;
        a = (uint32_t)((s >> 32) % M31_P);
        b = (uint32_t)((s & 0xffffffffu) % M31_P);
        assert_int_equal(m31_mul(a, b), (uint64_t)a * b % M31_P);
        assert_int_equal(m31_reduce64(s), s % M31_P);
        if (a) assert_int_equal(m31_mul(a, m31_inv(a)), 1);
    }
}

static void test_tower_facts(void **state)
{
    qm31 u = qm31_of(0, 0, 1, 0), i = qm31_of(0, 1, 0, 0), r = qm31_of(2, 1, 0, 0), x, y;
    qm31 minus = qm31_neg(qm31_one());
    (void)state;
    x = qm31_sqr(u);
    assert_memory_equal(&x, &r, sizeof x);
    x = qm31_sqr(i);
    assert_memory_equal(&x, &minus, sizeof x);
    /* the Frobenius map x -> x^p fixes M31 and sends i to -i */
    x = qm31_pow(i, M31_P);
    y = qm31_neg(i);
    assert_memory_equal(&x, &y, sizeof x);
    /* x^(p^4 - 1) = 1 for all but zero */
    x = qm31_of(1, 2, 3, 4);
    for (int k = 0; k < 4; k++)
        x = qm31_pow(x, M31_P);
    y = qm31_of(1, 2, 3, 4);
    assert_memory_equal(&x, &y, sizeof x);
    x = qm31_mul(y, qm31_inv(y));
    y = qm31_one();
    assert_memory_equal(&x, &y, sizeof x);
}

/* ---- vectors ---- */

static json_t *vectors(const char *name)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    int n;
    if (shared)
        n = snprintf(path, sizeof path, "%s/vectors/stwo-2.0.0/%s", shared, name);
    else
        n = snprintf(path, sizeof path, "%s/../shared/vectors/stwo-2.0.0/%s",
                     source ? source : ".", name);
    assert_true(n > 0 && (size_t)n < sizeof path);
    json_t *all = json_load_file(path, 0, NULL);
    if (!all) print_message("skipped: no vectors at %s\n", path);
    return all;
}

static uint32_t word(json_t *v)
{
    assert_true(json_is_integer(v));
    return (uint32_t)json_integer_value(v);
}
static cm31 pair_of(json_t *v, const char *key)
{
    json_t *list = key ? json_object_get(v, key) : v;
    return cm31_of(word(json_array_get(list, 0)), word(json_array_get(list, 1)));
}
static qm31 quad_of(json_t *v, const char *key)
{
    json_t *list = key ? json_object_get(v, key) : v;
    return qm31_of(word(json_array_get(list, 0)), word(json_array_get(list, 1)),
                   word(json_array_get(list, 2)), word(json_array_get(list, 3)));
}
static void is_word(json_t *v, const char *key, m31 got)
{
    assert_int_equal(word(json_object_get(v, key)), got);
}
static void is_pair(json_t *v, const char *key, cm31 got)
{
    cm31 want = pair_of(v, key);
    assert_memory_equal(&want, &got, sizeof got);
}
static void is_quad(json_t *v, const char *key, qm31 got)
{
    qm31 want = quad_of(v, key);
    assert_memory_equal(&want, &got, sizeof got);
}
static void is_point(json_t *list, circle_point got)
{
    cm31 want = pair_of(list, NULL);
    assert_int_equal(want.a, got.x);
    assert_int_equal(want.b, got.y);
}
static secure_point secure_of(json_t *v, const char *key)
{
    json_t *p = json_object_get(v, key);
    return (secure_point){quad_of(p, "x"), quad_of(p, "y")};
}

/* Ids the reference types in: stwo-cairo 2b1fb4d, crates/cairo-air/src/relations.rs. */
static void test_relation_ids(void **state)
{
    (void)state;
    assert_int_equal(sage_relation_id("MemoryAddressToId"), 1444891767);
    assert_int_equal(sage_relation_id("MemoryIdToBig"), 1662111297);
    assert_int_equal(sage_relation_id("Opcodes"), 428564188);
    assert_int_equal(sage_relation_id("RangeCheck_9_9"), 517791011);
    assert_int_equal(sage_relation_id("RangeCheck_9_9_H"), 2065568285);
    assert_int_equal(sage_relation_id("VerifyBitwiseXor_12"), 648362599);
}

static void test_field_vectors(void **state)
{
    json_t *all = vectors("fields.json"), *v;
    size_t i, seen = 0;
    (void)state;
    if (!all) skip();
    json_array_foreach(json_object_get(all, "m31"), i, v)
    {
        m31 a = word(json_object_get(v, "a")), b = word(json_object_get(v, "b"));
        is_word(v, "add", m31_add(a, b));
        is_word(v, "sub", m31_sub(a, b));
        is_word(v, "mul", m31_mul(a, b));
        is_word(v, "neg_a", m31_neg(a));
        is_word(v, "sq_a", m31_sqr(a));
        is_word(v, "pow_a_5", m31_pow(a, 5));
        seen++;
    }
    json_array_foreach(json_object_get(all, "m31_reduce"), i, v)
    {
        uint64_t in = strtoull(json_string_value(json_object_get(v, "in")), NULL, 10);
        is_word(v, "out", m31_reduce64(in));
        seen++;
    }
    json_array_foreach(json_object_get(all, "cm31"), i, v)
    {
        cm31 a = pair_of(v, "a"), b = pair_of(v, "b");
        is_pair(v, "add", cm31_add(a, b));
        is_pair(v, "sub", cm31_sub(a, b));
        is_pair(v, "mul", cm31_mul(a, b));
        is_pair(v, "neg_a", cm31_neg(a));
        is_pair(v, "inv_a", cm31_inv(a));
        is_pair(v, "sq_a", cm31_mul(a, a));
        is_pair(v, "mul_a_m31_b0", cm31_scale(a, b.a));
        seen++;
    }
    json_array_foreach(json_object_get(all, "qm31"), i, v)
    {
        qm31 a = quad_of(v, "a"), b = quad_of(v, "b");
        qm31 e[4] = {a, b, qm31_add(a, b), qm31_mul(a, b)};
        is_quad(v, "add", qm31_add(a, b));
        is_quad(v, "sub", qm31_sub(a, b));
        is_quad(v, "mul", qm31_mul(a, b));
        is_quad(v, "neg_a", qm31_neg(a));
        is_quad(v, "inv_a", qm31_inv(a));
        is_quad(v, "sq_a", qm31_sqr(a));
        is_quad(v, "conj_a", qm31_conj(a));
        is_quad(v, "pow_a_1000003", qm31_pow(a, 1000003));
        is_quad(v, "mul_a_cm31_b0", qm31_mul_cm31(a, cm31_of(b.v[0], b.v[1])));
        is_quad(v, "mul_a_m31_b00", qm31_scale(a, b.v[0]));
        is_quad(v, "from_partial_evals_with_b", qm31_from_coords(e));
        seen++;
    }
    assert_int_equal(seen, 164 + 8 + 48 + 48);
    json_decref(all);
}

static void test_domain_vectors(json_t *all)
{
    json_t *v, *p;
    size_t i, j;
    json_array_foreach(json_object_get(all, "domains"), i, v)
    {
        uint32_t log = word(json_object_get(v, "log"));
        assert_int_equal(json_array_size(json_object_get(v, "circle_domain_bit_reversed")),
                         1u << log);
        json_array_foreach(json_object_get(v, "circle_domain_bit_reversed"), j, p)
            is_point(p, canonic_at(log, (uint32_t)j));
        json_array_foreach(json_object_get(v, "circle_domain_natural_index"), j, p)
            assert_int_equal(word(p), canonic_index(log, (uint32_t)j));
        json_array_foreach(json_object_get(v, "coset_index_to_circle_domain_index"), j, p)
            assert_int_equal(bit_reverse(word(p), log), coset_position((uint32_t)j, log));
        p = json_object_get(json_object_get(v, "canonic_coset"), "step");
        is_point(p, canonic_step(log));
    }
    json_array_foreach(json_object_get(all, "cosets"), i, v)
    {
        uint32_t log = word(json_object_get(v, "log"));
        json_array_foreach(json_object_get(v, "line_domain_half_odds"), j, p)
            assert_int_equal(word(p), line_at(log, (uint32_t)j));
    }
}

static void test_circle_vectors(void **state)
{
    json_t *all = vectors("circle.json"), *v;
    size_t i, seen = 0;
    (void)state;
    if (!all) skip();
    is_point(json_object_get(all, "M31_CIRCLE_GEN"), CIRCLE_GENERATOR);
    json_array_foreach(json_object_get(all, "points_by_index"), i, v)
    {
        circle_point p = circle_at_index(word(json_object_get(v, "index")));
        is_point(json_object_get(v, "point"), p);
        is_point(json_object_get(v, "conjugate"), circle_neg(p));
        is_point(json_object_get(v, "double"), circle_add(p, p));
        is_word(v, "double_x", circle_double_x(p.x));
        seen++;
    }
    json_array_foreach(json_object_get(all, "subgroup_gen"), i, v)
    {
        uint32_t log = word(json_object_get(v, "log")), index = circle_subgroup_index(log);
        /* the vector says 2^31 for the whole group's identity, which is index 0 */
        assert_int_equal(word(json_object_get(v, "index")) & CIRCLE_INDEX_MASK, index);
        is_point(json_object_get(v, "point"), circle_at_index(index));
        seen++;
    }
    json_array_foreach(json_object_get(all, "add"), i, v)
    {
        cm31 a = pair_of(v, "a"), b = pair_of(v, "b");
        circle_point p = {a.a, a.b}, q = {b.a, b.b};
        is_point(json_object_get(v, "sum"), circle_add(p, q));
        is_point(json_object_get(v, "diff"), circle_add(p, circle_neg(q)));
        seen++;
    }
    json_array_foreach(json_object_get(all, "secure_points"), i, v)
    {
        secure_point p = secure_of(v, "point"), want = secure_of(v, "double");
        secure_point got = secure_double(p);
        assert_memory_equal(&got, &want, sizeof got);
        want = secure_of(v, "repeated_double_3");
        got  = secure_double(secure_double(got));
        assert_memory_equal(&got, &want, sizeof got);
        seen++;
    }
    assert_int_equal(seen, 32 + 32 + 16 + 7);
    test_domain_vectors(all);
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),          cmocka_unit_test(test_wide_products),
        cmocka_unit_test(test_tower_facts),    cmocka_unit_test(test_field_vectors),
        cmocka_unit_test(test_circle_vectors), cmocka_unit_test(test_relation_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

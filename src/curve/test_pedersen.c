/* The Pedersen hash against its definition, and published digests. */
#include "test_vectors.h"

#include "curve/curve.h"
#include "curve/pedersen.h"

/* SHIFT + low 248 bits of a P + its high bits P', by the slow multiplication. */
static void add_operand(sage_jacobian *sum, felt252 a, sage_curve_constant low)
{
    uint64_t limbs[4], high[4] = {0};
    felt252_to_limbs(a, limbs);
    high[0] = limbs[3] >> 56;
    limbs[3] &= ((uint64_t)1 << 56) - 1;
    sage_jacobian p = sage_curve_multiply(sage_curve_point(low), limbs);
    *sum            = sage_jacobian_add(sum, &p);
    p    = sage_curve_multiply(sage_curve_point((sage_curve_constant)(low + 1)), high);
    *sum = sage_jacobian_add(sum, &p);
}

static felt252 by_definition(felt252 a, felt252 b)
{
    sage_jacobian sum = sage_jacobian_from(sage_curve_point(SAGE_CURVE_SHIFT));
    sage_point p;
    add_operand(&sum, a, SAGE_CURVE_P0);
    add_operand(&sum, b, SAGE_CURVE_P2);
    assert_true(sage_jacobian_affine(&p, &sum));
    return p.x;
}

/* Every bit of either operand alone, every bit but one, and random ones: each entry's column
 * of the tables takes part. */
static void agrees_with_definition(void **state)
{
    (void)state;
    const felt252 last = felt252_neg(felt252_one());
    felt252 power      = felt252_one();
    assert_true(felt252_eq(sage_pedersen(last, last), by_definition(last, last)));
    for (int i = 0; i < 252; i++, power = felt252_add(power, power)) {
        felt252 zero = felt252_zero(), rest = felt252_sub(last, power);
        felt252 x = sage_test_quick() && i % 16 ? zero : random_felt(), y = random_felt();
        assert_true(felt252_eq(sage_pedersen(power, zero), by_definition(power, zero)));
        assert_true(felt252_eq(sage_pedersen(zero, power), by_definition(zero, power)));
        assert_true(felt252_eq(sage_pedersen(rest, power), by_definition(rest, power)));
        assert_true(felt252_eq(sage_pedersen(x, y), by_definition(x, y)));
    }
}

typedef struct pair {
    const char *a, *b, *hash;
} pair;

/* crypto-cpp pedersen_hash_test.cc and starknet-rs; the first is SHIFT's x. */
static void published_pairs(void **state)
{
    (void)state;
    static const pair pairs[] = {
        {"0", "0", "49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804"},
        {"3d937c035c878245caf64531a5756109c53068da139362728feb561405371cb",
         "208a0a10250e382e1e4bbe2880906c2791bf6275695e02fbbc6aeff9cd8b31a",
         "30e480bed5fe53fa909cc0f8c4d99b8f9f2c016be4c41e13a4848797979c662"},
        {"58f580910a6ca59b28927c08fe6c43e2e303ca384badc365795fc645d479d45",
         "78734f65a067be9bdb39de18434d71e79f7b6466a4b66bbd979ab9e7515fe0b",
         "68cc0b76cddd1dd4ed2301ada9b7c872b23875d5ff837b3a87993e0d9996b87"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_true(felt252_eq(sage_pedersen(felt_of(pairs[i].a), felt_of(pairs[i].b)),
                               felt_of(pairs[i].hash)));
    felt252 x[3] = {felt252_from_u64(1), felt252_from_u64(2), felt252_from_u64(3)};
    assert_true(
        felt252_eq(sage_pedersen_many(x, 3),
                   felt_of("f9d95fbf356fbeda26538c92f7040abe51bf142350f73c9ee5ba7c660bae71")));
}

static void shared_vectors(void **state)
{
    (void)state;
    json_t *root = vectors_load(), *v, *x;
    size_t i, k;
    if (!root) skip();
    json_t *pairs = json_object_get(root, "pedersen");
    assert_true(json_array_size(pairs) >= 3);
    json_array_foreach(pairs, i, v) assert_true(
        felt252_eq(sage_pedersen(felt_of(text_at(v, "a")), felt_of(text_at(v, "b"))),
                   felt_of(text_at(v, "hash"))));
    json_t *lists = json_object_get(root, "pedersen_array");
    assert_true(json_array_size(lists) >= 3);
    json_array_foreach(lists, i, v)
    {
        felt252 in[8];
        json_t *list = json_object_get(v, "in");
        assert_true(json_array_size(list) <= 8);
        json_array_foreach(list, k, x) in[k] = felt_of(json_string_value(x));
        assert_true(felt252_eq(sage_pedersen_many(in, json_array_size(list)),
                               felt_of(text_at(v, "hash"))));
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_definition),
        cmocka_unit_test(published_pairs),
        cmocka_unit_test(shared_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

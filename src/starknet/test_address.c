/* Lists of felts, selectors, addresses, class hashes: published values and edges. */
#include "base/test.h"

#include <jansson.h>

#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/class_hash.h"
#include "starknet/felt_json.h"
#include "starknet/felt_list.h"

static felt252 felt(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_text(&v, text, strlen(text), NULL), SAGE_OK);
    return v;
}

static felt252 at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return felt(text);
}

static json_t *load(const char *name)
{
    size_t len;
    char *bytes = sage_test_vector(name, &len);
    json_t *v   = json_loadb(bytes, len, 0, NULL);
    free(bytes);
    assert_non_null(v);
    return v;
}

static void lists(void **state)
{
    (void)state;
    sage_felt_list a = {0}, b;
    sage_errinfo err;
    const sage_amount amount = {{1, 2, 3, 4}};
    for (uint64_t i = 0; i < 100; i++)
        assert_int_equal(sage_felt_list_add(&a, felt252_from_u64(i), &err), SAGE_OK);
    assert_int_equal(a.n, 100);
    assert_true(felt252_eq(a.v[99], felt252_from_u64(99)));
    assert_int_equal(sage_felt_list_copy(&b, &a, &err), SAGE_OK);
    assert_true(sage_felt_list_equal(&a, &b));
    assert_int_equal(sage_felt_list_add_u256(&b, &amount, &err), SAGE_OK);
    assert_false(sage_felt_list_equal(&a, &b));
    assert_int_equal(b.n, 102);
    sage_amount back;
    assert_true(sage_u256_join(&back, b.v[100], b.v[101]));
    assert_int_equal(sage_amount_compare(&amount, &back), 0);
    const felt252 two128 = felt252_from_limbs((const uint64_t[4]){0, 0, 1, 0});
    assert_false(sage_u256_join(&back, two128, felt252_zero()));
    assert_false(sage_u256_join(&back, felt252_zero(), two128));
    b.v[0] = felt252_one();
    b.n    = 100;
    assert_false(sage_felt_list_equal(&a, &b));
    sage_felt_list_free(&a);
    assert_true(!a.v && !a.n && !a.cap);
    assert_int_equal(sage_felt_list_copy(&a, &a, &err), SAGE_OK);
    sage_felt_list_free(&b);
}

static void lists_end(void **state)
{
    (void)state;
    sage_felt_list a = {0};
    sage_errinfo err;
    const felt252 pair[2] = {felt252_one(), felt252_one()};
    for (int i = 0; i < SAGE_FELT_LIST_MAX - 1; i++)
        assert_int_equal(sage_felt_list_add(&a, pair[0], &err), SAGE_OK);
    assert_int_equal(sage_felt_list_add_many(&a, pair, 2, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "felt_list.length");
    assert_int_equal(a.n, SAGE_FELT_LIST_MAX - 1);
    assert_int_equal(sage_felt_list_add_many(&a, pair, 1, &err), SAGE_OK);
    assert_int_equal(sage_felt_list_add_many(&a, pair, UINT32_MAX, &err), SAGE_ELIMIT);
    assert_int_equal(sage_felt_list_add_many(&a, NULL, 0, &err), SAGE_OK);
    sage_felt_list_free(&a);
}

/* Known on the network: the selector and storage of an ERC-20, the fee token's class. */
static void published(void **state)
{
    (void)state;
    assert_true(
        felt252_eq(sage_selector("transfer"),
                   felt("0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12e")));
    assert_true(
        felt252_eq(sage_selector("stake"),
                   felt("0x3a04795accb4b73d12f13b05a1e0e240cefeb9a89d008676730867a819d2f79")));
    /* The account of starknet.js's deploy_account vector. */
    assert_true(
        felt252_eq(sage_account_address(felt(
                       "0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43")),
                   felt("0x616cf9d4fe412b7a5a2c5b1b3172f4de8e223cb0109c6c7790c486d9ad9164d")));
}

/* 2^251 - 256 and what lies around it. */
static void reduced(void **state)
{
    (void)state;
    const felt252 bound =
        felt("0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00");
    const felt252 one = felt252_one(), zero = felt252_zero();
    assert_true(felt252_eq(sage_address_reduce(zero), zero));
    assert_true(
        felt252_eq(sage_address_reduce(felt252_sub(bound, one)), felt252_sub(bound, one)));
    assert_true(felt252_eq(sage_address_reduce(bound), zero));
    assert_true(felt252_eq(sage_address_reduce(felt252_add(bound, one)), one));
    /* P - 1 = 2^251 + 17 2^192: 17 2^192 + 256 are left. */
    assert_true(felt252_eq(sage_address_reduce(felt252_neg(one)),
                           felt("0x11000000000000000000000000000000000000000000000100")));
}

/* Every name, variable and address of crypto.json. */
static void shared_names(void **state)
{
    (void)state;
    json_t *all = load("starknet/crypto.json"), *v;
    size_t i, seen = 0;
    const char *name;
    json_object_foreach(json_object_get(all, "selectors"), name, v)
    {
        assert_true(felt252_eq(sage_selector(name), felt(json_string_value(v))));
        seen++;
    }
    const json_t *variables = json_object_get(all, "storage_var");
    const felt252 key       = felt252_from_u64(1234);
    assert_true(felt252_eq(sage_map_address(sage_selector("balance"), NULL, 0),
                           at(variables, "balance")));
    assert_true(felt252_eq(sage_map_address(sage_selector("balanceOf"), &key, 1),
                           at(variables, "balanceOf(1234)")));
    json_array_foreach(json_object_get(all, "addresses"), i, v)
    {
        sage_felt_list calldata = {0};
        const json_t *given     = json_object_get(v, "constructor_calldata"), *word;
        for (size_t k = 0; k < json_array_size(given); k++) {
            word = json_array_get(given, k);
            assert_int_equal(sage_felt_list_add(&calldata, felt(json_string_value(word)), NULL),
                             SAGE_OK);
        }
        felt252 a = sage_contract_address(at(v, "deployer"), at(v, "salt"), at(v, "class_hash"),
                                          calldata.v, calldata.n);
        assert_true(felt252_eq(a, at(v, "address")));
        sage_felt_list_free(&calldata);
        seen++;
    }
    assert_true(seen > 40);
    json_decref(all);
}

/* A class with two entry points, two words of program and an ABI; its hash by starknet.js 10.8.0
 * (hash.computeSierraContractClassHash). */
static const char small_class[] =
    "{\"sierra_program\":[\"0x1\",\"0x7\",\"0x534945525241\"],"
    "\"contract_class_version\":\"0.1.0\",\"entry_points_by_type\":{"
    "\"CONSTRUCTOR\":[{\"selector\":"
    "\"0x28ffe4ff0f226a9107253e17a904099aa4f63a02a5621de0576e5aa7"
    "1bc5194\",\"function_idx\":2}],"
    "\"EXTERNAL\":[{\"selector\":"
    "\"0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d"
    "12e\",\"function_idx\":0},{\"selector\":\"0x5\",\"function_idx\":1}],"
    "\"L1_HANDLER\":[]},\"abi\":\"[]\"}";
#define SMALL_CLASS_HASH "0x3eb9f32f3051befd39460b27f84cee7d6af3fd2231b2c203f4369ecb2c66dcc"

static void class_hash(void **state)
{
    (void)state;
    felt252 h;
    sage_errinfo err;
    json_t *c = json_loads(small_class, 0, NULL);
    assert_int_equal(sage_class_hash(&h, c, &err), SAGE_OK);
    assert_true(felt252_eq(h, felt(SMALL_CLASS_HASH)));

    json_object_set_new(c, "abi", json_array());
    assert_int_equal(sage_class_hash(&h, c, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "class.form");
    json_object_set_new(c, "abi", json_string("[] "));
    assert_int_equal(sage_class_hash(&h, c, &err), SAGE_OK);
    assert_false(felt252_eq(h, felt(SMALL_CLASS_HASH)));
    json_array_append_new(json_object_get(c, "sierra_program"), json_integer(1));
    assert_int_equal(sage_class_hash(&h, c, &err), SAGE_EFORMAT);
    assert_int_equal(err.at, 3);
    json_object_set_new(c, "contract_class_version", json_string("0.2.0"));
    assert_int_equal(sage_class_hash(&h, c, &err), SAGE_EUNSUP);
    json_decref(c);
    assert_int_equal(sage_class_hash(&h, NULL, &err), SAGE_EUNSUP);
}

static void class_hash_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"contract_class_version\":\"0.1.0\"}",
        "{\"contract_class_version\":\"0.1.0\",\"entry_points_by_type\":[]}",
        "{\"contract_class_version\":\"0.1.0\",\"entry_points_by_type\":{\"EXTERNAL\":[],"
        "\"L1_HANDLER\":[],\"CONSTRUCTOR\":[]}}",
        "{\"contract_class_version\":\"0.1.0\",\"entry_points_by_type\":{\"EXTERNAL\":[1],"
        "\"L1_HANDLER\":[],\"CONSTRUCTOR\":[]},\"sierra_program\":[]}",
        "{\"contract_class_version\":\"0.1.0\",\"entry_points_by_type\":{\"EXTERNAL\":[{"
        "\"selector\":\"0x1\",\"function_idx\":-1}],\"L1_HANDLER\":[],\"CONSTRUCTOR\":[]},"
        "\"sierra_program\":[]}",
    };
    felt252 h;
    sage_errinfo err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        json_t *c = json_loads(bad[i], 0, NULL);
        assert_non_null(c);
        assert_int_equal(sage_class_hash(&h, c, &err), SAGE_EFORMAT);
        assert_string_equal(err.where, "class.form");
        json_decref(c);
    }
}

/* A compiled contract of starknet.js; its file has the ABI as JSON, which Starknet's tools write
 * with ", " and ": " before it is hashed. */
static void shared_class(void **state)
{
    (void)state;
    json_t *c      = load("starknet/snip36/super_secret.sierra.json");
    json_t *hashes = load("starknet/class_hashes.json");
    char *abi      = json_dumps(json_object_get(c, "abi"), 0);
    felt252 h;
    json_object_set_new(c, "abi", json_string(abi));
    assert_int_equal(sage_class_hash(&h, c, NULL), SAGE_OK);
    json_t *pair = json_array_get(json_object_get(hashes, "class_hash"), 5);
    assert_non_null(strstr(json_string_value(json_array_get(pair, 0)), "super_secret"));
    assert_true(felt252_eq(h, felt(json_string_value(json_array_get(pair, 1)))));
    free(abi);
    json_decref(c);
    json_decref(hashes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),
        cmocka_unit_test(lists_end),
        cmocka_unit_test(published),
        cmocka_unit_test(reduced),
        cmocka_unit_test(shared_names),
        cmocka_unit_test(class_hash),
        cmocka_unit_test(class_hash_refuses),
        cmocka_unit_test(shared_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

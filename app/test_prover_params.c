/* The reference's parameter file as its documentation gives it, and what is refused by name. */
#include "base/test.h"

#include "app/prover_params.h"

/* stwo-cairo 2b1fb4d, crates/dev_utils/src/bin/prove.rs, --params_json. */
#define DOCUMENTED                                                                             \
    "{ \"channel_hash\":\"blake2s\", \"channel_salt\": 0, \"pcs_config\": { \"pow_bits\": 26," \
    " \"fri_config\": { \"log_last_layer_degree_bound\": 0, \"log_blowup_factor\": 1,"         \
    " \"n_queries\": 70 } }, \"preprocessed_trace\": \"canonical_without_pedersen\" }"

/* Every field of the struct, as serde writes it. */
#define WHOLE(hash, salt, pow, lifting, trace, all, big, raise)                                \
    "{\"channel_hash\":\"" hash "\",\"channel_salt\":" salt                                    \
    ",\"pcs_config\":{\"pow_bits\":" pow ",\"fri_config\":{\"log_last_layer_degree_bound\":2," \
    "\"log_blowup_factor\":3,\"n_queries\":23,\"fold_step\":4},\"min_lifting_log_"             \
    "size\":" lifting "},\"preprocessed_trace\":\"" trace                                      \
    "\",\"store_polynomials_coefficients\":true,\"include_all_preprocessed_columns\":" all     \
    ",\"opt_n_id_to_big_components\":" big ",\"raise_min_lifting_to_max_column\":" raise "}"

static sage_status parse(prover_params *p, const char *text, sage_errinfo *err)
{
    return prover_params_parse(p, text, strlen(text), err);
}

static void test_documented(void **state)
{
    prover_params p;
    sage_errinfo err;
    (void)state;
    if (parse(&p, DOCUMENTED, &err)) fail_msg("%s: %s", err.where, err.msg);
    assert_true(p.reference);
    assert_int_equal(p.hash, SAGE_HASH_FAMILY_BLAKE2S);
    assert_int_equal(p.salt, 0);
    assert_int_equal(p.preprocessed, SAGE_CAIRO_PREPROCESSED_WITHOUT_PEDERSEN);
    const sage_params want = {26, 1, 70, 0, 1};
    assert_memory_equal(&p.params, &want, sizeof want);
}

static void test_whole(void **state)
{
    prover_params p;
    sage_errinfo err;
    (void)state;
    if (parse(&p,
              WHOLE("poseidon252", "2147483646", "27", "0", "canonical_small", "false", "null",
                    "false"),
              &err))
        fail_msg("%s: %s", err.where, err.msg);
    assert_int_equal(p.hash, SAGE_HASH_FAMILY_POSEIDON252);
    assert_int_equal(p.salt, 2147483646);
    assert_int_equal(p.preprocessed, SAGE_CAIRO_PREPROCESSED_SMALL);
    const sage_params want = {27, 3, 23, 2, 4};
    assert_memory_equal(&p.params, &want, sizeof want);
    assert_int_equal(
        parse(&p, WHOLE("blake2s", "0", "27", "0", "canonical", "false", "null", "false"),
              &err),
        SAGE_OK);
    assert_int_equal(p.preprocessed, SAGE_CAIRO_PREPROCESSED_CANONICAL);
}

static void test_ours(void **state)
{
    prover_params p;
    (void)state;
    assert_int_equal(parse(&p, "pow_bits = 10\nn_queries = 3\n", NULL), SAGE_OK);
    assert_false(p.reference);
    assert_int_equal(p.params.pow_bits, 10);
    assert_int_equal(p.params.log_blowup, 1);
    assert_int_equal(prover_params_load(&p, NULL, NULL), SAGE_OK);
    assert_int_equal(p.params.pow_bits, 0); /* production */
}

static void test_refused(void **state)
{
    static const struct {
        const char *text, *where;
        sage_status want;
    } cases[] = {
        {WHOLE("blake2s_m31", "0", "26", "0", "canonical", "false", "null", "false"),
         "params.unsupported", SAGE_EUNSUP},
        {WHOLE("blake2s", "0", "26", "23", "canonical", "false", "null", "false"),
         "params.unsupported", SAGE_EUNSUP},
        {WHOLE("blake2s", "0", "26", "0", "canonical", "true", "null", "false"),
         "params.unsupported", SAGE_EUNSUP},
        {WHOLE("blake2s", "0", "26", "0", "canonical", "false", "3", "false"),
         "params.unsupported", SAGE_EUNSUP},
        {WHOLE("blake2s", "0", "26", "0", "canonical", "false", "null", "true"),
         "params.unsupported", SAGE_EUNSUP},
        {WHOLE("sha256", "0", "26", "0", "canonical", "false", "null", "false"), "params.hash",
         SAGE_EINVAL},
        {WHOLE("blake2s", "2147483647", "26", "0", "canonical", "false", "null", "false"),
         "params.salt", SAGE_EINVAL},
        {WHOLE("blake2s", "-1", "26", "0", "canonical", "false", "null", "false"), "json.sign",
         SAGE_EFORMAT},
        {WHOLE("blake2s", "4294967296", "26", "0", "canonical", "false", "null", "false"),
         "json.range", SAGE_EFORMAT},
        {WHOLE("blake2s", "0", "41", "0", "canonical", "false", "null", "false"),
         "config.pow_bits", SAGE_EINVAL},
        {WHOLE("blake2s", "0", "26", "0", "small", "false", "null", "false"),
         "params.preprocessed", SAGE_EINVAL},
        {WHOLE("blake2s", "0", "26", "0", "canonical_large", "false", "null", "false"),
         "params.preprocessed", SAGE_EINVAL},
        {"{\"channel_hash\":\"blake2s\"}", "json.missing", SAGE_EFORMAT},
        {"{\"channel_hash\":\"blake2s\",\"channel_hash\":\"blake2s\"}", "json.twice",
         SAGE_EFORMAT},
        {"{\"hash\":\"blake2s\"}", "json.unknown", SAGE_EFORMAT},
        {DOCUMENTED "x", "json.syntax", SAGE_EFORMAT},
        {"{", "json.truncated", SAGE_EFORMAT},
    };
    prover_params p;
    sage_errinfo err;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse(&p, cases[i].text, &err), cases[i].want);
        assert_string_equal(err.where, cases[i].where);
    }
}

/* No prefix of the file is taken for a file. */
static void test_cut(void **state)
{
    prover_params p;
    (void)state;
    for (size_t n = 1; n < sizeof DOCUMENTED - 1; n++)
        assert_int_not_equal(prover_params_parse(&p, DOCUMENTED, n, NULL), SAGE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented), cmocka_unit_test(test_whole),
        cmocka_unit_test(test_ours), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_cut)};
    return cmocka_run_group_tests_name("prover_params", tests, NULL, NULL);
}

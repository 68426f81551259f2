/* Parameters: ranges, security, transcript form, and the parameter file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stark/config.h"

static void security(void **state)
{
    (void)state;
    assert_int_equal(sage_config_security(&sage_config_production), SAGE_SECURITY_BITS);
    assert_int_equal(sage_config_security(&sage_config_test), 13);
    sage_config c = {20, 3, 30, 0, 2};
    assert_int_equal(sage_config_security(&c), 110);
}

static void ranges(void **state)
{
    (void)state;
    assert_int_equal(sage_config_check(&sage_config_production, NULL), SAGE_OK);
    assert_int_equal(sage_config_check(&sage_config_test, NULL), SAGE_OK);
    static const struct {
        sage_config c;
        const char *where;
    } bad[] = {
        {{41, 1, 70, 0, 1}, "config.pow_bits"},
        {{26, 0, 70, 0, 1}, "config.log_blowup"},
        {{26, SAGE_MAX_BLOWUP + 1, 70, 0, 1}, "config.log_blowup"},
        {{26, 1, 0, 0, 1}, "config.n_queries"},
        {{26, 1, 257, 0, 1}, "config.n_queries"},
        {{26, 1, 70, 11, 1}, "config.log_last_layer"},
        {{26, 1, 70, 0, 0}, "config.fold_step"},
        {{26, 1, 70, 0, 7}, "config.fold_step"},
        {{26, UINT32_MAX, 70, 0, 1}, "config.log_blowup"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sage_errinfo err = {0};
        assert_int_equal(sage_config_check(&bad[i].c, &err), SAGE_EINVAL);
        assert_string_equal(err.where, bad[i].where);
    }
    static const sage_config good[] = {{0, 1, 1, 0, 1}, {40, SAGE_MAX_BLOWUP, 256, 10, 6}};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(sage_config_check(&good[i], NULL), SAGE_OK);
}

/* Every field enters the transcript, at its place. */
static void mixing(void **state)
{
    (void)state;
    sage_channel a, b;
    sage_channel_init(&a, SAGE_HASH_BLAKE2S);
    sage_channel_init(&b, SAGE_HASH_BLAKE2S);
    sage_config c = {1, 2, 3, 4, 5};
    sage_config_mix(&c, &a);
    static const uint32_t words[8] = {1, 2, 3, 4, 5, 0, 0, 0};
    sage_channel_mix_u32s(&b, words, 8);
    assert_memory_equal(&a, &b, sizeof a);
}

static void parse_ok(void **state)
{
    (void)state;
    static const char text[] = "# benchmark\n\npow_bits=10\r\n  n_queries\t= 3 # few\n"
                               "fold_step = 3";
    sage_config c;
    assert_int_equal(sage_config_parse(&c, text, strlen(text), NULL), SAGE_OK);
    static const sage_config want = {10, 1, 3, 0, 3};
    assert_memory_equal(&c, &want, sizeof c);
    assert_int_equal(sage_config_parse(&c, NULL, 0, NULL), SAGE_OK);
    assert_memory_equal(&c, &sage_config_production, sizeof c);
}

static void parse_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sage_status code;
        long long line;
        const char *where;
    } bad[] = {
        {"pow_bits = 10\nqueries = 3\n", SAGE_EFORMAT, 2, "config.name"},
        {"pow_bits", SAGE_EFORMAT, 1, "config.number"},
        {"= 3", SAGE_EFORMAT, 1, "config.name"},
        {"\n\nn_queries =", SAGE_EFORMAT, 3, "config.number"},
        {"n_queries = # 3", SAGE_EFORMAT, 1, "config.number"},
        {"n_queries = 3 4", SAGE_EFORMAT, 1, "config.number"},
        {"n_queries = -3", SAGE_EFORMAT, 1, "config.number"},
        {"n_queries = 0x3", SAGE_EFORMAT, 1, "config.number"},
        {"n_queries = 4294967296", SAGE_EFORMAT, 1, "config.number"},
        {"n_queries = 99999999999999999999999999", SAGE_EFORMAT, 1, "config.number"},
        {"n_queries = 300", SAGE_EINVAL, 1, "config.n_queries"},
        {"pow_bits = 1\npow_bits = 1", SAGE_EFORMAT, 2, "config.duplicate"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sage_config c    = {7, 7, 7, 7, 7};
        sage_errinfo err = {0};
        assert_int_equal(sage_config_parse(&c, bad[i].text, strlen(bad[i].text), &err),
                         bad[i].code);
        assert_string_equal(err.where, bad[i].where);
        assert_int_equal(err.at, bad[i].line);
        assert_int_equal(c.pow_bits, 7); /* untouched on error */
    }
}

/* Not a C string: a zero byte is a character like another, and reading stops at len. */
static void parse_respects_length(void **state)
{
    (void)state;
    sage_config c;
    static const char text[] = "n_queries = 31";
    assert_int_equal(sage_config_parse(&c, text, strlen(text) - 1, NULL), SAGE_OK);
    assert_int_equal(c.n_queries, 3);
    sage_errinfo err = {0};
    assert_int_equal(sage_config_parse(&c, "n_queries = 3\0", 14, &err), SAGE_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(security),     cmocka_unit_test(ranges),
        cmocka_unit_test(mixing),       cmocka_unit_test(parse_ok),
        cmocka_unit_test(parse_errors), cmocka_unit_test(parse_respects_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What can be verified and not proved is refused by name before any work: no backend, no
 * device, no input is touched. */
#include "base/test.h"
#include "stark/prover.h"
#include "test_bare_airs.h"

static sage_layout layout_of(const sage_air *air, uint32_t log_rows, uint32_t size)
{
    return (sage_layout){.n = 1, .inst = {{.air = air, .log_rows = log_rows, .size = size}}};
}

static void expect(const sage_air *air, uint32_t log_rows, uint32_t size, const char *where)
{
    sage_layout l      = layout_of(air, log_rows, size);
    sage_prover_job in = {.layout = &l, .config = &sage_config_test};
    sage_errinfo err   = {0};
    size_t words;
    assert_int_equal(sage_prover_words(NULL, &in, &words, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, where);
    assert_non_null(strstr(err.msg, air->name));
    memset(&err, 0, sizeof err);
    assert_int_equal(sage_prover_run(NULL, NULL, &in, NULL, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, where);
}

static void no_witness(void **state)
{
    (void)state;
    assert_int_equal(sage_test_bare_air_test_bare.witness, 0);
    expect(&sage_test_bare_air_test_bare, 5, 3, "prove.witness");
}

static void unknown_column(void **state)
{
    (void)state;
    assert_int_equal(sage_test_bare_air_test_sigma.witness, 1);
    expect(&sage_test_bare_air_test_sigma, 4, 0, "prove.preprocessed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_witness),
                                       cmocka_unit_test(unknown_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

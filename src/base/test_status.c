#include "base/test.h"

static void every_status_has_its_row(void **state)
{
    (void)state;
#define X(n, v, h, e, t)                                                                       \
    assert_string_equal(sage_status_name(SAGE_##n), #n);                                       \
    assert_string_equal(sage_status_text(SAGE_##n), t);                                        \
    assert_int_equal(sage_status_http(SAGE_##n), h);                                           \
    assert_int_equal(sage_status_exit(SAGE_##n), e);                                           \
    assert_true((v) == 0 || ((v) < 0 && (h) >= 400 && (h) <= 599 && (e) >= 64 && (e) <= 78));
    SAGE_STATUS_LIST(X)
#undef X
    assert_string_equal(sage_status_name((sage_status)-99), "EINTERNAL");
    assert_int_equal(sage_status_exit((sage_status)5), 70);
}

static void fail_fills_the_detail(void **state)
{
    (void)state;
    sage_errinfo err = {0};
    assert_int_equal(sage_fail(&err, SAGE_ELIMIT, "a.b", 7, "%d columns", 3), SAGE_ELIMIT);
    assert_int_equal(err.code, SAGE_ELIMIT);
    assert_string_equal(err.where, "a.b");
    assert_int_equal(err.at, 7);
    assert_string_equal(err.msg, "3 columns");
    assert_int_equal(sage_fail(NULL, SAGE_EIO, "a.b", -1, "x"), SAGE_EIO);
    assert_int_equal(sage_fail(&err, SAGE_EIO, "a.b", -1, "%0300d", 1), SAGE_EIO);
    assert_int_equal(strlen(err.msg), sizeof err.msg - 1); /* cut, not overrun */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_row),
        cmocka_unit_test(fail_fills_the_detail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Blocks that grow across every kind of boundary keep their bytes and are zero beyond. */
#include "base/pages.h"

#include "base/test.h"

static void test_growth(void **state)
{
    (void)state;
    static const size_t sizes[] = {1,       4096,          (1 << 20) - 1, 1 << 20,
                                   2 << 20, (2 << 20) + 1, 9 << 20,       64 << 20};
    uint8_t *p                  = NULL;
    size_t old                  = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t new = sizes[i];
        p          = sage_pages_grow(p, old, new);
        assert_non_null(p);
        for (size_t k = 0; k < old; k += 997)
            assert_int_equal(p[k], (uint8_t)(k * 31 + 1));
        for (size_t k = old; k < new;
             k += k < new - 1 ? (new - 1 - k < 4093 ? new - 1 - k : 4093) : 1)
            assert_int_equal(p[k], 0);
        for (size_t k = 0; k < new; k += 997)
            p[k] = (uint8_t)(k * 31 + 1);
        old = new;
    }
    sage_pages_free(p, old);
}

static void test_no_memory(void **state)
{
    (void)state;
    uint8_t *p = sage_pages_grow(NULL, 0, 16);
    assert_non_null(p);
    p[15] = 7;
    assert_null(sage_pages_grow(p, 16, SIZE_MAX));
    assert_null(sage_pages_grow(p, 16, SIZE_MAX / 2));
    assert_int_equal(p[15], 7);
    sage_pages_free(p, 16);
    sage_pages_free(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_growth),
                                       cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

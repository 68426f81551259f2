/* The registry and the device operations that no lane width changes. */
#include "test_rig.h"

#include "base/cpu.h"

static void test_find(void **state)
{
    const sage_backend *be;
    sage_errinfo err;
    (void)state;
    assert_int_equal(sage_backend_find("scalar", &be, NULL), SAGE_OK);
    assert_string_equal(be->name, "scalar");
    assert_int_equal(sage_backend_find("vulkan", &be, &err), SAGE_ENOTFOUND);
    assert_null(be);
    assert_non_null(strstr(err.msg, "vulkan"));
    assert_int_equal(sage_backend_find("", &be, NULL), SAGE_ENOTFOUND);
    /* the fastest one that this CPU has, under either name */
    const sage_backend *first = NULL, *same;
    for (size_t i = 0; !first; i++)
        if (!sage_cpu_backends[i]->available(NULL)) first = sage_cpu_backends[i];
    assert_int_equal(sage_backend_find(NULL, &be, NULL), SAGE_OK);
    assert_int_equal(sage_backend_find("auto", &same, NULL), SAGE_OK);
    assert_ptr_equal(be, first);
    assert_ptr_equal(same, first);
}

/* A named backend is had or refused, never replaced. */
static void test_available(void **state)
{
    static const char *const names[]      = {"avx2", "avx512"};
    static const sage_cpu_feature needs[] = {SAGE_CPU_AVX2, SAGE_CPU_AVX512};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const sage_backend *be;
        sage_errinfo err;
        sage_status s = sage_backend_find(names[i], &be, &err);
        if (s) {
            assert_int_equal(s, SAGE_EUNSUP);
            assert_null(be);
            assert_non_null(strstr(err.msg, names[i]));
        } else {
            assert_true(sage_cpu_has(needs[i]));
            assert_string_equal(be->name, names[i]);
        }
    }
}

static void test_device(void **state)
{
    enum { WORDS = 1000 };
    uint32_t host[WORDS], back[WORDS], *base, *again;
    sage_device *dev;
    const sage_backend *be;
    (void)state;
    assert_int_equal(sage_backend_find("scalar", &be, NULL), SAGE_OK);
    assert_int_equal(be->open(&dev, 0, NULL), SAGE_EINVAL);
    assert_null(dev);
    be->close(NULL);
    assert_int_equal(be->open(&dev, 2, NULL), SAGE_OK);
    assert_int_equal(be->arena(dev, 0, &base, NULL), SAGE_EINVAL);
    assert_int_equal(be->arena(dev, sizeof host * 4, &base, NULL), SAGE_OK);
    assert_int_equal((uintptr_t)base % (1 << 21), 0);
    for (uint32_t i = 0; i < WORDS; i++)
        host[i] = i * 2654435761u;
    be->upload(dev, base, host, WORDS);
    be->copy(dev, base + WORDS, base, WORDS);
    be->zero(dev, base, WORDS / 2);
    assert_int_equal(be->download(dev, back, base + WORDS, WORDS, NULL), SAGE_OK);
    assert_memory_equal(back, host, sizeof host);
    assert_int_equal(be->download(dev, back, base, WORDS, NULL), SAGE_OK);
    for (uint32_t i = 0; i < WORDS; i++)
        assert_int_equal(back[i], i < WORDS / 2 ? 0 : host[i]);
    /* a smaller arena takes the same memory, an impossible one is refused */
    assert_int_equal(be->arena(dev, sizeof host, &again, NULL), SAGE_OK);
    assert_ptr_equal(again, base);
    assert_int_equal(be->arena(dev, SIZE_MAX, &again, NULL), SAGE_ENOMEM);
    assert_null(again);
    assert_int_equal(be->arena(dev, sizeof host, &again, NULL), SAGE_OK);
    be->upload(dev, again, host, WORDS);
    be->close(dev);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_available),
        cmocka_unit_test(test_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

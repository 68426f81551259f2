#include "base/cpu.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

static void mask_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t mask;
    } good[] = {
        {"scalar", 0},
        {"avx2", SAGE_CPU_AVX2},
        {"avx512", SAGE_CPU_AVX512},
        {"avx2,avx512", SAGE_CPU_AVX2 | SAGE_CPU_AVX512},
        {"scalar,avx2", SAGE_CPU_AVX2},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint32_t mask = UINT32_MAX;
        assert_int_equal(sage_cpu_mask_parse(good[i].text, &mask, NULL), SAGE_OK);
        assert_int_equal(mask, good[i].mask);
    }
}

static void mask_refuses_unknown_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long long at;
    } bad[] = {
        {"", 0},      {"avx", 0},       {"avx22", 0},        {"AVX2", 0}, {"avx2,", 5},
        {",avx2", 0}, {"avx2,neon", 5}, {"avx2, avx512", 5}, {"sse", 0},  {"avx2,,scalar", 5},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint32_t mask    = UINT32_MAX;
        sage_errinfo err = {0};
        assert_int_equal(sage_cpu_mask_parse(bad[i].text, &mask, &err), SAGE_EINVAL);
        assert_int_equal(mask, 0);
        assert_string_equal(err.where, "cpu.mask");
        assert_int_equal(err.at, bad[i].at);
    }
}

/* The mask is read once a process, so each setting is tried in a child.
 * The child's exit code: 1 AVX2 offered, 2 AVX-512 offered, 4 the mask is refused. */
static int child_features(const char *mask)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        if (mask ? setenv("SAGE_CPU_MASK", mask, 1) : unsetenv("SAGE_CPU_MASK")) _exit(99);
        int code = sage_cpu_has(SAGE_CPU_AVX2) | sage_cpu_has(SAGE_CPU_AVX512) << 1;
        _exit(code | (sage_cpu_mask_check(NULL) ? 4 : 0));
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void mask_limits_features(void **state)
{
    (void)state;
    int all = child_features(NULL);
    assert_in_range(all, 0, 3);
#if defined(__x86_64__)
    assert_int_equal(all & 1, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"));
#else
    assert_int_equal(all, 0);
#endif
    assert_int_equal(child_features("scalar"), 0);
    assert_int_equal(child_features("avx2"), all & 1);
    assert_int_equal(child_features("avx512"), all & 2);
    assert_int_equal(child_features("avx2,avx512"), all);
    assert_int_equal(child_features("avx3"), 4);
}

static void quota_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t cpus;
    } cases[] = {
        {"max 100000", UINT32_MAX},
        {"100000 100000", 1},
        {"150000 100000", 2},
        {"1000 100000", 1},
        {"800000 100000", 8},
        {"0 100000", 1},
        {"100000 0", UINT32_MAX},
        {"100000", UINT32_MAX},
        {"", UINT32_MAX},
        {"-1 100000", UINT32_MAX},
        {"99999999999999999999999 1", UINT32_MAX},
        {"18446744073709551615 1", UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(sage_cpu_quota_parse(cases[i].text), cases[i].cpus);
}

static void count_is_plausible(void **state)
{
    (void)state;
    uint32_t count = sage_cpu_count();
    assert_true(count >= 1);
    assert_true((long)count <= sysconf(_SC_NPROCESSORS_CONF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mask_words),           cmocka_unit_test(mask_refuses_unknown_words),
        cmocka_unit_test(mask_limits_features), cmocka_unit_test(quota_text),
        cmocka_unit_test(count_is_plausible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The roots in preprocessed_roots.c, computed: published ones, which show that all columns are
 * the published ones, and those that nobody publishes, which come from here. Without arguments:
 * the small trace at the first blowup. With --all, for nightly runs: every Blake2s root whose
 * tree takes at most SAGE_TEST_MEMORY_GIB (6) of memory. */
#include "base/test.h"

#include "cairo/preprocessed_tree.h"

enum { MAX_BLOWUP = 5, DEFAULT_GIB = 6, THREADS = 2 };

static const char *const names[SAGE_CAIRO_VARIANTS] = {
    "canonical", "canonical_without_pedersen", "canonical_small"};

static void compute(const sage_backend *be, int variant, uint32_t log_blowup, uint8_t root[32])
{
    sage_errinfo err = {0};
    sage_device *dev;
    if (be->open(&dev, THREADS, &err)) fail_msg("%s: %s", err.where, err.msg);
    if (sage_cairo_pre_root(be, dev, (sage_cairo_variant)variant, log_blowup, NULL, NULL, root,
                            &err))
        fail_msg("%s: %s", err.where, err.msg);
    be->close(dev);
}

static void check(const sage_backend *be, int variant, uint32_t log_blowup)
{
    uint8_t got[32], want[32];
    assert_true(sage_cairo_preprocessed_root((sage_cairo_variant)variant, SAGE_HASH_BLAKE2S,
                                             log_blowup, want));
    compute(be, variant, log_blowup, got);
    assert_memory_equal(got, want, 32);
}

static const sage_backend *fastest(void)
{
    const sage_backend *be;
    assert_int_equal(sage_backend_find(NULL, &be, NULL), SAGE_OK);
    return be;
}

static void small_root(void **state)
{
    (void)state;
    check(fastest(), SAGE_CAIRO_CANONICAL_SMALL, 1);
}

static double limit_gib(void)
{
    const char *text = getenv("SAGE_TEST_MEMORY_GIB");
    return text ? strtod(text, NULL) : DEFAULT_GIB;
}

static void all_roots(void **state)
{
    (void)state;
    const sage_backend *be = fastest();
    uint32_t done          = 0;
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        for (uint32_t log = 1; log <= MAX_BLOWUP; log++) {
            uint8_t root[32];
            double gib =
                (double)sage_cairo_pre_words(be, (sage_cairo_variant)v, log) / (1 << 28);
            if (!sage_cairo_preprocessed_root((sage_cairo_variant)v, SAGE_HASH_BLAKE2S, log,
                                              root))
                continue;
            print_message("%s, blowup 2^%u: %.1f GiB%s\n", names[v], log, gib,
                          gib > limit_gib() ? ", left out" : "");
            if (gib > limit_gib()) continue;
            check(be, v, log);
            done++;
        }
    assert_true(done > 0);
}

static void impossible_blowups(void **state)
{
    (void)state;
    static const uint32_t log_blowup[] = {0, MAX_BLOWUP + 1, UINT32_MAX};
    const sage_backend *be             = fastest();
    sage_device *dev;
    assert_int_equal(be->open(&dev, 1, NULL), SAGE_OK);
    for (size_t i = 0; i < sizeof log_blowup / sizeof *log_blowup; i++) {
        sage_errinfo err = {0};
        uint8_t root[32];
        assert_int_equal(sage_cairo_pre_root(be, dev, SAGE_CAIRO_CANONICAL_SMALL, log_blowup[i],
                                             NULL, NULL, root, &err),
                         SAGE_EINVAL);
        assert_string_equal(err.where, "cairo.preprocessed");
    }
    be->close(dev);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest all[]   = {cmocka_unit_test(all_roots)};
    const struct CMUnitTest quick[] = {cmocka_unit_test(small_root),
                                       cmocka_unit_test(impossible_blowups)};
    if (argc > 1 && !strcmp(argv[1], "--all")) return cmocka_run_group_tests(all, NULL, NULL);
    return cmocka_run_group_tests(quick, NULL, NULL);
}

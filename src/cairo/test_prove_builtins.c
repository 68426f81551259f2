/* Programs that use builtins: published ones, run, proved and verified. No proof of them is
 * published to compare with; that one verifies says that every cell that a builtin's component
 * reads is in the memory tables as often as it says. Skipped where the files are not at hand. */
#include <unistd.h>

#include "base/test.h"
#include "cairo/verify.h"
#include "sage/cairo.h"

static sage_errinfo err;
static char dir[SAGE_TEST_PATH];

static int make_dir(void **state)
{
    (void)state;
    return sage_test_folder(dir, "builtins");
}

static int remove_dir(void **state)
{
    (void)state;
    return sage_test_remove_folder(dir);
}

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

static bool has_component(const sage_cairo_claim *c, const char *name)
{
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (!strcmp(sage_cairo_components[i].name, name)) return c->log[i] != 0;
    return false;
}

static void proved(const char *program, const char *component)
{
    const sage_prove_options quick = {.params = {20, 1, 12, 0, 1}}; /* 32 bits */
    char name[160];
    size_t len, proof_len;
    uint8_t *bytes;
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/compiled.json", program);
    char *text        = sage_test_vector(name, &len);
    sage_cairo_task t = {.program      = (const uint8_t *)text,
                         .program_len  = len,
                         .preprocessed = SAGE_CAIRO_PREPROCESSED_SMALL,
                         .cache_dir    = dir};
    sage_cairo_proof p;
    assert_ok(
        sage_prove_cairo(&t, &quick, SAGE_CAIRO_PROOF_BINARY, &bytes, &proof_len, NULL, &err));
    assert_ok(sage_cairo_read(&p, bytes, proof_len, SAGE_CAIRO_FORMAT_BINARY, &err));
    assert_true(has_component(&p.claim, component));
    assert_ok(sage_cairo_verify(&p, 32, &err));
    sage_cairo_proof_free(&p);
    free(bytes);
    free(text);
}

static void bitwise(void **state)
{
    (void)state;
    proved("bitwise_builtin", "bitwise_builtin");
}

static void range_check(void **state)
{
    (void)state;
    if (sage_test_quick()) skip();
    proved("range_check_bits_128_builtin", "range_check_builtin");
}

static void range_check96(void **state)
{
    (void)state;
    if (sage_test_quick()) skip();
    proved("range_check_bits_96_builtin", "range_check96_builtin");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bitwise), cmocka_unit_test(range_check),
                                       cmocka_unit_test(range_check96)};
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

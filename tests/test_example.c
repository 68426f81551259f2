/* examples/verify/verify_proof.c, run on proofs as its reader would: usage test_example PROGRAM. */
#include "base/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "sage/prove.h"

static const char *program;
static char dir[] = "/tmp/sage-example-XXXXXX";

/* Runs the example on a file of these bytes; its output goes to out. */
static int run(const uint8_t *bytes, size_t len, const char *bits, char out[4096])
{
    char path[64], command[4400];
    snprintf(path, sizeof path, "%s/proof", dir);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
    snprintf(command, sizeof command, "'%.4000s' %s %s", program, path, bits);
    f = popen(command, "r");
    assert_non_null(f);
    size_t n = fread(out, 1, 4095, f);
    out[n]   = 0;
    int end  = pclose(f);
    unlink(path);
    assert_true(WIFEXITED(end));
    return WEXITSTATUS(end);
}

static void test_statement(void **state)
{
    sage_statement st;
    sage_prove_options o = {.threads = 1, .params = {5, 1, 3, 0, 1}};
    uint8_t *proof;
    size_t len;
    char out[4096];
    (void)state;
    assert_int_equal(sage_statement_wide_fibonacci(&st, 3, 5, NULL), SAGE_OK);
    assert_int_equal(sage_prove(&st, NULL, 0, &o, &proof, &len, NULL), SAGE_OK);
    assert_int_equal(run(proof, len, "8", out), 0);
    assert_string_equal(out, "wide_fibonacci, 8 bits of security\npublic 3\npublic 5\n");
    assert_int_equal(run(proof, len, "", out), 66);
    assert_non_null(strstr(out, "(proof.config.security)"));
    proof[len - 4] ^= 1;
    assert_int_equal(run(proof, len, "8", out), 66);
    assert_int_equal(run(proof, len - 1, "8", out), 65);
    assert_non_null(strstr(out, "(proof.format."));
    free(proof);
}

/* The reader finds program and outputs of the published proof of stwo-cairo 2b1fb4d. */
static void test_cairo(void **state)
{
    size_t len;
    char *text =
        sage_test_vector("stwo-cairo/test_prove_verify_all_opcode_components/proof.json", &len);
    char out[4096];
    (void)state;
    assert_int_equal(run((uint8_t *)text, len, "", out), 0);
    assert_ptr_equal(strstr(out, "cairo, 96 bits of security\nprogram 0x"), out);
    assert_non_null(strstr(out, "\noutput 0x"));
    assert_int_equal(run((uint8_t *)text, len - 100, "", out), 65);
    free(text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_statement),
                                       cmocka_unit_test(test_cairo)};
    program                         = argc > 1 ? argv[1] : "";
    if (!mkdtemp(dir)) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(dir);
    return failed;
}

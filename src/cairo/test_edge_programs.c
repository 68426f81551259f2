/* Programs at the edges of what builtins take, proved and verified through the door: the least
 * and the largest value of each, segments of 16 instances, which fill their rows, and of 17,
 * which need as many again; no output; no builtin at all. And values just beyond, which the
 * machine refuses. */
#include <unistd.h>

#include "base/test.h"
#include "cairo/verify.h"
#include "sage/cairo.h"
#include "vm/asm.h"

enum { TEXT = 1 << 16 };

#define ONES_128 "0xffffffffffffffffffffffffffffffff"
#define ONES_96  "0xffffffffffffffffffffffff"
#define ONES_251 "0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
/* P - 1 without its bit 251 */
#define TAIL_251 "0x11000000000000000000000000000000000000000000000000"

static sage_errinfo err;
static char dir[SAGE_TEST_PATH];
static char text[TEXT];

static int make_dir(void **state)
{
    (void)state;
    return sage_test_folder(dir, "edge");
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

/* --- texts --- */

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
    const size_t at = strlen(text);
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(text + at, sizeof text - at, format, args);
    va_end(args);
    assert_true(n > 0 && (size_t)n < sizeof text - at);
}

/* A cell of the segment that [fp - pointer] points to. */
static void put(int pointer, uint32_t offset, const char *value)
{
    say("    [ap] = %s, ap++;\n    [ap - 1] = [[fp - %d] + %u];\n", value, pointer, offset);
}

/* n instances of each builtin but output, the values taken in turn. */
static void instances(uint32_t range, uint32_t bits, uint32_t range96)
{
    static const char *const r[]   = {"0", ONES_128, "1", "0x80000000000000000000000000000000"};
    static const char *const r96[] = {ONES_96, "0", "0x800000000000000000000000", "63"};
    static const char *const b[]   = {
          "0", ONES_251, TAIL_251,
          "1", "0x1ff",  "0x400000000000000000000000000000000000000000000000000000000000000"};
    text[0] = 0;
    say("builtins: output, range_check, bitwise, range_check96;\nmain:\n");
    for (uint32_t i = 0; i < range; i++)
        put(5, i, r[i % 4]);
    for (uint32_t i = 0; i < bits; i++) {
        put(4, 5 * i, b[i % 6]);
        put(4, 5 * i + 1, b[i / 6 * 5 % 6]);
        for (uint32_t k = 2; k < 5; k++)
            say("    [ap] = [[fp - 4] + %u], ap++;\n", 5 * i + k);
    }
    for (uint32_t i = 0; i < range96; i++)
        put(3, i, r96[i % 4]);
    say("    [ap] = [fp - 6], ap++;\n    [ap] = [fp - 5] + %u, ap++;\n"
        "    [ap] = [fp - 4] + %u, ap++;\n    [ap] = [fp - 3] + %u, ap++;\n    ret;\n",
        range, 5 * bits, range96);
}

/* --- proving --- */

static void put_bytes(void *to, const void *bytes, size_t n)
{
    sage_sink_put(to, bytes, n);
}

static sage_status prove(uint8_t **proof, size_t *len)
{
    const sage_prove_options quick = {.params = {20, 1, 12, 0, 1}}; /* 32 bits */
    sage_sink file                 = {0};
    sage_program p;
    assert_ok(sage_assemble(&p, text, strlen(text), &err));
    assert_ok(sage_program_write(&p, put_bytes, &file, &err));
    sage_cairo_task t = {.program      = file.bytes,
                         .program_len  = file.len,
                         .preprocessed = SAGE_CAIRO_PREPROCESSED_SMALL,
                         .cache_dir    = dir};
    sage_status s =
        sage_prove_cairo(&t, &quick, SAGE_CAIRO_PROOF_BINARY, proof, len, NULL, &err);
    sage_program_free(&p);
    free(file.bytes);
    return s;
}

static uint8_t log_of(const sage_cairo_claim *c, const char *name)
{
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (!strcmp(sage_cairo_components[i].name, name)) return c->log[i];
    fail_msg("no component %s", name);
    return 0;
}

/* The text's program is proved; its builtins have so many rows, logs of 0 for none. */
static void proved(uint8_t range, uint8_t bits, uint8_t range96)
{
    sage_cairo_proof p;
    uint8_t *bytes;
    size_t len;
    assert_ok(prove(&bytes, &len));
    assert_ok(sage_cairo_read(&p, bytes, len, SAGE_CAIRO_FORMAT_BINARY, &err));
    assert_ok(sage_cairo_verify(&p, 32, &err));
    assert_int_equal(log_of(&p.claim, "range_check_builtin"), range);
    assert_int_equal(log_of(&p.claim, "bitwise_builtin"), bits);
    assert_int_equal(log_of(&p.claim, "range_check96_builtin"), range96);
    assert_int_equal(p.claim.output.n, 0);
    sage_cairo_proof_free(&p);
    free(bytes);
}

static void full_rows(void **state)
{
    (void)state;
    instances(16, 16, 16);
    proved(4, 4, 4);
}

static void one_more(void **state)
{
    (void)state;
    instances(17, 17, 17);
    proved(5, 5, 5);
}

static void single(void **state)
{
    (void)state;
    instances(1, 0, 1);
    proved(4, 0, 4);
}

static void refused(sage_status want, const char *where)
{
    uint8_t *proof;
    size_t len;
    assert_int_equal(prove(&proof, &len), want);
    assert_string_equal(err.where, where);
    assert_null(proof);
}

/* main hands its pointer back at once; without one no verifier would take the proof. */
static void nothing(void **state)
{
    (void)state;
    text[0] = 0;
    say("builtins: output;\nmain:\n    [ap] = [fp - 3], ap++;\n    ret;\n");
    proved(0, 0, 0);
    text[0] = 0;
    say("main:\n    ret;\n");
    refused(SAGE_EUNSUP, "prove.cairo.segments");
}

static void beyond(void **state)
{
    static const struct {
        int pointer;
        const char *value, *where;
    } cells[] = {{5, "0x100000000000000000000000000000000", "vm.builtin.range_check"},
                 {3, "0x1000000000000000000000000", "vm.builtin.range_check96"},
                 {4, "0x800000000000000000000000000000000000000000000000000000000000000",
                  "vm.builtin.bitwise"},
                 {4, "-1", "vm.builtin.bitwise"}};
    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        text[0] = 0;
        say("builtins: output, range_check, bitwise, range_check96;\nmain:\n");
        put(cells[i].pointer, 0, cells[i].value);
        if (cells[i].pointer == 4) {
            put(4, 1, "1");
            say("    [ap] = [[fp - 4] + 2], ap++;\n");
        }
        say("    [ap] = [fp - 6], ap++;\n    [ap] = [fp - 5], ap++;\n"
            "    [ap] = [fp - 4], ap++;\n    [ap] = [fp - 3], ap++;\n    ret;\n");
        refused(SAGE_EINVAL, cells[i].where);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(full_rows), cmocka_unit_test(one_more),
                                       cmocka_unit_test(single), cmocka_unit_test(nothing),
                                       cmocka_unit_test(beyond)};
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

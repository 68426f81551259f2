/* Whole programs that live by their hints, from text to their output. */
#include "base/test.h"
#include "vm/asm.h"
#include "vm/run.h"

/* The sum of the decimal digits of the first argument: both languages' hints, in a loop. */
#define ARGUMENTS                                                                              \
    "{\"WriteRunParam\": {\"index\": {\"Immediate\": \"0x0\"}, "                               \
    "\"dst\": {\"register\": \"AP\", \"offset\": 0}}}"
#define DIVIDE                                                                                 \
    "{\"DivMod\": {\"lhs\": {\"Deref\": {\"register\": \"AP\", \"offset\": -2}}, "             \
    "\"rhs\": {\"Immediate\": \"0xa\"}, \"quotient\": {\"register\": \"AP\", \"offset\": 0}, " \
    "\"remainder\": {\"register\": \"AP\", \"offset\": 1}}}"
static const char digits[] = "builtins: output;\n"
                             "main:\n"
                             "    %{ " ARGUMENTS " %}\n"
                             "    ap += 2;\n"
                             "    [ap] = [[fp]], ap++;\n"
                             "    [ap] = 0, ap++;\n"
                             "loop:\n"
                             "    jmp rel body if [ap - 2] != 0;\n"
                             "    [ap - 1] = [[fp - 3]];\n"
                             "    %{ memory[ap] = segments.add() %}\n"
                             "    ap += 1;\n"
                             "    [ap] = [fp - 3] + 1, ap++;\n"
                             "    ret;\n"
                             "body:\n"
                             "    %{ " DIVIDE " %}\n"
                             "    [ap + 2] = [ap] * 10;\n"
                             "    [ap - 2] = [ap + 2] + [ap + 1];\n"
                             "    [ap + 3] = [ap];\n"
                             "    [ap + 4] = [ap - 1] + [ap + 1];\n"
                             "    ap += 5;\n"
                             "    jmp rel loop;\n";

static sage_status run(const char *text, sage_value argument, sage_run *r, sage_errinfo *err)
{
    sage_program p;
    sage_run_input in = {.felts = &argument, .n_felts = 1};
    sage_status s     = sage_assemble(&p, text, strlen(text), err);
    if (s) fail_msg("%s: %s", err->where, err->msg);
    s = sage_run_program(r, &p, &in, &sage_run_default_limits, err);
    sage_program_free(&p);
    return s;
}

static void adds_digits(void **state)
{
    static const struct {
        const char *number;
        uint64_t sum;
    } cases[] = {{"0", 0},
                 {"7", 7},
                 {"12345", 15},
                 {"999999999999999999999999999999999999999999999999999999999999999", 567}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_run r;
        sage_value n;
        sage_errinfo err = {0};
        assert_true(sage_value_parse(&n, cases[i].number, strlen(cases[i].number)));
        if (run(digits, n, &r, &err)) fail_msg("%s: %s", err.where, err.msg);
        sage_address out = {r.builtin_segment[SAGE_BUILTIN_OUTPUT], 0};
        sage_value sum   = sage_memory_get(&r.memory, out);
        assert_true(sage_value_equal(sum, sage_value_from_u64(cases[i].sum)));
        sage_run_free(&r);
    }
}

/* Two segments, the second one to lie behind the first: its cell, and what pointed to it. */
#define ALLOCATE "{\"AllocSegment\": {\"dst\": {\"register\": \"AP\", \"offset\": 0}}}"
#define MOVE                                                                                   \
    "{\"AddRelocationRule\": {\"src\": {\"Deref\": {\"register\": \"FP\", \"offset\": 1}}, "   \
    "\"dst\": {\"BinOp\": {\"op\": \"Add\", \"a\": {\"register\": \"FP\", \"offset\": 0}, "    \
    "\"b\": {\"Immediate\": \"0x1\"}}}}}"
static const char moving[] = "builtins: output;\n"
                             "main:\n"
                             "    %{ " ALLOCATE " %} ap += 1;\n"
                             "    %{ " ALLOCATE " %} ap += 1;\n"
                             "    [ap] = 7, ap++;\n"
                             "    [ap - 1] = [[fp]];\n"
                             "    [ap] = 9, ap++;\n"
                             "    [ap - 1] = [[fp + 1]];\n"
                             "    %{ " MOVE " %}\n"
                             "    [fp + 1] = [fp] + 1;\n"
                             "    [ap] = [[fp] + 1], ap++;\n"
                             "    [ap - 1] = [[fp - 3]];\n"
                             "    [ap] = [fp - 3] + 1, ap++;\n"
                             "    ret;\n";

static void moves_segments(void **state)
{
    sage_run r;
    sage_errinfo err = {0};
    (void)state;
    if (run(moving, sage_value_from_u64(0), &r, &err)) fail_msg("%s: %s", err.where, err.msg);
    uint32_t output = r.builtin_segment[SAGE_BUILTIN_OUTPUT], first = r.memory.n - 2;
    assert_int_equal(sage_memory_get(&r.memory, (sage_address){output, 0}).l[0], 9);
    assert_int_equal(r.memory.segment[first].len, 2);
    assert_int_equal(r.memory.segment[first + 1].len, 0);
    sage_run_free(&r);
}

/* A hint fails in the middle of a run, and the run says which. */
static void names_the_hint_that_fails(void **state)
{
    sage_run r;
    sage_errinfo err = {0};
    (void)state;
    assert_int_equal(
        run("main: ap += 1; %{ vm_exit_scope() %} ret;", sage_value_from_u64(0), &r, &err),
        SAGE_EINVAL);
    assert_string_equal(err.where, "vm.hint.scope");
    assert_non_null(strstr(err.msg, "vm_exit_scope"));
}

/* Scopes without end end with a limit, and leave nothing behind. */
static void ends_endless_hints(void **state)
{
    sage_run r;
    sage_errinfo err = {0};
    (void)state;
    assert_int_equal(
        run("main: %{ vm_enter_scope() %} jmp rel 0;", sage_value_from_u64(0), &r, &err),
        SAGE_ELIMIT);
    assert_string_equal(err.where, "vm.hint.scope");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_digits),
        cmocka_unit_test(moves_segments),
        cmocka_unit_test(names_the_hint_that_fails),
        cmocka_unit_test(ends_endless_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

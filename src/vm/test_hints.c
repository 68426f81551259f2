/* Hints: how they are found and refused, what their operands mean, and the first families. */
#include "vm/test_hints.h"

#include <stdio.h>

#include "vm/builtin_state.h"

#define ADD_SEGMENT "memory[ap] = segments.add()"
#define ADD_SIGNATURE                                                                          \
    "ecdsa_builtin.add_signature(ids.ecdsa_ptr.address_, (ids.signature_r, ids.signature_s))"

static void adds_segments(void **state)
{
    fixture f;
    (void)state;
    setup(&f, SAGE_PROGRAM_CAIRO0);
    add_hint(&f, ADD_SEGMENT);
    prepare(&f);
    assert_true(sage_hints_at(f.state, 0));
    assert_false(sage_hints_at(f.state, 1));
    assert_false(sage_hints_at(f.state, UINT32_MAX));
    assert_int_equal(run_at(&f, 0), SAGE_OK);
    assert_value(get_ap(&f), address(2, 0));
    /* The cell is taken: a second segment cannot stand there. */
    assert_int_equal(run_at(&f, 0), SAGE_EINVAL);
    assert_string_equal(f.err.where, "vm.memory.write");
    assert_int_equal(run_at(&f, 1), SAGE_OK);
    teardown(&f);
}

static void announces_signatures(void **state)
{
    fixture f;
    (void)state;
    setup(&f, SAGE_PROGRAM_CAIRO0);
    refer(&f, "ecdsa_ptr", "[cast(fp + (-4), starkware.cairo.common.SignatureBuiltin**)]");
    refer(&f, "signature_r", "[cast(fp + 1, felt*)]");
    refer(&f, "signature_s", "[cast([fp + 2] + (-1), felt*)]");
    add_hint(&f, ADD_SIGNATURE);
    prepare(&f);
    set_fp(&f, -4, address(5, 6));
    set_fp(&f, 1, number(77));
    set_fp(&f, 2, address(0, 10));
    set_at(&f, 0, 9, number(88));
    assert_int_equal(run_at(&f, 0), SAGE_OK);
    const sage_signature *s = builtin_signature_at(&f.memory, (sage_address){5, 6});
    assert_non_null(s);
    assert_int_equal(s->r[0], 77);
    assert_int_equal(s->s[0], 88);
    teardown(&f);
}

static void refuses_unknown_hints(void **state)
{
    fixture f;
    (void)state;
    setup(&f, SAGE_PROGRAM_CAIRO0);
    add_hint(&f, ADD_SEGMENT);
    add_hint(&f, "import os\nos.remove('x')");
    assert_int_equal(sage_hints_prepare(&f.state, &f.program, &f.err), SAGE_EUNSUP);
    assert_null(f.state);
    assert_string_equal(f.err.where, "vm.hint.unknown");
    assert_int_equal(f.err.at, 1);
    assert_non_null(strstr(f.err.msg, "\"import os\""));
    assert_non_null(strstr(f.err.msg, "docs/hints.md"));
    /* To the letter: a space more is another hint. */
    f.hints[1].text = ADD_SEGMENT " ";
    assert_int_equal(sage_hints_prepare(&f.state, &f.program, &f.err), SAGE_EUNSUP);
    teardown(&f);
}

/* --- expressions of names --- */

/* The place or value that expression gives `n` in memset's first hint. */
static sage_status evaluate(fixture *f, const char *expression, sage_value *out)
{
    refer(f, "n", expression);
    add_hint(f, "vm_enter_scope({'n': ids.n})");
    sage_status s = sage_hints_prepare(&f->state, &f->program, &f->err);
    if (!s) s = run_at(f, 0);
    if (!s) *out = f->state->scopes.at[1].n;
    return s;
}

static void reads_expressions(void **state)
{
    static const struct {
        const char *expression;
        const char *want;
    } cases[] = {
        {"[cast(fp, felt*)]", "7"},
        {"[cast(fp + 1, felt*)]", "0x10000000000000000"},
        {"[cast(fp + (-3), felt*)]", "9"},
        {"[cast(ap + (-1), felt*)]", "11"},
        {"[cast(ap + (-1) + 2 * 3 - 6, felt*)]", "11"},
        {"cast(42, felt)", "42"},
        {"cast(-1, felt)", "-1"},
        {"cast([fp] * [fp + (-3)], felt)", "63"},
        {"cast([fp] - 8, felt)", "-1"},
        {"[cast([fp + 2] + 3, felt*)]", "13"},
        {"[cast([[fp + 2] + 4], felt*)]", "13"},
        {"cast([cast(fp + 2, felt**)] - [fp + 2] + 5, felt)", "5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        sage_value got;
        setup(&f, SAGE_PROGRAM_CAIRO0);
        set_fp(&f, 0, number(7));
        set_fp(&f, 1, felt("0x10000000000000000"));
        set_fp(&f, -3, number(9));
        set_fp(&f, 2, address(0, 20));
        set_at(&f, SAGE_SEGMENT_EXECUTION, AP - 1, number(11));
        set_at(&f, 0, 23, number(13));
        set_at(&f, 0, 24, address(0, 23));
        assert_int_equal(evaluate(&f, cases[i].expression, &got), SAGE_OK);
        assert_value(got, felt(cases[i].want));
        teardown(&f);
    }
}

static void refuses_expressions(void **state)
{
    static const char *const bad[] = {
        "",
        "fp",
        "[fp]",
        "cast(fp)",
        "cast(fp, )",
        "[cast(fp, felt)]",
        "[cast(fp, felt*)",
        "[cast(fp, felt*)] ]",
        "cast((1, 2), felt)",
        "[cast(sp, felt*)]",
        "cast(1 +, felt)",
        "cast(99999999999999999999999999999999999999999999999999999999999999999999999999999999"
        ", felt)",
        "cast([[[[[[[[[[[[[[[[[[fp]]]]]]]]]]]]]]]]]], felt)",
        "cast(1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + (1 + ("
        "1)))))))))))))))), felt)"};
    static const char *const senseless[] = {"[cast(fp, felt*)]",       "[cast(5, felt*)]",
                                            "cast(fp, felt*)",         "cast(fp * 2, felt)",
                                            "[cast(fp - 100, felt*)]", "cast([[fp]], felt)"};
    sage_value v;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fixture f;
        setup(&f, SAGE_PROGRAM_CAIRO0);
        memset(f.expressions[0], 0, sizeof f.expressions[0]);
        refer(&f, "n", "");
        f.references[0].expression = bad[i];
        add_hint(&f, "vm_enter_scope({'n': ids.n})");
        assert_int_equal(sage_hints_prepare(&f.state, &f.program, &f.err), SAGE_EINVAL);
        assert_string_equal(f.err.where, "vm.hint.reference");
        teardown(&f);
    }
    for (size_t i = 0; i < sizeof senseless / sizeof *senseless; i++) {
        fixture f;
        setup(&f, SAGE_PROGRAM_CAIRO0);
        assert_int_equal(evaluate(&f, senseless[i], &v), SAGE_EINVAL);
        assert_string_equal(f.err.where, "vm.hint.operand");
        teardown(&f);
    }
}

/* Within what is parsed there are no other bounds than these. */
static void refuses_long_expressions(void **state)
{
    char text[4096] = "cast(1", spaces[2048];
    (void)state;
    for (int i = 0; i < 40; i++)
        strcat(text, " + 1");
    strcat(text, ", felt)");
    memset(spaces, ' ', sizeof spaces);
    memcpy(spaces, "cast(1,", strlen("cast(1,"));
    memcpy(spaces + sizeof spaces - sizeof "felt)", "felt)", sizeof "felt)");
    for (int i = 0; i < 2; i++) {
        fixture f;
        setup(&f, SAGE_PROGRAM_CAIRO0);
        refer(&f, "n", "");
        f.references[0].expression = i ? spaces : text;
        add_hint(&f, "vm_enter_scope({'n': ids.n})");
        assert_int_equal(sage_hints_prepare(&f.state, &f.program, &f.err), SAGE_EINVAL);
        assert_string_equal(f.err.where, i ? "vm.hint.reference" : "vm.hint.operand");
        teardown(&f);
    }
}

static void follows_ap(void **state)
{
    fixture f;
    sage_value v;
    (void)state;
    setup(&f, SAGE_PROGRAM_CAIRO0);
    refer(&f, "n", "[cast(ap + (-2), felt*)]");
    f.references[0].ap_delta = 3;
    set_at(&f, SAGE_SEGMENT_EXECUTION, AP - 5, number(21));
    add_hint(&f, "vm_enter_scope({'n': ids.n})");
    prepare(&f);
    assert_int_equal(run_at(&f, 0), SAGE_OK);
    v = f.state->scopes.at[1].n;
    assert_value(v, number(21));
    f.references[0].ap_tracked = false;
    sage_hints_free(f.state);
    assert_int_equal(sage_hints_prepare(&f.state, &f.program, &f.err), SAGE_EINVAL);
    assert_string_equal(f.err.where, "vm.hint.reference");
    /* Nothing is said of the name in these scopes. */
    f.hints[0].n_scopes = 0;
    assert_int_equal(sage_hints_prepare(&f.state, &f.program, &f.err), SAGE_EINVAL);
    teardown(&f);
}

static void copies_as_often_as_asked(void **state)
{
    fixture f;
    (void)state;
    for (uint64_t n = 0; n < 4; n++) {
        setup(&f, SAGE_PROGRAM_CAIRO0);
        refer(&f, "continue_copying", "[cast([fp + 1], felt*)]");
        refer(&f, "len", "[cast(fp, felt*)]");
        add_hint(&f, "vm_enter_scope({'n': ids.len})");
        add_hint(&f, "n -= 1\nids.continue_copying = 1 if n > 0 else 0");
        add_hint(&f, "vm_exit_scope()");
        prepare(&f);
        set_fp(&f, 0, number(n));
        assert_int_equal(run_at(&f, 1), SAGE_EINVAL);
        assert_string_equal(f.err.where, "vm.hint.scope");
        assert_int_equal(run_at(&f, 0), SAGE_OK);
        set_fp(&f, 1, address(0, 0));
        for (uint64_t i = 1; i < n; i++) {
            assert_int_equal(run_at(&f, 1), SAGE_OK);
            assert_value(get_at(&f, 0, 0), number(1));
        }
        teardown(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_segments),
        cmocka_unit_test(announces_signatures),
        cmocka_unit_test(refuses_unknown_hints),
        cmocka_unit_test(reads_expressions),
        cmocka_unit_test(refuses_expressions),
        cmocka_unit_test(refuses_long_expressions),
        cmocka_unit_test(follows_ap),
        cmocka_unit_test(copies_as_often_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

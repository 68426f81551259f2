/* The profile of small runs: every count by hand. */
#include "base/test.h"
#include "vm/asm.h"
#include "vm/profile.h"

typedef struct profiled {
    sage_program program;
    sage_run run;
    sage_profile profile;
} profiled;

/* Prover input alone tells the same of the proof. */
static void assert_recorded(const profiled *p, const sage_prover_input *in)
{
    sage_profile have;
    sage_profile_input(&have, in);
    sage_profile_proof(&have, in);
    assert_int_equal(have.steps, p->profile.steps);
    assert_int_equal(have.instances[SAGE_BUILTIN_OUTPUT],
                     p->profile.instances[SAGE_BUILTIN_OUTPUT]);
    assert_int_equal(have.cells, in->n_addresses - 1);
    assert_int_equal(have.n_components, p->profile.n_components);
    for (uint32_t i = 0; i < have.n_components; i++) {
        assert_string_equal(have.components[i].name, p->profile.components[i].name);
        assert_int_equal(have.components[i].rows, p->profile.components[i].rows);
        assert_int_equal(have.components[i].at_most, p->profile.components[i].at_most);
    }
    sage_profile_free(&have);
}

static void profile(profiled *p, const char *text)
{
    const sage_run_limits limits = {.max_steps = 10000, .max_cells = 1 << 20};
    const sage_run_input none    = {0};
    sage_prover_input in;
    sage_errinfo err = {0};
    if (sage_assemble(&p->program, text, strlen(text), &err) ||
        sage_run_program(&p->run, &p->program, &none, &limits, &err) ||
        sage_profile_run(&p->profile, &p->program, &p->run, &err) ||
        sage_adapt(&in, &p->run, &err))
        fail_msg("%s: %s", err.where, err.msg);
    sage_profile_proof(&p->profile, &in);
    assert_recorded(p, &in);
    sage_prover_input_free(&in);
}

static void release(profiled *p)
{
    sage_profile_free(&p->profile);
    sage_run_free(&p->run);
    sage_program_free(&p->program);
}

static void
expect(const sage_profile *f, const char *name, uint64_t rows, uint64_t padded, bool at_most)
{
    for (uint32_t i = 0; i < f->n_components; i++) {
        const sage_profile_component *c = &f->components[i];
        if (strcmp(c->name, name)) continue;
        assert_int_equal(c->rows, rows);
        assert_int_equal(c->padded, padded);
        assert_int_equal(c->at_most, at_most);
        return;
    }
    if (rows) fail_msg("no %s", name);
}

/* 20 rounds of two steps, then 0; a hole under ap += 2. */
static void test_steps(void **state)
{
    profiled p;
    (void)state;
    profile(&p, "main: [ap] = 20, ap++; ap += 2; [ap] = [ap - 3], ap++; call rel count; ret;\n"
                "count: [ap] = [fp - 3], ap++;\n"
                "count.on: [ap] = [ap - 1] - 1, ap++; jmp rel count.on if [ap - 1] != 0; ret;");
    const sage_profile *f = &p.profile;
    /* __start__ 2, main 5, count 1, count.on 41 */
    assert_int_equal(f->steps, 49);
    assert_int_equal(f->n_functions, 4);
    assert_string_equal(f->functions[0].symbol->name, "count.on");
    assert_int_equal(f->functions[0].steps, 41);
    assert_string_equal(f->functions[1].symbol->name, "__main__.main");
    assert_int_equal(f->functions[1].steps, 5);
    assert_int_equal(f->functions[2].steps, 2);
    assert_string_equal(f->functions[3].symbol->name, "__main__.count");
    assert_int_equal(f->holes, 2);
    expect(f, "add_opcode_small", 20, 32, false);
    expect(f, "jnz_opcode_taken", 19, 32, false);
    expect(f, "jnz_opcode_non_taken", 1, 16, false);
    expect(f, "ret_opcode", 2, 16, false);
    expect(f, "call_opcode_rel_imm", 2, 16, false);
    expect(f, "verify_instruction", 11, 16, false);
    expect(f, "bitwise_builtin", 0, 0, false);
    expect(f, "blake_round", 0, 0, false);
    release(&p);
}

static void test_builtins(void **state)
{
    profiled p;
    (void)state;
    profile(&p, "builtins: output, pedersen, bitwise, poseidon;\n"
                "main: [ap] = 5, ap++;\n"
                "[fp] = [[fp - 5]]; [fp] = [[fp - 5] + 1]; [fp] = [[fp - 5] + 3];"
                "[ap] = 6, ap++; [ap - 1] = [[fp - 5] + 4];\n"
                "[fp] = [[fp - 4]]; [fp] = [[fp - 4] + 1];\n"
                "[fp] = [[fp - 3]]; [fp] = [[fp - 3] + 1]; [fp] = [[fp - 3] + 2];\n"
                "[fp] = [[fp - 6]]; [fp] = [[fp - 6] + 1];\n"
                "[ap] = [fp - 6] + 2, ap++; [ap] = [fp - 5] + 6, ap++;"
                "[ap] = [fp - 4] + 5, ap++; [ap] = [fp - 3] + 6, ap++; ret;");
    const sage_profile *f = &p.profile;
    assert_int_equal(f->instances[SAGE_BUILTIN_OUTPUT], 2);
    assert_int_equal(f->instances[SAGE_BUILTIN_PEDERSEN], 2);
    assert_int_equal(f->instances[SAGE_BUILTIN_BITWISE], 1);
    assert_int_equal(f->instances[SAGE_BUILTIN_POSEIDON], 1);
    expect(f, "pedersen_builtin", 16, 16, false);
    expect(f, "bitwise_builtin", 16, 16, false);
    expect(f, "pedersen_aggregator_window_bits_18", 2, 16, true);
    expect(f, "partial_ec_mul_window_bits_18", 56, 64, true);
    expect(f, "poseidon_full_round_chain", 8, 16, true);
    expect(f, "poseidon_3_partial_rounds_chain", 27, 32, true);
    expect(f, "cube_252", 107, 128, true);
    expect(f, "range_check_252_width_27", 83, 128, true);
    expect(f, "poseidon_round_keys", 64, 64, false);
    release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps),
                                       cmocka_unit_test(test_builtins)};
    return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}

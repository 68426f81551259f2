/* Every rule of a claim, broken alone: the claim is refused for that rule. What past audits of
 * the reference found missing is among them, by name. */
#include "cairo/test_claims.h"

static const sage_felt252 prime = {{1, 0, 0, 0, 0, 0, 17, 1u << 27}};

/* One change to a good claim. */
typedef struct breach {
    const char *what, *where; /* where NULL: the claim is still good */
    void (*change)(sage_cairo_claim *c);
    sage_cairo_variant variant;
} breach;

#define CHANGE(name) static void name(sage_cairo_claim *c)

/* ---- canonical words ---- */

CHANGE(program_id_p)
{
    c->program.at[7].id = M31_P;
}
CHANGE(program_id_max)
{
    c->program.at[7].id = M31_P - 1;
}
CHANGE(output_id_p)
{
    c->output.at[0].id = M31_P;
}
CHANGE(program_value_p)
{
    c->program.at[6].value = prime;
}
CHANGE(output_value_p)
{
    c->output.at[2].value = prime;
}
CHANGE(output_value_max)
{
    c->output.at[2].value      = prime;
    c->output.at[2].value.w[0] = 0;
}
CHANGE(output_value_253_bits)
{
    c->output.at[2].value.w[7] = 1u << 28;
}
CHANGE(register_p)
{
    c->final[SAGE_CAIRO_AP] = M31_P;
}
CHANGE(initial_register_p)
{
    c->initial[SAGE_CAIRO_FP] = UINT32_MAX;
}
CHANGE(segment_id_p)
{
    c->segments[SAGE_CAIRO_SEGMENT_EC_OP][SAGE_CAIRO_STOP_ID] = M31_P;
}
CHANGE(pointer_p)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_EC_OP, M31_P, M31_P);
}
CHANGE(pointer_max)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_EC_OP, M31_P - 1, M31_P - 1);
}
CHANGE(safe_call_id_p)
{
    c->safe_call_ids[1] = M31_P;
}

/* ---- program ---- */

CHANGE(program_of_5)
{
    c->program.n = 5;
}
CHANGE(program_of_6)
{
    c->program.n = 6;
}
CHANGE(program_empty)
{
    c->program = (sage_cairo_cells){NULL, 0};
}
CHANGE(word_0)
{
    c->program.at[0].value.w[1]++;
}
CHANGE(word_2)
{
    c->program.at[2].value.w[0] ^= 1;
}
CHANGE(word_3)
{
    c->program.at[3].value.w[0] = 900;
}
CHANGE(word_4)
{
    c->program.at[4].value.w[7] = 1;
}
CHANGE(word_5)
{
    c->program.at[5].value.w[0] = 1;
}
CHANGE(word_1_less)
{
    c->program.at[1].value.w[0]--;
}
CHANGE(word_1_high)
{
    c->program.at[1].value.w[2] = 1;
}

/* ---- registers and output ---- */

CHANGE(initial_pc)
{
    c->initial[SAGE_CAIRO_PC] = 2;
}
CHANGE(initial_ap)
{
    c->initial[SAGE_CAIRO_AP] = 3;
}
CHANGE(initial_ap_least)
{
    c->initial[SAGE_CAIRO_AP] = c->initial[SAGE_CAIRO_FP] = c->final[SAGE_CAIRO_FP] = 4;
}
CHANGE(initial_fp)
{
    c->initial[SAGE_CAIRO_FP]++;
}
CHANGE(final_fp)
{
    c->final[SAGE_CAIRO_FP]++;
}
CHANGE(final_pc)
{
    c->final[SAGE_CAIRO_PC] = 4;
}
CHANGE(final_ap_falls)
{
    c->final[SAGE_CAIRO_AP] = 10;
}
CHANGE(final_ap_same)
{
    c->final[SAGE_CAIRO_AP] = 11;
}
CHANGE(final_ap_bound)
{
    c->final[SAGE_CAIRO_AP] = 1u << 29;
}
CHANGE(final_ap_most)
{
    c->final[SAGE_CAIRO_AP] = (1u << 29) - 1;
}
CHANGE(no_stop_pointers)
{
    initial_ap_least(c);
    c->final[SAGE_CAIRO_AP] = 10;
}
CHANGE(output_stop)
{
    c->segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_STOP]++;
}
CHANGE(output_more_cells)
{
    c->output.n--;
}
CHANGE(output_reversed)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_OUTPUT, 64, 61);
}
CHANGE(output_none)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_OUTPUT, 61, 61);
    c->output = (sage_cairo_cells){NULL, 0};
}
CHANGE(output_bound)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_OUTPUT, (1u << 29) - TEST_OUTPUT, 1u << 29);
}
CHANGE(output_most)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_OUTPUT, (1u << 29) - TEST_OUTPUT - 1,
                     (1u << 29) - 1);
}

/* ---- builtins ---- */

CHANGE(ecdsa_used)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_ECDSA, 1000, 1002);
}
CHANGE(keccak_used)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_KECCAK, 1000, 1016);
}
CHANGE(poseidon_absent)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_POSEIDON, 1000, 1006);
}
CHANGE(range_check_absent)
{
    test_set_log(c, "range_check_builtin", 0);
}
CHANGE(bitwise_reversed)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_BITWISE, 85, 80);
}
CHANGE(bitwise_cells)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_BITWISE, 80, 94);
}
CHANGE(bitwise_full)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_BITWISE, 80, 160);
}
CHANGE(bitwise_beyond)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_BITWISE, 80, 165);
}
CHANGE(range_check_beyond)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_RANGE_CHECK, 64, 81);
}
CHANGE(bitwise_bound)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_BITWISE, (1u << 31) - 80, (1u << 31) - 80);
}
CHANGE(bitwise_most)
{
    test_set_segment(c, SAGE_CAIRO_SEGMENT_BITWISE, (1u << 31) - 81, (1u << 31) - 81);
}
CHANGE(bitwise_wraps) /* 5 * 2^30 cells: the end is beyond 32 bits */
{
    c->log[test_component("bitwise_builtin")] = 30;
}

/* Each builtin's cells an instance: a segment of k cells is good for that k alone. */
static const struct {
    int segment;
    const char *component;
    uint32_t cells;
} builtins[] = {
    {SAGE_CAIRO_SEGMENT_RANGE_CHECK, "range_check_builtin", 1},
    {SAGE_CAIRO_SEGMENT_RANGE_CHECK_96, "range_check96_builtin", 1},
    {SAGE_CAIRO_SEGMENT_BITWISE, "bitwise_builtin", 5},
    {SAGE_CAIRO_SEGMENT_ADD_MOD, "add_mod_builtin", 7},
    {SAGE_CAIRO_SEGMENT_MUL_MOD, "mul_mod_builtin", 7},
    {SAGE_CAIRO_SEGMENT_PEDERSEN, "pedersen_builtin", 3},
    {SAGE_CAIRO_SEGMENT_PEDERSEN, "pedersen_builtin_narrow_windows", 3},
    {SAGE_CAIRO_SEGMENT_POSEIDON, "poseidon_builtin", 6},
    {SAGE_CAIRO_SEGMENT_EC_OP, "ec_op_builtin", 7},
};

static void add_wide_pedersen(sage_cairo_claim *c)
{
    static const char *const names[] = {
        "pedersen_builtin", "pedersen_aggregator_window_bits_18",
        "partial_ec_mul_window_bits_18", "pedersen_points_table_window_bits_18"};
    for (int i = 0; i < 4; i++)
        test_set_log(c, names[i], 4);
}
static void add_narrow_pedersen(sage_cairo_claim *c)
{
    static const char *const names[] = {
        "pedersen_builtin_narrow_windows", "pedersen_aggregator_window_bits_9",
        "partial_ec_mul_window_bits_9", "pedersen_points_table_window_bits_9"};
    for (int i = 0; i < 4; i++)
        test_set_log(c, names[i], 4);
}
CHANGE(pedersen_wide)
{
    add_wide_pedersen(c);
}
CHANGE(pedersen_narrow)
{
    add_narrow_pedersen(c);
}
CHANGE(pedersen_both)
{
    add_wide_pedersen(c);
    add_narrow_pedersen(c);
}

/* ---- components ---- */

CHANGE(no_verify_instruction)
{
    test_set_log(c, "verify_instruction", 0);
}
CHANGE(no_address_to_id)
{
    test_set_log(c, "memory_address_to_id", 0);
}
CHANGE(no_small)
{
    test_set_log(c, "memory_id_to_small", 0);
}
CHANGE(no_range_check_6)
{
    test_set_log(c, "range_check_6", 0);
}
CHANGE(no_range_check_3_3_3_3_3)
{
    test_set_log(c, "range_check_3_3_3_3_3", 0);
}
CHANGE(no_xor_9)
{
    test_set_log(c, "verify_bitwise_xor_9", 0);
}
CHANGE(no_big)
{
    c->n_big = 0;
}
CHANGE(no_blake_g)
{
    test_set_log(c, "blake_g", 0);
}
CHANGE(no_blake_round)
{
    test_set_log(c, "blake_round", 0);
}
CHANGE(lone_cube)
{
    test_set_log(c, "cube_252", 4);
}
CHANGE(lone_points)
{
    test_set_log(c, "pedersen_points_table_window_bits_18", 4);
}
CHANGE(lone_narrow_points)
{
    test_set_log(c, "pedersen_points_table_window_bits_9", 4);
}
CHANGE(no_blake)
{
    for (uint32_t i = test_component("blake_round");
         i <= test_component("verify_bitwise_xor_12"); i++)
        c->log[i] = 0;
}
CHANGE(addresses_bound)
{
    c->log[test_component("memory_address_to_id")] = 26;
}
CHANGE(addresses_most)
{
    c->log[test_component("memory_address_to_id")] = 25;
}
CHANGE(big_17)
{
    c->n_big = 17;
}
CHANGE(big_16)
{
    c->n_big = 16;
    memset(c->big_log, 4, sizeof c->big_log);
}
CHANGE(big_ids_wrap)
{
    c->big_log[0] = c->big_log[1] = 29;
}
CHANGE(big_ids_wrap_u32)
{
    c->n_big = 16; /* 2^32 ids */
    memset(c->big_log, 28, sizeof c->big_log);
}
CHANGE(big_log_255)
{
    c->big_log[1] = 255;
}
static void many_steps(sage_cairo_claim *c, uint32_t n)
{
    for (uint32_t i = 0; i <= test_component("ret_opcode"); i++)
        c->log[i] = i < n ? 25 : 0;
}
CHANGE(steps_17)
{
    many_steps(c, 17);
}
CHANGE(steps_16)
{
    many_steps(c, 16);
}
CHANGE(steps_16_and_one)
{
    many_steps(c, 16);
    test_set_log(c, "ret_opcode", 4);
}
CHANGE(small_26)
{
    c->log[test_component("memory_id_to_small")] = 26;
}
CHANGE(small_25)
{
    c->log[test_component("memory_id_to_small")] = 25;
}
CHANGE(small_21)
{
    c->log[test_component("memory_id_to_small")] = 21;
}
CHANGE(small_20)
{
    c->log[test_component("memory_id_to_small")] = 20;
}
CHANGE(log_3)
{
    c->log[test_component("blake_g")] = 3;
}
CHANGE(log_26)
{
    c->log[test_component("blake_g")] = 26;
}
CHANGE(table_of_another_size)
{
    c->log[test_component("range_check_6")] = 7;
}
CHANGE(nothing)
{
    (void)c;
}

#define WIDE       SAGE_CAIRO_CANONICAL
#define NO_PED     SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN
#define SMALL      SAGE_CAIRO_CANONICAL_SMALL
#define RULE(name) "cairo.claim." name
static const breach breaches[] = {
    {"nothing", NULL, nothing, WIDE},
    {"nothing, no Pedersen", NULL, nothing, NO_PED},
    {"nothing, small", NULL, nothing, SMALL},

    {"a program id is p", RULE("canonical"), program_id_p, WIDE},
    {"a program id is p - 1", NULL, program_id_max, WIDE},
    {"an output id is p", RULE("canonical"), output_id_p, WIDE},
    {"final ap is p", RULE("canonical"), register_p, WIDE},
    {"initial fp is 2^32 - 1", RULE("canonical"), initial_register_p, WIDE},
    {"a segment's id is p", RULE("canonical"), segment_id_p, WIDE},
    {"a pointer is p", RULE("canonical"), pointer_p, WIDE},
    {"a pointer is p - 1", NULL, pointer_max, WIDE},
    {"a safe call id is p", RULE("canonical"), safe_call_id_p, WIDE},
    {"a program word is P", RULE("value"), program_value_p, WIDE},
    {"an output is P", RULE("value"), output_value_p, WIDE},
    {"an output is P - 1", NULL, output_value_max, WIDE},
    {"an output has 253 bits", RULE("value"), output_value_253_bits, WIDE},

    {"5 program words", RULE("program_length"), program_of_5, WIDE},
    {"no program", RULE("program_length"), program_empty, WIDE},
    {"6 program words", NULL, program_of_6, WIDE},
    {"finding 6: another first instruction", RULE("prologue"), word_0, WIDE},
    {"finding 6: another call", RULE("prologue"), word_2, WIDE},
    {"main elsewhere", NULL, word_3, WIDE},
    {"finding 6: another last instruction", RULE("prologue"), word_4, WIDE},
    {"finding 6: another last jump", RULE("prologue"), word_5, WIDE},
    {"finding 6: one builtin less", RULE("n_builtins"), word_1_less, WIDE},
    {"finding 6: 2^64 builtins more", RULE("n_builtins"), word_1_high, WIDE},

    {"another initial pc", RULE("initial_pc"), initial_pc, WIDE},
    {"no room for the safe call", RULE("initial_ap"), initial_ap, WIDE},
    {"just room for the safe call", NULL, initial_ap_least, WIDE},
    {"another initial fp", RULE("initial_fp"), initial_fp, WIDE},
    {"finding 5: another final fp", RULE("final_fp"), final_fp, WIDE},
    {"finding 5: another final pc", RULE("final_pc"), final_pc, WIDE},
    {"ap falls", RULE("final_ap"), final_ap_falls, WIDE},
    {"ap stays", NULL, final_ap_same, WIDE},
    {"finding 4: ap is 2^29", RULE("ap_bound"), final_ap_bound, WIDE},
    {"ap is 2^29 - 1", NULL, final_ap_most, WIDE},
    {"stop pointers below address 0", RULE("stop_pointers"), no_stop_pointers, WIDE},
    {"output longer than its cells", RULE("output_length"), output_stop, WIDE},
    {"output shorter than its cells", RULE("output_length"), output_more_cells, WIDE},
    {"finding 10, other prover: output reversed", RULE("output_length"), output_reversed, WIDE},
    {"no output", NULL, output_none, WIDE},
    {"output ends at 2^29", RULE("output_end"), output_bound, WIDE},
    {"output ends at 2^29 - 1", NULL, output_most, WIDE},

    {"ecdsa used", RULE("builtin_unsupported"), ecdsa_used, WIDE},
    {"keccak used", RULE("builtin_unsupported"), keccak_used, WIDE},
    {"finding 6: poseidon without component", RULE("builtin_absent"), poseidon_absent, WIDE},
    {"finding 6: range checks without component", RULE("builtin_absent"), range_check_absent,
     WIDE},
    {"bitwise reversed", RULE("builtin_order"), bitwise_reversed, WIDE},
    {"bitwise cells cut", RULE("builtin_cells"), bitwise_cells, WIDE},
    {"bitwise full", NULL, bitwise_full, WIDE},
    {"finding 6: bitwise beyond its rows", RULE("builtin_end"), bitwise_beyond, WIDE},
    {"finding 6: range checks beyond their rows", RULE("builtin_end"), range_check_beyond,
     WIDE},
    {"bitwise rows up to 2^31", RULE("builtin_bound"), bitwise_bound, WIDE},
    {"bitwise rows up to 2^31 - 1", NULL, bitwise_most, WIDE},
    {"bitwise rows beyond 2^32", RULE("builtin_bound"), bitwise_wraps, WIDE},
    {"wide Pedersen", NULL, pedersen_wide, WIDE},
    {"narrow Pedersen, small", NULL, pedersen_narrow, SMALL},
    {"narrow Pedersen", RULE("pedersen_windows"), pedersen_narrow, WIDE},
    {"narrow Pedersen without points", RULE("pedersen_windows"), pedersen_narrow, NO_PED},
    {"wide Pedersen without points", RULE("pedersen_windows"), pedersen_wide, NO_PED},
    {"wide Pedersen, small", RULE("pedersen_windows"), pedersen_wide, SMALL},
    {"both Pedersens", RULE("pedersen_both"), pedersen_both, WIDE},
    {"both Pedersens, small", RULE("pedersen_both"), pedersen_both, SMALL},

    {"no verify_instruction", RULE("component_missing"), no_verify_instruction, WIDE},
    {"no memory_address_to_id", RULE("component_missing"), no_address_to_id, WIDE},
    {"no memory_id_to_small", RULE("component_missing"), no_small, WIDE},
    {"no range_check_6", RULE("component_missing"), no_range_check_6, WIDE},
    {"no range_check_3_3_3_3_3", RULE("component_missing"), no_range_check_3_3_3_3_3, WIDE},
    {"no verify_bitwise_xor_9", RULE("component_missing"), no_xor_9, WIDE},
    {"no memory_id_to_big", NULL, no_big, WIDE},
    {"no blake_g", RULE("family"), no_blake_g, WIDE},
    {"no blake_round", RULE("family"), no_blake_round, WIDE},
    {"cube_252 alone", RULE("family"), lone_cube, WIDE},
    {"wide points alone", RULE("family"), lone_points, WIDE},
    {"narrow points alone", RULE("family"), lone_narrow_points, SMALL},
    {"no blake at all", NULL, no_blake, WIDE},
    {"2^30 addresses", RULE("memory_bound"), addresses_bound, WIDE},
    {"2^29 addresses", NULL, addresses_most, WIDE},
    {"17 big memories", RULE("big_count"), big_17, WIDE},
    {"16 big memories", NULL, big_16, WIDE},
    {"2^30 big ids", RULE("big_ids"), big_ids_wrap, WIDE},
    {"2^32 big ids", RULE("big_ids"), big_ids_wrap_u32, WIDE},
    {"a big memory of 2^255 rows", RULE("big_ids"), big_log_255, WIDE},
    {"finding 4: 17 * 2^25 steps", RULE("steps"), steps_17, WIDE},
    {"finding 4: 2^29 + 16 steps", RULE("steps"), steps_16_and_one, WIDE},
    {"2^29 steps", NULL, steps_16, WIDE},
    {"small memory of 2^26 rows", RULE("log_size"), small_26, WIDE},
    {"small memory of 2^25 rows", NULL, small_25, WIDE},
    {"small memory of 2^21 rows, small", RULE("preprocessed"), small_21, SMALL},
    {"small memory of 2^20 rows, small", NULL, small_20, SMALL},
    {"8 rows", RULE("log_size"), log_3, WIDE},
    {"2^26 rows", RULE("log_size"), log_26, WIDE},
    {"a table of another size", RULE("log_size"), table_of_another_size, WIDE},
};
enum { BREACHES = sizeof breaches / sizeof *breaches };

static void assert_judged(const sage_cairo_claim *c,
                          sage_cairo_variant variant,
                          const char *where,
                          const char *what)
{
    sage_errinfo err = {0};
    sage_status st   = sage_cairo_check_claim(c, variant, &err);
    if (!where && st != SAGE_OK) fail_msg("%s: refused: %s: %s", what, err.where, err.msg);
    if (!where) return;
    if (st == SAGE_OK) fail_msg("%s: accepted", what);
    assert_int_equal(st, SAGE_EPROOF);
    if (strcmp(err.where, where) != 0)
        fail_msg("%s: refused by %s (%s), not by %s", what, err.where, err.msg, where);
    assert_true(strlen(err.msg) > 0);
}

static void one_at_a_time(void **state)
{
    (void)state;
    for (int i = 0; i < BREACHES; i++) {
        test_claim t;
        test_claim_make(&t);
        breaches[i].change(&t.c);
        assert_judged(&t.c, breaches[i].variant, breaches[i].where, breaches[i].what);
    }
}

static void cells_of_each_builtin(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        test_claim t;
        bool narrow                = strstr(builtins[i].component, "narrow") != NULL;
        sage_cairo_variant variant = narrow ? SAGE_CAIRO_CANONICAL_SMALL : SAGE_CAIRO_CANONICAL;
        test_claim_make(&t);
        if (narrow) add_narrow_pedersen(&t.c);
        test_set_log(&t.c, builtins[i].component, 4);
        for (uint32_t n = 0; n <= 16 * builtins[i].cells + 1; n++) {
            test_set_segment(&t.c, builtins[i].segment, 500, 500 + n);
            const char *where = NULL;
            if (n % builtins[i].cells)
                where = RULE("builtin_cells");
            else if (n > 16 * builtins[i].cells)
                where = RULE("builtin_end");
            assert_judged(&t.c, variant, where, builtins[i].component);
        }
    }
}

/* Each always-present component, each alone missing. */
static void presence(void **state)
{
    (void)state;
    uint32_t missing = 0;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        test_claim t;
        test_claim_make(&t);
        t.c.log[i]       = 0;
        sage_errinfo err = {0};
        sage_status st   = sage_cairo_check_claim(&t.c, SAGE_CAIRO_CANONICAL, &err);
        if (st != SAGE_OK && !strcmp(err.where, RULE("component_missing"))) {
            assert_int_equal(err.at, i);
            missing++;
        }
    }
    assert_int_equal(missing,
                     20); /* facts B1: 21 tables, of which memory_id_to_big may be none */
}

/* The opcodes are the components that a step uses one row of, and no others. */
static void steps_are_opcodes(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        const char *name = sage_cairo_components[i].name;
        bool opcode      = strstr(name, "opcode") != NULL;
        if (i == SAGE_CAIRO_MEMORY_BIG || sage_cairo_components[i].log) continue;
        test_claim t;
        test_claim_make(&t);
        t.c.log[i]       = 30; /* alone beyond the bound on steps */
        sage_errinfo err = {0};
        assert_int_equal(sage_cairo_check_claim(&t.c, SAGE_CAIRO_CANONICAL, &err), SAGE_EPROOF);
        if (opcode != !strcmp(err.where, RULE("steps"))) fail_msg("%s: %s", name, err.where);
    }
}

/* No rule of the source file goes without a row above. */
static void every_rule_is_broken(void **state)
{
    (void)state;
    const char *root = getenv("SAGE_SOURCE_DIR");
    if (!root) skip();
    char path[4096];
    assert_true((size_t)snprintf(path, sizeof path, "%s/src/cairo/claim_rules.c", root) <
                sizeof path);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char line[512];
    int rules = 0;
    while (fgets(line, sizeof line, f)) {
        char *rule = strstr(line, "\"cairo.claim.");
        if (!rule) continue;
        rule[1 + strcspn(rule + 1, "\"")] = 0;
        int rows                          = 0;
        for (int i = 0; i < BREACHES; i++)
            rows += breaches[i].where && !strcmp(breaches[i].where, rule + 1);
        if (!rows) fail_msg("%s is never broken", rule + 1);
        rules++;
    }
    fclose(f);
    assert_true(rules >= 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(cells_of_each_builtin),
        cmocka_unit_test(presence),
        cmocka_unit_test(steps_are_opcodes),
        cmocka_unit_test(every_rule_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* cairo/test_claims.h -- a small claim that keeps every rule, for tests to break.
 *
 * A program of 8 words that puts out 3, with segments of range_check and bitwise, few opcodes
 * and the Blake2s components. */
#ifndef SAGE_CAIRO_TEST_CLAIMS_H
#define SAGE_CAIRO_TEST_CLAIMS_H

#include "base/test.h"
#include "cairo/public.h"

enum { TEST_PROGRAM = 8, TEST_OUTPUT = 3 };

typedef struct test_claim {
    sage_cairo_claim c;
    sage_cairo_cell program[TEST_PROGRAM], output[TEST_OUTPUT];
} test_claim;

SAGE_INLINE uint32_t test_component(const char *name)
{
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (!strcmp(sage_cairo_components[i].name, name)) return i;
    fail_msg("no component %s", name);
    return 0;
}

/* The size of a component by name; tables keep their fixed one. */
SAGE_INLINE void test_set_log(sage_cairo_claim *c, const char *name, uint8_t log)
{
    uint32_t i = test_component(name);
    c->log[i]  = log && sage_cairo_components[i].log ? sage_cairo_components[i].log : log;
}

SAGE_INLINE void test_set_segment(sage_cairo_claim *c, int i, uint32_t start, uint32_t stop)
{
    c->segments[i][SAGE_CAIRO_START] = start;
    c->segments[i][SAGE_CAIRO_STOP]  = stop;
}

/* t points into itself: it is filled in place and not copied. */
SAGE_INLINE void test_claim_make(test_claim *t)
{
    static const sage_felt252 program[TEST_PROGRAM] = {
        {{0x7fff7fff, 0x04078001}}, {{SAGE_CAIRO_SEGMENTS}},
        {{0x80018000, 0x11048001}}, {{4}},
        {{0x7fff7fff, 0x01078001}}, {{0}},
        {{0x7fff8000, 0x480a7ff7}}, {{0x7fff7ffe, 0x208b7fff}}};
    static const char *const present[] = {
        "add_ap_opcode",       "assert_eq_opcode",   "call_opcode_rel_imm",
        "ret_opcode",          "blake_round",        "blake_g",
        "blake_round_sigma",   "triple_xor_32",      "bitwise_builtin",
        "range_check_builtin", "verify_instruction", "verify_bitwise_xor_12"};

    memset(t, 0, sizeof *t);
    for (uint32_t i = 0; i < TEST_PROGRAM; i++)
        t->program[i] = (sage_cairo_cell){100 + i, program[i]};
    for (uint32_t i = 0; i < TEST_OUTPUT; i++)
        t->output[i] = (sage_cairo_cell){(1u << 30) + i, {{i, 7, 6, 5, 4, 3, 2, i << 20}}};
    t->c.program = (sage_cairo_cells){t->program, TEST_PROGRAM};
    t->c.output  = (sage_cairo_cells){t->output, TEST_OUTPUT};

    const m31 initial[3] = {1, 11, 11}, final[3] = {5, 60, 11};
    memcpy(t->c.initial, initial, sizeof initial);
    memcpy(t->c.final, final, sizeof final);
    for (uint32_t i = 0; i < SAGE_CAIRO_SEGMENTS; i++) {
        t->c.segments[i][SAGE_CAIRO_START_ID] = 200 + i;
        t->c.segments[i][SAGE_CAIRO_STOP_ID]  = 300 + i;
        test_set_segment(&t->c, (int)i, 1000, 1000);
    }
    test_set_segment(&t->c, SAGE_CAIRO_SEGMENT_OUTPUT, 61, 64);
    test_set_segment(&t->c, SAGE_CAIRO_SEGMENT_RANGE_CHECK, 64, 70);
    test_set_segment(&t->c, SAGE_CAIRO_SEGMENT_BITWISE, 80, 95);
    t->c.safe_call_ids[0] = 400;
    t->c.safe_call_ids[1] = 401;

    for (size_t i = 0; i < sizeof present / sizeof *present; i++)
        test_set_log(&t->c, present[i], 4);
    test_set_log(&t->c, "memory_address_to_id", 5);
    for (uint32_t i = test_component("memory_id_to_small"); i < SAGE_CAIRO_COMPONENTS; i++)
        test_set_log(&t->c, sage_cairo_components[i].name, 6);
    t->c.n_big      = 2;
    t->c.big_log[0] = 5;
    t->c.big_log[1] = 4;
}

#endif

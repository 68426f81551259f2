/* The gap of the pinned generic_opcode (docs/SOUNDNESS.md): a row that executes `jmp abs 100`
 * keeps every assertion with three different next pcs. Were the text closed, this test would
 * fail, and with it the caution could go. */
#include "air/test_interpret.h"
#include "airc/common.h"
#include "base/test.h"

enum { LIMBS = 28, PC = 1000, AP = 2000, FP = 1500, TARGET = 100, DST = 5, CELLS = 243 };

static const char *path;

typedef struct row {
    qm31 cell[CELLS];
    uint32_t n;
} row;

static void put(row *r, int64_t v)
{
    assert_true(r->n < CELLS);
    r->cell[r->n++] = qm31_from((m31)((v % (int64_t)M31_P + M31_P) % M31_P));
}

static void put_zeros(row *r, uint32_t n)
{
    while (n--)
        put(r, 0);
}

static void put_limbs(row *r, uint32_t v)
{
    for (uint32_t i = 0; i < LIMBS; i++)
        put(r, i < 4 ? v >> 9 * i & 511 : 0);
}

/* An operand: its base, its id, its limbs. */
static void put_operand(row *r, uint32_t base, uint32_t id, uint32_t v)
{
    put(r, base);
    put(r, id);
    put_limbs(r, v);
}

/* The squares and limbs that distance_from_p sums for DST. */
static int64_t distance_from_p(void)
{
    return (DST - 1) * (DST - 1) + 136 * 136 + 256 * 256;
}

/* jmp abs [fp + 3], which holds TARGET; dst is [fp - 1], op0 is [fp - 1]. */
static void fill(row *r, int negative, int borrow)
{
    static const uint8_t flags[15] = {1, 1, 0, 1, 0, 0, 0, 1}; /* bases fp, pc jumps */
    int64_t distance = TARGET - negative - borrow * (((int64_t)1 << 29) + ((int64_t)508 << 27));
    r->n             = 0;
    const int64_t head[] = {1, PC, AP, FP, (1 << 15) - 1, (1 << 15) - 1, (1 << 15) + 3};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        put(r, head[i]);
    for (int i = 0; i < 15; i++)
        put(r, flags[i]);
    put_operand(r, FP, 77, DST);
    put_operand(r, FP, 78, 0);
    put(r, 0); /* op0 as an address */
    put_operand(r, FP, 79, TARGET);
    put_limbs(r, TARGET); /* op0 + op1, and whether P goes away */
    put(r, 0);
    put_limbs(r, 0); /* op0 * op1, its quotient and carries */
    put_zeros(r, 1 + 27);
    put_limbs(r, TARGET); /* the result */
    put_zeros(r, 3);      /* dst and op0 as addresses: call, call, return */
    put(r, negative);
    put(r, borrow);
    put(r, 0);
    put(r, m31_inv((m31)distance_from_p()));
    put(r, m31_inv(DST));
    put_zeros(r, 4); /* jnz does not */
    put(r, PC + TARGET);
    put(r, distance);
    put(r, AP);
    put(r, AP % 2048);
    put(r, FP);
    assert_int_equal(r->n, CELLS);
}

static void test_jump(void **state)
{
    (void)state;
    static const struct {
        int negative, borrow;
        int64_t next_pc;
    } cases[]          = {{0, 0, TARGET}, {1, 0, TARGET - 1}, {1, 1, TARGET - 33}};
    sage_airc *program = interpret_compile(&path, 1);
    assert_non_null(program);
    static row r;
    static qm31 asserts[256];
    static interpret_entry entries[256];
    static const sage_air_memory nothing; /* for the cells' steps, whose results are not used */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fill(&r, cases[i].negative, cases[i].borrow);
        interpret_row in = {
            .trace = r.cell, .asserts = asserts, .entries = entries, .memory = &nothing};
        interpret(program->first, "generic_opcode", &in);
        assert_int_equal(in.n_trace, CELLS);
        for (uint32_t k = 0; k < in.n_asserts; k++)
            if (!qm31_is_zero(asserts[k])) fail_msg("case %zu: assert %u is broken", i, k);
        const interpret_entry *after = &entries[in.n_entries - 1];
        assert_string_equal(after->relation, "Opcodes");
        assert_true(after->yield);
        assert_true(qm31_eq(after->value[0], qm31_from((m31)cases[i].next_pc)));
    }
    /* The rest of the row is held: another stack pointer is not taken. */
    fill(&r, 0, 0);
    r.cell[CELLS - 3] = qm31_from(AP + 1);
    interpret_row in  = {
         .trace = r.cell, .asserts = asserts, .entries = entries, .memory = &nothing};
    interpret(program->first, "generic_opcode", &in);
    uint32_t broken = 0;
    for (uint32_t k = 0; k < in.n_asserts; k++)
        broken += !qm31_is_zero(asserts[k]);
    assert_true(broken > 0);
    sage_airc_free(program);
}

int main(int argc, char **argv)
{
    assert_int_equal(argc, 2);
    path                            = argv[1];
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_jump)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

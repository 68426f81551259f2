/* The statements' components on real witnesses: the witness that the kernels compute satisfies
 * every assert, the relations carry the permutation and the sponge of src/hash, and a wrong
 * cell is caught, for every class of constraint. */
#include "base/test.h"

#include "airs.h"
#include "hash/poseidon2.h"

#include "air/test_interpret.h"

enum { ROWS = 16, MAX_COLS = 4096, MAX_GROUPS = ROWS };

extern const sage_air_kernels *const sage_air_kernels_list_scalar[];

static sage_airc *program;
static const char *const *files;
static size_t n_files;

/* --- a table of one component, its rows run by the test interpreter --- */

typedef struct table {
    const sage_air *air;
    uint32_t size, n_trace, n_inputs;
    m31 inputs[MAX_COLS][ROWS], trace[MAX_COLS][ROWS], params[SAGE_AIR_MAX_PARAMS];
    interpret_row row;
    qm31 cells[INTERPRET_MAX], asserts[INTERPRET_MAX];
    interpret_entry entries[512];
} table;

static table *open_table(const sage_air *air, uint32_t size)
{
    table *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->air      = air;
    t->size     = size;
    t->n_trace  = sage_air_at(air->trace, size);
    t->n_inputs = sage_air_at(air->inputs, size);
    assert_true(t->n_trace <= MAX_COLS && sage_air_at(air->entries, size) <= 512);
    return t;
}

static void fill_trace(table *t)
{
    const uint32_t *inputs[MAX_COLS];
    uint32_t *trace[MAX_COLS];
    for (uint32_t i = 0; i < MAX_COLS; i++) {
        inputs[i] = t->inputs[i];
        trace[i]  = t->trace[i];
    }
    sage_air_rows rows = {.log_rows = 4,
                          .log_eval = 5,
                          .size     = t->size,
                          .inputs   = inputs,
                          .trace    = trace,
                          .params   = t->params};
    for (const sage_air_kernels *const *k = sage_air_kernels_list_scalar; *k; k++)
        if (!strcmp((*k)->name, t->air->name)) (*k)->witness(&rows, 0, ROWS);
}

static void run_row(table *t, uint32_t r)
{
    t->row = (interpret_row){.size    = t->size,
                             .params  = t->params,
                             .trace   = t->cells,
                             .asserts = t->asserts,
                             .entries = t->entries};
    for (uint32_t i = 0; i < t->n_trace; i++)
        t->cells[i] = qm31_from(t->trace[i][r]);
    interpret(program->first, t->air->name, &t->row);
}

static uint32_t broken(const table *t)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < t->row.n_asserts; j++)
        n += !qm31_is_zero(t->asserts[j]);
    return n;
}

/* The entry number `nth` of a relation in the row that was run. */
static const interpret_entry *entry(const table *t, const char *relation, uint32_t nth)
{
    for (uint32_t i = 0; i < t->row.n_entries; i++)
        if (!strcmp(t->entries[i].relation, relation) && !nth--) return &t->entries[i];
    fail_msg("no entry of %s", relation);
    return NULL;
}

static void expect_entry(const interpret_entry *e, m31 mult, m31 step, const m31 *state)
{
    assert_true(qm31_eq(e->mult, qm31_from(mult)));
    assert_int_equal(e->n, 17);
    assert_true(qm31_eq(e->value[0], qm31_from(step)));
    for (uint32_t i = 0; i < 16; i++)
        assert_true(qm31_eq(e->value[1 + i], qm31_from(state[i])));
}

/* --- the constants are those of src/hash --- */

static const airc_expr *constant(const char *name)
{
    for (const airc_item *i = program->first; i; i = i->next)
        if (!strcmp(i->name, name)) return i->value;
    fail_msg("no constant %s", name);
    return NULL;
}

static void test_constants(void **state)
{
    const airc_expr *row = constant("FULL_CONSTANTS")->list, *e;
    (void)state;
    for (uint32_t r = 0; r < 8; r++, row = row->next) {
        const m31 *want =
            sage_poseidon2_constants + 16 * r + (r >= 4 ? SAGE_POSEIDON2_PARTIAL : 0);
        e = row->list;
        for (uint32_t i = 0; i < 16; i++, e = e->next)
            assert_int_equal(e->value, want[i]);
        assert_null(e);
    }
    assert_null(row);
    e = constant("PARTIAL_CONSTANTS")->list;
    for (uint32_t i = 0; i < SAGE_POSEIDON2_PARTIAL; i++, e = e->next)
        assert_int_equal(e->value, sage_poseidon2_constants[64 + i]);
    assert_null(e);
    e = constant("SHIFTS")->list;
    for (uint32_t i = 0; i < 16; i++, e = e->next)
        assert_int_equal(e->value, sage_poseidon2_shifts[i]);
    assert_null(e);
}

/* --- wide_fibonacci --- */

static void test_wide_fibonacci(void **state)
{
    table *t = open_table(&sage_air_wide_fibonacci, 40);
    (void)state;
    for (uint32_t r = 0; r < ROWS; r++) {
        t->inputs[0][r] = 1;
        t->inputs[1][r] = r;
    }
    fill_trace(t);
    for (uint32_t r = 0; r < ROWS; r++) {
        for (uint32_t i = 2; i < 40; i++)
            assert_int_equal(t->trace[i][r],
                             m31_add(m31_sqr(t->trace[i - 2][r]), m31_sqr(t->trace[i - 1][r])));
        run_row(t, r);
        assert_int_equal(t->row.n_asserts, 38);
        assert_int_equal(broken(t), 0);
    }
    for (uint32_t i = 0; i < 40; i++) { /* any wrong cell breaks an assert */
        t->trace[i][3] = m31_add(t->trace[i][3], 1);
        run_row(t, 3);
        assert_true(broken(t) > 0);
        t->trace[i][3] = m31_sub(t->trace[i][3], 1);
    }
    free(t);
}

/* --- poseidon2_chain --- */

enum { PER_ROW = 4 };

static table *poseidon2_table(m31 s[16])
{
    table *t = open_table(&sage_air_poseidon2_chain, 0);
    for (uint32_t r = 0; r < ROWS; r++) {
        t->inputs[0][r] = r;
        for (uint32_t i = 0; i < 16; i++)
            t->inputs[1 + i][r] = s[i];
        for (uint32_t k = 0; k < PER_ROW; k++)
            sage_poseidon2_permute(s);
    }
    fill_trace(t);
    return t;
}

static void test_poseidon2(void **state)
{
    m31 s[16], start[16];
    (void)state;
    for (uint32_t i = 0; i < 16; i++)
        start[i] = s[i] = M31_P - 1 - i * i * 1000;
    table *t = poseidon2_table(s);
    for (uint32_t r = 0; r < ROWS; r++) {
        run_row(t, r);
        assert_int_equal(broken(t), 0);
        expect_entry(entry(t, "Poseidon2State", 0), 1, r, start);
        for (uint32_t k = 0; k < PER_ROW; k++)
            sage_poseidon2_permute(start);
        expect_entry(entry(t, "Poseidon2State", 1), M31_P - 1, r + 1, start);
    }
    for (uint32_t i = 17; i < t->n_trace;
         i += sage_test_quick() ? 31 : 3) { /* squares and fifth powers */
        t->trace[i][2] = m31_add(t->trace[i][2], 1);
        run_row(t, 2);
        assert_true(broken(t) > 0);
        t->trace[i][2] = m31_sub(t->trace[i][2], 1);
    }
    free(t);
}

/* --- file_digest_rows --- */

enum {
    IN_ON    = 0,
    IN_LAST  = 1,
    IN_STEP  = 2,
    IN_STATE = 3,
    IN_LIMB  = 19,
    LIMBS    = SAGE_SPONGE_GROUP_LIMBS
};
enum { BYTES = SAGE_SPONGE_GROUP_BYTES, BITS = SAGE_SPONGE_LIMB_BITS };

static void put_group(void *arg, uint64_t g, const m31 state[16], const m31 limbs[LIMBS])
{
    table *t              = arg;
    t->inputs[IN_ON][g]   = 1;
    t->inputs[IN_STEP][g] = (m31)g;
    for (uint32_t i = 0; i < 16; i++)
        t->inputs[IN_STATE + i][g] = state[i];
    for (uint32_t j = 0; j < LIMBS; j++)
        t->inputs[IN_LIMB + j][g] = limbs[j];
}

/* The claim data, from its definition in the .air file. */
static void put_params(table *t, uint64_t len)
{
    uint64_t groups = sage_sponge_groups(len), bits = 8 * (len - BYTES * (groups - 1));
    t->params[0] = (m31)groups;
    for (uint64_t j = 0; j < LIMBS; j++) {
        t->params[1 + j] = BITS * j >= bits;
        if (BITS * j < bits && bits < BITS * (j + 1)) {
            t->params[1 + LIMBS + j] = 1;
            t->params[1 + 2 * LIMBS] = (1u << BITS) - (1u << (bits - BITS * j));
        }
    }
}

static table *digest_table(const uint8_t *bytes, uint64_t len, m31 digest[8])
{
    table *t      = open_table(&sage_air_file_digest_rows, 0);
    uint64_t last = sage_sponge_groups(len) - 1;
    assert_true(last < MAX_GROUPS);
    put_params(t, len);
    sage_file_digest(bytes, len, put_group, t, digest);
    t->inputs[IN_LAST][last] = 1;
    fill_trace(t);
    return t;
}

static void check_rows(table *t, uint64_t len, const m31 digest[8])
{
    m31 s[16];
    uint64_t groups = sage_sponge_groups(len);
    sage_sponge_start(s, len);
    for (uint32_t r = 0; r < ROWS; r++) {
        run_row(t, r);
        assert_int_equal(broken(t), 0);
        bool on = r < groups, last = r + 1 == groups;
        for (uint32_t i = 0; i < t->row.n_entries; i++) {
            const interpret_entry *e = &t->entries[i];
            if (strcmp(e->relation, "RangeCheck15") != 0) continue;
            assert_true(qm31_eq(e->mult, qm31_from(on)));
            assert_true(e->value[0].v[0] < 1u << 15);
        }
        const interpret_entry *end = entry(t, "FileDigestEnd", 0);
        assert_true(qm31_eq(end->mult, qm31_from(last ? M31_P - 1 : 0)));
        if (!on) {
            assert_true(qm31_is_zero(entry(t, "FileDigestState", 0)->mult));
            assert_true(qm31_is_zero(entry(t, "FileDigestState", 1)->mult));
            continue;
        }
        expect_entry(entry(t, "FileDigestState", 0), 1, r, s);
        m31 limbs[LIMBS];
        for (uint32_t j = 0; j < LIMBS; j++)
            limbs[j] = t->inputs[IN_LIMB + j][r];
        sage_sponge_group(s, limbs);
        expect_entry(entry(t, "FileDigestState", 1), last ? 0 : M31_P - 1, r + 1, s);
        for (uint32_t i = 0; last && i < 8; i++)
            assert_true(qm31_eq(end->value[i], qm31_from(digest[i])));
    }
}

static void test_file_digest(void **state)
{
    static const uint64_t lengths[] = {0,  1,   3,         4,     15,        29,          30,
                                       31, 239, BYTES - 1, BYTES, BYTES + 1, ROWS * BYTES};
    uint8_t bytes[ROWS * BYTES];
    m31 digest[8];
    (void)state;
    for (uint32_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 73 + (i >> 3));
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        table *t = digest_table(bytes, lengths[k], digest);
        check_rows(t, lengths[k], digest);
        free(t);
    }
}

/* Sets an input of the last group, computes the cells from it and tells what does not hold:
 * broken asserts plus range-check uses of what is no 15-bit number. */
static uint32_t lie(uint64_t len, uint32_t input, uint32_t row, m31 value)
{
    uint8_t bytes[1000] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    m31 digest[8];
    table *t              = digest_table(bytes, len, digest);
    t->inputs[input][row] = value;
    fill_trace(t);
    run_row(t, row);
    uint32_t n = broken(t);
    for (uint32_t i = 0; i < t->row.n_entries; i++) {
        const interpret_entry *e = &t->entries[i];
        if (!strcmp(e->relation, "RangeCheck15") && !qm31_is_zero(e->mult))
            n += e->value[0].v[0] >= 1u << 15;
    }
    free(t);
    return n;
}

static void test_file_digest_lies(void **state)
{
    (void)state;
    assert_int_equal(lie(100, IN_LIMB, 0, 7), 0);             /* another file: consistent */
    assert_int_equal(lie(100, IN_ON, 1, 2), 1);               /* on is a bit */
    assert_int_equal(lie(100, IN_LAST, 1, 1), 1);             /* last only where on */
    assert_true(lie(100, IN_LAST, 0, 2) > 0);                 /* last is a bit */
    assert_int_equal(lie(700, IN_LAST, 0, 1), 1);             /* the end comes at its step */
    assert_int_equal(lie(100, IN_STEP, 0, 5), 1);             /* .. */
    assert_int_equal(lie(100, IN_LIMB + LIMBS - 1, 0, 1), 1); /* padding is zero */
    assert_int_equal(lie(100, IN_LIMB + 27, 0, 1), 1);        /* 800 bits: limb 26 is cut */
    assert_int_equal(lie(100, IN_LIMB + 26, 0, (1 << 20) - 1), 0); /* it has 20 bits */
    assert_true(lie(100, IN_LIMB + 26, 0, 1 << 20) > 0);           /* .. and no more */
    assert_true(lie(100, IN_LIMB + 26, 0, (1 << 30) - 1) > 0);     /* .. */
    assert_true(lie(100, IN_LIMB + 3, 0, 1 << 30) > 0);            /* a limb has 30 bits */
    assert_true(lie(700, IN_LIMB + 3, 0, M31_P - 1) > 0);          /* .. in every group */
}

/* Every trace column of a counted row matters: another value there breaks an assert or changes
 * an entry that counts. */
static void test_file_digest_columns(void **state)
{
    uint8_t bytes[500] = {9, 8, 7};
    m31 digest[8];
    table *t             = digest_table(bytes, sizeof bytes, digest);
    interpret_entry *was = calloc(512, sizeof *was);
    (void)state;
    assert_non_null(was);
    run_row(t, 2);
    memcpy(was, t->entries, sizeof t->entries);
    for (uint32_t i = 0; i < t->n_trace; i += i < 3 + 16 + 16 ? 1 : 11) {
        t->trace[i][2] = m31_add(t->trace[i][2], 1);
        run_row(t, 2);
        assert_true(broken(t) > 0 || memcmp(was, t->entries, sizeof t->entries) != 0);
        t->trace[i][2] = m31_sub(t->trace[i][2], 1);
    }
    free(was);
    free(t);
}

/* --- the program --- */

static int open_program(void **state)
{
    (void)state;
    program = interpret_compile(files, n_files);
    return program ? 0 : -1;
}
static int close_program(void **state)
{
    (void)state;
    sage_airc_free(program);
    return 0;
}

int main(int argc, char **argv)
{
    files                           = (const char *const *)(argv + 1);
    n_files                         = (size_t)argc - 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants),        cmocka_unit_test(test_wide_fibonacci),
        cmocka_unit_test(test_poseidon2),        cmocka_unit_test(test_file_digest),
        cmocka_unit_test(test_file_digest_lies), cmocka_unit_test(test_file_digest_columns)};
    return cmocka_run_group_tests(tests, open_program, close_program);
}

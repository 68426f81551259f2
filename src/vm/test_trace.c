/* Trace and memory files of other machines: what is taken, and what is refused by name. */
#include "base/bytes.h"
#include "base/test.h"
#include "vm/trace_files.h"

/* ap += 2; call main; jmp rel 0; main: [ap] = [fp - 4] + 1, ap++; [ap] = [fp - 3] + 5, ap++;
 * ret, with the builtins output and bitwise, one cell and one instance. */
enum {
    WORDS = 11,
    STACK = 1 + WORDS,
    AP    = STACK + 2,
    FP    = AP + 4,
    OUT   = FP + 2,
    BIT   = OUT + 1
};
enum { END = BIT + 5, PADDED = BIT + 16 * 5, ROWS = 7, ROW = 24, CELL = 40, TEXT = 4096 };

static const uint64_t words[WORDS]       = {0x40780017fff7fff,  2, 0x1104800180018000, 4,
                                            0x10780017fff7fff,  0, 0x482680017ffc8000, 1,
                                            0x482680017ffd8000, 5, 0x208b7fff7fff7ffe};
static const uint64_t cells[END - STACK] = {AP,      0,  OUT, BIT, AP, 5, OUT + 1,
                                            BIT + 5, 42, 12,  10,  8,  6, 14};
static const uint64_t rows[ROWS][3]      = {{AP, AP, 1},     {AP + 2, AP, 3},  {FP, FP, 7},
                                            {FP + 1, FP, 9}, {FP + 2, FP, 11}, {FP + 2, AP, 5},
                                            {FP + 2, AP, 5}};

typedef struct files {
    uint8_t trace[ROW * ROWS], memory[CELL * END];
    size_t trace_len, memory_len;
    char text[TEXT];
} files;

static sage_errinfo err;

static void put_cell(files *f, uint64_t address, uint64_t value)
{
    uint8_t *to = f->memory + f->memory_len;
    sage_store_le64(to, address);
    sage_store_le64(to + 8, value);
    f->memory_len += CELL;
}

static void put_public(files *f, uint64_t address, uint64_t value)
{
    size_t n = strlen(f->text);
    snprintf(f->text + n, TEXT - n, "%s{\"address\":%llu,\"value\":\"0x%llx\",\"page\":0}",
             f->text[n - 1] == '[' ? "" : ",", (unsigned long long)address,
             (unsigned long long)value);
}

static void put_text(files *f)
{
    snprintf(
        f->text, TEXT,
        "{\"layout\":\"all_cairo_stwo\",\"memory_segments\":{\"program\":{\"begin_addr\":1,"
        "\"stop_ptr\":5},\"output\":{\"begin_addr\":%d,\"stop_ptr\":%d},\"bitwise\":"
        "{\"begin_addr\":%d,\"stop_ptr\":%d}},\"public_memory\":[",
        OUT, OUT + 1, BIT, BIT + 5);
    for (int i = 0; i < WORDS; i++)
        put_public(f, 1 + (uint64_t)i, words[i]);
    static const int shown[] = {OUT, STACK, STACK + 1, AP, AP + 1, FP, FP + 1};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        put_public(f, (uint64_t)shown[i], cells[shown[i] - STACK]);
    strcat(f->text, "]}");
}

static files sample(void)
{
    files f = {.trace_len = ROW * ROWS};
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < 3; k++)
            sage_store_le64(f.trace + ROW * i + 8 * k, rows[i][k]);
    for (uint32_t i = 0; i < WORDS; i++)
        put_cell(&f, 1 + i, words[i]);
    for (uint32_t i = 0; i < END - STACK; i++)
        put_cell(&f, STACK + i, cells[i]);
    put_text(&f);
    return f;
}

static sage_status read_files(sage_prover_input *out, const files *f, bool with_text)
{
    const sage_trace_files in = {.trace        = f->trace,
                                 .trace_len    = f->trace_len,
                                 .memory       = f->memory,
                                 .memory_len   = f->memory_len,
                                 .public_input = with_text ? (const uint8_t *)f->text : NULL,
                                 .public_input_len = with_text ? strlen(f->text) : 0};
    memset(&err, 0, sizeof err);
    return sage_trace_files_read(out, &in, &err);
}

static void takes_a_run(void **state)
{
    (void)state;
    files f = sample();
    sage_prover_input p;
    if (read_files(&p, &f, true)) fail_msg("%s: %s", err.where, err.msg);
    assert_true(p.initial.pc == 1 && p.initial.ap == AP && p.initial.fp == AP);
    assert_true(p.final.pc == 5 && p.final.ap == FP + 2 && p.final.fp == AP);
    static const struct {
        sage_opcode opcode;
        uint64_t n;
    } want[] = {{SAGE_OPCODE_ADD_AP, 1},
                {SAGE_OPCODE_CALL_REL_IMM, 1},
                {SAGE_OPCODE_ADD_SMALL, 2},
                {SAGE_OPCODE_RET, 1},
                {SAGE_OPCODE_JUMP_REL_IMM, 0}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(p.states[want[i].opcode].n, want[i].n);
    assert_true(p.states[SAGE_OPCODE_ADD_SMALL].at[1].ap == FP + 1);
    assert_int_equal(p.pc_count, 5);
    assert_int_equal(p.n_addresses, PADDED);
    assert_true(p.builtin[SAGE_BUILTIN_OUTPUT].begin == OUT);
    assert_true(p.builtin[SAGE_BUILTIN_OUTPUT].stop == OUT + 1);
    assert_true(p.builtin[SAGE_BUILTIN_BITWISE].begin == BIT);
    assert_true(p.builtin[SAGE_BUILTIN_BITWISE].stop == PADDED);
    for (int i = BIT + 5; i < PADDED; i++)
        assert_int_equal(p.address_to_id[i], p.address_to_id[i - 5]);
    assert_int_equal(p.n_public, WORDS + 7);
    assert_int_equal(p.public_addresses[WORDS], STACK);
    assert_int_equal(p.public_addresses[WORDS + 6], OUT);
    sage_prover_input_free(&p);
    /* Without the padding of the trace, the same. */
    f.trace_len -= ROW;
    assert_int_equal(read_files(&p, &f, true), SAGE_OK);
    assert_true(p.final.pc == 5 && !p.states[SAGE_OPCODE_JUMP_REL_IMM].n);
    sage_prover_input_free(&p);
    assert_int_equal(read_files(&p, &f, false), SAGE_EINVAL); /* not eleven builtins */
    assert_string_equal(err.where, "trace.builtin");
}

static void assert_refused(const files *f, sage_status code, const char *where, size_t at)
{
    sage_prover_input p;
    sage_status s = read_files(&p, f, true);
    if (s != code || strcmp(err.where, where) != 0)
        fail_msg("case %zu: %d %s, not %s", at, s, err.where ? err.where : "", where);
    assert_null(p.address_to_id);
}

/* A word of the trace or the memory, by row or record and place in it. */
static void refuses_bytes(void **state)
{
    (void)state;
    enum { TRACE, MEMORY };
    static const struct {
        int file;
        size_t at, word;
        uint64_t value;
        sage_status code;
        const char *where;
    } bad[] = {
        {TRACE, 0, 2, 2, SAGE_EINVAL, "trace.start"},
        {TRACE, 0, 1, AP + 1, SAGE_EINVAL, "trace.start"},
        {TRACE, 0, 0, UINT64_MAX, SAGE_EINVAL, "trace.start"},
        {TRACE, 1, 0, UINT64_MAX, SAGE_EINVAL, "trace.step"},
        {TRACE, 6, 0, UINT64_MAX, SAGE_EINVAL, "trace.step"},
        {TRACE, 2, 0, FP + 1, SAGE_EINVAL, "trace.step"},
        {TRACE, 2, 1, FP - 1, SAGE_EINVAL, "trace.step"},
        {TRACE, 2, 2, 9, SAGE_EINVAL, "trace.step"},
        {TRACE, 5, 1, AP + 1, SAGE_EINVAL, "trace.step"},
        {MEMORY, 0, 0, 0, SAGE_EFORMAT, "trace.cell"},
        {MEMORY, 0, 0, (uint64_t)1 << 29, SAGE_EFORMAT, "trace.cell"},
        {MEMORY, 0, 0, 2, SAGE_EFORMAT, "trace.cell"},
        {MEMORY, 0, 4, 0x0800000000000012, SAGE_EFORMAT, "trace.cell"},
        {MEMORY, 0, 4, UINT64_MAX, SAGE_EFORMAT, "trace.cell"},
        {MEMORY, 0, 0, (uint64_t)1 << 28, SAGE_ELIMIT, "trace.memory"},
        {MEMORY, 0, 1, UINT64_MAX, SAGE_EINVAL, "trace.instruction"},
        {MEMORY, 0, 0, END + 1, SAGE_EINVAL, "trace.instruction"},
        {MEMORY, 1, 0, END + 1, SAGE_EINVAL, "trace.operand"},
        {MEMORY, 1, 1, 3, SAGE_EINVAL, "trace.step"},
        {MEMORY, FP - 1, 1, OUT + 2, SAGE_EINVAL, "trace.step"},
        {MEMORY, AP + 2 - 1, 1, AP + 1, SAGE_EINVAL, "trace.step"},
        {MEMORY, AP + 3 - 1, 1, 6, SAGE_EINVAL, "trace.step"},
        {MEMORY, 5, 1, 1, SAGE_EINVAL, "trace.step"},
        {MEMORY, OUT - 1, 1, 43, SAGE_EFORMAT, "trace.public"},
        {MEMORY, END - 2, 0, END + 1, SAGE_EUNSUP, "trace.padding"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        files f = sample();
        uint8_t *to =
            bad[i].file == TRACE ? f.trace + ROW * bad[i].at : f.memory + CELL * bad[i].at;
        sage_store_le64(to + 8 * bad[i].word, bad[i].value);
        assert_refused(&f, bad[i].code, bad[i].where, i);
    }
}

/* The instruction leads there, and there is no memory. */
static void refuses_registers(void **state)
{
    (void)state;
    files f = sample();
    sage_store_le64(f.memory + CELL + 8, (uint64_t)1 << 30);
    sage_store_le64(f.trace + ROW, AP + ((uint64_t)1 << 30));
    assert_refused(&f, SAGE_EFORMAT, "trace.row", 0);
}

static void refuses_lengths(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < ROW * (ROWS - 1); cut++) {
        files f     = sample();
        f.trace_len = cut;
        assert_refused(&f, !cut || cut % ROW ? SAGE_EFORMAT : SAGE_EINVAL,
                       !cut || cut % ROW ? "trace.length" : "trace.step", cut);
    }
    for (size_t cut = 0; cut < CELL * (END - 1); cut++) {
        files f = sample();
        sage_prover_input p;
        f.memory_len = cut;
        assert_true(read_files(&p, &f, true) != SAGE_OK);
        assert_true(strstr(err.where, "trace.") == err.where);
    }
}

static void refuses_texts(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        sage_status code;
        const char *where;
    } bad[] = {
        {"memory_segments", "segments", SAGE_EFORMAT, "trace.public"},
        {"public_memory", "memory", SAGE_EFORMAT, "trace.public"},
        {"\"bitwise\"", "\"ecdsa\"", SAGE_EUNSUP, "trace.builtin"},
        {"\"bitwise\"", "\"keccak\"", SAGE_EUNSUP, "trace.builtin"},
        {"\"bitwise\"", "\"pedersen\"", SAGE_EINVAL, "trace.builtin"},
        {"\"output\":{\"begin_addr\":2", "\"output\":{\"begin_addr\":5", SAGE_EINVAL,
         "trace.builtin"},
        {"\"output\":{\"begin_addr\":2", "\"output\":{\"begin_addr\":", SAGE_EINVAL,
         "trace.builtin"},
        {",\"stop_ptr\":21", ",\"stop_ptr\":22", SAGE_EFORMAT, "trace.public"},
        {"\"bitwise\":{\"begin_addr\":2", "\"bitwise\":{\"begin_addr\":1", SAGE_EINVAL,
         "trace.builtin"},
        {"\"bitwise\":{\"begin_addr\":2", "\"bitwise\":{\"begin_addr\":9", SAGE_EINVAL,
         "trace.builtin"},
        {"\"bitwise\":{", "\"bitwise\":{\"x\":0,", SAGE_EFORMAT, "json.unknown"},
        {"\"address\":1,", "\"address\":2,", SAGE_EFORMAT, "trace.public"},
        {"\"address\":1,", "\"address\":100,", SAGE_EFORMAT, "trace.public"},
        {"\"address\":1,", "\"address\":0,", SAGE_EFORMAT, "trace.public"},
        {"\"address\":1,", "\"address\":-1,", SAGE_EFORMAT, "json.sign"},
        {"\"address\":1,", "", SAGE_EFORMAT, "trace.public"},
        {"\"0x2\"", "\"0x3\"", SAGE_EFORMAT, "trace.public"},
        {"\"0x2\"", "\"\"", SAGE_EFORMAT, "trace.public"},
        {"\"0x2\"", "2", SAGE_EFORMAT, "json.syntax"},
        {"]}", "]", SAGE_EFORMAT, "json.truncated"},
        {"]}", "]}{", SAGE_EFORMAT, "json.syntax"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        files f = sample(), g = f;
        char *at = strstr(f.text, bad[i].from);
        assert_non_null(at);
        snprintf(g.text, TEXT, "%.*s%s%s", (int)(at - f.text), f.text, bad[i].to,
                 at + strlen(bad[i].from));
        assert_refused(&g, bad[i].code, bad[i].where, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_run),       cmocka_unit_test(refuses_bytes),
        cmocka_unit_test(refuses_registers), cmocka_unit_test(refuses_lengths),
        cmocka_unit_test(refuses_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The machine: every instruction form, every error, and the slow machine's word on random
 * programs and on published ones. */
#include "base/file.h"
#include "base/test.h"
#include "hash/blake2s.h"
#include "vm/asm.h"
#include "vm/test_slow_machine.h"

static const sage_run_limits small_limits = {.max_steps = 200000, .max_cells = 1 << 22};

static void assemble(sage_program *p, const char *text)
{
    sage_errinfo err = {0};
    if (sage_assemble(p, text, strlen(text), &err)) fail_msg("%s in\n%s", err.msg, text);
}

/* Runs p on both machines and compares; the code it ended with, NULL for success, "skipped" if
 * the slow one does not know the program. A limit of memory is the fast machine's alone. */
static const char *
run_both_on(const sage_program *p, const sage_run_input *input, const char *text)
{
    static char code[64];
    char what[160];
    sage_run run;
    slow_run slow;
    sage_errinfo err = {0};
    sage_status s    = sage_run_program(&run, p, input, &small_limits, &err);
    if (s) assert_non_null(err.where);
    if (s && !strcmp(err.where, "vm.memory")) return "skipped";
    slow_run_program(&slow, p, input, small_limits.max_steps);
    bool unknown = slow.unknown;
    const char *difference =
        unknown ? NULL : slow_compare(&slow, &run, s ? err.where : NULL, what);
    if (difference) {
        if (text) print_message("%s\n", text);
        fail_msg("%s (%s)", difference, s ? err.msg : "no error");
    }
    slow_free(&slow);
    if (!s) sage_run_free(&run);
    snprintf(code, sizeof code, "%s", unknown ? "skipped" : s ? err.where : "");
    return *code ? code : NULL;
}

static const char *run_both(const sage_program *p, const char *text)
{
    const sage_run_input none = {0};
    return run_both_on(p, &none, text);
}

/* --- what instructions do --- */

/* The program must run, and leave these felts in its output. */
static void expect(const char *text, uint32_t n, const uint64_t *output)
{
    sage_program p;
    sage_run run;
    sage_errinfo err    = {0};
    sage_run_input none = {0};
    assemble(&p, text);
    const char *code = run_both(&p, text);
    if (code) fail_msg("%s", code);
    assert_int_equal(sage_run_program(&run, &p, &none, &small_limits, &err), SAGE_OK);
    const sage_segment *s = &run.memory.segment[run.builtin_segment[SAGE_BUILTIN_OUTPUT]];
    assert_int_equal(s->len, n);
    for (uint32_t i = 0; i < n; i++)
        if (!sage_value_equal(s->cell[i], sage_value_from_u64(output[i])))
            fail_msg("output %u is 0x%llx in\n%s", i, (unsigned long long)s->cell[i].l[0],
                     text);
    sage_run_free(&run);
    sage_program_free(&p);
}

/* The last thing a body leaves at [ap - 1] is the output. */
static void expect_one(const char *body, uint64_t output)
{
    char text[2048];
    snprintf(text, sizeof text,
             "builtins: output;\nmain:\n%s\n[ap - 1] = [[fp - 3]];\n"
             "[ap] = [fp - 3] + 1, ap++;\nret;\n%s",
             body,
             "double: [ap] = [fp - 3] * 2, ap++; ret;\n"
             "table: dw 11, 22, 33;\n");
    expect(text, 1, &output);
}

static void test_forms(void **state)
{
    (void)state;
    expect_one("[ap] = 7, ap++;", 7);
    expect_one("[ap] = 7; ap += 1;", 7);
    expect_one("[ap] = 7, ap++; [ap] = [ap - 1], ap++;", 7);
    expect_one("[ap] = 7, ap++; [ap] = [fp] + 5, ap++;", 12);
    expect_one("[ap] = 7, ap++; [ap] = [fp] * [fp], ap++;", 49);
    expect_one("[ap] = 7, ap++; [ap] = [fp] + [ap - 1], ap++;", 14);
    expect_one("[ap] = 7, ap++; [ap] = [fp] - 7, ap++;", 0);
    /* the unknown operand of a sum, a product; a plain one */
    expect_one("[ap] = 7, ap++; [fp] = [fp + 1] + 5; ap += 1;", 2);
    expect_one("[ap] = 7, ap++; [ap] = 3, ap++; [fp] = [fp + 1] + [fp + 2]; ap += 1;", 4);
    expect_one("[ap] = 21, ap++; [ap] = 3, ap++; [fp] = [fp + 1] * [fp + 2]; ap += 1;", 7);
    expect_one("[ap] = 21, ap++; [fp] = [fp + 1] * 7; ap += 1;", 3);
    expect_one("[ap] = 21, ap++; [fp] = [fp + 1]; ap += 1;", 21);
    /* through pointers: fp - 2 holds the caller's fp, whose first cell is the output's pointer */
    expect_one("[ap] = 9, ap++; [fp] = [[fp - 2] + 100]; [ap] = [[fp - 2] + 100], ap++;", 9);
    expect_one("[ap] = [fp - 2] + 300, ap++; [ap] = 5, ap++; [fp + 1] = [[fp] + -3];"
               "[ap] = [[fp] + -3], ap++;",
               5);
    expect_one("[ap] = 3, ap++; [ap] = 4, ap++; [ap] = [fp - 2] + 200, ap++;"
               "[fp] = [[fp + 2] + 7]; [ap] = [fp + 2] + [fp + 1], ap++; "
               "[ap] = [[fp + 3] + 3], ap++;",
               3);
    /* jumps */
    expect_one("[ap] = 1, ap++; jmp rel 4; [ap] = 2, ap++; [ap] = 3, ap++;", 3);
    expect_one("[ap] = 2, ap++; jmp rel [ap - 1]; dw 0; [ap] = 3, ap++;", 3);
    expect_one("[ap] = 2, ap++; jmp rel [ap - 1] + 1; dw 0; [ap] = 3, ap++;", 3);
    expect_one("[ap] = 1, ap++; jmp rel 4 if [ap - 1] != 0; [ap] = 2, ap++; [ap] = 3, ap++;",
               3);
    expect_one("[ap] = 0, ap++; jmp rel 4 if [ap - 1] != 0; [ap] = 2, ap++; [ap] = [ap - 1],"
               "ap++;",
               2);
    expect_one("[ap] = 2, ap++; jmp rel [fp] if [fp] != 0, ap++; dw 0; [ap] = 3, ap++;", 3);
}

/* A function inside the body, jumped over: three words before the label start. */
#define INNER "jmp rel start; inner: [ap] = 42, ap++; ret; start: "

static void test_calls(void **state)
{
    (void)state;
    expect_one("[ap] = 21, ap++; call rel double;", 42);
    expect_one(INNER "call rel inner;", 42);
    expect_one(INNER "[ap] = -5, ap++; call rel [ap - 1];", 42);
    /* the return address of a call is a pointer to code */
    expect_one(INNER "call rel inner; [ap] = [fp + 1] - 5, ap++; call abs [ap - 1];", 42);
    expect_one(INNER "call rel inner; [ap] = [fp + 1] + 5, ap++; jmp abs [ap - 1];"
                     "[ap] = 2, ap++; [ap] = 3, ap++;",
               3);
    /* fp is 1:5, and [fp - 2] holds 1:2 */
    expect_one(INNER "call rel inner; [ap] = [fp + 1] + 9, ap++; [ap] = [fp - 2] + 6, ap++;"
                     "jmp abs [[ap - 1]]; [ap] = 1, ap++; [ap] = 2, ap++; [ap] = 3, ap++;",
               3);
}

static void test_unusual(void **state)
{
    (void)state;
    /* all at once: an assertion, a jump and ap */
    expect_one("[ap] = 3, ap++; [fp + 3] = [fp] + 1, jmp rel [fp] + 1, ap += [fp] + 1;"
               "dw 0, 0; [ap] = [ap - 2], ap++;",
               4);
    expect_one("[ap] = 5, ap++; ap++; [ap] = [fp], ap++;", 5);
    expect_one("[ap] = 5, ap++; [ap] = 2, ap++; ap += [fp + 1]; [ap] = [fp], ap++;", 5);
    expect_one("nop; [ap] = 5, ap++; nop where dst = [fp], res = [fp] * [fp];", 5);
    expect_one("[ap] = 5, ap++; jmp rel 2, ap++; [ap] = 6, ap++;", 6);
}

static void test_extensions(void **state)
{
    static const uint8_t zeros[64];
    static const uint32_t iv[8] = {0x6a09e667 ^ 0x01010020,
                                   0xbb67ae85,
                                   0x3c6ef372,
                                   0xa54ff53a,
                                   0x510e527f,
                                   0x9b05688c,
                                   0x1f83d9ab,
                                   0x5be0cd19};
    char body[2048];
    size_t n = 0;
    uint8_t digest[32];
    (void)state;
    expect_one("[ap] = 5, ap++; qm31 [ap] = [fp] * 7, ap++;", 35);
    expect_one("[ap] = 2147483646, ap++; qm31 [ap] = [fp] + 5, ap++;", 4);
    expect_one("[ap] = 35, ap++; qm31 [fp] = [fp + 1] * 7; ap += 1;", 5);
    expect_one("[ap] = 3, ap++; qm31 [fp] = [fp + 1] + 5; ap += 1;", 2147483645);
    for (int i = 0; i < 16; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "[ap] = 0, ap++;");
    for (int i = 0; i < 8; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "[ap] = %u, ap++;", iv[i]);
    snprintf(body + n, sizeof body - n,
             "[ap] = [fp - 2] + 3, ap++; [ap] = [fp - 2] + 19, ap++; [ap] = 64, ap++;"
             "[ap] = [fp - 2] + 103;"
             "blake2s[state=[fp + 25], message=[fp + 24], byte_count=[ap - 1], finalize=true]"
             " => [ap + 0], ap++;"
             "[ap] = [[ap - 1]], ap++;");
    sage_blake2s_hash(zeros, sizeof zeros, digest);
    expect_one(body, (uint64_t)digest[0] | (uint64_t)digest[1] << 8 |
                         (uint64_t)digest[2] << 16 | (uint64_t)digest[3] << 24);
}

/* --- errors --- */

static void test_errors(void **state)
{
    static const struct {
        const char *text, *where;
    } wrong[] = {
        {"main: [ap] = 5, ap++; [ap - 1] = 6; ret;", "vm.assert"},
        {"main: [ap] = 5, ap++; [ap - 1] = [ap - 1] + 1; ret;", "vm.assert"},
        {"main: [ap] = [ap + 1]; ret;", "vm.operand"},
        {"main: [ap] = [ap + 1] + 5; ret;", "vm.operand"},
        {"main: [ap] = [fp - 1] * 5; ret;", "vm.operand"},
        {"main: [ap] = [fp - 1] + [fp - 2]; ret;", "vm.operand"},
        {"main: [ap] = 5, ap++; [ap] = [[fp] + 1]; ret;", "vm.operand"},
        {"main: [ap] = 5, ap++; [ap] = 0, ap++; [fp] = [fp + 1] * [fp + 2]; ret;",
         "vm.operand"},
        {"main: jmp rel 2 if [ap] != 0; ret;", "vm.operand"},
        {"main: call rel [[ap + 1]]; ret;", "vm.operand"},
        {"main: dw -5; ret;", "vm.instruction"},
        {"main: jmp rel 100; ret;", "vm.instruction"},
        {"main: call rel [fp - 1] + 1; ret;", "vm.call"},
        {"main: jmp abs 5; ret;", "vm.jump"},
        {"main: jmp rel -100; ret;", "vm.jump"},
        {"main: jmp rel [fp - 1]; ret;", "vm.jump"},
        {"main: call abs 5; ret;", "vm.jump"},
        {"main: fp = [fp - 1], jmp abs [fp - 1];", "vm.ret"},
        {"main: [ap] = -1, ap++; fp = [fp], jmp abs [fp - 1];", "vm.ret"},
        {"main: ap += -100; ret;", "vm.ap"},
        {"main: ap += [fp - 1]; ret;", "vm.ap"},
        {"main: ap += 0x20000000; ret;", "vm.ap"},
        {"main: [ap - 100] = 5; ret;", "vm.address"},
        {"main: [ap] = [[fp - 2] - 100]; ret;", "vm.address"},
        {"main: call rel main; ret;", "vm.steps"},
        {"main: jmp rel 0;", "vm.steps"},
        {"main: [ap] = 5; call rel main; ret;", "vm.call"},
        {"builtins: output; main: ret;", "vm.return"},
        {"builtins: output; main: [ap] = 5, ap++; ret;", "vm.return"},
        {"builtins: output; main: [ap] = [fp - 3] + 1, ap++; ret;", "vm.return"},
        {"main: [ap] = -1, ap++; qm31 [ap] = [fp] + 5; ret;", "vm.qm31"},
        {"main: [ap] = 2147483647, ap++; qm31 [ap] = [fp] * 5; ret;", "vm.qm31"},
        {"main: [ap] = 5, ap++; blake2s[state=[fp], message=[fp], byte_count=[fp], "
         "finalize=true] => [ap]; ret;",
         "vm.blake"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sage_program p;
        assemble(&p, wrong[i].text);
        const char *code = run_both(&p, wrong[i].text);
        if (!code || strcmp(code, wrong[i].where))
            fail_msg("%s, not %s: %s", code ? code : "no error", wrong[i].where, wrong[i].text);
        sage_program_free(&p);
    }
}

/* A state and a message of zeros, and a result where something else stands. */
static void test_write_twice(void **state)
{
    sage_program p;
    char text[1024] = "main: ";
    (void)state;
    for (int i = 0; i < 24; i++)
        strcat(text, "[ap] = 0, ap++;");
    strcat(text, "[ap] = [fp - 2] + 2, ap++; [ap] = [ap - 1];"
                 "blake2s[state=[fp + 24], message=[fp + 24], byte_count=[fp], finalize=true]"
                 " => [ap]; ret;");
    assemble(&p, text);
    const char *code = run_both(&p, text);
    assert_non_null(code);
    assert_string_equal(code, "vm.memory.write");
    sage_program_free(&p);
}

static void expect_limit(const char *text, const sage_run_limits *limits, const char *where)
{
    sage_program p;
    sage_run run;
    sage_errinfo err    = {0};
    sage_run_input none = {0};
    assemble(&p, text);
    assert_int_equal(sage_run_program(&run, &p, &none, limits, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, where);
    sage_program_free(&p);
}

static void test_limits(void **state)
{
    static const char endless[] = "main: jmp rel 0;";
    static const char adding[] =
        "main: %{ memory[ap] = segments.add() %} ap += 1; jmp rel main;";
    static const char pushing[] = "main: [ap] = 5, ap++; jmp rel main;";
    sage_run_limits steps       = {.max_steps = 3, .max_cells = 1 << 20};
    sage_run_limits cells       = {.max_steps = 1 << 20, .max_cells = 1 << 17};
    sage_run_limits ms          = {.max_steps = UINT32_MAX, .max_cells = 1 << 20, .max_ms = 1};
    sage_run_limits segments = {.max_steps = 1 << 20, .max_cells = 1 << 20, .max_segments = 9};
    (void)state;
    expect_limit(adding, &segments, "vm.segments");
    segments.max_segments = 2; /* the third holds zeros */
    expect_limit("main: ret;", &segments, "vm.segments");
    expect_limit(endless, &steps, "vm.steps");
    expect_limit(pushing, &cells, "vm.memory");
    expect_limit(endless, &ms, "vm.time");
    expect_limit("main: ap += 0x1ffffff0; [ap] = 1; ret;", &cells, "vm.memory");
}

/* The trace has 16 bits for the segment that code runs in: a ret written to a new segment, once
 * with few segments and once with 2^16. */
static void test_code_in_high_segment(void **state)
{
    static const char text[] =
        "main: [ap] = %d, ap++;\n"
        "main.more: %%{ memory[ap] = segments.add() %%} ap += 1;\n"
        "[ap] = [ap - 2] - 1, ap++; jmp rel main.more if [ap - 1] != 0;\n"
        "[ap] = 0x208b7fff7fff7ffe, ap++; [ap - 1] = [[ap - 3]]; call abs [ap - 3]; ret;";
    const sage_run_limits limits = {.max_steps = 1 << 20, .max_cells = 1 << 21};
    const sage_run_input none    = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char source[512];
        sage_program p;
        sage_run run;
        sage_errinfo err = {0};
        snprintf(source, sizeof source, text, i ? 65540 : 100);
        assemble(&p, source);
        sage_status s = sage_run_program(&run, &p, &none, &limits, &err);
        sage_program_free(&p);
        if (!s) sage_run_free(&run);
        assert_int_equal(s, i ? SAGE_EINVAL : SAGE_OK);
        if (i) assert_string_equal(err.where, "vm.segments");
    }
}

/* What a kept run that failed tells of its end. */
static void test_stopped(void **state)
{
    const sage_run_limits limits = {.max_steps = 100, .max_cells = 1 << 20, .keep = true};
    const sage_run_input none    = {0};
    sage_program p;
    sage_run run;
    sage_errinfo err = {0};
    (void)state;
    assemble(&p, "main: [ap] = 5, ap++; [ap - 1] = 6; ret;");
    assert_int_equal(sage_run_program(&run, &p, &none, &limits, &err), SAGE_EINVAL);
    assert_int_equal(run.n_steps, 3);
    assert_int_equal(run.stopped.pc.segment, SAGE_SEGMENT_PROGRAM);
    assert_int_equal(run.stopped.pc.offset, 8);
    assert_int_equal(err.at, 8);
    assert_int_equal(run.stopped.ap, 5);
    assert_int_equal(run.stopped.fp, 4);
    sage_run_free(&run);
    sage_program_free(&p);
}

/* Steps: ap, call, ret, and the first of the endless loop. */
static void test_step_limit_is_exact(void **state)
{
    sage_run_limits enough = {.max_steps = 3, .max_cells = 1 << 20};
    sage_program p;
    sage_run run;
    sage_errinfo err    = {0};
    sage_run_input none = {0};
    (void)state;
    assemble(&p, "main: ret;");
    assert_int_equal(sage_run_program(&run, &p, &none, &enough, &err), SAGE_OK);
    assert_int_equal(run.n_steps, 4);
    sage_run_free(&run);
    enough.max_steps = 2;
    assert_int_equal(sage_run_program(&run, &p, &none, &enough, &err), SAGE_ELIMIT);
    sage_program_free(&p);
}

static void test_entry(void **state)
{
    sage_program p;
    (void)state;
    assemble(&p, "main: ret;");
    p.end            = p.n_data;
    const char *code = run_both(&p, NULL);
    assert_non_null(code);
    assert_string_equal(code, "vm.entry");
    sage_program_free(&p);
}

/* --- random programs --- */

static uint64_t random_state;
static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) * 0x9e3779b1u >> 3) % below;
}

/* A function being written: cells fp .. fp + n are its own, some of them empty. */
typedef struct writer {
    char text[16384];
    size_t at;
    uint32_t n;        /* ap - fp */
    bool known[4096];  /* of the cells from fp on */
    uint32_t grows[8]; /* what function k does to ap, once it is written */
} writer;

SAGE_PRINTF(2, 3) static void say(writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    w->at += (size_t)vsnprintf(w->text + w->at, sizeof w->text - w->at, format, args);
    va_end(args);
    assert_true(w->at < sizeof w->text);
}

static void push(writer *w, bool known)
{
    w->known[w->n++] = known;
}

/* A known cell of the function, near fp or ap as it comes; arguments when there is none. */
static const char *cell(writer *w, char out[32])
{
    for (int tries = 0; tries < 20 && w->n; tries++) {
        uint32_t i = draw(w->n);
        if (!w->known[i]) continue;
        if (draw(2))
            snprintf(out, 32, "[fp + %u]", i);
        else
            snprintf(out, 32, "[ap - %u]", w->n - i);
        return out;
    }
    snprintf(out, 32, "[fp - 3]");
    return out;
}

static int small(void)
{
    return (int)draw(2000) - 1000;
}

static void write_push(writer *w)
{
    char a[32], b[32];
    switch (draw(8)) {
    case 0: say(w, "[ap] = %d, ap++;", small()); break;
    case 1: say(w, "[ap] = %s, ap++;", cell(w, a)); break;
    case 2: say(w, "[ap] = %s + %d, ap++;", cell(w, a), small()); break;
    case 3: say(w, "[ap] = %s * %d, ap++;", cell(w, a), small()); break;
    case 4: say(w, "[ap] = %s + %s, ap++;", cell(w, a), cell(w, b)); break;
    case 5: say(w, "[ap] = %s * %s, ap++;", cell(w, a), cell(w, b)); break;
    case 6: say(w, "[ap] = [fp - 2] + %u, ap++; ", draw(4)); break;
    default: say(w, "[ap] = 0x%x%08x, ap++;", draw(UINT32_MAX), draw(UINT32_MAX)); break;
    }
    push(w, true);
}

/* The machine finds the operand at ap. */
static void write_deduce(writer *w)
{
    char a[32], b[32];
    switch (draw(5)) {
    case 0: say(w, "%s = [ap] + %d, ap++;", cell(w, a), small()); break;
    case 1: say(w, "%s = [ap] * %d, ap++;", cell(w, a), 1 + (int)draw(9)); break;
    case 2: say(w, "%s = %s + [ap], ap++;", cell(w, a), cell(w, b)); break;
    case 3: say(w, "%s = [ap], ap++;", cell(w, a)); break;
    default: say(w, "%s = [ap] * %s, ap++;", cell(w, a), cell(w, b)); break;
    }
    push(w, true);
}

/* Through a pointer that lies in the frame. */
static void write_pointer(writer *w)
{
    char a[32];
    say(w, "[ap] = [fp - 2] + %u, ap++;", 3000 + draw(3));
    say(w, "%s = [[ap - 1] + %d];", cell(w, a), (int)draw(3));
    push(w, true);
    say(w, "[ap] = [[ap - 1] + %d], ap++;", (int)draw(3));
    push(w, true);
}

static void write_jump(writer *w)
{
    char a[32];
    switch (draw(4)) {
    case 0: say(w, "jmp rel 4 if %s != 0; [ap + 1] = 1;", cell(w, a)); break;
    case 1: say(w, "jmp rel 3; dw %u;", draw(100)); break;
    case 2:
        say(w, "[ap] = %d, ap++; jmp rel 2 if [ap - 1] != 0;", (int)draw(2));
        push(w, true);
        break;
    default:
        say(w, "[ap] = 2, ap++; jmp rel [ap - 1]; dw 1;");
        push(w, true);
        break;
    }
}

static void write_call(writer *w, uint32_t self, uint32_t functions)
{
    if (self + 1 >= functions) return;
    uint32_t f = self + 1 + draw(functions - self - 1);
    if (w->n + w->grows[f] + 2 > 3000) return;
    say(w, "call rel f%u;", f);
    for (uint32_t i = 0; i < w->grows[f] + 2; i++)
        push(w, false);
    if (w->n) w->known[w->n - 1] = true;
}

static void write_rest(writer *w)
{
    char a[32], b[32];
    switch (draw(12)) {
    case 0: {
        uint32_t by = 1 + draw(3);
        say(w, "ap += %u;", by);
        while (by--)
            push(w, false);
        break;
    }
    case 1: say(w, "%s = %d;", cell(w, a), small()); break; /* hardly ever true */
    case 2: say(w, "nop;"); break;
    case 3:
        say(w, "[ap] = [ap - 1] + [[ap - 1]], ap++;");
        push(w, true);
        break;
    case 4:
        say(w, "qm31 [ap] = %s + %d, ap++;", cell(w, a), (int)draw(9));
        push(w, true);
        break;
    case 5:
        say(w, "qm31 %s = [ap] * %s, ap++;", cell(w, a), cell(w, b));
        push(w, true);
        break;
    default: write_push(w); break;
    }
}

static void write_function(writer *w, uint32_t self, uint32_t functions)
{
    uint32_t n = 1 + draw(14);
    w->n       = 0;
    say(w, "f%u: ", self);
    while (n--) {
        uint32_t kind = draw(20);
        if (kind < 9)
            write_push(w);
        else if (kind < 12)
            write_deduce(w);
        else if (kind < 14)
            write_pointer(w);
        else if (kind < 16)
            write_jump(w);
        else if (kind < 19)
            write_call(w, self, functions);
        else
            write_rest(w);
    }
    say(w, "[ap] = 1, ap++; ret;\n");
    w->grows[self] = w->n + 1;
}

/* Callees are written first, so that callers know what becomes of ap. */
static void write_program(writer *w)
{
    uint32_t functions = 1 + draw(5);
    w->at              = 0;
    say(w, "builtins: output;\n");
    for (uint32_t f = functions; f-- > 0;)
        write_function(w, f, functions);
    say(w,
        "main: [ap] = %u, ap++; call rel f0; [ap - 1] = [[fp - 3]];"
        "[ap] = [fp - 3] + 1, ap++; ret;\n",
        draw(50));
}

static void mutate(sage_program *p)
{
    uint32_t at = p->main < p->n_data ? draw(p->n_data) : 0;
    if (draw(2)) {
        p->data[at].l[0] ^= (uint64_t)1 << draw(64);
        return;
    }
    p->data[at] = draw(2) ? p->data[draw(p->n_data)] : sage_value_from_u64(draw(40));
}

static void test_random_programs(void **state)
{
    static writer w;
    uint32_t rounds = sage_test_quick() ? 300 : 6000, whole = 0, failed = 0, skipped = 0;
    (void)state;
    for (uint32_t r = 0; r < rounds; r++) {
        sage_program p;
        random_state = r;
        write_program(&w);
        assemble(&p, w.text);
        if (r % 2) mutate(&p);
        const char *code = run_both(&p, w.text);
        if (!code)
            whole++;
        else if (!strcmp(code, "skipped"))
            skipped++;
        else
            failed++;
        sage_program_free(&p);
    }
    print_message("%u ran to their end, %u to an error, %u beyond the memory\n", whole, failed,
                  skipped);
    assert_true(whole > rounds / 5 && failed > rounds / 10 && skipped < rounds / 10);
}

/* Published programs whose builtins and hints the slow machine knows. */
static void test_published(void **state)
{
    static const char *const names[] = {"pedersen_aggregator",
                                        "poseidon_aggregator",
                                        "prove_verify_all_opcode_components",
                                        "prove_verify_bitwise_builtin",
                                        "prove_verify_pedersen_builtin",
                                        "prove_verify_poseidon_builtin",
                                        "prove_verify_range_check_bits_128_builtin",
                                        "prove_verify_ret_opcode"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        size_t len;
        sage_program p;
        sage_errinfo err = {0};
        snprintf(path, sizeof path, "stwo-cairo/test_%s/compiled.json", names[i]);
        char *text = sage_test_vector(path, &len);
        assert_int_equal(sage_program_read(&p, (const uint8_t *)text, len, NULL, &err), 0);
        const char *code = run_both(&p, NULL);
        if (code) fail_msg("%s: %s", names[i], code);
        sage_program_free(&p);
        free(text);
    }
}

/* Sources of examples/cairo, on small inputs: with hints, builtins, the compression opcode. */
static void test_examples(void **state)
{
    static const struct {
        const char *name;
        uint32_t n;
        uint64_t input[32];
        const char *code;
    } examples[]       = {{"fibonacci", 1, {40}, NULL},
                          {"factorial", 1, {20}, NULL},
                          {"mix", 4, {5, 0x6a09e667, 0xbb67ae85, 0x3c6ef372}, NULL},
                          {"pedersen_chain", 2, {3, 1}, NULL},
                          {"poseidon_chain", 2, {3, 1}, NULL},
                          {"blake2s", 32, {1, 2, 3, 4}, NULL},
                          {"sorted", 3, {4, 4, 9}, NULL},
                          {"sorted", 3, {4, 3, 9}, "vm.builtin.range_check"}};
    const char *source = getenv("SAGE_SOURCE_DIR");
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char path[1024];
        uint8_t *text;
        size_t len;
        sage_program p;
        sage_value felts[32];
        sage_run_input input = {.felts = felts, .n_felts = examples[i].n};
        sage_errinfo err     = {0};
        for (uint32_t k = 0; k < examples[i].n; k++)
            felts[k] = sage_value_from_u64(examples[i].input[k]);
        snprintf(path, sizeof path, "%s/examples/cairo/%s.casm", source ? source : ".",
                 examples[i].name);
        assert_int_equal(sage_file_read(path, 1 << 20, &text, &len, &err), SAGE_OK);
        assert_int_equal(sage_assemble(&p, (const char *)text, len, &err), SAGE_OK);
        const char *code = run_both_on(&p, &input, NULL), *want = examples[i].code;
        if (!code != !want || (code && strcmp(code, want)))
            fail_msg("%s: %s", path, code ? code : "no error");
        sage_program_free(&p);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),     cmocka_unit_test(test_calls),
        cmocka_unit_test(test_unusual),   cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_errors),    cmocka_unit_test(test_write_twice),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_code_in_high_segment),
        cmocka_unit_test(test_stopped),   cmocka_unit_test(test_step_limit_is_exact),
        cmocka_unit_test(test_entry),     cmocka_unit_test(test_random_programs),
        cmocka_unit_test(test_published), cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}

/* The notation: every instruction form both ways, every word of random and published programs
 * as it was after text and back, and each error at its place. */
#include "base/test.h"
#include "vm/asm.h"
#include "vm/disasm.h"

typedef struct bytes {
    char *at;
    size_t n, cap;
} bytes;

static void put(void *to, const void *what, size_t n)
{
    bytes *b = to;
    if (b->n + n + 1 > b->cap) {
        b->cap = 2 * (b->n + n + 1);
        b->at  = realloc(b->at, b->cap);
        assert_non_null(b->at);
    }
    memcpy(b->at + b->n, what, n);
    b->n += n;
    b->at[b->n] = 0;
}

static void assemble(sage_program *p, const char *text, size_t len)
{
    sage_errinfo err = {0};
    if (sage_assemble(p, text, len, &err)) fail_msg("%s: %s", err.where, err.msg);
}

/* --- instructions --- */

/* The instruction's word and its immediate out of a program that is only that. */
static sage_casm word_of(const char *text, sage_value *word, sage_value *next)
{
    char source[SAGE_CASM_TEXT + 64];
    sage_program p;
    sage_casm i;
    snprintf(source, sizeof source, "main: %s; ret;", text);
    assemble(&p, source, strlen(source));
    *word = p.data[p.main];
    *next = p.data[p.main + 1];
    assert_true(sage_casm_decode(&i, *word));
    assert_int_equal(p.n_data, p.main + sage_casm_size(&i) + 1);
    sage_program_free(&p);
    return i;
}

static void check_text(const char *given, const char *printed)
{
    char out[SAGE_CASM_TEXT];
    sage_value word, next;
    sage_casm i = word_of(given, &word, &next);
    sage_casm_print(out, &i, next, NULL);
    assert_string_equal(out, printed);
}

static void test_forms(void **state)
{
    static const char *const same[] = {
        "[ap + 0] = [fp + -3] + 5, ap++",
        "[ap + 0] = 1000",
        "[fp + 2] = [ap + -1]",
        "[fp + 2] = [[ap + -1] + 7]",
        "[fp + 2] = [ap + -1] + [fp + 3]",
        "[fp + 2] = [ap + -1] * [ap + 3]",
        "[fp + 2] = [ap + -1] * -5",
        "[fp + 2] = [ap + -1] + [[ap + -1] + -32768]",
        "jmp rel 3 if [ap + -1] != 0",
        "jmp rel [fp + 4] if [fp + 1] != 0, ap++",
        "jmp rel [[fp + 4] + 1] if [fp + 1] != 0",
        "jmp rel -4",
        "jmp rel [ap + 1] + 2, ap++",
        "jmp abs [fp + -4]",
        "jmp abs [[fp + -4] + 2], ap++",
        "jmp abs 7",
        "call rel 11",
        "call rel [fp + -3]",
        "call rel [ap + 1] + 5",
        "call abs [fp + -3]",
        "call abs [[fp + -3] + 0]",
        "ret",
        "ret, ap++",
        "ap += 3",
        "ap += [fp + -3] + 5",
        "ap++",
        "nop",
        "fp = [fp + -2]",
        "fp = [ap + 3], jmp abs [fp + -1]",
        "[ap + 0] = [fp + -3] + 5, jmp rel [fp + -3] + 5, ap += [fp + -3] + 5",
        "call",
        "call, jmp rel [ap + 2] if [ap + 0] != 0",
        "[ap + 0] = 5 where op0 = [ap + 2]",
        "jmp abs [fp + -4] where dst = [ap + 0], op0 = [fp + 3]",
        "nop where dst = [ap + 1], res = [ap + 2] * 7",
        "qm31 [ap + 0] = [fp + -3] + [fp + -4], ap++",
        "qm31 [ap + 0] = [fp + -3] * 9",
        "blake2s[state=[fp + -5], message=[fp + -4], byte_count=[ap + -1], finalize=false] => "
        "[ap + 0], ap++",
        "blake2s[state=[fp + -5], message=[ap + -4], byte_count=[fp + 1], finalize=true] => "
        "[ap + 0]"};
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check_text(same[i], same[i]);
    check_text("[ap]=[fp-3]-5,ap++", "[ap + 0] = [fp + -3] + -5, ap++");
    check_text("[ap + 0x10] = 0x20", "[ap + 16] = 32");
}

/* The words that compilers write (Cairo whitepaper, section 4.5). */
static void test_known_words(void **state)
{
    static const struct {
        const char *text;
        uint64_t word;
    } known[] = {{"ap += 3", 0x40780017fff7fff},
                 {"call rel 5", 0x1104800180018000},
                 {"jmp rel 0", 0x10780017fff7fff},
                 {"ret", 0x208b7fff7fff7ffe},
                 {"[ap] = 5, ap++", 0x480680017fff8000},
                 {"[ap] = [fp - 3], ap++", 0x480a7ffd7fff8000},
                 {"[ap] = [fp - 3] + [fp - 4], ap++", 0x482a7ffc7ffd8000},
                 {"jmp rel 4 if [fp - 3] != 0", 0x20780017fff7ffd},
                 {"[ap] = [[fp - 3]], ap++", 0x480280007ffd8000}};
    sage_value word, next;
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        (void)word_of(known[i].text, &word, &next);
        assert_true(sage_value_equal(word, sage_value_from_u64(known[i].word)));
    }
}

static uint64_t random_state;
static uint64_t draw(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    uint64_t x   = random_state ^ random_state >> 33;
    return x * 0x9e3779b97f4a7c15u >> 7;
}

/* Every combination of flags and extension, offsets at random: what decodes comes back. */
static void test_every_instruction(void **state)
{
    uint32_t valid = 0;
    (void)state;
    random_state = 1;
    for (uint32_t bits = 0; bits < 1u << 17; bits++) {
        char out[SAGE_CASM_TEXT];
        sage_casm i;
        uint64_t offsets = draw() & 0xffffffffffff;
        if (bits & SAGE_CASM_OP1_IMM) offsets = (offsets & 0xffffffff) | 0x800100000000;
        sage_value word = {{(uint64_t)bits << 48 | offsets, bits >> 16, 0, SAGE_VALUE_KNOWN}};
        if (!sage_casm_decode(&i, word)) continue;
        valid++;
        sage_value immediate = sage_value_from_u64(draw() & 0xfff), again, next;
        if (bits % 3 == 0) immediate = sage_value_sub(sage_value_from_u64(0), immediate);
        if (bits % 3 == 1) immediate = sage_value_mul(immediate, word);
        sage_casm_print(out, &i, immediate, NULL);
        (void)word_of(out, &again, &next);
        assert_true(sage_value_equal(word, again));
        if (sage_casm_size(&i) == 2) assert_true(sage_value_equal(immediate, next));
    }
    assert_in_range(valid, 500, 1u << 17);
    print_message("%u instructions\n", valid);
}

/* --- programs --- */

static void check_same(const sage_program *p, const sage_program *q)
{
    assert_int_equal(p->n_data, q->n_data);
    for (uint32_t i = 0; i < p->n_data; i++)
        if (!sage_value_equal(p->data[i], q->data[i])) fail_msg("word %u differs", i);
    assert_int_equal(p->n_builtins, q->n_builtins);
    assert_memory_equal(p->builtins, q->builtins, p->n_builtins * sizeof *p->builtins);
    assert_int_equal(p->start, q->start);
    assert_int_equal(p->end, q->end);
    assert_int_equal(p->main, q->main);
    assert_int_equal(p->n_hints, q->n_hints);
    for (uint32_t i = 0; i < p->n_hints; i++) {
        assert_int_equal(p->hints[i].pc, q->hints[i].pc);
        assert_int_equal(p->hints[i].order, q->hints[i].order);
        assert_string_equal(p->hints[i].text, q->hints[i].text);
    }
}

/* Text, program, text again; the labels with it. */
static void check_fixed_point(const sage_program *p)
{
    sage_program q;
    bytes first = {0}, second = {0};
    sage_disassemble(p, put, &first);
    assemble(&q, first.at, first.n);
    check_same(p, &q);
    sage_disassemble(&q, put, &second);
    for (uint32_t i = 0; i < p->n_located; i++) {
        const sage_symbol *s = &p->symbols[p->located[i]];
        if (!sage_casm_label(s->name)) continue;
        const sage_symbol *t = sage_program_symbol(&q, s->name, strlen(s->name));
        assert_non_null(t);
        assert_int_equal(s->pc, t->pc);
    }
    sage_program_free(&q);
    assemble(&q, second.at, second.n);
    bytes third = {0};
    sage_disassemble(&q, put, &third);
    assert_string_equal(second.at, third.at);
    sage_program_free(&q);
    free(first.at);
    free(second.at);
    free(third.at);
}

static sage_value random_word(void)
{
    uint64_t kind = draw() % 4;
    if (kind == 0) return sage_value_from_u64(draw() % 20);
    if (kind == 1) return sage_value_sub(sage_value_from_u64(0), sage_value_from_u64(draw()));
    if (kind == 2)
        return sage_value_mul(sage_value_from_u64(draw()),
                              sage_value_mul(sage_value_from_u64(draw()),
                                             sage_value_from_u64(draw() | (uint64_t)1 << 63)));
    static const uint64_t forms[] = {
        0x40780017fff7fff,  0x1104800180018000, 0x10780017fff7fff,
        0x208b7fff7fff7ffe, 0x480680017fff8000, 0x480a7ffd7fff8000,
        0x482a7ffc7ffd8000, 0x20780017fff7ffd,  0x480080007ffd8000};
    return sage_value_from_u64(forms[draw() % (sizeof forms / sizeof *forms)]);
}

/* A program of random words, entered where it happens to be, with labels everywhere. */
static void test_random_programs(void **state)
{
    int rounds = sage_test_quick() ? 30 : 300;
    (void)state;
    for (int r = 0; r < rounds; r++) {
        bytes source = {0};
        char line[160], number[SAGE_VALUE_TEXT];
        random_state = (uint64_t)r;
        put(&source, "main:\n", 6);
        uint64_t n = 1 + draw() % 60;
        for (uint64_t k = 0; k < n; k++) {
            sage_casm_print_number(number, random_word());
            int len = snprintf(line, sizeof line, "a.l%d: dw %s;\n", (int)k, number);
            put(&source, line, draw() % 3 ? (size_t)len : 0);
            if (draw() % 5 == 0) put(&source, "%{ memory[ap] = segments.add() %} dw 7;\n", 40);
        }
        put(&source, "dw 0;\n", 6);
        sage_program p;
        assemble(&p, source.at, source.n);
        check_fixed_point(&p);
        sage_program_free(&p);
        free(source.at);
    }
}

static void test_published_programs(void **state)
{
    static const char *const names[] = {"pedersen_aggregator",
                                        "poseidon_aggregator",
                                        "prove_verify_add_mod_builtin",
                                        "prove_verify_all_builtins",
                                        "prove_verify_all_opcode_components",
                                        "prove_verify_bitwise_builtin",
                                        "prove_verify_mul_mod_builtin",
                                        "prove_verify_pedersen_builtin",
                                        "prove_verify_poseidon_builtin",
                                        "prove_verify_range_check_bits_128_builtin",
                                        "prove_verify_range_check_bits_96_builtin",
                                        "prove_verify_ret_opcode"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        size_t len;
        sage_program p;
        sage_errinfo err = {0};
        snprintf(path, sizeof path, "stwo-cairo/test_%s/compiled.json", names[i]);
        char *text = sage_test_vector(path, &len);
        if (sage_program_read(&p, (const uint8_t *)text, len, NULL, &err))
            fail_msg("%s: %s", path, err.msg);
        check_fixed_point(&p);
        sage_program_free(&p);
        free(text);
    }
}

static const char sample[] =
    "builtins: output, range_check;\n"
    "const N = 10; const BIG = "
    "0x400000000000008800000000000000000000000000000000000000000000000;\n"
    "# a comment\n"
    "main:\n"
    "    %{ memory[ap] = segments.add() %}\n"
    "    [ap] = N, ap++; // another\n"
    "    %{\n"
    "a = \"b\\c\"\n"
    "  d\n"
    "%}\n"
    "    call rel double;\n"
    "    jmp rel main.end if [ap - 1] != 0;\n"
    "main.end:\n"
    "    ret;\n"
    "double:\n"
    "    [ap] = [fp - 3] * 2, ap++;\n"
    "    ret;\n"
    "table: dw N, -N, BIG, table, 0x10;\n";

static void check_sample(const sage_program *p)
{
    static const char name[] = "__main__.double";
    assert_int_equal(p->n_builtins, 11);
    assert_int_equal(p->main, 22);
    assert_string_equal(p->hints[0].text, "memory[ap] = segments.add()");
    assert_string_equal(p->hints[1].text, "a = \"b\\c\"\n  d");
    assert_int_equal(p->hints[1].pc, 24);
    const sage_symbol *s = sage_program_symbol(p, name, strlen(name));
    assert_non_null(s);
    assert_int_equal(s->kind, SAGE_SYMBOL_FUNCTION);
    assert_int_equal(s->pc, 29);
    assert_true(sage_value_equal(p->data[25], sage_value_from_u64(29 - 24)));
    assert_true(sage_value_equal(p->data[27], sage_value_from_u64(28 - 26)));
    assert_true(sage_value_equal(p->data[35], sage_value_from_u64(32)));
    s = sage_program_symbol(p, "__main__.BIG", 12);
    assert_non_null(s);
    assert_int_equal(s->kind, SAGE_SYMBOL_CONST);
    assert_true(sage_value_equal(s->value, p->data[34]));
}

/* Assembled, written as JSON, read by the loader: the same program. */
static void test_written(void **state)
{
    sage_program p, q;
    bytes json       = {0};
    sage_errinfo err = {0};
    (void)state;
    assemble(&p, sample, strlen(sample));
    assert_int_equal(p.form, SAGE_PROGRAM_CASM);
    check_sample(&p);
    assert_int_equal(sage_program_write(&p, put, &json, &err), SAGE_OK);
    if (sage_program_read(&q, (const uint8_t *)json.at, json.n, NULL, &err))
        fail_msg("%s: %s", err.where, err.msg);
    check_same(&p, &q);
    check_sample(&q);
    assert_int_equal(p.n_symbols, q.n_symbols);
    check_fixed_point(&p);
    sage_program_free(&p);
    sage_program_free(&q);
    free(json.at);
}

/* --- errors --- */

static void test_errors(void **state)
{
    static const struct {
        const char *text, *where, *place;
    } wrong[] = {
        {"main: ret;\n  @", "asm.character", "2:3: "},
        {"main: ret", "asm.syntax", "1:10: "},
        {"main: jmp 3;", "asm.syntax", "1:11: "},
        {"main: [ap] 5;", "asm.syntax", "1:12: "},
        {"main: [pc] = 5;", "asm.syntax", "1:8: "},
        {"main: ap -= 3;", "asm.syntax", "1:10: "},
        {"main: 5;", "asm.syntax", "1:7: "},
        {"main: [ap] = ;", "asm.syntax", "1:14: "},
        {"main: [ap] = ap;", "asm.syntax", "1:14: "},
        {"main: [ap] = 0x;", "asm.number", "1:14: "},
        {"main: dw 12ab;", "asm.number", "1:10: "},
        {"main: dw "
         "3618502788666131213697322783095070105623107215331596699973092056135872020481;",
         "asm.number", "1:10: "},
        {"main: [ap + 32768] = 5;", "asm.offset", "1:18: "},
        {"main: [ap - 32769] = 5;", "asm.offset", "1:18: "},
        {"main: [ap] = 5, [fp] = 5;", "asm.instruction", "1:17: "},
        {"main: [ap] = 5, jmp rel 6;", "asm.instruction", "1:26: "},
        {"main: [ap] = 5 + 6;", "asm.instruction", "1:16: "},
        {"main: call rel 3, ap++;", "asm.instruction", "1:23: "},
        {"main: jmp abs 3 if [ap] != 0;", "asm.instruction", "1:17: "},
        {"main: jmp rel 3 if [ap] != 1;", "asm.instruction", "1:29: "},
        {"main: jmp rel [ap] + 3 if [ap] != 0;", "asm.instruction", "1:36: "},
        {"main: ap++, ap++;", "asm.instruction", "1:17: "},
        {"main: [ap] = 5 where dst = [fp];", "asm.instruction", "1:22: "},
        {"main: qm31 [ap] = 5;", "asm.instruction", "1:20: "},
        {"main: nop, ap++;", "asm.instruction", "1:16: "},
        {"main: blake2s[state=[fp], message=[fp], byte_count=[fp], finalize=true] => [ap + 1];",
         "asm.instruction", "1:84: "},
        {"main: call rel nowhere; ret;", "asm.name", "1:16: "},
        {"main: ret;\nmain: ret;", "asm.name", "2:1: "},
        {"main: [ap] = N; const N = 5;", "asm.name", "1:23: "},
        {"const N = N; main: ret;", "asm.name", "1:11: "},
        {"const abs = 3; main: ret;", "asm.name", "1:7: "},
        {"main: [ap + x] = 5;", "asm.name", "1:13: "},
        {"main: ret; __main__.main: ret;", "asm.name", "1:1: "},
        {"builtins: output, beer; main: ret;", "asm.builtins", "1:19: "},
        {"builtins: pedersen, output; main: ret;", "asm.builtins", "1:21: "},
        {"builtins: ; builtins: output; main: ret;", "asm.builtins", "1:23: "},
        {"ret;\n", "asm.entry", "2:1: "},
        {"", "asm.entry", "1:1: "},
        {"ret; main:", "asm.entry", "1:1: "},
        {"__start__: ret; __end__: jmp rel 0;", "asm.entry", "1:1: "},
        {"__start__: ret;", "asm.entry", "1:1: "},
        {"main: %{ hello", "asm.hint", "1:7: "},
        {"main: ret; %{ x %}", "asm.hint", "1:1: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sage_program p;
        sage_errinfo err = {0};
        sage_status s    = sage_assemble(&p, wrong[i].text, strlen(wrong[i].text), &err);
        if (s != SAGE_EFORMAT || strcmp(err.where, wrong[i].where) ||
            strncmp(err.msg, wrong[i].place, strlen(wrong[i].place)))
            fail_msg("%s: %d %s, %s, not %s at %s", wrong[i].text, s, err.where, err.msg,
                     wrong[i].where, wrong[i].place);
        assert_null(p.memory);
    }
}

/* Names that the notation cannot write become comments, hints that it cannot too. */
static void test_hostile_names(void **state)
{
    static const char json[] =
        "{\"prime\": \"0x800000000000011000000000000000000000000000000000000000000000001\","
        "\"builtins\": [], \"data\": [\"0x208b7fff7fff7ffe\", \"0x480680017fff8000\"],"
        "\"hints\": {\"0\": [{\"code\": \"x %} ret;\"}, {\"code\": \" y\\n z \"}]},"
        "\"identifiers\": {\"__main__.main\": {\"type\": \"function\", \"pc\": 0},"
        "\"__main__.jmp\": {\"type\": \"label\", \"pc\": 0},"
        "\"main\": {\"type\": \"label\", \"pc\": 1},"
        "\"__main__.a b\\nret;\": {\"type\": \"label\", \"pc\": 2}}}";
    sage_program p, q;
    bytes text       = {0};
    sage_errinfo err = {0};
    (void)state;
    assert_int_equal(sage_program_read(&p, (const uint8_t *)json, strlen(json), NULL, &err), 0);
    sage_disassemble(&p, put, &text);
    assert_non_null(strstr(text.at, "// hint that cannot be written here: x %} ret;\n"));
    assert_non_null(strstr(text.at, "// label __main__.a b ret;\n"));
    assemble(&q, text.at, text.n);
    assert_int_equal(q.n_data, p.n_data);
    assert_int_equal(q.n_hints, 1);
    assert_string_equal(q.hints[0].text, " y\n z ");
    sage_program_free(&p);
    sage_program_free(&q);
    free(text.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_known_words),
        cmocka_unit_test(test_every_instruction),
        cmocka_unit_test(test_random_programs),
        cmocka_unit_test(test_published_programs),
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_hostile_names),
    };
    return cmocka_run_group_tests_name("asm", tests, NULL, NULL);
}

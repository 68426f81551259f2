/* Hostile Cairo code. Any bytes are a source for the assembler; bytes that begin with 0xff are
 * the words of a program, nine bytes each. What assembles must come back from its text; what
 * runs must end as it does on the slow machine. */
#include "fuzz/fuzz.h"
#include "vm/asm.h"
#include "vm/disasm.h"
#include "vm/test_slow_machine.h"

enum { WORDS = 0xff, WORD_BYTES = 9, MAX_WORDS = 4096, MAX_STEPS = 3000, MAX_CELLS = 1 << 18 };

typedef struct text {
    char *at;
    size_t n, cap;
} text;

static void put(void *to, const void *bytes, size_t n)
{
    text *t = to;
    if (t->n + n > t->cap) {
        t->cap = 2 * (t->n + n);
        t->at  = realloc(t->at, t->cap);
        if (!t->at) abort();
    }
    memcpy(t->at + t->n, bytes, n);
    t->n += n;
}

/* Text and back: the same words, and the same text again. */
static void check_text(const sage_program *p)
{
    sage_program q;
    text first = {0}, second = {0};
    sage_errinfo err = {0};
    sage_disassemble(p, put, &first);
    FUZZ_EXPECT(!sage_assemble(&q, first.at, first.n, &err));
    FUZZ_EXPECT(p->n_data == q.n_data && p->start == q.start && p->end == q.end);
    FUZZ_EXPECT(!memcmp(p->data, q.data, p->n_data * sizeof *p->data));
    sage_disassemble(&q, put, &second);
    FUZZ_EXPECT(first.n == second.n && !memcmp(first.at, second.at, first.n));
    sage_program_free(&q);
    free(first.at);
    free(second.at);
}

static void check_run(const sage_program *p)
{
    static const sage_value felts[] = {{{3, 0, 0, SAGE_VALUE_KNOWN}},
                                       {{7, 0, 0, SAGE_VALUE_KNOWN}}};
    const sage_run_limits limits    = {.max_steps = MAX_STEPS, .max_cells = MAX_CELLS};
    const sage_run_input input      = {.felts = felts, .n_felts = 2};
    sage_run run;
    slow_run slow;
    char what[160];
    sage_errinfo err = {0};
    sage_status s    = sage_run_program(&run, p, &input, &limits, &err);
    FUZZ_EXPECT(!s || (err.where && strchr(err.where, '.')));
    slow_run_program(&slow, p, &input, MAX_STEPS);
    if (!slow.unknown && !(s == SAGE_ELIMIT && !strcmp(err.where, "vm.memory"))) {
        const char *difference = slow_compare(&slow, &run, s ? err.where : NULL, what);
        if (difference) fprintf(stderr, "%s\n", difference);
        FUZZ_EXPECT(!difference);
    }
    slow_free(&slow);
    if (!s) sage_run_free(&run);
}

/* Words behind a start that calls the first of them. */
static sage_status read_words(sage_program *p, const uint8_t *bytes, size_t len)
{
    static const char start[] = "builtins: output, bitwise; main: ";
    text source               = {0};
    char number[SAGE_VALUE_TEXT + 8];
    put(&source, start, strlen(start));
    for (size_t at = 0; len - at >= WORD_BYTES && at / WORD_BYTES < MAX_WORDS;
         at += WORD_BYTES) {
        sage_value v = sage_value_from_u64(0);
        memcpy(v.l, bytes + at, 8);
        v.l[1] = bytes[at + 8] & 1;
        if (bytes[at + 8] & 2) v = sage_value_sub(sage_value_from_u64(0), v);
        put(&source, "dw ", 3);
        sage_casm_print_number(number, v);
        strcat(number, ";\n");
        put(&source, number, strlen(number));
    }
    sage_status s = sage_assemble(p, source.at, source.n, NULL);
    free(source.at);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_program p;
    sage_errinfo err = {0};
    if (len && bytes[0] == WORDS) {
        if (read_words(&p, bytes + 1, len - 1)) return 0;
    } else if (sage_assemble(&p, (const char *)bytes, len, &err)) {
        FUZZ_EXPECT(!strncmp(err.where, "asm.", 4) && strchr(err.msg, ':'));
        return 0;
    }
    check_text(&p);
    check_run(&p);
    sage_program_free(&p);
    return 0;
}

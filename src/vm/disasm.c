/* vm/disasm.c -- what an instruction does, as clauses in a fixed order: assertion, frame, call,
 * jump, ap. Places that the instruction names without using them follow after "where", unless
 * they are where compilers put them. */
#include "vm/disasm.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    OP1_BITS = SAGE_CASM_OP1_IMM | SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP,
    RES_BITS = SAGE_CASM_RES_ADD | SAGE_CASM_RES_MUL,
    PC_BITS  = SAGE_CASM_PC_JUMP | SAGE_CASM_PC_JUMP_REL | SAGE_CASM_PC_JNZ,
    DST      = 0,
    OP0      = 1,
    OP1      = 2
};

typedef struct text {
    char *at;
    size_t n;
} text;

SAGE_PRINTF(2, 3) static void say(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->at + t->n, SAGE_CASM_TEXT - t->n, format, args);
    va_end(args);
    if (n > 0) t->n += (size_t)n;
    if (t->n >= SAGE_CASM_TEXT) t->n = SAGE_CASM_TEXT - 1;
}

void sage_casm_print_number(char out[SAGE_VALUE_TEXT], sage_value v)
{
    sage_value minus = sage_value_sub(sage_value_from_u64(0), v);
    if (sage_value_is_small(v))
        snprintf(out, SAGE_VALUE_TEXT, "%llu", (unsigned long long)v.l[0]);
    else if (sage_value_is_small(minus) && minus.l[0] >> 63 == 0)
        snprintf(out, SAGE_VALUE_TEXT, "-%llu", (unsigned long long)minus.l[0]);
    else
        sage_value_print(out, v);
}

/* An instruction on its way to text. */
typedef struct printer {
    text t;
    const sage_casm *i;
    sage_value immediate;
    const char *target;
    bool begun;
} printer;

static bool has(const printer *p, uint32_t flag)
{
    return p->i->flags & flag;
}

static void cell(printer *p, bool fp, int16_t offset)
{
    say(&p->t, "[%s + %d]", fp ? "fp" : "ap", offset);
}
static void dst(printer *p)
{
    cell(p, has(p, SAGE_CASM_DST_FP), p->i->offset[DST]);
}
static void op0(printer *p)
{
    cell(p, has(p, SAGE_CASM_OP0_FP), p->i->offset[OP0]);
}

static void op1(printer *p)
{
    char number[SAGE_VALUE_TEXT];
    if (has(p, SAGE_CASM_OP1_IMM)) {
        sage_casm_print_number(number, p->immediate);
        say(&p->t, "%s", p->target ? p->target : number);
    } else if (has(p, SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP)) {
        cell(p, has(p, SAGE_CASM_OP1_FP), p->i->offset[OP1]);
    } else {
        say(&p->t, "[");
        op0(p);
        say(&p->t, " + %d]", p->i->offset[OP1]);
    }
}

static void res(printer *p)
{
    if (has(p, RES_BITS)) {
        op0(p);
        say(&p->t, has(p, SAGE_CASM_RES_ADD) ? " + " : " * ");
    }
    op1(p);
}

static void clause(printer *p)
{
    if (p->begun) say(&p->t, ", ");
    p->begun = true;
}

static bool dst_is(const printer *p, bool fp, int16_t offset)
{
    return has(p, SAGE_CASM_DST_FP) == fp && p->i->offset[DST] == offset;
}
static bool op0_is(const printer *p, bool fp, int16_t offset)
{
    return has(p, SAGE_CASM_OP0_FP) == fp && p->i->offset[OP0] == offset;
}
static bool op1_is_link(const printer *p)
{
    return (p->i->flags & (OP1_BITS | RES_BITS)) == SAGE_CASM_OP1_FP && p->i->offset[OP1] == -1;
}

/* A return as compilers write it, up to what it does to ap. */
static bool plain_ret(const printer *p)
{
    return has(p, SAGE_CASM_OPCODE_RET) && (p->i->flags & PC_BITS) == SAGE_CASM_PC_JUMP &&
           dst_is(p, true, -2) && op0_is(p, true, -1) && op1_is_link(p);
}

static void jump(printer *p)
{
    if (!has(p, PC_BITS) || plain_ret(p)) return;
    bool call = has(p, SAGE_CASM_OPCODE_CALL), jnz = has(p, SAGE_CASM_PC_JNZ);
    if (call && !jnz) {
        say(&p->t, " ");
    } else {
        clause(p);
        say(&p->t, "jmp ");
    }
    say(&p->t, has(p, SAGE_CASM_PC_JUMP) ? "abs " : "rel ");
    res(p);
    if (!jnz) return;
    say(&p->t, " if ");
    dst(p);
    say(&p->t, " != 0");
}

static void opcode(printer *p)
{
    if (has(p, SAGE_CASM_OPCODE_ASSERT)) {
        clause(p);
        dst(p);
        say(&p->t, " = ");
        res(p);
    } else if (plain_ret(p)) {
        clause(p);
        say(&p->t, "ret");
    } else if (has(p, SAGE_CASM_OPCODE_RET)) {
        clause(p);
        say(&p->t, "fp = ");
        dst(p);
    } else if (has(p, SAGE_CASM_OPCODE_CALL)) {
        clause(p);
        say(&p->t, "call");
    }
}

static void blake(printer *p)
{
    clause(p);
    say(&p->t, "blake2s[state=");
    op0(p);
    say(&p->t, ", message=");
    op1(p);
    say(&p->t, ", byte_count=");
    dst(p);
    say(&p->t, ", finalize=%s] => [ap + 0]",
        p->i->extension == SAGE_CASM_BLAKE_FINALIZE ? "true" : "false");
}

static void move_ap(printer *p)
{
    if (has(p, SAGE_CASM_AP_ADD1)) {
        clause(p);
        say(&p->t, "ap++");
    } else if (has(p, SAGE_CASM_AP_ADD)) {
        clause(p);
        say(&p->t, "ap += ");
        res(p);
    }
}

static void idle(printer *p, const char *name, void (*place)(printer *p), bool *first)
{
    say(&p->t, "%s%s = ", *first ? " where " : ", ", name);
    place(p);
    *first = false;
}

/* Places that no clause has named. */
static void idle_places(printer *p, bool is_blake)
{
    bool call = has(p, SAGE_CASM_OPCODE_CALL), first = true;
    bool dst_used = is_blake || plain_ret(p) ||
                    has(p, SAGE_CASM_OPCODE_ASSERT | SAGE_CASM_OPCODE_RET | SAGE_CASM_PC_JNZ);
    bool res_used  = is_blake || has(p, SAGE_CASM_OPCODE_ASSERT | PC_BITS | SAGE_CASM_AP_ADD);
    bool op0_named = is_blake || plain_ret(p) || has(p, RES_BITS) || !has(p, OP1_BITS);
    if (!dst_used && !dst_is(p, !call, call ? 0 : -1)) idle(p, "dst", dst, &first);
    if (!op0_named && !op0_is(p, !call, call ? 1 : -1)) idle(p, "op0", op0, &first);
    if (!res_used && !op1_is_link(p)) idle(p, "res", res, &first);
}

/* May the immediate be told as where a jump goes? */
static bool only_jumps(const sage_casm *i)
{
    return (i->flags & (SAGE_CASM_PC_JUMP_REL | SAGE_CASM_PC_JNZ)) &&
           (i->flags & SAGE_CASM_OP1_IMM) &&
           !(i->flags & (RES_BITS | SAGE_CASM_OPCODE_ASSERT | SAGE_CASM_AP_ADD));
}

void sage_casm_print(char out[SAGE_CASM_TEXT],
                     const sage_casm *i,
                     sage_value immediate,
                     const char *target)
{
    bool is_blake = i->extension == SAGE_CASM_BLAKE || i->extension == SAGE_CASM_BLAKE_FINALIZE;
    printer p     = {.t         = {.at = out},
                     .i         = i,
                     .immediate = immediate,
                     .target    = only_jumps(i) ? target : NULL};
    out[0]        = 0;
    if (i->extension == SAGE_CASM_QM31) say(&p.t, "qm31 ");
    if (is_blake) blake(&p);
    opcode(&p);
    jump(&p);
    move_ap(&p);
    if (!p.begun) say(&p.t, "nop");
    idle_places(&p, is_blake);
}

/* --- programs --- */

static const char main_scope[] = "__main__.";

bool sage_casm_is_word(const char *word, size_t len)
{
    static const char *const words[] = {"ap",    "fp",       "jmp",  "call",  "ret",
                                        "nop",   "dw",       "qm31", "const", "blake2s",
                                        "where", "builtins", "if",   "rel",   "abs"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == len && !memcmp(word, words[i], len)) return true;
    return false;
}

const char *sage_casm_label(const char *symbol)
{
    const char *name = symbol;
    if (!strncmp(name, main_scope, strlen(main_scope)) &&
        !strchr(name + strlen(main_scope), '.'))
        name += strlen(main_scope);
    else if (!strchr(name, '.'))
        return NULL;
    if (!isalpha((unsigned char)*name) && *name != '_') return NULL;
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.') return NULL;
    return sage_casm_is_word(name, strlen(name)) ? NULL : name;
}

typedef struct listing {
    const sage_program *p;
    sage_disassemble_put *put;
    void *to;
    uint32_t pc, label, hint; /* what comes next */
} listing;

static void put(listing *l, const char *s)
{
    l->put(l->to, s, strlen(s));
}

static const sage_symbol *located(const listing *l, uint32_t i)
{
    return &l->p->symbols[l->p->located[i]];
}

/* The first name in the notation of a function or label at pc; NULL: none. */
static const char *name_of(const listing *l, uint64_t pc)
{
    uint32_t low = 0, high = l->p->n_located;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (located(l, middle)->pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < l->p->n_located && located(l, low)->pc == pc; low++) {
        const char *name = sage_casm_label(located(l, low)->name);
        if (name) return name;
    }
    return NULL;
}

/* A comment of one line, whatever the text holds. */
static void comment(listing *l, const char *what, const char *s)
{
    put(l, "// ");
    put(l, what);
    for (; *s; s++) {
        char c = isprint((unsigned char)*s) ? *s : ' ';
        l->put(l->to, &c, 1);
    }
    put(l, "\n");
}

static void label(listing *l, const char *name)
{
    put(l, name);
    put(l, ":\n");
}

/* Entry points that no symbol of the main scope names: the loader found or made them. */
static void entry(listing *l, const char *name, uint32_t pc)
{
    char full[32];
    if (pc != l->pc) return;
    int n = snprintf(full, sizeof full, "%s%s", main_scope, name);
    if (!sage_program_symbol(l->p, full, (size_t)n)) label(l, name);
}

static void labels(listing *l)
{
    entry(l, "__start__", l->p->start);
    entry(l, "__end__", l->p->end);
    if (l->p->main != l->p->start) entry(l, "main", l->p->main);
    for (; l->label < l->p->n_located && located(l, l->label)->pc == l->pc; l->label++) {
        const char *name = sage_casm_label(located(l, l->label)->name);
        if (name)
            label(l, name);
        else
            comment(l, "label ", located(l, l->label)->name);
    }
}

static void hint(listing *l, const sage_hint *h)
{
    size_t n = strlen(h->text);
    bool blank =
        n && (isspace((unsigned char)h->text[0]) || isspace((unsigned char)h->text[n - 1]));
    bool lines = blank || !n || strchr(h->text, '\n');
    if (strstr(h->text, "%}")) {
        comment(l, "hint that cannot be written here: ", h->text);
        return;
    }
    if (h->n_references && strstr(h->text, "ids."))
        put(l, "// this hint's ids. are not carried over\n");
    put(l, lines ? "%{\n" : "%{ ");
    put(l, h->text);
    put(l, lines ? "\n%}\n" : " %}\n");
}

static void hints(listing *l)
{
    for (; l->hint < l->p->n_hints && l->p->hints[l->hint].pc == l->pc; l->hint++)
        hint(l, &l->p->hints[l->hint]);
}

/* Does anything but an instruction begin at pc? */
static bool something_at(const listing *l, uint32_t pc)
{
    return (l->label < l->p->n_located && located(l, l->label)->pc == pc) ||
           (l->hint < l->p->n_hints && l->p->hints[l->hint].pc == pc) || pc == l->p->start ||
           pc == l->p->end || pc == l->p->main;
}

static const char *target_of(const listing *l, sage_value by)
{
    sage_value to = sage_value_add(sage_value_from_u64(l->pc), by);
    return sage_value_is_small(to) ? name_of(l, to.l[0]) : NULL;
}

/* The instruction at pc, with its immediate, or one word. */
static void words(listing *l)
{
    char out[SAGE_CASM_TEXT];
    sage_casm i;
    const sage_program *p = l->p;
    sage_value word = p->data[l->pc], next = {{0}};
    bool decoded = sage_casm_decode(&i, word);
    if (decoded && sage_casm_size(&i) == 2) {
        decoded = l->pc + 1 < p->n_data && !something_at(l, l->pc + 1);
        if (decoded) next = p->data[l->pc + 1];
    }
    put(l, "    ");
    if (decoded) {
        sage_casm_print(out, &i, next, sage_value_known(next) ? target_of(l, next) : NULL);
        l->pc += sage_casm_size(&i);
    } else {
        put(l, "dw ");
        sage_casm_print_number(out, word);
        l->pc++;
    }
    put(l, out);
    put(l, ";\n");
}

void sage_disassemble(const sage_program *p, sage_disassemble_put *to_put, void *to)
{
    listing l = {.p = p, .put = to_put, .to = to};
    put(&l, "builtins:");
    for (uint32_t i = 0; i < p->n_builtins; i++) {
        put(&l, i ? ", " : " ");
        put(&l, sage_builtin_name(p->builtins[i]));
    }
    put(&l, ";\n\n");
    while (l.pc < p->n_data) {
        labels(&l);
        hints(&l);
        words(&l);
    }
    labels(&l);
}

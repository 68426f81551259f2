/* vm/asm.c -- statements: builtins, constants, labels, hints, data, instructions; then every
 * label that was named gets its place, and the program its start. */
#include "vm/asm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/asm_parse.h"
#include "vm/disasm.h"
#include "vm/start.h"

enum { FIRST_SLOTS = 256, MAX_NAMES = 1 << 22 };
static const char main_scope[] = "__main__.";

/* --- tokens --- */

sage_status asm_bad(assembler *a, const char *where, const char *what)
{
    const asm_token *t = &a->lex.token;
    return sage_fail(a->err, SAGE_EFORMAT, where, t->line, "%u:%u: %s, at %.*s", t->line,
                     t->column, what, t->len < 40 ? (int)t->len : 40,
                     t->len ? t->text : "the end");
}

bool asm_is(const assembler *a, char character)
{
    return a->lex.token.kind == ASM_CHARACTER && a->lex.token.character == character;
}

static bool token_is(const asm_token *t, const char *word)
{
    return t->kind == ASM_NAME && t->len == strlen(word) && !memcmp(t->text, word, t->len);
}

bool asm_is_word(const assembler *a, const char *word)
{
    return token_is(&a->lex.token, word);
}

sage_status asm_take(assembler *a, char character)
{
    char what[] = "'?' is due";
    what[1]     = character;
    return asm_is(a, character) ? asm_next(&a->lex) : asm_bad(a, "asm.syntax", what);
}

sage_status asm_take_word(assembler *a, const char *word)
{
    if (asm_is_word(a, word)) return asm_next(&a->lex);
    const asm_token *t = &a->lex.token;
    return sage_fail(a->err, SAGE_EFORMAT, "asm.syntax", t->line, "%u:%u: %s is due", t->line,
                     t->column, word);
}

static sage_status no_memory(assembler *a)
{
    return sage_fail(a->err, SAGE_ENOMEM, "asm.memory", a->lex.line,
                     "no memory for a program of this size");
}

/* Room for one more of *n items. */
static sage_status grow(assembler *a, void **p, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap) return SAGE_OK;
    uint32_t room = *cap ? 2 * *cap : 64;
    void *new     = room > *cap ? realloc(*p, room * size) : NULL;
    if (!new) return no_memory(a);
    *p   = new;
    *cap = room;
    return SAGE_OK;
}

/* --- names --- */

static uint32_t hash(const char *text, size_t len)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

static uint32_t *slot_of(assembler *a, const char *text, size_t len)
{
    uint32_t at = hash(text, len) & (a->n_slots - 1);
    for (; a->slots[at]; at = (at + 1) & (a->n_slots - 1)) {
        const asm_name *n = &a->names[a->slots[at] - 1];
        if (n->len == len && !memcmp(n->text, text, len)) break;
    }
    return &a->slots[at];
}

static sage_status grow_slots(assembler *a)
{
    if (a->n_names * 2 < a->n_slots) return SAGE_OK;
    uint32_t n      = a->n_slots ? 2 * a->n_slots : FIRST_SLOTS;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots) return no_memory(a);
    free(a->slots);
    a->slots   = slots;
    a->n_slots = n;
    for (uint32_t i = 0; i < a->n_names; i++)
        *slot_of(a, a->names[i].text, a->names[i].len) = i + 1;
    return SAGE_OK;
}

sage_status asm_find_name(assembler *a, uint32_t *out)
{
    const asm_token *t = &a->lex.token;
    sage_status s      = grow_slots(a);
    if (s) return s;
    uint32_t *slot = slot_of(a, t->text, t->len);
    if (!*slot) {
        if (a->n_names == MAX_NAMES || t->len > UINT16_MAX)
            return sage_fail(a->err, SAGE_ELIMIT, "asm.size", t->line,
                             "%u:%u: too many names, or too long a one", t->line, t->column);
        s = grow(a, (void **)&a->names, a->n_names, &a->cap_names, sizeof *a->names);
        if (s) return s;
        a->names[a->n_names++] = (asm_name){
            .text = t->text, .len = (uint32_t)t->len, .line = t->line, .column = t->column};
        *slot = a->n_names;
    }
    *out = *slot - 1;
    return SAGE_OK;
}

static bool is_reserved(const asm_token *t)
{
    return sage_casm_is_word(t->text, t->len);
}

/* The name at the token becomes a label or a constant. */
static sage_status define(assembler *a, int kind, uint32_t *out)
{
    if (is_reserved(&a->lex.token))
        return asm_bad(a, "asm.name", "this word has a meaning of its own");
    sage_status s = asm_find_name(a, out);
    if (s) return s;
    asm_name *n = &a->names[*out];
    if (n->kind != ASM_UNDEFINED) return asm_bad(a, "asm.name", "this name is taken");
    if (kind == ASM_CONST && (n->line != a->lex.token.line || n->column != a->lex.token.column))
        return asm_bad(a, "asm.name", "a constant must stand before its first use");
    n->line   = a->lex.token.line;
    n->column = a->lex.token.column;
    if (kind == ASM_CONST)
        n->kind = ASM_CONST;
    else
        n->kind = ASM_LABEL;
    return SAGE_OK;
}

/* --- numbers --- */

static sage_status read_named(assembler *a, bool label_ok, asm_number *out)
{
    uint32_t at;
    if (is_reserved(&a->lex.token)) return asm_bad(a, "asm.syntax", "a number is due");
    sage_status s = asm_find_name(a, &at);
    if (s) return s;
    if (a->names[at].kind == ASM_CONST)
        out->value = a->names[at].value;
    else if (label_ok)
        out->label = at;
    else
        return asm_bad(a, "asm.name", "no constant of this name stands before");
    return asm_next(&a->lex);
}

sage_status asm_read_number(assembler *a, bool label_ok, asm_number *out)
{
    bool minus         = asm_is(a, '-');
    *out               = (asm_number){.value = sage_value_from_u64(0), .label = ASM_NO_LABEL};
    sage_status s      = minus ? asm_take(a, '-') : SAGE_OK;
    const asm_token *t = &a->lex.token;
    if (s) return s;
    if (t->kind == ASM_NAME) {
        s = read_named(a, label_ok && !minus, out);
    } else if (t->kind == ASM_NUMBER) {
        if (!sage_value_parse(&out->value, t->text, t->len) || !sage_value_is_felt(out->value))
            return asm_bad(a, "asm.number", "no number below the prime");
        s = asm_next(&a->lex);
    } else {
        return asm_bad(a, "asm.syntax", "a number is due");
    }
    if (!s && minus) out->value = sage_value_sub(sage_value_from_u64(0), out->value);
    return s;
}

/* --- words --- */

static sage_status add_word(assembler *a, sage_value v)
{
    if (a->n_words >= SAGE_PROGRAM_MAX_DATA - SAGE_START_MAX)
        return sage_fail(a->err, SAGE_ELIMIT, "asm.size", a->lex.line,
                         "%u:1: a program has at most %d words", a->lex.line,
                         SAGE_PROGRAM_MAX_DATA);
    sage_status s = grow(a, (void **)&a->words, a->n_words, &a->cap_words, sizeof *a->words);
    if (!s) a->words[a->n_words++] = v;
    return s;
}

/* from: the pc that the number is relative to, or that of the program's own first word. */
static sage_status add_number(assembler *a, const asm_number *n, uint32_t from)
{
    sage_status s = SAGE_OK;
    if (n->label != ASM_NO_LABEL) {
        s = grow(a, (void **)&a->fixups, a->n_fixups, &a->cap_fixups, sizeof *a->fixups);
        if (s) return s;
        a->fixups[a->n_fixups++] =
            (asm_fixup){a->n_words, n->label, n->relative ? from : UINT32_MAX};
    }
    return add_word(a, n->value);
}

static sage_status read_words(assembler *a)
{
    asm_number n;
    sage_status s = asm_take_word(a, "dw");
    if (!s) s = asm_read_number(a, true, &n);
    if (!s) s = add_number(a, &n, 0);
    while (!s && asm_is(a, ',')) {
        s = asm_take(a, ',');
        if (!s) s = asm_read_number(a, true, &n);
        if (!s) s = add_number(a, &n, 0);
    }
    a->hints_here = 0;
    return s ? s : asm_take(a, ';');
}

static sage_status read_instruction(assembler *a)
{
    sage_casm i;
    asm_number immediate;
    uint32_t pc   = a->n_words;
    sage_status s = asm_read_instruction(a, &i, &immediate);
    if (!s) s = asm_take(a, ';');
    if (!s) s = add_word(a, sage_casm_encode(&i));
    if (!s && sage_casm_size(&i) == 2) s = add_number(a, &immediate, pc);
    a->hints_here = 0;
    return s;
}

/* --- other statements --- */

static char *copy(assembler *a, const char *text, size_t len)
{
    char *out = sage_program_take(a->p, len + 1, 1);
    if (out) memcpy(out, text, len);
    return out;
}

static sage_status read_hint(assembler *a)
{
    sage_status s    = grow(a, (void **)&a->hints, a->n_hints, &a->cap_hints, sizeof *a->hints);
    const char *text = s ? NULL : copy(a, a->lex.token.text, a->lex.token.len);
    if (!text) return no_memory(a);
    a->hints[a->n_hints++] =
        (sage_hint){.pc = a->n_words, .order = a->hints_here++, .text = text};
    return asm_next(&a->lex);
}

static sage_status read_const(assembler *a)
{
    uint32_t at;
    asm_number n;
    sage_status s = asm_take_word(a, "const");
    if (s) return s;
    if (a->lex.token.kind != ASM_NAME) return asm_bad(a, "asm.syntax", "a name is due");
    s = define(a, ASM_CONST, &at);
    if (!s) s = asm_next(&a->lex);
    if (!s) s = asm_take(a, '=');
    if (s) return s;
    a->names[at].kind = ASM_UNDEFINED; /* not in its own value */
    s                 = asm_read_number(a, false, &n);
    a->names[at].kind = ASM_CONST;
    if (s) return s;
    a->names[at].value = n.value;
    return asm_take(a, ';');
}

static sage_status read_builtin(assembler *a)
{
    sage_builtin b;
    sage_program *p    = a->p;
    const asm_token *t = &a->lex.token;
    if (t->kind != ASM_NAME || !sage_builtin_named(t->text, t->len, &b))
        return asm_bad(a, "asm.builtins", "no builtin has this name");
    if (p->n_builtins && p->builtins[p->n_builtins - 1] >= b)
        return asm_bad(a, "asm.builtins", "builtins come in the order of main's arguments");
    p->builtins[p->n_builtins++] = b;
    return asm_next(&a->lex);
}

/* What follows "builtins:". */
static sage_status read_builtins(assembler *a)
{
    if (a->builtins_given) return asm_bad(a, "asm.builtins", "the builtins are given twice");
    a->builtins_given = true;
    sage_status s     = asm_is(a, ';') ? SAGE_OK : read_builtin(a);
    while (!s && asm_is(a, ',')) {
        s = asm_take(a, ',');
        if (!s) s = read_builtin(a);
    }
    return s ? s : asm_take(a, ';');
}

/* A name that is no word of the notation: a label and its colon. */
static sage_status read_label(assembler *a)
{
    uint32_t at;
    sage_status s = define(a, ASM_LABEL, &at);
    if (!s) s = asm_next(&a->lex);
    if (s) return s;
    a->names[at].pc = a->n_words;
    return asm_take(a, ':');
}

static sage_status read_statement(assembler *a)
{
    static const char *const begins[] = {"ap",  "fp",  "jmp",  "call",
                                         "ret", "nop", "qm31", "blake2s"};
    if (a->lex.token.kind == ASM_HINT) return read_hint(a);
    if (asm_is(a, '[')) return read_instruction(a);
    if (a->lex.token.kind != ASM_NAME) return asm_bad(a, "asm.syntax", "a statement is due");
    if (asm_is_word(a, "dw")) return read_words(a);
    if (asm_is_word(a, "const")) return read_const(a);
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (asm_is_word(a, begins[i])) return read_instruction(a);
    if (!asm_is_word(a, "builtins")) return read_label(a);
    sage_status s = asm_next(&a->lex);
    if (!s) s = asm_take(a, ':');
    return s ? s : read_builtins(a);
}

/* --- the whole --- */

static const asm_name *label_named(assembler *a, const char *name)
{
    if (!a->n_slots) return NULL;
    uint32_t at       = *slot_of(a, name, strlen(name));
    const asm_name *n = at ? &a->names[at - 1] : NULL;
    return n && n->kind == ASM_LABEL ? n : NULL;
}

static sage_status no_entry(assembler *a, const char *what)
{
    return sage_fail(a->err, SAGE_EFORMAT, "asm.entry", a->lex.line, "%u:1: %s", a->lex.line,
                     what);
}

/* Resolves what was written before its label was known; labels' pcs are moved by `by`. */
static sage_status resolve(assembler *a, uint32_t by)
{
    for (uint32_t i = 0; i < a->n_fixups; i++) {
        const asm_fixup *f = &a->fixups[i];
        const asm_name *n  = &a->names[f->label];
        if (n->kind != ASM_LABEL)
            return sage_fail(a->err, SAGE_EFORMAT, "asm.name", n->line,
                             "%u:%u: no label or constant is named %.*s", n->line, n->column,
                             n->len < 60 ? (int)n->len : 60, n->text);
        sage_value to     = sage_value_from_u64(n->pc);
        a->words[f->word] = f->from == UINT32_MAX
                                ? sage_value_add(to, sage_value_from_u64(by))
                                : sage_value_sub(to, sage_value_from_u64(f->from));
    }
    return SAGE_OK;
}

static sage_status keep_words(assembler *a, uint32_t by)
{
    sage_program *p = a->p;
    p->n_data       = a->n_words + by;
    p->data         = sage_program_take(p, p->n_data, sizeof *p->data);
    if (!p->data) return no_memory(a);
    if (by) sage_start_write(p, p->data, p->main);
    if (a->n_words) memcpy(p->data + by, a->words, a->n_words * sizeof *a->words);
    return SAGE_OK;
}

static sage_status keep_hints(assembler *a, uint32_t by)
{
    sage_program *p = a->p;
    if (!a->n_hints) return SAGE_OK;
    if (a->hints[a->n_hints - 1].pc >= a->n_words)
        return sage_fail(a->err, SAGE_EFORMAT, "asm.hint", a->lex.line,
                         "%u:1: a hint stands before no instruction", a->lex.line);
    p->hints = sage_program_take(p, a->n_hints, sizeof *p->hints);
    if (!p->hints) return no_memory(a);
    memcpy(p->hints, a->hints, a->n_hints * sizeof *p->hints);
    p->n_hints = a->n_hints;
    for (uint32_t i = 0; i < p->n_hints; i++)
        p->hints[i].pc += by;
    return SAGE_OK;
}

/* A start of the text's own must end in the loop that the loader asks for: four words on. */
static bool loops(const assembler *a, const asm_name *start, const asm_name *end)
{
    sage_casm i;
    return end->pc == start->pc + SAGE_START_END && end->pc + 1 < a->n_words &&
           sage_casm_decode(&i, a->words[end->pc]) &&
           sage_casm_opcode(&i) == SAGE_OPCODE_JUMP_REL_IMM && !(i.flags & SAGE_CASM_AP_ADD1) &&
           sage_value_equal(a->words[end->pc + 1], sage_value_from_u64(0));
}

/* Where the program starts and ends; *by words come in front. */
static sage_status find_entry(assembler *a, uint32_t *by)
{
    const asm_name *start = label_named(a, "__start__"), *end = label_named(a, "__end__"),
                   *main = label_named(a, "main");
    if (!start != !end) return no_entry(a, "__start__ and __end__ come together or not at all");
    if (start && !loops(a, start, end))
        return no_entry(a, "__end__: jmp rel 0; must stand four words after __start__");
    if (!start && (!main || main->pc >= a->n_words))
        return no_entry(a, "the program has no code at a label main");
    *by         = start ? 0 : sage_start_length(a->p);
    a->p->start = start ? start->pc : 0;
    a->p->end   = start ? end->pc : SAGE_START_END;
    a->p->main  = main && main->pc < a->n_words ? main->pc + *by : a->p->start;
    return SAGE_OK;
}

/* --- symbols --- */

static bool is_function(const asm_name *n)
{
    return n->kind == ASM_LABEL &&
           (n->called || (n->len == strlen("main") && !memcmp(n->text, "main", n->len)));
}

/* Names without a dot belong to the main scope. */
static sage_status add_symbol(assembler *a, const char *text, size_t len, sage_symbol s)
{
    const char *scope = memchr(text, '.', len) ? "" : main_scope;
    size_t room       = strlen(scope) + len + 1;
    char *name        = sage_program_take(a->p, room, 1);
    if (!name) return no_memory(a);
    snprintf(name, room, "%s%.*s", scope, (int)len, text); /* len < 2^16: asm_find_name */
    s.name                           = name;
    a->p->symbols[a->p->n_symbols++] = s;
    return SAGE_OK;
}

static sage_status add_label(assembler *a, const char *text, uint32_t pc)
{
    return add_symbol(a, text, strlen(text),
                      (sage_symbol){.kind = SAGE_SYMBOL_LABEL, .pc = pc});
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const sage_symbol *)a)->name, ((const sage_symbol *)b)->name);
}

typedef struct place {
    uint32_t pc, index;
} place;

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->pc != y->pc) return x->pc < y->pc ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static sage_status locate(assembler *a)
{
    sage_program *p = a->p;
    place *places   = malloc(((size_t)p->n_symbols + 1) * sizeof *places);
    p->located      = sage_program_take(p, (size_t)p->n_symbols + 1, sizeof *p->located);
    if (!places || !p->located) {
        free(places);
        return no_memory(a);
    }
    for (uint32_t i = 0; i < p->n_symbols; i++)
        if (p->symbols[i].kind != SAGE_SYMBOL_CONST)
            places[p->n_located++] = (place){p->symbols[i].pc, i};
    if (p->n_located) qsort(places, p->n_located, sizeof *places, by_place);
    for (uint32_t i = 0; i < p->n_located; i++)
        p->located[i] = places[i].index;
    free(places);
    return SAGE_OK;
}

static sage_status keep_names(assembler *a, uint32_t by)
{
    sage_program *p = a->p;
    p->symbols      = sage_program_take(p, (size_t)a->n_names + 2, sizeof *p->symbols);
    if (!p->symbols) return no_memory(a);
    sage_status s = SAGE_OK;
    for (uint32_t i = 0; !s && i < a->n_names; i++) {
        const asm_name *n = &a->names[i];
        if (n->kind == ASM_UNDEFINED) continue;
        sage_symbol symbol = {.kind  = n->kind == ASM_CONST ? SAGE_SYMBOL_CONST
                                       : is_function(n)     ? SAGE_SYMBOL_FUNCTION
                                                            : SAGE_SYMBOL_LABEL,
                              .pc    = n->kind == ASM_LABEL ? n->pc + by : 0,
                              .value = n->value};
        s                  = add_symbol(a, n->text, n->len, symbol);
    }
    if (!s && by) s = add_label(a, "__start__", p->start);
    if (!s && by) s = add_label(a, "__end__", p->end);
    if (s) return s;
    if (p->n_symbols) qsort(p->symbols, p->n_symbols, sizeof *p->symbols, by_name);
    for (uint32_t i = 1; i < p->n_symbols; i++)
        if (!strcmp(p->symbols[i - 1].name, p->symbols[i].name))
            return sage_fail(a->err, SAGE_EFORMAT, "asm.name", -1,
                             "1:1: %.120s is defined with and without its scope",
                             p->symbols[i].name);
    return locate(a);
}

static sage_status finish(assembler *a)
{
    uint32_t by   = 0;
    sage_status s = find_entry(a, &by);
    if (!s) s = resolve(a, by);
    if (!s) s = keep_words(a, by);
    if (!s) s = keep_hints(a, by);
    return s ? s : keep_names(a, by);
}

sage_status sage_assemble(sage_program *out, const char *text, size_t len, sage_errinfo *err)
{
    assembler a = {
        .lex = {.text = text, .len = len, .line = 1, .err = err}, .p = out, .err = err};
    memset(out, 0, sizeof *out);
    out->form = SAGE_PROGRAM_CASM;
    sage_status s =
        len > SAGE_PROGRAM_MAX_BYTES
            ? sage_fail(err, SAGE_ELIMIT, "asm.size", 1, "1:1: %zu bytes, at most %d are read",
                        len, SAGE_PROGRAM_MAX_BYTES)
            : asm_next(&a.lex);
    while (!s && a.lex.token.kind != ASM_END)
        s = read_statement(&a);
    if (!s) s = finish(&a);
    free(a.names);
    free(a.slots);
    free(a.words);
    free(a.fixups);
    free(a.hints);
    if (s) sage_program_free(out);
    return s;
}

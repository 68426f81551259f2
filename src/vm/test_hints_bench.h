/* vm/test_hints_bench.h -- hints of all families by their names: every operand gets a cell of
 * the execution segment, whatever the language, so that a test says "a=5 b=7" and looks at what
 * is there afterwards. */
#ifndef SAGE_VM_TEST_HINTS_BENCH_H
#define SAGE_VM_TEST_HINTS_BENCH_H

#include "vm/test_hints.h"

enum {
    BENCH_HINTS  = 256,
    BENCH_CELLS  = 1024, /* operands in all */
    BENCH_REGION = 16,   /* cells of one struct */
    BENCH_FP     = 1 << 16,
    BENCH_AP     = 1 << 17,
    BENCH_TEXT   = 1 << 18 /* bytes of all texts */
};

typedef struct bench_cell {
    char name[HINT_NAME]; /* of the operand: "a.low" */
    int offset;           /* from fp; BENCH_AP: the cell at ap */
} bench_cell;

typedef struct bench {
    sage_program program;
    sage_hint hints[BENCH_HINTS];
    const hint_kind *kinds[BENCH_HINTS];
    sage_hint_reference references[BENCH_CELLS];
    char *text; /* what pointers of the program point to */
    size_t n_text;
    sage_symbol symbols[BENCH_CELLS];
    uint32_t n_references;
    bench_cell cells[BENCH_CELLS];
    uint32_t n_cells;
    int next; /* free offset */
    sage_memory memory;
    sage_run_input input;
    uint32_t builtin_segment[SAGE_BUILTINS];
    sage_hint_state *state;
    sage_errinfo err;
} bench;

static inline bench *bench_new(sage_program_form form)
{
    uint32_t segment;
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->text = malloc(BENCH_TEXT);
    assert_non_null(b->text);
    b->program = (sage_program){
        .form = form, .n_data = BENCH_HINTS, .hints = b->hints, .symbols = b->symbols};
    sage_memory_init(&b->memory, 1 << 22);
    for (int i = 0; i < 8; i++) /* 2 .. 7: for tests to point to */
        assert_int_equal(sage_memory_add(&b->memory, &segment, &b->err), SAGE_OK);
    return b;
}

static inline void bench_free(bench *b)
{
    sage_hints_free(b->state);
    sage_memory_free(&b->memory);
    free(b->text);
    free(b);
}

/* A text that lives as long as the bench. */
SAGE_PRINTF(2, 3) static inline const char *bench_print(bench *b, const char *format, ...)
{
    va_list list;
    char *at    = b->text + b->n_text;
    size_t room = BENCH_TEXT - b->n_text;
    va_start(list, format);
    int n = vsnprintf(at, room, format, list);
    va_end(list);
    assert_true(n >= 0 && (size_t)n < room);
    b->n_text += (size_t)n + 1;
    return at;
}

static inline bench_cell *bench_find(bench *b, const char *name, size_t n)
{
    for (uint32_t i = 0; i < b->n_cells; i++)
        if (!strncmp(b->cells[i].name, name, n) && !b->cells[i].name[n]) return &b->cells[i];
    return NULL;
}

/* ids.<name>: the cell at fp + offset, of that type. */
static inline void bench_refer(bench *b, const char *name, int offset, const char *type)
{
    uint32_t i = b->n_references++;
    assert_true(i < BENCH_CELLS);
    const char *path = bench_print(b, "main.%s", name);
    b->references[i] = (sage_hint_reference){
        .name       = path + strlen("main."),
        .path       = path,
        .expression = bench_print(b, "[cast(fp + (%d), %s*)]", offset, type),
        .ap_tracked = true};
}

/* The region of ids.<base>, a struct t_base whose first cell is also ids.<base> itself. */
static inline int bench_base(bench *b, const char *base)
{
    for (uint32_t i = 0; i < b->n_cells; i++)
        if (!strcmp(b->cells[i].name, base)) return b->cells[i].offset;
    bench_cell *c = &b->cells[b->n_cells++];
    assert_true(b->n_cells <= BENCH_CELLS);
    snprintf(c->name, sizeof c->name, "%s", base);
    c->offset = b->next;
    b->next += BENCH_REGION;
    bench_refer(b, base, c->offset, bench_print(b, "t_%s", base));
    return c->offset;
}

/* base.member, or base.address_: of a pointer, unless base is known as a struct. */
static inline void bench_add_member(bench *b, const char *name, size_t n, const char *member)
{
    const char *base = bench_print(b, "%.*s", (int)(member - name - 1), name);
    int offset = b->next, members = 0;
    for (uint32_t i = 0; i < b->n_cells; i++)
        members += !strncmp(b->cells[i].name, name, (size_t)(member - name));
    if (strncmp(member, "address_", 8) != 0 || bench_find(b, base, strlen(base)))
        offset = bench_base(b, base) + members;
    else
        bench_refer(b, base, b->next++, "felt*");
    bench_cell *c = &b->cells[b->n_cells++];
    assert_true(b->n_cells <= BENCH_CELLS && members < BENCH_REGION);
    memcpy(c->name, name, n);
    c->offset       = offset;
    sage_symbol *at = &b->symbols[b->program.n_symbols++];
    *at             = (sage_symbol){.name = bench_print(b, "t_%s", c->name), .type = "felt"};
    at->kind        = SAGE_SYMBOL_MEMBER;
    at->value       = number((uint64_t)members);
}

static inline void bench_add_cell(bench *b, const char *name, size_t n, bool ids)
{
    const char *dot = memchr(name, '.', n);
    if (bench_find(b, name, n)) return;
    if (dot) {
        bench_add_member(b, name, n, dot + 1);
    } else if (ids && *name != '[') {
        (void)bench_base(b, bench_print(b, "%.*s", (int)n, name));
    } else {
        bench_cell *c = &b->cells[b->n_cells++];
        assert_true(b->n_cells <= BENCH_CELLS);
        memcpy(c->name, name, n);
        c->offset = *name == '[' ? BENCH_AP : b->next++;
    }
}

static inline const hint_kind *bench_kind(const char *name)
{
    uint32_t n;
    const hint_family *const *f = hint_families(&n);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < f[i]->n; j++)
            if (!strcmp(f[i]->kinds[j].name, name)) return &f[i]->kinds[j];
    return NULL;
}

static inline const char *bench_json(bench *b, const hint_kind *k)
{
    char out[2048];
    int at           = snprintf(out, sizeof out, "{\"%s\": {", k->name);
    const char *list = k->operands, *comma = "";
    for (size_t n; (n = strcspn(list, " ")); list += n + (list[n] == ' ')) {
        at += snprintf(out + at, sizeof out - (size_t)at,
                       "%s\"%.*s\": {\"Deref\": {\"register\": \"FP\", \"offset\": %d}}", comma,
                       (int)n, list, bench_find(b, list, n)->offset);
        comma = ", ";
    }
    return bench_print(b, "%s}}", out);
}

/* The hint at the next pc, which comes back. */
static inline uint32_t bench_add_kind(bench *b, const hint_kind *k)
{
    static const char *scopes[] = {"main"};
    uint32_t i                  = b->program.n_hints++;
    assert_true(i < BENCH_HINTS);
    const char *list = k->operands;
    for (size_t n; (n = strcspn(list, " ")); list += n + (list[n] == ' '))
        bench_add_cell(b, list, n, k->text);
    b->kinds[i] = k;
    b->hints[i] = (sage_hint){
        .pc = i, .text = k->text ? k->text : bench_json(b, k), .scopes = scopes, .n_scopes = 1};
    return i;
}
static inline uint32_t bench_add(bench *b, const char *name)
{
    const hint_kind *k = bench_kind(name);
    if (!k) fail_msg("there is no hint %s", name);
    return bench_add_kind(b, k);
}

static inline int bench_by_name(const void *a, const void *b)
{
    return strcmp(((const sage_symbol *)a)->name, ((const sage_symbol *)b)->name);
}

static inline int bench_by_path(const void *a, const void *b)
{
    return strcmp(((const sage_hint_reference *)a)->path,
                  ((const sage_hint_reference *)b)->path);
}

static inline void bench_prepare(bench *b)
{
    qsort(b->references, b->n_references, sizeof *b->references, bench_by_path);
    qsort(b->symbols, b->program.n_symbols, sizeof *b->symbols, bench_by_name);
    for (uint32_t i = 0; i < b->program.n_hints; i++) {
        b->hints[i].references   = b->references;
        b->hints[i].n_references = b->n_references;
    }
    sage_status s = sage_hints_prepare(&b->state, &b->program, &b->err);
    if (s) fail_msg("%s: %s", b->err.where, b->err.msg);
}

static inline sage_status bench_run(bench *b, uint32_t pc)
{
    sage_hint_machine m = {.program         = &b->program,
                           .input           = &b->input,
                           .memory          = &b->memory,
                           .pc              = pc,
                           .ap              = BENCH_AP,
                           .fp              = BENCH_FP,
                           .builtin_segment = b->builtin_segment};
    return sage_hints_run(b->state, &m, &b->err);
}

static inline sage_address bench_at(bench *b, const char *name, size_t n)
{
    const bench_cell *c = bench_find(b, name, n);
    if (!c) fail_msg("no hint here names %.*s", (int)n, name);
    uint32_t at = c->offset == BENCH_AP ? BENCH_AP : BENCH_FP + (uint32_t)c->offset;
    return (sage_address){SAGE_SEGMENT_EXECUTION, at};
}

/* A felt, "2:5" for an address, "-" for an empty cell. */
static inline sage_value bench_value(const char *text, size_t n)
{
    sage_value v      = {{0}};
    const char *colon = memchr(text, ':', n);
    if (n == 1 && *text == '-') return v;
    if (colon)
        return address((uint32_t)strtoul(text, NULL, 10),
                       (uint32_t)strtoul(colon + 1, NULL, 10));
    if (!sage_value_parse(&v, text, n)) fail_msg("%.*s is no value", (int)n, text);
    return v;
}

/* The place "2:5" or of an operand. */
static inline sage_address bench_place(bench *b, const char *name, size_t n)
{
    if (*name < '0' || *name > '9') return bench_at(b, name, n);
    return sage_value_address(bench_value(name, n));
}

static inline void bench_put(bench *b, sage_address at, sage_value v)
{
    assert_int_equal(sage_memory_reserve(&b->memory, at.segment, at.offset + 1ull, &b->err),
                     SAGE_OK);
    b->memory.segment[at.segment].cell[at.offset] = v;
}

/* "a=5 b=2:0 2:0=7": cells set, whatever they held. */
static inline void bench_set(bench *b, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, "="), m = strcspn(list + n + 1, " ");
        bench_put(b, bench_place(b, list, n), bench_value(list + n + 1, m));
        list += n + 1 + m;
        list += strspn(list, " ");
    }
}

static inline void bench_expect(bench *b, const char *list)
{
    char got[SAGE_VALUE_TEXT], want[SAGE_VALUE_TEXT];
    while (*list) {
        size_t n = strcspn(list, "="), m = strcspn(list + n + 1, " ");
        sage_value_print(got, sage_memory_get(&b->memory, bench_place(b, list, n)));
        sage_value_print(want, bench_value(list + n + 1, m));
        if (strcmp(got, want) != 0)
            fail_msg("%.*s is %s instead of %s", (int)n, list, got, want);
        list += n + 1 + m;
        list += strspn(list, " ");
    }
}

/* A hint alone: cells before, cells after, or the code it fails with. */
typedef struct bench_row {
    const char *hint, *before, *after, *where;
} bench_row;

static inline void bench_check(const bench_row *row)
{
    const hint_kind *k = bench_kind(row->hint);
    if (!k) fail_msg("there is no hint %s", row->hint);
    bench *b    = bench_new(k->text ? SAGE_PROGRAM_CAIRO0 : SAGE_PROGRAM_CAIRO1);
    uint32_t pc = bench_add(b, row->hint);
    bench_prepare(b);
    bench_set(b, row->before);
    sage_status s = bench_run(b, pc);
    if (!s != !row->where || (s && strcmp(b->err.where, row->where) != 0))
        fail_msg("%s with %s: %s", row->hint, row->before, s ? b->err.msg : "no error");
    if (!s) bench_expect(b, row->after);
    bench_free(b);
}
static inline void bench_check_all(const bench_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bench_check(&rows[i]);
}

#endif

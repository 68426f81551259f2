/* vm/load_names.c -- the identifiers of a Cairo 0 program as symbols. */
#include <stdlib.h>
#include <string.h>

#include "vm/load.h"

/* A member's full name repeats its struct's: at most JOINED bytes a byte of the file in all. */
enum { FIRST_ROOM = 64, ON_PATH = 1, DONE = 2, JOINED = 16 };
static const uint32_t nowhere = UINT32_MAX;

/* Symbols as they are found. */
typedef struct found {
    loader *l;
    sage_symbol *at;
    uint32_t n, cap;
    size_t joined, max_joined; /* bytes of members' full names, and their bound */
} found;

static sage_status bad(found *f, const sage_json_in *c, const char *what, const char *name)
{
    return sage_fail(f->l->err, SAGE_EFORMAT, "program.identifiers", (long long)c->at,
                     "%.120s: %s", name, what);
}

static sage_status add(found *f, const sage_symbol *s)
{
    if (f->n == f->cap) {
        uint32_t cap = f->cap ? 2 * f->cap : FIRST_ROOM;
        size_t bytes = (size_t)cap * sizeof *f->at;
        void *room   = cap > f->cap ? realloc(f->at, bytes) : NULL;
        if (!room) return load_no_memory(f->l, "the program's names");
        f->at  = room;
        f->cap = cap;
    }
    f->at[f->n++] = *s;
    return SAGE_OK;
}

static sage_status join(found *f, const char *a, const char *b, const char **out)
{
    size_t m = strlen(a), n = strlen(b);
    f->joined += m + n + 2;
    if (f->joined > f->max_joined)
        return sage_fail(f->l->err, SAGE_ELIMIT, "program.identifiers", -1,
                         "%.120s: names of members are much longer than the file", a);
    char *text = sage_program_take(f->l->p, m + n + 2, 1);
    if (!text) return load_no_memory(f->l, "a name");
    memcpy(text, a, m);
    text[m] = '.';
    memcpy(text + m + 1, b, n);
    *out = text;
    return SAGE_OK;
}

static sage_status read_offset(sage_json_in *c, sage_value *out)
{
    uint64_t v    = 0;
    sage_status s = sage_json_in_number(c, UINT32_MAX, &v, "program.identifiers");
    *out          = sage_value_from_u64(v);
    return s;
}

static sage_status
read_member(found *f, const char *of, const char *key, size_t n, sage_json_in *c)
{
    static const char *const keys[] = {"offset", "cairo_type"};
    sage_symbol s                   = {.kind = SAGE_SYMBOL_MEMBER};
    sage_json_in part[2];
    const char *name;
    sage_status st = load_decoded(f->l, key, n, &name);
    if (!st) st = join(f, of, name, &s.name);
    if (!st) st = sage_json_in_pick(c, keys, 2, part);
    if (st) return st;
    if (!part[0].text || !part[1].text) return bad(f, c, "a member without offset or type", of);
    st = read_offset(&part[0], &s.value);
    if (!st) st = load_text(f->l, &part[1], LOAD_MAX_NAME, &s.type);
    return st ? st : add(f, &s);
}

static sage_status read_members(found *f, const char *of, sage_json_in *c)
{
    bool more;
    const char *key;
    size_t n;
    sage_status s = sage_json_in_open_object(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_member(c, i, &more, &key, &n);
        if (s || !more) return s;
        if (n > LOAD_MAX_NAME) return bad(f, c, "a member's name is too long", of);
        s = read_member(f, of, key, n, c);
    }
    return s;
}

enum { TYPE, PC, VALUE, DESTINATION, SIZE, MEMBERS, OFFSET, CAIRO_TYPE, KEYS };
static const char *const identifier_keys[KEYS] = {"type", "pc",      "value",  "destination",
                                                  "size", "members", "offset", "cairo_type"};

static bool is(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && !memcmp(text, word, n);
}

static sage_status read_pc(found *f, sage_symbol *s, sage_json_in *part)
{
    uint64_t pc = 0;
    sage_status st =
        sage_json_in_number(part, SAGE_PROGRAM_MAX_DATA, &pc, "program.identifiers");
    s->pc = (uint32_t)pc;
    return st ? st : add(f, s);
}

static sage_status read_const(found *f, sage_symbol *s, sage_json_in *part)
{
    const char *text;
    size_t n;
    sage_status st = sage_json_in_digits(part, &text, &n);
    if (st) return st;
    if (!sage_value_parse(&s->value, text, n) || !sage_value_is_felt(s->value))
        return bad(f, part, "the constant is not below the prime", s->name);
    return add(f, s);
}

static sage_status read_struct(found *f, sage_symbol *s, sage_json_in *part)
{
    sage_status st = read_offset(&part[SIZE], &s->value);
    if (!st) st = add(f, s);
    return st ? st : read_members(f, s->name, &part[MEMBERS]);
}

static sage_status read_old_member(found *f, sage_symbol *s, sage_json_in *part)
{
    sage_status st = read_offset(&part[OFFSET], &s->value);
    if (!st) st = load_text(f->l, &part[CAIRO_TYPE], LOAD_MAX_NAME, &s->type);
    return st ? st : add(f, s);
}

static sage_status read_alias(found *f, sage_symbol *s, sage_json_in *part)
{
    sage_status st = load_text(f->l, part, LOAD_MAX_NAME, &s->type);
    return st ? st : add(f, s);
}

/* References and type definitions name no thing that lasts: hints know them by themselves. */
static sage_status
read_kind(found *f, sage_symbol *s, const sage_json_in *c, sage_json_in *part)
{
    const char *type;
    size_t n;
    sage_status st = sage_json_in_string(&part[TYPE], &type, &n);
    if (st) return st;
    bool function = is(type, n, "function");
    s->kind       = function                ? SAGE_SYMBOL_FUNCTION
                    : is(type, n, "label")  ? SAGE_SYMBOL_LABEL
                    : is(type, n, "const")  ? SAGE_SYMBOL_CONST
                    : is(type, n, "struct") ? SAGE_SYMBOL_STRUCT
                    : is(type, n, "member") ? SAGE_SYMBOL_MEMBER
                                            : SAGE_SYMBOL_ALIAS;
    if (s->kind == SAGE_SYMBOL_ALIAS && !is(type, n, "alias")) return SAGE_OK;
    static const struct {
        int first, second;
    } needs[] = {[SAGE_SYMBOL_FUNCTION] = {PC, PC},
                 [SAGE_SYMBOL_LABEL]    = {PC, PC},
                 [SAGE_SYMBOL_CONST]    = {VALUE, VALUE},
                 [SAGE_SYMBOL_MEMBER]   = {OFFSET, CAIRO_TYPE},
                 [SAGE_SYMBOL_STRUCT]   = {SIZE, MEMBERS},
                 [SAGE_SYMBOL_ALIAS]    = {DESTINATION, DESTINATION}};
    if (!part[needs[s->kind].first].text || !part[needs[s->kind].second].text)
        return bad(f, c, "a field is missing", s->name);
    switch (s->kind) {
    case SAGE_SYMBOL_FUNCTION:
    case SAGE_SYMBOL_LABEL: return read_pc(f, s, &part[PC]);
    case SAGE_SYMBOL_CONST: return read_const(f, s, &part[VALUE]);
    case SAGE_SYMBOL_STRUCT: return read_struct(f, s, part);
    case SAGE_SYMBOL_MEMBER: return read_old_member(f, s, part);
    case SAGE_SYMBOL_ALIAS: return read_alias(f, s, &part[DESTINATION]);
    }
    return SAGE_OK;
}

static sage_status read_identifier(found *f, const char *key, size_t n, sage_json_in *c)
{
    sage_symbol s = {0};
    sage_json_in part[KEYS];
    sage_status st = sage_json_in_pick(c, identifier_keys, KEYS, part);
    if (!st && n > LOAD_MAX_NAME) return bad(f, c, "the name is too long", "an identifier");
    if (!st) st = load_decoded(f->l, key, n, &s.name);
    if (st) return st;
    if (!part[TYPE].text) return bad(f, c, "an identifier without type", s.name);
    return read_kind(f, &s, c, part);
}

static sage_status read_identifiers(found *f, sage_json_in *c)
{
    bool more;
    const char *key;
    size_t n;
    sage_status s = sage_json_in_open_object(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_member(c, i, &more, &key, &n);
        if (s || !more) return s;
        s = read_identifier(f, key, n, c);
    }
    return s;
}

/* --- by name, each once: compilers of old name members twice --- */

static int by_name(const void *a, const void *b)
{
    const sage_symbol *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order) return order;
    return (x->kind == SAGE_SYMBOL_MEMBER) - (y->kind == SAGE_SYMBOL_MEMBER);
}

static sage_status keep_once(found *f, const sage_json_in *c)
{
    uint32_t kept = 0;
    if (f->n) qsort(f->at, f->n, sizeof *f->at, by_name);
    for (uint32_t i = 0; i < f->n; i++) {
        bool again = kept && !strcmp(f->at[kept - 1].name, f->at[i].name);
        if (again && f->at[i].kind != SAGE_SYMBOL_MEMBER)
            return bad(f, c, "an identifier given twice", f->at[i].name);
        if (!again) f->at[kept++] = f->at[i];
    }
    f->n = kept;
    return SAGE_OK;
}

/* --- aliases: each one names what its chain ends at --- */

static uint32_t target_of(const found *f, uint32_t i)
{
    sage_symbol key = {.name = f->at[i].type};
    uint32_t low = 0, high = f->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order       = strcmp(f->at[middle].name, key.name);
        if (!order) return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return nowhere;
}

static bool fresh_alias(const found *f, const uint8_t *state, uint32_t i)
{
    return i != nowhere && f->at[i].kind == SAGE_SYMBOL_ALIAS && !state[i];
}

/* Follows the chain from i; every alias of it gets the name of its end. */
static sage_status
resolve(found *f, const sage_json_in *c, uint8_t *state, uint32_t *next, uint32_t i)
{
    uint32_t j = i, last = i;
    for (; fresh_alias(f, state, j); j = next[j]) {
        state[j] = ON_PATH;
        next[j]  = target_of(f, j);
        last     = j;
    }
    if (j != nowhere && state[j] == ON_PATH)
        return bad(f, c, "an alias of itself", f->at[j].name);
    const char *end = j == nowhere                         ? f->at[last].type
                      : f->at[j].kind == SAGE_SYMBOL_ALIAS ? f->at[j].type
                                                           : f->at[j].name;
    for (j = i; j != nowhere && state[j] == ON_PATH; j = next[j]) {
        f->at[j].type = end;
        state[j]      = DONE;
    }
    return SAGE_OK;
}

static sage_status resolve_aliases(found *f, const sage_json_in *c)
{
    uint8_t *state = calloc((size_t)f->n + 1, 1);
    uint32_t *next = calloc((size_t)f->n + 1, sizeof *next);
    sage_status s  = state && next ? SAGE_OK : load_no_memory(f->l, "the aliases");
    for (uint32_t i = 0; !s && i < f->n; i++)
        if (fresh_alias(f, state, i)) s = resolve(f, c, state, next, i);
    free(state);
    free(next);
    return s;
}

/* --- into the program --- */

/* pc first, so that equal pcs keep the order of names. */
typedef struct place {
    uint32_t pc, index;
} place;

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->pc != y->pc) return x->pc < y->pc ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static sage_status locate(loader *l)
{
    sage_program *p = l->p;
    uint32_t n      = 0;
    place *places   = malloc(((size_t)p->n_symbols + 1) * sizeof *places);
    if (!places) return load_no_memory(l, "the program's functions");
    for (uint32_t i = 0; i < p->n_symbols; i++)
        if (p->symbols[i].kind == SAGE_SYMBOL_FUNCTION ||
            p->symbols[i].kind == SAGE_SYMBOL_LABEL)
            places[n++] = (place){p->symbols[i].pc, i};
    if (n) qsort(places, n, sizeof *places, by_place);
    p->located   = sage_program_take(p, n, sizeof *p->located);
    p->n_located = p->located ? n : 0;
    for (uint32_t i = 0; i < p->n_located; i++)
        p->located[i] = places[i].index;
    free(places);
    return p->located ? SAGE_OK : load_no_memory(l, "the program's functions");
}

static sage_status keep(found *f)
{
    sage_program *p = f->l->p;
    p->symbols      = sage_program_take(p, f->n, sizeof *p->symbols);
    if (!p->symbols) return load_no_memory(f->l, "the program's names");
    if (f->n) memcpy(p->symbols, f->at, f->n * sizeof *f->at);
    p->n_symbols = f->n;
    return locate(f->l);
}

sage_status load_names(loader *l, sage_json_in *identifiers)
{
    size_t len    = identifiers->len - identifiers->at;
    found f       = {.l = l, .max_joined = JOINED * len};
    sage_status s = read_identifiers(&f, identifiers);
    if (!s) s = keep_once(&f, identifiers);
    if (!s) s = resolve_aliases(&f, identifiers);
    if (!s) s = keep(&f);
    free(f.at);
    return s;
}

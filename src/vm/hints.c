/* vm/hints.c -- the hints of a program, found by text or name before the run, run by place. */
#include "vm/hints.h"

#include <stdlib.h>
#include <string.h>

#include "vm/hint_json.h"
#include "vm/hint_state.h"
#include "vm/references.h"

enum { SLOTS = 1024, FIRST_OPS = 256, SHOWN = 80 };

static const hint_family *const families[] = {
    &hints_core, &hints_input, &hints_math,  &hints_uint,    &hints_dict,
    &hints_sort, &hints_ec,    &hints_blake, &hints_circuit, &hints_relocate};

const hint_family *const *hint_families(uint32_t *n)
{
    *n = sizeof families / sizeof *families;
    return families;
}

/* --- which kind a hint is --- */

/* Kinds by the hash of their text, or of their name for Cairo 1. */
typedef struct catalogue {
    const hint_kind *slot[SLOTS];
} catalogue;

/* FNV-1a. */
static uint32_t hash(const char *text, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return (h ^ h >> 16) % SLOTS;
}

static const char *key_of(const hint_kind *k)
{
    return k->text ? k->text : k->name;
}

static void fill_catalogue(catalogue *c)
{
    uint32_t n;
    const hint_family *const *f = hint_families(&n);
    memset(c, 0, sizeof *c);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < f[i]->n; j++) {
            const char *key = key_of(&f[i]->kinds[j]);
            uint32_t at     = hash(key, strlen(key));
            while (c->slot[at])
                at = (at + 1) % SLOTS;
            c->slot[at] = &f[i]->kinds[j];
        }
}

static const hint_kind *find_kind(const catalogue *c, bool cairo0, const char *key, size_t n)
{
    for (uint32_t at = hash(key, n); c->slot[at]; at = (at + 1) % SLOTS) {
        const hint_kind *k = c->slot[at];
        if (!k->text == !cairo0 && !strncmp(key_of(k), key, n) && !key_of(k)[n]) return k;
    }
    return NULL;
}

/* The first line, as much of it as a message has room for. */
static sage_status unknown(const hint_builder *b, const char *text)
{
    size_t n = strcspn(text, "\n");
    return sage_fail(b->err, SAGE_EUNSUP, "vm.hint.unknown", b->hint->pc,
                     "the hint at pc %u is none of docs/hints.md: \"%.*s\"%s; compile without "
                     "it, or run elsewhere and prove the run",
                     b->hint->pc, (int)(n < SHOWN ? n : SHOWN), text,
                     text[n] || n > SHOWN ? " .." : "");
}

static sage_status refused(const hint_builder *b, const hint_kind *k)
{
    return sage_fail(b->err, SAGE_EUNSUP, "vm.hint.refused", b->hint->pc,
                     "the hint %s at pc %u %s", k->name, b->hint->pc, k->refusal);
}

/* --- operands --- */

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "vm.hint.memory", -1, "no memory for the hints");
}

sage_status
hint_refuse(hint_builder *b, const char *where, const char *name, size_t len, const char *what)
{
    return sage_fail(b->err, SAGE_EINVAL, where, b->hint->pc, "hint %s at pc %u, %.*s: %s",
                     b->kind->name, b->hint->pc, (int)(len < SHOWN ? len : SHOWN), name, what);
}

sage_status hint_emit(hint_builder *b, hint_op_kind kind, sage_value v)
{
    sage_hint_state *s = b->state;
    if (s->n_ops - s->operands[s->n_operands].first >= HINT_MAX_OPS)
        return hint_refuse(b, "vm.hint.operand", "", 0, "an operand takes too many steps");
    if (s->n_ops == s->cap_ops) {
        uint32_t cap = s->cap_ops ? 2 * s->cap_ops : FIRST_OPS;
        hint_op *new = cap > s->cap_ops ? realloc(s->ops, cap * sizeof *new) : NULL;
        if (!new) return no_memory(b->err);
        s->ops     = new;
        s->cap_ops = cap;
    }
    s->ops[s->n_ops++] = (hint_op){v, kind};
    return SAGE_OK;
}

/* The next word of list; 0: there is none. */
static size_t next_word(const char **list)
{
    *list += strspn(*list, " ");
    return strcspn(*list, " ");
}

/* json: the members of a Cairo 1 hint; NULL for ids. */
static sage_status
compile_operand(hint_builder *b, const char *name, size_t n, const sage_json_in *json)
{
    char key[HINT_NAME];
    const char *const keys[] = {key};
    sage_json_in whole, value;
    hint_operand *o = &b->state->operands[b->state->n_operands];
    o->first        = b->state->n_ops;
    sage_status s;
    if (json) {
        memcpy(key, name, n);
        key[n] = 0;
        whole  = *json;
        s      = sage_json_in_pick(&whole, keys, 1, &value);
        if (s) return s;
        if (!value.text) return hint_refuse(b, "vm.hint.operand", name, n, "is missing");
        s = hint_json_operand(b, key, &value, o);
    } else {
        s = reference_compile(b, name, n, o);
    }
    o->n = b->state->n_ops - o->first;
    b->state->n_operands++;
    return s;
}

static sage_status add_site(hint_builder *b, const sage_json_in *json)
{
    sage_hint_state *s = b->state;
    if (b->kind->refusal) return refused(b, b->kind);
    if (!b->kind->run) return SAGE_OK;
    s->sites[s->n_sites++] = (hint_site){b->kind, b->hint->pc, s->n_operands};
    if (!s->first[b->hint->pc]) s->first[b->hint->pc] = s->n_sites;
    const char *list = b->kind->operands;
    for (size_t n; (n = next_word(&list)); list += n) {
        sage_status st = compile_operand(b, list, n, json);
        if (st) return st;
    }
    return SAGE_OK;
}

/* {"Name": {..}} or "Name". */
static sage_status prepare_cairo1(hint_builder *b, const catalogue *known)
{
    sage_json_in c = {b->hint->text, 0, strlen(b->hint->text), b->err}, value = c;
    const char *name;
    size_t n;
    bool more     = true;
    bool plain    = sage_json_in_peek(&c) == '"';
    sage_status s = plain ? sage_json_in_string(&c, &name, &n) : sage_json_in_open_object(&c);
    if (!s && !plain) s = sage_json_in_member(&c, 0, &more, &name, &n);
    if (!s && !plain && more) s = sage_json_in_skip(&c, &value);
    if (s) return s;
    b->kind = more ? find_kind(known, false, name, n) : NULL;
    if (!b->kind || (plain && *b->kind->operands)) return unknown(b, b->hint->text);
    return add_site(b, &value);
}

static sage_status prepare_hint(hint_builder *b, const catalogue *known)
{
    if (b->hint->pc >= b->program->n_data)
        return sage_fail(b->err, SAGE_EINVAL, "vm.hint.unknown", b->hint->pc,
                         "a hint at pc %u, where there is no program", b->hint->pc);
    /* An assembled program may ask for hints of both languages; no Python begins like JSON. */
    if (b->program->form == SAGE_PROGRAM_CAIRO1 || b->hint->text[0] == '{')
        return prepare_cairo1(b, known);
    b->kind = find_kind(known, true, b->hint->text, strlen(b->hint->text));
    return b->kind ? add_site(b, NULL) : unknown(b, b->hint->text);
}

static sage_status allocate(sage_hint_state *s, const sage_program *p, sage_errinfo *err)
{
    s->first     = calloc((size_t)p->n_data + 1, sizeof *s->first);
    s->sites     = calloc((size_t)p->n_hints + 1, sizeof *s->sites);
    s->operands  = calloc((size_t)p->n_hints * HINT_MAX_OPERANDS + 1, sizeof *s->operands);
    s->scopes.at = calloc(1, sizeof *s->scopes.at);
    if (!s->first || !s->sites || !s->operands || !s->scopes.at) return no_memory(err);
    s->n_first  = p->n_data;
    s->scopes.n = s->scopes.cap = 1;
    return SAGE_OK;
}

sage_status sage_hints_prepare(sage_hint_state **out, const sage_program *p, sage_errinfo *err)
{
    catalogue known;
    sage_hint_state *state = calloc(1, sizeof *state);
    *out                   = NULL;
    if (!state) return no_memory(err);
    hint_builder b = {.state = state, .program = p, .err = err};
    sage_status s  = allocate(state, p, err);
    fill_catalogue(&known);
    for (uint32_t i = 0; !s && i < p->n_hints; i++) {
        b.hint = &p->hints[i];
        s      = prepare_hint(&b, &known);
    }
    if (s)
        sage_hints_free(state);
    else
        *out = state;
    return s;
}

void sage_hints_free(sage_hint_state *s)
{
    if (!s) return;
    hint_scopes_free(&s->scopes);
    hint_dicts_free(&s->dicts);
    free(s->sites);
    free(s->first);
    free(s->operands);
    free(s->ops);
    free(s);
}

/* --- the run --- */

bool sage_hints_at(const sage_hint_state *s, uint32_t pc)
{
    return pc < s->n_first && s->first[pc];
}

sage_status
sage_hints_run(sage_hint_state *s, const sage_hint_machine *machine, sage_errinfo *err)
{
    if (!sage_hints_at(s, machine->pc)) return SAGE_OK;
    hint_call c = {.state = s, .machine = machine, .memory = machine->memory, .err = err};
    for (uint32_t i = s->first[machine->pc] - 1;
         i < s->n_sites && s->sites[i].pc == machine->pc; i++) {
        c.site         = &s->sites[i];
        sage_status st = c.site->kind->run(&c);
        if (st) return st;
    }
    return SAGE_OK;
}

sage_status hint_take_entries(hint_call *c, uint64_t n)
{
    uint64_t left = c->memory->max_cells - c->state->entries;
    if (n > left)
        return sage_fail(c->err, SAGE_ELIMIT, "vm.hint.memory", c->machine->pc,
                         "dictionaries and sorted lists of hints have more than %llu entries",
                         (unsigned long long)c->memory->max_cells);
    c->state->entries += n;
    return SAGE_OK;
}

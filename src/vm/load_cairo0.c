/* vm/load_cairo0.c -- compiled.json, what the Cairo 0 compiler writes. */
#include <string.h>

#include "vm/load.h"

enum { DATA, PRIME, BUILTINS, VERSION, SCOPE, IDENTIFIERS, HINTS, REFERENCES, KEYS };
static const char *const keys[KEYS] = {
    "data",       "prime",       "builtins", "compiler_version",
    "main_scope", "identifiers", "hints",    "reference_manager"};

static sage_status check_prime(loader *l, sage_json_in *c)
{
    const char *text;
    size_t n;
    sage_status s = sage_json_in_string(c, &text, &n);
    return s ? s : load_prime(l, c, text, n);
}

static sage_status read_version(loader *l, sage_json_in *c)
{
    if (!c->text) return SAGE_OK;
    sage_status s = load_text(l, c, LOAD_MAX_NAME, &l->p->compiler_version);
    if (s || !strncmp(l->p->compiler_version, "0.", 2)) return s;
    return sage_fail(l->err, SAGE_EUNSUP, "program.version", (long long)c->at,
                     "made by compiler version %.40s; programs of 0.x are read",
                     l->p->compiler_version);
}

/* A function or label of the main scope; NULL if there is none. */
static const sage_symbol *in_scope(loader *l, const char *scope, const char *name)
{
    size_t m = strlen(scope), n = strlen(name);
    char full[2 * LOAD_MAX_NAME + 2];
    if (n > LOAD_MAX_NAME) return NULL;
    memcpy(full, scope, m);
    full[m] = '.';
    memcpy(full + m + 1, name, n);
    const sage_symbol *s = sage_program_symbol(l->p, full, m + n + 1);
    return s && (s->kind == SAGE_SYMBOL_FUNCTION || s->kind == SAGE_SYMBOL_LABEL) ? s : NULL;
}

/* With a start of its own: that must be one, and end where __end__ is. */
static sage_status own_start(loader *l, const sage_symbol *start, const char *scope)
{
    const sage_symbol *end = in_scope(l, scope, "__end__"), *main = in_scope(l, scope, "main");
    sage_status s = load_start(l, start->pc);
    if (s) return s;
    if (!end || end->pc != l->p->end)
        return sage_fail(l->err, SAGE_EFORMAT, "program.entry", start->pc,
                         "no __end__ four words after __start__");
    l->p->main = main ? main->pc : l->p->start;
    return SAGE_OK;
}

static sage_status enter(loader *l, const char *scope)
{
    const sage_symbol *start = in_scope(l, scope, "__start__");
    if (start && !l->entry) return own_start(l, start, scope);
    const char *name        = l->entry ? l->entry : "main";
    const sage_symbol *main = in_scope(l, scope, name);
    if (main) return load_wrap(l, main->pc);
    return sage_fail(l->err, SAGE_EFORMAT, "program.entry", -1,
                     "the program has no function %.60s.%.60s", scope, name);
}

/* Labels may stand behind the last word. */
static sage_status check_pcs(loader *l)
{
    const sage_program *p = l->p;
    if (!p->n_located) return SAGE_OK;
    const sage_symbol *last = &p->symbols[p->located[p->n_located - 1]];
    if (last->pc <= p->n_data) return SAGE_OK;
    return sage_fail(l->err, SAGE_EFORMAT, "program.identifiers", last->pc,
                     "%.120s is at pc %u, the program ends at %u", last->name, last->pc,
                     p->n_data);
}

sage_status load_cairo0(loader *l, const sage_json_in *text)
{
    sage_json_in c    = *text, part[KEYS];
    const char *scope = "__main__";
    l->p->form        = SAGE_PROGRAM_CAIRO0;
    sage_status s     = sage_json_in_pick(&c, keys, KEYS, part);
    if (s) return s;
    for (int i = 0; i < KEYS; i++)
        if (!part[i].text && i != VERSION && i != SCOPE && i != REFERENCES)
            return sage_fail(l->err, SAGE_EFORMAT, "json.missing", 0,
                             "the program has no \"%s\"", keys[i]);
    s = read_version(l, &part[VERSION]);
    if (!s) s = check_prime(l, &part[PRIME]);
    if (!s) s = load_builtins(l, &part[BUILTINS]);
    if (!s) s = load_data(l, &part[DATA]);
    if (!s) s = load_names(l, &part[IDENTIFIERS]);
    if (!s) s = check_pcs(l);
    if (!s) s = load_hints(l, &part[HINTS], &part[REFERENCES]);
    if (!s && part[SCOPE].text) s = load_text(l, &part[SCOPE], LOAD_MAX_NAME, &scope);
    return s ? s : enter(l, scope);
}

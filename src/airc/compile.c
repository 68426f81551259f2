#include "airc/elab.h"
#include "airc/emit.h"

#include <stdlib.h>
#include <string.h>

#include "field/relation.h"

enum { MAX_ARITY = 127 }; /* values after the id (facts B2) */

static void check_names(sage_airc *c)
{
    for (const airc_item *i = c->first; i; i = i->next) {
        if (airc_is_function(i->name))
            airc_error(c, i->pos, "'%s' is a function of the language", i->name);
        for (const airc_item *j = c->first; j != i; j = j->next)
            if (!strcmp(i->name, j->name)) {
                airc_error(c, i->pos, "'%s' is defined twice; first in %s:%u", i->name,
                           c->files[j->pos.file], j->pos.line);
                break;
            }
    }
}

static bool has_shape(const airc_decl *d, const airc_val *v, airc_elab *e)
{
    if (!d->n_dims) return true;
    if (v->kind == V_COLS && v->n_dims + 1 != d->n_dims) return false;
    for (uint32_t i = 0; i < d->n_dims; i++) {
        int64_t want, len;
        if (v->kind == V_COLS)
            len = i ? v->dim[i - 1] : v->len.c;
        else if (v->kind == V_LIST) /* of relations */
            len = v->n;
        else
            return false;
        if (v->kind == V_LIST) v = v->items;
        if (!airc_eval_const(e, d->dim[i], "a length", &want)) return true; /* reported */
        if (want != len) return false;
    }
    return v->kind != V_LIST;
}

static void compute_const(airc_elab *e, airc_item *i)
{
    airc_val *v = airc_alloc(e->c, 1, sizeof *v);
    *v          = airc_eval(e, i->value);
    if (v->kind == V_LIST) *v = airc_to_table(e, i->pos, i->name, *v);
    if (v->kind != V_ERR && !has_shape(i->decls, v, e)) {
        airc_error(e->c, i->pos, "constant '%s' does not have the shape that is stated",
                   i->name);
        v->kind = V_ERR;
    }
    i->computed = v;
}

static void compute_relation(airc_elab *e, airc_item *i)
{
    uint32_t arity = 0;
    for (airc_decl *d = i->decls; d; d = d->next) {
        d->width = 1;
        for (uint32_t k = 0; k < d->n_dims; k++) {
            int64_t len;
            if (!airc_eval_const(e, d->dim[k], "a length", &len)) return;
            if (len < 1 || len * d->width > MAX_ARITY) {
                airc_error(e->c, d->pos, "a relation has at most %d values", MAX_ARITY);
                return;
            }
            d->width *= (uint32_t)len;
        }
        arity += d->width;
    }
    if (!arity || arity > MAX_ARITY) {
        airc_error(e->c, i->pos, "a relation has 1 to %d values", MAX_ARITY);
        return;
    }
    i->arity = arity;
    m31 id   = sage_relation_id(i->name);
    for (const airc_item *j = e->c->first; j != i; j = j->next)
        if (j->kind == I_RELATION && sage_relation_id(j->name) == id)
            airc_error(e->c, i->pos, "relations '%s' and '%s' have the same id; rename one",
                       i->name, j->name);
}

static void compute_size(airc_elab *e, const airc_item *i)
{
    int64_t least;
    if (!i->size_name) return;
    if (!airc_eval_const(e, i->size_min, "the least size", &least)) return;
    if (least < 1 || least > 1 << 14) {
        airc_error(e->c, i->size_min->pos, "the least size is from 1 to 16384");
        return;
    }
    e->g->sized    = true;
    e->g->size_min = (uint32_t)least;
    e->size_min    = least;
    airc_bind(e, i->size_name, B_SIZE, (airc_val){.kind = V_INT, .index = {.n = 1}});
}

static void compile_component(sage_airc *c, const airc_item *i)
{
    uint32_t errors = c->errors;
    airc_program *g = airc_alloc(c, 1, sizeof *g);
    *g              = (airc_program){.c = c, .name = i->name, .pos = i->pos};
    g->file         = c->files[i->pos.file];
    ir_init(g);
    airc_elab e = {.c = c, .g = g};
    compute_size(&e, i);
    for (const airc_stat *s = i->body; s; s = s->next)
        airc_run(&e, s);
    g->trace   = e.at.trace;
    g->asserts = e.at.asserts;
    g->entries = e.at.entries;
    g->inputs  = e.at.inputs;
    g->witness = !e.bare;
    if (c->errors == errors) ir_check(g);
    if (c->program_last)
        c->program_last->next = g;
    else
        c->program_first = g;
    c->program_last = g;
}

static const airc_program *program_named(const sage_airc *c, const char *name)
{
    const airc_program *g = c->program_first;
    while (g && strcmp(g->name, name) != 0)
        g = g->next;
    return g;
}

/* Who is fed exists and takes as many values; one that has bare cells takes none yet. */
static void check_feeds(sage_airc *c, const airc_program *g)
{
    for (const ir_stmt *s = g->loops[0].first; s; s = s->next) {
        if (s->kind != S_FEED) continue;
        const airc_program *to = program_named(c, s->name);
        if (!to)
            airc_error(c, s->pos, "there is no component '%s'", s->name);
        else if (to->sized)
            airc_error(c, s->pos, "component '%s' has a run-time size and cannot be fed",
                       s->name);
        else if (to->witness && to->inputs.c != (int64_t)s->n_values)
            airc_error(c, s->pos, "component '%s' has %lld inputs, %u values are fed", s->name,
                       (long long)to->inputs.c, s->n_values);
    }
}

static void compile(sage_airc *c, const char *const *paths, size_t n)
{
    for (size_t i = 0; i < n; i++)
        airc_parse(c, paths[i]);
    if (c->errors) return; /* what was not parsed would be reported as missing */
    check_names(c);
    airc_elab e = {.c = c};
    for (airc_item *i = c->first; i; i = i->next) {
        c->at = i->pos;
        if (i->kind == I_CONST) compute_const(&e, i);
        if (i->kind == I_RELATION) compute_relation(&e, i);
    }
    if (c->errors) return;
    for (const airc_item *i = c->first; i; i = i->next)
        if (i->kind == I_RELATION && i->value) airc_check_key(c, i);
    if (c->errors) return;
    for (const airc_item *i = c->first; i; i = i->next)
        if (i->kind == I_COMPONENT) compile_component(c, i);
    if (c->errors) return;
    for (const airc_program *g = c->program_first; g; g = g->next)
        check_feeds(c, g);
}

sage_status sage_airc_compile(
    const char *const *paths, size_t n, sage_airc_read read, void *arg, sage_airc **out)
{
    sage_airc *c = calloc(1, sizeof *c);
    *out         = c;
    if (!c) return SAGE_ENOMEM;
    c->read     = read;
    c->read_arg = arg;
    if (!setjmp(c->stop)) {
        compile(c, paths, n);
        return c->errors ? SAGE_EFORMAT : SAGE_OK;
    }
    if (c->errors) return SAGE_EFORMAT;
    return c->stop_code;
}

sage_status sage_airc_emit(
    sage_airc *c, const char *prefix, bool verify_only, sage_airc_write write, void *arg)
{
    if (c->errors) return SAGE_EINVAL;
    if (setjmp(c->stop)) return c->stop_code;
    c->prefix = prefix;
    return airc_emit_all(c, verify_only, write, arg);
}

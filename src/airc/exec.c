#include "airc/elab.h"

#include <string.h>

#include "field/relation.h"

static const airc_val wrong = {.kind = V_ERR};

static void run_block(airc_elab *e, const airc_stat *s)
{
    airc_binding *outside = e->names;
    for (; s && !e->returned; s = s->next)
        airc_run(e, s);
    if (s && e->returned) airc_error(e->c, s->pos, "this statement comes after the return");
    e->names = outside;
}

/* --- cells, inputs, parameters --- */

static void bind_new(airc_elab *e, const airc_decl *d, airc_binding_kind kind, airc_val v)
{
    const airc_item *item = airc_item_named(e->c, d->name);
    if (airc_find(e, d->name))
        airc_error(e->c, d->pos, "'%s' is already a name here; choose another", d->name);
    else if (item)
        airc_error(e->c, d->pos, "'%s' is already defined at file level; choose another",
                   d->name);
    airc_bind(e, d->name, kind, v);
}

/* The shape a declaration asks for: outer length and inner dimensions. */
static bool shape(airc_elab *e, const airc_decl *d, airc_val *out)
{
    int64_t total = 1;
    for (uint32_t i = 0; i < d->n_dims; i++) {
        ir_index len;
        if (!airc_eval_index(e, d->dim[i], &len)) return false;
        bool sized = !i && len.n && e->g && e->g->sized;
        for (int k = 0; k < IR_MAX_DEPTH; k++)
            sized = sized && !len.k[k];
        if (!sized && (!ir_index_is_const(&len) || len.c < 1 || len.c > AIRC_MAX_ARRAY)) {
            airc_error(e->c, d->dim[i]->pos, "a length is a constant from 1 to %d",
                       AIRC_MAX_ARRAY);
            return false;
        }
        if (sized && !airc_never_negative(e, len)) {
            airc_error(e->c, d->dim[i]->pos, "this length is negative for some size");
            return false;
        }
        if (i)
            out->dim[i - 1] = (uint32_t)len.c;
        else
            out->len = len;
        total *= i || !sized ? len.c : 1;
        if (total > AIRC_MAX_ARRAY) {
            airc_error(e->c, d->pos, "this array is too long");
            return false;
        }
    }
    out->kind   = V_COLS;
    out->n_dims = d->n_dims ? d->n_dims - 1 : 0;
    return true;
}

static int64_t inner_leaves(const airc_val *v)
{
    int64_t n = 1;
    for (uint32_t i = 0; i < v->n_dims; i++)
        n *= v->dim[i];
    return n;
}

static void advance(ir_index *counter, ir_index len, int64_t inner)
{
    counter->c += len.c * inner;
    counter->n += len.n * inner;
}

/* Takes the next places of `space` for a declaration: a node or an array view. */
static airc_val allot(airc_elab *e, const airc_decl *d, airc_space space, ir_index *counter)
{
    static const ir_op ops[] = {N_TRACE, N_INPUT, N_PARAM};
    airc_val v               = {.space = space, .len = ir_const_index(1)};
    if (!shape(e, d, &v)) return wrong;
    v.index = *counter;
    advance(counter, v.len, inner_leaves(&v));
    if (d->n_dims) return v;
    return airc_node_val(ir_leaf(e->g, ops[space], 0, v.index, airc_loop_of(e, v.index)));
}

static void emit_cell(airc_elab *e, const airc_stat *s, ir_index column, uint32_t node)
{
    uint32_t cell = ir_leaf(e->g, N_TRACE, 0, column, airc_loop_of(e, column));
    ir_append(e->g, e->loop,
              (ir_stmt){.kind  = S_CELL,
                        .cell  = cell,
                        .pos   = s->decls->pos,
                        .index = column,
                        .node  = node,
                        .free  = s->free,
                        .name  = s->decls->name});
}

/* cell x[len] = column-wise view of that length, one column an iteration of a new loop;
 * without init if that is NULL. */
static void
cell_loop(airc_elab *e, const airc_stat *s, const airc_val *cells, const airc_val *init)
{
    uint32_t outer = e->loop, depth = outer ? e->g->loops[outer].depth + 1 : 0;
    if ((init && init->n_dims) || cells->n_dims) {
        airc_error(e->c, s->pos, "an array of run-time length has one dimension");
        return;
    }
    if (depth == IR_MAX_DEPTH) {
        airc_error(e->c, s->pos, "at most %d repeats inside one another", IR_MAX_DEPTH);
        return;
    }
    uint32_t loop = ir_new_loop(e->g, outer, cells->len);
    ir_append(e->g, outer, (ir_stmt){.kind = S_LOOP, .pos = s->pos, .inner = loop});
    e->loop    = loop;
    ir_index i = {0}, column = cells->index;
    i.k[depth]      = 1;
    column.k[depth] = 1;
    uint32_t node   = init ? airc_field(e, s->pos, airc_element(e, s->pos, *init, i)) : IR_NONE;
    if (node || !init) emit_cell(e, s, column, node);
    e->loop = outer;
}

static void run_bare_cell(airc_elab *e, const airc_stat *s)
{
    airc_val cells = allot(e, s->decls, SP_TRACE, &e->at.trace);
    bind_new(e, s->decls, B_CELL, cells);
    e->bare = true;
    if (cells.kind == V_ERR) return;
    if (cells.kind == V_NODE) {
        emit_cell(e, s, e->g->nodes[cells.node].index, IR_NONE);
        return;
    }
    if (cells.len.n) {
        cell_loop(e, s, &cells, NULL);
        return;
    }
    int64_t n = airc_leaves(&cells);
    for (int64_t i = 0; i < n; i++)
        emit_cell(e, s, airc_index_add(cells.index, ir_const_index(i), 1), IR_NONE);
}

static void run_cell(airc_elab *e, const airc_stat *s)
{
    const airc_decl *d = s->decls;
    if (!s->value) {
        run_bare_cell(e, s);
        return;
    }
    airc_val init  = s->value->kind == E_INPUT ? allot(e, d, SP_INPUT, &e->at.inputs)
                                               : airc_eval_witness(e, s->value);
    airc_val cells = allot(e, d, SP_TRACE, &e->at.trace), *leaves;
    bind_new(e, d, B_CELL, cells);
    if (init.kind == V_ERR || cells.kind == V_ERR) return;
    if (!d->n_dims) {
        uint32_t node = airc_field(e, s->value->pos, init);
        if (node) emit_cell(e, s, e->g->nodes[cells.node].index, node);
        return;
    }
    ir_index len;
    uint32_t n;
    if (!airc_length(e, s->value->pos, &init, &len)) return;
    ir_index gap = airc_index_add(len, cells.len, -1);
    if (gap.c || gap.n) {
        airc_error(e->c, s->value->pos, "the initialiser is not as long as the cells");
        return;
    }
    if (cells.len.n) {
        cell_loop(e, s, &cells, &init);
        return;
    }
    if (!airc_flatten(e, s->value->pos, init, &leaves, &n)) return;
    if ((int64_t)n != airc_leaves(&cells)) {
        airc_error(e->c, s->value->pos, "the initialiser does not have the shape of the cells");
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t node = airc_field(e, s->value->pos, leaves[i]);
        if (node) emit_cell(e, s, airc_index_add(cells.index, ir_const_index(i), 1), node);
    }
}

static void run_param(airc_elab *e, const airc_stat *s)
{
    if (e->loop || e->fn) {
        airc_error(e->c, s->pos, "parameters are declared at the level of the component");
        return;
    }
    for (const airc_decl *d = s->decls; d; d = d->next) {
        ir_index counter = ir_const_index(e->g->n_params);
        airc_val v       = allot(e, d, SP_PARAM, &counter);
        bind_new(e, d, B_PARAM, v);
        if (v.kind != V_ERR && (counter.n || counter.c > AIRC_MAX_PARAMS))
            airc_error(e->c, d->pos, "a component has at most %d parameters", AIRC_MAX_PARAMS);
        else
            e->g->n_params = (uint32_t)counter.c;
    }
}

/* --- assignment --- */

static void
assign_element(airc_elab *e, const airc_decl *d, airc_val *at, uint32_t dim, airc_val v)
{
    int64_t i;
    if (dim == d->n_dims) {
        *at = v;
        return;
    }
    if (!airc_eval_const(e, d->dim[dim], "the index of an assignment", &i)) return;
    if (at->kind == V_COLS) {
        airc_val *leaves;
        uint32_t n;
        if (!airc_flatten(e, d->pos, *at, &leaves, &n)) return;
        *at = airc_reshape(e, *at, leaves);
    }
    if (at->kind != V_LIST || i < 0 || i >= (int64_t)at->n) {
        if (at->kind != V_ERR)
            airc_error(e->c, d->dim[dim]->pos, "there is no element %lld here", (long long)i);
        return;
    }
    airc_val *items = airc_alloc(e->c, at->n, sizeof *items); /* values are never shared */
    memcpy(items, at->items, at->n * sizeof *items);
    at->items = items;
    assign_element(e, d, &items[i], dim + 1, v);
}

static void assign(airc_elab *e, const airc_decl *d, airc_val v)
{
    airc_binding *b = airc_find(e, d->name);
    if (b && b->kind != B_NAME) {
        airc_error(e->c, d->pos, "'%s' is not a plain name and cannot be assigned", d->name);
    } else if (b) {
        assign_element(e, d, &b->val, 0, v);
    } else if (d->n_dims) {
        airc_error(e->c, d->pos, "there is no array '%s' here", d->name);
    } else {
        bind_new(e, d, B_NAME, v);
    }
}

static void run_assign(airc_elab *e, const airc_stat *s)
{
    airc_val v = airc_eval(e, s->value);
    ir_index len;
    if (s->n_decls == 1) {
        assign(e, s->decls, v);
        return;
    }
    bool known = v.kind != V_ERR && airc_length(e, s->value->pos, &v, &len);
    if (known && (!ir_index_is_const(&len) || len.c != (int64_t)s->n_decls)) {
        airc_error(e->c, s->pos, "%u names on the left, %lld values on the right", s->n_decls,
                   (long long)len.c);
        known = false;
    }
    int64_t i = 0;
    for (const airc_decl *d = s->decls; d; d = d->next, i++)
        assign(e, d, known ? airc_element(e, d->pos, v, ir_const_index(i)) : wrong);
}

/* --- constraints, relations --- */

static void emit_assert(airc_elab *e, airc_pos pos, uint32_t node)
{
    if (!node) return;
    if (ir_at(e->g, node)->op == N_CONST) {
        airc_error(e->c, pos,
                   ir_at(e->g, node)->value
                       ? "this assertion never holds: its value is a constant"
                       : "this assertion says nothing: its value is always 0");
        return;
    }
    ir_append(e->g, e->loop,
              (ir_stmt){.kind = S_ASSERT, .pos = pos, .index = e->at.asserts, .node = node});
    e->at.asserts.c++;
}

static void run_assert(airc_elab *e, const airc_stat *s)
{
    const airc_expr *x = s->value;
    bool equal         = x->kind == E_BIN && x->op == OP_EQ;
    airc_val a = airc_eval(e, equal ? x->a : x), b = equal ? airc_eval(e, x->b) : airc_int(0);
    airc_val *la, *lb;
    uint32_t na, nb;
    if (a.kind == V_ERR || b.kind == V_ERR) return;
    if (!airc_flatten(e, x->pos, a, &la, &na) || !airc_flatten(e, x->pos, b, &lb, &nb)) return;
    if (equal && na != nb) {
        airc_error(e->c, x->pos, "%u values on the left, %u on the right", na, nb);
        return;
    }
    for (uint32_t i = 0; i < na; i++) {
        uint32_t p = airc_field(e, x->pos, la[i]);
        if (p && equal) {
            uint32_t q = airc_field(e, x->pos, lb[i]);
            p          = q ? ir_make(e->g, N_SUB, p, q, 0) : IR_NONE;
        }
        emit_assert(e, s->pos, p);
    }
}

static uint32_t relation_index(airc_elab *e, const airc_item *item, uint32_t arity)
{
    airc_program *g = e->g;
    for (uint32_t i = 0; i < g->n_relations; i++)
        if (!strcmp(g->relations[i].name, item->name)) return i;
    if (g->n_relations == g->cap_relations) {
        uint32_t cap   = g->cap_relations ? 2 * g->cap_relations : 8;
        ir_relation *p = airc_alloc(e->c, cap, sizeof *p);
        if (g->n_relations) memcpy(p, g->relations, g->n_relations * sizeof *p);
        g->relations     = p;
        g->cap_relations = cap;
    }
    g->relations[g->n_relations] = (ir_relation){.name    = item->name,
                                                 .id      = sage_relation_id(item->name),
                                                 .arity   = arity,
                                                 .counted = item->value};
    return g->n_relations++;
}

/* The relation before the argument list of x; NULL with an error if it is none. */
static const airc_item *called_relation(airc_elab *e, const airc_stat *s, const airc_expr *x)
{
    const airc_binding *b = x->kind == E_CALL && x->name ? airc_find(e, x->name) : NULL;
    const airc_item *item = b ? NULL : x->name ? airc_item_named(e->c, x->name) : NULL;
    const char *word      = s->kind == ST_USE ? "use" : "yield";
    airc_val v            = {.kind = V_INT};
    if (b)
        v = b->val;
    else if (x->kind == E_CALL && !x->name)
        v = airc_eval(e, x->a);
    else if (x->kind == E_CALL && item && item->kind == I_CONST && item->computed)
        v = *item->computed;
    else if (x->kind == E_CALL && item && item->kind == I_RELATION)
        return item;
    if (v.kind == V_REL) return v.relation;
    if (v.kind == V_ERR) return NULL;
    if (b)
        airc_error(e->c, x->pos, "'%s' is not a relation", x->name);
    else if (x->kind == E_CALL && x->name && !item)
        airc_error(e->c, x->pos, "there is no relation '%s'", x->name);
    else
        airc_error(e->c, s->pos, "write `%s R(..)` or `%s m * R(..)` with a relation R", word,
                   word);
    return NULL;
}

static bool
relation_values(airc_elab *e, const airc_expr *x, const airc_item *item, ir_stmt *out)
{
    uint32_t given = x->n_list, at = 0;
    if (given != item->n_decls) {
        airc_error(e->c, x->pos, "relation '%s' has %u values, %u are given", item->name,
                   item->n_decls, given);
        return false;
    }
    out->values          = airc_alloc(e->c, item->arity + 1, sizeof *out->values);
    const airc_expr *arg = x->list;
    for (const airc_decl *d = item->decls; d; d = d->next, arg = arg->next) {
        airc_val v = airc_eval(e, arg), *leaves;
        uint32_t n, want = d->width;
        if (v.kind == V_ERR || !airc_flatten(e, arg->pos, v, &leaves, &n)) return false;
        if (n > want || (n < want && d->next)) {
            airc_error(e->c, arg->pos, "'%s' of relation '%s' has %u values, %u are given",
                       d->name, item->name, want, n);
            return false;
        }
        for (uint32_t i = 0; i < n; i++)
            if (!(out->values[at++] = airc_field(e, arg->pos, leaves[i]))) return false;
    }
    while (at && ir_at(e->g, out->values[at - 1])->op == N_CONST &&
           !ir_at(e->g, out->values[at - 1])->value)
        at--; /* values that are left out are zero, and the other way round */
    out->n_values = at;
    return true;
}

/* --- feeds --- */

static void run_feed(airc_elab *e, const airc_stat *s)
{
    airc_val all = airc_list(e, s->n_list), *leaves;
    uint32_t at  = 0, n;
    bool good    = true;
    if (e->loop) {
        airc_error(e->c, s->pos, "a feed cannot stand in a repeat; use `for` here");
        return;
    }
    for (const airc_expr *x = s->list; x; x = x->next, at++) {
        all.items[at] = airc_eval_witness(e, x);
        good          = good && all.items[at].kind != V_ERR;
    }
    if (!good || !airc_flatten(e, s->pos, all, &leaves, &n)) return;
    ir_stmt r = {.kind = S_FEED, .pos = s->pos, .name = s->name, .n_values = n};
    r.index   = ir_const_index(e->g->feed_columns);
    r.values  = airc_alloc(e->c, n + 1, sizeof *r.values);
    for (uint32_t i = 0; i < n; i++)
        if (!(r.values[i] = airc_field(e, s->pos, leaves[i]))) return;
    ir_append(e->g, 0, r);
    e->g->n_feeds++;
    e->g->feed_columns += n;
}

/* --- keys of counted relations --- */

/* The values of a declaration as u32, in its shape; *at counts them. */
static airc_val key_value(airc_elab *e,
                          const airc_decl *d,
                          uint32_t dim,
                          const uint32_t *values,
                          uint32_t n,
                          uint32_t *at)
{
    int64_t len;
    if (dim == d->n_dims) {
        uint32_t i = (*at)++;
        return airc_node_val(i < n ? ir_make(e->g, N_U32, values[i], 0, 0)
                                   : ir_uconst(e->g, 0));
    }
    if (!airc_eval_const(e, d->dim[dim], "a length", &len)) return wrong;
    airc_val v = airc_list(e, (uint32_t)len);
    for (uint32_t i = 0; i < v.n; i++)
        v.items[i] = key_value(e, d, dim + 1, values, n, at);
    return v;
}

uint32_t airc_key(airc_elab *e, const airc_item *relation, const uint32_t *values, uint32_t n)
{
    airc_binding *outside = e->names;
    uint32_t at           = 0;
    e->names              = NULL;
    for (const airc_decl *d = relation->decls; d; d = d->next)
        airc_bind(e, d->name, B_NAME, key_value(e, d, 0, values, n, &at));
    airc_val v = airc_eval(e, relation->value);
    e->names   = outside;
    if (v.kind == V_ERR) return IR_NONE;
    if (v.kind == V_INT || (v.kind == V_NODE && ir_is_u32(ir_at(e->g, v.node)->op)))
        return airc_u32(e, relation->value->pos, v);
    airc_error(e->c, relation->value->pos,
               "a key is one u32: the relation's values, which are u32 here, constants and "
               "operators");
    return IR_NONE;
}

void airc_check_key(sage_airc *c, const airc_item *relation)
{
    airc_program g = {.c = c, .name = relation->name, .pos = relation->pos};
    airc_elab e    = {.c = c, .g = &g};
    bool plain     = true;
    uint32_t *value;
    ir_init(&g);
    value = airc_alloc(c, relation->arity + 1, sizeof *value);
    for (uint32_t i = 0; i < relation->arity; i++)
        value[i] = ir_leaf(&g, N_PARAM, 0, ir_const_index(i), 0);
    if (!airc_key(&e, relation, value, relation->arity)) return;
    for (uint32_t i = 1; i < g.n_nodes; i++) {
        ir_op op = g.nodes[i].op;
        plain =
            plain && (op == N_CONST || op == N_PARAM || (op >= N_UCONST && op <= N_USELECT));
    }
    if (!plain || g.loops[0].first || e.at.trace.c || e.at.inputs.c)
        airc_error(c, relation->value->pos,
                   "a key is made of the relation's values, constants and u32 operators alone");
}

static void run_entry(airc_elab *e, const airc_stat *s)
{
    const airc_expr *mult = NULL, *x = s->value;
    if (x->kind == E_BIN && x->op == OP_MUL) {
        mult = x->a;
        x    = x->b;
    }
    const airc_item *item = called_relation(e, s, x);
    if (!item) return;
    ir_stmt r = {.kind = S_ENTRY, .pos = s->pos, .negative = s->kind == ST_YIELD};
    if (!item->arity) return; /* its declaration is wrong and was reported */
    airc_val m = mult ? airc_eval(e, mult) : airc_int(1);
    r.node     = airc_field(e, s->pos, m);
    r.relation = relation_index(e, item, item->arity);
    if (!relation_values(e, x, item, &r) || !r.node) return;
    if (item->value && !r.negative) {
        r.key = airc_key(e, item, r.values, r.n_values);
        if (!r.key) return;
    }
    r.index = e->at.entries;
    ir_append(e->g, e->loop, r);
    e->at.entries.c++;
}

/* --- for, if --- */

static void run_for(airc_elab *e, const airc_stat *s)
{
    int64_t lo, hi;
    if (!airc_eval_const(e, s->value, "the start of `for` (use `repeat` for run-time sizes)",
                         &lo) ||
        !airc_eval_const(e, s->hi, "the end of `for` (use `repeat` for run-time sizes)", &hi))
        return;
    if (hi < lo || hi - lo > AIRC_MAX_ARRAY) {
        airc_error(e->c, s->pos, "this range runs backwards or is too long");
        return;
    }
    uint32_t errors       = e->c->errors;
    airc_binding *outside = e->names;
    for (int64_t i = lo; i < hi && !e->returned && e->c->errors == errors; i++) {
        airc_bind(e, s->name, B_LOOP, airc_int(i));
        run_block(e, s->body);
        e->names = outside;
    }
}

static void run_if(airc_elab *e, const airc_stat *s)
{
    int64_t yes;
    if (!airc_eval_const(e, s->value, "the condition of `if` (select() chooses at run time)",
                         &yes))
        return;
    run_block(e, yes ? s->body : s->other);
}

/* --- repeat --- */

typedef struct carried {
    airc_binding *b;
    airc_val before;
    uint32_t first, n; /* slots */
    airc_val *leaves;
    struct carried *next;
} carried;

/* The plain names of outside that the block assigns: they become slots. */
static void find_carried(airc_elab *e, const airc_stat *s, carried **list)
{
    for (; s; s = s->next) {
        for (const airc_decl *d = s->kind == ST_ASSIGN ? s->decls : NULL; d; d = d->next) {
            airc_binding *b = airc_find(e, d->name);
            carried **k     = list;
            while (*k && (*k)->b != b)
                k = &(*k)->next;
            if (!b || b->kind != B_NAME || *k) continue;
            *k  = airc_alloc(e->c, 1, sizeof **k);
            **k = (carried){.b = b, .before = b->val};
        }
        find_carried(e, s->body, list);
        find_carried(e, s->other, list);
    }
}

static bool open_slots(airc_elab *e, const airc_stat *s, uint32_t loop, carried *list)
{
    uint32_t total = 0, at = 0;
    for (carried *k = list; k; k = k->next) {
        if (!airc_flatten(e, s->pos, k->before, &k->leaves, &k->n)) return false;
        total += k->n;
    }
    ir_slot *slots = airc_alloc(e->c, total + 1, sizeof *slots);
    for (carried *k = list; k; k = k->next) {
        airc_val *leaves = k->leaves;
        k->first         = at;
        for (uint32_t i = 0; i < k->n; i++, at++) {
            uint32_t node = airc_field(e, s->pos, leaves[i]);
            if (!node) return false;
            slots[at].init = node;
            leaves[i]      = airc_node_val(ir_slot_node(e->g, N_CARRY, loop, at));
        }
        k->b->val = airc_reshape(e, k->before, leaves);
    }
    e->g->loops[loop].slots   = slots;
    e->g->loops[loop].n_slots = total;
    return true;
}

static bool close_slots(airc_elab *e, const airc_stat *s, uint32_t loop, carried *list)
{
    for (carried *k = list; k; k = k->next) {
        airc_val *leaves;
        uint32_t n;
        if (k->b->val.kind == V_ERR || !airc_flatten(e, s->pos, k->b->val, &leaves, &n))
            return false;
        if (n != k->n) {
            airc_error(e->c, s->pos, "'%s' changes its shape from one iteration to the next",
                       k->b->name);
            return false;
        }
        for (uint32_t i = 0; i < n; i++) {
            uint32_t node = airc_field(e, s->pos, leaves[i]);
            if (!node) return false;
            e->g->loops[loop].slots[k->first + i].next = node;
        }
    }
    return true;
}

static void bind_results(airc_elab *e, const airc_stat *s, uint32_t loop, carried *list)
{
    for (carried *k = list; k; k = k->next) {
        airc_val *leaves;
        uint32_t n;
        if (!airc_flatten(e, s->pos, k->before, &leaves, &n)) return;
        for (uint32_t i = 0; i < n; i++)
            leaves[i] = airc_node_val(ir_slot_node(e->g, N_OUT, loop, k->first + i));
        k->b->val = airc_reshape(e, k->before, leaves);
    }
}

/* One run of the body inside `loop`, its counters advancing by `step` an iteration. */
static bool run_body(airc_elab *e,
                     const airc_stat *s,
                     uint32_t loop,
                     ir_index lo,
                     carried *list,
                     const airc_count *step,
                     airc_count *used)
{
    uint32_t outer = e->loop, depth = e->g->loops[loop].depth, errors = e->c->errors;
    airc_count start      = e->at;
    airc_binding *outside = e->names;
    if (!open_slots(e, s, loop, list)) return false;
    e->loop                = loop;
    e->at.trace.k[depth]   = step->trace.c;
    e->at.asserts.k[depth] = step->asserts.c;
    e->at.entries.k[depth] = step->entries.c;
    e->at.inputs.k[depth]  = step->inputs.c;
    ir_index i             = lo;
    i.k[depth]             = 1;
    airc_bind(e, s->name, B_LOOP, (airc_val){.kind = V_INT, .index = i});
    run_block(e, s->body);
    if (e->returned) airc_error(e->c, s->pos, "a function cannot return out of a repeat");
    bool ok       = e->c->errors == errors && close_slots(e, s, loop, list);
    used->trace   = airc_index_add(e->at.trace, start.trace, -1);
    used->asserts = airc_index_add(e->at.asserts, start.asserts, -1);
    used->entries = airc_index_add(e->at.entries, start.entries, -1);
    used->inputs  = airc_index_add(e->at.inputs, start.inputs, -1);
    e->at         = start;
    e->loop       = outer;
    e->names      = outside;
    for (carried *k = list; k; k = k->next)
        k->b->val = k->before;
    return ok;
}

static void times(ir_index *counter, ir_index step, ir_index trips)
{
    counter->c += step.c * trips.c;
    counter->n += step.c * trips.n;
    counter->n += step.n * trips.c;
}

static bool even(ir_index x)
{
    bool odd = (x.c | x.n) & 1;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        odd = odd || (x.k[d] & 1);
    return !odd;
}

static bool check_entries(airc_elab *e, const airc_stat *s, const airc_count *used)
{
    if (!used->entries.c && !used->entries.n) return true;
    if (!even(e->at.entries)) {
        airc_error(e->c, s->pos,
                   "an odd number of uses and yields stands before this repeat, "
                   "so its pairs would straddle iterations; use `for`, or move "
                   "one entry behind the loop");
        return false;
    }
    if (!even(used->entries)) {
        airc_error(e->c, s->pos,
                   "one iteration makes an odd number of uses and yields, so "
                   "pairs would straddle iterations; use `for` here");
        return false;
    }
    return true;
}

static bool trips_of(airc_elab *e, const airc_stat *s, ir_index *lo, ir_index *trips)
{
    ir_index hi;
    if (!airc_eval_index(e, s->value, lo) || !airc_eval_index(e, s->hi, &hi)) return false;
    *trips = airc_index_add(hi, *lo, -1);
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        if (trips->k[d]) {
            airc_error(e->c, s->pos, "the number of iterations may not vary with an outer one");
            return false;
        }
    if (!airc_never_negative(e, *trips) || trips->c > AIRC_MAX_ARRAY) {
        airc_error(e->c, s->pos, "this range runs backwards or is too long");
        return false;
    }
    return true;
}

static void run_repeat(airc_elab *e, const airc_stat *s)
{
    ir_index lo, trips;
    carried *list   = NULL;
    airc_count step = {0}, used = {0};
    uint32_t outer = e->loop, depth = outer ? e->g->loops[outer].depth + 1 : 0;
    if (!trips_of(e, s, &lo, &trips)) return;
    if (!trips.c && !trips.n) return;
    if (depth == IR_MAX_DEPTH) {
        airc_error(e->c, s->pos, "at most %d repeats inside one another", IR_MAX_DEPTH);
        return;
    }
    find_carried(e, s->body, &list);
    if (!run_body(e, s, ir_new_loop(e->g, outer, trips), lo, list, &step, &used)) goto poison;
    if (used.trace.n || used.asserts.n || used.entries.n || used.inputs.n) {
        airc_error(e->c, s->pos,
                   "a repeat over the run-time size cannot stand inside another "
                   "repeat");
        goto poison;
    }
    if (!check_entries(e, s, &used)) goto poison;
    step          = used;
    uint32_t loop = ir_new_loop(e->g, outer, trips);
    if (!run_body(e, s, loop, lo, list, &step, &used)) goto poison;
    ir_append(e->g, outer, (ir_stmt){.kind = S_LOOP, .pos = s->pos, .inner = loop});
    times(&e->at.trace, step.trace, trips);
    times(&e->at.asserts, step.asserts, trips);
    times(&e->at.entries, step.entries, trips);
    times(&e->at.inputs, step.inputs, trips);
    bind_results(e, s, loop, list);
    return;
poison:
    for (; list; list = list->next)
        list->b->val = wrong;
}

/* --- functions --- */

airc_val airc_call(airc_elab *e, const airc_expr *x, const airc_item *fn)
{
    airc_val *args        = airc_alloc(e->c, x->n_list + 1, sizeof *args);
    uint32_t i            = 0;
    airc_binding *outside = e->names;
    if (x->n_list != fn->n_decls) {
        airc_error(e->c, x->pos, "function '%s' has %u parameters, %u are given", fn->name,
                   fn->n_decls, x->n_list);
        return wrong;
    }
    for (const airc_expr *a = x->list; a; a = a->next)
        if ((args[i++] = airc_eval(e, a)).kind == V_ERR) return wrong;
    if (e->calls == AIRC_MAX_CALLS) {
        airc_error(e->c, x->pos,
                   "more than %d calls inside one another; functions cannot "
                   "recurse without end",
                   AIRC_MAX_CALLS);
        airc_stop(e->c, SAGE_EFORMAT);
    }
    const airc_item *caller = e->fn;
    e->calls++;
    e->names = NULL;
    e->fn    = fn;
    i        = 0;
    for (const airc_decl *d = fn->decls; d; d = d->next, i++) {
        airc_val want = {.len = ir_const_index(1)};
        ir_index len;
        bool fits = shape(e, d, &want);
        if (fits && d->n_dims)
            fits = airc_length(e, x->pos, &args[i], &len) &&
                   !airc_index_add(len, want.len, -1).c && len.n == want.len.n &&
                   airc_leaves(&args[i]) == airc_leaves(&want);
        if (!fits)
            airc_error(e->c, x->pos, "parameter '%s' of '%s' has another shape", d->name,
                       fn->name);
        bind_new(e, d, B_NAME, fits ? args[i] : wrong);
    }
    run_block(e, fn->body);
    if (fn->n_results && !e->returned)
        airc_error(e->c, fn->pos, "function '%s' names its results and returns none", fn->name);
    airc_val r  = e->returned ? e->result : airc_list(e, 0);
    e->returned = false;
    e->fn       = caller;
    e->names    = outside;
    e->calls--;
    return r;
}

static void run_return(airc_elab *e, const airc_stat *s)
{
    if (!e->fn) {
        airc_error(e->c, s->pos, "only a function returns");
        return;
    }
    if (e->fn->n_results && e->fn->n_results != s->n_list)
        airc_error(e->c, s->pos, "function '%s' names %u results, %u are returned", e->fn->name,
                   e->fn->n_results, s->n_list);
    airc_val r = airc_list(e, s->n_list);
    uint32_t i = 0;
    for (const airc_expr *x = s->list; x; x = x->next)
        r.items[i++] = airc_eval(e, x);
    e->result   = s->n_list == 1 ? r.items[0] : r;
    e->returned = true;
}

/* Asserts and entries are the verifier's, even those of a function that an initialiser calls. */
static void run_public(airc_elab *e, const airc_stat *s)
{
    bool outside = e->witness;
    e->witness   = false;
    if (s->kind == ST_ASSERT)
        run_assert(e, s);
    else
        run_entry(e, s);
    e->witness = outside;
}

void airc_run(airc_elab *e, const airc_stat *s)
{
    e->c->at = s->pos;
    switch (s->kind) {
    case ST_CELL: run_cell(e, s); break;
    case ST_INPUT:
        for (const airc_decl *d = s->decls; d; d = d->next)
            bind_new(e, d, B_INPUT, allot(e, d, SP_INPUT, &e->at.inputs));
        break;
    case ST_PARAM: run_param(e, s); break;
    case ST_ASSIGN: run_assign(e, s); break;
    case ST_ASSERT:
    case ST_USE:
    case ST_YIELD: run_public(e, s); break;
    case ST_FEED: run_feed(e, s); break;
    case ST_FOR: run_for(e, s); break;
    case ST_REPEAT: run_repeat(e, s); break;
    case ST_IF: run_if(e, s); break;
    case ST_RETURN: run_return(e, s); break;
    case ST_CALL: airc_eval(e, s->value); break;
    }
}

#include "airc/elab.h"

#include <string.h>

airc_binding *airc_find(const airc_elab *e, const char *name)
{
    for (airc_binding *b = e->names; b; b = b->outer)
        if (!strcmp(b->name, name)) return b;
    return NULL;
}

void airc_bind(airc_elab *e, const char *name, airc_binding_kind kind, airc_val v)
{
    airc_binding *b = airc_alloc(e->c, 1, sizeof *b);
    *b              = (airc_binding){name, kind, v, e->names};
    e->names        = b;
}

const airc_item *airc_item_named(const sage_airc *c, const char *name)
{
    for (const airc_item *i = c->first; i; i = i->next)
        if (!strcmp(i->name, name)) return i;
    return NULL;
}

airc_val airc_int(int64_t v)
{
    return (airc_val){.kind = V_INT, .index = ir_const_index(v)};
}
airc_val airc_node_val(uint32_t node)
{
    return node ? (airc_val){.kind = V_NODE, .node = node} : (airc_val){.kind = V_ERR};
}
airc_val airc_list(airc_elab *e, uint32_t n)
{
    return (airc_val){
        .kind = V_LIST, .n = n, .items = airc_alloc(e->c, n + 1, sizeof(airc_val))};
}

static uint32_t inner_size(const airc_val *v)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < v->n_dims; i++)
        n *= v->dim[i];
    return n;
}

int64_t airc_leaves(const airc_val *v)
{
    int64_t sum = 0;
    if (v->kind == V_COLS) return v->len.n ? -1 : v->len.c * (int64_t)inner_size(v);
    if (v->kind != V_LIST) return 1;
    for (uint32_t i = 0; i < v->n; i++) {
        int64_t k = airc_leaves(&v->items[i]);
        if (k < 0) return -1;
        sum += k;
    }
    return sum;
}

bool airc_length(airc_elab *e, airc_pos at, const airc_val *v, ir_index *out)
{
    if (v->kind == V_COLS)
        *out = v->len;
    else if (v->kind == V_LIST)
        *out = ir_const_index(v->n);
    else {
        if (v->kind != V_ERR) airc_error(e->c, at, "this is one value, not an array");
        return false;
    }
    return true;
}

uint32_t airc_loop_of(const airc_elab *e, ir_index i)
{
    uint32_t loop = e->loop;
    while (loop && !i.k[e->g->loops[loop].depth])
        loop = e->g->loops[loop].parent;
    return loop;
}

/* The table of this program for a constant array. */
static uint32_t program_table(airc_elab *e, const airc_table *t)
{
    airc_program *g = e->g;
    for (uint32_t i = 0; i < g->n_tables; i++)
        if (!strcmp(g->tables[i].name, t->name)) return i;
    if (g->n_tables == g->cap_tables) {
        uint32_t cap = g->cap_tables ? 2 * g->cap_tables : 8;
        ir_table *p  = airc_alloc(e->c, cap, sizeof *p);
        if (g->n_tables) memcpy(p, g->tables, g->n_tables * sizeof *p);
        g->tables     = p;
        g->cap_tables = cap;
    }
    m31 *values = airc_alloc(e->c, t->n, sizeof *values);
    for (uint32_t i = 0; i < t->n; i++) {
        int64_t m = t->values[i] % (int64_t)M31_P;
        values[i] = (m31)(m < 0 ? m + M31_P : m);
    }
    g->tables[g->n_tables] = (ir_table){t->name, values, t->n};
    return g->n_tables++;
}

static airc_val leaf(airc_elab *e, const airc_val *v, ir_index i)
{
    static const ir_op ops[] = {N_TRACE, N_INPUT, N_PARAM, N_TABLE};
    if (v->space == SP_TABLE && ir_index_is_const(&i)) return airc_int(v->table->values[i.c]);
    uint32_t table = v->space == SP_TABLE ? program_table(e, v->table) : 0;
    return airc_node_val(ir_leaf(e->g, ops[v->space], table, i, airc_loop_of(e, i)));
}

static void range_error(airc_elab *e, airc_pos at, ir_index i, ir_index len)
{
    if (ir_index_is_const(&i) && ir_index_is_const(&len))
        airc_error(e->c, at, "index %lld is outside this array of %lld", (long long)i.c,
                   (long long)len.c);
    else
        airc_error(e->c, at, "this index leaves the array in some iteration or for some size");
}

static bool in_range(const airc_elab *e, ir_index i, ir_index len, bool end_too)
{
    ir_index lo, hi;
    airc_index_range(e, i, &lo, &hi);
    ir_index room = airc_index_add(len, hi, -1);
    if (!end_too) room.c--;
    return airc_never_negative(e, lo) && airc_never_negative(e, room);
}

airc_val airc_element(airc_elab *e, airc_pos at, airc_val v, ir_index i)
{
    ir_index len;
    if (!airc_length(e, at, &v, &len)) return (airc_val){.kind = V_ERR};
    if (!in_range(e, i, len, false)) {
        range_error(e, at, i, len);
        return (airc_val){.kind = V_ERR};
    }
    if (v.kind == V_LIST) {
        if (ir_index_is_const(&i)) return v.items[i.c];
        airc_error(e->c, at,
                   "only cells, inputs, params and constants can be indexed by a repeat "
                   "variable; use `for` here");
        return (airc_val){.kind = V_ERR};
    }
    int64_t stride = inner_size(&v);
    i.c *= stride;
    i.n *= stride;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        i.k[d] *= stride;
    ir_index first = airc_index_add(v.index, i, 1);
    if (!v.n_dims) return leaf(e, &v, first);
    airc_val r = v;
    r.index    = first;
    r.len      = ir_const_index(v.dim[0]);
    r.n_dims   = v.n_dims - 1;
    for (uint32_t d = 0; d < r.n_dims; d++)
        r.dim[d] = v.dim[d + 1];
    return r;
}

airc_val airc_slice(airc_elab *e, airc_pos at, airc_val v, ir_index lo, ir_index hi)
{
    ir_index len, count = airc_index_add(hi, lo, -1);
    if (!airc_length(e, at, &v, &len)) return (airc_val){.kind = V_ERR};
    bool flat = true;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        flat = flat && !count.k[d];
    if (!flat || !airc_never_negative(e, count) || !in_range(e, lo, len, true) ||
        !in_range(e, hi, len, true)) {
        airc_error(e->c, at, "this slice is not a part of the array");
        return (airc_val){.kind = V_ERR};
    }
    if (v.kind == V_LIST) {
        if (!ir_index_is_const(&lo) || !ir_index_is_const(&hi)) {
            airc_error(e->c, at, "the ends of this slice must be known at compile time");
            return (airc_val){.kind = V_ERR};
        }
        v.items += lo.c;
        v.n = (uint32_t)(hi.c - lo.c);
        return v;
    }
    int64_t stride = inner_size(&v);
    lo.c *= stride;
    lo.n *= stride;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        lo.k[d] *= stride;
    v.index = airc_index_add(v.index, lo, 1);
    v.len   = count;
    return v;
}

static void flatten(airc_elab *e, airc_val v, airc_val *out, uint32_t *n)
{
    if (v.kind == V_LIST) {
        for (uint32_t i = 0; i < v.n; i++)
            flatten(e, v.items[i], out, n);
    } else if (v.kind == V_COLS) {
        int64_t total = v.len.c * (int64_t)inner_size(&v);
        for (int64_t i = 0; i < total; i++)
            out[(*n)++] = leaf(e, &v, airc_index_add(v.index, ir_const_index(i), 1));
    } else {
        out[(*n)++] = v;
    }
}

bool airc_flatten(airc_elab *e, airc_pos at, airc_val v, airc_val **out, uint32_t *n)
{
    int64_t k = airc_leaves(&v);
    if (k < 0 || k > AIRC_MAX_ARRAY) {
        airc_error(e->c, at,
                   k < 0 ? "the length of this array is the run-time size; go through it with "
                           "`repeat`"
                         : "this array is too long to be spelled out");
        return false;
    }
    *out = airc_alloc(e->c, (size_t)k + 1, sizeof **out);
    *n   = 0;
    flatten(e, v, *out, n);
    return true;
}

static airc_val reshape(airc_elab *e, airc_val v, const airc_val **next)
{
    if (v.kind == V_COLS) {
        airc_val r = airc_list(e, (uint32_t)v.len.c);
        for (uint32_t i = 0; i < r.n; i++)
            r.items[i] = reshape(e, airc_element(e, (airc_pos){0}, v, ir_const_index(i)), next);
        return r;
    }
    if (v.kind != V_LIST) return *(*next)++;
    airc_val r = airc_list(e, v.n);
    for (uint32_t i = 0; i < v.n; i++)
        r.items[i] = reshape(e, v.items[i], next);
    return r;
}

airc_val airc_reshape(airc_elab *e, airc_val v, const airc_val *leaves)
{
    return reshape(e, v, &leaves);
}

uint32_t airc_field(airc_elab *e, airc_pos at, airc_val v)
{
    switch (v.kind) {
    case V_ERR: return IR_NONE;
    case V_INT:
        if (!e->g) break;
        return ir_leaf(e->g, N_INDEX, 0, v.index, airc_loop_of(e, v.index));
    case V_NODE:
        if (!ir_is_u32(e->g->nodes[v.node].op)) return v.node;
        airc_error(e->c, at,
                   "this is a u32 value of the witness; write `as m31` to make it a "
                   "field element");
        return IR_NONE;
    case V_REL:
        airc_error(e->c, at, "relation '%s' stands where a value is needed", v.relation->name);
        return IR_NONE;
    default: airc_error(e->c, at, "this is an array where one value is needed"); return IR_NONE;
    }
    airc_error(e->c, at, "this must be known at compile time");
    return IR_NONE;
}

/* Lengths of nested lists, outermost first; false if they are not rectangular, of leaves of
 * one kind. */
static bool shape_of(const airc_val *v,
                     airc_val_kind leaf_kind,
                     uint32_t *dim,
                     uint32_t *n,
                     bool *closed,
                     uint32_t depth)
{
    if (v->kind == leaf_kind) {
        *closed = true;
        return depth == *n && (v->kind == V_REL || ir_index_is_const(&v->index));
    }
    if (v->kind != V_LIST || depth == AIRC_MAX_DIMS || !v->n) return false;
    if (depth == *n) {
        if (*closed) return false;
        dim[depth] = v->n;
        (*n)++;
    }
    if (dim[depth] != v->n) return false;
    for (uint32_t i = 0; i < v->n; i++)
        if (!shape_of(&v->items[i], leaf_kind, dim, n, closed, depth + 1)) return false;
    return true;
}

static airc_val spell_out(airc_elab *e, airc_val v)
{
    if (v.kind == V_COLS && airc_leaves(&v) >= 0) {
        airc_val r = airc_list(e, (uint32_t)v.len.c);
        for (uint32_t i = 0; i < r.n; i++)
            r.items[i] = spell_out(e, airc_element(e, (airc_pos){0}, v, ir_const_index(i)));
        return r;
    }
    for (uint32_t i = 0; v.kind == V_LIST && i < v.n; i++)
        v.items[i] = spell_out(e, v.items[i]);
    return v;
}

static bool has_error(const airc_val *v)
{
    bool bad = v->kind == V_ERR;
    for (uint32_t i = 0; v->kind == V_LIST && i < v->n && !bad; i++)
        bad = has_error(&v->items[i]);
    return bad;
}

airc_val airc_to_table(airc_elab *e, airc_pos at, const char *name, airc_val v)
{
    uint32_t dim[AIRC_MAX_DIMS] = {0}, n_dims = 0, n;
    bool closed = false;
    airc_val *leaves;
    if (has_error(&v)) return (airc_val){.kind = V_ERR};
    v                      = spell_out(e, v);
    const airc_val *corner = &v;
    while (corner->kind == V_LIST && corner->n)
        corner = corner->items;
    bool relations = corner->kind == V_REL;
    if (!shape_of(&v, relations ? V_REL : V_INT, dim, &n_dims, &closed, 0) || !n_dims) {
        airc_error(e->c, at,
                   "a constant array is made of integers or of relations, every row as long as "
                   "the others");
        return (airc_val){.kind = V_ERR};
    }
    if (relations) return v;
    if (!airc_flatten(e, at, v, &leaves, &n)) return (airc_val){.kind = V_ERR};
    airc_table *t = airc_alloc(e->c, 1, sizeof *t);
    *t            = (airc_table){name, airc_alloc(e->c, n, sizeof *t->values), n};
    for (uint32_t i = 0; i < n; i++)
        t->values[i] = leaves[i].index.c;
    airc_val r = {.kind = V_COLS, .space = SP_TABLE, .table = t, .n_dims = n_dims - 1};
    r.len      = ir_const_index(dim[0]);
    for (uint32_t i = 1; i < n_dims; i++)
        r.dim[i - 1] = dim[i];
    return r;
}

#include "airc/ir.h"

#include <string.h>

bool ir_index_is_const(const ir_index *x)
{
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        if (x->k[d]) return false;
    return !x->n;
}

/* --- hash-consing --- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + 0x9e3779b97f4a7c15ull + (h << 6) + (h >> 2);
    return h * 0xff51afd7ed558ccdull;
}

static uint64_t hash_node(const ir_node *n)
{
    uint64_t h = mix(mix(mix(mix(n->op, n->a), n->b), n->c), n->value);
    h          = mix(mix(mix(h, n->loop), (uint64_t)n->index.c), (uint64_t)n->index.n);
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        h = mix(h, (uint64_t)n->index.k[d]);
    return h ^ (h >> 32);
}

static bool same(const ir_node *x, const ir_node *y)
{
    if (x->op != y->op || x->a != y->a || x->b != y->b || x->c != y->c) return false;
    if (x->value != y->value || x->loop != y->loop) return false;
    if (x->index.c != y->index.c || x->index.n != y->index.n) return false;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        if (x->index.k[d] != y->index.k[d]) return false;
    return true;
}

static void rehash(airc_program *g)
{
    uint32_t cap = g->cap_hash ? 2 * g->cap_hash : 1024;
    g->hash      = airc_alloc(g->c, cap, sizeof *g->hash);
    g->cap_hash  = cap;
    for (uint32_t i = 1; i < g->n_nodes; i++) {
        uint32_t at = (uint32_t)hash_node(&g->nodes[i]) & (cap - 1);
        while (g->hash[at])
            at = (at + 1) & (cap - 1);
        g->hash[at] = i;
    }
}

static uint32_t intern(airc_program *g, ir_node n)
{
    if (2 * g->n_nodes >= g->cap_hash) rehash(g);
    uint32_t at = (uint32_t)hash_node(&n) & (g->cap_hash - 1);
    for (; g->hash[at]; at = (at + 1) & (g->cap_hash - 1))
        if (same(&g->nodes[g->hash[at]], &n)) return g->hash[at];
    if (g->n_nodes == g->cap_nodes) {
        if (g->n_nodes >= AIRC_MAX_NODES) airc_stop(g->c, SAGE_ELIMIT);
        uint32_t cap = 2 * g->cap_nodes;
        ir_node *p   = airc_alloc(g->c, cap, sizeof *p);
        memcpy(p, g->nodes, g->n_nodes * sizeof *p);
        g->nodes     = p;
        g->cap_nodes = cap;
    }
    g->nodes[g->n_nodes] = n;
    g->hash[at]          = g->n_nodes;
    return g->n_nodes++;
}

void ir_init(airc_program *g)
{
    g->cap_nodes = 1024;
    g->nodes     = airc_alloc(g->c, g->cap_nodes, sizeof *g->nodes);
    g->n_nodes   = 1; /* 0 is IR_NONE */
    ir_new_loop(g, 0, ir_const_index(1));
}

uint32_t ir_new_loop(airc_program *g, uint32_t parent, ir_index trips)
{
    if (g->n_loops == g->cap_loops) {
        uint32_t cap = g->cap_loops ? 2 * g->cap_loops : 16;
        ir_loop *p   = airc_alloc(g->c, cap, sizeof *p);
        if (g->n_loops) memcpy(p, g->loops, g->n_loops * sizeof *p);
        g->loops     = p;
        g->cap_loops = cap;
    }
    ir_loop *l = &g->loops[g->n_loops];
    *l         = (ir_loop){.parent = parent, .trips = trips};
    l->depth   = g->n_loops && parent ? g->loops[parent].depth + 1 : 0;
    return g->n_loops++;
}

ir_stmt *ir_append(airc_program *g, uint32_t loop, ir_stmt stmt)
{
    ir_stmt *s = airc_alloc(g->c, 1, sizeof *s);
    *s         = stmt;
    s->loop    = loop;
    s->next    = NULL;
    ir_loop *l = &g->loops[loop];
    if (l->last)
        l->last->next = s;
    else
        l->first = s;
    l->last = s;
    return s;
}

/* --- making nodes --- */

uint32_t ir_const(airc_program *g, int64_t value)
{
    int64_t m = value % (int64_t)M31_P;
    return intern(g, (ir_node){.op = N_CONST, .value = (uint32_t)(m < 0 ? m + M31_P : m)});
}
uint32_t ir_uconst(airc_program *g, uint32_t value)
{
    return intern(g, (ir_node){.op = N_UCONST, .value = value});
}
uint32_t ir_leaf(airc_program *g, ir_op op, uint32_t table, ir_index index, uint32_t loop)
{
    if (op == N_INDEX && ir_index_is_const(&index)) return ir_const(g, index.c);
    return intern(g, (ir_node){.op = op, .a = table, .index = index, .loop = loop});
}
uint32_t ir_slot_node(airc_program *g, ir_op op, uint32_t loop, uint32_t slot)
{
    uint32_t where = op == N_CARRY ? loop : g->loops[loop].parent;
    return intern(g, (ir_node){.op = op, .a = loop, .b = slot, .loop = where});
}

uint32_t ir_operands(const ir_node *n, uint32_t out[3])
{
    switch (n->op) {
    case N_ADD:
    case N_SUB:
    case N_MUL:
    case N_AND:
    case N_OR:
    case N_XOR:
    case N_UADD:
    case N_USUB:
    case N_UMUL:
    case N_FELT_ADD:
    case N_FELT_SUB:
    case N_FELT_MUL:
    case N_FELT_DIV:
        out[0] = n->a;
        out[1] = n->b;
        return 2;
    case N_NEG:
    case N_M31:
    case N_U32:
    case N_SHL:
    case N_SHR:
    case N_MEMORY_ID:
    case N_INVERSE:
    case N_WORD:
    case N_MEMORY_VALUE: out[0] = n->a; return 1;
    case N_CONS:
        out[0] = n->b;
        out[1] = n->a;
        return n->a ? 2 : 1;
    case N_SELECT:
    case N_USELECT:
        out[0] = n->a;
        out[1] = n->b;
        out[2] = n->c;
        return 3;
    default: return 0;
    }
}

static bool is_const(const airc_program *g, uint32_t id, m31 v)
{
    return g->nodes[id].op == N_CONST && g->nodes[id].value == v;
}

static uint32_t fold_m31(airc_program *g, ir_op op, uint32_t a, uint32_t b)
{
    m31 x = g->nodes[a].value, y = b ? g->nodes[b].value : 0;
    switch (op) {
    case N_ADD: return ir_const(g, m31_add(x, y));
    case N_SUB: return ir_const(g, m31_sub(x, y));
    case N_MUL: return ir_const(g, m31_mul(x, y));
    default: return ir_const(g, m31_neg(x));
    }
}

static uint32_t fold_u32(airc_program *g, ir_op op, uint32_t x, uint32_t y)
{
    switch (op) {
    case N_AND: return ir_uconst(g, x & y);
    case N_OR: return ir_uconst(g, x | y);
    case N_XOR: return ir_uconst(g, x ^ y);
    case N_UADD: return ir_uconst(g, x + y);
    case N_USUB: return ir_uconst(g, x - y);
    default: return ir_uconst(g, x * y);
    }
}

/* Identities of the field; IR_NONE if none applies. */
static uint32_t simplify(airc_program *g, ir_op op, uint32_t a, uint32_t b)
{
    if (op == N_ADD) {
        if (is_const(g, a, 0)) return b;
        if (is_const(g, b, 0)) return a;
        if (g->nodes[b].op == N_NEG) return ir_make(g, N_SUB, a, g->nodes[b].a, 0);
        if (g->nodes[a].op == N_NEG) return ir_make(g, N_SUB, b, g->nodes[a].a, 0);
    } else if (op == N_SUB) {
        if (a == b) return ir_const(g, 0);
        if (is_const(g, b, 0)) return a;
        if (is_const(g, a, 0)) return ir_make(g, N_NEG, b, 0, 0);
        if (g->nodes[b].op == N_NEG) return ir_make(g, N_ADD, a, g->nodes[b].a, 0);
    } else if (op == N_MUL) {
        if (is_const(g, a, 0) || is_const(g, b, 1)) return a;
        if (is_const(g, b, 0) || is_const(g, a, 1)) return b;
        if (is_const(g, a, M31_P - 1)) return ir_make(g, N_NEG, b, 0, 0);
        if (is_const(g, b, M31_P - 1)) return ir_make(g, N_NEG, a, 0, 0);
    } else if (op == N_NEG && g->nodes[a].op == N_NEG) {
        return g->nodes[a].a;
    } else if (op == N_SELECT || op == N_USELECT) {
        return IR_NONE;
    }
    return IR_NONE;
}

uint32_t ir_make(airc_program *g, ir_op op, uint32_t a, uint32_t b, uint32_t c)
{
    const ir_node *x = &g->nodes[a], *y = &g->nodes[b];
    bool two = op == N_ADD || op == N_SUB || op == N_MUL;
    if (x->op == N_CONST && ((two && y->op == N_CONST) || op == N_NEG))
        return fold_m31(g, op, a, op == N_NEG ? 0 : b);
    if (x->op == N_UCONST && y->op == N_UCONST && op >= N_AND && op <= N_UMUL)
        return fold_u32(g, op, x->value, y->value);
    if (op == N_U32 && x->op == N_CONST) return ir_uconst(g, x->value);
    if (op == N_M31 && x->op == N_UCONST) return ir_const(g, x->value);
    uint32_t easy = simplify(g, op, a, b);
    if (easy) return easy;
    bool swaps = op == N_ADD || op == N_MUL || op == N_AND || op == N_OR || op == N_XOR ||
                 op == N_UADD || op == N_UMUL;
    if (swaps && a > b) {
        uint32_t t = a;
        a          = b;
        b          = t;
    }
    ir_node n = {.op = op, .a = a, .b = b, .c = c};
    uint32_t o[3], k = ir_operands(&n, o);
    for (uint32_t i = 0; i < k; i++) {
        const ir_node *of = &g->nodes[o[i]];
        if (ir_inside(g, of->loop, n.loop)) n.loop = of->loop;
        if (of->height >= n.height) n.height = of->height + 1;
    }
    if (n.height > IR_MAX_HEIGHT) airc_stop(g->c, SAGE_ELIMIT);
    return intern(g, n);
}

uint32_t ir_shift(airc_program *g, ir_op op, uint32_t a, uint32_t by)
{
    const ir_node *x = &g->nodes[a];
    if (!by) return a;
    if (x->op == N_UCONST) return ir_uconst(g, op == N_SHL ? x->value << by : x->value >> by);
    return intern(
        g, (ir_node){.op = op, .a = a, .value = by, .loop = x->loop, .height = x->height + 1});
}

uint32_t ir_words(airc_program *g, const uint32_t word[IR_WORDS])
{
    const ir_node *first = &g->nodes[word[0]];
    uint32_t whole = first->op == N_WORD ? first->a : IR_NONE, list = IR_NONE;
    for (uint32_t i = 0; i < IR_WORDS; i++) {
        const ir_node *n = &g->nodes[word[i]];
        if (n->op != N_WORD || n->a != whole || n->value != i) whole = IR_NONE;
    }
    for (uint32_t i = 0; i < IR_WORDS && !whole; i++)
        list = ir_make(g, N_CONS, list, word[i], 0);
    return whole ? whole : list;
}

uint32_t ir_word(airc_program *g, uint32_t words, uint32_t i)
{
    const ir_node *x = &g->nodes[words];
    return intern(
        g, (ir_node){
               .op = N_WORD, .a = words, .value = i, .loop = x->loop, .height = x->height + 1});
}

bool ir_inside(const airc_program *g, uint32_t inner, uint32_t outer)
{
    while (inner != outer && inner)
        inner = g->loops[inner].parent;
    return inner == outer;
}

/* --- iteration --- */

static int64_t trips_at(const ir_loop *l, int64_t n)
{
    return l->trips.c + l->trips.n * n;
}

static void each(const airc_program *g,
                 ir_index index,
                 uint32_t loop,
                 int64_t n,
                 int64_t sum,
                 void (*fn)(void *arg, int64_t value),
                 void *arg)
{
    if (!loop) {
        fn(arg, sum);
        return;
    }
    const ir_loop *l = &g->loops[loop];
    int64_t k = index.k[l->depth], trips = trips_at(l, n);
    for (int64_t i = 0; i < trips; i++)
        each(g, index, l->parent, n, sum + k * i, fn, arg);
}

void ir_each(const airc_program *g,
             ir_index index,
             uint32_t loop,
             int64_t n,
             void (*fn)(void *arg, int64_t value),
             void *arg)
{
    each(g, index, loop, n, index.c + index.n * n, fn, arg);
}

/* --- liveness --- */

static bool in_mode(const ir_stmt *s, const ir_live *live)
{
    switch (s->kind) {
    case S_CELL:
    case S_FEED: return live->mode == MODE_WITNESS;
    case S_ASSERT: return live->mode == MODE_CONSTRAINTS;
    case S_ENTRY:
        if (live->mode == MODE_COUNT) return s->key && s->relation == live->relation;
        return live->mode != MODE_WITNESS;
    default: return false;
    }
}

/* Node i of those that a statement needs; IR_NONE after the last. */
static uint32_t root(const ir_stmt *s, ir_mode mode, uint32_t i)
{
    if (s->kind == S_FEED) i++; /* has values alone */
    if (!i) return s->node;
    if (mode == MODE_COUNT) return i == 1 ? s->key : IR_NONE;
    return i <= s->n_values ? s->values[i - 1] : IR_NONE;
}

typedef struct marker {
    const airc_program *g;
    ir_live live;
    uint32_t *stack; /* every node enters it at most once */
    uint32_t n;
} marker;

static void push(marker *m, uint32_t id)
{
    if (m->live.node[id]) return;
    m->live.node[id] = true;
    m->stack[m->n++] = id;
}

static void drain(marker *m)
{
    const airc_program *g = m->g;
    while (m->n) {
        const ir_node *n = &g->nodes[m->stack[--m->n]];
        uint32_t o[3], k = ir_operands(n, o);
        for (uint32_t i = 0; i < k; i++)
            push(m, o[i]);
        if ((n->op == N_CARRY || n->op == N_OUT) && !m->live.slot[n->a][n->b]) {
            m->live.slot[n->a][n->b] = true;
            push(m, g->loops[n->a].slots[n->b].init);
            push(m, g->loops[n->a].slots[n->b].next);
        }
    }
}

static bool mark_loop(marker *m, uint32_t loop)
{
    bool effect = false;
    for (const ir_stmt *s = m->g->loops[loop].first; s; s = s->next) {
        if (s->kind == S_LOOP && mark_loop(m, s->inner)) effect = true;
        if (!in_mode(s, &m->live)) continue;
        effect = true;
        for (uint32_t i = 0, id; (id = root(s, m->live.mode, i)); i++)
            push(m, id);
    }
    m->live.loop[loop] = effect;
    return effect;
}

ir_live ir_liveness(const airc_program *g, ir_mode mode, uint32_t relation)
{
    sage_airc *c = g->c;
    marker m     = {.g = g, .live = {.mode = mode, .relation = relation}};
    m.live.node  = airc_alloc(c, g->n_nodes, sizeof *m.live.node);
    m.live.slot  = airc_alloc(c, g->n_loops, sizeof *m.live.slot);
    m.live.loop  = airc_alloc(c, g->n_loops, sizeof *m.live.loop);
    m.stack      = airc_alloc(c, g->n_nodes, sizeof *m.stack);
    for (uint32_t i = 0; i < g->n_loops; i++)
        m.live.slot[i] = airc_alloc(c, g->loops[i].n_slots + 1, sizeof **m.live.slot);
    mark_loop(&m, 0);
    drain(&m);
    for (uint32_t i = 0; i < g->n_loops; i++) /* a loop may only carry */
        for (uint32_t k = 0; k < g->loops[i].n_slots; k++)
            if (m.live.slot[i][k])
                for (uint32_t l = i; !m.live.loop[l]; l = g->loops[l].parent)
                    m.live.loop[l] = true;
    return m.live;
}

/* --- the walk --- */

typedef struct walker {
    const airc_program *g;
    const ir_live *live;
    const ir_visitor *v;
    void *arg;
    bool *done;
    uint32_t *seen, pass; /* nodes met by the current look into a loop from outside */
} walker;

/* Emits what `id` needs and lies in `loop` or outside it, in the reader's order. */
static void demand(walker *w, uint32_t id, uint32_t loop)
{
    const ir_node *n = &w->g->nodes[id];
    if (w->done[id] || w->seen[id] == w->pass) return;
    w->seen[id] = w->pass;
    uint32_t o[3], k = ir_operands(n, o);
    for (uint32_t i = 0; i < k; i++)
        demand(w, o[i], loop);
    if (!ir_inside(w->g, loop, n->loop)) return; /* varies with an inner loop: later */
    w->done[id] = true;
    w->v->node(w->arg, id);
}

/* What the statements inside `loop` take from outside it. */
static void demand_outer(walker *w, uint32_t loop, uint32_t from)
{
    const ir_loop *l = &w->g->loops[loop];
    for (uint32_t i = 0; i < l->n_slots; i++) {
        if (!w->live->slot[loop][i]) continue;
        demand(w, l->slots[i].init, from);
        demand(w, l->slots[i].next, from);
    }
    for (const ir_stmt *s = l->first; s; s = s->next) {
        if (s->kind == S_LOOP && w->live->loop[s->inner]) demand_outer(w, s->inner, from);
        if (!in_mode(s, w->live)) continue;
        for (uint32_t i = 0, id; (id = root(s, w->live->mode, i)); i++)
            demand(w, id, from);
    }
}

static void walk_loop(walker *w, uint32_t loop)
{
    const ir_loop *l = &w->g->loops[loop];
    for (const ir_stmt *s = l->first; s; s = s->next) {
        if (s->kind == S_LOOP && w->live->loop[s->inner]) {
            w->pass++;
            demand_outer(w, s->inner, loop);
            w->pass++;
            w->v->loop_begin(w->arg, s->inner);
            walk_loop(w, s->inner);
            for (uint32_t i = 0; i < w->g->loops[s->inner].n_slots; i++)
                if (w->live->slot[s->inner][i])
                    demand(w, w->g->loops[s->inner].slots[i].next, s->inner);
            w->pass++;
            w->v->loop_end(w->arg, s->inner);
        }
        if (!in_mode(s, w->live)) continue;
        for (uint32_t i = 0, id; (id = root(s, w->live->mode, i)); i++)
            demand(w, id, loop);
        w->v->stmt(w->arg, s);
        if (s->kind == S_CELL) w->done[s->cell] = true;
    }
}

void ir_walk(const airc_program *g, const ir_live *live, const ir_visitor *v, void *arg)
{
    walker w = {.g = g, .live = live, .v = v, .arg = arg, .pass = 1};
    w.done   = airc_alloc(g->c, g->n_nodes, sizeof *w.done);
    w.seen   = airc_alloc(g->c, g->n_nodes, sizeof *w.seen);
    walk_loop(&w, 0);
}

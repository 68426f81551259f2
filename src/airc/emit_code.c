/* Bytecode: the walk gives a straight list of instructions over virtual registers (one per
 * node and slot); live ranges, stretched over the loops they are read in, give real ones. */
#include <string.h>

#include "airc/air_code.h"
#include "airc/emit.h"

static const uint32_t NO_REG = UINT32_MAX;

typedef struct ins {
    air_opcode op;
    uint32_t d;      /* virtual register, or NO_REG */
    uint32_t src[2]; /* virtual registers */
    m31 value;       /* constant */
    ir_index index;
    const ir_stmt *entry; /* AIR_ENTRY */
    uint32_t end;         /* AIR_LOOP: position of its AIR_NEXT */
} ins;

typedef struct coder {
    const airc_program *g;
    const ir_live *live;
    ins *list;
    uint32_t n, cap;
    uint32_t *slot_base; /* first virtual register of a loop's slots */
    uint32_t *table_base;
    uint32_t open[IR_MAX_DEPTH + 1], depth; /* open loops: their AIR_LOOP */
    uint32_t n_virtual;
} coder;

static void push(coder *k, ins x)
{
    if (k->n == k->cap) {
        uint32_t cap = k->cap ? 2 * k->cap : 256;
        ins *p       = airc_alloc(k->g->c, cap, sizeof *p);
        if (k->n) memcpy(p, k->list, k->n * sizeof *p);
        k->list = p;
        k->cap  = cap;
    }
    k->list[k->n++] = x;
}

static uint32_t virtual_of(const coder *k, uint32_t id)
{
    const ir_node *n = ir_at(k->g, id);
    if (n->op == N_CARRY || n->op == N_OUT) return k->slot_base[n->a] + n->b;
    return id;
}

static ins arithmetic(const coder *k, uint32_t id)
{
    const ir_node *n = ir_at(k->g, id), *a = ir_at(k->g, n->a), *b = ir_at(k->g, n->b);
    bool ca = a->op == N_CONST, cb = n->op != N_NEG && b->op == N_CONST;
    ins x = {.d = id, .src = {NO_REG, NO_REG}};
    if (!ca && !cb) {
        x.op     = n->op == N_ADD   ? AIR_ADD
                   : n->op == N_SUB ? AIR_SUB
                   : n->op == N_MUL ? AIR_MUL
                                    : AIR_NEG;
        x.src[0] = virtual_of(k, n->a);
        if (n->op != N_NEG) x.src[1] = virtual_of(k, n->b);
        return x;
    }
    x.src[0] = virtual_of(k, ca ? n->b : n->a);
    x.value  = ca ? a->value : b->value;
    x.op     = n->op == N_MUL ? AIR_MULC : AIR_ADDC;
    if (n->op == N_SUB && ca) x.op = AIR_RSUBC;
    if (n->op == N_SUB && cb) x.value = m31_neg(x.value);
    return x;
}

static void visit_node(void *arg, uint32_t id)
{
    coder *k         = arg;
    const ir_node *n = ir_at(k->g, id);
    ins x            = {.d = id, .src = {NO_REG, NO_REG}, .index = n->index};
    switch (n->op) {
    case N_CONST:
    case N_CARRY:
    case N_OUT: return;
    case N_TRACE: x.op = AIR_TRACE; break;
    case N_PRE: x.op = AIR_PRE; break;
    case N_PARAM: x.op = AIR_PARAM; break;
    case N_INDEX: x.op = AIR_INDEX; break;
    case N_TABLE:
        x.op = AIR_WORD;
        x.index.c += k->table_base[n->a];
        break;
    default: x = arithmetic(k, id);
    }
    push(k, x);
}

static void visit_stmt(void *arg, const ir_stmt *s)
{
    coder *k = arg;
    ins x    = {.d = NO_REG, .src = {NO_REG, NO_REG}};
    if (s->kind == S_ASSERT) {
        x.op     = AIR_ASSERT;
        x.src[0] = virtual_of(k, s->node);
    } else {
        x.op    = AIR_ENTRY;
        x.entry = s;
    }
    push(k, x);
}

static void move(coder *k, uint32_t d, uint32_t id)
{
    const ir_node *n = ir_at(k->g, id);
    if (n->op == N_CONST)
        push(k, (ins){.op = AIR_CONST, .d = d, .src = {NO_REG, NO_REG}, .value = n->value});
    else if (virtual_of(k, id) != d)
        push(k, (ins){.op = AIR_MOVE, .d = d, .src = {virtual_of(k, id), NO_REG}});
}

static void visit_loop_begin(void *arg, uint32_t loop)
{
    coder *k         = arg;
    const ir_loop *l = &k->g->loops[loop];
    for (uint32_t i = 0; i < l->n_slots; i++)
        if (k->live->slot[loop][i]) move(k, k->slot_base[loop] + i, l->slots[i].init);
    k->open[k->depth++] = k->n;
    push(k, (ins){.op = AIR_LOOP, .d = NO_REG, .src = {NO_REG, NO_REG}, .index = l->trips});
}

/* All slots change at once: the old value of another slot is saved first. */
static void visit_loop_end(void *arg, uint32_t loop)
{
    coder *k         = arg;
    const ir_loop *l = &k->g->loops[loop];
    uint32_t *saved  = airc_alloc(k->g->c, l->n_slots + 1, sizeof *saved);
    for (uint32_t i = 0; i < l->n_slots; i++) {
        const ir_node *n = ir_at(k->g, l->slots[i].next);
        if (!k->live->slot[loop][i] || n->op != N_CARRY || n->a != loop || n->b == i) continue;
        saved[i] = k->n_virtual++;
        push(k,
             (ins){.op = AIR_MOVE, .d = saved[i], .src = {k->slot_base[loop] + n->b, NO_REG}});
    }
    for (uint32_t i = 0; i < l->n_slots; i++) {
        if (!k->live->slot[loop][i]) continue;
        uint32_t d = k->slot_base[loop] + i;
        if (saved[i])
            push(k, (ins){.op = AIR_MOVE, .d = d, .src = {saved[i], NO_REG}});
        else
            move(k, d, l->slots[i].next);
    }
    k->list[k->open[--k->depth]].end = k->n;
    push(k, (ins){.op = AIR_NEXT, .d = NO_REG, .src = {NO_REG, NO_REG}});
}

/* --- registers --- */

typedef struct allocator {
    const coder *k;
    uint32_t *first, *last; /* positions of each virtual register */
    uint32_t *real;
    uint32_t *free, n_free, n_real;
    uint32_t *ends;  /* virtual registers by their last position: heads .. */
    uint32_t *chain; /* .. and links */
} allocator;

/* Read at p: alive to p, and to the end of every loop around p that starts after its birth. */
static void read_at(allocator *r, uint32_t v, uint32_t p, const uint32_t *open, uint32_t depth)
{
    if (v == NO_REG) return;
    uint32_t last = p;
    for (uint32_t i = depth; i-- > 0;)
        if (open[i] >= r->first[v]) last = r->k->list[open[i]].end;
    if (last > r->last[v]) r->last[v] = last;
}

static void read_all(allocator *r, uint32_t p, const uint32_t *open, uint32_t depth)
{
    const coder *k = r->k;
    const ins *x   = &k->list[p];
    read_at(r, x->src[0], p, open, depth);
    read_at(r, x->src[1], p, open, depth);
    if (!x->entry) return;
    const ir_stmt *s = x->entry;
    if (ir_at(k->g, s->node)->op != N_CONST) read_at(r, virtual_of(k, s->node), p, open, depth);
    for (uint32_t i = 0; i < s->n_values; i++)
        if (ir_at(k->g, s->values[i])->op != N_CONST)
            read_at(r, virtual_of(k, s->values[i]), p, open, depth);
}

static void find_ranges(allocator *r)
{
    uint32_t open[IR_MAX_DEPTH + 1], depth = 0;
    for (uint32_t p = 0; p < r->k->n; p++) {
        const ins *x = &r->k->list[p];
        if (x->op == AIR_NEXT) depth--;
        if (x->d != NO_REG && !r->first[x->d]) r->first[x->d] = p + 1;
        if (x->d != NO_REG) read_at(r, x->d, p, open, depth); /* a slot's new value */
        read_all(r, p, open, depth);
        if (x->op == AIR_LOOP) open[depth++] = p;
    }
}

static void assign_registers(allocator *r)
{
    const coder *k = r->k;
    for (uint32_t v = 0; v < k->n_virtual; v++)
        if (r->first[v]) {
            r->chain[v]         = r->ends[r->last[v]];
            r->ends[r->last[v]] = v;
        }
    for (uint32_t p = 0; p < k->n; p++) {
        uint32_t d = k->list[p].d;
        if (d != NO_REG && r->first[d] == p + 1 && r->last[d] == p)
            r->last[d] = p; /* never read: its register is free again at once */
        for (uint32_t v = r->ends[p]; v; v = r->chain[v])
            if (v != d) r->free[r->n_free++] = r->real[v];
        if (d != NO_REG && r->first[d] == p + 1)
            r->real[d] = r->n_free ? r->free[--r->n_free] : r->n_real++;
        if (d != NO_REG && r->last[d] == p) r->free[r->n_free++] = r->real[d];
    }
}

/* --- bytes --- */

static void put_varint(airc_text *t, uint64_t v)
{
    uint8_t b[10];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        b[n++] = (uint8_t)(v | 0x80);
    b[n++] = (uint8_t)v;
    airc_put_bytes(t, b, n);
}

static void put_zigzag(airc_text *t, int64_t v)
{
    put_varint(t, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}

static void put_index(airc_text *t, ir_index x)
{
    uint32_t mask = (x.c ? 1u : 0) | (x.n ? 2u : 0);
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        mask |= x.k[d] ? 4u << d : 0;
    put_varint(t, mask);
    if (x.c) put_zigzag(t, x.c);
    if (x.n) put_zigzag(t, x.n);
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        if (x.k[d]) put_zigzag(t, x.k[d]);
}

static void put_operand(const allocator *r, airc_text *t, uint32_t id)
{
    const ir_node *n = ir_at(r->k->g, id);
    if (n->op == N_CONST) {
        put_varint(t, 0);
        put_varint(t, n->value);
    } else {
        put_varint(t, r->real[virtual_of(r->k, id)] + 1);
    }
}

static uint32_t put_code(const allocator *r, airc_text *t, uint32_t p, uint32_t end);

/* One instruction; returns the position after it. */
static uint32_t put_ins(const allocator *r, airc_text *t, uint32_t p)
{
    const ins *x     = &r->k->list[p];
    const ir_stmt *s = x->entry;
    airc_text body   = {.c = t->c};
    put_varint(t, x->op);
    if (x->op == AIR_LOOP) {
        put_code(r, &body, p + 1, x->end + 1);
        put_index(t, x->index);
        put_varint(t, body.len);
        airc_put_bytes(t, body.s, body.len);
        return x->end + 1;
    }
    if (x->d != NO_REG) put_varint(t, r->real[x->d]);
    for (int i = 0; i < 2; i++)
        if (x->src[i] != NO_REG) put_varint(t, r->real[x->src[i]]);
    if (x->op >= AIR_TRACE && x->op <= AIR_INDEX) put_index(t, x->index);
    if (x->op == AIR_CONST || (x->op >= AIR_ADDC && x->op <= AIR_MULC)) put_varint(t, x->value);
    if (!s) return p + 1;
    put_varint(t, s->relation);
    put_varint(t, s->negative);
    put_operand(r, t, s->node);
    put_varint(t, s->n_values);
    for (uint32_t i = 0; i < s->n_values; i++)
        put_operand(r, t, s->values[i]);
    return p + 1;
}

static uint32_t put_code(const allocator *r, airc_text *t, uint32_t p, uint32_t end)
{
    while (p < end)
        p = put_ins(r, t, p);
    return p;
}

static void put_words(const airc_program *g, airc_text *t)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < g->n_tables; i++)
        n += g->tables[i].n;
    put_varint(t, n);
    for (uint32_t i = 0; i < g->n_tables; i++)
        for (uint32_t j = 0; j < g->tables[i].n; j++) {
            m31 v        = g->tables[i].values[j];
            uint8_t b[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
                            (uint8_t)(v >> 24)};
            airc_put_bytes(t, b, sizeof b);
        }
}

void airc_emit_code(const airc_program *g, airc_text *out, uint32_t *regs)
{
    ir_live live = ir_liveness(g, MODE_CONSTRAINTS, 0);
    coder k      = {.g = g, .live = &live, .n_virtual = g->n_nodes};
    k.slot_base  = airc_alloc(g->c, g->n_loops, sizeof *k.slot_base);
    k.table_base = airc_alloc(g->c, g->n_tables + 1, sizeof *k.table_base);
    for (uint32_t i = 0; i < g->n_loops; i++) {
        k.slot_base[i] = k.n_virtual;
        k.n_virtual += g->loops[i].n_slots;
    }
    for (uint32_t i = 0; i < g->n_tables; i++)
        k.table_base[i + 1] = k.table_base[i] + g->tables[i].n;
    static const ir_visitor visitor = {visit_node, visit_stmt, visit_loop_begin,
                                       visit_loop_end};
    ir_walk(g, &live, &visitor, &k);
    push(&k, (ins){.op = AIR_END, .d = NO_REG, .src = {NO_REG, NO_REG}});
    allocator r = {.k = &k};
    r.first     = airc_alloc(g->c, k.n_virtual, sizeof *r.first);
    r.last      = airc_alloc(g->c, k.n_virtual, sizeof *r.last);
    r.real      = airc_alloc(g->c, k.n_virtual, sizeof *r.real);
    r.free      = airc_alloc(g->c, k.n_virtual, sizeof *r.free);
    r.chain     = airc_alloc(g->c, k.n_virtual, sizeof *r.chain);
    r.ends      = airc_alloc(g->c, k.n + 1, sizeof *r.ends);
    find_ranges(&r);
    assign_registers(&r);
    put_words(g, out);
    put_code(&r, out, 0, k.n);
    *regs = r.n_real ? r.n_real : 1;
}

/* What holds for a whole component: degrees, constrained cells, counts. */
#include "airc/ir.h"

#include <string.h>

enum { DEGREE_CAP = 200 };

typedef struct checker {
    airc_program *g;
    uint8_t *degree; /* of each node in the trace columns */
    bool *private;   /* exists for the witness only */
    bool *late;      /* reads a preprocessed column that is no row number */
} checker;

static uint8_t cap(unsigned d)
{
    return (uint8_t)(d > DEGREE_CAP ? DEGREE_CAP : d);
}
static unsigned max(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void settle(checker *k, uint32_t id, bool *changed)
{
    const ir_node *n = ir_at(k->g, id);
    uint32_t o[3], count = ir_operands(n, o);
    unsigned d = 0, sum = 0;
    bool private = ir_is_private(n->op);
    bool late    = n->op == N_PRE && strcmp(k->g->pre[n->index.c].kind, "SEQ") != 0;
    for (uint32_t i = 0; i < count; i++) {
        d = max(d, k->degree[o[i]]);
        sum += k->degree[o[i]];
        private = private || k->private[o[i]];
        late    = late || k->late[o[i]];
    }
    if (n->op == N_TRACE || n->op == N_PRE) d = 1;
    if (n->op == N_MUL) d = sum;
    if (n->op == N_CARRY || n->op == N_OUT) {
        const ir_slot *s = &k->g->loops[n->a].slots[n->b];
        if (s->next) { /* a counting run's loop may have none */
            d       = max(k->degree[s->init], k->degree[s->next]);
            private = k->private[s->init] || k->private[s->next];
            late    = k->late[s->init] || k->late[s->next];
        }
    }
    if (cap(d) == k->degree[id] && private == k->private[id] && late == k->late[id]) return;
    *changed       = true;
    k->degree[id]  = cap(d);
    k->private[id] = private;
    k->late[id]    = late;
}

/* Carried names may raise each other's degree; it only grows, so this ends. */
static void settle_all(checker *k)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 1; i < k->g->n_nodes; i++)
            settle(k, i, &changed);
    }
}

/* --- degrees and kinds of values, statement by statement --- */

typedef struct pair {
    const ir_stmt *first;
    unsigned degree_den, degree_mult;
} pair;

static void check_public(checker *k, airc_pos pos, uint32_t node)
{
    if (k->private[node])
        airc_error(k->g->c, pos,
                   "this uses a value that only the prover has (an input or a witness "
                   "step); commit it in a cell first");
}

static void check_degree(checker *k, airc_pos pos, unsigned d, const char *what)
{
    if (d > k->g->degree) k->g->degree = d;
    if (d <= AIRC_MAX_DEGREE) return;
    if (d >= DEGREE_CAP)
        airc_error(k->g->c, pos,
                   "%s grows with every iteration; commit the carried name in a "
                   "cell",
                   what);
    else
        airc_error(k->g->c, pos, "%s is %u, more than %d; commit a part of it in a cell", what,
                   d, AIRC_MAX_DEGREE);
}

static void close_pair(checker *k, pair *p, airc_pos pos)
{
    check_degree(k, pos, max(1 + p->degree_den, p->degree_mult),
                 "the degree of this LogUp pair");
    p->first = NULL;
}

static void check_entry(checker *k, const ir_stmt *s, pair *p)
{
    unsigned den = 0, mult = k->degree[s->node];
    check_public(k, s->pos, s->node);
    if (s->key && (k->late[s->key] || k->late[s->node]))
        airc_error(k->g->c, s->pos,
                   "uses of '%s' are counted, which cannot read preprocessed columns other "
                   "than seq()",
                   k->g->relations[s->relation].name);
    for (uint32_t i = 0; i < s->n_values; i++) {
        den = max(den, k->degree[s->values[i]]);
        check_public(k, s->pos, s->values[i]);
    }
    if (!p->first) {
        *p = (pair){s, den, mult};
        return;
    }
    unsigned cross = max(p->degree_mult + den, mult + p->degree_den);
    *p             = (pair){s, p->degree_den + den, cross};
    close_pair(k, p, s->pos);
}

static void check_early(checker *k, airc_pos pos, uint32_t node)
{
    if (k->late[node])
        airc_error(k->g->c, pos,
                   "a witness step can read seq(), but no other preprocessed column; take it "
                   "as an input");
}

static void check_loop(checker *k, uint32_t loop, pair *p)
{
    for (const ir_stmt *s = k->g->loops[loop].first; s; s = s->next) {
        if (s->kind == S_LOOP) check_loop(k, s->inner, p);
        if (s->kind == S_CELL) check_early(k, s->pos, s->node);
        for (uint32_t i = 0; s->kind == S_FEED && i < s->n_values; i++)
            check_early(k, s->pos, s->values[i]);
        if (s->kind == S_ASSERT) {
            check_public(k, s->pos, s->node);
            check_degree(k, s->pos, k->degree[s->node], "the degree of this assertion");
            if (k->degree[s->node] > k->g->assert_degree)
                k->g->assert_degree = k->degree[s->node];
            if (!k->degree[s->node])
                airc_error(k->g->c, s->pos, "this assertion reads no cell");
        }
        if (s->kind == S_ENTRY) check_entry(k, s, p);
    }
}

/* --- which columns are read --- */

typedef struct columns {
    bool *read;
    int64_t n;
} columns;

static void mark_column(void *arg, int64_t column)
{
    columns *m = arg;
    if (column >= 0 && column < m->n) m->read[column] = true;
}

static columns read_columns(const airc_program *g, ir_mode mode, int64_t size)
{
    columns m    = {.n = g->trace.c + g->trace.n * size};
    ir_live live = ir_liveness(g, mode, 0);
    m.read       = airc_alloc(g->c, (size_t)m.n + 1, sizeof *m.read);
    for (uint32_t i = 1; i < g->n_nodes; i++) {
        const ir_node *n = ir_at(g, i);
        if (live.node[i] && n->op == N_TRACE)
            ir_each(g, n->index, n->loop, size, mark_column, &m);
    }
    return m;
}

typedef struct cell_check {
    const columns *m;
    bool all;
} cell_check;

static void test_column(void *arg, int64_t column)
{
    cell_check *t = arg;
    if (!t->m->read[column]) t->all = false;
}

static void check_constrained(
    const airc_program *g, uint32_t loop, const columns *m, int64_t size, const char **last)
{
    for (const ir_stmt *s = g->loops[loop].first; s; s = s->next) {
        if (s->kind == S_LOOP) check_constrained(g, s->inner, m, size, last);
        if (s->kind != S_CELL || s->free || s->name == *last) continue;
        cell_check t = {m, true};
        ir_each(g, s->index, s->loop, size, test_column, &t);
        if (t.all) continue;
        airc_error(g->c, s->pos,
                   "cell '%s' occurs in no assert and no relation, so the prover "
                   "may put anything there; constrain it or write `free cell`",
                   s->name);
        *last = s->name; /* once for an array */
    }
}

/* --- counts --- */

static void count_uses(airc_program *g, uint32_t loop, ir_index trips)
{
    for (const ir_stmt *s = g->loops[loop].first; s; s = s->next) {
        if (s->kind == S_ENTRY) {
            ir_relation *r = &g->relations[s->relation];
            ir_index *n    = s->negative ? &r->yields : &r->uses;
            n->c += trips.c;
            n->n += trips.n;
        }
        if (s->kind != S_LOOP) continue;
        ir_index t = g->loops[s->inner].trips; /* at most one of the two is sized */
        count_uses(g, s->inner,
                   (ir_index){.c = trips.c * t.c, .n = trips.n * t.c + trips.c * t.n});
    }
}

void ir_check(airc_program *g)
{
    checker k = {.g = g};
    pair p    = {0};
    k.degree  = airc_alloc(g->c, g->n_nodes, sizeof *k.degree);
    k.private = airc_alloc(g->c, g->n_nodes, sizeof *k.private);
    k.late    = airc_alloc(g->c, g->n_nodes, sizeof *k.late);
    settle_all(&k);
    check_loop(&k, 0, &p);
    if (p.first) close_pair(&k, &p, p.first->pos);
    if (!g->trace.c && !g->trace.n)
        airc_error(g->c, g->pos, "component '%s' has no cell", g->name);
    int64_t size     = g->sized ? g->size_min + 2 : 0;
    const char *last = NULL;
    if (g->trace.c + g->trace.n * size > AIRC_MAX_ARRAY) {
        airc_error(g->c, g->pos, "component '%s' has too many columns", g->name);
        return;
    }
    columns m = read_columns(g, MODE_CONSTRAINTS, size);
    check_constrained(g, 0, &m, size, &last);
    count_uses(g, 0, ir_const_index(1));
    g->pairs =
        (ir_index){.c = (g->entries.c + 1) >> 1, .n = g->entries.n / 2}; /* c may be < 0 */
    if (g->sized || (!g->entries.c && !g->entries.n)) return;
    m              = read_columns(g, MODE_FRACTIONS, 0);
    g->logup_trace = airc_alloc(g->c, (size_t)m.n + 1, sizeof *g->logup_trace);
    for (int64_t i = 0; i < m.n; i++)
        if (m.read[i]) g->logup_trace[g->n_logup_trace++] = (uint32_t)i;
}

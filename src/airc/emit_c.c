#include "airc/emit.h"

#include <string.h>

/* What the kernels of one file read between them. */
typedef struct shared {
    bool *tables;
    bool steps; /* air/witness_lanes.h */
} shared;

typedef struct emitter {
    const airc_program *g;
    ir_mode mode;
    const ir_live *live;
    airc_text *out, head; /* head: hoisted out of the row loop */
    uint32_t depth;
    uint32_t *alias; /* another node whose C name stands for this one, or IR_NONE */
    bool trace, inputs, params, pre, size, feed; /* which the text reads */
    shared *shared;
    bool *base, *twin;         /* relations whose constants are hoisted */
    const ir_stmt *pending;    /* first entry of the open pair */
    const ir_stmt *waiting[4]; /* asserts to be added together */
    uint32_t n_waiting;
    int64_t n_entries;
} emitter;

static void put_indent(emitter *k)
{
    airc_put(k->out, "%*s", 4 * (int)(k->depth + 2), "");
}

static const char *index_text(emitter *k, ir_index x)
{
    const airc_program *g = k->g;
    airc_text t           = {.c = g->c};
    bool nothing          = true;
    k->size               = k->size || x.n;
    if (x.c || ir_index_is_const(&x)) {
        airc_put(&t, x.c < 0 ? "0u - %lldu" : "%lldu", (long long)(x.c < 0 ? -x.c : x.c));
        nothing = false;
    }
    for (int d = -1; d < IR_MAX_DEPTH; d++) {
        int64_t by = d < 0 ? x.n : x.k[d];
        if (!by) continue;
        if (nothing && by < 0) airc_put(&t, "0u");
        if (!nothing || by < 0) airc_put(&t, by < 0 ? " - " : " + ");
        if (by != 1 && by != -1) airc_put(&t, "%lldu * ", (long long)(by < 0 ? -by : by));
        airc_put(&t, d < 0 ? "n" : "k%d", d);
        nothing = false;
    }
    return t.s;
}

/* The same as a signed sum, for indices used as numbers. */
static const char *number_text(emitter *k, ir_index x)
{
    airc_text t = {.c = k->g->c};
    k->size     = k->size || x.n;
    airc_put(&t, "INT64_C(%lld)", (long long)x.c);
    if (x.n) airc_put(&t, " + INT64_C(%lld) * n", (long long)x.n);
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        if (x.k[d]) airc_put(&t, " + INT64_C(%lld) * k%d", (long long)x.k[d], d);
    return t.s;
}

static uint32_t resolve(const emitter *k, uint32_t id)
{
    while (k->alias[id])
        id = k->alias[id];
    return id;
}

static const char *ref(const emitter *k, uint32_t id)
{
    id               = resolve(k, id);
    const ir_node *n = ir_at(k->g, id);
    sage_airc *c     = k->g->c;
    if (n->op == N_CONST) return airc_printf(c, "vf_set1(%u)", n->value);
    if (n->op == N_UCONST) return airc_printf(c, "vu_set1(%uu)", n->value);
    if (n->op == N_CARRY || n->op == N_OUT) return airc_printf(c, "c%u_%u", n->a, n->b);
    if (n->op == N_WORD) return airc_printf(c, "v%u[%u]", n->a, n->value);
    return airc_printf(c, "v%u", id);
}

/* x * constant with shifts and additions where those are cheaper. */
static const char *times_const(const emitter *k, uint32_t x, m31 v)
{
    sage_airc *c  = k->g->c;
    const char *a = ref(k, x);
    m31 minus     = M31_P - v;
    if (v == 2) return airc_printf(c, "vf_dbl(%s)", a);
    if (v == 3) return airc_printf(c, "vf_add(%s, vf_dbl(%s))", a, a);
    if (!(v & (v - 1))) return airc_printf(c, "vf_mul_pow2(%s, %d)", a, __builtin_ctz(v));
    if (!(minus & (minus - 1)))
        return airc_printf(c, "vf_neg(vf_mul_pow2(%s, %d))", a, __builtin_ctz(minus));
    return airc_printf(c, "vf_mul_twice1(%s, vf_set1(%u))", a, 2 * v);
}

static const char *product(const emitter *k, const ir_node *n)
{
    const ir_node *a = ir_at(k->g, n->a), *b = ir_at(k->g, n->b);
    if (a->op == N_CONST) return times_const(k, n->b, a->value);
    if (b->op == N_CONST) return times_const(k, n->a, b->value);
    if (resolve(k, n->a) == resolve(k, n->b))
        return airc_printf(k->g->c, "vf_sqr(%s)", ref(k, n->a));
    return airc_printf(k->g->c, "vf_mul(%s, %s)", ref(k, n->a), ref(k, n->b));
}

static const char *step_text(emitter *k, const char *text)
{
    k->shared->steps = true;
    return text;
}

static const char *leaf_text(emitter *k, const ir_node *n)
{
    sage_airc *c   = k->g->c;
    const char *at = index_text(k, n->index);
    switch (n->op) {
    case N_TRACE:
        k->trace = true;
        return airc_printf(c,
                           k->mode == MODE_CONSTRAINTS ? "air_load(trace[%s] + i)"
                                                       : "vf_load(trace[%s] + i)",
                           at);
    case N_PRE:
        if (k->mode == MODE_WITNESS || k->mode == MODE_COUNT)
            return step_text(k, "air_row(i)"); /* it is seq: check.c */
        k->pre = true;
        return airc_printf(c, "vf_load(pre[%s] + i)", at);
    case N_ROW: return step_text(k, "air_row(i)");
    case N_ENABLER: return step_text(k, "air_enabler(r, i)");
    case N_INPUT: k->inputs = true; return airc_printf(c, "vf_load(inputs[%s] + i)", at);
    case N_PARAM: k->params = true; return airc_printf(c, "vf_set1(params[%s])", at);
    case N_TABLE:
        k->shared->tables[n->a] = true;
        return airc_printf(c, "vf_set1(t_%s[%s])", k->g->tables[n->a].name, at);
    default: return airc_printf(c, "vf_set1(air_number(%s))", number_text(k, n->index));
    }
}

static const char *value_text(emitter *k, const ir_node *n)
{
    static const char *const two[] = {
        [N_ADD] = "vf_add", [N_SUB] = "vf_sub",  [N_AND] = "vu_and",  [N_OR] = "vu_or",
        [N_XOR] = "vu_xor", [N_UADD] = "vu_add", [N_USUB] = "vu_sub", [N_UMUL] = "vu_mul"};
    sage_airc *c  = k->g->c;
    const char *a = n->op >= N_ADD ? ref(k, n->a) : "";
    switch (n->op) {
    case N_MUL: return product(k, n);
    case N_NEG: return airc_printf(c, "vf_neg(%s)", a);
    case N_M31: return airc_printf(c, "vu_to_m31(%s)", a);
    case N_U32: return airc_printf(c, "vu_from_m31(%s)", a);
    case N_MEMORY_ID: return step_text(k, airc_printf(c, "air_memory_id(r, %s)", a));
    case N_INVERSE: return step_text(k, airc_printf(c, "air_inverse(%s)", a));
    case N_SHL: return airc_printf(c, "vu_shl(%s, %u)", a, n->value);
    case N_SHR: return airc_printf(c, "vu_shr(%s, %u)", a, n->value);
    case N_SELECT:
    case N_USELECT: {
        bool u32 = ir_is_u32(ir_at(k->g, resolve(k, n->a))->op);
        return airc_printf(c, "%s_select(%s%s%s, %s, %s)", n->op == N_SELECT ? "vf" : "vu",
                           u32 ? "" : "vu_from_m31(", a, u32 ? "" : ")", ref(k, n->b),
                           ref(k, n->c));
    }
    case N_ADD:
        if (n->a == n->b) return airc_printf(c, "vf_dbl(%s)", a);
        return airc_printf(c, "vf_add(%s, %s)", a, ref(k, n->b));
    case N_SUB:
    case N_AND:
    case N_OR:
    case N_XOR:
    case N_UADD:
    case N_USUB:
    case N_UMUL: return airc_printf(c, "%s(%s, %s)", two[n->op], a, ref(k, n->b));
    default: return leaf_text(k, n);
    }
}

/* Words as an argument: an array by its name, or listed. */
static const char *words_text(const emitter *k, uint32_t id)
{
    const ir_node *n = ir_at(k->g, id);
    const char *list = "";
    if (n->op != N_CONS) return airc_printf(k->g->c, "v%u", id);
    for (; id; id = n->a) {
        n    = ir_at(k->g, id);
        list = airc_printf(k->g->c, "%s%s%s", ref(k, n->b), *list ? ", " : "", list);
    }
    return airc_printf(k->g->c, "(const vu[%d]){%s}", IR_WORDS, list);
}

/* Words are an array, which the call of a function fills. */
static void put_words(emitter *k, const ir_node *n, uint32_t id)
{
    static const char *const names[] = {"add", "sub", "mul", "div"};
    k->shared->steps                 = true;
    put_indent(k);
    airc_put(k->out, "vu v%u[%d];\n", id, IR_WORDS);
    put_indent(k);
    if (n->op == N_MEMORY_VALUE)
        airc_put(k->out, "air_memory_value(r, %s, v%u);\n", ref(k, n->a), id);
    else
        airc_put(k->out, "air_felt252_%s(%s, %s, v%u);\n", names[n->op - N_FELT_ADD],
                 words_text(k, n->a), words_text(k, n->b), id);
}

static void visit_node(void *arg, uint32_t id)
{
    emitter *k       = arg;
    const ir_node *n = ir_at(k->g, id);
    if (n->op == N_CONST || n->op == N_UCONST || n->op == N_CARRY || n->op == N_OUT ||
        n->op == N_WORD || n->op == N_CONS)
        return;
    if (n->op > N_WORD) {
        put_words(k, n, id);
        return;
    }
    const char *text = value_text(k, n);
    put_indent(k);
    airc_put(k->out, "const %s v%u = %s;\n", ir_is_u32(n->op) ? "vu" : "vf", id, text);
}

/* --- LogUp --- */

/* The constant part of sum v_i alpha^i - z (facts A8), computed once per call. */
static const char *base_name(emitter *k, const ir_stmt *s)
{
    const airc_program *g = k->g;
    const ir_relation *r  = &g->relations[s->relation];
    airc_text more        = {.c = g->c};
    for (uint32_t i = 0; i < s->n_values; i++) {
        const ir_node *v = ir_at(g, s->values[i]);
        if (v->op == N_CONST && v->value)
            airc_put(&more, "    base%lld = qm31_add(base%lld, qm31_scale(alpha[%u], %u));\n",
                     (long long)k->n_entries, (long long)k->n_entries, i + 1, v->value);
    }
    if (!more.len && k->base[s->relation]) return airc_printf(g->c, "base_%s", r->name);
    const char *name = more.len ? airc_printf(g->c, "base%lld", (long long)k->n_entries)
                                : airc_printf(g->c, "base_%s", r->name);
    airc_put(&k->head, "    %sqm31 %s = qm31_sub(qm31_from(%u), r->z); /* %s */\n",
             more.len ? "" : "const ", name, r->id, r->name);
    if (more.len) airc_put_bytes(&k->head, more.s, more.len);
    if (!more.len) k->base[s->relation] = true;
    return name;
}

/* s_<name> += alpha^i v_i over the n values that are not constants, four at a time. */
static void put_products(emitter *k, const ir_stmt *s, const char *name, uint32_t n)
{
    uint32_t at[4], have = 0;
    for (uint32_t i = 0; i < s->n_values; i++) {
        if (ir_at(k->g, s->values[i])->op == N_CONST) continue;
        at[have++] = i;
        n--;
        if (have < 4 && n) continue;
        if (have < 4)
            for (uint32_t j = 0; j < have; j++) {
                put_indent(k);
                airc_put(k->out, "vacc_madd(&s_%s, &alpha[%u], %s);\n", name, at[j] + 1,
                         ref(k, s->values[at[j]]));
            }
        else {
            put_indent(k);
            airc_put(k->out, "vacc_madd4(&s_%s, (const qm31 *const[4]){", name);
            for (uint32_t j = 0; j < 4; j++)
                airc_put(k->out, "%s&alpha[%u]", j ? ", " : "", at[j] + 1);
            airc_put(k->out, "}, (const vf[4]){");
            for (uint32_t j = 0; j < 4; j++)
                airc_put(k->out, "%s%s", j ? ", " : "", ref(k, s->values[at[j]]));
            airc_put(k->out, "});\n");
        }
        have = 0;
    }
}

static void put_denominator(emitter *k, const ir_stmt *s, const char *name)
{
    const char *base = base_name(k, s);
    uint32_t first = 0, n = 0;
    for (uint32_t i = 0; i < s->n_values; i++)
        if (ir_at(k->g, s->values[i])->op != N_CONST) {
            if (!n) first = i;
            n++;
        }
    put_indent(k);
    if (!n) {
        airc_put(k->out, "const vq %s = vq_set1(%s);\n", name, base);
        return;
    }
    if (n == 1) {
        airc_put(k->out,
                 "const vq %s = vq_add(vq_mul_f(vq_set1(alpha[%u]), %s), vq_set1(%s));\n", name,
                 first + 1, ref(k, s->values[first]), base);
        return;
    }
    airc_put(k->out, "vacc s_%s = vacc_zero();\n", name);
    put_products(k, s, name, n);
    put_indent(k);
    airc_put(k->out, "const vq %s = vq_add(vacc_get(&s_%s), vq_set1(%s));\n", name, name, base);
}

/* m * d without its sign. */
static const char *term(const emitter *k, const ir_stmt *s, const char *d)
{
    const ir_node *m = ir_at(k->g, s->node);
    if (m->op == N_CONST && m->value == 1) return d;
    return airc_printf(k->g->c, "vq_mul_f(%s, %s)", d, ref(k, s->node));
}

static const char *
numerator(const emitter *k, const ir_stmt *a, const ir_stmt *b, const char *da, const char *db)
{
    sage_airc *c = k->g->c;
    if (!b)
        return airc_printf(c, a->negative ? "vq_of(vf_neg(%s))" : "vq_of(%s)", ref(k, a->node));
    if (a->node == b->node && a->negative == b->negative) {
        const char *sum = term(k, a, airc_printf(c, "vq_add(%s, %s)", da, db));
        return a->negative ? airc_printf(c, "vq_neg(%s)", sum) : sum;
    }
    const char *ta = term(k, a, db), *tb = term(k, b, da);
    if (a->negative == b->negative)
        return airc_printf(c, a->negative ? "vq_neg(vq_add(%s, %s))" : "vq_add(%s, %s)", ta,
                           tb);
    return a->negative ? airc_printf(c, "vq_sub(%s, %s)", tb, ta)
                       : airc_printf(c, "vq_sub(%s, %s)", ta, tb);
}

static ir_index half(ir_index x)
{
    x.c /= 2;
    x.n /= 2;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        x.k[d] /= 2;
    return x;
}

static void put_fraction(emitter *k, const ir_stmt *a, const char *num, const char *den)
{
    const char *at = index_text(k, half(a->index));
    put_indent(k);
    if (k->mode == MODE_FRACTIONS)
        airc_put(k->out,
                 "air_put_fraction(num + 4 * (%s), den + 4 * (%s), i - begin, %s, %s);\n", at,
                 at, num, den);
    else
        airc_put(k->out,
                 "air_logup_pair(&logup, r, i, %s, %s, &coef[%s + %s], %s, %s, &acc);\n", at,
                 index_text(k, k->g->pairs), index_text(k, k->g->asserts), at, num, den);
}

/* Two entries of one relation with one value and one multiplicity: the sum and the product of
 * their denominators take one product of the values (kernel.h, air_twin). */
static bool is_twin(const airc_program *g, const ir_stmt *a, const ir_stmt *b)
{
    return a->relation == b->relation && a->n_values == 1 && b->n_values == 1 &&
           ir_at(g, a->values[0])->op != N_CONST && ir_at(g, b->values[0])->op != N_CONST &&
           a->node == b->node && a->negative == b->negative;
}

static void put_twin(emitter *k, const ir_stmt *a, const ir_stmt *b)
{
    sage_airc *c     = k->g->c;
    const char *base = base_name(k, a), *name = k->g->relations[a->relation].name;
    if (!k->twin[a->relation])
        airc_put(&k->head, "    const air_twin twin_%s = air_twin_of(%s, alpha[1]);\n", name,
                 base);
    k->twin[a->relation] = true;
    const char *d        = airc_printf(c, "d%lld", (long long)k->n_entries);
    put_indent(k);
    airc_put(k->out, "const air_both %s = air_twin_at(&twin_%s, %s, %s);\n", d, name,
             ref(k, a->values[0]), ref(k, b->values[0]));
    const char *num = term(k, a, airc_printf(c, "%s.sum", d));
    put_fraction(k, a, a->negative ? airc_printf(c, "vq_neg(%s)", num) : num,
                 airc_printf(c, "%s.product", d));
    k->n_entries++;
}

static const char *put_d(emitter *k, const ir_stmt *s)
{
    const char *name = airc_printf(k->g->c, "d%lld", (long long)k->n_entries);
    put_denominator(k, s, name);
    k->n_entries++;
    return name;
}

static void put_pair(emitter *k, const ir_stmt *a, const ir_stmt *b)
{
    if (b && is_twin(k->g, a, b)) {
        put_twin(k, a, b);
        return;
    }
    const char *da = put_d(k, a), *db = b ? put_d(k, b) : NULL;
    put_fraction(k, a, numerator(k, a, b, da, db),
                 b ? airc_printf(k->g->c, "vq_mul(%s, %s)", da, db) : da);
}

static void put_entry(emitter *k, const ir_stmt *s)
{
    const ir_stmt *first = k->pending;
    k->pending           = first ? NULL : s;
    if (first) put_pair(k, first, s);
}

static void put_feed(emitter *k, const ir_stmt *s)
{
    k->feed = true;
    for (uint32_t i = 0; i < s->n_values; i++) {
        put_indent(k);
        airc_put(k->out, "vf_store(feed[%u] + i, %s);\n", (uint32_t)s->index.c + i,
                 ref(k, s->values[i]));
    }
}

static void put_use(emitter *k, const ir_stmt *s)
{
    put_indent(k);
    airc_put(k->out, "ok &= air_count(to, %s, vu_from_m31(%s));\n", ref(k, s->key),
             ref(k, s->node));
}

/* Adds the waiting asserts, four at a time (vacc_madd4); the last few of a loop's body are
 * filled up with zeros, so that the sum is always folded where iterations meet. */
static void flush(emitter *k)
{
    if (!k->n_waiting) return;
    airc_text w = {.c = k->g->c}, x = {.c = k->g->c};
    uint32_t n = k->n_waiting;
    for (uint32_t i = 0; i < 4; i++) {
        const ir_stmt *s = k->waiting[i < n ? i : n - 1];
        airc_put(&w, "%s&coef[%s]", i ? ", " : "", index_text(k, s->index));
        airc_put(&x, "%s%s", i ? ", " : "", i < n ? ref(k, s->node) : "vf_set1(0)");
    }
    put_indent(k);
    airc_put(k->out, "vacc_madd4(&acc, (const qm31 *const[4]){%s},\n", w.s);
    put_indent(k);
    airc_put(k->out, "           (const vf[4]){%s});\n", x.s);
    k->n_waiting = 0;
}

static void visit_stmt(void *arg, const ir_stmt *s)
{
    emitter *k = arg;
    switch (s->kind) {
    case S_CELL:
        k->trace = true;
        if (resolve(k, s->node) != s->cell) k->alias[s->cell] = resolve(k, s->node);
        put_indent(k);
        airc_put(k->out, "vf_store(trace[%s] + i, %s);\n", index_text(k, s->index),
                 ref(k, s->node));
        break;
    case S_ASSERT:
        k->waiting[k->n_waiting++] = s;
        if (k->n_waiting == 4) flush(k);
        break;
    case S_ENTRY:
        if (k->mode == MODE_COUNT)
            put_use(k, s);
        else
            put_entry(k, s);
        break;
    case S_FEED: put_feed(k, s); break;
    case S_LOOP: break;
    }
}

static void visit_loop_begin(void *arg, uint32_t loop)
{
    emitter *k       = arg;
    const ir_loop *l = &k->g->loops[loop];
    flush(k);
    for (uint32_t i = 0; i < l->n_slots; i++) {
        if (!k->live->slot[loop][i]) continue;
        put_indent(k);
        airc_put(k->out, "vf c%u_%u = %s;\n", loop, i, ref(k, l->slots[i].init));
    }
    put_indent(k);
    airc_put(k->out, "for (uint32_t k%u = 0; k%u < %s; k%u++) {\n", l->depth, l->depth,
             index_text(k, l->trips), l->depth);
    k->depth++;
}

/* All slots change at once: what another slot's old value gives is saved first. */
static void visit_loop_end(void *arg, uint32_t loop)
{
    emitter *k       = arg;
    const ir_loop *l = &k->g->loops[loop];
    bool *saved      = airc_alloc(k->g->c, l->n_slots + 1, sizeof *saved);
    flush(k);
    for (uint32_t i = 0; i < l->n_slots; i++) {
        if (!k->live->slot[loop][i]) continue;
        const ir_node *n = ir_at(k->g, resolve(k, l->slots[i].next));
        if (n->op != N_CARRY || n->a != loop || n->b == i) continue;
        saved[i] = true;
        put_indent(k);
        airc_put(k->out, "const vf old%u_%u = c%u_%u;\n", loop, i, loop, n->b);
    }
    for (uint32_t i = 0; i < l->n_slots; i++) {
        if (!k->live->slot[loop][i]) continue;
        const char *next =
            saved[i] ? airc_printf(k->g->c, "old%u_%u", loop, i) : ref(k, l->slots[i].next);
        const char *own = airc_printf(k->g->c, "c%u_%u", loop, i);
        if (!strcmp(next, own)) continue;
        put_indent(k);
        airc_put(k->out, "%s = %s;\n", own, next);
    }
    k->depth--;
    put_indent(k);
    airc_put(k->out, "}\n");
}

typedef struct kernel {
    ir_mode mode;
    const char *type, *name, *more; /* of the function; its last parameters */
    uint32_t relation;              /* of MODE_COUNT */
} kernel;

static void emit_kernel(const airc_program *g, const kernel *f, shared *file, airc_text *out)
{
    ir_mode mode   = f->mode;
    ir_live live   = ir_liveness(g, mode, f->relation);
    airc_text body = {.c = g->c};
    emitter k      = {.g = g, .mode = mode, .live = &live, .out = &body};
    k.head         = (airc_text){.c = g->c};
    k.shared       = file;
    bool empty = !live.loop[0], constraints = mode == MODE_CONSTRAINTS;
    bool count = mode == MODE_COUNT, entries = g->entries.c || g->entries.n;
    k.alias                         = airc_alloc(g->c, g->n_nodes, sizeof *k.alias);
    k.base                          = airc_alloc(g->c, g->n_relations + 1, sizeof *k.base);
    k.twin                          = airc_alloc(g->c, g->n_relations + 1, sizeof *k.twin);
    static const ir_visitor visitor = {visit_node, visit_stmt, visit_loop_begin,
                                       visit_loop_end};
    ir_walk(g, &live, &visitor, &k);
    flush(&k);
    if (k.pending) put_pair(&k, k.pending, NULL); /* odd tail: a single fraction */
    airc_put(out, "static %s %s_%s(const sage_air_rows *r, size_t begin, size_t end%s)\n{\n",
             f->type, g->name, f->name, f->more);
    if (empty) {
        airc_put(out, "    (void)r, (void)begin, (void)end%s;\n}\n\n",
                 mode == MODE_FRACTIONS ? ", (void)num, (void)den" : "");
        return;
    }
    if (k.size) airc_put(out, "    const uint32_t n = r->size;\n");
    if (k.trace) airc_put(out, "    uint32_t *const *const trace = r->trace;\n");
    if (k.feed) airc_put(out, "    uint32_t *const *const feed = r->feed;\n");
    if (k.inputs) airc_put(out, "    const uint32_t *const *const inputs = r->inputs;\n");
    if (k.pre) airc_put(out, "    const uint32_t *const *const pre = r->pre;\n");
    if (k.params) airc_put(out, "    const m31 *const params = r->params;\n");
    if (constraints) airc_put(out, "    const qm31 *const coef = r->coef;\n");
    if (entries && (constraints || mode == MODE_FRACTIONS))
        airc_put(out, "    const qm31 *const alpha = r->alpha;\n");
    if (k.head.len) airc_put_bytes(out, k.head.s, k.head.len);
    if (count) airc_put(out, "    bool ok = true;\n");
    airc_put(out, "    for (size_t i = begin; i < end; i += LANES) {\n");
    if (constraints) airc_put(out, "        vacc acc = vacc_zero();\n");
    if (constraints && entries)
        airc_put(out, "        air_logup logup = air_logup_start(r, i);\n");
    airc_put_bytes(out, body.s, body.len);
    if (constraints) airc_put(out, "        air_accumulate(r, i, &acc);\n");
    airc_put(out, "    }\n%s}\n\n", count ? "    return ok;\n" : "");
}

/* A function for every counted relation that the component uses, and the kernel that chooses
 * among them; false if there is none. */
static bool emit_count(const airc_program *g, shared *file, airc_text *out)
{
    airc_text choice = {.c = g->c};
    for (uint32_t i = 0; i < g->n_relations; i++) {
        const ir_relation *r = &g->relations[i];
        if (!r->counted || (!r->uses.c && !r->uses.n)) continue;
        const char *name = airc_printf(g->c, "count_%s", r->name);
        emit_kernel(
            g, &(kernel){MODE_COUNT, "bool", name, ",\n    const sage_air_counters *to", i},
            file, out);
        airc_put(&choice, "    case %u: return %s_%s(r, begin, end, to);\n", i, g->name, name);
    }
    if (!choice.len) return false;
    file->steps = true;
    airc_put(out,
             "static bool %s_count(const sage_air_rows *r, uint32_t relation, size_t begin, "
             "size_t end,\n    const sage_air_counters *to)\n{\n    switch (relation) {\n%s"
             "    default: return true;\n    }\n}\n\n",
             g->name, choice.s);
    return true;
}

static void put_tables(const airc_program *g, const bool *used, airc_text *out)
{
    for (uint32_t t = 0; t < g->n_tables; t++) {
        if (!used[t]) continue;
        airc_put(out, "static const m31 t_%s[%u] = {", g->tables[t].name, g->tables[t].n);
        for (uint32_t i = 0; i < g->tables[t].n; i++)
            airc_put(out, "%s%u,", i % 8 ? " " : "\n    ", g->tables[t].values[i]);
        airc_put(out, "\n};\n\n");
    }
}

void airc_emit_kernels(const airc_program *g, airc_text *out)
{
    airc_text body         = {.c = g->c};
    shared file            = {.tables = airc_alloc(g->c, g->n_tables + 1, sizeof *file.tables)};
    const kernel kernels[] = {
        {MODE_WITNESS, "void", "witness", "", 0},
        {MODE_FRACTIONS, "void", "fractions",
         ",\n    uint32_t *const *num, uint32_t *const *den", 0},
        {MODE_CONSTRAINTS, "void", "constraints", "", 0},
    };
    for (size_t i = !g->witness; i < sizeof kernels / sizeof *kernels; i++)
        emit_kernel(g, &kernels[i], &file, &body);
    bool counts = emit_count(g, &file, &body);
    airc_put(out, "/* Component %s: kernels, made by airc from %s. */\n", g->name, g->file);
    airc_put(out, "#include \"air/kernel.h\"\n%s\n",
             file.steps ? "#include \"air/witness_lanes.h\"\n" : "");
    put_tables(g, file.tables, out);
    airc_put_bytes(out, body.s, body.len);
    airc_put(out, "const sage_air_kernels LANES_SUFFIX(sage_%s_kernels_%s) = {\n", g->c->prefix,
             g->name);
    airc_put(out, "    \"%s\", ", g->name);
    airc_put(out, "%s%s", g->witness ? g->name : "NULL", g->witness ? "_witness" : "");
    airc_put(out, ", %s_fractions, %s_constraints, %s%s};\n", g->name, g->name,
             counts ? g->name : "NULL", counts ? "_count" : "");
}

#include "airc/elab.h"

#include <string.h>

static const airc_val wrong      = {.kind = V_ERR};
static const int64_t index_limit = (int64_t)1 << 40;
enum {
    MIN_LOG         = 4,
    MAX_LOG         = 26 /* SAGE_AIR_MIN_LOG, .. */,
    MAX_FIELDS      = 8,
    MAX_FIELD_WIDTH = 15
};

/* --- integers known now --- */

ir_index airc_index_add(ir_index a, ir_index b, int64_t sign)
{
    a.c += sign * b.c;
    a.n += sign * b.n;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        a.k[d] += sign * b.k[d];
    return a;
}

static int64_t bound(int64_t x)
{
    return x < 0 ? -x : x;
}

/* Integers stay below 2^40 once iterations or the size take part, so that sums never wrap. */
static airc_val checked(airc_elab *e, airc_pos at, ir_index x)
{
    bool ok = bound(x.n) < index_limit;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        ok = ok && bound(x.k[d]) < index_limit;
    if (!ir_index_is_const(&x)) ok = ok && bound(x.c) < index_limit;
    if (ok && bound(x.c) < (int64_t)1 << 60) return (airc_val){.kind = V_INT, .index = x};
    airc_error(e->c, at, "this number is too large");
    return wrong;
}

void airc_index_range(const airc_elab *e, ir_index i, ir_index *lo, ir_index *hi)
{
    ir_index base = {.c = i.c, .n = i.n};
    *lo = *hi = base;
    for (uint32_t loop = e->loop; loop; loop = e->g->loops[loop].parent) {
        const ir_loop *l = &e->g->loops[loop];
        int64_t k        = i.k[l->depth];
        ir_index *side   = k < 0 ? lo : hi;
        side->c += k * (l->trips.c - 1);
        side->n += k * l->trips.n;
    }
}

bool airc_never_negative(const airc_elab *e, ir_index x)
{
    return x.n >= 0 && x.c + x.n * e->size_min >= 0;
}

static airc_val scale(airc_elab *e, airc_pos at, ir_index x, int64_t by)
{
    bool over = __builtin_mul_overflow(x.c, by, &x.c);
    over      = __builtin_mul_overflow(x.n, by, &x.n) || over;
    for (int d = 0; d < IR_MAX_DEPTH; d++)
        over = __builtin_mul_overflow(x.k[d], by, &x.k[d]) || over;
    if (!over) return checked(e, at, x);
    airc_error(e->c, at, "this number is too large");
    return wrong;
}

static airc_val int_power(airc_elab *e, airc_pos at, int64_t a, int64_t b)
{
    int64_t r = 1;
    bool over = b < 0 || b > 62;
    for (int64_t i = 0; i < b && !over; i++)
        over = __builtin_mul_overflow(r, a, &r);
    if (!over && bound(r) < (int64_t)1 << 60) return airc_int(r);
    airc_error(e->c, at, "this power is negative or too large");
    return wrong;
}

static airc_val int_const_op(airc_elab *e, airc_pos at, airc_op op, int64_t a, int64_t b)
{
    switch (op) {
    case OP_POW: return int_power(e, at, a, b);
    case OP_EQ: return airc_int(a == b);
    case OP_NE: return airc_int(a != b);
    case OP_LT: return airc_int(a < b);
    case OP_LE: return airc_int(a <= b);
    case OP_GT: return airc_int(a > b);
    case OP_GE: return airc_int(a >= b);
    default: break;
    }
    if (op == OP_DIV || op == OP_MOD) {
        if (a >= 0 && b > 0) return airc_int(op == OP_DIV ? a / b : a % b);
        airc_error(e->c, at,
                   "/ and %% want a number that is not negative and a divisor above 0");
        return wrong;
    }
    if (a < 0 || b < 0 || ((op == OP_SHL || op == OP_SHR) && b > 59)) {
        airc_error(e->c, at, "bit operations want numbers that are not negative");
        return wrong;
    }
    switch (op) {
    case OP_AND: return airc_int(a & b);
    case OP_OR: return airc_int(a | b);
    case OP_XOR: return airc_int(a ^ b);
    case OP_SHR: return airc_int(a >> b);
    default: break;
    }
    if (a > (((int64_t)1 << 60) - 1) >> b) {
        airc_error(e->c, at, "this number is too large");
        return wrong;
    }
    return airc_int(a << b);
}

static airc_val int_op(airc_elab *e, airc_pos at, airc_op op, ir_index a, ir_index b)
{
    bool fixed_a = ir_index_is_const(&a), fixed_b = ir_index_is_const(&b);
    if (op == OP_ADD) return checked(e, at, airc_index_add(a, b, 1));
    if (op == OP_SUB) return checked(e, at, airc_index_add(a, b, -1));
    if (op == OP_MUL && fixed_a) return scale(e, at, b, a.c);
    if (op == OP_MUL && fixed_b) return scale(e, at, a, b.c);
    if (fixed_a && fixed_b) return int_const_op(e, at, op, a.c, b.c);
    airc_error(e->c, at,
               "of a repeat variable or the run-time size only sums and multiples by "
               "a constant are known");
    return wrong;
}

/* --- u32 values of the witness --- */

uint32_t airc_u32(airc_elab *e, airc_pos at, airc_val v)
{
    if (v.kind == V_NODE && ir_is_u32(e->g->nodes[v.node].op)) return v.node;
    if (v.kind == V_INT && ir_index_is_const(&v.index)) {
        if (v.index.c >= 0 && v.index.c <= UINT32_MAX)
            return ir_uconst(e->g, (uint32_t)v.index.c);
        airc_error(e->c, at, "this number does not fit u32");
        return IR_NONE;
    }
    airc_error(e->c, at, "one side is u32 and the other is not; write `as u32` or `as m31`");
    return IR_NONE;
}

static airc_val u32_op(airc_elab *e, airc_pos at, airc_op op, airc_val a, airc_val b)
{
    static const ir_op ops[] = {[OP_ADD] = N_UADD, [OP_SUB] = N_USUB, [OP_MUL] = N_UMUL,
                                [OP_AND] = N_AND,  [OP_OR] = N_OR,    [OP_XOR] = N_XOR};
    if (op == OP_SHL || op == OP_SHR) {
        if (b.kind != V_INT || !ir_index_is_const(&b.index) || b.index.c < 0 ||
            b.index.c > 31) {
            airc_error(e->c, at, "a u32 is shifted by a constant from 0 to 31");
            return wrong;
        }
        uint32_t x = airc_u32(e, at, a);
        if (!x) return wrong;
        return airc_node_val(
            ir_shift(e->g, op == OP_SHL ? N_SHL : N_SHR, x, (uint32_t)b.index.c));
    }
    if (op == OP_DIV || op == OP_MOD) {
        airc_error(e->c, at, "/ and %% are for integers known while compiling");
        return wrong;
    }
    if (op > OP_XOR || op == OP_POW) {
        airc_error(e->c, at,
                   op == OP_POW ? "^ is a power; the exclusive or of u32 is `xor`"
                                : "u32 values cannot be compared; use select()");
        return wrong;
    }
    uint32_t x = airc_u32(e, at, a), y = x ? airc_u32(e, at, b) : IR_NONE;
    return y ? airc_node_val(ir_make(e->g, ops[op], x, y, 0)) : wrong;
}

/* --- field values --- */

static airc_val field_power(airc_elab *e, airc_pos at, airc_val a, airc_val b)
{
    if (b.kind != V_INT || !ir_index_is_const(&b.index) || b.index.c < 0 ||
        b.index.c >= (int64_t)M31_P) {
        airc_error(e->c, at, "the exponent must be a constant from 0 to p - 1");
        return wrong;
    }
    uint32_t x = airc_field(e, at, a), r = ir_const(e->g, 1);
    if (!x) return wrong;
    for (int64_t k = b.index.c; k; k >>= 1) {
        if (k & 1) r = ir_make(e->g, N_MUL, r, x, 0);
        if (k > 1) x = ir_make(e->g, N_MUL, x, x, 0);
    }
    return airc_node_val(r);
}

static airc_val field_op(airc_elab *e, airc_pos at, airc_op op, airc_val a, airc_val b)
{
    static const ir_op ops[] = {[OP_ADD] = N_ADD, [OP_SUB] = N_SUB, [OP_MUL] = N_MUL};
    if (op == OP_POW) return field_power(e, at, a, b);
    if (op == OP_DIV || op == OP_MOD) {
        airc_error(e->c, at, "/ and %% are for integers known while compiling");
        return wrong;
    }
    if (op > OP_MUL) {
        airc_error(e->c, at,
                   op >= OP_EQ ? "field values cannot be compared while compiling; `assert a "
                                 "== b` is a constraint"
                               : "bit operations are for u32 values of the witness; write `as "
                                 "u32`");
        return wrong;
    }
    uint32_t x = airc_field(e, at, a), y = airc_field(e, at, b);
    return x && y ? airc_node_val(ir_make(e->g, ops[op], x, y, 0)) : wrong;
}

static bool is_u32(const airc_elab *e, const airc_val *v)
{
    return v->kind == V_NODE && ir_is_u32(e->g->nodes[v->node].op);
}

static airc_val
relation_op(airc_elab *e, airc_pos at, airc_op op, const airc_val *a, const airc_val *b)
{
    if (a->kind == b->kind && (op == OP_EQ || op == OP_NE))
        return airc_int((a->relation == b->relation) == (op == OP_EQ));
    airc_error(e->c, at, "a relation can only be compared with a relation, by == or !=");
    return wrong;
}

static airc_val binary(airc_elab *e, const airc_expr *x)
{
    airc_val a = airc_eval(e, x->a), b = airc_eval(e, x->b);
    if (a.kind == V_ERR || b.kind == V_ERR) return wrong;
    if (a.kind >= V_LIST || b.kind >= V_LIST) {
        airc_error(e->c, x->pos, "operators work on single values; this is an array");
        return wrong;
    }
    if (a.kind == V_REL || b.kind == V_REL) return relation_op(e, x->pos, x->op, &a, &b);
    if (a.kind == V_INT && b.kind == V_INT) return int_op(e, x->pos, x->op, a.index, b.index);
    if (is_u32(e, &a) || is_u32(e, &b)) return u32_op(e, x->pos, x->op, a, b);
    return field_op(e, x->pos, x->op, a, b);
}

static airc_val negate(airc_elab *e, const airc_expr *x)
{
    airc_val a = airc_eval(e, x->a);
    if (a.kind == V_INT) return scale(e, x->pos, a.index, -1);
    if (a.kind == V_ERR) return wrong;
    uint32_t n = airc_field(e, x->pos, a);
    return n ? airc_node_val(ir_make(e->g, N_NEG, n, 0, 0)) : wrong;
}

/* --- casts, builtins --- */

static bool designed_only(const char *name)
{
    static const char *const names[] = {"felt252", "curve", "bigint"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strncmp(name, names[i], strlen(names[i]))) return true;
    return false;
}

static airc_val cast(airc_elab *e, const airc_expr *x)
{
    airc_val a = airc_eval(e, x->a);
    bool u16   = !strcmp(x->name, "u16");
    if (a.kind == V_ERR) return wrong;
    if (designed_only(x->name)) {
        airc_error(e->c, x->pos, "'%s' is part of the language's design and not built yet",
                   x->name);
        return wrong;
    }
    if (strcmp(x->name, "m31") && strcmp(x->name, "u32") && !u16) {
        airc_error(e->c, x->pos, "'%s' is no type; the types are m31, u16 and u32", x->name);
        return wrong;
    }
    if (!strcmp(x->name, "m31")) {
        if (!is_u32(e, &a)) {
            uint32_t n = airc_field(e, x->pos, a);
            return n ? airc_node_val(n) : wrong;
        }
        return airc_node_val(ir_make(e->g, N_M31, a.node, 0, 0));
    }
    uint32_t n = is_u32(e, &a) ? a.node : airc_field(e, x->pos, a);
    if (!n) return wrong;
    if (!is_u32(e, &a)) n = ir_make(e->g, N_U32, n, 0, 0);
    if (u16) n = ir_make(e->g, N_AND, n, ir_uconst(e->g, 0xffff), 0);
    return airc_node_val(n);
}

/* --- preprocessed columns (air/air.h: sage_air_pre) --- */

/* The column's node; a component reads tables of one length, which is its own. */
static airc_val preprocessed(airc_elab *e, airc_pos at, ir_pre want)
{
    airc_program *g = e->g;
    uint32_t i      = 0;
    if (want.log && g->fixed_log && want.log != g->fixed_log) {
        airc_error(e->c, at,
                   "this column has 2^%u rows, and the component reads others of 2^%u; all "
                   "tables of a component are as long as itself",
                   want.log, g->fixed_log);
        return wrong;
    }
    if (want.log) g->fixed_log = want.log;
    while (i < g->n_pre && (strcmp(g->pre[i].kind, want.kind) || g->pre[i].log != want.log ||
                            g->pre[i].widths != want.widths || g->pre[i].index != want.index))
        i++;
    if (i == g->n_pre) {
        if (g->n_pre == g->cap_pre) {
            uint32_t cap = g->cap_pre ? 2 * g->cap_pre : 4;
            ir_pre *p    = airc_alloc(e->c, cap, sizeof *p);
            if (g->n_pre) memcpy(p, g->pre, g->n_pre * sizeof *p);
            g->pre     = p;
            g->cap_pre = cap;
        }
        g->pre[g->n_pre++] = want;
    }
    return airc_node_val(ir_leaf(g, N_PRE, 0, ir_const_index(i), 0));
}

static airc_val call_seq(airc_elab *e, const airc_expr *x)
{
    int64_t log = 0;
    if (x->n_list > 1) {
        airc_error(e->c, x->pos, "seq() is as long as the component, seq(k) has 2^k rows");
        return wrong;
    }
    if (x->n_list && !airc_eval_const(e, x->list, "the size of seq", &log)) return wrong;
    if (x->n_list && (log < MIN_LOG || log > MAX_LOG)) {
        airc_error(e->c, x->pos, "seq(k) exists for k from %d to %d", MIN_LOG, MAX_LOG);
        return wrong;
    }
    if (e->witness) return airc_node_val(ir_leaf(e->g, N_ROW, 0, ir_const_index(0), 0));
    return preprocessed(e, x->pos, (ir_pre){"SEQ", (uint32_t)log, 0, 0});
}

/* The number of the column, the last argument: below n. */
static bool column_number(airc_elab *e, const airc_expr *x, int64_t n, uint32_t *out)
{
    int64_t i;
    if (!airc_eval_const(e, x, "the number of a column", &i)) return false;
    *out = (uint32_t)i;
    if (i >= 0 && i < n) return true;
    airc_error(e->c, x->pos, "this table has columns 0 to %lld", (long long)n - 1);
    return false;
}

static airc_val call_bit_field(airc_elab *e, const airc_expr *x)
{
    ir_pre want = {.kind = "BIT_FIELD"};
    airc_val v, *width;
    uint32_t n;
    if (x->n_list != 2) {
        airc_error(e->c, x->pos, "bit_field([9, 9], j) is field j of the row's number");
        return wrong;
    }
    v = airc_eval(e, x->list);
    if (v.kind == V_ERR || !airc_flatten(e, x->list->pos, v, &width, &n)) return wrong;
    bool fits = v.kind >= V_LIST && n >= 2 && n <= MAX_FIELDS;
    for (uint32_t i = 0; i < n && fits; i++) {
        int64_t w = width[i].index.c;
        fits      = width[i].kind == V_INT && ir_index_is_const(&width[i].index) && w >= 1 &&
               w <= MAX_FIELD_WIDTH;
        want.log += fits ? (uint32_t)w : 0;
        want.widths |= fits ? (uint32_t)w << 4 * i : 0;
    }
    if (!fits || want.log < MIN_LOG || want.log > MAX_LOG) {
        airc_error(e->c, x->list->pos,
                   "the widths are 2 to %d constants from 1 to %d, together %d to %d",
                   MAX_FIELDS, MAX_FIELD_WIDTH, MIN_LOG, MAX_LOG);
        return wrong;
    }
    if (!column_number(e, x->list->next, n, &want.index)) return wrong;
    return preprocessed(e, x->pos, want);
}

static airc_val call_xor_table(airc_elab *e, const airc_expr *x)
{
    ir_pre want = {.kind = "XOR_TABLE"};
    int64_t bits;
    if (x->n_list != 2) {
        airc_error(e->c, x->pos, "xor_table(bits, j) is a, b or a xor b, for j = 0, 1, 2");
        return wrong;
    }
    if (!airc_eval_const(e, x->list, "the width of a xor table", &bits)) return wrong;
    if (2 * bits < MIN_LOG || 2 * bits > MAX_LOG) {
        airc_error(e->c, x->list->pos, "xor_table(bits, j) exists for bits from %d to %d",
                   MIN_LOG / 2, MAX_LOG / 2);
        return wrong;
    }
    want.log    = 2 * (uint32_t)bits;
    want.widths = (uint32_t)bits;
    if (!column_number(e, x->list->next, 3, &want.index)) return wrong;
    return preprocessed(e, x->pos, want);
}

static airc_val call_blake_sigma(airc_elab *e, const airc_expr *x)
{
    ir_pre want = {.kind = "BLAKE_SIGMA", .log = 4};
    if (x->n_list != 1) {
        airc_error(e->c, x->pos, "blake_sigma(j) is message word j of the row's round");
        return wrong;
    }
    if (!column_number(e, x->list, 16, &want.index)) return wrong;
    return preprocessed(e, x->pos, want);
}

static airc_val call_select(airc_elab *e, const airc_expr *x)
{
    if (x->n_list != 3) {
        airc_error(e->c, x->pos, "select(c, a, b) is a where c is not 0, else b");
        return wrong;
    }
    airc_val c = airc_eval(e, x->list), a = airc_eval(e, x->list->next);
    airc_val b = airc_eval(e, x->list->next->next);
    if (c.kind == V_ERR || a.kind == V_ERR || b.kind == V_ERR) return wrong;
    bool u32    = is_u32(e, &a) || is_u32(e, &b);
    uint32_t nc = is_u32(e, &c) ? c.node : airc_field(e, x->pos, c);
    uint32_t na = u32 ? airc_u32(e, x->pos, a) : airc_field(e, x->pos, a);
    uint32_t nb = u32 ? airc_u32(e, x->pos, b) : airc_field(e, x->pos, b);
    if (!nc || !na || !nb) return wrong;
    return airc_node_val(ir_make(e->g, u32 ? N_USELECT : N_SELECT, nc, na, nb));
}

/* --- what else the witness has --- */

static airc_val call_enabler(airc_elab *e, const airc_expr *x)
{
    if (!x->n_list) return airc_node_val(ir_leaf(e->g, N_ENABLER, 0, ir_const_index(0), 0));
    airc_error(e->c, x->pos, "enabler() is 1 in the rows that are no padding, else 0");
    return wrong;
}

/* f(x) of one field value; IR_NONE after an error. */
static uint32_t call_field(airc_elab *e, const airc_expr *x, ir_op op, const char *says)
{
    if (x->n_list != 1) {
        airc_error(e->c, x->pos, "%s", says);
        return IR_NONE;
    }
    uint32_t a = airc_field(e, x->list->pos, airc_eval(e, x->list));
    return a ? ir_make(e->g, op, a, 0, 0) : IR_NONE;
}

static airc_val call_inverse(airc_elab *e, const airc_expr *x)
{
    return airc_node_val(call_field(e, x, N_INVERSE, "inverse(x) is 1 / x, and 0 of 0"));
}

static airc_val call_memory_id(airc_elab *e, const airc_expr *x)
{
    return airc_node_val(
        call_field(e, x, N_MEMORY_ID, "memory_id(address) is the id at the address"));
}

/* The eight words that a node makes. */
static airc_val words_of(airc_elab *e, uint32_t node)
{
    if (!node) return wrong;
    airc_val v = airc_list(e, IR_WORDS);
    for (uint32_t i = 0; i < IR_WORDS; i++)
        v.items[i] = airc_node_val(ir_word(e->g, node, i));
    return v;
}

static airc_val call_memory_value(airc_elab *e, const airc_expr *x)
{
    return words_of(e, call_field(e, x, N_MEMORY_VALUE,
                                  "memory_value(id) is the value of the id as 8 u32 words"));
}

/* A number mod P: an array of 8 u32 words, or of constants. */
static uint32_t felt252(airc_elab *e, const airc_expr *x)
{
    uint32_t n, word[IR_WORDS];
    airc_val v = airc_eval(e, x), *leaves;
    if (v.kind == V_ERR || !airc_flatten(e, x->pos, v, &leaves, &n)) return IR_NONE;
    if (n != IR_WORDS || v.kind < V_LIST) {
        airc_error(e->c, x->pos, "a number mod P is an array of %d u32 words, low first",
                   IR_WORDS);
        return IR_NONE;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!(word[i] = airc_u32(e, x->pos, leaves[i]))) return IR_NONE;
    return ir_words(e->g, word);
}

static airc_val call_felt252(airc_elab *e, const airc_expr *x)
{
    static const struct {
        const char *name;
        ir_op op;
    } ops[] = {
        {"felt252_add", N_FELT_ADD}, {"felt252_sub", N_FELT_SUB}, {"felt252_mul", N_FELT_MUL}};
    ir_op op = N_FELT_DIV;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (!strcmp(x->name, ops[i].name)) op = ops[i].op;
    if (x->n_list != 2) {
        airc_error(e->c, x->pos, "%s(a, b) is of two numbers mod P", x->name);
        return wrong;
    }
    uint32_t a = felt252(e, x->list), b = felt252(e, x->list->next);
    return words_of(e, a && b ? ir_make(e->g, op, a, b, 0) : IR_NONE);
}

static const struct {
    const char *name;
    airc_val (*call)(airc_elab *e, const airc_expr *x);
} functions[] = {{"seq", call_seq},
                 {"bit_field", call_bit_field},
                 {"xor_table", call_xor_table},
                 {"blake_sigma", call_blake_sigma},
                 {"select", call_select},
                 {"enabler", call_enabler},
                 {"inverse", call_inverse},
                 {"memory_id", call_memory_id},
                 {"memory_value", call_memory_value},
                 {"felt252_add", call_felt252},
                 {"felt252_sub", call_felt252},
                 {"felt252_mul", call_felt252},
                 {"felt252_div", call_felt252}};

bool airc_is_function(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (!strcmp(name, functions[i].name)) return true;
    return false;
}

static airc_val call(airc_elab *e, const airc_expr *x)
{
    if (!e->g) {
        airc_error(e->c, x->pos, "a constant cannot call functions");
        return wrong;
    }
    const airc_binding *local = x->name ? airc_find(e, x->name) : NULL;
    if (!x->name || (local && local->val.kind == V_REL)) {
        airc_val f = local ? local->val : airc_eval(e, x->a);
        if (f.kind == V_REL)
            airc_error(e->c, x->pos, "a relation stands only in `use m * R(..)` and `yield`");
        else if (f.kind != V_ERR)
            airc_error(e->c, x->pos, "only functions are called, by their name");
        return wrong;
    }
    const airc_item *item = airc_item_named(e->c, x->name);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (!strcmp(x->name, functions[i].name)) return functions[i].call(e, x);
    if (item && item->kind == I_FN) return airc_call(e, x, item);
    if (item && item->kind == I_RELATION)
        airc_error(e->c, x->pos, "relation '%s' stands only in `use m * %s(..)` and `yield`",
                   x->name, x->name);
    else if (designed_only(x->name))
        airc_error(e->c, x->pos, "'%s' is part of the language's design and not built yet",
                   x->name);
    else
        airc_error(e->c, x->pos, "there is no function '%s'", x->name);
    return wrong;
}

/* --- names, lists --- */

static airc_val constant(airc_elab *e, const airc_expr *x)
{
    const airc_item *item = airc_item_named(e->c, x->name);
    if (item && item->kind == I_CONST) {
        if (item->computed) return *item->computed;
        airc_error(e->c, x->pos, "constant '%s' is used before it is defined", x->name);
    } else if (item && item->kind == I_RELATION) {
        return (airc_val){.kind = V_REL, .relation = item};
    } else if (item) {
        airc_error(e->c, x->pos, "'%s' is not a value", x->name);
    } else {
        airc_error(e->c, x->pos, "there is no name '%s' here", x->name);
    }
    return wrong;
}

static airc_val list(airc_elab *e, const airc_expr *x)
{
    airc_val v = airc_list(e, x->n_list);
    uint32_t i = 0;
    for (const airc_expr *k = x->list; k; k = k->next)
        v.items[i++] = airc_eval(e, k);
    return v;
}

static airc_val comprehension(airc_elab *e, const airc_expr *x)
{
    int64_t lo, hi;
    if (!airc_eval_const(e, x->b, "the start of this range", &lo) ||
        !airc_eval_const(e, x->c, "the end of this range", &hi))
        return wrong;
    if (hi < lo || hi - lo > AIRC_MAX_ARRAY) {
        airc_error(e->c, x->pos, "this range runs backwards or is too long");
        return wrong;
    }
    airc_val v            = airc_list(e, (uint32_t)(hi - lo));
    airc_binding *outside = e->names;
    for (int64_t i = lo; i < hi; i++) {
        airc_bind(e, x->name, B_LOOP, airc_int(i));
        v.items[i - lo] = airc_eval(e, x->a);
        e->names        = outside;
    }
    return v;
}

static airc_val eval(airc_elab *e, const airc_expr *x)
{
    ir_index i, j;
    airc_val v;
    airc_binding *b;
    switch (x->kind) {
    case E_INT: return airc_int(x->value);
    case E_NAME: b = airc_find(e, x->name); return b ? b->val : constant(e, x);
    case E_NEG: return negate(e, x);
    case E_BIN: return binary(e, x);
    case E_INDEX:
        v = airc_eval(e, x->a);
        if (v.kind == V_ERR || !airc_eval_index(e, x->b, &i)) return wrong;
        return airc_element(e, x->pos, v, i);
    case E_SLICE:
        v = airc_eval(e, x->a);
        if (v.kind == V_ERR || !airc_eval_index(e, x->b, &i) || !airc_eval_index(e, x->c, &j))
            return wrong;
        return airc_slice(e, x->pos, v, i, j);
    case E_CALL: return call(e, x);
    case E_LIST: return list(e, x);
    case E_COMP: return comprehension(e, x);
    case E_CAST: return cast(e, x);
    case E_INPUT:
        airc_error(e->c, x->pos, "`input` stands alone as the initialiser of a cell");
        return wrong;
    }
    return wrong;
}

airc_val airc_eval(airc_elab *e, const airc_expr *x)
{
    if (++e->steps > AIRC_MAX_STEPS || ++e->nest > 4 * AIRC_MAX_NEST) {
        airc_error(e->c, x->pos, "this text takes too long to compile");
        airc_stop(e->c, SAGE_ELIMIT);
    }
    airc_val v = eval(e, x);
    e->nest--;
    return v;
}

airc_val airc_eval_witness(airc_elab *e, const airc_expr *x)
{
    bool outside = e->witness;
    e->witness   = true;
    airc_val v   = airc_eval(e, x);
    e->witness   = outside;
    return v;
}

bool airc_eval_index(airc_elab *e, const airc_expr *x, ir_index *out)
{
    airc_val v = airc_eval(e, x);
    if (v.kind == V_INT) {
        *out = v.index;
        return true;
    }
    if (v.kind != V_ERR) airc_error(e->c, x->pos, "an index must be known at compile time");
    return false;
}

bool airc_eval_const(airc_elab *e, const airc_expr *x, const char *what, int64_t *out)
{
    airc_val v = airc_eval(e, x);
    if (v.kind == V_INT && ir_index_is_const(&v.index)) {
        *out = v.index.c;
        return true;
    }
    if (v.kind != V_ERR) airc_error(e->c, x->pos, "%s must be a constant", what);
    return false;
}

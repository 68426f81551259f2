#include "test_interpret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

typedef enum kind { INT, FIELD, WORD, ARRAY, RELATION } kind;
typedef struct value {
    kind kind;
    int64_t i;
    qm31 q;
    uint32_t w;
    const char *relation;
    struct value *items;
    uint32_t n;
} value;

typedef struct name {
    const char *text;
    value v;
} name;

enum { MAX_NAMES = 1024, POOL = 1 << 19, MAX_FILE = 1 << 20 };

typedef struct run {
    const airc_item *items;
    interpret_row *row;
    name names[MAX_NAMES];
    uint32_t n_names, base; /* names from base on are visible: those of this function */
    bool returned;
    value result;
    bool hidden; /* what is evaluated is for the prover alone */
    uint32_t n_params;
    value *pool;
    uint32_t used;
} run;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "test interpreter: %s\n", what);
    abort();
}

static value of_int(int64_t i)
{
    return (value){.kind = INT, .i = i};
}
static value of_field(qm31 q)
{
    return (value){.kind = FIELD, .q = q};
}
static value of_word(uint32_t w)
{
    return (value){.kind = WORD, .w = w};
}

static value array(run *r, uint32_t n)
{
    if (r->used + n > POOL) die("pool");
    value v = {.kind = ARRAY, .n = n, .items = r->pool + r->used};
    r->used += n;
    return v;
}

static m31 reduce(int64_t i)
{
    i %= (int64_t)M31_P;
    return (m31)(i < 0 ? i + M31_P : i);
}

static qm31 field(value v)
{
    if (v.kind == INT) return qm31_from(reduce(v.i));
    if (v.kind != FIELD) die("field value wanted");
    return v.q;
}

static uint32_t word(value v)
{
    if (v.kind == WORD) return v.w;
    if (v.kind == INT) return (uint32_t)v.i;
    return field(v).v[0];
}

static int64_t integer(value v)
{
    if (v.kind != INT) die("integer wanted");
    return v.i;
}

static value *find(run *r, const char *text)
{
    for (uint32_t i = r->n_names; i-- > r->base;)
        if (!strcmp(r->names[i].text, text)) return &r->names[i].v;
    return NULL;
}

static void bind(run *r, const char *text, value v)
{
    if (r->n_names == MAX_NAMES) die("names");
    r->names[r->n_names++] = (name){text, v};
}

static const airc_item *item(const run *r, const char *text)
{
    for (const airc_item *i = r->items; i; i = i->next)
        if (!strcmp(i->name, text)) return i;
    return NULL;
}

static value eval(run *r, const airc_expr *e);
static void block(run *r, const airc_stat *s);

static value copy(run *r, value v)
{
    if (v.kind != ARRAY) return v;
    value c = array(r, v.n);
    for (uint32_t i = 0; i < v.n; i++)
        c.items[i] = copy(r, v.items[i]);
    return c;
}

static value integers(airc_op op, int64_t a, int64_t b)
{
    int64_t p = 1;
    switch (op) {
    case OP_ADD: return of_int(a + b);
    case OP_SUB: return of_int(a - b);
    case OP_MUL: return of_int(a * b);
    case OP_POW:
        while (b-- > 0)
            p *= a;
        return of_int(p);
    case OP_AND: return of_int(a & b);
    case OP_OR: return of_int(a | b);
    case OP_XOR: return of_int(a ^ b);
    case OP_SHL: return of_int(a << b);
    case OP_SHR: return of_int(a >> b);
    case OP_EQ: return of_int(a == b);
    case OP_NE: return of_int(a != b);
    case OP_LT: return of_int(a < b);
    case OP_LE: return of_int(a <= b);
    case OP_GT: return of_int(a > b);
    case OP_GE: return of_int(a >= b);
    case OP_DIV: return of_int(a / b);
    case OP_MOD: return of_int(a % b);
    }
    die("operator");
}

static value words(airc_op op, uint32_t a, uint32_t b)
{
    switch (op) {
    case OP_ADD: return of_word(a + b);
    case OP_SUB: return of_word(a - b);
    case OP_MUL: return of_word(a * b);
    case OP_AND: return of_word(a & b);
    case OP_OR: return of_word(a | b);
    case OP_XOR: return of_word(a ^ b);
    case OP_SHL: return of_word(a << b);
    case OP_SHR: return of_word(a >> b);
    default: die("u32 operator");
    }
}

static value binary(run *r, const airc_expr *e)
{
    value a = eval(r, e->a), b = eval(r, e->b);
    if (a.kind == RELATION && b.kind == RELATION)
        return of_int(!strcmp(a.relation, b.relation) == (e->op == OP_EQ));
    if (a.kind == INT && b.kind == INT) return integers(e->op, a.i, b.i);
    if (a.kind == WORD || b.kind == WORD) return words(e->op, word(a), word(b));
    if (e->op == OP_ADD) return of_field(qm31_add(field(a), field(b)));
    if (e->op == OP_SUB) return of_field(qm31_sub(field(a), field(b)));
    if (e->op == OP_MUL) return of_field(qm31_mul(field(a), field(b)));
    if (e->op == OP_POW) return of_field(qm31_pow(field(a), (uint64_t)integer(b)));
    die("field operator");
}

static value index_of(value v, int64_t i)
{
    if (v.kind != ARRAY || i < 0 || i >= (int64_t)v.n) die("index");
    return v.items[i];
}

static value slice(value v, int64_t lo, int64_t hi)
{
    if (v.kind != ARRAY || lo < 0 || hi < lo || hi > (int64_t)v.n) die("slice");
    v.items += lo;
    v.n = (uint32_t)(hi - lo);
    return v;
}

static value cast(run *r, const airc_expr *e)
{
    value v = eval(r, e->a);
    if (!strcmp(e->name, "m31"))
        return of_field(v.kind == WORD ? qm31_from(v.w % M31_P) : field(v));
    uint32_t w = v.kind == INT ? reduce(v.i) : word(v);
    return of_word(!strcmp(e->name, "u16") ? w & 0xffff : w);
}

/* A preprocessed column, by its first mention. */
static value column(run *r, sage_air_pre p)
{
    uint32_t i = 0;
    while (i < r->row->n_pre && memcmp(&r->row->columns[i], &p, sizeof p) != 0)
        i++;
    if (i == INTERPRET_MAX_PRE) die("columns");
    if (i == r->row->n_pre) r->row->columns[r->row->n_pre++] = p;
    return of_field(r->row->pre[i]);
}

static value seq(run *r, const airc_expr *e)
{
    if (r->hidden) return of_field(qm31_from(r->row->number));
    return column(r, (sage_air_pre){.log = e->list ? (uint32_t)integer(eval(r, e->list)) : 0});
}

static value bit_field(run *r, const airc_expr *e)
{
    sage_air_pre p = {.kind = SAGE_PRE_BIT_FIELD};
    value widths   = eval(r, e->list);
    p.index        = (uint32_t)integer(eval(r, e->list->next));
    if (widths.kind != ARRAY) die("widths");
    for (uint32_t i = widths.n; i-- > 0;) {
        p.log += (uint32_t)integer(widths.items[i]);
        p.widths = 16 * p.widths + (uint32_t)integer(widths.items[i]);
    }
    return column(r, p);
}

static value xor_table(run *r, const airc_expr *e)
{
    uint32_t bits = (uint32_t)integer(eval(r, e->list));
    uint32_t at   = (uint32_t)integer(eval(r, e->list->next));
    return column(r, (sage_air_pre){SAGE_PRE_XOR_TABLE, bits + bits, bits, at});
}

static value blake_sigma(run *r, const airc_expr *e)
{
    uint32_t at = (uint32_t)integer(eval(r, e->list));
    return column(r, (sage_air_pre){SAGE_PRE_BLAKE_SIGMA, 4, 0, at});
}

static value select_(run *r, const airc_expr *e)
{
    value c = eval(r, e->list), a = eval(r, e->list->next), b = eval(r, e->list->next->next);
    bool yes = c.kind == WORD ? c.w != 0 : field(c).v[0] != 0;
    if (a.kind == WORD || b.kind == WORD) return of_word(yes ? word(a) : word(b));
    return of_field(yes ? field(a) : field(b));
}

static value memory_id(run *r, uint32_t address)
{
    const sage_air_memory *m = r->row->memory;
    return of_field(qm31_from(address < m->n_ids ? m->id[address] : 0));
}

static value memory_value(run *r, uint32_t id)
{
    const sage_air_memory *m = r->row->memory;
    bool big                 = id >> 30;
    uint32_t at = id & 0x3fffffff, words = big ? 8 : 4;
    value v = array(r, 8);
    for (uint32_t i = 0; i < 8; i++) {
        bool there = i < words && at < (big ? m->n_big : m->n_small);
        v.items[i] = of_word(there ? (big ? m->big : m->small)[words * at + i] : 0);
    }
    return v;
}

/* --- numbers mod P = 2^251 + 17 2^192 + 1, by doubling and adding --- */

typedef struct number {
    uint64_t w[9]; /* 32 bits each; the last one takes a carry */
} number;

static const number modulus = {{1, 0, 0, 0, 0, 0, 17, 0x08000000, 0}};

static bool not_below(const number *a, const number *b)
{
    for (int i = 8; i >= 0; i--)
        if (a->w[i] != b->w[i]) return a->w[i] > b->w[i];
    return true;
}

/* a -= b, for b <= a. */
static void take(number *a, const number *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < 9; i++) {
        uint64_t d = a->w[i] + ((uint64_t)1 << 32) - b->w[i] - borrow;
        a->w[i]    = (uint32_t)d;
        borrow     = !(d >> 32);
    }
}

static number add_mod(number a, const number *b)
{
    uint64_t carry = 0;
    for (int i = 0; i < 9; i++) {
        carry += a.w[i] + b->w[i];
        a.w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    while (not_below(&a, &modulus))
        take(&a, &modulus);
    return a;
}

static number mul_mod(const number *a, const number *b)
{
    number sum = {{0}};
    for (int i = 255; i >= 0; i--) {
        sum = add_mod(sum, &sum);
        if (b->w[i / 32] >> i % 32 & 1) sum = add_mod(sum, a);
    }
    return sum;
}

/* 1 / a = a^(P - 2); 0 of 0. */
static number inverse_mod(const number *a)
{
    number power = modulus, two = {{2}}, product = {{1}};
    take(&power, &two);
    for (int i = 255; i >= 0; i--) {
        product = mul_mod(&product, &product);
        if (power.w[i / 32] >> i % 32 & 1) product = mul_mod(&product, a);
    }
    return product;
}

static void put_words(value v, number *out, uint32_t *n)
{
    for (uint32_t i = 0; v.kind == ARRAY && i < v.n; i++)
        put_words(v.items[i], out, n);
    if (v.kind == ARRAY) return;
    if (*n == 8) die("words");
    out->w[(*n)++] = word(v);
}

static value felt252(run *r, const airc_expr *e)
{
    number x[2] = {{{0}}}, zero = {{0}};
    for (uint32_t k = 0; k < 2; k++) {
        uint32_t n = 0;
        put_words(eval(r, k ? e->list->next : e->list), &x[k], &n);
        x[k] = add_mod(x[k], &zero);
    }
    char op = e->name[strlen("felt252_")];
    if (op == 's') {
        number minus = modulus;
        take(&minus, &x[1]);
        x[1] = minus;
    }
    if (op == 'd') x[1] = inverse_mod(&x[1]);
    x[0]    = op == 'm' || op == 'd' ? mul_mod(&x[0], &x[1]) : add_mod(x[0], &x[1]);
    value v = array(r, 8);
    for (uint32_t i = 0; i < 8; i++)
        v.items[i] = of_word((uint32_t)x[0].w[i]);
    return v;
}

static value call(run *r, const airc_expr *e)
{
    if (!e->name) die("call");
    if (!strncmp(e->name, "felt252_", strlen("felt252_"))) return felt252(r, e);
    if (!strcmp(e->name, "enabler"))
        return of_field(qm31_from(r->row->number < r->row->n_active));
    if (!strcmp(e->name, "inverse"))
        return of_field(qm31_pow(field(eval(r, e->list)), M31_P - 2));
    if (!strcmp(e->name, "memory_id")) return memory_id(r, field(eval(r, e->list)).v[0]);
    if (!strcmp(e->name, "memory_value")) return memory_value(r, field(eval(r, e->list)).v[0]);
    if (!strcmp(e->name, "seq")) return seq(r, e);
    if (!strcmp(e->name, "bit_field")) return bit_field(r, e);
    if (!strcmp(e->name, "xor_table")) return xor_table(r, e);
    if (!strcmp(e->name, "blake_sigma")) return blake_sigma(r, e);
    if (!strcmp(e->name, "select")) return select_(r, e);
    const airc_item *f = item(r, e->name);
    if (!f || f->kind != I_FN) die("function");
    value args[16];
    uint32_t n = 0, names = r->n_names, base = r->base;
    if (e->n_list > sizeof args / sizeof *args) die("parameters");
    for (const airc_expr *a = e->list; a; a = a->next)
        args[n++] = copy(r, eval(r, a));
    r->base = r->n_names;
    n       = 0;
    for (const airc_decl *d = f->decls; d; d = d->next)
        bind(r, d->name, args[n++]);
    block(r, f->body);
    value v     = r->returned ? r->result : array(r, 0);
    r->returned = false;
    r->n_names  = names;
    r->base     = base;
    return v;
}

static value comprehension(run *r, const airc_expr *e)
{
    int64_t lo = integer(eval(r, e->b)), hi = integer(eval(r, e->c));
    value v = array(r, (uint32_t)(hi - lo));
    for (int64_t i = lo; i < hi; i++) {
        uint32_t names = r->n_names;
        bind(r, e->name, of_int(i));
        v.items[i - lo] = eval(r, e->a);
        r->n_names      = names;
    }
    return v;
}

static value list(run *r, const airc_expr *first, uint32_t n)
{
    value v    = array(r, n);
    uint32_t i = 0;
    for (const airc_expr *e = first; e; e = e->next)
        v.items[i++] = eval(r, e);
    return v;
}

static value eval(run *r, const airc_expr *e)
{
    value *v, a;
    switch (e->kind) {
    case E_INT: return of_int(e->value);
    case E_NAME:
        v = find(r, e->name);
        if (v) return *v;
        if (!item(r, e->name)) die(e->name);
        if (item(r, e->name)->kind == I_RELATION)
            return (value){.kind = RELATION, .relation = e->name};
        if (item(r, e->name)->kind != I_CONST) die(e->name);
        return eval(r, item(r, e->name)->value);
    case E_NEG:
        a = eval(r, e->a);
        return a.kind == INT ? of_int(-a.i) : of_field(qm31_neg(field(a)));
    case E_BIN: return binary(r, e);
    case E_INDEX: a = eval(r, e->a); return index_of(a, integer(eval(r, e->b)));
    case E_SLICE:
        a = eval(r, e->a);
        return slice(a, integer(eval(r, e->b)), integer(eval(r, e->c)));
    case E_CALL: return call(r, e);
    case E_LIST: return list(r, e->list, e->n_list);
    case E_COMP: return comprehension(r, e);
    case E_CAST: return cast(r, e);
    case E_INPUT: break;
    }
    die("expression");
}

/* --- statements --- */

static value declared(run *r, const airc_decl *d, uint32_t dim, value (*leaf)(run *r))
{
    if (dim == d->n_dims) return leaf(r);
    value v = array(r, (uint32_t)integer(eval(r, d->dim[dim])));
    for (uint32_t i = 0; i < v.n; i++)
        v.items[i] = declared(r, d, dim + 1, leaf);
    return v;
}

static value next_input(run *r)
{
    uint32_t i = r->row->n_inputs++;
    return of_field(qm31_from(r->row->witness ? r->row->inputs[i] : 0));
}
static value next_param(run *r)
{
    return of_field(qm31_from(r->row->params[r->n_params++]));
}
static value next_cell(run *r)
{
    if (r->row->n_trace == INTERPRET_MAX) die("cells");
    return of_field(r->row->trace[r->row->n_trace++]);
}

static void put_cells(run *r, uint32_t *at, value v)
{
    if (v.kind == ARRAY)
        for (uint32_t i = 0; i < v.n; i++)
            put_cells(r, at, v.items[i]);
    else
        r->row->trace[(*at)++] = field(v);
}

static value eval_hidden(run *r, const airc_expr *e)
{
    bool outside = r->hidden;
    r->hidden    = true;
    value v      = eval(r, e);
    r->hidden    = outside;
    return v;
}

static void cell(run *r, const airc_stat *s)
{
    value init = of_int(0);
    if (!s->value && r->row->witness) die("a cell without an initialiser");
    if (s->value && s->value->kind == E_INPUT)
        init = declared(r, s->decls, 0, next_input);
    else if (r->row->witness)
        init = eval_hidden(r, s->value);
    uint32_t at = r->row->n_trace;
    if (r->row->witness) put_cells(r, &at, init);
    bind(r, s->decls->name, declared(r, s->decls, 0, next_cell));
}

static void assign(run *r, const airc_decl *d, value v)
{
    value *at = find(r, d->name);
    if (!at) {
        bind(r, d->name, copy(r, v));
        return;
    }
    for (uint32_t i = 0; i < d->n_dims; i++)
        at = &at->items[integer(eval(r, d->dim[i]))];
    *at = copy(r, v);
}

static void put_assert(run *r, qm31 q)
{
    if (r->row->n_asserts == INTERPRET_MAX) die("asserts");
    r->row->asserts[r->row->n_asserts++] = q;
}

static void put_asserts(run *r, value a, value b)
{
    if (a.kind != ARRAY) {
        put_assert(r, qm31_sub(field(a), field(b)));
        return;
    }
    for (uint32_t i = 0; i < a.n; i++)
        put_asserts(r, a.items[i], b.kind == ARRAY ? b.items[i] : b);
}

static void put_values(interpret_entry *e, value v)
{
    if (v.kind == ARRAY)
        for (uint32_t i = 0; i < v.n; i++)
            put_values(e, v.items[i]);
    else
        e->value[e->n++] = field(v);
}

static value key_value(run *r, const airc_decl *d, uint32_t dim, const qm31 **next)
{
    if (dim == d->n_dims) return of_word((*next)++->v[0]);
    value v = array(r, (uint32_t)integer(eval(r, d->dim[dim])));
    for (uint32_t i = 0; i < v.n; i++)
        v.items[i] = key_value(r, d, dim + 1, next);
    return v;
}

/* The key of an entry: the relation's values as words; those not given are 0 already. */
static uint32_t key_of(run *r, const airc_item *relation, const interpret_entry *e)
{
    uint32_t names = r->n_names, base = r->base;
    const qm31 *next = e->value;
    r->base          = r->n_names;
    for (const airc_decl *d = relation->decls; d; d = d->next)
        bind(r, d->name, key_value(r, d, 0, &next));
    value v    = eval(r, relation->value);
    r->n_names = names;
    r->base    = base;
    return word(v);
}

static void entry(run *r, const airc_stat *s)
{
    const airc_expr *e = s->value, *m = NULL;
    if (e->kind == E_BIN) m = e->a, e = e->b;
    if (r->row->n_entries == INTERPRET_MAX) die("entries");
    interpret_entry *out = &r->row->entries[r->row->n_entries++];
    airc_expr callee     = {.kind = E_NAME, .name = e->name};
    value relation       = eval(r, e->name ? &callee : e->a);
    if (relation.kind != RELATION) die("relation");
    *out       = (interpret_entry){.relation = relation.relation};
    out->mult  = m ? field(eval(r, m)) : qm31_one();
    out->yield = s->kind == ST_YIELD;
    if (out->yield) out->mult = qm31_neg(out->mult);
    for (const airc_expr *a = e->list; a; a = a->next)
        put_values(out, eval(r, a));
    const airc_item *i = item(r, out->relation);
    out->counted       = i->value && !out->yield;
    if (out->counted && r->row->keys) out->key = key_of(r, i, out);
}

static void loop(run *r, const airc_stat *s)
{
    int64_t lo = integer(eval(r, s->value)), hi = integer(eval(r, s->hi));
    for (int64_t i = lo; i < hi && !r->returned; i++) {
        uint32_t names = r->n_names;
        bind(r, s->name, of_int(i));
        block(r, s->body);
        r->n_names = names;
    }
}

static void put_equations(run *r, const airc_expr *e)
{
    if (e->kind == E_BIN && e->op == OP_EQ) {
        value a = eval(r, e->a);
        put_asserts(r, a, eval(r, e->b));
    } else {
        put_asserts(r, eval(r, e), of_int(0));
    }
}

static void put_feed(run *r, value v)
{
    for (uint32_t i = 0; v.kind == ARRAY && i < v.n; i++)
        put_feed(r, v.items[i]);
    if (v.kind == ARRAY) return;
    if (r->row->n_feed == INTERPRET_MAX_FEED) die("feed");
    r->row->feed[r->row->n_feed++] = field(v).v[0];
}

/* What the verifier sees too, whoever calls it. */
static void public_statement(run *r, const airc_stat *s)
{
    bool outside = r->hidden;
    r->hidden    = false;
    if (s->kind == ST_ASSERT)
        put_equations(r, s->value);
    else
        entry(r, s);
    r->hidden = outside;
}

static void statement(run *r, const airc_stat *s)
{
    value v;
    uint32_t i = 0;
    switch (s->kind) {
    case ST_CELL: cell(r, s); return;
    case ST_INPUT:
    case ST_PARAM:
        for (const airc_decl *d = s->decls; d; d = d->next)
            bind(r, d->name, declared(r, d, 0, s->kind == ST_INPUT ? next_input : next_param));
        return;
    case ST_ASSIGN:
        v = eval(r, s->value);
        for (const airc_decl *d = s->decls; d; d = d->next, i++)
            assign(r, d, s->n_decls == 1 ? v : index_of(v, i));
        return;
    case ST_ASSERT:
    case ST_USE:
    case ST_YIELD: public_statement(r, s); return;
    case ST_FEED:
        for (const airc_expr *e = r->row->witness ? s->list : NULL; e; e = e->next)
            put_feed(r, eval_hidden(r, e));
        return;
    case ST_FOR:
    case ST_REPEAT: loop(r, s); return;
    case ST_IF: block(r, integer(eval(r, s->value)) ? s->body : s->other); return;
    case ST_RETURN:
        v           = list(r, s->list, s->n_list);
        r->result   = s->n_list == 1 ? v.items[0] : v;
        r->returned = true;
        return;
    case ST_CALL: eval(r, s->value); return;
    }
}

static void block(run *r, const airc_stat *s)
{
    uint32_t names = r->n_names;
    for (; s && !r->returned; s = s->next)
        statement(r, s);
    r->n_names = names;
}

void interpret(const airc_item *items, const char *text, interpret_row *row)
{
    run *r = calloc(1, sizeof *r);
    if (!r) die("memory");
    r->pool = calloc(POOL, sizeof *r->pool);
    if (!r->pool) die("memory");
    r->items           = items;
    r->row             = row;
    row->n_trace       = 0;
    row->n_asserts     = 0;
    row->n_entries     = 0;
    row->n_inputs      = 0;
    row->n_pre         = 0;
    row->n_feed        = 0;
    const airc_item *c = item(r, text);
    if (!c || c->kind != I_COMPONENT) die("component");
    if (c->size_name) bind(r, c->size_name, of_int(row->size));
    block(r, c->body);
    free(r->pool);
    free(r);
}

static sage_status read_file(void *arg, const char *path, char **text, size_t *len)
{
    uint8_t *bytes;
    (void)arg;
    sage_status s = sage_file_read(path, MAX_FILE, &bytes, len, NULL);
    *text         = (char *)bytes;
    return s;
}

sage_airc *interpret_compile(const char *const *paths, size_t n)
{
    sage_airc *program = NULL;
    if (sage_airc_compile(paths, n, read_file, NULL, &program) == SAGE_OK) return program;
    fprintf(stderr, "%s", program ? sage_airc_messages(program) : "no memory\n");
    sage_airc_free(program);
    return NULL;
}

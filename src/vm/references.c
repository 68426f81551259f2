/* vm/references.c -- expressions of names: "[cast(fp + (-3), felt*)]" and the like.
 *
 *   reference  = "[" cast "]" | cast              in memory; a value
 *   cast       = "cast(" sum "," type ")"
 *   sum        = product {("+" | "-") product}
 *   product    = factor {"*" factor}
 *   factor     = "[" sum "]" | "(" sum ")" | cast | "-" factor | "ap" | "fp" | digits
 * A reference in memory has the type that the cast's pointer points to. */
#include "vm/references.h"

#include <string.h>

/* Many hints may share one expression, so that a long one would cost many times its length. */
enum { MAX_EXPRESSION = 1024 };

typedef struct parser {
    hint_builder *b;
    const sage_hint_reference *reference;
    const char *at;
    const char *name; /* of the operand, for messages */
    size_t name_len;
    uint32_t depth, pushed; /* nesting; values on the stack so far */
} parser;

/* What is known of the value that the steps compute: a type, less its stars. */
typedef struct typed {
    const char *type;
    size_t len;
    uint32_t stars;
    bool in_memory;
} typed;

static sage_status parse_sum(parser *p);

static sage_status wrong(parser *p, const char *what)
{
    return hint_refuse(p->b, "vm.hint.reference", p->name, p->name_len, what);
}

static void skip_space(parser *p)
{
    while (*p->at == ' ' || *p->at == '\n')
        p->at++;
}

static bool take(parser *p, const char *token)
{
    skip_space(p);
    size_t n = strlen(token);
    if (strncmp(p->at, token, n) != 0) return false;
    p->at += n;
    return true;
}

static sage_status expect(parser *p, const char *token)
{
    return take(p, token) ? SAGE_OK : wrong(p, "the compiler's expression is none we know");
}

static sage_status push(parser *p, hint_op_kind kind, sage_value v)
{
    if (++p->pushed > HINT_STACK) return wrong(p, "its expression is too long");
    return hint_emit(p->b, kind, v);
}

static sage_status combine(parser *p, hint_op_kind kind)
{
    p->pushed--;
    return hint_emit(p->b, kind, sage_value_from_u64(0));
}

static sage_status parse_number(parser *p)
{
    sage_value v;
    size_t n = strspn(p->at, "0123456789");
    if (!n || !sage_value_parse(&v, p->at, n))
        return wrong(p, "the compiler's expression is none we know");
    p->at += n;
    return push(p, HINT_OP_VALUE, v);
}

/* The register as it was when the expression was made. */
static sage_status parse_ap(parser *p)
{
    int64_t delta = p->reference->ap_delta;
    if (!p->reference->ap_tracked)
        return wrong(p, "it is relative to ap, which the compiler lost track of");
    sage_value by = sage_value_from_u64((uint64_t)(delta < 0 ? -delta : delta));
    if (delta > 0) by = sage_value_sub(sage_value_from_u64(0), by);
    return push(p, HINT_OP_AP, by);
}

static sage_status parse_type(parser *p, typed *out)
{
    skip_space(p);
    out->type  = p->at;
    out->len   = strcspn(p->at, "*(), \n");
    out->stars = 0;
    p->at += out->len;
    for (; *p->at == '*'; p->at++)
        out->stars++;
    return out->len ? SAGE_OK : wrong(p, "its type is none we know");
}

/* Behind "cast(". */
static sage_status parse_cast(parser *p, typed *out)
{
    sage_status s = parse_sum(p);
    if (!s) s = expect(p, ",");
    if (!s) s = parse_type(p, out);
    return s ? s : expect(p, ")");
}

static sage_status parse_negative(parser *p)
{
    sage_status s = push(p, HINT_OP_VALUE, sage_value_from_u64(0));
    skip_space(p);
    if (!s) s = parse_number(p);
    return s ? s : combine(p, HINT_OP_SUB);
}

static sage_status parse_factor(parser *p)
{
    typed ignored;
    sage_status s;
    if (take(p, "[")) {
        s = parse_sum(p);
        if (!s) s = expect(p, "]");
        return s ? s : hint_emit(p->b, HINT_OP_LOAD, sage_value_from_u64(0));
    }
    if (take(p, "cast(")) return parse_cast(p, &ignored);
    if (take(p, "(")) {
        s = parse_sum(p);
        return s ? s : expect(p, ")");
    }
    if (take(p, "-")) return parse_negative(p);
    if (take(p, "ap")) return parse_ap(p);
    if (take(p, "fp")) return push(p, HINT_OP_FP, sage_value_from_u64(0));
    return parse_number(p);
}

static sage_status parse_product(parser *p)
{
    sage_status s = parse_factor(p);
    while (!s && take(p, "*")) {
        s = parse_factor(p);
        if (!s) s = combine(p, HINT_OP_MUL);
    }
    return s;
}

static sage_status parse_sum(parser *p)
{
    if (++p->depth > HINT_STACK) return wrong(p, "its expression is nested too deep");
    sage_status s = parse_product(p);
    while (!s) {
        hint_op_kind kind = take(p, "+") ? HINT_OP_ADD : HINT_OP_SUB;
        if (kind == HINT_OP_SUB && !take(p, "-")) break;
        s = parse_product(p);
        if (!s) s = combine(p, kind);
    }
    p->depth--;
    return s;
}

static sage_status parse_reference(parser *p, typed *out)
{
    bool in_memory = take(p, "[");
    sage_status s  = expect(p, "cast(");
    if (!s) s = parse_cast(p, out);
    if (!s && in_memory) s = expect(p, "]");
    if (s) return s;
    skip_space(p);
    if (*p->at || (in_memory && !out->stars))
        return wrong(p, "the compiler's expression is none we know");
    out->in_memory = in_memory;
    out->stars -= in_memory;
    return SAGE_OK;
}

/* --- members --- */

/* scope.name, or NULL if that is too long to be a name. */
static const sage_symbol *
symbol_in(const sage_program *program, const char *scope, size_t m, const char *name, size_t n)
{
    char full[512];
    if (m + n + 2 > sizeof full) return NULL;
    memcpy(full, scope, m);
    full[m] = '.';
    memcpy(full + m + 1, name, n);
    return sage_program_symbol(program, full, m + 1 + n);
}

/* The type's text, its stars counted apart. */
static void set_type(typed *t, const char *type)
{
    t->type  = type;
    t->len   = strcspn(type, "*");
    t->stars = 0;
    for (const char *c = type + t->len; *c == '*'; c++)
        t->stars++;
}

static sage_status go_to_address(parser *p, typed *t)
{
    if (!t->stars && !t->in_memory) return wrong(p, "it lies nowhere, it has no address_");
    if (!t->stars) t->in_memory = false;
    set_type(t, "felt");
    return SAGE_OK;
}

static sage_status go_to_member(parser *p, typed *t, const char *name, size_t n)
{
    sage_status s = SAGE_OK;
    if (n == strlen("address_") && !memcmp(name, "address_", n)) return go_to_address(p, t);
    const sage_symbol *m = symbol_in(p->b->program, t->type, t->len, name, n);
    if (!m || m->kind != SAGE_SYMBOL_MEMBER)
        return wrong(p, "its type has no such member, as far as the program says");
    if (t->stars > 1 || (!t->stars && !t->in_memory))
        return wrong(p, "its type is no struct in memory");
    if (t->stars && t->in_memory) s = hint_emit(p->b, HINT_OP_LOAD, sage_value_from_u64(0));
    if (!s) s = push(p, HINT_OP_VALUE, m->value);
    if (!s) s = combine(p, HINT_OP_ADD);
    t->in_memory = true;
    set_type(t, m->type);
    return s;
}

static size_t part_length(const char *name, size_t len)
{
    const char *dot = memchr(name, '.', len);
    return dot ? (size_t)(dot - name) : len;
}

static sage_status
compile_reference(parser *p, const char *members, size_t len, hint_operand *out)
{
    typed t = {0};
    p->at   = p->reference->expression;
    if (strnlen(p->at, MAX_EXPRESSION) == MAX_EXPRESSION)
        return wrong(p, "its expression is too long");
    sage_status s = parse_reference(p, &t);
    while (!s && len) {
        members++; /* the dot */
        len--;
        size_t n = part_length(members, len);
        s        = go_to_member(p, &t, members, n);
        members += n;
        len -= n;
    }
    out->in_memory = t.in_memory;
    return s;
}

/* --- names --- */

/* As strcmp, of path and "scope.name". */
static int compare_path(const char *path, const char *scope, const char *name, size_t n)
{
    size_t m = strlen(scope);
    int d    = strncmp(path, scope, m);
    if (d) return d;
    if (path[m] != '.') return (unsigned char)path[m] < '.' ? -1 : 1;
    d = strncmp(path + m + 1, name, n);
    return d ? d : path[m + 1 + n] != 0;
}

static const sage_hint_reference *
reference_in(const sage_hint *h, const char *scope, const char *name, size_t n)
{
    uint32_t low = 0, high = h->n_references;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int d        = compare_path(h->references[mid].path, scope, name, n);
        if (!d) return &h->references[mid];
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* A constant, or the size of a struct: rest is what stands behind its name. */
static bool constant_of(const sage_symbol *s, const char *rest, size_t n)
{
    if (!s) return false;
    if (s->kind == SAGE_SYMBOL_CONST) return n == 0;
    return s->kind == SAGE_SYMBOL_STRUCT && n == 5 && !memcmp(rest, ".SIZE", 5);
}

sage_status reference_compile(hint_builder *b, const char *name, size_t len, hint_operand *out)
{
    parser p = {.b = b, .name = name, .name_len = len};
    if (len == 4 && !memcmp(name, "[ap]", 4)) {
        out->in_memory = true;
        return push(&p, HINT_OP_AP, sage_value_from_u64(0));
    }
    const sage_hint *h = b->hint;
    size_t n           = part_length(name, len);
    for (uint32_t i = h->n_scopes; i-- > 0;) {
        const char *scope = h->scopes[i];
        if ((p.reference = reference_in(h, scope, name, n)))
            return compile_reference(&p, name + n, len - n, out);
        const sage_symbol *s = symbol_in(b->program, scope, strlen(scope), name, n);
        if (!constant_of(s, name + n, len - n)) continue;
        out->in_memory = false;
        return push(&p, HINT_OP_VALUE, s->value);
    }
    return wrong(&p, "the program says nothing of this name here");
}

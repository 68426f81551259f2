/* starknet/abi_encode.c -- arguments as people write them to calldata, by the declared types. */
#include <string.h>

#include "field/felt252_text.h"
#include "starknet/abi_private.h"

typedef struct writer {
    abi_work w;
    abi_text left;
    uint32_t brackets; /* that are open */
    sage_felt_list *out;
    sage_errinfo *err;
} writer;

static void skip_spaces(writer *p)
{
    while (p->left.n && *p->left.at == ' ')
        p->left.at++, p->left.n--;
}

static char peek(writer *p)
{
    skip_spaces(p);
    return p->left.n ? *p->left.at : 0;
}

static sage_status expect(writer *p, char c)
{
    if (peek(p) != c) {
        char what[]           = "begun by ' '";
        what[sizeof what - 3] = c;
        return abi_bad_value(p->left, what, p->err);
    }
    p->left.at++, p->left.n--;
    p->brackets += c == '[' || c == '(' || c == '{';
    p->brackets -= c == ']' || c == ')' || c == '}';
    return SAGE_OK;
}

/* From one quote to its counterpart, backslashes skipped with what follows them. */
static sage_status take_quoted(writer *p, abi_token *t)
{
    const char quote = *p->left.at;
    size_t n         = 1;
    while (n < p->left.n && p->left.at[n] != quote)
        n += 1 + (p->left.at[n] == '\\');
    if (n >= p->left.n) return abi_bad_value(p->left, "closed by its quote", p->err);
    *t = (abi_token){{p->left.at + 1, n - 1}, quote};
    p->left.at += n + 1;
    p->left.n -= n + 1;
    return SAGE_OK;
}

/* One scalar: in quotes; the whole argument; or inside of brackets up to where it ends. */
static sage_status take_token(writer *p, abi_token *t)
{
    const char first = peek(p);
    size_t n         = p->left.n;
    if (first == '"' || first == '\'') return take_quoted(p, t);
    if (p->brackets)
        for (n = 0; n < p->left.n && !strchr(",]})", p->left.at[n]);)
            n++;
    *t = (abi_token){{p->left.at, n}, 0};
    p->left.at += n;
    p->left.n -= n;
    while (p->brackets && t->text.n && t->text.at[t->text.n - 1] == ' ')
        t->text.n--;
    return SAGE_OK;
}

static sage_status put_value(writer *p, abi_text type_name);

static sage_status put_list(writer *p, const abi_type *type)
{
    const uint32_t head = p->out->n;
    uint64_t count      = 0;
    sage_status s       = sage_felt_list_add(p->out, felt252_zero(), p->err);
    if (!s) s = expect(p, '[');
    for (bool more = !s && peek(p) != ']'; !s && more; count++) {
        s    = put_value(p, type->inner);
        more = peek(p) == ',';
        if (!s && more) s = expect(p, ',');
    }
    if (!s) s = expect(p, ']');
    if (!s) p->out->v[head] = felt252_from_u64(count);
    return s;
}

static sage_status put_tuple(writer *p, const abi_type *type)
{
    abi_text rest = type->inner, one;
    sage_status s = expect(p, '(');
    for (bool first = true; !s && abi_next_type(&rest, &one); first = false) {
        if (!first) s = expect(p, ',');
        if (!s) s = put_value(p, one);
    }
    return s ? s : expect(p, ')');
}

/* "name:" before a member's value, if it is there. */
static void skip_name(writer *p, abi_text name)
{
    skip_spaces(p);
    abi_text t = p->left;
    if (t.n <= name.n || memcmp(t.at, name.at, name.n) != 0 || t.at[name.n] != ':') return;
    p->left = (abi_text){t.at + name.n + 1, t.n - name.n - 1};
}

static sage_status put_struct(writer *p, const abi_type *type)
{
    abi_text name, member;
    sage_status s = expect(p, '{');
    for (size_t i = 0; !s && i < json_array_size(type->parts); i++) {
        if (i) s = expect(p, ',');
        if (!s) s = abi_part(type->parts, i, &name, &member, p->err);
        if (s) break;
        skip_name(p, name);
        s = put_value(p, member);
    }
    return s ? s : expect(p, '}');
}

/* The name of a variant ends where nothing of a name stands. */
static abi_text take_name(writer *p)
{
    size_t n = 0;
    skip_spaces(p);
    while (n < p->left.n && !strchr(" ,]})(", p->left.at[n]))
        n++;
    const abi_text name = {p->left.at, n};
    p->left             = (abi_text){name.at + n, p->left.n - n};
    return name;
}

static bool same(abi_text a, abi_text b)
{
    return a.n == b.n && !memcmp(a.at, b.at, a.n);
}

static sage_status
find_variant(writer *p, const abi_type *type, abi_text wanted, size_t *at, abi_text *payload)
{
    abi_text name;
    sage_status s = SAGE_OK;
    for (*at = 0; !s && *at < json_array_size(type->parts); ++*at) {
        s = abi_part(type->parts, *at, &name, payload, p->err);
        if (!s && same(name, wanted)) return SAGE_OK;
    }
    return s ? s : abi_bad_value(wanted, "a variant of this enum", p->err);
}

static sage_status put_enum(writer *p, const abi_type *type)
{
    size_t at        = 0;
    abi_text payload = {0};
    sage_status s    = find_variant(p, type, take_name(p), &at, &payload);
    if (!s) s = sage_felt_list_add(p->out, felt252_from_u64(at), p->err);
    if (s || abi_text_is(payload, "()")) return s;
    s = expect(p, '(');
    if (!s) s = put_value(p, payload);
    return s ? s : expect(p, ')');
}

static sage_status put_scalar(writer *p, const abi_type *type)
{
    abi_token t;
    sage_status s = take_token(p, &t);
    if (s) return s;
    switch (type->kind) {
    case ABI_UNSIGNED: return abi_put_int(p->out, t, type->bits, false, p->err);
    case ABI_SIGNED: return abi_put_int(p->out, t, type->bits, true, p->err);
    case ABI_U256: return abi_put_u256(p->out, t, p->err);
    case ABI_BOOL: return abi_put_bool(p->out, t, p->err);
    case ABI_SHORT: return abi_put_short(p->out, t, type->bits, p->err);
    case ABI_BYTES: return abi_put_bytes(p->out, t, p->err);
    default: return abi_put_felt(p->out, t, p->err);
    }
}

static sage_status put_value(writer *p, abi_text type_name)
{
    abi_type type;
    sage_status s = abi_enter(&p->w, type_name, &type);
    if (s) return s;
    switch (type.kind) {
    case ABI_LIST: s = put_list(p, &type); break;
    case ABI_TUPLE: s = put_tuple(p, &type); break;
    case ABI_STRUCT: s = put_struct(p, &type); break;
    case ABI_ENUM: s = put_enum(p, &type); break;
    default: s = put_scalar(p, &type); break;
    }
    abi_leave(&p->w);
    return s;
}

static sage_status put_argument(
    abi_work *w, sage_felt_list *out, abi_text type, const char *arg, sage_errinfo *err)
{
    writer p = {.w = *w, .left = abi_text_of(arg), .out = out, .err = err};
    if (p.left.n > SAGE_ABI_MAX_TEXT)
        return sage_fail(err, SAGE_ELIMIT, "abi.size", SAGE_ABI_MAX_TEXT,
                         "an argument is longer than %d characters", SAGE_ABI_MAX_TEXT);
    p.w.err       = err;
    sage_status s = put_value(&p, type);
    w->steps      = p.w.steps;
    if (!s && peek(&p)) s = abi_bad_value(p.left, "the end of the argument", err);
    return s;
}

/* The error, with the parameter that it is about. */
static sage_status
blame(sage_status s, const sage_errinfo *e, abi_text name, size_t i, sage_errinfo *err)
{
    char shown[41];
    const size_t n = name.n < sizeof shown - 1 ? name.n : sizeof shown - 1;
    for (size_t k = 0; k < n; k++)
        shown[k] = name.at[k] >= 0x20 && name.at[k] <= 0x7e ? name.at[k] : '?';
    shown[n] = 0;
    return sage_fail(err, s, e->where, (long long)i, "%s: %.190s", shown, e->msg);
}

sage_status sage_abi_encode(sage_felt_list *out,
                            const sage_abi *a,
                            const char *function,
                            const char *const *args,
                            uint32_t n_args,
                            sage_errinfo *err)
{
    const json_t *item, *inputs;
    abi_work w    = {.abi = a};
    sage_status s = abi_find(a, function, &item, err);
    if (s) return s;
    inputs = json_object_get(item, "inputs");
    if (json_array_size(inputs) != n_args) {
        char signature[160];
        s = sage_abi_signature(signature, sizeof signature, a, function, err);
        return s ? s
                 : sage_fail(err, SAGE_EINVAL, "abi.arguments", n_args, "%u arguments for %s",
                             n_args, signature);
    }
    for (uint32_t i = 0; !s && i < n_args; i++) {
        abi_text name, type;
        sage_errinfo e;
        s = abi_part(inputs, i, &name, &type, err);
        if (s) break;
        s = put_argument(&w, out, type, args[i], &e);
        if (s) s = blame(s, &e, name, i, err);
    }
    return s;
}

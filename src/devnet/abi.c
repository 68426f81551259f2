/* ABI and class of a contract, from its tables. */
#include "devnet/abi.h"

#include <stdlib.h>
#include <string.h>

#include "field/felt252_text.h"

enum { PATH = 256, MAX_ENTRIES = 128 };

/* A piece of a table's text. */
typedef struct text {
    const char *p;
    size_t n;
} text;

typedef struct path {
    char s[PATH];
    size_t n;
} path;

typedef struct writer {
    const sage_contract *c;
    json_t *types;   /* items of types used so far */
    json_t *defined; /* their paths, as keys */
    bool failed;
} writer;

/* ---- texts ---------------------------------------------------------------------------------- */

static text text_of(const char *s)
{
    return (text){s, strlen(s)};
}

static bool is(text t, const char *word)
{
    return t.n == strlen(word) && !memcmp(t.p, word, t.n);
}

static text trimmed(text t)
{
    while (t.n && t.p[0] == ' ')
        t.p++, t.n--;
    while (t.n && t.p[t.n - 1] == ' ')
        t.n--;
    return t;
}

/* Cuts the next part off a list of parts with commas outside brackets; false at the end. */
static bool next_part(text *list, text *part)
{
    size_t i = 0;
    int deep = 0;
    if (!list->n) return false;
    for (; i < list->n && (deep || list->p[i] != ','); i++) {
        deep += list->p[i] == '<' || list->p[i] == '(';
        deep -= list->p[i] == '>' || list->p[i] == ')';
    }
    *part       = trimmed((text){list->p, i});
    size_t gone = i < list->n ? i + 1 : i;
    *list       = (text){list->p + gone, list->n - gone};
    return true;
}

/* "key name: Type" */
typedef struct member {
    text name, type;
    bool key;
} member;

static member member_of(text t)
{
    member m          = {.name = t};
    const char *colon = memchr(t.p, ':', t.n);
    if (colon) {
        size_t n = (size_t)(colon - t.p);
        m.name   = trimmed((text){t.p, n});
        m.type   = trimmed((text){colon + 1, t.n - n - 1});
    }
    if (m.name.n > 4 && !memcmp(m.name.p, "key ", 4)) {
        m.key  = true;
        m.name = trimmed((text){m.name.p + 4, m.name.n - 4});
    }
    return m;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static json_t *string_of(text t)
{
    return json_stringn(t.p, t.n);
}

/* Takes item. */
static void append(writer *w, json_t *to, json_t *item)
{
    if (json_array_append_new(to, item)) w->failed = true;
}

static void define(writer *w, const path *name, json_t *item)
{
    if (json_object_set_new(w->defined, name->s, json_true())) w->failed = true;
    append(w, w->types, item);
}

static bool is_defined(const writer *w, const path *name)
{
    return json_object_get(w->defined, name->s) != NULL;
}

/* ---- types ---------------------------------------------------------------------------------- */

static void put(writer *w, path *out, text t)
{
    if (t.n >= sizeof out->s - out->n) {
        w->failed = true;
        return;
    }
    memcpy(out->s + out->n, t.p, t.n);
    out->n += t.n;
    out->s[out->n] = 0;
}

/* sage::<contract>::<prefix><name> */
static path own_path(writer *w, const char *prefix, text name)
{
    path p = {0};
    put(w, &p, text_of("sage::"));
    put(w, &p, text_of(w->c->name));
    put(w, &p, text_of("::"));
    put(w, &p, text_of(prefix));
    put(w, &p, name);
    return p;
}

static path type_path(writer *w, text t);

/* [{name, type}] of a list of members. */
static json_t *members_of(writer *w, text list)
{
    json_t *out = json_array();
    text part;
    while (next_part(&list, &part)) {
        member m = member_of(part);
        path p   = type_path(w, m.type);
        append(w, out, json_pack("{s:o,s:s}", "name", string_of(m.name), "type", p.s));
    }
    return out;
}

static json_t *variants_of(writer *w, text list)
{
    json_t *out = json_array();
    text part;
    while (next_part(&list, &part)) {
        member m = member_of(part);
        path p   = {.s = "()"};
        if (m.type.n) p = type_path(w, m.type);
        append(w, out, json_pack("{s:o,s:s}", "name", string_of(m.name), "type", p.s));
    }
    return out;
}

static json_t *struct_item(writer *w, const path *name, const char *members)
{
    return json_pack("{s:s,s:s,s:o}", "type", "struct", "name", name->s, "members",
                     members_of(w, text_of(members)));
}

static json_t *enum_item(writer *w, const path *name, const char *variants)
{
    return json_pack("{s:s,s:s,s:o}", "type", "enum", "name", name->s, "variants",
                     variants_of(w, text_of(variants)));
}

/* The language's own types. With members, or variants, an ABI that uses them defines them. */
static const struct builtin {
    const char *name, *path, *members, *variants;
} builtins[] = {
    {"felt252", "core::felt252", NULL, NULL},
    {"bool", "core::bool", NULL, "False, True"},
    {"u8", "core::integer::u8", NULL, NULL},
    {"u16", "core::integer::u16", NULL, NULL},
    {"u32", "core::integer::u32", NULL, NULL},
    {"u64", "core::integer::u64", NULL, NULL},
    {"u128", "core::integer::u128", NULL, NULL},
    {"i32", "core::integer::i32", NULL, NULL},
    {"u256", "core::integer::u256", "low: u128, high: u128", NULL},
    {"bytes31", "core::bytes_31::bytes31", NULL, NULL},
    {"ByteArray", "core::byte_array::ByteArray",
     "data: Array<bytes31>, pending_word: felt252, pending_word_len: u32", NULL},
    {"ContractAddress", "core::starknet::contract_address::ContractAddress", NULL, NULL},
    {"ClassHash", "core::starknet::class_hash::ClassHash", NULL, NULL},
    {"Call", "core::starknet::account::Call",
     "to: ContractAddress, selector: felt252, calldata: Span<felt252>", NULL},
};

static void define_type(writer *w, const path *p, const char *members, const char *variants)
{
    if ((!members && !variants) || is_defined(w, p)) return;
    json_t *item = members ? struct_item(w, p, members) : enum_item(w, p, variants);
    define(w, p, item);
}

static const char *find_type(const sage_type_text *types, uint32_t n, text name)
{
    for (uint32_t i = 0; i < n; i++)
        if (is(name, types[i].name)) return types[i].members;
    return NULL;
}

static path named_type(writer *w, text t)
{
    path p = {0};
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        if (!is(t, builtins[i].name)) continue;
        put(w, &p, text_of(builtins[i].path));
        define_type(w, &p, builtins[i].members, builtins[i].variants);
        return p;
    }
    const char *members  = find_type(w->c->structs, w->c->n_structs, t);
    const char *variants = find_type(w->c->enums, w->c->n_enums, t);
    p                    = own_path(w, "", t);
    if (members || variants)
        define_type(w, &p, members, variants);
    else
        w->failed = true; /* no such type */
    return p;
}

static void define_span(writer *w, const path *p, const path *of)
{
    path array = {0};
    if (is_defined(w, p)) return;
    put(w, &array, text_of("@core::array::Array::<"));
    put(w, &array, (text){of->s, of->n});
    put(w, &array, text_of(">"));
    define(w, p,
           json_pack("{s:s,s:s,s:[{s:s,s:s}]}", "type", "struct", "name", p->s, "members",
                     "name", "snapshot", "type", array.s));
}

static void define_option(writer *w, const path *p, const path *of)
{
    if (is_defined(w, p)) return;
    define(w, p,
           json_pack("{s:s,s:s,s:[{s:s,s:s},{s:s,s:s}]}", "type", "enum", "name", p->s,
                     "variants", "name", "Some", "type", of->s, "name", "None", "type", "()"));
}

/* Array<T>, Span<T>, Option<T> */
static path generic_type(writer *w, text name, text of)
{
    path p = {0}, inner = type_path(w, of);
    bool span = is(name, "Span"), option = is(name, "Option");
    if (!span && !option && !is(name, "Array")) w->failed = true;
    put(w, &p, text_of(option ? "core::option::" : "core::array::"));
    put(w, &p, name);
    put(w, &p, text_of("::<"));
    put(w, &p, (text){inner.s, inner.n});
    put(w, &p, text_of(">"));
    if (span) define_span(w, &p, &inner);
    if (option) define_option(w, &p, &inner);
    return p;
}

static path tuple_type(writer *w, text parts)
{
    path p = {0};
    text part;
    put(w, &p, text_of("("));
    for (bool first = true; next_part(&parts, &part); first = false) {
        path one = type_path(w, part);
        if (!first) put(w, &p, text_of(", "));
        put(w, &p, (text){one.s, one.n});
    }
    put(w, &p, text_of(")"));
    return p;
}

/* The full path of a type, which is defined if need be. */
static path type_path(writer *w, text t)
{
    if (!t.n) {
        w->failed = true;
        return (path){0};
    }
    const char *open = memchr(t.p, '<', t.n);
    bool tuple       = t.n > 1 && t.p[0] == '(' && t.p[t.n - 1] == ')';
    if (tuple) return tuple_type(w, (text){t.p + 1, t.n - 2});
    if (!open) return named_type(w, t);
    size_t n = (size_t)(open - t.p);
    if (t.p[t.n - 1] != '>' || t.n < n + 3) {
        w->failed = true;
        return (path){0};
    }
    return generic_type(w, (text){t.p, n}, (text){open + 1, t.n - n - 2});
}

/* ---- items ---------------------------------------------------------------------------------- */

static json_t *outputs_of(writer *w, const char *type)
{
    json_t *out = json_array();
    if (*type) {
        path p = type_path(w, text_of(type));
        append(w, out, json_pack("{s:s}", "type", p.s));
    }
    return out;
}

static json_t *function_item(writer *w, const sage_entry *e)
{
    return json_pack("{s:s,s:s,s:o,s:o,s:s}", "type", "function", "name", e->name, "inputs",
                     members_of(w, text_of(e->inputs)), "outputs", outputs_of(w, e->outputs),
                     "state_mutability", e->view ? "view" : "external");
}

static json_t *interface_item(writer *w)
{
    path name       = own_path(w, "I", text_of(w->c->name));
    json_t *entries = json_array();
    for (uint32_t i = 0; i < w->c->n_entries; i++)
        append(w, entries, function_item(w, &w->c->entries[i]));
    return json_pack("{s:s,s:s,s:o}", "type", "interface", "name", name.s, "items", entries);
}

static json_t *impl_item(writer *w)
{
    path interface = own_path(w, "I", text_of(w->c->name)), name = {0};
    put(w, &name, text_of(w->c->name));
    put(w, &name, text_of("Impl"));
    return json_pack("{s:s,s:s,s:s}", "type", "impl", "name", name.s, "interface_name",
                     interface.s);
}

static json_t *constructor_item(writer *w)
{
    return json_pack("{s:s,s:s,s:o}", "type", "constructor", "name", "constructor", "inputs",
                     members_of(w, text_of(w->c->constructor_inputs)));
}

static json_t *event_item(writer *w, const sage_type_text *e)
{
    path name   = own_path(w, "", text_of(e->name));
    json_t *out = json_array();
    text list   = text_of(e->members), part;
    while (next_part(&list, &part)) {
        member m = member_of(part);
        path p   = type_path(w, m.type);
        append(w, out,
               json_pack("{s:o,s:s,s:s}", "name", string_of(m.name), "type", p.s, "kind",
                         m.key ? "key" : "data"));
    }
    return json_pack("{s:s,s:s,s:s,s:o}", "type", "event", "name", name.s, "kind", "struct",
                     "members", out);
}

static json_t *all_events_item(writer *w)
{
    path name   = own_path(w, "", text_of("Event"));
    json_t *out = json_array();
    for (uint32_t i = 0; i < w->c->n_events; i++) {
        path p = own_path(w, "", text_of(w->c->events[i].name));
        append(w, out,
               json_pack("{s:s,s:s,s:s}", "name", w->c->events[i].name, "type", p.s, "kind",
                         "nested"));
    }
    return json_pack("{s:s,s:s,s:s,s:o}", "type", "event", "name", name.s, "kind", "enum",
                     "variants", out);
}

/* Everything after the types, which are known when this is made. */
static json_t *functions_and_events(writer *w)
{
    json_t *out = json_array();
    append(w, out, interface_item(w));
    if (w->c->construct) append(w, out, constructor_item(w));
    for (uint32_t i = 0; i < w->c->n_events; i++)
        append(w, out, event_item(w, &w->c->events[i]));
    append(w, out, all_events_item(w));
    return out;
}

json_t *sage_contract_abi(const sage_contract *c)
{
    writer w     = {.c = c, .types = json_array(), .defined = json_object()};
    json_t *abi  = json_array();
    json_t *rest = functions_and_events(&w);
    append(&w, abi, impl_item(&w));
    if (json_array_extend(abi, w.types) || json_array_extend(abi, rest)) w.failed = true;
    json_decref(rest);
    json_decref(w.types);
    json_decref(w.defined);
    if (!w.failed) return abi;
    json_decref(abi);
    return NULL;
}

/* ---- class ---------------------------------------------------------------------------------- */

static json_t *entry_point(felt252 selector, uint32_t index)
{
    char hex[SAGE_FELT_HEX];
    sage_felt_to_hex(hex, selector);
    return json_pack("{s:s,s:i}", "selector", hex, "function_idx", (int)index);
}

typedef struct listed {
    felt252 selector;
    uint32_t index;
} listed;

static int by_selector(const void *a, const void *b)
{
    return sage_felt_compare(((const listed *)a)->selector, ((const listed *)b)->selector);
}

/* Sorted by selector, as a compiler lists them. */
static json_t *external_entries(const sage_contract *c)
{
    listed of[MAX_ENTRIES];
    if (c->n_entries > MAX_ENTRIES) return NULL;
    for (uint32_t i = 0; i < c->n_entries; i++)
        of[i] = (listed){sage_selector(c->entries[i].name), i};
    qsort(of, c->n_entries, sizeof *of, by_selector);
    json_t *out = json_array();
    for (uint32_t i = 0; i < c->n_entries; i++) {
        if (!json_array_append_new(out, entry_point(of[i].selector, of[i].index))) continue;
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *entry_points(const sage_contract *c)
{
    json_t *constructor = json_array();
    if (c->construct &&
        json_array_append_new(constructor,
                              entry_point(sage_selector("constructor"), c->n_entries))) {
        json_decref(constructor);
        return NULL;
    }
    return json_pack("{s:o,s:o,s:[]}", "CONSTRUCTOR", constructor, "EXTERNAL",
                     external_entries(c), "L1_HANDLER");
}

static json_t *class_with(const sage_contract *c, const char *abi)
{
    char native[SAGE_FELT_HEX];
    sage_felt_to_hex(native, sage_felt_short("native"));
    return json_pack("{s:[s],s:s,s:o,s:s}", "sierra_program", native, "contract_class_version",
                     "0.1.0", "entry_points_by_type", entry_points(c), "abi", abi);
}

json_t *sage_contract_class(const sage_contract *c)
{
    json_t *abi = sage_contract_abi(c), *class = NULL;
    char *json = abi ? json_dumps(abi, 0) : NULL; /* ", " and ": ", as the compiler spaces it */
    if (json) class = class_with(c, json);
    json_decref(abi);
    free(json);
    return class;
}

char *sage_class_json(const sage_contract *c)
{
    json_t *class = sage_contract_class(c);
    char *json    = class ? json_dumps(class, JSON_COMPACT) : NULL;
    json_decref(class);
    return json;
}

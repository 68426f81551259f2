/* starknet/abi.c -- an ABI's functions and types, and what its type names mean. */
#include <stdlib.h>
#include <string.h>

#include "starknet/abi_private.h"

enum { MAX_STEPS = 1 << 18, MAX_DEPTH = 16, MAX_NAME = 512, STEP_CHARACTERS = 64 };

/* ---- opening ---- */

static sage_status bad_item(size_t i, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "abi.form", (long long)i,
                     "item %zu of the ABI is none that there is", i);
}

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "abi.memory", -1, "no memory for the ABI");
}

static bool text_is(const json_t *v, const char *word)
{
    const char *text = json_string_value(v);
    return text && !strcmp(text, word);
}

/* The first of a name stays. */
static bool keep(json_t *table, json_t *item)
{
    const char *name = json_string_value(json_object_get(item, "name"));
    return json_object_get(table, name) || !json_object_set(table, name, item);
}

static bool is_function(const json_t *type)
{
    return text_is(type, "function") || text_is(type, "constructor") ||
           text_is(type, "l1_handler");
}

static bool is_type(const json_t *type)
{
    return text_is(type, "struct") || text_is(type, "enum");
}

static sage_status add_item(sage_abi *a, json_t *item, size_t i, sage_errinfo *err)
{
    const json_t *type = json_object_get(item, "type");
    const bool wanted  = is_function(type) || is_type(type);
    if (!json_is_string(type)) return bad_item(i, err);
    if (!wanted) return SAGE_OK; /* events, implementations */
    if (!json_is_string(json_object_get(item, "name"))) return bad_item(i, err);
    return keep(is_type(type) ? a->types : a->functions, item) ? SAGE_OK : no_memory(err);
}

/* An interface holds functions. */
static sage_status add_items(sage_abi *a, const json_t *list, bool inside, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    for (size_t i = 0; !s && i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        if (!inside && text_is(json_object_get(item, "type"), "interface"))
            s = add_items(a, json_object_get(item, "items"), true, err);
        else
            s = add_item(a, item, i, err);
    }
    return s;
}

/* Takes root. */
static sage_status adopt(sage_abi **out, json_t *root, sage_errinfo *err)
{
    sage_abi *a   = calloc(1, sizeof *a);
    sage_status s = SAGE_OK;
    if (!a) {
        json_decref(root);
        return no_memory(err);
    }
    *a = (sage_abi){root, json_object(), json_object()};
    if (!a->functions || !a->types) s = no_memory(err);
    if (!s && !json_is_array(root))
        s = sage_fail(err, SAGE_EFORMAT, "abi.form", 0, "an ABI is a JSON array");
    if (!s) s = add_items(a, root, false, err);
    if (s) {
        sage_abi_close(a);
        return s;
    }
    *out = a;
    return SAGE_OK;
}

sage_status sage_abi_open(sage_abi **out, const char *text, size_t n, sage_errinfo *err)
{
    json_error_t e;
    *out = NULL;
    if (n > SAGE_ABI_MAX_BYTES)
        return sage_fail(err, SAGE_ELIMIT, "abi.size", (long long)n,
                         "the ABI is longer than %d bytes", SAGE_ABI_MAX_BYTES);
    json_t *root = json_loadb(text, n, 0, &e);
    if (!root)
        return sage_fail(err, SAGE_EFORMAT, "abi.form", e.position, "the ABI is no JSON");
    return adopt(out, root, err);
}

sage_status sage_abi_of_class(sage_abi **out, const json_t *contract_class, sage_errinfo *err)
{
    json_t *abi = json_object_get(contract_class, "abi");
    if (json_is_string(abi))
        return sage_abi_open(out, json_string_value(abi), json_string_length(abi), err);
    *out = NULL;
    if (!abi) return sage_fail(err, SAGE_EFORMAT, "abi.form", -1, "the class has no ABI");
    return adopt(out, json_incref(abi), err);
}

void sage_abi_close(sage_abi *a)
{
    if (!a) return;
    json_decref(a->functions);
    json_decref(a->types);
    json_decref(a->root);
    free(a);
}

/* ---- functions ---- */

sage_status
abi_find(const sage_abi *a, const char *function, const json_t **item, sage_errinfo *err)
{
    *item = json_object_get(a->functions, function);
    if (*item) return SAGE_OK;
    return sage_fail(err, SAGE_ENOTFOUND, "abi.function", -1,
                     "the contract has no function %.80s", function);
}

bool sage_abi_has(const sage_abi *a, const char *function)
{
    return json_object_get(a->functions, function) != NULL;
}

bool sage_abi_is_view(const sage_abi *a, const char *function)
{
    const json_t *item = json_object_get(a->functions, function);
    return text_is(json_object_get(item, "state_mutability"), "view") ||
           text_is(json_object_get(item, "stateMutability"), "view");
}

sage_status
abi_part(const json_t *parts, size_t i, abi_text *name, abi_text *type, sage_errinfo *err)
{
    const json_t *part = json_array_get(parts, i), *n = json_object_get(part, "name"),
                 *t = json_object_get(part, "type");
    if (!json_is_string(t) || (n && !json_is_string(n)))
        return sage_fail(err, SAGE_EFORMAT, "abi.form", (long long)i,
                         "a parameter, member or variant of the ABI has no type");
    *name = (abi_text){n ? json_string_value(n) : "", json_string_length(n)};
    *type = (abi_text){json_string_value(t), json_string_length(t)};
    return SAGE_OK;
}

/* ---- types ---- */

static const struct {
    const char *name;
    abi_type type;
} known[] = {
    {"core::felt252", {.kind = ABI_FELT}},
    {"felt", {.kind = ABI_FELT}},
    {"core::integer::u8", {.kind = ABI_UNSIGNED, .bits = 8}},
    {"core::integer::u16", {.kind = ABI_UNSIGNED, .bits = 16}},
    {"core::integer::u32", {.kind = ABI_UNSIGNED, .bits = 32}},
    {"core::integer::usize", {.kind = ABI_UNSIGNED, .bits = 32}},
    {"core::integer::u64", {.kind = ABI_UNSIGNED, .bits = 64}},
    {"core::integer::u128", {.kind = ABI_UNSIGNED, .bits = 128}},
    {"core::integer::u256", {.kind = ABI_U256}},
    {"Uint256", {.kind = ABI_U256}},
    {"core::integer::i8", {.kind = ABI_SIGNED, .bits = 8}},
    {"core::integer::i16", {.kind = ABI_SIGNED, .bits = 16}},
    {"core::integer::i32", {.kind = ABI_SIGNED, .bits = 32}},
    {"core::integer::i64", {.kind = ABI_SIGNED, .bits = 64}},
    {"core::integer::i128", {.kind = ABI_SIGNED, .bits = 128}},
    {"core::bool", {.kind = ABI_BOOL}},
    {"core::bytes_31::bytes31", {.kind = ABI_SHORT, .bits = 248}},
    {"core::byte_array::ByteArray", {.kind = ABI_BYTES}},
    {"core::starknet::contract_address::ContractAddress",
     {.kind = ABI_UNSIGNED, .bits = 251, .hex = true}},
    {"core::starknet::class_hash::ClassHash", {.kind = ABI_UNSIGNED, .bits = 251, .hex = true}},
    {"core::starknet::storage_access::StorageAddress",
     {.kind = ABI_UNSIGNED, .bits = 251, .hex = true}},
    {"core::starknet::eth_address::EthAddress",
     {.kind = ABI_UNSIGNED, .bits = 160, .hex = true}},
};

static bool find_known(abi_text name, abi_type *out)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (abi_text_is(name, known[i].name)) {
            *out = known[i].type;
            return true;
        }
    return false;
}

/* "name::<inner>" */
static bool find_list(abi_text name, abi_type *out)
{
    if (!abi_text_skip(&name, "core::array::Array::<") &&
        !abi_text_skip(&name, "core::array::Span::<"))
        return false;
    if (!name.n || name.at[name.n - 1] != '>') return false;
    *out = (abi_type){.kind = ABI_LIST, .inner = {name.at, name.n - 1}};
    return true;
}

static bool find_tuple(abi_text name, abi_type *out)
{
    if (name.n < 2 || name.at[0] != '(' || name.at[name.n - 1] != ')') return false;
    *out = (abi_type){.kind = ABI_TUPLE, .inner = {name.at + 1, name.n - 2}};
    return true;
}

static bool find_declared(const sage_abi *a, abi_text name, abi_type *out)
{
    char key[MAX_NAME + 1];
    if (name.n > MAX_NAME) return false;
    memcpy(key, name.at, name.n);
    key[name.n]         = 0;
    const json_t *item  = json_object_get(a->types, key);
    const bool is_enum  = text_is(json_object_get(item, "type"), "enum");
    const json_t *parts = json_object_get(item, is_enum ? "variants" : "members");
    *out                = (abi_type){.kind = is_enum ? ABI_ENUM : ABI_STRUCT, .parts = parts};
    return json_is_array(parts);
}

static abi_text trimmed(abi_text t)
{
    while (t.n && (*t.at == ' ' || *t.at == '@'))
        t.at++, t.n--;
    while (t.n && t.at[t.n - 1] == ' ')
        t.n--;
    return t;
}

static sage_status unknown(abi_text name, sage_errinfo *err)
{
    abi_out o = {0};
    abi_put_foreign(&o, name);
    sage_status s = sage_fail(err, SAGE_EUNSUP, "abi.type", -1, "the type %s is not known",
                              o.text ? o.text : "");
    free(o.text);
    return s;
}

sage_status abi_enter(abi_work *w, abi_text name, abi_type *out)
{
    w->steps += 1 + (uint32_t)(name.n / STEP_CHARACTERS);
    name = trimmed(name);
    if (w->steps > MAX_STEPS || w->depth == MAX_DEPTH)
        return sage_fail(w->err, SAGE_ELIMIT, "abi.size", w->steps,
                         w->depth == MAX_DEPTH ? "types are nested too deeply"
                                               : "more values than are converted at once");
    w->depth++;
    if (find_known(name, out) || find_list(name, out) || find_tuple(name, out) ||
        find_declared(w->abi, name, out))
        return SAGE_OK;
    return unknown(name, w->err);
}

void abi_leave(abi_work *w)
{
    w->depth--;
}

bool abi_next_type(abi_text *rest, abi_text *type)
{
    size_t i = 0, open = 0;
    *rest = trimmed(*rest);
    if (!rest->n) return false;
    for (; i < rest->n && (open || rest->at[i] != ','); i++) {
        open += rest->at[i] == '(' || rest->at[i] == '<';
        open -= open && (rest->at[i] == ')' || rest->at[i] == '>');
    }
    *type = (abi_text){rest->at, i};
    i += i < rest->n;
    *rest = (abi_text){rest->at + i, rest->n - i};
    return true;
}

/* ---- a signature for people ---- */

static bool in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == ':';
}

/* A path's last name: "core::array::Array::" is Array. */
static void put_last_name(abi_out *o, abi_text path)
{
    while (path.n && path.at[path.n - 1] == ':')
        path.n--;
    size_t from = path.n;
    while (from && path.at[from - 1] != ':')
        from--;
    abi_put_foreign(o, (abi_text){path.at + from, path.n - from});
}

static void put_type(abi_out *o, abi_text t)
{
    while (t.n && !o->status) {
        size_t n = 0;
        while (n < t.n && in_name(t.at[n]))
            n++;
        if (n)
            put_last_name(o, (abi_text){t.at, n});
        else
            abi_put_foreign(o, (abi_text){t.at, n = 1});
        t.at += n;
        t.n -= n;
    }
}

static sage_status put_parts(abi_out *o, const json_t *parts, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    for (size_t i = 0; !s && i < json_array_size(parts); i++) {
        abi_text name, type;
        s = abi_part(parts, i, &name, &type, err);
        if (s) break;
        if (i) abi_put(o, ", ");
        abi_put_foreign(o, name);
        if (name.n) abi_put(o, ": ");
        put_type(o, type);
        s = o->status;
    }
    return s;
}

sage_status sage_abi_signature(
    char *out, size_t cap, const sage_abi *a, const char *function, sage_errinfo *err)
{
    const json_t *item;
    abi_out o     = {.err = err};
    sage_status s = abi_find(a, function, &item, err);
    if (s) return s;
    abi_put_foreign(&o, abi_text_of(function));
    abi_put(&o, "(");
    s = put_parts(&o, json_object_get(item, "inputs"), err);
    abi_put(&o, ")");
    if (!s && json_array_size(json_object_get(item, "outputs"))) {
        abi_put(&o, " -> ");
        s = put_parts(&o, json_object_get(item, "outputs"), err);
    }
    if (!s) s = o.status;
    if (!s && cap) {
        const size_t n = o.n < cap ? o.n : cap - 1;
        memcpy(out, o.text, n);
        out[n] = 0;
    }
    free(o.text);
    return s;
}

#include "proto/json.h"

#include <stdlib.h>
#include <string.h>

/* jansson's own limit is 2048 levels; ours is checked before it sees the bytes. */
static bool too_deep(const char *bytes, size_t len)
{
    int depth    = 0;
    bool in_text = false;
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if (in_text) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_text = false;
        } else if (c == '"')
            in_text = true;
        else if (c == '{' || c == '[') {
            if (++depth > SAGE_JSON_MAX_DEPTH) return true;
        } else if (c == '}' || c == ']')
            depth--;
    }
    return false;
}

static void
refuse(sage_json *j, sage_status code, const char *where, long long at, const char *text)
{
    if (!j->status) j->status = sage_fail(j->err, code, where, at, "%.200s", text);
}

void sage_json_fail(sage_json *j, const char *where, const char *key, const char *what)
{
    if (!j->status)
        j->status = sage_fail(j->err, SAGE_EFORMAT, where, -1, "\"%.60s\" %.120s", key, what);
}

void sage_json_begin(sage_json *j, const char *bytes, size_t len, sage_errinfo *err)
{
    json_error_t e;
    *j = (sage_json){.owned = true, .err = err};
    if (len > SAGE_JSON_MAX_BYTES) {
        refuse(j, SAGE_ELIMIT, "json.size", (long long)len, "the message is too long");
        return;
    }
    if (too_deep(bytes, len)) {
        refuse(j, SAGE_EFORMAT, "json.depth", -1, "the message is nested too deeply");
        return;
    }
    j->object = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &e);
    if (!j->object)
        refuse(j, SAGE_EFORMAT, "json.syntax", e.position, e.text);
    else if (!json_is_object(j->object))
        refuse(j, SAGE_EFORMAT, "json.syntax", 0, "the message is not an object");
}

bool sage_json_has(const sage_json *j, const char *key)
{
    return !j->status && json_object_get(j->object, key);
}

static json_t *take(sage_json *j, const char *key)
{
    if (j->status) return NULL;
    json_t *v = json_object_get(j->object, key);
    if (v)
        j->used++;
    else
        sage_json_fail(j, "json.missing", key, "is missing");
    return v;
}

void sage_json_enter(sage_json *inner, sage_json *outer, const char *key)
{
    *inner        = (sage_json){.err = outer->err};
    inner->object = take(outer, key);
    if (inner->object && !json_is_object(inner->object))
        sage_json_fail(outer, "json.type", key, "must be an object");
    inner->status = outer->status;
}

/* The first field of an object that no get asked for is not known by name here, only that
 * there is one: gets are counted. */
sage_status sage_json_end(sage_json *j, bool strict)
{
    if (strict && !j->status && j->used != json_object_size(j->object))
        refuse(j, SAGE_EFORMAT, "json.unknown", (long long)json_object_size(j->object),
               "the message has a field that is not known");
    if (j->owned) json_decref(j->object);
    j->object = NULL;
    return j->status;
}

static void get_text(sage_json *j, const char *key, char *out, size_t cap, bool may_be_empty)
{
    json_t *v = take(j, key);
    if (!v) return;
    if (!json_is_string(v)) {
        sage_json_fail(j, "json.type", key, "must be a string");
        return;
    }
    size_t len = json_string_length(v);
    if (len >= cap || (!len && !may_be_empty)) {
        sage_json_fail(j, "json.range", key, len ? "is too long" : "is empty");
        return;
    }
    const char *text = json_string_value(v);
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x20 || text[i] > 0x7e) {
            sage_json_fail(j, "json.range", key, "must be printable ASCII");
            return;
        }
    memcpy(out, text, len + 1);
}

void sage_json_text(sage_json *j, const char *key, char *out, size_t cap)
{
    get_text(j, key, out, cap, false);
}

void sage_json_text0(sage_json *j, const char *key, char *out, size_t cap)
{
    get_text(j, key, out, cap, true);
}

void sage_json_int(sage_json *j, const char *key, int64_t *out, int64_t min, int64_t max)
{
    json_t *v = take(j, key);
    if (!v) return;
    if (!json_is_integer(v))
        sage_json_fail(j, "json.type", key, "must be an integer");
    else if (json_integer_value(v) < min || json_integer_value(v) > max) {
        if (!j->status)
            j->status = sage_fail(j->err, SAGE_EFORMAT, "json.range", -1,
                                  "\"%.60s\" must be from %lld to %lld", key, (long long)min,
                                  (long long)max);
    } else
        *out = json_integer_value(v);
}

void sage_json_bool(sage_json *j, const char *key, bool *out)
{
    json_t *v = take(j, key);
    if (!v) return;
    if (!json_is_boolean(v))
        sage_json_fail(j, "json.type", key, "must be true or false");
    else
        *out = json_is_true(v);
}

void sage_json_amount(sage_json *j, const char *key, sage_amount *out)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_json_text(j, key, text, sizeof text);
    if (!j->status && sage_amount_parse(out, text, NULL))
        sage_json_fail(j, "json.range", key, "must be base units in decimal digits");
}

void sage_json_id(sage_json *j, const char *key, char letter, sage_id *out)
{
    sage_json_text(j, key, out->text, sizeof out->text);
    if (!j->status && !sage_id_valid(out->text, letter))
        sage_json_fail(j, "json.range", key, "is not an identifier");
}

void sage_json_hex32(sage_json *j, const char *key, sage_hex32 *out)
{
    sage_json_text(j, key, out->text, sizeof out->text);
    if (!j->status && !sage_hex32_valid(out->text))
        sage_json_fail(j, "json.range", key, "must be 64 lower-case hex digits");
}

void sage_json_words(sage_json *j, const char *key, uint32_t *out, uint32_t cap, uint32_t *n)
{
    json_t *v = take(j, key);
    if (!v) return;
    if (!json_is_array(v) || json_array_size(v) > cap) {
        sage_json_fail(j, json_is_array(v) ? "json.range" : "json.type", key,
                       json_is_array(v) ? "has too many elements" : "must be an array");
        return;
    }
    *n = (uint32_t)json_array_size(v);
    for (uint32_t i = 0; i < *n; i++) {
        json_t *w = json_array_get(v, i);
        if (!json_is_integer(w) || json_integer_value(w) < 0 ||
            json_integer_value(w) > UINT32_MAX) {
            sage_json_fail(j, "json.range", key, "must hold integers below 2^32");
            return;
        }
        out[i] = (uint32_t)json_integer_value(w);
    }
}

void sage_json_statement(sage_json *j, const char *key, sage_statement *out)
{
    sage_json inner;
    char kind[SAGE_NAME_CAP];
    memset(out, 0, sizeof *out);
    sage_json_enter(&inner, j, key);
    sage_json_text(&inner, "kind", kind, sizeof kind);
    if (!inner.status) inner.status = sage_statement_kind_parse(kind, &out->kind, inner.err);
    sage_json_words(&inner, "public", out->public_words, SAGE_MAX_PUBLIC, &out->n_public);
    sage_status st = sage_json_end(&inner, true);
    if (!st) st = sage_statement_check(out, j->err);
    if (!j->status) j->status = st;
}

void sage_json_put(json_t **object, const char *key, json_t *value)
{
    if (*object && value && !json_object_set_new(*object, key, value)) return;
    if (!*object) json_decref(value);
    json_decref(*object);
    *object = NULL;
}

json_t *sage_json_of_amount(const sage_amount *a)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount_format(text, a);
    return json_string(text);
}

json_t *sage_json_of_statement(const sage_statement *s)
{
    json_t *object = json_object(), *words = json_array();
    for (uint32_t i = 0; i < s->n_public && words; i++)
        if (json_array_append_new(words, json_integer(s->public_words[i]))) {
            json_decref(words);
            words = NULL;
        }
    sage_json_put(&object, "kind", json_string(sage_statement_name(s->kind)));
    sage_json_put(&object, "public", words);
    return object;
}

sage_status sage_json_print(json_t *object, char **text, sage_errinfo *err)
{
    *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return *text ? SAGE_OK : sage_fail(err, SAGE_ENOMEM, "json.memory", -1, "no memory");
}

/* starknet/rpc_reply.c -- the fields of answers, read with every doubt an error. */
#include <string.h>

#include "field/felt252_text.h"
#include "starknet/felt_json.h"
#include "starknet/rpc_private.h"

sage_reply sage_reply_of(const json_t *object, sage_errinfo *err)
{
    sage_reply r = {.object = object, .err = err};
    if (!json_is_object(object))
        r.status = sage_fail(err, SAGE_EFORMAT, "rpc.type", -1, "the answer is no object");
    return r;
}

void sage_reply_refuse(
    sage_reply *r, sage_status code, const char *where, const char *key, const char *what)
{
    if (!r->status) r->status = sage_fail(r->err, code, where, -1, "%.60s %.120s", key, what);
}

static const json_t *get(sage_reply *r, const char *key)
{
    const json_t *v = r->status ? NULL : json_object_get(r->object, key);
    if (!v) sage_reply_refuse(r, SAGE_EFORMAT, "rpc.missing", key, "is missing in the answer");
    return v;
}

bool sage_reply_has(const sage_reply *r, const char *key)
{
    const json_t *v = r->status ? NULL : json_object_get(r->object, key);
    return v && !json_is_null(v);
}

static void refuse_type(sage_reply *r, const char *key)
{
    sage_reply_refuse(r, SAGE_EFORMAT, "rpc.type", key, "is of another type");
}

void sage_reply_felt(sage_reply *r, const char *key, felt252 *out)
{
    const json_t *v = get(r, key);
    if (v && !json_is_string(v))
        refuse_type(r, key);
    else if (v && sage_felt_of_json(out, v, NULL))
        sage_reply_refuse(r, SAGE_EFORMAT, "rpc.felt", key, "is no felt");
}

void sage_reply_felts(sage_reply *r, const char *key, sage_felt_list *out)
{
    const json_t *v = sage_reply_array(r, key);
    sage_status st  = v ? sage_felts_of_json(out, v, NULL) : SAGE_OK;
    if (st == SAGE_ENOMEM)
        sage_reply_refuse(r, st, "rpc.memory", key, "does not fit into memory");
    else if (st == SAGE_ELIMIT && json_array_size(v) > SAGE_FELT_LIST_MAX)
        sage_reply_refuse(r, st, "rpc.length", key, "is longer than allowed");
    else if (st)
        sage_reply_refuse(r, SAGE_EFORMAT, "rpc.felt", key, "holds what is no felt");
}

void sage_reply_u128(sage_reply *r, const char *key, uint64_t out[2])
{
    felt252 v = felt252_zero();
    sage_reply_felt(r, key, &v);
    if (!r->status && !sage_felt_to_u128(out, v))
        sage_reply_refuse(r, SAGE_EFORMAT, "rpc.range", key, "is not below 2^128");
}

void sage_reply_u64(sage_reply *r, const char *key, uint64_t *out)
{
    felt252 v = felt252_zero();
    sage_reply_felt(r, key, &v);
    if (!r->status && !sage_felt_to_u64(out, v))
        sage_reply_refuse(r, SAGE_EFORMAT, "rpc.range", key, "is not below 2^64");
}

void sage_reply_count(sage_reply *r, const char *key, uint64_t *out)
{
    const json_t *v = get(r, key);
    if (!v) return;
    json_int_t n = json_integer_value(v);
    if (!json_is_integer(v))
        refuse_type(r, key);
    else if (n < 0 || n > (json_int_t)1 << 53)
        sage_reply_refuse(r, SAGE_EFORMAT, "rpc.range", key, "is out of range");
    else
        *out = (uint64_t)n;
}

const char *sage_reply_text(sage_reply *r, const char *key)
{
    const json_t *v = get(r, key);
    if (v && !json_is_string(v)) refuse_type(r, key);
    return r->status ? "" : json_string_value(v);
}

const json_t *sage_reply_array(sage_reply *r, const char *key)
{
    const json_t *v = get(r, key);
    if (v && !json_is_array(v)) refuse_type(r, key);
    return r->status ? NULL : v;
}

sage_reply sage_reply_enter(sage_reply *r, const char *key)
{
    const json_t *v = get(r, key);
    if (v && !json_is_object(v)) refuse_type(r, key);
    return (sage_reply){.object = v, .status = r->status, .err = r->err};
}

void sage_reply_leave(sage_reply *outer, const sage_reply *inner)
{
    outer->status = inner->status;
}

sage_status sage_reply_one_felt(felt252 *out, const json_t *v, sage_errinfo *err)
{
    felt252 f;
    if (!json_is_string(v))
        return sage_fail(err, SAGE_EFORMAT, "rpc.type", -1, "the answer is no string");
    if (sage_felt_of_json(&f, v, NULL))
        return sage_fail(err, SAGE_EFORMAT, "rpc.felt", -1, "the answer is no felt");
    *out = f;
    return SAGE_OK;
}

static void copy_ascii(char *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (char)(text[i] >= 0x20 && text[i] <= 0x7e ? text[i] : '?');
}

void sage_reply_ascii(char *out, size_t cap, const char *text)
{
    static const char gap[] = " .. ";
    size_t n = strlen(text), room = cap - 1;
    if (n <= room) {
        copy_ascii(out, text, n);
        out[n] = 0;
        return;
    }
    size_t tail = (room - strlen(gap)) / 2, head = room - strlen(gap) - tail;
    copy_ascii(out, text, head);
    memcpy(out + head, gap, strlen(gap));
    copy_ascii(out + head + strlen(gap), text + n - tail, tail);
    out[room] = 0;
}

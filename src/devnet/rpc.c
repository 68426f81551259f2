/* devnet/rpc.c -- requests, batches, parameters, errors. */
#include "devnet/rpc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devnet/rpc_code.h"
#include "devnet/rpc_methods.h"

enum { MAX_QUICK_BATCH = 16 };

static const sage_rpc_table *const tables[] = {&sage_rpc_read_table,  &sage_rpc_block_table,
                                               &sage_rpc_event_table, &sage_rpc_write_table,
                                               &sage_rpc_trace_table, &sage_rpc_dev_table};

/* Parsing takes some hundred bytes a value: bounded before it begins. */
static bool has_few_values(const char *bytes, size_t n)
{
    size_t values = 0;
    for (size_t i = 0; i < n; i++)
        values += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    return values <= SAGE_RPC_MAX_VALUES;
}

json_t *sage_rpc_parse(const char *bytes, size_t n)
{
    return has_few_values(bytes, n)
               ? json_loadb(bytes, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL)
               : NULL;
}

static const sage_rpc_method *find_method(const char *name)
{
    for (size_t t = 0; name && t < sizeof tables / sizeof *tables; t++)
        for (uint32_t i = 0; i < tables[t]->n; i++)
            if (!strcmp(name, tables[t]->methods[i].name)) return &tables[t]->methods[i];
    return NULL;
}

static sage_rpc_lane lane_of_one(const json_t *request)
{
    const char *name         = json_string_value(json_object_get(request, "method"));
    const sage_rpc_method *m = find_method(name);
    return m ? m->lane : SAGE_RPC_QUICK;
}

sage_rpc_lane sage_rpc_lane_of(const json_t *request)
{
    if (!json_is_array(request)) return lane_of_one(request);
    sage_rpc_lane lane =
        json_array_size(request) > MAX_QUICK_BATCH ? SAGE_RPC_READ : SAGE_RPC_QUICK;
    for (size_t i = 0; i < json_array_size(request) && i < SAGE_RPC_MAX_BATCH; i++) {
        sage_rpc_lane one = lane_of_one(json_array_get(request, i));
        if (one > lane) lane = one;
    }
    return lane;
}

/* Parameters. */
static uint32_t count_params(const sage_rpc_method *m)
{
    uint32_t n = 0;
    while (n < SAGE_RPC_PARAMS && m->params[n])
        n++;
    return n;
}

static sage_status bad_params(sage_errinfo *err, const sage_rpc_method *m, const char *what)
{
    return sage_fail(err, SAGE_EINVAL, "node.params", -1, "%s: %s", m->name, what);
}

static sage_status take_params(const sage_rpc_method *m, const json_t *params, sage_rpc_call *c)
{
    uint32_t n   = count_params(m);
    size_t given = json_is_array(params) ? json_array_size(params) : json_object_size(params);
    size_t used  = 0;
    if (params && !json_is_array(params) && !json_is_object(params))
        return bad_params(c->err, m, "params must be an array or an object");
    for (uint32_t i = 0; i < n; i++) {
        const json_t *v = json_is_array(params) ? json_array_get(params, i)
                                                : json_object_get(params, m->params[i]);
        if (v) used++;
        c->arg[i] = json_is_null(v) ? NULL : v;
        if (!c->arg[i] && i < m->n_required)
            return sage_fail(c->err, SAGE_EINVAL, "node.params", i, "%s needs %s", m->name,
                             m->params[i]);
    }
    return used == given ? SAGE_OK : bad_params(c->err, m, "a parameter that it does not have");
}

/* Answers. */
static void put_id(sage_json_out *o, const json_t *id)
{
    char digits[24];
    char *text = NULL;
    sage_json_out_key(o, "id");
    if (json_is_integer(id))
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    else if (id && !json_is_null(id))
        text = json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT);
    else
        strcpy(digits, "null");
    sage_json_out_digits(o, text                                     ? text
                            : json_is_string(id) || json_is_real(id) ? "null"
                                                                     : digits);
    free(text);
}

static void put_error_data(sage_json_out *o, sage_rpc_data kind, const sage_errinfo *e)
{
    static const char *const keys[] = {[SAGE_RPC_DATA_REVERT]      = "revert_error",
                                       [SAGE_RPC_DATA_EXECUTION]   = "execution_error",
                                       [SAGE_RPC_DATA_COMPILATION] = "compilation_error"};
    sage_json_out_key(o, "data");
    if (kind == SAGE_RPC_DATA_TEXT) {
        sage_json_out_escaped(o, e->msg);
        return;
    }
    sage_json_out_open(o, '{');
    if (kind == SAGE_RPC_DATA_EXECUTION)
        sage_json_text_number_of(o, "transaction_index", e->at > 0 ? (uint64_t)e->at : 0);
    sage_json_out_key(o, keys[kind]);
    sage_json_out_escaped(o, e->msg);
    sage_json_out_close(o, '}');
}

static void put_error(sage_json_out *o, const sage_errinfo *e)
{
    char digits[16];
    sage_rpc_code code = sage_rpc_code_of(e);
    snprintf(digits, sizeof digits, "%d", code.code);
    sage_json_text_open_of(o, "error", '{');
    sage_json_out_key(o, "code");
    sage_json_out_digits(o, digits);
    sage_json_text_word_of(o, "message", code.message);
    put_error_data(o, code.data, e);
    sage_json_out_close(o, '}');
}

static sage_status check_request(const json_t *r, sage_errinfo *err)
{
    static const char *const names[] = {"jsonrpc", "id", "method", "params"};
    const json_t *id                 = json_object_get(r, "id");
    const char *version              = json_string_value(json_object_get(r, "jsonrpc"));
    size_t known                     = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        known += json_object_get(r, names[i]) != NULL;
    const char *bad = !json_is_object(r)                   ? "it is no object"
                      : !version || strcmp(version, "2.0") ? "jsonrpc must be \"2.0\""
                      : !json_is_string(json_object_get(r, "method"))
                          ? "method must be a string"
                      : id && (json_is_object(id) || json_is_array(id) || json_is_boolean(id))
                          ? "id must be a string, a number or null"
                      : known != json_object_size(r) ? "it has an unknown member"
                                                     : NULL;
    return bad ? sage_fail(err, SAGE_EFORMAT, "node.request", -1, "%s", bad) : SAGE_OK;
}

static sage_status unknown_method(const char *name, sage_errinfo *err)
{
    bool subscription =
        !strncmp(name, "starknet_subscribe", 18) || !strcmp(name, "starknet_unsubscribe");
    return sage_fail(err, SAGE_EUNSUP, "node.method", -1, "%s",
                     subscription ? "subscriptions need a WebSocket, which is not served"
                                  : "there is no such method");
}

static bool is_dev(const sage_rpc_method *m)
{
    const sage_rpc_table *t = &sage_rpc_dev_table;
    return m >= t->methods && m < t->methods + t->n;
}

static sage_status
run_method(const sage_rpc *rpc, const json_t *request, sage_json_out *o, sage_errinfo *err)
{
    sage_rpc_call c          = {.rpc = rpc, .out = o, .err = err};
    const char *name         = json_string_value(json_object_get(request, "method"));
    const sage_rpc_method *m = find_method(name);
    if (!m) return unknown_method(name, err);
    if (is_dev(m) && !rpc->dev_methods)
        return sage_fail(err, SAGE_EUNSUP, "node.dev_methods", -1,
                         "%s is served by sage-devnet start --dev-methods alone", m->name);
    sage_status st = take_params(m, json_object_get(request, "params"), &c);
    return st ? st : m->run(&c);
}

/* One answer; what a method wrote before it failed is taken back. */
static void answer_one(const sage_rpc *rpc, const json_t *request, sage_json_out *o)
{
    sage_errinfo err     = {0};
    sage_sink *to        = o->to;
    const json_t *id     = json_object_get(request, "id");
    sage_status st       = check_request(request, &err);
    bool silent          = !st && !id; /* a notification */
    sage_json_out before = *o;
    size_t start         = to->len;
    sage_json_out_open(o, '{');
    sage_json_text_word_of(o, "jsonrpc", "2.0");
    put_id(o, st ? NULL : id);
    sage_json_out inside = *o;
    size_t mark          = to->len;
    sage_json_out_key(o, "result");
    if (!st && start > SAGE_RPC_MAX_ANSWER)
        st = sage_fail(&err, SAGE_ELIMIT, "node.answer", SAGE_RPC_MAX_ANSWER,
                       "the answers before this one are too long together");
    if (!st) st = run_method(rpc, request, o, &err);
    if (st) {
        to->len = mark;
        *o      = inside;
        put_error(o, &err);
    }
    sage_json_out_close(o, '}');
    if (!silent) return;
    to->len = start;
    *o      = before;
}

static void answer_bad(sage_json_out *o, const char *where, const char *what)
{
    sage_errinfo err;
    if (!sage_fail(&err, SAGE_EFORMAT, where, -1, "%s", what)) return;
    sage_json_out_open(o, '{');
    sage_json_text_word_of(o, "jsonrpc", "2.0");
    put_id(o, NULL);
    put_error(o, &err);
    sage_json_out_close(o, '}');
}

static void answer_batch(const sage_rpc *rpc, const json_t *batch, sage_json_out *o)
{
    sage_sink *to = o->to;
    size_t start = to->len, n = json_array_size(batch);
    if (!n || n > SAGE_RPC_MAX_BATCH) {
        answer_bad(o, "node.batch", n ? "a batch has at most 128 requests" : "an empty batch");
        return;
    }
    sage_json_out_open(o, '[');
    for (size_t i = 0; i < n; i++)
        answer_one(rpc, json_array_get(batch, i), o);
    bool silent = o->empty;
    sage_json_out_close(o, ']');
    if (silent) to->len = start; /* notifications alone */
}

void sage_rpc_answer(const sage_rpc *rpc, const json_t *request, sage_sink *out)
{
    sage_json_out o = sage_json_text_to(out);
    if (!request)
        answer_bad(&o, "node.parse", "the body is no JSON, or has too many values");
    else if (json_is_array(request))
        answer_batch(rpc, request, &o);
    else
        answer_one(rpc, request, &o);
}

/* starknet/rpc.c -- JSON-RPC 2.0 with one node. */
#include "starknet/rpc.h"

#include <stdlib.h>
#include <string.h>

#include "http/http_client.h"
#include "starknet/rpc_private.h"

enum { DEFAULT_TIMEOUT_MS = 10000 };

struct sage_sn_node {
    sage_http *http;
    sage_sn_node_options o;
    int64_t last_id;
};

sage_status
sage_sn_node_open(sage_sn_node **out, const sage_sn_node_options *o, sage_errinfo *err)
{
    *out            = NULL;
    sage_sn_node *n = calloc(1, sizeof *n);
    if (!n) return sage_fail(err, SAGE_ENOMEM, "rpc.memory", -1, "no memory");
    n->o           = *o;
    n->o.url       = NULL; /* the caller's */
    sage_status st = sage_http_open(&n->http, o->url, err);
    if (st)
        free(n);
    else
        *out = n;
    return st;
}

void sage_sn_node_close(sage_sn_node *n)
{
    if (!n) return;
    sage_http_close(n->http);
    free(n);
}

const char *sage_sn_node_name(const sage_sn_node *n)
{
    return sage_http_name(n->http);
}

/* An HTTP status that comes without an answer of the protocol. */
static sage_status http_error(int http, sage_errinfo *err)
{
    if (http == 401 || http == 403)
        return sage_fail(err, SAGE_EAUTH, "rpc.auth", http, "HTTP status %d", http);
    if (http == 408 || http == 429 || http >= 500)
        return sage_fail(err, SAGE_EAGAIN, "rpc.server", http, "HTTP status %d", http);
    return sage_fail(err, SAGE_EFORMAT, "rpc.http", http, "HTTP status %d, not a node's", http);
}

/* The one of result and error that is there. */
static sage_status
open_envelope(const json_t *e, const json_t **result, const json_t **error, sage_errinfo *err)
{
    const char *version = json_string_value(json_object_get(e, "jsonrpc"));
    *result             = json_object_get(e, "result");
    *error              = json_object_get(e, "error");
    if (!version || strcmp(version, "2.0") != 0 || !*result == !*error ||
        (*error && !json_is_object(*error)))
        return sage_fail(err, SAGE_EFORMAT, "rpc.envelope", -1,
                         "the answer is not of JSON-RPC 2.0");
    return SAGE_OK;
}

/* A node that could not read the question may not know its number. */
static sage_status check_id(const json_t *e, bool failed, int64_t id, sage_errinfo *err)
{
    const json_t *got = json_object_get(e, "id");
    if (failed && (!got || json_is_null(got))) return SAGE_OK;
    if (!json_is_integer(got) || json_integer_value(got) != id)
        return sage_fail(err, SAGE_EFORMAT, "rpc.id", -1, "the answer has another number");
    return SAGE_OK;
}

static sage_status read_envelope(
    const sage_sn_question *q, int http, const json_t *e, int64_t id, sage_errinfo *err)
{
    const json_t *result, *error;
    sage_status st = open_envelope(e, &result, &error, err);
    if (!st) st = check_id(e, error != NULL, id, err);
    if (st) return st;
    if (error) return sage_reply_error(error, err);
    if (http < 200 || http > 299) return http_error(http, err);
    return q->read(q->out, result, err);
}

sage_status sage_sn_answer(const sage_sn_question *q,
                           int http,
                           const char *bytes,
                           size_t len,
                           int64_t id,
                           sage_errinfo *err)
{
    json_error_t why;
    bool good = http >= 200 && http <= 299;
    json_t *e = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why);
    if (!e && !good) return http_error(http, err);
    if (!e)
        return sage_fail(err, SAGE_EFORMAT, "rpc.syntax", why.position,
                         "the answer is no JSON");
    sage_status st = read_envelope(q, http, e, id, err);
    json_decref(e);
    /* A proxy's page in JSON is no node's answer: its status says more. */
    if (!good && st == SAGE_EFORMAT && err && !strcmp(err->where, "rpc.envelope"))
        st = http_error(http, err);
    return st;
}

static sage_status
print_question(const sage_sn_question *q, int64_t id, char **text, sage_errinfo *err)
{
    json_t *e = json_pack("{s:s,s:I,s:s,s:O}", "jsonrpc", "2.0", "id", (json_int_t)id, "method",
                          q->method, "params", q->params);
    *text     = e ? json_dumps(e, JSON_COMPACT) : NULL;
    json_decref(e);
    if (!*text) return sage_fail(err, SAGE_ENOMEM, "rpc.memory", -1, "no memory");
    return SAGE_OK;
}

static sage_status ask_node(void *self, const sage_sn_question *q, sage_errinfo *err)
{
    sage_sn_node *n = self;
    char *text;
    sage_http_response r;
    sage_errinfo own = {0};
    int64_t id       = ++n->last_id;
    sage_status st   = print_question(q, id, &text, &own);
    if (!st) {
        const sage_http_request request = {.method        = "POST",
                                           .path          = "",
                                           .content_type  = "application/json",
                                           .body          = text,
                                           .body_len      = strlen(text),
                                           .timeout_ms    = n->o.timeout_ms ? n->o.timeout_ms
                                                                            : DEFAULT_TIMEOUT_MS,
                                           .max_response  = q->max_reply,
                                           .cancelled     = n->o.cancelled,
                                           .cancelled_arg = n->o.cancelled_arg};
        st                              = sage_http_call(n->http, &request, &r, &own);
        free(text);
        if (!st) {
            st = sage_sn_answer(q, r.status, r.body, r.len, id, &own);
            free(r.body);
        }
    }
    if (st && err) *err = own;
    return st;
}

sage_sn sage_sn_of_node(sage_sn_node *n)
{
    return (sage_sn){ask_node, n};
}

sage_status sage_sn_ask(const sage_sn *sn,
                        const char *method,
                        json_t *params,
                        size_t max_reply,
                        sage_status (*read)(void *, const json_t *, sage_errinfo *),
                        void *out,
                        sage_errinfo *err)
{
    if (!params) return sage_fail(err, SAGE_ENOMEM, "rpc.memory", -1, "no memory");
    const sage_sn_question q = {.method    = method,
                                .params    = params,
                                .max_reply = max_reply,
                                .write     = !strncmp(method, "starknet_add", 12),
                                .read      = read,
                                .out       = out};
    sage_status st           = sn->ask(sn->self, &q, err);
    json_decref(params);
    return st;
}

void sage_sn_put(json_t **object, const char *key, json_t *value)
{
    if (!*object) {
        json_decref(value);
    } else if (json_object_set_new(*object, key, value)) {
        json_decref(*object);
        *object = NULL;
    }
}

static sage_status read_raw(void *out, const json_t *result, sage_errinfo *err)
{
    json_t *copy = json_deep_copy(result);
    if (!copy) return sage_fail(err, SAGE_ENOMEM, "rpc.memory", -1, "no memory");
    *(json_t **)out = copy;
    return SAGE_OK;
}

sage_status sage_sn_raw(
    const sage_sn *sn, const char *method, json_t *params, json_t **result, sage_errinfo *err)
{
    *result = NULL;
    return sage_sn_ask(sn, method, params ? params : json_object(), SAGE_SN_MEDIUM, read_raw,
                       result, err);
}

/* starknet/calls.c -- the calldata of an account's __execute__. */
#include "starknet/calls.h"

#include <stdlib.h>

#include "field/felt252_text.h"

enum { CALL_HEAD = 3 }; /* to, selector, length */

static sage_status encode_call(sage_felt_list *out, const sage_call *c, sage_errinfo *err)
{
    const felt252 head[CALL_HEAD] = {c->to, c->selector, felt252_from_u64(c->calldata.n)};
    sage_status s                 = sage_felt_list_add_many(out, head, CALL_HEAD, err);
    return s ? s : sage_felt_list_add_many(out, c->calldata.v, c->calldata.n, err);
}

sage_status
sage_calls_encode(sage_felt_list *out, const sage_call *calls, uint32_t n, sage_errinfo *err)
{
    sage_status s = sage_felt_list_add(out, felt252_from_u64(n), err);
    for (uint32_t i = 0; !s && i < n; i++)
        s = encode_call(out, &calls[i], err);
    return s;
}

typedef struct reader {
    const felt252 *at;
    uint32_t left;
} reader;

/* The next felt as a count of felts or calls that are still to come. */
static bool take_count(reader *r, uint32_t unit, uint32_t *n)
{
    uint64_t v;
    if (!r->left || !sage_felt_to_u64(&v, *r->at)) return false;
    r->at++;
    r->left--;
    *n = (uint32_t)v;
    return v <= r->left / unit;
}

static sage_status bad_form(uint32_t call, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "calls.form", call,
                     "the calldata is no list of calls: call %u", call);
}

static sage_status decode_call(sage_call *c, reader *r, uint32_t i, sage_errinfo *err)
{
    uint32_t n;
    if (r->left < CALL_HEAD) return bad_form(i, err);
    c->to       = r->at[0];
    c->selector = r->at[1];
    r->at += 2;
    r->left -= 2;
    if (!take_count(r, 1, &n)) return bad_form(i, err);
    sage_status s = sage_felt_list_add_many(&c->calldata, r->at, n, err);
    r->at += n;
    r->left -= n;
    return s;
}

sage_status sage_calls_decode_front(sage_call **calls,
                                    uint32_t *n,
                                    uint32_t *used,
                                    const felt252 *data,
                                    uint32_t len,
                                    sage_errinfo *err)
{
    reader r      = {data, len};
    sage_status s = SAGE_OK;
    *calls        = NULL;
    *n            = 0;
    uint32_t count;
    if (!take_count(&r, CALL_HEAD, &count)) return bad_form(0, err);
    if (count > SAGE_CALLS_MAX)
        return sage_fail(err, SAGE_ELIMIT, "calls.count", count,
                         "%u calls; a transaction makes at most %d", count, SAGE_CALLS_MAX);
    sage_call *c = calloc(count ? count : 1, sizeof *c);
    if (!c) return sage_fail(err, SAGE_ENOMEM, "calls.memory", count, "no memory for calls");
    for (uint32_t i = 0; !s && i < count; i++)
        s = decode_call(&c[i], &r, i, err);
    if (s) {
        sage_calls_free(c, count);
        return s;
    }
    *calls = c;
    *n     = count;
    *used  = len - r.left;
    return SAGE_OK;
}

sage_status sage_calls_decode(
    sage_call **calls, uint32_t *n, const felt252 *data, uint32_t len, sage_errinfo *err)
{
    uint32_t used = 0;
    sage_status s = sage_calls_decode_front(calls, n, &used, data, len, err);
    if (s || used == len) return s;
    s = bad_form(*n, err);
    sage_calls_free(*calls, *n);
    *calls = NULL;
    *n     = 0;
    return s;
}

void sage_calls_free(sage_call *calls, uint32_t n)
{
    for (uint32_t i = 0; calls && i < n; i++)
        sage_felt_list_free(&calls[i].calldata);
    free(calls);
}

/* devnet/rpc_events.c -- starknet_getEvents: filters and pages.
 *
 * A continuation token names the last event of its page, "block-transaction-event" in decimal;
 * the next page begins after it. So a page stays what it is while blocks are added. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devnet/rpc_methods.h"
#include "devnet/rpc_params.h"
#include "devnet/tx_json.h"

enum { MAX_CHUNK = 1024, MAX_PLACES = 50, MAX_KEYS = 1024, MAX_ADDRESSES = 1024, TOKEN = 64 };

/* What a filter owns. */
typedef struct filter {
    sage_event_filter f;
    sage_felt_list addresses;
    sage_felt_list keys[MAX_PLACES];
} filter;

static void free_filter(filter *x)
{
    sage_felt_list_free(&x->addresses);
    for (uint32_t i = 0; i < MAX_PLACES; i++)
        sage_felt_list_free(&x->keys[i]);
}

static sage_status bad_token(sage_errinfo *err)
{
    return sage_fail(err, SAGE_EINVAL, "node.token", -1, "not a token of this filter");
}

static bool take_part(const char **at, char end, uint64_t max, uint64_t *out)
{
    const char *p = *at;
    size_t n      = strspn(p, "0123456789");
    if (!n || n > 19 || (n > 1 && p[0] == '0') || p[n] != end) return false;
    *out = strtoull(p, NULL, 10);
    *at  = p + n + (end ? 1 : 0);
    return *out <= max;
}

static sage_status read_token(const json_t *v, sage_event_filter *f, sage_errinfo *err)
{
    const char *at = json_string_value(v);
    uint64_t block, tx, event;
    if (!v) return SAGE_OK;
    if (!at || !take_part(&at, '-', INT64_MAX, &block) ||
        !take_part(&at, '-', UINT32_MAX, &tx) || !take_part(&at, 0, UINT32_MAX, &event))
        return bad_token(err);
    if (block < f->from_block || block > f->to_block) return bad_token(err);
    f->after_block = block;
    f->after_tx    = (uint32_t)tx;
    f->after_event = (uint32_t)event;
    f->after_set   = true;
    return SAGE_OK;
}

/* The bounds as numbers. A number beyond the last block is no error: such a page is empty. */
static sage_status read_bound(const sage_rpc_call *c, const json_t *v, bool to, uint64_t *out)
{
    sage_block_id at = {.tag = SAGE_BLOCK_LATEST};
    sage_block_header h;
    sage_status st = SAGE_OK;
    if (v) st = sage_rpc_block_id(v, to ? "to_block" : "from_block", &at, c->err);
    if (st) return st;
    uint64_t asked = at.tag == SAGE_BLOCK_NUMBER ? at.number : UINT64_MAX;
    if (at.tag == SAGE_BLOCK_NUMBER) at.tag = SAGE_BLOCK_LATEST;
    st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    if (st) return st;
    if (to)
        *out = !h.sealed ? UINT64_MAX : asked < h.number ? asked : h.number;
    else
        *out = asked != UINT64_MAX ? asked : h.number;
    return SAGE_OK;
}

static sage_status read_addresses(const json_t *v, filter *x, sage_errinfo *err)
{
    felt252 one;
    sage_status st = SAGE_OK;
    if (json_is_string(v)) {
        st = sage_rpc_felt(v, "address", &one, err);
        if (!st) st = sage_felt_list_add(&x->addresses, one, err);
    } else if (v)
        st = sage_rpc_felts(v, "address", &x->addresses, err);
    if (!st && x->addresses.n > MAX_ADDRESSES)
        st = sage_rpc_bad(err, "address", "has more than 1024 items");
    x->f.addresses   = x->addresses.v;
    x->f.n_addresses = x->addresses.n;
    return st;
}

static sage_status read_keys(const json_t *v, filter *x, sage_errinfo *err)
{
    sage_status st = SAGE_OK;
    size_t total   = 0;
    if (v && !json_is_array(v)) return sage_rpc_bad(err, "keys", "must be an array of arrays");
    for (size_t i = 0; i < json_array_size(v); i++)
        total += json_array_size(json_array_get(v, i));
    if (json_array_size(v) > MAX_PLACES || total > MAX_KEYS)
        return sage_fail(err, SAGE_ELIMIT, "node.keys", -1, "at most 50 places and 1024 keys");
    for (uint32_t i = 0; !st && i < json_array_size(v); i++)
        st = sage_rpc_felts(json_array_get(v, i), "keys", &x->keys[i], err);
    x->f.keys   = x->keys;
    x->f.n_keys = (uint32_t)json_array_size(v);
    return st;
}

static sage_status read_chunk(const json_t *v, sage_event_filter *f, sage_errinfo *err)
{
    uint64_t n;
    sage_status st = sage_rpc_number(v, "chunk_size", 1, INT64_MAX, &n, err);
    if (!st && n > MAX_CHUNK)
        st = sage_fail(err, SAGE_ELIMIT, "node.page_size", MAX_CHUNK, "at most 1024 events");
    if (!st) f->limit = (uint32_t)n;
    return st;
}

static sage_status read_filter(const sage_rpc_call *c, filter *x)
{
    static const char *const names[] = {"from_block", "to_block",   "address",
                                        "keys",       "chunk_size", "continuation_token"};
    const json_t *m[6];
    sage_status st = sage_rpc_members(c->arg[0], "filter", names, 6, m, c->err);
    if (!st) st = read_chunk(m[4], &x->f, c->err);
    if (!st && m[0]) st = read_bound(c, m[0], false, &x->f.from_block);
    if (!st) st = read_bound(c, m[1], true, &x->f.to_block);
    if (!st) st = read_addresses(m[2], x, c->err);
    if (!st) st = read_keys(m[3], x, c->err);
    if (!st) st = read_token(m[5], &x->f, c->err);
    return st;
}

static void put_emitted(sage_json_out *o, const sage_emitted *e)
{
    sage_json_out_open(o, '{');
    sage_event_members_put(o, &e->event);
    if (!felt252_is_zero(e->block_hash)) sage_json_text_felt_of(o, "block_hash", e->block_hash);
    sage_json_text_number_of(o, "block_number", e->block);
    sage_json_text_felt_of(o, "transaction_hash", e->tx_hash);
    sage_json_text_number_of(o, "transaction_index", e->tx_index);
    sage_json_text_number_of(o, "event_index", e->event_index);
    sage_json_out_close(o, '}');
}

static void put_page(sage_json_out *o, const sage_emitted *e, uint32_t n, bool more)
{
    char token[TOKEN];
    sage_json_out_open(o, '{');
    sage_json_text_open_of(o, "events", '[');
    for (uint32_t i = 0; i < n; i++)
        put_emitted(o, &e[i]);
    sage_json_out_close(o, ']');
    if (more && n) {
        snprintf(token, sizeof token, "%" PRIu64 "-%" PRIu32 "-%" PRIu32, e[n - 1].block,
                 e[n - 1].tx_index, e[n - 1].event_index);
        sage_json_text_word_of(o, "continuation_token", token);
    }
    sage_json_out_close(o, '}');
}

static sage_status get_events(const sage_rpc_call *c)
{
    filter x        = {0};
    sage_emitted *e = NULL;
    uint32_t n      = 0;
    bool more       = false;
    sage_status st  = read_filter(c, &x);
    if (!st) st = sage_chain_events(c->rpc->chain, &x.f, &e, &n, &more, c->err);
    if (!st) {
        put_page(c->out, e, n, more);
        sage_emitted_free(e, n);
    }
    free_filter(&x);
    return st;
}

static const sage_rpc_method methods[] = {
    {"starknet_getEvents", {"filter"}, 1, SAGE_RPC_READ, get_events},
};

const sage_rpc_table sage_rpc_event_table = {methods, sizeof methods / sizeof *methods};

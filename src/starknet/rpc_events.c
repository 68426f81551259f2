/* starknet/rpc_events.c -- events, page by page, each compared with what was asked for. */
#include <string.h>

#include "starknet/felt_json.h"
#include "starknet/rpc_private.h"

enum { DEFAULT_PAGE = 256, TOKEN_CAP = 1024, EMPTY_PAGES = 1000 };

sage_status sage_sn_event_read(sage_sn_event *out, const json_t *v, sage_errinfo *err)
{
    sage_reply r = sage_reply_of(v, err);
    memset(out, 0, sizeof *out);
    sage_reply_felt(&r, "from_address", &out->from);
    sage_reply_felts(&r, "keys", &out->keys);
    sage_reply_felts(&r, "data", &out->data);
    return r.status;
}

void sage_sn_event_clear(sage_sn_event *e)
{
    sage_felt_list_free(&e->keys);
    sage_felt_list_free(&e->data);
    memset(e, 0, sizeof *e);
}

/* Where an event of getEvents was emitted. The indices are there since 0.10. */
static sage_status read_context(sage_sn_event *e, const json_t *v, sage_errinfo *err)
{
    sage_reply r = sage_reply_of(v, err);
    sage_reply_felt(&r, "transaction_hash", &e->tx_hash);
    e->in_block = sage_reply_has(&r, "block_hash");
    if (e->in_block) sage_reply_felt(&r, "block_hash", &e->block_hash);
    if (e->in_block || sage_reply_has(&r, "block_number"))
        sage_reply_count(&r, "block_number", &e->block_number);
    if (sage_reply_has(&r, "transaction_index"))
        sage_reply_count(&r, "transaction_index", &e->tx_index);
    if (sage_reply_has(&r, "event_index")) sage_reply_count(&r, "event_index", &e->event_index);
    return r.status;
}

static bool matches(const sage_sn_filter *f, const sage_sn_event *e)
{
    if (!f->any_address && !felt252_eq(e->from, f->address)) return false;
    for (uint32_t i = 0; i < f->n_keys; i++)
        if (!f->any_key[i] && (i >= e->keys.n || !felt252_eq(e->keys.v[i], f->keys[i])))
            return false;
    if (!e->in_block) return true;
    return !(f->from.tag == SAGE_SN_AT && e->block_number < f->from.number) &&
           !(f->to.tag == SAGE_SN_AT && e->block_number > f->to.number);
}

/* One page is read whole before any event is given away, so that another node may be asked for
 * a page that is no good. */
typedef struct page {
    const sage_sn_filter *f;
    size_t size;
    json_t *events;
    char token[TOKEN_CAP]; /* "": the last page */
} page;

static sage_status
read_one(const sage_sn_filter *f, const json_t *v, sage_sn_event *e, sage_errinfo *err)
{
    sage_status st = sage_sn_event_read(e, v, err);
    if (!st) st = read_context(e, v, err);
    if (!st && !matches(f, e))
        st = sage_fail(err, SAGE_EPROOF, "rpc.filter", -1, "an event that was not asked for");
    return st;
}

static sage_status read_page(void *arg, const json_t *result, sage_errinfo *err)
{
    page *p            = arg;
    sage_reply r       = sage_reply_of(result, err);
    const json_t *list = sage_reply_array(&r, "events");
    const char *token  = "";
    if (sage_reply_has(&r, "continuation_token"))
        token = sage_reply_text(&r, "continuation_token");
    if (strlen(token) >= TOKEN_CAP || json_array_size(list) > p->size)
        sage_reply_refuse(&r, SAGE_ELIMIT, "rpc.length", "events", "or token too long");
    if (!r.status && token[0] && !strcmp(token, p->token))
        sage_reply_refuse(&r, SAGE_EFORMAT, "rpc.value", "continuation_token", "repeats");
    for (size_t i = 0; !r.status && i < json_array_size(list); i++) {
        sage_sn_event e;
        r.status = read_one(p->f, json_array_get(list, i), &e, err);
        sage_sn_event_clear(&e);
    }
    json_t *copy = r.status ? NULL : json_deep_copy(list);
    if (!r.status && !copy)
        sage_reply_refuse(&r, SAGE_ENOMEM, "rpc.memory", "events", "do not fit into memory");
    if (r.status) return r.status;
    strcpy(p->token, token);
    p->events = copy;
    return SAGE_OK;
}

static json_t *block_of(sage_sn_block at)
{
    json_t *params = sage_sn_params(at), *id = json_incref(json_object_get(params, "block_id"));
    json_decref(params);
    return id;
}

static json_t *keys_of(const sage_sn_filter *f)
{
    json_t *list = json_array();
    for (uint32_t i = 0; list && i < f->n_keys; i++)
        if (json_array_append_new(list, sage_felts_to_json(&f->keys[i], !f->any_key[i]))) {
            json_decref(list);
            list = NULL;
        }
    return list;
}

static json_t *page_params(const page *p)
{
    json_t *filter = json_object(), *params = json_object();
    sage_sn_put(&filter, "from_block", block_of(p->f->from));
    sage_sn_put(&filter, "to_block", block_of(p->f->to));
    if (!p->f->any_address) sage_sn_put(&filter, "address", sage_felt_to_json(p->f->address));
    if (p->f->n_keys) sage_sn_put(&filter, "keys", keys_of(p->f));
    sage_sn_put(&filter, "chunk_size", json_integer((json_int_t)p->size));
    if (p->token[0]) sage_sn_put(&filter, "continuation_token", json_string(p->token));
    sage_sn_put(&params, "filter", filter);
    return params;
}

typedef struct listener {
    bool (*each)(void *arg, const sage_sn_event *e);
    void *arg;
    uint64_t left;
} listener;

/* False when the listener has had enough. */
static bool give(const page *p, listener *l, sage_status *st, sage_errinfo *err)
{
    bool go_on = true;
    for (size_t i = 0; go_on && !*st && i < json_array_size(p->events); i++) {
        sage_sn_event e;
        *st = read_one(p->f, json_array_get(p->events, i), &e, err);
        if (!*st && !l->left)
            *st = sage_fail(err, SAGE_ELIMIT, "rpc.length", -1, "more events than wanted");
        if (!*st) {
            l->left--;
            go_on = l->each(l->arg, &e);
        }
        sage_sn_event_clear(&e);
    }
    return go_on;
}

static sage_status check_filter(const sage_sn_filter *f, sage_errinfo *err)
{
    if (f->n_keys > SAGE_SN_KEYS || f->page > SAGE_SN_PAGE)
        return sage_fail(err, SAGE_EINVAL, "rpc.params", -1,
                         "too many keys, or too long a page");
    return SAGE_OK;
}

sage_status sage_sn_events(const sage_sn *sn,
                           const sage_sn_filter *f,
                           uint64_t max,
                           bool (*each)(void *arg, const sage_sn_event *e),
                           void *arg,
                           sage_errinfo *err)
{
    page p         = {.f = f, .size = f->page ? f->page : DEFAULT_PAGE};
    listener l     = {each, arg, max};
    sage_status st = check_filter(f, err);
    bool go_on     = true;
    int empty      = 0;
    while (!st && go_on) {
        st = sage_sn_ask(sn, "starknet_getEvents", page_params(&p), SAGE_SN_MEDIUM, read_page,
                         &p, err);
        if (st) break;
        empty = json_array_size(p.events) ? 0 : empty + 1;
        go_on = give(&p, &l, &st, err) && p.token[0];
        json_decref(p.events);
        if (!st && empty > EMPTY_PAGES)
            st = sage_fail(err, SAGE_ELIMIT, "rpc.length", -1, "too many empty pages");
    }
    return st;
}

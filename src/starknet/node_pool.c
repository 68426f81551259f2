/* starknet/node_pool.c -- which node is asked, and what is done when it is no good. */
#include "starknet/node_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/clock.h"
#include "field/felt252_text.h"

enum {
    DEFAULT_CHECK_MS = 10000,
    DEFAULT_ROUNDS   = 3,
    DEFAULT_DOWN_MS  = 5000,
    AHEAD_S          = 3600 /* a head this far in our future is no head */
};

typedef struct endpoint {
    sage_sn_node *node;
    bool identified;     /* chain and version, since it was last passed over */
    bool has_head, late; /* late: behind, or of another time */
    uint64_t down_until; /* by the monotonic clock */
    uint64_t head, head_time;
} endpoint;

struct sage_sn_pool {
    sage_sn_pool_options o; /* without urls */
    endpoint e[SAGE_SN_POOL_MAX];
    uint64_t looked_ms; /* when the heads were looked at; 0: never */
    const char *last;
};

static bool stopped(void *arg)
{
    const sage_sn_pool *p = arg;
    return p->o.stop && atomic_load(p->o.stop);
}

static void set_defaults(sage_sn_pool_options *o)
{
    o->urls = NULL;
    if (!o->check_ms) o->check_ms = DEFAULT_CHECK_MS;
    if (!o->rounds) o->rounds = DEFAULT_ROUNDS;
    if (!o->down_ms) o->down_ms = DEFAULT_DOWN_MS;
}

sage_status
sage_sn_pool_open(sage_sn_pool **out, const sage_sn_pool_options *o, sage_errinfo *err)
{
    *out = NULL;
    if (!o->n || o->n > SAGE_SN_POOL_MAX)
        return sage_fail(err, SAGE_EINVAL, "pool.nodes", o->n, "1 to %d nodes",
                         SAGE_SN_POOL_MAX);
    sage_sn_pool *p = calloc(1, sizeof *p);
    if (!p) return sage_fail(err, SAGE_ENOMEM, "rpc.memory", -1, "no memory");
    p->o    = *o;
    p->last = "";
    set_defaults(&p->o);
    sage_status st = SAGE_OK;
    for (uint32_t i = 0; !st && i < o->n; i++) {
        const sage_sn_node_options n = {o->urls[i], o->timeout_ms, stopped, p};
        st                           = sage_sn_node_open(&p->e[i].node, &n, err);
    }
    if (st)
        sage_sn_pool_close(p);
    else
        *out = p;
    return st;
}

void sage_sn_pool_close(sage_sn_pool *p)
{
    if (!p) return;
    for (uint32_t i = 0; i < p->o.n; i++)
        sage_sn_node_close(p->e[i].node);
    free(p);
}

felt252 sage_sn_pool_chain(const sage_sn_pool *p)
{
    return p->o.chain_id;
}

const char *sage_sn_pool_last(const sage_sn_pool *p)
{
    return p->last;
}

static bool is_down(const endpoint *e)
{
    return sage_clock_mono_ms() < e->down_until;
}

/* Passed over for a while; who it is, is asked again then. */
static void put_down(const sage_sn_pool *p, endpoint *e)
{
    e->down_until = sage_clock_mono_ms() + p->o.down_ms;
    e->identified = false;
    e->has_head   = false;
}

/* True if the failure is the node's own and another one may do better. */
static bool may_do_better(sage_status st, const sage_errinfo *err)
{
    if (st == SAGE_EPROOF) return strcmp(err->where, "rpc.proof") != 0;
    if (st == SAGE_EUNSUP)
        return !strcmp(err->where, "rpc.method") || !strcmp(err->where, "pool.version");
    if (st == SAGE_ELIMIT)
        return !strcmp(err->where, "http.size") || !strcmp(err->where, "rpc.length");
    return st == SAGE_EAGAIN || st == SAGE_EFORMAT || st == SAGE_EAUTH;
}

/* A short string where it is one, else the number. */
static void show_chain(char out[SAGE_FELT_HEX], felt252 id)
{
    if (!sage_felt_to_short(out, id)) sage_felt_to_hex(out, id);
}

static sage_status check_chain(sage_sn_pool *p, endpoint *e, sage_errinfo *err)
{
    felt252 id;
    char ours[SAGE_FELT_HEX], theirs[SAGE_FELT_HEX];
    sage_sn sn     = sage_sn_of_node(e->node);
    sage_status st = sage_sn_chain_id(&sn, &id, err);
    if (st || felt252_eq(id, p->o.chain_id)) return st;
    show_chain(ours, p->o.chain_id);
    show_chain(theirs, id);
    return sage_fail(err, SAGE_EINVAL, "pool.chain", -1, "%.60s is of chain %s, wanted is %s",
                     sage_sn_node_name(e->node), theirs, ours);
}

static sage_status check_version(endpoint *e, sage_errinfo *err)
{
    char version[SAGE_SN_VERSION];
    sage_sn sn     = sage_sn_of_node(e->node);
    sage_status st = sage_sn_spec_version(&sn, version, err);
    if (st || !strncmp(version, "0.10.", 5) || !strncmp(version, "0.9.", 4)) return st;
    return sage_fail(err, SAGE_EUNSUP, "pool.version", -1,
                     "%.60s speaks version %s, 0.9 and 0.10 are understood",
                     sage_sn_node_name(e->node), version);
}

static sage_status identify(sage_sn_pool *p, endpoint *e, sage_errinfo *err)
{
    if (e->identified) return SAGE_OK;
    sage_status st = check_chain(p, e, err);
    if (!st) st = check_version(e, err);
    e->identified = !st;
    return st;
}

static sage_status look(sage_sn_pool *p, endpoint *e, sage_errinfo *err)
{
    sage_sn_header h;
    sage_sn sn     = sage_sn_of_node(e->node);
    sage_status st = identify(p, e, err);
    if (!st) st = sage_sn_block_header(&sn, (sage_sn_block){SAGE_SN_LATEST, 0}, &h, err);
    if (st) return st;
    e->has_head  = true;
    e->head      = h.number;
    e->head_time = h.timestamp;
    return SAGE_OK;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The upper median: one liar among three moves it little, and of two the later counts. */
static uint64_t median_head(const sage_sn_pool *p)
{
    uint64_t heads[SAGE_SN_POOL_MAX] = {0};
    size_t n                         = 0;
    for (uint32_t i = 0; i < p->o.n; i++)
        if (p->e[i].has_head) heads[n++] = p->e[i].head;
    qsort(heads, n, sizeof heads[0], compare_u64);
    return n ? heads[n / 2] : 0;
}

static bool is_late(const sage_sn_pool *p, const endpoint *e, uint64_t median)
{
    uint64_t now = sage_clock_real_ms() / 1000;
    if (!e->has_head) return false;
    if (p->o.max_lag && median > e->head && median - e->head > p->o.max_lag) return true;
    if (!p->o.max_head_age_s) return false;
    return e->head_time > now + AHEAD_S ||
           (e->head_time < now && now - e->head_time > p->o.max_head_age_s);
}

/* Errors that end the call, whichever node they come from. */
static bool is_ours(sage_status st)
{
    return st == SAGE_EINVAL || st == SAGE_ECONFLICT || st == SAGE_ENOMEM;
}

/* Looks at every head, if heads matter and the last look is old. Fails for a wrong chain, not
 * for a node that is down. */
static sage_status look_around(sage_sn_pool *p, sage_errinfo *err)
{
    uint64_t now = sage_clock_mono_ms();
    if (!p->o.max_head_age_s && !p->o.max_lag) return SAGE_OK;
    if (p->looked_ms && now - p->looked_ms < p->o.check_ms) return SAGE_OK;
    for (uint32_t i = 0; i < p->o.n; i++) {
        sage_errinfo own = {0};
        if (is_down(&p->e[i])) continue;
        sage_status st = look(p, &p->e[i], &own);
        if (st && is_ours(st)) {
            if (err) *err = own;
            return st;
        }
        if (st) put_down(p, &p->e[i]);
    }
    uint64_t median = median_head(p);
    for (uint32_t i = 0; i < p->o.n; i++)
        p->e[i].late = is_late(p, &p->e[i], median);
    p->looked_ms = now ? now : 1;
    return SAGE_OK;
}

static sage_status late_error(const endpoint *e, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EAGAIN, "pool.stale", (long long)e->head,
                     "%.60s: its latest block, %llu, is old or behind",
                     sage_sn_node_name(e->node), (unsigned long long)e->head);
}

/* *sent: the question has left us. */
static sage_status
ask_one(sage_sn_pool *p, endpoint *e, const sage_sn_question *q, bool *sent, sage_errinfo *err)
{
    sage_sn sn = sage_sn_of_node(e->node);
    *sent      = false;
    p->last    = sage_sn_node_name(e->node);
    if (e->late) return late_error(e, err);
    sage_status st = identify(p, e, err);
    if (st) return st;
    *sent = true;
    return sn.ask(sn.self, q, err);
}

static bool all_down(const sage_sn_pool *p)
{
    for (uint32_t i = 0; i < p->o.n; i++)
        if (!is_down(&p->e[i])) return false;
    return true;
}

/* Asks the nodes in turn, those that are down only with `all`, until *final: an answer that no
 * other node would better. */
static sage_status
ask_round(sage_sn_pool *p, const sage_sn_question *q, bool all, bool *final, sage_errinfo *own)
{
    sage_status st = SAGE_EAGAIN;
    for (uint32_t i = 0; i < p->o.n && !*final; i++) {
        endpoint *e = &p->e[i];
        bool sent;
        if (is_down(e) && !all) continue;
        st     = ask_one(p, e, q, &sent, own);
        *final = !st || !may_do_better(st, own);
        if (*final) break;
        if (!e->late) put_down(p, e);
        /* What has been sent may have taken effect: whoever sent it finds out. */
        *final = q->write && sent && sage_sn_unknown(own);
    }
    return st;
}

static sage_status give_up(const sage_sn_pool *p, sage_status st, sage_errinfo *own)
{
    sage_errinfo why = *own;
    if (st != SAGE_EAGAIN || !strcmp(own->where, "pool.stale")) return st;
    return sage_fail(own, SAGE_EAGAIN, "pool.down", -1, "no node answers; %.60s: %.60s: %.90s",
                     p->last, why.where, why.msg);
}

static sage_status cancelled(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ECONFLICT, "http.cancelled", -1, "cancelled");
}

static sage_status ask_pool(void *self, const sage_sn_question *q, sage_errinfo *err)
{
    sage_sn_pool *p   = self;
    sage_errinfo own  = {0};
    sage_backoff wait = {0};
    sage_status st    = look_around(p, &own);
    bool final        = st != SAGE_OK;
    for (uint32_t round = 0; !final && round < p->o.rounds; round++) {
        if (round) sage_backoff_sleep(&wait, p->o.stop);
        final = stopped(p);
        st = final ? cancelled(&own) : ask_round(p, q, round > 0 || all_down(p), &final, &own);
    }
    if (!final) st = give_up(p, st, &own);
    if (st && err) *err = own;
    return st;
}

sage_sn sage_sn_of_pool(sage_sn_pool *p)
{
    return (sage_sn){ask_pool, p};
}

sage_status sage_sn_pool_check_chain(sage_sn_pool *p, sage_errinfo *err)
{
    sage_errinfo own = {0};
    sage_status st   = look_around(p, &own);
    bool all = all_down(p), final = st != SAGE_OK;
    for (uint32_t i = 0; i < p->o.n && !final; i++) {
        endpoint *e = &p->e[i];
        if (is_down(e) && !all) continue;
        st    = e->late ? late_error(e, &own) : check_chain(p, e, &own);
        final = !st || !may_do_better(st, &own);
        if (!final && !e->late) put_down(p, e);
    }
    if (st && err) *err = own;
    return st;
}

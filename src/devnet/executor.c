/* The queue and the thread that empties it. */
#include "devnet/executor.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "devnet/chain_private.h"
#include "devnet/group.h"

enum { GROUP = 1024, SEAL_RETRY_MS = 1000 };

struct sage_executor {
    sage_chain *chain;
    sage_db db;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t work;
    sage_chain_task *first, **last;
    uint64_t n_waiting;
    bool closing;
    uint64_t seal_at_ms; /* the thread's: by the monotonic clock; UINT64_MAX: never */
};

/* When to seal next, seen from now. */
static void plan_seal(sage_executor *e)
{
    const sage_chain *c = e->chain;
    const uint64_t now  = sage_clock_mono_ms();
    e->seal_at_ms       = UINT64_MAX;
    if (c->options.block_time_ms) e->seal_at_ms = now + c->options.block_time_ms;
    if (c->has_open &&
        (!c->options.block_time_ms || c->open.n_transactions >= SAGE_BLOCK_TRANSACTIONS))
        e->seal_at_ms = now;
}

/* A group: the transactions before the first task of another kind, or that task alone. */
static sage_chain_task *take_group(sage_executor *e)
{
    sage_chain_task *group = e->first, **end = &group;
    unsigned n = 0;
    if (!group) return NULL;
    do {
        end = &(*end)->next;
        n++;
    } while (*end && n < GROUP && group->kind == SAGE_CHAIN_TASK_TX &&
             (*end)->kind == SAGE_CHAIN_TASK_TX);
    e->first = *end;
    *end     = NULL;
    if (!e->first) e->last = &e->first;
    e->n_waiting -= n;
    return group;
}

/* Sleeps until there is a task, a block is due or the end is near. Under the lock. */
static void wait_for_work(sage_executor *e)
{
    while (!e->first && !e->closing && sage_clock_mono_ms() < e->seal_at_ms) {
        if (e->seal_at_ms == UINT64_MAX) {
            pthread_cond_wait(&e->work, &e->lock);
            continue;
        }
        const struct timespec until = {.tv_sec  = (time_t)(e->seal_at_ms / 1000),
                                       .tv_nsec = (long)(e->seal_at_ms % 1000) * 1000000};
        pthread_cond_timedwait(&e->work, &e->lock, &until);
    }
}

static void wake(sage_chain_task *group)
{
    for (sage_chain_task *t = group, *next; t; t = next) {
        next    = t->next; /* t is gone as soon as its caller runs */
        t->done = true;
        pthread_cond_signal(&t->woken);
    }
}

static void seal_by_clock(sage_executor *e)
{
    sage_chain_task seal = {.kind = SAGE_CHAIN_TASK_SEAL};
    sage_group_seal(e->chain, &e->db, &seal);
    if (!seal.status) {
        plan_seal(e);
        return;
    }
    sage_log_error(SAGE_LOG_ERROR, "devnet.seal", &seal.err);
    e->seal_at_ms = sage_clock_mono_ms() + SEAL_RETRY_MS;
}

static void run_group(sage_executor *e, sage_chain_task *group)
{
    const uint64_t block = e->chain->last.number;
    if (group->kind == SAGE_CHAIN_TASK_TX)
        sage_group_run(e->chain, &e->db, group);
    else
        sage_group_seal(e->chain, &e->db, group);
    const sage_chain *c = e->chain;
    if (c->last.number != block ||
        (c->has_open && c->open.n_transactions >= SAGE_BLOCK_TRANSACTIONS))
        plan_seal(e);
}

static void *run(void *arg)
{
    sage_executor *e = arg;
    plan_seal(e);
    pthread_mutex_lock(&e->lock);
    for (;;) {
        wait_for_work(e);
        sage_chain_task *group = take_group(e);
        if (!group && e->closing) break;
        pthread_mutex_unlock(&e->lock);
        if (sage_clock_mono_ms() >= e->seal_at_ms) seal_by_clock(e);
        if (group) run_group(e, group);
        pthread_mutex_lock(&e->lock);
        wake(group);
    }
    pthread_mutex_unlock(&e->lock);
    return NULL;
}

static void init_conditions(sage_executor *e)
{
    pthread_condattr_t monotonic;
    pthread_mutex_init(&e->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&e->work, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void destroy(sage_executor *e)
{
    pthread_cond_destroy(&e->work);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

sage_status
sage_executor_start(sage_executor **out, sage_chain *c, sage_db *db, sage_errinfo *err)
{
    sage_executor *e = calloc(1, sizeof *e);
    if (!e) return sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "the executor");
    e->chain = c;
    e->last  = &e->first;
    e->db    = *db;
    init_conditions(e);
    if (pthread_create(&e->thread, NULL, run, e)) {
        destroy(e);
        return sage_fail(err, SAGE_EAGAIN, "chain.thread", -1, "no thread for the executor");
    }
    pthread_setname_np(e->thread, "sage-executor");
    memset(db, 0, sizeof *db);
    *out = e;
    return SAGE_OK;
}

void sage_executor_stop(sage_executor *e)
{
    if (!e) return;
    pthread_mutex_lock(&e->lock);
    e->closing = true;
    pthread_cond_signal(&e->work);
    pthread_mutex_unlock(&e->lock);
    pthread_join(e->thread, NULL);
    sage_db_close(&e->db);
    destroy(e);
}

/* Under the lock. */
static bool enqueue(sage_executor *e, sage_chain_task *t)
{
    if (e->closing || e->n_waiting >= e->chain->options.queue) return false;
    t->next  = NULL;
    *e->last = t;
    e->last  = &t->next;
    e->n_waiting++;
    pthread_cond_signal(&e->work);
    return true;
}

sage_status sage_executor_do(sage_executor *e, sage_chain_task *t, sage_errinfo *err)
{
    t->done = false;
    pthread_cond_init(&t->woken, NULL);
    pthread_mutex_lock(&e->lock);
    bool in = enqueue(e, t);
    while (in && !t->done)
        pthread_cond_wait(&t->woken, &e->lock);
    pthread_mutex_unlock(&e->lock);
    pthread_cond_destroy(&t->woken);
    if (!in)
        return sage_fail(err, SAGE_EAGAIN, "chain.full", (long long)e->chain->options.queue,
                         "too many transactions wait");
    if (t->status && err) *err = t->err;
    return t->status;
}

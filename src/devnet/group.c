/* Groups of transactions and seals: execute, write, publish. */
#include "devnet/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "devnet/chain_private.h"
#include "devnet/events.h"
#include "devnet/history.h"
#include "devnet/tx_json.h"
#include "devnet/tx_rows.h"
#include "proto/crash.h"

/* What a group makes of the chain, before it is the present. */
typedef struct group {
    sage_chain *chain;
    sage_db *db;
    sage_state *over; /* the state with this group's changes */
    sage_open_block block;
    sage_block_env env;
    sage_diff diff;           /* of this group */
    uint32_t n_executed;      /* of this group */
    sage_block_header sealed; /* if it is */
    int64_t offset_s;
    bool wrote_head;
    sage_status failure; /* of the database: ends the group */
    sage_errinfo err;
} group;

static sage_status read_present(void *arg,
                                sage_cell_kind kind,
                                felt252 contract,
                                felt252 key,
                                felt252 *out,
                                sage_errinfo *err)
{
    (void)err;
    *out = sage_state_get(arg, kind, contract, key);
    return SAGE_OK;
}

/* The open block, or a new one after `parent`. */
static void start_block(group *g)
{
    const sage_chain *c = g->chain;
    if (c->has_open)
        g->block = c->open;
    else
        g->block =
            (sage_open_block){.number = c->last.number + 1, .timestamp = sage_chain_now(c)};
    g->env      = sage_chain_env(c, g->block.number, g->block.timestamp);
    g->offset_s = c->offset_s;
}

/* Whatever a write failed with, its callers see one thing. */
static sage_status write_failed(group *g, sage_status st, const sage_errinfo *e)
{
    if (!st || g->failure) return g->failure;
    return g->failure = sage_fail(&g->err, SAGE_EIO, "chain.write", e->at,
                                  "the chain's database was not written: %.150s", e->msg);
}

static sage_status begin(group *g)
{
    sage_errinfo e = {0};
    if (g->chain->last.number + 3 >= SAGE_BLOCK_LIMIT)
        return g->failure = sage_fail(&g->err, SAGE_ELIMIT, "chain.limit", -1,
                                      "the chain has as many blocks as it can");
    return write_failed(g, sage_db_begin(g->db, &e), &e);
}

static sage_block_header header_like(const sage_chain *c)
{
    sage_block_env env  = sage_chain_env(c, 0, 0);
    sage_block_header h = {.sequencer = env.sequencer};
    memcpy(h.gas_price, env.gas_price, sizeof h.gas_price);
    return h;
}

static sage_status write_head(group *g, sage_errinfo *err)
{
    g->wrote_head = true;
    return sage_db_run(g->db, NULL, err, "UPDATE head SET n_groups = ?1, offset_s = ?2", "ii",
                       (int64_t)(g->chain->n_groups + 1), g->offset_s);
}

/* After a commit that failed: did it take place? Neither yes nor no stops the chain. */
static sage_status reconsider(group *g, sage_status failure)
{
    sqlite3_stmt *q;
    bool row;
    int64_t n      = -1;
    sage_status st = sage_db_begin(g->db, NULL);
    if (!st) {
        st = sage_db_query(g->db, &q, NULL, "SELECT n_groups FROM head", "");
        if (!st) {
            st = sage_db_step(g->db, q, &row, NULL);
            if (!st && row) n = sage_db_int(q, 0);
            sage_db_done(q);
        }
        st = sage_db_end(g->db, st, NULL);
    }
    if (!st && n == (int64_t)g->chain->n_groups + 1) return SAGE_OK;
    if (!st && n == (int64_t)g->chain->n_groups) return failure;
    pthread_rwlock_wrlock(&g->chain->lock);
    g->chain->stopped = true;
    pthread_rwlock_unlock(&g->chain->lock);
    return failure;
}

/* Ends the database's transaction, by a commit unless the group failed. */
static sage_status commit(group *g)
{
    sage_errinfo e       = {0};
    const bool committed = !g->failure;
    sage_status st       = sage_db_end(g->db, g->failure, &e);
    if (committed && st) st = reconsider(g, st);
    if (committed && st) return write_failed(g, st, &e);
    if (!st && g->wrote_head) g->chain->n_groups++;
    return st;
}

/* The group's changes and blocks become the present. What fails here is on disk already. */
static void publish(group *g, bool is_sealed)
{
    sage_chain *c  = g->chain;
    sage_status st = SAGE_OK;
    pthread_rwlock_wrlock(&c->lock);
    for (size_t i = 0; i < g->diff.n && !st; i++) {
        const sage_state_change *d = &g->diff.v[i];
        st = sage_state_set(c->state, d->kind, d->contract, d->key, d->after, NULL);
    }
    sage_state_settle(c->state);
    if (is_sealed) {
        c->last     = g->sealed;
        c->has_open = false;
        sage_diff_clear(&c->open_diff);
    } else {
        c->open     = g->block;
        c->has_open = true;
        if (!st) st = sage_diff_reserve(&c->open_diff, g->diff.n, NULL);
        if (!st) sage_diff_add(&c->open_diff, g->diff.v, g->diff.n);
    }
    c->offset_s = g->offset_s;
    if (st) c->stopped = true;
    pthread_rwlock_unlock(&c->lock);
}

static void group_free(group *g)
{
    sage_state_free(g->over);
    sage_diff_free(&g->diff);
}

/* The rows of an executed transaction. What fails is the database's. */
static void write_rows(group *g, const sage_chain_tx *row, const sage_tx_result *r)
{
    sage_errinfo e = {0};
    sage_status st = sage_tx_rows_write(g->db, row, &e);
    if (!st) st = sage_events_write(g->db, row->block, row->index, r->events, r->n_events, &e);
    (void)write_failed(g, st, &e);
}

/* Keeps what a transaction did: its rows, its commitments, its changes. */
static sage_status keep(group *g, sage_chain_task *t, const sage_tx_result *r)
{
    sage_chain_tx row = {.hash    = t->hash,
                         .block   = g->block.number,
                         .index   = g->block.n_transactions,
                         .tx      = t->tx_json,
                         .receipt = sage_receipt_json(r),
                         .trace   = sage_trace_json(r)};
    sage_status st    = sage_diff_reserve(&g->diff, r->n_changes, &t->err);
    if (!st && (!row.receipt || !row.trace))
        st = sage_fail(&t->err, SAGE_ENOMEM, "chain.memory", -1, "a transaction's texts");
    if (!st) {
        write_rows(g, &row, r);
        sage_block_take(&g->block, &t->tx->signature, r);
        sage_diff_add(&g->diff, r->changes, r->n_changes);
        g->n_executed++;
        t->contract = r->contract;
    }
    free(row.receipt);
    free(row.trace);
    return st;
}

/* Is its hash on the chain, or earlier in this group? */
static sage_status refuse_again(group *g, sage_chain_task *t)
{
    sage_errinfo e = {0};
    bool have      = false;
    sage_status st = sage_tx_rows_have(g->db, t->hash, &have, &e);
    if (st) {
        t->err = e;
        return write_failed(g, st, &e);
    }
    if (!have) return SAGE_OK;
    return sage_fail(&t->err, SAGE_ECONFLICT, "chain.duplicate", -1,
                     "this transaction is on the chain already");
}

static sage_status execute(group *g, sage_chain_task *t)
{
    sage_tx_result r = {0};
    size_t mark      = sage_state_mark(g->over);
    sage_status st   = refuse_again(g, t);
    if (st) return st;
    st = sage_execute_tx(g->over, &g->env, t->tx, t->hash, t->checked, 0, &r, &t->err);
    if (!st) st = sage_state_status(g->over, &t->err);
    if (!st) st = keep(g, t, &r);
    if (st) sage_state_rollback(g->over, mark);
    sage_tx_result_free(&r);
    return st;
}

/* Executes until the database fails; what comes after gets that error in answer(). */
static void execute_all(group *g, sage_chain_task *tasks)
{
    for (sage_chain_task *t = tasks; t && !g->failure; t = t->next)
        t->status = execute(g, t);
}

/* The group's cells and its block, sealed or open. */
static sage_status write_block(group *g, bool seal, sage_errinfo *err)
{
    sage_chain *c        = g->chain;
    sage_block_header as = header_like(c);
    sage_status st       = sage_diff_compact(&g->diff, err);
    if (!st) st = sage_history_write(g->db, g->block.number, g->diff.v, g->diff.n, err);
    if (st) return st;
    if (seal) {
        g->sealed = as;
        sage_block_seal(&g->sealed, &g->block, &c->last, &g->diff);
        st = sage_blocks_write_sealed(g->db, &g->sealed, &g->diff, err);
    } else {
        st = sage_blocks_write_open(g->db, &g->block, &as, err);
    }
    return st ? st : write_head(g, err);
}

/* Tells every task of a group that failed. */
static void answer(const group *g, sage_chain_task *tasks)
{
    for (sage_chain_task *t = tasks; t && g->failure; t = t->next) {
        t->status = g->failure;
        t->err    = g->err;
    }
}

static bool refuse_stopped(const sage_chain *c, sage_chain_task *tasks)
{
    for (sage_chain_task *t = tasks; t && c->stopped; t = t->next)
        t->status = sage_chain_stopped(&t->err);
    return c->stopped;
}

void sage_group_run(sage_chain *c, sage_db *db, sage_chain_task *tasks)
{
    group g        = {.chain = c, .db = db};
    const bool now = !c->options.block_time_ms && !c->has_open; /* seal with it */
    if (refuse_stopped(c, tasks)) return;
    start_block(&g);
    g.failure = sage_state_over(&g.over, read_present, c->state, &g.err);
    if (!g.failure && !begin(&g)) {
        execute_all(&g, tasks);
        if (!g.failure && g.n_executed) {
            sage_errinfo e = {0};
            (void)write_failed(&g, write_block(&g, now, &e), &e);
        }
        sage_crash_point("chain.group.written");
        if (!commit(&g) && g.n_executed) {
            sage_crash_point("chain.group.committed");
            publish(&g, now);
        }
    }
    answer(&g, tasks);
    group_free(&g);
}

/* The clock's offset that a task wants. SAGE_EINVAL "chain.time". */
static sage_status
new_offset(const sage_chain *c, const sage_chain_task *t, int64_t *out, sage_errinfo *err)
{
    const int64_t real    = (int64_t)(sage_clock_real_ms() / 1000);
    const uint64_t latest = c->has_open ? c->open.timestamp : c->last.timestamp;
    const uint64_t limit  = (uint64_t)1 << 40; /* 35,000 years */
    *out                  = c->offset_s;
    if (t->kind == SAGE_CHAIN_TASK_SEAL) return SAGE_OK;
    if (t->seconds > limit)
        return sage_fail(err, SAGE_EINVAL, "chain.time", -1, "a time that far is refused");
    *out = t->kind == SAGE_CHAIN_TASK_SET_TIME
               ? (int64_t)t->seconds - real
               : (int64_t)(sage_chain_now(c) + t->seconds) - real;
    if (real + *out < (int64_t)latest)
        return sage_fail(err, SAGE_EINVAL, "chain.time", (long long)latest,
                         "the time is before that of the last block, %llu",
                         (unsigned long long)latest);
    if ((uint64_t)(real + *out) > limit)
        return sage_fail(err, SAGE_EINVAL, "chain.time", -1, "a time that far is refused");
    return SAGE_OK;
}

/* Seals the open block; the group's parent is then that one. */
static sage_status write_open_sealed(group *g, sage_errinfo *err)
{
    sage_diff whole;
    sage_status st = sage_diff_copy(&whole, &g->chain->open_diff, err);
    if (!st) st = sage_diff_compact(&whole, err);
    if (!st) {
        g->sealed = header_like(g->chain);
        sage_block_seal(&g->sealed, &g->block, &g->chain->last, &whole);
        st = sage_blocks_write_sealed(g->db, &g->sealed, &whole, err);
    }
    sage_diff_free(&whole);
    return st;
}

static sage_status write_empty_sealed(group *g, uint64_t time, sage_errinfo *err)
{
    const sage_block_header parent = g->sealed;
    const sage_open_block empty    = {.number = parent.number + 1,
                                      .timestamp =
                                       time > parent.timestamp ? time : parent.timestamp};
    g->sealed                      = header_like(g->chain);
    sage_block_seal(&g->sealed, &empty, &parent, &g->diff);
    return sage_blocks_write_sealed(g->db, &g->sealed, &g->diff, err);
}

static sage_status write_seals(group *g, const sage_chain_task *t, sage_errinfo *err)
{
    const sage_chain *c = g->chain;
    const uint64_t now  = (uint64_t)((int64_t)(sage_clock_real_ms() / 1000) + g->offset_s);
    sage_status st      = SAGE_OK;
    g->sealed           = c->last;
    if (c->has_open) st = write_open_sealed(g, err);
    if (!st && (!c->has_open || t->kind != SAGE_CHAIN_TASK_SEAL))
        st = write_empty_sealed(g, now, err);
    return st ? st : write_head(g, err);
}

void sage_group_seal(sage_chain *c, sage_db *db, sage_chain_task *t)
{
    group g = {.chain = c, .db = db};
    if (refuse_stopped(c, t)) return;
    start_block(&g);
    t->status = new_offset(c, t, &g.offset_s, &t->err);
    if (t->status) return;
    if (!begin(&g)) {
        sage_errinfo e = {0};
        (void)write_failed(&g, write_seals(&g, t, &e), &e);
        sage_crash_point("chain.seal.written");
        if (!commit(&g)) {
            sage_crash_point("chain.seal.committed");
            publish(&g, true);
        }
    }
    answer(&g, t);
    group_free(&g);
}

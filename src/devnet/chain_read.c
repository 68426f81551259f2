/* Reading the chain: calls, simulations, cells, blocks, transactions, events. */
#include <string.h>

#include "devnet/events.h"
#include "devnet/tx_rows.h"
#include "devnet/view.h"

sage_status sage_chain_call_view(sage_chain *c,
                                 const sage_block_id *at,
                                 felt252 to,
                                 felt252 selector,
                                 const sage_felt_list *calldata,
                                 sage_felt_list *result,
                                 sage_errinfo *err)
{
    sage_view v;
    sage_state *s  = NULL;
    *result        = (sage_felt_list){0};
    sage_status st = sage_view_open(&v, c, at, err);
    if (st) return st;
    st = sage_view_state(&v, &s, err);
    if (!st)
        st = sage_execute_call(s, &v.env, felt252_zero(), to, selector, calldata->v,
                               calldata->n, result, err);
    sage_state_free(s);
    sage_view_close(&v);
    return st;
}

static sage_status simulate_one(sage_chain *c,
                                sage_state *s,
                                const sage_block_env *env,
                                const sage_tx *t,
                                unsigned flags,
                                sage_tx_result *out,
                                sage_errinfo *err)
{
    sage_status st = sage_chain_check_form(t, true, err);
    if (st) return st;
    return sage_execute_tx(s, env, t, sage_tx_hash(t, c->options.chain_id), NULL, flags, out,
                           err);
}

/* The error of transaction i of a simulation: 41 with its index. */
static sage_status
execution_failed(uint32_t i, sage_status st, const sage_errinfo *why, sage_errinfo *err)
{
    if (st == SAGE_ENOMEM || st == SAGE_EIO) {
        if (err) *err = *why;
        return st;
    }
    return sage_fail(err, SAGE_EINVAL, "chain.execution", i, "%s", why->msg);
}

sage_status sage_chain_simulate(sage_chain *c,
                                const sage_block_id *at,
                                const sage_tx *txs,
                                uint32_t n,
                                unsigned flags,
                                bool strict,
                                sage_tx_result *results,
                                sage_errinfo *err)
{
    sage_view v;
    sage_state *s = NULL;
    memset(results, 0, n * sizeof *results);
    sage_status st = sage_view_open(&v, c, at, err);
    if (st) return st;
    const sage_block_env env = sage_view_next_env(&v);
    st                       = sage_view_state(&v, &s, err);
    for (uint32_t i = 0; i < n && !st; i++) {
        sage_errinfo why = {0};
        st               = simulate_one(c, s, &env, &txs[i], flags, &results[i], &why);
        if (st)
            st = execution_failed(i, st, &why, err);
        else if (strict && results[i].reverted)
            st = sage_fail(err, SAGE_EINVAL, "chain.execution", i, "%s", results[i].reason);
    }
    sage_state_free(s);
    sage_view_close(&v);
    return st;
}

static sage_status need_contract(sage_view *v, felt252 contract, sage_errinfo *err)
{
    felt252 class;
    sage_status st = sage_view_get(v, SAGE_CELL_CLASS, contract, felt252_zero(), &class, err);
    if (!st && felt252_is_zero(class))
        st = sage_fail(err, SAGE_ENOTFOUND, "chain.contract", -1,
                       "there is no contract at this address");
    return st;
}

sage_status sage_chain_get(sage_chain *c,
                           const sage_block_id *at,
                           sage_cell_kind kind,
                           felt252 contract,
                           felt252 key,
                           felt252 *out,
                           sage_errinfo *err)
{
    sage_view v;
    if (kind != SAGE_CELL_STORAGE) key = felt252_zero();
    sage_status st = sage_view_open(&v, c, at, err);
    if (st) return st;
    st = need_contract(&v, contract, err);
    if (!st) st = sage_view_get(&v, kind, contract, key, out, err);
    sage_view_close(&v);
    return st;
}

/* Under the lock. */
static void open_header(const sage_chain *c, sage_block_header *out)
{
    *out = (sage_block_header){.number      = c->last.number + 1,
                               .timestamp   = sage_chain_now(c),
                               .parent_hash = c->last.hash,
                               .sequencer   = c->last.sequencer};
    sage_chain_gas_prices(c, out->gas_price);
    if (!c->has_open) return;
    out->timestamp      = c->open.timestamp;
    out->n_transactions = c->open.n_transactions;
    out->n_events       = c->open.n_events;
}

sage_status sage_chain_header(sage_chain *c,
                              const sage_block_id *at,
                              sage_block_header *out,
                              sage_errinfo *err)
{
    sage_view v;
    sage_status st = sage_view_open(&v, c, at, err);
    if (st) return st;
    if (v.pre_confirmed)
        open_header(c, out);
    else if (v.present)
        *out = c->last;
    else
        st = sage_blocks_read(v.db, v.block, out, err);
    sage_view_close(&v);
    return st;
}

static uint64_t sealed_now(sage_chain *c)
{
    pthread_rwlock_rdlock(&c->lock);
    uint64_t number = c->last.number;
    pthread_rwlock_unlock(&c->lock);
    return number;
}

sage_status
sage_chain_tx_by_hash(sage_chain *c, felt252 hash, sage_chain_tx *out, sage_errinfo *err)
{
    sage_db *db;
    bool found     = false;
    sage_status st = sage_readers_take(&c->readers, &db, err);
    *out           = (sage_chain_tx){0};
    if (st) return st;
    st = sage_tx_rows_by_hash(db, hash, out, &found, err);
    sage_readers_give(&c->readers, db);
    if (!st && !found)
        st = sage_fail(err, SAGE_ENOTFOUND, "chain.tx", -1, "there is no such transaction");
    if (!st) out->sealed = out->block <= sealed_now(c);
    return st;
}

/* The number of the block at `at`, the open one included. */
static sage_status resolve(
    sage_chain *c, const sage_block_id *at, uint64_t *number, bool *sealed, sage_errinfo *err)
{
    sage_view v;
    sage_status st = sage_view_open(&v, c, at, err);
    if (st) return st;
    *number = v.pre_confirmed ? v.block + 1 : v.block;
    *sealed = !v.pre_confirmed;
    sage_view_close(&v);
    return SAGE_OK;
}

sage_status sage_chain_tx_at(sage_chain *c,
                             const sage_block_id *at,
                             uint32_t index,
                             sage_chain_tx *out,
                             sage_errinfo *err)
{
    sage_db *db;
    uint64_t block;
    bool sealed, found = false;
    *out           = (sage_chain_tx){0};
    sage_status st = resolve(c, at, &block, &sealed, err);
    if (!st) st = sage_readers_take(&c->readers, &db, err);
    if (st) return st;
    st = sage_tx_rows_at(db, block, index, out, &found, err);
    sage_readers_give(&c->readers, db);
    if (!st && !found)
        st = sage_fail(err, SAGE_ENOTFOUND, "chain.index", index,
                       "the block has no such transaction");
    if (!st) out->sealed = sealed;
    return st;
}

/* Of a view; an open block's cells are gathered here. */
static sage_status diff_of(sage_view *v, sage_diff *out, sage_errinfo *err)
{
    if (!v->pre_confirmed) return sage_blocks_read_diff(v->db, v->block, out, err);
    return sage_diff_copy(out, &v->chain->open_diff, err);
}

sage_status sage_chain_diff(sage_chain *c,
                            const sage_block_id *at,
                            sage_state_change **out,
                            uint32_t *n,
                            sage_errinfo *err)
{
    sage_view v;
    sage_diff diff = {0};
    *out           = NULL;
    *n             = 0;
    sage_status st = sage_view_open(&v, c, at, err);
    if (st) return st;
    if (!v.pre_confirmed && v.present) { /* its difference is in the database, too */
        sage_view_close(&v);
        st = sage_readers_take(&c->readers, &v.db, err);
        if (st) return st;
    }
    st = diff_of(&v, &diff, err);
    sage_view_close(&v);
    if (!st) st = sage_diff_compact(&diff, err);
    if (st) {
        sage_diff_free(&diff);
        return st;
    }
    *out = diff.v;
    *n   = (uint32_t)diff.n;
    return SAGE_OK;
}

sage_status sage_chain_events(sage_chain *c,
                              const sage_event_filter *filter,
                              sage_emitted **out,
                              uint32_t *n,
                              bool *more,
                              sage_errinfo *err)
{
    sage_db *db;
    const uint64_t sealed = sealed_now(c);
    uint64_t last         = filter->to_block < sealed ? filter->to_block : sealed;
    if (filter->to_block == UINT64_MAX) last = sealed + 1;
    sage_status st = sage_readers_take(&c->readers, &db, err);
    if (st) return st;
    st = sage_events_find(db, filter, last, sealed, out, n, more, err);
    sage_readers_give(&c->readers, db);
    return st;
}

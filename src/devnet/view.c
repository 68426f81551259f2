/* Reading the chain after a block. */
#include "devnet/view.h"

#include "devnet/history.h"

static sage_status no_block(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOTFOUND, "chain.block", -1, "there is no such block");
}

static sage_status number_of(sage_chain *c, felt252 hash, uint64_t *number, sage_errinfo *err)
{
    sage_db *db;
    sage_status st = sage_readers_take(&c->readers, &db, err);
    if (st) return st;
    st = sage_blocks_find(db, hash, number, err);
    sage_readers_give(&c->readers, db);
    return st;
}

/* The time of the block that is, or would be, open. */
static uint64_t open_time(const sage_chain *c)
{
    return c->has_open ? c->open.timestamp : sage_chain_now(c);
}

/* Under the lock, which stays taken if the view is of the present. */
static sage_status
place(sage_view *v, const sage_block_id *at, uint64_t number, sage_errinfo *err)
{
    const sage_chain *c = v->chain;
    v->block            = at->tag == SAGE_BLOCK_LATEST ? c->last.number : number;
    if (c->stopped) return sage_chain_stopped(err);
    if (v->pre_confirmed) {
        v->present = true;
        v->block   = c->last.number;
        v->env     = sage_chain_env(c, c->last.number + 1, open_time(c));
        return SAGE_OK;
    }
    if (v->block > c->last.number) return no_block(err);
    v->present = v->block == c->last.number && !c->has_open;
    if (v->present) v->env = sage_chain_env(c, v->block, c->last.timestamp);
    return SAGE_OK;
}

static sage_status start_past(sage_view *v, sage_errinfo *err)
{
    sage_block_header h;
    sage_status st = sage_readers_take(&v->chain->readers, &v->db, err);
    if (st) return st;
    st = sage_blocks_read(v->db, v->block, &h, err);
    if (st) {
        sage_view_close(v);
        return st;
    }
    v->env = sage_chain_env(v->chain, h.number, h.timestamp);
    for (int g = 0; g < SAGE_GASES; g++)
        v->env.gas_price[g] = h.gas_price[g];
    return SAGE_OK;
}

sage_status
sage_view_open(sage_view *v, sage_chain *c, const sage_block_id *at, sage_errinfo *err)
{
    uint64_t number  = at->number;
    *v               = (sage_view){.chain = c};
    v->pre_confirmed = at->tag == SAGE_BLOCK_PRE_CONFIRMED;
    if (at->tag == SAGE_BLOCK_L1_ACCEPTED) return no_block(err);
    if (at->tag == SAGE_BLOCK_HASH) {
        sage_status st = number_of(c, at->hash, &number, err);
        if (st) return st;
    }
    pthread_rwlock_rdlock(&c->lock);
    sage_status st = place(v, at, number, err);
    if (!st && v->present) return SAGE_OK;
    v->present = false;
    pthread_rwlock_unlock(&c->lock);
    return st ? st : start_past(v, err);
}

void sage_view_close(sage_view *v)
{
    if (v->present) pthread_rwlock_unlock(&v->chain->lock);
    if (v->db) sage_readers_give(&v->chain->readers, v->db);
    v->present = false;
    v->db      = NULL;
}

sage_status sage_view_get(sage_view *v,
                          sage_cell_kind kind,
                          felt252 contract,
                          felt252 key,
                          felt252 *out,
                          sage_errinfo *err)
{
    if (!v->present) return sage_history_read(v->db, v->block, kind, contract, key, out, err);
    *out = sage_state_get(v->chain->state, kind, contract, key);
    return SAGE_OK;
}

static sage_status read_view(void *arg,
                             sage_cell_kind kind,
                             felt252 contract,
                             felt252 key,
                             felt252 *out,
                             sage_errinfo *err)
{
    return sage_view_get(arg, kind, contract, key, out, err);
}

sage_status sage_view_state(sage_view *v, sage_state **out, sage_errinfo *err)
{
    return sage_state_over(out, read_view, v, err);
}

sage_block_env sage_view_next_env(const sage_view *v)
{
    if (!v->present) {
        sage_block_env env = v->env;
        env.number++;
        return env;
    }
    if (v->pre_confirmed) return v->env;
    return sage_chain_env(v->chain, v->block + 1, sage_chain_now(v->chain));
}

/* The values of cells by block. */
#include "devnet/history.h"

#include <string.h>

sage_status sage_history_write(
    sage_db *db, uint64_t block, const sage_state_change *cells, size_t n, sage_errinfo *err)
{
    sage_status st = SAGE_OK;
    for (size_t i = 0; i < n && !st; i++) {
        const sage_felt_be contract = sage_felt_to_be(cells[i].contract);
        const sage_felt_be key      = sage_felt_to_be(cells[i].key);
        const sage_felt_be value    = sage_felt_to_be(cells[i].after);
        st                          = sage_db_run(db, NULL, err,
                                                  "INSERT INTO cell (kind, contract, key, block, value)"
                                                                           " VALUES (?1, ?2, ?3, ?4, ?5)"
                                                                           " ON CONFLICT DO UPDATE SET value = excluded.value",
                                                  "ibbib", (int64_t)cells[i].kind, contract.b, sizeof contract, key.b,
                                                  sizeof key, (int64_t)block, value.b, sizeof value);
    }
    return st;
}

sage_status sage_history_read(sage_db *db,
                              uint64_t block,
                              sage_cell_kind kind,
                              felt252 contract,
                              felt252 key,
                              felt252 *out,
                              sage_errinfo *err)
{
    const sage_felt_be c = sage_felt_to_be(contract), k = sage_felt_to_be(key);
    sqlite3_stmt *q;
    bool row;
    *out = felt252_zero();
    sage_status st =
        sage_db_query(db, &q, err,
                      "SELECT value FROM cell WHERE kind = ?1 AND contract = ?2"
                      " AND key = ?3 AND block <= ?4 ORDER BY block DESC LIMIT 1",
                      "ibbi", (int64_t)kind, c.b, sizeof c, k.b, sizeof k, (int64_t)block);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && row) st = sage_db_felt(q, 0, out, err);
    sage_db_done(q);
    return st;
}

/* A row of the table, and what the cell was before it. */
typedef struct load {
    sage_state *state;
    sage_diff *open;
    uint64_t sealed;
    sage_state_change cell; /* before: of the row before, if of the same cell */
    int64_t block;
    bool any;
    unsigned unsettled;
} load;

enum { SETTLE_EACH = 4096 };

static bool same_cell(const sage_state_change *a, const sage_state_change *b)
{
    return a->kind == b->kind && felt252_eq(a->contract, b->contract) &&
           felt252_eq(a->key, b->key);
}

/* The last row of a cell: its present value. */
static sage_status end_cell(load *l, sage_errinfo *err)
{
    const sage_state_change *c = &l->cell;
    if (!l->any) return SAGE_OK;
    sage_status st = sage_state_set(l->state, c->kind, c->contract, c->key, c->after, err);
    if (st) return st;
    if (++l->unsettled % SETTLE_EACH == 0) sage_state_settle(l->state);
    if ((uint64_t)l->block <= l->sealed) return SAGE_OK;
    if ((uint64_t)l->block > l->sealed + 1)
        return sage_chain_db_broken(err, "a cell of a block that is not there");
    st = sage_diff_reserve(l->open, 1, err);
    if (!st) sage_diff_add(l->open, c, 1);
    return st;
}

static sage_status read_row(sqlite3_stmt *q, sage_state_change *c, sage_errinfo *err)
{
    int64_t kind = sage_db_int(q, 0);
    if (kind < SAGE_CELL_STORAGE || kind > SAGE_CELL_NONCE)
        return sage_chain_db_broken(err, "a cell of unknown kind");
    c->kind        = (sage_cell_kind)kind;
    sage_status st = sage_db_felt(q, 1, &c->contract, err);
    if (!st) st = sage_db_felt(q, 2, &c->key, err);
    if (!st) st = sage_db_felt(q, 4, &c->after, err);
    return st;
}

static sage_status take_row(load *l, sqlite3_stmt *q, sage_errinfo *err)
{
    sage_state_change c = {0};
    sage_status st      = read_row(q, &c, err);
    if (st) return st;
    c.before = felt252_zero();
    if (l->any && same_cell(&l->cell, &c))
        c.before = l->cell.after;
    else
        st = end_cell(l, err);
    l->cell  = c;
    l->block = sage_db_int(q, 3);
    l->any   = true;
    return st;
}

sage_status sage_history_load(
    sage_db *db, uint64_t sealed, sage_state *state, sage_diff *open, sage_errinfo *err)
{
    load l = {.state = state, .open = open, .sealed = sealed};
    sqlite3_stmt *q;
    bool row;
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT kind, contract, key, block, value FROM cell"
                                   " ORDER BY kind, contract, key, block",
                                   "");
    if (st) return st;
    while (!(st = sage_db_step(db, q, &row, err)) && row) {
        st = take_row(&l, q, err);
        if (st) break;
    }
    sage_db_done(q);
    if (!st) st = end_cell(&l, err);
    sage_state_settle(state);
    return st;
}

/* The rows of executed transactions. */
#include "devnet/tx_rows.h"

#include <stdlib.h>
#include <string.h>

void sage_chain_tx_free(sage_chain_tx *t)
{
    free(t->tx);
    free(t->receipt);
    free(t->trace);
    memset(t, 0, sizeof *t);
}

/* block < 2^31: blocks.h. */
static int64_t id_of(uint64_t block, uint32_t index)
{
    return (int64_t)(block << 32 | index);
}

sage_status sage_tx_rows_write(sage_db *db, const sage_chain_tx *t, sage_errinfo *err)
{
    const sage_felt_be hash = sage_felt_to_be(t->hash);
    return sage_db_run(db, NULL, err,
                       "INSERT INTO tx (id, hash, tx, receipt, trace)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
                       "ibsss", id_of(t->block, t->index), hash.b, sizeof hash, t->tx,
                       t->receipt, t->trace);
}

sage_status sage_tx_rows_have(sage_db *db, felt252 hash, bool *have, sage_errinfo *err)
{
    const sage_felt_be h = sage_felt_to_be(hash);
    sqlite3_stmt *q;
    sage_status st =
        sage_db_query(db, &q, err, "SELECT 1 FROM tx WHERE hash = ?1", "b", h.b, sizeof h);
    if (st) return st;
    st = sage_db_step(db, q, have, err);
    sage_db_done(q);
    return st;
}

static sage_status copy_text(sqlite3_stmt *q, int i, char **out, sage_errinfo *err)
{
    const char *text = (const char *)sqlite3_column_text(q, i);
    *out             = text ? strdup(text) : NULL;
    return *out ? SAGE_OK : sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "a transaction");
}

static sage_status read_row(sqlite3_stmt *q, sage_chain_tx *out, sage_errinfo *err)
{
    const uint64_t id = (uint64_t)sage_db_int(q, 0);
    *out              = (sage_chain_tx){.block = id >> 32, .index = (uint32_t)id};
    sage_status st    = sage_db_felt(q, 1, &out->hash, err);
    if (!st) st = copy_text(q, 2, &out->tx, err);
    if (!st) st = copy_text(q, 3, &out->receipt, err);
    if (!st) st = copy_text(q, 4, &out->trace, err);
    if (st) sage_chain_tx_free(out);
    return st;
}

/* Steps q, which is one row or none, and ends it. */
static sage_status
read_one(sage_db *db, sqlite3_stmt *q, sage_chain_tx *out, bool *found, sage_errinfo *err)
{
    sage_status st = sage_db_step(db, q, found, err);
    if (!st && *found) st = read_row(q, out, err);
    sage_db_done(q);
    return st;
}

sage_status sage_tx_rows_by_hash(
    sage_db *db, felt252 hash, sage_chain_tx *out, bool *found, sage_errinfo *err)
{
    const sage_felt_be h = sage_felt_to_be(hash);
    sqlite3_stmt *q;
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT id, hash, tx, receipt, trace FROM tx"
                                   " WHERE hash = ?1",
                                   "b", h.b, sizeof h);
    return st ? st : read_one(db, q, out, found, err);
}

sage_status sage_tx_rows_at(sage_db *db,
                            uint64_t block,
                            uint32_t index,
                            sage_chain_tx *out,
                            bool *found,
                            sage_errinfo *err)
{
    sqlite3_stmt *q;
    sage_status st =
        sage_db_query(db, &q, err, "SELECT id, hash, tx, receipt, trace FROM tx WHERE id = ?1",
                      "i", id_of(block, index));
    return st ? st : read_one(db, q, out, found, err);
}

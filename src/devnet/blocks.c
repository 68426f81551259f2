/* Blocks: filling, sealing, and their rows. */
#include "devnet/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "hash/poseidon252.h"

enum { CELL_BYTES = 1 + 4 * SAGE_FELT_BE };

void sage_block_take(sage_open_block *b,
                     const sage_felt_list *signature,
                     const sage_tx_result *result)
{
    sage_commit_add(&b->transactions, sage_commit_transaction(result->hash, signature));
    sage_commit_add(&b->receipts, sage_commit_receipt(result));
    for (uint32_t i = 0; i < result->n_events; i++)
        sage_commit_add(&b->events, sage_commit_event(&result->events[i], result->hash));
    b->n_transactions++;
    b->n_events += result->n_events;
}

void sage_block_seal(sage_block_header *out,
                     const sage_open_block *b,
                     const sage_block_header *parent,
                     const sage_diff *diff)
{
    const felt252 zero          = felt252_zero();
    out->sealed                 = true;
    out->number                 = b->number;
    out->timestamp              = b->timestamp;
    out->parent_hash            = parent ? parent->hash : zero;
    out->transaction_commitment = sage_commit_root(&b->transactions);
    out->event_commitment       = sage_commit_root(&b->events);
    out->receipt_commitment     = sage_commit_root(&b->receipts);
    out->state_diff_commitment  = sage_commit_diff(diff->v, diff->n);
    out->new_root =
        sage_poseidon252_pair(parent ? parent->new_root : zero, out->state_diff_commitment);
    out->n_transactions    = b->n_transactions;
    out->n_events          = b->n_events;
    out->state_diff_length = (uint32_t)diff->n;
    out->hash              = sage_commit_block(out, out->gas_price, SAGE_STARKNET_VERSION);
}

/* A tree as bytes: its size, then the roots that count, from the lowest up. */
enum { TREE_BYTES = 8 + SAGE_COMMIT_LEVELS * SAGE_FELT_BE };

static size_t put_tree(uint8_t *out, const sage_commit_tree *t)
{
    size_t len = 8;
    sage_store_le64(out, t->n);
    for (unsigned i = 0; i < SAGE_COMMIT_LEVELS; i++) {
        if (!(t->n >> i & 1)) continue;
        const sage_felt_be f = sage_felt_to_be(t->full[i]);
        memcpy(out + len, f.b, sizeof f);
        len += sizeof f;
    }
    return len;
}

/* Moves *at on, which stays within len. */
static bool get_tree(sage_commit_tree *t, const uint8_t *bytes, size_t len, size_t *at)
{
    if (len - *at < 8) return false;
    *t = (sage_commit_tree){.n = sage_load_le64(bytes + *at)};
    *at += 8;
    for (unsigned i = 0; i < SAGE_COMMIT_LEVELS; i++) {
        if (!(t->n >> i & 1)) continue;
        if (len - *at < SAGE_FELT_BE || !sage_felt_from_be(&t->full[i], bytes + *at))
            return false;
        *at += SAGE_FELT_BE;
    }
    return true;
}

static bool get_trees(sage_open_block *b, const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    return get_tree(&b->transactions, bytes, len, &at) &&
           get_tree(&b->events, bytes, len, &at) && get_tree(&b->receipts, bytes, len, &at) &&
           at == len;
}

/* Prices come from 64-bit options. */
static int64_t price(const sage_block_header *h, sage_gas gas)
{
    return (int64_t)h->gas_price[gas].w[0];
}

sage_status sage_blocks_write_open(sage_db *db,
                                   const sage_open_block *b,
                                   const sage_block_header *like,
                                   sage_errinfo *err)
{
    const sage_felt_be sequencer = sage_felt_to_be(like->sequencer);
    uint8_t trees[3 * TREE_BYTES];
    size_t len = put_tree(trees, &b->transactions);
    len += put_tree(trees + len, &b->events);
    len += put_tree(trees + len, &b->receipts);
    return sage_db_run(
        db, NULL, err,
        "INSERT INTO block (number, timestamp, n_transactions, n_events,"
        " l1_gas_price, l2_gas_price, l1_data_gas_price, sequencer, trees)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        " ON CONFLICT DO UPDATE SET n_transactions = ?3, n_events = ?4,"
        " l1_gas_price = ?5, l2_gas_price = ?6, l1_data_gas_price = ?7,"
        " trees = ?9",
        "iiiiiiibb", (int64_t)b->number, (int64_t)b->timestamp, (int64_t)b->n_transactions,
        (int64_t)b->n_events, price(like, SAGE_GAS_L1), price(like, SAGE_GAS_L2),
        price(like, SAGE_GAS_L1_DATA), sequencer.b, sizeof sequencer, trees, len);
}

static sage_status write_header(sage_db *db, const sage_block_header *h, sage_errinfo *err)
{
    const sage_felt_be f[] = {sage_felt_to_be(h->sequencer),
                              sage_felt_to_be(h->hash),
                              sage_felt_to_be(h->parent_hash),
                              sage_felt_to_be(h->new_root),
                              sage_felt_to_be(h->transaction_commitment),
                              sage_felt_to_be(h->event_commitment),
                              sage_felt_to_be(h->receipt_commitment),
                              sage_felt_to_be(h->state_diff_commitment)};
    const size_t n         = SAGE_FELT_BE;
    return sage_db_run(
        db, NULL, err,
        "INSERT OR REPLACE INTO block (number, timestamp, n_transactions, n_events,"
        " l1_gas_price, l2_gas_price, l1_data_gas_price, diff_length, sequencer, hash,"
        " parent_hash, new_root, transaction_commitment, event_commitment, receipt_commitment,"
        " diff_commitment) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
        " ?15, ?16)",
        "iiiiiiiibbbbbbbb", (int64_t)h->number, (int64_t)h->timestamp,
        (int64_t)h->n_transactions, (int64_t)h->n_events, price(h, SAGE_GAS_L1),
        price(h, SAGE_GAS_L2), price(h, SAGE_GAS_L1_DATA), (int64_t)h->state_diff_length,
        f[0].b, n, f[1].b, n, f[2].b, n, f[3].b, n, f[4].b, n, f[5].b, n, f[6].b, n, f[7].b, n);
}

static uint8_t *put_felt(uint8_t *out, felt252 v)
{
    const sage_felt_be f = sage_felt_to_be(v);
    memcpy(out, f.b, sizeof f);
    return out + sizeof f;
}

static sage_status
write_diff(sage_db *db, uint64_t number, const sage_diff *diff, sage_errinfo *err)
{
    uint8_t *bytes = calloc(diff->n + 1, CELL_BYTES), *at = bytes;
    if (!bytes) return sage_fail(err, SAGE_ENOMEM, "diff.memory", -1, "a block's difference");
    for (size_t i = 0; i < diff->n; i++) {
        *at++ = (uint8_t)diff->v[i].kind;
        at    = put_felt(at, diff->v[i].contract);
        at    = put_felt(at, diff->v[i].key);
        at    = put_felt(at, diff->v[i].before);
        at    = put_felt(at, diff->v[i].after);
    }
    sage_status st =
        sage_db_run(db, NULL, err, "INSERT INTO diff (block, cells) VALUES (?1, ?2)", "ib",
                    (int64_t)number, bytes, diff->n * CELL_BYTES);
    free(bytes);
    return st;
}

sage_status sage_blocks_write_sealed(sage_db *db,
                                     const sage_block_header *h,
                                     const sage_diff *diff,
                                     sage_errinfo *err)
{
    sage_status st = write_header(db, h, err);
    return st ? st : write_diff(db, h->number, diff, err);
}

static sage_status not_found(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOTFOUND, "chain.block", -1, "there is no such block");
}

static sage_status read_header(sqlite3_stmt *q, sage_block_header *h, sage_errinfo *err)
{
    felt252 *felts[]               = {&h->sequencer,
                                      &h->hash,
                                      &h->parent_hash,
                                      &h->new_root,
                                      &h->transaction_commitment,
                                      &h->event_commitment,
                                      &h->receipt_commitment,
                                      &h->state_diff_commitment};
    sage_status st                 = SAGE_OK;
    *h                             = (sage_block_header){.sealed            = true,
                                                         .number            = (uint64_t)sage_db_int(q, 0),
                                                         .timestamp         = (uint64_t)sage_db_int(q, 1),
                                                         .n_transactions    = (uint32_t)sage_db_int(q, 2),
                                                         .n_events          = (uint32_t)sage_db_int(q, 3),
                                                         .state_diff_length = (uint32_t)sage_db_int(q, 7)};
    h->gas_price[SAGE_GAS_L1]      = sage_amount_of((uint64_t)sage_db_int(q, 4));
    h->gas_price[SAGE_GAS_L2]      = sage_amount_of((uint64_t)sage_db_int(q, 5));
    h->gas_price[SAGE_GAS_L1_DATA] = sage_amount_of((uint64_t)sage_db_int(q, 6));
    for (int i = 0; i < 8 && !st; i++)
        st = sage_db_felt(q, 8 + i, felts[i], err);
    return st;
}

sage_status
sage_blocks_read(sage_db *db, uint64_t number, sage_block_header *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_status st = sage_db_query(
        db, &q, err,
        "SELECT number, timestamp, n_transactions, n_events, l1_gas_price, l2_gas_price,"
        " l1_data_gas_price, diff_length, sequencer, hash, parent_hash, new_root,"
        " transaction_commitment, event_commitment, receipt_commitment, diff_commitment"
        " FROM block WHERE number = ?1 AND hash IS NOT NULL",
        "i", (int64_t)(number < SAGE_BLOCK_LIMIT ? number : SAGE_BLOCK_LIMIT));
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st) st = row ? read_header(q, out, err) : not_found(err);
    sage_db_done(q);
    return st;
}

sage_status sage_blocks_find(sage_db *db, felt252 hash, uint64_t *number, sage_errinfo *err)
{
    const sage_felt_be h = sage_felt_to_be(hash);
    sqlite3_stmt *q;
    bool row;
    sage_status st = sage_db_query(db, &q, err, "SELECT number FROM block WHERE hash = ?1", "b",
                                   h.b, sizeof h);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = not_found(err);
    if (!st) *number = (uint64_t)sage_db_int(q, 0);
    sage_db_done(q);
    return st;
}

static sage_status read_cell(const uint8_t *b, sage_state_change *c, sage_errinfo *err)
{
    felt252 *felts[] = {&c->contract, &c->key, &c->before, &c->after};
    bool good        = b[0] <= SAGE_CELL_NONCE;
    c->kind          = (sage_cell_kind)b[0];
    for (size_t i = 0; i < 4; i++)
        good = sage_felt_from_be(felts[i], b + 1 + i * SAGE_FELT_BE) && good;
    return good ? SAGE_OK : sage_chain_db_broken(err, "a cell of another form");
}

static sage_status read_cells(const uint8_t *b, size_t len, sage_diff *out, sage_errinfo *err)
{
    if (len % CELL_BYTES) return sage_chain_db_broken(err, "a difference of another length");
    sage_status st = sage_diff_reserve(out, len / CELL_BYTES, err);
    for (; !st && len; len -= CELL_BYTES, b += CELL_BYTES) {
        sage_state_change c;
        st = read_cell(b, &c, err);
        if (!st) sage_diff_add(out, &c, 1);
    }
    out->n_sorted = out->n;
    return st;
}

sage_status
sage_blocks_read_diff(sage_db *db, uint64_t number, sage_diff *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    *out           = (sage_diff){0};
    sage_status st = sage_db_query(db, &q, err, "SELECT cells FROM diff WHERE block = ?1", "i",
                                   (int64_t)number);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = not_found(err);
    if (!st)
        st =
            read_cells(sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0), out, err);
    sage_db_done(q);
    if (st) sage_diff_free(out);
    return st;
}

static sage_status last_number(sage_db *db, uint64_t *number, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_status st =
        sage_db_query(db, &q, err,
                      "SELECT number FROM block WHERE hash IS NOT NULL ORDER BY number DESC"
                      " LIMIT 1",
                      "");
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = sage_chain_db_broken(err, "it has no block");
    if (!st) *number = (uint64_t)sage_db_int(q, 0);
    sage_db_done(q);
    return st;
}

static sage_status
read_open(sage_db *db, uint64_t after, sage_open_block *b, bool *found, sage_errinfo *err)
{
    sqlite3_stmt *q;
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT number, timestamp, n_transactions, n_events, trees"
                                   " FROM block WHERE number > ?1",
                                   "i", (int64_t)after);
    if (st) return st;
    st = sage_db_step(db, q, found, err);
    if (!st && *found) {
        *b                   = (sage_open_block){.number         = (uint64_t)sage_db_int(q, 0),
                                                 .timestamp      = (uint64_t)sage_db_int(q, 1),
                                                 .n_transactions = (uint32_t)sage_db_int(q, 2),
                                                 .n_events       = (uint32_t)sage_db_int(q, 3)};
        const uint8_t *trees = sqlite3_column_blob(q, 4);
        if (b->number != after + 1 || !trees ||
            !get_trees(b, trees, (size_t)sqlite3_column_bytes(q, 4)))
            st = sage_chain_db_broken(err, "an open block of another form");
    }
    sage_db_done(q);
    return st;
}

sage_status sage_blocks_load(sage_db *db,
                             sage_block_header *last,
                             sage_open_block *open,
                             bool *has_open,
                             sage_errinfo *err)
{
    uint64_t number;
    sage_status st = last_number(db, &number, err);
    if (!st) st = sage_blocks_read(db, number, last, err);
    if (st) return st;
    if (!felt252_eq(last->hash,
                    sage_commit_block(last, last->gas_price, SAGE_STARKNET_VERSION)))
        return sage_chain_db_broken(err, "the last block has another hash");
    return read_open(db, number, open, has_open, err);
}

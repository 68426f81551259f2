/* Ledger rows. Only INSERT and SELECT: nothing here changes a row that was written. */
#include <stdio.h>
#include <string.h>

#include "store/ledger.h"
#include "store/sqlite.h"

static sage_status insert_tx(sage_db *db,
                             int64_t now,
                             const sage_job *job,
                             bool payout,
                             const sage_ledger_tx *tx,
                             sage_errinfo *err)
{
    sage_id id;
    const char *phase = strcmp(tx->kind, "escrow") ? "settlement" : "escrow";
    sage_status st    = sage_id_new(&id, 't', err);
    if (st) return st;
    st = payout ? sage_db_run(db, NULL, err,
                              "INSERT INTO ledger_tx (id, job_id, phase, kind, result_job,"
                              " created_ms) VALUES (?1, ?2, ?3, ?4, ?2, ?5)",
                              "ssssi", id.text, job->id.text, phase, tx->kind, now)
                : sage_db_run(db, NULL, err,
                              "INSERT INTO ledger_tx (id, job_id, phase, kind, created_ms)"
                              " VALUES (?1, ?2, ?3, ?4, ?5)",
                              "ssssi", id.text, job->id.text, phase, tx->kind, now);
    for (uint32_t i = 0; i < tx->n_entries && !st; i++) {
        char amount[SAGE_AMOUNT_TEXT];
        const sage_ledger_entry *e = &tx->entries[i];
        sage_amount_format(amount, &e->amount);
        st = sage_db_run(db, NULL, err,
                         "INSERT INTO ledger_entry (tx_id, seq, account, side, amount)"
                         " VALUES (?1, ?2, ?3, ?4, ?5)",
                         "sisss", id.text, (int64_t)i, e->account,
                         e->credit ? "credit" : "debit", amount);
    }
    return st;
}

sage_status
sage_sqlite_book_escrow(sage_db *db, int64_t now, const sage_job *job, sage_errinfo *err)
{
    sage_ledger_tx tx;
    sage_status st = sage_ledger_escrow(&tx, job, err);
    return st ? st : insert_tx(db, now, job, false, &tx, err);
}

sage_status sage_sqlite_book_payout(
    sage_db *db, int64_t now, const sage_job *job, const sage_id *worker, sage_errinfo *err)
{
    sage_ledger_tx tx;
    sage_status st = sage_ledger_payout(&tx, job, worker, err);
    return st ? st : insert_tx(db, now, job, true, &tx, err);
}

sage_status
sage_sqlite_book_refund(sage_db *db, int64_t now, const sage_job *job, sage_errinfo *err)
{
    sage_ledger_tx tx;
    sage_status st = sage_ledger_refund(&tx, job, err);
    return st ? st : insert_tx(db, now, job, false, &tx, err);
}

static sage_status
read_entry(sqlite3_stmt *q, int first, sage_ledger_entry *e, sage_errinfo *err)
{
    char side[8], amount[SAGE_AMOUNT_TEXT];
    sage_status st = sage_db_text(q, first, e->account, sizeof e->account, err);
    if (!st) st = sage_db_text(q, first + 1, side, sizeof side, err);
    if (!st) st = sage_db_text(q, first + 2, amount, sizeof amount, err);
    if (!st) st = sage_amount_parse(&e->amount, amount, err);
    e->credit = !strcmp(side, "credit");
    return st;
}

/* The row (tx id, kind, created, account, side, amount) goes to the last transaction of the
 * receipt, or to a new one if its id is another. */
static sage_status add_row(sqlite3_stmt *q, sage_receipt *out, sage_errinfo *err)
{
    sage_id id;
    sage_status st = sage_db_text(q, 0, id.text, sizeof id, err);
    if (st) return st;
    if (!out->n_txs || strcmp(out->txs[out->n_txs - 1].id.text, id.text)) {
        if (out->n_txs == 2)
            return sage_fail(err, SAGE_EINTERNAL, "store.ledger", 2, "too many transactions");
        sage_ledger_tx *fresh = &out->txs[out->n_txs++];
        fresh->id             = id;
        fresh->created_ms     = sage_db_int(q, 2);
        st                    = sage_db_text(q, 1, fresh->kind, sizeof fresh->kind, err);
        if (st) return st;
    }
    sage_ledger_tx *tx = &out->txs[out->n_txs - 1];
    if (tx->n_entries == SAGE_LEDGER_ENTRIES)
        return sage_fail(err, SAGE_EINTERNAL, "store.ledger", -1, "too many entries");
    return read_entry(q, 3, &tx->entries[tx->n_entries++], err);
}

sage_status
sage_sqlite_read_txs(sage_db *db, const char *job_id, sage_receipt *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_status st =
        sage_db_query(db, &q, err,
                      "SELECT t.id, t.kind, t.created_ms, e.account, e.side, e.amount"
                      " FROM ledger_tx t JOIN ledger_entry e ON e.tx_id = t.id"
                      " WHERE t.job_id = ?1 ORDER BY t.phase, e.seq",
                      "s", job_id);
    if (st) return st;
    while (!(st = sage_db_step(db, q, &row, err)) && row)
        if ((st = add_row(q, out, err))) break;
    sage_db_done(q);
    return st;
}

/* Adds up one job's receipt into the audit. */
static sage_status audit_job(const sage_receipt *r, sage_audit *a, sage_errinfo *err)
{
    bool open      = r->job.state == SAGE_JOB_QUEUED || r->job.state == SAGE_JOB_LEASED;
    sage_amount in = sage_amount_of(0), gone = in;
    sage_status st = SAGE_OK;
    bool payout    = false;
    for (uint32_t t = 0; t < r->n_txs; t++) {
        const sage_ledger_tx *tx = &r->txs[t];
        if (sage_ledger_check(tx, NULL)) a->n_unbalanced++;
        payout |= !strcmp(tx->kind, "payout");
        for (uint32_t i = 0; i < tx->n_entries && !st; i++) {
            const sage_ledger_entry *e = &tx->entries[i];
            sage_amount *sum           = NULL;
            if (!strncmp(e->account, "escrow:", 7))
                sum = e->credit ? &in : &gone;
            else if (!strncmp(e->account, "worker:", 7))
                sum = &a->paid;
            else if (!strncmp(e->account, "fee:", 4))
                sum = &a->fees;
            else if (e->credit)
                sum = &a->refunded;
            if (sum) st = sage_amount_add(sum, sum, &e->amount, err);
            a->n_entries++;
        }
        a->n_txs++;
    }
    bool right =
        open ? !sage_amount_compare(&in, &r->job.price) && sage_amount_is_zero(&gone)
             : !sage_amount_compare(&in, &gone) && !sage_amount_compare(&in, &r->job.price);
    if (!right) a->n_bad_escrow++;
    if (payout != (r->job.state == SAGE_JOB_PROVED) || payout != r->paid) a->n_unproved++;
    if (open && !st) st = sage_amount_add(&a->escrow, &a->escrow, &in, err);
    a->n_state[r->job.state]++;
    a->n_jobs++;
    return st;
}

sage_status sage_sqlite_audit(sage_db *db, sage_audit *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    memset(out, 0, sizeof *out);
    sage_status st = sage_db_query(db, &q, err, "SELECT id FROM job", "");
    if (st) return st;
    while (!(st = sage_db_step(db, q, &row, err)) && row) {
        sage_id id;
        sage_receipt r;
        st = sage_db_text(q, 0, id.text, sizeof id, err);
        if (!st) st = sage_sqlite_receipt(db, id.text, &r, err);
        if (!st) st = audit_job(&r, out, err);
        if (st) break;
    }
    sage_db_done(q);
    return st;
}

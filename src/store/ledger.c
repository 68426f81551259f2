#include "store/ledger.h"

#include <stdio.h>
#include <string.h>

sage_status sage_shares_of(sage_shares *out, const sage_amount *price, sage_errinfo *err)
{
    sage_amount fee;
    sage_shares s;
    sage_status st = sage_amount_mul_div(&s.worker, price, 80, 100, err);
    if (!st) st = sage_amount_sub(&fee, price, &s.worker, err);
    if (!st) st = sage_amount_mul_div(&s.burn, &fee, 70, 100, err);
    if (!st) st = sage_amount_mul_div(&s.stakers, &fee, 10, 100, err);
    if (!st) st = sage_amount_sub(&s.treasury, &fee, &s.burn, err);
    if (!st) st = sage_amount_sub(&s.treasury, &s.treasury, &s.stakers, err);
    if (!st) *out = s;
    return st;
}

static void begin(sage_ledger_tx *tx, const char *kind)
{
    memset(tx, 0, sizeof *tx);
    snprintf(tx->kind, sizeof tx->kind, "%s", kind);
}

static void add(sage_ledger_tx *tx,
                bool credit,
                const char *room,
                const char *name,
                const sage_amount *amount)
{
    if (sage_amount_is_zero(amount)) return;
    sage_ledger_entry *e = &tx->entries[tx->n_entries++];
    snprintf(e->account, sizeof e->account, "%s:%s", room, name);
    e->credit = credit;
    e->amount = *amount;
}

sage_status sage_ledger_check(const sage_ledger_tx *tx, sage_errinfo *err)
{
    sage_amount debit = sage_amount_of(0), credit = debit;
    for (uint32_t i = 0; i < tx->n_entries; i++) {
        sage_amount *side = tx->entries[i].credit ? &credit : &debit;
        sage_status st    = sage_amount_add(side, side, &tx->entries[i].amount, err);
        if (st) return st;
    }
    if (tx->n_entries < 2 || sage_amount_compare(&debit, &credit))
        return sage_fail(err, SAGE_EINTERNAL, "ledger.balance", tx->n_entries,
                         "debits and credits of a %s differ", tx->kind);
    return SAGE_OK;
}

sage_status sage_ledger_escrow(sage_ledger_tx *tx, const sage_job *job, sage_errinfo *err)
{
    begin(tx, "escrow");
    add(tx, false, "client", job->client, &job->price);
    add(tx, true, "escrow", job->id.text, &job->price);
    return sage_ledger_check(tx, err);
}

sage_status sage_ledger_payout(sage_ledger_tx *tx,
                               const sage_job *job,
                               const sage_id *worker,
                               sage_errinfo *err)
{
    sage_shares s;
    sage_status st = sage_shares_of(&s, &job->price, err);
    if (st) return st;
    begin(tx, "payout");
    add(tx, false, "escrow", job->id.text, &job->price);
    add(tx, true, "worker", worker->text, &s.worker);
    add(tx, true, "fee", "burn", &s.burn);
    add(tx, true, "fee", "treasury", &s.treasury);
    add(tx, true, "fee", "stakers", &s.stakers);
    return sage_ledger_check(tx, err);
}

sage_status sage_ledger_refund(sage_ledger_tx *tx, const sage_job *job, sage_errinfo *err)
{
    begin(tx, "refund");
    add(tx, false, "escrow", job->id.text, &job->price);
    add(tx, true, "client", job->client, &job->price);
    return sage_ledger_check(tx, err);
}

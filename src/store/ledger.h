/* store/ledger.h -- the transactions of the double-entry ledger, as pure functions.
 *
 * Accounts: "client:<name>" (what clients owe and get back), "escrow:<job>",
 * "worker:<id>", "fee:burn", "fee:treasury", "fee:stakers". A debit takes from an account,
 * a credit gives to it; in every transaction debits and credits are equal. Until deposits
 * come from the chain a client's account stands below zero by what it has spent. */
#ifndef SAGE_STORE_LEDGER_H
#define SAGE_STORE_LEDGER_H

#include "store/store.h"

/* client -> escrow; escrow -> worker and fees; escrow -> client. Entries of amount zero are
 * left out. The transaction is checked to balance before it is returned. */
SAGE_CHECKED sage_status sage_ledger_escrow(sage_ledger_tx *tx,
                                            const sage_job *job,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_ledger_payout(sage_ledger_tx *tx,
                                            const sage_job *job,
                                            const sage_id *worker,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_ledger_refund(sage_ledger_tx *tx,
                                            const sage_job *job,
                                            sage_errinfo *err);
/* SAGE_EINTERNAL "ledger.balance" unless debits equal credits. */
SAGE_CHECKED sage_status sage_ledger_check(const sage_ledger_tx *tx, sage_errinfo *err);

#endif

/* devnet/tx_rows.h -- the rows of executed transactions. */
#ifndef SAGE_DEVNET_TX_ROWS_H
#define SAGE_DEVNET_TX_ROWS_H

#include "devnet/chain.h"
#include "devnet/chain_db.h"

/* Inside a transaction. SAGE_ECONFLICT "store.constraint" if the hash is there already. */
SAGE_CHECKED sage_status sage_tx_rows_write(sage_db *db,
                                            const sage_chain_tx *t,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_tx_rows_have(sage_db *db,
                                           felt252 hash,
                                           bool *have,
                                           sage_errinfo *err);
/* *found and *out, for sage_chain_tx_free; out->sealed is left to the caller. */
SAGE_CHECKED sage_status sage_tx_rows_by_hash(
    sage_db *db, felt252 hash, sage_chain_tx *out, bool *found, sage_errinfo *err);
SAGE_CHECKED sage_status sage_tx_rows_at(sage_db *db,
                                         uint64_t block,
                                         uint32_t index,
                                         sage_chain_tx *out,
                                         bool *found,
                                         sage_errinfo *err);

#endif

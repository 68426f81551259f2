/* devnet/history.h -- every value that a cell ever had, by block, in the database.
 *
 * Model: a row says what a cell is from a block on. The value after block b is that of the
 * newest row up to b; without one it is 0. */
#ifndef SAGE_DEVNET_HISTORY_H
#define SAGE_DEVNET_HISTORY_H

#include "devnet/chain_db.h"
#include "devnet/diff.h"

/* Inside a transaction; a cell may be written again for the same block. */
SAGE_CHECKED sage_status sage_history_write(
    sage_db *db, uint64_t block, const sage_state_change *cells, size_t n, sage_errinfo *err);
/* One descent of a tree, some 5 us. */
SAGE_CHECKED sage_status sage_history_read(sage_db *db,
                                           uint64_t block,
                                           sage_cell_kind kind,
                                           felt252 contract,
                                           felt252 key,
                                           felt252 *out,
                                           sage_errinfo *err);
/* Puts the newest values into state, and into *open the changes of the block after `sealed`.
 * Reads all rows once. SAGE_EFORMAT "chain.database". */
SAGE_CHECKED sage_status sage_history_load(
    sage_db *db, uint64_t sealed, sage_state *state, sage_diff *open, sage_errinfo *err);

#endif

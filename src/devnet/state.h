/* devnet/state.h -- what contracts remember: storage, classes, nonces; with a journal.
 *
 * Model: three maps in memory, (contract, key) -> felt, contract -> class hash, contract ->
 * nonce; what is not there is 0. Writes go to the journal, from which a failed call or
 * transaction is undone (mark, rollback), and from which a block's difference is read when it is
 * written to disk. One writer; readers hold the chain's lock for reading.
 *
 * State of past blocks is in the database (devnet/history.h), not here. */
#ifndef SAGE_DEVNET_STATE_H
#define SAGE_DEVNET_STATE_H

#include <stddef.h>

#include "field/felt252.h"
#include "sage/status.h"

typedef struct sage_state sage_state;

typedef enum sage_cell_kind {
    SAGE_CELL_STORAGE,
    SAGE_CELL_CLASS,
    SAGE_CELL_NONCE
} sage_cell_kind;

/* One write; key is 0 for class and nonce. */
typedef struct sage_state_change {
    sage_cell_kind kind;
    felt252 contract, key, before, after;
} sage_state_change;

/* SAGE_ENOMEM "state.memory". */
SAGE_CHECKED sage_status sage_state_new(sage_state **out, sage_errinfo *err);
/* A state on top of another source: what it has not written itself it asks `read`. For calls and
 * simulations at any block, thrown away after use. */
typedef sage_status (*sage_state_read_fn)(void *arg,
                                          sage_cell_kind kind,
                                          felt252 contract,
                                          felt252 key,
                                          felt252 *out,
                                          sage_errinfo *err);
SAGE_CHECKED sage_status sage_state_over(sage_state **out,
                                         sage_state_read_fn read,
                                         void *arg,
                                         sage_errinfo *err);
void sage_state_free(sage_state *s);

/* 0 if never written. Cost: one lookup, some 50 ns. A failure of `read` sticks, reads 0, and is
 * told by sage_state_status. */
felt252 sage_state_get(sage_state *s, sage_cell_kind kind, felt252 contract, felt252 key);
SAGE_CHECKED sage_status sage_state_status(const sage_state *s, sage_errinfo *err);
SAGE_CHECKED sage_status sage_state_set(sage_state *s,
                                        sage_cell_kind kind,
                                        felt252 contract,
                                        felt252 key,
                                        felt252 value,
                                        sage_errinfo *err);

/* The journal: a mark is its length; rollback undoes what came after; settle empties it, after
 * which nothing before can be undone. */
size_t sage_state_mark(const sage_state *s);
void sage_state_rollback(sage_state *s, size_t mark);
void sage_state_settle(sage_state *s);
/* The writes since a mark, in order, one cell maybe several times; valid until the next call
 * that writes. */
const sage_state_change *sage_state_changes(const sage_state *s, size_t mark, size_t *n);

#endif

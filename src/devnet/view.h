/* devnet/view.h -- the chain as it was after some block, held still for reading.
 *
 * A view of the present holds the chain's lock for reading; one of the past holds a connection
 * to the database. Either way it is short-lived, and a thread has one at a time. */
#ifndef SAGE_DEVNET_VIEW_H
#define SAGE_DEVNET_VIEW_H

#include "devnet/chain_private.h"

typedef struct sage_view {
    sage_chain *chain;
    bool present;       /* with what is not sealed, if there is such */
    bool pre_confirmed; /* asked for by that name */
    uint64_t block;     /* the last one seen */
    sage_db *db;        /* of the past */
    sage_block_env env; /* as calls see it: of that block */
} sage_view;

/* chain.block. */
SAGE_CHECKED sage_status sage_view_open(sage_view *v,
                                        sage_chain *c,
                                        const sage_block_id *at,
                                        sage_errinfo *err);
void sage_view_close(sage_view *v);

SAGE_CHECKED sage_status sage_view_get(sage_view *v,
                                       sage_cell_kind kind,
                                       felt252 contract,
                                       felt252 key,
                                       felt252 *out,
                                       sage_errinfo *err);
/* A state on top of the view, which must outlive it. */
SAGE_CHECKED sage_status sage_view_state(sage_view *v, sage_state **out, sage_errinfo *err);
/* As transactions see it that are executed next. */
sage_block_env sage_view_next_env(const sage_view *v);

#endif

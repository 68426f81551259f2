/* devnet/events.h -- events in the database, and finding them (chain.h: sage_event_filter).
 *
 * Cost of a query: with one address, or one first key and no address, an index leads to the
 * candidates; else it walks the blocks' events in order until there are `limit`. */
#ifndef SAGE_DEVNET_EVENTS_H
#define SAGE_DEVNET_EVENTS_H

#include "devnet/chain.h"
#include "devnet/chain_db.h"

/* Inside a transaction. */
SAGE_CHECKED sage_status sage_events_write(sage_db *db,
                                           uint64_t block,
                                           uint32_t tx,
                                           const sage_chain_event *events,
                                           uint32_t n,
                                           sage_errinfo *err);
/* Events up to block `last`, those of blocks after `sealed` without a block hash. */
SAGE_CHECKED sage_status sage_events_find(sage_db *db,
                                          const sage_event_filter *filter,
                                          uint64_t last,
                                          uint64_t sealed,
                                          sage_emitted **out,
                                          uint32_t *n,
                                          bool *more,
                                          sage_errinfo *err);

#endif

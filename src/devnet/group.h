/* devnet/group.h -- what the executor's thread does with the tasks it took: executing on top of
 * the state, one transaction of the database, and only then the present for all to see.
 *
 * A database that fails leaves the present as it was; the group's callers get SAGE_EIO
 * "chain.write" and may try again. Where it cannot be told whether a commit took place, or
 * memory fails after it, the chain stops ("chain.stopped"): a restart reads the truth. */
#ifndef SAGE_DEVNET_GROUP_H
#define SAGE_DEVNET_GROUP_H

#include "devnet/executor.h"

/* Executes transactions and sets status and err of each. With block_time_ms 0 it seals the
 * block, too. */
void sage_group_run(sage_chain *c, sage_db *db, sage_chain_task *transactions);
/* A task of another kind: seals the open block, if there is one; then moves the clock and seals
 * an empty block with the new time, or, of a SEAL without an open block, with the present one. */
void sage_group_seal(sage_chain *c, sage_db *db, sage_chain_task *t);

#endif

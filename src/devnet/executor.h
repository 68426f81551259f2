/* devnet/executor.h -- one thread that changes the chain, and the queue before it.
 *
 * Model: callers hand in tasks and sleep. The thread takes all transactions that wait, up to the
 * next task of another kind, runs them as a group (group.h), and wakes their callers. It also
 * seals blocks by the clock. */
#ifndef SAGE_DEVNET_EXECUTOR_H
#define SAGE_DEVNET_EXECUTOR_H

#include <pthread.h>

#include "devnet/chain.h"
#include "store/db.h"

/* The points of proto/crash.h that the chain's tests walk. */
#define SAGE_CHAIN_CRASH_LIST(X)                                                               \
    X("chain.group.written")   /* all rows written, not committed */                           \
    X("chain.group.committed") /* on disk, callers not told */                                 \
    X("chain.seal.written")    /* a sealed block's rows written, not committed */              \
    X("chain.seal.committed")

typedef struct sage_executor sage_executor;

typedef enum sage_chain_task_kind {
    SAGE_CHAIN_TASK_TX,
    SAGE_CHAIN_TASK_SEAL,
    SAGE_CHAIN_TASK_SET_TIME,     /* then seal */
    SAGE_CHAIN_TASK_INCREASE_TIME /* then seal */
} sage_chain_task_kind;

/* One task, in its caller's memory. */
typedef struct sage_chain_task {
    sage_chain_task_kind kind;
    const sage_tx *tx;
    felt252 hash;
    const sage_checked_signature *checked; /* may be NULL */
    char *tx_json;                         /* the caller's */
    uint64_t seconds;                      /* of the clock's tasks */
    sage_status status;
    sage_errinfo err;
    felt252 contract; /* of a DEPLOY_ACCOUNT */
    bool done;
    pthread_cond_t woken;
    struct sage_chain_task *next;
} sage_chain_task;

/* Starts the thread, which writes through db and then owns it. */
SAGE_CHECKED sage_status sage_executor_start(sage_executor **out,
                                             sage_chain *c,
                                             sage_db *db,
                                             sage_errinfo *err);
/* Runs what waits, ends the thread. NULL is none. */
void sage_executor_stop(sage_executor *e);
/* Hands t in, waits for it, and returns its status. SAGE_EAGAIN "chain.full". */
SAGE_CHECKED sage_status sage_executor_do(sage_executor *e,
                                          sage_chain_task *t,
                                          sage_errinfo *err);

#endif

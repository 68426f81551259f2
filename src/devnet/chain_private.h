/* devnet/chain_private.h -- what the files of the chain share.
 *
 * Who writes what: `lock` guards the present (state, last, open, offset). The executor's thread
 * alone writes it, and only after the database has it; it reads it without the lock. Everybody
 * else holds the lock for reading. The writer goes first, so nobody takes it twice. */
#ifndef SAGE_DEVNET_CHAIN_PRIVATE_H
#define SAGE_DEVNET_CHAIN_PRIVATE_H

#include "devnet/blocks.h"
#include "devnet/executor.h"

struct sage_chain {
    sage_chain_options options; /* data_dir: owned */
    char *data_dir, *database;  /* owned */
    int lock_file;
    sage_readers readers;
    sage_executor *executor;
    pthread_mutex_t minting; /* one mint after the other: they share an account's nonce */

    pthread_rwlock_t lock;
    sage_state *state;      /* after the last executed transaction */
    sage_block_header last; /* sealed */
    sage_open_block open;   /* if has_open: at least one transaction */
    bool has_open;
    sage_diff open_diff; /* of its transactions */
    int64_t offset_s;    /* of the chain's clock to the machine's */
    bool stopped;        /* memory and disk may differ: nothing works until a restart */
    uint64_t n_groups;   /* the executor's alone */
};

/* Seconds since 1970 by the chain's clock, never before the last block. Under the lock. */
uint64_t sage_chain_now(const sage_chain *c);
/* The environment of the block that is filled next, or that with this number and time. */
sage_block_env sage_chain_env(const sage_chain *c, uint64_t number, uint64_t timestamp);
/* Is t, submitted or simulated, one that this node takes? chain.version, chain.unsupported,
 * chain.size. */
SAGE_CHECKED sage_status sage_chain_check_form(const sage_tx *t,
                                               bool simulated,
                                               sage_errinfo *err);
/* SAGE_EIO "chain.stopped". */
SAGE_CHECKED sage_status sage_chain_stopped(sage_errinfo *err);

#endif

/* starknet/sender_private.h -- what the files of the sender share. */
#ifndef SAGE_STARKNET_SENDER_PRIVATE_H
#define SAGE_STARKNET_SENDER_PRIVATE_H

#include "starknet/sender.h"

/* A transaction that was signed and is not settled. */
typedef struct sage_flight {
    felt252 hash;
    uint64_t nonce;
    sage_tx tx;
    bool known;      /* a node has said, since the program started, that it has it */
    uint32_t missed; /* looks in a row that found its nonce used, and itself nowhere */
} sage_flight;

struct sage_sender {
    sage_sender_options o; /* journal: its own copy */
    char *journal;
    int lock_fd;
    felt252 chain;
    sage_sn sn;
    sage_flight flight[SAGE_SENDER_FLIGHT]; /* by nonce */
    uint32_t n;
    uint64_t next_nonce; /* at least this: what we used, even if a node lags behind */
};

/* Locks the journal and reads what is in flight; nothing to do without one. */
SAGE_CHECKED sage_status sage_journal_open(sage_sender *s, sage_errinfo *err);
void sage_journal_close(sage_sender *s);
/* Writes what is in flight, so that a crash finds all or nothing of the change. */
SAGE_CHECKED sage_status sage_journal_save(const sage_sender *s, sage_errinfo *err);

/* Estimates t, which gets its bounds. SAGE_ELIMIT "sender.fee_cap". */
SAGE_CHECKED sage_status sage_sender_bound(const sage_sender *s,
                                           sage_tx *t,
                                           uint64_t nonce,
                                           sage_sender_quote *out,
                                           sage_errinfo *err);
/* The account's nonce after what nodes have executed; 0 for an account that is not there. */
SAGE_CHECKED sage_status sage_sender_nonce(const sage_sender *s,
                                           uint64_t *out,
                                           sage_errinfo *err);

/* Takes *t, which is signed, in, and writes the journal. On error *t is the caller's still. */
SAGE_CHECKED sage_status sage_flight_add(sage_sender *s,
                                         sage_tx *t,
                                         felt252 hash,
                                         uint64_t nonce,
                                         sage_flight **out,
                                         sage_errinfo *err);
sage_flight *sage_flight_find(sage_sender *s, felt252 hash);
/* Frees it and writes the journal. */
SAGE_CHECKED sage_status sage_flight_drop(sage_sender *s, sage_flight *f, sage_errinfo *err);
/* Sleeps ms or until told to stop: SAGE_ECONFLICT "http.cancelled". */
SAGE_CHECKED sage_status sage_sender_nap(const sage_sender *s, uint32_t ms, sage_errinfo *err);
/* Until a node says that it has f, *status what it says; resends the same bytes to nodes that do
 * not. SAGE_ECONFLICT "sender.lost", SAGE_EAGAIN "sender.pending", errors of EPROOF. */
SAGE_CHECKED sage_status sage_flight_chase(sage_sender *s,
                                           sage_flight *f,
                                           uint64_t deadline_ms,
                                           sage_sn_status *status,
                                           sage_errinfo *err);

#endif

/* proto/types.h -- the values that client, coordinator, worker and store exchange.
 *
 * Plain structs without pointers, so that they copy across threads. Identifiers are text:
 * a letter, '-', 24 lower-case hex digits ("j-..." job, "w-..." worker, "l-..." lease,
 * "t-..." ledger transaction). Secrets and tokens are 64 hex digits; only their Blake2s
 * digest is ever stored. Times are milliseconds since 1970, by the database's clock. */
#ifndef SAGE_PROTO_TYPES_H
#define SAGE_PROTO_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/amount.h"
#include "sage/prove.h"
#include "sage/statement.h"

enum {
    SAGE_ID_LEN         = 26,
    SAGE_HEX32_LEN      = 64,
    SAGE_NAME_CAP       = 65,  /* worker name, client name, backend, stage */
    SAGE_REASON_CAP     = 241, /* why a job or lease ended, ASCII */
    SAGE_LEDGER_ENTRIES = 6    /* most entries of one ledger transaction */
};

typedef struct sage_id {
    char text[SAGE_ID_LEN + 1];
} sage_id;

typedef struct sage_hex32 {
    char text[SAGE_HEX32_LEN + 1];
} sage_hex32;

/* Legal moves: queued -> leased -> proved; leased -> queued; queued, leased -> failed,
 * expired. proved, failed and expired are final. */
#define SAGE_JOB_STATE_LIST(X)                                                                 \
    X(QUEUED, "queued")                                                                        \
    X(LEASED, "leased")                                                                        \
    X(PROVED, "proved")                                                                        \
    X(FAILED, "failed")                                                                        \
    X(EXPIRED, "expired")

typedef enum sage_job_state {
#define X(n, t) SAGE_JOB_##n,
    SAGE_JOB_STATE_LIST(X)
#undef X
        SAGE_JOB_STATES
} sage_job_state;

/* How a lease ended; open while it runs. */
#define SAGE_LEASE_OUTCOME_LIST(X)                                                             \
    X(OPEN, "open")                                                                            \
    X(ACCEPTED, "accepted")                                                                    \
    X(REJECTED, "rejected")                                                                    \
    X(FAILED, "failed")                                                                        \
    X(EXPIRED, "expired")

typedef enum sage_lease_outcome {
#define X(n, t) SAGE_LEASE_##n,
    SAGE_LEASE_OUTCOME_LIST(X)
#undef X
        SAGE_LEASE_OUTCOMES
} sage_lease_outcome;

/* The word of a value, NULL out of range; and the value of a word, SAGE_EFORMAT that names
 * the word if it is none of the list. */
const char *sage_job_state_name(sage_job_state s);
const char *sage_lease_outcome_name(sage_lease_outcome o);
SAGE_CHECKED sage_status sage_job_state_parse(const char *word,
                                              sage_job_state *out,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_lease_outcome_parse(const char *word,
                                                  sage_lease_outcome *out,
                                                  sage_errinfo *err);
SAGE_CHECKED sage_status sage_statement_kind_parse(const char *word,
                                                   uint32_t *out,
                                                   sage_errinfo *err);

/* Does a job of this kind come with bytes: the file of file_digest, program and arguments of
 * cairo (proto/cairo_job.h)? */
bool sage_kind_has_input(uint32_t kind);

/* A fresh identifier with the given letter, or a fresh secret, from the kernel's generator;
 * SAGE_EIO if that refuses. */
SAGE_CHECKED sage_status sage_id_new(sage_id *out, char letter, sage_errinfo *err);
SAGE_CHECKED sage_status sage_secret_new(sage_hex32 *out, sage_errinfo *err);
/* Whether text has exactly the form of an identifier with this letter / of 32 bytes in hex. */
bool sage_id_valid(const char *text, char letter);
bool sage_hex32_valid(const char *text);
/* Blake2s-256 of bytes, in hex; of a secret's text. Equality in constant time. */
void sage_digest_bytes(sage_hex32 *out, const void *bytes, size_t len);
void sage_secret_hash(sage_hex32 *out, const sage_hex32 *secret);
bool sage_hex32_equal(const sage_hex32 *a, const sage_hex32 *b);

typedef struct sage_worker {
    sage_id id;
    char name[SAGE_NAME_CAP];
    char backend[SAGE_NAME_CAP]; /* the default backend it announced */
    sage_hex32 secret_hash;
    int64_t created_ms, seen_ms;
    int64_t n_accepted, n_rejected, n_failed; /* its leases by outcome */
} sage_worker;

typedef struct sage_job {
    sage_id id;
    sage_job_state state;
    sage_statement statement;
    sage_hex32 access_hash;    /* of the job secret: who may read, and the idempotency key */
    sage_hex32 request_digest; /* of everything submitted, so that a replay can be told */
    char client[SAGE_NAME_CAP];
    sage_hex32 input_digest; /* Blake2s of the input bytes */
    int64_t input_len;
    sage_amount price;
    int64_t created_ms, deadline_ms;
    int64_t finished_ms; /* 0 until final */
    int64_t attempts, max_attempts;
    sage_id lease, worker;     /* of the current or last lease; empty before the first */
    char stage[SAGE_NAME_CAP]; /* progress of that lease */
    int64_t permille;
    char reason[SAGE_REASON_CAP]; /* why it failed, expired or went back to the queue */
} sage_job;

typedef struct sage_lease {
    sage_id id, job_id, worker_id;
    sage_hex32 token_hash;
    int64_t attempt, granted_ms, until_ms;
    int64_t ended_ms; /* 0 while open */
    sage_lease_outcome outcome;
} sage_lease;

/* What the coordinator knows about a proof once it has verified it. */
typedef struct sage_result {
    sage_hex32 proof_digest;
    int64_t proof_len;
    int64_t security_bits;
    char backend[SAGE_NAME_CAP]; /* as the worker reported it */
    int64_t prove_ms;            /* as the worker reported it */
    int64_t accepted_ms;
} sage_result;

typedef struct sage_ledger_entry {
    char account[SAGE_NAME_CAP + 8]; /* "client:..." "escrow:<job>" "worker:<id>" "fee:..." */
    bool credit;                     /* else debit */
    sage_amount amount;
} sage_ledger_entry;

typedef struct sage_ledger_tx {
    sage_id id;
    char kind[8]; /* "escrow", "payout", "refund" */
    int64_t created_ms;
    uint32_t n_entries;
    sage_ledger_entry entries[SAGE_LEDGER_ENTRIES];
} sage_ledger_tx;

/* Everything that was booked for a job. */
typedef struct sage_receipt {
    sage_job job;
    bool paid; /* result and the payout are there */
    sage_result result;
    uint32_t n_txs;
    sage_ledger_tx txs[2]; /* escrow, then payout or refund */
} sage_receipt;

#endif

/* store/store.h -- jobs, leases, results and the ledger, durable.
 *
 * One interface; SQLite behind it. Each function is one database transaction: it either
 * happened and is on disk when SAGE_OK returns, or left nothing. After SAGE_EIO the outcome
 * is unknown to the caller, who repeats the call: job_add, lease_accept and lease_end are
 * idempotent by job secret, lease token and proof digest. "Now" is the database's time.
 *
 * Every write of a worker names lease id and token: a lease that has ended, or whose time
 * has run out, answers SAGE_ESTALE ("store.lease"), whoever asks.
 *
 * Errors common to all: SAGE_EIO "store.sql" (err->at: the engine's code), SAGE_ENOMEM,
 * SAGE_EINTERNAL if a stored value breaks its own rule. Thread safety: every function may be
 * called from any thread. */
#ifndef SAGE_STORE_STORE_H
#define SAGE_STORE_STORE_H

#include "proto/types.h"

typedef struct sage_store sage_store;

typedef int64_t (*sage_clock_fn)(void *arg);

/* The shares of a price. worker is floor(80 %), the rest is the fee; of the fee burn is
 * floor(70 %), stakers floor(10 %), treasury the rest: what rounding leaves (less than 3
 * base units) goes to the treasury, and the four always add up to the price. */
typedef struct sage_shares {
    sage_amount worker, burn, treasury, stakers;
} sage_shares;
SAGE_CHECKED sage_status sage_shares_of(sage_shares *out,
                                        const sage_amount *price,
                                        sage_errinfo *err);

typedef struct sage_sweep {
    int64_t requeued; /* leases that ran out, job back in the queue */
    int64_t failed;   /* ... after the last attempt: job failed, escrow refunded */
    int64_t expired;  /* jobs past their deadline, escrow refunded */
} sage_sweep;

/* The books, added up over every transaction. */
typedef struct sage_audit {
    int64_t n_jobs, n_txs, n_entries;
    int64_t n_state[SAGE_JOB_STATES];
    int64_t n_unbalanced; /* transactions whose debits and credits differ */
    int64_t n_bad_escrow; /* final jobs whose escrow account is not empty, open jobs whose
                            * escrow is not exactly their price */
    int64_t n_unproved;   /* payouts of jobs that are not proved, or proved and unpaid */
    sage_amount escrow;   /* in escrow now */
    sage_amount paid;     /* to workers */
    sage_amount fees;     /* burn + treasury + stakers */
    sage_amount refunded; /* to clients */
} sage_audit;

struct sage_store_ops {
    void (*close)(sage_store *s);
    sage_status (*now)(sage_store *s, int64_t *ms, sage_errinfo *err);

    sage_status (*worker_add)(sage_store *s, const sage_worker *w, sage_errinfo *err);
    sage_status (*worker_auth)(sage_store *s,
                               const sage_hex32 *secret_hash,
                               sage_worker *out,
                               sage_errinfo *err);

    sage_status (*job_add)(
        sage_store *s, const sage_job *job, sage_job *out, bool *replayed, sage_errinfo *err);
    sage_status (*job_get)(sage_store *s, const sage_id *id, sage_job *out, sage_errinfo *err);
    sage_status (*job_receipt)(sage_store *s,
                               const sage_id *id,
                               sage_receipt *out,
                               sage_errinfo *err);

    sage_status (*lease_claim)(sage_store *s,
                               const sage_id *worker,
                               int64_t lease_ms,
                               sage_hex32 *token,
                               sage_lease *lease,
                               sage_job *job,
                               sage_errinfo *err);
    sage_status (*lease_get)(sage_store *s,
                             const sage_id *lease,
                             const sage_hex32 *token,
                             sage_lease *out,
                             sage_job *job,
                             sage_errinfo *err);
    sage_status (*lease_extend)(sage_store *s,
                                const sage_id *lease,
                                const sage_hex32 *token,
                                int64_t lease_ms,
                                const char *stage,
                                int64_t permille,
                                int64_t *until_ms,
                                sage_errinfo *err);
    sage_status (*lease_end)(sage_store *s,
                             const sage_id *lease,
                             const sage_hex32 *token,
                             sage_lease_outcome outcome,
                             const char *reason,
                             sage_errinfo *err);
    sage_status (*lease_accept)(sage_store *s,
                                const sage_id *lease,
                                const sage_hex32 *token,
                                const sage_result *result,
                                sage_receipt *out,
                                sage_errinfo *err);

    sage_status (*sweep)(sage_store *s, sage_sweep *out, sage_errinfo *err);
    sage_status (*audit)(sage_store *s, sage_audit *out, sage_errinfo *err);
    sage_status (*each_blob)(sage_store *s,
                             void (*fn)(void *arg, const char *digest),
                             void *arg,
                             sage_errinfo *err);
};

struct sage_store {
    const struct sage_store_ops *ops;
};

/* sage_store_open opens, and creates or migrates, the database at url: "sqlite:PATH" or a
 * bare path. clock (NULL: the system's) gives milliseconds since 1970 and is for tests; a
 * clock that steps back stands still for the store.
 * Returns SAGE_EUNSUP "store.postgresql" for postgres:// and postgresql:// URLs, which this
 * build does not have; SAGE_EINVAL for other schemes; SAGE_ECONFLICT "store.version" for a
 * database of a newer program. */
SAGE_CHECKED sage_status sage_store_open(
    const char *url, sage_clock_fn clock, void *clock_arg, sage_store **out, sage_errinfo *err);
void sage_store_close(sage_store *s);

/* The database's time. */
SAGE_CHECKED sage_status sage_store_now(sage_store *s, int64_t *ms, sage_errinfo *err);

/* Adds a worker (id, name, backend, secret_hash are read). */
SAGE_CHECKED sage_status sage_store_worker_add(sage_store *s,
                                               const sage_worker *w,
                                               sage_errinfo *err);
/* Finds a worker by the hash of its secret and notes that it was seen: SAGE_EAUTH if none. */
SAGE_CHECKED sage_status sage_store_worker_auth(sage_store *s,
                                                const sage_hex32 *secret_hash,
                                                sage_worker *out,
                                                sage_errinfo *err);

/* sage_store_job_add queues a job and moves its price from the client to escrow.
 *
 *   in      job      id, statement, access_hash, request_digest, client, input_digest,
 *                    input_len, price (> 0), max_attempts; deadline_ms counts from now
 *   out     out      the stored job; replayed: it was there already
 * The access hash is the idempotency key: the same hash with the same request digest gives
 * the job that is there, with another digest SAGE_ECONFLICT "store.replay". */
SAGE_CHECKED sage_status sage_store_job_add(
    sage_store *s, const sage_job *job, sage_job *out, bool *replayed, sage_errinfo *err);
/* SAGE_ENOTFOUND "store.job". */
SAGE_CHECKED sage_status sage_store_job_get(sage_store *s,
                                            const sage_id *id,
                                            sage_job *out,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_store_job_receipt(sage_store *s,
                                                const sage_id *id,
                                                sage_receipt *out,
                                                sage_errinfo *err);

/* sage_store_lease_claim leases the oldest queued job to worker, for lease_ms but not beyond
 * the job's deadline, under a fresh token that is returned here and never stored. Jobs of
 * which this worker had a proof refused are passed over. SAGE_ENOTFOUND "store.no_work". */
SAGE_CHECKED sage_status sage_store_lease_claim(sage_store *s,
                                                const sage_id *worker,
                                                int64_t lease_ms,
                                                sage_hex32 *token,
                                                sage_lease *lease,
                                                sage_job *job,
                                                sage_errinfo *err);
/* Reads a lease, ended or not, and its job: SAGE_ENOTFOUND "store.lease" if there is none,
 * SAGE_ESTALE if the token is not its token. */
SAGE_CHECKED sage_status sage_store_lease_get(sage_store *s,
                                              const sage_id *lease,
                                              const sage_hex32 *token,
                                              sage_lease *out,
                                              sage_job *job,
                                              sage_errinfo *err);
/* The lease runs for lease_ms from now (not beyond the job's deadline); notes progress. */
SAGE_CHECKED sage_status sage_store_lease_extend(sage_store *s,
                                                 const sage_id *lease,
                                                 const sage_hex32 *token,
                                                 int64_t lease_ms,
                                                 const char *stage,
                                                 int64_t permille,
                                                 int64_t *until_ms,
                                                 sage_errinfo *err);
/* Ends a lease without a result: outcome rejected or failed. The job goes back to the queue,
 * or after its last attempt fails and refunds. Ending an ended lease the same way again is
 * SAGE_OK. */
SAGE_CHECKED sage_status sage_store_lease_end(sage_store *s,
                                              const sage_id *lease,
                                              const sage_hex32 *token,
                                              sage_lease_outcome outcome,
                                              const char *reason,
                                              sage_errinfo *err);
/* sage_store_lease_accept closes the lease, records the result, books the payout and marks
 * the job proved, in one transaction. The caller has verified the proof. Accepting again with
 * the same digest returns the same receipt; with another, SAGE_ECONFLICT "store.accepted". */
SAGE_CHECKED sage_status sage_store_lease_accept(sage_store *s,
                                                 const sage_id *lease,
                                                 const sage_hex32 *token,
                                                 const sage_result *result,
                                                 sage_receipt *out,
                                                 sage_errinfo *err);

/* Ends leases whose time ran out and jobs past their deadline, at most 256 of each a call. */
SAGE_CHECKED sage_status sage_store_sweep(sage_store *s, sage_sweep *out, sage_errinfo *err);
/* Adds up the books. Cost: O(all entries). */
SAGE_CHECKED sage_status sage_store_audit(sage_store *s, sage_audit *out, sage_errinfo *err);
/* Calls fn with the digest of every input of an open job and of every accepted proof. */
SAGE_CHECKED sage_status sage_store_each_blob(sage_store *s,
                                              void (*fn)(void *arg, const char *digest),
                                              void *arg,
                                              sage_errinfo *err);

#endif

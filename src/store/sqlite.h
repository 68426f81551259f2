/* store/sqlite.h -- what the files of the SQLite store share.
 *
 * sqlite.c holds the public entries: each takes the lock, begins, calls one function below,
 * ends. The functions below run inside a transaction and never begin or end one; `now` is
 * the transaction's time. */
#ifndef SAGE_STORE_SQLITE_H
#define SAGE_STORE_SQLITE_H

#include <pthread.h>

#include "store/db.h"
#include "store/store.h"

typedef struct sage_sqlite {
    sage_store base;
    pthread_mutex_t lock;
    sage_db db;
    sage_clock_fn clock;
    void *clock_arg;
    int64_t last_now; /* time never steps back */
} sage_sqlite;

SAGE_CHECKED sage_status sage_sqlite_open(
    const char *path, sage_clock_fn clock, void *arg, sage_store **out, sage_errinfo *err);

/* sqlite_jobs.c */
SAGE_CHECKED sage_status sage_sqlite_job_read(sage_db *db,
                                              const char *id,
                                              sage_job *out,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_job_add(sage_db *db,
                                             int64_t now,
                                             const sage_job *job,
                                             sage_job *out,
                                             bool *replayed,
                                             sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_receipt(sage_db *db,
                                             const char *id,
                                             sage_receipt *out,
                                             sage_errinfo *err);

/* sqlite_leases.c */
SAGE_CHECKED sage_status sage_sqlite_lease_read(sage_db *db,
                                                const char *id,
                                                sage_lease *out,
                                                sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_claim(sage_db *db,
                                           int64_t now,
                                           const sage_id *worker,
                                           int64_t lease_ms,
                                           sage_hex32 *token,
                                           sage_lease *lease,
                                           sage_job *job,
                                           sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_extend(sage_db *db,
                                            int64_t now,
                                            const sage_id *lease,
                                            const sage_hex32 *token,
                                            int64_t lease_ms,
                                            const char *stage,
                                            int64_t permille,
                                            int64_t *until_ms,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_end(sage_db *db,
                                         int64_t now,
                                         const sage_id *lease,
                                         const sage_hex32 *token,
                                         sage_lease_outcome outcome,
                                         const char *reason,
                                         sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_accept(sage_db *db,
                                            int64_t now,
                                            const sage_id *lease,
                                            const sage_hex32 *token,
                                            const sage_result *result,
                                            sage_receipt *out,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_lease_checked(sage_db *db,
                                                   const sage_id *lease,
                                                   const sage_hex32 *token,
                                                   sage_lease *out,
                                                   sage_errinfo *err);

SAGE_CHECKED sage_status sage_sqlite_lease_expire(sage_db *db,
                                                  int64_t now,
                                                  const char *lease_id,
                                                  sage_errinfo *err);

/* sqlite_sweep.c */
SAGE_CHECKED sage_status sage_sqlite_sweep(sage_db *db,
                                           int64_t now,
                                           sage_sweep *out,
                                           sage_errinfo *err);

/* sqlite_ledger.c: the three bookings, and the audit */
SAGE_CHECKED sage_status sage_sqlite_book_escrow(sage_db *db,
                                                 int64_t now,
                                                 const sage_job *job,
                                                 sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_book_payout(
    sage_db *db, int64_t now, const sage_job *job, const sage_id *worker, sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_book_refund(sage_db *db,
                                                 int64_t now,
                                                 const sage_job *job,
                                                 sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_read_txs(sage_db *db,
                                              const char *job_id,
                                              sage_receipt *out,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_sqlite_audit(sage_db *db, sage_audit *out, sage_errinfo *err);

#endif

/* worker/worker.h -- the service that takes leases and makes proofs.
 *
 * Model: one job at a time. The main thread claims, spools, watches the child process that
 * proves, verifies its proof, hands it in. A thread of its own keeps the lease alive. What
 * was granted, fetched or made is on disk (worker/spool.h) before the next step, so a worker
 * that is killed goes on where it was. */
#ifndef SAGE_WORKER_WORKER_H
#define SAGE_WORKER_WORKER_H

#include <stdatomic.h>

#include "sage/prove.h"
#include "sage/verify.h"
#include "worker/spool.h"

typedef struct sage_worker_options {
    const char *coordinator;  /* URL */
    const char *data_dir;     /* identity and spool */
    const char *name;         /* shown by the coordinator; NULL: the host's name */
    const char *access_token; /* to register, where the coordinator asks for one; or NULL */
    const char *backend;      /* as sage_prove_options */
    uint32_t threads;
    uint64_t memory_bytes;
    sage_params params;
    const char *cache_dir; /* preprocessed trees of Cairo proofs; NULL: the user's */
    uint64_t max_input_bytes;
    bool once; /* end after one job was handed in or given up */
    /* Set from a signal handler: 1 finishes the job at hand, 2 leaves it to the next start. */
    const atomic_int *stop;
} sage_worker_options;

/* Defaults; data_dir, coordinator and stop must be set. */
void sage_worker_defaults(sage_worker_options *o);

/* sage_worker_run registers if data_dir has no identity, finishes what the spool holds, then
 * takes jobs until told to stop. A coordinator that does not answer is waited for.
 * SAGE_ECONFLICT "worker.running" if another process uses data_dir; SAGE_EUNSUP if the
 * backend is not available here; SAGE_EAUTH; SAGE_EIO. */
SAGE_CHECKED sage_status sage_worker_run(const sage_worker_options *o, sage_errinfo *err);

/* The child process: proves the job in spool folder dir, writes its progress to descriptor 3
 * and dies with process `parent`. cache_dir as above. Returns an exit code (sysexits). */
int sage_worker_child(const char *dir,
                      const sage_prove_options *o,
                      const char *cache_dir,
                      int parent);

/* identity.c: who this worker is. */
typedef struct sage_identity {
    sage_id worker;
    sage_hex32 secret;
} sage_identity;
SAGE_CHECKED sage_status sage_identity_load(sage_identity *out,
                                            const char *data_dir,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_identity_save(const sage_identity *id,
                                            const char *data_dir,
                                            sage_errinfo *err);

#endif

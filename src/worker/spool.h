/* worker/spool.h -- the jobs of a worker on disk: DATA/spool/<job>/
 *
 *   grant.json  the lease (holds its token; mode 0600); gone when the lease is lost
 *   input.bin   the input, complete or absent
 *   made        "backend milliseconds", written before proof.bin
 *   proof.bin   the proof, complete or absent
 *
 * Every file appears by rename after fsync. A proof outlives its lease: if the job is leased
 * again to this worker, it is handed in without proving again. */
#ifndef SAGE_WORKER_SPOOL_H
#define SAGE_WORKER_SPOOL_H

#include "proto/messages.h"

enum { SAGE_SPOOL_MAX_PROOF = 8 << 20, SAGE_SPOOL_KEEP_S = 24 * 3600 };

typedef struct sage_spool {
    char *dir;
} sage_spool;

/* Creates the folder; removes proofs without a lease older than SAGE_SPOOL_KEEP_S. */
SAGE_CHECKED sage_status sage_spool_open(sage_spool *s,
                                         const char *data_dir,
                                         sage_errinfo *err);
void sage_spool_close(sage_spool *s);
/* The folder of a job, malloc'ed; NULL for want of memory. */
char *sage_spool_path(const sage_spool *s, const sage_id *job, const char *file);

SAGE_CHECKED sage_status sage_spool_put_grant(const sage_spool *s,
                                              const sage_grant *g,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_spool_get_grant(const char *job_dir,
                                              sage_grant *g,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_spool_put(const sage_spool *s,
                                        const sage_id *job,
                                        const char *file,
                                        const void *bytes,
                                        size_t len,
                                        sage_errinfo *err);
bool sage_spool_has(const sage_spool *s, const sage_id *job, const char *file);
SAGE_CHECKED sage_status sage_spool_get(const sage_spool *s,
                                        const sage_id *job,
                                        const char *file,
                                        size_t max,
                                        uint8_t **bytes,
                                        size_t *len,
                                        sage_errinfo *err);
void sage_spool_drop(const sage_spool *s, const sage_id *job, const char *file);
/* Removes a job's folder and all in it. */
void sage_spool_remove(const sage_spool *s, const sage_id *job);
/* The next job with a grant, in no order; false if there is none. */
bool sage_spool_next(const sage_spool *s, sage_grant *out);

#endif

/* coordinator/coordinator.h -- the service that queues jobs, leases them, verifies and pays.
 *
 * Model: libmicrohttpd's threads read requests and stream bodies to disk; a complete request
 * becomes a task of one of two bounded pools, `quick` (database) and `heavy` (digests of
 * inputs, verification of proofs), while its connection is suspended; the task's reply
 * resumes it. Claims that wait for work are parked, no thread waits for them. A sweeper
 * thread ends leases and jobs whose time ran out. What must survive is in store and blobs
 * before the answer is sent. */
#ifndef SAGE_COORDINATOR_COORDINATOR_H
#define SAGE_COORDINATOR_COORDINATOR_H

#include "sage/cairo.h"
#include "sage/verify.h"
#include "store/blob.h"
#include "store/store.h"

/* What the coordinator asks of the proof system. Tests may put others in. A result of verify is
 * freed with sage_verify_result_free. */
typedef struct sage_checker {
    sage_status (*verify)(const uint8_t *proof,
                          size_t len,
                          uint32_t min_security_bits,
                          sage_verify_result *result,
                          sage_errinfo *err);
    sage_status (*wide_fibonacci)(sage_statement *out,
                                  uint32_t n_columns,
                                  uint32_t log_rows,
                                  sage_errinfo *err);
    sage_status (*poseidon2)(sage_statement *out,
                             uint32_t log_instances,
                             const uint32_t start[16],
                             sage_errinfo *err);
    sage_status (*file_digest)(sage_statement *out,
                               const uint8_t *bytes,
                               size_t len,
                               sage_errinfo *err);
    /* Runs a program and says what a proof of the run claims and takes: sage_cairo_quote. */
    sage_status (*cairo)(const sage_cairo_task *t,
                         const sage_prove_options *o,
                         sage_cairo_cost *out,
                         sage_errinfo *err);
} sage_checker;

/* What a job of kind cairo may ask for. The first three bound what the coordinator itself does
 * for a stranger when it runs the program, before the job is accepted. */
typedef struct sage_cairo_limits {
    uint64_t max_steps, max_cells, max_ms;
    uint32_t max_log_rows; /* of the largest component */
    uint64_t max_bytes;    /* memory of the proof, as quoted */
} sage_cairo_limits;

typedef struct sage_coordinator_options {
    const char *data_dir;     /* holds the database, blobs/ and port */
    const char *database;     /* sage_store_open's url; NULL: data_dir/coordinator.db */
    const char *listen;       /* "127.0.0.1:8080"; port 0: any; other hosts need a token */
    const char *access_token; /* needed to submit and to register; NULL: loopback only */
    uint32_t min_security_bits;
    uint64_t max_input_bytes, max_proof_bytes;
    sage_cairo_limits cairo;
    int64_t lease_ms;
    uint32_t quick_threads, heavy_threads;
    uint32_t max_connections, max_tasks, max_parked;
    const sage_checker *checker;
} sage_coordinator_options;

/* The defaults; data_dir and checker are NULL and must be set. */
void sage_coordinator_defaults(sage_coordinator_options *o);

typedef struct sage_coordinator sage_coordinator;

/* Opens the data folder, removes blobs that nothing names, serves. The port is written to
 * data_dir/port. The options' strings and checker must outlive the coordinator.
 * SAGE_ECONFLICT "coordinator.running" if another process uses data_dir; SAGE_EAUTH
 * "coordinator.open" for an address off loopback without access token; SAGE_EIO. */
SAGE_CHECKED sage_status sage_coordinator_start(sage_coordinator **out,
                                                const sage_coordinator_options *o,
                                                sage_errinfo *err);
uint16_t sage_coordinator_port(const sage_coordinator *c);
/* Takes no new work, finishes the requests that run (at most drain_ms), stops, frees. */
void sage_coordinator_stop(sage_coordinator *c, int64_t drain_ms);

#endif

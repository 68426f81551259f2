/* coordinator/internal.h -- what the coordinator's files share.
 *
 * server.c turns HTTP into sage_request and replies back; handlers_*.c are functions from a
 * request to a status and a filled reply; base/tasks.h runs them. */
#ifndef SAGE_COORDINATOR_INTERNAL_H
#define SAGE_COORDINATOR_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>

#include "base/tasks.h"
#include "coordinator/coordinator.h"
#include "proto/messages.h"
#include "proto/routes.h"

enum { SAGE_META_CAP = 4096 };

typedef struct sage_request {
    sage_task task; /* first: the pools hand back this pointer */
    sage_coordinator *c;
    struct MHD_Connection *connection;
    const sage_route *route;
    sage_id id;
    bool has_bearer, has_token, has_secret, has_meta;
    sage_hex32 bearer, token, secret; /* Authorization, Sage-Lease-Token, Sage-Job-Secret */
    char meta[SAGE_META_CAP];         /* Sage-Job or Sage-Result */
    bool binary;                      /* the body goes to upload, else to json */
    char *json;
    size_t json_len;
    sage_blob_writer upload;
    sage_status body_status; /* first failure while the body arrived */
    sage_errinfo error;
    uint64_t park_until_ms;      /* monotonic; 0: not asked to wait */
    struct sage_request *parked; /* next in the list of parked requests */
    /* the reply */
    bool ready;
    bool active; /* counted in n_active, until its answer is sent */
    unsigned http_status;
    char *text; /* JSON, malloc'ed; NULL: none */
    int fd;     /* or a file; -1: none */
    uint64_t fd_len;
} sage_request;

struct sage_coordinator {
    sage_coordinator_options options;
    char *dir, *database;
    int lock_fd;
    sage_store *store;
    sage_blobs blobs;
    sage_tasks *quick, *heavy;
    struct MHD_Daemon *daemon;
    uint16_t port;
    sage_hex32 access_hash;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t idle;  /* n_active may have gone down */
    sage_request *parked;
    uint64_t n_wakes; /* how often there may have been new work */
    uint32_t n_parked, n_active;
    bool draining, stopped;
    pthread_t sweeper;
    pthread_cond_t sweep_now;
};

/* What a handler answers with: SAGE_OK after one of the reply functions, an error, which
 * server.c sends as such, or SAGE_EAGAIN with *park set for a claim that shall wait. */
typedef sage_status (*sage_handler)(sage_request *r, bool *park, sage_errinfo *err);
extern const sage_handler sage_handlers[SAGE_ROUTES];
/* Whether a route's work belongs to the heavy pool. */
bool sage_route_is_heavy(sage_route_name name);

/* Takes text. */
void sage_reply_json(sage_request *r, unsigned http_status, char *text);
void sage_reply_none(sage_request *r, unsigned http_status);
void sage_reply_file(sage_request *r, int fd, uint64_t len);

/* auth.c: each compares digests in constant time and fails with SAGE_EAUTH. */
SAGE_CHECKED sage_status sage_auth_access(sage_request *r, sage_errinfo *err);
SAGE_CHECKED sage_status sage_auth_worker(sage_request *r, sage_worker *out, sage_errinfo *err);
SAGE_CHECKED sage_status sage_auth_job(sage_request *r, sage_job *out, sage_errinfo *err);
/* The lease in the path, by worker and token; the lease may have ended. */
SAGE_CHECKED sage_status sage_auth_lease(sage_request *r,
                                         const sage_hex32 *token,
                                         sage_lease *lease,
                                         sage_job *job,
                                         sage_errinfo *err);

/* server.c: puts the parked claims back into the quick pool: all of them, when there may be
 * work, or those whose wait is over. */
void sage_wake_parked(sage_coordinator *c);
void sage_wake_expired(sage_coordinator *c);

/* handlers */
sage_status sage_handle_health(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_job_submit(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_job_status(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_job_proof(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_job_receipt(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_worker_add(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_worker_self(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_lease_claim(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_lease_input(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_lease_heartbeat(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_lease_result(sage_request *r, bool *park, sage_errinfo *err);
sage_status sage_handle_lease_fail(sage_request *r, bool *park, sage_errinfo *err);

#endif

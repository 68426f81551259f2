/* proto/routes.h -- the HTTP routes, once. A test compares them with api/openapi.yaml. */
#ifndef SAGE_PROTO_ROUTES_H
#define SAGE_PROTO_ROUTES_H

#include "proto/types.h"

/* X(name, method, path, body, auth). `*` in a path stands for one identifier. body is what
 * the request carries: NONE, JSON (at most SAGE_JSON_MAX_BYTES), INPUT or PROOF (bytes, with
 * the coordinator's limits); JSON_OR_INPUT either by Content-Type. auth is whose secret
 * authorises: NONE, ACCESS (the coordinator's access token where it has one), WORKER, JOB. */
#define SAGE_ROUTE_LIST(X)                                                                     \
    X(HEALTH, "GET", "/health", NONE, NONE)                                                    \
    X(JOB_SUBMIT, "POST", "/v1/jobs", JSON_OR_INPUT, ACCESS)                                   \
    X(JOB_STATUS, "GET", "/v1/jobs/*", NONE, JOB)                                              \
    X(JOB_PROOF, "GET", "/v1/jobs/*/proof", NONE, JOB)                                         \
    X(JOB_RECEIPT, "GET", "/v1/jobs/*/receipt", NONE, JOB)                                     \
    X(WORKER_ADD, "POST", "/v1/workers", JSON, ACCESS)                                         \
    X(WORKER_SELF, "GET", "/v1/workers/me", NONE, WORKER)                                      \
    X(LEASE_CLAIM, "POST", "/v1/leases", JSON, WORKER)                                         \
    X(LEASE_INPUT, "GET", "/v1/leases/*/input", NONE, WORKER)                                  \
    X(LEASE_HEARTBEAT, "POST", "/v1/leases/*/heartbeat", JSON, WORKER)                         \
    X(LEASE_RESULT, "POST", "/v1/leases/*/result", PROOF, WORKER)                              \
    X(LEASE_FAIL, "POST", "/v1/leases/*/fail", JSON, WORKER)

typedef enum sage_route_body {
    SAGE_BODY_NONE,
    SAGE_BODY_JSON,
    SAGE_BODY_INPUT,
    SAGE_BODY_PROOF,
    SAGE_BODY_JSON_OR_INPUT
} sage_route_body;

typedef enum sage_route_auth {
    SAGE_AUTH_NONE,
    SAGE_AUTH_ACCESS,
    SAGE_AUTH_WORKER,
    SAGE_AUTH_JOB
} sage_route_auth;

typedef enum sage_route_name {
#define X(name, method, path, body, auth) SAGE_ROUTE_##name,
    SAGE_ROUTE_LIST(X)
#undef X
        SAGE_ROUTES
} sage_route_name;

typedef struct sage_route {
    sage_route_name name;
    const char *method, *path;
    sage_route_body body;
    sage_route_auth auth;
} sage_route;

extern const sage_route sage_routes[SAGE_ROUTES];

/* sage_route_find matches method and path; id receives the text that stood for `*`, if any.
 * SAGE_ENOTFOUND "route.path"; SAGE_EINVAL "route.method" for a known path. */
SAGE_CHECKED sage_status sage_route_find(const char *method,
                                         const char *path,
                                         const sage_route **out,
                                         sage_id *id,
                                         sage_errinfo *err);

#endif

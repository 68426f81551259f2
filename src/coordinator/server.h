/* coordinator/server.h -- the HTTP side, for coordinator.c. */
#ifndef SAGE_COORDINATOR_SERVER_H
#define SAGE_COORDINATOR_SERVER_H

#include "coordinator/internal.h"

/* Starts the pools and listens; c->port tells where. */
SAGE_CHECKED sage_status sage_server_start(sage_coordinator *c,
                                           const struct sockaddr *address,
                                           sage_errinfo *err);
/* Ends both; takes what start left, also after its failure. */
void sage_server_drain(sage_coordinator *c, int64_t drain_ms);

#endif

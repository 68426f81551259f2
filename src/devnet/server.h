/* devnet/server.h -- the node's HTTP: POST / (and /rpc, /rpc/v0_10) for JSON-RPC, GET /is_alive.
 *
 * Model: event threads take requests in and answer quick ones themselves; what may take
 * milliseconds goes to a pool of readers, what waits for the disk to a pool of writers, whose
 * number is how many transactions can share one commit. Queues, connections, bodies and the
 * memory of all bodies together are bounded; beyond a bound the answer is 503 or 413.
 *
 * A page in a browser cannot use the node unless its origin is allowed: bodies must be
 * application/json, which no page may send elsewhere unasked, and on loopback Host must be an
 * address or localhost, so that no name can be pointed here. */
#ifndef SAGE_DEVNET_SERVER_H
#define SAGE_DEVNET_SERVER_H

#include "base/listen.h"
#include "devnet/rpc.h"

typedef struct sage_node sage_node;

typedef struct sage_node_options {
    const char *listen; /* base/listen.h */
    const char *cors;   /* Access-Control-Allow-Origin, with preflight; NULL: none */
    bool dev_methods;
    uint32_t event_threads, readers, writers;
    uint32_t max_connections, max_tasks;
    uint32_t idle_seconds;
    uint64_t max_body_bytes; /* of all bodies that are being received or answered */
} sage_node_options;
sage_node_options sage_node_defaults(void);

/* Serves the chain, which outlives the node. SAGE_EINVAL "node.listen", SAGE_EIO "node.listen",
 * SAGE_ENOMEM "node.memory", SAGE_EAGAIN "tasks.thread". */
SAGE_CHECKED sage_status sage_node_start(sage_node **out,
                                         sage_chain *chain,
                                         const sage_node_options *o,
                                         sage_errinfo *err);
uint16_t sage_node_port(const sage_node *n);
/* Takes no more connections, waits up to drain_ms for the requests that are there, and frees. */
void sage_node_stop(sage_node *n, uint32_t drain_ms);

#endif

/* starknet/node_pool.h -- several nodes of one network as one to ask.
 *
 * Nodes are asked in the order given; one that does not answer, answers nonsense, is behind or
 * speaks another version is passed over for a while. Before its first answer counts, and again
 * after it was passed over, a node must have named the chain that the caller configured: another
 * chain is a mistake that no failover should hide, and ends the call with "pool.chain", naming
 * both. Reads are repeated, with pauses; a write goes to one node, once.
 *
 * What a single node says of the state is believed (there are no proofs of it), only not without
 * the bounds above. A pool belongs to one thread. */
#ifndef SAGE_STARKNET_NODE_POOL_H
#define SAGE_STARKNET_NODE_POOL_H

#include <stdatomic.h>

#include "starknet/rpc.h"

enum { SAGE_SN_POOL_MAX = 8 };

typedef struct sage_sn_pool sage_sn_pool;

typedef struct sage_sn_pool_options {
    const char *const *urls;
    uint32_t n;              /* 1..SAGE_SN_POOL_MAX */
    felt252 chain_id;        /* sage_felt_short("SN_SEPOLIA") */
    long timeout_ms;         /* of one exchange; 0: 10 s */
    uint32_t max_head_age_s; /* the latest block's age; 0: any (a local chain stands still) */
    uint32_t max_lag;        /* blocks behind the others' median; 0: any */
    uint32_t check_ms;       /* a head is looked at again after this; 0: 10 s */
    uint32_t rounds;         /* how often a read goes around all nodes; 0: 3 */
    uint32_t down_ms;        /* a failed node is passed over for this; 0: 5 s */
    const atomic_int *stop;  /* not zero: break off ("http.cancelled"); may be NULL */
} sage_sn_pool_options;

/* Opens no connection. SAGE_EINVAL "pool.nodes" and errors of sage_http_open. */
SAGE_CHECKED sage_status sage_sn_pool_open(sage_sn_pool **out,
                                           const sage_sn_pool_options *o,
                                           sage_errinfo *err);
void sage_sn_pool_close(sage_sn_pool *p);

/* The pool as one to ask. Errors beside those of rpc.h: SAGE_EINVAL "pool.chain"; SAGE_EAGAIN
 * "pool.down", with the last failure in err->msg, if no node gives an answer; SAGE_EUNSUP
 * "pool.version", SAGE_EAGAIN "pool.stale" if that is what is wrong with all. */
sage_sn sage_sn_of_pool(sage_sn_pool *p);
felt252 sage_sn_pool_chain(const sage_sn_pool *p);
/* Asks the node that the next write would go to for its chain now: before every signature. */
SAGE_CHECKED sage_status sage_sn_pool_check_chain(sage_sn_pool *p, sage_errinfo *err);
/* The node that answered last, for messages; "" before. */
const char *sage_sn_pool_last(const sage_sn_pool *p);

#endif

/* devnet/rpc.h -- JSON-RPC 2.0 with Starknet's methods (facts D2): from the bytes of a body to
 * the text of an answer. No sockets, no threads: server.c has those.
 *
 * Methods stand in tables (rpc_methods.h), with the names of their parameters, which may come
 * by position or by name; a name or a position that no parameter has is an error. Hostile bodies
 * cost memory in proportion to their length: see SAGE_RPC_MAX_VALUES. */
#ifndef SAGE_DEVNET_RPC_H
#define SAGE_DEVNET_RPC_H

#include "devnet/chain.h"
#include "devnet/json_text.h"

enum {
    SAGE_RPC_MAX_BODY   = 12 << 20, /* a proof of SAGE_TX_MAX_PROOF in base64, and the rest */
    SAGE_RPC_MAX_VALUES = 1 << 19,  /* values in a body: commas and brackets */
    SAGE_RPC_MAX_BATCH  = 128,
    SAGE_RPC_MAX_ANSWER = 64 << 20 /* a batch that is longer ends with errors */
};

typedef struct sage_rpc {
    sage_chain *chain;
    bool dev_methods; /* devnet_* are served */
} sage_rpc;

/* What a request costs: some microseconds; a read that may take milliseconds; a wait for the disk.
 * A batch costs what its dearest call does. */
typedef enum sage_rpc_lane { SAGE_RPC_QUICK, SAGE_RPC_READ, SAGE_RPC_WRITE } sage_rpc_lane;

/* NULL if the bytes are no JSON, or too many values. */
json_t *sage_rpc_parse(const char *bytes, size_t n);
sage_rpc_lane sage_rpc_lane_of(const json_t *request);
/* Appends the answer to a parsed body (NULL: not JSON). Nothing is appended if there is nothing to
 * answer: notifications. Any number of calls at once. */
void sage_rpc_answer(const sage_rpc *rpc, const json_t *request, sage_sink *out);

#endif

/* devnet/rpc_methods.h -- the tables of methods, and what a method gets.
 *
 * A method reads its arguments (rpc_params.h), asks the chain, and only then writes its result
 * with call->out; on failure what it wrote is taken back and the error is the answer. */
#ifndef SAGE_DEVNET_RPC_METHODS_H
#define SAGE_DEVNET_RPC_METHODS_H

#include "devnet/rpc.h"

enum { SAGE_RPC_PARAMS = 5 };

typedef struct sage_rpc_call {
    const sage_rpc *rpc;
    const json_t *arg[SAGE_RPC_PARAMS]; /* in the table's order; NULL: not given */
    sage_json_out *out;
    sage_errinfo *err;
} sage_rpc_call;

typedef struct sage_rpc_method {
    const char *name;
    const char *params[SAGE_RPC_PARAMS]; /* required ones first */
    uint32_t n_required;
    sage_rpc_lane lane;
    sage_status (*run)(const sage_rpc_call *c);
} sage_rpc_method;

typedef struct sage_rpc_table {
    const sage_rpc_method *methods;
    uint32_t n;
} sage_rpc_table;

extern const sage_rpc_table sage_rpc_read_table;  /* state, transactions, fees */
extern const sage_rpc_table sage_rpc_block_table; /* blocks and their parts */
extern const sage_rpc_table sage_rpc_event_table;
extern const sage_rpc_table sage_rpc_write_table;
extern const sage_rpc_table sage_rpc_trace_table;
extern const sage_rpc_table sage_rpc_dev_table; /* devnet_*, behind a flag */

#endif

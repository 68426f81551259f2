/* devnet/rpc_code.h -- from our errors to those of JSON-RPC: by err->where to a code, its message
 * of the specification (starknet-specs 0.10), and the form of its data. */
#ifndef SAGE_DEVNET_RPC_CODE_H
#define SAGE_DEVNET_RPC_CODE_H

#include "sage/status.h"

typedef enum sage_rpc_data {
    SAGE_RPC_DATA_TEXT,       /* err->msg */
    SAGE_RPC_DATA_REVERT,     /* {revert_error: err->msg} */
    SAGE_RPC_DATA_EXECUTION,  /* {transaction_index: err->at, execution_error: err->msg} */
    SAGE_RPC_DATA_COMPILATION /* {compilation_error: err->msg} */
} sage_rpc_data;

typedef struct sage_rpc_code {
    int code;
    const char *message;
    sage_rpc_data data;
} sage_rpc_code;

/* -32603 for what has no row. */
sage_rpc_code sage_rpc_code_of(const sage_errinfo *err);

#endif

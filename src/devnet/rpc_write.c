/* devnet/rpc_write.c -- methods that hand in transactions. Each answers when it is on disk. */
#include "devnet/rpc_methods.h"
#include "devnet/rpc_params.h"
#include "devnet/tx_json.h"

static sage_status
submit(const sage_rpc_call *c, sage_tx_kind kind, felt252 *hash, felt252 *address)
{
    sage_tx t;
    sage_status st = sage_tx_read(&t, c->arg[0], c->err);
    if (!st && t.kind != kind)
        st = sage_rpc_bad(c->err, "type", "is of another kind of transaction");
    if (!st) st = sage_chain_submit(c->rpc->chain, &t, hash, address, c->err);
    sage_tx_free(&t);
    return st;
}

static sage_status add_invoke(const sage_rpc_call *c)
{
    felt252 hash, address;
    sage_status st = submit(c, SAGE_TX_INVOKE, &hash, &address);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    sage_json_text_felt_of(c->out, "transaction_hash", hash);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status add_deploy_account(const sage_rpc_call *c)
{
    felt252 hash, address;
    sage_status st = submit(c, SAGE_TX_DEPLOY_ACCOUNT, &hash, &address);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    sage_json_text_felt_of(c->out, "transaction_hash", hash);
    sage_json_text_felt_of(c->out, "contract_address", address);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status add_declare(const sage_rpc_call *c)
{
    if (!json_is_object(c->arg[0]))
        return sage_rpc_bad(c->err, "declare_transaction", "must be an object");
    return sage_fail(c->err, SAGE_EUNSUP, "node.unsupported", -1,
                     "the classes of this chain are native code: none can be declared");
}

static const sage_rpc_method methods[] = {
    {"starknet_addInvokeTransaction", {"invoke_transaction"}, 1, SAGE_RPC_WRITE, add_invoke},
    {"starknet_addDeployAccountTransaction",
     {"deploy_account_transaction"},
     1,
     SAGE_RPC_WRITE,
     add_deploy_account},
    {"starknet_addDeclareTransaction", {"declare_transaction"}, 1, SAGE_RPC_QUICK, add_declare},
};

const sage_rpc_table sage_rpc_write_table = {methods, sizeof methods / sizeof *methods};

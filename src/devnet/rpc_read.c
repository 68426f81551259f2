/* devnet/rpc_read.c -- methods that read state, transactions by hash, and constants. */
#include <stdlib.h>
#include <string.h>

#include "devnet/abi.h"
#include "devnet/contract.h"
#include "devnet/rpc_methods.h"
#include "devnet/rpc_params.h"
#include "devnet/tx_json.h"

static const char *const response_flags[] = {"INCLUDE_PROOF_FACTS"};

static sage_status spec_version(const sage_rpc_call *c)
{
    sage_json_out_string(c->out, "0.10.2");
    return SAGE_OK;
}

static sage_status chain_id(const sage_rpc_call *c)
{
    sage_json_text_felt(c->out, sage_chain_settings(c->rpc->chain)->chain_id);
    return SAGE_OK;
}

static sage_status syncing(const sage_rpc_call *c)
{
    sage_json_out_bool(c->out, false);
    return SAGE_OK;
}

/* State. */
static sage_status storage_at(const sage_rpc_call *c)
{
    felt252 contract, key, value;
    sage_block_id at;
    unsigned flags;
    sage_status st = sage_rpc_felt(c->arg[0], "contract_address", &contract, c->err);
    if (!st) st = sage_rpc_felt(c->arg[1], "key", &key, c->err);
    if (!st) st = sage_rpc_block_id(c->arg[2], "block_id", &at, c->err);
    if (!st) st = sage_rpc_flags(c->arg[3], "response_flags", NULL, 0, &flags, c->err);
    if (!st)
        st = sage_chain_get(c->rpc->chain, &at, SAGE_CELL_STORAGE, contract, key, &value,
                            c->err);
    if (!st) sage_json_text_felt(c->out, value);
    return st;
}

/* Arguments block_id, contract_address. */
static sage_status get_cell(const sage_rpc_call *c, sage_cell_kind kind, felt252 *value)
{
    felt252 contract;
    sage_block_id at;
    sage_status st = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st) st = sage_rpc_felt(c->arg[1], "contract_address", &contract, c->err);
    if (!st)
        st = sage_chain_get(c->rpc->chain, &at, kind, contract, felt252_zero(), value, c->err);
    return st;
}

static sage_status nonce(const sage_rpc_call *c)
{
    felt252 v;
    sage_status st = get_cell(c, SAGE_CELL_NONCE, &v);
    if (!st) sage_json_text_felt(c->out, v);
    return st;
}

static sage_status class_hash_at(const sage_rpc_call *c)
{
    felt252 v;
    sage_status st = get_cell(c, SAGE_CELL_CLASS, &v);
    if (!st) sage_json_text_felt(c->out, v);
    return st;
}

static sage_status find_class(felt252 hash, const sage_contract **out, sage_errinfo *err)
{
    *out = sage_contract_of(hash);
    if (*out) return SAGE_OK;
    return sage_fail(err, SAGE_ENOTFOUND, "chain.class", -1, "no class has this hash");
}

static sage_status put_class(const sage_rpc_call *c, felt252 hash)
{
    const sage_contract *class;
    sage_status st = find_class(hash, &class, c->err);
    if (st) return st;
    char *text = sage_class_json(class);
    if (!text) return sage_fail(c->err, SAGE_ENOMEM, "node.memory", -1, "no memory");
    sage_json_out_digits(c->out, text);
    free(text);
    return SAGE_OK;
}

static sage_status class_at(const sage_rpc_call *c)
{
    felt252 hash;
    sage_status st = get_cell(c, SAGE_CELL_CLASS, &hash);
    return st ? st : put_class(c, hash);
}

/* Classes are there from the first block on: the block only has to exist. */
static sage_status class_by_hash(const sage_rpc_call *c)
{
    felt252 hash;
    sage_block_id at;
    sage_block_header h;
    sage_status st = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st) st = sage_rpc_felt(c->arg[1], "class_hash", &hash, c->err);
    if (!st) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    return st ? st : put_class(c, hash);
}

static sage_status compiled_casm(const sage_rpc_call *c)
{
    felt252 hash;
    const sage_contract *class;
    sage_status st = sage_rpc_felt(c->arg[0], "class_hash", &hash, c->err);
    if (!st) st = find_class(hash, &class, c->err);
    if (!st)
        st = sage_fail(c->err, SAGE_EUNSUP, "node.casm", -1,
                       "the classes of this chain are native code, not Cairo assembly");
    return st;
}

static sage_status call_view(const sage_rpc_call *c)
{
    static const char *const names[] = {"contract_address", "entry_point_selector", "calldata"};
    const json_t *m[3];
    felt252 to, selector;
    sage_block_id at;
    sage_felt_list calldata = {0}, result = {0};
    sage_status st = sage_rpc_members(c->arg[0], "request", names, 3, m, c->err);
    if (!st) st = sage_rpc_felt(m[0], names[0], &to, c->err);
    if (!st) st = sage_rpc_felt(m[1], names[1], &selector, c->err);
    if (!st) st = sage_rpc_block_id(c->arg[1], "block_id", &at, c->err);
    if (!st) st = sage_rpc_felts(m[2], names[2], &calldata, c->err);
    if (!st)
        st = sage_chain_call_view(c->rpc->chain, &at, to, selector, &calldata, &result, c->err);
    if (!st) sage_json_text_felts(c->out, result.v, result.n);
    sage_felt_list_free(&result);
    sage_felt_list_free(&calldata);
    return st;
}

/* The trees behind roots are not kept by node (docs/devnet.md): nothing is provable. */
static sage_status storage_proof(const sage_rpc_call *c)
{
    sage_block_id at;
    sage_block_header h;
    sage_status st = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    if (!st)
        st = sage_fail(c->err, SAGE_EUNSUP, "node.storage_proof", -1,
                       "this node has no storage proofs of any block");
    return st;
}

/* Transactions by hash. */
static sage_status find_tx(const sage_rpc_call *c, sage_chain_tx *t)
{
    felt252 hash;
    sage_status st = sage_rpc_felt(c->arg[0], "transaction_hash", &hash, c->err);
    return st ? st : sage_chain_tx_by_hash(c->rpc->chain, hash, t, c->err);
}

static sage_status tx_by_hash(const sage_rpc_call *c)
{
    sage_chain_tx t;
    unsigned flags;
    sage_status st =
        sage_rpc_flags(c->arg[1], "response_flags", response_flags, 1, &flags, c->err);
    if (!st) st = find_tx(c, &t);
    if (st) return st;
    sage_tx_put(c->out, t.tx, true, flags);
    sage_chain_tx_free(&t);
    return SAGE_OK;
}

static sage_status tx_status(const sage_rpc_call *c)
{
    sage_chain_tx t;
    sage_status st = find_tx(c, &t);
    if (st) return st;
    sage_status_put(c->out, t.receipt, t.sealed);
    sage_chain_tx_free(&t);
    return SAGE_OK;
}

static sage_status tx_receipt(const sage_rpc_call *c)
{
    sage_chain_tx t;
    sage_block_header h;
    sage_status st = find_tx(c, &t);
    if (st) return st;
    sage_block_id at = {.tag = SAGE_BLOCK_NUMBER, .number = t.block};
    if (t.sealed) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    if (!st)
        sage_receipt_put(c->out, t.receipt, t.sealed, true, t.block, t.sealed ? &h.hash : NULL);
    sage_chain_tx_free(&t);
    return st;
}

/* There is no L1, so no transaction of L1 sent anything. */
static sage_status messages_status(const sage_rpc_call *c)
{
    felt252 hash;
    sage_status st = sage_rpc_felt(c->arg[0], "transaction_hash", &hash, c->err);
    if (!st)
        st =
            sage_fail(c->err, SAGE_ENOTFOUND, "chain.tx", -1, "this chain has no L1 behind it");
    return st;
}

static sage_status message_fee(const sage_rpc_call *c)
{
    sage_block_id at;
    sage_status st = sage_rpc_block_id(c->arg[1], "block_id", &at, c->err);
    if (!st)
        st = sage_fail(c->err, SAGE_EUNSUP, "node.messages", -1,
                       "this chain has no L1 behind it, and no contract takes messages");
    return st;
}

static const sage_rpc_method methods[] = {
    {"starknet_specVersion", {0}, 0, SAGE_RPC_QUICK, spec_version},
    {"starknet_chainId", {0}, 0, SAGE_RPC_QUICK, chain_id},
    {"starknet_syncing", {0}, 0, SAGE_RPC_QUICK, syncing},
    {"starknet_getNonce", {"block_id", "contract_address"}, 2, SAGE_RPC_QUICK, nonce},
    {"starknet_call", {"request", "block_id"}, 2, SAGE_RPC_QUICK, call_view},
    {"starknet_getStorageAt",
     {"contract_address", "key", "block_id", "response_flags"},
     3,
     SAGE_RPC_QUICK,
     storage_at},
    {"starknet_getClassHashAt",
     {"block_id", "contract_address"},
     2,
     SAGE_RPC_QUICK,
     class_hash_at},
    {"starknet_getTransactionStatus", {"transaction_hash"}, 1, SAGE_RPC_QUICK, tx_status},
    {"starknet_getTransactionReceipt", {"transaction_hash"}, 1, SAGE_RPC_QUICK, tx_receipt},
    {"starknet_getTransactionByHash",
     {"transaction_hash", "response_flags"},
     1,
     SAGE_RPC_QUICK,
     tx_by_hash},
    {"starknet_getMessagesStatus", {"transaction_hash"}, 1, SAGE_RPC_QUICK, messages_status},
    {"starknet_getClass", {"block_id", "class_hash"}, 2, SAGE_RPC_READ, class_by_hash},
    {"starknet_getClassAt", {"block_id", "contract_address"}, 2, SAGE_RPC_READ, class_at},
    {"starknet_getCompiledCasm", {"class_hash"}, 1, SAGE_RPC_QUICK, compiled_casm},
    {"starknet_estimateMessageFee", {"message", "block_id"}, 2, SAGE_RPC_QUICK, message_fee},
    {"starknet_getStorageProof",
     {"block_id", "class_hashes", "contract_addresses", "contracts_storage_keys"},
     1,
     SAGE_RPC_QUICK,
     storage_proof},
};

const sage_rpc_table sage_rpc_read_table = {methods, sizeof methods / sizeof *methods};

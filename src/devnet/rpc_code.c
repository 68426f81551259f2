/* devnet/rpc_code.c -- the table of JSON-RPC errors (facts D2). */
#include "devnet/rpc_code.h"

#include <stdbool.h>
#include <string.h>

/* A `where` that ends in a dot stands for all that begin with it. */
typedef struct row {
    const char *where;
    sage_rpc_code code;
} row;

static const char unexpected[] = "An unexpected error occurred";
static const char invalid[]    = "Invalid params";
static const char bad_proof[]  = "The proof field in the invoke v3 transaction is invalid";
static const char balance[]   = "Account balance is smaller than the transaction's maximal fee "
                                "(calculated as the sum of each resource's limit x max price)";
static const char resources[] = "The transaction's resources don't cover validation or the "
                                "minimal transaction fee";
static const char storage_proof[] =
    "the node doesn't support storage proofs for blocks that are too far in the past";

static const row rows[] = {
    {"node.parse", {-32700, "Parse error", SAGE_RPC_DATA_TEXT}},
    {"node.request", {-32600, "Invalid Request", SAGE_RPC_DATA_TEXT}},
    {"node.batch", {-32600, "Invalid Request", SAGE_RPC_DATA_TEXT}},
    {"node.answer", {-32603, "Internal error", SAGE_RPC_DATA_TEXT}},
    {"node.method", {-32601, "Method not found", SAGE_RPC_DATA_TEXT}},
    {"node.dev_methods", {-32601, "Method not found", SAGE_RPC_DATA_TEXT}},
    {"node.params", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
    {"chain.contract", {20, "Contract not found", SAGE_RPC_DATA_TEXT}},
    {"chain.entry_point",
     {21, "Requested entry point does not exist in the contract", SAGE_RPC_DATA_TEXT}},
    {"chain.block", {24, "Block not found", SAGE_RPC_DATA_TEXT}},
    {"chain.index", {27, "Invalid transaction index in a block", SAGE_RPC_DATA_TEXT}},
    {"chain.class", {28, "Class hash not found", SAGE_RPC_DATA_TEXT}},
    {"chain.tx", {29, "Transaction hash not found", SAGE_RPC_DATA_TEXT}},
    {"node.page_size", {31, "Requested page size is too big", SAGE_RPC_DATA_TEXT}},
    {"node.token",
     {33, "The supplied continuation token is invalid or unknown", SAGE_RPC_DATA_TEXT}},
    {"node.keys", {34, "Too many keys provided in a filter", SAGE_RPC_DATA_TEXT}},
    {"chain.reverted", {40, "Contract error", SAGE_RPC_DATA_REVERT}},
    {"chain.execution", {41, "Transaction execution error", SAGE_RPC_DATA_EXECUTION}},
    {"node.storage_proof", {42, storage_proof, SAGE_RPC_DATA_TEXT}},
    {"chain.nonce", {52, "Invalid transaction nonce", SAGE_RPC_DATA_TEXT}},
    {"chain.resources", {53, resources, SAGE_RPC_DATA_TEXT}},
    {"chain.balance", {54, balance, SAGE_RPC_DATA_TEXT}},
    {"chain.validation", {55, "Account validation failed", SAGE_RPC_DATA_TEXT}},
    {"chain.size", {57, "Contract class size is too large", SAGE_RPC_DATA_TEXT}},
    {"chain.non_account",
     {58, "Sender address is not an account contract", SAGE_RPC_DATA_TEXT}},
    {"chain.duplicate",
     {59, "A transaction with the same hash already exists in the mempool",
      SAGE_RPC_DATA_TEXT}},
    {"chain.version", {61, "the transaction version is not supported", SAGE_RPC_DATA_TEXT}},
    {"tx.version", {61, "the transaction version is not supported", SAGE_RPC_DATA_TEXT}},
    {"chain.unsupported", {63, unexpected, SAGE_RPC_DATA_TEXT}},
    {"chain.full", {63, unexpected, SAGE_RPC_DATA_TEXT}},
    {"node.unsupported", {63, unexpected, SAGE_RPC_DATA_TEXT}},
    {"node.messages", {40, "Contract error", SAGE_RPC_DATA_REVERT}},
    {"chain.proof", {69, bad_proof, SAGE_RPC_DATA_TEXT}},
    {"facts.", {69, bad_proof, SAGE_RPC_DATA_TEXT}},
    {"node.casm", {100, "Failed to compile the contract", SAGE_RPC_DATA_COMPILATION}},
    {"chain.mint", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
    {"chain.time", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
    {"tx.", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
    {"felt.", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
    {"felt_list.length", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
    {"amount.", {-32602, invalid, SAGE_RPC_DATA_TEXT}},
};

static bool matches(const row *r, const char *where)
{
    size_t n = strlen(r->where);
    return r->where[n - 1] == '.' ? !strncmp(where, r->where, n) : !strcmp(where, r->where);
}

sage_rpc_code sage_rpc_code_of(const sage_errinfo *err)
{
    for (size_t i = 0; err->where && i < sizeof rows / sizeof *rows; i++)
        if (matches(&rows[i], err->where)) return rows[i].code;
    return (sage_rpc_code){-32603, "Internal error", SAGE_RPC_DATA_TEXT};
}

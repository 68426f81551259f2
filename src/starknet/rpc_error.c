/* starknet/rpc_error.c -- the errors of JSON-RPC and of Starknet's nodes (facts D2) as ours. */
#include <string.h>

#include "starknet/rpc_private.h"

/* refused: an answer to a transaction that says for sure that it was not taken. */
static const struct {
    int code;
    bool refused;
    sage_status status;
    const char *where;
} known[] = {
    {-32700, true, SAGE_EFORMAT, "rpc.request"},
    {-32600, true, SAGE_EFORMAT, "rpc.request"},
    {-32601, true, SAGE_EUNSUP, "rpc.method"},
    {-32602, true, SAGE_EINVAL, "rpc.params"},
    {-32603, false, SAGE_EAGAIN, "rpc.server"},
    {1, false, SAGE_EAGAIN, "rpc.unexpected"},
    {20, true, SAGE_ENOTFOUND, "rpc.contract"},
    {21, true, SAGE_ENOTFOUND, "rpc.entry_point"},
    {24, true, SAGE_ENOTFOUND, "rpc.block"},
    {27, true, SAGE_ENOTFOUND, "rpc.index"},
    {28, true, SAGE_ENOTFOUND, "rpc.class"},
    {29, false, SAGE_ENOTFOUND, "rpc.transaction"},
    {31, true, SAGE_ELIMIT, "rpc.page"},
    {32, true, SAGE_ENOTFOUND, "rpc.no_blocks"},
    {33, true, SAGE_EINVAL, "rpc.token"},
    {34, true, SAGE_ELIMIT, "rpc.keys"},
    {40, false, SAGE_ECONFLICT, "rpc.contract_error"},
    {41, false, SAGE_ECONFLICT, "rpc.execution"},
    {42, true, SAGE_EUNSUP, "rpc.storage_proof"},
    {51, true, SAGE_ECONFLICT, "rpc.declared"},
    {52, true, SAGE_ECONFLICT, "rpc.nonce"},
    {53, true, SAGE_ECONFLICT, "rpc.resources"},
    {54, true, SAGE_ECONFLICT, "rpc.balance"},
    {55, true, SAGE_ECONFLICT, "rpc.validation"},
    {56, true, SAGE_EFORMAT, "rpc.compilation"},
    {57, true, SAGE_ELIMIT, "rpc.class_size"},
    {58, true, SAGE_ENOTFOUND, "rpc.non_account"},
    {59, false, SAGE_ECONFLICT, "rpc.duplicate"},
    {60, true, SAGE_EINVAL, "rpc.casm_hash"},
    {61, true, SAGE_EUNSUP, "rpc.version"},
    {62, true, SAGE_EUNSUP, "rpc.class_version"},
    {63, false, SAGE_EAGAIN, "rpc.unexpected"},
    {64, true, SAGE_ECONFLICT, "rpc.replacement"},
    {65, true, SAGE_ECONFLICT, "rpc.fee"},
    {69, true, SAGE_EPROOF, "rpc.proof"},
};
enum { N_KNOWN = sizeof known / sizeof known[0], MAX_DEPTH = 64 };

/* The text of an error's data: itself, or what is innermost in {revert_error}, {execution_error},
 * {error}. NULL if there is none. */
static const char *text_of(const json_t *data)
{
    static const char *const keys[] = {"revert_error", "execution_error", "error"};
    for (int depth = 0; depth < MAX_DEPTH && json_is_object(data); depth++) {
        const json_t *inner = NULL;
        for (int i = 0; i < 3 && !inner; i++)
            inner = json_object_get(data, keys[i]);
        data = inner;
    }
    return json_is_string(data) ? json_string_value(data) : NULL;
}

static int row_of(json_int_t code)
{
    for (int i = 0; i < N_KNOWN; i++)
        if (known[i].code == code) return i;
    return -1;
}

sage_status sage_reply_error(const json_t *error, sage_errinfo *err)
{
    const json_t *code = json_object_get(error, "code");
    const char *text   = text_of(json_object_get(error, "data"));
    char shown[200];
    if (!json_is_integer(code))
        return sage_fail(err, SAGE_EFORMAT, "rpc.envelope", -1, "an error without a code");
    if (!text) text = json_string_value(json_object_get(error, "message"));
    sage_reply_ascii(shown, sizeof shown, text ? text : "no text");
    json_int_t n = json_integer_value(code);
    int row      = row_of(n);
    if (row >= 0)
        return sage_fail(err, known[row].status, known[row].where, n, "%s (node's error %d)",
                         shown, known[row].code);
    if (n >= -32099 && n <= -32000)
        return sage_fail(err, SAGE_EAGAIN, "rpc.server", n, "%s", shown);
    return sage_fail(err, SAGE_EFORMAT, "rpc.error", n, "%s", shown);
}

/* Errors from before anything is sent, beside those of the table. */
static bool never_sent(const char *where)
{
    static const char *const names[] = {"rpc.auth", "pool.chain", "pool.version", "pool.stale",
                                        "pool.down"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(where, names[i])) return true;
    return false;
}

bool sage_sn_unknown(const sage_errinfo *err)
{
    if (!err->where) return true;
    for (int i = 0; i < N_KNOWN; i++)
        if (!strcmp(known[i].where, err->where)) return !known[i].refused;
    return !never_sent(err->where);
}

/* Hostile bodies for the local chain's JSON-RPC, all methods served, over a chain in a temporary
 * folder. Every answer must be JSON of the protocol's form: one object or a list of them, each
 * with a result or an error and never both. */
#include "fuzz/fuzz.h"

#include <jansson.h>

#include "devnet/rpc.h"

static char folder[64] = "/tmp/sage-fuzz-rpc-XXXXXX";
static sage_chain *chain;

static void close_chain(void)
{
    char command[96];
    sage_chain_close(chain);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    if (system(command)) fprintf(stderr, "cannot remove %s\n", folder);
}

static void open_chain(void)
{
    sage_errinfo err     = {0};
    sage_chain_options o = sage_chain_defaults();
    FUZZ_EXPECT(mkdtemp(folder));
    o.data_dir   = folder;
    o.n_accounts = 2;
    if (sage_chain_open(&chain, &o, &err)) fprintf(stderr, "%s\n", err.msg);
    FUZZ_EXPECT(chain);
    atexit(close_chain);
}

static void check_one(const json_t *answer)
{
    const json_t *result = json_object_get(answer, "result");
    const json_t *error  = json_object_get(answer, "error");
    FUZZ_EXPECT(json_is_object(answer) && !result != !error);
    FUZZ_EXPECT(json_object_get(answer, "id"));
    FUZZ_EXPECT(!error || json_is_integer(json_object_get(error, "code")));
    FUZZ_EXPECT(!error || json_integer_value(json_object_get(error, "code")) != -32603);
}

static void check_answer(const sage_sink *out)
{
    json_t *answer =
        json_loadb((const char *)out->bytes, out->len, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_EXPECT(answer);
    for (size_t i = 0; i < json_array_size(answer); i++)
        check_one(json_array_get(answer, i));
    if (!json_is_array(answer)) check_one(answer);
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_sink out = {0};
    if (!chain) open_chain();
    sage_rpc rpc    = {chain, true};
    json_t *request = sage_rpc_parse((const char *)bytes, len);
    (void)sage_rpc_lane_of(request);
    sage_rpc_answer(&rpc, request, &out);
    FUZZ_EXPECT(!out.failed);
    if (out.len) check_answer(&out);
    json_decref(request);
    free(out.bytes);
    return 0;
}

/* sage call, sage invoke: any function of any contract. */
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/contract_call.h"
#include "app/wallet.h"
#include "base/file.h"

enum { MAX_FACTS_FILE = 8 << 20 };

static struct {
    const char *proof, *facts;
    bool raw;
} arg;

#define RAW_OPTION                                                                             \
    {                                                                                          \
        .name = "raw", .kind = SAGE_CLI_FLAG,                                                  \
        .help = "no ABI: arguments are words, answers felts", .to = {                          \
            .flag = &arg.raw                                                                   \
        }                                                                                      \
    }

static const sage_cli_option call_options[]   = {WALLET_OPTION, CHAIN_OPTIONS, RPC_OPTION,
                                                 WALLET_JSON_OPTION, RAW_OPTION};
static const sage_cli_option invoke_options[] = {
    SEND_OPTIONS,
    RAW_OPTION,
    {.name  = "proof",
     .kind  = SAGE_CLI_TEXT,
     .value = "FILE",
     .help  = "a proof that the transaction carries",
     .to    = {.text = &arg.proof}},
    {.name  = "proof-facts",
     .kind  = SAGE_CLI_TEXT,
     .value = "FILE",
     .help  = "what it proves: a JSON array of felts",
     .to    = {.text = &arg.facts}},
};

/* ---- call ---- */

/* The options', else the wallet's, else that of sepolia and the local chain. */
static sage_status call_chain(felt252 *out, sage_errinfo *err)
{
    char path[WALLET_PATH];
    sage_keystore k;
    bool given;
    sage_status st = wallet_chain(out, &given, err);
    if (st || given) return st;
    *out = sage_felt_short("SN_SEPOLIA");
    if (!wallet_path(path, NULL) && !sage_keystore_read(&k, path, NULL)) *out = k.chain_id;
    return SAGE_OK;
}

static sage_status print_felts(const sage_felt_list *l, sage_errinfo *err)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < l->n; i++) {
        char hex[SAGE_FELT_HEX];
        sage_felt_to_hex(hex, l->v[i]);
        if (!wallet_arg.json)
            puts(hex);
        else if (json_array_append_new(list, json_string(hex))) {
            json_decref(list);
            list = NULL;
            break;
        }
    }
    if (wallet_arg.json) return wallet_print_json(json_pack("{s:o}", "result", list), err);
    json_decref(list);
    return SAGE_OK;
}

static sage_status
print_answer(const contract_call *c, const sage_felt_list *l, sage_errinfo *err)
{
    char *text;
    if (wallet_arg.json || !c->abi) return print_felts(l, err);
    sage_status st = sage_abi_decode(&text, c->abi, c->entry, l->v, l->n, err);
    if (st) return st;
    fputs(text, stdout);
    if (text[0] && text[strlen(text) - 1] != '\n') putchar('\n');
    free(text);
    return SAGE_OK;
}

static sage_status
ask_contract(const sage_sn *sn, uint32_t n, const char *const *args, sage_errinfo *err)
{
    contract_call c = {0};
    felt252 to;
    sage_felt_list answer = {0};
    sage_status st        = wallet_address(&to, args[0], err);
    if (!st) st = contract_call_make(&c, sn, to, args[1], args + 2, n - 2, arg.raw, err);
    if (!st)
        st = sage_sn_call(sn, (sage_sn_block){.tag = SAGE_SN_PRE_CONFIRMED}, to,
                          c.call.selector, &c.call.calldata, &answer, err);
    if (!st) st = print_answer(&c, &answer, err);
    sage_felt_list_free(&answer);
    contract_call_free(&c);
    return st;
}

static int run_call(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    felt252 chain;
    sage_sn_pool *pool = NULL;
    sage_status st     = call_chain(&chain, &err);
    if (!st) st = wallet_connect(&pool, chain, &err);
    if (!st) {
        sage_sn sn = sage_sn_of_pool(pool);
        st         = ask_contract(&sn, n_args, args, &err);
    }
    sage_sn_pool_close(pool);
    return st ? sage_cli_report("sage call", &err) : 0;
}

/* ---- invoke ---- */

typedef struct proof_fields {
    sage_felt_list facts;
    uint8_t *proof;
    size_t len;
} proof_fields;

static void free_fields(proof_fields *p)
{
    sage_felt_list_free(&p->facts);
    free(p->proof);
}

static sage_status bad_facts(long long at, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "invoke.facts", at,
                     "%.120s is no JSON array of felts, which are strings", arg.facts);
}

static sage_status read_facts(sage_felt_list *out, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t n;
    sage_status st = sage_file_read(arg.facts, MAX_FACTS_FILE, &bytes, &n, err);
    if (st) return st;
    json_t *list = json_loadb((const char *)bytes, n, JSON_REJECT_DUPLICATES, NULL);
    free(bytes);
    if (!json_is_array(list) || !json_array_size(list)) st = bad_facts(-1, err);
    for (size_t i = 0; !st && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *text   = json_string_value(item);
        felt252 v;
        if (!text || sage_felt_from_text(&v, text, json_string_length(item), NULL))
            st = bad_facts((long long)i, err);
        else
            st = sage_felt_list_add(out, v, err);
    }
    json_decref(list);
    return st;
}

static sage_status read_fields(proof_fields *p, sage_errinfo *err)
{
    if (!arg.proof && !arg.facts) return SAGE_OK;
    if (!arg.proof || !arg.facts)
        return sage_fail(err, SAGE_EINVAL, "invoke.proof", -1,
                         "--proof and --proof-facts go together");
    sage_status st = sage_file_read(arg.proof, SAGE_TX_MAX_PROOF, &p->proof, &p->len, err);
    return st ? st : read_facts(&p->facts, err);
}

static sage_status send(wallet_session *s,
                        const proof_fields *p,
                        uint32_t n,
                        const char *const *args,
                        felt252 *hash,
                        sage_errinfo *err)
{
    contract_call c = {0};
    felt252 to;
    const sage_sender_proof proof = {p->facts.v, p->facts.n, p->proof, p->len};
    sage_status st                = wallet_address(&to, args[0], err);
    if (!st) st = contract_call_make(&c, &s->sn, to, args[1], args + 2, n - 2, arg.raw, err);
    if (!st)
        st = sage_sender_invoke(s->sender, &c.call, 1, arg.proof ? &proof : NULL, hash, err);
    contract_call_free(&c);
    return st;
}

static sage_status invoke(uint32_t n, const char *const *args, sage_errinfo *err)
{
    wallet_session s;
    proof_fields p = {0};
    felt252 hash   = felt252_zero();
    sage_status st = read_fields(&p, err);
    if (!st) {
        st = wallet_session_open(&s, err);
        if (!st) {
            st = send(&s, &p, n, args, &hash, err);
            st = wallet_finish(&s, hash, st, err);
        }
        wallet_session_close(&s);
    }
    free_fields(&p);
    return st;
}

static int run_invoke(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    return invoke(n_args, args, &err) ? sage_cli_report("sage invoke", &err) : 0;
}

static const char notes[] =
    "ADDRESS is a number, or the name of a contract that is known (STRK, ETH, SAGE; on the\n"
    "local chain all of its own). ENTRY is a function's name; ARGS are read as the contract's "
    "ABI\n"
    "declares them: numbers, 'short strings', true, [1, 2], {a, b}. With --raw, or a selector "
    "as\n"
    "ENTRY, each says its own form: 0x1f, u256:1000, amount:1.5, str:hello, arr:1,2.\n"
    "docs/wallet.md has them all. Negative numbers stand after --.";

#define OPTIONS(list) .options = (list), .n_options = sizeof(list) / sizeof *(list)

const sage_cli_command cmd_call   = {.name      = "call",
                                     .arguments = "ADDRESS ENTRY [ARGS...]",
                                     .help      = "ask a contract",
                                     .notes     = notes,
                                     .min_args  = 2,
                                     .max_args  = SAGE_CLI_MAX_ARGS,
                                     OPTIONS(call_options),
                                     .run = run_call},
                       cmd_invoke = {.name      = "invoke",
                                     .arguments = "ADDRESS ENTRY [ARGS...]",
                                     .help      = "have the wallet's account call a contract",
                                     .notes     = notes,
                                     .min_args  = 2,
                                     .max_args  = SAGE_CLI_MAX_ARGS,
                                     OPTIONS(invoke_options),
                                     .run = run_invoke};

/* sage wallet balance, deploy, transfer: what a wallet does on a chain. */
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/contract_call.h"
#include "app/secret_file.h"
#include "app/wallet.h"
#include "starknet/address.h"

static struct {
    const char *token, *forget;
} arg;

#define TOKEN_OPTION(words)                                                                    \
    {                                                                                          \
        .name = "token", .letter = 't', .kind = SAGE_CLI_TEXT, .value = "TOKEN",               \
        .help = words, .to = {                                                                 \
            .text = &arg.token                                                                 \
        }                                                                                      \
    }

static const sage_cli_option balance_options[]  = {WALLET_OPTION, CHAIN_OPTIONS, RPC_OPTION,
                                                   WALLET_JSON_OPTION,
                                                   TOKEN_OPTION("only this one")};
static const sage_cli_option deploy_options[]   = {SEND_OPTIONS};
static const sage_cli_option transfer_options[] = {SEND_OPTIONS, TOKEN_OPTION("default STRK")};
static const sage_cli_option pending_options[]  = {
     WALLET_OPTION,
     CHAIN_OPTIONS,
     RPC_OPTION,
     WALLET_JSON_OPTION,
     {.name  = "forget",
      .kind  = SAGE_CLI_TEXT,
      .value = "HASH",
      .help  = "give this one up, so that the next transaction takes its nonce",
      .to    = {.text = &arg.forget}},
};

/* ---- balance ---- */

typedef struct holding {
    const char *name;
    felt252 token;
    sage_amount amount;
    bool whole; /* 18 decimals: shown in whole tokens, else in base units */
} holding;

static sage_status
has_18_decimals(bool *out, const sage_sn *sn, felt252 token, sage_errinfo *err)
{
    felt252 decimals;
    sage_status st = contract_read_felt(&decimals, sn, token, "decimals", err);
    if (!st) *out = felt252_eq(decimals, felt252_from_u64(SAGE_AMOUNT_DECIMALS));
    return st;
}

/* The tokens to look at: --token, or those this network is known to have. */
static sage_status choose(holding out[3], uint32_t *n, sage_errinfo *err)
{
    static const char *const names[] = {"STRK", "ETH", "SAGE"};
    *n                               = 0;
    if (arg.token) {
        out[0].name = arg.token;
        *n          = 1;
        return wallet_address(&out[0].token, arg.token, err);
    }
    for (int i = 0; i < 3; i++) {
        sage_status st = wallet_address(&out[*n].token, names[i], err);
        if (st && i < 2) return st;
        if (!st) out[(*n)++].name = names[i];
    }
    return SAGE_OK;
}

static sage_status
read_holdings(holding *h, uint32_t n, const sage_sn *sn, felt252 owner, sage_errinfo *err)
{
    for (uint32_t i = 0; i < n; i++) {
        sage_status st =
            contract_read_u256(&h[i].amount, sn, h[i].token, "balanceOf", owner, err);
        if (!st) st = has_18_decimals(&h[i].whole, sn, h[i].token, err);
        if (st) return st;
    }
    return SAGE_OK;
}

static sage_status
print_holdings_json(const holding *h, uint32_t n, felt252 owner, sage_errinfo *err)
{
    json_t *o = json_pack("{s:o}", "address", wallet_json_felt(owner)), *list = json_object();
    for (uint32_t i = 0; o && i < n; i++) {
        char units[SAGE_AMOUNT_TEXT];
        sage_amount_format(units, &h[i].amount);
        if (json_object_set_new(list, h[i].name, json_string(units))) {
            json_decref(o);
            o = NULL;
        }
    }
    if (!o)
        json_decref(list);
    else if (json_object_set_new(o, "base_units", list)) {
        json_decref(o);
        o = NULL;
    }
    return wallet_print_json(o, err);
}

static void print_holdings(const holding *h, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        char text[SAGE_AMOUNT_TEXT];
        if (h[i].whole)
            sage_amount_format_sage(text, &h[i].amount);
        else
            sage_amount_format(text, &h[i].amount);
        printf("  %-14s %s%s\n", h[i].name, text, h[i].whole ? "" : " base units");
    }
}

/* Whose balance, and on which chain: an address given needs no wallet. */
static sage_status whose(const char *address, felt252 *owner, felt252 *chain, sage_errinfo *err)
{
    sage_keystore k;
    bool given;
    if (!address) {
        sage_status st = wallet_load(&k, err);
        *owner         = k.address;
        *chain         = k.chain_id;
        return st;
    }
    sage_status st = wallet_address(owner, address, err);
    if (!st) st = wallet_chain(chain, &given, err);
    if (!st && !given) *chain = sage_felt_short("SN_SEPOLIA");
    return st;
}

static sage_status show_balance(const char *address, sage_errinfo *err)
{
    holding h[3]  = {0};
    felt252 owner = felt252_zero(), chain = felt252_zero();
    sage_sn_pool *pool = NULL;
    uint32_t n;
    sage_status st = whose(address, &owner, &chain, err);
    if (!st) st = choose(h, &n, err);
    if (!st) st = wallet_connect(&pool, chain, err);
    if (!st) {
        sage_sn sn = sage_sn_of_pool(pool);
        st         = read_holdings(h, n, &sn, owner, err);
    }
    sage_sn_pool_close(pool);
    if (st) return st;
    if (wallet_arg.json) return print_holdings_json(h, n, owner, err);
    wallet_print_felt("address", owner);
    print_holdings(h, n);
    return SAGE_OK;
}

static int run_balance(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    return show_balance(n_args ? args[0] : NULL, &err)
               ? sage_cli_report("sage wallet balance", &err)
               : 0;
}

/* ---- deploy ---- */

static sage_status deploy(sage_errinfo *err)
{
    wallet_session s;
    sage_felt_list calldata = {0};
    felt252 hash            = felt252_zero();
    sage_status st          = wallet_session_open(&s, err);
    if (!st && s.keystore.kind != SAGE_KEYSTORE_OPENZEPPELIN)
        st = sage_fail(err, SAGE_EUNSUP, "wallet.kind", -1,
                       "this wallet's account is not one that Sage can deploy");
    if (!st) st = sage_felt_list_add(&calldata, s.keystore.public_key, err);
    if (!st) {
        st = sage_sender_deploy(s.sender, sage_account_class_hash(), s.keystore.public_key,
                                &calldata, &hash, err);
        st = wallet_finish(&s, hash, st, err);
    }
    sage_felt_list_free(&calldata);
    wallet_session_close(&s);
    return st;
}

static int run_deploy(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args, (void)args;
    return deploy(&err) ? sage_cli_report("sage wallet deploy", &err) : 0;
}

/* ---- transfer ---- */

typedef struct transfer {
    felt252 token, to;
    sage_amount amount;
} transfer;

static sage_status read_transfer(transfer *t, const char *const *args, sage_errinfo *err)
{
    sage_status st = wallet_address(&t->to, args[0], err);
    if (!st) st = wallet_address(&t->token, arg.token ? arg.token : "STRK", err);
    if (!st) st = sage_amount_parse_sage(&t->amount, args[1], err);
    if (!st && felt252_eq(t->to, t->token))
        st = sage_fail(err, SAGE_EINVAL, "wallet.transfer", -1,
                       "the receiver is the token's own contract: nobody could get it back");
    return st;
}

/* An amount in whole tokens means something only with the decimals it is read with. */
static sage_status check_decimals(const sage_sn *sn, felt252 token, sage_errinfo *err)
{
    bool good      = false;
    sage_status st = has_18_decimals(&good, sn, token, err);
    if (st || good) return st;
    return sage_fail(err, SAGE_EUNSUP, "wallet.decimals", -1,
                     "the token has not 18 decimals; use sage invoke with its base units");
}

static sage_status
send_transfer(wallet_session *s, const transfer *t, felt252 *hash, sage_errinfo *err)
{
    sage_call call = {.to = t->token, .selector = sage_selector("transfer")};
    sage_status st = sage_felt_list_add(&call.calldata, t->to, err);
    if (!st) st = sage_felt_list_add_u256(&call.calldata, &t->amount, err);
    if (!st) st = sage_sender_invoke(s->sender, &call, 1, NULL, hash, err);
    sage_felt_list_free(&call.calldata);
    return st;
}

static sage_status do_transfer(const char *const *args, sage_errinfo *err)
{
    transfer t;
    wallet_session s;
    felt252 hash   = felt252_zero();
    sage_status st = read_transfer(&t, args, err);
    if (st) return st;
    st = wallet_session_open(&s, err);
    if (!st) st = check_decimals(&s.sn, t.token, err);
    if (!st) {
        st = send_transfer(&s, &t, &hash, err);
        st = wallet_finish(&s, hash, st, err);
    }
    wallet_session_close(&s);
    return st;
}

static int run_transfer(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args;
    return do_transfer(args, &err) ? sage_cli_report("sage wallet transfer", &err) : 0;
}

/* ---- pending ---- */

static sage_status forget(wallet_session *s, sage_errinfo *err)
{
    felt252 hash;
    if (!arg.forget) return SAGE_OK;
    sage_status st = sage_felt_from_text(&hash, arg.forget, strlen(arg.forget), err);
    return st ? st : sage_sender_forget(s->sender, hash, err);
}

static sage_status show_pending(const wallet_session *s, sage_errinfo *err)
{
    felt252 hashes[SAGE_SENDER_FLIGHT];
    uint32_t n   = sage_sender_in_flight(s->sender, hashes);
    json_t *list = json_array();
    if (!wallet_arg.json) printf("%u in flight\n", n);
    for (uint32_t i = 0; i < n; i++) {
        if (!wallet_arg.json)
            wallet_print_felt("transaction", hashes[i]);
        else if (list && json_array_append_new(list, wallet_json_felt(hashes[i]))) {
            json_decref(list);
            list = NULL;
        }
    }
    if (wallet_arg.json) return wallet_print_json(json_pack("{s:o}", "in_flight", list), err);
    json_decref(list);
    return SAGE_OK;
}

/* How each ended, to stderr; what is left after a moment is listed. */
static sage_status pending(sage_errinfo *err)
{
    wallet_session s;
    sage_errinfo own = {0};
    sage_status st   = wallet_session_watch(&s, err), shown;
    if (!st) st = forget(&s, err);
    if (!st) {
        st    = sage_sender_settle(s.sender, wallet_tell_end, NULL, &own);
        shown = show_pending(&s, err);
        if (st && err) *err = own;
        if (!st) st = shown;
    }
    wallet_session_close(&s);
    return st;
}

static int run_pending(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args, (void)args;
    return pending(&err) ? sage_cli_report("sage wallet pending", &err) : 0;
}

static const char pending_notes[] =
    "Waits for what an earlier command left in flight, tells how it ended, and lists what is\n"
    "left. One that no node takes and none forgets blocks the wallet; --forget is for that: "
    "at\n"
    "most one of it and the next transaction can land.";
static const char balance_notes[] =
    "TOKEN is STRK, ETH, SAGE or an address. SAGE is known on the local chain, and elsewhere\n"
    "from $SAGE_TOKEN_ADDRESS. With --json amounts are base units.";
static const char deploy_notes[] =
    "The account's address exists before it is deployed: send STRK there first, for the fee.";
static const char transfer_notes[] = "AMOUNT is in whole tokens: 1.5. TOKEN as for balance.";

#define OPTIONS(list) .options = (list), .n_options = sizeof(list) / sizeof *(list)

const sage_cli_command cmd_wallet_balance  = {.name      = "wallet balance",
                                              .arguments = "[ADDRESS]",
                                              .help      = "what an account holds",
                                              .notes     = balance_notes,
                                              .max_args  = 1,
                                              OPTIONS(balance_options),
                                              .run = run_balance},
                       cmd_wallet_pending  = {.name  = "wallet pending",
                                              .help  = "what is in flight, brought to its end",
                                              .notes = pending_notes,
                                              OPTIONS(pending_options),
                                              .run = run_pending},
                       cmd_wallet_deploy   = {.name  = "wallet deploy",
                                              .help  = "put the account on chain",
                                              .notes = deploy_notes,
                                              OPTIONS(deploy_options),
                                              .run = run_deploy},
                       cmd_wallet_transfer = {.name      = "wallet transfer",
                                              .arguments = "TO AMOUNT",
                                              .help      = "send tokens",
                                              .notes     = transfer_notes,
                                              .min_args  = 2,
                                              .max_args  = 2,
                                              OPTIONS(transfer_options),
                                              .run = run_transfer};

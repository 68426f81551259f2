#include "app/wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/secret_file.h"
#include "starknet/address.h"

enum { HEAD_AGE_S = 900, CROWDED = SAGE_SENDER_FLIGHT / 2 };

wallet_args wallet_arg = {.passphrase_fd = SECRET_NO_FD};

sage_status wallet_path(char out[WALLET_PATH], sage_errinfo *err)
{
    int n = wallet_arg.wallet ? snprintf(out, WALLET_PATH, "%s", wallet_arg.wallet)
                              : snprintf(out, WALLET_PATH, "%s/.bitsage/keys/starknet.key",
                                         env_or("HOME", "."));
    /* The journal's name is a little longer. */
    if (n > 0 && n < WALLET_PATH - 16) return SAGE_OK;
    return sage_fail(err, SAGE_ELIMIT, "wallet.path", -1, "the wallet's path is too long");
}

static const char *network_name(void)
{
    return wallet_arg.network ? wallet_arg.network : env_or("SAGE_NETWORK", NULL);
}

static bool on_devnet(void)
{
    const char *name = network_name();
    return !wallet_arg.chain_id && name && !strcmp(name, "devnet");
}

sage_status wallet_chain(felt252 *out, bool *given, sage_errinfo *err)
{
    static const struct {
        const char *name, *chain;
    } networks[] = {
        {"mainnet", "SN_MAIN"}, {"sepolia", "SN_SEPOLIA"}, {"devnet", "SN_SEPOLIA"}};
    const char *name = network_name(), *chain = wallet_arg.chain_id;
    if (wallet_arg.network && chain)
        return sage_fail(err, SAGE_EINVAL, "wallet.network", -1,
                         "give --network or --chain-id, not both");
    *given = chain || name;
    if (!*given) return SAGE_OK;
    if (chain) return sage_felt_from_short(out, chain, strlen(chain), err);
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        if (!strcmp(networks[i].name, name)) {
            *out = sage_felt_short(networks[i].chain);
            return SAGE_OK;
        }
    return sage_fail(err, SAGE_EINVAL, "wallet.network", -1,
                     "\"%.40s\" is none of mainnet, sepolia, devnet; see --chain-id", name);
}

sage_status wallet_load(sage_keystore *out, sage_errinfo *err)
{
    char path[WALLET_PATH], has[SAGE_FELT_SHORT + 1], wants[SAGE_FELT_SHORT + 1];
    felt252 chain;
    bool given;
    sage_status st = wallet_path(path, err);
    if (!st) st = sage_keystore_read(out, path, err);
    if (!st) st = wallet_chain(&chain, &given, err);
    if (st || !given || felt252_eq(chain, out->chain_id)) return st;
    if (!sage_felt_to_short(has, out->chain_id) || !sage_felt_to_short(wants, chain))
        has[0] = wants[0] = 0;
    return sage_fail(err, SAGE_ECONFLICT, "wallet.chain", -1,
                     "this wallet is of %s, the options name %s", has, wants);
}

secret_source wallet_secret(const char *prompt)
{
    return (secret_source){
        .fd = wallet_arg.passphrase_fd, .credential = wallet_arg.credential, .prompt = prompt};
}

/* Splits text at commas, in place. */
static uint32_t split(char *text, const char *urls[SAGE_SN_POOL_MAX + 1])
{
    uint32_t n = 0;
    char *rest = NULL;
    for (char *at = strtok_r(text, ",", &rest); at && n <= SAGE_SN_POOL_MAX;
         at       = strtok_r(NULL, ",", &rest))
        urls[n++] = at;
    return n;
}

sage_status wallet_connect(sage_sn_pool **out, felt252 chain, sage_errinfo *err)
{
    const char *urls[SAGE_SN_POOL_MAX + 1], *text = wallet_arg.rpc;
    char copy[4096];
    *out = NULL;
    if (!text) text = env_or("SAGE_RPC", env_or("STARKNET_RPC", NULL));
    if (!text && on_devnet()) text = "http://127.0.0.1:5050";
    if (!text || strlen(text) >= sizeof copy)
        return sage_fail(err, SAGE_EINVAL, "wallet.rpc", -1,
                         "no node is named: give --rpc URL, or --network devnet");
    strcpy(copy, text);
    const sage_sn_pool_options o = {.urls     = urls,
                                    .n        = split(copy, urls),
                                    .chain_id = chain,
                                    /* Plain http is for this machine: its chain may rest. */
                                    .max_head_age_s = strstr(text, "https:") ? HEAD_AGE_S : 0};
    return sage_sn_pool_open(out, &o, err);
}

/* Contracts known by name: the fee tokens are the same everywhere, SAGE is told by
 * $SAGE_TOKEN_ADDRESS, and the local chain has each of its own at the selector of its name. */
static const char *known_address(const char *name)
{
    if (!strcmp(name, "STRK"))
        return "0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d";
    if (!strcmp(name, "ETH"))
        return "0x49d36570d4e46f48e99674bd3fcc84644ddd6b96f7c741b1562b82f9e004dc7";
    return strcmp(name, "SAGE") ? NULL : env_or("SAGE_TOKEN_ADDRESS", NULL);
}

static bool local_name(const char *name)
{
    static const char *const names[] = {
        "SAGE",          "ProverStaking", "JobManager",       "ProofVerifier",
        "PaymentRouter", "Faucet",        "ReputationManager"};
    for (size_t i = 0; on_devnet() && i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name)) return true;
    return false;
}

sage_status wallet_address(felt252 *out, const char *text, sage_errinfo *err)
{
    const char *known = known_address(text);
    if (!known && local_name(text)) {
        *out = sage_selector(text);
        return SAGE_OK;
    }
    if (!known) known = text;
    sage_status st = sage_felt_from_text(out, known, strlen(known), NULL);
    if (!st && !felt252_is_zero(*out) && felt252_eq(sage_address_reduce(*out), *out)) return st;
    return sage_fail(err, SAGE_EFORMAT, "wallet.address", -1,
                     "\"%.70s\" is no address, and no contract that is known here by name",
                     text);
}

static sage_status sign(void *arg, felt252 hash, felt252 out[2], sage_errinfo *err)
{
    if (!arg) return sage_fail(err, SAGE_EAUTH, "wallet.locked", -1, "the wallet is not open");
    return sage_sign(&out[0], &out[1], arg, hash, err);
}

static sage_status unlock(wallet_session *s, sage_errinfo *err)
{
    secret_line *line;
    secret_source from = wallet_secret("Passphrase");
    sage_status st     = secret_line_new(&line, err);
    if (st) return st;
    st = secret_ask(line, &from, err);
    if (!st) st = sage_keystore_open(&s->key, &s->keystore, line->text, line->n, err);
    secret_line_free(line);
    return st;
}

static sage_status open_sender(wallet_session *s, sage_errinfo *err)
{
    char journal[WALLET_PATH + 16];
    sage_status st = wallet_path(journal, err);
    if (st) return st;
    strcat(journal, ".journal");
    sage_sender_options o = sage_sender_defaults(s->pool, s->keystore.address);
    o.sign                = sign;
    o.sign_arg            = s->key;
    o.journal             = journal;
    if (!sage_amount_is_zero(&wallet_arg.max_fee)) o.max_fee = wallet_arg.max_fee;
    return sage_sender_open(&s->sender, &o, err);
}

void wallet_tell_end(void *arg,
                     felt252 hash,
                     sage_status st,
                     const sage_errinfo *err,
                     const sage_sn_receipt *receipt)
{
    char hex[SAGE_FELT_HEX];
    (void)arg, (void)receipt;
    sage_felt_to_hex(hex, hash);
    fprintf(stderr, "earlier transaction %s: %s\n", hex, st ? err->msg : "executed");
}

/* Without waiting, only where there would be no room. */
static sage_status settle_earlier(wallet_session *s, sage_errinfo *err)
{
    felt252 hashes[SAGE_SENDER_FLIGHT];
    uint32_t n = sage_sender_in_flight(s->sender, hashes);
    if (!n || (wallet_arg.no_wait && n < CROWDED)) return SAGE_OK;
    return sage_sender_settle(s->sender, wallet_tell_end, NULL, err);
}

static sage_status open_session(wallet_session *s, bool with_key, sage_errinfo *err)
{
    memset(s, 0, sizeof *s);
    sage_status st = wallet_load(&s->keystore, err);
    if (!st) st = wallet_connect(&s->pool, s->keystore.chain_id, err);
    if (!st && with_key) st = unlock(s, err);
    if (!st) st = open_sender(s, err);
    if (!st) s->sn = sage_sn_of_pool(s->pool);
    return st;
}

sage_status wallet_session_open(wallet_session *s, sage_errinfo *err)
{
    sage_status st = open_session(s, true, err);
    return st ? st : settle_earlier(s, err);
}

sage_status wallet_session_watch(wallet_session *s, sage_errinfo *err)
{
    return open_session(s, false, err);
}

void wallet_session_close(wallet_session *s)
{
    sage_sender_close(s->sender);
    sage_sn_pool_close(s->pool);
    sage_keystore_key_free(s->key);
}

void wallet_print_felt(const char *name, felt252 v)
{
    char hex[SAGE_FELT_HEX];
    sage_felt_to_hex(hex, v);
    printf("  %-14s %s\n", name, hex);
}

json_t *wallet_json_felt(felt252 v)
{
    char hex[SAGE_FELT_HEX];
    sage_felt_to_hex(hex, v);
    return json_string(hex);
}

sage_status wallet_print_json(json_t *o, sage_errinfo *err)
{
    char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    json_decref(o);
    if (!text) return sage_fail(err, SAGE_ENOMEM, "wallet.memory", -1, "no memory");
    puts(text);
    free(text);
    return SAGE_OK;
}

static sage_status
print_json_end(felt252 hash, const char *status, const sage_sn_receipt *r, sage_errinfo *err)
{
    char fee[SAGE_AMOUNT_TEXT];
    json_t *o =
        json_pack("{s:o, s:s}", "transaction_hash", wallet_json_felt(hash), "status", status);
    if (o && r) {
        sage_amount_format(fee, &r->fee);
        int bad = json_object_set_new(o, "fee_fri", json_string(fee));
        if (r->in_block)
            bad |= json_object_set_new(o, "block", json_integer((json_int_t)r->block_number));
        if (r->reverted) bad |= json_object_set_new(o, "reason", json_string(r->reason));
        if (bad) {
            json_decref(o);
            o = NULL;
        }
    }
    return wallet_print_json(o, err);
}

static void print_end(felt252 hash, const char *status, const sage_sn_receipt *r)
{
    char fee[SAGE_AMOUNT_TEXT];
    printf("%s\n", status);
    wallet_print_felt("transaction", hash);
    if (!r) return;
    sage_amount_format_sage(fee, &r->fee);
    if (r->in_block) printf("  %-14s %" PRIu64 "\n", "block", r->block_number);
    printf("  %-14s %s STRK\n", "fee", fee);
    if (r->reverted) printf("  %-14s %s\n", "reason", r->reason);
}

static sage_status
show_end(felt252 hash, const char *status, const sage_sn_receipt *r, sage_errinfo *err)
{
    if (wallet_arg.json) return print_json_end(hash, status, r, err);
    print_end(hash, status, r);
    return SAGE_OK;
}

sage_status wallet_finish(wallet_session *s, felt252 hash, sage_status st, sage_errinfo *err)
{
    char hex[SAGE_FELT_HEX];
    sage_sn_receipt r = {0};
    sage_errinfo own  = {0};
    sage_felt_to_hex(hex, hash);
    if (!felt252_is_zero(hash)) fprintf(stderr, "sent %s\n", hex);
    if (st) return st;
    if (wallet_arg.no_wait) return show_end(hash, "sent", NULL, err);
    st            = sage_sender_wait(s->sender, hash, &r, &own);
    bool reverted = st && !strcmp(own.where, "sender.reverted");
    sage_status sh =
        st && !reverted ? SAGE_OK : show_end(hash, reverted ? "reverted" : "executed", &r, err);
    if (st && err) *err = own;
    if (!st || reverted) sage_sn_receipt_free(&r);
    return st ? st : sh;
}

/* app/wallet.h -- what the commands of wallets and contracts share: the options, which network,
 * which key, a pool of nodes, a sender, and what is printed of a transaction. */
#ifndef SAGE_APP_WALLET_H
#define SAGE_APP_WALLET_H

#include "app/passphrase.h"
#include "base/cli.h"
#include "starknet/sender.h"

/* The options' values; one command runs in a process. */
typedef struct wallet_args {
    const char *wallet, *credential;
    uint64_t passphrase_fd;
    const char *rpc, *network, *chain_id;
    sage_amount max_fee;
    bool json, no_wait;
} wallet_args;
extern wallet_args wallet_arg;

#define WALLET_OPTION                                                                          \
    {                                                                                          \
        .name = "wallet", .letter = 'w', .kind = SAGE_CLI_TEXT, .value = "FILE",               \
        .help = "the keystore (default ~/.bitsage/keys/starknet.key)", .to = {                 \
            .text = &wallet_arg.wallet                                                         \
        }                                                                                      \
    }
#define PASSPHRASE_OPTIONS                                                                     \
    {.name  = "passphrase-fd",                                                                 \
     .kind  = SAGE_CLI_NUMBER,                                                                 \
     .value = "N",                                                                             \
     .max   = 1 << 20,                                                                         \
     .help  = "read the passphrase from file descriptor N (default: ask)",                     \
     .to    = {.number = &wallet_arg.passphrase_fd}},                                             \
    {                                                                                          \
        .name = "passphrase-credential", .kind = SAGE_CLI_TEXT, .value = "NAME",               \
        .help = "read it from systemd's credential NAME", .to = {                              \
            .text = &wallet_arg.credential                                                     \
        }                                                                                      \
    }
#define CHAIN_OPTIONS                                                                          \
    {.name   = "network",                                                                      \
     .letter = 'n',                                                                            \
     .kind   = SAGE_CLI_TEXT,                                                                  \
     .value  = "NAME",                                                                         \
     .help   = "mainnet, sepolia or devnet (default $SAGE_NETWORK, the wallet's)",             \
     .to     = {.text = &wallet_arg.network}},                                                     \
    {                                                                                          \
        .name = "chain-id", .kind = SAGE_CLI_TEXT, .value = "TEXT",                            \
        .help = "another network's chain id, as SN_MAIN is mainnet's", .to = {                 \
            .text = &wallet_arg.chain_id                                                       \
        }                                                                                      \
    }
#define RPC_OPTION                                                                             \
    {                                                                                          \
        .name = "rpc", .kind = SAGE_CLI_TEXT, .value = "URL,URL",                              \
        .help = "nodes, the preferred first (default $SAGE_RPC, $STARKNET_RPC)", .to = {       \
            .text = &wallet_arg.rpc                                                            \
        }                                                                                      \
    }
#define WALLET_JSON_OPTION                                                                     \
    {                                                                                          \
        .name = "json", .letter = 'j', .kind = SAGE_CLI_FLAG,                                  \
        .help = "one JSON object, for programs", .to = {                                       \
            .flag = &wallet_arg.json                                                           \
        }                                                                                      \
    }
#define SEND_OPTIONS                                                                           \
    WALLET_OPTION, PASSPHRASE_OPTIONS, CHAIN_OPTIONS, RPC_OPTION, WALLET_JSON_OPTION,          \
        {.name  = "max-fee",                                                                   \
         .kind  = SAGE_CLI_AMOUNT,                                                             \
         .value = "STRK",                                                                      \
         .help  = "refuse to sign for more (default 10)",                                      \
         .to    = {.amount = &wallet_arg.max_fee}},                                               \
    {                                                                                          \
        .name = "no-wait", .kind = SAGE_CLI_FLAG,                                              \
        .help = "end when a node has it, not when it is executed", .to = {                     \
            .flag = &wallet_arg.no_wait                                                        \
        }                                                                                      \
    }

enum { WALLET_PATH = 1024 };
/* Of --wallet or the default. SAGE_ELIMIT "wallet.path". */
SAGE_CHECKED sage_status wallet_path(char out[WALLET_PATH], sage_errinfo *err);

/* The chain that the options name; *given: do they? SAGE_EINVAL "wallet.network". */
SAGE_CHECKED sage_status wallet_chain(felt252 *out, bool *given, sage_errinfo *err);
/* Reads the keystore. SAGE_ECONFLICT "wallet.chain" if the options name another chain than its;
 * errors of sage_keystore_read. */
SAGE_CHECKED sage_status wallet_load(sage_keystore *out, sage_errinfo *err);
/* Where the passphrase of an existing keystore comes from. */
secret_source wallet_secret(const char *prompt);

/* Nodes of that chain. SAGE_EINVAL "wallet.rpc" if none is named; errors of sage_sn_pool_open. */
SAGE_CHECKED sage_status wallet_connect(sage_sn_pool **out, felt252 chain, sage_errinfo *err);

/* A number, or the name of a contract that this network is known to have. SAGE_EFORMAT
 * "wallet.address". */
SAGE_CHECKED sage_status wallet_address(felt252 *out, const char *text, sage_errinfo *err);

/* Everything that sends. */
typedef struct wallet_session {
    sage_keystore keystore;
    sage_secret_key *key;
    sage_sn_pool *pool;
    sage_sn sn;
    sage_sender *sender;
} wallet_session;
/* Asks for the passphrase, and settles what an earlier command left in flight. */
SAGE_CHECKED sage_status wallet_session_open(wallet_session *s, sage_errinfo *err);
/* The same without passphrase and key, to look at what is in flight: nothing can be signed, and
 * nothing is settled yet. */
SAGE_CHECKED sage_status wallet_session_watch(wallet_session *s, sage_errinfo *err);
void wallet_session_close(wallet_session *s);
/* For sage_sender_settle: a line to stderr. */
void wallet_tell_end(void *arg,
                     felt252 hash,
                     sage_status st,
                     const sage_errinfo *err,
                     const sage_sn_receipt *receipt);
/* After sending gave st and hash: waits unless told not to, and prints the end. st is returned,
 * or how the transaction ended. */
SAGE_CHECKED sage_status wallet_finish(wallet_session *s,
                                       felt252 hash,
                                       sage_status st,
                                       sage_errinfo *err);

/* "  name           0x..." */
void wallet_print_felt(const char *name, felt252 v);
/* Prints it and drops it; NULL, without memory, is SAGE_ENOMEM "wallet.memory". */
SAGE_CHECKED sage_status wallet_print_json(json_t *o, sage_errinfo *err);
json_t *wallet_json_felt(felt252 v);

#endif

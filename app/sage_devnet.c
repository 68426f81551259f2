/* sage-devnet: a Starknet node for one machine, with the network's contracts. */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/file.h"
#include "base/log.h"
#include "devnet/genesis.h"
#include "devnet/server.h"
#include "field/felt252_text.h"
#include "sage/verify.h"
#include "sage/version.h"

static struct {
    const char *data_dir, *listen, *chain_id, *cors;
    uint64_t block_time, seed, accounts, drain_ms, security_bits;
    sage_amount balance, drip;
    bool dev_methods;
} arg = {.listen        = "127.0.0.1:5050",
         .chain_id      = "SN_SEPOLIA",
         .accounts      = 10,
         .drain_ms      = 10000,
         .security_bits = SAGE_DEFAULT_SECURITY_BITS};

static const sage_cli_option start_options[] = {
    {.name  = "data-dir",
     .kind  = SAGE_CLI_TEXT,
     .value = "DIR",
     .help  = "the chain's folder (default ~/.bitsage/devnet)",
     .to    = {.text = &arg.data_dir}},
    {.name  = "listen",
     .kind  = SAGE_CLI_TEXT,
     .value = "HOST:PORT",
     .help  = "default 127.0.0.1:5050; port 0 takes a free one, see DIR/port",
     .to    = {.text = &arg.listen}},
    {.name  = "block-time",
     .kind  = SAGE_CLI_NUMBER,
     .value = "SECONDS",
     .help  = "a block every so often (default 0: one as soon as there are transactions)",
     .max   = 86400,
     .to    = {.number = &arg.block_time}},
    {.name  = "seed",
     .kind  = SAGE_CLI_NUMBER,
     .value = "N",
     .help  = "of the predeployed accounts' keys, which are no secrets (default 0)",
     .to    = {.number = &arg.seed}},
    {.name  = "accounts",
     .kind  = SAGE_CLI_NUMBER,
     .value = "N",
     .help  = "predeployed accounts (default 10)",
     .min   = 1,
     .max   = 100,
     .to    = {.number = &arg.accounts}},
    {.name  = "balance",
     .kind  = SAGE_CLI_AMOUNT,
     .value = "AMOUNT",
     .help  = "of each account, in STRK, ETH and SAGE (default 1000000)",
     .to    = {.amount = &arg.balance}},
    {.name  = "chain-id",
     .kind  = SAGE_CLI_TEXT,
     .value = "TEXT",
     .help  = "default SN_SEPOLIA, which wallets know",
     .to    = {.text = &arg.chain_id}},
    {.name = "dev-methods",
     .kind = SAGE_CLI_FLAG,
     .help = "serve devnet_mint, devnet_increaseTime and the like",
     .to   = {.flag = &arg.dev_methods}},
    {.name  = "security-bits",
     .kind  = SAGE_CLI_NUMBER,
     .value = "N",
     .help  = "least strength of a proof in a transaction (default 96; lower is for tests)",
     .min   = 1,
     .max   = 1000,
     .to    = {.number = &arg.security_bits}},
    {.name  = "faucet-drip",
     .kind  = SAGE_CLI_AMOUNT,
     .value = "SAGE",
     .help  = "what a claim at the faucet gives (default 1500)",
     .to    = {.amount = &arg.drip}},
    {.name  = "cors",
     .kind  = SAGE_CLI_TEXT,
     .value = "ORIGIN",
     .help  = "let pages of this origin use the node (* for all; default none)",
     .to    = {.text = &arg.cors}},
    {.name  = "drain-ms",
     .kind  = SAGE_CLI_NUMBER,
     .value = "MS",
     .help  = "how long SIGTERM waits for requests (default 10000)",
     .min   = 1,
     .max   = 600000,
     .to    = {.number = &arg.drain_ms}},
};

static const sage_cli_option accounts_options[] = {
    {.name  = "seed",
     .kind  = SAGE_CLI_NUMBER,
     .value = "N",
     .help  = "default 0",
     .to    = {.number = &arg.seed}},
    {.name  = "accounts",
     .kind  = SAGE_CLI_NUMBER,
     .value = "N",
     .help  = "how many (default 10)",
     .min   = 1,
     .max   = 100,
     .to    = {.number = &arg.accounts}},
};

static void print_felt(const char *name, felt252 v)
{
    char hex[SAGE_FELT_HEX];
    sage_felt_to_hex(hex, v);
    printf("  %-18s %s\n", name, hex);
}

static void print_account(uint32_t i, const sage_predeployed *a)
{
    printf("account %" PRIu32 "\n", i);
    print_felt("address", a->address);
    print_felt("public key", a->public_key);
    print_felt("private key", a->private_key);
}

static void print_contracts(void)
{
    const char *name;
    printf("contracts\n");
    for (uint32_t i = 0; (name = sage_chain_contract_name(i)); i++)
        print_felt(name, sage_chain_contract(name));
}

static int run_accounts(uint32_t n_args, const char *const *args)
{
    (void)n_args, (void)args;
    for (uint32_t i = 0; i < arg.accounts; i++) {
        sage_predeployed a = sage_genesis_account(arg.seed, i);
        print_account(i, &a);
    }
    return 0;
}

static const char *data_dir(void)
{
    static char path[512];
    const char *home = getenv("HOME");
    if (arg.data_dir) return arg.data_dir;
    snprintf(path, sizeof path, "%s/.bitsage/devnet", home && home[0] ? home : ".");
    return path;
}

static sage_status chain_options(sage_chain_options *o, sage_errinfo *err)
{
    *o                = sage_chain_defaults();
    o->data_dir       = data_dir();
    o->block_time_ms  = arg.block_time * 1000;
    o->seed           = arg.seed;
    o->n_accounts     = (uint32_t)arg.accounts;
    o->min_proof_bits = (uint32_t)arg.security_bits;
    o->faucet_drip    = arg.drip;
    if (!sage_amount_is_zero(&arg.balance)) o->balance = arg.balance;
    return sage_felt_from_short(&o->chain_id, arg.chain_id, strlen(arg.chain_id), err);
}

static sage_status write_port(uint16_t port, sage_errinfo *err)
{
    char path[640], text[16];
    int n    = snprintf(text, sizeof text, "%u\n", port);
    int room = snprintf(path, sizeof path, "%s/port", data_dir());
    if (room < 0 || (size_t)room >= sizeof path)
        return sage_fail(err, SAGE_ELIMIT, "node.listen", -1, "the path of DIR is too long");
    return sage_file_write(path, text, (size_t)n, 0600, err);
}

static void print_start(const sage_chain *c, uint16_t port)
{
    for (uint32_t i = 0; i < sage_chain_settings(c)->n_accounts; i++) {
        sage_predeployed a = sage_chain_account(c, i);
        print_account(i, &a);
    }
    print_contracts();
    printf("sage-devnet: listening on port %u\n", port);
    fflush(stdout);
}

static void warn(const char *listen)
{
    sage_listen at;
    if (!sage_listen_parse(&at, listen) || at.loopback) return;
    sage_log(SAGE_LOG_WARN, "node.open", sage_log_text("listen", listen),
             sage_log_text("meaning", "anybody who reaches this address can use the node"));
}

/* Signals are taken by sigwait in the main thread; every other thread inherits the mask. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
}

static sage_status start_node(sage_node **node, sage_chain *chain, sage_errinfo *err)
{
    sage_node_options o = sage_node_defaults();
    o.listen            = arg.listen;
    o.cors              = arg.cors;
    o.dev_methods       = arg.dev_methods;
    sage_status st      = sage_node_start(node, chain, &o, err);
    if (st) return st;
    st = write_port(sage_node_port(*node), err);
    if (st) sage_node_stop(*node, 0);
    return st;
}

static int run_start(uint32_t n_args, const char *const *args)
{
    sigset_t signals;
    sage_errinfo err;
    sage_chain_options o;
    sage_chain *chain;
    sage_node *node;
    int which;
    (void)n_args, (void)args;
    block_signals(&signals);
    if (chain_options(&o, &err) || sage_chain_open(&chain, &o, &err))
        return sage_cli_report("sage-devnet", &err);
    if (start_node(&node, chain, &err)) {
        sage_chain_close(chain);
        return sage_cli_report("sage-devnet", &err);
    }
    warn(arg.listen);
    print_start(chain, sage_node_port(node));
    sigwait(&signals, &which);
    sage_node_stop(node, (uint32_t)arg.drain_ms);
    sage_chain_close(chain);
    return 0;
}

static const sage_cli_command commands[] = {
    {.name = "start",
     .help = "serve until SIGTERM",
     .notes =
         "A chain that exists keeps its seed, accounts and chain id: start it with the same.",
     .options   = start_options,
     .n_options = sizeof start_options / sizeof *start_options,
     .run       = run_start},
    {.name      = "accounts",
     .help      = "print the predeployed accounts of a seed",
     .options   = accounts_options,
     .n_options = sizeof accounts_options / sizeof *accounts_options,
     .run       = run_accounts},
};

static const sage_cli_program program = {.name       = "sage-devnet",
                                         .help       = "a Starknet node for one machine",
                                         .version    = SAGE_VERSION,
                                         .commands   = commands,
                                         .n_commands = sizeof commands / sizeof *commands};

int main(int argc, char **argv)
{
    return sage_cli_main(&program, argc, argv);
}

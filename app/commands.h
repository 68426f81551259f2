/* app/commands.h -- the subcommands of `sage`, one table entry each, and what they share. */
#ifndef SAGE_APP_COMMANDS_H
#define SAGE_APP_COMMANDS_H

#include <stdbool.h>

#include "base/cli.h"
#include "sage/prove.h"
#include "sage/verify.h"

/* Local: proofs on this machine. */
extern const sage_cli_command cmd_prove, cmd_verify, cmd_explain, cmd_inspect, cmd_convert,
    cmd_bench;
/* Cairo programs. */
extern const sage_cli_command cmd_run, cmd_asm, cmd_disasm;
/* What a transaction says of its proof. */
extern const sage_cli_command cmd_facts;
/* Network: the client of a coordinator (cmd_network.c). */
extern const sage_cli_command cmd_submit, cmd_status, cmd_result, cmd_receipt;
/* Starknet: keys (cmd_wallet.c), what they do on chain (cmd_wallet_chain.c), contracts
 * (cmd_chain.c). */
extern const sage_cli_command cmd_wallet_new, cmd_wallet_import, cmd_wallet_address,
    cmd_wallet_export, cmd_wallet_restore, cmd_wallet_balance, cmd_wallet_pending,
    cmd_wallet_deploy, cmd_wallet_transfer, cmd_call, cmd_invoke;

/* The statement named on a command line: KIND with its options (app/request.c). */
typedef struct request {
    const char *program, *hash;                /* cairo */
    const char *input;                         /* cairo, file_digest */
    uint64_t columns, log_rows, log_instances; /* wide_fibonacci; poseidon2 */
} request;
/* Its options, for a command's table. */
#define REQUEST_OPTIONS(r)                                                                     \
    {"program",                                                                                \
     0,                                                                                        \
     SAGE_CLI_TEXT,                                                                            \
     "FILE",                                                                                   \
     "cairo: compiled program, executable or .casm",                                           \
     false,                                                                                    \
     0,                                                                                        \
     0,                                                                                        \
     {.text = &(r).program}},                                                                  \
        {"input",                                                                              \
         'i',                                                                                  \
         SAGE_CLI_TEXT,                                                                        \
         "FILE",                                                                               \
         "cairo: the program's input, JSON; file_digest: the file",                            \
         false,                                                                                \
         0,                                                                                    \
         0,                                                                                    \
         {.text = &(r).input}},                                                                \
        {"hash",                                                                               \
         0,                                                                                    \
         SAGE_CLI_TEXT,                                                                        \
         "NAME",                                                                               \
         "cairo: blake2s or poseidon252 (default blake2s)",                                    \
         false,                                                                                \
         0,                                                                                    \
         0,                                                                                    \
         {.text = &(r).hash}},                                                                 \
        {"columns",                                                                            \
         0,                                                                                    \
         SAGE_CLI_NUMBER,                                                                      \
         "N",                                                                                  \
         "wide_fibonacci: columns, from 3",                                                    \
         false,                                                                                \
         3,                                                                                    \
         16384,                                                                                \
         {.number = &(r).columns}},                                                            \
        {"log-rows", 0,  SAGE_CLI_NUMBER,          "K", "wide_fibonacci: 2^K rows", false,     \
         4,          26, {.number = &(r).log_rows}},                                           \
    {                                                                                          \
        "log-instances", 0, SAGE_CLI_NUMBER, "K", "poseidon2: 2^K permutations", false, 6, 28, \
        {                                                                                      \
            .number = &(r).log_instances                                                       \
        }                                                                                      \
    }
enum { MAX_INPUT_BYTES = 1 << 30 };

/* request_resolve reads the input (malloc'ed into *input, the caller frees; NULL without) and
 * makes the statement. SAGE_EINVAL if options do not fit the kind. Not for cairo: its statement
 * shows when the program runs (app/cairo_source.h). */
SAGE_CHECKED sage_status request_resolve(const request *r,
                                         const char *kind,
                                         sage_statement *out,
                                         uint8_t **input,
                                         size_t *input_len,
                                         sage_errinfo *err);

/* A felt252 as people write it: 0x and no leading zeros. */
void print_felt(FILE *to, const sage_felt_bytes *v);
/* "file_digest of 11357 bytes, digest 1a2b..." as lines `  name  value`, or as JSON members. */
void print_statement(FILE *to, const sage_statement *s);
void print_statement_json(FILE *to, const sage_statement *s);

/* What a proof needs, as such lines. */
void print_cost(const sage_prove_cost *c);
/* The outputs of a Cairo proof, the first few. */
void print_outputs(const sage_verify_result *r);

/* Reads a parameter file of ours into p (app/prover_params.h reads all forms); NULL leaves
 * production. */
SAGE_CHECKED sage_status params_load(const char *path, sage_params *p, sage_errinfo *err);

#endif

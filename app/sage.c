/* sage: prove and verify on this machine, the client of a coordinator, and a Starknet wallet. */
#include "app/commands.h"
#include "sage/version.h"

int main(int argc, char **argv)
{
    const sage_cli_command commands[] = {cmd_prove,
                                         cmd_verify,
                                         cmd_explain,
                                         cmd_inspect,
                                         cmd_convert,
                                         cmd_bench,
                                         cmd_run,
                                         cmd_facts,
                                         cmd_asm,
                                         cmd_disasm,
                                         cmd_submit,
                                         cmd_status,
                                         cmd_result,
                                         cmd_receipt,
                                         cmd_wallet_new,
                                         cmd_wallet_import,
                                         cmd_wallet_address,
                                         cmd_wallet_export,
                                         cmd_wallet_restore,
                                         cmd_wallet_balance,
                                         cmd_wallet_pending,
                                         cmd_wallet_deploy,
                                         cmd_wallet_transfer,
                                         cmd_call,
                                         cmd_invoke};
    const sage_cli_program program    = {
           .name       = "sage",
           .help       = "STWO proofs: make them, check them, have them made",
           .version    = SAGE_VERSION,
           .commands   = commands,
           .n_commands = sizeof commands / sizeof *commands,
    };
    return sage_cli_main(&program, argc, argv);
}

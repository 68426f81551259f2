/* sage: prove and verify on this machine, and the client of a coordinator. */
#include "app/commands.h"
#include "sage/version.h"

int main(int argc, char **argv)
{
    const sage_cli_command commands[] = {
        cmd_prove, cmd_verify, cmd_explain, cmd_inspect, cmd_convert, cmd_bench,  cmd_run,
        cmd_facts, cmd_asm,    cmd_disasm,  cmd_submit,  cmd_status,  cmd_result, cmd_receipt};
    const sage_cli_program program = {
        .name       = "sage",
        .help       = "STWO proofs: make them, check them, have them made",
        .version    = SAGE_VERSION,
        .commands   = commands,
        .n_commands = sizeof commands / sizeof *commands,
    };
    return sage_cli_main(&program, argc, argv);
}

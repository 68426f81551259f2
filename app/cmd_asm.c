/* sage asm, sage disasm: programs as text, both ways (docs/casm.md). */
#include "app/commands.h"
#include "app/program_file.h"
#include "base/file.h"
#include "vm/asm.h"
#include "vm/disasm.h"

static struct {
    const char *output, *entry;
} arg;

static const sage_cli_option asm_options[] = {
    {"output",
     'o',
     SAGE_CLI_TEXT,
     "FILE",
     "where to write compiled.json",
     true,
     0,
     0,
     {.text = &arg.output}},
};

static int run_asm(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_program p;
    sage_file_out *file;
    (void)n_args;
    if (program_load(&p, args[0], NULL, &err)) return sage_cli_report("sage asm", &err);
    sage_status s = p.form == SAGE_PROGRAM_CASM
                        ? sage_file_begin(&file, arg.output, 0644, &err)
                        : sage_fail(&err, SAGE_EINVAL, "cli.value", -1,
                                    "%.120s is no source: its name must end in .casm", args[0]);
    if (!s) {
        s                = sage_program_write(&p, sage_file_put, file, &err);
        sage_errinfo end = {0};
        sage_status t    = sage_file_end(file, !s, s ? &end : &err);
        if (!s) s = t;
    }
    if (!s)
        fprintf(stderr, "sage asm: %u words, %u builtins, main at %u: %s\n", p.n_data,
                p.n_builtins, p.main, arg.output);
    sage_program_free(&p);
    return s ? sage_cli_report("sage asm", &err) : 0;
}

const sage_cli_command cmd_asm = {
    .name      = "asm",
    .arguments = "FILE.casm",
    .help      = "assemble a Cairo program",
    .notes =
        "Writes compiled.json as the Cairo 0 compiler does. docs/casm.md has the notation.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = asm_options,
    .n_options = sizeof asm_options / sizeof *asm_options,
    .run       = run_asm,
};

static const sage_cli_option disasm_options[] = {
    {"entry",
     'e',
     SAGE_CLI_TEXT,
     "NAME",
     "function to run as main; of an executable: standalone or bootloader",
     false,
     0,
     0,
     {.text = &arg.entry}},
};

static void to_stdout(void *to, const void *bytes, size_t n)
{
    (void)fwrite(bytes, 1, n, to);
}

static int run_disasm(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_program p;
    (void)n_args;
    if (program_load(&p, args[0], arg.entry, &err)) return sage_cli_report("sage disasm", &err);
    printf("// %s, %u words\n", sage_program_form_name(p.form), p.n_data);
    sage_disassemble(&p, to_stdout, stdout);
    sage_program_free(&p);
    return fflush(stdout) || ferror(stdout) ? sage_status_exit(SAGE_EIO) : 0;
}

const sage_cli_command cmd_disasm = {
    .name      = "disasm",
    .arguments = "PROGRAM",
    .help      = "show a Cairo program as text that sage asm reads",
    .notes     = "PROGRAM is compiled.json, an executable.json, a Cairo PIE, or a .casm file.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = disasm_options,
    .n_options = sizeof disasm_options / sizeof *disasm_options,
    .run       = run_disasm,
};

/* base/cli.h -- command lines from a table.
 *
 * Model: a program is a list of commands, a command a list of options and a range of
 * positional arguments; --help is written from the same table. Each option points at the
 * variable it fills, which keeps its value (the default) when the option is absent.
 *
 * Grammar: program [command] {option | argument}. Options are --name VALUE, --name=VALUE,
 * --flag, and one letter -o VALUE; "--" ends them; "-" is an argument. A name is never
 * abbreviated, an option is given at most once, except SAGE_CLI_FLAG. A program whose only
 * command has the name NULL takes no command word. A name may be two words, "wallet new", which
 * are two arguments; then "wallet" alone is a group, whose help lists its commands, and no
 * command may have the group's name. Not thread safe: it writes the variables.
 * Known limits: no bundled letters (-ab), no optional values. */
#ifndef SAGE_BASE_CLI_H
#define SAGE_BASE_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/amount.h"
#include "base/compiler.h"

typedef enum sage_cli_kind {
    SAGE_CLI_FLAG,   /* no value; sets *flag */
    SAGE_CLI_TEXT,   /* any text but ""; *text points into argv */
    SAGE_CLI_NUMBER, /* decimal digits in [min, max]; max = 0 means UINT64_MAX */
    SAGE_CLI_SIZE,   /* as NUMBER, with an optional K, M, G, T (powers of 1024) */
    SAGE_CLI_AMOUNT, /* SAGE with up to 18 decimals */
} sage_cli_kind;

typedef struct sage_cli_option {
    const char *name; /* without "--" */
    char letter;      /* 0: none */
    sage_cli_kind kind;
    const char *value; /* the value's name in the help, "FILE"; NULL for a flag */
    const char *help;  /* one line; say the default here */
    bool required;
    uint64_t min, max; /* NUMBER and SIZE */
    union {
        bool *flag;
        const char **text;
        uint64_t *number;
        sage_amount *amount;
    } to;
} sage_cli_option;

typedef struct sage_cli_command {
    const char *name;      /* one word, or two with a space; NULL: the program's only command */
    const char *arguments; /* positional arguments in the help, "FILE [N]"; NULL: none */
    const char *help;      /* one line */
    const char *notes;     /* further lines below the options, or NULL */
    uint32_t min_args, max_args;
    const sage_cli_option *options;
    uint32_t n_options;
    /* Runs after a parse without error; the result is the process's exit code. */
    int (*run)(uint32_t n_args, const char *const *args);
} sage_cli_command;

typedef struct sage_cli_program {
    const char *name, *help; /* "sage", one line */
    const char *version;     /* printed by --version; NULL: none */
    const sage_cli_command *commands;
    uint32_t n_commands;
} sage_cli_program;

typedef enum sage_cli_wish { SAGE_CLI_RUN, SAGE_CLI_HELP, SAGE_CLI_VERSION } sage_cli_wish;

enum { SAGE_CLI_MAX_ARGS = 64, SAGE_CLI_MAX_OPTIONS = 64 };

typedef struct sage_cli_parsed {
    sage_cli_wish wish;
    const sage_cli_command *command; /* NULL only with HELP or VERSION of the program */
    const char *group;               /* with HELP of a group: its word, else NULL */
    const char *args[SAGE_CLI_MAX_ARGS];
    uint32_t n_args;
} sage_cli_parsed;

/* sage_cli_parse reads argv[1..argc) and fills the options' variables.
 *
 * Errors are SAGE_EINVAL (exit code 64) with the argv index in err->at and where one of
 * "cli.command", "cli.option" (unknown), "cli.value" (missing, empty, malformed or not
 * wanted), "cli.range", "cli.twice", "cli.required", "cli.arguments" (too few or too many).
 * Variables may have been written then. */
SAGE_CHECKED sage_status sage_cli_parse(const sage_cli_program *program,
                                        int argc,
                                        char *const *argv,
                                        sage_cli_parsed *out,
                                        sage_errinfo *err);

/* sage_cli_help writes the help of one command, or of the program for command = NULL. */
void sage_cli_help(FILE *to, const sage_cli_program *program, const sage_cli_command *command);
/* The commands of a group, or all for group = NULL. */
void sage_cli_help_group(FILE *to, const sage_cli_program *program, const char *group);

/* sage_cli_report prints one error as "program: message (NAME module.check)" to stderr and returns
 * the exit code of its status: how every program ends on an error. */
int sage_cli_report(const char *program, const sage_errinfo *err);

/* sage_cli_main parses and runs: help and version go to stdout (exit code 0), an error to
 * stderr (64), otherwise the command runs and its result is returned. */
int sage_cli_main(const sage_cli_program *program, int argc, char *const *argv);

#endif

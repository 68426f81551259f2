#include "base/cli.h"

#include "base/test.h"

static struct {
    bool quick;
    const char *input;
    uint64_t threads, memory;
    sage_amount price;
} got;

static const sage_cli_option prove_options[] = {
    {.name     = "input",
     .letter   = 'i',
     .kind     = SAGE_CLI_TEXT,
     .value    = "FILE",
     .required = true,
     .help     = "the file",
     .to.text  = &got.input},
    {.name      = "threads",
     .letter    = 't',
     .kind      = SAGE_CLI_NUMBER,
     .value     = "N",
     .min       = 1,
     .max       = 64,
     .help      = "threads (default: all)",
     .to.number = &got.threads},
    {.name      = "memory",
     .kind      = SAGE_CLI_SIZE,
     .value     = "BYTES",
     .help      = "the limit",
     .to.number = &got.memory},
    {.name      = "price",
     .kind      = SAGE_CLI_AMOUNT,
     .value     = "SAGE",
     .help      = "the price",
     .to.amount = &got.price},
    {.name    = "quick",
     .letter  = 'q',
     .kind    = SAGE_CLI_FLAG,
     .help    = "be quick",
     .to.flag = &got.quick},
};

static uint32_t ran_with;

static int run_prove(uint32_t n_args, const char *const *args)
{
    ran_with = n_args;
    return n_args && !strcmp(args[0], "fail") ? 66 : 0;
}

static const sage_cli_command commands[] = {
    {.name      = "prove",
     .arguments = "KIND [NAME]",
     .help      = "make a proof",
     .min_args  = 1,
     .max_args  = 2,
     .options   = prove_options,
     .n_options = sizeof prove_options / sizeof prove_options[0],
     .run       = run_prove,
     .notes     = "KIND is one of a, b."},
    {.name = "verify", .help = "check a proof", .run = run_prove},
    {.name      = "wallet new",
     .arguments = "[NAME]",
     .help      = "make a key",
     .max_args  = 1,
     .options   = prove_options + 1,
     .n_options = 1,
     .run       = run_prove},
    {.name = "wallet show", .help = "print an address", .run = run_prove},
};
static const sage_cli_program program = {.name       = "sage",
                                         .help       = "proofs",
                                         .version    = "1.2.3",
                                         .commands   = commands,
                                         .n_commands = 4};

static const sage_cli_command only = {
    .help = "serve", .options = prove_options + 1, .n_options = 1, .run = run_prove};
static const sage_cli_program server = {
    .name = "server", .help = "serve", .commands = &only, .n_commands = 1};

enum { MAX_WORDS = 16 };

/* Splits words at single spaces; "_" stands for an empty word. */
static int split(char *text, char **argv)
{
    int argc = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
        assert_true(argc < MAX_WORDS);
        if (!strcmp(word, "_")) *word = 0;
        argv[argc++] = word;
    }
    return argc;
}

static sage_status
parse(const sage_cli_program *p, const char *line, sage_cli_parsed *out, sage_errinfo *err)
{
    static char text[256];
    static char *argv[MAX_WORDS];
    memset(&got, 0, sizeof got);
    assert_true(snprintf(text, sizeof text, "%s", line) < (int)sizeof text);
    return sage_cli_parse(p, split(text, argv), argv, out, err);
}

static void reads_options_and_arguments(void **state)
{
    (void)state;
    sage_cli_parsed r;
    static const char *const same[] = {
        "sage prove --input f --threads 8 --memory 2G --price 1.5 --quick digest",
        "sage prove digest --input=f --threads=8 --memory=2097152K --price=1.5 --quick",
        "sage prove -q -i f digest -t 8 --memory 2147483648 --price 1.50",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_int_equal(parse(&program, same[i], &r, NULL), SAGE_OK);
        assert_int_equal(r.wish, SAGE_CLI_RUN);
        assert_ptr_equal(r.command, &commands[0]);
        assert_int_equal(r.n_args, 1);
        assert_string_equal(r.args[0], "digest");
        assert_string_equal(got.input, "f");
        assert_int_equal(got.threads, 8);
        assert_true(got.memory == (uint64_t)2 << 30);
        assert_true(got.price.w[0] == 1500000000000000000u);
        assert_true(got.quick);
    }
    assert_int_equal(parse(&program, "sage prove --input -x -- --quick -", &r, NULL), SAGE_OK);
    assert_string_equal(got.input, "-x"); /* a value may look like an option */
    assert_int_equal(r.n_args, 2);
    assert_string_equal(r.args[0], "--quick");
    assert_string_equal(r.args[1], "-");
    assert_int_equal(parse(&server, "server --threads 2", &r, NULL), SAGE_OK);
    assert_ptr_equal(r.command, &only);
    assert_int_equal(got.threads, 2);
}

static void keeps_defaults(void **state)
{
    (void)state;
    sage_cli_parsed r;
    char name[]  = "server";
    char *argv[] = {name};
    got.threads  = 5;
    assert_int_equal(sage_cli_parse(&server, 1, argv, &r, NULL), SAGE_OK);
    assert_int_equal(got.threads, 5);
}

static void names_each_error(void **state)
{
    (void)state;
    static const struct {
        const char *line, *where;
        long long at;
    } bad[] = {
        {"sage", "cli.command", 1},
        {"sage make", "cli.command", 1},
        {"sage _", "cli.command", 1},
        {"sage help make", "cli.command", 1},
        {"sage wallet", "cli.command", 2},
        {"sage wallet old", "cli.command", 2},
        {"sage wallet --threads 2 new", "cli.command", 2},
        {"sage wall new", "cli.command", 1},
        {"sage walletnew", "cli.command", 1},
        {"sage wallet new a b", "cli.arguments", 4},
        {"sage wallet show a", "cli.arguments", 3},
        {"sage help wallet old", "cli.command", 2},
        {"sage prove a", "cli.required", -1},
        {"sage prove --input f", "cli.arguments", -1},
        {"sage prove --input f a b c", "cli.arguments", 6},
        {"sage verify a", "cli.arguments", 2},
        {"sage verify --input f", "cli.option", 2},
        {"sage prove --inputs f a", "cli.option", 2},
        {"sage prove --inp f a", "cli.option", 2},
        {"sage prove --inp=f a", "cli.option", 2},
        {"sage prove -x a", "cli.option", 2},
        {"sage prove -qi f a", "cli.option", 2},
        {"sage prove --=f a", "cli.option", 2},
        {"sage prove a --input", "cli.value", 3},
        {"sage prove a --input _", "cli.value", 4},
        {"sage prove a --input=", "cli.value", 3},
        {"sage prove a --quick=yes --input f", "cli.value", 3},
        {"sage prove a -i f --threads eight", "cli.value", 6},
        {"sage prove a -i f --threads 8x", "cli.value", 6},
        {"sage prove a -i f --threads -1", "cli.value", 6},
        {"sage prove a -i f --threads 4K", "cli.value", 6},
        {"sage prove a -i f --threads 18446744073709551616", "cli.value", 6},
        {"sage prove a -i f --threads 0", "cli.range", 6},
        {"sage prove a -i f --threads 65", "cli.range", 6},
        {"sage prove a -i f --memory 1P", "cli.value", 6},
        {"sage prove a -i f --memory 1KK", "cli.value", 6},
        {"sage prove a -i f --memory 16777216T", "cli.value", 6},
        {"sage prove a -i f --price 1.", "cli.value", 6},
        {"sage prove a -i f -i g", "cli.twice", 5},
        {"sage prove a -i f --input=g", "cli.twice", 5},
        {"server serve", "cli.arguments", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sage_cli_parsed r;
        sage_errinfo err          = {0};
        const sage_cli_program *p = strncmp(bad[i].line, "sage", 4) ? &server : &program;
        assert_int_equal(parse(p, bad[i].line, &r, &err), SAGE_EINVAL);
        assert_string_equal(err.where, bad[i].where);
        assert_int_equal(err.at, bad[i].at);
        assert_int_equal(sage_status_exit(err.code), 64);
        assert_true(err.msg[0]);
    }
}

static void help_and_version(void **state)
{
    (void)state;
    sage_cli_parsed r;
    static const struct {
        const char *line;
        sage_cli_wish wish;
        const sage_cli_command *command;
    } cases[] = {
        {"sage --help", SAGE_CLI_HELP, NULL},
        {"sage -h", SAGE_CLI_HELP, NULL},
        {"sage help", SAGE_CLI_HELP, NULL},
        {"sage help verify", SAGE_CLI_HELP, &commands[1]},
        {"sage prove --help", SAGE_CLI_HELP, &commands[0]},
        {"sage wallet new --help", SAGE_CLI_HELP, &commands[2]},
        {"sage help wallet show", SAGE_CLI_HELP, &commands[3]},
        {"sage help wallet", SAGE_CLI_HELP, NULL},
        {"sage wallet --help", SAGE_CLI_HELP, NULL},
        {"sage prove --input f --help --nonsense", SAGE_CLI_HELP, &commands[0]},
        {"sage --version", SAGE_CLI_VERSION, NULL},
        {"server --help", SAGE_CLI_HELP, &only},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const sage_cli_program *p = strncmp(cases[i].line, "sage", 4) ? &server : &program;
        assert_int_equal(parse(p, cases[i].line, &r, NULL), SAGE_OK);
        assert_int_equal(r.wish, cases[i].wish);
        assert_ptr_equal(r.command, cases[i].command);
    }
}

static char *help_text(const sage_cli_program *p, const sage_cli_command *c)
{
    static char text[4096];
    FILE *f = fmemopen(text, sizeof text, "w");
    assert_non_null(f);
    sage_cli_help(f, p, c);
    assert_int_equal(fclose(f), 0);
    return text;
}

static void help_lists_the_table(void **state)
{
    (void)state;
    static const char *const of_prove[] = {"Usage: sage prove [OPTIONS] KIND [NAME]",
                                           "-i, --input FILE",
                                           "the file (required)",
                                           "    --memory BYTES",
                                           "-q, --quick",
                                           "KIND is one of a, b.",
                                           "--help"};
    char *text                          = help_text(&program, &commands[0]);
    for (size_t i = 0; i < sizeof of_prove / sizeof of_prove[0]; i++)
        if (!strstr(text, of_prove[i])) fail_msg("no \"%s\" in:\n%s", of_prove[i], text);
    text = help_text(&program, NULL);
    assert_non_null(strstr(text, "prove           make a proof"));
    assert_non_null(strstr(text, "verify          check a proof"));
    text = help_text(&server, NULL);
    assert_non_null(strstr(text, "Usage: server [OPTIONS]\n"));
}

static void two_words_are_a_command(void **state)
{
    (void)state;
    sage_cli_parsed r;
    assert_int_equal(parse(&program, "sage wallet new a -t 3", &r, NULL), SAGE_OK);
    assert_ptr_equal(r.command, &commands[2]);
    assert_int_equal(got.threads, 3);
    assert_int_equal(r.n_args, 1);
    assert_string_equal(r.args[0], "a");
    assert_int_equal(parse(&program, "sage wallet --help", &r, NULL), SAGE_OK);
    assert_string_equal(r.group, "wallet");
    static char text[4096];
    FILE *f = fmemopen(text, sizeof text, "w");
    assert_non_null(f);
    sage_cli_help_group(f, &program, r.group);
    assert_int_equal(fclose(f), 0);
    assert_non_null(strstr(text, "wallet new      make a key"));
    assert_non_null(strstr(text, "wallet show     print an address"));
    assert_null(strstr(text, "check a proof"));
}

static int run_line(const char *line)
{
    char text[128];
    char *argv[MAX_WORDS];
    ran_with = UINT32_MAX;
    assert_true(snprintf(text, sizeof text, "%s", line) < (int)sizeof text);
    return sage_cli_main(&program, split(text, argv), argv);
}

static void main_runs_the_command(void **state)
{
    (void)state;
    assert_int_equal(run_line("sage verify"), 0);
    assert_int_equal(ran_with, 0);
    assert_int_equal(run_line("sage prove --input f fail"), 66);
    assert_int_equal(ran_with, 1);
    assert_int_equal(run_line("sage verify --what"), 64);
    assert_int_equal(ran_with, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_options_and_arguments),
        cmocka_unit_test(keeps_defaults),
        cmocka_unit_test(names_each_error),
        cmocka_unit_test(help_and_version),
        cmocka_unit_test(help_lists_the_table),
        cmocka_unit_test(two_words_are_a_command),
        cmocka_unit_test(main_runs_the_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

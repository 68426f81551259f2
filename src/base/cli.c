#include "base/cli.h"

#include <string.h>

/* One parse in progress. */
typedef struct cursor {
    const sage_cli_command *command;
    int argc;
    char *const *argv;
    int at;        /* argv index being read */
    uint64_t seen; /* bit i: option i was given */
    sage_errinfo *err;
} cursor;

static const sage_cli_option *find_name(const cursor *c, const char *name, size_t len)
{
    for (uint32_t i = 0; i < c->command->n_options; i++) {
        const sage_cli_option *o = &c->command->options[i];
        if (strlen(o->name) == len && !memcmp(o->name, name, len)) return o;
    }
    return NULL;
}

static const sage_cli_option *find_letter(const cursor *c, const char *text)
{
    if (!text[1])
        for (uint32_t i = 0; i < c->command->n_options; i++)
            if (c->command->options[i].letter == text[0]) return &c->command->options[i];
    return NULL;
}

/* Decimal digits, then a unit where allowed; false if text is anything else or overflows. */
static bool read_number(const char *text, bool units, uint64_t *out)
{
    static const char letters[] = "KMGT";
    uint64_t v                  = 0;
    if (*text < '0' || *text > '9') return false;
    for (; *text >= '0' && *text <= '9'; text++)
        if (__builtin_mul_overflow(v, 10u, &v) ||
            __builtin_add_overflow(v, (uint64_t)(*text - '0'), &v))
            return false;
    if (units && *text) {
        const char *unit = strchr(letters, *text++);
        unsigned shift   = unit ? 10 * (unsigned)(unit - letters + 1) : 0;
        if (!unit || v > UINT64_MAX >> shift) return false;
        v <<= shift;
    }
    *out = v;
    return !*text;
}

static sage_status store_number(cursor *c, const sage_cli_option *o, const char *value)
{
    uint64_t v, max = o->max ? o->max : UINT64_MAX;
    if (!read_number(value, o->kind == SAGE_CLI_SIZE, &v))
        return sage_fail(c->err, SAGE_EINVAL, "cli.value", c->at,
                         "--%s: \"%.60s\" is not a number%s", o->name, value,
                         o->kind == SAGE_CLI_SIZE ? " (K, M, G, T may follow)" : "");
    if (v < o->min || v > max)
        return sage_fail(c->err, SAGE_EINVAL, "cli.range", c->at,
                         "--%s: %llu is not in %llu to %llu", o->name, (unsigned long long)v,
                         (unsigned long long)o->min, (unsigned long long)max);
    *o->to.number = v;
    return SAGE_OK;
}

static sage_status store_amount(cursor *c, const sage_cli_option *o, const char *value)
{
    sage_errinfo why;
    if (sage_amount_parse_sage(o->to.amount, value, &why))
        return sage_fail(c->err, SAGE_EINVAL, "cli.value", c->at, "--%s: \"%.60s\": %s",
                         o->name, value, why.msg);
    return SAGE_OK;
}

static sage_status store(cursor *c, const sage_cli_option *o, const char *value)
{
    if (o->kind == SAGE_CLI_AMOUNT) return store_amount(c, o, value);
    if (o->kind != SAGE_CLI_TEXT) return store_number(c, o, value);
    if (!*value)
        return sage_fail(c->err, SAGE_EINVAL, "cli.value", c->at, "--%s: an empty value",
                         o->name);
    *o->to.text = value;
    return SAGE_OK;
}

/* value: the text after "=", or NULL, when it is the next argument. */
static sage_status take_option(cursor *c, const sage_cli_option *o, const char *value)
{
    uint64_t bit = (uint64_t)1 << (o - c->command->options);
    if (o->kind == SAGE_CLI_FLAG) {
        if (value)
            return sage_fail(c->err, SAGE_EINVAL, "cli.value", c->at, "--%s takes no value",
                             o->name);
        *o->to.flag = true;
        c->seen |= bit;
        return SAGE_OK;
    }
    if (c->seen & bit)
        return sage_fail(c->err, SAGE_EINVAL, "cli.twice", c->at, "--%s is given twice",
                         o->name);
    if (!value) {
        if (c->at + 1 >= c->argc)
            return sage_fail(c->err, SAGE_EINVAL, "cli.value", c->at, "--%s needs a value: %s",
                             o->name, o->value);
        value = c->argv[++c->at];
    }
    c->seen |= bit;
    return store(c, o, value);
}

static sage_status unknown_option(cursor *c, const char *word)
{
    return sage_fail(c->err, SAGE_EINVAL, "cli.option", c->at, "unknown option %.80s", word);
}

/* word begins with '-' and is neither "-", "--" nor a help option. */
static sage_status read_option(cursor *c, const char *word)
{
    if (word[1] != '-') {
        const sage_cli_option *o = find_letter(c, word + 1);
        return o ? take_option(c, o, NULL) : unknown_option(c, word);
    }
    size_t len               = strcspn(word + 2, "=");
    const sage_cli_option *o = find_name(c, word + 2, len);
    if (!o) return unknown_option(c, word);
    return take_option(c, o, word[2 + len] ? word + 2 + len + 1 : NULL);
}

static sage_status check_required(const cursor *c)
{
    for (uint32_t i = 0; i < c->command->n_options; i++) {
        const sage_cli_option *o = &c->command->options[i];
        if (o->required && !(c->seen >> i & 1))
            return sage_fail(c->err, SAGE_EINVAL, "cli.required", -1, "--%s %s is missing",
                             o->name, o->value ? o->value : "");
    }
    return SAGE_OK;
}

static sage_status check_count(const cursor *c, uint32_t n)
{
    const char *wanted = c->command->arguments ? c->command->arguments : "none";
    if (n < c->command->min_args)
        return sage_fail(c->err, SAGE_EINVAL, "cli.arguments", -1,
                         "%u arguments given, wanted: %s", n, wanted);
    return SAGE_OK;
}

static bool asks_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h");
}

static sage_status add_argument(cursor *c, sage_cli_parsed *out)
{
    if (out->n_args == c->command->max_args || out->n_args == SAGE_CLI_MAX_ARGS)
        return sage_fail(c->err, SAGE_EINVAL, "cli.arguments", c->at,
                         "unexpected argument \"%.80s\"; wanted: %s", c->argv[c->at],
                         c->command->arguments ? c->command->arguments : "none");
    out->args[out->n_args++] = c->argv[c->at];
    return SAGE_OK;
}

static sage_status read_words(cursor *c, sage_cli_parsed *out)
{
    bool options = true;
    for (; c->at < c->argc; c->at++) {
        const char *word = c->argv[c->at];
        sage_status s;
        if (options && !strcmp(word, "--")) {
            options = false;
            continue;
        }
        if (options && asks_help(word)) {
            out->wish = SAGE_CLI_HELP;
            return SAGE_OK;
        }
        s = options && word[0] == '-' && word[1] ? read_option(c, word) : add_argument(c, out);
        if (s) return s;
    }
    sage_status s = check_count(c, out->n_args);
    return s ? s : check_required(c);
}

/* How many of words[0..n) the name of c is; 0 if it is not. */
static int name_words(const sage_cli_command *c, int n, char *const *words)
{
    size_t len         = n > 0 ? strlen(words[0]) : 0;
    const char *second = strchr(c->name, ' ');
    if (n > 0 && !second && !strcmp(c->name, words[0])) return 1;
    if (n < 2 || !second || len != (size_t)(second - c->name) || memcmp(c->name, words[0], len))
        return 0;
    return strcmp(second + 1, words[1]) ? 0 : 2;
}

/* Is group the first word of c's two? */
static bool in_group(const sage_cli_command *c, const char *group)
{
    size_t len = strlen(group);
    return len && !strncmp(c->name, group, len) && c->name[len] == ' ';
}

static bool is_group(const sage_cli_program *p, const char *word)
{
    for (uint32_t i = 0; i < p->n_commands; i++)
        if (in_group(&p->commands[i], word)) return true;
    return false;
}

/* The command that words[0..n) begin with; *used: how many are its name. */
static const sage_cli_command *
find_command(const sage_cli_program *p, int n, char *const *words, int *used)
{
    for (uint32_t i = 0; i < p->n_commands; i++) {
        *used = name_words(&p->commands[i], n, words);
        if (*used) return &p->commands[i];
    }
    return NULL;
}

static bool single_command(const sage_cli_program *p)
{
    return !p->commands[0].name;
}

/* words[0..n), n >= 1, begin with no command: the help of a group, or an error. */
static sage_status no_command(const sage_cli_program *p,
                              int n,
                              char *const *words,
                              sage_cli_parsed *out,
                              sage_errinfo *err)
{
    if (!is_group(p, words[0]))
        return sage_fail(err, SAGE_EINVAL, "cli.command", 1,
                         "unknown command \"%.60s\"; see %s --help", words[0], p->name);
    if (n > 1 && !asks_help(words[1]))
        return sage_fail(err, SAGE_EINVAL, "cli.command", 2,
                         "unknown command \"%.60s %.60s\"; see %s %.60s --help", words[0],
                         words[1], p->name, words[0]);
    if (n == 1 && out->wish == SAGE_CLI_RUN)
        return sage_fail(err, SAGE_EINVAL, "cli.command", 2,
                         "%s %.60s what? see %s %.60s --help", p->name, words[0], p->name,
                         words[0]);
    out->wish  = SAGE_CLI_HELP;
    out->group = words[0];
    return SAGE_OK;
}

/* The command word, or a wish of the whole program; *next is the argv index after it. */
static sage_status read_command(const sage_cli_program *p,
                                int argc,
                                char *const *argv,
                                sage_cli_parsed *out,
                                int *next,
                                sage_errinfo *err)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    *next            = 1;
    if (p->version && word && !strcmp(word, "--version")) {
        out->wish = SAGE_CLI_VERSION;
        return SAGE_OK;
    }
    if (single_command(p)) {
        out->command = &p->commands[0];
        return SAGE_OK;
    }
    if (!word)
        return sage_fail(err, SAGE_EINVAL, "cli.command", 1,
                         "a command is wanted; see %s --help", p->name);
    int first = 1, used = 0;
    if (asks_help(word) || !strcmp(word, "help")) {
        out->wish = SAGE_CLI_HELP;
        if (argc <= 2) return SAGE_OK;
        first++;
    }
    out->command = find_command(p, argc - first, argv + first, &used);
    *next        = first + used;
    return out->command ? SAGE_OK : no_command(p, argc - first, argv + first, out, err);
}

sage_status sage_cli_parse(const sage_cli_program *p,
                           int argc,
                           char *const *argv,
                           sage_cli_parsed *out,
                           sage_errinfo *err)
{
    *out = (sage_cli_parsed){.wish = SAGE_CLI_RUN};
    int next;
    sage_status s = read_command(p, argc, argv, out, &next, err);
    if (s || out->wish != SAGE_CLI_RUN) return s;
    if (out->command->n_options > SAGE_CLI_MAX_OPTIONS)
        return sage_fail(err, SAGE_EINTERNAL, "cli.table", -1, "%u options in a command",
                         out->command->n_options);
    cursor c = {.command = out->command, .argc = argc, .argv = argv, .at = next, .err = err};
    return read_words(&c, out);
}

static void help_option(FILE *to, const sage_cli_option *o)
{
    char left[64];
    char letter[8] = "    ";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, sizeof left, "%s--%s %s", letter, o->name, o->value ? o->value : "");
    fprintf(to, "  %-30s %s%s\n", left, o->help, o->required ? " (required)" : "");
}

static void help_command(FILE *to, const sage_cli_program *p, const sage_cli_command *c)
{
    fprintf(to, "%s%s%s: %s\n\nUsage: %s%s%s", p->name, c->name ? " " : "",
            c->name ? c->name : "", c->help, p->name, c->name ? " " : "",
            c->name ? c->name : "");
    fprintf(to, "%s%s%s\n\nOptions:\n", c->n_options ? " [OPTIONS]" : "",
            c->arguments ? " " : "", c->arguments ? c->arguments : "");
    for (uint32_t i = 0; i < c->n_options; i++)
        help_option(to, &c->options[i]);
    fprintf(to, "  %-30s %s\n", "-h, --help", "this text");
    if (!c->name && p->version) fprintf(to, "  %-30s %s\n", "    --version", "the version");
    if (c->notes) fprintf(to, "\n%s\n", c->notes);
}

void sage_cli_help_group(FILE *to, const sage_cli_program *p, const char *group)
{
    if (group)
        fprintf(to, "Usage: %s %s COMMAND [OPTIONS]\n\nCommands:\n", p->name, group);
    else
        fprintf(to, "%s: %s\n\nUsage: %s COMMAND [OPTIONS]\n\nCommands:\n", p->name, p->help,
                p->name);
    for (uint32_t i = 0; i < p->n_commands; i++)
        if (!group || in_group(&p->commands[i], group))
            fprintf(to, "  %-15s %s\n", p->commands[i].name, p->commands[i].help);
    fprintf(to, "\n%s COMMAND --help tells more of one.\n", p->name);
}

void sage_cli_help(FILE *to, const sage_cli_program *p, const sage_cli_command *command)
{
    if (!command && single_command(p)) command = &p->commands[0];
    if (command)
        help_command(to, p, command);
    else
        sage_cli_help_group(to, p, NULL);
}

int sage_cli_report(const char *program, const sage_errinfo *err)
{
    fprintf(stderr, "%s: %s (%s %s)\n", program, err->msg, sage_status_name(err->code),
            err->where ? err->where : "?");
    return sage_status_exit(err->code);
}

int sage_cli_main(const sage_cli_program *p, int argc, char *const *argv)
{
    sage_cli_parsed parsed;
    sage_errinfo err = {0};
    if (sage_cli_parse(p, argc, argv, &parsed, &err)) return sage_cli_report(p->name, &err);
    if (parsed.wish == SAGE_CLI_HELP) {
        if (parsed.group)
            sage_cli_help_group(stdout, p, parsed.group);
        else
            sage_cli_help(stdout, p, parsed.command);
        return fflush(stdout) ? sage_status_exit(SAGE_EIO) : 0;
    }
    if (parsed.wish == SAGE_CLI_VERSION) {
        printf("%s %s\n", p->name, p->version);
        return fflush(stdout) ? sage_status_exit(SAGE_EIO) : 0;
    }
    return parsed.command->run(parsed.n_args, parsed.args);
}

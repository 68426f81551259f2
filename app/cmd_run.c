/* sage run PROGRAM: runs a Cairo program in proof mode and prints its output. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/program_file.h"
#include "app/recorded.h"
#include "app/run_report.h"
#include "base/clock.h"
#include "base/file.h"

enum { EXIT_REFUSED = 66, TELL_NS = 1000000000 };

static struct {
    const char *input, *entry, *prover_input;
    recorded_files files;
    bool profile, trace, json;
    uint64_t trace_steps, steps, memory, time;
} arg = {.trace_steps = 100};

static const sage_cli_option options[] = {
    {"input",
     'i',
     SAGE_CLI_TEXT,
     "FILE",
     "a JSON list of felts for the program",
     false,
     0,
     0,
     {.text = &arg.input}},
    {"entry",
     'e',
     SAGE_CLI_TEXT,
     "NAME",
     "function to run as main; of an executable: standalone or bootloader",
     false,
     0,
     0,
     {.text = &arg.entry}},
    {"prover-input",
     'p',
     SAGE_CLI_TEXT,
     "FILE",
     "write what a prover needs as JSON",
     false,
     0,
     0,
     {.text = &arg.prover_input}},
    {"trace-file",
     0,
     SAGE_CLI_TEXT,
     "FILE",
     "instead of PROGRAM: the trace that another Cairo machine wrote",
     false,
     0,
     0,
     {.text = &arg.files.trace}},
    {"memory-file",
     0,
     SAGE_CLI_TEXT,
     "FILE",
     "the memory that it wrote",
     false,
     0,
     0,
     {.text = &arg.files.memory}},
    {"public-input",
     0,
     SAGE_CLI_TEXT,
     "FILE",
     "its air_public_input.json; without: layout all_cairo_stwo",
     false,
     0,
     0,
     {.text = &arg.files.public_input}},
    {"profile",
     0,
     SAGE_CLI_FLAG,
     NULL,
     "where the steps went, and what proving will take",
     false,
     0,
     0,
     {.flag = &arg.profile}},
    {"trace",
     't',
     SAGE_CLI_FLAG,
     NULL,
     "show the first steps; of a run that fails, the last ones",
     false,
     0,
     0,
     {.flag = &arg.trace}},
    {"trace-steps",
     0,
     SAGE_CLI_NUMBER,
     "N",
     "how many (default 100)",
     false,
     1,
     UINT32_MAX,
     {.number = &arg.trace_steps}},
    {"steps",
     's',
     SAGE_CLI_NUMBER,
     "N",
     "end with an error after N steps (default 2^26)",
     false,
     1,
     (uint64_t)1 << 40,
     {.number = &arg.steps}},
    {"memory",
     'm',
     SAGE_CLI_SIZE,
     "N",
     "memory cells, of 32 bytes, at most (default 2^28)",
     false,
     1 << 17,
     (uint64_t)1 << 40,
     {.number = &arg.memory}},
    {"time",
     0,
     SAGE_CLI_NUMBER,
     "MS",
     "end with an error after MS milliseconds",
     false,
     1,
     UINT32_MAX,
     {.number = &arg.time}},
    {"json",
     'j',
     SAGE_CLI_FLAG,
     NULL,
     "print the result as JSON",
     false,
     0,
     0,
     {.flag = &arg.json}},
};

/* --- progress: a line that is written over, on a terminal, once a second has passed --- */

typedef struct ticker {
    uint64_t next_ns;
    bool terminal, drawn;
} ticker;

static void tick(void *to, uint64_t steps)
{
    ticker *t    = to;
    uint64_t now = sage_clock_mono_ns();
    if (!t->terminal || now < t->next_ns) return;
    fprintf(stderr, "\rsage run: %" PRIu64 " million steps", steps / 1000000);
    t->next_ns = now + TELL_NS / 5;
    t->drawn   = true;
}

static void untick(const ticker *t)
{
    if (t->drawn) fprintf(stderr, "\r%40s\r", "");
}

/* --- a run --- */

static uint64_t cells_of(const sage_memory *m)
{
    uint64_t n = 0;
    for (uint32_t i = 0; m->segment && i < m->n; i++)
        n += m->segment[i].len;
    return n;
}

static run_outcome outcome_of(const sage_run *r, uint64_t ns)
{
    run_outcome o = {.steps = r->n_steps - 1, .cells = cells_of(&r->memory), .ns = ns};
    uint32_t s    = r->builtin_segment[SAGE_BUILTIN_OUTPUT];
    if (!s) return o;
    o.output   = r->memory.segment[s].cell;
    o.n_output = r->memory.segment[s].len;
    return o;
}

/* What is wanted of prover input, wherever it is from; profile NULL: none. */
static sage_status
deliver(const sage_prover_input *in, sage_profile *profile, sage_errinfo *err)
{
    if (profile) {
        sage_profile_proof(profile, in);
        report_profile(profile);
    }
    return arg.prover_input ? sage_prover_input_write(in, arg.prover_input, err) : SAGE_OK;
}

/* The profile before the adapter pads the run, its components after. */
static sage_status describe(const sage_program *p, sage_run *r, sage_errinfo *err)
{
    sage_profile profile = {0};
    sage_prover_input in;
    sage_status s = SAGE_OK;
    if (!arg.profile && !arg.prover_input) return s;
    if (arg.profile) s = sage_profile_run(&profile, p, r, err);
    if (s) return s;
    s = sage_adapt(&in, r, err);
    if (!s) {
        s = deliver(&in, arg.profile ? &profile : NULL, err);
        sage_prover_input_free(&in);
    } else if (arg.profile) {
        report_profile(&profile);
    }
    sage_profile_free(&profile);
    return s;
}

/* A run that is wrong is not a command line that is. */
static int report_error(const sage_errinfo *err)
{
    int code = sage_cli_report("sage run", err);
    return err->code == SAGE_EINVAL && strncmp(err->where, "cli.", 4) ? EXIT_REFUSED : code;
}

static int report_failure(const sage_program *p, const sage_run *r, const sage_errinfo *err)
{
    if (arg.trace) {
        uint64_t first = r->n_steps > arg.trace_steps ? r->n_steps - arg.trace_steps : 0;
        report_trace(p, r, first, arg.trace_steps);
        fflush(stdout);
    }
    int code = report_error(err);
    report_stop(p, r, err->at);
    return code;
}

static int end_of_output(void)
{
    return fflush(stdout) || ferror(stdout) ? sage_status_exit(SAGE_EIO) : 0;
}

static int finish(const sage_program *p, sage_run *r, uint64_t ns)
{
    sage_errinfo err;
    run_outcome o = outcome_of(r, ns);
    if (arg.trace) report_trace(p, r, 0, arg.trace_steps);
    report_outcome(&o, arg.json);
    if (describe(p, r, &err)) return sage_cli_report("sage run", &err);
    return end_of_output();
}

static int run_program(const sage_program *p, const sage_run_input *in)
{
    sage_errinfo err;
    sage_run r;
    ticker t               = {.next_ns = sage_clock_mono_ns() + TELL_NS, .terminal = isatty(2)};
    sage_run_limits limits = {
        .max_steps    = arg.steps ? arg.steps : sage_run_default_limits.max_steps,
        .max_cells    = arg.memory ? arg.memory : sage_run_default_limits.max_cells,
        .max_ms       = arg.time,
        .keep         = true,
        .progress     = tick,
        .progress_arg = &t};
    uint64_t start = sage_clock_mono_ns();
    sage_status s  = sage_run_program(&r, p, in, &limits, &err);
    uint64_t ns    = sage_clock_mono_ns() - start;
    untick(&t);
    int code = s ? report_failure(p, &r, &err) : finish(p, &r, ns);
    sage_run_free(&r);
    return code;
}

static int load_and_run(const char *path, const uint8_t *bytes, size_t len)
{
    sage_errinfo err;
    sage_program p;
    sage_run_input in;
    if (program_parse(&p, path, bytes, len, arg.entry, &err))
        return sage_cli_report("sage run", &err);
    int code = input_load(&in, arg.input, &err) ? sage_cli_report("sage run", &err)
                                                : run_program(&p, &in);
    input_free(&in);
    sage_program_free(&p);
    return code;
}

/* --- a run that is over --- */

/* Options that say how to run have nothing to say here. */
static sage_status check_recorded(sage_errinfo *err)
{
    if (!arg.input && !arg.entry && !arg.trace && !arg.steps && !arg.memory && !arg.time)
        return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "cli.option", -1,
                     "a recorded run is not run again: --input, --entry, --trace, --steps, "
                     "--memory and --time are for programs");
}

static sage_status
report_recorded(const sage_prover_input *in, uint64_t start_ns, sage_errinfo *err)
{
    sage_value *output;
    sage_profile profile;
    run_outcome o = {.steps = recorded_steps(in), .cells = recorded_cells(in), .read = true};
    sage_status s = recorded_output(in, &output, &o.n_output, err);
    if (s) return s;
    o.output = output;
    o.ns     = sage_clock_mono_ns() - start_ns;
    report_outcome(&o, arg.json);
    free(output);
    if (arg.profile) sage_profile_input(&profile, in);
    return deliver(in, arg.profile ? &profile : NULL, err);
}

/* bytes: of prover_input.json; NULL: the files of arg. */
static int run_recorded(const uint8_t *bytes, size_t len)
{
    sage_errinfo err;
    sage_prover_input in;
    uint64_t start = sage_clock_mono_ns();
    sage_status s  = check_recorded(&err);
    if (!s)
        s = bytes ? sage_prover_input_read(&in, bytes, len, &err)
                  : recorded_read(&in, &arg.files, &err);
    if (s) return report_error(&err);
    s = report_recorded(&in, start, &err);
    sage_prover_input_free(&in);
    return s ? sage_cli_report("sage run", &err) : end_of_output();
}

static int run_file(const char *path)
{
    sage_errinfo err;
    uint8_t *bytes;
    size_t len;
    if (sage_file_read(path, RECORDED_MAX_JSON, &bytes, &len, &err))
        return sage_cli_report("sage run", &err);
    int code = sage_prover_input_is(bytes, len) ? run_recorded(bytes, len)
                                                : load_and_run(path, bytes, len);
    free(bytes);
    return code;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    bool files = arg.files.trace || arg.files.memory || arg.files.public_input;
    if (files != !n_args) {
        (void)sage_fail(&err, SAGE_EINVAL, "cli.arguments", -1,
                        files ? "PROGRAM or --trace-file, not both"
                              : "what to run is missing: PROGRAM, or --trace-file and "
                                "--memory-file");
        return sage_cli_report("sage run", &err);
    }
    return files ? run_recorded(NULL, 0) : run_file(args[0]);
}

const sage_cli_command cmd_run = {
    .name      = "run",
    .arguments = "[PROGRAM]",
    .help      = "run a Cairo program, or take a run that is over",
    .notes =
        "PROGRAM is compiled.json, an executable.json, or a .casm file (docs/run.md); or a\n"
        "prover_input.json, which is not run but taken as it is, like the two files of\n"
        "--trace-file and --memory-file. Prints the output, a felt a line. Exit code 66: the\n"
        "program failed, or refused its input; 65: the file is no program, or a limit was "
        "met;\n"
        "69: it needs a hint or builtin that is not there.",
    .min_args  = 0,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};

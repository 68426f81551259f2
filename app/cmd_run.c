/* sage run PROGRAM: runs a Cairo program in proof mode and prints its output. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/program_file.h"
#include "app/run_report.h"
#include "base/clock.h"
#include "vm/disasm.h"

enum { EXIT_REFUSED = 66, TELL_NS = 1000000000 };

static struct {
    const char *input, *entry, *prover_input;
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

/* --- results --- */

static const sage_segment *output_of(const sage_run *r)
{
    uint32_t s = r->builtin_segment[SAGE_BUILTIN_OUTPUT];
    return s ? &r->memory.segment[s] : NULL;
}

static uint64_t cells_of(const sage_run *r)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < r->memory.n; i++)
        n += r->memory.segment[i].len;
    return n;
}

static void print_json(const sage_run *r, uint64_t ns)
{
    char text[SAGE_VALUE_TEXT];
    const sage_segment *o = output_of(r);
    printf("{\"steps\": %" PRIu64 ", \"cells\": %" PRIu64 ", \"microseconds\": %" PRIu64
           ", \"output\": [",
           r->n_steps - 1, cells_of(r), ns / 1000);
    for (uint32_t i = 0; o && i < o->len; i++) {
        sage_value_print(text, o->cell[i]);
        printf("%s\"%s\"", i ? ", " : "", text);
    }
    printf("]}\n");
}

static void print_result(const sage_run *r, uint64_t ns)
{
    char text[SAGE_VALUE_TEXT];
    const sage_segment *o = output_of(r);
    for (uint32_t i = 0; o && i < o->len; i++) {
        if (sage_value_is_felt(o->cell[i]))
            sage_casm_print_number(text, o->cell[i]);
        else
            sage_value_print(text, o->cell[i]);
        printf("%s\n", text);
    }
    double seconds = (double)ns / 1e9;
    fprintf(stderr,
            "sage run: %" PRIu64 " steps, %" PRIu64
            " memory cells, %.3f s, %.1f million steps/s\n",
            r->n_steps - 1, cells_of(r), seconds,
            seconds > 0 ? (double)(r->n_steps - 1) / seconds / 1e6 : 0.0);
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
        if (arg.profile) sage_profile_proof(&profile, &in);
        if (arg.prover_input) s = sage_prover_input_write(&in, arg.prover_input, err);
        sage_prover_input_free(&in);
    }
    if (arg.profile) report_profile(&profile);
    sage_profile_free(&profile);
    return s;
}

static int report_failure(const sage_program *p, const sage_run *r, const sage_errinfo *err)
{
    if (arg.trace) {
        uint64_t first = r->n_steps > arg.trace_steps ? r->n_steps - arg.trace_steps : 0;
        report_trace(p, r, first, arg.trace_steps);
        fflush(stdout);
    }
    int code = sage_cli_report("sage run", err);
    return err->code == SAGE_EINVAL ? EXIT_REFUSED : code;
}

static int finish(const sage_program *p, sage_run *r, uint64_t ns)
{
    sage_errinfo err;
    if (arg.trace) report_trace(p, r, 0, arg.trace_steps);
    if (arg.json)
        print_json(r, ns);
    else
        print_result(r, ns);
    if (describe(p, r, &err)) return sage_cli_report("sage run", &err);
    return fflush(stdout) || ferror(stdout) ? sage_status_exit(SAGE_EIO) : 0;
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

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_program p;
    sage_run_input in;
    (void)n_args;
    if (program_load(&p, args[0], arg.entry, &err)) return sage_cli_report("sage run", &err);
    int code = input_load(&in, arg.input, &err) ? sage_cli_report("sage run", &err)
                                                : run_program(&p, &in);
    input_free(&in);
    sage_program_free(&p);
    return code;
}

const sage_cli_command cmd_run = {
    .name      = "run",
    .arguments = "PROGRAM",
    .help      = "run a Cairo program",
    .notes     = "PROGRAM is compiled.json, an executable.json, or a .casm file (docs/run.md). "
                 "Prints the\n"
                 "output, a felt a line. Exit code 66: the program failed, or refused its input; "
                 "65: the\n"
                 "file is no program, or a limit was met; 69: it needs a hint or builtin that is "
                 "not there.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};

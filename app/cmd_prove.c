/* sage prove KIND: makes a proof file on this machine. */
#include <inttypes.h>
#include <stdlib.h>

#include "app/commands.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/progress.h"

static struct {
    request request;
    const char *output, *backend, *params;
    uint64_t threads, memory;
    bool plan;
} arg;

static const sage_cli_option options[] = {
    REQUEST_OPTIONS(arg.request),
    {"output",
     'o',
     SAGE_CLI_TEXT,
     "FILE",
     "where the proof goes (default proof.bin)",
     false,
     0,
     0,
     {.text = &arg.output}},
    {"threads",
     't',
     SAGE_CLI_NUMBER,
     "N",
     "worker threads (default: all cores)",
     false,
     1,
     1024,
     {.number = &arg.threads}},
    {"backend",
     'b',
     SAGE_CLI_TEXT,
     "NAME",
     "auto, scalar, avx2 or avx512 (default auto)",
     false,
     0,
     0,
     {.text = &arg.backend}},
    {"params",
     'p',
     SAGE_CLI_TEXT,
     "FILE",
     "protocol parameters (default: 96 bits)",
     false,
     0,
     0,
     {.text = &arg.params}},
    {"memory",
     'm',
     SAGE_CLI_SIZE,
     "BYTES",
     "refuse proofs that need more (default: this machine's)",
     false,
     1,
     0,
     {.number = &arg.memory}},
    {"plan",
     0,
     SAGE_CLI_FLAG,
     NULL,
     "only say what the proof would need",
     false,
     0,
     0,
     {.flag = &arg.plan}},
};

static void print_plan(const sage_prove_cost *c)
{
    printf("  cells          %" PRIu64 "\n  rows           2^%" PRIu32
           "\n  memory         %.1f MiB\n  security       %" PRIu32 " bits\n",
           c->cells, c->log_rows, (double)c->bytes / 1048576.0, c->security_bits);
}

static sage_status prove(const sage_statement *st,
                         const uint8_t *input,
                         size_t len,
                         const sage_prove_options *given,
                         sage_errinfo *err)
{
    sage_prove_options o = *given;
    sage_progress bar;
    uint8_t *proof   = NULL;
    size_t proof_len = 0;
    uint64_t start   = sage_clock_mono_ms();
    const char *path = arg.output ? arg.output : "proof.bin";

    sage_progress_begin(&bar, "prove");
    o.progress     = sage_progress_update;
    o.progress_arg = &bar;
    sage_status s  = sage_prove(st, input, len, &o, &proof, &proof_len, err);
    sage_progress_end(&bar, s == SAGE_OK);
    if (!s) s = sage_file_write(path, proof, proof_len, 0644, err);
    if (!s)
        printf("  proof          %s, %zu bytes\n  time           %.3f s\n", path, proof_len,
               (double)(sage_clock_mono_ms() - start) / 1e3);
    free(proof);
    return s;
}

static sage_status run_all(const char *kind, sage_errinfo *err)
{
    sage_statement st;
    sage_prove_cost cost;
    uint8_t *input;
    size_t len;
    sage_prove_options o = {.backend      = arg.backend ? arg.backend : sage_backend_default(),
                            .threads      = (uint32_t)arg.threads,
                            .memory_bytes = arg.memory};
    sage_status s        = params_load(arg.params, &o.params, err);
    if (!s) s = request_resolve(&arg.request, kind, &st, &input, &len, err);
    if (s) return s;
    print_statement(stdout, &st);
    s = sage_prove_plan(&st, &o, &cost, err);
    if (!s) {
        print_plan(&cost);
        printf("  backend        %s\n", o.backend);
        fflush(stdout);
    }
    if (!s && !arg.plan) s = prove(&st, input, len, &o, err);
    free(input);
    return s;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args;
    return run_all(args[0], &err) ? sage_cli_report("sage prove", &err) : 0;
}

const sage_cli_command cmd_prove = {
    .name      = "prove",
    .arguments = "KIND",
    .help      = "make a proof on this machine",
    .notes =
        "KIND is file_digest (--input), wide_fibonacci (--columns, --log-rows) or poseidon2\n"
        "(--log-instances). A parameter file has lines `pow_bits = 26`; names: pow_bits,\n"
        "log_blowup, n_queries, log_last_layer, fold_step.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};

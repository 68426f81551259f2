/* sage prove KIND: makes a proof file on this machine, of a statement or of a Cairo program. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/cairo_source.h"
#include "app/commands.h"
#include "app/job_binding.h"
#include "app/prover_params.h"
#include "app/timeline.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/progress.h"
#include "cairo/proof.h"
#include "stark/config.h"

static struct {
    request request;
    job_binding job;
    const char *prover_input, *format, *preprocessed, *cache_dir, *timeline, *security;
    const char *output, *backend, *params;
    uint64_t threads, memory, salt;
    bool plan;
} arg = {.salt = UINT64_MAX};

#define TEXT(n, l, v, h, t)                                                                    \
    {                                                                                          \
        n, l, SAGE_CLI_TEXT, v, h, false, 0, 0,                                                \
        {                                                                                      \
            .text = &(t)                                                                       \
        }                                                                                      \
    }

static const sage_cli_option options[] = {
    REQUEST_OPTIONS(arg.request),
    TEXT("prover-input",
         0,
         "FILE",
         "cairo: a run that is over, instead of a program",
         arg.prover_input),
    TEXT("format",
         'f',
         "FORMAT",
         "cairo: binary, cairo-serde or json (default binary)",
         arg.format),
    TEXT("preprocessed",
         0,
         "TRACE",
         "cairo: auto, canonical, without_pedersen or small (default auto)",
         arg.preprocessed),
    {"salt",
     0,
     SAGE_CLI_NUMBER,
     "N",
     "cairo: of the transcript (default 0)",
     false,
     0,
     0x7ffffffe,
     {.number = &arg.salt}},
    JOB_BINDING_OPTIONS(arg.job, false),
    TEXT("cache-dir",
         0,
         "DIR",
         "cairo: preprocessed trees (default $SAGE_CACHE_DIR, ~/.cache/sage)",
         arg.cache_dir),
    TEXT("output", 'o', "FILE", "where the proof goes (default proof.bin)", arg.output),
    {"threads",
     't',
     SAGE_CLI_NUMBER,
     "N",
     "worker threads (default: all cores)",
     false,
     1,
     1024,
     {.number = &arg.threads}},
    TEXT("backend", 'b', "NAME", "auto, scalar, avx2 or avx512 (default auto)", arg.backend),
    TEXT("params", 'p', "FILE", "protocol parameters (default: 96 bits)", arg.params),
    TEXT("security",
         0,
         "LEVEL",
         "production, or test: a quick proof that proves nothing",
         arg.security),
    {"memory",
     'm',
     SAGE_CLI_SIZE,
     "BYTES",
     "refuse proofs that need more (default: this machine's)",
     false,
     1,
     0,
     {.number = &arg.memory}},
    TEXT("timeline", 0, "FILE", "write the stages' times for Perfetto", arg.timeline),
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

/* --- strength --- */

/* The quickest that is a proof at all: three queries. Work below SAGE_CAIRO_MIN_POW is refused by
 * every verifier of Cairo proofs, whatever strength it was asked for. */
static sage_status
choose_security(sage_params *p, bool cairo, const char *file, sage_errinfo *err)
{
    if (!arg.security || !strcmp(arg.security, "production")) return SAGE_OK;
    if (strcmp(arg.security, "test") != 0)
        return sage_fail(err, SAGE_EINVAL, "cli.value", -1,
                         "--security is production or test, not %.40s", arg.security);
    if (file)
        return sage_fail(err, SAGE_EINVAL, "cli.option", -1,
                         "--security test has parameters of its own: leave out --params");
    *p = (sage_params){sage_config_test.pow_bits, sage_config_test.log_blowup,
                       sage_config_test.n_queries, sage_config_test.log_last_layer,
                       sage_config_test.fold_step};
    if (cairo) p->pow_bits = SAGE_CAIRO_MIN_POW;
    return SAGE_OK;
}

static void warn_weak(const sage_params *p)
{
    const sage_config c = {p->pow_bits, p->log_blowup, p->n_queries, p->log_last_layer,
                           p->fold_step};
    uint32_t bits       = p->n_queries ? sage_config_security(&c) : SAGE_SECURITY_BITS;
    if (bits >= SAGE_SECURITY_BITS) return;
    fprintf(stderr,
            "sage prove: WARNING: %" PRIu32
            " bits of security. Anybody can make a false proof\n"
            "sage prove: WARNING: of this strength. No service accepts it; use it for tests.\n",
            bits);
}

/* --- statements of ours --- */

static void print_plan(const sage_prove_cost *c, const char *backend)
{
    print_cost(c);
    printf("  backend        %s\n", backend);
    fflush(stdout);
}

typedef struct outcome {
    uint8_t *proof;
    size_t len;
    sage_statement statement;
} outcome;

typedef sage_status (*maker)(const void *what,
                             const sage_prove_options *o,
                             outcome *out,
                             sage_errinfo *err);

/* Makes a proof under a progress bar, and writes it and its timeline. */
static sage_status
make(maker fn, const void *what, const sage_prove_options *given, sage_errinfo *err)
{
    static timeline times;
    sage_prove_options o = *given;
    sage_progress bar;
    outcome out      = {0};
    uint64_t start   = sage_clock_mono_ms();
    const char *path = arg.output ? arg.output : "proof.bin";

    timeline_begin(&times);
    if (arg.timeline) {
        o.stage     = timeline_mark;
        o.stage_arg = &times;
    }
    sage_progress_begin(&bar, "prove");
    o.progress     = sage_progress_update;
    o.progress_arg = &bar;
    sage_status s  = fn(what, &o, &out, err);
    sage_progress_end(&bar, s == SAGE_OK);
    uint64_t ms = sage_clock_mono_ms() - start;
    if (!s && arg.timeline) s = timeline_write(&times, "sage prove", arg.timeline, err);
    if (!s) s = sage_file_write(path, out.proof, out.len, 0644, err);
    if (!s && out.statement.kind) print_statement(stdout, &out.statement);
    if (!s)
        printf("  proof          %s, %zu bytes\n  time           %.3f s\n", path, out.len,
               (double)ms / 1e3);
    free(out.proof);
    return s;
}

typedef struct plain {
    sage_statement statement;
    uint8_t *input;
    size_t len;
} plain;

static sage_status
make_plain(const void *what, const sage_prove_options *o, outcome *out, sage_errinfo *err)
{
    const plain *p = what;
    return sage_prove(&p->statement, p->input, p->len, o, &out->proof, &out->len, err);
}

static bool for_a_job(void)
{
    return arg.job.job_id || arg.job.worker || arg.job.input_hash;
}

static sage_status only_cairo(const char *kind, sage_errinfo *err)
{
    const char *stray = arg.prover_input         ? "prover-input"
                        : for_a_job()            ? "job-id, --worker or --input-hash"
                        : arg.format             ? "format"
                        : arg.preprocessed       ? "preprocessed"
                        : arg.cache_dir          ? "cache-dir"
                        : arg.salt != UINT64_MAX ? "salt"
                                                 : NULL;
    if (!stray) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "cli.option", -1, "%.40s does not take --%s", kind,
                     stray);
}

static sage_status prove_plain(const char *kind, sage_prove_options *o, sage_errinfo *err)
{
    plain p;
    sage_prove_cost cost;
    sage_status s = params_load(arg.params, &o->params, err);
    if (!s) s = choose_security(&o->params, false, arg.params, err);
    if (!s) s = only_cairo(kind, err);
    if (!s) s = request_resolve(&arg.request, kind, &p.statement, &p.input, &p.len, err);
    if (s) return s;
    print_statement(stdout, &p.statement);
    s = sage_prove_plan(&p.statement, o, &cost, err);
    if (!s) print_plan(&cost, o->backend);
    if (!s && !arg.plan) {
        warn_weak(&o->params);
        s = make(make_plain, &p, o, err);
    }
    free(p.input);
    return s;
}

/* --- Cairo programs --- */

typedef struct cairo {
    sage_cairo_task task;
    sage_cairo_proof_form form;
} cairo;

static sage_status
make_cairo(const void *what, const sage_prove_options *o, outcome *out, sage_errinfo *err)
{
    const cairo *c = what;
    return sage_prove_cairo(&c->task, o, c->form, &out->proof, &out->len, &out->statement, err);
}

static sage_status choose_form(sage_cairo_proof_form *out, sage_errinfo *err)
{
    static const struct {
        uint32_t format;
        sage_cairo_proof_form form;
    } forms[] = {{SAGE_PROOF_BINARY, SAGE_CAIRO_PROOF_BINARY},
                 {SAGE_PROOF_CAIRO_SERDE, SAGE_CAIRO_PROOF_SERDE},
                 {SAGE_PROOF_JSON, SAGE_CAIRO_PROOF_JSON}};
    *out      = SAGE_CAIRO_PROOF_BINARY;
    if (!arg.format) return SAGE_OK;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!strcmp(arg.format, sage_proof_format_name(forms[i].format))) {
            *out = forms[i].form;
            return SAGE_OK;
        }
    return sage_fail(err, SAGE_EINVAL, "cli.value", -1,
                     "--format is binary, cairo-serde or json, not %.40s", arg.format);
}

/* A proof for a job on chain has that job's salt (starknet/facts.h). */
static sage_status choose_salt(uint32_t *salt, sage_errinfo *err)
{
    sage_facts f;
    if (arg.salt != UINT64_MAX) *salt = (uint32_t)arg.salt;
    if (!for_a_job()) return SAGE_OK;
    if (arg.salt != UINT64_MAX)
        return sage_fail(err, SAGE_EINVAL, "cli.option", -1,
                         "the salt follows from the job: leave out --salt");
    sage_status s = job_binding_read(&arg.job, &f, err);
    if (!s) *salt = sage_job_salt(&f.job_id, f.input_hash, f.worker);
    return s;
}

/* What the command line says goes before what the file says. */
static sage_status choose_task(cairo *c, sage_params *params, sage_errinfo *err)
{
    prover_params p;
    sage_status s = prover_params_load(&p, arg.params, err);
    if (!s && arg.request.hash) s = hash_named(arg.request.hash, &p.hash, err);
    if (!s && arg.preprocessed) s = preprocessed_named(arg.preprocessed, &p.preprocessed, err);
    if (!s) s = choose_form(&c->form, err);
    if (!s) s = choose_security(&p.params, true, arg.params, err);
    if (!s) s = choose_salt(&p.salt, err);
    if (s) return s;
    *params              = p.params;
    c->task.hash         = p.hash;
    c->task.salt         = p.salt;
    c->task.preprocessed = p.preprocessed;
    c->task.cache_dir    = arg.cache_dir;
    return SAGE_OK;
}

static sage_status load_source(cairo_source *src, sage_errinfo *err)
{
    *src = (cairo_source){0};
    if (arg.prover_input && (arg.request.program || arg.request.input))
        return sage_fail(err, SAGE_EINVAL, "cli.option", -1,
                         "--prover-input is a run that is over: it takes neither --program nor "
                         "--input");
    if (arg.prover_input) return cairo_source_load(src, arg.prover_input, NULL, err);
    return cairo_source_of(src, &arg.request, err);
}

static sage_status show_plan(const cairo *c, const sage_prove_options *o, sage_errinfo *err)
{
    sage_cairo_cost cost;
    sage_status s = sage_cairo_quote(&c->task, o, &cost, err);
    if (s) return s;
    print_statement(stdout, &cost.statement);
    print_cairo_cost(&cost);
    printf("  backend        %s\n", o->backend);
    return SAGE_OK;
}

static sage_status prove_cairo(sage_prove_options *o, sage_errinfo *err)
{
    cairo c = {0};
    cairo_source src;
    sage_status s = choose_task(&c, &o->params, err);
    if (!s) s = load_source(&src, err);
    if (s) return s;
    cairo_source_put(&src, &c.task);
    if (arg.plan) {
        s = show_plan(&c, o, err);
    } else {
        warn_weak(&o->params);
        s = make(make_cairo, &c, o, err);
    }
    cairo_source_free(&src);
    return s;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_prove_options o = {.backend      = arg.backend ? arg.backend : sage_backend_default(),
                            .threads      = (uint32_t)arg.threads,
                            .memory_bytes = arg.memory};
    (void)n_args;
    bool is_cairo = !strcmp(args[0], sage_statement_name(SAGE_STATEMENT_CAIRO));
    sage_status s = is_cairo ? prove_cairo(&o, &err) : prove_plain(args[0], &o, &err);
    return s ? sage_cli_report("sage prove", &err) : 0;
}

const sage_cli_command cmd_prove = {
    .name      = "prove",
    .arguments = "KIND",
    .help      = "make a proof on this machine",
    .notes =
        "KIND is cairo (--program and --input, or --prover-input), file_digest (--input),\n"
        "wide_fibonacci (--columns, --log-rows) or poseidon2 (--log-instances). A parameter\n"
        "file has lines `pow_bits = 26`; names: pow_bits, log_blowup, n_queries,\n"
        "log_last_layer, fold_step. For cairo it may be the reference prover's JSON\n"
        "(docs/cairo-proofs.md); --hash, --salt and --preprocessed go before what it says.\n"
        "--job-id, --worker and --input-hash make it a proof for that job (sage facts).",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};

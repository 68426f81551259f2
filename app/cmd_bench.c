/* sage bench: whole proofs, timed by stage, each run in a process of its own so that its peak
 * memory is its own. Kernels one by one: bench/run. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/commands.h"
#include "base/clock.h"

static struct {
    request request;
    const char *backend, *params;
    uint64_t threads, runs;
    bool json;
} arg = {.threads = 1, .runs = 3};

enum { MAX_STAGES = 24, MAX_RUNS = 99 };

static const sage_cli_option options[] = {
    REQUEST_OPTIONS(arg.request),
    {"threads",
     't',
     SAGE_CLI_NUMBER,
     "N",
     "worker threads (default 1)",
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
    {"runs",
     'r',
     SAGE_CLI_NUMBER,
     "N",
     "runs; the median is shown (default 3)",
     false,
     1,
     MAX_RUNS,
     {.number = &arg.runs}},
    {"json",
     'j',
     SAGE_CLI_FLAG,
     NULL,
     "one JSON object per statement",
     false,
     0,
     0,
     {.flag = &arg.json}},
};

/* What one run measured; travels through a pipe, so it holds no pointers but static names,
 * which a forked child shares with its parent. */
typedef struct measure {
    const char *stage[MAX_STAGES];
    double stage_ms[MAX_STAGES];
    uint32_t n_stages, security_bits;
    double prove_ms, verify_ms, peak_mib;
    uint64_t cells, plan_bytes, proof_bytes;
} measure;

typedef struct stopwatch {
    measure *m;
    uint64_t since;
} stopwatch;

static void on_progress(void *a, const char *stage, double fraction)
{
    stopwatch *w = a;
    measure *m   = w->m;
    uint64_t now = sage_clock_mono_ns();
    if (m->n_stages) m->stage_ms[m->n_stages - 1] += (double)(now - w->since) / 1e6;
    w->since = now;
    if (fraction >= 1.0 || (m->n_stages && !strcmp(m->stage[m->n_stages - 1], stage))) return;
    if (m->n_stages < MAX_STAGES) m->stage[m->n_stages++] = stage;
}

static sage_status measure_proof(const sage_statement *st,
                                 const uint8_t *input,
                                 size_t len,
                                 const sage_prove_options *given,
                                 measure *m,
                                 sage_errinfo *err)
{
    sage_prove_options o = *given;
    uint8_t *proof;
    size_t proof_len;
    sage_prove_cost cost;
    sage_verify_result result;
    struct rusage usage;
    stopwatch w = {m, 0};

    sage_status s = sage_prove_plan(st, &o, &cost, err);
    if (s) return s;
    o.progress     = on_progress;
    o.progress_arg = &w;
    uint64_t start = sage_clock_mono_ns();
    s              = sage_prove(st, input, len, &o, &proof, &proof_len, err);
    if (s) return s;
    m->prove_ms = (double)(sage_clock_mono_ns() - start) / 1e6;
    getrusage(RUSAGE_SELF, &usage);
    m->peak_mib      = (double)usage.ru_maxrss / 1024.0;
    start            = sage_clock_mono_ns();
    s                = sage_verify(proof, proof_len, 0, &result, err);
    m->verify_ms     = (double)(sage_clock_mono_ns() - start) / 1e6;
    m->cells         = cost.cells;
    m->plan_bytes    = cost.bytes;
    m->security_bits = cost.security_bits;
    m->proof_bytes   = proof_len;
    sage_verify_result_free(&result);
    free(proof);
    return s;
}

static sage_status run_once(const sage_statement *st,
                            const uint8_t *input,
                            size_t len,
                            const sage_prove_options *o,
                            measure *m,
                            sage_errinfo *err)
{
    int fd[2], status;
    if (pipe(fd)) return sage_fail(err, SAGE_EIO, "bench.pipe", -1, "no pipe");
    pid_t child = fork();
    if (child < 0) return sage_fail(err, SAGE_EIO, "bench.fork", -1, "no process");
    if (!child) {
        measure mine  = {0};
        sage_status s = measure_proof(st, input, len, o, &mine, err);
        if (s) _exit(sage_cli_report("sage bench", err));
        _exit(write(fd[1], &mine, sizeof mine) == (ssize_t)sizeof mine ? 0 : 74);
    }
    close(fd[1]);
    ssize_t got = read(fd[0], m, sizeof *m);
    close(fd[0]);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) ||
        got != (ssize_t)sizeof *m)
        return sage_fail(err, SAGE_EIO, "bench.child", -1, "the measured process failed");
    return SAGE_OK;
}

static int by_time(const void *a, const void *b)
{
    const measure *x = a, *y = b;
    return (x->prove_ms > y->prove_ms) - (x->prove_ms < y->prove_ms);
}

static void print_text(const sage_statement *st,
                       const sage_prove_options *o,
                       const measure *m,
                       const measure *best)
{
    print_statement(stdout, st);
    printf("  backend        %s, %" PRIu32 " threads, %" PRIu32 " bits\n", o->backend,
           o->threads, m->security_bits);
    printf("  prove          %.1f ms (best %.1f), %.2f M cells/s\n", m->prove_ms,
           best->prove_ms, (double)m->cells / m->prove_ms / 1e3);
    for (uint32_t i = 0; i < m->n_stages; i++)
        printf("    %-20s %9.2f ms  %5.1f %%\n", m->stage[i], m->stage_ms[i],
               100.0 * m->stage_ms[i] / m->prove_ms);
    printf(
        "  verify         %.2f ms\n  peak memory    %.0f MiB (arena and inputs planned: %.0f)\n"
        "  proof          %" PRIu64 " bytes\n\n",
        m->verify_ms, m->peak_mib, (double)m->plan_bytes / 1048576.0, m->proof_bytes);
}

static void print_json(const sage_statement *st,
                       const sage_prove_options *o,
                       const measure *m,
                       const measure *best)
{
    printf("{");
    print_statement_json(stdout, st);
    printf(",\"backend\":\"%s\",\"threads\":%" PRIu32 ",\"security_bits\":%" PRIu32
           ",\"cells\":%" PRIu64 ",\"prove_ms\":%.3f,\"best_ms\":%.3f,\"verify_ms\":%.3f,"
           "\"peak_mib\":%.1f,\"proof_bytes\":%" PRIu64 ",\"stages\":{",
           o->backend, o->threads, m->security_bits, m->cells, m->prove_ms, best->prove_ms,
           m->verify_ms, m->peak_mib, m->proof_bytes);
    for (uint32_t i = 0; i < m->n_stages; i++)
        printf("%s\"%s\":%.3f", i ? "," : "", m->stage[i], m->stage_ms[i]);
    printf("}}\n");
}

static sage_status
bench(const sage_statement *st, const uint8_t *input, size_t len, sage_errinfo *err)
{
    measure runs[MAX_RUNS];
    sage_prove_options o = {.backend = arg.backend ? arg.backend : sage_backend_default(),
                            .threads = (uint32_t)arg.threads};
    sage_status s        = params_load(arg.params, &o.params, err);
    for (uint32_t i = 0; !s && i < arg.runs; i++)
        s = run_once(st, input, len, &o, &runs[i], err);
    if (s) return s;
    qsort(runs, arg.runs, sizeof *runs, by_time);
    (arg.json ? print_json : print_text)(st, &o, &runs[arg.runs / 2], &runs[0]);
    fflush(stdout);
    return SAGE_OK;
}

static sage_status bench_kind(const request *r, const char *kind, sage_errinfo *err)
{
    sage_statement st;
    uint8_t *input;
    size_t len;
    sage_status s = request_resolve(r, kind, &st, &input, &len, err);
    if (s) return s;
    s = bench(&st, input, len, err);
    free(input);
    return s;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_status s;
    if (n_args) {
        s = bench_kind(&arg.request, args[0], &err);
    } else {
        request fibonacci = {.columns = 100, .log_rows = 16}, poseidon = {.log_instances = 14};
        s = bench_kind(&fibonacci, "wide_fibonacci", &err);
        if (!s) s = bench_kind(&poseidon, "poseidon2", &err);
    }
    return s ? sage_cli_report("sage bench", &err) : 0;
}

const sage_cli_command cmd_bench = {
    .name      = "bench",
    .arguments = "[KIND]",
    .help      = "time whole proofs on this machine, by stage",
    .notes = "Without KIND: wide_fibonacci of 2^16 x 100 and poseidon2 of 2^14 permutations.",
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};

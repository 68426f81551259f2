/* bench_kernels [--backend NAME] [--threads N] [--stage PREFIX] [--runs N]
 *
 * One JSON line a stage: median, minimum and median absolute deviation of the time per unit
 * over the runs. One thread is timed in CPU time, which a busy machine disturbs less; more
 * threads in wall time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "bench.h"
#include "timing.h"

enum { MAX_RUNS = 101, MIN_RUN_NS = 20 * 1000 * 1000 };

static const bench_stage *const tables[] = {bench_field_stages, bench_fft_stages,
                                            bench_quot_stages, bench_hash_stages,
                                            bench_builtin_stages};

typedef struct options {
    const char *backend, *stage;
    uint32_t threads, runs;
} options;

static double now_ns(const bench_env *env)
{
    return bench_ns(env->threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC);
}

static double time_runs(const bench_env *env, const bench_stage *s, uint32_t repeat)
{
    double start = now_ns(env);
    for (uint32_t i = 0; i < repeat; i++)
        s->run(env, s);
    return now_ns(env) - start;
}

static void measure(const bench_env *env, const bench_stage *s, uint32_t runs)
{
    double t[MAX_RUNS], off[MAX_RUNS], mid, least;
    uint32_t repeat = 1;
    if (s->prepare) s->prepare(env, s);
    while (time_runs(env, s, repeat) < MIN_RUN_NS)
        repeat *= 2;
    for (uint32_t r = 0; r < runs; r++)
        t[r] = time_runs(env, s, repeat) / repeat / s->units;
    mid   = bench_median(t, runs);
    least = t[0];
    for (uint32_t r = 0; r < runs; r++)
        off[r] = t[r] > mid ? t[r] - mid : mid - t[r];
    printf(
        "{\"stage\":\"%s\",\"backend\":\"%s\",\"threads\":%u,\"clock\":\"%s\",\"unit\":\"%s\","
        "\"ns_per_unit\":%.4f,\"min\":%.4f,\"mad\":%.4f,\"run_ms\":%.4f}\n",
        s->name, env->be->name, env->threads, env->threads == 1 ? "cpu" : "wall", s->unit, mid,
        least, bench_median(off, runs), mid * s->units / 1e6);
    fflush(stdout);
}

static sage_status
run_stage(bench_env *env, const bench_stage *s, uint32_t runs, sage_errinfo *err)
{
    size_t words   = s->words ? s->words(env, s) : 16;
    sage_status st = env->be->arena(env->dev, words * sizeof(uint32_t), &env->mem, err);
    uint64_t x     = 1;
    if (st) return st;
    for (size_t i = 0; i < words; i++) {
        x           = x * 6364136223846793005u + 1442695040888963407u;
        env->mem[i] = (uint32_t)(x >> 33) % M31_P;
    }
    measure(env, s, runs);
    return SAGE_OK;
}

static sage_status run_all(const options *o, sage_errinfo *err)
{
    bench_env env = {.threads = o->threads};
    sage_status s = sage_cpu_mask_check(err);
    if (!s) s = sage_backend_find(o->backend, &env.be, err);
    if (!s) s = env.be->open(&env.dev, o->threads, err);
    for (size_t t = 0; !s && t < sizeof tables / sizeof tables[0]; t++)
        for (const bench_stage *b = tables[t]; !s && b->name; b++)
            if (!strncmp(b->name, o->stage, strlen(o->stage)))
                s = run_stage(&env, b, o->runs, err);
    if (env.be) env.be->close(env.dev);
    return s;
}

static bool number(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
    char *end;
    unsigned long v = strtoul(text, &end, 10);
    *out            = (uint32_t)v;
    return end != text && !*end && v >= min && v <= max;
}

static bool parse(int argc, char **argv, options *o)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) return false;
        if (!strcmp(argv[i], "--backend"))
            o->backend = argv[i + 1];
        else if (!strcmp(argv[i], "--stage"))
            o->stage = argv[i + 1];
        else if (!strcmp(argv[i], "--threads")) {
            if (!number(argv[i + 1], 1, 1024, &o->threads)) return false;
        } else if (!strcmp(argv[i], "--runs")) {
            if (!number(argv[i + 1], 1, MAX_RUNS, &o->runs)) return false;
        } else
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    options o = {.backend = "auto", .stage = "", .threads = 1, .runs = 11};
    sage_errinfo err;
    if (!parse(argc, argv, &o)) {
        fprintf(stderr, "usage: bench_kernels [--backend NAME] [--threads N] [--stage PREFIX] "
                        "[--runs 1..101]\n");
        return sage_status_exit(SAGE_EINVAL);
    }
    sage_status s = run_all(&o, &err);
    if (s) fprintf(stderr, "bench_kernels: %s\n", err.msg);
    return sage_status_exit(s);
}

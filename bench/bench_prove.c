/* bench_prove [--threads N] [--backend NAME] [--preprocessed auto|canonical|without_pedersen|
 * small] PROGRAM.json [INPUT.json]: runs and proves a Cairo program once, at 96 bits; one JSON
 * line a stage, with wall and CPU time of all threads, and one for the whole with the peak of
 * memory. A preprocessed tree that is not in the cache yet is made first, as a stage.
 * Stages inside others are named "outer/inner"; those of one name are added up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "sage/cairo.h"
#include "timing.h"

enum { MAX_STAGES = 64, MAX_DEPTH = 8, MAX_NAME = 96, MAX_FILE = 1 << 28 };

typedef struct clocks {
    double wall, cpu;
} clocks;

static clocks now(void)
{
    return (clocks){bench_ns(CLOCK_MONOTONIC) * 1e-9,
                    bench_ns(CLOCK_PROCESS_CPUTIME_ID) * 1e-9};
}

typedef struct stages {
    struct {
        char name[MAX_NAME];
        clocks spent;
    } at[MAX_STAGES];
    uint32_t n, depth;
    struct {
        uint32_t stage;
        clocks begin;
    } open[MAX_DEPTH];
} stages;

/* Its place; MAX_STAGES if there are too many. */
static uint32_t stage_named(stages *s, const char *name)
{
    uint32_t i = 0;
    while (i < s->n && strcmp(s->at[i].name, name) != 0)
        i++;
    if (i == s->n && i < MAX_STAGES) snprintf(s->at[s->n++].name, MAX_NAME, "%s", name);
    return i;
}

static void mark(void *arg, const char *stage, const char *part, int begin)
{
    stages *s = arg;
    clocks t  = now();
    char name[MAX_NAME];
    (void)part;
    if (!begin) {
        if (s->depth-- > MAX_DEPTH) return;
        uint32_t i = s->open[s->depth].stage;
        if (i == MAX_STAGES) return;
        s->at[i].spent.wall += t.wall - s->open[s->depth].begin.wall;
        s->at[i].spent.cpu += t.cpu - s->open[s->depth].begin.cpu;
        return;
    }
    if (s->depth++ >= MAX_DEPTH) return;
    uint32_t depth = s->depth - 1, outer = depth ? s->open[depth - 1].stage : MAX_STAGES;
    if (outer < MAX_STAGES)
        snprintf(name, sizeof name, "%.60s/%.30s", s->at[outer].name, stage);
    else
        snprintf(name, sizeof name, "%.90s", stage);
    s->open[depth].stage = stage_named(s, name);
    s->open[depth].begin = t;
}

static int fail(const sage_errinfo *err)
{
    fprintf(stderr, "bench_prove: %s: %s\n", err->where, err->msg);
    return 1;
}

static sage_cairo_preprocessed_kind preprocessed_named(const char *name)
{
    static const char *const names[] = {"auto", "canonical", "without_pedersen", "small"};
    for (int i = 0; i < 4; i++)
        if (!strcmp(name, names[i])) return (sage_cairo_preprocessed_kind)i;
    fprintf(stderr, "bench_prove: no preprocessed trace %s\n", name);
    exit(64);
}

static void print(const stages *s, clocks whole, const sage_prove_options *o, size_t proof_len)
{
    for (uint32_t i = 0; i < s->n; i++)
        printf("{\"stage\":\"%s\",\"wall_s\":%.3f,\"cpu_s\":%.3f}\n", s->at[i].name,
               s->at[i].spent.wall, s->at[i].spent.cpu);
    printf("{\"proof_bytes\":%zu,\"backend\":\"%s\",\"threads\":%u,\"wall_s\":%.3f,"
           "\"cpu_s\":%.3f,\"peak_mib\":%.0f}\n",
           proof_len, o->backend ? o->backend : "auto", o->threads, whole.wall, whole.cpu,
           bench_peak_mib());
}

int main(int argc, char **argv)
{
    static stages s;
    sage_cairo_task task = {0};
    sage_prove_options o = {.threads = 1, .stage = mark, .stage_arg = &s};
    sage_errinfo err     = {0};
    uint8_t *program, *args      = NULL, *proof;
    size_t program_len, args_len = 0, proof_len;
    int at = 1;
    for (; at + 1 < argc && !strncmp(argv[at], "--", 2); at += 2) {
        if (!strcmp(argv[at], "--threads"))
            o.threads = (uint32_t)strtoul(argv[at + 1], NULL, 10);
        else if (!strcmp(argv[at], "--backend"))
            o.backend = argv[at + 1];
        else if (!strcmp(argv[at], "--preprocessed"))
            task.preprocessed = preprocessed_named(argv[at + 1]);
        else
            break;
    }
    if (at >= argc || argc - at > 2 || argv[at][0] == '-') {
        fprintf(stderr, "usage: bench_prove [--threads N] [--backend NAME] "
                        "[--preprocessed NAME] PROGRAM.json [INPUT.json]\n");
        return 64;
    }
    if (sage_file_read(argv[at], MAX_FILE, &program, &program_len, &err)) return fail(&err);
    if (at + 1 < argc && sage_file_read(argv[at + 1], MAX_FILE, &args, &args_len, &err))
        return fail(&err);
    task.program     = program;
    task.program_len = program_len;
    task.args        = args;
    task.args_len    = args_len;
    clocks t         = now();
    if (sage_prove_cairo(&task, &o, SAGE_CAIRO_PROOF_BINARY, &proof, &proof_len, NULL, &err))
        return fail(&err);
    clocks end = now();
    print(&s, (clocks){end.wall - t.wall, end.cpu - t.cpu}, &o, proof_len);
    free(proof);
    free(args);
    free(program);
    return 0;
}

/* bench_vm [--runs N] [--stage NAME] [--steps N]: running programs and making prover input of
 * the run, one JSON line a program: nanoseconds of CPU time a step for each and for both,
 * fastest and median, steps a second of both together, peak memory so far. One thread.
 *
 * The programs are loops that stress one thing each; their number of rounds follows from the
 * steps asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"
#include "vm/asm.h"
#include "vm/prover_input.h"

enum { MAX_RUNS = 31, MAX_TEXT = 4096 };

typedef struct loop {
    const char *name;
    uint32_t steps; /* of a round */
    const char *text;
} loop;

/* ROUNDS stands for the number of rounds. */
static const loop loops[] = {
    /* sums of large felts: each is a new value of memory */
    {"fibonacci", 4,
     "main:\n [ap] = 1, ap++; [ap] = 1, ap++; [ap] = ROUNDS, ap++;\n"
     "loop:\n [ap] = [ap - 2], ap++; [ap] = [ap - 4] + [ap - 3], ap++; [ap] = [ap - 3] - 1, "
     "ap++;\n jmp rel loop if [ap - 1] != 0;\n ret;\n"},
    /* small numbers */
    {"count", 3,
     "main:\n [ap] = 0, ap++; [ap] = ROUNDS, ap++;\n"
     "loop:\n [ap] = [ap - 2] + 3, ap++; [ap] = [ap - 2] - 1, ap++;\n"
     " jmp rel loop if [ap - 1] != 0;\n ret;\n"},
    /* products modulo P */
    {"products", 4,
     "main:\n [ap] = 3, ap++; [ap] = ROUNDS, ap++;\n"
     "loop:\n [ap] = [ap - 2] * [ap - 2], ap++; [ap] = [ap - 1] * 7, ap++;\n"
     " [ap] = [ap - 3] - 1, ap++; jmp rel loop if [ap - 1] != 0;\n ret;\n"},
    /* calls that pass and return a value through frames */
    {"calls", 7,
     "main:\n [ap] = 0, ap++; [ap] = ROUNDS, ap++;\n"
     "loop:\n [ap] = [ap - 1] - 1, ap++; [ap] = [ap - 3], ap++; call rel next;\n"
     " [ap] = [ap - 5], ap++; jmp rel loop if [ap - 1] != 0;\n ret;\n"
     "next:\n [ap] = [fp - 3] + 1, ap++; ret;\n"}};
enum { LOOPS = sizeof loops / sizeof *loops };

static size_t expand(char *out, const char *text, uint64_t rounds)
{
    static const char mark[] = "ROUNDS";
    const char *at           = strstr(text, mark);
    return (size_t)snprintf(out, MAX_TEXT, "%.*s%llu%s", (int)(at - text), text,
                            (unsigned long long)rounds, at + strlen(mark));
}

static double now_ns(void)
{
    return bench_ns(CLOCK_PROCESS_CPUTIME_ID);
}

typedef struct times {
    double run[MAX_RUNS], adapt[MAX_RUNS], both[MAX_RUNS];
    uint64_t steps;
} times;

static sage_status run_once(const sage_program *p, times *t, uint32_t i, sage_errinfo *err)
{
    sage_run run;
    sage_prover_input input;
    double start = now_ns();
    sage_status s =
        sage_run_program(&run, p, &(sage_run_input){0}, &sage_run_default_limits, err);
    if (s) return s;
    double middle = now_ns();
    s             = sage_adapt(&input, &run, err);
    double n      = (double)run.n_steps;
    t->steps      = run.n_steps;
    t->both[i]    = (now_ns() - start) / n;
    t->run[i]     = (middle - start) / n;
    t->adapt[i]   = t->both[i] - t->run[i];
    sage_run_free(&run);
    if (!s) sage_prover_input_free(&input);
    return s;
}

static sage_status measure(const loop *l, uint64_t steps, uint32_t runs, sage_errinfo *err)
{
    char text[MAX_TEXT];
    sage_program p;
    times t;
    sage_status s = sage_assemble(&p, text, expand(text, l->text, steps / l->steps), err);
    if (s) return s;
    for (uint32_t i = 0; !s && i < runs; i++)
        s = run_once(&p, &t, i, err);
    sage_program_free(&p);
    if (s) return s;
    double run = bench_median(t.run, runs), adapt = bench_median(t.adapt, runs),
           both = bench_median(t.both, runs);
    printf("{\"stage\":\"vm_%s\",\"steps\":%llu,\"run_ns\":%.2f,\"run_min_ns\":%.2f,"
           "\"adapt_ns\":%.2f,\"adapt_min_ns\":%.2f,\"million_steps_per_s\":%.1f,"
           "\"best_million_steps_per_s\":%.1f,\"peak_mib\":%.1f}\n",
           l->name, (unsigned long long)t.steps, run, t.run[0], adapt, t.adapt[0], 1e3 / both,
           1e3 / t.both[0], bench_peak_mib());
    return SAGE_OK;
}

int main(int argc, char **argv)
{
    sage_errinfo err;
    uint64_t steps    = 2000000;
    uint32_t runs     = 7;
    const char *stage = "";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--runs"))
            runs = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--steps"))
            steps = strtoull(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--stage"))
            stage = argv[i + 1];
        else
            runs = 0;
    }
    if (runs < 1 || runs > MAX_RUNS || argc % 2 == 0) {
        fprintf(stderr, "usage: bench_vm [--runs 1..%d] [--steps N] [--stage NAME]\n",
                MAX_RUNS);
        return 64;
    }
    for (int i = 0; i < LOOPS; i++)
        if (!strncmp(loops[i].name, stage, strlen(stage)) &&
            measure(&loops[i], steps, runs, &err)) {
            fprintf(stderr, "bench_vm: %s: %s: %s\n", loops[i].name, err.where, err.msg);
            return 1;
        }
    return 0;
}

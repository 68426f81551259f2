/* bench_preprocessed VARIANT [LOG_BLOWUP [BACKEND [THREADS]]]: the Blake2s root of a whole
 * preprocessed trace of Cairo proofs, from nothing; VARIANT: canonical, without_pedersen, small.
 * One JSON line: the root, the wall and CPU time of each stage, the process's peak memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "cairo/preprocessed_tree.h"

enum { MAX_STAGES = 4 };

typedef struct times {
    const char *name[MAX_STAGES];
    double wall[MAX_STAGES], cpu[MAX_STAGES];
    int n;
} times;

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stage(void *arg, const char *name)
{
    times *t = arg;
    if (t->n == MAX_STAGES) return;
    t->name[t->n]  = name;
    t->wall[t->n]  = seconds(CLOCK_MONOTONIC);
    t->cpu[t->n++] = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void print(const char *variant, uint32_t log_blowup, const uint8_t *root, const times *t)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"variant\":\"%s\",\"log_blowup\":%u,\"root\":\"", variant, log_blowup);
    for (int i = 0; i < 32; i++)
        printf("%02x", root[i]);
    printf("\"");
    for (int i = 0; i + 1 < t->n; i++)
        printf(",\"%s_s\":%.2f,\"%s_cpu_s\":%.2f", t->name[i], t->wall[i + 1] - t->wall[i],
               t->name[i], t->cpu[i + 1] - t->cpu[i]);
    printf(",\"peak_mib\":%.0f}\n", (double)usage.ru_maxrss / 1024.0);
}

static int variant_of(const char *name)
{
    static const char *const names[SAGE_CAIRO_VARIANTS] = {
        [SAGE_CAIRO_CANONICAL]                  = "canonical",
        [SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN] = "without_pedersen",
        [SAGE_CAIRO_CANONICAL_SMALL]            = "small"};
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        if (!strcmp(names[v], name)) return v;
    return -1;
}

static uint32_t number(int argc, char **argv, int i, uint32_t otherwise)
{
    return i < argc ? (uint32_t)strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    int variant         = argc > 1 ? variant_of(argv[1]) : -1;
    uint32_t log_blowup = number(argc, argv, 2, 1);
    const sage_backend *be;
    sage_device *dev = NULL;
    sage_errinfo err = {0};
    uint8_t root[32];
    times t = {.n = 0};
    if (variant < 0) {
        fprintf(stderr, "usage: bench_preprocessed canonical|without_pedersen|small "
                        "[LOG_BLOWUP [BACKEND [THREADS]]]\n");
        return 2;
    }
    sage_status s = sage_backend_find(argc > 3 ? argv[3] : NULL, &be, &err);
    if (!s) s = be->open(&dev, number(argc, argv, 4, 1), &err);
    if (!s)
        s = sage_cairo_pre_root(be, dev, (sage_cairo_variant)variant, log_blowup, stage, &t,
                                root, &err);
    if (s)
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
    else
        print(argv[1], log_blowup, root, &t);
    if (dev) be->close(dev);
    return s ? 1 : 0;
}

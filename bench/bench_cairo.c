/* bench_cairo [--runs N] PROOF...: reading and verifying Cairo proofs, one JSON line a file:
 * median and fastest time of each, and the process's peak memory after the first file, the
 * file's own text included. One thread, CPU time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/file.h"
#include "cairo/verify.h"

enum { MAX_RUNS = 101, MAX_FILE = 64 << 20, SECURITY_BITS = 96 };

typedef struct series {
    double ms[MAX_RUNS];
    uint32_t n;
} series;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e3 * (double)t.tv_sec + (double)t.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void add(series *s, double start)
{
    s->ms[s->n++] = now_ms() - start;
}

static double peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static sage_status
run_once(const uint8_t *bytes, size_t len, series *read, series *verify, sage_errinfo *err)
{
    sage_cairo_proof p;
    double start  = now_ms();
    sage_status s = sage_cairo_read(&p, bytes, len, sage_cairo_recognise(bytes, len), err);
    if (s) return s;
    add(read, start);
    start = now_ms();
    s     = sage_cairo_verify(&p, SECURITY_BITS, err);
    add(verify, start);
    sage_cairo_proof_free(&p);
    return s;
}

static sage_status measure(const char *path, uint32_t runs, sage_errinfo *err)
{
    series read = {.n = 0}, verify = {.n = 0};
    uint8_t *bytes;
    size_t len;
    sage_status s = sage_file_read(path, MAX_FILE, &bytes, &len, err);
    if (s) return s;
    for (uint32_t i = 0; !s && i < runs; i++)
        s = run_once(bytes, len, &read, &verify, err);
    free(bytes);
    if (s) return s;
    qsort(read.ms, runs, sizeof *read.ms, ascending);
    qsort(verify.ms, runs, sizeof *verify.ms, ascending);
    printf(
        "{\"stage\":\"cairo_verify\",\"file\":\"%s\",\"bytes\":%zu,\"read_ms\":%.3f,"
        "\"read_min_ms\":%.3f,\"verify_ms\":%.3f,\"verify_min_ms\":%.3f,\"peak_mib\":%.1f}\n",
        path, len, read.ms[runs / 2], read.ms[0], verify.ms[runs / 2], verify.ms[0],
        peak_mib());
    return SAGE_OK;
}

int main(int argc, char **argv)
{
    sage_errinfo err;
    uint32_t runs = 11;
    int first     = 1;
    if (argc > 2 && !strcmp(argv[1], "--runs")) {
        runs  = (uint32_t)strtoul(argv[2], NULL, 10);
        first = 3;
    }
    if (runs < 1 || runs > MAX_RUNS || first >= argc) {
        fprintf(stderr, "usage: bench_cairo [--runs 1..%d] PROOF...\n", MAX_RUNS);
        return 64;
    }
    for (int i = first; i < argc; i++)
        if (measure(argv[i], runs, &err)) {
            fprintf(stderr, "bench_cairo: %s: %s: %s\n", argv[i], err.where, err.msg);
            return 1;
        }
    return 0;
}

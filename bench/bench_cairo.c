/* bench_cairo [--runs N] PROOF...: reading and verifying Cairo proofs, one JSON line a file:
 * median and fastest time of each, and the process's peak memory after the first file, the
 * file's own text included. Then a line a format: the proof written in it and read back. One
 * thread, CPU time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cairo/verify.h"
#include "timing.h"

enum { MAX_RUNS = 101, MAX_FILE = 64 << 20, SECURITY_BITS = 96 };

typedef struct series {
    double ms[MAX_RUNS];
    uint32_t n;
} series;

static double now_ms(void)
{
    return bench_ns(CLOCK_PROCESS_CPUTIME_ID) / 1e6;
}

static void add(series *s, double start)
{
    s->ms[s->n++] = now_ms() - start;
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
    double read_ms = bench_median(read.ms, runs), verify_ms = bench_median(verify.ms, runs);
    printf(
        "{\"stage\":\"cairo_verify\",\"file\":\"%s\",\"bytes\":%zu,\"read_ms\":%.3f,"
        "\"read_min_ms\":%.3f,\"verify_ms\":%.3f,\"verify_min_ms\":%.3f,\"peak_mib\":%.1f}\n",
        path, len, read_ms, read.ms[0], verify_ms, verify.ms[0], bench_peak_mib());
    return SAGE_OK;
}

static const char *const names[] = {
    [SAGE_CAIRO_FORMAT_SERDE]  = "cairo-serde",
    [SAGE_CAIRO_FORMAT_JSON]   = "json",
    [SAGE_CAIRO_FORMAT_BINARY] = "binary",
};

static sage_status format_once(const sage_cairo_proof *p,
                               sage_cairo_format format,
                               size_t *len,
                               series *write,
                               series *read,
                               sage_errinfo *err)
{
    sage_cairo_proof again;
    sage_sink sink = {0};
    double start   = now_ms();
    sage_status s  = sage_cairo_write(p, format, &sink, err);
    add(write, start);
    *len  = sink.len;
    start = now_ms();
    if (!s) s = sage_cairo_read(&again, sink.bytes, sink.len, format, err);
    add(read, start);
    if (!s) sage_cairo_proof_free(&again);
    free(sink.bytes);
    return s;
}

static sage_status measure_format(const sage_cairo_proof *p,
                                  sage_cairo_format format,
                                  uint32_t runs,
                                  sage_errinfo *err)
{
    series write = {.n = 0}, read = {.n = 0};
    size_t len    = 0;
    sage_status s = SAGE_OK;
    for (uint32_t i = 0; !s && i < runs; i++)
        s = format_once(p, format, &len, &write, &read, err);
    if (s) return s;
    double read_ms = bench_median(read.ms, runs), write_ms = bench_median(write.ms, runs);
    printf("{\"stage\":\"cairo_format\",\"format\":\"%s\",\"bytes\":%zu,\"write_ms\":%.3f,"
           "\"read_ms\":%.3f,\"write_ns_per_byte\":%.3f,\"read_ns_per_byte\":%.3f}\n",
           names[format], len, write_ms, read_ms, 1e6 * write_ms / (double)len,
           1e6 * read_ms / (double)len);
    return SAGE_OK;
}

static sage_status measure_formats(const char *path, uint32_t runs, sage_errinfo *err)
{
    sage_cairo_proof p;
    uint8_t *bytes;
    size_t len;
    sage_status s = sage_file_read(path, MAX_FILE, &bytes, &len, err);
    if (s) return s;
    s = sage_cairo_read(&p, bytes, len, sage_cairo_recognise(bytes, len), err);
    free(bytes);
    if (s) return s;
    for (int f = SAGE_CAIRO_FORMAT_SERDE; !s && f <= SAGE_CAIRO_FORMAT_BINARY; f++)
        s = measure_format(&p, (sage_cairo_format)f, runs, err);
    sage_cairo_proof_free(&p);
    return s;
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
        if (measure(argv[i], runs, &err) || measure_formats(argv[i], runs, &err)) {
            fprintf(stderr, "bench_cairo: %s: %s: %s\n", argv[i], err.where, err.msg);
            return 1;
        }
    return 0;
}

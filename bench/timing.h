/* timing.h -- clocks and statistics of the programs that measure. */
#ifndef SAGE_BENCH_TIMING_H
#define SAGE_BENCH_TIMING_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/compiler.h"

/* Nanoseconds of a clock: CLOCK_PROCESS_CPUTIME_ID, which a busy machine disturbs less, or
 * CLOCK_MONOTONIC for what several threads do. */
SAGE_INLINE double bench_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

SAGE_INLINE int bench_ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of n > 0 values, which are left in ascending order. */
SAGE_INLINE double bench_median(double *v, uint32_t n)
{
    qsort(v, n, sizeof *v, bench_ascending);
    return v[n / 2];
}

/* The most memory this process has had so far. */
SAGE_INLINE double bench_peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

#endif

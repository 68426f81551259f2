/* bench.h -- stages of the prover timed one by one: each folder of kernels lists its stages in
 * a table, bench_kernels.c runs them on the chosen backend and prints one JSON line a stage. */
#ifndef SAGE_BENCH_H
#define SAGE_BENCH_H

#include "backend/backend.h"

typedef struct bench_env {
    const sage_backend *be;
    sage_device *dev;
    uint32_t threads;
    uint32_t *mem; /* the stage's `words`, filled with random field values */
} bench_env;

typedef struct bench_stage bench_stage;
struct bench_stage {
    const char *name, *unit; /* "fft_2^20", "butterfly" */
    double units;            /* units in one run: times are per unit */
    uint32_t log, n;         /* the stage's own parameters */
    /* words of arena; may be NULL (none) */
    size_t (*words)(const bench_env *env, const bench_stage *stage);
    /* once before the first run; may be NULL */
    void (*prepare)(const bench_env *env, const bench_stage *stage);
    void (*run)(const bench_env *env, const bench_stage *stage);
};

/* Tables end with a stage whose name is NULL. */
extern const bench_stage bench_fft_stages[], bench_field_stages[], bench_quot_stages[],
    bench_hash_stages[], bench_builtin_stages[];

/* The compiler must assume that the bytes at p are read. */
SAGE_INLINE void bench_keep(const void *p)
{
    __asm__ volatile("" : : "r"(p) : "memory");
}

#endif

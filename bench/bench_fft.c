/* Stages: twiddles, circle FFT, extension, sampling. Butterflies of 2^k points: k 2^(k-1). */
#include "bench.h"

static sage_twiddles tower(const bench_env *env, uint32_t log)
{
    return (sage_twiddles){env->mem, log};
}
static uint32_t *column(const bench_env *env, uint32_t log_tower)
{
    return env->mem + env->be->twiddle_words(log_tower);
}

static void make_tower(const bench_env *env, const bench_stage *s)
{
    env->be->twiddles(env->dev, tower(env, s->log));
}
static size_t tower_words(const bench_env *env, const bench_stage *s)
{
    return env->be->twiddle_words(s->log);
}

static size_t fft_words(const bench_env *env, const bench_stage *s)
{
    return env->be->twiddle_words(s->log) + ((size_t)s->n << s->log);
}
static void
columns(const bench_env *env, uint32_t log_tower, const bench_stage *s, uint32_t **c)
{
    for (uint32_t i = 0; i < s->n; i++)
        c[i] = column(env, log_tower) + ((size_t)i << log_tower);
}
static void interpolate(const bench_env *env, const bench_stage *s)
{
    uint32_t *c[16];
    columns(env, s->log, s, c);
    env->be->interpolate(env->dev, tower(env, s->log), c, s->n, s->log, s->log);
}
static void evaluate(const bench_env *env, const bench_stage *s)
{
    uint32_t *c[16];
    columns(env, s->log, s, c);
    env->be->evaluate(env->dev, tower(env, s->log), c, s->n, s->log, s->log);
}

/* Extension 2^log -> 2^(log + 1). */
static size_t lde_words(const bench_env *env, const bench_stage *s)
{
    return env->be->twiddle_words(s->log + 1) + ((size_t)s->n << (s->log + 1));
}
static void lde_prepare(const bench_env *env, const bench_stage *s)
{
    env->be->twiddles(env->dev, tower(env, s->log + 1));
}
static void lde(const bench_env *env, const bench_stage *s)
{
    uint32_t *c[16];
    columns(env, s->log + 1, s, c);
    env->be->lde(env->dev, tower(env, s->log + 1), c, s->n, s->log, s->log + 1);
}

static size_t sample_words(const bench_env *env, const bench_stage *s)
{
    return lde_words(env, s) + env->be->sample_words(s->log);
}
static void sample(const bench_env *env, const bench_stage *s)
{
    static const secure_point at = {{{11, 12, 13, 14}}, {{15, 16, 17, 18}}};
    uint32_t *c[16], *scratch = env->mem + lde_words(env, s);
    qm31 out[16];
    columns(env, s->log + 1, s, c);
    if (env->be->sample(env->dev, tower(env, s->log + 1), (const uint32_t *const *)c, s->n,
                        s->log, s->log + 1, at, scratch, out, NULL))
        __builtin_trap();
    bench_keep(out);
}

#define BUTTERFLIES(log) ((double)(log) * (double)(1u << ((log)-1)))
#define FFT(log)                                                                               \
    {                                                                                          \
        "ifft_2^" #log, "butterfly", BUTTERFLIES(log), log, 1,                                 \
        fft_words,      make_tower,  interpolate},                                             \
    {                                                                                          \
        "fft_2^" #log, "butterfly", BUTTERFLIES(log), log, 1, fft_words, make_tower, evaluate  \
    }

const bench_stage bench_fft_stages[] = {
    {"twiddles_2^20", "entry", 1 << 20, 20, 1, tower_words, NULL, make_tower},
    {"twiddles_2^24", "entry", 1 << 24, 24, 1, tower_words, NULL, make_tower},
    FFT(12),
    FFT(14),
    FFT(16),
    FFT(20),
    FFT(24),
    {"lde_2^16", "column", 1, 16, 1, lde_words, lde_prepare, lde},
    {"lde_2^20", "column", 1, 20, 1, lde_words, lde_prepare, lde},
    {"lde_2^20_x8", "column", 8, 20, 8, lde_words, lde_prepare, lde},
    {"sample_2^20", "column", 1, 20, 1, sample_words, lde_prepare, sample},
    {"sample_2^20_x16", "column", 16, 20, 16, sample_words, lde_prepare, sample},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

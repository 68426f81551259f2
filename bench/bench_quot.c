/* Stages: FRI folds, DEEP quotients at one point, LogUp on the component `many` of the
 * backend's tests, n pairs a row. Columns follow the twiddles in env->mem. */
#include <stdlib.h>

#include "backend/test_air_kernels.h"
#include "bench.h"

enum { MAX_COLUMNS = 100, SECURE = 4 };

static const qm31 some_q = {{123456789, 987654321, 1111111111, 2012345678}};

static uint32_t *column(const bench_env *env, const bench_stage *s, uint32_t i)
{
    return env->mem + env->be->twiddle_words(s->log + 1) + ((size_t)i << s->log);
}
static void columns(const bench_env *env, const bench_stage *s, uint32_t from, uint32_t **c)
{
    for (uint32_t i = 0; i < SECURE; i++)
        c[i] = column(env, s, from + i);
}
static sage_twiddles tower(const bench_env *env, const bench_stage *s)
{
    return (sage_twiddles){env->mem, s->log + 1};
}
static void prepare(const bench_env *env, const bench_stage *s)
{
    env->be->twiddles(env->dev, tower(env, s));
}

static size_t fold_words(const bench_env *env, const bench_stage *s)
{
    return env->be->twiddle_words(s->log + 1) + ((size_t)2 * SECURE << s->log);
}
static void fold_circle(const bench_env *env, const bench_stage *s)
{
    uint32_t *src[SECURE], *dst[SECURE];
    columns(env, s, 0, src);
    columns(env, s, SECURE, dst);
    env->be->fold_circle(env->dev, tower(env, s), (const uint32_t *const *)src, s->log, some_q,
                         dst);
}
static void fold_line(const bench_env *env, const bench_stage *s)
{
    uint32_t *src[SECURE], *dst[SECURE];
    columns(env, s, 0, src);
    columns(env, s, SECURE, dst);
    env->be->fold_line(env->dev, tower(env, s), (const uint32_t *const *)src, s->log, some_q,
                       dst);
}

/* n columns of the domain's size, 4 columns of output, scratch. */
static size_t quotient_words(const bench_env *env, const bench_stage *s)
{
    return env->be->twiddle_words(s->log + 1) + ((size_t)(s->n + SECURE) << s->log) +
           env->be->quotient_words(1, s->log);
}
static void quotients(const bench_env *env, const bench_stage *s)
{
    sage_quotient_entry entry[MAX_COLUMNS];
    uint32_t *out[SECURE];
    qm31 t2 = qm31_sqr(some_q), one = qm31_one(), inv = qm31_inv(qm31_add(one, t2));
    secure_point at = {qm31_mul(qm31_sub(one, t2), inv),
                       qm31_mul(qm31_add(some_q, some_q), inv)};
    for (uint32_t i = 0; i < s->n; i++)
        entry[i] = (sage_quotient_entry){column(env, s, i), s->log, some_q};
    columns(env, s, s->n, out);
    const sage_quotient_batch batch = {at, some_q, t2, entry, s->n};
    env->be->quotients(env->dev, tower(env, s), &batch, 1, s->log,
                       column(env, s, s->n + SECURE), out);
}

/* Two trace columns, n pairs of columns, scratch. */
static const sage_air many = {.name = "many", .sized = 1, .trace = {2, 0}, .pairs = {0, 1}};
static size_t logup_words(const bench_env *env, const bench_stage *s)
{
    return env->be->twiddle_words(s->log + 1) + ((size_t)(2 + SECURE * s->n) << s->log) +
           env->be->logup_words(&many, s->log);
}
static void logup(const bench_env *env, const bench_stage *s)
{
    uint32_t *trace[2], *inter[MAX_COLUMNS];
    qm31 alpha[3] = {qm31_one(), some_q, qm31_sqr(some_q)}, claimed;
    for (uint32_t i = 0; i < 2; i++)
        trace[i] = column(env, s, i);
    for (uint32_t i = 0; i < SECURE * s->n; i++)
        inter[i] = column(env, s, 2 + i);
    sage_air_rows rows = {.log_rows = s->log,
                          .size     = s->n,
                          .trace    = trace,
                          .inter    = inter,
                          .alpha    = alpha,
                          .z        = qm31_sqr(alpha[2])};
    if (env->be->logup(env->dev, &many, &rows, column(env, s, 2 + SECURE * s->n), &claimed,
                       NULL))
        abort();
    bench_keep(&claimed);
}

#define CELLS(log, n) ((double)(n) * (double)(1u << (log)))
#define QUOTIENTS(log, n)                                                                      \
    {                                                                                          \
        "quotients_2^" #log "_x" #n, "cell", CELLS(log, n), log, n, quotient_words, prepare,   \
            quotients                                                                          \
    }
#define LOGUP(log, n)                                                                          \
    {                                                                                          \
        "logup_2^" #log "_x" #n, "pair", CELLS(log, n), log, n, logup_words, NULL, logup       \
    }

const bench_stage bench_quot_stages[] = {
    {"fold_circle_2^20", "output", CELLS(19, 1), 20, 0, fold_words, prepare, fold_circle},
    {"fold_line_2^20", "output", CELLS(19, 1), 20, 0, fold_words, prepare, fold_line},
    QUOTIENTS(20, 16),
    QUOTIENTS(20, 100),
    LOGUP(20, 1),
    LOGUP(20, 8),
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

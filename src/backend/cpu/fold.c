/* FRI folds and the lifted addition of smaller polynomials, on lanes. Bound by memory: the
 * fold reads 32 bytes and writes 16 per output. */
#include "field/lanes.h"

#include "backend/cpu/kernels.h"
#include "backend/cpu/lift.h"
#include "backend/cpu/twiddles.h"

enum { TASK_ROWS = 1 << 13 };

/* ---- folds: dst[j] = (a + b) + alpha (a - b) / t, a and b at 2j and 2j + 1, t the y or x of
 * point 2j (facts A12) ---- */

typedef struct fold_job {
    const uint32_t *const *src;
    uint32_t *const *dst;
    const uint32_t *inverse; /* level of doubled inverses */
    bool expand;             /* the level is x of the circle domain, y is wanted */
    qm31 weight[4];          /* alpha * {1, i, u, iu}: alpha * d = sum of d_c * weight[c] */
    size_t n;                /* outputs */
} fold_job;

static void fold_rows(const fold_job *job, size_t begin, size_t end)
{
    for (size_t j = begin; j < end; j += LANES) {
        const uint32_t *level = job->inverse;
        vf t                  = job->expand ? vf_load_y2(level, j) : vf_load(level + j);
        vacc out              = vacc_zero();
        vq sum;
        for (int c = 0; c < 4; c++) {
            const uint32_t *pairs = job->src[c] + 2 * j;
            vf a, b;
            vf_unzip(vf_load(pairs), vf_load(pairs + LANES), &a, &b);
            sum.c[c] = vf_add(a, b);
            vacc_madd(&out, &job->weight[c], vf_mul_twice(vf_sub(a, b), t));
        }
        vacc_add_q(&out, sum);
        vq_store(job->dst, j, vacc_get(&out));
    }
}

static void fold_task(void *arg, size_t task, uint32_t worker)
{
    const fold_job *job = arg;
    size_t begin = task * TASK_ROWS, end = begin + TASK_ROWS;
    (void)worker;
    fold_rows(job, begin, end < job->n ? end : job->n);
}

static void fold(sage_device *dev, fold_job *job, qm31 alpha)
{
    for (int c = 0; c < 4; c++) {
        qm31 unit      = qm31_zero();
        unit.v[c]      = 1;
        job->weight[c] = qm31_mul(alpha, unit);
    }
    sage_pool_for(dev->pool, (job->n + TASK_ROWS - 1) / TASK_ROWS, fold_task, job);
}

/* Fewer outputs than lanes, or than the twiddle tower's circle layer has: one by one. */
static void fold_few(const fold_job *job, qm31 alpha, const m31 *inverse)
{
    for (size_t j = 0; j < job->n; j++) {
        qm31 a, b;
        for (int c = 0; c < 4; c++) {
            a.v[c] = job->src[c][2 * j];
            b.v[c] = job->src[c][2 * j + 1];
        }
        qm31 g = qm31_scale(qm31_mul(alpha, qm31_sub(a, b)), inverse[j]);
        g      = qm31_add(g, qm31_add(a, b));
        for (int c = 0; c < 4; c++)
            job->dst[c][j] = g.v[c];
    }
}

enum { FEW_LOG = LANES_LOG > 2 ? LANES_LOG : 2, FEW = 1 << FEW_LOG };

void LANES_SUFFIX(sage_fold_circle)(sage_device *dev,
                                    sage_twiddles tw,
                                    const uint32_t *const src[4],
                                    uint32_t log,
                                    qm31 alpha,
                                    uint32_t *const dst[4])
{
    fold_job job = {.src = src, .dst = dst, .n = (size_t)1 << (log - 1)};
    if (job.n < FEW) {
        m31 inverse[FEW];
        for (uint32_t j = 0; j < job.n; j++)
            inverse[j] = m31_inv(canonic_at(log, 2 * j).y);
        fold_few(&job, alpha, inverse);
        return;
    }
    job.inverse = twiddle_level_inverse(tw, log - 1);
    job.expand  = true;
    fold(dev, &job, alpha);
}

void LANES_SUFFIX(sage_fold_line)(sage_device *dev,
                                  sage_twiddles tw,
                                  const uint32_t *const src[4],
                                  uint32_t log,
                                  qm31 alpha,
                                  uint32_t *const dst[4])
{
    fold_job job = {.src = src, .dst = dst, .n = (size_t)1 << (log - 1)};
    if (job.n < FEW) {
        m31 inverse[FEW];
        for (uint32_t j = 0; j < job.n; j++)
            inverse[j] = m31_inv(line_at(log, bit_reverse(2 * j, log)));
        fold_few(&job, alpha, inverse);
        return;
    }
    job.inverse = twiddle_level_inverse(tw, log);
    fold(dev, &job, alpha);
}

/* ---- big[i] += small[lift(i)] (facts A7) ---- */

typedef struct lift_job {
    uint32_t *const *big;
    const uint32_t *const *small;
    uint32_t log_big, log_small;
} lift_job;

static void lift_task(void *arg, size_t task, uint32_t worker)
{
    const lift_job *job = arg;
    size_t n = (size_t)1 << job->log_big, end = (task + 1) * TASK_ROWS;
    (void)worker;
    for (size_t i = task * TASK_ROWS; i < n && i < end; i += LANES) {
        vq lifted = lift_load(job->small, job->log_small, i, job->log_big);
        vq_store(job->big, i, vq_add(vq_load((const uint32_t *const *)job->big, i), lifted));
    }
}

static void lift_few(const lift_job *job)
{
    for (uint32_t i = 0; i < 1u << job->log_big; i++) {
        uint32_t s = lift_position(i, job->log_big, job->log_small);
        for (int c = 0; c < 4; c++)
            job->big[c][i] = m31_add(job->big[c][i], job->small[c][s]);
    }
}

void LANES_SUFFIX(sage_lift_add)(sage_device *dev,
                                 uint32_t *const big[4],
                                 uint32_t log_big,
                                 const uint32_t *const small[4],
                                 uint32_t log_small)
{
    lift_job job = {big, small, log_big, log_small};
    size_t n     = (size_t)1 << log_big;
    if (n < LANES)
        lift_few(&job);
    else
        sage_pool_for(dev->pool, (n + TASK_ROWS - 1) / TASK_ROWS, lift_task, &job);
}

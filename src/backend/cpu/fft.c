/* Circle FFT, inverse and low degree extension (facts A3), in place and in few passes.
 *
 * A column of 2^n words is cut at bit `split`: blocks of 2^split words fit the second-level
 * cache and take the layers below `split`; tiles of 2^(n - split) rows by a few cache lines,
 * copied to scratch because rows that lie a power of two apart share cache sets, take the
 * layers above. Columns of up to 2^ONE_BLOCK words need no tiles.
 *
 * Extension, 3 passes: blocks inverse; tiles inverse then forward, once for each copy, the
 * coefficients never leaving the scratch; blocks forward. Forward layers that meet zeros only
 * copy, so the 2^(log_ext - log_rows) copies start from the same coefficients and differ in
 * their twiddles alone. 2^-n rides on the first loads.
 *
 * Threads take whole columns; columns left over are shared by all threads, pass by pass. */
#include "field/lanes.h"

#include "backend/cpu/fft_steps.h"
#include "backend/cpu/kernels.h"

enum {
    ONE_BLOCK    = 17, /* log words up to which one thread takes a column as one block */
    SHARED       = 14, /* log words up to which a column is not shared by threads */
    SPLIT        = 15, /* log words of a block of a longer column, */
    SPLIT_SHARED = 12, /* and of one that is shared though it would be one block */
    LOG_TILE     = 16, /* log words of a tile at most: two of them are a worker's scratch, */
    LOG_WIDTH    = 6   /* and of its rows at most: four cache lines in a row */
};

_Static_assert(2 << LOG_TILE <= SAGE_CPU_TILE_WORDS, "two tiles fit the scratch");

/* One transform: what is done to every column. */
typedef struct fft_job {
    sage_device *dev;
    const uint32_t *forward, *inverse; /* halves of the tower */
    uint32_t *const *cols;
    uint32_t log, split; /* 2^log words in, blocks of 2^split */
    uint32_t log_domain; /* of the inverse; layer twiddles come from it */
    uint32_t log_copies; /* forward domain: log + log_copies */
    bool does_inverse, does_forward;
} fft_job;

static fft_place inverse_place(const fft_job *job, size_t first)
{
    return (fft_place){job->inverse, job->log_domain, first};
}
static fft_place forward_place(const fft_job *job, size_t first)
{
    return (fft_place){job->forward, job->log + job->log_copies, first};
}

/* ---- blocks: the layers below split ---- */

static fft_grid block_grid(const fft_job *job, uint32_t *block)
{
    return (fft_grid){.src      = block,
                      .dst      = block,
                      .src_step = FFT_ROW,
                      .dst_step = FFT_ROW,
                      .width    = FFT_ROW,
                      .log_rows = job->split - DEALT_LOG,
                      .base     = DEALT_LOG};
}

static void block_inverse(const fft_job *job, uint32_t *block, size_t first)
{
    fft_place at = inverse_place(job, first);
    fft_grid g   = block_grid(job, block);
    fft_network_inverse(block, (size_t)1 << job->split, &at, M31_BITS - job->log);
    fft_grid_run(&g, &at, block, FFT_ROW, false);
}

static void block_forward(const fft_job *job, uint32_t *block, size_t first)
{
    fft_place at = forward_place(job, first);
    fft_grid g   = block_grid(job, block);
    fft_grid_run(&g, &at, block, FFT_ROW, true);
    fft_network_forward(block, (size_t)1 << job->split, &at);
}

/* ---- tiles: the layers from split on ---- */

static size_t tile_width(const fft_job *job)
{
    uint32_t rows = job->log - job->split;
    return (size_t)1 << (rows + LOG_WIDTH <= LOG_TILE ? LOG_WIDTH : LOG_TILE - rows);
}

/* Words [begin, begin + width) of every block of the column. */
static void tile(const fft_job *job, uint32_t *col, size_t begin, uint32_t *scratch)
{
    const size_t step = (size_t)1 << job->split, width = tile_width(job);
    uint32_t *coeffs = scratch, *mid = scratch + (1 << LOG_TILE);
    fft_grid g = {.width = width, .log_rows = job->log - job->split, .base = job->split};
    g.src      = col + begin;
    g.src_step = step;
    g.src_far  = true;
    if (job->does_inverse) {
        fft_place at = inverse_place(job, 0);
        g.dst        = job->does_forward ? coeffs : col + begin;
        g.dst_step   = job->does_forward ? width : step;
        g.dst_far    = !job->does_forward;
        fft_grid_run(&g, &at, coeffs, width, false);
        g.src      = g.dst;
        g.src_step = g.dst_step;
        g.src_far  = false;
    }
    if (!job->does_forward) return;
    /* copy 0 last: without an inverse it overwrites the coefficients */
    for (size_t copy = (size_t)1 << job->log_copies; copy-- > 0;) {
        size_t first = copy << job->log;
        fft_place at = forward_place(job, first);
        g.dst        = col + first + begin;
        g.dst_step   = step;
        g.dst_far    = true;
        fft_grid_run(&g, &at, mid, width, true);
    }
}

/* ---- one column by one thread ---- */

static void copy_words(uint32_t *dst, const uint32_t *src, size_t n)
{
    for (size_t i = 0; i < n; i += LANES)
        vf_store(dst + i, vf_load(src + i));
}

static void one_block(const fft_job *job, uint32_t *col)
{
    if (job->does_inverse) block_inverse(job, col, 0);
    if (!job->does_forward) return;
    for (size_t copy = (size_t)1 << job->log_copies; copy-- > 0;) {
        size_t first = copy << job->log;
        if (copy) copy_words(col + first, col, (size_t)1 << job->log);
        block_forward(job, col + first, first);
    }
}

static void whole_column(void *arg, size_t task, uint32_t worker)
{
    const fft_job *job = arg;
    const size_t words = (size_t)1 << job->log, block = (size_t)1 << job->split;
    uint32_t *col = job->cols[task], *scratch = sage_cpu_tile(job->dev, worker);
    if (job->split == job->log) {
        one_block(job, col);
        return;
    }
    if (job->does_inverse)
        for (size_t i = 0; i < words; i += block)
            block_inverse(job, col + i, i);
    for (size_t i = 0; i < block; i += tile_width(job))
        tile(job, col, i, scratch);
    if (job->does_forward)
        for (size_t i = 0; i < words << job->log_copies; i += block)
            block_forward(job, col + i, i);
}

/* ---- one column by all threads ---- */

static void inverse_task(void *arg, size_t task, uint32_t worker)
{
    const fft_job *job = arg;
    const size_t block = (size_t)1 << job->split;
    (void)worker;
    block_inverse(job, job->cols[0] + task * block, task * block);
}
static void tile_task(void *arg, size_t task, uint32_t worker)
{
    const fft_job *job = arg;
    tile(job, job->cols[0], task * tile_width(job), sage_cpu_tile(job->dev, worker));
}
static void forward_task(void *arg, size_t task, uint32_t worker)
{
    const fft_job *job = arg;
    const size_t block = (size_t)1 << job->split;
    (void)worker;
    block_forward(job, job->cols[0] + task * block, task * block);
}

static void shared_column(fft_job job, uint32_t *const *col)
{
    sage_pool *pool     = job.dev->pool;
    const size_t blocks = (size_t)1 << (job.log - job.split);
    job.cols            = col;
    if (job.does_inverse) sage_pool_for(pool, blocks, inverse_task, &job);
    sage_pool_for(pool, ((size_t)1 << job.split) / tile_width(&job), tile_task, &job);
    if (job.does_forward) sage_pool_for(pool, blocks << job.log_copies, forward_task, &job);
}

static void run(fft_job job, uint32_t n)
{
    uint32_t alone = job.log <= SHARED ? n : n - n % job.dev->threads;
    job.split      = job.log <= ONE_BLOCK ? job.log : SPLIT;
    sage_pool_for(job.dev->pool, alone, whole_column, &job);
    if (job.split == job.log) job.split = SPLIT_SHARED;
    for (uint32_t i = alone; i < n; i++)
        shared_column(job, job.cols + i);
}

static fft_job job_of(sage_device *dev, sage_twiddles tw, uint32_t *const *cols, uint32_t log)
{
    return (fft_job){.dev     = dev,
                     .forward = tw.mem,
                     .inverse = tw.mem + ((size_t)1 << (tw.log_max - 1)),
                     .cols    = cols,
                     .log     = log};
}

void LANES_SUFFIX(sage_interpolate)(sage_device *dev,
                                    sage_twiddles tw,
                                    uint32_t *const *cols,
                                    uint32_t n,
                                    uint32_t log,
                                    uint32_t log_domain)
{
    if (log < FFT_MIN_LOG) {
        sage_interpolate_scalar(dev, tw, cols, n, log, log_domain);
        return;
    }
    fft_job job      = job_of(dev, tw, cols, log);
    job.log_domain   = log_domain;
    job.does_inverse = true;
    run(job, n);
}

void LANES_SUFFIX(sage_evaluate)(sage_device *dev,
                                 sage_twiddles tw,
                                 uint32_t *const *cols,
                                 uint32_t n,
                                 uint32_t log_coeffs,
                                 uint32_t log_eval)
{
    if (log_coeffs < FFT_MIN_LOG) {
        sage_evaluate_scalar(dev, tw, cols, n, log_coeffs, log_eval);
        return;
    }
    fft_job job      = job_of(dev, tw, cols, log_coeffs);
    job.log_copies   = log_eval - log_coeffs;
    job.does_forward = true;
    run(job, n);
}

void LANES_SUFFIX(sage_lde)(sage_device *dev,
                            sage_twiddles tw,
                            uint32_t *const *cols,
                            uint32_t n,
                            uint32_t log_rows,
                            uint32_t log_ext)
{
    if (log_rows < FFT_MIN_LOG) {
        sage_lde_scalar(dev, tw, cols, n, log_rows, log_ext);
        return;
    }
    fft_job job      = job_of(dev, tw, cols, log_rows);
    job.log_domain   = log_rows;
    job.log_copies   = log_ext - log_rows;
    job.does_inverse = job.does_forward = true;
    run(job, n);
}

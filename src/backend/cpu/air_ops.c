/* What the generated kernels of a component are driven by: rows split over threads, and for
 * LogUp the batch inversion, the sums along a row and the prefix sum over the rows.
 *
 * LogUp (facts A8). Row r has the fractions n_b / d_b of its pairs b. Column b holds
 * n_0/d_0 + .. + n_b/d_b, except the last: with u = the whole sum of a row minus claimed/2^k,
 * it is the inclusive prefix sum of u in coset order, so that
 * (cur - prev - col[last-1] + claimed/2^k) d - n = 0 on all rows, the first included.
 *
 * Field sums are exact, so any split into tasks gives the same bytes. */
#include "field/lanes.h"

#include <stdatomic.h>
#include <string.h>

#include "backend/cpu/kernels.h"
#include "field/lanes_inverse.h"

/* ---- the component's kernels ---- */

extern const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[];
/* Cairo's are large: NULL in programs that do not link them (air/cairo/CMakeLists.txt). */
extern const sage_air_kernels *const LANES_SUFFIX(sage_cairo_air_kernels_list)[]
    __attribute__((weak));

static const sage_air_kernels *find_in(const sage_air_kernels *const *list, const char *name)
{
    while (list && *list && strcmp((*list)->name, name) != 0)
        list++;
    return list ? *list : NULL;
}

static sage_status
find_kernels(const sage_air *air, const sage_air_kernels **out, sage_errinfo *err)
{
    *out = find_in(LANES_SUFFIX(sage_air_kernels_list), air->name);
    if (!*out) *out = find_in(LANES_SUFFIX(sage_cairo_air_kernels_list), air->name);
    if (*out) return SAGE_OK;
    return sage_fail(err, SAGE_EUNSUP, "backend.air.kernels", -1,
                     "this backend was built without the kernels of component %s", air->name);
}

/* ---- witness and constraints: every row on its own ---- */

enum { TASK_ROWS = 256 };

typedef void (*row_kernel)(const sage_air_rows *rows, size_t begin, size_t end);

typedef struct row_job {
    row_kernel kernel;
    const sage_air_rows *rows;
    size_t n;
} row_job;

static void row_task(void *arg, size_t task, uint32_t worker)
{
    const row_job *job = arg;
    size_t begin = task * TASK_ROWS, end = begin + TASK_ROWS;
    (void)worker;
    job->kernel(job->rows, begin, end < job->n ? end : job->n);
}

static void
run_rows(sage_device *dev, row_kernel kernel, const sage_air_rows *rows, uint32_t log)
{
    row_job job = {kernel, rows, (size_t)1 << log};
    sage_pool_for(dev->pool, (job.n + TASK_ROWS - 1) / TASK_ROWS, row_task, &job);
}

sage_status LANES_SUFFIX(sage_witness)(sage_device *dev,
                                       const sage_air *air,
                                       const sage_air_rows *rows,
                                       sage_errinfo *err)
{
    const sage_air_kernels *kernels = NULL;
    sage_status st                  = find_kernels(air, &kernels, err);
    if (st) return st;
    if (!kernels->witness)
        return sage_fail(err, SAGE_EUNSUP, "backend.air.kernels", -1,
                         "component %s has cells without initialisers", air->name);
    run_rows(dev, kernels->witness, rows, rows->log_rows);
    return SAGE_OK;
}

sage_status LANES_SUFFIX(sage_constraints)(sage_device *dev,
                                           const sage_air *air,
                                           const sage_air_rows *rows,
                                           sage_errinfo *err)
{
    const sage_air_kernels *kernels = NULL;
    sage_status st                  = find_kernels(air, &kernels, err);
    if (st) return st;
    run_rows(dev, kernels->constraints, rows, rows->log_eval);
    return SAGE_OK;
}

/* ---- counts: every relation on its own ----
 *
 * Two rows may use one key, so one task counts all rows of a relation: no counter has two
 * writers, and hot keys (the instructions of a loop) cost what others do. */

typedef struct count_job {
    const sage_air_kernels *kernels;
    const sage_air_rows *rows;
    const sage_air_counters *counters;
    atomic_size_t missing; /* the first relation with a key that has no counter */
} count_job;

static void count_task(void *arg, size_t relation, uint32_t worker)
{
    count_job *job              = arg;
    const sage_air_counters *to = &job->counters[relation];
    (void)worker;
    if (!to->low) return;
    if (job->kernels->count(job->rows, (uint32_t)relation, 0, (size_t)1 << job->rows->log_rows,
                            to))
        return;
    size_t first = atomic_load(&job->missing);
    while (relation < first && !atomic_compare_exchange_weak(&job->missing, &first, relation)) {
    }
}

sage_status LANES_SUFFIX(sage_count)(sage_device *dev,
                                     const sage_air *air,
                                     const sage_air_rows *rows,
                                     const sage_air_counters *counters,
                                     sage_errinfo *err)
{
    count_job job  = {.rows = rows, .counters = counters, .missing = air->n_relations};
    sage_status st = find_kernels(air, &job.kernels, err);
    if (st || !job.kernels->count) return st;
    sage_pool_for(dev->pool, air->n_relations, count_task, &job);
    size_t missing = atomic_load(&job.missing);
    if (missing == air->n_relations) return SAGE_OK;
    return sage_fail(err, SAGE_EPROOF, "witness.count", -1,
                     "component %s uses a value that table %s does not have", air->name,
                     air->relations[missing].name);
}

/* ---- LogUp: a worker's tile ---- */

enum {
    ITEMS    = 4096, /* fractions that share an inversion */
    MIN_ROWS = 16,
    PARTS    = 64, /* tasks at most, each with a partial sum */

    /* Per pair pointers to 4 numerators and 4 denominators; per fraction the denominator (4
     * words), its norm to CM31 (2) and to M31 (1), the product of the norms before it (1). */
    POINTERS   = 8,
    ITEM_WORDS = 8,
    MAX_PAIRS  = SAGE_CPU_TILE_WORDS * sizeof(uint32_t) /
                (MIN_ROWS * ITEM_WORDS * sizeof(uint32_t) + POINTERS * sizeof(uint32_t *)),
};

/* How the rows are cut into tasks, and those into chunks that fit a tile: powers of two. */
typedef struct cut {
    size_t tasks, task_rows, chunk_rows;
} cut;

static cut cut_rows(size_t pairs, uint32_t log_rows)
{
    size_t n = (size_t)1 << log_rows;
    cut c    = {.tasks = 1, .chunk_rows = MIN_ROWS};
    while (c.tasks < PARTS && n / c.tasks >= (size_t)2 * TASK_ROWS)
        c.tasks *= 2;
    c.task_rows = n / c.tasks;
    while (2 * c.chunk_rows * pairs <= ITEMS && 2 * c.chunk_rows <= c.task_rows)
        c.chunk_rows *= 2;
    return c;
}

/* Four columns of half the rows, for the prefix sum; the rest lies in the tiles. */
size_t LANES_SUFFIX(sage_logup_words)(const sage_air *air, uint32_t log_rows)
{
    (void)air;
    return (size_t)2 << log_rows;
}

/* ---- LogUp: the fractions along each row ---- */

typedef struct logup_job {
    const sage_air_kernels *kernels;
    const sage_air_rows *rows;
    size_t pairs;
    cut cut;
    const sage_device *dev;
    qm31 sum[PARTS];  /* of all fractions of a task */
    atomic_bool zero; /* some denominator is zero */
} logup_job;

typedef struct chunk {
    uint32_t **num, **den; /* numerators lie where the columns will be */
    uint32_t *re, *im, *norm, *run;
} chunk;

static chunk chunk_in_tile(const logup_job *job, uint32_t *base)
{
    size_t items = job->pairs * job->cut.chunk_rows;
    chunk s;
    s.num = (uint32_t **)(void *)base;
    s.den = s.num + 4 * job->pairs;
    base  = (uint32_t *)(void *)(s.den + 4 * job->pairs);
    for (size_t i = 0; i < 4 * job->pairs; i++)
        s.den[i] = base + i * job->cut.chunk_rows;
    s.re   = base + 4 * items;
    s.im   = s.re + items;
    s.norm = s.im + items;
    s.run  = s.norm + items;
    return s;
}

/* The norm of A + Bu to CM31 is A^2 - (2+i) B^2, that of r + si to M31 is r^2 + s^2; an element
 * is zero exactly if its norm is. Returns the product of all norms of the chunk. */
static vf chunk_norms(const chunk *s, size_t pairs, size_t n)
{
    vf product = vf_set1(1);
    for (size_t b = 0; b < pairs; b++) {
        for (size_t v = 0; v < n; v += LANES) {
            vq d     = vq_load((const uint32_t *const *)(s->den + 4 * b), v);
            vf b_re  = vf_mul(vf_sub(d.c[2], d.c[3]), vf_add(d.c[2], d.c[3]));
            vf b_im  = vf_dbl(vf_mul(d.c[2], d.c[3]));
            vf a_re  = vf_mul(vf_sub(d.c[0], d.c[1]), vf_add(d.c[0], d.c[1]));
            vf a_im  = vf_dbl(vf_mul(d.c[0], d.c[1]));
            vf re    = vf_sub(a_re, vf_sub(vf_dbl(b_re), b_im));
            vf im    = vf_sub(a_im, vf_add(vf_dbl(b_im), b_re));
            vf norm  = vf_add(vf_sqr(re), vf_sqr(im));
            size_t i = b * n + v;
            vf_store(s->re + i, re);
            vf_store(s->im + i, im);
            vf_store(s->norm + i, norm);
            vf_store(s->run + i, product);
            product = vf_mul(product, norm);
        }
    }
    return product;
}

/* Montgomery: run becomes 1 / norm. */
static void chunk_invert(const chunk *s, size_t items, vf product)
{
    vf inverse = vf_inverse(product);
    for (size_t i = items; i > 0;) {
        i -= LANES;
        vf_store(s->run + i, vf_mul(vf_load(s->run + i), inverse));
        inverse = vf_mul(inverse, vf_load(s->norm + i));
    }
}

/* num / (A + Bu) = num (A - Bu) / (re + im i). */
SAGE_INLINE vq fraction(const chunk *s, size_t b, size_t n, size_t v)
{
    vq d     = vq_load((const uint32_t *const *)(s->den + 4 * b), v);
    vq num   = vq_load((const uint32_t *const *)(s->num + 4 * b), v);
    size_t i = b * n + v;
    d.c[2]   = vf_neg(d.c[2]);
    d.c[3]   = vf_neg(d.c[3]);
    return vq_div_cm31(vq_mul(num, d), vf_load(s->re + i), vf_load(s->im + i),
                       vf_load(s->run + i));
}

static bool any_zero(vf x)
{
    uint32_t lane[LANES];
    vf_store(lane, x);
    for (uint32_t l = 0; l < LANES; l++)
        if (!lane[l]) return true;
    return false;
}

static qm31 sum_lanes(vq x)
{
    qm31 sum = qm31_zero();
    for (int c = 0; c < 4; c++) {
        uint32_t lane[LANES];
        vf_store(lane, x.c[c]);
        for (uint32_t l = 0; l < LANES; l++)
            sum.v[c] = m31_add(sum.v[c], lane[l]);
    }
    return sum;
}

/* Rows [begin, begin + n) of all columns, the last one as yet without shift and prefix sum.
 * Returns the sum of its rows. */
static vq chunk_columns(logup_job *job, const chunk *s, size_t begin, size_t n)
{
    vq total = vq_zero();
    for (size_t i = 0; i < 4 * job->pairs; i++)
        s->num[i] = job->rows->inter[i] + begin;
    job->kernels->fractions(job->rows, begin, begin + n, s->num, s->den);
    vf product = chunk_norms(s, job->pairs, n);
    if (any_zero(product)) atomic_store_explicit(&job->zero, true, memory_order_relaxed);
    chunk_invert(s, job->pairs * n, product);
    for (size_t v = 0; v < n; v += LANES) {
        vq sum = vq_zero();
        for (size_t b = 0; b < job->pairs; b++) {
            sum = vq_add(sum, fraction(s, b, n, v));
            vq_store(s->num + 4 * b, v, sum);
        }
        total = vq_add(total, sum);
    }
    return total;
}

static void logup_task(void *arg, size_t task, uint32_t worker)
{
    logup_job *job = arg;
    chunk s        = chunk_in_tile(job, sage_cpu_tile(job->dev, worker));
    vq total       = vq_zero();
    size_t begin = task * job->cut.task_rows, end = begin + job->cut.task_rows;
    for (; begin < end; begin += job->cut.chunk_rows)
        total = vq_add(total, chunk_columns(job, &s, begin, job->cut.chunk_rows));
    job->sum[task] = sum_lanes(total);
}

/* ---- LogUp: the prefix sum over the rows in coset order ----
 *
 * Coset index 2t is memory row 2j, 2t + 1 is row n - 1 - 2j, where j is t bit-reversed in
 * log n - 1 bits. So the sums w[j] of such pairs lie in plain bit-reversed order, in which
 * neighbours t, t + 1 (t even) lie half the vector apart: w[m], w[m + h]. The pair sums
 * w[m] += w[m + h] of these are again such a vector, of half the size; and once it is scanned,
 * the scan of the odd element is that of the pair, and of the even one, that less the odd
 * element. Every step runs over contiguous memory; the first and last, also over its mirror
 * image. */

enum { SCAN_ROWS = 4096 };

typedef struct scan_job scan_job;
struct scan_job {
    void (*step)(const scan_job *job, uint32_t c, size_t begin, size_t end);
    uint32_t *w[4], *column[4];
    qm31 shift;
    size_t n, half; /* rows of the column; elements of this step */
};

/* The odd rows n - 1 - 2j of j .. j + LANES - 1, in that order, from the mirror image of these
 * rows: the memory rows that end with n - 1 - 2j. */
SAGE_INLINE const uint32_t *mirror(const scan_job *job, const uint32_t *column, size_t j)
{
    return column + job->n - 2 * j - (size_t)2 * LANES;
}

static void scan_enter(const scan_job *job, uint32_t c, size_t begin, size_t end)
{
    const uint32_t *column = job->column[c];
    const vf shift = vf_set1(job->shift.v[c]), twice = vf_dbl(shift);
    for (size_t j = begin; j < end; j += LANES) {
        const uint32_t *near = column + 2 * j, *far = mirror(job, column, j);
        vf even, odd, unused;
        vf_unzip(vf_load(near), vf_load(near + LANES), &even, &unused);
        vf_unzip(vf_load(far), vf_load(far + LANES), &unused, &odd);
        vf_store(job->w[c] + j, vf_sub(vf_add(even, vf_reverse(odd)), twice));
    }
}

static void scan_fold(const scan_job *job, uint32_t c, size_t begin, size_t end)
{
    uint32_t *restrict w         = job->w[c];
    const uint32_t *restrict odd = w + job->half;
    for (size_t m = begin; m < end; m++)
        w[m] = m31_add(w[m], odd[m]);
}

static void scan_spread(const scan_job *job, uint32_t c, size_t begin, size_t end)
{
    uint32_t *restrict w = job->w[c], *restrict odd = w + job->half;
    for (size_t m = begin; m < end; m++) {
        uint32_t pair = w[m];
        w[m]          = m31_sub(pair, odd[m]);
        odd[m]        = pair;
    }
}

/* Both ends of the column at once, as the odd rows of either belong to the even of the other. */
static void scan_leave(const scan_job *job, uint32_t c, size_t begin, size_t end)
{
    const vf shift = vf_set1(job->shift.v[c]);
    for (size_t j = begin; j < end; j += LANES) {
        uint32_t *near = job->column[c] + 2 * j, *far = near + job->n - 4 * j - 2 * LANES;
        vf w0 = vf_load(job->w[c] + j), w1 = vf_load(job->w[c] + job->n / 2 - j - LANES);
        vf odd0, odd1, unused, x, y;
        vf_unzip(vf_load(near), vf_load(near + LANES), &unused, &odd1);
        vf_unzip(vf_load(far), vf_load(far + LANES), &unused, &odd0);
        odd0 = vf_sub(vf_reverse(odd0), shift);
        odd1 = vf_sub(vf_reverse(odd1), shift);
        vf_zip(vf_sub(w0, odd0), vf_reverse(w1), &x, &y);
        vf_store(near, x);
        vf_store(near + LANES, y);
        vf_zip(vf_sub(w1, odd1), vf_reverse(w0), &x, &y);
        vf_store(far, x);
        vf_store(far + LANES, y);
    }
}

static void scan_task(void *arg, size_t task, uint32_t worker)
{
    const scan_job *job = arg;
    size_t begin = task * SCAN_ROWS, end = begin + SCAN_ROWS;
    (void)worker;
    for (uint32_t c = 0; c < 4; c++)
        job->step(job, c, begin, end < job->half ? end : job->half);
}

static void scan_step(sage_device *dev,
                      scan_job *job,
                      size_t half,
                      void (*step)(const scan_job *, uint32_t, size_t, size_t))
{
    job->step = step;
    job->half = half;
    sage_pool_for(dev->pool, (half + SCAN_ROWS - 1) / SCAN_ROWS, scan_task, job);
}

static void scan_few(uint32_t *const column[4], uint32_t log_rows, qm31 shift)
{
    for (uint32_t c = 0; c < 4; c++) {
        m31 sum = 0;
        for (uint32_t i = 0; i < 1u << log_rows; i++) {
            uint32_t row   = coset_position(i, log_rows);
            sum            = m31_add(sum, m31_sub(column[c][row], shift.v[c]));
            column[c][row] = sum;
        }
    }
}

static void scan_rows(sage_device *dev,
                      uint32_t *const column[4],
                      uint32_t log_rows,
                      qm31 shift,
                      uint32_t *scratch)
{
    scan_job job = {.shift = shift, .n = (size_t)1 << log_rows};
    size_t pairs = job.n / 2;
    if (pairs < LANES) {
        scan_few(column, log_rows, shift);
        return;
    }
    for (uint32_t c = 0; c < 4; c++) {
        job.column[c] = column[c];
        job.w[c]      = scratch + c * pairs;
    }
    scan_step(dev, &job, pairs, scan_enter);
    for (size_t h = pairs / 2; h >= 1; h /= 2)
        scan_step(dev, &job, h, scan_fold);
    for (size_t h = 1; h <= pairs / 2; h *= 2)
        scan_step(dev, &job, h, scan_spread);
    scan_step(dev, &job, pairs / 2, scan_leave);
}

/* ---- LogUp ---- */

sage_status LANES_SUFFIX(sage_logup)(sage_device *dev,
                                     const sage_air *air,
                                     const sage_air_rows *rows,
                                     uint32_t *scratch,
                                     qm31 *claimed,
                                     sage_errinfo *err)
{
    logup_job job  = {.dev = dev, .rows = rows, .pairs = sage_air_at(air->pairs, rows->size)};
    *claimed       = qm31_zero();
    sage_status st = find_kernels(air, &job.kernels, err);
    if (st) return st;
    if (!job.pairs) return SAGE_OK;
    if (job.pairs > MAX_PAIRS)
        return sage_fail(err, SAGE_EUNSUP, "backend.logup.pairs", (long long)job.pairs,
                         "component %s has %zu LogUp pairs, this backend takes %d", air->name,
                         job.pairs, MAX_PAIRS);
    job.cut = cut_rows(job.pairs, rows->log_rows);
    atomic_init(&job.zero, false);
    sage_pool_for(dev->pool, job.cut.tasks, logup_task, &job);
    if (atomic_load(&job.zero))
        return sage_fail(err, SAGE_EPROOF, "prove.logup.zero", -1,
                         "a LogUp denominator of component %s is zero", air->name);
    for (size_t t = 0; t < job.cut.tasks; t++)
        *claimed = qm31_add(*claimed, job.sum[t]);
    scan_rows(dev, rows->inter + 4 * (job.pairs - 1), rows->log_rows,
              qm31_scale(*claimed, m31_inv_pow2(rows->log_rows)), scratch);
    return SAGE_OK;
}

/* Values of columns at one secure point, from their evaluations: f(z) = sum w_i(z) f_i.
 *
 * One inverse butterfly with its factor 1/2 is f(z) = (a + b)/2 + z_l (a - b)/(2 t), so row i
 * has w_i = product over layers l of (1 +- z_l / t_l(i >> (l + 1))) / 2, + where bit l of i is
 * 0, with z_0 = y and z_l = pi^(l-1)(x). The weight of a block of rows is a product of few
 * factors; inside the block each layer from the top doubles the number of weights. Weights of
 * a block stay in the first-level cache while all columns pass: memory is read once.
 *
 * Floor on AVX2: 4 coordinates of 2 products, 2 sums and 1.5 steps of reduction for 8 cells. */
#include "field/lanes.h"

#include "backend/cpu/kernels.h"
#include "backend/cpu/twiddles.h"

enum {
    LOG_BLOCK = 10,
    STEP      = (1 << LOG_BLOCK) + 80, /* of the four weight columns: no multiple of a page */
    GROUP     = 512,                   /* columns per pass: partial sums are kept for so many */
    MAX_TASKS = 64,
    MAX_LOG   = 31
};

typedef struct layer {
    const uint32_t *inverse; /* doubled 1/t; of layer 1 for layer 0, see vf_load_y2 */
    qm31 z;
} layer;

typedef struct sample_job {
    sage_device *dev;
    const uint32_t *const *cols;
    uint32_t n; /* columns of this group */
    uint32_t log_rows, log_block;
    size_t blocks_per_task;
    layer layers[MAX_LOG];
    uint32_t *partial; /* [task][column][4] */
} sample_job;

static m31 inverse_twiddle(const layer *layers, uint32_t l, size_t h)
{
    uint32_t t2;
    if (l) {
        t2 = layers[l].inverse[h];
    } else { /* y, -y, -x, x: see twiddles.h */
        t2 = layers[0].inverse[(h >> 2) * 2 + ((h & 3) < 2 ? 1 : 0)];
        if ((h & 3) == 1 || (h & 3) == 2) t2 = 2 * M31_P - t2;
    }
    return t2 >> 1;
}

/* The two weights that layer l makes of w, the weight of the rows whose upper bits are h. */
static void split(const layer *layers, uint32_t l, size_t h, qm31 w, qm31 out[2])
{
    qm31 v = qm31_scale(qm31_mul(w, layers[l].z), inverse_twiddle(layers, l, h));
    out[0] = qm31_add(w, v);
    out[1] = qm31_sub(w, v);
}

static qm31 block_weight(const sample_job *job, size_t block)
{
    qm31 w = qm31_from(m31_inv_pow2(job->log_rows));
    for (uint32_t l = job->log_rows; l-- > job->log_block;) {
        qm31 both[2];
        size_t above = block >> (l - job->log_block);
        split(job->layers, l, above >> 1, w, both);
        w = both[above & 1];
    }
    return w;
}

/* The weights of a block's rows, coordinate c of row r at w[c][r]. */
static void block_weights(const sample_job *job, size_t block, uint32_t *const w[4])
{
    uint32_t l  = job->log_block;
    size_t have = 1;
    qm31 start  = block_weight(job, block);
    for (int c = 0; c < 4; c++)
        w[c][0] = start.v[c];
    for (; have < LANES; have *= 2) {
        l--;
        for (size_t h = have; h-- > 0;) {
            qm31 both[2], from = qm31_of(w[0][h], w[1][h], w[2][h], w[3][h]);
            split(job->layers, l, block * have + h, from, both);
            for (int c = 0; c < 4; c++) {
                w[c][2 * h]     = both[0].v[c];
                w[c][2 * h + 1] = both[1].v[c];
            }
        }
    }
    for (; l-- > 0; have *= 2) {
        const layer *y = &job->layers[l];
        const vq z     = vq_set1(y->z);
        for (size_t h = have; h > 0;) {
            h -= LANES;
            size_t at = block * have + h;
            vf t      = l ? vf_load(y->inverse + at) : vf_load_y2(y->inverse, at);
            vq from = vq_load((const uint32_t *const *)w, h), v = vq_mul(from, z);
            for (int c = 0; c < 4; c++) {
                vf d = vf_mul_twice(v.c[c], t), lo, hi;
                vf_zip(vf_add(from.c[c], d), vf_sub(from.c[c], d), &lo, &hi);
                vf_store(w[c] + 2 * h, lo);
                vf_store(w[c] + 2 * h + LANES, hi);
            }
        }
    }
}

/* Sum of w * col. The rows of the column after this one are fetched meanwhile: they are too
 * few in a row for the hardware to notice. */
static qm31
weigh(const uint32_t *const w[4], const uint32_t *col, const uint32_t *next, size_t rows)
{
    vdot sum[4];
    qm31 out;
    for (int c = 0; c < 4; c++)
        sum[c] = vdot_zero();
    for (size_t r = 0; r < rows; r += 2 * LANES) {
        vf x0 = vf_load(col + r), x1 = vf_load(col + r + LANES);
        __builtin_prefetch(next + r);
        if (LANES == 16) __builtin_prefetch(next + r + LANES);
        for (int c = 0; c < 4; c++)
            vdot_madd2(&sum[c], vf_load(w[c] + r), x0, vf_load(w[c] + r + LANES), x1);
    }
    for (int c = 0; c < 4; c++)
        out.v[c] = vdot_get(&sum[c]);
    return out;
}

static void sample_task(void *arg, size_t task, uint32_t worker)
{
    const sample_job *job = arg;
    const size_t rows     = (size_t)1 << job->log_block;
    uint32_t *tile        = sage_cpu_tile(job->dev, worker);
    uint32_t *const w[4]  = {tile, tile + STEP, tile + 2 * STEP, tile + 3 * STEP};
    uint32_t *sums        = job->partial + task * 4 * GROUP;
    for (size_t b = 0; b < job->blocks_per_task; b++) {
        size_t block = task * job->blocks_per_task + b;
        block_weights(job, block, w);
        for (uint32_t i = 0; i < job->n; i++) {
            const uint32_t *next = i + 1 < job->n ? job->cols[i + 1] + block * rows
                                                  : job->cols[0] + (block + 1) * rows;
            qm31 s = weigh((const uint32_t *const *)w, job->cols[i] + block * rows, next, rows);
            for (int c = 0; c < 4; c++)
                sums[4 * i + c] = b ? m31_add(sums[4 * i + c], s.v[c]) : s.v[c];
        }
    }
}

size_t LANES_SUFFIX(sage_sample_words)(uint32_t log_rows)
{
    (void)log_rows;
    return (size_t)MAX_TASKS * 4 * GROUP;
}

sage_status LANES_SUFFIX(sage_sample)(sage_device *dev,
                                      sage_twiddles tw,
                                      const uint32_t *const *cols,
                                      uint32_t n,
                                      uint32_t log_rows,
                                      uint32_t log_ext,
                                      secure_point point,
                                      uint32_t *scratch,
                                      qm31 *out,
                                      sage_errinfo *err)
{
    if (log_rows <= LANES_LOG)
        return sage_sample_scalar(dev, tw, cols, n, log_rows, log_ext, point, scratch, out,
                                  err);
    sample_job job = {.dev = dev, .log_rows = log_rows, .partial = scratch};
    qm31 z         = point.y;
    job.log_block  = log_rows < LOG_BLOCK ? log_rows : LOG_BLOCK;
    for (uint32_t l = 0; l < log_rows; l++) {
        layer *y   = &job.layers[l];
        y->inverse = twiddle_level_inverse(tw, log_ext - (l ? l : 1));
        y->z       = z;
        z          = l ? secure_double_x(z) : point.x;
    }
    size_t blocks       = (size_t)1 << (log_rows - job.log_block);
    size_t tasks        = blocks < MAX_TASKS ? blocks : MAX_TASKS;
    job.blocks_per_task = blocks / tasks;
    for (uint32_t done = 0; done < n; done += GROUP) {
        job.cols = cols + done;
        job.n    = n - done < GROUP ? n - done : GROUP;
        sage_pool_for(dev->pool, tasks, sample_task, &job);
        for (uint32_t i = 0; i < job.n; i++) {
            qm31 sum = qm31_zero();
            for (size_t t = 0; t < tasks; t++) {
                const uint32_t *p = scratch + (t * GROUP + i) * 4;
                sum               = qm31_add(sum, qm31_of(p[0], p[1], p[2], p[3]));
            }
            out[done + i] = sum;
        }
    }
    return SAGE_OK;
}

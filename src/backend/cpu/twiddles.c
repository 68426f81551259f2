/* The twiddle tower (twiddles.h). Every level is made on its own, in blocks: a block's first
 * point comes from its index, the others by doubling: entry pairs are points, and setting bit
 * i of a bit-reversed pair number adds one fixed point. Inverses by Montgomery's trick. */
#include "field/lanes.h"

#include "backend/cpu/kernels.h"
#include "backend/cpu/twiddles.h"
#include "field/lanes_inverse.h"

enum { LOG_BLOCK = 13, BLOCK = 1 << LOG_BLOCK, CHAINS = 4, SMALL = CHAINS * LANES * 2 };

/* Circle index of entry h of level m. */
static uint32_t entry_index(uint32_t m, uint32_t h)
{
    return circle_subgroup_index(m + 2) + bit_reverse(h, m - 1) * circle_subgroup_index(m);
}

static void small_block(uint32_t m, size_t n, uint32_t *level, uint32_t *inverse)
{
    for (uint32_t h = 0; h < n; h++) {
        m31 x      = circle_at_index(entry_index(m, h)).x;
        level[h]   = 2 * x;
        inverse[h] = 2 * m31_inv(x);
    }
}

/* n entries from `first` on, n a power of two: x and y of the points at even h. */
static void points(uint32_t m, size_t first, size_t n, uint32_t *out)
{
    circle_point start = circle_at_index(entry_index(m, (uint32_t)first));
    size_t have        = 2;
    out[0]             = start.x;
    out[1]             = start.y;
    for (; have < 2 * LANES; have *= 2) {
        circle_point step = circle_at_index(entry_index(m, (uint32_t)have) - entry_index(m, 0));
        for (size_t i = 0; i < have; i += 2) {
            circle_point p    = circle_add((circle_point){out[i], out[i + 1]}, step);
            out[have + i]     = p.x;
            out[have + i + 1] = p.y;
        }
    }
    for (; have < n; have *= 2) {
        circle_point step = circle_at_index(entry_index(m, (uint32_t)have) - entry_index(m, 0));
        vf cx = vf_set1(step.x), cy = vf_set1(step.y);
        for (size_t i = 0; i < have; i += 2 * LANES) {
            vf x, y, a, b;
            vf_unzip(vf_load(out + i), vf_load(out + i + LANES), &x, &y);
            vf_zip(vf_sub(vf_mul(x, cx), vf_mul(y, cy)), vf_add(vf_mul(x, cy), vf_mul(y, cx)),
                   &a, &b);
            vf_store(out + have + i, a);
            vf_store(out + have + i + LANES, b);
        }
    }
}

/* inverse[i] = 1 / value[i], n a multiple of CHAINS * LANES. The chains are independent, so
 * that one product does not wait for the other. */
static void invert(const uint32_t *value, size_t n, uint32_t *inverse)
{
    enum { STRIDE = CHAINS * LANES };
    vf run[CHAINS];
    for (int c = 0; c < CHAINS; c++)
        run[c] = vf_set1(1);
    for (size_t i = 0; i < n; i += STRIDE)
        for (size_t c = 0; c < CHAINS; c++) {
            vf_store(inverse + i + c * LANES, run[c]);
            run[c] = vf_mul(run[c], vf_load(value + i + c * LANES));
        }
    for (int c = 0; c < CHAINS; c++)
        run[c] = vf_inverse(run[c]);
    for (size_t i = n; i > 0; i -= STRIDE)
        for (size_t c = 0; c < CHAINS; c++) {
            size_t k = i - STRIDE + c * LANES;
            vf_store(inverse + k, vf_mul(run[c], vf_load(inverse + k)));
            run[c] = vf_mul(run[c], vf_load(value + k));
        }
}

static void double_all(uint32_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] *= 2; /* not reduced: vf_mul_twice takes 2t */
}

/* Task: level 1 .. in order, each cut into blocks of at most BLOCK entries. */
static void tower_task(void *arg, size_t task, uint32_t worker)
{
    const sage_twiddles *tw = arg;
    size_t half             = (size_t)1 << (tw->log_max - 1), first, n;
    uint32_t m              = 1, *level, *inverse;
    (void)worker;
    for (;; m++) {
        size_t entries = (size_t)1 << (m - 1), blocks = (entries + BLOCK - 1) / BLOCK;
        n = entries < BLOCK ? entries : BLOCK;
        if (task < blocks) break;
        task -= blocks;
    }
    first   = task * BLOCK;
    level   = tw->mem + ((size_t)1 << (m - 1)) + first;
    inverse = level + half;
    if (n < SMALL) {
        small_block(m, n, level, inverse);
        return;
    }
    points(m, first, n, level);
    invert(level, n, inverse);
    double_all(level, n);
    double_all(inverse, n);
}

size_t LANES_SUFFIX(sage_twiddle_words)(uint32_t log_max)
{
    return twiddle_words(log_max);
}

void LANES_SUFFIX(sage_twiddles)(sage_device *dev, sage_twiddles tw)
{
    size_t tasks = 0;
    for (uint32_t m = 1; m < tw.log_max; m++)
        tasks += (((size_t)1 << (m - 1)) + BLOCK - 1) / BLOCK;
    sage_pool_for(dev->pool, tasks, tower_task, &tw);
}

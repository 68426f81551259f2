/* DEEP quotients (facts A11): out = sum over points P of
 *   (sum_e w_e F_e(D) - a D.y - b) / ((Re P.x - D.x) Im P.y - (Re P.y - D.y) Im P.x).
 *
 * Rows go in blocks that fit a worker's tile. Per block and point: denominators, inverted
 * together through their norms to M31, so that one inversion serves a whole block; the
 * numerators as lazily reduced sums, which read four columns at a time in runs of 8 KiB (all
 * columns at once would be hundreds of streams that map to the same cache sets; shorter runs
 * would outpace the prefetcher); the products, from the last row to the first.
 * Columns smaller than the domain are summed at their own size and lifted, from small to big.
 *
 * Bound: the products of the sums, 4 wide multiplications per cell, and reading the columns
 * once. The domain has at least 8 points. */
#include "field/lanes.h"

#include "backend/cpu/kernels.h"
#include "backend/cpu/lift.h"
#include "backend/cpu/twiddles.h"
#include "field/lanes_inverse.h"

enum {
    BLOCK         = 2048,
    BLOCK_VECTORS = BLOCK / LANES,
    GROUP         = 4, /* columns read together: vacc_madd4 */
};

/* What lies in a worker's tile. */
typedef struct block {
    vacc sum[BLOCK_VECTORS];                    /* numerators */
    vf x[BLOCK_VECTORS], y[BLOCK_VECTORS];      /* D */
    vf re[BLOCK_VECTORS], im[BLOCK_VECTORS];    /* denominator */
    vf norm[BLOCK_VECTORS], run[BLOCK_VECTORS]; /* its norm; product of all norms before */
} block;
_Static_assert(sizeof(block) <= SAGE_CPU_TILE_WORDS * sizeof(uint32_t), "a block fits a tile");

static block *tile_block(const sage_device *dev, uint32_t worker)
{
    return (block *)(void *)sage_cpu_tile(dev, worker);
}

static size_t block_vectors(uint32_t log)
{
    size_t n = (size_t)1 << log;
    return (n < BLOCK ? n : BLOCK) / LANES;
}

static size_t block_count(uint32_t log)
{
    return (((size_t)1 << log) + BLOCK - 1) / BLOCK;
}

/* ---- numerators ---- */

/* The sum of the weighted columns of one size, on top of what smaller sizes gave. */
typedef struct level {
    const sage_device *dev;
    const sage_quotient_entry *entries;
    uint32_t n_entries, log;
    const uint32_t *lower[4]; /* sums of the next smaller size present; NULL: none */
    uint32_t log_lower;
    uint32_t *out[4];
} level;

static void level_sums(const level *lv, size_t row, size_t vectors, vacc *sum)
{
    const sage_quotient_entry *e = lv->entries, *end = e + lv->n_entries;
    for (size_t v = 0; v < vectors; v++) {
        sum[v] = vacc_zero();
        if (lv->lower[0])
            vacc_add_q(&sum[v], lift_load(lv->lower, lv->log_lower, row + v * LANES, lv->log));
    }
    for (; end - e >= GROUP; e += GROUP) {
        const qm31 *w[GROUP] = {&e[0].weight, &e[1].weight, &e[2].weight, &e[3].weight};
        for (size_t v = 0; v < vectors; v++) {
            vf x[GROUP];
            for (int k = 0; k < GROUP; k++)
                x[k] = vf_load(e[k].col + row + v * LANES);
            vacc_madd4(&sum[v], w, x);
        }
    }
    for (; e < end; e++)
        for (size_t v = 0; v < vectors; v++)
            vacc_madd(&sum[v], &e->weight, vf_load(e->col + row + v * LANES));
}

static void level_task(void *arg, size_t task, uint32_t worker)
{
    const level *lv = arg;
    size_t row = task * BLOCK, vectors = block_vectors(lv->log);
    block *b = tile_block(lv->dev, worker);
    level_sums(lv, row, vectors, b->sum);
    for (size_t v = 0; v < vectors; v++)
        vq_store(lv->out, row + v * LANES, vacc_get(&b->sum[v]));
}

/* Entries of the smallest size in a non-empty list that ascends by size. */
static uint32_t same_size(const sage_quotient_entry *e, uint32_t n)
{
    uint32_t k = 1;
    while (k < n && e[k].log == e[0].log)
        k++;
    return k;
}

static size_t small_words(const sage_quotient_batch *b, uint32_t log)
{
    size_t words = 0;
    for (uint32_t e = 0; e < b->n_entries && b->entries[e].log < log;
         e += same_size(b->entries + e, b->n_entries - e))
        words += (size_t)4 << b->entries[e].log;
    return words;
}

/* Four columns for each smaller size of a batch: less than four of the domain's size. */
size_t LANES_SUFFIX(sage_quotient_words)(uint32_t n, uint32_t log)
{
    return n ? (size_t)4 << log : 0;
}

/* Sums all sizes of a batch below the domain's into *scratch, which it advances, and returns
 * what is left to do at the domain's own size. */
static level sum_small_sizes(sage_device *dev,
                             const sage_quotient_batch *b,
                             uint32_t log,
                             uint32_t **scratch)
{
    level lv   = {.dev = dev, .entries = b->entries};
    uint32_t e = 0;
    while (e < b->n_entries && b->entries[e].log < log) {
        lv.entries   = b->entries + e;
        lv.n_entries = same_size(lv.entries, b->n_entries - e);
        lv.log       = lv.entries[0].log;
        size_t n     = (size_t)1 << lv.log;
        for (uint32_t c = 0; c < 4; c++)
            lv.out[c] = *scratch + c * n;
        sage_pool_for(dev->pool, block_count(lv.log), level_task, &lv);
        for (uint32_t c = 0; c < 4; c++)
            lv.lower[c] = lv.out[c];
        lv.log_lower = lv.log;
        *scratch += 4 * n;
        e += lv.n_entries;
    }
    lv.entries   = b->entries + e;
    lv.n_entries = b->n_entries - e;
    lv.log       = log;
    return lv;
}

/* ---- blocks of rows ---- */

/* Batches that share one walk over the domain: as many as their smaller sizes fit scratch. */
enum { PASS = 8 };

typedef struct pass {
    const sage_device *dev;
    const sage_quotient_batch *batches;
    level top[PASS];
    uint32_t n, log;
    bool first;            /* out is written, else added to */
    const uint32_t *level; /* twiddles of the first line layer */
    uint32_t *const *out;
} pass;

/* D of a block. Rows 4h .. 4h+3 are (x, y), (x, -y), (-x, -y), (-x, y); entry h of the tower's
 * first line layer is x, doubled, and gives the y of the pairs too (backend/cpu/twiddles.h). */
static void block_points(block *b, const pass *p, size_t row, size_t vectors)
{
    const vf one = vf_set1(1);
    for (size_t v = 0; v < vectors; v += 2) {
        vf y = vf_mul_twice(one, vf_load_y2(p->level, (row + v * LANES) / 2));
        vf_zip(y, vf_neg(y), &b->y[v], &b->y[v + 1]);
    }
    for (size_t v = 0; v < vectors; v += 4) {
        vf lo, hi, x = vf_mul_twice(one, vf_load(p->level + (row + v * LANES) / 4));
        vf_zip(x, vf_neg(x), &lo, &hi);
        vf_zip(lo, lo, &b->x[v], &b->x[v + 1]);
        vf_zip(hi, hi, &b->x[v + 2], &b->x[v + 3]);
    }
}

/* Denominators = Re P.x Im P.y - Re P.y Im P.x - D.x Im P.y + D.y Im P.x and their norms;
 * returns 1 / the product of all norms. A zero denominator would need a P whose sampled point
 * lies on the base circle, which no challenge is (facts F1); the block is then garbage, never
 * a fault. */
static vf block_denominators(block *b, const secure_point *point, size_t vectors)
{
    cm31 px = qm31_hi(point->x), py = cm31_neg(qm31_hi(point->y));
    cm31 k =
        cm31_sub(cm31_mul(qm31_lo(point->y), cm31_neg(px)), cm31_mul(qm31_lo(point->x), py));
    vf k0 = vf_set1(k.a), k1 = vf_set1(k.b), product = vf_set1(1);
    vf px0 = vf_set1(2 * px.a), px1 = vf_set1(2 * px.b); /* doubled factors */
    vf py0 = vf_set1(2 * py.a), py1 = vf_set1(2 * py.b);
    for (size_t v = 0; v < vectors; v++) {
        vf x = b->x[v], y = b->y[v];
        vf re      = vf_add(k0, vf_add(vf_mul_twice1(y, px0), vf_mul_twice1(x, py0)));
        vf im      = vf_add(k1, vf_add(vf_mul_twice1(y, px1), vf_mul_twice1(x, py1)));
        b->re[v]   = re;
        b->im[v]   = im;
        b->norm[v] = vf_add(vf_sqr(re), vf_sqr(im));
        b->run[v]  = product;
        product    = vf_mul(product, b->norm[v]);
    }
    return vf_inverse(product);
}

/* From the last row to the first, so that `inverse` can be 1 / the product of the norms up to
 * the row at hand (Montgomery), hidden behind the numerators. */
static void
block_quotients(block *b, const pass *p, uint32_t i, size_t row, size_t vectors, vf inverse)
{
    const sage_quotient_batch *batch = &p->batches[i];
    const bool add                   = !p->first || i;
    qm31 y_weight                    = qm31_neg(batch->a);
    vq constant                      = vq_set1(qm31_neg(batch->b));
    level_sums(&p->top[i], row, vectors, b->sum);
    for (size_t v = vectors; v-- > 0;) {
        size_t r = row + v * LANES;
        vacc_add_q(&b->sum[v], constant);
        vacc_madd(&b->sum[v], &y_weight, b->y[v]);
        vf inverse_norm = vf_mul(b->run[v], inverse);
        vq q            = vq_div_cm31(vacc_get(&b->sum[v]), b->re[v], b->im[v], inverse_norm);
        if (add) q = vq_add(q, vq_load((const uint32_t *const *)p->out, r));
        vq_store(p->out, r, q);
        inverse = vf_mul(inverse, b->norm[v]);
    }
}

static void block_task(void *arg, size_t task, uint32_t worker)
{
    const pass *p  = arg;
    block *b       = tile_block(p->dev, worker);
    size_t vectors = block_vectors(p->log);
    block_points(b, p, task * BLOCK, vectors);
    for (uint32_t i = 0; i < p->n; i++) {
        vf inverse = block_denominators(b, &p->batches[i].point, vectors);
        block_quotients(b, p, i, task * BLOCK, vectors, inverse);
    }
}

static uint32_t pass_length(const sage_quotient_batch *batches, uint32_t n, uint32_t log)
{
    size_t words = 0, room = LANES_SUFFIX(sage_quotient_words)(n, log);
    uint32_t k = 0;
    for (; k < n && k < PASS; k++) {
        words += small_words(&batches[k], log);
        if (words > room) break;
    }
    return k;
}

/* Domains and columns of fewer rows than the kernels step by go to the narrowest ones. */
static bool too_small(const sage_quotient_batch *batches, uint32_t n, uint32_t log)
{
    if (log < LANES_LOG + 2) return true;
    for (uint32_t i = 0; i < n; i++)
        if (batches[i].n_entries && 1u << batches[i].entries[0].log < LANES) return true;
    return false;
}
void sage_quotients_scalar(sage_device *dev,
                           sage_twiddles tw,
                           const sage_quotient_batch *batches,
                           uint32_t n,
                           uint32_t log,
                           uint32_t *scratch,
                           uint32_t *const out[4]);

void LANES_SUFFIX(sage_quotients)(sage_device *dev,
                                  sage_twiddles tw,
                                  const sage_quotient_batch *batches,
                                  uint32_t n,
                                  uint32_t log,
                                  uint32_t *scratch,
                                  uint32_t *const out[4])
{
    if (LANES > 1 && too_small(batches, n, log)) {
        sage_quotients_scalar(dev, tw, batches, n, log, scratch, out);
        return;
    }
    pass p  = {.dev = dev, .log = log, .first = true, .out = out};
    p.level = twiddle_level(tw, log - 1);
    for (uint32_t i = 0; i < n; i += p.n, p.first = false) {
        uint32_t *next = scratch;
        p.batches      = batches + i;
        p.n            = pass_length(p.batches, n - i, log);
        for (uint32_t k = 0; k < p.n; k++)
            p.top[k] = sum_small_sizes(dev, &p.batches[k], log, &next);
        sage_pool_for(dev->pool, block_count(log), block_task, &p);
    }
}

/* cairo/preprocessed_tree.c -- fill, extend and commit, as the prover does with its own. */
#include "cairo/preprocessed_tree.h"

#include <stdlib.h>

#include "cairo/layout.h"
#include "cairo/pedersen_points.h"
#include "cairo/preprocessed_fill.h"

enum { CHUNK = 1 << 12, MAX_BLOWUP = 5, ALIGN = 1 << 10 };

typedef struct tree {
    const sage_backend *be;
    sage_device *dev;
    sage_errinfo *err;
    sage_air_pre pre[SAGE_CAIRO_MAX_PRE];
    uint32_t n, log_blowup, height;
    uint32_t *col[SAGE_CAIRO_MAX_PRE], logs[SAGE_CAIRO_MAX_PRE]; /* extended */
    sage_twiddles tw;
    uint32_t *nodes;
    uint32_t *rows; /* host: CHUNK rows of as many columns as are made together */
} tree;

static void describe(tree *t, sage_cairo_variant variant)
{
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    t->n      = sage_cairo_preprocessed(variant, columns);
    t->height = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        t->pre[i]  = sage_cairo_pre(columns[i]);
        t->logs[i] = t->pre[i].log + t->log_blowup;
        if (t->logs[i] > t->height) t->height = t->logs[i];
    }
}

/* `words` from the arena's *at on; the next place is a whole number of pages on. */
static uint32_t *take(uint32_t *base, size_t *at, size_t words)
{
    uint32_t *p = base ? base + *at : NULL;
    *at += (words + ALIGN - 1) / ALIGN * ALIGN;
    return p;
}

/* Places everything from base, NULL to measure; returns the words. No sum here can overflow
 * 64 bits: at most 161 columns of 2^30. */
static size_t place(tree *t, uint32_t *base)
{
    size_t at     = 0;
    t->tw.log_max = t->height;
    t->tw.mem     = take(base, &at, t->be->twiddle_words(t->height));
    t->nodes      = take(base, &at, t->be->merkle_words(t->height));
    for (uint32_t i = 0; i < t->n; i++)
        t->col[i] = take(base, &at, (size_t)1 << t->logs[i]);
    return at;
}

size_t
sage_cairo_pre_words(const sage_backend *be, sage_cairo_variant variant, uint32_t log_blowup)
{
    tree t = {.be = be, .log_blowup = log_blowup};
    describe(&t, variant);
    return place(&t, NULL);
}

static sage_status fill_column(tree *t, uint32_t i)
{
    uint32_t rows = 1u << t->pre[i].log;
    for (uint32_t row = 0, n; row < rows; row += n) {
        n             = rows - row < CHUNK ? rows - row : CHUNK;
        sage_status s = sage_cairo_pre_fill(t->pre[i], row, n, t->rows, t->err);
        if (s) return s;
        t->be->upload(t->dev, t->col[i] + row, t->rows, n);
    }
    return SAGE_OK;
}

/* The columns of points together; first: the first of them, in commit order. */
static void fill_points(tree *t, uint32_t first)
{
    uint32_t *out[SAGE_CAIRO_PEDERSEN_COLUMNS], rows = 1u << t->pre[first].log;
    for (uint32_t c = 0; c < SAGE_CAIRO_PEDERSEN_COLUMNS; c++)
        out[c] = t->rows + (size_t)c * CHUNK;
    for (uint32_t row = 0; row < rows; row += CHUNK) {
        sage_cairo_pedersen_points(t->pre[first].widths, row, CHUNK, out);
        for (uint32_t c = 0; c < SAGE_CAIRO_PEDERSEN_COLUMNS; c++)
            t->be->upload(t->dev, t->col[first + c] + row, out[c], CHUNK);
    }
}

static sage_status fill(tree *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->pre[i].kind == SAGE_PRE_PEDERSEN_POINTS) {
            if (t->pre[i].index == 0) fill_points(t, i);
            continue;
        }
        sage_status s = fill_column(t, i);
        if (s) return s;
    }
    return SAGE_OK;
}

static void extend(tree *t)
{
    t->be->twiddles(t->dev, t->tw);
    for (uint32_t i = 0, n; i < t->n; i += n) {
        for (n = 1; i + n < t->n && t->logs[i + n] == t->logs[i];)
            n++;
        t->be->lde(t->dev, t->tw, t->col + i, n, t->pre[i].log, t->logs[i]);
    }
}

/* The columns ascend: commit order is leaf order. */
static sage_status commit(tree *t, uint8_t root[32])
{
    const uint32_t *cols[SAGE_CAIRO_MAX_PRE];
    sage_merkle m = {.cols       = cols,
                     .logs       = t->logs,
                     .n_cols     = t->n,
                     .log_height = t->height,
                     .nodes      = t->nodes};
    uint32_t zero = 0;
    for (uint32_t i = 0; i < t->n; i++)
        cols[i] = t->col[i];
    t->be->merkle_commit(t->dev, &m);
    return t->be->merkle_digests(t->dev, &m, t->height, &zero, 1, (uint8_t(*)[32])root, t->err);
}

static void silent(void *arg, const char *name)
{
    (void)arg;
    (void)name;
}

static sage_status
make(tree *t, void (*stage)(void *, const char *), void *arg, uint8_t root[32])
{
    stage(arg, "fill");
    sage_status s = fill(t);
    if (s) return s;
    stage(arg, "extend");
    extend(t);
    stage(arg, "commit");
    s = commit(t, root);
    stage(arg, "done");
    return s;
}

sage_status sage_cairo_pre_root(const sage_backend *be,
                                sage_device *dev,
                                sage_cairo_variant variant,
                                uint32_t log_blowup,
                                void (*stage)(void *arg, const char *name),
                                void *arg,
                                uint8_t root[32],
                                sage_errinfo *err)
{
    tree t = {.be = be, .dev = dev, .err = err, .log_blowup = log_blowup};
    uint32_t *base;
    if (log_blowup < 1 || log_blowup > MAX_BLOWUP)
        return sage_fail(err, SAGE_EINVAL, "cairo.preprocessed", log_blowup,
                         "a blowup of 2^%u; 2^1 to 2^%d are possible", log_blowup, MAX_BLOWUP);
    describe(&t, variant);
    sage_status s = be->arena(dev, place(&t, NULL) * sizeof(uint32_t), &base, err);
    if (s) return s;
    place(&t, base);
    t.rows = malloc((size_t)CHUNK * SAGE_CAIRO_PEDERSEN_COLUMNS * sizeof *t.rows);
    if (!t.rows)
        return sage_fail(err, SAGE_ENOMEM, "cairo.preprocessed.memory", -1,
                         "no memory for the rows");
    s = make(&t, stage ? stage : silent, arg, root);
    free(t.rows);
    return s;
}

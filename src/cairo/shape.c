/* cairo/shape.c -- the trees of a Cairo proof: from the claim's components to columns, sizes
 * and samples (facts A7, A14, B1, F1). */
#include <stdlib.h>
#include <string.h>

#include "cairo/formats.h"

enum { PREPROCESSED, TRACE, INTERACTION, COMPOSITION };

/* One tree's arrays while they are filled. */
typedef struct tree_builder {
    uint8_t *log, *samples;
    uint32_t n;
} tree_builder;

static void add(tree_builder *t, uint32_t n, uint8_t log, uint8_t samples)
{
    memset(t->log + t->n, log, n);
    memset(t->samples + t->n, samples, n);
    t->n += n;
}

/* A preprocessed column is sampled iff some instance reads it: no more, no less. */
static uint8_t is_read(sage_cairo_pre_column c, const sage_cairo_instance *in, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const sage_cairo_component *p = in[i].component;
        if (c.group == SAGE_CAIRO_PRE_SEQ ? p->seq && in[i].log == c.log : p->group == c.group)
            return 1;
    }
    return 0;
}

static void build_preprocessed(tree_builder *t,
                               sage_cairo_variant variant,
                               const sage_cairo_instance *in,
                               uint32_t n)
{
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    uint32_t n_columns = sage_cairo_preprocessed(variant, columns);
    for (uint32_t i = 0; i < n_columns; i++)
        add(t, 1, columns[i].log, is_read(columns[i], in, n));
}

static uint8_t
build_trace(tree_builder *trace, tree_builder *inter, const sage_cairo_instance *in, uint32_t n)
{
    uint8_t max = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t log = in[i].log;
        add(trace, in[i].component->trace, log, 1);
        add(inter, in[i].component->inter - 4u, log, 1);
        add(inter, 4, log, 2);
        if (log > max) max = log;
    }
    return max;
}

/* Room for all trees: every column once as log, once as sample count, once in the order. */
static size_t count_columns(const sage_cairo_instance *in, uint32_t n)
{
    size_t columns = SAGE_CAIRO_MAX_PRE + SAGE_COMPOSITION_COLUMNS;
    for (uint32_t i = 0; i < n; i++)
        columns += (size_t)in[i].component->trace + in[i].component->inter;
    return columns;
}

sage_status
sage_cairo_shape(const sage_cairo_proof *p, sage_pcs_shape *out, void **mem, sage_errinfo *err)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n     = sage_cairo_instances(&p->claim, in);
    size_t columns = count_columns(in, n);
    *mem           = calloc(columns, sizeof(uint32_t) + 2);
    if (!*mem) return sage_fail(err, SAGE_ENOMEM, "cairo.shape", -1, "%zu columns", columns);

    /* The trees are filled one after the other, two of them at once: trace grows from the
     * front, interaction behind the room that trace needs. */
    uint32_t *order = *mem;
    uint8_t *log = (uint8_t *)(order + columns), *samples = log + columns;
    uint32_t trace_columns = 0;
    for (uint32_t i = 0; i < n; i++)
        trace_columns += in[i].component->trace;

    tree_builder t[SAGE_MAX_TREES] = {{log, samples, 0}};
    build_preprocessed(&t[PREPROCESSED], p->variant, in, n);
    size_t at = t[PREPROCESSED].n;
    t[TRACE]  = (tree_builder){log + at, samples + at, 0};
    at += trace_columns;
    t[INTERACTION] = (tree_builder){log + at, samples + at, 0};
    uint8_t max    = build_trace(&t[TRACE], &t[INTERACTION], in, n);
    at += t[INTERACTION].n;
    t[COMPOSITION] = (tree_builder){log + at, samples + at, 0};
    add(&t[COMPOSITION], SAGE_COMPOSITION_COLUMNS, max, 1);

    memset(out, 0, sizeof *out);
    out->config  = p->proof.config;
    out->hash    = p->hash;
    out->n_trees = SAGE_MAX_TREES;
    for (int i = 0; i < SAGE_MAX_TREES; i++) {
        sage_leaf_order(t[i].log, t[i].n, order);
        out->tree[i] = (sage_tree_shape){t[i].n, t[i].log, t[i].samples, order, 0};
        order += t[i].n;
    }
    sage_status st = sage_pcs_shape_make(out, err);
    if (st != SAGE_OK) {
        free(*mem);
        *mem = NULL;
    }
    return st;
}

uint32_t *sage_cairo_leaf_places(const sage_tree_shape *t)
{
    uint32_t *place = calloc(t->n_cols, sizeof *place);
    for (uint32_t i = 0; place && i < t->n_cols; i++)
        place[t->order[i]] = i;
    return place;
}

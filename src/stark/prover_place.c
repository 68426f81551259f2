/* Where everything of a proof lies. Persistent regions first (twiddles, extended columns,
 * Merkle nodes, FRI layers); then one region that the phases use in turn, as large as the
 * hungriest of them: witness and LogUp; composition; sampling; quotients and folds. */
#include <stdlib.h>
#include <string.h>

#include "stark/prover_private.h"

enum { ALIGN_WORDS = 16 };

/* Host blocks are chained, the payload behind a header of the strictest alignment. */
struct prover_block {
    struct prover_block *next;
    max_align_t payload[];
};

void *prover_host(prover *p, size_t n, size_t size)
{
    struct prover_block *b = NULL;
    if (!n || size <= (SIZE_MAX - sizeof *b) / n) b = calloc(1, sizeof *b + n * size);
    if (!b) {
        (void)sage_fail(p->err, SAGE_ENOMEM, "prove.memory.host", -1,
                        "no host memory for a table of %zu entries", n);
        return NULL;
    }
    b->next   = p->blocks;
    p->blocks = b;
    return b->payload;
}

void prover_free_host(prover *p)
{
    while (p->blocks) {
        struct prover_block *next = p->blocks->next;
        free(p->blocks);
        p->blocks = next;
    }
}

uint32_t prover_trace_at(const prover *p, uint32_t i)
{
    uint32_t at = 0;
    while (i--)
        at += sage_instance_trace(&p->layout->inst[i]);
    return at;
}

uint32_t prover_inter_at(const prover *p, uint32_t i)
{
    uint32_t at = 0;
    while (i--)
        at += 4 * sage_instance_pairs(&p->layout->inst[i]);
    return at;
}

static uint32_t inputs_of(const sage_instance *in)
{
    return sage_air_at(in->air->inputs, in->size);
}

static uint32_t wide_columns(const sage_instance *in)
{
    return in->air->n_pre + sage_instance_trace(in) + 4 * sage_instance_pairs(in);
}

static sage_status prepare_tree(prover *p, uint32_t t)
{
    const sage_tree_shape *s = &p->shape.tree[t];
    prover_tree *tree        = &p->tree[t];
    tree->col                = prover_host(p, s->n_cols, sizeof *tree->col);
    if (!tree->col) return SAGE_ENOMEM;
    tree->leaf = prover_host(p, s->n_cols, sizeof *tree->leaf);
    if (!tree->leaf) return SAGE_ENOMEM;
    tree->leaf_log = prover_host(p, s->n_cols, sizeof *tree->leaf_log);
    if (!tree->leaf_log) return SAGE_ENOMEM;
    return SAGE_OK;
}

/* One table of device pointers per kind for all instances. */
static sage_status prepare_instances(prover *p)
{
    size_t inputs = 0, trace = 0, wide = 0;
    for (uint32_t i = 0; i < p->layout->n; i++) {
        inputs += inputs_of(&p->layout->inst[i]);
        trace += sage_instance_trace(&p->layout->inst[i]);
        wide += wide_columns(&p->layout->inst[i]);
    }
    uint32_t **table = prover_host(p, inputs + trace + wide, sizeof *table);
    if (!table) return SAGE_ENOMEM;
    for (uint32_t i = 0; i < p->layout->n; i++) {
        p->input[i] = table;
        p->kept[i]  = p->input[i] + inputs_of(&p->layout->inst[i]);
        p->wide[i]  = p->kept[i] + sage_instance_trace(&p->layout->inst[i]);
        table       = p->wide[i] + wide_columns(&p->layout->inst[i]);
    }
    return SAGE_OK;
}

/* What can be verified and not proved yet, by name. */
static sage_status check_provable(const prover *p)
{
    for (uint32_t i = 0; i < p->layout->n; i++) {
        const sage_air *air = p->layout->inst[i].air;
        if (!air->witness)
            return sage_fail(p->err, SAGE_EUNSUP, "prove.witness", i,
                             "%s can be verified, but its witness is not written", air->name);
        for (uint32_t k = 0; k < air->n_pre; k++)
            if (air->pre[k].kind != SAGE_PRE_SEQ)
                return sage_fail(p->err, SAGE_EUNSUP, "prove.preprocessed", i,
                                 "%s reads a preprocessed column of kind %d, and the prover "
                                 "makes only sequences",
                                 air->name, (int)air->pre[k].kind);
    }
    return SAGE_OK;
}

sage_status prover_prepare(prover *p)
{
    sage_status s = check_provable(p);
    if (s) return s;
    void *mem = prover_host(p, sage_layout_shape_bytes(p->layout), 1);
    if (!mem) return SAGE_ENOMEM;
    s = sage_layout_shape(p->layout, p->config, mem, &p->shape, p->err);
    if (s) return s;
    sage_fri_plan_make(&p->fri, p->config, p->shape.log_ext);
    p->logup    = sage_layout_has_logup(p->layout);
    p->n_alphas = sage_layout_alphas(p->layout);
    (void)sage_layout_preprocessed(p->layout, p->pre);
    for (uint32_t t = 0; t < p->shape.n_trees; t++)
        if ((s = prepare_tree(p, t))) return s;
    if ((s = prepare_instances(p))) return s;
    p->alpha = prover_host(p, p->n_alphas, sizeof *p->alpha);
    if (!p->alpha) return SAGE_ENOMEM;
    p->sampled = prover_host(p, p->shape.n_samples, sizeof *p->sampled);
    return p->sampled ? SAGE_OK : SAGE_ENOMEM;
}

/* A bump cursor over words from base; sizes cannot overflow: columns <= 2^28 words, at most
 * 2^18 of them, in a 64-bit size_t. Every region is followed by one unused cache line: columns
 * are powers of two, and without it the same row of all columns would fall into one set of the
 * caches. */
typedef struct place {
    uintptr_t base;
    size_t at, top;
} place;

static uint32_t *take(place *m, size_t words)
{
    uint32_t *at = (uint32_t *)(m->base + m->at * sizeof(uint32_t));
    m->at += (words + ALIGN_WORDS - 1) / ALIGN_WORDS * ALIGN_WORDS + ALIGN_WORDS;
    if (m->at > m->top) m->top = m->at;
    return at;
}

static void place_tree(prover *p, place *m, uint32_t t)
{
    const sage_tree_shape *s = &p->shape.tree[t];
    prover_tree *tree        = &p->tree[t];
    for (uint32_t i = 0; i < s->n_cols; i++)
        tree->col[i] = take(m, (size_t)1 << (s->log[i] + p->config->log_blowup));
    for (uint32_t i = 0; i < s->n_cols; i++) {
        tree->leaf[i]     = tree->col[s->order[i]];
        tree->leaf_log[i] = s->log[s->order[i]] + p->config->log_blowup;
    }
    tree->merkle = (sage_merkle){.cols       = tree->leaf,
                                 .logs       = tree->leaf_log,
                                 .n_cols     = s->n_cols,
                                 .log_height = s->log_height,
                                 .nodes      = take(m, p->be->merkle_words(s->log_height))};
}

static void place_secure(place *m, uint32_t log, uint32_t *out[4])
{
    for (uint32_t c = 0; c < 4; c++)
        out[c] = take(m, (size_t)1 << log);
}

static void place_fri(prover *p, place *m)
{
    for (uint32_t i = 0; i < p->fri.n_layers; i++) {
        prover_layer *l = &p->layer[i];
        uint32_t height = p->fri.log[i] - p->fri.pack[i];
        place_secure(m, p->fri.log[i], l->value);
        for (uint32_t c = 0; c < 4; c++)
            l->logs[c] = p->fri.log[i];
        l->merkle = (sage_merkle){.cols       = (const uint32_t *const *)l->value,
                                  .logs       = l->logs,
                                  .n_cols     = 4,
                                  .log_height = height,
                                  .log_pack   = p->fri.pack[i],
                                  .nodes      = take(m, p->be->merkle_words(height))};
    }
    place_secure(m, p->fri.log_last, p->last);
}

/* Witness inputs; LogUp's copies of the columns it reads, since the extension overwrites them. */
static void place_witness(prover *p, place *m)
{
    for (uint32_t i = 0; i < p->layout->n; i++) {
        const sage_instance *in = &p->layout->inst[i];
        size_t rows             = (size_t)1 << in->log_rows;
        bool all                = in->air->sized != 0;
        for (uint32_t k = 0; k < inputs_of(in); k++)
            p->input[i][k] = take(m, rows);
        if (!sage_instance_pairs(in)) continue;
        if (all)
            for (uint32_t k = 0; k < sage_instance_trace(in); k++)
                p->kept[i][k] = take(m, rows);
        else
            for (uint32_t k = 0; k < in->air->n_logup_trace; k++)
                p->kept[i][in->air->logup_trace[k]] = take(m, rows);
    }
    if (p->logup)
        for (uint32_t k = 0; k < p->shape.tree[TREE_PRE].n_cols; k++)
            p->pre_rows[k] = take(m, (size_t)1 << p->pre[k].log);
    size_t mark = m->at;
    for (uint32_t i = 0; i < p->layout->n; i++) {
        const sage_instance *in = &p->layout->inst[i];
        m->at                   = mark;
        if (sage_instance_pairs(in))
            p->logup_scratch[i] = take(m, p->be->logup_words(in->air, in->log_rows));
    }
}

static void place_composition(prover *p, place *m)
{
    for (uint32_t i = 0; i < p->layout->n; i++) {
        uint32_t log = p->layout->inst[i].log_rows;
        bool seen    = false;
        for (uint32_t j = 0; j < i; j++)
            seen |= p->layout->inst[j].log_rows == log;
        if (!seen) place_secure(m, log + 1, p->acc[log]);
    }
    if (p->config->log_blowup == 1) return;
    size_t mark = m->at;
    for (uint32_t i = 0; i < p->layout->n; i++) {
        const sage_instance *in = &p->layout->inst[i];
        m->at                   = mark;
        for (uint32_t k = 0; k < wide_columns(in); k++)
            p->wide[i][k] = take(m, (size_t)2 << in->log_rows);
    }
}

static void place_quotients(prover *p, place *m)
{
    size_t mark         = m->at;
    p->quotient_scratch = take(m, p->be->quotient_words(SAGE_MAX_POINTS, p->shape.log_ext));
    m->at               = mark;
    if (p->config->fold_step > 1) {
        place_secure(m, p->shape.log_ext - 1, p->fold[0]);
        place_secure(m, p->shape.log_ext - 2, p->fold[1]);
    }
}

size_t prover_place(prover *p, uintptr_t base)
{
    place m = {base, 0, 0};
    uint32_t log_tw =
        p->shape.log_ext > p->shape.log_rows + 1 ? p->shape.log_ext : p->shape.log_rows + 1;
    p->tw.log_max = log_tw;
    p->tw.mem     = take(&m, p->be->twiddle_words(log_tw));
    for (uint32_t t = 0; t < p->shape.n_trees; t++)
        place_tree(p, &m, t);
    place_fri(p, &m);

    size_t phase = m.at;
    place_witness(p, &m);
    m.at = phase;
    place_composition(p, &m);
    m.at              = phase;
    p->sample_scratch = take(&m, p->be->sample_words(p->shape.log_rows));
    m.at              = phase;
    place_quotients(p, &m);
    return m.top;
}

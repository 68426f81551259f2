/* Where everything of a proof lies. What lives to the end lies in the order in which it comes
 * to be: twiddles, preprocessed tree, trace, interaction, composition, FRI. What a phase needs
 * for itself lies behind what is alive then, where later phases will write:
 *
 *   witness inputs and scratch     behind the trace columns
 *   LogUp's copies and scratch     behind the interaction columns
 *   constraint sums, wide columns  behind the composition's columns
 *   sampling                       behind the composition's nodes
 *   quotients                      behind FRI's first values
 *
 * LogUp's copies of trace columns lie first of all in the interaction columns, beyond what LogUp
 * writes there. So a proof takes little beside its extended columns: some 24 words for every
 * point of the largest domain. Computing the copies again from the extension would cost two
 * transforms a column, two thirds of the extension itself, and save what is free already. */
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

/* A component that reads column k of the preprocessed list, or "the statement". */
static const char *reader_of(const prover *p, uint32_t k)
{
    for (uint32_t i = 0; i < p->layout->n; i++)
        for (uint32_t c = 0; c < p->layout->inst[i].air->n_pre; c++)
            if (sage_layout_preprocessed_index(p->layout, i, c) == k)
                return p->layout->inst[i].air->name;
    return "the statement";
}

/* What can be verified and not proved, by name. */
static sage_status check_provable(const prover *p, uint32_t n_pre)
{
    for (uint32_t i = 0; !p->in->witness && i < p->layout->n; i++)
        if (!p->layout->inst[i].air->witness)
            return sage_fail(p->err, SAGE_EUNSUP, "prove.witness", i,
                             "%s can be verified, but its witness is not written",
                             p->layout->inst[i].air->name);
    for (uint32_t k = 0; !p->in->preprocessed && k < n_pre; k++)
        if (p->pre[k].kind != SAGE_PRE_SEQ)
            return sage_fail(p->err, SAGE_EUNSUP, "prove.preprocessed", k,
                             "%s reads a preprocessed column of kind %d, and nobody says what "
                             "is in it",
                             reader_of(p, k), (int)p->pre[k].kind);
    return SAGE_OK;
}

static sage_status check_made(const prover *p)
{
    const sage_tree_shape *s = &p->shape.tree[TREE_PRE];
    if (!p->made || (p->made->n_cols == s->n_cols && p->made->log_height == s->log_height))
        return SAGE_OK;
    return sage_fail(p->err, SAGE_EINVAL, "prove.preprocessed.tree", p->made->n_cols,
                     "a tree of %u columns and 2^%u leaves, the statement's has %u and 2^%u",
                     p->made->n_cols, p->made->log_height, s->n_cols, s->log_height);
}

sage_status prover_prepare(prover *p)
{
    sage_status s = check_provable(p, sage_layout_preprocessed(p->layout, p->pre));
    if (s) return s;
    p->made   = p->in->preprocessed ? p->in->preprocessed->tree : NULL;
    void *mem = prover_host(p, sage_layout_shape_bytes(p->layout), 1);
    if (!mem) return SAGE_ENOMEM;
    s = sage_layout_shape(p->layout, p->config, mem, &p->shape, p->err);
    if (s) return s;
    p->shape.hash = p->in->hash;
    if ((s = check_made(p))) return s;
    sage_fri_plan_make(&p->fri, p->config, p->shape.log_ext);
    p->logup    = sage_layout_has_logup(p->layout);
    p->n_alphas = sage_layout_alphas(p->layout);
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

/* The columns of a tree, or those that are sampled. */
static void place_columns(prover *p, place *m, uint32_t t, bool all)
{
    const sage_tree_shape *s = &p->shape.tree[t];
    prover_tree *tree        = &p->tree[t];
    for (uint32_t i = 0; i < s->n_cols; i++)
        if (all || s->samples[i])
            tree->col[i] = take(m, (size_t)1 << (s->log[i] + p->config->log_blowup));
    for (uint32_t i = 0; i < s->n_cols; i++) {
        tree->leaf[i]     = tree->col[s->order[i]];
        tree->leaf_log[i] = s->log[s->order[i]] + p->config->log_blowup;
    }
}

static void place_nodes(prover *p, place *m, uint32_t t)
{
    const sage_tree_shape *s = &p->shape.tree[t];
    prover_tree *tree        = &p->tree[t];
    tree->nodes              = (prover_nodes){.be     = p->be,
                                              .dev    = p->dev,
                                              .merkle = {.cols       = tree->leaf,
                                                         .logs       = tree->leaf_log,
                                                         .n_cols     = s->n_cols,
                                                         .log_height = s->log_height,
                                                         .hash       = p->in->hash}};
    tree->nodes.merkle.nodes = take(m, p->be->merkle_words(s->log_height));
}

static void place_secure(place *m, uint32_t log, uint32_t *out[4])
{
    for (uint32_t c = 0; c < 4; c++)
        out[c] = take(m, (size_t)1 << log);
}

static void place_layer_nodes(prover *p, place *m, uint32_t i)
{
    prover_layer *l = &p->layer[i];
    uint32_t height = p->fri.log[i] - p->fri.pack[i];
    for (uint32_t c = 0; c < 4; c++)
        l->logs[c] = p->fri.log[i];
    l->nodes              = (prover_nodes){.be     = p->be,
                                           .dev    = p->dev,
                                           .merkle = {.cols       = (const uint32_t *const *)l->value,
                                                      .logs       = l->logs,
                                                      .n_cols     = 4,
                                                      .log_height = height,
                                                      .log_pack   = p->fri.pack[i],
                                                      .hash       = p->in->hash}};
    l->nodes.merkle.nodes = take(m, p->be->merkle_words(height));
}

/* FRI but for the first layer's values. */
static void place_fri(prover *p, place *m)
{
    for (uint32_t i = 0; i < p->fri.n_layers; i++) {
        if (i) place_secure(m, p->fri.log[i], p->layer[i].value);
        place_layer_nodes(p, m, i);
    }
    place_secure(m, p->fri.log_last, p->last);
    if (p->config->fold_step > 1) {
        place_secure(m, p->shape.log_ext - 1, p->fold[0]);
        place_secure(m, p->shape.log_ext - 2, p->fold[1]);
    }
}

static void place_witness(prover *p, place *m)
{
    for (uint32_t i = 0; i < p->layout->n; i++)
        for (uint32_t k = 0; k < inputs_of(&p->layout->inst[i]); k++)
            p->input[i][k] = take(m, (size_t)1 << p->layout->inst[i].log_rows);
    p->witness_scratch = take(m, p->in->witness_words);
}

/* The n-th copy of instance i: while there are interaction columns, in what their extension
 * will fill; LogUp writes only their first 2^log_rows words. */
static uint32_t *kept_at(prover *p, place *m, uint32_t i, uint32_t n)
{
    const sage_instance *in = &p->layout->inst[i];
    size_t rows             = (size_t)1 << in->log_rows;
    uint32_t spare          = (1u << p->config->log_blowup) - 1;
    if (n >= 4 * sage_instance_pairs(in) * spare) return take(m, rows);
    return p->tree[TREE_INTER].col[prover_inter_at(p, i) + n / spare] + (1 + n % spare) * rows;
}

/* Copies of the trace columns that LogUp reads, since the extension overwrites them. */
static void place_kept(prover *p, place *m, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    uint32_t n              = in->air->sized ? sage_instance_trace(in) : in->air->n_logup_trace;
    for (uint32_t k = 0; k < n; k++)
        p->kept[i][in->air->sized ? k : in->air->logup_trace[k]] = kept_at(p, m, i, k);
}

static void place_logup(prover *p, place *m)
{
    bool read[SAGE_MAX_PREPROCESSED] = {false};
    for (uint32_t i = 0; i < p->layout->n; i++) {
        if (!sage_instance_pairs(&p->layout->inst[i])) continue;
        place_kept(p, m, i);
        for (uint32_t k = 0; k < p->layout->inst[i].air->n_pre; k++)
            read[sage_layout_preprocessed_index(p->layout, i, k)] = true;
    }
    for (uint32_t k = 0; k < p->shape.tree[TREE_PRE].n_cols; k++)
        p->pre_rows[k] = read[k] ? take(m, (size_t)1 << p->pre[k].log) : NULL;
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

static void place_sampling(prover *p, place *m)
{
    p->sample_scratch = take(m, p->be->sample_words(p->shape.log_rows));
}

static void place_quotients(prover *p, place *m)
{
    p->quotient_scratch = take(m, p->be->quotient_words(SAGE_MAX_POINTS, p->shape.log_ext));
}

/* What a phase needs for itself: later regions begin where it does. */
static void beside(prover *p, place *m, void (*phase)(prover *p, place *m))
{
    size_t mark = m->at;
    phase(p, m);
    m->at = mark;
}

/* The domains that columns are transformed on. */
static uint32_t largest_domain(const prover *p)
{
    uint32_t log = p->shape.log_rows + 1;
    if (p->shape.log_ext > log) log = p->shape.log_ext;
    if (!p->made && p->shape.tree[TREE_PRE].log_height > log)
        log = p->shape.tree[TREE_PRE].log_height;
    return log;
}

size_t prover_place(prover *p, uintptr_t base)
{
    place m       = {base, 0, 0};
    uint32_t last = prover_composition(p);
    p->tw.log_max = largest_domain(p);
    p->tw.mem     = take(&m, p->be->twiddle_words(p->tw.log_max));
    if (!p->made) {
        place_columns(p, &m, TREE_PRE, true);
        place_nodes(p, &m, TREE_PRE);
    }
    place_columns(p, &m, TREE_TRACE, true);
    beside(p, &m, place_witness);
    place_nodes(p, &m, TREE_TRACE);
    if (p->made) place_columns(p, &m, TREE_PRE, false);
    if (p->logup) {
        place_columns(p, &m, TREE_INTER, true);
        beside(p, &m, place_logup);
        place_nodes(p, &m, TREE_INTER);
    }
    place_columns(p, &m, last, true);
    beside(p, &m, place_composition);
    place_nodes(p, &m, last);
    beside(p, &m, place_sampling);
    place_secure(&m, p->fri.log[0], p->layer[0].value);
    beside(p, &m, place_quotients);
    place_fri(p, &m);
    return m.top;
}

/* stark/prover_private.h -- the state of one proof in the making, shared by the prover's
 * files: place (memory), pre (preprocessed columns), commit (trees), tree and open (samples,
 * quotients, openings), fri. */
#ifndef SAGE_STARK_PROVER_PRIVATE_H
#define SAGE_STARK_PROVER_PRIVATE_H

#include "stark/prover.h"

/* A tree in the backend's memory. */
typedef struct prover_nodes {
    const sage_backend *be;
    sage_device *dev;
    sage_merkle merkle;
} prover_nodes;

/* One tree of columns: they in commit order (extended in place), the same in leaf order, their
 * ext logs; its root and openings, which come from `nodes` or from the job's own source. Of a
 * preprocessed tree with such a source, columns that nobody reads are NULL. */
typedef struct prover_tree {
    uint32_t **col;
    const uint32_t **leaf;
    uint32_t *leaf_log;
    prover_nodes nodes;
    sage_tree_source open;
} prover_tree;

typedef struct prover_layer {
    uint32_t *value[4]; /* 2^log secure values */
    uint32_t logs[4];
    prover_nodes nodes;
    sage_tree_source open;
} prover_layer;

typedef struct prover {
    const sage_backend *be;
    sage_device *dev;
    const sage_prover_job *in;
    const sage_layout *layout;
    const sage_config *config;
    sage_errinfo *err;

    sage_pcs_shape shape;
    sage_fri_plan fri;
    sage_air_pre pre[SAGE_MAX_PREPROCESSED];
    uint32_t n_alphas;
    bool logup;
    const sage_tree_source *made; /* the preprocessed tree if it was made before, else NULL */

    struct prover_block *blocks; /* host memory, freed together */

    /* Device memory, all placed before the start. */
    sage_twiddles tw;
    prover_tree tree[SAGE_MAX_TREES];
    prover_layer layer[SAGE_MAX_FRI_LAYERS];
    uint32_t *last[4];
    uint32_t **input[SAGE_MAX_INSTANCES];      /* witness inputs */
    uint32_t **kept[SAGE_MAX_INSTANCES];       /* per trace column: trace-domain copy or NULL */
    uint32_t *pre_rows[SAGE_MAX_PREPROCESSED]; /* LogUp's, on the trace domain; or NULL */
    uint32_t *witness_scratch;
    uint32_t *logup_scratch[SAGE_MAX_INSTANCES];
    uint32_t *acc[SAGE_MAX_LOG_EXT + 1][4]; /* composition sums per trace log */
    uint32_t **wide[SAGE_MAX_INSTANCES];    /* columns on the evaluation domain, blowup > 1 */
    uint32_t *sample_scratch, *quotient_scratch, *fold[2][4];

    /* Values of the transcript. */
    sage_channel ch;
    uint64_t interaction_nonce, nonce;
    qm31 z, *alpha, claimed[SAGE_MAX_INSTANCES], rho, gamma, *sampled;
    secure_point point;
    uint32_t queries[SAGE_MAX_QUERIES], n_queries;
} prover;

/* Zeroed host memory that lives as long as the proof; NULL and `err` set when it fails. */
void *prover_host(prover *p, size_t n, size_t size);
void prover_free_host(prover *p);

/* Index of instance i's first column in the trace tree / interaction tree. */
uint32_t prover_trace_at(const prover *p, uint32_t i);
uint32_t prover_inter_at(const prover *p, uint32_t i);
/* Tree index of interaction and composition. */
enum { TREE_PRE = 0, TREE_TRACE = 1, TREE_INTER = 2 };
SAGE_INLINE uint32_t prover_composition(const prover *p)
{
    return p->shape.n_trees - 1;
}

/* place: host tables and device pointers from `base` (0: measure only); *words receives the
 * total. */
SAGE_CHECKED sage_status prover_prepare(prover *p);
size_t prover_place(prover *p, uintptr_t base);

/* pre: step 3 of the transcript; then, before anything reads them, the columns that components
 * read: extended in their tree, and for LogUp on the trace domain. */
SAGE_CHECKED sage_status prover_commit_preprocessed(prover *p);
SAGE_CHECKED sage_status prover_make_preprocessed(prover *p);

/* commit: the other three trees, in transcript order. */
SAGE_CHECKED sage_status prover_commit_trace(prover *p);
SAGE_CHECKED sage_status prover_commit_interaction(prover *p);
SAGE_CHECKED sage_status prover_commit_composition(prover *p);

/* tree: hashes columns that are extended, makes *open the source of their openings, mixes the
 * root. The nodes must stay where they are. */
SAGE_CHECKED sage_status prover_commit(prover *p, prover_nodes *nodes, sage_tree_source *open);
/* hash_witness and queried rows of a tree at ascending unique leaf positions. */
SAGE_CHECKED sage_status prover_put_witness(
    prover *p, const sage_tree_source *t, const uint32_t *position, uint32_t n, sage_sink *out);
SAGE_CHECKED sage_status prover_put_rows(
    prover *p, const sage_tree_source *t, const uint32_t *position, uint32_t n, sage_sink *out);

/* open: samples at the out-of-domain point; the DEEP quotient. */
SAGE_CHECKED sage_status prover_sample(prover *p);
SAGE_CHECKED sage_status prover_quotients(prover *p);

/* fri: commit phase, last layer; then the layers' openings. */
SAGE_CHECKED sage_status prover_fri_commit(prover *p);
SAGE_CHECKED sage_status prover_fri_open(prover *p, sage_sink *out);
/* The 2^log_last_layer coefficients, bit-reversed. */
SAGE_CHECKED sage_status prover_last_layer(prover *p, qm31 *coeff);

void prover_progress(prover *p, const char *stage, double fraction);
/* Marks the beginning (1) or end (0) of a stage; part: of which component, or NULL. */
void prover_mark(const prover *p, const char *stage, const char *part, int begin);
/* The step as a stage of its own. */
SAGE_CHECKED sage_status prover_staged(prover *p,
                                       const char *stage,
                                       sage_status (*step)(prover *p));

#endif

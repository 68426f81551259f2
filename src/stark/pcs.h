/* stark/pcs.h -- what prover and verifier must agree on about the commitment scheme: the
 * shape of trees and samples, the FRI schedule, query positions, the sample list.
 *
 * A proof has n_trees trees: preprocessed, trace, [interaction,] composition. The shape is
 * computed from the statement and the config on both sides; nothing of it is read from the
 * proof. Arrays belong to the caller. */
#ifndef SAGE_STARK_PCS_H
#define SAGE_STARK_PCS_H

#include "stark/config.h"

enum { SAGE_MAX_TREES = 4, SAGE_COMPOSITION_COLUMNS = 8, SAGE_MAX_FRI_LAYERS = 32 };

/* One tree: n_cols columns in commit order; log[i] is the *trace* log size (no blowup);
 * samples[i] is 0, 1 (at z) or 2 (at z - step, z). order[] is the leaf order: commit indices
 * stably sorted ascending by log. */
typedef struct sage_tree_shape {
    uint32_t n_cols;
    const uint8_t *log;
    const uint8_t *samples;
    const uint32_t *order;
    uint32_t log_height; /* largest log + blowup; 0 for an empty tree */
} sage_tree_shape;

/* The leaf order of n_cols columns: commit indices stably sorted ascending by log (< 32). */
void sage_leaf_order(const uint8_t *log, uint32_t n_cols, uint32_t *order);

typedef struct sage_pcs_shape {
    sage_config config;
    sage_hash_kind hash; /* of the trees; the transcript's is the same */
    uint32_t n_trees;
    sage_tree_shape tree[SAGE_MAX_TREES];
    uint32_t log_rows; /* n: largest trace log over all trees but the preprocessed */
    uint32_t log_ext;  /* L = n + blowup: the lifting size, FRI's first layer */
    size_t n_samples;  /* all sampled values, flat in order tree, column, sample */
} sage_pcs_shape;

/* sage_pcs_shape_make derives log_height of every tree, log_rows, log_ext and n_samples from
 * config, n_trees and each tree's n_cols, log, samples, order, which the caller has set, and
 * checks the whole: config in range, 3 or 4 trees, only the preprocessed one empty or higher
 * than log_ext, the others of equal height but the composition's, which has
 * SAGE_COMPOSITION_COLUMNS columns of log_rows, each with one sample; 1 <= log, order sorted,
 * samples <= 2, none on a column larger than log_rows, log_rows > log_last_layer.
 * SAGE_EINVAL, "pcs.shape.<what>". Cost: O(columns). */
SAGE_CHECKED sage_status sage_pcs_shape_make(sage_pcs_shape *s, sage_errinfo *err);

/* FRI schedule (facts A12). Layer 0 is the first (circle) layer; layer i commits 2^log[i]
 * secure values as a tree of height log[i] - pack[i] and is folded step[i] times. */
typedef struct sage_fri_plan {
    uint32_t n_layers;
    uint8_t log[SAGE_MAX_FRI_LAYERS], step[SAGE_MAX_FRI_LAYERS], pack[SAGE_MAX_FRI_LAYERS];
    uint32_t log_last; /* size of the last layer = log_last_layer + blowup */
} sage_fri_plan;

/* log_ext - log_blowup >= log_last_layer + 1 is the caller's duty (sage_pcs_shape_make checks
 * it). The first layer folds by fold_step, or by what is left if that is less. */
void sage_fri_plan_make(sage_fri_plan *plan, const sage_config *c, uint32_t log_ext);

/* Draws n_queries words masked to 2^log_ext, sorts, removes duplicates: transcript step 17.
 * Returns the count, 1 <= count <= n_queries. */
uint32_t
sage_draw_queries(sage_channel *ch, uint32_t n_queries, uint32_t log_ext, uint32_t *out);
/* Position of query q (of the trees of height log_ext) in a tree of log_height: A4, last item
 * for the preprocessed tree; also equal-height (identity). */
uint32_t sage_query_in_tree(uint32_t q, uint32_t log_ext, uint32_t log_height);
/* The positions that n ascending queries open in such a tree, ascending and without
 * duplicates; n > 0, log_height > 0. out may be q. Returns the count. (Folding into a lower
 * tree is not monotonic in q: bit 0 stays, so the list is sorted again.) */
uint32_t sage_tree_queries(
    const uint32_t *q, uint32_t n, uint32_t log_ext, uint32_t log_height, uint32_t *out);
/* q >> step without duplicates; q ascending, out may be q. Returns the count. */
uint32_t sage_fold_queries(const uint32_t *q, uint32_t n, uint32_t step, uint32_t *out);

/* A sampled value as the DEEP quotients use it, in global order e = 0, 1, ... (facts A11).
 * Columns with two samples give three entries; PERIODIC repeats the current value. */
typedef struct sage_sample_ref {
    uint32_t tree, col;
    uint32_t value; /* index into the flat sampled values */
    uint32_t point; /* index into the points table */
} sage_sample_ref;

/* The distinct points of the sample list: at[0] = z, at[1] = z - step(n), then the
 * periodicity points z + 2^k * step(log_ext) of the columns with two samples and extended log
 * k, in order of first mention, where not yet listed. of_log[k] is that point's index. */
enum { SAGE_MAX_POINTS = 2 + 32 };
typedef struct sage_sample_points {
    uint32_t n;
    secure_point at[SAGE_MAX_POINTS];
    uint8_t of_log[32];
} sage_sample_points;
void sage_sample_points_make(sage_sample_points *p, const sage_pcs_shape *s, secure_point z);

/* sage_sample_walk calls fn for every entry e in order; stops at the first non-OK status. */
typedef sage_status (*sage_sample_fn)(void *arg, uint32_t e, const sage_sample_ref *ref);
SAGE_CHECKED sage_status sage_sample_walk(const sage_pcs_shape *s,
                                          const sage_sample_points *p,
                                          sage_sample_fn fn,
                                          void *arg);

#endif

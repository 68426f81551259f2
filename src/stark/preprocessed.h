/* stark/preprocessed.h -- where a prover's preprocessed columns come from, and trees that were
 * committed before the proof.
 *
 * A large preprocessed trace is the same for every proof. Its tree is made once and kept; a
 * proof takes its root, opens it at the queries, and computes anew only the columns that its
 * components read. */
#ifndef SAGE_STARK_PREPROCESSED_H
#define SAGE_STARK_PREPROCESSED_H

#include "air/air.h"
#include "sage/status.h"

/* A committed lifted tree (facts A4) that is not in the prover's memory. Functions return what
 * backend.h says of merkle_digests and merkle_leaves: the digests of nodes at `level` (0 =
 * leaves), and the words hashed into leaves, row-major, n_cols a row in leaf order. */
typedef struct sage_tree_source {
    void *arg;
    uint8_t root[32];
    uint32_t log_height, n_cols;
    sage_status (*digests)(void *arg,
                           uint32_t level,
                           const uint32_t *index,
                           uint32_t n,
                           uint8_t (*out)[32],
                           sage_errinfo *err);
    sage_status (*leaves)(
        void *arg, const uint32_t *index, uint32_t n, uint32_t *out, sage_errinfo *err);
} sage_tree_source;

typedef struct sage_preprocessed {
    /* out[i] = the column's value in row first + i, i < n: canonical words, host memory. A
     * column may be asked for twice; log is never 0. */
    sage_status (*fill)(
        sage_air_pre column, uint32_t first, uint32_t n, uint32_t *out, sage_errinfo *err);
    /* The tree over all of the layout's preprocessed columns, at the job's blowup and hash;
     * NULL: the prover commits them itself and holds them all in memory. */
    const sage_tree_source *tree;
} sage_preprocessed;

#endif

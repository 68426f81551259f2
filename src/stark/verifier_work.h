/* stark/verifier_work.h -- the verifier's working memory and its two halves; private to
 * verifier*.c. */
#ifndef SAGE_STARK_VERIFIER_WORK_H
#define SAGE_STARK_VERIFIER_WORK_H

#include "stark/verifier.h"

/* weight * F(D), F read at word `index` of the tree's opened row. */
typedef struct sage_deep_entry {
    uint32_t tree, index;
    qm31 weight;
} sage_deep_entry;

/* Arrays carved out of the caller's scratch; Q = n_queries, S = 2^fold_step. */
typedef struct sage_verifier_work {
    sage_hash_kind hash;
    qm31 *sampled;  /* n_samples */
    uint32_t *leaf; /* all columns: index of column c of tree t in its row at
                                 leaf[first_col[t] + c] */
    uint32_t first_col[SAGE_MAX_TREES];
    sage_deep_entry *entries; /* one per sample entry, grouped by point */
    uint32_t *queries;        /* Q; folded as the layers go */
    uint32_t n_queries;       /* distinct ones */
    qm31 *answers;            /* Q: the current layer's values at the queries */
    qm31 *values;             /* Q * S: whole fold subsets */
    uint32_t *positions;      /* Q * S */
    uint8_t *digests;         /* Q * S * 32 */
    m31 *twiddles, *inverses; /* Q * S */
    cm31 *denominators, *denominator_inverses; /* Q * SAGE_MAX_POINTS */
    uint32_t *row_of;       /* Q: the first query that opened a tree position */
    qm31 *last, *last_fold; /* 2^log_last_layer */
    qm31 gamma;
    qm31 alpha[SAGE_MAX_FRI_LAYERS];
} sage_verifier_work;

/* The DEEP quotients at all queries -> w->answers (facts A11). SAGE_EPROOF
 * "proof.sample.point". The opened rows have been checked. */
SAGE_CHECKED sage_status sage_verify_deep(const sage_pcs_shape *shape,
                                          const sage_proof *proof,
                                          secure_point z,
                                          sage_verifier_work *w,
                                          sage_errinfo *err);

/* FRI from w->answers at w->queries down to the last layer (facts A12). SAGE_EPROOF
 * "proof.shape.fri_witness", "proof.fri.layer", "proof.fri.last". */
SAGE_CHECKED sage_status sage_verify_fri(const sage_fri_plan *plan,
                                         const sage_proof *proof,
                                         sage_verifier_work *w,
                                         sage_errinfo *err);

#endif

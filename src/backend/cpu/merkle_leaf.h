/* backend/cpu/merkle_leaf.h -- which words a leaf of a lifted tree has (facts A4), for the
 * kernels of every hash. */
#ifndef SAGE_BACKEND_CPU_MERKLE_LEAF_H
#define SAGE_BACKEND_CPU_MERKLE_LEAF_H

#include "backend/backend.h"
#include "field/circle.h"

SAGE_INLINE uint32_t leaf_words(const sage_merkle *t)
{
    return t->n_cols << t->log_pack;
}

SAGE_INLINE const uint32_t *word_column(const sage_merkle *t, uint32_t word)
{
    return t->cols[t->log_pack ? word % t->n_cols : word];
}

/* Rows of word's column, as leaves. */
SAGE_INLINE uint32_t word_log(const sage_merkle *t, uint32_t word)
{
    return t->log_pack ? t->logs[word % t->n_cols] - t->log_pack : t->logs[word];
}

/* Word `word` of row q of a tree of 2^log leaves, log no less than word's own. */
SAGE_INLINE uint32_t row_word(const sage_merkle *t, uint32_t log, uint32_t q, uint32_t word)
{
    uint32_t row = lift_position(q, log, word_log(t, word));
    uint32_t in  = t->log_pack ? word / t->n_cols : 0;
    return word_column(t, word)[((size_t)row << t->log_pack) + in];
}

/* Layers below this level are not stored. */
SAGE_INLINE uint32_t lowest_stored(uint32_t log_height)
{
    return log_height < SAGE_MERKLE_DROP ? log_height : SAGE_MERKLE_DROP;
}

#endif

/* The preprocessed columns: committed here, or opened in a tree that was made before; then made
 * anew as far as components read them. */
#include "stark/prover_private.h"

enum { CHUNK = 4096 };

/* Sequences need no one to say what is in them. */
static sage_status
fill_rows(const prover *p, sage_air_pre column, uint32_t first, uint32_t n, uint32_t *out)
{
    if (p->in->preprocessed) return p->in->preprocessed->fill(column, first, n, out, p->err);
    for (uint32_t i = 0; i < n; i++)
        out[i] = first + i;
    return SAGE_OK;
}

static sage_status fill(prover *p, uint32_t k, uint32_t *dst)
{
    uint32_t rows[CHUNK], end = 1u << p->pre[k].log;
    for (uint32_t at = 0, n; at < end; at += n) {
        n             = end - at < CHUNK ? end - at : CHUNK;
        sage_status s = fill_rows(p, p->pre[k], at, n, rows);
        if (s) return s;
        p->be->upload(p->dev, dst + at, rows, n);
    }
    return SAGE_OK;
}

static void extend(prover *p, uint32_t k)
{
    uint32_t log = p->pre[k].log;
    p->be->lde(p->dev, p->tw, &p->tree[TREE_PRE].col[k], 1, log, log + p->config->log_blowup);
}

sage_status prover_commit_preprocessed(prover *p)
{
    prover_tree *t = &p->tree[TREE_PRE];
    if (p->made) {
        t->open = *p->made;
        sage_channel_mix_root(&p->ch, t->open.root);
        return SAGE_OK;
    }
    for (uint32_t k = 0; k < p->shape.tree[TREE_PRE].n_cols; k++) {
        sage_status s = fill(p, k, t->col[k]);
        if (s) return s;
        extend(p, k);
    }
    return prover_commit(p, &t->nodes, &t->open);
}

/* A column of a tree that was made before is computed once for both of its uses. One that was
 * committed here is extended already; computing it twice spares a copy that would be in memory
 * beside the witness. */
static sage_status make(prover *p, uint32_t k)
{
    uint32_t *rows = p->pre_rows[k], *col = p->tree[TREE_PRE].col[k];
    if (!p->made) return rows ? fill(p, k, rows) : SAGE_OK;
    sage_status s = col ? fill(p, k, col) : SAGE_OK;
    if (s || !col) return s;
    if (rows) p->be->copy(p->dev, rows, col, (size_t)1 << p->pre[k].log);
    extend(p, k);
    return SAGE_OK;
}

sage_status prover_make_preprocessed(prover *p)
{
    for (uint32_t k = 0; k < p->shape.tree[TREE_PRE].n_cols; k++) {
        sage_status s = make(p, k);
        if (s) return s;
    }
    return SAGE_OK;
}

/* Committing trees and opening them at the queries (facts A4). Openings are written once, over
 * sage_tree_source: a tree in the backend's memory is one, a tree made before is another. */
#include <stdlib.h>
#include <string.h>

#include "stark/prover_private.h"

static sage_status memory_digests(void *arg,
                                  uint32_t level,
                                  const uint32_t *index,
                                  uint32_t n,
                                  uint8_t (*out)[32],
                                  sage_errinfo *err)
{
    const prover_nodes *t = arg;
    return t->be->merkle_digests(t->dev, &t->merkle, level, index, n, out, err);
}

static sage_status
memory_leaves(void *arg, const uint32_t *index, uint32_t n, uint32_t *out, sage_errinfo *err)
{
    const prover_nodes *t = arg;
    return t->be->merkle_leaves(t->dev, &t->merkle, index, n, out, err);
}

sage_status prover_commit(prover *p, prover_nodes *nodes, sage_tree_source *open)
{
    const sage_merkle *m = &nodes->merkle;
    uint32_t zero        = 0;
    *open                = (sage_tree_source){.arg        = nodes,
                                              .log_height = m->log_height,
                                              .n_cols     = m->n_cols << m->log_pack,
                                              .digests    = memory_digests,
                                              .leaves     = memory_leaves};
    prover_mark(p, "hash", NULL, 1);
    p->be->merkle_commit(p->dev, m);
    sage_status s =
        open->digests(nodes, m->log_height, &zero, 1, (uint8_t(*)[32])open->root, p->err);
    prover_mark(p, "hash", NULL, 0);
    if (!s) sage_channel_mix_root(&p->ch, open->root);
    return s;
}

/* Siblings that the verifier cannot compute, level by level from the leaves (facts A4). */
sage_status prover_put_witness(
    prover *p, const sage_tree_source *t, const uint32_t *position, uint32_t n, sage_sink *out)
{
    size_t count_at = out->len;
    uint32_t total  = 0;
    uint32_t *at = malloc(2 * ((size_t)n + 1) * sizeof *at), *missing = at ? at + n + 1 : NULL;
    uint8_t(*digest)[32] = malloc((n + (size_t)1) * sizeof *digest);
    sage_status s        = at && digest ? SAGE_OK : SAGE_ENOMEM;

    sage_sink_u32(out, 0);
    if (!s && n) memcpy(at, position, n * sizeof *at);
    for (uint32_t level = 0; !s && level < t->log_height && n; level++) {
        uint32_t n_missing = 0, parents = 0;
        for (uint32_t i = 0; i < n; i++) {
            bool pair       = i + 1 < n && at[i + 1] == (at[i] | 1) && !(at[i] & 1);
            uint32_t parent = at[i] >> 1;
            if (pair)
                i++;
            else
                missing[n_missing++] = at[i] ^ 1;
            at[parents++] = parent;
        }
        s = t->digests(t->arg, level, missing, n_missing, digest, p->err);
        if (!s) sage_sink_put(out, digest, n_missing * sizeof *digest);
        total += n_missing;
        n = parents;
    }
    free(at);
    free(digest);
    if (s == SAGE_ENOMEM)
        return sage_fail(p->err, s, "prove.memory.host", -1, "no host memory for an opening");
    sage_sink_patch_u32(out, count_at, total);
    return s;
}

sage_status prover_put_rows(
    prover *p, const sage_tree_source *t, const uint32_t *position, uint32_t n, sage_sink *out)
{
    size_t words   = (size_t)n * t->n_cols;
    uint32_t *rows = malloc((words + 1) * sizeof *rows);
    if (!rows)
        return sage_fail(p->err, SAGE_ENOMEM, "prove.memory.host", -1,
                         "no host memory for %zu opened words", words);
    sage_status s = t->leaves(t->arg, position, n, rows, p->err);
    if (!s) {
        sage_sink_u32(out, (uint32_t)words);
        for (size_t i = 0; i < words; i++)
            sage_sink_u32(out, rows[i]);
    }
    free(rows);
    return s;
}

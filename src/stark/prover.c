/* The prover: the transcript of facts A6 from salt to queries, then the openings. */
#include "stark/prover.h"

#include <string.h>

#include "stark/prover_private.h"

void prover_progress(prover *p, const char *stage, double fraction)
{
    if (p->in->progress) p->in->progress(p->in->progress_arg, stage, fraction);
}

void prover_mark(const prover *p, const char *stage, const char *part, int begin)
{
    if (p->in->stage) p->in->stage(p->in->stage_arg, stage, part, begin);
}

sage_status prover_staged(prover *p, const char *stage, sage_status (*step)(prover *p))
{
    prover_mark(p, stage, NULL, 1);
    sage_status s = step(p);
    prover_mark(p, stage, NULL, 0);
    return s;
}

static prover
begin(const sage_backend *be, sage_device *dev, const sage_prover_job *in, sage_errinfo *err)
{
    return (prover){
        .be = be, .dev = dev, .in = in, .layout = in->layout, .config = in->config, .err = err};
}

sage_status sage_prover_words(const sage_backend *be,
                              const sage_prover_job *job,
                              size_t *words,
                              sage_errinfo *err)
{
    prover p      = begin(be, NULL, job, err);
    sage_status s = prover_prepare(&p);
    if (!s) *words = prover_place(&p, 0);
    prover_free_host(&p);
    return s;
}

/* Places everything in the device's arena and starts the transcript: salt, config. */
static sage_status start(prover *p)
{
    uint32_t *base;
    qm31 salt     = qm31_from(p->in->salt);
    sage_status s = prover_prepare(p);
    if (s) return s;
    s = p->be->arena(p->dev, prover_place(p, 0) * sizeof(uint32_t), &base, p->err);
    if (s) return s;
    (void)prover_place(p, (uintptr_t)base);
    p->be->twiddles(p->dev, p->tw);
    sage_channel_init(&p->ch, p->in->hash);
    sage_channel_mix_felts(&p->ch, &salt, 1);
    sage_config_mix(p->config, &p->ch);
    return SAGE_OK;
}

static sage_status query_work(prover *p)
{
    uint8_t prefix[32];
    uint32_t bits = p->in->skip_query_pow ? 0 : p->config->pow_bits;
    sage_channel_pow_prefix(&p->ch, bits, prefix);
    sage_status s = p->be->grind(p->dev, p->ch.kind, prefix, bits, &p->nonce, p->err);
    if (s) return s;
    sage_channel_mix_u64(&p->ch, p->nonce);
    p->n_queries =
        sage_draw_queries(&p->ch, p->config->n_queries, p->shape.log_ext, p->queries);
    return SAGE_OK;
}

static void put_felts(sage_sink *out, const qm31 *v, size_t n)
{
    sage_sink_u32(out, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        for (uint32_t c = 0; c < 4; c++)
            sage_sink_u32(out, v[i].v[c]);
}

static void put_head(const prover *p, sage_sink *out)
{
    const sage_config *c = p->config;
    sage_sink_u32(out, c->pow_bits);
    sage_sink_u32(out, c->log_blowup);
    sage_sink_u32(out, c->n_queries);
    sage_sink_u32(out, c->log_last_layer);
    sage_sink_u32(out, c->fold_step);
    sage_sink_u32(out, p->shape.n_trees);
    if (p->logup) {
        sage_sink_u64(out, p->interaction_nonce);
        put_felts(out, p->claimed, p->layout->n);
    }
    for (uint32_t t = 0; t < p->shape.n_trees; t++)
        sage_sink_put(out, p->tree[t].open.root, 32);
    put_felts(out, p->sampled, p->shape.n_samples);
}

/* The witness is of the distinct leaves, ascending; the rows are one per query, so that a tree
 * lower than the queries' domain may repeat one. */
static sage_status put_tree(prover *p, uint32_t t, sage_sink *out)
{
    const sage_tree_source *m = &p->tree[t].open;
    uint32_t at[SAGE_MAX_QUERIES], n = 0, queries = m->n_cols ? p->n_queries : 0;
    if (queries)
        n = sage_tree_queries(p->queries, queries, p->shape.log_ext, m->log_height, at);
    sage_status s = prover_put_witness(p, m, at, n, out);
    for (uint32_t q = 0; q < queries; q++)
        at[q] = sage_query_in_tree(p->queries[q], p->shape.log_ext, m->log_height);
    return s ? s : prover_put_rows(p, m, at, queries, out);
}

static sage_status put_openings(prover *p, const qm31 *last, sage_sink *out)
{
    sage_status s;
    put_head(p, out);
    for (uint32_t t = 0; t < p->shape.n_trees; t++)
        if ((s = put_tree(p, t, out))) return s;
    sage_sink_u64(out, p->nonce);
    if ((s = prover_fri_open(p, out))) return s;
    put_felts(out, last, (size_t)1 << p->config->log_last_layer);
    if (out->failed)
        return sage_fail(p->err, SAGE_ENOMEM, "prove.memory.host", -1,
                         "no host memory for the proof's bytes");
    return SAGE_OK;
}

static sage_status mix_claim(prover *p)
{
    return p->in->mix_claim(p->in->claim, &p->ch, p->err);
}

/* The steps of facts A6 in order: what progress and timeline call them, and where progress
 * stands when they begin. */
static sage_status commit_all(prover *p)
{
    static const struct {
        const char *name, *progress;
        double at;
        sage_status (*step)(prover *p);
    } steps[] = {{"start", NULL, 0, start},
                 {"preprocessed", NULL, 0, prover_commit_preprocessed},
                 {"claim", NULL, 0, mix_claim},
                 {"trace", "witness", 0.01, prover_commit_trace},
                 {"preprocessed", NULL, 0, prover_make_preprocessed},
                 {"interaction", NULL, 0, prover_commit_interaction},
                 {"composition", "constraints", 0.58, prover_commit_composition},
                 {"sample", "sample", 0.72, prover_sample},
                 {"quotients", "quotients", 0.76, prover_quotients},
                 {"fri", "fri", 0.82, prover_fri_commit}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].progress) prover_progress(p, steps[i].progress, steps[i].at);
        sage_status s = prover_staged(p, steps[i].name, steps[i].step);
        if (s) return s;
    }
    return SAGE_OK;
}

static sage_status prove(prover *p, sage_sink *out)
{
    qm31 last[1 << SAGE_MAX_LAST_LOG];
    sage_status s = commit_all(p);
    if (!s) s = prover_last_layer(p, last);
    if (s) return s;
    sage_channel_mix_felts(&p->ch, last, (size_t)1 << p->config->log_last_layer);
    prover_progress(p, "proof of work", 0.86);
    if ((s = prover_staged(p, "proof of work", query_work))) return s;
    prover_progress(p, "open", 0.98);
    prover_mark(p, "open", NULL, 1);
    s = put_openings(p, last, out);
    prover_mark(p, "open", NULL, 0);
    if (!s) prover_progress(p, "done", 1.0);
    return s;
}

sage_status sage_prover_run(const sage_backend *be,
                            sage_device *dev,
                            const sage_prover_job *in,
                            sage_sink *out,
                            sage_errinfo *err)
{
    prover p      = begin(be, dev, in, err);
    sage_status s = prove(&p, out);
    prover_free_host(&p);
    return s;
}

sage_status sage_prover_preprocessed_root(const sage_backend *be,
                                          sage_device *dev,
                                          const sage_layout *l,
                                          const sage_config *c,
                                          uint8_t root[32],
                                          sage_errinfo *err)
{
    sage_prover_job job = {.layout = l, .config = c};
    prover p            = begin(be, dev, &job, err);
    sage_status s       = start(&p);
    if (!s) s = prover_commit_preprocessed(&p);
    if (!s) memcpy(root, p.tree[TREE_PRE].open.root, 32);
    prover_free_host(&p);
    return s;
}

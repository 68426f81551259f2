/* The prover: the transcript of facts A6 from salt to queries, then the openings. */
#include "stark/prover.h"

#include "stark/prover_private.h"

void prover_progress(prover *p, const char *stage, double fraction)
{
    if (p->in && p->in->progress) p->in->progress(p->in->progress_arg, stage, fraction);
}

static prover begin(const sage_backend *be,
                    sage_device *dev,
                    const sage_layout *l,
                    const sage_config *c,
                    sage_errinfo *err)
{
    return (prover){.be = be, .dev = dev, .layout = l, .config = c, .err = err};
}

sage_status sage_prover_words(const sage_backend *be,
                              const sage_prover_job *job,
                              size_t *words,
                              sage_errinfo *err)
{
    prover p      = begin(be, NULL, job->layout, job->config, err);
    sage_status s = prover_prepare(&p);
    if (!s) *words = prover_place(&p, 0);
    prover_free_host(&p);
    return s;
}

/* Places everything in the device's arena and starts the transcript: salt 0, config. */
static sage_status start(prover *p)
{
    uint32_t *base;
    qm31 salt     = qm31_zero();
    sage_status s = prover_prepare(p);
    if (s) return s;
    s = p->be->arena(p->dev, prover_place(p, 0) * sizeof(uint32_t), &base, p->err);
    if (s) return s;
    (void)prover_place(p, (uintptr_t)base);
    p->be->twiddles(p->dev, p->tw);
    sage_channel_init(&p->ch, SAGE_HASH_BLAKE2S);
    sage_channel_mix_felts(&p->ch, &salt, 1);
    sage_config_mix(p->config, &p->ch);
    return SAGE_OK;
}

static sage_status query_work(prover *p)
{
    uint8_t prefix[32];
    sage_channel_pow_prefix(&p->ch, p->config->pow_bits, prefix);
    sage_status s = p->be->grind(p->dev, prefix, p->config->pow_bits, &p->nonce, p->err);
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
        sage_sink_put(out, p->tree[t].root, 32);
    put_felts(out, p->sampled, p->shape.n_samples);
}

/* The witness is of the distinct leaves, ascending; the rows are one per query, so that a tree
 * lower than the queries' domain may repeat one. */
static sage_status put_tree(prover *p, uint32_t t, sage_sink *out)
{
    const sage_merkle *m = &p->tree[t].merkle;
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

static sage_status prove(prover *p, sage_sink *out)
{
    sage_status s;
    qm31 last[1 << SAGE_MAX_LAST_LOG];
    if ((s = start(p))) return s;
    if ((s = prover_commit_preprocessed(p))) return s;
    if ((s = p->in->mix_claim(p->in->claim, &p->ch, p->err))) return s;
    if ((s = prover_commit_trace(p))) return s;
    if ((s = prover_commit_interaction(p))) return s;
    prover_progress(p, "constraints", 0.58);
    if ((s = prover_commit_composition(p))) return s;
    prover_progress(p, "sample", 0.72);
    if ((s = prover_sample(p))) return s;
    prover_progress(p, "quotients", 0.76);
    if ((s = prover_quotients(p))) return s;
    prover_progress(p, "fri", 0.82);
    if ((s = prover_fri_commit(p))) return s;
    if ((s = prover_last_layer(p, last))) return s;
    sage_channel_mix_felts(&p->ch, last, (size_t)1 << p->config->log_last_layer);
    prover_progress(p, "proof of work", 0.86);
    if ((s = query_work(p))) return s;
    prover_progress(p, "open", 0.98);
    if ((s = put_openings(p, last, out))) return s;
    prover_progress(p, "done", 1.0);
    return SAGE_OK;
}

sage_status sage_prover_run(const sage_backend *be,
                            sage_device *dev,
                            const sage_prover_job *in,
                            sage_sink *out,
                            sage_errinfo *err)
{
    prover p      = begin(be, dev, in->layout, in->config, err);
    p.in          = in;
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
    prover p      = begin(be, dev, l, c, err);
    sage_status s = start(&p);
    if (!s) s = prover_commit_preprocessed(&p);
    if (!s)
        for (uint32_t i = 0; i < 32; i++)
            root[i] = p.tree[TREE_PRE].root[i];
    prover_free_host(&p);
    return s;
}

/* The four commitments, in transcript order (facts A6, steps 3 to 11). */
#include <string.h>

#include "stark/prover_private.h"

enum { SEQ_CHUNK = 4096 };

sage_status prover_commit(prover *p, sage_merkle *m, uint8_t root[32])
{
    uint32_t zero = 0;
    p->be->merkle_commit(p->dev, m);
    sage_status s =
        p->be->merkle_digests(p->dev, m, m->log_height, &zero, 1, (uint8_t(*)[32])root, p->err);
    if (s) return s;
    sage_channel_mix_root(&p->ch, root);
    return SAGE_OK;
}

static sage_status commit_tree(prover *p, uint32_t t)
{
    return prover_commit(p, &p->tree[t].merkle, p->tree[t].root);
}

/* 0, 1, ... 2^log - 1, the one kind of preprocessed column there is. */
static void fill_seq(prover *p, uint32_t *dst, uint32_t log)
{
    uint32_t buffer[SEQ_CHUNK];
    for (uint32_t at = 0; at < 1u << log; at += SEQ_CHUNK) {
        uint32_t n = (1u << log) - at < SEQ_CHUNK ? (1u << log) - at : SEQ_CHUNK;
        for (uint32_t i = 0; i < n; i++)
            buffer[i] = at + i;
        p->be->upload(p->dev, dst + at, buffer, n);
    }
}

sage_status prover_commit_preprocessed(prover *p)
{
    prover_tree *t = &p->tree[TREE_PRE];
    for (uint32_t k = 0; k < p->shape.tree[TREE_PRE].n_cols; k++) {
        uint32_t log = p->pre[k].log;
        fill_seq(p, t->col[k], log);
        if (p->logup) p->be->copy(p->dev, p->pre_rows[k], t->col[k], (size_t)1 << log);
        p->be->lde(p->dev, p->tw, &t->col[k], 1, log, log + p->config->log_blowup);
    }
    return commit_tree(p, TREE_PRE);
}

/* The kernels' view of instance i, without the columns that depend on the step. */
static sage_air_rows rows_of(const prover *p, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    return (sage_air_rows){.log_rows = in->log_rows,
                           .log_eval = in->log_rows + 1,
                           .size     = in->size,
                           .inputs   = (const uint32_t *const *)p->input[i],
                           .trace    = p->tree[TREE_TRACE].col + prover_trace_at(p, i),
                           .inter  = p->logup ? p->tree[TREE_INTER].col + prover_inter_at(p, i)
                                              : NULL,
                           .params = in->params,
                           .alpha  = p->alpha,
                           .z      = p->z};
}

static sage_status write_witness(prover *p, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    uint32_t n              = sage_air_at(in->air->inputs, in->size);
    size_t rows             = (size_t)1 << in->log_rows;
    sage_air_rows r         = rows_of(p, i);

    for (uint32_t k = 0; k < n; k++)
        p->be->upload(p->dev, p->input[i][k], p->in->inputs[i][k], rows);
    sage_status s = p->be->witness(p->dev, in->air, &r, p->err);
    if (s) return s;
    for (uint32_t k = 0; k < sage_instance_trace(in); k++)
        if (p->kept[i][k]) p->be->copy(p->dev, p->kept[i][k], r.trace[k], rows);
    return SAGE_OK;
}

/* Extends n columns in batches, so that progress moves; share is [from, to) of the proof. */
static void extend(prover *p,
                   uint32_t *const *cols,
                   uint32_t n,
                   uint32_t log,
                   const char *stage,
                   double from,
                   double to)
{
    enum { BATCHES = 16 };
    uint32_t step = (n + BATCHES - 1) / BATCHES;
    prover_progress(p, stage, from);
    for (uint32_t k = 0; k < n; k += step) {
        uint32_t m = n - k < step ? n - k : step;
        p->be->lde(p->dev, p->tw, cols + k, m, log, log + p->config->log_blowup);
        prover_progress(p, stage, from + (to - from) * (k + m) / n);
    }
}

sage_status prover_commit_trace(prover *p)
{
    prover_progress(p, "witness", 0.01);
    for (uint32_t i = 0; i < p->layout->n; i++) {
        sage_status s = write_witness(p, i);
        if (s) return s;
    }
    for (uint32_t i = 0; i < p->layout->n; i++)
        extend(p, p->tree[TREE_TRACE].col + prover_trace_at(p, i),
               sage_instance_trace(&p->layout->inst[i]), p->layout->inst[i].log_rows,
               "extend trace", 0.05, 0.35);
    prover_progress(p, "commit trace", 0.35);
    return commit_tree(p, TREE_TRACE);
}

/* LogUp of instance i on the trace domain: reads the kept copies, writes the interaction
 * columns and the claimed sum. */
static sage_status run_logup(prover *p, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    const uint32_t *pre[SAGE_MAX_PREPROCESSED];
    sage_air_rows r = rows_of(p, i);

    p->claimed[i] = qm31_zero();
    if (!sage_instance_pairs(in)) return SAGE_OK;
    for (uint32_t k = 0; k < in->air->n_pre; k++)
        pre[k] = p->pre_rows[sage_layout_preprocessed_index(p->layout, i, k)];
    r.pre   = pre;
    r.trace = p->kept[i];
    return p->be->logup(p->dev, in->air, &r, p->logup_scratch[i], &p->claimed[i], p->err);
}

static void alpha_powers(prover *p, qm31 alpha)
{
    p->alpha[0] = qm31_one();
    for (uint32_t k = 1; k < p->n_alphas; k++)
        p->alpha[k] = qm31_mul(p->alpha[k - 1], alpha);
}

static sage_status interaction_work(prover *p)
{
    uint8_t prefix[32];
    uint32_t bits = p->in->interaction_pow;
    sage_channel_pow_prefix(&p->ch, bits, prefix);
    sage_status s = p->be->grind(p->dev, prefix, bits, &p->interaction_nonce, p->err);
    if (s) return s;
    sage_channel_mix_u64(&p->ch, p->interaction_nonce);
    return SAGE_OK;
}

/* Lookups that do not balance with the public values are a claim the witness does not bear. */
static sage_status check_balance(prover *p)
{
    qm31 sum      = qm31_zero();
    sage_status s = p->in->public_sum(p->in->claim, p->z, p->alpha, &sum, p->err);
    if (s) return s;
    for (uint32_t i = 0; i < p->layout->n; i++)
        sum = qm31_add(sum, p->claimed[i]);
    if (qm31_is_zero(sum)) return SAGE_OK;
    return sage_fail(p->err, SAGE_EPROOF, "prove.logup", -1,
                     "the witness's lookups do not balance with the statement");
}

sage_status prover_commit_interaction(prover *p)
{
    qm31 drawn[2];
    if (!p->logup) return SAGE_OK;
    sage_status s = interaction_work(p);
    if (s) return s;
    sage_channel_draw_felts(&p->ch, drawn, 2);
    p->z = drawn[0];
    alpha_powers(p, drawn[1]);
    prover_progress(p, "logup", 0.45);
    for (uint32_t i = 0; i < p->layout->n; i++)
        if ((s = run_logup(p, i))) return s;
    if ((s = check_balance(p))) return s;
    sage_channel_mix_felts(&p->ch, p->claimed, p->layout->n);
    for (uint32_t i = 0; i < p->layout->n; i++)
        extend(p, p->tree[TREE_INTER].col + prover_inter_at(p, i),
               4 * sage_instance_pairs(&p->layout->inst[i]), p->layout->inst[i].log_rows,
               "extend interaction", 0.48, 0.55);
    prover_progress(p, "commit interaction", 0.55);
    return commit_tree(p, TREE_INTER);
}

/* With blowup > 1 the extended columns do not hold the evaluation domain of log_rows + 1:
 * their first 2^log_rows values determine the polynomial, which is evaluated there anew. */
static uint32_t *widen(prover *p, uint32_t i, uint32_t k, const uint32_t *ext, uint32_t log)
{
    uint32_t *w = p->wide[i][k];
    p->be->copy(p->dev, w, ext, (size_t)1 << log);
    p->be->interpolate(p->dev, p->tw, &w, 1, log, log + p->config->log_blowup);
    p->be->evaluate(p->dev, p->tw, &w, 1, log, log + 1);
    return w;
}

static void evaluation_columns(prover *p, uint32_t i, sage_air_rows *r, const uint32_t **pre)
{
    const sage_instance *in = &p->layout->inst[i];
    uint32_t n_pre = in->air->n_pre, n_trace = sage_instance_trace(in);
    uint32_t n_inter = 4 * sage_instance_pairs(in);

    for (uint32_t k = 0; k < n_pre; k++)
        pre[k] = p->tree[TREE_PRE].col[sage_layout_preprocessed_index(p->layout, i, k)];
    r->pre = pre;
    if (p->config->log_blowup == 1) return;
    for (uint32_t k = 0; k < n_pre; k++) {
        uint32_t at = sage_layout_preprocessed_index(p->layout, i, k);
        pre[k]      = widen(p, i, k, p->tree[TREE_PRE].col[at], p->pre[at].log);
    }
    for (uint32_t k = 0; k < n_trace; k++)
        (void)widen(p, i, n_pre + k, r->trace[k], in->log_rows);
    for (uint32_t k = 0; k < n_inter; k++)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): n_inter > 0 has columns */
        (void)widen(p, i, n_pre + n_trace + k, r->inter[k], in->log_rows);
    r->trace = p->wide[i] + n_pre;
    r->inter = p->wide[i] + n_pre + n_trace;
}

/* Adds instance i's constraints to the sum of its size; coef: its slice of rho's powers. */
static sage_status add_constraints(prover *p, uint32_t i, const qm31 *coef)
{
    const sage_instance *in = &p->layout->inst[i];
    const uint32_t *pre[SAGE_MAX_PREPROCESSED];
    sage_air_rows r = rows_of(p, i);
    evaluation_columns(p, i, &r, pre);
    r.acc   = p->acc[in->log_rows];
    r.coef  = coef;
    r.shift = qm31_scale(p->claimed[i], m31_inv_pow2(in->log_rows));
    for (uint32_t half = 0; half < 2; half++)
        r.vanish_inv[half] = m31_inv(
            sage_vanishing(in->log_rows, canonic_at(r.log_eval, half << in->log_rows).x));
    return p->be->constraints(p->dev, in->air, &r, p->err);
}

/* Weight of constraint j of N is rho^(N-1-j) (facts A7). */
static qm31 *weights(prover *p, uint32_t n)
{
    qm31 *w = prover_host(p, n, sizeof *w), x = qm31_one();
    if (!w) return NULL;
    for (uint32_t j = n; j--; x = qm31_mul(x, p->rho))
        w[j] = x;
    return w;
}

/* Lifts the sums of smaller sizes into the largest, ascending. */
static void lift_sums(prover *p)
{
    uint32_t small = SAGE_MAX_LOG_EXT + 1;
    for (uint32_t log = 0; log <= p->shape.log_rows; log++) {
        if (!p->acc[log][0]) continue;
        if (small <= SAGE_MAX_LOG_EXT)
            p->be->lift_add(p->dev, p->acc[log], log + 1,
                            (const uint32_t *const *)p->acc[small], small + 1);
        small = log;
    }
}

/* The composition polynomial's coefficients, split in the middle, extended (facts A7). */
static void split_composition(prover *p)
{
    uint32_t n = p->shape.log_rows, **col = p->tree[prover_composition(p)].col;
    size_t half          = (size_t)1 << n;
    uint32_t *const *sum = p->acc[n];
    p->be->interpolate(p->dev, p->tw, sum, 4, n + 1, n + 1);
    for (uint32_t c = 0; c < 4; c++) {
        p->be->copy(p->dev, col[c], sum[c], half);
        p->be->copy(p->dev, col[4 + c], sum[c] + half, half);
    }
    p->be->evaluate(p->dev, p->tw, col, SAGE_COMPOSITION_COLUMNS, n, p->shape.log_ext);
}

sage_status prover_commit_composition(prover *p)
{
    p->rho     = sage_channel_draw_felt(&p->ch);
    qm31 *coef = weights(p, sage_layout_constraints(p->layout));
    if (!coef) return SAGE_ENOMEM;
    for (uint32_t log = 0; log <= p->shape.log_rows; log++)
        for (uint32_t c = 0; c < 4 && p->acc[log][0]; c++)
            p->be->zero(p->dev, p->acc[log][c], (size_t)2 << log);
    for (uint32_t i = 0; i < p->layout->n; i++) {
        sage_status s = add_constraints(p, i, coef);
        if (s) return s;
        coef += sage_instance_constraints(&p->layout->inst[i]);
        prover_progress(p, "constraints", 0.58 + 0.10 * (i + 1) / p->layout->n);
    }
    prover_progress(p, "composition", 0.68);
    lift_sums(p);
    split_composition(p);
    return commit_tree(p, prover_composition(p));
}

/* The commitments of trace, interaction and composition (facts A6, steps 5 to 11). */
#include "stark/prover_private.h"

static sage_status commit_tree(prover *p, uint32_t t)
{
    return prover_commit(p, &p->tree[t].nodes, &p->tree[t].open);
}

static const char *name_of(const prover *p, uint32_t i)
{
    return p->layout->inst[i].air->name;
}

/* The kernels' view of instance i, without the columns that depend on the step. */
static sage_air_rows rows_of(const prover *p, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    return (sage_air_rows){.log_rows = in->log_rows,
                           .log_eval = in->log_rows + 1,
                           .size     = in->size,
                           .n_active = 1u << in->log_rows,
                           .inputs   = (const uint32_t *const *)p->input[i],
                           .trace    = p->tree[TREE_TRACE].col + prover_trace_at(p, i),
                           .inter  = p->logup ? p->tree[TREE_INTER].col + prover_inter_at(p, i)
                                              : NULL,
                           .params = in->params,
                           .alpha  = p->alpha,
                           .z      = p->z};
}

/* The instance's own kernel, from the host's input columns. */
static sage_status run_kernel(prover *p, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    uint32_t n              = sage_air_at(in->air->inputs, in->size);
    sage_air_rows r         = rows_of(p, i);

    for (uint32_t k = 0; k < n; k++)
        p->be->upload(p->dev, p->input[i][k], p->in->inputs[i][k], (size_t)1 << in->log_rows);
    return p->be->witness(p->dev, in->air, &r, p->err);
}

static sage_status run_kernels(prover *p)
{
    for (uint32_t i = 0; i < p->layout->n; i++) {
        prover_mark(p, "component", name_of(p, i), 1);
        sage_status s = run_kernel(p, i);
        prover_mark(p, "component", name_of(p, i), 0);
        if (s) return s;
    }
    return SAGE_OK;
}

static sage_status write_witness(prover *p)
{
    if (!p->in->witness) return run_kernels(p);
    sage_air_rows *rows = prover_host(p, p->layout->n, sizeof *rows);
    if (!rows) return SAGE_ENOMEM;
    for (uint32_t i = 0; i < p->layout->n; i++)
        rows[i] = rows_of(p, i);
    sage_witness_site site = {.be        = p->be,
                              .dev       = p->dev,
                              .layout    = p->layout,
                              .rows      = rows,
                              .inputs    = (uint32_t *const *const *)p->input,
                              .scratch   = p->witness_scratch,
                              .stage     = p->in->stage,
                              .stage_arg = p->in->stage_arg};
    return p->in->witness(p->in->witness_arg, &site, p->err);
}

/* LogUp reads the trace domain, which the extension overwrites, after the root is known. */
static void keep_copies(prover *p, uint32_t i)
{
    const sage_instance *in = &p->layout->inst[i];
    uint32_t *const *col    = p->tree[TREE_TRACE].col + prover_trace_at(p, i);
    for (uint32_t k = 0; k < sage_instance_trace(in); k++)
        if (p->kept[i][k])
            p->be->copy(p->dev, p->kept[i][k], col[k], (size_t)1 << in->log_rows);
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

static sage_status extend_trace(prover *p)
{
    for (uint32_t i = 0; i < p->layout->n; i++) {
        keep_copies(p, i);
        extend(p, p->tree[TREE_TRACE].col + prover_trace_at(p, i),
               sage_instance_trace(&p->layout->inst[i]), p->layout->inst[i].log_rows,
               "extend trace", 0.05 + 0.30 * i / p->layout->n,
               0.05 + 0.30 * (i + 1) / p->layout->n);
    }
    return SAGE_OK;
}

sage_status prover_commit_trace(prover *p)
{
    sage_status s = prover_staged(p, "witness", write_witness);
    if (!s) s = prover_staged(p, "extend", extend_trace);
    prover_progress(p, "commit trace", 0.35);
    return s ? s : commit_tree(p, TREE_TRACE);
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
    uint32_t bits = p->in->skip_interaction_pow ? 0 : p->in->interaction_pow;
    sage_channel_pow_prefix(&p->ch, bits, prefix);
    sage_status s =
        p->be->grind(p->dev, p->ch.kind, prefix, bits, &p->interaction_nonce, p->err);
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
    if (qm31_is_zero(sum) || p->in->emit_false) return SAGE_OK;
    return sage_fail(p->err, SAGE_EPROOF, "prove.logup", -1,
                     "the witness's lookups do not balance with the statement");
}

static sage_status run_all_logup(prover *p)
{
    for (uint32_t i = 0; i < p->layout->n; i++) {
        prover_mark(p, "component", name_of(p, i), 1);
        sage_status s = run_logup(p, i);
        prover_mark(p, "component", name_of(p, i), 0);
        if (s) return s;
    }
    return SAGE_OK;
}

static sage_status extend_interaction(prover *p)
{
    for (uint32_t i = 0; i < p->layout->n; i++)
        extend(p, p->tree[TREE_INTER].col + prover_inter_at(p, i),
               4 * sage_instance_pairs(&p->layout->inst[i]), p->layout->inst[i].log_rows,
               "extend interaction", 0.48 + 0.07 * i / p->layout->n,
               0.48 + 0.07 * (i + 1) / p->layout->n);
    return SAGE_OK;
}

sage_status prover_commit_interaction(prover *p)
{
    qm31 drawn[2];
    if (!p->logup) return SAGE_OK;
    sage_status s = prover_staged(p, "proof of work", interaction_work);
    if (s) return s;
    sage_channel_draw_felts(&p->ch, drawn, 2);
    p->z = drawn[0];
    alpha_powers(p, drawn[1]);
    prover_progress(p, "logup", 0.45);
    if ((s = prover_staged(p, "logup", run_all_logup))) return s;
    if ((s = check_balance(p))) return s;
    sage_channel_mix_felts(&p->ch, p->claimed, p->layout->n);
    if ((s = prover_staged(p, "extend", extend_interaction))) return s;
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

static sage_status sum_constraints(prover *p)
{
    qm31 *coef = weights(p, sage_layout_constraints(p->layout));
    if (!coef) return SAGE_ENOMEM;
    for (uint32_t log = 0; log <= p->shape.log_rows; log++)
        for (uint32_t c = 0; c < 4 && p->acc[log][0]; c++)
            p->be->zero(p->dev, p->acc[log][c], (size_t)2 << log);
    for (uint32_t i = 0; i < p->layout->n; i++) {
        prover_mark(p, "component", name_of(p, i), 1);
        sage_status s = add_constraints(p, i, coef);
        prover_mark(p, "component", name_of(p, i), 0);
        if (s) return s;
        coef += sage_instance_constraints(&p->layout->inst[i]);
        prover_progress(p, "constraints", 0.58 + 0.10 * (i + 1) / p->layout->n);
    }
    return SAGE_OK;
}

static sage_status combine_sums(prover *p)
{
    lift_sums(p);
    split_composition(p);
    return SAGE_OK;
}

sage_status prover_commit_composition(prover *p)
{
    p->rho        = sage_channel_draw_felt(&p->ch);
    sage_status s = prover_staged(p, "constraints", sum_constraints);
    prover_progress(p, "composition", 0.68);
    if (!s) s = prover_staged(p, "extend", combine_sums);
    return s ? s : commit_tree(p, prover_composition(p));
}

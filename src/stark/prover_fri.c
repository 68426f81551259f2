/* FRI over the backend (facts A12): the commit phase, the last layer, the openings. */
#include <stdlib.h>
#include <string.h>

#include "stark/prover_private.h"

static void fold_once(prover *p,
                      bool circle,
                      uint32_t *const src[4],
                      uint32_t log,
                      qm31 alpha,
                      uint32_t *const dst[4])
{
    const uint32_t *const *from = (const uint32_t *const *)src;
    if (circle)
        p->be->fold_circle(p->dev, p->tw, from, log, alpha, dst);
    else
        p->be->fold_line(p->dev, p->tw, from, log, alpha, dst);
}

/* Folds layer i `step` times with alpha, alpha^2, alpha^4 ... into the next one's values. */
static void fold_layer(prover *p, uint32_t i, qm31 alpha, uint32_t *const dst[4])
{
    uint32_t *const *src = p->layer[i].value;
    for (uint32_t k = 0; k < p->fri.step[i]; k++, alpha = qm31_sqr(alpha)) {
        uint32_t *const *to = k + 1 == p->fri.step[i] ? dst : p->fold[k & 1];
        fold_once(p, i == 0 && k == 0, src, p->fri.log[i] - k, alpha, to);
        src = to;
    }
}

sage_status prover_fri_commit(prover *p)
{
    for (uint32_t i = 0; i < p->fri.n_layers; i++) {
        sage_status s = prover_commit(p, &p->layer[i].nodes, &p->layer[i].open);
        if (s) return s;
        qm31 alpha = sage_channel_draw_felt(&p->ch);
        fold_layer(p, i, alpha, i + 1 < p->fri.n_layers ? p->layer[i + 1].value : p->last);
    }
    return SAGE_OK;
}

/* Inverse of the line FFT on values in natural order over half_odds(log): each level splits
 * f(x) = f0(pi(x)) + x f1(pi(x)); coefficients come out bit-reversed, scaled by 2^log. */
static void line_interpolate(qm31 *v, uint32_t log)
{
    for (uint32_t m = log; m > 0; m--)
        for (uint32_t at = 0; at < 1u << log; at += 1u << m)
            for (uint32_t j = 0; j < 1u << (m - 1); j++) {
                qm31 *a = &v[at + j], *b = &v[at + j + (1u << (m - 1))], x = *a;
                *a = qm31_add(x, *b);
                *b = qm31_scale(qm31_sub(x, *b), m31_inv(line_at(m, j)));
            }
}

static sage_status last_values(prover *p, qm31 *v)
{
    uint32_t n = 1u << p->fri.log_last;
    for (uint32_t c = 0; c < 4; c++) {
        uint32_t *host = malloc(n * sizeof *host);
        if (!host)
            return sage_fail(p->err, SAGE_ENOMEM, "prove.memory.host", -1,
                             "no host memory for the last FRI layer");
        sage_status s = p->be->download(p->dev, host, p->last[c], n, p->err);
        for (uint32_t i = 0; i < n; i++)
            v[bit_reverse(i, p->fri.log_last)].v[c] = host[i];
        free(host);
        if (s) return s;
    }
    return SAGE_OK;
}

/* The last layer's polynomial: 2^log_last_layer coefficients, bit-reversed; the others must
 * vanish, or the quotient was not of low degree. */
sage_status prover_last_layer(prover *p, qm31 *coeff)
{
    uint32_t log = p->fri.log_last, keep = p->config->log_last_layer;
    qm31 *v = prover_host(p, (size_t)1 << log, sizeof *v);
    if (!v) return SAGE_ENOMEM;
    sage_status s = last_values(p, v);
    if (s) return s;
    line_interpolate(v, log);
    for (uint32_t i = 0; i < 1u << log; i++) {
        qm31 c = qm31_scale(v[bit_reverse(i, log)], m31_inv_pow2(log));
        if (i < 1u << keep)
            coeff[bit_reverse(i, keep)] = c;
        else if (!qm31_is_zero(c))
            return sage_fail(p->err, SAGE_EINTERNAL, "prove.fri.degree", i,
                             "the last FRI layer is not of low degree");
    }
    return SAGE_OK;
}

/* Opens one layer at `query` (ascending, unique, positions in this layer): the values of each
 * fold subset that are not themselves queried, then the Merkle witness of the subsets. */
static sage_status
open_layer(prover *p, uint32_t i, const uint32_t *query, uint32_t n, sage_sink *out)
{
    const prover_layer *l = &p->layer[i];
    uint32_t step = p->fri.step[i], pack = p->fri.pack[i], group = 1u << step;
    size_t capacity = (size_t)n << step;
    uint32_t *leaf  = malloc(3 * capacity * sizeof *leaf + 1),
             *want  = leaf ? leaf + capacity : NULL;
    uint32_t n_leaf = 0, n_want = 0;
    sage_status s = SAGE_OK;
    if (!leaf)
        return sage_fail(p->err, SAGE_ENOMEM, "prove.memory.host", -1,
                         "no host memory for a FRI opening");
    for (uint32_t k = 0, next; k < n; k = next) {
        uint32_t base = query[k] >> step << step;
        for (next = k; next < n && query[next] >> step << step == base;)
            next++;
        for (uint32_t j = 0, q = k; j < group; j++) {
            uint32_t at = base + j;
            if (!n_leaf || leaf[n_leaf - 1] != at >> pack) leaf[n_leaf++] = at >> pack;
            if (q < next && query[q] == at)
                q++;
            else
                want[n_want++] = at;
        }
    }
    sage_sink_put(out, l->open.root, 32);
    sage_sink_u32(out, n_want);
    for (uint32_t k = 0; !s && k < n_want; k++) {
        uint32_t row[4 << 2], leaf_at = want[k] >> pack;
        s = l->open.leaves(l->open.arg, &leaf_at, 1, row, p->err);
        for (uint32_t c = 0; c < 4; c++)
            sage_sink_u32(out, row[4 * (want[k] & ((1u << pack) - 1)) + c]);
    }
    if (!s) s = prover_put_witness(p, &l->open, leaf, n_leaf, out);
    free(leaf);
    return s;
}

sage_status prover_fri_open(prover *p, sage_sink *out)
{
    uint32_t query[SAGE_MAX_QUERIES], n = p->n_queries;
    memcpy(query, p->queries, n * sizeof *query);
    sage_sink_u32(out, p->fri.n_layers);
    for (uint32_t i = 0; i < p->fri.n_layers; i++) {
        sage_status s = open_layer(p, i, query, n, out);
        if (s) return s;
        n = sage_fold_queries(query, n, p->fri.step[i], query);
    }
    return SAGE_OK;
}

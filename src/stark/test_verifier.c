/* stark/test_verifier.c -- the verifier against a prover written from the definitions.
 *
 * The prover below is quadratic and shares nothing with the real one: polynomials are
 * evaluated term by term, quotients summed sample by sample, trees hashed whole. It covers
 * what no statement of ours has: any fold step, last layer, blowup, and preprocessed trees of
 * every height. Each proof must be accepted, and refused after any change. */
#include "base/test.h"

#include "hash/values.h"
#include "stark/verifier.h"

enum { MAX_LOG = 8, MAX_N = 1 << MAX_LOG, MAX_COLS = 24, DIGEST = 32 };

/* Of all trees and transcripts: each test of kind_of(state) sets it. */
static sage_hash_kind hash;

static uint64_t seed;
static m31 random_m31(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (m31)((seed >> 33) % M31_P);
}

/* One case: sizes are log sizes of trace columns; -1 ends a list. */
typedef struct recipe {
    sage_config config;
    uint32_t n_trees;
    int8_t pre[4];   /* preprocessed, sampled once each unless larger than the trace */
    int8_t trace[6]; /* sampled once */
    int8_t twice[4]; /* interaction (or more trace) columns, sampled twice */
    int8_t log_rows;
} recipe;

static const recipe recipes[] = {
    {{3, 1, 3, 0, 1}, 3, {-1}, {5, 5, -1}, {-1}, 5},
    {{3, 1, 3, 0, 1}, 4, {4, -1}, {5, 4, 5, -1}, {5, -1}, 5},
    {{3, 1, 3, 0, 1}, 4, {2, 3, -1}, {5, 2, -1}, {5, 3, 2, -1}, 5},
    {{3, 1, 4, 0, 2}, 4, {5, 7, -1}, {3, 5, -1}, {5, 5, -1}, 5},
    {{3, 1, 3, 0, 3}, 3, {4, -1}, {6, 6, 4, -1}, {6, 2, -1}, 6},
    {{0, 1, 5, 1, 1}, 4, {5, -1}, {5, -1}, {4, 5, -1}, 5},
    {{2, 1, 3, 2, 2}, 4, {6, -1}, {6, -1}, {6, -1}, 6},
    {{2, 2, 3, 1, 3}, 3, {-1}, {5, -1}, {5, -1}, 5},
    {{2, 3, 2, 0, 4}, 4, {3, -1}, {4, -1}, {4, -1}, 4},
    {{1, 1, 9, 0, 6}, 4, {3, -1}, {6, 5, -1}, {6, 1, -1}, 6},
    {{1, 1, 3, 0, 5}, 3, {1, -1}, {2, 1, -1}, {-1}, 2},
    {{1, 1, 2, 0, 1}, 3, {-1}, {1, -1}, {-1}, 1},
    {{1, 4, 40, 0, 3}, 4, {2, -1}, {4, -1}, {4, -1}, 4},
};
enum { RECIPES = sizeof recipes / sizeof *recipes };

typedef struct column {
    m31 coeff[MAX_N], value[2 * MAX_N]; /* values on the extended domain, bit-reversed */
} column;

/* What a dishonest prover may do before it goes on by the book. */
typedef enum lie {
    HONEST = 0,
    WRONG_SAMPLE,   /* a sampled value that is not the column's */
    WRONG_PREVIOUS, /* the same, at the point one row back */
    WRONG_VALUES,   /* a committed column that is no polynomial of the degree */
    WRONG_PERIOD,   /* a small column lifted with another period */
    LIES
} lie;

/* Everything about one proof in the making. */
typedef struct maker {
    lie lie;
    sage_pcs_shape shape;
    uint8_t log[SAGE_MAX_TREES][MAX_COLS], samples[SAGE_MAX_TREES][MAX_COLS];
    uint32_t order[SAGE_MAX_TREES][MAX_COLS];
    column col[SAGE_MAX_TREES][MAX_COLS];
    qm31 sampled[SAGE_MAX_TREES * MAX_COLS * 2];
    uint8_t root[SAGE_MAX_TREES][DIGEST];
    sage_channel begin; /* the transcript when z is drawn */
    sage_channel work;  /* and before the proof of work */
    size_t nonce_at;
    secure_point z;
    uint32_t queries[SAGE_MAX_QUERIES], n_queries;
    sage_sink head, openings, fri; /* parts of the file */
} maker;

/* node[level][i] of a tree; level 0 are the leaves. */
typedef struct tree {
    uint32_t log;
    uint8_t node[MAX_LOG + 3][4 * MAX_N][DIGEST];
} tree;
static tree scratch_tree;

static void tree_close(tree *t, uint32_t log)
{
    t->log = log;
    for (uint32_t h = 1; h <= log; h++)
        for (uint32_t i = 0; i < 1u << (log - h); i++)
            sage_tree_hash_of(hash)->node(t->node[h - 1][2 * i], t->node[h][i]);
}

/* Hash witness of the leaves marked in known, which is clobbered. */
static void put_witness(sage_sink *s, const tree *t, bool *known)
{
    sage_sink out = {0};
    uint32_t n    = 0;
    for (uint32_t h = 0; h < t->log; h++) {
        for (uint32_t i = 0; i < 1u << (t->log - h); i++)
            if (known[i] && !known[i ^ 1]) sage_sink_put(&out, t->node[h][i ^ 1], DIGEST), n++;
        for (uint32_t i = 0; i < 1u << (t->log - h - 1); i++)
            known[i] = known[2 * i] || known[2 * i + 1];
    }
    sage_sink_u32(s, n);
    sage_sink_put(s, out.bytes, out.len);
    free(out.bytes);
}

/* Coefficient index bits b0, b1, b2, ... multiply y, x, pi(x), ... (facts A3). */
static qm31 evaluate(const m31 *coeff, uint32_t log, secure_point p)
{
    qm31 sum = qm31_zero();
    for (uint32_t i = 0; i < 1u << log; i++) {
        qm31 term = qm31_from(coeff[i]), x = p.x;
        if (i & 1) term = qm31_mul(term, p.y);
        for (uint32_t b = 1; b < log; b++, x = secure_double_x(x))
            if (i >> b & 1) term = qm31_mul(term, x);
        sum = qm31_add(sum, term);
    }
    return sum;
}

static qm31 sample(const maker *m, uint32_t t, uint32_t c, secure_point p)
{
    for (uint32_t k = m->log[t][c]; k < m->shape.log_rows; k++)
        p = secure_double(p);
    return evaluate(m->col[t][c].coeff, m->log[t][c], p);
}

static void add_column(maker *m, uint32_t t, int log, uint8_t samples)
{
    uint32_t c       = m->shape.tree[t].n_cols++;
    column *col      = &m->col[t][c];
    m->log[t][c]     = (uint8_t)log;
    m->samples[t][c] = samples;
    for (uint32_t i = 0; i < 1u << log; i++)
        col->coeff[i] = random_m31();
    uint32_t ext = (uint32_t)log + m->shape.config.log_blowup;
    for (uint32_t i = 0; i < 1u << ext; i++) {
        secure_point p = secure_from_base(canonic_at(ext, i));
        col->value[i]  = evaluate(col->coeff, (uint32_t)log, p).v[0];
    }
}

static void make_columns(maker *m, const recipe *r)
{
    m->shape.config  = r->config;
    m->shape.hash    = hash;
    m->shape.n_trees = r->n_trees;
    for (int i = 0; r->pre[i] >= 0; i++)
        add_column(m, 0, r->pre[i], r->pre[i] <= r->log_rows);
    for (int i = 0; r->trace[i] >= 0; i++)
        add_column(m, 1, r->trace[i], 1);
    for (int i = 0; r->twice[i] >= 0; i++)
        add_column(m, r->n_trees == 4 ? 2 : 1, r->twice[i], 2);
    for (int i = 0; i < SAGE_COMPOSITION_COLUMNS; i++)
        add_column(m, r->n_trees - 1, r->log_rows, 1);
    for (uint32_t t = 0; t < r->n_trees; t++) {
        sage_tree_shape *s = &m->shape.tree[t];
        s->log             = m->log[t];
        s->samples         = m->samples[t];
        s->order           = m->order[t];
        sage_leaf_order(m->log[t], s->n_cols, m->order[t]);
    }
    assert_int_equal(sage_pcs_shape_make(&m->shape, NULL), SAGE_OK);
    assert_int_equal(m->shape.log_rows, r->log_rows);
}

/* Word i of leaf q of tree t (facts A4). */
static m31 leaf_word(const maker *m, uint32_t t, uint32_t q, uint32_t i)
{
    const sage_tree_shape *s = &m->shape.tree[t];
    uint32_t c = s->order[i], ext = s->log[c] + m->shape.config.log_blowup;
    return m->col[t][c].value[lift_position(q, s->log_height, ext)];
}

static void hash_tree(const maker *m, uint32_t t, tree *out)
{
    const sage_tree_shape *s = &m->shape.tree[t];
    for (uint32_t q = 0; q < 1u << s->log_height; q++) {
        uint32_t row[MAX_COLS];
        for (uint32_t i = 0; i < s->n_cols; i++)
            row[i] = leaf_word(m, t, q, i);
        sage_values_hash h;
        sage_values_init(&h, hash);
        sage_values_add(&h, row, s->n_cols);
        sage_values_final(&h, out->node[0][q]);
    }
    tree_close(out, s->log_height);
}

static void put_qm31s(sage_sink *s, const qm31 *v, uint32_t n)
{
    sage_sink_u32(s, n);
    for (uint32_t i = 0; i < 4 * n; i++)
        sage_sink_u32(s, v[i / 4].v[i % 4]);
}

static void spoil_columns(maker *mk)
{
    column *c    = &mk->col[1][0];
    uint32_t ext = mk->log[1][0] + mk->shape.config.log_blowup;
    if (mk->lie == WRONG_VALUES)
        for (uint32_t i = 0; i < 1u << ext; i++)
            c->value[i] = random_m31();
    if (mk->lie == WRONG_PERIOD) /* values of 2^(ext-1) points, twice */
        for (uint32_t i = 1u << ext; i-- > 0;)
            c->value[i] = c->value[i >> 1];
}

static void spoil_samples(maker *mk)
{
    uint32_t v = 0;
    for (uint32_t t = 0; t < mk->shape.n_trees; t++)
        for (uint32_t k = 0; k < mk->shape.tree[t].n_cols; v += mk->samples[t][k], k++) {
            bool hit = mk->lie == WRONG_SAMPLE
                           ? mk->samples[t][k] == 1
                           : mk->lie == WRONG_PREVIOUS && mk->samples[t][k] == 2;
            if (!hit) continue;
            mk->sampled[v].v[1] = m31_add(mk->sampled[v].v[1], 1);
            return;
        }
}

/* Commitments, the out-of-domain point, the samples. */
static void make_head(maker *m)
{
    spoil_columns(m);
    const sage_config *c = &m->shape.config;
    sage_sink *s         = &m->head;
    uint32_t n           = 0;
    sage_channel_init(&m->begin, hash);
    for (uint32_t t = 0; t < m->shape.n_trees; t++) {
        hash_tree(m, t, &scratch_tree);
        memcpy(m->root[t], scratch_tree.node[scratch_tree.log][0], DIGEST);
        sage_channel_mix_root(&m->begin, m->root[t]);
    }
    m->z              = sage_channel_draw_point(&m->begin);
    circle_point back = circle_neg(canonic_step(m->shape.log_rows));
    secure_point prev = secure_add(m->z, secure_from_base(back));
    for (uint32_t t = 0; t < m->shape.n_trees; t++)
        for (uint32_t k = 0; k < m->shape.tree[t].n_cols; k++) {
            if (m->samples[t][k] == 2) m->sampled[n++] = sample(m, t, k, prev);
            if (m->samples[t][k]) m->sampled[n++] = sample(m, t, k, m->z);
        }
    assert_int_equal(n, m->shape.n_samples);
    spoil_samples(m);

    const uint32_t config[5] = {c->pow_bits, c->log_blowup, c->n_queries, c->log_last_layer,
                                c->fold_step};
    for (int i = 0; i < 5; i++)
        sage_sink_u32(s, config[i]);
    sage_sink_u32(s, m->shape.n_trees);
    if (m->shape.n_trees == 4) sage_sink_u64(s, 0), sage_sink_u32(s, 0);
    for (uint32_t t = 0; t < m->shape.n_trees; t++)
        sage_sink_put(s, m->root[t], DIGEST);
    put_qm31s(s, m->sampled, n);
}

/* One sample's term of the DEEP quotient at a domain point, by the formulas of facts A11. */
static qm31 quotient(secure_point p, qm31 v, m31 f, circle_point at)
{
    qm31 c = qm31_sub(qm31_conj(p.y), p.y), a = qm31_sub(qm31_conj(v), v);
    qm31 b   = qm31_sub(qm31_mul(v, qm31_conj(p.y)), qm31_mul(qm31_conj(v), p.y));
    qm31 num = qm31_sub(qm31_sub(qm31_scale(c, f), qm31_scale(a, at.y)), b);
    cm31 x   = cm31_sub(qm31_lo(p.x), cm31_of(at.x, 0));
    cm31 y   = cm31_sub(qm31_lo(p.y), cm31_of(at.y, 0));
    cm31 den = cm31_sub(cm31_mul(x, qm31_hi(p.y)), cm31_mul(y, qm31_hi(p.x)));
    return qm31_mul_cm31(num, cm31_inv(den));
}

static void make_quotients(const maker *m, qm31 gamma, qm31 *out)
{
    uint32_t ext      = m->shape.log_ext;
    circle_point back = circle_neg(canonic_step(m->shape.log_rows));
    secure_point prev = secure_add(m->z, secure_from_base(back));
    for (uint32_t q = 0; q < 1u << ext; q++) {
        circle_point at = canonic_at(ext, q);
        qm31 power      = qm31_one();
        uint32_t v      = 0;
        out[q]          = qm31_zero();
        for (uint32_t t = 0; t < m->shape.n_trees; t++)
            for (uint32_t k = 0; k < m->shape.tree[t].n_cols; k++) {
                uint32_t n = m->samples[t][k], e = m->log[t][k] + m->shape.config.log_blowup;
                if (n == 0) continue;
                m31 f             = m->col[t][k].value[lift_position(q, ext, e)];
                circle_point d    = circle_at_index(circle_subgroup_index(ext) << e);
                secure_point p[3] = {secure_add(m->z, secure_from_base(d)), prev, m->z};
                qm31 value[3] = {m->sampled[v + n - 1], m->sampled[v], m->sampled[v + n - 1]};
                for (uint32_t i = n == 2 ? 0 : 2; i < 3; i++) {
                    qm31 term = quotient(p[i], value[i], f, at);
                    out[q]    = qm31_add(out[q], qm31_mul(power, term));
                    power     = qm31_mul(power, gamma);
                }
                v += n;
            }
    }
}

/* (f(P) + f(-P)) + alpha (f(P) - f(-P)) / t for all pairs: y on the circle, x on a line. */
static void fold(qm31 *v, uint32_t log, bool circle, qm31 alpha)
{
    for (uint32_t j = 0; j < 1u << (log - 1); j++) {
        m31 t  = circle ? canonic_at(log, 2 * j).y : line_at(log, bit_reverse(2 * j, log));
        qm31 a = v[2 * j], b = v[2 * j + 1];
        qm31 odd = qm31_mul(alpha, qm31_scale(qm31_sub(a, b), m31_inv(t)));
        v[j]     = qm31_add(qm31_add(a, b), odd);
    }
}

/* Coefficients in x, pi(x), ... of values on half_odds(log), natural index order: each split
 * f(x) = f0(pi(x)) + x f1(pi(x)) gives index bit b0, then b1, ... */
static void interpolate_line(const qm31 *v, uint32_t log, qm31 *out, uint32_t stride)
{
    if (log == 0) {
        out[0] = v[0];
        return;
    }
    qm31 even[MAX_N], odd[MAX_N];
    for (uint32_t j = 0; j < 1u << (log - 1); j++) {
        m31 half = m31_inv(2), x = line_at(log, bit_reverse(2 * j, log));
        even[j] = qm31_scale(qm31_add(v[2 * j], v[2 * j + 1]), half);
        odd[j]  = qm31_scale(qm31_sub(v[2 * j], v[2 * j + 1]), m31_mul(half, m31_inv(x)));
    }
    interpolate_line(even, log - 1, out, 2 * stride);
    interpolate_line(odd, log - 1, out + stride, 2 * stride);
}

typedef struct layers {
    qm31 value[SAGE_MAX_FRI_LAYERS][2 * MAX_N];
    qm31 alpha[SAGE_MAX_FRI_LAYERS];
    uint8_t root[SAGE_MAX_FRI_LAYERS][DIGEST];
    qm31 last[MAX_N];
} layers;
static layers fri;

static void hash_layer(const sage_fri_plan *plan, uint32_t i, tree *t)
{
    uint32_t per = 1u << plan->pack[i];
    for (uint32_t leaf = 0; leaf << plan->pack[i] < 1u << plan->log[i]; leaf++) {
        sage_values_hash h;
        sage_values_init(&h, hash);
        for (uint32_t k = 0; k < per; k++)
            sage_values_add(&h, fri.value[i][leaf * per + k].v, 4);
        sage_values_final(&h, t->node[0][leaf]);
    }
    tree_close(t, (uint32_t)(plan->log[i] - plan->pack[i]));
}

/* Commits and folds. An honest last layer has the degree it should; of another the
 * coefficients that the proof has room for are sent. */
static void
make_layers(const sage_fri_plan *plan, const sage_config *c, bool honest, sage_channel *ch)
{
    for (uint32_t i = 0; i < plan->n_layers; i++) {
        hash_layer(plan, i, &scratch_tree);
        memcpy(fri.root[i], scratch_tree.node[scratch_tree.log][0], DIGEST);
        sage_channel_mix_root(ch, fri.root[i]);
        qm31 alpha = fri.alpha[i] = sage_channel_draw_felt(ch);
        memcpy(fri.value[i + 1], fri.value[i], sizeof fri.value[i]);
        for (uint32_t k = 0; k < plan->step[i]; k++, alpha = qm31_sqr(alpha))
            fold(fri.value[i + 1], plan->log[i] - k, i == 0 && k == 0, alpha);
    }
    qm31 natural[MAX_N];
    interpolate_line(fri.value[plan->n_layers], plan->log_last, natural, 1);
    for (uint32_t i = 0; i < 1u << plan->log_last; i++) {
        bool low = i < 1u << c->log_last_layer;
        if (low)
            fri.last[bit_reverse(i, c->log_last_layer)] = natural[i];
        else
            assert_true(!honest || qm31_is_zero(natural[i]));
    }
    sage_channel_mix_felts(ch, fri.last, (size_t)1 << c->log_last_layer);
}

static void open_trees(maker *m)
{
    for (uint32_t t = 0; t < m->shape.n_trees; t++) {
        const sage_tree_shape *s = &m->shape.tree[t];
        bool known[4 * MAX_N]    = {false};
        sage_sink rows           = {0};
        for (uint32_t q = 0; s->n_cols && q < m->n_queries; q++) {
            uint32_t pos = sage_query_in_tree(m->queries[q], m->shape.log_ext, s->log_height);
            known[pos]   = true;
            for (uint32_t i = 0; i < s->n_cols; i++)
                sage_sink_u32(&rows, leaf_word(m, t, pos, i));
        }
        hash_tree(m, t, &scratch_tree);
        put_witness(&m->openings, &scratch_tree, known);
        sage_sink_u32(&m->openings, s->n_cols * m->n_queries);
        sage_sink_put(&m->openings, rows.bytes, rows.len);
        free(rows.bytes);
    }
}

static void open_layers(maker *m, const sage_fri_plan *plan)
{
    bool queried[4 * MAX_N] = {false};
    for (uint32_t q = 0; q < m->n_queries; q++)
        queried[m->queries[q]] = true;
    sage_sink_u32(&m->fri, plan->n_layers);
    for (uint32_t i = 0; i < plan->n_layers; i++) {
        bool next[4 * MAX_N] = {false}, leaf[4 * MAX_N] = {false};
        qm31 witness[4 * MAX_N];
        uint32_t n = 0;
        for (uint32_t p = 0; p < 1u << plan->log[i]; p++)
            if (queried[p]) next[p >> plan->step[i]] = true;
        for (uint32_t p = 0; p < 1u << plan->log[i]; p++) {
            if (!next[p >> plan->step[i]]) continue;
            leaf[p >> plan->pack[i]] = true;
            if (!queried[p]) witness[n++] = fri.value[i][p];
        }
        sage_sink_put(&m->fri, fri.root[i], DIGEST);
        put_qm31s(&m->fri, witness, n);
        hash_layer(plan, i, &scratch_tree);
        put_witness(&m->fri, &scratch_tree, leaf);
        memcpy(queried, next, sizeof queried);
    }
    put_qm31s(&m->fri, fri.last, 1u << m->shape.config.log_last_layer);
}

/* The whole proof; the caller frees *bytes. */
static void prove_with(maker *m, const recipe *r, lie what, uint8_t **bytes, size_t *len)
{
    memset(m, 0, sizeof *m);
    m->lie = what;
    make_columns(m, r);
    make_head(m);
    sage_fri_plan plan;
    sage_fri_plan_make(&plan, &r->config, m->shape.log_ext);
    sage_channel ch = m->begin;
    sage_channel_mix_felts(&ch, m->sampled, m->shape.n_samples);
    make_quotients(m, sage_channel_draw_felt(&ch), fri.value[0]);
    make_layers(&plan, &r->config, m->lie == HONEST, &ch);
    uint64_t nonce = 0;
    m->work        = ch;
    while (!sage_channel_pow_valid(&ch, r->config.pow_bits, nonce))
        nonce++;
    sage_channel_mix_u64(&ch, nonce);
    m->n_queries = sage_draw_queries(&ch, r->config.n_queries, m->shape.log_ext, m->queries);
    open_trees(m);
    open_layers(m, &plan);

    sage_sink_put(&m->head, m->openings.bytes, m->openings.len);
    m->nonce_at = m->head.len;
    sage_sink_u64(&m->head, nonce);
    sage_sink_put(&m->head, m->fri.bytes, m->fri.len);
    free(m->openings.bytes);
    free(m->fri.bytes);
    assert_false(m->head.failed);
    *bytes = m->head.bytes;
    *len   = m->head.len;
}

static void prove(maker *m, const recipe *r, uint8_t **bytes, size_t *len)
{
    prove_with(m, r, HONEST, bytes, len);
}

/* The verifier as a caller uses it: the statement's part of the transcript, then the rest. */
static sage_status
verify_view(const maker *m, const sage_proof *proof, const secure_point *z, sage_errinfo *err)
{
    sage_channel ch;
    sage_channel_init(&ch, hash);
    for (uint32_t t = 0; t < proof->n_trees; t++)
        sage_channel_mix_root(&ch, sage_view_digest(proof->roots, t));
    secure_point drawn = sage_channel_draw_point(&ch);
    void *scratch      = malloc(sage_pcs_verify_bytes(&m->shape));
    assert_non_null(scratch);
    sage_status st = sage_pcs_verify(&m->shape, proof, &ch, z ? *z : drawn, scratch, err);
    free(scratch);
    return st;
}

static sage_status verify_at(
    const maker *m, const uint8_t *bytes, size_t len, const secure_point *z, sage_errinfo *err)
{
    sage_proof proof;
    memset(err, 0, sizeof *err);
    sage_status st = sage_proof_parse(&proof, bytes, len, err);
    return st == SAGE_OK ? verify_view(m, &proof, z, err) : st;
}

static sage_status verify(const maker *m, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    return verify_at(m, bytes, len, NULL, err);
}

static maker m;

static int use_hash(void **state)
{
    hash = *(const sage_hash_kind *)*state;
    return 0;
}

/* Poseidon is tens of times slower: fewer repetitions of what the hash does not
 * change. */
static bool brief(void)
{
    return sage_test_quick() || hash == SAGE_HASH_POSEIDON252;
}

static void test_accepts(void **state)
{
    (void)state;
    for (int i = 0; i < RECIPES; i++)
        for (int round = 0; round < (brief() ? 1 : 4); round++) {
            uint8_t *bytes;
            size_t len;
            sage_errinfo err;
            seed = (uint64_t)(i * 100 + round);
            prove(&m, &recipes[i], &bytes, &len);
            if (verify(&m, bytes, len, &err) != SAGE_OK)
                fail_msg("recipe %d: %s %s", i, err.where, err.msg);
            free(bytes);
        }
}

/* The interaction nonce is the caller's to check. */
static bool is_callers(const maker *mk, size_t at)
{
    return mk->shape.n_trees == 4 && at >= 24 && at < 32;
}

/* Another nonce that has the work and draws the same queries makes another good proof. On
 * domains of a few points that happens. */
static bool is_as_good(const maker *mk, const uint8_t *bytes)
{
    uint32_t q[SAGE_MAX_QUERIES];
    uint64_t nonce = (uint64_t)sage_load_le32(bytes + mk->nonce_at + 4) << 32 |
                     sage_load_le32(bytes + mk->nonce_at);
    sage_channel ch = mk->work;
    if (!sage_channel_pow_valid(&ch, mk->shape.config.pow_bits, nonce)) return false;
    sage_channel_mix_u64(&ch, nonce);
    uint32_t n = sage_draw_queries(&ch, mk->shape.config.n_queries, mk->shape.log_ext, q);
    return n == mk->n_queries && !memcmp(q, mk->queries, n * sizeof *q);
}

static void test_every_word(void **state)
{
    (void)state;
    const size_t stride = hash == SAGE_HASH_POSEIDON252 ? 4 * 37
                          : sage_test_quick()           ? 4 * 5
                                                        : 4;
    uint32_t refused = 0, by_format = 0, as_good = 0;
    for (int i = 0; i < RECIPES; i++) {
        uint8_t *bytes;
        size_t len;
        seed = (uint64_t)i;
        prove(&m, &recipes[i], &bytes, &len);
        for (size_t at = 0; at < len; at += stride) {
            uint32_t v          = sage_load_le32(bytes + at);
            const uint32_t to[] = {v ^ 1, 0, M31_P - 1, v ^ 1u << 29, 1u << 27, UINT32_MAX};
            for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
                if (to[k] == v || is_callers(&m, at)) continue;
                sage_errinfo err;
                sage_store_le32(bytes + at, to[k]);
                sage_status st = verify(&m, bytes, len, &err);
                bool nonce     = at >= m.nonce_at && at < m.nonce_at + 8;
                if (nonce && is_as_good(&m, bytes)) {
                    assert_int_equal(st, SAGE_OK);
                    as_good++;
                    continue;
                }
                if (st != SAGE_EPROOF && st != SAGE_EFORMAT)
                    fail_msg("recipe %d: %u for %u at byte %zu gives %d", i, to[k], v, at, st);
                assert_memory_equal(err.where, "proof.", 6);
                refused++;
                by_format += st == SAGE_EFORMAT;
            }
            sage_store_le32(bytes + at, v);
        }
        free(bytes);
    }
    print_message("%u changes refused, %u of them by the format; %u other good nonces\n",
                  refused, by_format, as_good);
}

/* A sample point that equals its conjugate has no quotient; neither has one on the domain. */
static void test_points(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t len;
    sage_errinfo err;
    seed = 7;
    prove(&m, &recipes[1], &bytes, &len);
    const uint32_t ext       = m.shape.log_ext;
    const secure_point bad[] = {secure_from_base(canonic_at(ext, 5)),
                                secure_from_base(canonic_at(ext, 0)),
                                secure_from_base(circle_at_index(12345)),
                                {qm31_one(), qm31_zero()}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(verify_at(&m, bytes, len, &bad[i], &err), SAGE_EPROOF);
        assert_string_equal(err.where, "proof.sample.point");
    }
    free(bytes);
}

/* Every refusal has its name; one change for each. */
static void refuse(uint8_t *bytes, size_t len, size_t at, const char *where)
{
    sage_errinfo err;
    bytes[at] ^= 1;
    assert_int_equal(verify(&m, bytes, len, &err), SAGE_EPROOF);
    assert_string_equal(err.where, where);
    bytes[at] ^= 1;
}

static void test_names(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t len;
    sage_proof p;
    recipe r          = recipes[5];
    r.config.pow_bits = 12; /* so that another digest lacks the work */
    seed              = 11;
    prove(&m, &r, &bytes, &len);
    assert_int_equal(sage_proof_parse(&p, bytes, len, NULL), SAGE_OK);
    static const char *const names[] = {"proof.merkle.preprocessed", "proof.merkle.trace",
                                        "proof.merkle.interaction", "proof.merkle.composition"};
    refuse(bytes, len, 8, "proof.shape.config");
    refuse(bytes, len, (size_t)(p.sampled.p - bytes), "proof.pow.query");
    refuse(bytes, len, (size_t)(p.last_layer.p - bytes), "proof.pow.query");
    for (uint32_t t = 0; t < 4; t++) {
        refuse(bytes, len, (size_t)(p.queried[t].p - bytes), names[t]);
        if (p.hash_witness[t].n)
            refuse(bytes, len, (size_t)(p.hash_witness[t].p - bytes), names[t]);
    }
    for (uint32_t i = 0; i < p.n_layers; i++) {
        if (p.layer[i].witness.n)
            refuse(bytes, len, (size_t)(p.layer[i].witness.p - bytes), "proof.fri.layer");
        if (p.layer[i].hash_witness.n)
            refuse(bytes, len, (size_t)(p.layer[i].hash_witness.p - bytes), "proof.fri.layer");
    }
    free(bytes);
}

/* A digest of Poseidon252 is a felt, and only its canonical form is taken, wherever it stands;
 * of Blake2s every 32 bytes are a digest. */
static void refuse_digests(uint8_t *bytes, size_t len, sage_view v, long long *count)
{
    for (uint32_t i = 0; i < v.n; i++, (*count)++) {
        uint8_t *top = bytes + (v.p - bytes) + (size_t)DIGEST * i + DIGEST - 1, was = *top;
        sage_errinfo err = {0};
        *top             = 0xff;
        sage_status st   = verify(&m, bytes, len, &err);
        *top             = was;
        if (hash == SAGE_HASH_BLAKE2S) {
            assert_int_equal(st, SAGE_EPROOF);
            continue;
        }
        assert_int_equal(st, SAGE_EFORMAT);
        assert_string_equal(err.where, "proof.format.digest");
        assert_int_equal(err.at, *count);
    }
}

static void test_digests(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t len;
    sage_proof p;
    long long count   = 0;
    recipe r          = recipes[2];
    r.config.pow_bits = 12; /* so that another root lacks the work */
    seed              = 13;
    prove(&m, &r, &bytes, &len);
    assert_int_equal(sage_proof_parse(&p, bytes, len, NULL), SAGE_OK);
    refuse_digests(bytes, len, p.roots, &count);
    for (uint32_t t = 0; t < p.n_trees; t++)
        refuse_digests(bytes, len, p.hash_witness[t], &count);
    for (uint32_t i = 0; i < p.n_layers; i++) {
        refuse_digests(bytes, len, p.layer[i].root, &count);
        refuse_digests(bytes, len, p.layer[i].hash_witness, &count);
    }
    assert_true(count > 20);
    free(bytes);
}

static void refuse_view(const sage_proof *p, const char *where, long long at)
{
    sage_errinfo err = {0};
    assert_int_equal(verify_view(&m, p, NULL, &err), SAGE_EPROOF);
    assert_string_equal(err.where, where);
    assert_int_equal(err.at, at);
}

/* Counts that parse and are not the shape's, each by one. (The views stay inside the bytes.) */
static void test_counts(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t len;
    sage_proof good, p;
    seed = 5;
    prove(&m, &recipes[1], &bytes, &len);
    assert_int_equal(sage_proof_parse(&good, bytes, len, NULL), SAGE_OK);
    for (int by = -1; by <= 1; by += 2) {
        const uint32_t d = (uint32_t)by;
        p                = good;
        p.n_trees += d;
        if (by < 0) refuse_view(&p, "proof.shape.trees", -1);
        p = good;
        p.sampled.n += d;
        refuse_view(&p, "proof.shape.sampled", -1);
        p = good;
        p.n_layers += d;
        refuse_view(&p, "proof.shape.layers", -1);
        p = good;
        p.last_layer.n += d;
        refuse_view(&p, "proof.shape.last_layer", -1);
        for (uint32_t t = 0; t < 4; t++) {
            p = good;
            p.queried[t].n += d;
            refuse_view(&p, "proof.shape.queried", t);
        }
        p = good;
        p.hash_witness[1].n += d;
        refuse_view(&p, "proof.merkle.trace", 1);
        for (uint32_t i = 0; i < good.n_layers; i++) {
            p = good;
            p.layer[i].witness.n += d;
            refuse_view(&p, "proof.shape.fri_witness", i);
            p = good;
            p.layer[i].hash_witness.n += d;
            if (good.layer[i].hash_witness.n || by > 0) refuse_view(&p, "proof.fri.layer", i);
        }
    }
    free(bytes);
}

/* A prover that lies once and is consistent from there on is caught by the degree of what it
 * commits: the last layer disagrees with the folded queries. */
static void test_lies(void **state)
{
    (void)state;
    static const int with[] = {1, 3, 5, 6, 8, 9};
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        for (lie what = WRONG_SAMPLE; what < LIES; what++) {
            recipe r           = recipes[with[i]];
            r.config.n_queries = 20; /* so that no lie is missed by chance */
            uint8_t *bytes;
            size_t len;
            sage_errinfo err;
            seed = 1000 + i;
            prove_with(&m, &r, what, &bytes, &len);
            if (verify(&m, bytes, len, &err) != SAGE_EPROOF)
                fail_msg("recipe %d, lie %d: accepted", with[i], (int)what);
            assert_string_equal(err.where, "proof.fri.last");
            free(bytes);
        }
}

/* In a preprocessed tree lower than the queries' domain two queries can open one leaf: their
 * rows must agree. The recipe has one such pair at least, by its few leaves. */
static void test_rows_of_one_leaf(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t len;
    sage_proof p;
    seed = 3;
    prove(&m, &recipes[12], &bytes, &len);
    assert_int_equal(sage_proof_parse(&p, bytes, len, NULL), SAGE_OK);
    uint32_t n = sage_tree_queries(m.queries, m.n_queries, m.shape.log_ext,
                                   m.shape.tree[0].log_height, m.queries);
    assert_true(n < m.n_queries);
    for (uint32_t q = 0; q < m.n_queries; q++)
        refuse(bytes, len, (size_t)(p.queried[0].p - bytes) + 4 * q,
               "proof.merkle.preprocessed");
    free(bytes);
}

#define BY_KIND(test)                                                                          \
    {#test "(blake2s)", test, use_hash, NULL, &blake2s},                                       \
    {                                                                                          \
#        test "(poseidon252)", test, use_hash, NULL, &poseidon252                              \
    }

int main(void)
{
    static sage_hash_kind blake2s = SAGE_HASH_BLAKE2S, poseidon252 = SAGE_HASH_POSEIDON252;
    const struct CMUnitTest tests[] = {
        BY_KIND(test_accepts),
        BY_KIND(test_every_word),
        BY_KIND(test_names),
        BY_KIND(test_digests),
        BY_KIND(test_lies),
        BY_KIND(test_rows_of_one_leaf),
        {"test_points", test_points, use_hash, NULL, &blake2s},
        {"test_counts", test_counts, use_hash, NULL, &blake2s},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

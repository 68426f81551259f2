/* The prover with all that a job can bring: preprocessed columns of every kind, filled by the
 * job, committed by the prover or taken from a tree that was made before (here by the test, node
 * by node, as facts A4 say), lower and higher than the trace; a witness writer; salt, hash,
 * stages. The components are test_prover.air's; the lookups balance only if every column is what
 * the test says. */
#include "base/test.h"

#include "stark/air_verifier.h"
#include "stark/prover.h"
#include "test_prover_airs.h"

enum {
    LOG_TABLES    = 12,
    LOG_COUNTER   = 5,
    TABLES        = 0,
    SIGMA         = 1,
    USER          = 2,
    COUNTER       = 3,
    N_INST        = 4,
    MAX_INPUTS    = 4,
    MAX_ROWS      = 1 << 14,
    SIGMA_KIND    = 3,
    FIRST_OUTSIDE = 99
};

/* ---- the columns ---- */

static uint32_t field_of(sage_air_pre c, uint32_t row)
{
    uint32_t shift = 0, width = 0, n = 0;
    while (n < 8 && c.widths >> (4 * n) & 15)
        n++;
    for (uint32_t f = n; f-- > c.index; shift += width)
        if ((width = c.widths >> (4 * f) & 15) && f == c.index) break;
    return row >> shift & ((1u << width) - 1);
}

static uint32_t value_of(sage_air_pre c, uint32_t row)
{
    uint32_t bits = c.log / 2, a = row >> bits, b = row & ((1u << bits) - 1);
    switch (c.kind) {
    case SAGE_PRE_BIT_FIELD: return field_of(c, row);
    case SAGE_PRE_XOR_TABLE: return c.index == 0 ? a : c.index == 1 ? b : a ^ b;
    case SAGE_PRE_BLAKE_SIGMA: return (7 * row + 3 * c.index) & 15;
    default: return row;
    }
}

static uint32_t n_filled;

static sage_status
fill(sage_air_pre c, uint32_t first, uint32_t n, uint32_t *out, sage_errinfo *err)
{
    (void)err;
    n_filled++;
    assert_true(c.log && first + (uint64_t)n <= 1ull << c.log);
    for (uint32_t i = 0; i < n; i++)
        out[i] = value_of(c, first + i);
    return SAGE_OK;
}

static sage_status
fill_fails(sage_air_pre c, uint32_t first, uint32_t n, uint32_t *out, sage_errinfo *err)
{
    (void)first;
    (void)n;
    (void)out;
    return sage_fail(err, SAGE_EINVAL, "test.fill", (long long)c.kind, "no such column");
}

/* ---- the witness ---- */

typedef struct rig {
    sage_layout layout;
    sage_config config;
    uint32_t *column[N_INST][MAX_INPUTS];
    const uint32_t *const *inputs[N_INST];
    const sage_backend *be;
    sage_device *dev;
} rig;

static const sage_config quick = {5, 1, 9, 0, 1};

static uint32_t inputs_of(const sage_instance *i)
{
    return sage_air_at(i->air->inputs, i->size);
}

/* Row r of `user` looks up some row of some table, which counts it. */
static void write_inputs(rig *g)
{
    for (uint32_t r = 0; r < 1u << g->layout.inst[USER].log_rows; r++) {
        uint32_t kind = 1 + r % 3, at = (r * 2654435761u) >> 20, v[3];
        if (kind == 1) {
            memcpy(v, (uint32_t[]){at >> 9, at >> 2 & 127, at & 3}, sizeof v);
        } else if (kind == 2) {
            memcpy(v, (uint32_t[]){at >> 6, at & 63, (at >> 6) ^ (at & 63)}, sizeof v);
        } else {
            at &= 15;
            memcpy(v, (uint32_t[]){at, (7 * at + 9) & 15, (7 * at + 42) & 15}, sizeof v);
        }
        g->column[USER][0][r] = kind;
        for (uint32_t k = 0; k < 3; k++)
            g->column[USER][1 + k][r] = v[k];
        g->column[kind == SIGMA_KIND ? SIGMA : TABLES][kind == 2][at]++;
    }
    for (uint32_t r = 0; r < 1 << LOG_COUNTER; r++)
        g->column[COUNTER][0][r] = r;
}

static void open_rig(rig *g, sage_config config, uint32_t log_user)
{
    *g = (rig){
        .config = config,
        .layout = {.n    = N_INST,
                   .inst = {{.air = &sage_test_prover_air_tables, .log_rows = LOG_TABLES},
                            {.air = &sage_test_prover_air_sigma, .log_rows = 4},
                            {.air = &sage_test_prover_air_user, .log_rows = log_user},
                            {.air = &sage_test_prover_air_counter, .log_rows = LOG_COUNTER}}}};
    for (uint32_t i = 0; i < N_INST; i++) {
        assert_true(inputs_of(&g->layout.inst[i]) <= MAX_INPUTS);
        for (uint32_t k = 0; k < MAX_INPUTS; k++) {
            g->column[i][k] = calloc(MAX_ROWS, sizeof(uint32_t));
            assert_non_null(g->column[i][k]);
        }
        g->inputs[i] = (const uint32_t *const *)g->column[i];
    }
    write_inputs(g);
    assert_int_equal(sage_layout_check(&g->layout, &g->config, NULL), SAGE_OK);
    assert_int_equal(sage_backend_find(NULL, &g->be, NULL), SAGE_OK);
    assert_int_equal(g->be->open(&g->dev, 2, NULL), SAGE_OK);
}

static void close_rig(rig *g)
{
    for (uint32_t i = 0; i < N_INST; i++)
        for (uint32_t k = 0; k < MAX_INPUTS; k++)
            free(g->column[i][k]);
    g->be->close(g->dev);
}

/* A given list: what the components read among columns that nobody reads, up to 2^top rows. */
static void give_list(rig *g, uint32_t top)
{
    sage_air_pre read[SAGE_MAX_PREPROCESSED];
    uint32_t n = sage_layout_preprocessed(&g->layout, read), k = 0;
    sage_layout *l = &g->layout;
    for (uint32_t log = 4; log <= top; log++) {
        while (k < n && read[k].log <= log)
            l->pre[l->n_pre++] = read[k++];
        l->pre[l->n_pre++] =
            log % 2 ? (sage_air_pre){SAGE_PRE_SEQ, log, FIRST_OUTSIDE, 0}
                    : (sage_air_pre){SAGE_PRE_XOR_TABLE, log, log / 2, FIRST_OUTSIDE};
    }
    assert_int_equal(k, n);
    assert_int_equal(sage_layout_check(l, &g->config, NULL), SAGE_OK);
}

/* ---- a preprocessed tree made beside the prover ---- */

typedef struct host_tree {
    uint32_t n, height, log[SAGE_MAX_PREPROCESSED]; /* extended */
    uint32_t *col[SAGE_MAX_PREPROCESSED];
    uint8_t (*level[SAGE_MAX_LOG_EXT + 1])[32];
    sage_tree_source source;
} host_tree;

static sage_status tree_digests(void *arg,
                                uint32_t level,
                                const uint32_t *index,
                                uint32_t n,
                                uint8_t (*out)[32],
                                sage_errinfo *err)
{
    const host_tree *t = arg;
    (void)err;
    for (uint32_t i = 0; i < n; i++) {
        assert_true(index[i] >> (t->height - level) == 0);
        memcpy(out[i], t->level[level][index[i]], 32);
    }
    return SAGE_OK;
}

static uint32_t lifted(const host_tree *t, uint32_t c, uint32_t q)
{
    return t->col[c][q >> (t->height - t->log[c] + 1) << 1 | (q & 1)];
}

static sage_status
tree_leaves(void *arg, const uint32_t *index, uint32_t n, uint32_t *out, sage_errinfo *err)
{
    const host_tree *t = arg;
    (void)err;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t c = 0; c < t->n; c++)
            *out++ = lifted(t, c, index[i]);
    return SAGE_OK;
}

/* The columns, extended by the backend. */
static void extend_columns(host_tree *t, const rig *g, const sage_air_pre *pre)
{
    uint32_t *base, *col;
    sage_twiddles tw = {.log_max = t->height};
    size_t words     = g->be->twiddle_words(t->height) + 16;
    assert_int_equal(g->be->arena(g->dev, (words + ((size_t)1 << t->height)) * sizeof(uint32_t),
                                  &base, NULL),
                     SAGE_OK);
    tw.mem = base;
    col    = base + words / 16 * 16;
    g->be->twiddles(g->dev, tw);
    for (uint32_t c = 0; c < t->n; c++) {
        size_t rows = (size_t)1 << pre[c].log, ext = (size_t)1 << t->log[c];
        t->col[c] = malloc(ext * sizeof(uint32_t));
        assert_non_null(t->col[c]);
        assert_int_equal(fill(pre[c], 0, (uint32_t)rows, t->col[c], NULL), SAGE_OK);
        g->be->upload(g->dev, col, t->col[c], rows);
        g->be->lde(g->dev, tw, &col, 1, pre[c].log, t->log[c]);
        assert_int_equal(g->be->download(g->dev, t->col[c], col, ext, NULL), SAGE_OK);
    }
}

static void hash_tree(host_tree *t, sage_hash_kind kind)
{
    const sage_tree_hash *hash = sage_tree_hash_of(kind);
    for (uint32_t level = 0; level <= t->height; level++) {
        uint32_t n      = 1u << (t->height - level);
        t->level[level] = malloc((size_t)n * 32);
        assert_non_null(t->level[level]);
        for (uint32_t q = 0; q < n; q++) {
            uint32_t row[SAGE_MAX_PREPROCESSED];
            for (uint32_t c = 0; !level && c < t->n; c++)
                row[c] = lifted(t, c, q);
            if (level)
                hash->node(t->level[level - 1][2 * q], t->level[level][q]);
            else
                hash->leaf((const uint8_t *)row, t->n, t->level[0][q]);
        }
    }
}

static host_tree *make_tree(const rig *g, sage_hash_kind kind)
{
    sage_air_pre pre[SAGE_MAX_PREPROCESSED];
    host_tree *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->n = sage_layout_preprocessed(&g->layout, pre);
    for (uint32_t c = 0; c < t->n; c++)
        t->log[c] = pre[c].log + g->config.log_blowup;
    t->height = t->log[t->n - 1];
    extend_columns(t, g, pre);
    hash_tree(t, kind);
    t->source = (sage_tree_source){.arg        = t,
                                   .log_height = t->height,
                                   .n_cols     = t->n,
                                   .digests    = tree_digests,
                                   .leaves     = tree_leaves};
    memcpy(t->source.root, t->level[t->height], 32);
    return t;
}

static void free_tree(host_tree *t)
{
    for (uint32_t c = 0; c < t->n; c++)
        free(t->col[c]);
    for (uint32_t level = 0; level <= t->height; level++)
        free(t->level[level]);
    free(t);
}

/* ---- jobs ---- */

static sage_status mix_claim(const void *claim, sage_channel *ch, sage_errinfo *err)
{
    (void)err;
    sage_channel_mix_u32s(ch, claim, 1);
    return SAGE_OK;
}

static sage_status
public_sum(const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    (void)claim;
    (void)z;
    (void)alpha;
    (void)err;
    *out = qm31_zero();
    return SAGE_OK;
}

static const uint32_t claim           = 2026;
static const sage_preprocessed filled = {.fill = fill};

static sage_prover_job job_of(const rig *g)
{
    return (sage_prover_job){.layout          = &g->layout,
                             .config          = &g->config,
                             .interaction_pow = 3,
                             .inputs          = g->inputs,
                             .preprocessed    = &filled,
                             .mix_claim       = mix_claim,
                             .public_sum      = public_sum,
                             .claim           = &claim};
}

static sage_sink prove(const rig *g, const sage_prover_job *job)
{
    sage_sink out    = {0};
    sage_errinfo err = {0};
    sage_status s    = sage_prover_run(g->be, g->dev, job, &out, &err);
    if (s) fail_msg("%s: %s", err.where, err.msg);
    return out;
}

static void
refused(const rig *g, const sage_prover_job *job, sage_status want, const char *where)
{
    sage_sink out    = {0};
    sage_errinfo err = {0};
    assert_int_equal(sage_prover_run(g->be, g->dev, job, &out, &err), want);
    assert_string_equal(err.where, where);
    free(out.bytes);
}

static sage_status verify(const sage_prover_job *job, const uint8_t root[32], sage_sink bytes)
{
    sage_pcs_shape shape;
    sage_proof proof;
    sage_errinfo err = {0};
    void *mem        = calloc(1, sage_layout_shape_bytes(job->layout));
    assert_non_null(mem);
    assert_int_equal(sage_layout_shape(job->layout, job->config, mem, &shape, &err), SAGE_OK);
    assert_int_equal(sage_proof_parse(&proof, bytes.bytes, bytes.len, &err), SAGE_OK);
    shape.hash          = job->hash;
    sage_air_verifier v = {.layout          = job->layout,
                           .shape           = &shape,
                           .proof           = &proof,
                           .salt            = job->salt,
                           .interaction_pow = job->interaction_pow,
                           .mix_claim       = mix_claim,
                           .public_sum      = public_sum,
                           .claim           = &claim};
    memcpy(v.preprocessed_root, root, 32);
    void *scratch = calloc(1, sage_air_verify_bytes(job->layout, &shape));
    assert_non_null(scratch);
    sage_status s = sage_air_verify(&v, scratch, &err);
    if (s) print_message("%s: %s\n", err.where, err.msg);
    free(scratch);
    free(mem);
    return s;
}

static void assert_same(sage_sink a, sage_sink b)
{
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
}

/* ---- preprocessed columns ---- */

/* The prover's own tree and the test's give the same proof, which is good; with the latter only
 * what is read is made. */
static void both_ways(rig *g, sage_hash_kind kind)
{
    host_tree *t           = make_tree(g, kind);
    sage_preprocessed made = {.fill = fill, .tree = &t->source};
    sage_prover_job job    = job_of(g);
    size_t own_words, made_words;
    job.hash      = kind;
    sage_sink own = prove(g, &job);
    assert_int_equal(sage_prover_words(g->be, &job, &own_words, NULL), SAGE_OK);
    job.preprocessed = &made;
    n_filled         = 0;
    sage_sink other  = prove(g, &job);
    assert_int_equal(sage_prover_words(g->be, &job, &made_words, NULL), SAGE_OK);
    assert_int_equal(n_filled, 10); /* 8 of 2^12, 3 of 2^4, seq of 2^5; 4096 rows at a time */
    assert_same(own, other);
    assert_true(made_words < own_words);
    assert_int_equal(verify(&job, t->source.root, own), SAGE_OK);
    free(own.bytes);
    free(other.bytes);
    free_tree(t);
}

static const sage_config configs[] = {
    {5, 1, 9, 0, 1}, {5, 2, 7, 0, 1}, {3, 1, 12, 1, 3}, {5, 3, 5, 0, 4}};

static void every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        if (sage_test_quick() && i % 2) continue;
        rig g;
        open_rig(&g, configs[i], 7);
        both_ways(&g, SAGE_HASH_BLAKE2S);
        close_rig(&g);
    }
}

/* Trees lower than the trace's, as high, and higher, with columns that nobody reads. */
static void given_lists(void **state)
{
    static const struct {
        uint32_t user, top;
    } sizes[] = {{7, 12}, {7, 13}, {13, 12}, {9, 15}, {14, 13}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t c = 0; c < 3; c += 2) {
            if (sage_test_quick() && (i + c) % 2) continue;
            rig g;
            open_rig(&g, configs[c], sizes[i].user);
            give_list(&g, sizes[i].top);
            both_ways(&g, SAGE_HASH_BLAKE2S);
            close_rig(&g);
        }
}

static void lower_derived(void **state)
{
    rig g;
    (void)state;
    open_rig(&g, configs[1], 14);
    both_ways(&g, SAGE_HASH_BLAKE2S);
    close_rig(&g);
}

/* Packed leaves, unpacked ones, a tree higher than the trace. */
static void poseidon252(void **state)
{
    rig g;
    (void)state;
    open_rig(&g, configs[2], 7);
    both_ways(&g, SAGE_HASH_POSEIDON252);
    close_rig(&g);
    if (sage_test_quick()) return;
    open_rig(&g, configs[0], 7);
    give_list(&g, 13);
    both_ways(&g, SAGE_HASH_POSEIDON252);
    close_rig(&g);
}

/* ---- the witness writer ---- */

typedef struct writer {
    const rig *g;
    uint32_t calls;
    sage_status fail;
} writer;

/* Every input goes through the scratch; n_active is read, then changed. */
static sage_status write_trace(void *arg, const sage_witness_site *site, sage_errinfo *err)
{
    writer *w = arg;
    w->calls++;
    if (w->fail) return sage_fail(err, w->fail, "test.witness", -1, "as asked");
    for (uint32_t i = 0; i < site->layout->n; i++) {
        const sage_instance *in = &site->layout->inst[i];
        size_t rows             = (size_t)1 << in->log_rows;
        assert_int_equal(site->rows[i].n_active, rows);
        assert_int_equal(site->rows[i].log_rows, in->log_rows);
        for (uint32_t k = 0; k < inputs_of(in); k++) {
            site->be->upload(site->dev, site->scratch, w->g->column[i][k], rows);
            site->be->copy(site->dev, site->inputs[i][k], site->scratch, rows);
        }
        site->rows[i].n_active = 1;
        sage_status s          = site->be->witness(site->dev, in->air, &site->rows[i], err);
        if (s) return s;
    }
    return SAGE_OK;
}

static void writes_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rig g;
        open_rig(&g, configs[i], 13);
        writer w            = {.g = &g};
        sage_prover_job job = job_of(&g);
        sage_sink by_kernel = prove(&g, &job);
        job.inputs          = NULL;
        job.witness         = write_trace;
        job.witness_arg     = &w;
        job.witness_words   = 1 << 13;
        sage_sink by_writer = prove(&g, &job);
        assert_same(by_kernel, by_writer);
        assert_int_equal(w.calls, 1);
        w.fail = SAGE_ELIMIT;
        refused(&g, &job, SAGE_ELIMIT, "test.witness");
        free(by_kernel.bytes);
        free(by_writer.bytes);
        close_rig(&g);
    }
}

static void counts_scratch(void **state)
{
    size_t without, with;
    rig g;
    (void)state;
    open_rig(&g, quick, 7);
    sage_prover_job job = job_of(&g);
    assert_int_equal(sage_prover_words(g.be, &job, &without, NULL), SAGE_OK);
    job.witness_words = (size_t)1 << 28;
    assert_int_equal(sage_prover_words(g.be, &job, &with, NULL), SAGE_OK);
    assert_true(with > (size_t)1 << 28 && with < without + ((size_t)1 << 28) + 64);
    close_rig(&g);
}

/* ---- salt ---- */

static void salts(void **state)
{
    rig g;
    (void)state;
    open_rig(&g, quick, 7);
    host_tree *t        = make_tree(&g, SAGE_HASH_BLAKE2S);
    sage_prover_job job = job_of(&g);
    sage_sink plain     = prove(&g, &job);
    job.salt            = 42;
    sage_sink salted    = prove(&g, &job);
    assert_int_equal(verify(&job, t->source.root, salted), SAGE_OK);
    assert_int_equal(verify(&job, t->source.root, plain), SAGE_EPROOF);
    job.salt = 0;
    assert_int_equal(verify(&job, t->source.root, plain), SAGE_OK);
    assert_int_equal(verify(&job, t->source.root, salted), SAGE_EPROOF);
    free(plain.bytes);
    free(salted.bytes);
    free_tree(t);
    close_rig(&g);
}

/* ---- what is refused ---- */

static void false_witness(void **state)
{
    rig g;
    (void)state;
    open_rig(&g, quick, 7);
    sage_prover_job job = job_of(&g);
    g.column[TABLES][1][77]++;
    refused(&g, &job, SAGE_EPROOF, "prove.logup");
    g.column[TABLES][1][77]--;
    g.column[COUNTER][0][9]++;
    refused(&g, &job, SAGE_EPROOF, "prove.constraints");
    close_rig(&g);
}

static void wrong_sources(void **state)
{
    rig g;
    (void)state;
    open_rig(&g, quick, 7);
    host_tree *t           = make_tree(&g, SAGE_HASH_BLAKE2S);
    sage_preprocessed made = {.fill = fill, .tree = &t->source}, bad = {.fill = fill_fails};
    sage_prover_job job = job_of(&g);
    job.preprocessed    = NULL;
    refused(&g, &job, SAGE_EUNSUP, "prove.preprocessed");
    job.preprocessed = &bad;
    refused(&g, &job, SAGE_EINVAL, "test.fill");
    bad.tree = &t->source;
    refused(&g, &job, SAGE_EINVAL, "test.fill");
    job.preprocessed = &made;
    t->source.n_cols++;
    refused(&g, &job, SAGE_EINVAL, "prove.preprocessed.tree");
    t->source.n_cols--;
    t->source.log_height++;
    refused(&g, &job, SAGE_EINVAL, "prove.preprocessed.tree");
    free_tree(t);
    close_rig(&g);
}

/* ---- stages ---- */

typedef struct stages {
    const char *open[16];
    uint32_t depth, seen;
} stages;

static void mark(void *arg, const char *stage, const char *part, int begin)
{
    stages *s = arg;
    (void)part;
    assert_non_null(stage);
    if (begin) {
        assert_true(s->depth < 16);
        s->open[s->depth++] = stage;
        s->seen++;
        return;
    }
    assert_true(s->depth > 0);
    assert_string_equal(s->open[--s->depth], stage);
}

static void nested_stages(void **state)
{
    rig g;
    writer w = {.g = &g, .fail = SAGE_EIO};
    stages s = {0};
    (void)state;
    open_rig(&g, quick, 7);
    sage_prover_job job = job_of(&g);
    job.stage           = mark;
    job.stage_arg       = &s;
    sage_sink out       = prove(&g, &job);
    assert_int_equal(s.depth, 0);
    assert_true(s.seen > 20);
    g.column[TABLES][0][0]++;
    refused(&g, &job, SAGE_EPROOF, "prove.logup");
    assert_int_equal(s.depth, 0);
    job.witness     = write_trace;
    job.witness_arg = &w;
    refused(&g, &job, SAGE_EIO, "test.witness");
    assert_int_equal(s.depth, 0);
    free(out.bytes);
    close_rig(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),    cmocka_unit_test(given_lists),
        cmocka_unit_test(lower_derived), cmocka_unit_test(poseidon252),
        cmocka_unit_test(writes_itself), cmocka_unit_test(counts_scratch),
        cmocka_unit_test(salts),         cmocka_unit_test(false_witness),
        cmocka_unit_test(wrong_sources), cmocka_unit_test(nested_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

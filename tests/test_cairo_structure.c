/* tests/test_cairo_structure.c -- a published Cairo proof with its parts exchanged, shortened,
 * lengthened, relabelled or of another size: each is refused, for the one reason that it has.
 * Values are test_cairo_mutation.c's matter, the forms of the text test_cairo_texts.c's. */
#include "base/test.h"

#include "cairo/public.h"
#include "cairo_felts.h"
#include "cairo_judge.h"
#include "hash/blake2s.h"

enum { DIGEST = 32, SECURE = 16, WORD = 4, TREES = SAGE_MAX_TREES };

static sage_cairo_proof base;
static uint8_t *spare; /* for a vector that grows */
static cairo_reasons reasons;
static const char *const merkle[TREES] = {"proof.merkle.preprocessed", "proof.merkle.trace",
                                          "proof.merkle.interaction",
                                          "proof.merkle.composition"};

static int teardown(void **state)
{
    (void)state;
    sage_cairo_proof_free(&base);
    free(spare);
    return 0;
}

/* A copy of the good proof to spoil. That one is read once; the test that asks for it is
 * skipped where the file is not. */
static void load(sage_cairo_proof *p)
{
    if (!spare) {
        cairo_text t     = cairo_text_load(ALL_OPCODES);
        sage_errinfo err = {0};
        sage_status s    = sage_cairo_read(&base, (const uint8_t *)t.bytes, t.len,
                                           SAGE_CAIRO_FORMAT_SERDE, &err);
        if (s != SAGE_OK) fail_msg("%s: %s", err.where, err.msg);
        spare = malloc(base.bytes.len + 64);
        assert_non_null(spare);
        cairo_text_free(&t);
    }
    cairo_proof_copy(p, &base);
}

/* Refused for `where`, at `at` if that is not -1; frees the proof. */
static void expect_at(sage_cairo_proof *p, const char *what, const char *where, long long at)
{
    sage_errinfo err;
    sage_status s = cairo_judge(p, &err);
    if (s == SAGE_OK) fail_msg("accepted: %s", what);
    if (!cairo_refusal(s) || strcmp(err.where, where) != 0 || (at >= 0 && err.at != at))
        fail_msg("%s: %s at %lld (%s) instead of %s at %lld", what, err.where, err.at, err.msg,
                 where, at);
    cairo_reasons_add(&reasons, err.where, 1);
    sage_cairo_proof_free(p);
}

static void expect(sage_cairo_proof *p, const char *what, const char *where)
{
    expect_at(p, what, where, -1);
}

static uint8_t *own(sage_cairo_proof *p, sage_view v)
{
    return p->bytes.bytes + (v.p - p->bytes.bytes);
}

static void swap_bytes(uint8_t *a, uint8_t *b, size_t n)
{
    assert_memory_not_equal(a, b, n);
    for (size_t i = 0; i < n; i++) {
        uint8_t v = a[i];
        a[i]      = b[i];
        b[i]      = v;
    }
}

static void swap_views(sage_view *a, sage_view *b)
{
    sage_view v = *a;
    *a          = *b;
    *b          = v;
}

/* The view with one item more, a copy of its last one or zeros. */
static void lengthen(sage_view *v, size_t item)
{
    memcpy(spare, v->p, v->n * item);
    memset(spare + v->n * item, 0, item);
    if (v->n) memcpy(spare + v->n * item, v->p + (v->n - 1) * item, item);
    *v = (sage_view){spare, v->n + 1};
}

/* ---- trees ---- */

static void test_trees_exchanged(void **state)
{
    (void)state;
    static const char *const roots[TREES - 1] = {"proof.preprocessed", "proof.pow.interaction",
                                                 "proof.oods"};
    for (uint32_t a = 0; a < TREES; a++)
        for (uint32_t b = a + 1; b < TREES; b++) {
            sage_cairo_proof p;
            load(&p);
            uint8_t *root = own(&p, p.proof.roots);
            swap_bytes(root + (size_t)DIGEST * a, root + (size_t)DIGEST * b, DIGEST);
            expect(&p, "two roots exchanged", roots[a]);

            load(&p);
            swap_views(&p.proof.hash_witness[a], &p.proof.hash_witness[b]);
            /* Trees 1 to 3 are of one height, with equally long and still other witnesses. */
            expect_at(&p, "two hash witnesses exchanged", merkle[a], a);

            load(&p);
            swap_views(&p.proof.queried[a], &p.proof.queried[b]);
            expect_at(&p, "opened values exchanged", "proof.shape.queried", a);

            load(&p);
            swap_views(&p.proof.queried[a], &p.proof.queried[b]);
            swap_views(&p.proof.hash_witness[a], &p.proof.hash_witness[b]);
            expect_at(&p, "openings exchanged", "proof.shape.queried", a);
        }
}

static void test_siblings_exchanged(void **state)
{
    (void)state;
    sage_cairo_proof p;
    for (uint32_t t = 0; t < TREES; t++) {
        uint32_t n          = base.proof.hash_witness[t].n;
        const uint32_t at[] = {0, 1, n / 3, n / 2, n - 2};
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            load(&p);
            uint8_t *digest = own(&p, p.proof.hash_witness[t]) + (size_t)DIGEST * at[k];
            swap_bytes(digest, digest + DIGEST, DIGEST);
            expect_at(&p, "siblings exchanged", merkle[t], t);
        }
        load(&p);
        uint8_t *first = own(&p, p.proof.hash_witness[t]);
        swap_bytes(first, first + (size_t)DIGEST * (n - 1), DIGEST);
        expect_at(&p, "first and last sibling exchanged", merkle[t], t);
    }
    for (uint32_t i = 0; i < base.proof.n_layers; i++) {
        if (base.proof.layer[i].hash_witness.n < 2) continue;
        load(&p);
        uint8_t *digest = own(&p, p.proof.layer[i].hash_witness);
        swap_bytes(digest, digest + DIGEST, DIGEST);
        expect_at(&p, "a layer's siblings exchanged", "proof.fri.layer", i);
    }
}

/* Two queries' rows, or two columns of a row, exchanged. */
static void test_rows_exchanged(void **state)
{
    (void)state;
    for (uint32_t t = 0; t < TREES; t++) {
        sage_cairo_proof p;
        load(&p);
        uint32_t row  = WORD * base.n_columns[t];
        uint8_t *rows = own(&p, p.proof.queried[t]);
        swap_bytes(rows, rows + row, row);
        expect_at(&p, "rows of two queries exchanged", merkle[t], t);

        load(&p);
        rows       = own(&p, p.proof.queried[t]);
        uint32_t c = 1;
        while (!memcmp(rows, rows + (size_t)WORD * c, WORD))
            c++;
        assert_true(c < base.n_columns[t]);
        swap_bytes(rows, rows + (size_t)WORD * c, WORD);
        expect_at(&p, "columns of a row exchanged", merkle[t], t);
    }
}

static void test_layers_exchanged(void **state)
{
    (void)state;
    sage_cairo_proof p;
    for (uint32_t i = 0; i + 1 < base.proof.n_layers; i++) {
        load(&p);
        sage_proof_layer l   = p.proof.layer[i];
        p.proof.layer[i]     = p.proof.layer[i + 1];
        p.proof.layer[i + 1] = l;
        expect(&p, "FRI layers exchanged", "proof.pow.query");

        load(&p);
        swap_views(&p.proof.layer[i].hash_witness, &p.proof.layer[i + 1].hash_witness);
        /* The last two layers have no siblings at all. */
        if (base.proof.layer[i].hash_witness.n)
            expect_at(&p, "layers' siblings exchanged", "proof.fri.layer", i);
        else
            sage_cairo_proof_free(&p);

        load(&p);
        swap_views(&p.proof.layer[i].witness, &p.proof.layer[i + 1].witness);
        bool same = base.proof.layer[i].witness.n == base.proof.layer[i + 1].witness.n;
        expect_at(&p, "layers' values exchanged",
                  same ? "proof.fri.layer" : "proof.shape.fri_witness", i);
    }
    load(&p);
    uint8_t *v = own(&p, p.proof.layer[0].witness);
    swap_bytes(v, v + SECURE, SECURE);
    expect_at(&p, "values of a layer exchanged", "proof.fri.layer", 0);
}

/* ---- lengths ---- */

/* The vectors of a proof, with the reason for which a shorter or longer one is refused. */
typedef struct vector {
    const char *name, *where;
    size_t offset, item;
    long long at;
} vector;
#define VECTOR(field, item, where, at)                                                         \
    {                                                                                          \
#        field, where, offsetof(sage_proof, field), item, at                                   \
    }
static const vector vectors[] = {
    VECTOR(claimed_sums, SECURE, "proof.shape.claimed_sums", -1),
    VECTOR(sampled, SECURE, "proof.shape.sampled", -1),
    VECTOR(hash_witness[0], DIGEST, "proof.merkle.preprocessed", 0),
    VECTOR(hash_witness[1], DIGEST, "proof.merkle.trace", 1),
    VECTOR(hash_witness[2], DIGEST, "proof.merkle.interaction", 2),
    VECTOR(hash_witness[3], DIGEST, "proof.merkle.composition", 3),
    VECTOR(queried[0], WORD, "proof.shape.queried", 0),
    VECTOR(queried[1], WORD, "proof.shape.queried", 1),
    VECTOR(queried[2], WORD, "proof.shape.queried", 2),
    VECTOR(queried[3], WORD, "proof.shape.queried", 3),
    VECTOR(layer[0].witness, SECURE, "proof.shape.fri_witness", 0),
    VECTOR(layer[1].witness, SECURE, "proof.shape.fri_witness", 1),
    VECTOR(layer[5].witness, SECURE, "proof.shape.fri_witness", 5),
    VECTOR(layer[6].witness, SECURE, "proof.shape.fri_witness", 6),
    VECTOR(layer[0].hash_witness, DIGEST, "proof.fri.layer", 0),
    VECTOR(layer[4].hash_witness, DIGEST, "proof.fri.layer", 4),
    VECTOR(layer[5].hash_witness, DIGEST, "proof.fri.layer", 5),
    VECTOR(layer[6].hash_witness, DIGEST, "proof.fri.layer", 6),
    VECTOR(last_layer, SECURE, "proof.shape.last_layer", -1),
};
enum { VECTORS = sizeof vectors / sizeof *vectors };

static sage_view *view_of(sage_cairo_proof *p, const vector *v)
{
    return (sage_view *)(void *)((char *)&p->proof + v->offset);
}

static void test_lengths(void **state)
{
    (void)state;
    for (int i = 0; i < VECTORS; i++) {
        const vector *v = &vectors[i];
        sage_cairo_proof p;
        load(&p);
        lengthen(view_of(&p, v), v->item);
        expect_at(&p, v->name, v->where, v->at);

        load(&p);
        if (!view_of(&p, v)->n) { /* nothing to take away */
            sage_cairo_proof_free(&p);
            continue;
        }
        view_of(&p, v)->n--;
        expect_at(&p, v->name, v->where, v->at);

        load(&p); /* from the front */
        view_of(&p, v)->p += v->item;
        view_of(&p, v)->n--;
        expect_at(&p, v->name, v->where, v->at);

        load(&p);
        *view_of(&p, v) = (sage_view){NULL, 0};
        expect_at(&p, v->name, v->where, v->at);
    }
}

static void test_counts_of_parts(void **state)
{
    (void)state;
    sage_cairo_proof p;
    const uint32_t n        = base.proof.n_layers,
                   layers[] = {0, 1, n - 1, n + 1, SAGE_MAX_FRI_LAYERS};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        load(&p);
        for (uint32_t k = n; k < layers[i]; k++)
            p.proof.layer[k] = p.proof.layer[n - 1];
        p.proof.n_layers = layers[i];
        expect(&p, "another number of FRI layers", "proof.shape.layers");
    }
    load(&p);
    p.proof.n_trees = TREES - 1;
    expect(&p, "three trees", "proof.shape.trees");
}

/* ---- nesting of the samples ---- */

/* The samples of column c of tree t: the place of their number. */
static uint8_t *samples_at(sage_cairo_proof *p, uint32_t t, uint32_t c)
{
    uint8_t *at = p->n_samples + c;
    for (uint32_t k = 0; k < t; k++)
        at += p->n_columns[k];
    return at;
}

static void test_every_column_sampled_otherwise(void **state)
{
    (void)state;
    sage_cairo_proof p;
    load(&p);
    uint32_t columns = 0;
    for (uint32_t t = 0; t < TREES; t++)
        for (uint32_t c = 0; c < base.n_columns[t]; c++, columns++)
            for (uint8_t v = 0; v < 4; v++) {
                uint8_t *at = samples_at(&p, t, c), old = *at;
                if (v == old) continue;
                sage_errinfo err;
                *at           = v;
                sage_status s = cairo_judge(&p, &err);
                *at           = old;
                if (s == SAGE_OK) fail_msg("accepted: %u samples of column %u of %u", v, c, t);
                if (strcmp(err.where, "proof.shape.sampled") != 0 || err.at != t)
                    fail_msg("column %u of tree %u: %s", c, t, err.where);
                cairo_reasons_add(&reasons, err.where, 1);
            }
    assert_int_equal(columns, 161 + 1464 + 1032 + 8);
    sage_cairo_proof_free(&p);
}

/* A preprocessed column is sampled iff a component reads it: a sample more would be a term of
 * the DEEP quotients that nothing binds. As many values as before, and one more, one less. */
static void test_preprocessed_samples_moved(void **state)
{
    (void)state;
    sage_cairo_proof p;
    load(&p);
    uint32_t used = 0, unused = 0;
    while (!*samples_at(&p, 0, used))
        used++;
    while (*samples_at(&p, 0, unused))
        unused++;
    *samples_at(&p, 0, used)   = 0;
    *samples_at(&p, 0, unused) = 1;
    expect_at(&p, "a sample moved to a column that nothing reads", "proof.shape.sampled", 0);

    load(&p);
    *samples_at(&p, 0, unused) = 1;
    lengthen(&p.proof.sampled, SECURE);
    expect_at(&p, "a sample of a column that nothing reads", "proof.shape.sampled", 0);

    load(&p);
    *samples_at(&p, 0, used) = 0;
    p.proof.sampled.p += SECURE;
    p.proof.sampled.n--;
    expect_at(&p, "a preprocessed sample left out", "proof.shape.sampled", 0);
}

static void test_trees_empty(void **state)
{
    (void)state;
    for (uint32_t t = 0; t < TREES; t++) {
        sage_cairo_proof p;
        load(&p);
        p.n_columns[t]          = 0;
        p.proof.queried[t].n    = 0;
        p.proof.hash_witness[t] = (sage_view){NULL, 0};
        expect_at(&p, "an empty tree", "proof.shape.sampled", t);
    }
}

/* ---- salt, nonces, config, labels ---- */

static void test_salt(void **state)
{
    (void)state;
    const m31 salts[] = {1, 42, M31_P - 1};
    for (size_t i = 0; i < sizeof salts / sizeof *salts; i++) {
        sage_cairo_proof p;
        load(&p);
        p.salt = salts[i];
        expect(&p, "another salt", "proof.pow.interaction");
    }
}

static void test_nonces(void **state)
{
    (void)state;
    const uint64_t flips[] = {1, 1ull << 31, 1ull << 32, 1ull << 63, UINT64_MAX};
    for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
        sage_cairo_proof p;
        load(&p);
        p.proof.interaction_pow ^= flips[i];
        expect(&p, "another interaction nonce", "proof.pow.interaction");
        load(&p);
        p.proof.pow_nonce ^= flips[i];
        expect(&p, "another query nonce", "proof.pow.query");
    }
    sage_cairo_proof p;
    load(&p);
    uint64_t nonce          = p.proof.interaction_pow;
    p.proof.interaction_pow = p.proof.pow_nonce;
    p.proof.pow_nonce       = nonce;
    expect(&p, "nonces exchanged", "proof.pow.interaction");
}

static void test_config(void **state)
{
    (void)state;
    static const char weak[] = "proof.config.security", mixed[] = "proof.pow.interaction";
    static const struct {
        sage_config config;
        const char *where;
    } cases[] = {
        {{25, 1, 70, 0, 3}, weak},
        {{27, 1, 70, 0, 3}, mixed},
        {{0, 1, 70, 0, 3}, weak},
        {{19, 1, 77, 0, 3}, weak}, /* 96 bits, but too little work */
        {{20, 1, 76, 0, 3}, mixed},
        {{40, 1, 70, 0, 3}, mixed},
        {{41, 1, 70, 0, 3}, "config.pow_bits"},
        {{64, 1, 70, 0, 3}, "config.pow_bits"},
        {{UINT32_MAX, 1, 70, 0, 3}, "config.pow_bits"},
        {{26, 0, 70, 0, 3}, "config.log_blowup"},
        {{26, 2, 70, 0, 3}, "proof.preprocessed"},
        {{26, 2, 35, 0, 3}, "proof.preprocessed"},
        {{26, 5, 14, 0, 3}, "proof.preprocessed"},
        {{26, 31, 70, 0, 3}, "config.log_blowup"},
        {{26, 32, 70, 0, 3}, "config.log_blowup"},
        {{26, 1u << 31, 70, 0, 3}, "config.log_blowup"},
        {{26, 1, 69, 0, 3}, weak},
        {{26, 1, 71, 0, 3}, mixed},
        {{26, 1, 0, 0, 3}, "config.n_queries"},
        {{26, 1, 257, 0, 3}, "config.n_queries"},
        {{26, 1, 1u << 31, 0, 3}, "config.n_queries"},
        {{26, 1, 70, 1, 3}, mixed},
        {{26, 1, 70, 10, 3}, mixed},
        {{26, 1, 70, 11, 3}, "config.log_last_layer"},
        {{26, 1, 70, UINT32_MAX, 3}, "config.log_last_layer"},
        {{26, 1, 70, 0, 0}, "config.fold_step"},
        {{26, 1, 70, 0, 1}, mixed},
        {{26, 1, 70, 0, 2}, mixed},
        {{26, 1, 70, 0, 4}, mixed},
        {{26, 1, 70, 0, 7}, "config.fold_step"},
        {{26, 1, 70, 0, 40}, "config.fold_step"},
        {{26, 1, 70, 0, UINT32_MAX}, "config.fold_step"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_cairo_proof p;
        char what[32];
        load(&p);
        p.proof.config = cases[i].config;
        snprintf(what, sizeof what, "config %zu", i);
        expect(&p, what, cases[i].where);
    }
}

/* Which hash and which preprocessed trace is said beside the proof: a label is not believed. */
static void test_labels(void **state)
{
    (void)state;
    sage_cairo_proof p;
    load(&p);
    p.hash = SAGE_HASH_POSEIDON252;
    expect(&p, "called Poseidon252", "proof.preprocessed");
    load(&p);
    p.variant = SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN;
    expect_at(&p, "called without Pedersen", "proof.shape.sampled", 0);
    load(&p);
    p.variant = SAGE_CAIRO_CANONICAL_SMALL;
    expect_at(&p, "called small", "proof.shape.sampled", 0);
}

/* ---- claimed sums ---- */

static void test_claimed_sums(void **state)
{
    (void)state;
    sage_cairo_proof p;
    const uint32_t pairs[][2] = {{0, 1}, {0, 45}, {20, 21}, {44, 45}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t a = pairs[i][0], b = pairs[i][1];
        load(&p);
        uint8_t *sums = own(&p, p.proof.claimed_sums);
        swap_bytes(sums + (size_t)SECURE * a, sums + (size_t)SECURE * b, SECURE);
        expect(&p, "sums exchanged, the total unchanged", "proof.oods");

        load(&p); /* + 1 here, - 1 there */
        sums         = own(&p, p.proof.claimed_sums);
        uint8_t *one = sums + (size_t)SECURE * a, *two = sums + (size_t)SECURE * b;
        sage_store_le32(one, m31_add(sage_load_le32(one), 1));
        sage_store_le32(two, m31_sub(sage_load_le32(two), 1));
        expect(&p, "sums changed, the total unchanged", "proof.oods");

        load(&p);
        sums = own(&p, p.proof.claimed_sums);
        memcpy(sums + (size_t)SECURE * a, sums + (size_t)SECURE * b, SECURE);
        expect(&p, "one component's sum for another", "proof.logup");
    }
    load(&p);
    memset(own(&p, p.proof.claimed_sums), 0, (size_t)SECURE * p.proof.claimed_sums.n);
    expect(&p, "no sums at all", "proof.logup");

    load(&p); /* a last component whose sum is zero */
    memcpy(spare, p.proof.claimed_sums.p, (size_t)SECURE * p.proof.claimed_sums.n);
    memset(spare + (size_t)SECURE * p.proof.claimed_sums.n, 0, SECURE);
    p.proof.claimed_sums = (sage_view){spare, p.proof.claimed_sums.n + 1};
    expect(&p, "a sum of no component", "proof.shape.claimed_sums");
}

/* ---- public memory ---- */

static void test_cells(void **state)
{
    (void)state;
    sage_cairo_proof p;
    load(&p); /* ids and values of two program words, so that the same cells stay in use */
    sage_cairo_cell cell    = p.claim.program.at[100];
    p.claim.program.at[100] = p.claim.program.at[101];
    p.claim.program.at[101] = cell;
    expect(&p, "two program words exchanged", "proof.pow.interaction");

    load(&p);
    p.claim.program.at[1339].value = p.claim.program.at[100].value;
    expect(&p, "the last program word is another", "proof.pow.interaction");
    load(&p);
    p.claim.program.at[1339].id = p.claim.program.at[100].id;
    expect(&p, "the last program word's id is another", "proof.pow.interaction");
    load(&p);
    p.claim.program.at[3].value.w[0] ^= 1;
    expect(&p, "main is elsewhere", "proof.pow.interaction");
    load(&p);
    p.claim.program.at[1].value.w[0] = 10;
    expect(&p, "ten builtins", "cairo.claim.n_builtins");
    load(&p);
    p.claim.program.at[4].value.w[0] ^= 1;
    expect(&p, "another prologue", "cairo.claim.prologue");
    load(&p);
    p.claim.program.n--;
    expect(&p, "a program word less", "proof.pow.interaction");
    load(&p);
    p.claim.program.n = 5;
    expect(&p, "hardly a program", "cairo.claim.program_length");

    load(&p);
    p.claim.output.at[0].value.w[0] = 1;
    expect(&p, "another output", "proof.pow.interaction");
    load(&p);
    p.claim.output.at[1].id++;
    expect(&p, "an output of another id", "proof.pow.interaction");
    load(&p);
    p.claim.output.n = 1;
    expect(&p, "an output less", "cairo.claim.output_length");
    load(&p);
    p.claim.output.n = 1;
    p.claim.segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_STOP]--;
    expect(&p, "an output and its cell less", "proof.pow.interaction");
    load(&p);
    p.claim.segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_START]++;
    p.claim.segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_STOP]++;
    expect(&p, "the outputs one cell further", "proof.pow.interaction");
    load(&p); /* output becomes the last of the program: the same list of ids is mixed */
    sage_cairo_cell *more = realloc(p.claim.program.at, 1341 * sizeof *more);
    assert_non_null(more);
    more[1340]       = p.claim.output.at[1];
    p.claim.program  = (sage_cairo_cells){more, 1341};
    p.claim.output.n = 1;
    p.claim.segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_STOP]--;
    expect(&p, "an output called a program word", "proof.pow.interaction");
}

static void test_segments(void **state)
{
    (void)state;
    sage_cairo_proof p;
    for (uint32_t i = 1; i < SAGE_CAIRO_SEGMENTS; i++) {
        load(&p);
        p.claim.segments[i][SAGE_CAIRO_STOP]++;
        bool never = i == SAGE_CAIRO_SEGMENT_ECDSA || i == SAGE_CAIRO_SEGMENT_KECCAK;
        expect(&p, "a builtin used without its component",
               never ? "cairo.claim.builtin_unsupported" : "cairo.claim.builtin_absent");

        load(&p); /* an empty segment elsewhere breaks no rule, but the transcript */
        p.claim.segments[i][SAGE_CAIRO_START]++;
        p.claim.segments[i][SAGE_CAIRO_STOP]++;
        expect(&p, "an empty segment elsewhere", "proof.pow.interaction");
    }
    load(&p);
    for (int k = 0; k < 4; k++) {
        uint32_t v             = p.claim.segments[1][k];
        p.claim.segments[1][k] = p.claim.segments[3][k];
        p.claim.segments[3][k] = v;
    }
    expect(&p, "segments of two builtins exchanged", "proof.pow.interaction");
}

/* ---- components ---- */

/* A component that is there called absent, and the reverse with a size it could have. */
static void test_every_component_flipped(void **state)
{
    (void)state;
    static const char *const where[] = {"cairo.claim.*", "cairo.component",
                                        "proof.shape.sampled", NULL};
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        for (uint32_t way = 0; way < 2; way++) {
            sage_cairo_proof p;
            sage_errinfo err;
            if (i == SAGE_CAIRO_MEMORY_BIG) break;
            load(&p);
            uint8_t fixed  = sage_cairo_components[i].log;
            p.claim.log[i] = p.claim.log[i] ? 0 : fixed ? fixed : way ? 20 : SAGE_CAIRO_MIN_LOG;
            sage_status s  = cairo_judge(&p, &err);
            if (s == SAGE_OK || !cairo_refusal(s) || !cairo_where_in(err.where, where))
                fail_msg("%s flipped: %s", sage_cairo_components[i].name, err.where);
            cairo_reasons_add(&reasons, err.where, 1);
            sage_cairo_proof_free(&p);
        }
}

/* Two components of one size, one called the other: the list of sizes stays, the flags differ
 * (facts F2: flags that were not mixed). */
static void test_component_called_another(void **state)
{
    (void)state;
    sage_cairo_proof p;
    uint32_t pairs = 0;
    for (uint32_t a = 0; a < 20; a++)
        for (uint32_t b = a + 1; b < 20; b++) {
            load(&p);
            const sage_cairo_component *one = &sage_cairo_components[a],
                                       *two = &sage_cairo_components[b];
            if (p.claim.log[a] == p.claim.log[b]) {
                sage_cairo_proof_free(&p);
                continue;
            }
            uint8_t log    = p.claim.log[a];
            p.claim.log[a] = p.claim.log[b];
            p.claim.log[b] = log;
            /* The columns and their samples are as before, unless seq_k is read. */
            bool reads_seq = one->seq || two->seq;
            sage_errinfo err;
            sage_status s = cairo_judge(&p, &err);
            assert_int_equal(s, SAGE_EPROOF);
            if (strcmp(err.where, "proof.pow.interaction") != 0 &&
                !(reads_seq && !strcmp(err.where, "proof.shape.sampled")))
                fail_msg("sizes of %s and %s exchanged: %s", one->name, two->name, err.where);
            cairo_reasons_add(&reasons, err.where, 1);
            sage_cairo_proof_free(&p);
            pairs++;
        }
    assert_true(pairs > 100);
}

static void test_big_memories(void **state)
{
    (void)state;
    static const struct {
        uint32_t n;
        uint8_t log;
        const char *where;
    } cases[] = {
        {0, 0, "proof.shape.sampled"},
        {2, 4, "proof.shape.sampled"},
        {16, 4, "proof.shape.sampled"},
        {16, 25, "proof.shape.sampled"},
        {1, 3, "cairo.claim.log_size"},
        {1, 26, "cairo.claim.log_size"},
        {1, 31, "cairo.claim.big_ids"},
        {1, 32, "cairo.claim.big_ids"},
        {1, 255, "cairo.claim.big_ids"},
        {17, 4, "cairo.claim.big_count"},
        {UINT32_MAX, 4, "cairo.claim.big_count"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_cairo_proof p;
        char what[32];
        load(&p);
        p.claim.n_big = cases[i].n;
        memset(p.claim.big_log, cases[i].log, sizeof p.claim.big_log);
        snprintf(what, sizeof what, "%u big memories", cases[i].n);
        expect(&p, what, cases[i].where);
    }
}

/* The good proof is still good, and a higher demand on security is not met. */
static void test_base(void **state)
{
    (void)state;
    sage_cairo_proof p;
    sage_errinfo err;
    load(&p);
    if (cairo_judge(&p, &err) != SAGE_OK) fail_msg("%s: %s", err.where, err.msg);
    sage_cairo_proof_free(&p);
    cairo_reasons_print(&reasons, "changes of structure");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees_exchanged),
        cmocka_unit_test(test_siblings_exchanged),
        cmocka_unit_test(test_rows_exchanged),
        cmocka_unit_test(test_layers_exchanged),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_counts_of_parts),
        cmocka_unit_test(test_every_column_sampled_otherwise),
        cmocka_unit_test(test_preprocessed_samples_moved),
        cmocka_unit_test(test_trees_empty),
        cmocka_unit_test(test_salt),
        cmocka_unit_test(test_nonces),
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_claimed_sums),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_every_component_flipped),
        cmocka_unit_test(test_component_called_another),
        cmocka_unit_test(test_big_memories),
        cmocka_unit_test(test_base),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}

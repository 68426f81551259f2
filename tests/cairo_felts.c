#include "cairo_felts.h"

#include "base/test.h"
#include "hash/blake2s.h"

const char *const cairo_section_names[SECTIONS] = {
    [SEC_PROGRAM_ID]      = "program id",
    [SEC_PROGRAM_VALUE]   = "program value",
    [SEC_SEGMENTS]        = "segments",
    [SEC_OUTPUT_ID]       = "output id",
    [SEC_OUTPUT_VALUE]    = "output value",
    [SEC_SAFE_CALL]       = "safe call",
    [SEC_INITIAL]         = "initial registers",
    [SEC_FINAL]           = "final registers",
    [SEC_OPTION]          = "option tag",
    [SEC_LOG_SIZE]        = "log size",
    [SEC_INTERACTION_POW] = "interaction nonce",
    [SEC_CLAIMED_SUMS]    = "claimed sums",
    [SEC_CONFIG]          = "config",
    [SEC_ROOT]            = "tree root",
    [SEC_SAMPLED]         = "sampled value",
    [SEC_SIBLINGS]        = "hash witness",
    [SEC_QUERIED]         = "queried value",
    [SEC_POW_NONCE]       = "query nonce",
    [SEC_FRI_WITNESS]     = "FRI witness",
    [SEC_FRI_SIBLINGS]    = "FRI hash witness",
    [SEC_FRI_ROOT]        = "FRI root",
    [SEC_LAST_LAYER]      = "last layer",
    [SEC_LAST_LOG]        = "last layer's log size",
    [SEC_SALT]            = "salt",
    [SEC_COUNT]           = "length prefix",
};

/* The map as it grows, felt by felt beside the text. */
typedef struct mapper {
    cairo_felts *m;
    const cairo_text *text;
} mapper;

static uint8_t bytes_of(cairo_felt_kind kind)
{
    switch (kind) {
    case FELT_SHAPE: return 0;
    case FELT_TAG:
    case FELT_LOG: return 1;
    case FELT_M31:
    case FELT_WORD:
    case FELT_TOP: return 4;
    case FELT_U64: return 8;
    case FELT_DIGEST: return 32;
    }
    return 0;
}

static void put(mapper *b, cairo_section section, cairo_felt_kind kind, uint32_t part, void *at)
{
    uint32_t i = b->m->n++, want[8], got[8] = {0};
    assert_true(i < b->text->n);
    b->m->felt[i] = (cairo_felt){section, kind, (uint8_t)part, false, false, 0, at};
    cairo_text_words(b->text, i, want);
    memcpy(got, at, bytes_of(kind));
    if (kind == FELT_TAG) got[0] = got[0] == 0;
    if (memcmp(got, want, sizeof got) != 0)
        fail_msg("felt %u, %s: read as another value", i, cairo_section_names[section]);
}

/* A felt that is in the proof only as the shape of what follows. */
static void put_shape(mapper *b, cairo_section section, uint32_t part, uint32_t value)
{
    uint32_t i = b->m->n++, want[8];
    assert_true(i < b->text->n);
    b->m->felt[i] = (cairo_felt){section, FELT_SHAPE, (uint8_t)part, false, false, 0, NULL};
    cairo_text_words(b->text, i, want);
    assert_int_equal(want[0], value);
}

static void put_count(mapper *b, uint32_t part, uint32_t n)
{
    put_shape(b, SEC_COUNT, part, n);
}

/* Marks the ends of the vector whose first felt is `from`. */
static void mark(mapper *b, uint32_t from)
{
    if (from == b->m->n) return;
    b->m->felt[from].first       = true;
    b->m->felt[b->m->n - 1].last = true;
}

/* What a view shows, to be changed: it points into the proof's own bytes. */
static uint8_t *own(mapper *b, sage_view v)
{
    sage_sink *bytes = &b->m->proof.bytes;
    return v.p ? bytes->bytes + (v.p - bytes->bytes) : NULL;
}

static void put_m31s(mapper *b, cairo_section section, uint32_t part, uint8_t *at, uint32_t n)
{
    uint32_t from = b->m->n;
    for (uint32_t i = 0; i < n; i++)
        put(b, section, FELT_M31, part, at + (size_t)4 * i);
    mark(b, from);
}

static void put_digests(mapper *b, cairo_section section, uint32_t part, sage_view v)
{
    uint8_t *at   = own(b, v);
    uint32_t from = b->m->n;
    for (uint32_t i = 0; i < v.n; i++, at += 32)
        if (b->m->proof.hash == SAGE_HASH_POSEIDON252)
            put(b, section, FELT_DIGEST, part, at);
        else
            for (uint32_t k = 0; k < 8; k++)
                put(b, section, FELT_WORD, part, at + (size_t)4 * k);
    mark(b, from);
}

static void
put_cells(mapper *b, cairo_section id, cairo_section value, const sage_cairo_cells *cells)
{
    put_count(b, 0, cells->n);
    uint32_t from = b->m->n;
    for (uint32_t i = 0; i < cells->n; i++) {
        put(b, id, FELT_M31, i < UINT8_MAX ? i : UINT8_MAX, &cells->at[i].id);
        for (uint32_t k = 0; k < 8; k++)
            put(b, value, k == 7 ? FELT_TOP : FELT_WORD, i < UINT8_MAX ? i : UINT8_MAX,
                &cells->at[i].value.w[k]);
    }
    mark(b, from);
}

static void put_components(mapper *b)
{
    sage_cairo_claim *c = &b->m->proof.claim;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        if (i == SAGE_CAIRO_MEMORY_BIG) {
            put_shape(b, SEC_OPTION, i, 0);
            put_count(b, i, c->n_big);
            uint32_t from = b->m->n;
            for (uint32_t k = 0; k < c->n_big; k++)
                put(b, SEC_LOG_SIZE, FELT_LOG, i, &c->big_log[k]);
            mark(b, from);
            continue;
        }
        put(b, SEC_OPTION, FELT_TAG, i, &c->log[i]);
        if (c->log[i] && !sage_cairo_components[i].log)
            put(b, SEC_LOG_SIZE, FELT_LOG, i, &c->log[i]);
    }
}

static void put_claim(mapper *b)
{
    sage_cairo_claim *c = &b->m->proof.claim;
    put_cells(b, SEC_PROGRAM_ID, SEC_PROGRAM_VALUE, &c->program);
    for (uint32_t i = 0; i < SAGE_CAIRO_SEGMENTS; i++)
        for (uint32_t k = 0; k < 4; k++)
            put(b, SEC_SEGMENTS, FELT_M31, 4 * i + k, &c->segments[i][k]);
    put_cells(b, SEC_OUTPUT_ID, SEC_OUTPUT_VALUE, &c->output);
    for (uint32_t i = 0; i < 2; i++)
        put(b, SEC_SAFE_CALL, FELT_M31, i, &c->safe_call_ids[i]);
    for (uint32_t i = 0; i < 3; i++)
        put(b, SEC_INITIAL, FELT_M31, i, &c->initial[i]);
    for (uint32_t i = 0; i < 3; i++)
        put(b, SEC_FINAL, FELT_M31, i, &c->final[i]);
    put_components(b);
}

static void put_head(mapper *b)
{
    sage_proof *p      = &b->m->proof.proof;
    uint32_t *config[] = {&p->config.pow_bits, &p->config.log_blowup, &p->config.log_last_layer,
                          &p->config.n_queries, &p->config.fold_step};
    put(b, SEC_INTERACTION_POW, FELT_U64, 0, &p->interaction_pow);
    put_count(b, 0, p->claimed_sums.n);
    put_m31s(b, SEC_CLAIMED_SUMS, 0, own(b, p->claimed_sums), 4 * p->claimed_sums.n);
    for (uint32_t i = 0; i < 5; i++)
        put(b, SEC_CONFIG, FELT_WORD, i, config[i]);
    put_count(b, 0, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++)
        put_digests(b, SEC_ROOT, t, (sage_view){p->roots.p + (size_t)32 * t, 1});
}

static void put_sampled(mapper *b)
{
    const sage_cairo_proof *p = &b->m->proof;
    const uint8_t *samples    = p->n_samples;
    uint8_t *at               = own(b, p->proof.sampled);
    put_count(b, 0, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        put_count(b, t, p->n_columns[t]);
        for (uint32_t c = 0; c < p->n_columns[t]; c++, samples++) {
            put_count(b, t, *samples);
            uint32_t from = b->m->n;
            put_m31s(b, SEC_SAMPLED, t, at, 4u * *samples);
            for (uint32_t i = from; i < b->m->n; i++)
                b->m->felt[i].column = (uint16_t)c;
            at += (size_t)16 * *samples;
        }
    }
}

static void put_openings(mapper *b)
{
    const sage_proof *p = &b->m->proof.proof;
    put_count(b, 0, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        put_count(b, t, p->hash_witness[t].n);
        put_digests(b, SEC_SIBLINGS, t, p->hash_witness[t]);
    }
    put_count(b, 0, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        put_count(b, t, p->queried[t].n);
        put_m31s(b, SEC_QUERIED, t, own(b, p->queried[t]), p->queried[t].n);
    }
}

static void put_fri(mapper *b)
{
    sage_proof *p = &b->m->proof.proof;
    put(b, SEC_POW_NONCE, FELT_U64, 0, &p->pow_nonce);
    for (uint32_t i = 0; i < p->n_layers; i++) {
        const sage_proof_layer *l = &p->layer[i];
        put_count(b, i, l->witness.n);
        put_m31s(b, SEC_FRI_WITNESS, i, own(b, l->witness), 4 * l->witness.n);
        put_count(b, i, l->hash_witness.n);
        put_digests(b, SEC_FRI_SIBLINGS, i, l->hash_witness);
        put_digests(b, SEC_FRI_ROOT, i, l->root);
        if (i == 0) put_count(b, 0, p->n_layers - 1);
    }
    put_count(b, 0, p->last_layer.n);
    put_m31s(b, SEC_LAST_LAYER, 0, own(b, p->last_layer), 4 * p->last_layer.n);
    put_shape(b, SEC_LAST_LOG, 0, p->config.log_last_layer);
}

void cairo_felts_open(cairo_felts *m, const cairo_text *t)
{
    sage_errinfo err = {0};
    sage_status s    = sage_cairo_read(&m->proof, (const uint8_t *)t->bytes, t->len,
                                       SAGE_CAIRO_FORMAT_SERDE, &err);
    if (s != SAGE_OK) fail_msg("%s: %s", err.where, err.msg);
    m->n    = 0;
    m->felt = calloc(t->n, sizeof *m->felt);
    assert_non_null(m->felt);
    mapper b = {m, t};
    put_claim(&b);
    put_head(&b);
    put_sampled(&b);
    put_openings(&b);
    put_fri(&b);
    put(&b, SEC_SALT, FELT_M31, 0, &m->proof.salt);
    assert_int_equal(m->n, t->n);
}

void cairo_felts_close(cairo_felts *m)
{
    free(m->felt);
    sage_cairo_proof_free(&m->proof);
}

static void copy_cells(sage_cairo_cells *out, const sage_cairo_cells *in)
{
    *out = (sage_cairo_cells){NULL, in->n};
    if (!in->n) return;
    out->at = malloc(in->n * sizeof *in->at);
    assert_non_null(out->at);
    memcpy(out->at, in->at, in->n * sizeof *in->at);
}

static void *copy_bytes(const void *bytes, size_t n)
{
    void *out = malloc(n ? n : 1);
    assert_non_null(out);
    memcpy(out, bytes, n);
    return out;
}

void cairo_proof_copy(sage_cairo_proof *out, const sage_cairo_proof *p)
{
    size_t columns = 0;
    for (int t = 0; t < SAGE_MAX_TREES; t++)
        columns += p->n_columns[t];
    *out = *p;
    copy_cells(&out->claim.program, &p->claim.program);
    copy_cells(&out->claim.output, &p->claim.output);
    out->n_samples = copy_bytes(p->n_samples, columns);
    out->bytes     = (sage_sink){copy_bytes(p->bytes.bytes, p->bytes.len), p->bytes.len,
                                 p->bytes.len, false};
    assert_int_equal(sage_proof_parse(&out->proof, out->bytes.bytes, out->bytes.len, NULL),
                     SAGE_OK);
}

uint64_t cairo_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* The lowest bit, a high bit, the next value, zero or one, the largest, a random one. */
static uint64_t other(uint64_t v, uint64_t max, uint32_t high_bit, uint64_t *seed)
{
    const uint64_t give[] = {v ^ 1, v ^ 1ull << high_bit,   v + 1, v ? 0 : 1,
                             max,   cairo_random(seed) >> 1};
    uint64_t to           = give[cairo_random(seed) % 6];
    if (to > max) to %= max;
    return to != v ? to : v ? v - 1 : 1;
}

static uint64_t another(const cairo_felt *f, uint64_t v, uint64_t *seed)
{
    switch ((cairo_felt_kind)f->kind) {
    case FELT_TAG: {
        uint8_t log = sage_cairo_components[f->part].log;
        return v ? 0 : log ? log : SAGE_CAIRO_MIN_LOG + cairo_random(seed) % 18;
    }
    case FELT_LOG: {
        uint64_t to =
            SAGE_CAIRO_MIN_LOG + cairo_random(seed) % (SAGE_CAIRO_MAX_LOG - SAGE_CAIRO_MIN_LOG);
        return to + (to >= v);
    }
    case FELT_M31: return other(v, M31_P - 1, 29, seed);
    case FELT_TOP: return other(v, (1u << 28) - 1, 27, seed);
    case FELT_U64: return other(v, UINT64_MAX, 63, seed);
    case FELT_WORD: return other(v, UINT32_MAX, 31, seed);
    case FELT_SHAPE:
    case FELT_DIGEST: break;
    }
    return v;
}

/* A digest below the prime stays there: its highest word is left alone. */
static void change_digest(uint8_t *at, uint64_t *seed)
{
    uint8_t *word = at + 4 * (cairo_random(seed) % 7);
    sage_store_le32(word, sage_load_le32(word) ^ 1u << cairo_random(seed) % 32);
}

cairo_value cairo_felt_change(const cairo_felt *f, uint64_t *seed)
{
    cairo_value old = {{0}};
    uint64_t v      = 0;
    uint8_t n       = bytes_of(f->kind);
    assert_true(f->kind != FELT_SHAPE);
    memcpy(old.bytes, f->at, n);
    if (f->kind == FELT_DIGEST) {
        change_digest(f->at, seed);
        return old;
    }
    memcpy(&v, f->at, n);
    v = another(f, v, seed);
    memcpy(f->at, &v, n);
    assert_memory_not_equal(f->at, old.bytes, n);
    return old;
}

void cairo_felt_restore(const cairo_felt *f, const cairo_value *old)
{
    memcpy(f->at, old->bytes, bytes_of(f->kind));
}

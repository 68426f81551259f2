#include "base/test.h"

#include "tests/cairo_synthetic.h"

/* The text as it grows, and a sequence of values. */
typedef struct maker {
    char *text;
    size_t len, cap;
    uint64_t seed;
    sage_hash_kind hash;
} maker;

static void put_hex(maker *m, const char *hex)
{
    size_t n = strlen(hex) + 16;
    if (m->cap - m->len < n) {
        m->cap  = 2 * m->cap + n;
        m->text = realloc(m->text, m->cap);
        assert_non_null(m->text);
    }
    m->len += (size_t)sprintf(m->text + m->len, "%s\n  \"0x%s\"", m->len ? "," : "[", hex);
}

static void put(maker *m, uint64_t v)
{
    char hex[17];
    snprintf(hex, sizeof hex, "%llx", (unsigned long long)v);
    put_hex(m, hex);
}

static uint32_t next(maker *m)
{
    m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(m->seed >> 33) % M31_P;
}

static void put_many(maker *m, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        put(m, next(m));
}

static void put_digest(maker *m)
{
    char hex[65];
    if (m->hash == SAGE_HASH_BLAKE2S) {
        put_many(m, 8);
        return;
    }
    snprintf(hex, sizeof hex, "7%08x%08x%08x%08x%08x%08x%08x", next(m), next(m), next(m),
             next(m), next(m), next(m), next(m));
    put_hex(m, hex);
}

static void put_digests(maker *m, uint32_t n)
{
    put(m, n);
    for (uint32_t i = 0; i < n; i++)
        put_digest(m);
}

static void put_cells(maker *m, uint32_t n)
{
    put(m, n);
    for (uint32_t i = 0; i < n; i++) {
        put_many(m, 8);
        put(m, i % 2 ? 0x0fffffff : 0);
    }
}

static bool is_present(const synthetic *s, uint32_t i)
{
    const char *name = sage_cairo_components[i].name;
    return s->all || !strcmp(name, "ret_opcode") || !strcmp(name, "verify_instruction") ||
           !strcmp(name, "range_check_20");
}

static uint8_t log_of(uint32_t i)
{
    uint8_t fixed = sage_cairo_components[i].log;
    return fixed ? fixed : (uint8_t)(6 + (i * 7) % 11);
}

static void fill_claim(const synthetic *s, sage_cairo_claim *c)
{
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        c->log[i] = is_present(s, i) && i != SAGE_CAIRO_MEMORY_BIG ? log_of(i) : 0;
    c->n_big = s->n_big;
    for (uint32_t i = 0; i < s->n_big; i++)
        c->big_log[i] = (uint8_t)(5 + i);
}

static void put_claim(maker *m, const synthetic *s, const sage_cairo_claim *c)
{
    put_cells(m, s->n_program);
    put_many(m, 44);
    put_cells(m, s->n_output);
    put_many(m, 2 + 3 + 3);
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        bool big = i == SAGE_CAIRO_MEMORY_BIG;
        put(m, big || c->log[i] ? 0 : 1);
        if (big) put(m, c->n_big);
        for (uint32_t k = 0; big && k < c->n_big; k++)
            put(m, c->big_log[k]);
        if (c->log[i] && !sage_cairo_components[i].log) put(m, c->log[i]);
    }
}

static void put_samples(maker *m, const sage_pcs_shape *shape)
{
    put(m, SAGE_MAX_TREES);
    for (int t = 0; t < SAGE_MAX_TREES; t++) {
        put(m, shape->tree[t].n_cols);
        for (uint32_t i = 0; i < shape->tree[t].n_cols; i++) {
            put(m, shape->tree[t].samples[i]);
            put_many(m, 4u * shape->tree[t].samples[i]);
        }
    }
}

uint32_t synthetic_queried(uint32_t tree, uint32_t i)
{
    return (tree + 1) * 100000000u + i;
}

static void put_queried(maker *m, const synthetic *s, const sage_pcs_shape *shape)
{
    put(m, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++) {
        uint32_t n = s->n_queries * shape->tree[t].n_cols;
        put(m, n);
        for (uint32_t i = 0; i < n; i++)
            put(m, synthetic_queried(t, i));
    }
}

static void put_layer(maker *m, uint32_t witness, uint32_t hashes)
{
    put(m, witness);
    put_many(m, 4 * witness);
    put_digests(m, hashes);
    put_digest(m);
}

static void put_proof(maker *m, const synthetic *s, const sage_pcs_shape *shape, uint32_t sums)
{
    const sage_config *c    = &shape->config;
    const uint32_t config[] = {c->pow_bits, c->log_blowup, c->log_last_layer, c->n_queries,
                               c->fold_step};
    put(m, 0x123456789abcdef0);
    put(m, sums);
    put_many(m, 4 * sums);
    for (int i = 0; i < 5; i++)
        put(m, config[i]);
    put_digests(m, SAGE_MAX_TREES);
    put_samples(m, shape);
    put(m, SAGE_MAX_TREES);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++)
        put_digests(m, 3 * t);
    put_queried(m, s, shape);
    put(m, UINT64_MAX);
    put_layer(m, 2, 3);
    put(m, s->n_layers);
    for (uint32_t i = 0; i < s->n_layers; i++)
        put_layer(m, i, 2 * i);
    put(m, 1u << s->log_last);
    put_many(m, 4u << s->log_last);
    put(m, s->log_last);
    put(m, M31_P - 1); /* the salt */
}

char *synthetic_text(const synthetic *s, size_t *len)
{
    maker m              = {.seed = 1, .hash = s->hash};
    sage_cairo_proof p   = {.hash = s->hash, .variant = s->variant};
    sage_pcs_shape shape = {0};
    void *mem            = NULL;
    sage_errinfo err     = {0};
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];

    p.proof.config = (sage_config){26, 1, s->n_queries, s->log_last, 3};
    fill_claim(s, &p.claim);
    if (sage_cairo_shape(&p, &shape, &mem, &err)) fail_msg("%s: %s", err.where, err.msg);
    put_claim(&m, s, &p.claim);
    put_proof(&m, s, &shape, sage_cairo_instances(&p.claim, in));
    free(mem);
    memcpy(m.text + m.len, "\n]", 3); /* put_hex keeps room */
    *len = m.len + 2;
    return m.text;
}

/* Hostile Cairo proofs in memory, past the readers: bytes are edits of a well-formed proof,
 * eight a piece, and the verifier gives an answer to what they make of it.
 *
 * The first byte chooses the proof. Even: one of our own making, false, whose trees have the
 * shape that its claim asks for after the edits, so that the checks behind the shape are
 * reached. Odd: the published Blake2s proof, where it is at hand ($SAGE_SHARED, else ../shared
 * beside $SAGE_SOURCE_DIR); it is accepted as it is and never otherwise. */
#include <stdbool.h>

#include "base/bytes.h"
#include "base/file.h"
#include "cairo/public.h"
#include "cairo/verify.h"
#include "fuzz/fuzz.h"

#define PUBLISHED "vectors/stwo-cairo/test_prove_verify_all_opcode_components/proof.json"

enum {
    MAX_FILE    = 16 << 20,
    MAX_COLUMNS = 1 << 16,
    MAX_EDITS   = 64,
    EDIT_BYTES  = 8,
    SPARE_BYTES = 4 << 20, /* what vectors of chosen length show; then four roots */
    ROOT_BYTES  = 32 * SAGE_MAX_TREES,
    PROGRAM     = 8,
    OUTPUT      = 2
};

static uint8_t *spare;
static sage_cairo_proof published;

/* ---- the two proofs ---- */

static void load_published(void)
{
    char path[1024];
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    uint8_t *text;
    size_t len;
    sage_errinfo err;
    if (shared)
        snprintf(path, sizeof path, "%s/" PUBLISHED, shared);
    else
        snprintf(path, sizeof path, "%s/../shared/" PUBLISHED, source ? source : ".");
    if (sage_file_read(path, MAX_FILE, &text, &len, &err)) return;
    FUZZ_EXPECT(!sage_cairo_read(&published, text, len, SAGE_CAIRO_FORMAT_SERDE, &err));
    FUZZ_EXPECT(!sage_cairo_verify(&published, SAGE_SECURITY_BITS, &err));
    free(text);
}

static void load(void)
{
    if (spare) return;
    spare = calloc(SPARE_BYTES + ROOT_BYTES, 1);
    if (!spare) abort();
    for (size_t i = 0; i < SPARE_BYTES / 4; i++)
        sage_store_le32(spare + 4 * i, (uint32_t)(i * 2654435761u) % M31_P);
    load_published();
}

static void *copy(const void *bytes, size_t n)
{
    void *out = malloc(n ? n : 1);
    if (!out) abort();
    if (n) memcpy(out, bytes, n);
    return out;
}

static void copy_published(sage_cairo_proof *p)
{
    const sage_cairo_cells *program = &published.claim.program,
                           *output  = &published.claim.output;
    *p                              = published;
    p->claim.program.at             = copy(program->at, program->n * sizeof *program->at);
    p->claim.output.at              = copy(output->at, output->n * sizeof *output->at);
    p->n_samples                    = copy(published.n_samples, MAX_COLUMNS);
    p->bytes.bytes                  = copy(published.bytes.bytes, published.bytes.len);
    FUZZ_EXPECT(!sage_proof_parse(&p->proof, p->bytes.bytes, p->bytes.len, NULL));
}

/* A claim that keeps every rule: all components but builtins and their helpers. */
static void make_claim(sage_cairo_claim *c)
{
    static const uint64_t words[PROGRAM] = {
        0x040780017fff7fff, 11, 0x1104800180018000, 4,
        0x010780017fff7fff, 0,  0x480a7ff77fff8000, 0x208b7fff7fff7ffe};
    c->program = (sage_cairo_cells){calloc(PROGRAM, sizeof *c->program.at), PROGRAM};
    c->output  = (sage_cairo_cells){calloc(OUTPUT, sizeof *c->output.at), OUTPUT};
    if (!c->program.at || !c->output.at) abort();
    for (uint32_t i = 0; i < PROGRAM; i++)
        c->program.at[i] =
            (sage_cairo_cell){i, {{(uint32_t)words[i], (uint32_t)(words[i] >> 32)}}};
    for (uint32_t i = 0; i < OUTPUT; i++)
        c->output.at[i].value.w[0] = i;
    for (uint32_t i = 0; i < SAGE_CAIRO_SEGMENTS; i++)
        c->segments[i][SAGE_CAIRO_START] = c->segments[i][SAGE_CAIRO_STOP] = 100;
    c->segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_STOP] = 100 + OUTPUT;
    c->initial[SAGE_CAIRO_PC] = 1, c->final[SAGE_CAIRO_PC] = 5;
    c->initial[SAGE_CAIRO_AP] = c->initial[SAGE_CAIRO_FP] = c->final[SAGE_CAIRO_FP] = 20;
    c->final[SAGE_CAIRO_AP]                                                         = 60;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if ((i < 26 || i > 47) && i != SAGE_CAIRO_MEMORY_BIG)
            c->log[i] = sage_cairo_components[i].log ? sage_cairo_components[i].log : 4 + i % 5;
    c->n_big = 1, c->big_log[0] = 5;
}

static void make_own(sage_cairo_proof *p)
{
    memset(p, 0, sizeof *p);
    make_claim(&p->claim);
    p->n_samples = calloc(MAX_COLUMNS, 1);
    if (!p->n_samples) abort();
    p->proof.config  = (sage_config){26, 1, 70, 0, 3};
    p->proof.n_trees = SAGE_MAX_TREES;
    p->proof.roots   = (sage_view){spare + SPARE_BYTES, SAGE_MAX_TREES};
    FUZZ_EXPECT(sage_cairo_preprocessed_root(p->variant, p->hash, 1, spare + SPARE_BYTES));
}

/* Trees of the shape that the claim asks for, and openings of the right length. */
static void shape_as_claimed(sage_cairo_proof *p)
{
    sage_pcs_shape shape;
    void *mem;
    if (p->claim.n_big > SAGE_CAIRO_MAX_BIG || sage_cairo_shape(p, &shape, &mem, NULL)) return;
    uint8_t *at = p->n_samples;
    for (int t = 0; t < SAGE_MAX_TREES; t++) {
        p->n_columns[t] = shape.tree[t].n_cols;
        memcpy(at, shape.tree[t].samples, shape.tree[t].n_cols);
        at += shape.tree[t].n_cols;
    }
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    p->proof.sampled      = (sage_view){spare, (uint32_t)shape.n_samples};
    p->proof.claimed_sums = (sage_view){spare, sage_cairo_instances(&p->claim, in)};
    free(mem);
}

/* ---- edits ---- */

typedef struct edit {
    uint8_t what;
    uint32_t where, value;
} edit;

/* A vector of the proof and the size of its items. */
static sage_view *view_of(sage_cairo_proof *p, uint32_t i, uint32_t *item)
{
    sage_proof *q = &p->proof;
    *item         = 16;
    switch (i % 7) {
    case 0: return &q->claimed_sums;
    case 1: return &q->sampled;
    case 2: return &q->layer[i / 7 % SAGE_MAX_FRI_LAYERS].witness;
    case 3: return &q->last_layer;
    case 4: *item = 4; return &q->queried[i / 7 % SAGE_MAX_TREES];
    case 5: *item = 32; return &q->hash_witness[i / 7 % SAGE_MAX_TREES];
    default: *item = 32; return &q->layer[i / 7 % SAGE_MAX_FRI_LAYERS].hash_witness;
    }
}

static void edit_length(sage_cairo_proof *p, edit e)
{
    uint32_t item;
    sage_view *v = view_of(p, e.where, &item);
    if (e.value <= v->n)
        v->n = e.value; /* a beginning of it */
    else
        *v = (sage_view){spare, e.value % (SPARE_BYTES / item)};
}

/* A word of a vector: readers let canonical ones pass, so it is reduced. */
static void edit_word(sage_cairo_proof *p, edit e)
{
    uint32_t item;
    sage_view *v = view_of(p, e.where, &item);
    uint64_t n   = (uint64_t)v->n * item / 4;
    if (!n || !p->bytes.bytes || v->p < p->bytes.bytes) return;
    uint64_t at = (uint64_t)(v->p - p->bytes.bytes) + 4 * (e.value % n);
    if (at + 4 > p->bytes.len) return;
    uint32_t old = sage_load_le32(p->bytes.bytes + at);
    sage_store_le32(p->bytes.bytes + at, (old ^ e.value) % M31_P);
}

static void edit_claim(sage_cairo_claim *c, edit e)
{
    uint32_t *const words[]         = {c->initial, c->final, c->safe_call_ids, c->segments[0]};
    const uint32_t size[]           = {3, 3, 2, 4 * SAGE_CAIRO_SEGMENTS};
    uint32_t w                      = e.where % 4;
    words[w][e.where / 4 % size[w]] = e.value;
}

static void edit_cell(sage_cairo_claim *c, edit e)
{
    sage_cairo_cells *cells = e.where & 1 ? &c->output : &c->program;
    uint32_t i = e.where >> 1, word = e.value % 9;
    if (!cells->n) return;
    if (word == 8)
        cells->at[i % cells->n].id = e.value / 9;
    else
        cells->at[i % cells->n].value.w[word] = e.value;
    if (e.value % 31 == 0) cells->n--;
}

/* Readers leave the sizes of big memories that are not there zero. */
static void edit_sizes(sage_cairo_claim *c, edit e)
{
    uint32_t most = SAGE_CAIRO_MAX_BIG, n = c->n_big < most ? c->n_big : most;
    if (e.where % 4 == 0) {
        c->n_big = e.value % (most + 2);
        for (uint32_t i = c->n_big; i < most; i++)
            c->big_log[i] = 0;
    } else if (e.where % 4 == 1) {
        if (n) c->big_log[e.where / 4 % n] = (uint8_t)e.value;
    } else {
        c->log[e.where / 4 % SAGE_CAIRO_COMPONENTS] = (uint8_t)e.value;
    }
}

static void edit_head(sage_cairo_proof *p, edit e)
{
    sage_config *c           = &p->proof.config;
    uint32_t *const fields[] = {&c->pow_bits, &c->log_blowup, &c->n_queries, &c->log_last_layer,
                                &c->fold_step};
    switch (e.where % 10) {
    case 0: p->salt = e.value % M31_P; break;
    case 1: p->hash = e.value % 2 ? SAGE_HASH_POSEIDON252 : SAGE_HASH_BLAKE2S; break;
    case 2: p->variant = (sage_cairo_variant)(e.value % SAGE_CAIRO_VARIANTS); break;
    case 3: p->proof.interaction_pow ^= e.value; break;
    case 4: p->proof.pow_nonce ^= e.value; break;
    default: *fields[e.where % 5] = e.value; break;
    }
}

static void edit_nesting(sage_cairo_proof *p, edit e)
{
    if (e.where % 16 < SAGE_MAX_TREES)
        p->n_columns[e.where % 16] = e.value % (MAX_COLUMNS / SAGE_MAX_TREES);
    else if (e.where % 16 == 4)
        p->proof.n_layers = e.value % (SAGE_MAX_FRI_LAYERS + 1);
    else if (e.where % 16 == 5)
        p->proof.n_trees = p->proof.roots.n = 3 + e.value % 2;
    else
        p->n_samples[e.where % MAX_COLUMNS] = (uint8_t)(e.value % 3);
}

static void apply(sage_cairo_proof *p, edit e)
{
    switch (e.what % 8) {
    case 0: edit_length(p, e); break;
    case 1: edit_word(p, e); break;
    case 2: edit_claim(&p->claim, e); break;
    case 3: edit_cell(&p->claim, e); break;
    case 4:
    case 5: edit_sizes(&p->claim, e); break;
    case 6: edit_head(p, e); break;
    default: edit_nesting(p, e); break;
    }
}

/* ---- the verdict ---- */

static bool same_view(sage_view a, sage_view b, size_t item)
{
    return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n * item) == 0);
}

/* Edits may cancel out: is it the published proof after all? The views are what is judged. */
static bool is_published(sage_cairo_proof *p)
{
    const sage_proof *a = &p->proof, *b = &published.proof;
    bool same = !memcmp(&a->config, &b->config, sizeof a->config) && a->n_trees == b->n_trees &&
                a->n_layers == b->n_layers && a->interaction_pow == b->interaction_pow &&
                a->pow_nonce == b->pow_nonce && same_view(a->roots, b->roots, 32);
    for (uint32_t i = 0; same && i < 7 * SAGE_MAX_FRI_LAYERS; i++) {
        uint32_t item;
        bool layer = i % 7 == 2 || i % 7 == 6;
        if (layer && i / 7 % SAGE_MAX_FRI_LAYERS >= a->n_layers) continue;
        sage_view *theirs = view_of(&published, i, &item);
        same              = same_view(*view_of(p, i, &item), *theirs, item);
    }
    return same && sage_cairo_proof_equal(p, &published);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_cairo_proof p;
    sage_errinfo err = {0};
    if (!len) return 0;
    load();
    bool own = !(bytes[0] & 1) || !published.bytes.bytes;
    if (own)
        make_own(&p);
    else
        copy_published(&p);
    for (size_t i = 0; i < MAX_EDITS && 1 + (i + 1) * EDIT_BYTES <= len; i++) {
        const uint8_t *at = bytes + 1 + i * EDIT_BYTES;
        uint32_t head     = sage_load_le32(at);
        if (own && i % 2 == 0) shape_as_claimed(&p);
        apply(&p, (edit){(uint8_t)head, head >> 8, sage_load_le32(at + 4)});
    }
    sage_status s = sage_cairo_verify(&p, SAGE_SECURITY_BITS, &err);
    if (s) {
        FUZZ_EXPECT(err.code == s && err.where && strchr(err.where, '.'));
        FUZZ_EXPECT(s == SAGE_EPROOF || s == SAGE_EUNSUP || s == SAGE_EFORMAT);
    } else {
        FUZZ_EXPECT(!own && is_published(&p));
    }
    sage_cairo_proof_free(&p);
    return 0;
}

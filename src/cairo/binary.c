/* cairo/binary.c -- our own form of a Cairo proof. Little-endian, one encoding per proof:
 *
 *   magic        8 bytes "SAGEPRF1"
 *   kind         u32 4, a Cairo proof (statement/container.h: the others)
 *   hash         u32, sage_hash_kind
 *   variant      u32, sage_cairo_variant
 *   salt         u32
 *   initial      3 u32, final 3 u32: pc, ap, fp
 *   segments     11 * 4 u32: start id, start, stop id, stop
 *   safe_call    2 u32
 *   logs         68 bytes, a component each: its log size, 0 if absent; memory_id_to_big's is
 *                the number of its instances
 *   big_logs     16 bytes: their log sizes, then zeros
 *   program      u32 count, count * (u32 id, 8 u32 value)
 *   output       likewise
 *   proof        stark/proof.h, 4 trees, to the end of the file
 *
 * How many columns a tree has and how often each is sampled follows from the claim. */
#include <string.h>

#include "base/bytes.h"
#include "cairo/formats.h"

enum { KIND = 4, CELL_BYTES = 36, CELL_WORDS = 9, DIGEST = 32 };
static const uint8_t magic[8] = {'S', 'A', 'G', 'E', 'P', 'R', 'F', '1'};

typedef struct reader {
    const uint8_t *bytes;
    size_t at, len;
    sage_errinfo *err;
} reader;

static sage_status bad(const reader *r, const char *where, const char *what)
{
    return sage_fail(r->err, SAGE_EFORMAT, where, (long long)r->at, "byte %zu: %s", r->at,
                     what);
}

static sage_status read_bytes(reader *r, uint8_t *out, size_t n, const char *where)
{
    if (r->len - r->at < n) return bad(r, where, "the file ends here");
    memcpy(out, r->bytes + r->at, n);
    r->at += n;
    return SAGE_OK;
}

/* n words below limit (0: any). */
static sage_status
read_words(reader *r, uint32_t *out, size_t n, uint32_t limit, const char *where)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t b[4];
        if (r->len - r->at < sizeof b) return bad(r, where, "the file ends here");
        memcpy(b, r->bytes + r->at, sizeof b);
        out[i] = sage_load_le32(b);
        if (limit && out[i] >= limit) return bad(r, where, "a word out of its range");
        r->at += sizeof b;
    }
    return SAGE_OK;
}

static sage_status read_head(reader *r, sage_cairo_proof *out)
{
    uint8_t begin[sizeof magic];
    uint32_t kind = 0, hash = 0, variant = 0;
    sage_status st = read_bytes(r, begin, sizeof begin, "cairo.format");
    if (st == SAGE_OK) st = read_words(r, &kind, 1, 0, "cairo.format");
    if (st != SAGE_OK) return st;
    if (memcmp(begin, magic, sizeof magic) != 0 || kind != KIND)
        return bad(r, "cairo.format", "not a Cairo proof of ours");
    st = read_words(r, &hash, 1, SAGE_HASH_POSEIDON252 + 1, "cairo.hash");
    if (st == SAGE_OK) st = read_words(r, &variant, 1, SAGE_CAIRO_VARIANTS, "cairo.variant");
    if (st == SAGE_OK) st = read_words(r, &out->salt, 1, M31_P, "cairo.salt");
    out->hash    = (sage_hash_kind)hash;
    out->variant = (sage_cairo_variant)variant;
    return st;
}

static bool is_log(uint8_t log)
{
    return log >= SAGE_CAIRO_MIN_LOG && log <= SAGE_CAIRO_MAX_LOG;
}

static bool is_component_log(uint32_t i, uint8_t log)
{
    uint8_t fixed = sage_cairo_components[i].log;
    return log == 0 || (fixed ? log == fixed : is_log(log));
}

static sage_status read_logs(reader *r, sage_cairo_claim *c)
{
    static const char where[] = "cairo.claim.log_size";
    sage_status st            = read_bytes(r, c->log, sizeof c->log, where);
    if (st == SAGE_OK) st = read_bytes(r, c->big_log, sizeof c->big_log, where);
    if (st != SAGE_OK) return st;
    c->n_big                      = c->log[SAGE_CAIRO_MEMORY_BIG];
    c->log[SAGE_CAIRO_MEMORY_BIG] = 0;
    if (c->n_big > SAGE_CAIRO_MAX_BIG)
        return bad(r, "cairo.claim.big", "more big memory components than there are");
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (!is_component_log(i, c->log[i])) return bad(r, where, "a log size out of range");
    for (uint32_t i = 0; i < SAGE_CAIRO_MAX_BIG; i++)
        if (i < c->n_big ? !is_log(c->big_log[i]) : c->big_log[i] != 0)
            return bad(r, where, "a log size out of range");
    return SAGE_OK;
}

static sage_status read_cells(reader *r, sage_cairo_cells *out, const char *where)
{
    uint32_t n     = 0;
    sage_status st = read_words(r, &n, 1, 0, where);
    if (st != SAGE_OK) return st;
    if (n > SAGE_CAIRO_MAX_CELLS || n > (r->len - r->at) / CELL_BYTES)
        return bad(r, where, "count exceeds the bytes left");
    if (n) st = sage_cairo_alloc_cells(out, n, r->err);
    for (uint32_t i = 0; st == SAGE_OK && i < n; i++) {
        st = read_words(r, &out->at[i].id, 1, M31_P, where);
        if (st == SAGE_OK) st = read_words(r, out->at[i].value.w, CELL_WORDS - 1, 0, where);
        if (st == SAGE_OK && out->at[i].value.w[7] >> 28)
            st = bad(r, where, "a value of more than 252 bits");
    }
    return st;
}

static sage_status read_claim(reader *r, sage_cairo_claim *c)
{
    sage_status st = read_words(r, c->initial, 3, M31_P, "cairo.claim.initial");
    if (st == SAGE_OK) st = read_words(r, c->final, 3, M31_P, "cairo.claim.final");
    if (st == SAGE_OK)
        st = read_words(r, c->segments[0], sizeof c->segments / sizeof(uint32_t), M31_P,
                        "cairo.claim.segments");
    if (st == SAGE_OK) st = read_words(r, c->safe_call_ids, 2, M31_P, "cairo.claim.safe_call");
    if (st == SAGE_OK) st = read_logs(r, c);
    if (st == SAGE_OK) st = read_cells(r, &c->program, "cairo.claim.program");
    if (st == SAGE_OK) st = read_cells(r, &c->output, "cairo.claim.output");
    return st;
}

static bool fits_witness(const sage_proof *p)
{
    bool ok = true;
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++)
        ok &= p->hash_witness[t].n <= SAGE_CAIRO_MAX_WITNESS;
    for (uint32_t i = 0; i < p->n_layers; i++)
        ok &= p->layer[i].hash_witness.n <= SAGE_CAIRO_MAX_WITNESS;
    return ok;
}

/* What the other formats could not say is refused here too. */
static sage_status check_proof(reader *r, const sage_proof *p, sage_hash_kind hash)
{
    uint32_t last = p->last_layer.n;
    if (p->n_trees != SAGE_MAX_TREES) return bad(r, "cairo.commitments", "not four trees");
    if (p->n_layers == 0) return bad(r, "cairo.fri.layers", "no FRI layer");
    if (last == 0 || (last & (last - 1)) || last > 1u << SAGE_MAX_LAST_LOG)
        return bad(r, "cairo.fri.last_log", "the last layer's size is no power of two");
    if (!fits_witness(p))
        return bad(r, "cairo.decommitments", "more siblings than any proof has");
    return sage_proof_check_digests(p, hash, r->err);
}

sage_status sage_cairo_read_binary(sage_cairo_proof *out,
                                   const uint8_t *bytes,
                                   size_t len,
                                   sage_errinfo *err)
{
    reader r       = {bytes, 0, len, err};
    sage_status st = read_head(&r, out);
    if (st == SAGE_OK) st = read_claim(&r, &out->claim);
    if (st != SAGE_OK) return st;

    sage_proof proof;
    st = sage_proof_parse(&proof, bytes + r.at, len - r.at, err);
    if (st != SAGE_OK) {
        if (err) err->at += (long long)r.at;
        return st;
    }
    sage_sink_put(&out->bytes, bytes + r.at, len - r.at);
    st                = check_proof(&r, &proof, out->hash);
    out->proof.config = proof.config;
    return st == SAGE_OK ? sage_cairo_alloc_samples(out, err) : st;
}

static void put_words(sage_sink *out, const uint32_t *w, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        sage_sink_u32(out, w[i]);
}

static void put_cells(sage_sink *out, const sage_cairo_cells *c)
{
    sage_sink_u32(out, c->n);
    for (uint32_t i = 0; i < c->n; i++) {
        sage_sink_u32(out, c->at[i].id);
        put_words(out, c->at[i].value.w, CELL_WORDS - 1);
    }
}

void sage_cairo_write_binary(const sage_cairo_proof *p, sage_sink *out)
{
    const sage_cairo_claim *c = &p->claim;
    uint8_t logs[SAGE_CAIRO_COMPONENTS];
    memcpy(logs, c->log, sizeof logs);
    logs[SAGE_CAIRO_MEMORY_BIG] = (uint8_t)c->n_big;

    sage_sink_put(out, magic, sizeof magic);
    sage_sink_u32(out, KIND);
    sage_sink_u32(out, p->hash);
    sage_sink_u32(out, p->variant);
    sage_sink_u32(out, p->salt);
    put_words(out, c->initial, 3);
    put_words(out, c->final, 3);
    put_words(out, c->segments[0], 4 * SAGE_CAIRO_SEGMENTS);
    put_words(out, c->safe_call_ids, 2);
    sage_sink_put(out, logs, sizeof logs);
    sage_sink_put(out, c->big_log, sizeof c->big_log);
    put_cells(out, &c->program);
    put_cells(out, &c->output);
    sage_sink_put(out, p->bytes.bytes, p->bytes.len);
}

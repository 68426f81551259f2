/* cairo/proof.c -- a Cairo proof from and to a file's bytes, whichever the format. */
#include <stdlib.h>
#include <string.h>

#include "cairo/formats.h"

static const uint8_t binary_head[] = {'S', 'A', 'G', 'E', 'P', 'R', 'F', '1', 4, 0, 0, 0};

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "cairo.bytes", -1, "no memory for the proof");
}

sage_status sage_cairo_alloc_samples(sage_cairo_proof *p, sage_errinfo *err)
{
    p->n_samples = calloc(SAGE_CAIRO_MAX_COLUMNS, 1);
    return p->n_samples ? SAGE_OK : no_memory(err);
}

sage_status sage_cairo_alloc_cells(sage_cairo_cells *c, uint32_t n, sage_errinfo *err)
{
    c->at = calloc(n, sizeof *c->at);
    if (!c->at) return no_memory(err);
    c->n = n;
    return SAGE_OK;
}

sage_status
sage_cairo_put_config(const sage_config *c, sage_sink *out, long long at, sage_errinfo *err)
{
    sage_errinfo why = {0};
    if (sage_config_check(c, &why) != SAGE_OK)
        return sage_fail(err, SAGE_EFORMAT, "cairo.config", at, "%s", why.msg);
    const uint32_t v[] = {c->pow_bits, c->log_blowup, c->n_queries, c->log_last_layer,
                          c->fold_step};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        sage_sink_u32(out, v[i]);
    return SAGE_OK;
}

void sage_cairo_proof_free(sage_cairo_proof *p)
{
    sage_cairo_claim_free(&p->claim);
    free(p->n_samples);
    free(p->bytes.bytes);
    memset(p, 0, sizeof *p);
}

static bool same_cells(const sage_cairo_cells *a, const sage_cairo_cells *b)
{
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = a->at[i].id == b->at[i].id &&
               !memcmp(&a->at[i].value, &b->at[i].value, sizeof a->at[i].value);
    return same;
}

static bool same_claim(const sage_cairo_claim *a, const sage_cairo_claim *b)
{
    return same_cells(&a->program, &b->program) && same_cells(&a->output, &b->output) &&
           !memcmp(a->segments, b->segments, sizeof a->segments) &&
           !memcmp(a->safe_call_ids, b->safe_call_ids, sizeof a->safe_call_ids) &&
           !memcmp(a->initial, b->initial, sizeof a->initial) &&
           !memcmp(a->final, b->final, sizeof a->final) &&
           !memcmp(a->log, b->log, sizeof a->log) && a->n_big == b->n_big &&
           !memcmp(a->big_log, b->big_log, sizeof a->big_log);
}

bool sage_cairo_proof_equal(const sage_cairo_proof *a, const sage_cairo_proof *b)
{
    size_t columns = 0;
    if (a->hash != b->hash || a->variant != b->variant || a->salt != b->salt) return false;
    if (memcmp(a->n_columns, b->n_columns, sizeof a->n_columns) != 0) return false;
    for (int t = 0; t < SAGE_MAX_TREES; t++)
        columns += a->n_columns[t];
    return same_claim(&a->claim, &b->claim) && !memcmp(a->n_samples, b->n_samples, columns) &&
           a->bytes.len == b->bytes.len &&
           !memcmp(a->bytes.bytes, b->bytes.bytes, a->bytes.len);
}

sage_cairo_format sage_cairo_recognise(const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    if (len >= sizeof binary_head && memcmp(bytes, binary_head, sizeof binary_head) == 0)
        return SAGE_CAIRO_FORMAT_BINARY;
    while (at < len && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
        at++;
    if (at < len && bytes[at] == '[') return SAGE_CAIRO_FORMAT_SERDE;
    if (at < len && bytes[at] == '{') return SAGE_CAIRO_FORMAT_JSON;
    return (sage_cairo_format)0;
}

/* What of p is not as the claim's shape has it, as the code a reader gives; NULL: nothing. */
static const char *misshapen(const sage_cairo_proof *p, const sage_pcs_shape *s)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    const uint8_t *samples = p->n_samples;
    if (p->proof.claimed_sums.n != sage_cairo_instances(&p->claim, in))
        return "cairo.claimed_sums";
    if (p->proof.sampled.n != s->n_samples) return "cairo.sampled";
    for (uint32_t t = 0; t < SAGE_MAX_TREES; samples += p->n_columns[t], t++) {
        uint32_t n = s->tree[t].n_cols;
        if (p->n_columns[t] != n || memcmp(samples, s->tree[t].samples, n) != 0)
            return "cairo.sampled";
        if (n == 0 || p->proof.queried[t].n % n != 0) return "cairo.queried";
    }
    return NULL;
}

/* Sample counts, which our own form leaves to the claim. */
static void take_samples(sage_cairo_proof *p, const sage_pcs_shape *s)
{
    uint8_t *samples = p->n_samples;
    for (uint32_t t = 0; t < SAGE_MAX_TREES; samples += p->n_columns[t], t++) {
        p->n_columns[t] = s->tree[t].n_cols;
        memcpy(samples, s->tree[t].samples, s->tree[t].n_cols);
    }
}

static sage_status
check_read_shape(sage_cairo_proof *p, sage_cairo_format format, sage_errinfo *err)
{
    sage_pcs_shape shape;
    void *mem;
    sage_errinfo why = {0};
    sage_status st   = sage_cairo_shape(p, &shape, &mem, &why);
    if (st == SAGE_ENOMEM) return no_memory(err);
    if (st != SAGE_OK) return sage_fail(err, SAGE_EFORMAT, "cairo.shape", -1, "%s", why.msg);
    if (format == SAGE_CAIRO_FORMAT_BINARY) take_samples(p, &shape);
    const char *where = misshapen(p, &shape);
    free(mem);
    if (!where) return SAGE_OK;
    return sage_fail(err, SAGE_EFORMAT, where, -1, "not as many as the claim has columns");
}

/* The bytes are whole: give back what they do not fill, and look into them. */
static sage_status finish(sage_cairo_proof *p, sage_errinfo *err)
{
    sage_sink *s = &p->bytes;
    if (s->failed || s->len == 0) return no_memory(err);
    uint8_t *fitted = realloc(s->bytes, s->len);
    if (fitted) {
        s->bytes = fitted;
        s->cap   = s->len;
    }
    return sage_proof_parse(&p->proof, s->bytes, s->len, err);
}

/* Room for the commitment proof: as much as the file is long suffices for any but the tersest
 * JSON, so that bytes need not move while it grows. Pages that stay unused cost nothing. */
static bool reserve(sage_sink *s, size_t len)
{
    if (len == 0) return true;
    s->bytes = malloc(len);
    s->cap   = s->bytes ? len : 0;
    return s->bytes != NULL;
}

sage_status sage_cairo_read(sage_cairo_proof *out,
                            const uint8_t *bytes,
                            size_t len,
                            sage_cairo_format format,
                            sage_errinfo *err)
{
    sage_status st;
    memset(out, 0, sizeof *out);
    if (!reserve(&out->bytes, len)) return no_memory(err);
    switch (format) {
    case SAGE_CAIRO_FORMAT_SERDE: st = sage_cairo_read_serde(out, bytes, len, err); break;
    case SAGE_CAIRO_FORMAT_JSON: st = sage_cairo_read_json(out, bytes, len, err); break;
    case SAGE_CAIRO_FORMAT_BINARY: st = sage_cairo_read_binary(out, bytes, len, err); break;
    default: st = sage_fail(err, SAGE_EFORMAT, "cairo.format", 0, "not a Cairo proof"); break;
    }
    if (st == SAGE_OK) st = finish(out, err);
    if (st == SAGE_OK && format != SAGE_CAIRO_FORMAT_SERDE)
        st = check_read_shape(out, format, err);
    if (st != SAGE_OK) sage_cairo_proof_free(out);
    return st;
}

sage_status sage_cairo_proof_finish(sage_cairo_proof *p, sage_errinfo *err)
{
    sage_status st = sage_cairo_alloc_samples(p, err);
    if (st == SAGE_OK) st = finish(p, err);
    if (st == SAGE_OK) st = check_read_shape(p, SAGE_CAIRO_FORMAT_BINARY, err);
    return st;
}

static sage_status write_shaped(const sage_cairo_proof *p,
                                sage_cairo_format format,
                                sage_sink *out,
                                sage_errinfo *err)
{
    sage_pcs_shape shape;
    void *mem;
    sage_errinfo why = {0};
    sage_status st   = sage_cairo_shape(p, &shape, &mem, &why);
    if (st == SAGE_ENOMEM) return no_memory(err);
    if (st != SAGE_OK)
        return sage_fail(err, SAGE_EFORMAT, "cairo.write.shape", -1, "%s", why.msg);
    const char *where = misshapen(p, &shape);
    if (where)
        st = sage_fail(err, SAGE_EFORMAT, "cairo.write.shape", -1,
                       "%s: not as many as the claim has columns", where);
    else if (format == SAGE_CAIRO_FORMAT_BINARY)
        sage_cairo_write_binary(p, out);
    else
        st = sage_cairo_write_json(p, &shape, out, err);
    free(mem);
    return st;
}

sage_status sage_cairo_write(const sage_cairo_proof *p,
                             sage_cairo_format format,
                             sage_sink *out,
                             sage_errinfo *err)
{
    size_t start   = out->len;
    sage_status st = format == SAGE_CAIRO_FORMAT_SERDE ? sage_cairo_write_serde(p, out, err)
                                                       : write_shaped(p, format, out, err);
    if (st == SAGE_OK && out->failed) st = no_memory(err);
    if (st != SAGE_OK) out->len = start;
    return st;
}

/* cairo/serde_claim.c -- the claim in the cairo-serde form (facts A13). */
#include <string.h>

#include "cairo/formats.h"

enum { FELTS_PER_CELL = 9 };

static sage_status
read_words(sage_felts *f, uint32_t *out, size_t n, const char *where, sage_errinfo *err)
{
    for (size_t i = 0; i < n; i++) {
        sage_status st = sage_felts_u32(f, &out[i], where, err);
        if (st != SAGE_OK) return st;
    }
    return SAGE_OK;
}

static sage_status
read_m31s(sage_felts *f, m31 *out, size_t n, const char *where, sage_errinfo *err)
{
    for (size_t i = 0; i < n; i++) {
        sage_status st = sage_felts_m31(f, &out[i], where, err);
        if (st != SAGE_OK) return st;
    }
    return SAGE_OK;
}

static sage_status
read_cell(sage_felts *f, sage_cairo_cell *c, const char *where, sage_errinfo *err)
{
    sage_status st = sage_felts_m31(f, &c->id, where, err);
    if (st == SAGE_OK) st = read_words(f, c->value.w, 8, where, err);
    if (st == SAGE_OK && c->value.w[7] >> 28)
        st = sage_fail(err, SAGE_EFORMAT, where, f->index, "a value of more than 252 bits");
    return st;
}

static sage_status
read_cells(sage_felts *f, sage_cairo_cells *out, const char *where, sage_errinfo *err)
{
    uint32_t n     = 0;
    sage_status st = sage_felts_count(f, FELTS_PER_CELL, SAGE_CAIRO_MAX_CELLS, &n, where, err);
    if (st != SAGE_OK || n == 0) return st;
    st = sage_cairo_alloc_cells(out, n, err);
    for (uint32_t i = 0; st == SAGE_OK && i < n; i++)
        st = read_cell(f, &out->at[i], where, err);
    return st;
}

static sage_status read_public(sage_felts *f, sage_cairo_claim *c, sage_errinfo *err)
{
    sage_status st = read_cells(f, &c->program, "cairo.claim.program", err);
    if (st == SAGE_OK)
        st = read_m31s(f, &c->segments[0][0], sizeof c->segments / sizeof(m31),
                       "cairo.claim.segments", err);
    if (st == SAGE_OK) st = read_cells(f, &c->output, "cairo.claim.output", err);
    if (st == SAGE_OK) st = read_m31s(f, c->safe_call_ids, 2, "cairo.claim.safe_call", err);
    if (st == SAGE_OK) st = read_m31s(f, c->initial, 3, "cairo.claim.initial", err);
    if (st == SAGE_OK) st = read_m31s(f, c->final, 3, "cairo.claim.final", err);
    return st;
}

static sage_status read_log(sage_felts *f, uint8_t *out, sage_errinfo *err)
{
    static const char where[] = "cairo.claim.log_size";
    uint32_t log              = 0;
    sage_status st            = sage_felts_u32(f, &log, where, err);
    if (st != SAGE_OK) return st;
    if (log < SAGE_CAIRO_MIN_LOG || log > SAGE_CAIRO_MAX_LOG)
        return sage_fail(err, SAGE_EFORMAT, where, f->index, "log size %u", log);
    *out = (uint8_t)log;
    return SAGE_OK;
}

static sage_status read_big(sage_felts *f, sage_cairo_claim *c, sage_errinfo *err)
{
    sage_status st =
        sage_felts_count(f, 1, SAGE_CAIRO_MAX_BIG, &c->n_big, "cairo.claim.big", err);
    for (uint32_t i = 0; st == SAGE_OK && i < c->n_big; i++)
        st = read_log(f, &c->big_log[i], err);
    return st;
}

/* An Option: tag 0 for Some, 1 for None. Tables of fixed size carry no field. */
static sage_status
read_component(sage_felts *f, sage_cairo_claim *c, uint32_t i, sage_errinfo *err)
{
    static const char where[] = "cairo.claim.option";
    uint32_t tag              = 0;
    sage_status st            = sage_felts_u32(f, &tag, where, err);
    if (st != SAGE_OK) return st;
    if (tag > 1) return sage_fail(err, SAGE_EFORMAT, where, f->index, "tag %u", tag);
    bool big = i == SAGE_CAIRO_MEMORY_BIG;
    if (tag == 1 && big)
        return sage_fail(err, SAGE_EFORMAT, where, f->index, "no memory_id_to_big");
    if (tag == 1) return SAGE_OK;
    if (big) return read_big(f, c, err);
    c->log[i] = sage_cairo_components[i].log;
    return c->log[i] ? SAGE_OK : read_log(f, &c->log[i], err);
}

sage_status sage_cairo_claim_read(sage_felts *f, sage_cairo_claim *out, sage_errinfo *err)
{
    memset(out, 0, sizeof *out);
    sage_status st = read_public(f, out, err);
    for (uint32_t i = 0; st == SAGE_OK && i < SAGE_CAIRO_COMPONENTS; i++)
        st = read_component(f, out, i, err);
    if (st != SAGE_OK) sage_cairo_claim_free(out);
    return st;
}

/* cairo/json_claim.c -- reads the claim of the Rust verifier's JSON. */
#include <string.h>

#include "cairo/json_claim.h"
#include "cairo/json_keys.h"

enum { TUPLE = 2, VALUE_WORDS = 8 };

static sage_status read_u32(sage_json_in *c, uint32_t max, uint32_t *out, const char *where)
{
    uint64_t v     = 0;
    sage_status st = sage_json_in_number(c, max, &v, where);
    *out           = (uint32_t)v;
    return st;
}

/* {key: number, ..} for n keys, each a field element. */
static sage_status
read_struct(sage_json_in *c, const char *const *keys, uint32_t n, m31 *out, const char *where)
{
    sage_json_in field[4];
    sage_status st = sage_json_in_members(c, keys, n, field);
    for (uint32_t i = 0; st == SAGE_OK && i < n; i++)
        st = read_u32(&field[i], M31_P - 1, &out[i], where);
    return st;
}

/* [id, [w0, .., w7]] */
static sage_status read_cell(sage_json_in *c, sage_cairo_cell *out, const char *where)
{
    sage_json_in pair[TUPLE];
    sage_status st = sage_json_in_items(c, TUPLE, pair, where);
    if (st == SAGE_OK) st = read_u32(&pair[0], M31_P - 1, &out->id, where);
    if (st == SAGE_OK)
        st = sage_json_in_words(&pair[1], VALUE_WORDS, UINT32_MAX, out->value.w, where);
    if (st == SAGE_OK && out->value.w[VALUE_WORDS - 1] >> 28)
        st = sage_json_in_bad(&pair[1], where, "a value of more than 252 bits");
    return st;
}

static sage_status read_cells(sage_json_in *c, sage_cairo_cells *out, const char *where)
{
    uint32_t n     = 0;
    bool more      = true;
    sage_status st = sage_json_in_count(c, SAGE_CAIRO_MAX_CELLS, &n, where);
    if (st == SAGE_OK && n) st = sage_cairo_alloc_cells(out, n, c->err);
    if (st == SAGE_OK) st = sage_json_in_open(c);
    for (uint32_t i = 0; st == SAGE_OK; i++) {
        st = sage_json_in_more(c, i, &more);
        if (st != SAGE_OK || !more) break;
        st = read_cell(c, &out->at[i], where);
    }
    return st;
}

/* Four words: start id, start, stop id, stop. */
static sage_status read_segment(sage_json_in *c, m31 out[4], const char *where)
{
    sage_json_in end[2];
    sage_json_in ahead = *c;
    if (sage_json_in_null(&ahead))
        return sage_fail(c->err, SAGE_EUNSUP, where, (long long)c->at,
                         "byte %zu: a proof without one of the eleven builtin segments", c->at);
    sage_status st = sage_json_in_members(c, sage_cairo_keys_segment, 2, end);
    for (int i = 0; st == SAGE_OK && i < 2; i++)
        st = read_struct(&end[i], sage_cairo_keys_cell, 2, out + 2 * i, where);
    return st;
}

static sage_status read_memory(sage_json_in *c, sage_cairo_claim *out)
{
    static const char where[] = "cairo.claim.segments";
    sage_json_in member[N_MEMORY_KEYS], segment[SAGE_CAIRO_SEGMENTS];
    sage_status st = sage_json_in_members(c, sage_cairo_keys_memory, N_MEMORY_KEYS, member);
    if (st == SAGE_OK)
        st = read_cells(&member[KEY_PROGRAM], &out->program, "cairo.claim.program");
    if (st == SAGE_OK)
        st = sage_json_in_members(&member[KEY_SEGMENTS], sage_cairo_keys_segments,
                                  SAGE_CAIRO_SEGMENTS, segment);
    for (int i = 0; st == SAGE_OK && i < SAGE_CAIRO_SEGMENTS; i++)
        st = read_segment(&segment[i], out->segments[i], where);
    if (st == SAGE_OK) st = read_cells(&member[KEY_OUTPUT], &out->output, "cairo.claim.output");
    if (st == SAGE_OK)
        st = sage_json_in_words(&member[KEY_SAFE_CALL], 2, M31_P - 1, out->safe_call_ids,
                                "cairo.claim.safe_call");
    return st;
}

static sage_status read_public(sage_json_in *c, sage_cairo_claim *out)
{
    sage_json_in member[N_PUBLIC_KEYS];
    sage_status st = sage_json_in_members(c, sage_cairo_keys_public, N_PUBLIC_KEYS, member);
    if (st == SAGE_OK) st = read_memory(&member[KEY_PUBLIC_MEMORY], out);
    if (st == SAGE_OK)
        st = read_struct(&member[KEY_INITIAL], sage_cairo_keys_state, 3, out->initial,
                         "cairo.claim.initial");
    if (st == SAGE_OK)
        st = read_struct(&member[KEY_FINAL], sage_cairo_keys_state, 3, out->final,
                         "cairo.claim.final");
    return st;
}

static sage_status read_log(sage_json_in *c, uint8_t *out)
{
    static const char where[] = "cairo.claim.log_size";
    uint32_t log              = 0;
    sage_status st            = read_u32(c, SAGE_CAIRO_MAX_LOG, &log, where);
    if (st == SAGE_OK && log < SAGE_CAIRO_MIN_LOG)
        st = sage_json_in_bad(c, where, "a log size below that of 16 rows");
    *out = (uint8_t)log;
    return st;
}

static sage_status read_big(sage_json_in *c, sage_cairo_claim *out)
{
    static const char where[] = "cairo.claim.big";
    sage_json_in sizes, item[SAGE_CAIRO_MAX_BIG];
    sage_status st = sage_json_in_members(c, sage_cairo_key_big_log_sizes, 1, &sizes);
    if (st == SAGE_OK) st = sage_json_in_count(&sizes, SAGE_CAIRO_MAX_BIG, &out->n_big, where);
    if (st == SAGE_OK) st = sage_json_in_items(&sizes, out->n_big, item, where);
    for (uint32_t i = 0; st == SAGE_OK && i < out->n_big; i++)
        st = read_log(&item[i], &out->big_log[i]);
    return st;
}

/* An Option: null, or an object with what its size is not fixed to. */
static sage_status read_component(sage_json_in *c, sage_cairo_claim *out, uint32_t i)
{
    sage_json_in start = *c, size;
    uint8_t fixed      = sage_cairo_components[i].log;
    bool absent        = sage_json_in_null(c);
    if (absent && i != SAGE_CAIRO_MEMORY_BIG) return SAGE_OK;
    if (absent) return sage_json_in_bad(&start, "cairo.claim.option", "no memory_id_to_big");
    if (i == SAGE_CAIRO_MEMORY_BIG) return read_big(c, out);
    if (fixed) {
        out->log[i] = fixed;
        return sage_json_in_members(c, NULL, 0, NULL);
    }
    sage_status st = sage_json_in_members(c, sage_cairo_key_log_size, 1, &size);
    return st == SAGE_OK ? read_log(&size, &out->log[i]) : st;
}

sage_status sage_json_in_claim(sage_json_in *c, sage_cairo_claim *out)
{
    const char *names[N_CLAIM_KEYS];
    sage_json_in member[N_CLAIM_KEYS];
    sage_cairo_keys_claim(names);
    sage_status st = sage_json_in_members(c, names, N_CLAIM_KEYS, member);
    if (st == SAGE_OK) st = read_public(&member[0], out);
    for (uint32_t i = 0; st == SAGE_OK && i < SAGE_CAIRO_COMPONENTS; i++)
        st = read_component(&member[1 + i], out, i);
    return st;
}

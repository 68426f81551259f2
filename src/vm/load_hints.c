/* vm/load_hints.c -- the hints of a Cairo 0 program and what they may name. */
#include <stdlib.h>
#include <string.h>

#include "vm/load.h"

/* How far ap went since the group began, where the compiler could tell. */
typedef struct tracking {
    uint64_t group, offset;
    bool known;
} tracking;

/* An expression that some name stood for from some instruction on. */
typedef struct reference {
    const char *expression;
    tracking ap;
} reference;

typedef struct hints {
    loader *l;
    reference *references;
    uint32_t n_references;
} hints;

static sage_status bad(loader *l, const sage_json_in *c, const char *where, const char *what)
{
    return sage_fail(l->err, SAGE_EFORMAT, where, (long long)c->at, "byte %zu: %s", c->at,
                     what);
}

/* {"group": 3, "offset": 0}, or nothing. */
static sage_status read_tracking(sage_json_in *c, tracking *out)
{
    static const char *const keys[] = {"group", "offset"};
    sage_json_in part[2];
    memset(out, 0, sizeof *out);
    if (!c->text || sage_json_in_null(c)) return SAGE_OK;
    sage_status s = sage_json_in_pick(c, keys, 2, part);
    if (s) return s;
    if (!part[0].text || !part[1].text)
        return sage_json_in_bad(c, "program.references", "no group or no offset");
    s = sage_json_in_number(&part[0], INT32_MAX, &out->group, "program.references");
    if (!s) s = sage_json_in_number(&part[1], INT32_MAX, &out->offset, "program.references");
    out->known = true;
    return s;
}

static sage_status read_reference(hints *h, sage_json_in *c, reference *out)
{
    static const char *const keys[] = {"value", "ap_tracking_data"};
    sage_json_in part[2];
    sage_status s = sage_json_in_pick(c, keys, 2, part);
    if (s) return s;
    if (!part[0].text) return bad(h->l, c, "program.references", "a reference without value");
    s = load_text(h->l, &part[0], SIZE_MAX, &out->expression);
    if (!s) s = read_tracking(&part[1], &out->ap);
    return s;
}

/* {"references": [..]} */
static sage_status read_references(hints *h, sage_json_in *c)
{
    static const char *const keys[] = {"references"};
    sage_json_in list;
    bool more;
    if (!c->text) return SAGE_OK;
    sage_status s = sage_json_in_pick(c, keys, 1, &list);
    if (s || !list.text) return s;
    s = sage_json_in_length(&list, &h->n_references);
    if (s) return s;
    h->references = calloc((size_t)h->n_references + 1, sizeof *h->references);
    if (!h->references) return load_no_memory(h->l, "the references");
    s = sage_json_in_open(&list);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(&list, i, &more);
        if (s || !more) return s;
        s = read_reference(h, &list, &h->references[i]);
    }
    return s;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const sage_hint_reference *)a)->path,
                  ((const sage_hint_reference *)b)->path);
}

static sage_status read_id(hints *h,
                           const char *key,
                           size_t n,
                           sage_json_in *c,
                           const tracking *now,
                           sage_hint_reference *out)
{
    uint64_t id;
    sage_status s = load_decoded(h->l, key, n, &out->path);
    if (!s) s = sage_json_in_number(c, UINT32_MAX, &id, "program.references");
    if (s) return s;
    if (id >= h->n_references)
        return bad(h->l, c, "program.references", "there is no reference of this number");
    const reference *r = &h->references[id];
    const char *dot    = strrchr(out->path, '.');
    out->name          = dot ? dot + 1 : out->path;
    out->expression    = r->expression;
    out->ap_tracked    = now->known && r->ap.known && now->group == r->ap.group;
    out->ap_delta =
        out->ap_tracked ? (int32_t)((int64_t)now->offset - (int64_t)r->ap.offset) : 0;
    return SAGE_OK;
}

static sage_status read_ids(hints *h, sage_json_in *c, const tracking *now, sage_hint *out)
{
    bool more;
    const char *key;
    size_t n;
    sage_status s = sage_json_in_length(c, &out->n_references);
    if (s) return s;
    out->references = sage_program_take(h->l->p, out->n_references, sizeof *out->references);
    if (!out->references) return load_no_memory(h->l, "the references of a hint");
    s = sage_json_in_open_object(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_member(c, i, &more, &key, &n);
        if (s || !more) break;
        s = read_id(h, key, n, c, now, &out->references[i]);
    }
    if (!s && out->n_references)
        qsort(out->references, out->n_references, sizeof *out->references, by_path);
    return s;
}

static sage_status read_flow(hints *h, sage_json_in *c, sage_hint *out)
{
    static const char *const keys[] = {"ap_tracking", "reference_ids"};
    sage_json_in part[2];
    tracking now;
    if (!c->text || sage_json_in_null(c)) return SAGE_OK;
    sage_status s = sage_json_in_pick(c, keys, 2, part);
    if (!s) s = read_tracking(&part[0], &now);
    return s || !part[1].text ? s : read_ids(h, &part[1], &now, out);
}

static sage_status read_scopes(hints *h, sage_json_in *c, sage_hint *out)
{
    bool more;
    if (!c->text) return SAGE_OK;
    sage_status s = sage_json_in_length(c, &out->n_scopes);
    if (s) return s;
    out->scopes = sage_program_take(h->l->p, out->n_scopes, sizeof *out->scopes);
    if (!out->scopes) return load_no_memory(h->l, "the scopes of a hint");
    s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = load_text(h->l, c, LOAD_MAX_NAME, &out->scopes[i]);
    }
    return s;
}

static sage_status read_hint(hints *h, sage_json_in *c, sage_hint *out)
{
    static const char *const keys[] = {"accessible_scopes", "code", "flow_tracking_data"};
    sage_json_in part[3];
    sage_status s = sage_json_in_pick(c, keys, 3, part);
    if (s) return s;
    if (!part[1].text) return bad(h->l, c, "program.hints", "a hint without code");
    s = load_text(h->l, &part[1], SIZE_MAX, &out->text);
    if (!s) s = read_scopes(h, &part[0], out);
    return s ? s : read_flow(h, &part[2], out);
}

/* The decimal number between the quotes of a key. */
static sage_status key_number(const sage_json_in *c, const char *key, size_t n, uint32_t *out)
{
    uint64_t v      = 0;
    size_t at       = (size_t)(key - c->text);
    sage_json_in in = {.text = c->text, .at = at, .len = at + n, .err = c->err};
    sage_status s   = sage_json_in_number(&in, UINT32_MAX, &v, "program.hints");
    if (!s) s = sage_json_in_end(&in);
    *out = (uint32_t)v;
    return s;
}

/* The hints of one pc. */
static sage_status read_list(hints *h, uint32_t pc, sage_json_in *c)
{
    bool more;
    sage_status s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        sage_hint *out = &h->l->p->hints[h->l->p->n_hints++];
        out->pc        = pc;
        out->order     = i;
        s              = read_hint(h, c, out);
    }
    return s;
}

static sage_status count(sage_json_in c, size_t *out)
{
    bool more;
    const char *key;
    size_t len;
    uint32_t n;
    sage_status s = sage_json_in_open_object(&c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_member(&c, i, &more, &key, &len);
        if (s || !more) return s;
        s = sage_json_in_length(&c, &n);
        if (!s) s = sage_json_in_skip(&c, NULL);
        if (!s) *out += n;
    }
    return s;
}

static sage_status read_hints(hints *h, sage_json_in *c)
{
    bool more;
    const char *key;
    size_t len, n = 0;
    uint32_t pc;
    sage_status s = count(*c, &n);
    if (s) return s;
    h->l->p->hints = sage_program_take(h->l->p, n, sizeof *h->l->p->hints);
    if (!h->l->p->hints) return load_no_memory(h->l, "the hints");
    s = sage_json_in_open_object(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_member(c, i, &more, &key, &len);
        if (s || !more) return s;
        s = key_number(c, key, len, &pc);
        if (!s) s = read_list(h, pc, c);
    }
    return s;
}

sage_status load_hints(loader *l, sage_json_in *in, sage_json_in *references)
{
    hints h       = {.l = l};
    sage_status s = read_references(&h, references);
    if (!s) s = read_hints(&h, in);
    if (!s) s = load_sort_hints(l);
    free(h.references);
    return s;
}

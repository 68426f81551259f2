/* vm/run_input.c -- from a JSON text to what a program is given. */
#include "vm/run_input.h"

#include <stdlib.h>

#include "base/json_in.h"

typedef struct felts {
    sage_value *at;
    uint32_t n, cap;
} felts;

static sage_status add(felts *f, sage_value v, sage_errinfo *err)
{
    if (f->n == f->cap) {
        uint32_t cap    = f->cap ? 2 * f->cap : 64;
        sage_value *new = realloc(f->at, cap * sizeof *new);
        if (!new) return sage_fail(err, SAGE_ENOMEM, "run.memory", -1, "no memory for input");
        f->at  = new;
        f->cap = cap;
    }
    f->at[f->n++] = v;
    return SAGE_OK;
}

static sage_status read_felt(felts *f, sage_json_in *c)
{
    const char *text;
    size_t n;
    sage_value v;
    sage_json_in start = *c;
    bool quoted        = sage_json_in_peek(c) == '"';
    sage_status s =
        quoted ? sage_json_in_string(c, &text, &n) : sage_json_in_digits(c, &text, &n);
    if (s) return s;
    if (!sage_value_parse(&v, text, n) || !sage_value_is_felt(v))
        return sage_json_in_bad(&start, "run.input", "no number below the prime");
    return add(f, v, c->err);
}

static sage_status read_list(felts *f, sage_json_in *c, uint32_t *count)
{
    bool more;
    sage_status s = sage_json_in_open(c);
    for (*count = 0; !s; ++*count) {
        s = sage_json_in_more(c, *count, &more);
        if (s || !more) return s;
        s = read_felt(f, c);
    }
    return s;
}

/* A list inside: its length is written when it is known. */
static sage_status read_inner(felts *f, sage_json_in *c)
{
    uint32_t n, at = f->n;
    sage_status s = add(f, sage_value_from_u64(0), c->err);
    if (!s) s = read_list(f, c, &n);
    if (!s) f->at[at] = sage_value_from_u64(n);
    return s;
}

static sage_status read_arguments(felts *f, sage_json_in *c)
{
    bool more;
    sage_status s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s) return s;
        if (!more) return sage_json_in_end(c);
        s = sage_json_in_peek(c) == '[' ? read_inner(f, c) : read_felt(f, c);
    }
    return s;
}

sage_status
sage_run_input_read(sage_run_input *out, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    felts f = {0};
    *out    = (sage_run_input){0};
    if (!bytes) return SAGE_OK;
    sage_json_in c = {.text = (const char *)bytes, .len = len, .err = err}, all = c;
    sage_status s;
    if (sage_json_in_peek(&c) == '[') {
        s = read_arguments(&f, &c);
    } else {
        s = sage_json_in_skip(&all, NULL);
        if (!s) s = sage_json_in_end(&all);
    }
    if (s) {
        free(f.at);
        return s;
    }
    *out = (sage_run_input){f.at, f.n, (const char *)bytes, len};
    return SAGE_OK;
}

void sage_run_input_free(sage_run_input *in)
{
    free((void *)(uintptr_t)in->felts);
    *in = (sage_run_input){0};
}

#include "stark/config.h"

#include <stdbool.h>
#include <string.h>

const sage_config sage_config_production = {26, 1, 70, 0, 1};
const sage_config sage_config_test       = {10, 1, 3, 0, 1};

/* The fields by name, each with its range. */
typedef struct field {
    const char *name, *where;
    size_t offset;
    uint32_t min, max;
} field;

#define FIELD(name, min, max)                                                                  \
    {                                                                                          \
#        name, "config." #        name, offsetof(sage_config, name), min, max                  \
    }
static const field fields[] = {
    FIELD(pow_bits, 0, SAGE_MAX_POW_BITS),   FIELD(log_blowup, 1, SAGE_MAX_BLOWUP),
    FIELD(n_queries, 1, SAGE_MAX_QUERIES),   FIELD(log_last_layer, 0, SAGE_MAX_LAST_LOG),
    FIELD(fold_step, 1, SAGE_MAX_FOLD_STEP),
};
#undef FIELD
enum { N_FIELDS = sizeof fields / sizeof *fields };

static uint32_t get(const sage_config *c, const field *f)
{
    uint32_t v;
    memcpy(&v, (const char *)c + f->offset, sizeof v);
    return v;
}

static void set(sage_config *c, const field *f, uint32_t v)
{
    memcpy((char *)c + f->offset, &v, sizeof v);
}

uint32_t sage_config_security(const sage_config *c)
{
    return c->pow_bits + c->log_blowup * c->n_queries;
}

static sage_status check_field(const field *f, uint32_t v, long long at, sage_errinfo *err)
{
    if (v >= f->min && v <= f->max) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, f->where, at, "%s is %u, allowed are %u to %u", f->name,
                     v, f->min, f->max);
}

sage_status sage_config_check(const sage_config *c, sage_errinfo *err)
{
    for (int i = 0; i < N_FIELDS; i++) {
        sage_status s = check_field(&fields[i], get(c, &fields[i]), -1, err);
        if (s) return s;
    }
    return SAGE_OK;
}

void sage_config_mix(const sage_config *c, sage_channel *ch)
{
    /* The second word of the second felt is the minimal lifting size, which this prover
     * does not use: 0 (facts A6). */
    qm31 felts[2] = {qm31_of(c->pow_bits, c->log_blowup, c->n_queries, c->log_last_layer),
                     qm31_of(c->fold_step, 0, 0, 0)};
    sage_channel_mix_felts(ch, felts, 2);
}

/* One line of a parameter file, without its comment and surrounding blanks. */
typedef struct span {
    const char *p;
    size_t n;
} span;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static span trim(span s)
{
    while (s.n && is_blank(s.p[0]))
        s.p++, s.n--;
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* Everything before the first c; the rest of *s, without c, stays in *s. */
static span cut(span *s, char c)
{
    const char *at = s->n ? memchr(s->p, c, s->n) : NULL;
    span head      = {s->p, at ? (size_t)(at - s->p) : s->n};
    size_t used    = head.n + (at != NULL);
    s->p += used, s->n -= used;
    return head;
}

static bool parse_u32(span s, uint32_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        v = v * 10 + (uint64_t)(s.p[i] - '0');
        if (v > UINT32_MAX) return false;
    }
    *out = (uint32_t)v;
    return s.n > 0;
}

static int find_field(span name)
{
    for (int i = 0; i < N_FIELDS; i++)
        if (strlen(fields[i].name) == name.n && !memcmp(fields[i].name, name.p, name.n))
            return i;
    return -1;
}

static sage_status
parse_line(sage_config *c, uint32_t *seen, span text, long long line, sage_errinfo *err)
{
    span name = trim(cut(&text, '='));
    int f     = name.n ? find_field(name) : -1;
    if (f < 0) {
        int shown = name.n < 40 ? (int)name.n : 40;
        return sage_fail(err, SAGE_EFORMAT, "config.name", line,
                         "line %lld: no parameter '%.*s'", line, shown, name.n ? name.p : "");
    }
    if (*seen & 1u << f)
        return sage_fail(err, SAGE_EFORMAT, "config.duplicate", line, "line %lld: %s again",
                         line, fields[f].name);
    *seen |= 1u << f;
    uint32_t v;
    if (!parse_u32(trim(text), &v))
        return sage_fail(err, SAGE_EFORMAT, "config.number", line,
                         "line %lld: %s needs a whole number", line, fields[f].name);
    set(c, &fields[f], v);
    return check_field(&fields[f], v, line, err);
}

sage_status sage_config_parse(sage_config *out, const char *text, size_t len, sage_errinfo *err)
{
    sage_config c = sage_config_production;
    uint32_t seen = 0;
    span rest     = {text, len};
    for (long long line = 1; rest.n; line++) {
        span row  = cut(&rest, '\n');
        span body = trim(cut(&row, '#'));
        if (!body.n) continue;
        sage_status s = parse_line(&c, &seen, body, line, err);
        if (s) return s;
    }
    *out = c;
    return SAGE_OK;
}

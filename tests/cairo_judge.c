#include "cairo_judge.h"

#include "base/test.h"
#include "cairo/verify.h"

sage_status cairo_judge(const sage_cairo_proof *p, sage_errinfo *err)
{
    memset(err, 0, sizeof *err);
    return sage_cairo_verify(p, SAGE_SECURITY_BITS, err);
}

sage_status cairo_judge_text(const char *text, size_t len, sage_errinfo *err)
{
    sage_cairo_proof p;
    uint8_t *exact = malloc(len ? len : 1);
    assert_non_null(exact);
    memcpy(exact, text, len);
    memset(err, 0, sizeof *err);
    sage_status s = sage_cairo_read(&p, exact, len, SAGE_CAIRO_FORMAT_SERDE, err);
    free(exact);
    if (s != SAGE_OK) return s;
    s = cairo_judge(&p, err);
    sage_cairo_proof_free(&p);
    return s;
}

bool cairo_refusal(sage_status s)
{
    return s == SAGE_EFORMAT || s == SAGE_EPROOF || s == SAGE_EUNSUP || s == SAGE_ELIMIT;
}

bool cairo_where_in(const char *where, const char *const *patterns)
{
    for (; *patterns; patterns++) {
        size_t n = strcspn(*patterns, "*");
        if (!strncmp(where, *patterns, n) && ((*patterns)[n] == '*' || where[n] == 0))
            return true;
    }
    return false;
}

void cairo_reasons_add(cairo_reasons *r, const char *where, uint32_t times)
{
    uint32_t i = 0;
    while (i < r->n && strcmp(r->where[i], where) != 0)
        i++;
    if (i == CAIRO_MAX_REASONS) abort();
    if (i == r->n) r->where[r->n++] = where;
    r->count[i] += times;
    r->total += times;
}

void cairo_reasons_print(const cairo_reasons *r, const char *title)
{
    print_message("%s: %u refused\n", title, r->total);
    for (uint32_t i = 0; i < r->n; i++)
        print_message("  %7u %s\n", r->count[i], r->where[i]);
}

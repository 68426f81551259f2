#include "cairo_text.h"

#include "base/test.h"

enum { MIN_FELT = 6 /* "0x0", */ };

static void find_felts(cairo_text *t)
{
    bool open = false;
    for (size_t i = 0; i < t->len; i++) {
        if (t->bytes[i] != '"') continue;
        if (!open) t->felt[t->n++] = i;
        open = !open;
    }
    t->felt[t->n] = t->len;
}

cairo_text cairo_text_load(const char *name)
{
    cairo_text t = {0};
    t.bytes      = sage_test_vector(name, &t.len);
    t.felt       = calloc(t.len / MIN_FELT + 1, sizeof *t.felt);
    assert_non_null(t.felt);
    find_felts(&t);
    return t;
}

void cairo_text_free(cairo_text *t)
{
    free(t->bytes);
    free(t->felt);
    memset(t, 0, sizeof *t);
}

void cairo_text_words(const cairo_text *t, uint32_t i, uint32_t words[8])
{
    const char *hex = t->bytes + t->felt[i] + 3;
    size_t n        = strspn(hex, "0123456789abcdef");
    memset(words, 0, 8 * sizeof *words);
    assert_true(n > 0 && n <= 64);
    for (size_t k = 0; k < n; k++) {
        char digit[2]   = {hex[n - 1 - k], 0};
        uint32_t nibble = (uint32_t)strtoul(digit, NULL, 16);
        words[k / 8] |= nibble << 4 * (k % 8);
    }
}

/* Where felt i ends: after its closing quote. */
static size_t end_of(const cairo_text *t, uint32_t i)
{
    size_t at = t->felt[i] + 1;
    return at + strcspn(t->bytes + at, "\"") + 1;
}

static size_t replace(const cairo_text *t, size_t from, size_t to, const char *with, char *out)
{
    size_t n = strlen(with);
    assert_true(n <= CAIRO_TEXT_ROOM);
    memcpy(out, t->bytes, from);
    memcpy(out + from, with, n);
    memcpy(out + from + n, t->bytes + to, t->len - to);
    return from + n + t->len - to;
}

size_t
cairo_text_splice(const cairo_text *t, uint32_t from, uint32_t to, const char *with, char *out)
{
    return replace(t, t->felt[from], to == t->n ? end_of(t, to - 1) : t->felt[to], with, out);
}

size_t cairo_text_felt(const cairo_text *t, uint32_t i, const char *with, char *out)
{
    return replace(t, t->felt[i], end_of(t, i), with, out);
}

size_t cairo_text_value(const cairo_text *t, uint32_t i, uint64_t v, char *out)
{
    char with[32];
    snprintf(with, sizeof with, "\"0x%llx\"", (unsigned long long)v);
    return cairo_text_felt(t, i, with, out);
}

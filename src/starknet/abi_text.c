/* starknet/abi_text.c -- slices, and text that grows. */
#include <stdlib.h>
#include <string.h>

#include "starknet/abi_private.h"

enum { FIRST_ROOM = 256, FOREIGN = 128 };

abi_text abi_text_of(const char *text)
{
    return (abi_text){text, strlen(text)};
}

bool abi_text_is(abi_text t, const char *word)
{
    return t.n == strlen(word) && !memcmp(t.at, word, t.n);
}

bool abi_text_skip(abi_text *t, const char *prefix)
{
    const size_t n = strlen(prefix);
    if (t->n < n || memcmp(t->at, prefix, n) != 0) return false;
    t->at += n;
    t->n -= n;
    return true;
}

static bool make_room(abi_out *o, size_t n)
{
    size_t cap = o->cap ? o->cap : FIRST_ROOM;
    if (o->status) return false;
    if (n >= SAGE_ABI_MAX_TEXT - o->n) {
        o->status = sage_fail(o->err, SAGE_ELIMIT, "abi.size", SAGE_ABI_MAX_TEXT,
                              "the text would be longer than %d characters", SAGE_ABI_MAX_TEXT);
        return false;
    }
    while (cap <= o->n + n)
        cap *= 2;
    if (cap == o->cap) return true;
    char *grown = realloc(o->text, cap);
    if (!grown) {
        o->status = sage_fail(o->err, SAGE_ENOMEM, "abi.memory", -1, "no memory for text");
        return false;
    }
    o->text = grown;
    o->cap  = cap;
    return true;
}

static void put(abi_out *o, const char *text, size_t n)
{
    if (!make_room(o, n)) return;
    memcpy(o->text + o->n, text, n);
    o->n += n;
    o->text[o->n] = 0;
}

void abi_put(abi_out *o, const char *text)
{
    put(o, text, strlen(text));
}

static bool printable(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

void abi_put_foreign(abi_out *o, abi_text t)
{
    char clean[FOREIGN] = {0};
    const size_t n      = t.n < FOREIGN ? t.n : FOREIGN;
    for (size_t i = 0; i < n; i++)
        clean[i] = printable(t.at[i]) ? t.at[i] : '?';
    put(o, clean, n);
}

void abi_put_quoted(abi_out *o, char quote, const uint8_t *bytes, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    put(o, &quote, 1);
    for (size_t i = 0; i < n; i++) {
        const char c         = (char)bytes[i];
        const char escape[4] = {'\\', 'x', hex[bytes[i] >> 4], hex[bytes[i] & 15]};
        if (!printable(c))
            put(o, escape, 4);
        else {
            if (c == quote || c == '\\') put(o, "\\", 1);
            put(o, &c, 1);
        }
    }
    put(o, &quote, 1);
}

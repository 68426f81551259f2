#include "airc/common.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 16 };
static const size_t arena_limit = (size_t)1 << 28;

struct airc_chunk {
    airc_chunk *next;
    size_t used, cap;
    max_align_t data[];
};

_Noreturn void airc_stop(sage_airc *c, sage_status code)
{
    c->stop_code = code;
    if (!c->errors && c->n_files) /* no room may be left in the arena */
        snprintf(c->stopped, sizeof c->stopped, "%s:%u:%u: error: %s\n", c->files[c->at.file],
                 c->at.line, c->at.col,
                 code == SAGE_ENOMEM ? "out of memory"
                                     : "compiling this takes more than the compiler's limits");
    longjmp(c->stop, 1);
}

void *airc_alloc(sage_airc *c, size_t count, size_t size)
{
    size_t align = sizeof(max_align_t), bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > arena_limit)
        airc_stop(c, SAGE_ELIMIT);
    bytes = (bytes + align - 1) / align * align;
    if (!c->chunks || c->chunks->cap - c->chunks->used < bytes) {
        size_t cap = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        if (c->used_bytes + cap > arena_limit) airc_stop(c, SAGE_ELIMIT);
        airc_chunk *k = calloc(1, sizeof *k + cap);
        if (!k) airc_stop(c, SAGE_ENOMEM);
        k->cap  = cap;
        k->next = c->chunks;
        c->used_bytes += cap;
        c->chunks = k;
    }
    void *p = (char *)c->chunks->data + c->chunks->used;
    c->chunks->used += bytes;
    return p;
}

char *airc_strndup(sage_airc *c, const char *s, size_t n)
{
    char *p = airc_alloc(c, n + 1, 1);
    memcpy(p, s, n);
    return p;
}

static void put_v(airc_text *t, const char *fmt, va_list ap) SAGE_PRINTF(2, 0);
static void put_v(airc_text *t, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0) airc_stop(t->c, SAGE_EINTERNAL);
    if (t->cap - t->len < (size_t)n + 1) {
        size_t cap = 2 * t->cap + (size_t)n + 256;
        char *s    = airc_alloc(t->c, cap, 1);
        if (t->len) memcpy(s, t->s, t->len);
        t->s   = s;
        t->cap = cap;
    }
    vsnprintf(t->s + t->len, (size_t)n + 1, fmt, ap);
    t->len += (size_t)n;
}

void airc_put(airc_text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    put_v(t, fmt, ap);
    va_end(ap);
}

void airc_put_bytes(airc_text *t, const void *p, size_t n)
{
    if (t->cap - t->len < n + 1) {
        size_t cap = 2 * t->cap + n + 256;
        char *s    = airc_alloc(t->c, cap, 1);
        if (t->len) memcpy(s, t->s, t->len);
        t->s   = s;
        t->cap = cap;
    }
    memcpy(t->s + t->len, p, n);
    t->len += n;
    t->s[t->len] = 0;
}

char *airc_printf(sage_airc *c, const char *fmt, ...)
{
    airc_text t = {.c = c};
    va_list ap;
    va_start(ap, fmt);
    put_v(&t, fmt, ap);
    va_end(ap);
    return t.s;
}

void airc_error(sage_airc *c, airc_pos at, const char *fmt, ...)
{
    airc_text t = {c, c->messages, c->messages_len, c->messages_cap};
    airc_put(&t, "%s:%u:%u: error: ", c->files[at.file], at.line, at.col);
    va_list ap;
    va_start(ap, fmt);
    put_v(&t, fmt, ap);
    va_end(ap);
    airc_put(&t, "\n");
    c->messages     = t.s;
    c->messages_len = t.len;
    c->messages_cap = t.cap;
    if (++c->errors >= AIRC_MAX_ERRORS) airc_stop(c, SAGE_EFORMAT);
}

const char *sage_airc_messages(const sage_airc *c)
{
    if (!c) return "";
    return c->messages ? c->messages : c->stopped;
}

void sage_airc_free(sage_airc *c)
{
    if (!c) return;
    while (c->chunks) {
        airc_chunk *next = c->chunks->next;
        free(c->chunks);
        c->chunks = next;
    }
    free(c->text);
    free(c);
}

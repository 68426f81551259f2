/* stark/sink.c -- the growing buffer that proofs are written to. Apart from proof.c so that a
 * verifier, which never writes, links no allocator. */
#include <stdlib.h>
#include <string.h>

#include "hash/blake2s.h"
#include "stark/proof.h"

enum { FIRST_CAPACITY = 4096 };

static bool sink_reserve(sage_sink *s, size_t n)
{
    if (s->failed) return false;
    if (n <= s->cap - s->len) return true;
    size_t cap = s->cap ? s->cap : FIRST_CAPACITY;
    while (cap - s->len < n && cap <= SIZE_MAX / 2)
        cap *= 2;
    uint8_t *bytes = cap - s->len < n ? NULL : realloc(s->bytes, cap);
    if (!bytes) {
        s->failed = true;
        return false;
    }
    s->bytes = bytes;
    s->cap   = cap;
    return true;
}

void sage_sink_put(sage_sink *s, const void *p, size_t n)
{
    if (n == 0 || !sink_reserve(s, n)) return;
    memcpy(s->bytes + s->len, p, n);
    s->len += n;
}

void sage_sink_u32(sage_sink *s, uint32_t v)
{
    uint8_t b[4];
    sage_store_le32(b, v);
    sage_sink_put(s, b, sizeof b);
}

void sage_sink_u64(sage_sink *s, uint64_t v)
{
    sage_sink_u32(s, (uint32_t)v);
    sage_sink_u32(s, (uint32_t)(v >> 32));
}

void sage_sink_patch_u32(sage_sink *s, size_t at, uint32_t v)
{
    if (!s->failed) sage_store_le32(s->bytes + at, v);
}

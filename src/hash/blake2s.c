#include "hash/blake2s.h"

#include <string.h>

#include "hash/blake2s_lanes.h"

/* One lane of the common text. */
static void absorb(sage_blake2s *s, const uint8_t block[64], uint32_t len, bool last)
{
    uint32_t m[16];
    for (int i = 0; i < 16; i++)
        m[i] = sage_load_le32(block + 4 * i);
    s->absorbed += len;
    blake2s_compress(s->h, m, s->absorbed, last);
}

void sage_blake2s_compress(uint32_t h[8],
                           const uint32_t block[16],
                           uint64_t absorbed,
                           bool last)
{
    blake2s_compress(h, block, absorbed, last);
}

void sage_blake2s_init(sage_blake2s *s)
{
    memset(s, 0, sizeof *s);
    blake2s_start(s->h);
}

void sage_blake2s_update(sage_blake2s *s, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    while (n) {
        if (s->len == 64) {
            absorb(s, s->buf, 64, false);
            s->len = 0;
        }
        size_t take = n < 64 - s->len ? n : 64 - s->len;
        memcpy(s->buf + s->len, p, take);
        s->len += (uint32_t)take, p += take, n -= take;
    }
}

void sage_blake2s_update_words(sage_blake2s *s, const uint32_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t le[4];
        sage_store_le32(le, words[i]);
        sage_blake2s_update(s, le, 4);
    }
}

void sage_blake2s_final(sage_blake2s *s, uint8_t digest[32])
{
    memset(s->buf + s->len, 0, 64 - s->len);
    absorb(s, s->buf, s->len, true);
    for (int i = 0; i < 8; i++)
        sage_store_le32(digest + 4 * i, s->h[i]);
}

void sage_blake2s_hash(const void *bytes, size_t n, uint8_t digest[32])
{
    sage_blake2s s;
    sage_blake2s_init(&s);
    sage_blake2s_update(&s, bytes, n);
    sage_blake2s_final(&s, digest);
}

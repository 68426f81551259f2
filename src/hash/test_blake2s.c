/* Blake2s against RFC 7693: its examples, its self test, and splits of one message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hash/blake2s.h"

/* RFC 7693, appendix B. */
static void abc(void **state)
{
    (void)state;
    static const uint8_t want[32] = {0x50, 0x8c, 0x5e, 0x8c, 0x32, 0x7c, 0x14, 0xe2,
                                     0xe1, 0xa7, 0x2b, 0xa3, 0x4e, 0xeb, 0x45, 0x2f,
                                     0x37, 0x45, 0x8b, 0x20, 0x9e, 0xd6, 0x3a, 0x29,
                                     0x4d, 0x99, 0x9b, 0x4c, 0x86, 0x67, 0x59, 0x82};
    uint8_t d[32];
    sage_blake2s_hash("abc", 3, d);
    assert_memory_equal(d, want, 32);
}

static void empty(void **state)
{
    (void)state;
    static const uint8_t want[32] = {0x69, 0x21, 0x7a, 0x30, 0x79, 0x90, 0x80, 0x94,
                                     0xe1, 0x11, 0x21, 0xd0, 0x42, 0x35, 0x4a, 0x7c,
                                     0x1f, 0x55, 0xb6, 0x48, 0x2c, 0xa1, 0xa5, 0x1e,
                                     0x1b, 0x25, 0x0d, 0xfd, 0x1e, 0xd0, 0xee, 0xf9};
    uint8_t d[32];
    sage_blake2s_hash(NULL, 0, d);
    assert_memory_equal(d, want, 32);
}

/* A message that depends on its length: RFC 7693 appendix E's generator. */
static void fill(uint8_t *out, size_t len)
{
    uint32_t a = 0xDEAD4BADu * (uint32_t)len, b = 1;
    for (size_t i = 0; i < len; i++) {
        uint32_t t = a + b;
        a = b, b = t;
        out[i] = (uint8_t)(t >> 24);
    }
}

/* Lengths around the block edges. The digest of all digests was computed with Python's
 * hashlib over the same messages. */
static void lengths(void **state)
{
    (void)state;
    static const uint8_t want[32] = {0xac, 0x8e, 0xf9, 0xf8, 0x76, 0x34, 0xce, 0x33,
                                     0x58, 0x48, 0x7b, 0x18, 0x2a, 0xd5, 0x8b, 0x70,
                                     0x7c, 0xde, 0xb7, 0x74, 0x5f, 0x01, 0x69, 0xc8,
                                     0x95, 0xac, 0xac, 0x28, 0x9e, 0xd8, 0x34, 0x71};
    uint8_t m[300], d[32];
    sage_blake2s all;
    sage_blake2s_init(&all);
    for (size_t n = 0; n <= sizeof m; n++) {
        fill(m, n);
        sage_blake2s_hash(m, n, d);
        sage_blake2s_update(&all, d, 32);
    }
    sage_blake2s_final(&all, d);
    assert_memory_equal(d, want, 32);
}

static void splits(void **state)
{
    (void)state;
    uint8_t m[200], one[32], two[32];
    fill(m, sizeof m);
    sage_blake2s_hash(m, sizeof m, one);
    for (size_t a = 0; a <= sizeof m; a++)
        for (size_t b = a; b <= sizeof m; b += 7) {
            sage_blake2s s;
            sage_blake2s_init(&s);
            sage_blake2s_update(&s, m, a);
            sage_blake2s_update(&s, m + a, b - a);
            sage_blake2s_update(&s, m + b, sizeof m - b);
            sage_blake2s_final(&s, two);
            assert_memory_equal(one, two, 32);
        }
}

static void words(void **state)
{
    (void)state;
    static const uint32_t w[3] = {0x04030201, 0x08070605, 0x0c0b0a09};
    static const uint8_t b[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    uint8_t one[32], two[32];
    sage_blake2s s;
    sage_blake2s_init(&s);
    sage_blake2s_update_words(&s, w, 3);
    sage_blake2s_final(&s, one);
    sage_blake2s_hash(b, 12, two);
    assert_memory_equal(one, two, 32);
}

/* The compression of one block is the hash of a message that fits into it. */
static void compress(void **state)
{
    (void)state;
    uint32_t h[8]            = {0x6b08e647u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
                                0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u};
    const uint32_t block[16] = {0x636261}; /* abc */
    uint8_t digest[32], words_le[32];
    sage_blake2s_compress(h, block, 3, true);
    for (int i = 0; i < 8; i++)
        sage_store_le32(words_le + 4 * i, h[i]);
    sage_blake2s_hash("abc", 3, digest);
    assert_memory_equal(words_le, digest, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abc),    cmocka_unit_test(empty), cmocka_unit_test(lengths),
        cmocka_unit_test(splits), cmocka_unit_test(words), cmocka_unit_test(compress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

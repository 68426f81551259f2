/* Which preprocessed roots are known, and that they are roots. */
#include "base/test.h"
#include "cairo/components.h"

enum { ALL = 5, WITHOUT_PEDERSEN = 4 };

static void first_of_each(void **state)
{
    (void)state;
    /* Commitment 0 of the two published proofs, as they are written there. */
    static const uint8_t blake2s[32] = {0xa9, 0x8e, 0x22, 0x42, 0x3b, 0xf5, 0xd2, 0x35,
                                        0x98, 0x1f, 0x0b, 0x36, 0xd9, 0x39, 0xae, 0x56,
                                        0xef, 0x3b, 0xe2, 0x75, 0x1c, 0x58, 0xb0, 0x32,
                                        0xb2, 0x83, 0x1e, 0x6e, 0x24, 0xba, 0x03, 0x64};
    static const char poseidon252[] =
        "001fdacd6e29834987926672fcac7fda0577adce49999ad96fb0195e745e9ce0";

    /* What a test of the reference's prover expects (preprocessed_roots.c). */
    static const uint8_t small[32] = {0x06, 0x8d, 0x11, 0x66, 0xc9, 0xf9, 0xf0, 0xec,
                                      0x24, 0x76, 0x41, 0xca, 0x39, 0x1e, 0xe8, 0x39,
                                      0x61, 0x70, 0xe6, 0x93, 0x43, 0xdf, 0xca, 0xcc,
                                      0x63, 0x2f, 0x96, 0x38, 0x67, 0x0d, 0x2b, 0xec};

    uint8_t root[32];
    assert_true(sage_cairo_preprocessed_root(SAGE_CAIRO_CANONICAL, SAGE_HASH_BLAKE2S, 1, root));
    assert_memory_equal(root, blake2s, sizeof root);
    assert_true(
        sage_cairo_preprocessed_root(SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S, 1, root));
    assert_memory_equal(root, small, sizeof root);
    assert_true(sage_cairo_preprocessed_root(SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN,
                                             SAGE_HASH_POSEIDON252, 1, root));
    for (int i = 0; i < 32; i++) {
        char byte[3];
        snprintf(byte, sizeof byte, "%02x", root[31 - i]);
        assert_memory_equal(byte, poseidon252 + 2 * i, 2);
    }
}

/* How many blowups are known, from 2^1 on. */
static uint32_t blowups(int variant, sage_hash_kind hash)
{
    bool without = variant == SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN;
    if (hash == SAGE_HASH_POSEIDON252) return without ? ALL : 0;
    return without ? WITHOUT_PEDERSEN : ALL;
}

/* Every root is another one, and a Poseidon252 root is below 2^251. */
static void distinct(void **state)
{
    (void)state;
    uint8_t root[2 * SAGE_CAIRO_VARIANTS * ALL][32] = {{0}};
    uint32_t n                                      = 0;
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        for (int h = 0; h < 2; h++)
            for (uint32_t b = 1; b <= blowups(v, (sage_hash_kind)h); b++, n++) {
                assert_true(sage_cairo_preprocessed_root((sage_cairo_variant)v,
                                                         (sage_hash_kind)h, b, root[n]));
                if (h == SAGE_HASH_POSEIDON252) assert_true(root[n][31] < 8);
                for (uint32_t j = 0; j < n; j++)
                    assert_memory_not_equal(root[n], root[j], 32);
            }
    assert_int_equal(n, 3 * ALL + WITHOUT_PEDERSEN);
}

static void unknown(void **state)
{
    (void)state;
    uint8_t root[32];
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        for (int h = 0; h < 2; h++) {
            uint32_t last               = blowups(v, (sage_hash_kind)h);
            const uint32_t log_blowup[] = {0, last + 1, UINT32_MAX};
            for (size_t i = 0; i < sizeof log_blowup / sizeof *log_blowup; i++)
                assert_false(sage_cairo_preprocessed_root(
                    (sage_cairo_variant)v, (sage_hash_kind)h, log_blowup[i], root));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_of_each),
        cmocka_unit_test(distinct),
        cmocka_unit_test(unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The hashes by kind: lists of small words, leaves, nodes, canonical digests. */
#include "base/test.h"

#include "hash/values.h"

enum { MAX_WORDS = 40 };

static void from_hex(uint8_t out[32], const char *hex)
{
    for (int i = 0; i < 32; i++) {
        char byte[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i]       = (uint8_t)strtoul(byte, NULL, 16);
    }
}

static void assert_digest(const uint8_t got[32], const char *want)
{
    uint8_t bytes[32];
    from_hex(bytes, want);
    assert_memory_equal(got, bytes, sizeof bytes);
}

/* Word i of the lists below. */
static uint32_t word(uint32_t i)
{
    return 0x7ffffffe - i * i * 977;
}

/* In one piece or word by word, and as a leaf of bytes. */
static void check_list(sage_hash_kind kind, const uint32_t *words, size_t n, const char *want)
{
    sage_values_hash h;
    uint8_t digest[32], bytes[4 * MAX_WORDS];
    sage_values_init(&h, kind);
    sage_values_add(&h, words, n);
    sage_values_final(&h, digest);
    assert_digest(digest, want);

    sage_values_init(&h, kind);
    for (size_t i = 0; i < n; i++) {
        sage_values_add(&h, words + i, 1);
        sage_values_add(&h, NULL, 0);
    }
    sage_values_final(&h, digest);
    assert_digest(digest, want);

    for (size_t i = 0; i < n; i++)
        sage_store_le32(bytes + 4 * i, words[i]);
    sage_tree_hash_of(kind)->leaf(n ? bytes : NULL, n, digest);
    assert_digest(digest, want);
}

/* The digest of (0, 1) is stwo-cairo 2b1fb4d's own test (vcs/poseidon_hasher_test.cairo). The
 * others were computed in Python, from hashlib and the definitions in facts A10, around the
 * edges of Poseidon's groups of 8 and pairs of groups. */
static void lists(void **state)
{
    (void)state;
    static const struct {
        uint32_t n;
        const char *blake2s, *poseidon252;
    } want[] = {
        {0, "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9",
         "bc5d7abf4f3fe13e21d772e93074a9ea309591004830236815fd80f5e02b2702"},
        {4, "01e69b94e55959a01bf60d73ea00c9e13b771bcf81519710476247522aa4a0fa",
         "0b45212b711fd8f29e52b327fd03416f9d8cde1ba6594dc0c4bceb717715e503"},
        {7, "25d13bd7b1c8f1857f6b9328b6cf04d335fece40b5838d4052c411b473be8995",
         "fa7dc9b086acf5b6ef62678f03fee6563ad47ae9938e95a577bb91ba493f8b00"},
        {8, "27b681ad57b1eb80bf2f959fdd01b6d050a7041de68ccccc1a2b2c0cf18d157d",
         "925db2b83601fbe06be85ed9d05fead8c1b0c6f586ee40d85d3f69c62973d801"},
        {9, "9bf0e1b31ba24360ec640210e60caf2b74f1fb914233a93de2d404cc278568be",
         "e4e86a28ab5e7258379f28fcf2dd143aa2c7966a73b80e37840ef1560cf30e02"},
        {16, "0410e2205454c898d553722e3e601d203540da1d49dde00c918f9a06f126fc47",
         "04ec59a5d6aaf8e85d54f9919ca0b59bb3c28654a81c28301e7de1f0ac03ad00"},
        {20, "7fe87f267224f6acdecd68cc0677786ef7b42872ab327a38564bdcc3eb9d6624",
         "64057fbd6c32724ce16d5a0b43050bf9308c304d38c3248dba485d7016adc100"},
    };
    uint32_t words[MAX_WORDS];
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        for (uint32_t i = 0; i < want[k].n; i++)
            words[i] = word(i);
        check_list(SAGE_HASH_BLAKE2S, words, want[k].n, want[k].blake2s);
        check_list(SAGE_HASH_POSEIDON252, words, want[k].n, want[k].poseidon252);
    }
    const uint32_t two[2] = {0, 1};
    check_list(SAGE_HASH_BLAKE2S, two, 2,
               "569675eb70a80aff63930f92b3fdc8f4ce81c0b2dea0ec43ab95a3371c2e32f6");
    check_list(SAGE_HASH_POSEIDON252, two, 2,
               "b64f76667b2394b28546a97bf0a65f49d663c9351834bef8b19e140c12fd9506");
}

/* Zeros more or less, at either end, are another list. */
static void lengths_differ(void **state)
{
    (void)state;
    static const uint32_t zeros[MAX_WORDS] = {0};
    uint8_t digest[2][MAX_WORDS][32];
    for (int kind = 0; kind < 2; kind++)
        for (size_t n = 0; n < MAX_WORDS; n++) {
            sage_values_hash h;
            sage_values_init(&h, (sage_hash_kind)kind);
            sage_values_add(&h, zeros, n);
            sage_values_final(&h, digest[kind][n]);
            for (size_t m = 0; m < n; m++)
                assert_memory_not_equal(digest[kind][n], digest[kind][m], 32);
        }
}

static void nodes(void **state)
{
    (void)state;
    uint8_t pair[64] = {[0] = 1, [32] = 2}, digest[32], want[32];
    sage_tree_hash_of(SAGE_HASH_POSEIDON252)->node(pair, digest);
    assert_digest(digest, "1a89f9704f51466c31c70f4f062d79dd452f807b1f0771cce0b2b2ec3d4ad405");
    sage_tree_hash_of(SAGE_HASH_BLAKE2S)->node(pair, digest);
    sage_blake2s_hash(pair, sizeof pair, want);
    assert_memory_equal(digest, want, sizeof want);

    /* In place. */
    sage_tree_hash_of(SAGE_HASH_POSEIDON252)->node(pair, pair + 32);
    assert_digest(pair + 32,
                  "1a89f9704f51466c31c70f4f062d79dd452f807b1f0771cce0b2b2ec3d4ad405");
}

static void canonical_digests(void **state)
{
    (void)state;
    const sage_tree_hash *blake2s  = sage_tree_hash_of(SAGE_HASH_BLAKE2S),
                         *poseidon = sage_tree_hash_of(SAGE_HASH_POSEIDON252);
    uint8_t digest[32]             = {[24] = 17, [31] = 8}; /* P - 1 */
    assert_true(poseidon->canonical(digest));
    digest[0] = 1; /* P */
    assert_false(poseidon->canonical(digest));
    digest[0] = 0, digest[23] = 1;
    assert_false(poseidon->canonical(digest));
    memset(digest, 0xff, sizeof digest);
    assert_false(poseidon->canonical(digest));
    assert_true(blake2s->canonical(digest));
    memset(digest, 0, sizeof digest);
    assert_true(poseidon->canonical(digest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),
        cmocka_unit_test(lengths_differ),
        cmocka_unit_test(nodes),
        cmocka_unit_test(canonical_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

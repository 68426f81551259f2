/* The hashes of memory sections: the reference's values, and that sections are told apart. */
#include "base/test.h"

#include "cairo/public.h"
#include "hash/blake2s.h"

static void hash_of(const sage_cairo_cell *at, uint32_t n, sage_hash_kind kind, uint8_t out[32])
{
    sage_cairo_cell copy[4];
    assert_true(n <= 4);
    if (n) memcpy(copy, at, n * sizeof *copy);
    const sage_cairo_cells cells = {copy, n};
    assert_int_equal(sage_cairo_section_hash(&cells, kind, out, NULL), SAGE_OK);
}

static void
assert_hash(const sage_cairo_cell *at, uint32_t n, sage_hash_kind kind, const uint32_t want[8])
{
    uint8_t digest[32];
    hash_of(at, n, kind, digest);
    for (int i = 0; i < 8; i++)
        assert_int_equal(sage_load_le32(digest + 4 * i), want[i]);
}

/* stwo-cairo 2b1fb4d, crates/cairo-air/src/utils.rs and
 * stwo_cairo_verifier/crates/verifier_utils/src/test.cairo. */
static void reference_values(void **state)
{
    (void)state;
    static const sage_cairo_cell two[]      = {{0, {{0x12345678, 0x90abcdef}}},
                                               {1, {{0xabcdef12, 0x34567890}}}};
    static const sage_cairo_cell three[]    = {{0, {{1, 2, 3, 4, 5, 6, 7, 8}}},
                                               {0, {{2, 3, 4, 5, 6, 7, 8, 9}}},
                                               {0, {{3, 4, 5, 6, 7, 8, 9, 10}}}};
    static const uint32_t two_blake2s[8]    = {2421522214, 635981307,  2862863578, 1664236125,
                                               1878536921, 1607560013, 4274188691, 2957079540};
    static const uint32_t three_blake2s[8]  = {2282645979, 950124099,  2516699392, 1970475562,
                                               1990856745, 3122040212, 3513633402, 1645114886};
    static const uint32_t three_poseidon[8] = {2433336977, 2153250057, 881002283,  2835163344,
                                               2300811583, 376217666,  1436681392, 91789842};
    assert_hash(two, 2, SAGE_HASH_BLAKE2S, two_blake2s);
    assert_hash(three, 3, SAGE_HASH_BLAKE2S, three_blake2s);
    assert_hash(three, 3, SAGE_HASH_POSEIDON252, three_poseidon);
}

/* What Blake2s is given: big-endian words, two below 2^63, else eight with a mark. */
static void encoding(void **state)
{
    (void)state;
    static const sage_cairo_cell at[] = {{7, {{0x12345678, 0x7fffffff}}},
                                         {8, {{0x12345678, 0x80000000}}},
                                         {9, {{5, 0, 0, 0, 0, 0, 0, 1}}}};
    static const uint32_t words[] = {0x7fffffff, 0x12345678, 0x80000000, 0,          0, 0, 0,
                                     0,          0x80000000, 0x12345678, 0x80000001, 0, 0, 0,
                                     0,          0,          0,          5};
    sage_blake2s h;
    uint8_t want[32], got[32];
    sage_blake2s_init(&h);
    sage_blake2s_update_words(&h, words, sizeof words / sizeof *words);
    sage_blake2s_final(&h, want);
    hash_of(at, 3, SAGE_HASH_BLAKE2S, got);
    assert_memory_equal(got, want, sizeof got);
}

static void told_apart(void **state)
{
    (void)state;
    static const sage_cairo_cell at[] = {{1, {{0}}}, {2, {{0}}}, {3, {{1}}}, {4, {{1, 1}}}};
    for (int kind = 0; kind < 2; kind++) {
        uint8_t digest[10][32];
        int n = 0;
        for (uint32_t from = 0; from < 4; from++)
            for (uint32_t to = from + 1; to <= 4; to++)
                hash_of(at + from, to - from, (sage_hash_kind)kind, digest[n++]);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) /* sections 0..1 and 1..2 are equal but for the id */
                if (i == 4 && j == 0)
                    assert_memory_equal(digest[i], digest[j], 32);
                else
                    assert_memory_not_equal(digest[i], digest[j], 32);
        uint8_t empty[32];
        hash_of(NULL, 0, (sage_hash_kind)kind, empty);
        for (int i = 0; i < n; i++)
            assert_memory_not_equal(digest[i], empty, 32);
    }
}

static void refuses_what_is_no_felt(void **state)
{
    (void)state;
    sage_cairo_cell at[2]  = {{0, {{1}}}, {1, {{1, 0, 0, 0, 0, 0, 17, 1u << 27}}}};
    sage_cairo_cells cells = {at, 2};
    for (int kind = 0; kind < 2; kind++) {
        uint8_t digest[32];
        sage_errinfo err = {0};
        at[1].value.w[0] = 1;
        assert_int_equal(sage_cairo_section_hash(&cells, (sage_hash_kind)kind, digest, &err),
                         SAGE_EPROOF);
        assert_string_equal(err.where, "cairo.claim.value");
        assert_int_equal(err.at, 1);
        at[1].value.w[0] = 0;
        assert_int_equal(sage_cairo_section_hash(&cells, (sage_hash_kind)kind, digest, &err),
                         SAGE_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_values),
        cmocka_unit_test(encoding),
        cmocka_unit_test(told_apart),
        cmocka_unit_test(refuses_what_is_no_felt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

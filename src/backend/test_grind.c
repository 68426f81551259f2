/* Proof of work against a naive search in the reference's order (facts A5). */
#include "backend/test_rig.h"

#include "hash/blake2s.h"
#include "hash/poseidon252.h"

static unsigned zeros(const uint8_t prefix[32], uint64_t nonce)
{
    uint8_t block[40], d[32];
    memcpy(block, prefix, 32);
    for (int i = 0; i < 8; i++)
        block[32 + i] = (uint8_t)(nonce >> 8 * i);
    sage_blake2s_hash(block, sizeof block, d);
    unsigned n = 0;
    while (n < 256 && !(d[n / 8] >> n % 8 & 1))
        n++;
    return n;
}

static uint64_t naive(const uint8_t prefix[32], uint32_t bits)
{
    for (uint64_t hi = 0;; hi++)
        for (uint64_t lo = 0; lo < 1u << 20; lo++)
            if (zeros(prefix, hi << 32 | lo) >= bits) return hi << 32 | lo;
}

enum { PREFIXES = 6, BITS = 17 };

typedef struct table {
    uint8_t prefix[PREFIXES][32];
    uint64_t nonce[PREFIXES][BITS];
} table;

static void check(rig *r, const void *arg)
{
    const table *t = arg;
    for (int p = 0; p < PREFIXES; p++)
        for (uint32_t bits = 0; bits < BITS; bits++) {
            uint64_t nonce = UINT64_MAX;
            assert_int_equal(
                r->be->grind(r->dev, SAGE_HASH_BLAKE2S, t->prefix[p], bits, &nonce, NULL),
                SAGE_OK);
            assert_true(nonce == t->nonce[p][bits]);
        }
}

static void equals_naive_search(void **state)
{
    (void)state;
    static table t;
    uint64_t seed = 5;
    for (int p = 0; p < PREFIXES; p++) {
        for (int i = 0; i < 32; i++)
            t.prefix[p][i] = p ? (uint8_t)rig_random(&seed) : 0;
        for (uint32_t bits = 0; bits < BITS; bits++)
            t.nonce[p][bits] = naive(t.prefix[p], bits);
    }
    rig_each(4, 0, check, &t);
}

/* Searches that end beyond the first 2^20: the order crosses to hi > 0 and starts again at
 * lo = 0. The expected nonces come from the naive search, once. */
typedef struct far {
    uint8_t prefix[32];
    uint32_t bits;
    uint64_t nonce;
} far;

static void check_far(rig *r, const void *arg)
{
    const far *f   = arg;
    uint64_t nonce = 0;
    if (!strcmp(r->be->name, "scalar")) return; /* the same order in the test above */
    assert_int_equal(r->be->grind(r->dev, SAGE_HASH_BLAKE2S, f->prefix, f->bits, &nonce, NULL),
                     SAGE_OK);
    assert_true(nonce == f->nonce);
}

static void crosses_to_the_next_high_half(void **state)
{
    (void)state;
    far f   = {{1}, 21, 0};
    f.nonce = naive(f.prefix, f.bits);
    assert_true(f.nonce >> 32 > 0);
    rig_each(4, 0, check_far, &f);
}

/* More than 32 bits: the second digest word counts. The prefix was found by search; among its
 * first 2^20 nonces this is the only one with 32 zeros or more. */
static void check_33(rig *r, const void *arg)
{
    const uint8_t *prefix = arg;
    for (uint32_t bits = 31; bits <= 33; bits++) {
        uint64_t nonce = 0;
        assert_int_equal(r->be->grind(r->dev, SAGE_HASH_BLAKE2S, prefix, bits, &nonce, NULL),
                         SAGE_OK);
        if (bits > 31) assert_true(nonce == 256427);
        assert_true(zeros(prefix, nonce) >= bits);
    }
}

static void more_than_32_bits(void **state)
{
    (void)state;
    static const uint8_t prefix[32] = {2701 & 0xff, 2701 >> 8, 0, 0, 0x45, 0x47, 0x41, 0x53};
    assert_in_range(zeros(prefix, 256427), 33, 40);
    rig_each(4, 0, check_33, prefix);
}

static void check_64(rig *r, const void *arg)
{
    (void)arg;
    uint8_t prefix[32] = {0};
    uint64_t nonce     = 0;
    sage_errinfo err   = {0};
    assert_int_equal(r->be->grind(r->dev, SAGE_HASH_BLAKE2S, prefix, 64, &nonce, &err),
                     SAGE_EINVAL);
    assert_string_equal(err.where, "grind.bits");
}

static void refuses_64_bits(void **state)
{
    (void)state;
    rig_each(4, 0, check_64, NULL);
}

/* Poseidon252, on the digest before the query proof of work of the published proof
 * test_prove_verify_ret_opcode (stwo-cairo 2b1fb4d): its prefix for 20 bits, and a naive search
 * for fewer. The published nonce is the first of 1.7 million, 6 s of one core, so that only the
 * fastest backend looks for it. */
static felt252 published_prefix(uint8_t prefix[32])
{
    static const uint8_t digest[32] = {0x3d, 0xd8, 0x1b, 0x3b, 0x9c, 0xf7, 0x2a, 0x78,
                                       0xdd, 0x4a, 0x2d, 0x5a, 0x59, 0x73, 0x6a, 0x3a,
                                       0xca, 0x40, 0xae, 0x10, 0xec, 0xd6, 0x29, 0x13,
                                       0x89, 0x53, 0x6a, 0x13, 0x5a, 0xd8, 0xdf, 0x06};
    felt252 x[3] = {felt252_from_u64(0x12345678), felt252_zero(), felt252_from_u64(20)};
    assert_true(felt252_from_bytes(&x[1], digest));
    felt252 p = sage_poseidon252_many(x, 3);
    felt252_to_bytes(p, prefix);
    return p;
}

enum { FEW_BITS = 12 };

typedef struct felt_table {
    uint8_t prefix[32];
    uint64_t nonce[FEW_BITS];
} felt_table;

static uint64_t naive_felt(felt252 prefix, uint32_t bits)
{
    for (uint64_t nonce = 0; nonce < 1 << 14; nonce++) {
        uint64_t limbs[4];
        felt252_to_limbs(sage_poseidon252_pair(prefix, felt252_from_u64(nonce)), limbs);
        if (limbs[0] % (1u << bits) == 0) return nonce;
    }
    return 0;
}

static void check_felts(rig *r, const void *arg)
{
    const felt_table *t = arg;
    for (uint32_t bits = 0; bits < FEW_BITS; bits++) {
        uint64_t nonce = UINT64_MAX;
        assert_int_equal(
            r->be->grind(r->dev, SAGE_HASH_POSEIDON252, t->prefix, bits, &nonce, NULL),
            SAGE_OK);
        assert_true(nonce == t->nonce[bits]);
    }
}

static void poseidon252_equals_naive_search(void **state)
{
    (void)state;
    felt_table t;
    felt252 prefix = published_prefix(t.prefix);
    for (uint32_t bits = 0; bits < FEW_BITS; bits++)
        t.nonce[bits] = naive_felt(prefix, bits);
    assert_true(t.nonce[FEW_BITS - 1] > 0);
    rig_each(4, 0, check_felts, &t);
}

static void published_poseidon252_nonce(void **state)
{
    (void)state;
    const sage_backend *be;
    sage_device *dev;
    uint8_t prefix[32];
    uint64_t nonce = 0;
    (void)published_prefix(prefix);
    assert_int_equal(sage_backend_find(NULL, &be, NULL), SAGE_OK);
    assert_int_equal(be->open(&dev, 2, NULL), SAGE_OK);
    assert_int_equal(be->grind(dev, SAGE_HASH_POSEIDON252, prefix, 20, &nonce, NULL), SAGE_OK);
    assert_true(nonce == 0x6800001467);
    be->close(dev);
}

static void check_not_canonical(rig *r, const void *arg)
{
    uint64_t nonce;
    sage_errinfo err = {0};
    assert_int_equal(r->be->grind(r->dev, SAGE_HASH_POSEIDON252, arg, 1, &nonce, &err),
                     SAGE_EINVAL);
    assert_string_equal(err.where, "grind.prefix");
}

static void refuses_a_prefix_beyond_p(void **state)
{
    (void)state;
    uint8_t prefix[32];
    memset(prefix, 0xff, sizeof prefix);
    rig_each(4, 0, check_not_canonical, prefix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_naive_search),
        cmocka_unit_test(crosses_to_the_next_high_half),
        cmocka_unit_test(more_than_32_bits),
        cmocka_unit_test(refuses_64_bits),
        cmocka_unit_test(poseidon252_equals_naive_search),
        cmocka_unit_test(published_poseidon252_nonce),
        cmocka_unit_test(refuses_a_prefix_beyond_p),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

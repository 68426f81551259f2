/* Poseidon252: its constants from SHA-256, the permutation against its definition, published
 * digests, the sponge's edges. */
#include "base/test.h"

#include <jansson.h>

#include "hash/poseidon252.h"
#include "hash/poseidon252_constants.h"
#include "hash/poseidon252_keys.h"

enum { ROUNDS = 91, FULL = 4, LAST = 87 };

/* ---- SHA-256 of a message of less than 56 bytes (FIPS 180-4) ----------------------------- */

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

/* SHA-256's own constants: the first 32 bits of the fractions of the square roots (state) and
 * cube roots (rounds) of primes p. The whole root * 2^32 is found by bisection; 19 > root(311)
 * bounds it below 2^37, so that its cube fits 128 bits. */
static uint32_t root_fraction(uint32_t p, int power)
{
    uint64_t lo = 0, hi = (uint64_t)1 << 37;
    while (hi - lo > 1) {
        uint64_t mid     = lo + (hi - lo) / 2;
        sage_u128 square = (sage_u128)mid * mid;
        bool below =
            power == 2 ? square <= (sage_u128)p << 64 : square * mid <= (sage_u128)p << 96;
        if (below)
            lo = mid;
        else
            hi = mid;
    }
    return (uint32_t)lo;
}

static uint32_t prime_number(int i)
{
    for (uint32_t p = 2;; p++) {
        bool prime = true;
        for (uint32_t d = 2; d * d <= p; d++)
            prime &= p % d != 0;
        if (prime && i-- == 0) return p;
    }
}

static void sha256_short(const char *text, uint8_t digest[32])
{
    uint8_t block[64] = {0};
    size_t n          = strlen(text);
    uint32_t w[64], h[8], s[8];
    assert_true(n < 56);
    memcpy(block, text, n);
    block[n]  = 0x80;
    block[63] = (uint8_t)(8 * n);
    block[62] = (uint8_t)(8 * n >> 8);
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] +
               (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
    for (int i = 0; i < 8; i++)
        s[i] = h[i] = root_fraction(prime_number(i), 2);
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
                      ((s[4] & s[5]) ^ (~s[4] & s[6])) + root_fraction(prime_number(i), 3) +
                      w[i];
        uint32_t t2 = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
                      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 4; k++)
            digest[4 * i + k] = (uint8_t)((h[i] + s[i]) >> (24 - 8 * k));
}

static void sha256_is_sha256(void **state)
{
    (void)state;
    static const uint8_t abc[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41,
                                    0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03,
                                    0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff,
                                    0x61, 0xf2, 0x00, 0x15, 0xad}; /* FIPS 180-4, "abc" */
    uint8_t digest[32];
    sha256_short("abc", digest);
    assert_memory_equal(digest, abc, sizeof abc);
}

/* ---- the definition ----------------------------------------------------------------------- */

static felt252 constants[ROUNDS][3];

static void make_constants(void)
{
    for (int i = 0; i < 3 * ROUNDS; i++) {
        char text[16];
        uint8_t digest[32], turned[32];
        snprintf(text, sizeof text, "Hades%d", i);
        sha256_short(text, digest);
        for (int k = 0; k < 32; k++)
            turned[k] = digest[31 - k];
        (void)!felt252_from_bytes(&constants[i / 3][i % 3], turned); /* reduced: any number */
    }
}

static void matrix(felt252 s[3])
{
    felt252 x = s[0], y = s[1], z = s[2];
    felt252 two = felt252_from_u64(2), three = felt252_from_u64(3);
    s[0] = felt252_add(felt252_add(felt252_mul(three, x), y), z);
    s[1] = felt252_add(felt252_sub(x, y), z);
    s[2] = felt252_sub(felt252_add(x, y), felt252_mul(two, z));
}

static void permute_by_definition(felt252 s[3])
{
    for (int r = 0; r < ROUNDS; r++) {
        for (int i = 0; i < 3; i++) {
            s[i] = felt252_add(s[i], constants[r][i]);
            if (i == 2 || r < FULL || r >= LAST) s[i] = felt252_mul(s[i], felt252_sqr(s[i]));
        }
        matrix(s);
    }
}

static void assert_felt(felt252 a, felt252 b)
{
    assert_memory_equal(a.l, b.l, sizeof a.l);
}

/* The derivation that poseidon252_constants.h describes. */
static void constants_are_derived(void **state)
{
    (void)state;
    const felt252 zero = felt252_zero(), p5 = felt252_multiple(5);
    felt252 offset[3] = {zero, zero, zero};
    for (int r = 0; r < FULL; r++)
        for (int i = 0; i < 3; i++)
            assert_felt(sage_poseidon252_first[r][i], constants[r][i]);
    for (int r = FULL; r < LAST; r++) {
        felt252 c[3];
        for (int i = 0; i < 3; i++)
            c[i] = felt252_add(offset[i], constants[r][i]);
        assert_felt(sage_poseidon252_partial[r - FULL], felt252_loose_add(c[2], p5));
        offset[0] = c[0], offset[1] = c[1], offset[2] = zero;
        matrix(offset);
    }
    assert_felt(sage_poseidon252_partial[LAST - FULL], p5);
    for (int r = LAST; r < ROUNDS; r++)
        for (int i = 0; i < 3; i++)
            assert_felt(sage_poseidon252_last[r - LAST][i],
                        r == LAST ? felt252_add(constants[r][i], offset[i]) : constants[r][i]);
}

static uint64_t seed = 0x252;
static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 29;
}

static felt252 random_felt(void)
{
    uint64_t limbs[4];
    for (int i = 0; i < 4; i++)
        limbs[i] = next_random();
    return felt252_from_limbs(limbs);
}

/* Lanes of the representations that are nearest to the bounds: the largest Montgomery forms,
 * P - 1 and 2^251 - 1. */
static felt252 extreme(uint64_t i)
{
    if (i % 4 == 0) return felt252_zero();
    if (i % 4 == 1) return (felt252){{0, 0, 0, FELT252_K}};
    if (i % 4 == 2) return (felt252){{UINT64_MAX, UINT64_MAX, UINT64_MAX, FELT252_K - 18}};
    return random_felt();
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 64 + (sage_test_quick() ? 50u : 1000u); i++) {
        felt252 a[3], b[3];
        for (uint64_t k = 0; k < 3; k++)
            a[k] = b[k] = i < 64 ? extreme(i >> (2 * k)) : random_felt();
        sage_poseidon252_permute(a);
        permute_by_definition(b);
        for (int k = 0; k < 3; k++)
            assert_felt(a[k], b[k]);
    }
}

/* ---- the keys of the Cairo AIR --------------------------------------------------------------- */

/* Rows that are a round's constants. */
static void keys_of_full_rounds(void **state)
{
    (void)state;
    static const uint32_t round_of[][2] = {{0, 1},   {1, 2},   {2, 3},  {3, 4},
                                           {31, 88}, {32, 89}, {33, 90}};
    felt252 keys[3];
    for (size_t i = 0; i < sizeof round_of / sizeof *round_of; i++) {
        sage_poseidon252_keys(keys, round_of[i][0]);
        for (int lane = 0; lane < 3; lane++)
            assert_felt(keys[lane], constants[round_of[i][1]][lane]);
    }
    sage_poseidon252_keys(keys, SAGE_POSEIDON252_KEY_ROWS - 1);
    for (int lane = 0; lane < 3; lane++)
        assert_true(felt252_is_zero(keys[lane]));
}

static felt252 times(uint64_t k, felt252 x)
{
    return felt252_mul(felt252_from_u64(k), x);
}

/* What the AIR computes from the lanes cubed before, z, and their cubes, c, is the lane that
 * the definition cubes: z_{i+3} = 2 (4 c_i + 2 z_{i+1} + 3 c_{i+1} + z_{i+2} - c_{i+2} + key). */
static void keys_of_partial_rounds(void **state)
{
    (void)state;
    enum { LANES_CUBED = LAST - FULL + 1 };
    felt252 s[3] = {random_felt(), random_felt(), random_felt()}, z[LANES_CUBED],
            c[LANES_CUBED];
    for (int r = 0; r < LANES_CUBED; r++) {
        for (int i = 0; i < 3; i++)
            s[i] = felt252_add(s[i], constants[FULL + r][i]);
        z[r] = s[2];
        c[r] = s[2] = felt252_mul(s[2], felt252_sqr(s[2]));
        matrix(s);
    }
    for (int i = 0; i + 3 < LANES_CUBED; i++) {
        felt252 keys[3];
        sage_poseidon252_keys(keys, (uint32_t)(FULL + i / 3));
        felt252 sum = felt252_add(times(4, c[i]), times(2, z[i + 1]));
        sum         = felt252_add(sum, felt252_add(times(3, c[i + 1]), z[i + 2]));
        sum         = felt252_add(felt252_sub(sum, c[i + 2]), keys[i % 3]);
        assert_felt(times(2, sum), z[i + 3]);
    }
}

/* ---- digests ------------------------------------------------------------------------------- */

static felt252 from_hex(const char *hex)
{
    uint64_t limbs[4] = {0};
    size_t n          = strlen(hex);
    assert_true(n > 2 && n <= 66 && !strncmp(hex, "0x", 2));
    for (size_t i = 2; i < n; i++) {
        char digit[2] = {hex[i], 0};
        for (int k = 3; k > 0; k--)
            limbs[k] = limbs[k] << 4 | limbs[k - 1] >> 60;
        limbs[0] = limbs[0] << 4 | strtoull(digit, NULL, 16);
    }
    return felt252_from_limbs(limbs);
}

static felt252 hash_by_name(const char *fn, const felt252 *x, size_t n)
{
    if (!strcmp(fn, "hash2")) return sage_poseidon252_pair(x[0], x[1]);
    if (!strcmp(fn, "hash_many")) return sage_poseidon252_many(x, n);
    /* The hash of one: the capacity lane is 1. */
    felt252 s[3] = {x[0], felt252_zero(), felt252_one()};
    assert_string_equal(fn, "hash1");
    sage_poseidon252_permute(s);
    return s[0];
}

/* Facts: digests that the libraries cairo-lang, starknet.js and starknet-rs publish as tests. */
static const struct {
    const char *fn;
    size_t n;
    const char *in[5], *out;
} known[] = {
    {"hash2",
     2,
     {"0xb662f9017fa7956fd70e26129b1833e10ad000fd37b4d9f4e0ce6884b7bbe",
      "0x1fe356bf76102cdae1bfbdc173602ead228b12904c00dad9cf16e035468bea"},
     "0x75540825a6ecc5dc7d7c2f5f868164182742227f1367d66c43ee51ec7937a81"},
    {"hash1",
     1,
     {"0x9dad5d6f502ccbcb6d34ede04f0337df3b98936aaf782f4cc07d147e3a4fd6"},
     "0x11222854783f17f1c580ff64671bc3868de034c236f956216e8ed4ab7533455"},
    {"hash_many",
     3,
     {"0x9bf52404586087391c5fbb42538692e7ca2149bac13c145ae4230a51a6fc47",
      "0x40304159ee9d2d611120fbd7c7fb8020cc8f7a599bfa108e0e085222b862c0",
      "0x46286e4f3c450761d960d6a151a9c0988f9e16f8a48d4c0a85817c009f806a"},
     "0x1ec38b38dc88bac7b0ed6ff6326f975a06a59ac601b417745fd412a5d38e4f7"},
    {"hash_many",
     4,
     {"0xbdace8883922662601b2fd197bb660b081fcf383ede60725bd080d4b5f2fd3",
      "0x1eb1daaf3fdad326b959dec70ced23649cdf8786537cee0c5758a1a4229097",
      "0x869ca04071b779d6f940cdf33e62d51521e19223ab148ef571856ff3a44ff1",
      "0x533e6df8d7c4b634b1f27035c8676a7439c635e1fea356484de7f0de677930"},
     "0x2520b8f910174c3e650725baacad4efafaae7623c69a0b5513d75e500f36624"},
    {"hash_many", 0, {0}, "0x2272be0f580fd156823304800919530eaa97430e972d7213ee13f4fbf7a5dbc"},
    {"hash_many",
     5,
     {"0x2529eb0dd994b6012b4bd496aea13c3714c13ea8db86d09aeecc5f3164181a6", "0x0", "0x2",
      "0x4d2", "0x1"},
     "0x12596e27d4c96afca11bd25940c704d457e9bd4450fcb1f6dbb6c2fc4955721"},
};

static void known_digests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        felt252 x[5];
        for (size_t k = 0; k < known[i].n; k++)
            x[k] = from_hex(known[i].in[k]);
        assert_felt(hash_by_name(known[i].fn, x, known[i].n), from_hex(known[i].out));
    }
}

static void published_digests(void **state)
{
    (void)state;
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    snprintf(path, sizeof path, "%s%s/vectors/starknet/crypto.json",
             shared ? shared : (source ? source : "."), shared ? "" : "/../shared");
    json_t *root = json_load_file(path, 0, NULL);
    if (!root) skip();
    const json_t *list = json_object_get(root, "poseidon");
    assert_in_range(json_array_size(list), 9, 1000);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i), *in = json_object_get(o, "in");
        felt252 x[64];
        assert_in_range(json_array_size(in), 0, 64);
        for (size_t k = 0; k < json_array_size(in); k++)
            x[k] = from_hex(json_string_value(json_array_get(in, k)));
        const char *fn = json_string_value(json_object_get(o, "fn"));
        assert_felt(hash_by_name(fn, x, json_array_size(in)),
                    from_hex(json_string_value(json_object_get(o, "out"))));
    }
    json_decref(root);
}

/* The sponge by its definition: pad to an even number with 1, 0..., add pairs, permute. */
static void sponge_edges(void **state)
{
    (void)state;
    felt252 x[8];
    for (int i = 0; i < 8; i++)
        x[i] = random_felt();
    for (size_t n = 0; n <= 6; n++) {
        felt252 padded[8] = {{{0}}}, s[3] = {felt252_zero(), felt252_zero(), felt252_zero()};
        memcpy(padded, x, n * sizeof *x);
        padded[n] = felt252_one();
        for (size_t i = 0; i <= n; i += 2) {
            s[0] = felt252_add(s[0], padded[i]);
            s[1] = felt252_add(s[1], padded[i + 1]);
            permute_by_definition(s);
        }
        assert_felt(sage_poseidon252_many(x, n), s[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_sha256),           cmocka_unit_test(constants_are_derived),
        cmocka_unit_test(agrees_with_the_definition), cmocka_unit_test(known_digests),
        cmocka_unit_test(published_digests),          cmocka_unit_test(sponge_edges),
        cmocka_unit_test(keys_of_full_rounds),        cmocka_unit_test(keys_of_partial_rounds),
    };
    make_constants();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The transcript: digests carried as facts, the whole published list of operations where the
 * shared vectors are at hand, and the edges of the proof of work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "hash/blake2s.h"
#include "stark/channel.h"

static void assert_digest(const sage_channel *ch, const char *hex)
{
    char got[65];
    for (int i = 0; i < 32; i++)
        snprintf(got + 2 * i, 3, "%02x", ch->digest[i]);
    assert_string_equal(got, hex);
}

/* A transcript made by stwo 2.0.0, whose mixes and draws are those of our pin (facts A16). */
static void known_transcript(void **state)
{
    (void)state;
    sage_channel ch;
    sage_channel_init(&ch);
    qm31 f = qm31_of(1058754993, 344079624, 1180285019, 582864568);
    sage_channel_mix_felts(&ch, &f, 1);
    assert_digest(&ch, "9b19718c2ece6f4832ab18248495d6078cdd65db63d540203c96aa2920ca5da4");
    qm31 g[2] = {{{1837055723, 601570980, 1321302957, 1036297988}},
                 {{438419679, 1374384942, 2116279682, 339707680}}};
    sage_channel_mix_felts(&ch, g, 2);
    assert_digest(&ch, "28f85aa0fc902988569c1fcb5920b99797216945d8e809e06bff7b652659d35b");

    memset(&ch, 0, sizeof ch);
    sage_channel_mix_felts(&ch, NULL, 0);
    sage_channel_mix_u32s(&ch, NULL, 0);
    sage_channel other = {{0}, 7};
    uint8_t digest[32] = {0};
    sage_blake2s_hash(digest, 32, digest);
    sage_blake2s_hash(digest, 32, other.digest);
    assert_memory_equal(ch.digest, other.digest, 32);
}

static void draws_know_their_number(void **state)
{
    (void)state;
    sage_channel a, b;
    sage_channel_init(&a);
    qm31 first = sage_channel_draw_felt(&a), second = sage_channel_draw_felt(&a), both[2];
    assert_false(qm31_eq(first, second));
    assert_int_equal(a.n_draws, 2);
    sage_channel_init(&b);
    sage_channel_draw_felts(&b, both, 2);
    assert_int_equal(b.n_draws, 1);
    assert_true(qm31_eq(both[0], first));
    assert_false(qm31_eq(both[1], second)); /* the second half of the same draw */
    sage_channel_mix_u64(&a, 0);
    sage_channel_mix_u64(&b, 0);
    assert_int_equal(a.n_draws, 0);
    assert_memory_equal(&a, &b, sizeof a);
}

static void drawn_points_are_on_the_circle(void **state)
{
    (void)state;
    sage_channel ch;
    sage_channel_init(&ch);
    for (int i = 0; i < 100; i++) {
        secure_point p = sage_channel_draw_point(&ch);
        assert_true(qm31_eq(qm31_add(qm31_sqr(p.x), qm31_sqr(p.y)), qm31_one()));
    }
}

/* Words of a draw at or above 2p are thrown away with their whole draw. Such a draw is found
 * by search: a word is 0xfffffffe or 0xffffffff once in 2^31, eight words a draw. */
static void uniform_draws(void **state)
{
    (void)state;
    sage_channel ch;
    sage_channel_init(&ch);
    uint32_t raw[8];
    sage_channel copy = ch;
    sage_channel_draw_u32s(&copy, raw);
    qm31 f = sage_channel_draw_felt(&ch);
    for (int i = 0; i < 4; i++)
        assert_int_equal(f.v[i], raw[i] % M31_P);
    /* The known case: from the zero digest, draw 107289826 has a word >= 2p. */
    sage_channel_init(&ch);
    ch.n_draws = 107289826u;
    copy       = ch;
    sage_channel_draw_u32s(&copy, raw);
    uint32_t largest = 0;
    for (int i = 0; i < 8; i++)
        largest = raw[i] > largest ? raw[i] : largest;
    assert_true(largest >= 2 * M31_P);
    sage_channel_draw_u32s(&copy, raw);
    f = sage_channel_draw_felt(&ch);
    assert_int_equal(ch.n_draws, 107289826u + 2);
    for (int i = 0; i < 4; i++)
        assert_int_equal(f.v[i], raw[i] % M31_P);
}

static unsigned trailing_zeros(const sage_channel *ch, uint32_t bits, uint64_t nonce)
{
    uint8_t block[40], digest[32];
    sage_channel_pow_prefix(ch, bits, block);
    for (int i = 0; i < 8; i++)
        block[32 + i] = (uint8_t)(nonce >> 8 * i);
    sage_blake2s_hash(block, sizeof block, digest);
    unsigned n = 0;
    while (n < 256 && !(digest[n / 8] >> n % 8 & 1))
        n++;
    return n;
}

/* Valid exactly when there are enough trailing zeros, at every number of bits: the words'
 * boundary at 32 included, where a 32-bit shift would accept anything. */
static void pow_counts_every_bit(void **state)
{
    (void)state;
    sage_channel ch;
    sage_channel_init(&ch);
    unsigned accepted = 0;
    for (uint32_t bits = 0; bits < 64; bits++)
        for (uint64_t nonce = 0; nonce < 200; nonce++) {
            bool valid = sage_channel_pow_valid(&ch, bits, nonce << 31 | nonce);
            assert_int_equal(valid, trailing_zeros(&ch, bits, nonce << 31 | nonce) >= bits);
            accepted += valid;
        }
    assert_in_range(accepted, 300, 600); /* 400 expected */
    for (uint32_t bits = 64; bits < 140; bits++)
        assert_false(sage_channel_pow_valid(&ch, bits, 0));
}

static void pow_binds_its_bits(void **state)
{
    (void)state;
    sage_channel ch;
    sage_channel_init(&ch);
    uint8_t a[32], b[32];
    sage_channel_pow_prefix(&ch, 10, a);
    sage_channel_pow_prefix(&ch, 11, b);
    assert_memory_not_equal(a, b, 32);
}

/* ---- the published list ------------------------------------------------------------ */

static qm31 felt_of(const json_t *j)
{
    qm31 f;
    for (size_t i = 0; i < 4; i++)
        f.v[i] = (m31)json_integer_value(json_array_get(j, i));
    return f;
}

static void assert_felt(qm31 got, const json_t *want)
{
    assert_true(qm31_eq(got, felt_of(want)));
}

static void replay_mix(sage_channel *ch, const char *op, const json_t *in)
{
    qm31 felts[16];
    uint32_t words[16];
    size_t n = json_array_size(in);
    assert_in_range(n, 0, 16);
    if (!strcmp(op, "mix_felts")) {
        for (size_t i = 0; i < n; i++)
            felts[i] = felt_of(json_array_get(in, i));
        sage_channel_mix_felts(ch, felts, n);
    } else if (!strcmp(op, "mix_u32s")) {
        for (size_t i = 0; i < n; i++)
            words[i] = (uint32_t)json_integer_value(json_array_get(in, i));
        sage_channel_mix_u32s(ch, words, n);
    } else if (!strcmp(op, "mix_u64")) {
        sage_channel_mix_u64(ch, strtoull(json_string_value(in), NULL, 16));
    } else {
        fail_msg("unknown operation %s", op);
    }
}

static void replay_draw(sage_channel *ch, const char *op, const json_t *o)
{
    const json_t *out = json_object_get(o, "out");
    if (!strcmp(op, "draw_secure_felt")) {
        assert_felt(sage_channel_draw_felt(ch), out);
    } else if (!strcmp(op, "draw_secure_felts")) {
        qm31 felts[16];
        size_t n = json_array_size(out);
        assert_in_range(n, 1, 16);
        sage_channel_draw_felts(ch, felts, n);
        for (size_t i = 0; i < n; i++)
            assert_felt(felts[i], json_array_get(out, i));
    } else if (!strcmp(op, "draw_u32s")) {
        uint32_t words[8];
        sage_channel_draw_u32s(ch, words);
        for (size_t i = 0; i < 8; i++)
            assert_int_equal(words[i], json_integer_value(json_array_get(out, i)));
    } else if (!strcmp(op, "get_random_point")) {
        secure_point p = sage_channel_draw_point(ch);
        assert_felt(p.x, json_object_get(out, "x"));
        assert_felt(p.y, json_object_get(out, "y"));
    } else if (!strcmp(op, "draw_queries(log_domain=13,n=20)")) {
        uint32_t words[8];
        for (size_t i = 0; i < 20; i++) {
            if (i % 8 == 0) sage_channel_draw_u32s(ch, words);
            assert_int_equal(words[i % 8] & 0x1fff, json_integer_value(json_array_get(out, i)));
        }
    } else {
        fail_msg("unknown operation %s", op);
    }
}

static void replay_pow(sage_channel *ch, const json_t *o)
{
    uint32_t bits  = (uint32_t)json_integer_value(json_object_get(o, "bits"));
    uint64_t nonce = (uint64_t)json_integer_value(json_object_get(o, "nonce"));
    bool next      = json_is_true(json_object_get(o, "nonce_plus1_ok"));
    assert_true(sage_channel_pow_valid(ch, bits, nonce));
    assert_int_equal(sage_channel_pow_valid(ch, bits, nonce + 1), next);
}

static void published_transcript(void **state)
{
    (void)state;
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    snprintf(path, sizeof path, "%s%s/vectors/stwo-2.0.0/channel.json",
             shared ? shared : (source ? source : "."), shared ? "" : "/../shared");
    json_t *root = json_load_file(path, 0, NULL);
    if (!root) skip();
    const json_t *list = json_object_get(root, "blake2s");
    assert_in_range(json_array_size(list), 20, 1000);
    sage_channel ch;
    sage_channel_init(&ch);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i), *digest = json_object_get(o, "digest");
        const char *op = json_string_value(json_object_get(o, "op"));
        assert_non_null(op);
        if (json_object_get(o, "bits"))
            replay_pow(&ch, o);
        else if (json_object_get(o, "in"))
            replay_mix(&ch, op, json_object_get(o, "in"));
        else if (strcmp(op, "init") != 0)
            replay_draw(&ch, op, o);
        if (digest) assert_digest(&ch, json_string_value(digest));
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_transcript),
        cmocka_unit_test(draws_know_their_number),
        cmocka_unit_test(drawn_points_are_on_the_circle),
        cmocka_unit_test(uniform_draws),
        cmocka_unit_test(pow_counts_every_bit),
        cmocka_unit_test(pow_binds_its_bits),
        cmocka_unit_test(published_transcript),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

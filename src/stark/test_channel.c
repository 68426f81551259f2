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
    sage_channel_init(&ch, SAGE_HASH_BLAKE2S);
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
    uint8_t digest[32] = {0};
    sage_blake2s_hash(digest, 32, digest);
    sage_blake2s_hash(digest, 32, digest);
    assert_memory_equal(ch.digest, digest, 32);
}

/* digest: big-endian hex, at most 64 digits, as felts are written. */
static void assert_felt252(const sage_channel *ch, const char *hex)
{
    char want[65], got[65];
    assert_int_equal(strncmp(hex, "0x", 2), 0);
    assert_in_range(strlen(hex + 2), 1, 64);
    snprintf(want, sizeof want, "%s",
             "0000000000000000000000000000000000000000000000000000000000000000");
    memcpy(want + 64 - strlen(hex + 2), hex + 2, strlen(hex + 2));
    for (int i = 0; i < 32; i++)
        snprintf(got + 2 * i, 3, "%02x", ch->digest[31 - i]);
    assert_string_equal(got, want);
}

/* Values of stwo-cairo 2b1fb4d's own tests (channel/poseidon252/test.cairo), and of stwo 2.0.0
 * for the words; the others were computed in Python from facts A10. */
static void known_poseidon_transcript(void **state)
{
    (void)state;
    static const uint32_t zero_words[7]  = {886766026, 477679824,  3218540027, 1381728512,
                                            24873733,  2344250857, 2336456258};
    static const uint32_t beef_words[7]  = {2109664634, 1571772607, 2663772549, 3445588239,
                                            2724310011, 1181437731, 926214439};
    static const m31 second_draw[8]      = {312597656,  1594801172, 461670550,  671872323,
                                            2103412634, 1661376956, 1095489051, 1864244121};
    static const uint32_t one_to_nine[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    uint32_t words[SAGE_CHANNEL_MAX_WORDS];
    qm31 felts[4];
    sage_channel ch;

    sage_channel_init(&ch, SAGE_HASH_POSEIDON252);
    assert_felt252(&ch, "0x0");
    assert_int_equal(sage_channel_draw_u32s(&ch, words), 7);
    assert_memory_equal(words, zero_words, sizeof zero_words);
    sage_channel_draw_felts(&ch, felts, 2);
    assert_memory_equal(felts, second_draw, sizeof second_draw);
    assert_int_equal(ch.n_draws, 2);
    sage_channel_mix_u64(&ch, 0x1111222233334444);
    assert_felt252(&ch, "0x7cecc0ee3d858c843fe63165f038353f9f80f52dd8d32eead9f635e2f7d8b8e");
    assert_int_equal(ch.n_draws, 0);

    sage_channel_init(&ch, SAGE_HASH_POSEIDON252);
    sage_store_le32(ch.digest, 0xdeadbeef);
    assert_int_equal(sage_channel_draw_u32s(&ch, words), 7);
    assert_memory_equal(words, beef_words, sizeof beef_words);

    sage_channel_init(&ch, SAGE_HASH_POSEIDON252);
    sage_channel_mix_u32s(&ch, one_to_nine, 9);
    assert_felt252(&ch, "0x6c7fc11690eb272bcc81115e801ad52de4e6271ddff3f97a2b75315e3572ced");

    sage_channel_init(&ch, SAGE_HASH_POSEIDON252);
    const qm31 three[3] = {{{1, 2, 3, 4}}, {{5, 6, 7, 8}}, {{9, 10, 11, 12}}};
    sage_channel_mix_felts(&ch, three, 3);
    assert_felt252(&ch, "0xf6daeedd3bfed145670f90cb77f21ddf65cf744e20d1379c2972f3dce1662d");
}

/* What enters must tell itself apart: a pair that begins with zero from a single felt, words
 * from the same words with zeros behind them, one way of mixing from another (facts F2). */
static void poseidon_mixes_differ(void **state)
{
    (void)state;
    enum { N_MIXES = 9 };
    const qm31 pair[2]       = {{{0, 0, 0, 0}}, {{1, 2, 3, 4}}};
    const uint32_t words[16] = {1};
    uint8_t root[32]         = {1};
    sage_channel ch[N_MIXES];
    for (int i = 0; i < N_MIXES; i++)
        sage_channel_init(&ch[i], SAGE_HASH_POSEIDON252);
    sage_channel_mix_felts(&ch[0], pair, 2);
    sage_channel_mix_felts(&ch[1], pair + 1, 1);
    sage_channel_mix_felts(&ch[2], pair, 0);
    sage_channel_mix_u32s(&ch[3], words, 1);
    sage_channel_mix_u32s(&ch[4], words, 2);
    sage_channel_mix_u32s(&ch[5], words, 7);
    sage_channel_mix_u32s(&ch[6], words, 8);
    sage_channel_mix_u32s(&ch[7], words, 14);
    sage_channel_mix_u64(&ch[8], 1);
    for (int i = 0; i < N_MIXES; i++)
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(ch[i].digest, ch[j].digest, 32);
    /* A root is mixed like a number. */
    sage_channel_init(&ch[0], SAGE_HASH_POSEIDON252);
    sage_channel_mix_root(&ch[0], root);
    assert_memory_equal(ch[0].digest, ch[8].digest, 32);
}

static sage_hash_kind kind_of(void **state)
{
    return *(const sage_hash_kind *)*state;
}

static void draws_know_their_number(void **state)
{
    sage_channel a, b;
    sage_channel_init(&a, kind_of(state));
    qm31 first = sage_channel_draw_felt(&a), second = sage_channel_draw_felt(&a), both[2];
    assert_false(qm31_eq(first, second));
    assert_int_equal(a.n_draws, 2);
    sage_channel_init(&b, kind_of(state));
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
    sage_channel ch;
    sage_channel_init(&ch, kind_of(state));
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
    sage_channel_init(&ch, SAGE_HASH_BLAKE2S);
    uint32_t raw[8];
    sage_channel copy = ch;
    sage_channel_draw_u32s(&copy, raw);
    qm31 f = sage_channel_draw_felt(&ch);
    for (int i = 0; i < 4; i++)
        assert_int_equal(f.v[i], raw[i] % M31_P);
    /* The known case: from the zero digest, draw 107289826 has a word >= 2p. */
    sage_channel_init(&ch, SAGE_HASH_BLAKE2S);
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
    uint8_t block[64] = {0}, digest[32];
    sage_channel_pow_prefix(ch, bits, block);
    for (int i = 0; i < 8; i++)
        block[32 + i] = (uint8_t)(nonce >> 8 * i);
    if (ch->kind == SAGE_HASH_POSEIDON252)
        sage_tree_hash_of(ch->kind)->node(block, digest); /* the pair (prefix, nonce) */
    else
        sage_blake2s_hash(block, 40, digest);
    unsigned n = 0;
    while (n < 256 && !(digest[n / 8] >> n % 8 & 1))
        n++;
    return n;
}

/* Valid exactly when there are enough trailing zeros, at every number of bits: the words'
 * boundary at 32 included, where a 32-bit shift would accept anything. */
static void pow_counts_every_bit(void **state)
{
    sage_channel ch;
    sage_channel_init(&ch, kind_of(state));
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
    sage_channel ch;
    sage_channel_init(&ch, kind_of(state));
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
        uint32_t words[SAGE_CHANNEL_MAX_WORDS], n = sage_channel_draw_u32s(ch, words);
        assert_int_equal(json_array_size(out), n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(words[i], json_integer_value(json_array_get(out, i)));
    } else if (!strcmp(op, "get_random_point")) {
        secure_point p = sage_channel_draw_point(ch);
        assert_felt(p.x, json_object_get(out, "x"));
        assert_felt(p.y, json_object_get(out, "y"));
    } else if (!strcmp(op, "draw_queries(log_domain=13,n=20)")) {
        uint32_t words[SAGE_CHANNEL_MAX_WORDS], n = 0, used = 0;
        for (size_t i = 0; i < 20; i++) {
            if (used == n) n = sage_channel_draw_u32s(ch, words), used = 0;
            assert_int_equal(words[used++] & 0x1fff,
                             json_integer_value(json_array_get(out, i)));
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
    const bool poseidon = kind_of(state) == SAGE_HASH_POSEIDON252;
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    snprintf(path, sizeof path, "%s%s/vectors/stwo-2.0.0/channel.json",
             shared ? shared : (source ? source : "."), shared ? "" : "/../shared");
    json_t *root = json_load_file(path, 0, NULL);
    if (!root) skip();
    const json_t *list = json_object_get(root, poseidon ? "poseidon252" : "blake2s");
    assert_in_range(json_array_size(list), 20, 1000);
    sage_channel ch;
    sage_channel_init(&ch, kind_of(state));
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
        if (digest && poseidon)
            assert_felt252(&ch, json_string_value(digest));
        else if (digest)
            assert_digest(&ch, json_string_value(digest));
    }
    json_decref(root);
}

#define BY_KIND(test)                                                                          \
    {#test "(blake2s)", test, NULL, NULL, &blake2s},                                           \
    {                                                                                          \
#        test "(poseidon252)", test, NULL, NULL, &poseidon252                                  \
    }

int main(void)
{
    static sage_hash_kind blake2s = SAGE_HASH_BLAKE2S, poseidon252 = SAGE_HASH_POSEIDON252;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_transcript),      cmocka_unit_test(known_poseidon_transcript),
        cmocka_unit_test(poseidon_mixes_differ), BY_KIND(draws_know_their_number),
        BY_KIND(drawn_points_are_on_the_circle), cmocka_unit_test(uniform_draws),
        BY_KIND(pow_counts_every_bit),           BY_KIND(pow_binds_its_bits),
        BY_KIND(published_transcript),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Keys, nonces and signatures: published ones, and properties of those made here. */
#include "test_vectors.h"

#include "curve/bytes_be.h"
#include "curve/nonce.h"
#include "curve/sign.h"

static sage_secret_key key_of(const char *text)
{
    uint64_t limbs[4];
    uint8_t bytes[32];
    sage_secret_key key;
    limbs_of(limbs, text);
    sage_limbs_to_be(bytes, limbs);
    assert_true(sage_secret_key_from_bytes(&key, bytes));
    assert_memory_equal(key.l, limbs, sizeof limbs);
    return key;
}

static sage_secret_key random_key(void)
{
    uint64_t limbs[4];
    random_limbs(limbs);
    sage_order reduced = sage_order_reduce(limbs);
    sage_secret_key key;
    memcpy(key.l, reduced.l, sizeof key.l);
    assert_true(sage_secret_key_valid(&key));
    return key;
}

static felt252 random_message(void)
{
    uint64_t limbs[4];
    random_limbs(limbs);
    limbs[3] >>= 5;
    return felt252_from_limbs(limbs);
}

static void check_public(const char *secret, const char *public)
{
    sage_secret_key key = key_of(secret);
    assert_true(felt252_eq(sage_public_key(&key), felt_of(public)));
}

/* starknet-rs, starknet-crypto/src/test-data; the last one, n - 1, has the x of G. */
static void public_keys(void **state)
{
    (void)state;
    check_public("1", "1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca");
    check_public("2", "759ca09377679ecd535a81e83039658bf40959283187c654c5416f439403cf5");
    check_public("3", "411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20");
    check_public("800000000000000000000000000000000000000000000000000000000000009",
                 "7a5b4797f4e56ed1473876bc2693fbe3f2fef7e050717cbae924ff23d426052");
    check_public("2e9c99d8382fa004dcbbee720aef8a97002de0e991f6a8344e6dc636a71b59e",
                 "1ff6803ae740e7e596504ac5c6afbea472e53679361e214f12be0155b13e25d");
    check_public("800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2e",
                 "1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca");
}

static void bytes_of(uint8_t bytes[32], const char *text)
{
    uint64_t limbs[4];
    limbs_of(limbs, text);
    sage_limbs_to_be(bytes, limbs);
}

static void refused_keys(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0", "800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f",
        "800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d30",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t bytes[32];
        sage_secret_key key, zero = {{0}}, given;
        sage_errinfo err;
        felt252 r = felt252_one(), s = r;
        bytes_of(bytes, bad[i]);
        assert_false(sage_secret_key_from_bytes(&key, bytes));
        assert_memory_equal(&key, &zero, sizeof key);
        limbs_of(given.l, bad[i]);
        assert_false(sage_secret_key_valid(&given));
        assert_int_equal(sage_sign(&r, &s, &given, felt252_one(), &err), SAGE_EINVAL);
        assert_string_equal(err.where, "sign.secret");
        assert_true(felt252_eq(r, felt252_one()) && felt252_eq(s, felt252_one()));
    }
}

static void key_bytes(void **state)
{
    (void)state;
    uint8_t in[32], out[32];
    for (int i = 0; i < 32; i++)
        in[i] = (uint8_t)(i + 1);
    in[0] = 7;
    sage_secret_key key;
    assert_true(sage_secret_key_from_bytes(&key, in));
    assert_int_equal(key.l[0] & 0xff, 32);
    assert_int_equal(key.l[3] >> 56, 7);
    sage_secret_key_to_bytes(out, &key);
    assert_memory_equal(in, out, 32);
}

/* extra: hexadecimal, its bytes without leading zeros. */
static void check_nonce(const char *message, const char *key, const char *extra, const char *k)
{
    uint64_t z[4], d[4], want[4];
    uint8_t bytes[32];
    size_t skip = 0;
    sage_nonce nonce;
    sage_order got;
    limbs_of(z, message), limbs_of(d, key), limbs_of(want, k);
    bytes_of(bytes, extra);
    while (skip < 32 && !bytes[skip])
        skip++;
    sage_nonce_init(&nonce, d, z, bytes + skip, 32 - skip);
    sage_nonce_next(&nonce, &got);
    assert_memory_equal(got.l, want, sizeof want);
    sage_nonce_next(&nonce, &got);
    assert_memory_not_equal(got.l, want, sizeof want);
}

typedef struct nonce_vector {
    const char *message, *key, *extra, *k;
} nonce_vector;

/* starknet-rs, starknet-crypto/test-data of rfc6979.rs. */
static void nonces(void **state)
{
    (void)state;
    static const nonce_vector v[] = {
        {"0080977da1148412a7976215729d396b72aec9e955498757a7b859281354b4b1",
         "03fa56dcdbe2fb6769a83786469faf589a3d1e31c66db8b0432f741a38cdeed1",
         "0776cc1aa4c66417a4923768b9d4a7cfca731e862e4972ed930d8f2ad45d352b",
         "0013480c97bb5861404aa16e1f97a99411ba8f4039b2d54de839dea5c9f0af47"},
        {"00b3b40642edd4d2e4c7c60310c55b9e99bcb64b57b05ccd3d4062b6caa10bfc",
         "05a1e54cd91afff6b1797ad6244a93380cd530f05eda201b9b25d52da61fbcb2",
         "00343ace243e3236520d132a07a6bdd757f743e5a4901e7b5d60b72c3f9450af",
         "05bb9f6160e41bd0887b58c40c90060a32569de14dcab341426b16bdf4d9dd94"},
        {"006c663dc46f1f680f32ef5f3f4fe71c5a0488c7fd2500eeee29cbaa3e4231e3",
         "013a6f2b21a9344b51635f16da58573f69c7d09ec20769ec9b481629ea9ec485", "",
         "02d59476386604375e958f2ee7f07446d1861a4ceb92eb393009b1c72db308a7"},
        {"010b559a3b4dc1b7137d90521cb413b397ff07963214d128a92d65aec7182f68",
         "07e3184f4bef18f371bc53fc412dff1b30dbc94f758490fb8e2349bae647a642",
         "03fe27199aaad4e700559e2436a919f4de70def585a6deb2f4c087fdf6a27c1b",
         "00514de5048c11bf01f3dc98a131e0a3fde03d6269cdfab69d944c8281149184"},
        {"03fcafdbc49c1b8ff00ad5884db731a643899a2010169481203e9a4aab0545f3",
         "02bb48d586e127c86a3a4e6b831a99bac5a9adf0e3974bc629c43a12f52fb488", "",
         "0052218bd1d5447347793972e5d40800a45cc91794746533164827e6f3ce8250"},

    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        check_nonce(v[i].message, v[i].key, v[i].extra, v[i].k);
}

static void check_signature(const char *key, const char *message, const char *r, const char *s)
{
    sage_secret_key secret = key_of(key);
    felt252 got_r, got_s;
    assert_int_equal(sage_sign(&got_r, &got_s, &secret, felt_of(message), NULL), SAGE_OK);
    assert_true(felt252_eq(got_r, felt_of(r)));
    assert_true(felt252_eq(got_s, felt_of(s)));
    assert_true(sage_signed(sage_public_key(&secret), felt_of(message), got_r, got_s));
}

/* starknet.js 10.8.0, ec.starkCurve.sign. */
static void signatures(void **state)
{
    (void)state;
    const char *key = "3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
    check_signature(key, "6d885b1a2b7cb7946480c63aa1697888a33e9ccd0b1516f41c41731a1628726",
                    "294dca52ceb11f438d2ca655d6fff279825e7a75c11d7ecbb6ad592c60b04e4",
                    "66b5365124d1b2ddbf01bf3a1714cec5c68b4775a485142db8fa50fb4ebebfb");
    check_signature(key, "3f600e8af3f94178298d7f56a396b81a8083db1b2cc0f16eaa09f5d79221730",
                    "65b568d014fbfb33468ea6f3ba1d117f16e3269f7b8110943e666f52387573c",
                    "43e4a32583a0eb37360f4b81f8640d37735e240bbc873463478970306515796");
    check_signature(key, "2", "3f8852c3010ca93d70ff7590903d4d140f04b17b41d7f7f360ddbe7118ff8ac",
                    "26c7f26e90d79d8a3464f8667cf04059d08f56e978db60f50c830b48fc1d39a");
}

static void message_too_large(void **state)
{
    (void)state;
    sage_secret_key key = key_of("5");
    sage_errinfo err;
    felt252 r = felt252_one(), s = r;
    felt252 limit = felt_of("800000000000000000000000000000000000000000000000000000000000000");
    assert_int_equal(sage_sign(&r, &s, &key, limit, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "sign.message");
    assert_true(felt252_eq(r, felt252_one()) && felt252_eq(s, felt252_one()));
    felt252 last = felt252_sub(limit, felt252_one());
    assert_int_equal(sage_sign(&r, &s, &key, last, &err), SAGE_OK);
    assert_true(sage_signed(sage_public_key(&key), last, r, s));
    assert_false(sage_signed(sage_public_key(&key), limit, r, s));
}

static void check_pair(const sage_secret_key *key, felt252 message)
{
    const felt252 one = felt252_one(), public = sage_public_key(key);
    felt252 r, s, again[2];
    assert_int_equal(sage_sign(&r, &s, key, message, NULL), SAGE_OK);
    assert_int_equal(sage_sign(&again[0], &again[1], key, message, NULL), SAGE_OK);
    assert_true(felt252_eq(r, again[0]) && felt252_eq(s, again[1]));
    assert_true(sage_signed(public, message, r, s));
    assert_false(sage_signed(felt252_add(public, one), message, r, s));
    assert_false(sage_signed(public, felt252_add(message, one), r, s));
    assert_false(sage_signed(public, message, felt252_add(r, one), s));
    assert_false(sage_signed(public, message, r, felt252_add(s, one)));
    assert_false(sage_signed(public, message, s, r));
    assert_false(sage_signed(public, message, felt252_neg(r), s));
}

/* Random keys and messages; the keys 1, 2, n - 1; the message 0. */
static void sign_then_verify(void **state)
{
    (void)state;
    for (int i = 0; i < (sage_test_quick() ? 10 : 300); i++) {
        sage_secret_key key = random_key();
        check_pair(&key, random_message());
        check_pair(&key, felt252_zero());
    }
    static const char *const ends[] = {
        "1", "2", "800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2e"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        sage_secret_key key = key_of(ends[i]);
        check_pair(&key, random_message());
        check_pair(&key, felt252_zero());
    }
}

static void shared_vectors(void **state)
{
    (void)state;
    json_t *root = vectors_load(), *v;
    size_t i;
    const char *secret;
    if (!root) skip();
    json_t *list = json_object_get(root, "public_keys");
    assert_true(json_object_size(list) >= 30);
    json_object_foreach(list, secret, v) check_public(secret, json_string_value(v));
    list = json_object_get(root, "rfc6979_k");
    assert_true(json_array_size(list) >= 20);
    json_array_foreach(list, i, v) check_nonce(text_at(v, "msg_hash"), text_at(v, "priv_key"),
                                               text_at(v, "seed"), text_at(v, "k"));
    list = json_object_get(root, "ecdsa_sign_js");
    assert_true(json_array_size(list) >= 3);
    json_array_foreach(list, i, v) check_signature(text_at(v, "priv"), text_at(v, "msg"),
                                                   text_at(v, "r"), text_at(v, "s"));
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_keys),      cmocka_unit_test(refused_keys),
        cmocka_unit_test(key_bytes),        cmocka_unit_test(nonces),
        cmocka_unit_test(signatures),       cmocka_unit_test(message_too_large),
        cmocka_unit_test(sign_then_verify), cmocka_unit_test(shared_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

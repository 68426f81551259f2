/* ECDSA on the STARK curve: published signatures, signatures made here, and forged ones. */
#include "test_vectors.h"

#include "curve/order.h"
#include "curve/signature.h"

typedef struct signature {
    uint64_t key[4], message[4], r[4], s[4];
} signature;

static bool valid(const signature *v)
{
    return sage_signature_valid(v->key, v->message, v->r, v->s);
}

static signature of_text(const char *key, const char *message, const char *r, const char *s)
{
    signature v;
    limbs_of(v.key, key);
    limbs_of(v.message, message);
    limbs_of(v.r, r);
    limbs_of(v.s, s);
    return v;
}

/* starknet-rs, ecdsa.rs: the key of the secret 1 signs 2. */
static void published(void **state)
{
    (void)state;
    signature v =
        of_text("1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca", "2",
                "411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20",
                "405c3191ab3883ef2b763af35bc5f5d15b3b4e99461d70e84c654a351a7c81b");
    assert_true(valid(&v));
    v.message[0]++;
    assert_false(valid(&v));
}

/* s = (z + r d) / k, as a signer would; only where all four numbers are in range. */
static bool sign(signature *v, const uint64_t d[4], const uint64_t k[4])
{
    const sage_point g = sage_curve_point(SAGE_CURVE_G);
    sage_jacobian key = sage_curve_multiply(g, d), nonce = sage_curve_multiply(g, k);
    sage_point q, p;
    assert_true(sage_jacobian_affine(&q, &key) && sage_jacobian_affine(&p, &nonce));
    felt252_to_limbs(q.x, v->key);
    felt252_to_limbs(p.x, v->r);
    sage_order rd = sage_order_mul(sage_order_reduce(v->r), sage_order_reduce(d));
    sage_order s  = sage_order_mul(sage_order_add(sage_order_reduce(v->message), rd),
                                   sage_order_inv(sage_order_reduce(k)));
    memcpy(v->s, s.l, sizeof s.l);
    return !((v->r[3] | s.l[3] | sage_order_inv(s).l[3]) >> 59);
}

static void made_and_forged(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        signature v;
        uint64_t d[4], k[4];
        random_limbs(d), random_limbs(k), random_limbs(v.message);
        v.message[3] >>= 5;
        if (!sign(&v, d, k)) continue; /* one in 2^59 */
        assert_true(valid(&v));
        uint64_t *parts[3] = {v.message, v.r, v.s};
        for (int w = 0; w < 12; w++) { /* any change is a forgery */
            uint64_t flip = (uint64_t)1 << (i * 7 % 59);
            parts[w / 4][w % 4] ^= flip;
            assert_false(valid(&v));
            parts[w / 4][w % 4] ^= flip;
        }
        assert_true(valid(&v));
    }
}

/* z = r d: both terms are the same point. Signatures that are right are accepted, and nothing
 * else is because of that. */
static void equal_terms(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        uint64_t d[4], k[4];
        signature v;
        random_limbs(d), random_limbs(k);
        memset(v.message, 0, sizeof v.message);
        if (!sign(&v, d, k)) continue;
        sage_order z = sage_order_mul(sage_order_reduce(v.r), sage_order_reduce(d));
        memcpy(v.message, z.l, sizeof z.l);
        if (z.l[3] >> 59 || !sign(&v, d, k)) continue;
        assert_true(valid(&v));
        v.s[0] ^= 2; /* still equal terms */
        assert_false(valid(&v));
    }
}

static void out_of_range(void **state)
{
    (void)state;
    const signature good =
        of_text("1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca", "2",
                "411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20",
                "405c3191ab3883ef2b763af35bc5f5d15b3b4e99461d70e84c654a351a7c81b");
    signature v = good;
    memset(v.r, 0, sizeof v.r);
    assert_false(valid(&v));
    v = good;
    memset(v.s, 0, sizeof v.s);
    assert_false(valid(&v));
    v = good;
    v.s[3] |= (uint64_t)1 << 59;
    assert_false(valid(&v));
    v = good;
    v.r[3] |= (uint64_t)1 << 60;
    assert_false(valid(&v));
    v = good;
    v.message[3] |= (uint64_t)1 << 63;
    assert_false(valid(&v));
    v = good;
    sage_point p;
    do /* a key that is no x of the curve */
        v.key[0]++;
    while (sage_point_from_x(&p, felt252_from_limbs(v.key)));
    assert_false(valid(&v));
}

static void shared_vectors(void **state)
{
    (void)state;
    json_t *root = vectors_load(), *item;
    size_t i;
    if (!root) skip();
    json_t *list = json_object_get(root, "ecdsa_verify");
    assert_true(json_array_size(list) >= 3);
    json_array_foreach(list, i, item)
    {
        bool inverse = json_object_get(item, "w"); /* crypto-cpp gives 1 / s */
        signature v  = of_text(text_at(item, "pub_x"), text_at(item, "msg"), text_at(item, "r"),
                               text_at(item, inverse ? "w" : "s"));
        if (inverse) {
            sage_order s = sage_order_inv(sage_order_reduce(v.s));
            memcpy(v.s, s.l, sizeof s.l);
        }
        assert_int_equal(valid(&v), json_is_true(json_object_get(item, "valid")));
    }
    list = json_object_get(root, "ecdsa_sign_js");
    assert_true(json_array_size(list) >= 3);
    json_array_foreach(list, i, item)
    {
        signature v =
            of_text("0", text_at(item, "msg"), text_at(item, "r"), text_at(item, "s"));
        uint64_t d[4];
        sage_point q;
        limbs_of(d, text_at(item, "priv"));
        sage_jacobian key = sage_curve_multiply(sage_curve_point(SAGE_CURVE_G), d);
        assert_true(sage_jacobian_affine(&q, &key));
        felt252_to_limbs(q.x, v.key);
        assert_true(valid(&v));
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published),      cmocka_unit_test(made_and_forged),
        cmocka_unit_test(equal_terms),    cmocka_unit_test(out_of_range),
        cmocka_unit_test(shared_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* curve/sign.c -- secret keys, and signatures made with them. */
#include "curve/sign.h"

#include "base/random.h"
#include "curve/bytes_be.h"
#include "curve/declassify.h"
#include "curve/generator.h"
#include "curve/nonce.h"
#include "curve/signature.h"

enum { STACK = 4096 }; /* more than the frames of one signature below its own */

/* What callees left on the stack: spilled limbs of nonces and keys. Registers are not reached. */
SAGE_NOINLINE static void wipe_stack(void)
{
    uint8_t below[STACK];
    sage_secret_zero(below, sizeof below);
}

static bool below_2_251(const uint64_t v[4])
{
    return v[3] >> 59 == 0;
}

/* 0 < limbs < n. */
static bool in_range(const uint64_t limbs[4])
{
    sage_order number;
    unsigned good = sage_order_from_limbs(&number, limbs);
    good &= !sage_order_is_zero(number);
    sage_secret_zero(&number, sizeof number);
    return sage_declassify(good != 0); /* a number of no use as a key */
}

bool sage_secret_key_valid(const sage_secret_key *key)
{
    return in_range(key->l);
}

bool sage_secret_key_from_bytes(sage_secret_key *out, const uint8_t bytes[32])
{
    sage_limbs_from_be(out->l, bytes);
    bool good = in_range(out->l);
    if (!good) sage_secret_zero(out, sizeof *out);
    wipe_stack();
    return good;
}

void sage_secret_key_to_bytes(uint8_t bytes[32], const sage_secret_key *key)
{
    sage_limbs_to_be(bytes, key->l);
}

static sage_order order_of(const sage_secret_key *key)
{
    return (sage_order){{key->l[0], key->l[1], key->l[2], key->l[3]}};
}

felt252 sage_public_key(const sage_secret_key *key)
{
    felt252 x = sage_generator_x(order_of(key));
    wipe_stack();
    return x;
}

typedef struct pair {
    uint64_t r[4], s[4];
} pair;

/* r = (k G).x, s = a / k with a = z + r d; true if 0 < r < 2^251, 0 < s < 2^251 and 1 / s <
 * 2^251. One inverse serves both: t = 1 / (k a), s = a^2 t, 1 / s = k^2 t. */
static bool sign_with(pair *out, sage_order k, sage_order d, const uint64_t z[4])
{
    felt252_to_limbs(sage_generator_x(k), out->r);
    sage_order a =
        sage_order_add(sage_order_reduce(z), sage_order_mul(sage_order_reduce(out->r), d));
    sage_order t = sage_order_inv(sage_order_mul(k, a));
    sage_order s = sage_order_mul(sage_order_mul(a, a), t);
    sage_order w = sage_order_mul(sage_order_mul(k, k), t);
    for (int i = 0; i < 4; i++)
        out->s[i] = s.l[i];
    const uint64_t over = (out->r[3] | s.l[3] | w.l[3]) >> 59;
    const uint64_t r    = out->r[0] | out->r[1] | out->r[2] | out->r[3];
    unsigned good       = over == 0;
    good &= r != 0;
    good &= !sage_order_is_zero(s);
    sage_secret_zero(&a, sizeof a);
    sage_secret_zero(&t, sizeof t);
    return good != 0;
}

/* Public: that a nonce was of no use, once in 2^53. It is never used again. */
static void sign(pair *out, const sage_secret_key *key, const uint64_t z[4])
{
    sage_nonce nonce;
    sage_order k, d = order_of(key);
    sage_nonce_init(&nonce, key->l, z, NULL, 0);
    do
        sage_nonce_next(&nonce, &k);
    while (!sage_declassify(sign_with(out, k, d, z)));
    sage_secret_zero(&nonce, sizeof nonce);
    sage_secret_zero(&k, sizeof k);
    sage_secret_zero(&d, sizeof d);
}

sage_status sage_sign(
    felt252 *r, felt252 *s, const sage_secret_key *key, felt252 message, sage_errinfo *err)
{
    uint64_t z[4];
    pair out;
    felt252_to_limbs(message, z);
    if (!below_2_251(z))
        return sage_fail(err, SAGE_EINVAL, "sign.message", -1, "the message is 2^251 or more");
    if (!sage_secret_key_valid(key))
        return sage_fail(err, SAGE_EINVAL, "sign.secret", -1, "the key is 0, or too large");
    sign(&out, key, z);
    wipe_stack();
    *r = felt252_from_limbs(out.r);
    *s = felt252_from_limbs(out.s);
    return SAGE_OK;
}

bool sage_signed(felt252 key, felt252 message, felt252 r, felt252 s)
{
    uint64_t limbs[4][4];
    felt252_to_limbs(key, limbs[0]);
    felt252_to_limbs(message, limbs[1]);
    felt252_to_limbs(r, limbs[2]);
    felt252_to_limbs(s, limbs[3]);
    return sage_signature_valid(limbs[0], limbs[1], limbs[2], limbs[3]);
}

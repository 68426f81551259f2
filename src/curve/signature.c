/* curve/signature.c -- ECDSA: is r the x of (z G +- r Q) / s? */
#include "curve/signature.h"

#include "curve/generator.h"
#include "curve/key.h"

static bool is_zero(const uint64_t v[4])
{
    return !(v[0] | v[1] | v[2] | v[3]);
}

static bool below_2_251(const uint64_t v[4])
{
    return v[3] >> 59 == 0;
}

/* z G is infinity for z = 0 alone, as z < n; then r must be the x of the other term. */
static bool sum_has_x(sage_order of_g, const sage_key_multiple *of_q, felt252 r)
{
    if (sage_order_is_zero(of_g)) return felt252_eq(felt252_mul(of_q->c, r), of_q->p.x);
    sage_point a;
    sage_jacobian zg = sage_generator_multiply_public(of_g);
    return sage_jacobian_affine(&a, &zg) && sage_key_sum_has_x(a, of_q, r);
}

bool sage_signature_valid(const uint64_t key[4],
                          const uint64_t message[4],
                          const uint64_t r[4],
                          const uint64_t s[4])
{
    sage_key_multiple q;
    if (is_zero(r) || !below_2_251(r) || !below_2_251(message)) return false;
    if (is_zero(s) || !below_2_251(s)) return false;
    sage_order w = sage_order_inv(sage_order_reduce(s));
    if (!below_2_251(w.l)) return false;
    sage_order of_g = sage_order_mul(sage_order_reduce(message), w);
    sage_order of_q = sage_order_mul(sage_order_reduce(r), w);
    if (!sage_key_multiply(&q, felt252_from_limbs(key), of_q)) return false;
    return sum_has_x(of_g, &q, felt252_from_limbs(r));
}

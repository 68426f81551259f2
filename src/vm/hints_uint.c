/* vm/hints_uint.c -- division, products and roots of numbers up to 512 bits: Cairo 1's core
 * hints and the uint256 library of Cairo 0. */
#include <string.h>

#include "vm/hint_uint.h"

static const uint768 one_at_128 = {{0, 0, 1}};

/* "lhs rhs high low" */
static sage_status wide_product(hint_call *c)
{
    sage_value a, b;
    sage_status s = hint_felt(c, 0, &a);
    if (!s) s = hint_felt(c, 1, &b);
    if (s) return s;
    uint384 x = hint_uint(a), y = hint_uint(b), low = {{0}}, high = {{0}};
    uint768 p = uint384_mul(&x, &y);
    memcpy(low.l, p.l, 2 * sizeof *p.l);
    memcpy(high.l, p.l + 2, UINT384_LIMBS * sizeof *p.l);
    s = hint_write_uint(c, 2, &high);
    return s ? s : hint_write_uint(c, 3, &low);
}

/* "lhs rhs quotient remainder" */
static sage_status divide(hint_call *c)
{
    sage_value n, d, q, r;
    sage_status s = hint_felt(c, 0, &n);
    if (!s) s = hint_felt(c, 1, &d);
    if (!s) s = hint_divide_felts(c, n, d, &q, &r);
    if (!s) s = hint_write(c, 2, q);
    return s ? s : hint_write(c, 3, r);
}

/* n parts of the dividend, two of the divisor, n of the quotient, two of the remainder; variant
 * is n. */
static sage_status divide_wide(hint_call *c)
{
    uint32_t n = c->site->kind->variant;
    uint768 dividend, quotient;
    uint384 divisor, rest;
    sage_status s = hint_uint_read(c, 0, n, &dividend);
    if (!s) s = hint_uint256(c, n, &divisor);
    if (!s) s = hint_divide(c, &dividend, &divisor, &quotient, &rest);
    if (!s) s = hint_write_parts(c, n + 2, n, &quotient);
    if (s) return s;
    uint768 remainder = uint384_widen(&rest);
    return hint_write_parts(c, 2 * n + 2, 2, &remainder);
}

/* "value dst" */
static sage_status square_root(hint_call *c)
{
    sage_value v;
    sage_status s = hint_felt(c, 0, &v);
    if (s) return s;
    uint384 u = hint_uint(v), root = hint_root(&u);
    return hint_write_uint(c, 1, &root);
}

/* 2 root - rest >= 2^128 */
static bool exceeds(const uint384 *root, const uint384 *rest)
{
    uint384 bound = hint_narrow(&one_at_128), twice;
    (void)uint384_add(&twice, root, root);
    (void)uint384_add(&bound, &bound, rest);
    return uint384_compare(&twice, &bound) >= 0;
}

/* "value_low value_high sqrt0 sqrt1 remainder_low remainder_high
 * sqrt_mul_2_minus_remainder_ge_u128" */
static sage_status square_root_parts(hint_call *c)
{
    uint384 v, rest, low = {{0}}, high = {{0}};
    sage_status s = hint_uint256(c, 0, &v);
    if (s) return s;
    uint384 root   = hint_root(&v);
    uint768 square = uint384_mul(&root, &root);
    uint384 floor  = hint_narrow(&square);
    (void)uint384_sub(&rest, &v, &floor);
    low.l[0] = root.l[0];
    memcpy(high.l, root.l + 1, (UINT384_LIMBS - 1) * sizeof *root.l);
    uint768 remainder = uint384_widen(&rest);
    s                 = hint_write_uint(c, 2, &low);
    if (!s) s = hint_write_uint(c, 3, &high);
    if (!s) s = hint_write_parts(c, 4, 2, &remainder);
    return s ? s : hint_write_number(c, 6, exceeds(&root, &rest));
}

/* "value scalar max_x x y": value = x scalar + y, x as large as may be */
static sage_status linear_split(hint_call *c)
{
    sage_value value, scalar, most, x, y;
    sage_status s = hint_felt(c, 0, &value);
    if (!s) s = hint_felt(c, 1, &scalar);
    if (!s) s = hint_felt(c, 2, &most);
    if (!s) s = hint_divide_felts(c, value, scalar, &x, &y);
    if (s) return s;
    if (hint_compare(x, most) > 0) x = most;
    s = hint_write(c, 3, x);
    return s ? s : hint_write(c, 4, sage_value_sub(value, sage_value_mul(x, scalar)));
}

/* --- inverse modulo n, or why there is none --- */

static uint384 gcd(uint384 a, uint384 b)
{
    while (!uint384_is_zero(&b)) {
        uint384 r;
        uint768 wide = uint384_widen(&a);
        uint768_divide(NULL, &r, &wide, &b);
        a = b;
        b = r;
    }
    return a;
}

static uint768 quotient(const uint384 *a, const uint384 *b)
{
    uint384 r;
    uint768 wide = uint384_widen(a), q;
    uint768_divide(&q, &r, &wide, b);
    return q;
}

enum { INV_B = 0, INV_N = 2, INV_G = 4, INV_S = 6, INV_T = 8 };

static sage_status
write_common(hint_call *c, const uint384 *g, const uint768 *s, const uint768 *t)
{
    uint768 wide   = uint384_widen(g);
    sage_status st = hint_write_parts(c, INV_G, 2, &wide);
    if (!st) st = hint_write_parts(c, INV_S, 2, s);
    return st ? st : hint_write_parts(c, INV_T, 2, t);
}

/* r b = 1 + k n */
static sage_status write_inverse(hint_call *c, const uint384 *b, const uint384 *n)
{
    uint384 r, rest;
    uint768 k;
    uint768 wide  = uint384_widen(b);
    uint384 least = {{0}};
    uint768_divide(NULL, &least, &wide, n);
    if (!uint384_inverse(&r, &least, n))
        return hint_fail(c, "vm.hint.operand", "a number has no inverse after all");
    uint768 product = uint384_mul(&r, b);
    uint768_divide(&k, &rest, &product, n); /* the rest is 1: n is not 1 */
    wide          = uint384_widen(&r);
    sage_status s = hint_write_number(c, INV_G, 0);
    if (!s) s = hint_write_parts(c, INV_S, 2, &wide);
    return s ? s : hint_write_parts(c, INV_T, 2, &k);
}

/* "b0 b1 n0 n1 g0_or_no_inv g1_option s_or_r0 s_or_r1 t_or_k0 t_or_k1": a common divisor is
 * given as 2 if it is even, so that its low half is never 0; n = 1 has none and says g = 1. */
static sage_status inverse_mod_n(hint_call *c)
{
    uint384 b, n, one = hint_uint_small(1);
    sage_status s = hint_uint256(c, INV_B, &b);
    if (!s) s = hint_uint256(c, INV_N, &n);
    if (s) return s;
    if (uint384_is_zero(&n)) return hint_fail(c, "vm.hint.operand", "the modulus is zero");
    uint384 g = gcd(n, b);
    if (!uint384_compare(&g, &one) && uint384_compare(&n, &one))
        return write_inverse(c, &b, &n);
    if (!(g.l[0] & 1)) g = hint_uint_small(2);
    uint768 t = quotient(&n, &g), common = quotient(&b, &g);
    return write_common(c, &g, &common, &t);
}

/* --- uint256 of Cairo 0 --- */

/* a + b (+ carry) >= shift */
static sage_status
carry_of(hint_call *c, uint32_t a, uint32_t b, uint64_t carry, uint32_t shift, bool *out)
{
    sage_value v[3];
    const uint32_t index[3] = {a, b, shift};
    uint384 u[3], with = hint_uint_small(carry);
    for (int i = 0; i < 3; i++) {
        sage_status s = hint_felt(c, index[i], &v[i]);
        if (s) return s;
        u[i] = hint_uint(v[i]);
    }
    (void)uint384_add(&u[0], &u[0], &u[1]);
    (void)uint384_add(&u[0], &u[0], &with);
    *out = uint384_compare(&u[0], &u[2]) >= 0;
    return SAGE_OK;
}

/* "a b SHIFT carry" */
static sage_status add_low(hint_call *c)
{
    bool carry;
    sage_status s = carry_of(c, 0, 1, 0, 2, &carry);
    return s ? s : hint_write_number(c, 3, carry);
}

/* "a.low b.low SHIFT carry_low a.high b.high carry_high" */
static sage_status add_both(hint_call *c)
{
    bool low, high;
    sage_status s = carry_of(c, 0, 1, 0, 2, &low);
    if (!s) s = hint_write_number(c, 3, low);
    if (!s) s = carry_of(c, 4, 5, low, 2, &high);
    return s ? s : hint_write_number(c, 6, high);
}

/* "a.low a.high b.low b.high res.low res.high", modulo 2^256 */
static sage_status subtract(hint_call *c)
{
    uint384 a, b, d;
    sage_status s = hint_uint256(c, 0, &a);
    if (!s) s = hint_uint256(c, 2, &b);
    if (s) return s;
    (void)uint384_sub(&d, &a, &b);
    d.l[4] = d.l[5] = 0;
    uint768 wide    = uint384_widen(&d);
    return hint_write_parts(c, 4, 2, &wide);
}

/* "n.low n.high root.low root.high", or variant 1: "n.low n.high root" */
static sage_status root_256(hint_call *c)
{
    uint384 n;
    sage_status s = hint_uint256(c, 0, &n);
    if (s) return s;
    uint384 root = hint_root(&n);
    if (root.l[2] | root.l[3])
        return hint_fail(c, "vm.hint.assert", "the root has more than 128 bits");
    s = hint_write_uint(c, 2, &root);
    return s || c->site->kind->variant ? s : hint_write_number(c, 3, 0);
}

/* "a.high [ap]": is the number below 2^255? */
static sage_status is_nonnegative(hint_call *c)
{
    sage_value v;
    sage_status s = hint_felt(c, 0, &v);
    if (s) return s;
    uint384 u = hint_uint(v);
    return hint_write_number(c, 1, !(u.l[1] >> 63 | u.l[2] | u.l[3]));
}

/* "a.low a.high b.low b.high div.low div.high quotient_low.low .. remainder.high" */
static sage_status multiply_divide(hint_call *c)
{
    uint384 a, b, div, rest;
    uint768 q;
    sage_status s = hint_uint256(c, 0, &a);
    if (!s) s = hint_uint256(c, 2, &b);
    if (!s) s = hint_uint256(c, 4, &div);
    if (s) return s;
    uint768 product = uint384_mul(&a, &b);
    s               = hint_divide(c, &product, &div, &q, &rest);
    if (!s) s = hint_write_parts(c, 6, 4, &q);
    if (s) return s;
    uint768 remainder = uint384_widen(&rest);
    return hint_write_parts(c, 10, 2, &remainder);
}

/* "x.d0 x.d1 BASE low": the low 128 bits of d0 + d1 BASE */
static sage_status low_of_bigint(hint_call *c)
{
    sage_value v[3];
    for (uint32_t i = 0; i < 3; i++) {
        sage_status s = hint_felt(c, i, &v[i]);
        if (s) return s;
    }
    uint384 d0 = hint_uint(v[0]), d1 = hint_uint(v[1]), base = hint_uint(v[2]);
    uint768 product = uint384_mul(&d1, &base);
    uint384 sum     = hint_narrow(&product);
    (void)uint384_add(&sum, &sum, &d0);
    memset(sum.l + 2, 0, 4 * sizeof *sum.l);
    return hint_write_uint(c, 3, &sum);
}

static const hint_kind kinds[] = {
    {.name = "WideMul128", .operands = "lhs rhs high low", .run = wide_product},
    {.name = "DivMod", .operands = "lhs rhs quotient remainder", .run = divide},
    {.name = "Uint256DivMod",
     .operands =
         "dividend0 dividend1 divisor0 divisor1 quotient0 quotient1 remainder0 remainder1",
     .run     = divide_wide,
     .variant = 2},
    {.name     = "Uint512DivModByUint256",
     .operands = "dividend0 dividend1 dividend2 dividend3 divisor0 divisor1 quotient0 "
                 "quotient1 quotient2 quotient3 remainder0 remainder1",
     .run      = divide_wide,
     .variant  = 4},
    {.name = "SquareRoot", .operands = "value dst", .run = square_root},
    {.name     = "Uint256SquareRoot",
     .operands = "value_low value_high sqrt0 sqrt1 remainder_low remainder_high "
                 "sqrt_mul_2_minus_remainder_ge_u128",
     .run      = square_root_parts},
    {.name = "LinearSplit", .operands = "value scalar max_x x y", .run = linear_split},
    {.name     = "U256InvModN",
     .operands = "b0 b1 n0 n1 g0_or_no_inv g1_option s_or_r0 s_or_r1 t_or_k0 t_or_k1",
     .run      = inverse_mod_n},
    {.name     = "uint256_add",
     .text     = "sum_low = ids.a.low + ids.b.low\n"
                 "ids.carry_low = 1 if sum_low >= ids.SHIFT else 0\n"
                 "sum_high = ids.a.high + ids.b.high + ids.carry_low\n"
                 "ids.carry_high = 1 if sum_high >= ids.SHIFT else 0",
     .operands = "a.low b.low SHIFT carry_low a.high b.high carry_high",
     .run      = add_both},
    {.name     = "uint256_add_low",
     .text     = "sum_low = ids.a.low + ids.b.low\n"
                 "ids.carry_low = 1 if sum_low >= ids.SHIFT else 0",
     .operands = "a.low b.low SHIFT carry_low",
     .run      = add_low},
    {.name     = "uint128_add",
     .text     = "res = ids.a + ids.b\n"
                 "ids.carry = 1 if res >= ids.SHIFT else 0",
     .operands = "a b SHIFT carry",
     .run      = add_low},
    {.name     = "uint256_sub",
     .text     = "def split(num: int, num_bits_shift: int = 128, length: int = 2):\n"
                 "    a = []\n"
                 "    for _ in range(length):\n"
                 "        a.append( num & ((1 << num_bits_shift) - 1) )\n"
                 "        num = num >> num_bits_shift\n"
                 "    return tuple(a)\n"
                 "\n"
                 "def pack(z, num_bits_shift: int = 128) -> int:\n"
                 "    limbs = (z.low, z.high)\n"
                 "    return sum(limb << (num_bits_shift * i) for i, limb in enumerate(limbs))\n"
                 "\n"
                 "a = pack(ids.a)\n"
                 "b = pack(ids.b)\n"
                 "res = (a - b)%2**256\n"
                 "res_split = split(res)\n"
                 "ids.res.low = res_split[0]\n"
                 "ids.res.high = res_split[1]",
     .operands = "a.low a.high b.low b.high res.low res.high",
     .run      = subtract},
    {.name     = "uint256_sqrt",
     .text     = "from starkware.python.math_utils import isqrt\n"
                 "n = (ids.n.high << 128) + ids.n.low\n"
                 "root = isqrt(n)\n"
                 "assert 0 <= root < 2 ** 128\n"
                 "ids.root.low = root\n"
                 "ids.root.high = 0",
     .operands = "n.low n.high root.low root.high",
     .run      = root_256},
    {.name     = "uint256_sqrt_felt",
     .text     = "from starkware.python.math_utils import isqrt\n"
                 "n = (ids.n.high << 128) + ids.n.low\n"
                 "root = isqrt(n)\n"
                 "assert 0 <= root < 2 ** 128\n"
                 "ids.root = root",
     .operands = "n.low n.high root",
     .run      = root_256,
     .variant  = 1},
    {.name     = "uint256_signed_nn",
     .text     = "memory[ap] = 1 if 0 <= (ids.a.high % PRIME) < 2 ** 127 else 0",
     .operands = "a.high [ap]",
     .run      = is_nonnegative},
    {.name     = "uint256_unsigned_div_rem",
     .text     = "a = (ids.a.high << 128) + ids.a.low\n"
                 "div = (ids.div.high << 128) + ids.div.low\n"
                 "quotient, remainder = divmod(a, div)\n"
                 "\n"
                 "ids.quotient.low = quotient & ((1 << 128) - 1)\n"
                 "ids.quotient.high = quotient >> 128\n"
                 "ids.remainder.low = remainder & ((1 << 128) - 1)\n"
                 "ids.remainder.high = remainder >> 128",
     .operands = "a.low a.high div.low div.high quotient.low quotient.high remainder.low "
                 "remainder.high",
     .run      = divide_wide,
     .variant  = 2},
    {.name = "uint256_expanded_unsigned_div_rem",
     .text = "a = (ids.a.high << 128) + ids.a.low\n"
             "div = (ids.div.b23 << 128) + ids.div.b01\n"
             "quotient, remainder = divmod(a, div)\n"
             "\n"
             "ids.quotient.low = quotient & ((1 << 128) - 1)\n"
             "ids.quotient.high = quotient >> 128\n"
             "ids.remainder.low = remainder & ((1 << 128) - 1)\n"
             "ids.remainder.high = remainder >> 128",
     .operands =
         "a.low a.high div.b01 div.b23 quotient.low quotient.high remainder.low remainder.high",
     .run     = divide_wide,
     .variant = 2},
    {.name = "uint256_mul_div_mod",
     .text = "a = (ids.a.high << 128) + ids.a.low\n"
             "b = (ids.b.high << 128) + ids.b.low\n"
             "div = (ids.div.high << 128) + ids.div.low\n"
             "quotient, remainder = divmod(a * b, div)\n"
             "\n"
             "ids.quotient_low.low = quotient & ((1 << 128) - 1)\n"
             "ids.quotient_low.high = (quotient >> 128) & ((1 << 128) - 1)\n"
             "ids.quotient_high.low = (quotient >> 256) & ((1 << 128) - 1)\n"
             "ids.quotient_high.high = quotient >> 384\n"
             "ids.remainder.low = remainder & ((1 << 128) - 1)\n"
             "ids.remainder.high = remainder >> 128",
     .operands =
         "a.low a.high b.low b.high div.low div.high quotient_low.low quotient_low.high "
         "quotient_high.low quotient_high.high remainder.low remainder.high",
     .run = multiply_divide},
    {.name     = "bigint_to_uint256",
     .text     = "ids.low = (ids.x.d0 + ids.x.d1 * ids.BASE) & ((1 << 128) - 1)",
     .operands = "x.d0 x.d1 BASE low",
     .run      = low_of_bigint},
};

const hint_family hints_uint = {"Integers beyond the field", kinds,
                                sizeof kinds / sizeof *kinds};

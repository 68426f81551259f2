/* vm/hints_ec.c -- square roots in the field and points of the STARK curve. */
#include <string.h>

#include "curve/curve.h"
#include "hash/blake2s.h"
#include "vm/hint_state.h"

/* "val sqrt": of val, or of variant * val where val is no square. 3 is none either, so that one
 * of both is. The smaller root. */
static sage_status field_root(hint_call *c)
{
    sage_value v;
    felt252 root;
    sage_status s = hint_felt(c, 0, &v);
    if (s) return s;
    felt252 x = sage_value_felt(v), three = felt252_from_u64(3);
    felt252 other =
        c->site->kind->variant ? felt252_mul(x, three) : felt252_mul(x, felt252_inv(three));
    if (!felt252_sqrt(&root, x) && !felt252_sqrt(&root, other))
        return hint_fail(c, "vm.hint.assert", "neither number is a square");
    return hint_write(c, 1, sage_value_from_felt(root));
}

static sage_status write_point(hint_call *c, uint32_t i, sage_point p)
{
    sage_status s = hint_write(c, i, sage_value_from_felt(p.x));
    return s ? s : hint_write(c, i + 1, sage_value_from_felt(p.y));
}

/* "x p.x p.y": the smaller y */
static sage_status recover_y(hint_call *c)
{
    sage_value x;
    sage_point p;
    sage_status s = hint_felt(c, 0, &x);
    if (s) return s;
    if (!sage_point_from_x(&p, sage_value_felt(x)))
        return hint_fail(c, "vm.hint.assert", "no point of the curve has this x");
    return write_point(c, 1, p);
}

/* A number below 2^248 out of two. */
static felt252 draw(uint32_t point, uint32_t attempt)
{
    static const char domain[] = "sage.vm.random_ec_point";
    uint32_t words[2]          = {point, attempt};
    uint8_t digest[32];
    sage_blake2s h;
    uint64_t l[4];
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, domain, sizeof domain - 1);
    sage_blake2s_update_words(&h, words, 2);
    sage_blake2s_final(&h, digest);
    memcpy(l, digest, sizeof l);
    l[3] &= UINT64_MAX >> 8;
    return felt252_from_limbs(l);
}

/* "x y": the run's n-th point is the first on the curve among draw(n, 0), draw(n, 1), .., so
 * that equal programs make equal runs. Half of all x are on it: 128 misses do not happen. */
static sage_status random_point(hint_call *c)
{
    enum { ATTEMPTS = 128 };
    sage_point p;
    uint32_t n = c->state->n_points++;
    for (uint32_t i = 0; i < ATTEMPTS; i++)
        if (sage_point_from_x(&p, draw(n, i))) return write_point(c, 0, p);
    return hint_fail(c, "vm.hint.assert", "no point was found");
}

/* "scalar [ap]" */
static sage_status low_bit(hint_call *c)
{
    sage_value v;
    sage_status s = hint_felt(c, 0, &v);
    return s ? s : hint_write_number(c, 1, v.l[0] & 1);
}

static const hint_kind kinds[] = {
    {.name = "FieldSqrt", .operands = "val sqrt", .run = field_root, .variant = 1},
    {.name = "RandomEcPoint", .operands = "x y", .run = random_point},
    {.name     = "is_quad_residue",
     .text     = "from starkware.crypto.signature.signature import FIELD_PRIME\n"
                 "from starkware.python.math_utils import div_mod, is_quad_residue, sqrt\n"
                 "\n"
                 "x = ids.x\n"
                 "if is_quad_residue(x, FIELD_PRIME):\n"
                 "    ids.y = sqrt(x, FIELD_PRIME)\n"
                 "else:\n"
                 "    ids.y = sqrt(div_mod(x, 3, FIELD_PRIME), FIELD_PRIME)",
     .operands = "x y",
     .run      = field_root},
    {.name     = "recover_y",
     .text     = "from starkware.crypto.signature.signature import ALPHA, BETA, FIELD_PRIME\n"
                 "from starkware.python.math_utils import recover_y\n"
                 "ids.p.x = ids.x\n"
                 "# This raises an exception if `x` is not on the curve.\n"
                 "ids.p.y = recover_y(ids.x, ALPHA, BETA, FIELD_PRIME)",
     .operands = "x p.x p.y",
     .run      = recover_y},
    {.name     = "ec_mul_inner",
     .text     = "memory[ap] = (ids.scalar % PRIME) % 2",
     .operands = "scalar [ap]",
     .run      = low_bit},
};

const hint_family hints_ec = {"Square roots and curve points", kinds,
                              sizeof kinds / sizeof *kinds};

/* vm/hints_ec.c -- square roots in the field and points of the STARK curve. */
#include <string.h>

#include "curve/curve.h"
#include "hash/blake2s.h"
#include "hash/sha256.h"
#include "vm/hint_state.h"

/* What half a block of SHA-256 takes, in rounds of a loop. */
enum { SHA_ROUNDS = 16 };

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
    static const char domain[] = "sage/vm/random_ec_point";
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

/* --- points that depend on a hash of operands, as starkware.python.math_utils draws them --- */

static void hash_felt(sage_sha256 *h, sage_value v)
{
    uint8_t bytes[32];
    v.l[3] &= ~SAGE_VALUE_KNOWN;
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(v.l[3 - i / 8] >> (56 - 8 * (i % 8)));
    sage_sha256_update(h, bytes, sizeof bytes);
}

/* The attempt's x: a digest's number, highest byte first, mod P. */
static felt252 seeded_x(const uint8_t seed[32], uint8_t attempt)
{
    uint8_t digest[32], counter[10] = {attempt};
    uint64_t l[4] = {0};
    sage_sha256 h;
    sage_sha256_init(&h);
    sage_sha256_update(&h, seed + 1, 31);
    sage_sha256_update(&h, counter, sizeof counter);
    sage_sha256_final(&h, digest);
    for (int i = 0; i < 32; i++)
        l[3 - i / 8] = l[3 - i / 8] << 8 | digest[i];
    return felt252_from_limbs(l);
}

/* The seed's first bit chooses between the two y. */
static sage_status write_seeded_point(hint_call *c, uint32_t i, sage_sha256 *h)
{
    enum { ATTEMPTS = 100 };
    uint8_t seed[32];
    sage_point p;
    sage_sha256_final(h, seed);
    for (uint8_t k = 0; k < ATTEMPTS; k++)
        if (sage_point_from_x(&p, seeded_x(seed, k)))
            return write_point(c, i, seed[0] & 1 ? sage_point_negative(p) : p);
    return hint_fail(c, "vm.hint.assert", "no point was found");
}

static sage_status hash_operand(hint_call *c, uint32_t i, sage_sha256 *h)
{
    sage_value v;
    sage_status s = hint_felt(c, i, &v);
    if (!s) hash_felt(h, v);
    return s;
}

/* "p.x p.y m q.x q.y s.x s.y" */
static sage_status seeded_point(hint_call *c)
{
    sage_sha256 h;
    sage_status s = SAGE_OK;
    sage_sha256_init(&h);
    for (uint32_t i = 0; !s && i < 5; i++)
        s = hash_operand(c, i, &h);
    return s ? s : write_seeded_point(c, 5, &h);
}

static sage_status hash_list(hint_call *c, uint32_t i, uint64_t n, sage_sha256 *h)
{
    sage_address at;
    sage_value v;
    sage_status s = hint_pointer(c, i, &at);
    for (uint64_t k = 0; !s && k < n; k++) {
        s = hint_load_felt(c, at, k, &v);
        if (!s) s = hint_work(c, SHA_ROUNDS);
        if (!s) hash_felt(h, v);
    }
    return s;
}

/* "p.x p.y m q.address_ len s.x s.y": len factors, len points */
static sage_status seeded_point_of_lists(hint_call *c)
{
    uint64_t n;
    sage_sha256 h;
    sage_status s = hint_number(c, 4, SAGE_MEMORY_MAX_OFFSET / 2, &n);
    sage_sha256_init(&h);
    if (!s) s = hash_operand(c, 0, &h);
    if (!s) s = hash_operand(c, 1, &h);
    if (!s) s = hash_list(c, 2, n, &h);
    if (!s) s = hash_list(c, 3, 2 * n, &h);
    return s ? s : write_seeded_point(c, 5, &h);
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
    {.name     = "random_ec_point",
     .text     = "from starkware.crypto.signature.signature import ALPHA, BETA, FIELD_PRIME\n"
                 "from starkware.python.math_utils import random_ec_point\n"
                 "from starkware.python.utils import to_bytes\n"
                 "\n"
                 "# Define a seed for random_ec_point that's dependent on all the input, so that:\n"
                 "#   (1) The added point s is deterministic.\n"
                 "#   (2) It's hard to choose inputs for which the builtin will fail.\n"
                 "seed = b\"\".join(map(to_bytes, [ids.p.x, ids.p.y, ids.m, ids.q.x, ids.q.y]))\n"
                 "ids.s.x, ids.s.y = random_ec_point(FIELD_PRIME, ALPHA, BETA, seed)",
     .operands = "p.x p.y m q.x q.y s.x s.y",
     .run      = seeded_point},
    {.name     = "chained_ec_op_random_ec_point",
     .text     = "from starkware.crypto.signature.signature import ALPHA, BETA, FIELD_PRIME\n"
                 "from starkware.python.math_utils import random_ec_point\n"
                 "from starkware.python.utils import to_bytes\n"
                 "\n"
                 "n_elms = ids.len\n"
                 "assert isinstance(n_elms, int) and n_elms >= 0, \\\n"
                 "    f'Invalid value for len. Got: {n_elms}.'\n"
                 "if '__chained_ec_op_max_len' in globals():\n"
                 "    assert n_elms <= __chained_ec_op_max_len, \\\n"
                 "        f'chained_ec_op() can only be used with len<={__chained_ec_op_max_len}. "
                 "' \\\n"
                 "        f'Got: n_elms={n_elms}.'\n"
                 "\n"
                 "# Define a seed for random_ec_point that's dependent on all the input, so that:\n"
                 "#   (1) The added point s is deterministic.\n"
                 "#   (2) It's hard to choose inputs for which the builtin will fail.\n"
                 "seed = b\"\".join(\n"
                 "    map(\n"
                 "        to_bytes,\n"
                 "        [\n"
                 "            ids.p.x,\n"
                 "            ids.p.y,\n"
                 "            *memory.get_range(ids.m, n_elms),\n"
                 "            *memory.get_range(ids.q.address_, 2 * n_elms),\n"
                 "        ],\n"
                 "    )\n"
                 ")\n"
                 "ids.s.x, ids.s.y = random_ec_point(FIELD_PRIME, ALPHA, BETA, seed)",
     .operands = "p.x p.y m q.address_ len s.x s.y",
     .run      = seeded_point_of_lists},
};

const hint_family hints_ec = {"Square roots and curve points", kinds,
                              sizeof kinds / sizeof *kinds};

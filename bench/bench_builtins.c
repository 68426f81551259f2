/* Stages of the Cairo machine's builtins: what one instance costs from its operands to the end of
 * the run, its memory included, and the plain operations of the curve beneath. */
#include <stdlib.h>

#include "bench.h"
#include "curve/curve.h"
#include "curve/pedersen.h"
#include "vm/builtins.h"

enum { COUNT = 512, MAX_INPUTS = 8 };

static sage_value inputs_of[SAGE_BUILTINS][MAX_INPUTS];

static void put_point(sage_value *out, sage_point p)
{
    out[0] = sage_value_from_felt(p.x);
    out[1] = sage_value_from_felt(p.y);
}

static const uint64_t scalar[4] = {0x123456789abcdef5, 0xfedcba9876543210, 0x5555123456789abc,
                                   0x0712345678901234};

/* Operands of full width but for keccak and the range checks, which have a bound. */
static void prepare(const bench_env *env, const bench_stage *s)
{
    sage_value *in = inputs_of[s->log];
    (void)env;
    for (int i = 0; i < MAX_INPUTS; i++)
        in[i] = (sage_value){{scalar[i % 4], scalar[1], 0, SAGE_VALUE_KNOWN}};
    if (s->log == SAGE_BUILTIN_PEDERSEN || s->log == SAGE_BUILTIN_POSEIDON ||
        s->log == SAGE_BUILTIN_BITWISE)
        for (int i = 0; i < 3; i++)
            in[i] = sage_value_from_felt(felt252_from_limbs(scalar));
    if (s->log != SAGE_BUILTIN_EC_OP) return;
    put_point(in, sage_curve_point(SAGE_CURVE_SHIFT));
    put_point(in + 2, sage_curve_point(SAGE_CURVE_G));
    in[4] = sage_value_from_felt(felt252_from_limbs(scalar));
}

static void or_abort(sage_status s)
{
    if (s) abort();
}

/* Operands in, the first result asked for, the end of the run. */
static void run_instances(const bench_env *env, const bench_stage *s)
{
    sage_builtin b = (sage_builtin)s->log;
    uint32_t cells = sage_builtin_cells(b), segment;
    sage_memory m;
    sage_value out;
    (void)env;
    sage_memory_init(&m, UINT32_MAX);
    or_abort(sage_memory_add(&m, &segment, NULL));
    for (uint32_t i = 0; i < COUNT; i++) {
        sage_address at = {segment, i * cells};
        for (uint32_t k = 0; k < s->n; k++, at.offset++)
            or_abort(sage_memory_set(&m, at, inputs_of[b][k], NULL));
        if (s->n < cells) or_abort(sage_builtin_deduce(b, &m, at, &out, NULL));
    }
    or_abort(sage_builtin_finish(b, &m, segment, NULL));
    bench_keep(m.segment[segment].cell);
    sage_memory_free(&m);
}

static void run_pedersen(const bench_env *env, const bench_stage *s)
{
    felt252 h = felt252_one();
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        h = sage_pedersen(h, h);
    bench_keep(&h);
}

static void run_ec_op(const bench_env *env, const bench_stage *s)
{
    sage_point p = sage_curve_point(SAGE_CURVE_SHIFT), q = sage_curve_point(SAGE_CURVE_G);
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        if (!sage_curve_ec_op(&p, p, q, scalar)) abort();
    bench_keep(&p);
}

static void run_inverse(const bench_env *env, const bench_stage *s)
{
    felt252 x = felt252_from_limbs(scalar);
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        x = felt252_add(felt252_inv(x), felt252_one());
    bench_keep(&x);
}

static void run_inverse_public(const bench_env *env, const bench_stage *s)
{
    felt252 x = felt252_from_limbs(scalar);
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        x = felt252_add(felt252_inv_public(x), felt252_one());
    bench_keep(&x);
}

/* log is the builtin, n the number of its inputs. */
#define BUILTIN(name, b, n)                                                                    \
    {                                                                                          \
        "builtin_" name, "instance", COUNT, b, n, NULL, prepare, run_instances                 \
    }

const bench_stage bench_builtin_stages[] = {
    {"felt252_inverse", "inverse", COUNT, 0, COUNT, NULL, NULL, run_inverse},
    {"felt252_inverse_public", "inverse", COUNT, 0, COUNT, NULL, NULL, run_inverse_public},
    {"pedersen", "hash", COUNT, 0, COUNT, NULL, NULL, run_pedersen},
    {"ec_op", "operation", COUNT, 0, COUNT, NULL, NULL, run_ec_op},
    BUILTIN("range_check", SAGE_BUILTIN_RANGE_CHECK, 1),
    BUILTIN("bitwise", SAGE_BUILTIN_BITWISE, 2),
    BUILTIN("pedersen", SAGE_BUILTIN_PEDERSEN, 2),
    BUILTIN("poseidon", SAGE_BUILTIN_POSEIDON, 3),
    BUILTIN("keccak", SAGE_BUILTIN_KECCAK, 8),
    BUILTIN("ec_op", SAGE_BUILTIN_EC_OP, 5),
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

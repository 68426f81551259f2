/* Stages: the scalar fields. Lanes are timed inside the kernels that are made of them. */
#include "bench.h"
#include "field/felt252.h"

enum { CHAINS = 8, ROUNDS = 4096 };

/* CHAINS independent products at a time: throughput, not latency. */
static void m31_products(const bench_env *env, const bench_stage *s)
{
    m31 x[CHAINS];
    (void)s;
    for (uint32_t c = 0; c < CHAINS; c++)
        x[c] = env->mem[c];
    for (uint32_t i = 0; i < ROUNDS; i++)
        for (uint32_t c = 0; c < CHAINS; c++)
            x[c] = m31_mul(x[c], x[c]);
    bench_keep(x);
}
static void qm31_products(const bench_env *env, const bench_stage *s)
{
    qm31 x[CHAINS];
    (void)s;
    for (uint32_t c = 0; c < CHAINS; c++)
        x[c] = qm31_of(env->mem[c], env->mem[c + 1], env->mem[c + 2], env->mem[c + 3]);
    for (uint32_t i = 0; i < ROUNDS; i++)
        for (uint32_t c = 0; c < CHAINS; c++)
            x[c] = qm31_mul(x[c], x[c]);
    bench_keep(x);
}
static void qm31_inverses(const bench_env *env, const bench_stage *s)
{
    qm31 x = qm31_of(env->mem[0], env->mem[1], env->mem[2], env->mem[3]);
    (void)s;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        x      = qm31_inv(x);
        x.v[0] = m31_add(x.v[0], 1);
    }
    bench_keep(&x);
}

/* One chain: a product waits for the one before, as in a Poseidon permutation. */
static void felt252_products(const bench_env *env, const bench_stage *s)
{
    felt252 x = felt252_from_u64(env->mem[0]), y = felt252_from_u64(env->mem[1]);
    (void)s;
    for (uint32_t i = 0; i < ROUNDS; i++)
        x = felt252_mul(x, y);
    bench_keep(&x);
}

const bench_stage bench_field_stages[] = {
    {"m31_mul", "product", CHAINS *ROUNDS, 0, 0, NULL, NULL, m31_products},
    {"qm31_mul", "product", CHAINS *ROUNDS, 0, 0, NULL, NULL, qm31_products},
    {"qm31_inv", "inverse", ROUNDS, 0, 0, NULL, NULL, qm31_inverses},
    {"felt252_mul", "product", ROUNDS, 0, 0, NULL, NULL, felt252_products},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

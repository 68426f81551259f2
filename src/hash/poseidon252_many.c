#include "hash/poseidon252_many.h"

#include <string.h>

#include "base/cpu.h"
#include "hash/poseidon252.h"

enum { WIDTH = 3, EIGHT = SAGE_POSEIDON252_LANES_WIDTH, PAIRS = 8 * EIGHT };

/* SAGE_CPU_MASK has no word of its own for IFMA: it goes with AVX-512. */
bool sage_poseidon252_wide(void)
{
#if defined(SAGE_BUILD_IFMA)
    return sage_cpu_has(SAGE_CPU_AVX512) && __builtin_cpu_supports("avx512ifma");
#else
    return false;
#endif
}

static void one_by_one(felt252 (*state)[WIDTH], size_t n)
{
    for (size_t i = 0; i < n; i++)
        sage_poseidon252_permute(state[i]);
}

#if defined(SAGE_BUILD_IFMA)
/* Fewer than eight, beside zeros: as dear as eight, which is two one by one. */
static void few(felt252 (*state)[WIDTH], size_t n)
{
    felt252 eight[EIGHT][WIDTH] = {{{{0}}}};
    if (n < 2) {
        one_by_one(state, n);
        return;
    }
    memcpy(eight, state, n * sizeof *state);
    sage_poseidon252_ifma(eight, 1);
    memcpy(state, eight, n * sizeof *state);
}
#endif

void sage_poseidon252_permute_many(felt252 (*state)[WIDTH], size_t n)
{
    if (!sage_poseidon252_wide()) {
        one_by_one(state, n);
        return;
    }
#if defined(SAGE_BUILD_IFMA)
    if (n >= EIGHT) sage_poseidon252_ifma(state, n / EIGHT);
    few(state + n / EIGHT * EIGHT, n % EIGHT);
#endif
}

void sage_poseidon252_pairs(felt252 *out, const felt252 *child, size_t n)
{
    const felt252 two = felt252_add(felt252_one(), felt252_one());
    felt252 state[PAIRS][WIDTH];
    for (size_t done = 0, some; done < n; done += some) {
        some = n - done < PAIRS ? n - done : PAIRS;
        for (size_t i = 0; i < some; i++) {
            state[i][0] = child[2 * (done + i)];
            state[i][1] = child[2 * (done + i) + 1];
            state[i][2] = two;
        }
        sage_poseidon252_permute_many(state, some);
        for (size_t i = 0; i < some; i++)
            out[done + i] = state[i][0];
    }
}

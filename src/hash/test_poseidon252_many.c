/* Permutations side by side against one by one. The kernel's text is tested in plain C on every
 * machine; what sage_poseidon252_permute_many chooses is the instructions where the CPU has
 * them. */
#include "base/test.h"

#include "base/cpu.h"
#include "hash/poseidon252.h"
#include "hash/poseidon252_lanes.h"

enum { MOST = 8 * LANES8 + 7 };

static uint64_t seed = 0x252;
static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 29;
}

/* Random ones, and those at the edges of the representation and of the limbs. */
static felt252 some_felt(uint64_t i)
{
    static const felt252 edge[] = {
        {{0, 0, 0, 0}},
        {{0, 0, 0, FELT252_K}}, /* P - 1 */
        {{UINT64_MAX, UINT64_MAX, UINT64_MAX, FELT252_K - 18}},
        {{0xffffffffffff, 0, 0xffffff, 0xfff}},
        {{(uint64_t)1 << 48, (uint64_t)1 << 36, (uint64_t)1 << 24, (uint64_t)1 << 12}},
    };
    uint64_t limbs[4];
    if (i % 8 < sizeof edge / sizeof *edge) return edge[i % 8];
    for (int k = 0; k < 4; k++)
        limbs[k] = next_random();
    return felt252_from_limbs(limbs);
}

static void fill(felt252 (*state)[WIDTH], size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < WIDTH; k++)
            state[i][k] = some_felt(next_random() >> 32);
}

static void compare(void (*many)(felt252 (*)[WIDTH], size_t), size_t n, size_t unit)
{
    static felt252 a[MOST][WIDTH], b[MOST][WIDTH];
    fill(a, MOST);
    memcpy(b, a, sizeof b);
    many(a, n / unit);
    for (size_t i = 0; i < n; i++)
        sage_poseidon252_permute(b[i]);
    assert_memory_equal(a, b, sizeof b); /* those beyond n are as they were */
}

static void kernel_in_plain_c(void **state)
{
    (void)state;
    for (size_t i = 0; i < (sage_test_quick() ? 4u : 40u); i++)
        compare(permute_eights, LANES8 * (i % 8 + 1), LANES8);
}

static void any_number(void **state)
{
    (void)state;
    print_message("AVX-512 IFMA: %s\n",
                  sage_poseidon252_wide() ? "yes" : "no, one permutation at a time");
    for (size_t n = 0; n <= MOST; n++)
        compare(sage_poseidon252_permute_many, n, 1);
}

static void pairs(void **state)
{
    (void)state;
    enum { N = 131 };
    static felt252 child[2 * N], out[N];
    for (size_t i = 0; i < 2 * (size_t)N; i++)
        child[i] = some_felt(i);
    for (size_t n = 0; n <= N; n += n / 8 + 1) {
        memset(out, 0, sizeof out);
        sage_poseidon252_pairs(out, child, n);
        for (size_t i = 0; i < N; i++) {
            felt252 want = felt252_zero();
            if (i < n) want = sage_poseidon252_pair(child[2 * i], child[2 * i + 1]);
            assert_memory_equal(&out[i], &want, sizeof want);
        }
    }
    sage_poseidon252_pairs(out, child, N);
    sage_poseidon252_pairs(child, child, N);
    assert_memory_equal(child, out, sizeof out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kernel_in_plain_c),
                                       cmocka_unit_test(any_number), cmocka_unit_test(pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

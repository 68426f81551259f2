/* hash/poseidon252_keys.c -- the keys of the partial rounds, derived.
 *
 * Let z_i be the lane that partial round i cubes, its constant added, c_i = z_i^3, x and y the
 * other lanes, and k_i the constants of poseidon252_constants.h, which leave x and y without
 * any. With s = x + y the matrix gives
 *     s_{i+1} = 4 x_i + 2 c_i,   x_{i+1} = 2 x_i + s_i + c_i,   z_{i+1} = s_i - 2 c_i + k_{i+1},
 * hence s_{i+2} = 2 s_{i+1} + 4 s_i + 2 c_{i+1}, and with s taken from the third equation
 *     z_{i+3} = 2 z_{i+2} + 4 z_{i+1} - 2 c_{i+2} + 6 c_{i+1} + 8 c_i
 *               + k_{i+3} - 2 k_{i+2} - 4 k_{i+1}.
 * All coefficients are even: the AIR sums the halves and doubles, so that its key is half of
 * the last line. */
#include "hash/poseidon252_keys.h"

#include "hash/poseidon252_constants.h"

enum { FULL_ROWS = 4, PARTIAL_ROWS = 27, LAST_ROW = 34, PARTIAL = 83 };

/* The first two lanes of round 4, whose constants poseidon252_constants.h has moved on:
 * SHA-256("Hades12") and SHA-256("Hades13") mod P, in Montgomery form. */
static const felt252 moved[2] = {
    {{0xad1093789bb66c66, 0x9cda875a0580f6ff, 0x80bc8005d6728efd, 0x04048eba2853205a}},
    {{0xe05abe8b2397c2ac, 0x1d09bd7b5a9dd01c, 0x925778c140ce07e7, 0x02cb0da66c9db485}}};

/* k_i. The first round behind the partial ones has its constants, offset and all, as they
 * are. */
static felt252 cubed_lane(uint32_t i)
{
    if (i == PARTIAL) return sage_poseidon252_last[0][2];
    return felt252_loose_sub(sage_poseidon252_partial[i], felt252_multiple(5));
}

static felt252 half(felt252 a)
{
    felt252 two = felt252_add(felt252_one(), felt252_one());
    return felt252_mul(a, felt252_inv_public(two));
}

static felt252 partial_key(uint32_t i)
{
    felt252 middle = cubed_lane(i + 2), first = cubed_lane(i + 1);
    felt252 twice = felt252_add(first, first);
    twice         = felt252_add(middle, twice);
    return half(felt252_sub(cubed_lane(i + 3), felt252_add(twice, twice)));
}

void sage_poseidon252_keys(felt252 keys[3], uint32_t row)
{
    for (uint32_t lane = 0; lane < 3; lane++) {
        if (row < FULL_ROWS - 1)
            keys[lane] = sage_poseidon252_first[row + 1][lane];
        else if (row == FULL_ROWS - 1)
            keys[lane] = lane < 2 ? moved[lane] : cubed_lane(0);
        else if (row < FULL_ROWS + PARTIAL_ROWS)
            keys[lane] = partial_key(3 * (row - FULL_ROWS) + lane);
        else if (row < LAST_ROW)
            keys[lane] = sage_poseidon252_last[row - FULL_ROWS - PARTIAL_ROWS + 1][lane];
        else
            keys[lane] = felt252_zero();
    }
}

#include "hash/poseidon252.h"

#include "hash/poseidon252_constants.h"

enum { HALF_FULL = 4, PARTIAL = 83 };

/* Bounds are in units of P (field/felt252_loose.h): a lane that is cubed must be below 10, for
 * then its square is below 10 * 10 / 31.9 + 1 = 4.14 and its cube below 10 * 4.14 / 31.9 + 1 =
 * 2.3. Inlined by force: gcc would pass lanes through memory, which costs half as much again. */
SAGE_INLINE felt252 cube(felt252 x)
{
    return felt252_loose_mul(felt252_loose_sqr(x), x);
}

/* Lanes < 2 to lanes < 2: < 3 with the constant, cubes < 1.3. The rows of the matrix are t +
 * 2x, t - 2y, t - 3z with t = x + y + z. */
SAGE_INLINE void full_round(felt252 s[3], const felt252 c[3])
{
    felt252 x = cube(felt252_loose_add(s[0], c[0]));
    felt252 y = cube(felt252_loose_add(s[1], c[1]));
    felt252 z = cube(felt252_loose_add(s[2], c[2]));

    const felt252 p4 = felt252_multiple(4);
    felt252 y2 = felt252_loose_double(y), z3 = felt252_loose_add(felt252_loose_double(z), z);
    felt252 t = felt252_loose_add(felt252_loose_add(x, y), z);
    s[0]      = felt252_settle(felt252_loose_add(t, felt252_loose_double(x)));
    s[1]      = felt252_settle(felt252_loose_sub(felt252_loose_add(t, p4), y2));
    s[2]      = felt252_settle(felt252_loose_sub(felt252_loose_add(t, p4), z3));
}

/* All partial rounds. Only the last lane is cubed, to c; the others, as x and u = x + y, go
 *     x' = 3x + y + c = (2x + c) + u,   u' = 4x + 2c = 2 (2x + c),   z' = u - 2c.
 * With h = 2x + c settled below 2: u < 4, x < 6, so h < 12 + 2.3 before; z' < 4 + 1 + 5, its
 * constant having been carried with 5 P added, which also keeps it positive. Entry: lanes < 2.
 */
static void partial_rounds(felt252 s[3])
{
    felt252 x = s[0], u = felt252_loose_add(s[0], s[1]);
    felt252 z = felt252_loose_add(s[2], sage_poseidon252_partial[0]);
    for (int i = 1; i <= PARTIAL; i++) {
        felt252 c = cube(z);
        felt252 h = felt252_settle(felt252_loose_add(felt252_loose_double(x), c));
        z         = felt252_loose_sub(felt252_loose_add(u, sage_poseidon252_partial[i]),
                                      felt252_loose_double(c));
        x         = felt252_loose_add(h, u);
        u         = felt252_loose_double(h);
    }
    s[0] = felt252_settle(x);
    s[1] = felt252_settle(felt252_loose_sub(felt252_loose_add(u, felt252_multiple(6)), x));
    s[2] = felt252_settle(z);
}

void sage_poseidon252_permute(felt252 state[3])
{
    for (int r = 0; r < HALF_FULL; r++)
        full_round(state, sage_poseidon252_first[r]);
    partial_rounds(state);
    for (int r = 0; r < HALF_FULL; r++)
        full_round(state, sage_poseidon252_last[r]);
    for (int i = 0; i < 3; i++)
        state[i] = felt252_fold(state[i]);
}

felt252 sage_poseidon252_pair(felt252 a, felt252 b)
{
    felt252 state[3] = {a, b, felt252_add(felt252_one(), felt252_one())};
    sage_poseidon252_permute(state);
    return state[0];
}

void sage_poseidon252_init(sage_poseidon252 *h)
{
    *h = (sage_poseidon252){{felt252_zero(), felt252_zero(), felt252_zero()}, 0};
}

void sage_poseidon252_absorb(sage_poseidon252 *h, felt252 x)
{
    h->state[h->odd] = felt252_add(h->state[h->odd], x);
    if (h->odd) sage_poseidon252_permute(h->state);
    h->odd ^= 1;
}

felt252 sage_poseidon252_final(sage_poseidon252 *h)
{
    sage_poseidon252_absorb(h, felt252_one());
    if (h->odd) sage_poseidon252_permute(h->state);
    return h->state[0];
}

felt252 sage_poseidon252_many(const felt252 *x, size_t n)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    for (size_t i = 0; i < n; i++)
        sage_poseidon252_absorb(&h, x[i]);
    return sage_poseidon252_final(&h);
}

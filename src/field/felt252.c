/* field/felt252.c -- Montgomery form and back. */
#include "field/felt252.h"

#include "base/bytes.h"

/* 2^512 mod P: a product with it puts a number into Montgomery form. */
static const felt252 r_squared = {
    {0xfffffd737e000401, 0x00000001330fffff, 0xffffffffff6f8000, 0x07ffd4ab5e008810}};

/* The number is settled first: 32 P would leave more than a fold takes away. */
felt252 felt252_from_limbs(const uint64_t limbs[4])
{
    felt252 a = {{limbs[0], limbs[1], limbs[2], limbs[3]}};
    return felt252_fold(felt252_loose_mul(felt252_settle(a), r_squared));
}

felt252 felt252_from_u64(uint64_t v)
{
    return felt252_mul((felt252){{v, 0, 0, 0}}, r_squared);
}

void felt252_to_limbs(felt252 a, uint64_t limbs[4])
{
    felt252 r = felt252_mul(a, (felt252){{1, 0, 0, 0}});
    for (int i = 0; i < 4; i++)
        limbs[i] = r.l[i];
}

static bool below_p(const uint64_t limbs[4])
{
    const felt252 p      = felt252_multiple(1);
    unsigned char borrow = 0;
    for (int i = 0; i < 4; i++)
        (void)felt252_sbb(limbs[i], p.l[i], &borrow);
    return borrow;
}

static void load(const uint8_t bytes[32], uint64_t limbs[4])
{
    for (int i = 0; i < 4; i++)
        limbs[i] = sage_load_le64(bytes + 8 * i);
}

bool felt252_bytes_canonical(const uint8_t bytes[32])
{
    uint64_t limbs[4];
    load(bytes, limbs);
    return below_p(limbs);
}

bool felt252_from_bytes(felt252 *out, const uint8_t bytes[32])
{
    uint64_t limbs[4];
    load(bytes, limbs);
    *out = felt252_from_limbs(limbs);
    return below_p(limbs);
}

void felt252_to_bytes(felt252 a, uint8_t bytes[32])
{
    uint64_t limbs[4];
    felt252_to_limbs(a, limbs);
    for (int i = 0; i < 4; i++)
        sage_store_le64(bytes + 8 * i, limbs[i]);
}

bool felt252_from_words(felt252 *out, const uint32_t words[8])
{
    uint64_t limbs[4];
    for (int i = 0; i < 4; i++)
        limbs[i] = (uint64_t)words[2 * i + 1] << 32 | words[2 * i];
    *out = felt252_from_limbs(limbs);
    return below_p(limbs);
}

void felt252_to_words(felt252 a, uint32_t words[8])
{
    uint64_t limbs[4];
    felt252_to_limbs(a, limbs);
    for (int i = 0; i < 8; i++)
        words[i] = (uint32_t)(limbs[i / 2] >> (32 * (i % 2)));
}

/* cairo/felt252.c -- STARK field elements in text. */
#include "cairo/felt252.h"

#include "base/bytes.h"
#include "field/felt252_text.h"

enum { WORDS = 8 };

_Static_assert((int)SAGE_FELT252_HEX == (int)SAGE_FELT_HEX, "one longest form");

static void to_limbs(uint64_t limbs[4], const sage_felt252 *v)
{
    for (int i = 0; i < WORDS / 2; i++)
        limbs[i] = (uint64_t)v->w[2 * i + 1] << 32 | v->w[2 * i];
}

bool sage_felt252_canonical(const sage_felt252 *v)
{
    uint64_t limbs[4];
    to_limbs(limbs, v);
    return felt252_limbs_canonical(limbs);
}

sage_felt252 sage_felt252_load(const uint8_t bytes[32])
{
    sage_felt252 v;
    for (int i = 0; i < WORDS; i++)
        v.w[i] = sage_load_le32(bytes + 4 * i);
    return v;
}

bool sage_felt252_from_decimal(sage_felt252 *out, const char *text, size_t n)
{
    uint64_t limbs[4];
    if (!sage_limbs_from_decimal(limbs, text, n)) return false;
    for (int i = 0; i < WORDS; i++)
        out->w[i] = (uint32_t)(limbs[i / 2] >> (32 * (i % 2)));
    return felt252_limbs_canonical(limbs);
}

void sage_felt252_to_decimal(const sage_felt252 *v, char out[SAGE_FELT252_DECIMAL])
{
    uint64_t limbs[4];
    to_limbs(limbs, v);
    sage_limbs_to_decimal(out, limbs);
}

size_t sage_felt252_to_hex(const sage_felt252 *v, char out[SAGE_FELT252_HEX])
{
    uint64_t limbs[4];
    to_limbs(limbs, v);
    return sage_limbs_to_hex(out, limbs);
}

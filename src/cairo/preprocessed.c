/* cairo/preprocessed.c -- which preprocessed columns there are (facts A14). */
#include <stddef.h>

#include "cairo/components.h"

typedef struct pre_group {
    uint8_t group, n, log;
} pre_group;

enum { SEQ_MIN = 4, SEQ_MAX = 25, SEQ_MAX_SMALL = 20 };

/* After the SEQ columns, in chain order. A xor table of b bits has 2b-bit rows, a range check
 * the sum of its fields' bits. */
static const pre_group groups[] = {
    {SAGE_CAIRO_PRE_XOR_4, 3, 8},          {SAGE_CAIRO_PRE_XOR_7, 3, 14},
    {SAGE_CAIRO_PRE_XOR_8, 3, 16},         {SAGE_CAIRO_PRE_XOR_9, 3, 18},
    {SAGE_CAIRO_PRE_XOR_10, 3, 20},        {SAGE_CAIRO_PRE_RC_4_3, 2, 7},
    {SAGE_CAIRO_PRE_RC_4_4, 2, 8},         {SAGE_CAIRO_PRE_RC_9_9, 2, 18},
    {SAGE_CAIRO_PRE_RC_7_2_5, 3, 14},      {SAGE_CAIRO_PRE_RC_3_6_6_3, 4, 18},
    {SAGE_CAIRO_PRE_RC_4_4_4_4, 4, 16},    {SAGE_CAIRO_PRE_RC_3_3_3_3_3, 5, 15},
    {SAGE_CAIRO_PRE_POSEIDON_KEYS, 30, 6}, {SAGE_CAIRO_PRE_SIGMA, 16, 4},
    {SAGE_CAIRO_PRE_PEDERSEN_18, 56, 23},  {SAGE_CAIRO_PRE_PEDERSEN_9, 56, 15},
};

static bool has_group(sage_cairo_variant variant, uint8_t group)
{
    if (group == SAGE_CAIRO_PRE_PEDERSEN_18) return variant == SAGE_CAIRO_CANONICAL;
    if (group == SAGE_CAIRO_PRE_PEDERSEN_9) return variant == SAGE_CAIRO_CANONICAL_SMALL;
    return true;
}

/* Stable: equal sizes keep chain order. */
static void insert(sage_cairo_pre_column *out, uint32_t *n, sage_cairo_pre_column c)
{
    uint32_t i = (*n)++;
    for (; i > 0 && out[i - 1].log > c.log; i--)
        out[i] = out[i - 1];
    out[i] = c;
}

uint32_t sage_cairo_preprocessed(sage_cairo_variant variant,
                                 sage_cairo_pre_column out[SAGE_CAIRO_MAX_PRE])
{
    uint32_t n = 0, max = variant == SAGE_CAIRO_CANONICAL_SMALL ? SEQ_MAX_SMALL : SEQ_MAX;
    for (uint32_t log = SEQ_MIN; log <= max; log++)
        insert(out, &n, (sage_cairo_pre_column){SAGE_CAIRO_PRE_SEQ, 0, (uint8_t)log});
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        if (!has_group(variant, groups[g].group)) continue;
        for (uint8_t i = 0; i < groups[g].n; i++)
            insert(out, &n, (sage_cairo_pre_column){groups[g].group, i, groups[g].log});
    }
    return n;
}

bool sage_cairo_variant_of(uint32_t n_columns, sage_cairo_variant *out)
{
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        if (sage_cairo_preprocessed((sage_cairo_variant)v, columns) == n_columns) {
            *out = (sage_cairo_variant)v;
            return true;
        }
    return false;
}

/* cairo/preprocessed_fill.c -- one function of the row for each kind of column. */
#include "cairo/preprocessed_fill.h"

#include "cairo/pedersen_points.h"
#include "hash/poseidon252_keys.h"

enum {
    FIELDS     = 8, /* of four bits each in `widths` */
    XOR_COLS   = 3,
    SIGMA_COLS = 16,
    SIGMA_ROWS = 10,
    SIGMA_LOG  = 4,
    KEY_WORDS  = 10, /* of 27 bits, low first */
    KEY_BITS   = 27,
    KEY_COLS   = 3 * KEY_WORDS,
    KEYS_LOG   = 6
};

/* RFC 7693, 2.7; rows 0 to 9. */
static const uint8_t sigma[SIGMA_ROWS][SIGMA_COLS] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

static uint32_t width_of(uint32_t widths, uint32_t field)
{
    return field < FIELDS ? widths >> (4 * field) & 15 : 0;
}

/* Bits of the fields from `field` on. */
static uint32_t bits_from(uint32_t widths, uint32_t field)
{
    uint32_t bits = 0;
    for (; field < FIELDS; field++)
        bits += width_of(widths, field);
    return bits;
}

/* Whether the column is of a preprocessed trace; its log is then its table's. */
static bool exists(sage_air_pre c)
{
    switch (c.kind) {
    case SAGE_PRE_SEQ: return c.log >= SAGE_AIR_MIN_LOG && c.log <= SAGE_AIR_MAX_LOG;
    case SAGE_PRE_BIT_FIELD:
        return width_of(c.widths, c.index) && c.log == bits_from(c.widths, 0) &&
               c.log <= SAGE_AIR_MAX_LOG;
    case SAGE_PRE_XOR_TABLE:
        return c.index < XOR_COLS && c.widths <= SAGE_AIR_MAX_LOG / 2 && c.widths >= 2 &&
               c.log == 2 * c.widths;
    case SAGE_PRE_BLAKE_SIGMA: return c.index < SIGMA_COLS && c.log == SIGMA_LOG;
    case SAGE_PRE_POSEIDON_KEYS: return c.index < KEY_COLS && c.log == KEYS_LOG;
    case SAGE_PRE_PEDERSEN_POINTS:
        return c.index < SAGE_CAIRO_PEDERSEN_COLUMNS && c.log &&
               c.log == sage_cairo_pedersen_log(c.widths);
    }
    return false;
}

static uint32_t xor_value(sage_air_pre c, uint32_t row)
{
    uint32_t a = row >> c.widths, b = row & ((1u << c.widths) - 1);
    return c.index == 0 ? a : c.index == 1 ? b : a ^ b;
}

static uint32_t key_value(uint32_t index, uint32_t row)
{
    felt252 keys[3];
    uint64_t limbs[4];
    sage_poseidon252_keys(keys, row);
    felt252_to_limbs(keys[index / KEY_WORDS], limbs);
    uint32_t bit = KEY_BITS * (index % KEY_WORDS), word = bit / 64, shift = bit % 64;
    uint64_t v = limbs[word] >> shift;
    if (shift > 64 - KEY_BITS && word < 3) v |= limbs[word + 1] << (64 - shift);
    return (uint32_t)v & ((1u << KEY_BITS) - 1);
}

/* Tables of rounds are filled up with their first row. */
static uint32_t round_of(uint32_t row, uint32_t rounds)
{
    return row < rounds ? row : 0;
}

static void fill_fields(sage_air_pre c, uint32_t row, uint32_t n, uint32_t *out)
{
    uint32_t shift = bits_from(c.widths, c.index + 1);
    uint32_t mask  = (1u << width_of(c.widths, c.index)) - 1;
    for (uint32_t i = 0; i < n; i++)
        out[i] = (row + i) >> shift & mask;
}

static void fill_points(sage_air_pre c, uint32_t row, uint32_t n, uint32_t *out)
{
    uint32_t *columns[SAGE_CAIRO_PEDERSEN_COLUMNS] = {NULL};
    columns[c.index]                               = out;
    sage_cairo_pedersen_points(c.widths, row, n, columns);
}

static void fill(sage_air_pre c, uint32_t row, uint32_t n, uint32_t *out)
{
    switch (c.kind) {
    case SAGE_PRE_SEQ:
        for (uint32_t i = 0; i < n; i++)
            out[i] = row + i;
        break;
    case SAGE_PRE_BIT_FIELD: fill_fields(c, row, n, out); break;
    case SAGE_PRE_XOR_TABLE:
        for (uint32_t i = 0; i < n; i++)
            out[i] = xor_value(c, row + i);
        break;
    case SAGE_PRE_BLAKE_SIGMA:
        for (uint32_t i = 0; i < n; i++)
            out[i] = sigma[round_of(row + i, SIGMA_ROWS)][c.index];
        break;
    case SAGE_PRE_POSEIDON_KEYS:
        for (uint32_t i = 0; i < n; i++)
            out[i] = key_value(c.index, round_of(row + i, SAGE_POSEIDON252_KEY_ROWS));
        break;
    case SAGE_PRE_PEDERSEN_POINTS: fill_points(c, row, n, out); break;
    }
}

sage_status sage_cairo_pre_fill(
    sage_air_pre column, uint32_t first_row, uint32_t n, uint32_t *out, sage_errinfo *err)
{
    if (!exists(column))
        return sage_fail(err, SAGE_EINVAL, "cairo.preprocessed", -1,
                         "no preprocessed trace has column %u of kind %d, 2^%u rows",
                         column.index, (int)column.kind, column.log);
    if (first_row > 1u << column.log || n > (1u << column.log) - first_row)
        return sage_fail(err, SAGE_EINVAL, "cairo.preprocessed", first_row,
                         "rows %u and %u more of a column of 2^%u", first_row, n, column.log);
    fill(column, first_row, n, out);
    return SAGE_OK;
}

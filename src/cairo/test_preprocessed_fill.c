/* Every kind of preprocessed column: what its table is for holds in every row looked at. That
 * they are the published ones is shown by test_preprocessed_values.c and _tree.c. */
#include "base/test.h"

#include "cairo/layout.h"
#include "cairo/limbs.h"
#include "cairo/pedersen_points.h"
#include "cairo/preprocessed_fill.h"
#include "curve/curve.h"
#include "curve/pedersen.h"
#include "hash/blake2s.h"
#include "hash/poseidon252_keys.h"

enum { LIMBS = SAGE_CAIRO_LIMBS, POINTS = SAGE_CAIRO_PEDERSEN_COLUMNS };

static uint64_t random_word(void)
{
    static uint64_t seed = 0x7ab1e;
    seed                 = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 29;
}

static uint32_t *filled(sage_air_pre c, uint32_t row, uint32_t n)
{
    sage_errinfo err = {0};
    uint32_t *v      = malloc(n * sizeof *v);
    assert_non_null(v);
    if (sage_cairo_pre_fill(c, row, n, v, &err)) fail_msg("%s: %s", err.where, err.msg);
    return v;
}

static void seq_counts(void **state)
{
    (void)state;
    for (uint32_t log = 4; log <= 18; log++) {
        uint32_t *v = filled((sage_air_pre){SAGE_PRE_SEQ, log, 0, 0}, 0, 1u << log);
        for (uint32_t r = 0; r < 1u << log; r++)
            assert_int_equal(v[r], r);
        free(v);
    }
}

/* Width of a field, the first in the lowest four bits. */
static uint32_t width_at(uint32_t widths, uint32_t field)
{
    return widths >> 4 * field & 15;
}

/* The fields, put together again, are the row; and each keeps its width. */
static void check_fields(uint32_t widths, uint32_t log)
{
    uint32_t *row = calloc(1u << log, sizeof *row);
    assert_non_null(row);
    for (uint32_t f = 0; width_at(widths, f); f++) {
        uint32_t *v = filled((sage_air_pre){SAGE_PRE_BIT_FIELD, log, widths, f}, 0, 1u << log);
        for (uint32_t r = 0; r < 1u << log; r++) {
            assert_true(v[r] >> width_at(widths, f) == 0);
            row[r] = row[r] << width_at(widths, f) | v[r];
        }
        free(v);
    }
    for (uint32_t r = 0; r < 1u << log; r++)
        assert_int_equal(row[r], r);
    free(row);
}

static void fields_make_the_row(void **state)
{
    (void)state;
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    uint32_t n = sage_cairo_preprocessed(SAGE_CAIRO_CANONICAL, columns), tables = 0;
    for (uint32_t i = 0; i < n; i++) {
        sage_air_pre c = sage_cairo_pre(columns[i]);
        if (c.kind != SAGE_PRE_BIT_FIELD || c.index) continue;
        check_fields(c.widths, c.log);
        tables++;
    }
    assert_int_equal(tables, 7);
}

static void xor_tables_are_complete(void **state)
{
    (void)state;
    for (uint32_t bits = 4; bits <= 9; bits++) {
        uint32_t rows = 1u << 2 * bits, *v[3];
        for (uint32_t i = 0; i < 3; i++)
            v[i] = filled((sage_air_pre){SAGE_PRE_XOR_TABLE, 2 * bits, bits, i}, 0, rows);
        for (uint32_t r = 0; r < rows; r++) {
            assert_int_equal(v[0][r] * (1u << bits) + v[1][r], r);
            assert_true(v[1][r] >> bits == 0);
            assert_int_equal(v[2][r], v[0][r] ^ v[1][r]);
        }
        for (uint32_t i = 0; i < 3; i++)
            free(v[i]);
    }
}

/* ---- sigma: Blake2s with the words in the columns' order -------------------------------------- */

static uint32_t ror(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void mix(uint32_t v[16], const int at[4], uint32_t x, uint32_t y)
{
    uint32_t *a = v + at[0], *b = v + at[1], *c = v + at[2], *d = v + at[3];
    *a += *b + x, *d = ror(*d ^ *a, 16), *c += *d, *b = ror(*b ^ *c, 12);
    *a += *b + y, *d = ror(*d ^ *a, 8), *c += *d, *b = ror(*b ^ *c, 7);
}

static void sigma_is_blake2s(void **state)
{
    (void)state;
    static const int at[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                                 {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};
    static const uint32_t iv[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint32_t m[16], h[8], want[8], v[16], *sigma[16];
    for (int i = 0; i < 16; i++)
        m[i] = (uint32_t)random_word();
    for (int i = 0; i < 8; i++)
        h[i] = want[i] = v[i] = (uint32_t)random_word(), v[8 + i] = iv[i];
    for (uint32_t i = 0; i < 16; i++)
        sigma[i] = filled((sage_air_pre){SAGE_PRE_BLAKE_SIGMA, 4, 0, i}, 0, 16);
    v[12] ^= 64, v[14] = ~v[14];
    for (int round = 0; round < 10; round++)
        for (int g = 0; g < 8; g++)
            mix(v, at[g], m[sigma[2 * g][round]], m[sigma[2 * g + 1][round]]);
    sage_blake2s_compress(want, m, 64, true);
    for (int i = 0; i < 8; i++)
        assert_int_equal(h[i] ^ v[i] ^ v[8 + i], want[i]);
    for (int i = 0; i < 16; i++) {
        for (int row = 10; row < 16; row++)
            assert_int_equal(sigma[i][row], sigma[i][0]);
        free(sigma[i]);
    }
}

/* ---- the round keys --------------------------------------------------------------------------- */

static void key_words_make_the_keys(void **state)
{
    (void)state;
    uint32_t *word[30];
    for (uint32_t i = 0; i < 30; i++)
        word[i] = filled((sage_air_pre){SAGE_PRE_POSEIDON_KEYS, 6, 0, i}, 0, 64);
    for (uint32_t row = 0; row < 64; row++) {
        felt252 keys[3], base = felt252_from_u64(1 << 27);
        sage_poseidon252_keys(keys, row < SAGE_POSEIDON252_KEY_ROWS ? row : 0);
        for (uint32_t k = 0; k < 3; k++) {
            felt252 sum = felt252_zero();
            for (uint32_t i = 10; i--;) {
                assert_true(word[10 * k + i][row] < 1u << 27);
                sum = felt252_add(felt252_mul(sum, base),
                                  felt252_from_u64(word[10 * k + i][row]));
            }
            assert_true(felt252_eq(sum, keys[k]));
        }
    }
    for (uint32_t i = 0; i < 30; i++)
        free(word[i]);
}

/* ---- the points ------------------------------------------------------------------------------- */

static felt252 of_limbs(const uint32_t *limb)
{
    felt252 sum = felt252_zero(), base = felt252_from_u64(1 << SAGE_CAIRO_LIMB_BITS);
    for (uint32_t i = LIMBS; i--;) {
        assert_true(limb[i] < 1u << SAGE_CAIRO_LIMB_BITS);
        sum = felt252_add(felt252_mul(sum, base), felt252_from_u64(limb[i]));
    }
    return sum;
}

static sage_point point_at(uint32_t window, uint32_t row)
{
    uint32_t limb[POINTS], *out[POINTS];
    for (uint32_t c = 0; c < POINTS; c++)
        out[c] = &limb[c];
    sage_cairo_pedersen_points(window, row, 1, out);
    sage_point p = {of_limbs(limb), of_limbs(limb + LIMBS)};
    assert_true(sage_point_on_curve(p));
    return p;
}

static uint32_t digit(const uint64_t limbs[4], uint32_t bit, uint32_t width)
{
    uint32_t d = 0;
    for (uint32_t i = 0; i < width; i++)
        d |= (uint32_t)(limbs[(bit + i) / 64] >> (bit + i) % 64 & 1) << i;
    return d;
}

/* The table's points at the operands' digits, each with SHIFT added again, sum up to the hash. */
static felt252 hash_by_table(uint32_t window, felt252 a, felt252 b)
{
    sage_point shift   = sage_curve_point(SAGE_CURVE_SHIFT);
    sage_jacobian sum  = sage_jacobian_from(shift);
    felt252 operand[2] = {a, b};
    for (uint32_t k = 0, row = 0; k < 2; k++) {
        uint64_t limbs[4];
        felt252_to_limbs(operand[k], limbs);
        for (uint32_t bit = 0; bit < 252; bit += window, row += 1u << window) {
            sum = sage_jacobian_add_point(&sum,
                                          point_at(window, row + digit(limbs, bit, window)));
            sum = sage_jacobian_add_point(&sum, shift);
        }
    }
    sage_point p;
    assert_true(sage_jacobian_affine(&p, &sum));
    return p.x;
}

static void points_make_pedersen(void **state)
{
    (void)state;
    const felt252 zero = felt252_zero(), last = felt252_neg(felt252_one());
    felt252 pair[6][2] = {{zero, zero}, {last, last}};
    for (int i = 2; i < 6; i++)
        for (int k = 0; k < 2; k++) {
            uint64_t limbs[4] = {random_word(), random_word(), random_word(), random_word()};
            pair[i][k]        = felt252_from_limbs(limbs);
        }
    for (int i = 0; i < 6; i++)
        for (uint32_t window = 9; window <= 18; window += 9)
            assert_true(felt252_eq(hash_by_table(window, pair[i][0], pair[i][1]),
                                   sage_pedersen(pair[i][0], pair[i][1])));
}

/* Every row of the table of 9-bit windows, made in one run, against the row made alone or, for
 * all but the first of a window's rows, the row before it and the window's step. */
static void check_small_row(uint32_t row, sage_point before, sage_point at)
{
    enum { SECTION = 28 << 9, LAST_WINDOW = 27 };
    uint32_t in = row % SECTION, k = in & 511, window = in >> 9;
    if (row >= 2 * SECTION || k == 0 || (window == LAST_WINDOW && k % 32 == 0)) {
        assert_true(sage_point_equal(at, point_at(9, row)));
        return;
    }
    uint64_t power[4]       = {0};
    power[9 * window / 64]  = (uint64_t)1 << 9 * window % 64;
    static uint32_t step_of = UINT32_MAX;
    static sage_point step;
    if (step_of != row >> 9) {
        sage_jacobian j = sage_curve_multiply(
            sage_curve_point(row < SECTION ? SAGE_CURVE_P0 : SAGE_CURVE_P2), power);
        assert_true(sage_jacobian_affine(&step, &j));
        step_of = row >> 9;
    }
    sage_jacobian j = sage_jacobian_from(before);
    sage_point sum;
    j = sage_jacobian_add_point(&j, step);
    assert_true(sage_jacobian_affine(&sum, &j));
    assert_true(sage_point_equal(at, sum));
}

static void small_points_step(void **state)
{
    (void)state;
    enum { ROWS = 1 << 15 };
    uint32_t *all = malloc((size_t)POINTS * ROWS * sizeof *all), *out[POINTS], rows = ROWS;
    sage_point before = sage_curve_point(SAGE_CURVE_SHIFT);
    assert_non_null(all);
    for (uint32_t c = 0; c < POINTS; c++)
        out[c] = all + (size_t)c * ROWS;
    sage_cairo_pedersen_points(9, 0, rows, out);
    assert_true(sage_point_equal(point_at(9, 0), sage_point_negative(before)));
    for (uint32_t row = 0; row < rows; row += sage_test_quick() && row % 512 == 2 ? 510 : 1) {
        uint32_t limb[POINTS];
        for (uint32_t c = 0; c < POINTS; c++)
            limb[c] = out[c][row];
        sage_point at = {of_limbs(limb), of_limbs(limb + LIMBS)};
        check_small_row(row, before, at);
        before = at;
    }
    free(all);
}

/* Where an operand's top four bits begin, the points are of P1 (P3). */
static void last_window_is_split(void **state)
{
    (void)state;
    for (uint32_t window = 9; window <= 18; window += 9)
        for (uint32_t k = 0; k < 2; k++) {
            uint32_t section = (252 / window) << window;
            uint32_t row     = k * section + section - (1u << window) + (5u << (window - 4));
            uint64_t five[4] = {5, 0, 0, 0};
            sage_jacobian j =
                sage_curve_multiply(sage_curve_point(k ? SAGE_CURVE_P3 : SAGE_CURVE_P1), five);
            j = sage_jacobian_add_point(
                &j, sage_point_negative(sage_curve_point(SAGE_CURVE_SHIFT)));
            sage_point p;
            assert_true(sage_jacobian_affine(&p, &j));
            assert_true(sage_point_equal(p, point_at(window, row)));
        }
}

/* ---- all kinds -------------------------------------------------------------------------------- */

/* Rows made in pieces of any size are the rows. */
static void check_pieces(sage_air_pre c, uint32_t row, uint32_t n)
{
    uint32_t *whole = filled(c, row, n);
    for (uint32_t at = 0, some; at < n; at += some) {
        some = 1 + (uint32_t)random_word() % 300;
        if (some > n - at) some = n - at;
        uint32_t *v = filled(c, row + at, some);
        assert_memory_equal(v, whole + at, some * sizeof *v);
        free(v);
    }
    free(whole);
}

static void pieces_are_the_rows(void **state)
{
    (void)state;
    static const uint32_t edges[] = {0, 26 << 9, (28 << 9) - 200, 56 << 9};
    check_pieces((sage_air_pre){SAGE_PRE_SEQ, 12, 0, 0}, 0, 4096);
    check_pieces((sage_air_pre){SAGE_PRE_BIT_FIELD, 18, 0x3663, 2}, 100000, 5000);
    check_pieces((sage_air_pre){SAGE_PRE_XOR_TABLE, 20, 10, 2}, (1 << 20) - 5000, 5000);
    check_pieces((sage_air_pre){SAGE_PRE_BLAKE_SIGMA, 4, 0, 7}, 0, 16);
    check_pieces((sage_air_pre){SAGE_PRE_POSEIDON_KEYS, 6, 0, 17}, 0, 64);
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        check_pieces((sage_air_pre){SAGE_PRE_PEDERSEN_POINTS, 15, 9, 33}, edges[i], 1100);
    check_pieces((sage_air_pre){SAGE_PRE_PEDERSEN_POINTS, 23, 18, 3}, (14 << 18) - 500, 1000);
    check_pieces((sage_air_pre){SAGE_PRE_PEDERSEN_POINTS, 23, 18, 55}, (28 << 18) - 500, 1000);
    check_pieces((sage_air_pre){SAGE_PRE_PEDERSEN_POINTS, 23, 18, 55}, (1 << 23) - 1000, 1000);
}

/* Every column of every variant can be made, at its end too; nothing beyond. */
static void all_columns_exist(void **state)
{
    (void)state;
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++) {
        sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
        uint32_t n = sage_cairo_preprocessed((sage_cairo_variant)v, columns);
        for (uint32_t i = 0; i < n; i++) {
            sage_air_pre c = sage_cairo_pre(columns[i]);
            uint32_t value = UINT32_MAX, end = 1u << c.log;
            sage_errinfo err = {0};
            assert_int_equal(sage_cairo_pre_fill(c, end - 1, 1, &value, &err), SAGE_OK);
            assert_true(value < M31_P);
            assert_int_equal(sage_cairo_pre_fill(c, end, 0, &value, &err), SAGE_OK);
            value = 77;
            assert_int_equal(sage_cairo_pre_fill(c, end - 1, 2, &value, &err), SAGE_EINVAL);
            assert_int_equal(sage_cairo_pre_fill(c, end + 1, 0, &value, &err), SAGE_EINVAL);
            assert_int_equal(sage_cairo_pre_fill(c, UINT32_MAX, 1, &value, &err), SAGE_EINVAL);
            assert_string_equal(err.where, "cairo.preprocessed");
            assert_int_equal(value, 77);
        }
    }
}

static void others_do_not(void **state)
{
    (void)state;
    static const sage_air_pre none[] = {
        {SAGE_PRE_SEQ, 0, 0, 0},
        {SAGE_PRE_SEQ, 3, 0, 0},
        {SAGE_PRE_SEQ, 32, 0, 0},
        {SAGE_PRE_BIT_FIELD, 7, 0x34, 2},
        {SAGE_PRE_BIT_FIELD, 7, 0x34, 8},
        {SAGE_PRE_BIT_FIELD, 8, 0x34, 0},
        {SAGE_PRE_BIT_FIELD, 120, 0xffffffff, 0},
        {SAGE_PRE_XOR_TABLE, 8, 4, 3},
        {SAGE_PRE_XOR_TABLE, 9, 4, 0},
        {SAGE_PRE_XOR_TABLE, 0, 1u << 31, 0},
        {SAGE_PRE_BLAKE_SIGMA, 4, 0, 16},
        {SAGE_PRE_BLAKE_SIGMA, 5, 0, 0},
        {SAGE_PRE_POSEIDON_KEYS, 6, 0, 30},
        {SAGE_PRE_POSEIDON_KEYS, 7, 0, 0},
        {SAGE_PRE_PEDERSEN_POINTS, 15, 9, 56},
        {SAGE_PRE_PEDERSEN_POINTS, 15, 18, 0},
        {SAGE_PRE_PEDERSEN_POINTS, 0, 12, 0},
        {(sage_pre_kind)(SAGE_PRE_PEDERSEN_POINTS + 1), 4, 0, 0},
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        uint32_t value   = 77;
        sage_errinfo err = {0};
        assert_int_equal(sage_cairo_pre_fill(none[i], 0, 1, &value, &err), SAGE_EINVAL);
        assert_string_equal(err.where, "cairo.preprocessed");
        assert_int_equal(value, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seq_counts),
        cmocka_unit_test(fields_make_the_row),
        cmocka_unit_test(xor_tables_are_complete),
        cmocka_unit_test(sigma_is_blake2s),
        cmocka_unit_test(key_words_make_the_keys),
        cmocka_unit_test(points_make_pedersen),
        cmocka_unit_test(small_points_step),
        cmocka_unit_test(last_window_is_split),
        cmocka_unit_test(pieces_are_the_rows),
        cmocka_unit_test(all_columns_exist),
        cmocka_unit_test(others_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

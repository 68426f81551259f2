/* The public part of the LogUp sum: the reference's value, a slow computation of another form,
 * and denominators that are zero. */
#include "cairo/test_claims.h"
#include "field/relation.h"

enum { ALPHAS = 30 };

static void powers(qm31 alpha, qm31 out[ALPHAS])
{
    for (uint32_t i = 0; i < ALPHAS; i++)
        out[i] = qm31_pow(alpha, i);
}

static qm31 sum_of(const sage_cairo_claim *c, qm31 z, qm31 alpha)
{
    qm31 a[ALPHAS], out = qm31_zero();
    powers(alpha, a);
    assert_int_equal(sage_cairo_public_sum(c, z, a, &out, NULL), SAGE_OK);
    return out;
}

/* stwo-cairo 2b1fb4d, crates/cairo-air/src/air.rs, test_public_data_logup_sum; its z and alpha
 * are (1, 2, 3, 4) and (4, 3, 2, 1). */
static void reference_value(void **state)
{
    (void)state;
    static const uint32_t words[18][2] = {{2147450879, 67600385},   {11, 0},
                                          {2147581952, 285507585},  {4, 0},
                                          {2147450879, 17268737},   {0, 0},
                                          {2147450880, 1208647667}, {2147450880, 1208647668},
                                          {2147450880, 1208647669}, {2147450880, 1208647670},
                                          {2147450880, 1208647671}, {2147450880, 1208647672},
                                          {2147450880, 1208647673}, {2147450880, 1208647674},
                                          {2147450880, 1208647675}, {2147450880, 1208647676},
                                          {2147450880, 1208647677}, {2147450878, 546013183}};
    sage_cairo_cell program[18];
    for (uint32_t i = 0; i < 18; i++)
        program[i] = (sage_cairo_cell){i, {{words[i][0], words[i][1]}}};
    sage_cairo_claim c = {.program       = {program, 18},
                          .safe_call_ids = {227, 5},
                          .initial       = {1, 1336, 1336},
                          .final         = {5, 2520, 1336}};
    for (int i = 0; i < SAGE_CAIRO_SEGMENTS; i++) {
        bool empty = i == SAGE_CAIRO_SEGMENT_ECDSA || i == SAGE_CAIRO_SEGMENT_EC_OP ||
                     i == SAGE_CAIRO_SEGMENT_KECCAK;
        for (int k = 0; k < 4; k += 2) {
            c.segments[i][k]     = empty ? 5 : 228;
            c.segments[i][k + 1] = empty ? 0 : 2520;
        }
    }
    qm31 sum = sum_of(&c, qm31_of(1, 2, 3, 4), qm31_of(4, 3, 2, 1));
    assert_true(qm31_eq(sum, qm31_of(908842852, 42171643, 313383432, 1019452808)));
}

/* ---- the same, slowly: every tuple written out, every term inverted ---- */

typedef struct slow {
    qm31 z, alpha, sum;
} slow;

static void add_tuple(slow *s, const char *relation, const m31 *v, uint32_t n, bool is_use)
{
    qm31 d = qm31_zero();
    for (uint32_t i = n; i-- > 0;) /* Horner from the last value to the relation id */
        d = qm31_add(qm31_mul(d, s->alpha), qm31_from(v[i]));
    d      = qm31_add(qm31_mul(d, s->alpha), qm31_from(sage_relation_id(relation)));
    d      = qm31_inv(qm31_sub(d, s->z));
    s->sum = is_use ? qm31_add(s->sum, d) : qm31_sub(s->sum, d);
}

static uint32_t bit(const sage_felt252 *v, uint32_t i)
{
    return v->w[i / 32] >> i % 32 & 1;
}

static void add_cell(slow *s, m31 address, m31 id, const sage_felt252 *v)
{
    m31 by_address[2] = {address, id}, by_id[29] = {id};
    for (uint32_t i = 0; i < 252; i++)
        by_id[1 + i / 9] += bit(v, i) << i % 9;
    add_tuple(s, "MemoryAddressToId", by_address, 2, true);
    add_tuple(s, "MemoryIdToBig", by_id, 29, true);
}

static qm31 slow_sum(const sage_cairo_claim *c, qm31 z, qm31 alpha)
{
    slow s = {z, alpha, qm31_zero()};
    for (uint32_t i = 0; i < c->output.n; i++)
        add_cell(&s, c->segments[0][1] + i, c->output.at[i].id, &c->output.at[i].value);
    for (uint32_t i = 0; i < c->program.n; i++)
        add_cell(&s, 1 + i, c->program.at[i].id, &c->program.at[i].value);
    for (uint32_t i = 0; i < 11; i++) {
        const sage_felt252 start = {{c->segments[i][1]}}, stop = {{c->segments[i][3]}};
        add_cell(&s, c->initial[1] + i, c->segments[i][0], &start);
        add_cell(&s, c->final[1] - 11 + i, c->segments[i][2], &stop);
    }
    const sage_felt252 ap = {{c->initial[1]}}, zero = {{0}};
    add_cell(&s, c->initial[1] - 2, c->safe_call_ids[0], &ap);
    add_cell(&s, c->initial[1] - 1, c->safe_call_ids[1], &zero);
    add_tuple(&s, "Opcodes", c->final, 3, true);
    add_tuple(&s, "Opcodes", c->initial, 3, false);
    return s.sum;
}

static void slow_agrees(void **state)
{
    (void)state;
    test_claim t;
    test_claim_make(&t);
    /* Limbs at every place, and the largest value and pointer there are. */
    t.output[1].value = (sage_felt252){{0, 0, 0, 0, 0, 0, 17, 1u << 27}};
    t.output[2].value = (sage_felt252){{0x76543210, 0xfedcba98, 0x89abcdef, 0x01234567,
                                        0xdeadbeef, 0x0badf00d, 0xffffffff, 0x07ffffff}};
    test_set_segment(&t.c, SAGE_CAIRO_SEGMENT_MUL_MOD, M31_P - 1, M31_P - 1);
    assert_int_equal(sage_cairo_check_claim(&t.c, SAGE_CAIRO_CANONICAL, NULL), SAGE_OK);
    static const qm31 z[]     = {{{1, 2, 3, 4}}, {{M31_P - 1, 5, 0, 77}}, {{0, 0, 1, 0}}};
    static const qm31 alpha[] = {
        {{4, 3, 2, 1}}, {{123456789, 987654321, 5, 6}}, {{0, 1, 0, 0}}};
    for (int i = 0; i < 3; i++)
        assert_true(qm31_eq(sum_of(&t.c, z[i], alpha[i]), slow_sum(&t.c, z[i], alpha[i])));
}

/* Everything public is in the sum: no part may change unseen. */
static void binds_everything(void **state)
{
    (void)state;
    test_claim t;
    test_claim_make(&t);
    const qm31 z = {{9, 8, 7, 6}}, alpha = {{5, 4, 3, 2}};
    const qm31 good = sum_of(&t.c, z, alpha);
    uint32_t *words[128], n = 0;
    for (int i = 0; i < TEST_PROGRAM; i++) {
        words[n++] = &t.program[i].id;
        for (int k = 0; k < 8; k++)
            words[n++] = &t.program[i].value.w[k];
    }
    for (int i = 0; i < TEST_OUTPUT; i++)
        words[n++] = &t.output[i].id;
    for (int i = 0; i < 2; i++)
        words[n++] = &t.c.safe_call_ids[i];
    for (int i = 0; i < 3; i++) {
        words[n++] = &t.c.initial[i];
        words[n++] = &t.c.final[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        *words[i] ^= 1;
        assert_false(qm31_eq(sum_of(&t.c, z, alpha), good));
        *words[i] ^= 1;
    }
    for (int i = 0; i < SAGE_CAIRO_SEGMENTS; i++)
        for (int k = 0; k < 4; k++) {
            t.c.segments[i][k] ^= 1;
            assert_false(qm31_eq(sum_of(&t.c, z, alpha), good));
            t.c.segments[i][k] ^= 1;
        }
    assert_true(qm31_eq(sum_of(&t.c, z, alpha), good));
}

/* A z that is one of the tuples: refused, not divided by zero. */
static void zero_denominator(void **state)
{
    (void)state;
    test_claim t;
    test_claim_make(&t);
    const qm31 alpha = {{5, 4, 3, 2}};
    qm31 a[ALPHAS], out;
    powers(alpha, a);

    qm31 state_tuple = qm31_from(sage_relation_id("Opcodes"));
    for (int i = 0; i < 3; i++)
        state_tuple = qm31_add(state_tuple, qm31_scale(a[1 + i], t.c.final[i]));
    qm31 address_tuple = qm31_from(sage_relation_id("MemoryAddressToId"));
    address_tuple      = qm31_add(address_tuple, qm31_scale(a[1], 10));
    address_tuple      = qm31_add(address_tuple, qm31_scale(a[2], t.c.safe_call_ids[1]));
    qm31 value_tuple   = qm31_from(sage_relation_id("MemoryIdToBig"));
    value_tuple        = qm31_add(value_tuple, qm31_scale(a[1], t.c.safe_call_ids[1]));

    const qm31 z[] = {state_tuple, address_tuple, value_tuple};
    for (int i = 0; i < 3; i++) {
        sage_errinfo err = {0};
        assert_int_equal(sage_cairo_public_sum(&t.c, z[i], a, &out, &err), SAGE_EPROOF);
        assert_string_equal(err.where, "proof.logup.public");
        assert_int_equal(sage_cairo_public_sum(&t.c, qm31_add(z[i], qm31_one()), a, &out, &err),
                         SAGE_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_value),
        cmocka_unit_test(slow_agrees),
        cmocka_unit_test(binds_everything),
        cmocka_unit_test(zero_denominator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

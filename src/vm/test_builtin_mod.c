/* Modular circuits: every operand solved for, every bound of the result, circuits that are no
 * circuits. */
#include "test_builtins.h"

enum { VALUES = DATA, OFFSETS = 2, WORD_CELLS = 4 };
#define TOP "0xffffffffffffffffffffffff" /* 2^96 - 1 */

/* A number of one word at word index 4 * slot of the values. */
static void put_number(sage_memory *m, uint32_t slot, uint64_t v)
{
    for (uint32_t i = 0; i < WORD_CELLS; i++)
        put(m, VALUES, WORD_CELLS * slot + i, number(i ? 0 : v));
}

static void put_top(sage_memory *m, uint32_t segment, uint32_t offset)
{
    for (uint32_t i = 0; i < WORD_CELLS; i++)
        put(m, segment, offset + i, text(TOP));
}

static void put_operation(sage_memory *m, uint32_t k, uint32_t a, uint32_t b, uint32_t c)
{
    put(m, OFFSETS, 3 * k, number(WORD_CELLS * a));
    put(m, OFFSETS, 3 * k + 1, number(WORD_CELLS * b));
    put(m, OFFSETS, 3 * k + 2, number(WORD_CELLS * c));
}

static void put_instance(sage_memory *m, uint64_t p, uint64_t n)
{
    const sage_value cells[7] = {number(p),          number(0),           number(0), number(0),
                                 address(VALUES, 0), address(OFFSETS, 0), number(n)};
    put_all(m, cells, 7);
}

static sage_value value_word(const sage_memory *m, uint32_t slot, uint32_t word)
{
    return sage_memory_get(m, (sage_address){VALUES, WORD_CELLS * slot + word});
}

static void assert_number(const sage_memory *m, uint32_t slot, uint64_t v)
{
    for (uint32_t i = 0; i < WORD_CELLS; i++)
        assert_value(value_word(m, slot, i), number(i ? 0 : v));
}

static sage_status fill(sage_builtin b, sage_memory *m, sage_errinfo *err)
{
    return sage_builtin_fill_mod(b, m, (sage_address){CELLS_OF_BUILTIN, 0}, 1, err);
}

/* a op b = c mod p with one operand (0, 1, 2, or 3: none) missing. */
static void one_equation(sage_builtin op, uint64_t p, const uint64_t v[3], int missing)
{
    sage_memory m = fresh();
    put_instance(&m, p, 1);
    put_operation(&m, 0, 0, 1, 2);
    for (int i = 0; i < 3; i++)
        if (i != missing) put_number(&m, (uint32_t)i, v[i]);
    if (missing < 3) finish_refuses(op, &m);
    assert_int_equal(fill(op, &m, NULL), SAGE_OK);
    for (uint32_t i = 0; i < 3; i++)
        assert_number(&m, i, v[i]);
    finish_ok(op, &m);
    assert_int_equal(m.segment[CELLS_OF_BUILTIN].len, 7);
    sage_memory_free(&m);
}

static void mod_solves_each_operand(void **state)
{
    (void)state;
    const uint64_t sum[3] = {5, 4, 2}, product[3] = {5, 4, 6}, whole[3] = {2, 3, 5};
    for (int missing = 0; missing <= 3; missing++) {
        one_equation(SAGE_BUILTIN_ADD_MOD, 7, sum, missing);
        one_equation(SAGE_BUILTIN_ADD_MOD, 7, whole, missing);
        one_equation(SAGE_BUILTIN_MUL_MOD, 7, product, missing);
    }
    const uint64_t even[3] = {3, 2, 6}; /* modulo 8: 3 has an inverse */
    one_equation(SAGE_BUILTIN_MUL_MOD, 8, even, 1);
    one_equation(SAGE_BUILTIN_MUL_MOD, 8, even, 2);
    const uint64_t zero[3] = {0, 0, 0}; /* modulo 1 all is 0 */
    for (int missing = 0; missing <= 3; missing++)
        one_equation(SAGE_BUILTIN_MUL_MOD, 1, zero, missing);
}

/* Operands above p: the sum loses p at most once, the product as often as 384 bits allow. */
static void mod_unreduced(void **state)
{
    (void)state;
    const uint64_t sum[3] = {20, 9, 22}; /* 29 >= 2 * 7: minus 7 only */
    one_equation(SAGE_BUILTIN_ADD_MOD, 7, sum, 2);
    const uint64_t product[3] = {20, 9, 5}; /* 180 mod 7 */
    one_equation(SAGE_BUILTIN_MUL_MOD, 7, product, 2);
    const uint64_t difference[3] = {30, 2, 4}; /* 2 + 30 = 4 mod 7: 4 + 7 - 30 is negative */
    sage_memory m                = fresh();
    sage_errinfo err             = {0};
    put_instance(&m, 7, 1);
    put_operation(&m, 0, 0, 1, 2);
    put_number(&m, 0, difference[0]);
    put_number(&m, 2, difference[2]);
    assert_refused(fill(SAGE_BUILTIN_ADD_MOD, &m, &err), &err, SAGE_BUILTIN_ADD_MOD);
    sage_memory_free(&m);
}

/* p = 2^384 - 1 and operands of that size. */
static void mod_largest(void **state)
{
    (void)state;
    sage_memory m = fresh();
    put_top(&m, CELLS_OF_BUILTIN, 0);
    put(&m, CELLS_OF_BUILTIN, 4, address(VALUES, 0));
    put(&m, CELLS_OF_BUILTIN, 5, address(OFFSETS, 0));
    put(&m, CELLS_OF_BUILTIN, 6, number(1));
    put_operation(&m, 0, 0, 1, 2);
    put_top(&m, VALUES, 0); /* p + p: 2 p - p */
    put_top(&m, VALUES, 4);
    assert_int_equal(fill(SAGE_BUILTIN_ADD_MOD, &m, NULL), SAGE_OK);
    for (uint32_t i = 0; i < 4; i++)
        assert_value(value_word(&m, 2, i), text(TOP));
    finish_ok(SAGE_BUILTIN_ADD_MOD, &m);
    finish_ok(SAGE_BUILTIN_MUL_MOD, &m); /* 0 * 0 = 0 as well */
    sage_memory_free(&m);
    m = fresh();
    put_instance(&m, 3, 1);
    put_operation(&m, 0, 0, 1, 2);
    put_top(&m, VALUES, 0); /* p + p - 3 does not fit 384 bits */
    put_top(&m, VALUES, 4);
    sage_errinfo err = {0};
    assert_refused(fill(SAGE_BUILTIN_ADD_MOD, &m, &err), &err, SAGE_BUILTIN_ADD_MOD);
    assert_refused(fill(SAGE_BUILTIN_MUL_MOD, &m, &err), &err, SAGE_BUILTIN_MUL_MOD);
    sage_memory_free(&m);
}

static void mod_without_solution(void **state)
{
    (void)state;
    sage_memory m    = fresh();
    sage_errinfo err = {0};
    put_instance(&m, 8, 1);
    put_operation(&m, 0, 0, 1, 2);
    put_number(&m, 0, 2); /* 2 has no inverse modulo 8 */
    put_number(&m, 2, 4);
    assert_refused(fill(SAGE_BUILTIN_MUL_MOD, &m, &err), &err, SAGE_BUILTIN_MUL_MOD);
    sage_memory_free(&m);
    m = fresh();
    put_instance(&m, 8, 1);
    put_operation(&m, 0, 0, 1, 2);
    put_number(&m, 0, 2); /* two missing */
    assert_refused(fill(SAGE_BUILTIN_MUL_MOD, &m, &err), &err, SAGE_BUILTIN_MUL_MOD);
    put_number(&m, 1, 2);
    put_number(&m, 2, 5); /* 2 + 2 is not 5, nor is 2 * 2 */
    finish_refuses(SAGE_BUILTIN_MUL_MOD, &m);
    finish_refuses(SAGE_BUILTIN_ADD_MOD, &m);
    assert_int_equal(fill(SAGE_BUILTIN_MUL_MOD, &m, NULL), SAGE_OK); /* nothing to solve */
    sage_memory_free(&m);
}

/* n = 5 told, 3 given: the last two repeat the first; instances are copied; order does not
 * matter as long as something is solvable. The additions of this circuit wait for its product. */
static void mod_circuit(void **state)
{
    (void)state;
    sage_memory m      = fresh();
    sage_errinfo err   = {0};
    const uint32_t add = 0, mul = 7 * 5;
    const sage_address at_add = {CELLS_OF_BUILTIN, add}, at_mul = {2, 1000};
    put_instance(&m, 97, 5);
    put_operation(&m, 0, 0, 1, 2); /* v2 = v0 + v1 */
    put_operation(&m, 1, 3, 1, 4); /* v4 = v3 + v1, v3 the product */
    put_operation(&m, 2, 5, 0, 4); /* v5 = v4 - v0 */
    for (uint32_t i = 0; i < 7; i++)
        put(&m, 2, 1000 + i,
            i == 0   ? number(97)
            : i < 4  ? number(0)
            : i == 4 ? address(VALUES, 0)
            : i == 5 ? address(2, 500)
                     : number(1));
    for (uint32_t i = 0; i < 3; i++) /* v3 = v0 * v2 */
        put(&m, 2, 500 + i, number(WORD_CELLS * (i == 0 ? 0 : i + 1)));
    put_number(&m, 0, 90);
    put_number(&m, 1, 20);
    assert_int_equal(sage_builtin_fill_circuit(&m, at_add, 3, at_mul, 1, &err), SAGE_OK);
    assert_number(&m, 2, 13);           /* 110 - 97 */
    assert_number(&m, 3, 90 * 13 % 97); /* 6 */
    assert_number(&m, 4, 26);
    assert_number(&m, 5, 26 + 97 - 90);
    for (uint32_t k = 1; k < 5; k++) {
        assert_value(cell(&m, 7 * k), number(97));
        assert_value(cell(&m, 7 * k + 4), address(VALUES, 0));
        assert_value(cell(&m, 7 * k + 5), address(OFFSETS, 3 * k));
        assert_value(cell(&m, 7 * k + 6), number(5 - k));
    }
    for (uint32_t i = 9; i < 15; i++)
        assert_value(sage_memory_get(&m, (sage_address){OFFSETS, i}),
                     number(WORD_CELLS * (i % 3)));
    finish_ok(SAGE_BUILTIN_ADD_MOD, &m);
    assert_int_equal(m.segment[CELLS_OF_BUILTIN].len, mul);
    assert_int_equal(sage_builtin_finish(SAGE_BUILTIN_MUL_MOD, &m, CELLS_OF_BUILTIN, &err),
                     SAGE_EINVAL); /* these are additions */
    sage_memory_free(&m);
}

/* Additions alone cannot go on: 3 = 1 + 2 before 2 = 0 + 1 is solvable, is refused. */
static void mod_stuck(void **state)
{
    (void)state;
    sage_memory m    = fresh();
    sage_errinfo err = {0};
    put_instance(&m, 97, 2);
    put_operation(&m, 0, 1, 2, 3);
    put_operation(&m, 1, 0, 1, 2);
    put_number(&m, 0, 1);
    put_number(&m, 1, 2);
    assert_refused(fill(SAGE_BUILTIN_ADD_MOD, &m, &err), &err, SAGE_BUILTIN_ADD_MOD);
    sage_memory_free(&m);
}

/* Every cell of an instance and of what it points to, spoilt in turn. */
static void mod_hostile(void **state)
{
    (void)state;
    const sage_value bad[] = {{{0}},
                              address(DATA, 0),
                              number(0),
                              text("-1"),
                              text("0x1000000000000000000000000"),
                              address(7, 0),
                              number(UINT64_MAX)};
    enum { BAD = sizeof bad / sizeof *bad, SPOTS = 7 + 3 + 12 };
    int refusals = 0;
    for (int spot = 0; spot < SPOTS; spot++)
        for (int k = 0; k < BAD; k++) {
            sage_memory m    = fresh();
            sage_errinfo err = {0};
            for (int i = 0; i < SPOTS; i++) {
                sage_address at = i < 7    ? (sage_address){CELLS_OF_BUILTIN, (uint32_t)i}
                                  : i < 10 ? (sage_address){OFFSETS, (uint32_t)i - 7}
                                           : (sage_address){VALUES, (uint32_t)i - 10};
                sage_value v    = i == 0 || i == 6  ? number(i ? 1 : 7)
                                  : i == 4          ? address(VALUES, 0)
                                  : i == 5          ? address(OFFSETS, 0)
                                  : i > 7 && i < 10 ? number(WORD_CELLS * ((uint64_t)i - 7))
                                  : i == 10         ? number(3)
                                  : i == 14         ? number(5)
                                  : i == 18         ? number(1) /* 3 + 5 = 1, 3 * 5 = 1 mod 7 */
                                                    : number(0);
                if (i == spot) v = bad[k];
                if (sage_value_known(v)) put(&m, at.segment, at.offset, v);
            }
            sage_status s =
                sage_builtin_finish(SAGE_BUILTIN_ADD_MOD, &m, CELLS_OF_BUILTIN, &err);
            if (s) assert_refused(s, &err, SAGE_BUILTIN_ADD_MOD);
            refusals += s != SAGE_OK;
            if (!sage_value_known(bad[k])) assert_int_equal(s, SAGE_EINVAL);
            s = fill(SAGE_BUILTIN_MUL_MOD, &m, &err); /* refuses, or solves what is missing */
            assert_true(s == SAGE_OK || s == SAGE_EINVAL);
            sage_memory_free(&m);
        }
    assert_true(refusals > SPOTS * (BAD - 2));
    sage_memory m    = fresh();
    sage_errinfo err = {0};
    put_instance(&m, 7, 100001);
    put_operation(&m, 0, 0, 1, 2);
    assert_refused(fill(SAGE_BUILTIN_ADD_MOD, &m, &err), &err, SAGE_BUILTIN_ADD_MOD);
    const sage_address at = {CELLS_OF_BUILTIN, 0};
    assert_refused(sage_builtin_fill_mod(SAGE_BUILTIN_MUL_MOD, &m, at, 2, &err), &err,
                   SAGE_BUILTIN_MUL_MOD);
    assert_int_equal(sage_builtin_fill_circuit(&m, at, 0, at, 0, &err), SAGE_EINVAL);
    assert_int_equal(sage_builtin_fill_circuit(&m, at, UINT64_MAX, at, 0, &err), SAGE_EINVAL);
    sage_memory_free(&m);
}

/* A circuit that breaks off, or goes on with something else. */
static void mod_chains(void **state)
{
    (void)state;
    for (int wrong = -1; wrong < 8; wrong++) {
        sage_memory m = fresh();
        put_instance(&m, 7, 2);
        for (uint32_t k = 0; k < 2; k++)
            put_operation(&m, k, 0, 1, 2);
        put_number(&m, 0, 2);
        put_number(&m, 1, 2);
        put_number(&m, 2, 4);
        const sage_value next[7] = {number(7), number(0),          number(0),
                                    number(0), address(VALUES, 0), address(OFFSETS, 3),
                                    number(1)};
        for (uint32_t i = 0; i < 7 && wrong < 7; i++) {
            sage_value v = next[i];
            if ((int)i == wrong)
                v = i == 4 ? address(VALUES, 1) : i == 5 ? address(OFFSETS, 0) : number(5);
            put(&m, CELLS_OF_BUILTIN, 7 + i, v);
        }
        if (wrong < 0)
            finish_ok(SAGE_BUILTIN_ADD_MOD, &m);
        else
            finish_refuses(SAGE_BUILTIN_ADD_MOD, &m);
        sage_memory_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mod_solves_each_operand),
        cmocka_unit_test(mod_unreduced),
        cmocka_unit_test(mod_largest),
        cmocka_unit_test(mod_without_solution),
        cmocka_unit_test(mod_circuit),
        cmocka_unit_test(mod_stuck),
        cmocka_unit_test(mod_hostile),
        cmocka_unit_test(mod_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

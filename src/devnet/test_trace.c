/* devnet/test_trace.c -- the text of panics, the difference a transaction makes, and names. */
#include "base/test.h"
#include "devnet/names.h"
#include "devnet/trace.h"
#include "field/felt252_text.h"
#include "starknet/address.h"

static void test_panic_text(void **unused)
{
    char text[240];
    felt252 v[40];
    (void)unused;
    sage_panic_text(text, sizeof text, NULL, 0);
    assert_string_equal(text, "panic without data");
    v[0] = sage_felt_short("ERC20: insufficient balance");
    sage_panic_text(text, sizeof text, v, 1);
    assert_string_equal(text, "0x45524332303a20696e73756666696369656e742062616c616e6365 "
                              "('ERC20: insufficient balance')");
    v[0] = felt252_zero();
    sage_panic_text(text, sizeof text, v, 1);
    assert_string_equal(text, "0x0");
    v[1] = sage_felt_short("a");
    v[2] = felt252_from_u64(0x100);
    sage_panic_text(text, sizeof text, v, 3);
    assert_string_equal(text, "(0x0, 0x61 ('a'), 0x100)");
    for (size_t size = 1; size < sizeof text; size++) {
        memset(text, 'x', sizeof text);
        for (size_t i = 0; i < 40; i++)
            v[i] = sage_felt_short("thirty-one characters, so long.");
        sage_panic_text(text, size, v, 40);
        assert_true(strlen(text) < size);
        assert_true(text[size] == 'x');
    }
    assert_true(strlen(text) > 4 && !strcmp(text + strlen(text) - 3, "..."));
}

static void
set(sage_state *s, sage_cell_kind kind, uint64_t contract, uint64_t key, uint64_t value)
{
    assert_int_equal(sage_state_set(s, kind, felt252_from_u64(contract), felt252_from_u64(key),
                                    felt252_from_u64(value), NULL),
                     SAGE_OK);
}

static void assert_change(const sage_state_change *c, sage_cell_kind kind, const uint64_t v[4])
{
    assert_int_equal(c->kind, kind);
    assert_true(felt252_eq(c->contract, felt252_from_u64(v[0])));
    assert_true(felt252_eq(c->key, felt252_from_u64(v[1])));
    assert_true(felt252_eq(c->before, felt252_from_u64(v[2])));
    assert_true(felt252_eq(c->after, felt252_from_u64(v[3])));
}

static void test_net_changes(void **unused)
{
    sage_state *s;
    sage_state_change *c;
    uint32_t n;
    (void)unused;
    assert_int_equal(sage_state_new(&s, NULL), SAGE_OK);
    set(s, SAGE_CELL_STORAGE, 5, 1, 10);
    size_t mark = sage_state_mark(s);
    assert_int_equal(sage_net_changes(s, mark, &c, &n, NULL), SAGE_OK);
    assert_int_equal(n, 0);
    free(c);
    set(s, SAGE_CELL_NONCE, 5, 0, 1);
    set(s, SAGE_CELL_STORAGE, 5, 2, 20);
    set(s, SAGE_CELL_STORAGE, 5, 1, 11);
    set(s, SAGE_CELL_STORAGE, 4, 9, 1);
    set(s, SAGE_CELL_STORAGE, 5, 1, 12);
    set(s, SAGE_CELL_STORAGE, 4, 9, 0); /* as before: no change */
    assert_int_equal(sage_net_changes(s, mark, &c, &n, NULL), SAGE_OK);
    assert_int_equal(n, 3);
    assert_change(&c[0], SAGE_CELL_STORAGE, (uint64_t[]){5, 1, 10, 12});
    assert_change(&c[1], SAGE_CELL_STORAGE, (uint64_t[]){5, 2, 0, 20});
    assert_change(&c[2], SAGE_CELL_NONCE, (uint64_t[]){5, 0, 0, 1});
    free(c);
    sage_state_free(s);
}

/* Many more names than there are places: all get the selector they have. */
static void test_names(void **unused)
{
    char name[64];
    (void)unused;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3000; i++) {
            snprintf(name, sizeof name, i % 7 ? "name_%d" : "%048d_is_too_long", i);
            assert_true(felt252_eq(sage_name_selector(name), sage_selector(name)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_panic_text),
        cmocka_unit_test(test_net_changes),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* devnet/test_state.c -- the state against a model without any cleverness: a row of values, and
 * copies of it to go back to. */
#include "base/test.h"
#include "base/test_heap.h"
#include "devnet/state.h"

enum { CONTRACTS = 7, KEYS = 40, CELLS = 3 * CONTRACTS * KEYS, MARKS = 12 };

typedef struct model {
    uint64_t value[CELLS];
} model;

static uint64_t seed = 0x5eed;

static uint64_t draw(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed ^ seed >> 31) % n;
}

/* Contracts and keys that differ in one limb only, high or low. */
static felt252 felt_at(uint64_t i)
{
    uint64_t limbs[4] = {0};
    limbs[i % 4]      = i / 4 + 1;
    return felt252_from_limbs(limbs);
}

static sage_cell_kind kind_of(size_t cell)
{
    return (sage_cell_kind)(cell % 3);
}

static felt252 contract_of(size_t cell)
{
    return felt_at(cell / 3 % CONTRACTS);
}

static felt252 key_of(size_t cell)
{
    return felt_at(cell / 3 / CONTRACTS);
}

static sage_state *new_state(void)
{
    sage_state *s;
    assert_int_equal(sage_state_new(&s, NULL), SAGE_OK);
    return s;
}

static void set(sage_state *s, size_t cell, uint64_t value)
{
    assert_int_equal(sage_state_set(s, kind_of(cell), contract_of(cell), key_of(cell),
                                    felt252_from_u64(value), NULL),
                     SAGE_OK);
}

static void assert_cell(sage_state *s, size_t cell, uint64_t value)
{
    felt252 v = sage_state_get(s, kind_of(cell), contract_of(cell), key_of(cell));
    assert_true(felt252_eq(v, felt252_from_u64(value)));
}

static void assert_model(sage_state *s, const model *m)
{
    for (size_t i = 0; i < CELLS; i++)
        assert_cell(s, i, m->value[i]);
}

typedef struct history {
    model at[MARKS];
    size_t mark[MARKS];
    uint32_t n;
} history;

static void write_some(sage_state *s, model *now, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t cell      = draw(CELLS);
        now->value[cell] = draw(4); /* often 0, often what it was */
        set(s, cell, now->value[cell]);
    }
}

static void go_back(sage_state *s, model *now, history *h)
{
    if (!h->n) return;
    h->n = (uint32_t)draw(h->n);
    *now = h->at[h->n];
    sage_state_rollback(s, h->mark[h->n]);
    assert_int_equal(sage_state_mark(s), h->mark[h->n]);
}

static void remember(sage_state *s, const model *now, history *h)
{
    if (h->n == MARKS) return;
    h->at[h->n]     = *now;
    h->mark[h->n++] = sage_state_mark(s);
}

static void walk(sage_state *s, model *now, int steps)
{
    history h = {.n = 0};
    for (int i = 0; i < steps; i++) {
        switch (draw(8)) {
        case 0:
        case 1: remember(s, now, &h); break;
        case 2: go_back(s, now, &h); break;
        case 3:
            if (draw(10)) break;
            sage_state_settle(s);
            h.n = 0;
            break;
        default: write_some(s, now, draw(30)); break;
        }
        if (i % 16 == 0) assert_model(s, now);
    }
    assert_model(s, now);
}

static void test_as_the_model(void **unused)
{
    (void)unused;
    for (int round = 0; round < (sage_test_quick() ? 5 : 40); round++) {
        model now     = {{0}};
        sage_state *s = new_state();
        walk(s, &now, 400);
        sage_state_free(s);
    }
}

typedef struct below {
    model m;
    size_t asked;
    size_t fail_at; /* the question that is not answered; 0: all are */
} below;

static size_t cell_of(sage_cell_kind kind, felt252 contract, felt252 key)
{
    for (size_t i = 0; i < CELLS; i++)
        if (kind_of(i) == kind && felt252_eq(contract_of(i), contract) &&
            felt252_eq(key_of(i), key))
            return i;
    fail_msg("no such cell");
    return 0;
}

static sage_status read_below(void *arg,
                              sage_cell_kind kind,
                              felt252 contract,
                              felt252 key,
                              felt252 *out,
                              sage_errinfo *err)
{
    below *b = arg;
    if (++b->asked == b->fail_at) return sage_fail(err, SAGE_EIO, "test.below", 7, "no answer");
    *out = felt252_from_u64(b->m.value[cell_of(kind, contract, key)]);
    return SAGE_OK;
}

static void test_over_another(void **unused)
{
    (void)unused;
    for (int round = 0; round < (sage_test_quick() ? 2 : 10); round++) {
        sage_state *s;
        below b = {.asked = 0};
        for (size_t i = 0; i < CELLS; i++)
            b.m.value[i] = draw(4);
        assert_int_equal(sage_state_over(&s, read_below, &b, NULL), SAGE_OK);
        model now = b.m;
        walk(s, &now, 200);
        assert_int_equal(b.asked, CELLS); /* each once */
        assert_int_equal(sage_state_status(s, NULL), SAGE_OK);
        sage_state_free(s);
    }
}

static void test_failure_below_sticks(void **unused)
{
    sage_errinfo err;
    sage_state *s;
    below b = {.fail_at = 2};
    (void)unused;
    for (size_t i = 0; i < CELLS; i++)
        b.m.value[i] = 9;
    assert_int_equal(sage_state_over(&s, read_below, &b, NULL), SAGE_OK);
    assert_cell(s, 0, 9);
    assert_cell(s, 1, 0);
    assert_int_equal(sage_state_status(s, &err), SAGE_EIO);
    assert_string_equal(err.where, "test.below");
    assert_int_equal(err.at, 7);
    assert_int_equal(
        sage_state_set(s, kind_of(2), contract_of(2), key_of(2), felt252_one(), &err),
        SAGE_EIO);
    assert_int_equal(sage_state_mark(s), 0);
    sage_state_free(s);
}

static void test_journal(void **unused)
{
    size_t n;
    sage_state *s = new_state();
    (void)unused;
    set(s, 4, 1);
    size_t mark = sage_state_mark(s);
    set(s, 5, 2);
    set(s, 5, 3);
    const sage_state_change *c = sage_state_changes(s, mark, &n);
    assert_int_equal(n, 2);
    assert_int_equal(c[0].kind, kind_of(5));
    assert_true(felt252_eq(c[0].contract, contract_of(5)) && felt252_eq(c[0].key, key_of(5)));
    assert_true(felt252_is_zero(c[0].before));
    assert_true(felt252_eq(c[1].before, felt252_from_u64(2)));
    assert_true(felt252_eq(c[1].after, felt252_from_u64(3)));
    sage_state_settle(s);
    (void)sage_state_changes(s, 0, &n);
    assert_int_equal(n, 0);
    sage_state_rollback(s, 0); /* what is settled stays */
    assert_cell(s, 5, 3);
    sage_state_free(s);
}

/* What is undone leaves no memory behind, however often. */
static void test_undone_leaves_nothing(void **unused)
{
    sage_state *s = new_state();
    size_t live   = 0;
    (void)unused;
    for (uint64_t round = 0; round < 200; round++) {
        for (uint64_t i = 0; i < 100; i++)
            assert_int_equal(sage_state_set(s, SAGE_CELL_STORAGE, felt_at(0),
                                            felt_at(1000 * round + i), felt252_one(), NULL),
                             SAGE_OK);
        sage_state_rollback(s, 0);
        if (round == 0) live = heap_live();
    }
    assert_int_equal(heap_live(), live);
    sage_state_free(s);
}

/* Whichever allocation fails, the state is as before and goes on. */
static void test_without_memory(void **unused)
{
    sage_errinfo err;
    (void)unused;
    for (size_t nth = 1; nth < 40; nth++) {
        model now     = {{0}};
        sage_state *s = new_state();
        heap_fail(nth);
        for (size_t i = 0; i < CELLS; i++) {
            sage_status status =
                sage_state_set(s, kind_of(i), contract_of(i), key_of(i), felt252_one(), &err);
            if (status) {
                assert_int_equal(status, SAGE_ENOMEM);
                assert_string_equal(err.where, "state.memory");
                continue;
            }
            now.value[i] = 1;
        }
        heap_fail(0);
        assert_model(s, &now);
        sage_state_rollback(s, 0);
        assert_model(s, &(model){{0}});
        sage_state_free(s);
    }
    for (size_t nth = 1; nth <= 4; nth++) {
        sage_state *s;
        size_t live = heap_live();
        heap_fail(nth);
        assert_int_equal(sage_state_new(&s, &err), SAGE_ENOMEM);
        assert_int_equal(heap_live(), live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_model),          cmocka_unit_test(test_over_another),
        cmocka_unit_test(test_failure_below_sticks),  cmocka_unit_test(test_journal),
        cmocka_unit_test(test_undone_leaves_nothing), cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

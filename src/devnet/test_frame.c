/* devnet/test_frame.c -- what a frame gives, takes, undoes and passes on. */
#include "devnet/test_contracts.h"
#include "devnet/test_rig.h"

#include "field/felt252_text.h"
#include "starknet/address.h"

static felt252 num(uint64_t v)
{
    return felt252_from_u64(v);
}

static felt252 hex(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_hex(&v, text, strlen(text), false, NULL), SAGE_OK);
    return v;
}

static felt252 somebody(void)
{
    return sage_felt_short("somebody");
}

static felt252 probe(void)
{
    return sage_felt_short("probe");
}

static felt252 other(void)
{
    return sage_felt_short("other");
}

static int open_rig(void **state)
{
    sage_rig *rig = malloc(sizeof *rig);
    felt252 five  = num(5);
    assert_non_null(rig);
    rig_open(rig);
    rig_deploy(rig, probe(), &test_probe, &five, 1);
    rig_deploy(rig, other(), &test_probe, &five, 1);
    *state = rig;
    return 0;
}

static int close_rig(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static felt252 cell(sage_rig *rig, felt252 of, uint64_t key)
{
    felt252 k = num(key);
    return rig_felt(rig, of, "get", &k, 1);
}

static void assert_felt(felt252 is, felt252 wanted)
{
    assert_true(felt252_eq(is, wanted));
}

static void test_arguments(void **state)
{
    sage_rig *rig = *state;
    assert_true(rig_do(rig, somebody(), probe(), "echo", num(1), num(2), num(3), num(4), num(5),
                       num(1), num(2), num(2), num(8), num(9), num(10)));
    const uint64_t wanted[] = {1, 2, 3, 4, 5, 1, 2, 2, 8, 9, 1, 10};
    assert_int_equal(rig->result.n, 12);
    for (uint32_t i = 0; i < 12; i++)
        assert_felt(rig_result(rig, i), num(wanted[i]));
}

typedef struct bad {
    uint32_t at; /* which felt of a good call is spoilt */
    const char *with, *panic;
} bad;

static void test_bad_arguments(void **state)
{
    static const bad cases[] = {
        {1, "0x800000000000000000000000000000000000000000000000000000000000000",
         "Failed to deserialize param #2"},
        {2, "0x100000000000000000000000000000000", "Failed to deserialize param #3"},
        {3, "0x100000000000000000000000000000000", "Failed to deserialize param #3"},
        {4, "0x10000000000000000", "Failed to deserialize param #4"},
        {5, "0x2", "Failed to deserialize param #5"},
        {6, "0x3", "Failed to deserialize param #6"},
        {7, "0x4", "Failed to deserialize param #7"},
        {7, "0x800000000000011000000000000000000000000000000000000000000000000",
         "Failed to deserialize param #7"},
    };
    sage_rig *rig = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        felt252 data[11];
        for (uint64_t j = 0; j < 11; j++)
            data[j] = num(j == 5 ? 1 : j == 6 ? 2 : j == 7 ? 2 : j);
        data[cases[i].at] = hex(cases[i].with);
        assert_false(rig_call(rig, somebody(), probe(), "echo", data, 11));
        rig_panicked_with(rig, cases[i].panic);
    }
}

static void test_too_few_and_too_many(void **state)
{
    sage_rig *rig          = *state;
    felt252 one[2]         = {num(1), num(2)};
    const char *short_of[] = {"#1", "#2", "#3", "#3", "#4", "#5", "#6", "#7"};
    assert_false(rig_call(rig, somebody(), probe(), "one", one, 2));
    rig_panicked_with(rig, "Input too long for arguments");
    for (uint32_t n = 0; n < 8; n++) {
        char text[40];
        felt252 data[8] = {num(0), num(0), num(0), num(0), num(0), num(0), num(0), num(0)};
        assert_false(rig_call(rig, somebody(), probe(), "echo", data, n));
        snprintf(text, sizeof text, "Failed to deserialize param %s", short_of[n]);
        rig_panicked_with(rig, text);
    }
}

static void test_where(void **state)
{
    sage_rig *rig      = *state;
    rig->env.number    = 1234;
    rig->env.timestamp = 5678;
    assert_true(rig_call(rig, somebody(), probe(), "where", NULL, 0));
    assert_felt(rig_result(rig, 0), probe());
    assert_felt(rig_result(rig, 1), somebody());
    assert_felt(rig_result(rig, 2), num(1234));
    assert_felt(rig_result(rig, 3), num(5678));
    assert_felt(rig_result(rig, 4), sage_felt_short("SN_SEPOLIA"));
    for (uint32_t i = 5; i < 8; i++)
        assert_felt(rig_result(rig, i), num(0));
    felt252 facts[3] = {num(1), num(2), num(3)};
    sage_tx tx       = {.proof_facts = {facts, 3, 3}, .signature = {facts, 2, 2}};
    rig->tx          = &tx;
    rig->tx_hash     = num(77);
    assert_true(rig_call(rig, somebody(), probe(), "where", NULL, 0));
    assert_felt(rig_result(rig, 5), num(77));
    assert_felt(rig_result(rig, 6), num(2));
    assert_felt(rig_result(rig, 7), num(3));
    rig->tx = NULL;
}

static void test_storage_is_per_contract(void **state)
{
    sage_rig *rig = *state;
    assert_true(rig_do(rig, somebody(), probe(), "put", num(3), num(4)));
    assert_felt(cell(rig, probe(), 3), num(4));
    assert_felt(cell(rig, other(), 3), num(0));
    felt252 key  = num(3);
    felt252 slot = sage_map_address(sage_selector("cells"), &key, 1);
    assert_felt(sage_state_get(rig->state, SAGE_CELL_STORAGE, probe(), slot), num(4));
    assert_felt(sage_slot_of("cells", key), slot);
    felt252 two[2] = {num(3), num(9)};
    assert_felt(sage_slot_of2("cells", two[0], two[1]),
                sage_map_address(sage_selector("cells"), two, 2));
    sage_amount amount = {{3, 0, 9, 0}};
    assert_felt(sage_slot_of_u256("cells", &amount), sage_slot_of2("cells", two[0], two[1]));
    assert_felt(sage_slot_next(slot, 2), felt252_add(slot, num(2)));
}

static void test_numbers(void **state)
{
    sage_rig *rig = *state;
    felt252 big   = hex("0xffffffffffffffffffffffffffffffff");
    felt252 word  = hex("0xffffffffffffffff");
    assert_true(rig_do(rig, somebody(), probe(), "numbers", big, num(1), word, num(3), num(1)));
    assert_felt(rig_result(rig, 0), big);
    assert_felt(rig_result(rig, 1), num(1));
    assert_felt(rig_result(rig, 2), word);
    assert_felt(rig_result(rig, 3), num(3));
    felt252 over64 = hex("0x10000000000000000"), over128 = felt252_add(big, num(1));
    assert_false(rig_do(rig, somebody(), probe(), "numbers", big, big, word, over64, num(1)));
    rig_panicked_with(rig, "u64 in storage");
    assert_false(rig_do(rig, somebody(), probe(), "numbers", big, big, word, over128, num(0)));
    rig_panicked_with(rig, "u256 in storage");
}

static void test_views_change_nothing(void **state)
{
    sage_rig *rig = *state;
    assert_false(rig_call(rig, somebody(), probe(), "views_that_write", NULL, 0));
    rig_panicked_with(rig, "A view changes nothing");
    assert_false(rig_call(rig, somebody(), probe(), "views_that_emit", NULL, 0));
    rig_panicked_with(rig, "A view changes nothing");
    assert_int_equal(rig->n_events, 0);
}

static void test_events(void **state)
{
    sage_rig *rig = *state;
    assert_true(rig_do(rig, somebody(), probe(), "put", num(3), num(4)));
    assert_int_equal(rig->n_events, 1);
    const sage_chain_event *e = rig_event(rig, probe(), "Put", 0);
    assert_non_null(e);
    assert_int_equal(e->keys.n, 2);
    assert_felt(e->keys.v[0], sage_selector("Put"));
    assert_felt(e->keys.v[1], num(3));
    assert_int_equal(e->data.n, 1);
    assert_felt(e->data.v[0], num(4));
    assert_null(rig_event(rig, probe(), "Put", 1));
    assert_null(rig_event(rig, other(), "Put", 0));
}

static void test_limits_of_events(void **state)
{
    sage_rig *rig = *state;
    assert_true(rig_do(rig, somebody(), probe(), "events", num(1000), num(0), num(0)));
    assert_int_equal(rig->n_events, 1000);
    assert_false(rig_do(rig, somebody(), probe(), "events", num(1001), num(0), num(0)));
    rig_panicked_with(rig, "Too many events");
    assert_int_equal(rig->n_events, 0);
    assert_true(rig_do(rig, somebody(), probe(), "events", num(1), num(49), num(300)));
    assert_false(rig_do(rig, somebody(), probe(), "events", num(1), num(50), num(300)));
    rig_panicked_with(rig, "Too many event keys");
    assert_false(rig_do(rig, somebody(), probe(), "events", num(1), num(49), num(301)));
    rig_panicked_with(rig, "Too much event data");
}

/* The first panic is the one that counts, and nothing before or after it stays. */
static void test_panic_is_sticky(void **state)
{
    sage_rig *rig = *state;
    assert_false(rig_do(rig, somebody(), probe(), "panic", num(1), sage_felt_short("why")));
    assert_string_equal(rig->panic, "(0x1, 0x776879 ('why'))");
    assert_int_equal(rig->n_events, 0);
    assert_felt(cell(rig, probe(), 9), num(0));
    assert_false(rig_call(rig, somebody(), probe(), "panic", NULL, 0));
    assert_string_equal(rig->panic, "panic without data");
}

static void test_inner_call(void **state)
{
    sage_rig *rig = *state;
    assert_true(rig_do(rig, somebody(), probe(), "forward", other(), sage_selector("put"),
                       num(5), num(6)));
    assert_felt(cell(rig, probe(), 1), num(7));
    assert_felt(cell(rig, probe(), 2), num(7));
    assert_felt(cell(rig, other(), 5), num(6));
    assert_int_equal(rig->n_events, 3);
    assert_ptr_equal(rig_event(rig, probe(), "Before", 0), &rig->events[0]);
    assert_ptr_equal(rig_event(rig, other(), "Put", 0), &rig->events[1]);
    assert_ptr_equal(rig_event(rig, probe(), "After", 0), &rig->events[2]);
    assert_int_equal(rig->events[0].call, 0);
    assert_int_equal(rig->events[1].call, 1);
    assert_int_equal(rig->events[2].call, 0);
    assert_true(rig_do(rig, somebody(), probe(), "forward", other(), sage_selector("where")));
    assert_felt(rig_result(rig, 0), num(8));
    assert_felt(rig_result(rig, 1), other());
    assert_felt(rig_result(rig, 2), probe());
}

static void test_inner_panic(void **state)
{
    sage_rig *rig = *state;
    assert_false(rig_do(rig, somebody(), probe(), "forward", other(), sage_selector("panic"),
                        sage_felt_short("inner")));
    rig_panicked_with(rig, "inner");
    assert_int_equal(rig->n_events, 0);
    assert_felt(cell(rig, probe(), 1), num(0));
    assert_felt(cell(rig, probe(), 2), num(0));
    assert_felt(cell(rig, other(), 9), num(0));
}

static void test_nobody_there(void **state)
{
    sage_rig *rig = *state;
    assert_false(rig_call(rig, somebody(), somebody(), "get", NULL, 0));
    rig_panicked_with(rig, "CONTRACT_NOT_DEPLOYED");
    assert_false(rig_call(rig, somebody(), probe(), "nothing", NULL, 0));
    rig_panicked_with(rig, "ENTRYPOINT_NOT_FOUND");
    assert_false(rig_call(rig, somebody(), probe(), "constructor", NULL, 0));
    rig_panicked_with(rig, "ENTRYPOINT_NOT_FOUND");
    assert_false(rig_do(rig, somebody(), probe(), "forward", somebody(), sage_selector("get")));
    rig_panicked_with(rig, "CONTRACT_NOT_DEPLOYED");
}

static void test_depth(void **state)
{
    sage_rig *rig = *state;
    assert_true(rig_do(rig, somebody(), probe(), "dive", num(49)));
    assert_felt(rig_result(rig, 0), num(49));
    assert_false(rig_do(rig, somebody(), probe(), "dive", num(50)));
    rig_panicked_with(rig, "Recursion depth exceeded");
}

static void test_deploy(void **state)
{
    sage_rig *rig   = *state;
    felt252 class_h = sage_felt_short("Probe"), four = num(4), zero = num(0);
    felt252 address = sage_contract_address(zero, num(11), class_h, &four, 1);
    assert_true(rig_do(rig, somebody(), probe(), "make", class_h, num(11), num(4)));
    assert_felt(rig_result(rig, 0), address);
    assert_felt(sage_state_get(rig->state, SAGE_CELL_CLASS, address, zero), class_h);
    assert_felt(sage_state_get(rig->state, SAGE_CELL_STORAGE, address, sage_slot("made_with")),
                four);
    assert_felt(sage_state_get(rig->state, SAGE_CELL_STORAGE, address, sage_slot("made_by")),
                probe());
    assert_false(rig_do(rig, somebody(), probe(), "make", class_h, num(11), num(4)));
    rig_panicked_with(rig, "CONTRACT_ALREADY_DEPLOYED");
    assert_false(rig_do(rig, somebody(), probe(), "make", num(99), num(11), num(4)));
    rig_panicked_with(rig, "CLASS_HASH_NOT_FOUND");
}

static void test_deploy_that_panics(void **state)
{
    sage_rig *rig   = *state;
    felt252 class_h = sage_felt_short("Probe"), zero = num(0);
    felt252 address = sage_contract_address(zero, num(12), class_h, &zero, 1);
    assert_false(rig_do(rig, somebody(), probe(), "make", class_h, num(12), zero));
    rig_panicked_with(rig, "made with nothing");
    assert_felt(sage_state_get(rig->state, SAGE_CELL_CLASS, address, zero), zero);
    assert_felt(sage_state_get(rig->state, SAGE_CELL_STORAGE, address, sage_slot("made_by")),
                zero);
    assert_false(rig_do(rig, somebody(), probe(), "make", class_h, num(12)));
    rig_panicked_with(rig, "Failed to deserialize param #1");
    assert_false(rig_do(rig, somebody(), probe(), "make", class_h, num(12), num(1), num(2)));
    rig_panicked_with(rig, "Input too long for arguments");
    /* a class without constructor takes nothing */
    felt252 purse = sage_felt_short("Purse");
    assert_false(rig_do(rig, somebody(), probe(), "make", purse, num(1), num(1)));
    rig_panicked_with(rig, "Input too long for arguments");
    assert_true(rig_do(rig, somebody(), probe(), "make", purse, num(1)));
}

static void test_replace_class(void **state)
{
    sage_rig *rig = *state;
    assert_false(rig_do(rig, somebody(), probe(), "become", num(99)));
    rig_panicked_with(rig, "CLASS_HASH_NOT_FOUND");
    assert_true(rig_do(rig, somebody(), probe(), "become", sage_felt_short("Purse")));
    assert_false(rig_do(rig, somebody(), probe(), "get", num(1)));
    assert_true(rig_do(rig, somebody(), probe(), "balance_of", num(1)));
}

/* A signature of the message 2 that starknet-rs publishes with its tests. */
static void test_signature(void **state)
{
    sage_rig *rig = *state;
    felt252 key   = hex("0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca");
    felt252 s[2]  = {hex("0x411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20"),
                     hex("0x405c3191ab3883ef2b763af35bc5f5d15b3b4e99461d70e84c654a351a7c81b")};
    assert_true(rig_do(rig, somebody(), probe(), "signed", key, num(2), s[0], s[1]));
    assert_felt(rig_result(rig, 0), num(1));
    assert_true(rig_do(rig, somebody(), probe(), "signed", key, num(3), s[0], s[1]));
    assert_felt(rig_result(rig, 0), num(0));
    assert_true(rig_do(rig, somebody(), probe(), "signed", key, num(2), s[0]));
    assert_felt(rig_result(rig, 0), num(0));
    assert_true(rig_do(rig, somebody(), probe(), "signed", key, num(2), s[0], s[1], s[1]));
    assert_felt(rig_result(rig, 0), num(0));
}

static bool amounts(sage_rig *rig, sage_amount a, sage_amount b, const uint64_t last[3])
{
    felt252 d[7];
    sage_u256_split(d, &a);
    sage_u256_split(d + 2, &b);
    for (size_t i = 0; i < 3; i++)
        d[4 + i] = num(last[i]);
    return rig_call(rig, somebody(), probe(), "amounts", d, 7);
}

static void test_amounts(void **state)
{
    sage_rig *rig   = *state;
    sage_amount max = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    sage_amount one = sage_amount_of(1), ten = sage_amount_of(10), zero = sage_amount_of(0);
    assert_true(amounts(rig, max, zero, (uint64_t[]){0, 0, 0}));
    sage_amount sum = rig_result_u256(rig, 0);
    assert_int_equal(sage_amount_compare(&sum, &max), 0);
    assert_false(amounts(rig, max, one, (uint64_t[]){0, 0, 0}));
    rig_panicked_with(rig, "u256_add Overflow");
    assert_true(amounts(rig, ten, ten, (uint64_t[]){0, 0, 1}));
    assert_false(amounts(rig, one, ten, (uint64_t[]){0, 0, 1}));
    rig_panicked_with(rig, "too little");
    assert_true(amounts(rig, ten, zero, (uint64_t[]){2, 3, 2}));
    assert_felt(rig_result(rig, 0), num(6));
    assert_true(amounts(rig, max, zero, (uint64_t[]){7, 7, 2}));
    assert_false(amounts(rig, max, zero, (uint64_t[]){8, 7, 2}));
    rig_panicked_with(rig, "u256_mul Overflow");
    assert_false(amounts(rig, max, zero, (uint64_t[]){8, 0, 2}));
    rig_panicked_with(rig, "Division by 0");
}

static void count_checks(sage_rig *rig, void *arg)
{
    assert_non_null(rig->state);
    ++*(int *)arg;
}

static void test_rig_checks_after_each(void **state)
{
    sage_rig *rig = *state;
    int checks    = 0;
    rig->check    = count_checks;
    rig->arg      = &checks;
    assert_true(rig_do(rig, somebody(), probe(), "one", num(1)));
    assert_int_equal(checks, 1);
    assert_false(rig_do(rig, somebody(), probe(), "panic", num(1)));
    assert_int_equal(checks, 2);
}

/* ---- the two doors of execute.h ---- */

static sage_status call(sage_rig *rig, felt252 to, const char *entry, sage_felt_list *result)
{
    felt252 one = num(1);
    return sage_execute_call(rig->state, &rig->env, somebody(), to, sage_selector(entry), &one,
                             1, result, &rig->err);
}

static void test_execute_call(void **state)
{
    sage_rig *rig = *state;
    sage_felt_list result;
    assert_int_equal(call(rig, probe(), "one", &result), SAGE_OK);
    assert_int_equal(result.n, 1);
    sage_felt_list_free(&result);
    assert_int_equal(call(rig, somebody(), "one", &result), SAGE_ENOTFOUND);
    assert_string_equal(rig->err.where, "chain.contract");
    assert_int_equal(call(rig, probe(), "nothing", &result), SAGE_ENOTFOUND);
    assert_string_equal(rig->err.where, "chain.entry_point");
    assert_int_equal(call(rig, probe(), "panic", &result), SAGE_ECONFLICT);
    assert_string_equal(rig->err.where, "chain.reverted");
    assert_string_equal(rig->err.msg, "0x1");
    assert_int_equal(result.n, 1);
    assert_felt(result.v[0], num(1));
    sage_felt_list_free(&result);
    assert_felt(cell(rig, probe(), 9), num(0));
}

static void test_execute_deploy(void **state)
{
    sage_rig *rig  = *state;
    felt252 args[] = {num(0), num(1)}, address = sage_felt_short("third");
    felt252 class_hash = sage_contract_class_hash(&test_probe);
    size_t mark        = sage_state_mark(rig->state);
    assert_int_equal(
        sage_execute_deploy(rig->state, &rig->env, address, class_hash, args, 1, &rig->err),
        SAGE_ECONFLICT);
    assert_string_equal(rig->err.where, "chain.reverted");
    assert_int_equal(sage_state_mark(rig->state), mark);
    assert_int_equal(
        sage_execute_deploy(rig->state, &rig->env, address, class_hash, args + 1, 1, &rig->err),
        SAGE_OK);
    assert_int_equal(
        sage_execute_deploy(rig->state, &rig->env, address, class_hash, args + 1, 1, &rig->err),
        SAGE_ECONFLICT);
    assert_felt(cell(rig, address, 1), num(0));
}

static sage_status
no_answer(void *arg, sage_cell_kind kind, felt252 c, felt252 key, felt252 *out, sage_errinfo *e)
{
    sage_rig *rig = arg;
    if (kind == SAGE_CELL_STORAGE) return sage_fail(e, SAGE_EIO, "test.below", -1, "no answer");
    *out = sage_state_get(rig->state, kind, c, key);
    return SAGE_OK;
}

/* A failure below is told as itself, never as a panic or as zeros. */
static void test_failure_below(void **state)
{
    sage_rig *rig = *state;
    sage_state *over;
    sage_felt_list result;
    felt252 one = num(1);
    assert_int_equal(sage_state_over(&over, no_answer, rig, NULL), SAGE_OK);
    assert_int_equal(sage_execute_call(over, &rig->env, somebody(), probe(),
                                       sage_selector("get"), &one, 1, &result, &rig->err),
                     SAGE_EIO);
    assert_string_equal(rig->err.where, "test.below");
    sage_felt_list_free(&result);
    sage_state_free(over);
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, open_rig, close_rig)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(test_arguments),
        RIG_TEST(test_bad_arguments),
        RIG_TEST(test_too_few_and_too_many),
        RIG_TEST(test_where),
        RIG_TEST(test_storage_is_per_contract),
        RIG_TEST(test_numbers),
        RIG_TEST(test_views_change_nothing),
        RIG_TEST(test_events),
        RIG_TEST(test_limits_of_events),
        RIG_TEST(test_panic_is_sticky),
        RIG_TEST(test_inner_call),
        RIG_TEST(test_inner_panic),
        RIG_TEST(test_nobody_there),
        RIG_TEST(test_depth),
        RIG_TEST(test_deploy),
        RIG_TEST(test_deploy_that_panics),
        RIG_TEST(test_replace_class),
        RIG_TEST(test_signature),
        RIG_TEST(test_amounts),
        RIG_TEST(test_rig_checks_after_each),
        RIG_TEST(test_execute_call),
        RIG_TEST(test_execute_deploy),
        RIG_TEST(test_failure_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

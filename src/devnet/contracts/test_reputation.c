/* Reputation: what reasons are worth, how often, and on whose word. */
#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"

enum { CONTRACT = 0x40, ADMIN, POOL, JOBS, STRANGER, WORKER = 0x99, LIMIT = 60 };
enum { COMPLETED, FAILED, SLASHED, LOST, WON, DECAY, ADJUSTED };

static felt252 contract(void)
{
    return rig_number(CONTRACT);
}

static felt252 whole(int64_t v)
{
    return v < 0 ? felt252_neg(rig_number((uint64_t)-v)) : rig_number((uint64_t)v);
}

static bool begin(sage_rig *rig, uint64_t as, uint64_t worker)
{
    return rig_do(rig, rig_number(as), contract(), "initialize_reputation", rig_number(worker));
}

static void open_reputation(sage_rig *rig)
{
    const felt252 calldata[] = {rig_number(ADMIN), rig_number(POOL), rig_number(JOBS),
                                rig_number(LIMIT)};
    rig_open(rig);
    rig_deploy(rig, contract(), &sage_contract_reputation, calldata, 4);
    assert_true(begin(rig, JOBS, WORKER));
    rig->env.timestamp += LIMIT;
}

/* An update of WORKER for job 5; false after a panic. */
static bool update(sage_rig *rig, uint64_t as, int64_t delta, uint64_t reason)
{
    return rig_do(rig, rig_number(as), contract(), "update_reputation", rig_number(WORKER),
                  whole(delta), rig_number(reason), rig_number(0), rig_number(5),
                  rig_number(0));
}

static bool taken(const sage_rig *rig)
{
    return felt252_eq(rig_result(rig, 0), felt252_one());
}

/* score, level, time, jobs, succeeded, failed, disputes, slashes */
static uint64_t field(sage_rig *rig, uint64_t worker, uint32_t i)
{
    uint64_t v;
    felt252 id = rig_number(worker);
    assert_true(rig_call(rig, rig_number(STRANGER), contract(), "get_reputation", &id, 1));
    assert_int_equal(rig->result.n, 8);
    assert_true(sage_felt_to_u64(&v, rig_result(rig, i)));
    return v;
}

static void begins_in_the_middle(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_int_equal(field(&rig, WORKER, 0), 500);
    assert_int_equal(field(&rig, WORKER, 1), 3);
    assert_int_equal(field(&rig, WORKER + 1, 1), 0);
    assert_true(begin(&rig, JOBS, WORKER) && !taken(&rig)); /* again: no change */
    assert_false(begin(&rig, STRANGER, WORKER + 1));
    rig_panicked_with(&rig, "Not authorized");
    assert_true(begin(&rig, POOL, WORKER + 1) && taken(&rig));
    rig_close(&rig);
}

static void counts_by_reason(void **state)
{
    static const struct {
        int64_t delta;
        uint32_t counters[2]; /* fields that go up, 0: none */
    } reasons[] = {{15, {3, 4}},  {-25, {3, 5}}, {-100, {7, 0}},
                   {-50, {6, 0}}, {30, {6, 0}},  {-5, {0, 0}}};
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    for (uint64_t r = 0; r < 6; r++) {
        uint64_t before[8];
        for (uint32_t i = 0; i < 8; i++)
            before[i] = field(&rig, WORKER, i);
        assert_true(update(&rig, JOBS, reasons[r].delta, r) && taken(&rig));
        assert_int_equal(field(&rig, WORKER, 0),
                         (uint64_t)((int64_t)before[0] + reasons[r].delta));
        for (uint32_t i = 3; i < 8; i++)
            assert_int_equal(field(&rig, WORKER, i), before[i] + (i == reasons[r].counters[0] ||
                                                                  i == reasons[r].counters[1]));
        rig.env.timestamp += LIMIT;
    }
    rig_close(&rig);
}

static void tells_what_happened(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_true(update(&rig, JOBS, -25, FAILED));
    const sage_chain_event *e = rig_event(&rig, contract(), "ReputationUpdated", 0);
    const felt252 data[]      = {
             rig_number(500), rig_number(475), whole(-25),    sage_felt_short("job_failed"),
             rig_number(0),   rig_number(5),   rig_number(0), rig_number(rig.env.timestamp)};
    assert_non_null(e);
    assert_true(felt252_eq(e->keys.v[1], rig_number(WORKER)));
    assert_int_equal(e->data.n, 8);
    for (uint32_t i = 0; i < 8; i++)
        assert_true(felt252_eq(e->data.v[i], data[i]));
    rig_close(&rig);
}

static void takes_one_update_a_minute(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_true(update(&rig, JOBS, 15, COMPLETED) && taken(&rig));
    rig.env.timestamp += LIMIT - 1;
    assert_true(update(&rig, JOBS, 15, COMPLETED) && !taken(&rig));
    assert_null(rig_event(&rig, contract(), "ReputationUpdated", 0));
    assert_int_equal(field(&rig, WORKER, 0), 515);
    assert_true(update(&rig, ADMIN, 15, COMPLETED) &&
                taken(&rig)); /* the admin need not wait */
    rig.env.timestamp += LIMIT;
    assert_true(update(&rig, POOL, 15, COMPLETED) && taken(&rig));
    assert_int_equal(field(&rig, WORKER, 0), 545);
    rig_close(&rig);
}

static void refuses_other_changes(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_false(update(&rig, STRANGER, 15, COMPLETED));
    rig_panicked_with(&rig, "Not authorized");
    assert_false(update(&rig, 0, 15, COMPLETED));
    rig_panicked_with(&rig, "Not authorized");
    assert_false(update(&rig, JOBS, 16, COMPLETED));
    rig_panicked_with(&rig, "Score delta of another reason");
    assert_false(update(&rig, JOBS, 15, FAILED));
    assert_false(update(&rig, JOBS, 400, ADJUSTED));
    rig_panicked_with(&rig, "Not authorized");
    assert_false(update(&rig, JOBS, 15, ADJUSTED + 1));
    assert_false(update(&rig, JOBS, (int64_t)INT32_MAX + 1, COMPLETED));
    rig_panicked_with(&rig, "Value is no i32");
    assert_false(update(&rig, JOBS, (int64_t)INT32_MIN - 1, COMPLETED));
    rig_panicked_with(&rig, "Value is no i32");
    assert_int_equal(field(&rig, WORKER, 0), 500);
    rig_close(&rig);
}

/* The score stays between 0 and 1000, and the level follows it. */
static void stays_in_bounds(void **state)
{
    static const uint64_t level[][2] = {{1000, 5}, {850, 5}, {849, 4}, {700, 4}, {699, 3},
                                        {500, 3},  {499, 2}, {300, 2}, {299, 1}, {0, 1}};
    const felt252 admin = rig_number(ADMIN), worker = rig_number(WORKER);
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    for (unsigned i = 0; i < sizeof level / sizeof *level; i++) {
        assert_true(rig_do(&rig, admin, contract(), "admin_adjust_reputation", worker,
                           rig_number(level[i][0]), rig_number(1)));
        assert_int_equal(field(&rig, WORKER, 0), level[i][0]);
        assert_int_equal(field(&rig, WORKER, 1), level[i][1]);
    }
    assert_true(update(&rig, ADMIN, INT32_MIN, ADJUSTED) && taken(&rig));
    assert_int_equal(field(&rig, WORKER, 0), 0);
    assert_true(update(&rig, ADMIN, INT32_MAX, ADJUSTED) && taken(&rig));
    assert_int_equal(field(&rig, WORKER, 0), 1000);
    assert_false(rig_do(&rig, admin, contract(), "admin_adjust_reputation", worker,
                        rig_number(1001), rig_number(1)));
    assert_false(rig_do(&rig, rig_number(JOBS), contract(), "admin_adjust_reputation", worker,
                        rig_number(1), rig_number(1)));
    rig_close(&rig);
}

static void adjust(sage_rig *rig, uint64_t worker, uint64_t score)
{
    assert_true(rig_do(rig, rig_number(ADMIN), contract(), "admin_adjust_reputation",
                       rig_number(worker), rig_number(score), rig_number(1)));
}

static void ranks_workers(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_true(begin(&rig, JOBS, 2) && begin(&rig, JOBS, 3));
    adjust(&rig, 2, 900);
    adjust(&rig, 3, 100);
    const uint64_t ranks[][2] = {{2, 1}, {WORKER, 2}, {3, 3}, {4, 0}};
    for (int i = 0; i < 4; i++) {
        felt252 id = rig_number(ranks[i][0]);
        assert_true(felt252_eq(rig_felt(&rig, contract(), "get_worker_rank", &id, 1),
                               rig_number(ranks[i][1])));
    }
    const uint64_t stats[] = {3, 500, 900, 100};
    assert_true(rig_call(&rig, rig_number(1), contract(), "get_network_stats", NULL, 0));
    for (uint32_t i = 0; i < 4; i++)
        assert_true(felt252_eq(rig_result(&rig, i), rig_number(stats[i])));
    rig_close(&rig);
}

static bool
meets(sage_rig *rig, uint64_t worker, uint64_t score, uint64_t level, uint64_t fails)
{
    const felt252 calldata[] = {rig_number(worker), rig_number(1), rig_number(score),
                                rig_number(level), rig_number(fails)};
    return felt252_eq(rig_felt(rig, contract(), "check_reputation_threshold", calldata, 5),
                      felt252_one());
}

static void checks_thresholds(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_true(update(&rig, JOBS, -25, FAILED));
    assert_true(meets(&rig, WORKER, 475, 2, 1));
    assert_false(meets(&rig, WORKER, 476, 2, 1));
    assert_false(meets(&rig, WORKER, 475, 3, 1));
    assert_false(meets(&rig, WORKER, 475, 2, 0));
    assert_false(meets(&rig, WORKER + 1, 0, 0, 9));
    rig_close(&rig);
}

static void can_be_paused(void **state)
{
    sage_rig rig;
    (void)state;
    open_reputation(&rig);
    assert_false(rig_call(&rig, rig_number(JOBS), contract(), "pause", NULL, 0));
    assert_true(rig_call(&rig, rig_number(ADMIN), contract(), "pause", NULL, 0));
    assert_false(update(&rig, JOBS, 15, COMPLETED));
    rig_panicked_with(&rig, "Contract is paused");
    assert_true(rig_call(&rig, rig_number(ADMIN), contract(), "unpause", NULL, 0));
    assert_true(update(&rig, JOBS, 15, COMPLETED) && taken(&rig));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_in_the_middle),  cmocka_unit_test(counts_by_reason),
        cmocka_unit_test(tells_what_happened),   cmocka_unit_test(takes_one_update_a_minute),
        cmocka_unit_test(refuses_other_changes), cmocka_unit_test(stays_in_bounds),
        cmocka_unit_test(ranks_workers),         cmocka_unit_test(checks_thresholds),
        cmocka_unit_test(can_be_paused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

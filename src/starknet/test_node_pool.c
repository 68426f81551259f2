/* Several nodes as one: who is asked, who is passed over, and what no failover hides. */
#include "base/test.h"

#include <time.h>

#include "field/felt252_text.h"
#include "starknet/node_pool.h"
#include "starknet/test_fake_node.h"

enum { NODES = 3 };

typedef struct fixture {
    fake_node node[NODES];
    sage_sn_pool *pool;
    sage_sn sn;
} fixture;

#define SET_NODE(f, i, field, value)                                                           \
    do {                                                                                       \
        fake_node_lock(&(f)->node[i]);                                                         \
        (f)->node[i].field = (value);                                                          \
        fake_node_unlock(&(f)->node[i]);                                                       \
    } while (0)

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    for (int i = 0; i < NODES; i++) {
        fake_node_start(&f->node[i]);
        SET_NODE(f, i, head, 100 + (uint64_t)i); /* so that answers tell who gave them */
    }
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    sage_sn_pool_close(f->pool);
    for (int i = 0; i < NODES; i++)
        fake_node_stop(&f->node[i]);
    free(f);
    return 0;
}

static void open_pool(fixture *f, uint32_t n, sage_sn_pool_options o)
{
    const char *urls[NODES];
    for (int i = 0; i < NODES; i++)
        urls[i] = f->node[i].server.url;
    o.urls     = urls;
    o.n        = n;
    o.chain_id = sage_felt_short("SN_SEPOLIA");
    if (!o.timeout_ms) o.timeout_ms = 1000;
    assert_int_equal(sage_sn_pool_open(&f->pool, &o, NULL), SAGE_OK);
    f->sn = sage_sn_of_pool(f->pool);
}

static void expect_head(fixture *f, uint64_t want)
{
    uint64_t n       = 0;
    sage_errinfo err = {0};
    if (sage_sn_block_number(&f->sn, &n, &err)) fail_msg("%s %s", err.where, err.msg);
    assert_int_equal(n, want);
}

static void expect_error(fixture *f, sage_status want, const char *where, sage_errinfo *err)
{
    uint64_t n;
    sage_errinfo own;
    if (!err) err = &own;
    memset(err, 0, sizeof *err);
    assert_int_equal(sage_sn_block_number(&f->sn, &n, err), want);
    assert_string_equal(err->where, where);
}

static void test_failover(void **state)
{
    static const fake_fault faults[] = {FAULT_DROP,  FAULT_LATE,     FAULT_CUT,  FAULT_500,
                                        FAULT_GIANT, FAULT_NONSENSE, FAULT_WRONG};
    fixture *f                       = *state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        open_pool(f, 2, (sage_sn_pool_options){.timeout_ms = 300, .down_ms = 60000});
        expect_head(f, 100);
        fake_node_fault(&f->node[0], "blockNumber", faults[i], 0, 100);
        expect_head(f, 101);
        assert_string_equal(sage_sn_pool_last(f->pool), f->node[1].server.url);
        fake_node_fault(&f->node[0], "blockNumber", FAULT_NONE, 0, 0);
        expect_head(f, 101); /* the first one is passed over for a while */
        sage_sn_pool_close(f->pool);
        f->pool = NULL;
    }
}

/* An answer is an answer: nobody else is asked for a better one. */
static void test_answers_are_final(void **state)
{
    fixture *f = *state;
    open_pool(f, 2, (sage_sn_pool_options){0});
    fake_node_fault(&f->node[0], "blockNumber", FAULT_CODE, 32, 1);
    expect_error(f, SAGE_ENOTFOUND, "rpc.no_blocks", NULL);
    fake_node_lock(&f->node[1]);
    assert_int_equal(f->node[1].n_asked, 0);
    fake_node_unlock(&f->node[1]);
}

/* A node that is back after a while is asked who it is, again. */
static void test_comes_back(void **state)
{
    fixture *f = *state;
    open_pool(f, 2, (sage_sn_pool_options){.down_ms = 1});
    fake_node_fault(&f->node[0], "blockNumber", FAULT_DROP, 0, 2);
    expect_head(f, 101);
    SET_NODE(f, 0, fault_times, 0);
    SET_NODE(f, 0, chain_id, sage_felt_short("SN_MAIN"));
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    expect_error(f, SAGE_EINVAL, "pool.chain", NULL);
}

static void test_wrong_chain(void **state)
{
    fixture *f = *state;
    sage_errinfo err;
    SET_NODE(f, 0, chain_id, sage_felt_short("SN_MAIN"));
    open_pool(f, 2, (sage_sn_pool_options){0});
    expect_error(f, SAGE_EINVAL, "pool.chain", &err);
    assert_non_null(strstr(err.msg, "SN_MAIN"));
    assert_non_null(strstr(err.msg, "SN_SEPOLIA"));
    assert_int_equal(sage_sn_pool_check_chain(f->pool, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "pool.chain");
}

/* The chain is asked for anew each time, not remembered. */
static void test_chain_changes(void **state)
{
    fixture *f = *state;
    open_pool(f, 1, (sage_sn_pool_options){0});
    expect_head(f, 100);
    assert_int_equal(sage_sn_pool_check_chain(f->pool, NULL), SAGE_OK);
    SET_NODE(f, 0, chain_id, felt252_from_u64(7));
    sage_errinfo err = {0};
    assert_int_equal(sage_sn_pool_check_chain(f->pool, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "pool.chain");
}

static void test_versions(void **state)
{
    static const struct {
        const char *version;
        bool good;
    } cases[]  = {{"0.9.0", true},  {"0.10.0", true},  {"0.10.4-rc.1", true},
                  {"0.8.1", false}, {"0.11.0", false}, {"1.0.10", false}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SET_NODE(f, 0, version, cases[i].version);
        open_pool(f, 1, (sage_sn_pool_options){.rounds = 1});
        if (cases[i].good)
            expect_head(f, 100);
        else
            expect_error(f, SAGE_EUNSUP, "pool.version", NULL);
        sage_sn_pool_close(f->pool);
        open_pool(f, 2, (sage_sn_pool_options){.rounds = 1});
        expect_head(f, cases[i].good ? 100 : 101);
        sage_sn_pool_close(f->pool);
        f->pool = NULL;
    }
}

static void test_stale_head(void **state)
{
    fixture *f = *state;
    SET_NODE(f, 0, head_time, 1600000000);
    open_pool(f, 2, (sage_sn_pool_options){.max_head_age_s = 600});
    expect_head(f, 101);
    sage_sn_pool_close(f->pool);
    open_pool(f, 1, (sage_sn_pool_options){.max_head_age_s = 600, .rounds = 1});
    expect_error(f, SAGE_EAGAIN, "pool.stale", NULL);
    sage_sn_pool_close(f->pool);
    SET_NODE(f, 0, head_time, 99999999999); /* nor from the future */
    open_pool(f, 2, (sage_sn_pool_options){.max_head_age_s = 600});
    expect_head(f, 101);
}

static void test_lag(void **state)
{
    fixture *f = *state;
    SET_NODE(f, 0, head, 80);
    SET_NODE(f, 2, head, 1000000); /* a liar moves the median little */
    open_pool(f, 3, (sage_sn_pool_options){.max_lag = 10});
    expect_head(f, 101);
    sage_sn_pool_close(f->pool);
    open_pool(f, 3, (sage_sn_pool_options){.max_lag = 30});
    expect_head(f, 80);
}

static void test_all_down(void **state)
{
    fixture *f = *state;
    open_pool(f, 2, (sage_sn_pool_options){.rounds = 2, .timeout_ms = 300});
    fake_node_fault(&f->node[0], "blockNumber", FAULT_DROP, 0, 100);
    fake_node_fault(&f->node[1], "blockNumber", FAULT_500, 0, 100);
    expect_error(f, SAGE_EAGAIN, "pool.down", NULL);
    /* They are tried all the same when there is nobody else. */
    fake_node_fault(&f->node[1], "blockNumber", FAULT_NONE, 0, 0);
    expect_head(f, 101);
}

static void test_one_bad_node(void **state)
{
    static const struct {
        fake_fault fault;
        sage_status status;
        const char *where;
    } cases[]  = {{FAULT_GIANT, SAGE_ELIMIT, "http.size"},
                  {FAULT_NONSENSE, SAGE_EFORMAT, "rpc.syntax"},
                  {FAULT_WRONG, SAGE_EFORMAT, "rpc.type"},
                  {FAULT_LATE, SAGE_EAGAIN, "pool.down"}};
    fixture *f = *state;
    open_pool(f, 1, (sage_sn_pool_options){.rounds = 1, .timeout_ms = 300});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fake_node_fault(&f->node[0], "blockNumber", cases[i].fault, 0, 1);
        expect_error(f, cases[i].status, cases[i].where, NULL);
    }
}

static void test_stop(void **state)
{
    fixture *f           = *state;
    const atomic_int now = 1;
    open_pool(f, 1, (sage_sn_pool_options){.stop = &now});
    expect_error(f, SAGE_ECONFLICT, "http.cancelled", NULL);
}

static void test_options(void **state)
{
    sage_sn_pool *p;
    sage_errinfo err         = {0};
    const char *const urls[] = {"http://node.example"};
    sage_sn_pool_options o   = {.urls = urls, .n = 0};
    (void)state;
    assert_int_equal(sage_sn_pool_open(&p, &o, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "pool.nodes");
    o.n = 1;
    assert_int_equal(sage_sn_pool_open(&p, &o, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "http.plaintext");
    assert_null(p);
}

#define WITH_NODES(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_NODES(test_failover),      WITH_NODES(test_answers_are_final),
        WITH_NODES(test_comes_back),    WITH_NODES(test_wrong_chain),
        WITH_NODES(test_chain_changes), WITH_NODES(test_versions),
        WITH_NODES(test_stale_head),    WITH_NODES(test_lag),
        WITH_NODES(test_all_down),      WITH_NODES(test_one_bad_node),
        WITH_NODES(test_stop),          cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

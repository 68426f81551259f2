#include "base/pool.h"

#include <stdatomic.h>

#include "base/test.h"

enum { MAX_TASKS = 20000, MAX_WORKERS = 8 };

typedef struct tally {
    atomic_uint runs[MAX_TASKS];
    atomic_uint busy[MAX_WORKERS]; /* a worker number is never used twice at once */
    uint32_t threads;
    atomic_bool clash;
    uint64_t plain[MAX_TASKS]; /* unsynchronised: the pool must order it */
} tally;

static tally t;

static void count_task(void *arg, size_t task, uint32_t worker)
{
    tally *y = arg;
    if (worker >= y->threads || atomic_fetch_add(&y->busy[worker], 1)) y->clash = true;
    atomic_fetch_add(&y->runs[task], 1);
    y->plain[task] += task + 1;
    atomic_fetch_sub(&y->busy[worker], 1);
}

static void check_loops(uint32_t threads, size_t n, unsigned loops)
{
    sage_pool *pool;
    assert_int_equal(sage_pool_create(&pool, threads, NULL), SAGE_OK);
    assert_int_equal(sage_pool_threads(pool), threads);
    memset(&t, 0, sizeof t);
    t.threads = threads;
    for (unsigned i = 0; i < loops; i++) {
        sage_pool_for(pool, n, count_task, &t);
        /* Reads and writes what workers wrote, without a lock of its own. */
        for (size_t k = 0; k < n; k++)
            t.plain[k] += 1;
    }
    for (size_t k = 0; k < MAX_TASKS; k++) {
        assert_int_equal(t.runs[k], k < n ? loops : 0);
        assert_int_equal(t.plain[k], k < n ? loops * (k + 2) : 0);
    }
    assert_false(t.clash);
    sage_pool_destroy(pool);
}

static void every_task_runs_once(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 7, 64, 1000};
    for (uint32_t threads = 1; threads <= MAX_WORKERS; threads++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            check_loops(threads, sizes[i], 5);
    check_loops(2, MAX_TASKS, 2);
    check_loops(MAX_WORKERS, MAX_TASKS, 2);
}

/* Short loops in a row: a late thread meets the next generation, and sleeps in between. */
static void short_loops_in_a_row(void **state)
{
    (void)state;
    unsigned loops = sage_test_quick() ? 500 : 5000;
    for (uint32_t threads = 2; threads <= MAX_WORKERS; threads *= 2)
        check_loops(threads, threads + 1, loops);
}

/* Loops whose sizes go up and down: an exhausted claim must not match a larger loop. */
static void loops_of_changing_size(void **state)
{
    (void)state;
    sage_pool *pool;
    unsigned loops = sage_test_quick() ? 300 : 3000;
    static unsigned expected[MAX_TASKS];
    assert_int_equal(sage_pool_create(&pool, 3, NULL), SAGE_OK);
    memset(&t, 0, sizeof t);
    memset(expected, 0, sizeof expected);
    t.threads = 3;
    for (unsigned i = 0; i < loops; i++) {
        size_t n = i * 7919u % 61;
        sage_pool_for(pool, n, count_task, &t);
        for (size_t k = 0; k < n; k++)
            expected[k]++;
    }
    for (size_t k = 0; k < 61; k++)
        assert_int_equal(t.runs[k], expected[k]);
    assert_false(t.clash);
    sage_pool_destroy(pool);
}

static void meet(void *arg, size_t task, uint32_t worker)
{
    (void)task, (void)worker;
    atomic_uint *here = arg;
    atomic_fetch_add(here, 1);
    while (*here < 2)
        ; /* ends only if two workers run at once */
}

static void two_workers_run_at_once(void **state)
{
    (void)state;
    sage_pool *pool;
    assert_int_equal(sage_pool_create(&pool, 2, NULL), SAGE_OK);
    for (int i = 0; i < 20; i++) {
        atomic_uint here = 0;
        sage_pool_for(pool, 2, meet, &here);
        assert_int_equal(here, 2);
    }
    sage_pool_destroy(pool);
}

static void refuses_bad_sizes(void **state)
{
    (void)state;
    sage_errinfo err = {0};
    sage_pool *pool  = (void *)&err;
    assert_int_equal(sage_pool_create(&pool, 0, &err), SAGE_EINVAL);
    assert_null(pool);
    assert_string_equal(err.where, "pool.threads");
    assert_int_equal(sage_pool_create(&pool, SAGE_POOL_MAX_THREADS + 1, NULL), SAGE_EINVAL);
    assert_null(pool);
    sage_pool_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once),   cmocka_unit_test(short_loops_in_a_row),
        cmocka_unit_test(loops_of_changing_size), cmocka_unit_test(two_workers_run_at_once),
        cmocka_unit_test(refuses_bad_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

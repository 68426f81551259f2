/* The store when the disk or the allocator fails at the n-th call, for every n.
 *
 * A call of the disk fails once or from then on; every allocation of SQLite fails, so that every
 * prepare, bind and step fails in turn. After every failed step the books must still
 * be right; when the fault is over, repeating the step must bring the job to exactly one
 * payment. */
#include "base/test.h"

#include <stdio.h>
#include <unistd.h>

#include "store/store.h"
#include "store/test_faults.h"

typedef struct fixture {
    sage_store *store;
    char dir[64], path[80];
    int64_t now;
    sage_id worker;
    sage_job job;
    sage_lease lease;
    sage_hex32 token;
} fixture;

static int64_t fake_clock(void *arg)
{
    return *(int64_t *)arg;
}

static void begin(fixture *f)
{
    sage_hex32 secret;
    sage_worker w = {.name = "w", .backend = "scalar"};
    memset(f, 0, sizeof *f);
    /* In memory if there is such a place: thousands of databases, and none must outlive us. */
    strcpy(f->dir, access("/dev/shm", W_OK) ? "/tmp/sage-faults-XXXXXX"
                                            : "/dev/shm/sage-faults-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof f->path, "%s/s.db", f->dir);
    f->now = 1000;
    assert_int_equal(sage_store_open(f->path, fake_clock, &f->now, &f->store, NULL), SAGE_OK);
    assert_int_equal(sage_id_new(&w.id, 'w', NULL), SAGE_OK);
    assert_int_equal(sage_secret_new(&secret, NULL), SAGE_OK);
    sage_secret_hash(&w.secret_hash, &secret);
    assert_int_equal(sage_store_worker_add(f->store, &w, NULL), SAGE_OK);
    f->worker        = w.id;
    f->job           = (sage_job){.client = "ann", .deadline_ms = 1000000, .max_attempts = 9};
    f->job.statement = (sage_statement){SAGE_STATEMENT_WIDE_FIBONACCI, 2, {100, 12}};
    f->job.price     = sage_amount_of(1000);
    assert_int_equal(sage_id_new(&f->job.id, 'j', NULL), SAGE_OK);
    assert_int_equal(sage_secret_new(&f->job.access_hash, NULL), SAGE_OK);
    sage_digest_bytes(&f->job.request_digest, "r", 1);
    sage_digest_bytes(&f->job.input_digest, "i", 1);
}

static void end(fixture *f)
{
    static const char *const suffix[] = {"", "-wal", "-shm", "-journal"};
    sage_store_close(f->store);
    for (int i = 0; i < 4; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", f->path, suffix[i]);
        unlink(path);
    }
    rmdir(f->dir);
}

static sage_status add_job(fixture *f)
{
    bool replayed;
    sage_job out;
    return sage_store_job_add(f->store, &f->job, &out, &replayed, NULL);
}

/* A claim whose answer was lost is found again when its lease has run out. */
static sage_status claim(fixture *f)
{
    sage_job job;
    sage_sweep swept;
    f->now += 10000;
    sage_status st = sage_store_sweep(f->store, &swept, NULL);
    return st ? st
              : sage_store_lease_claim(f->store, &f->worker, 5000, &f->token, &f->lease, &job,
                                       NULL);
}

static sage_status extend(fixture *f)
{
    int64_t until;
    return sage_store_lease_extend(f->store, &f->lease.id, &f->token, 5000, "s", 1, &until,
                                   NULL);
}

static sage_status accept_proof(fixture *f)
{
    sage_receipt r;
    sage_result result = {.proof_len = 3, .security_bits = 96, .backend = "scalar"};
    sage_digest_bytes(&result.proof_digest, "p", 1);
    return sage_store_lease_accept(f->store, &f->lease.id, &f->token, &result, &r, NULL);
}

static sage_status fail_lease(fixture *f)
{
    return sage_store_lease_end(f->store, &f->lease.id, &f->token, SAGE_LEASE_FAILED, "x",
                                NULL);
}

static sage_status expire_job(fixture *f)
{
    sage_sweep swept;
    f->now = 2000000;
    return sage_store_sweep(f->store, &swept, NULL);
}

static void check_books(fixture *f, sage_audit *a)
{
    bool armed  = fault.armed;
    fault.armed = false;
    assert_int_equal(sage_store_audit(f->store, a, NULL), SAGE_OK);
    fault.armed = armed;
    assert_int_equal(a->n_unbalanced, 0);
    assert_int_equal(a->n_bad_escrow, 0);
    assert_int_equal(a->n_unproved, 0);
}

typedef sage_status (*step)(fixture *f);

/* Runs the steps with the n-th call failing; whether the fault was reached. */
static bool
run_with_fault(const step *steps, int n_steps, int64_t n, bool sticky, sage_audit *books)
{
    fixture f;
    begin(&f);
    fault.armed = true, fault.sticky = sticky, fault.left = n, fault.fired = 0;
    for (int i = 0; i < n_steps; i++) {
        sage_status st;
        for (int tries = 0; (st = steps[i](&f)); tries++) {
            assert_true(st == SAGE_EIO || st == SAGE_ENOMEM);
            check_books(&f, books);
            assert_true(tries < 3);
            fault.armed = false;
        }
    }
    bool reached = fault.fired > 0;
    fault.armed  = false;
    check_books(&f, books);
    end(&f);
    return reached;
}

/* The number of failures tried; stride 1 is every n. */
static int64_t
every_n(const step *steps, int n_steps, bool sticky, int stride, sage_job_state final)
{
    int64_t tried = 0;
    bool reached;
    do {
        sage_audit books;
        reached = run_with_fault(steps, n_steps, 1 + stride * tried++, sticky, &books);
        assert_int_equal(books.n_jobs, 1);
        assert_int_equal(books.n_txs, 2);
        assert_int_equal(books.n_state[final], 1);
    } while (reached);
    return tried - 1;
}

static const step paid[]     = {add_job, claim, extend, accept_proof};
static const step refunded[] = {add_job, claim, fail_lease, expire_job};

static void each_failure(sage_fault_source from, int n_modes, int stride)
{
    sage_faults_install(from);
    for (int sticky = 0; sticky < n_modes; sticky++) {
        int64_t n = every_n(paid, 4, sticky, stride, SAGE_JOB_PROVED);
        int64_t m = every_n(refunded, 4, sticky, stride, SAGE_JOB_EXPIRED);
        assert_true(n > 10 && m > 10);
        printf("%s, %s: %lld + %lld failures\n", from == DISK ? "disk" : "memory",
               sticky ? "from the n-th on" : "the n-th", (long long)n, (long long)m);
    }
}

static void test_disk(void **state)
{
    (void)state;
    each_failure(DISK, 2, 1);
}

static void test_memory(void **state)
{
    (void)state;
    each_failure(MEMORY, 1, sage_test_quick() ? 17 : 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_disk),
                                       cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}

/* The conformance suite of the store's interface, run against each engine there is. */
#include "base/test.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"

typedef struct fixture {
    sage_store *store;
    char dir[64], url[96];
    int64_t now; /* the database's clock */
    sage_id worker[2];
} fixture;

static int64_t fake_clock(void *arg)
{
    return __atomic_load_n((int64_t *)arg, __ATOMIC_SEQ_CST);
}

static void pass_time(fixture *f, int64_t ms)
{
    __atomic_add_fetch(&f->now, ms, __ATOMIC_SEQ_CST);
}

static void open_store(fixture *f)
{
    sage_errinfo err = {0};
    if (sage_store_open(f->url, fake_clock, &f->now, &f->store, &err)) fail_msg("%s", err.msg);
}

static void add_worker(fixture *f, sage_id *id)
{
    sage_worker w = {.name = "test", .backend = "scalar"};
    sage_hex32 secret;
    assert_int_equal(sage_id_new(&w.id, 'w', NULL), SAGE_OK);
    assert_int_equal(sage_secret_new(&secret, NULL), SAGE_OK);
    sage_secret_hash(&w.secret_hash, &secret);
    assert_int_equal(sage_store_worker_add(f->store, &w, NULL), SAGE_OK);
    *id = w.id;
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    strcpy(f->dir, "/tmp/sage-store-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->url, sizeof f->url, "sqlite:%s/s.db", f->dir);
    f->now = 1000000;
    open_store(f);
    add_worker(f, &f->worker[0]);
    add_worker(f, &f->worker[1]);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f                       = *state;
    static const char *const names[] = {"s.db", "s.db-wal", "s.db-shm"};
    sage_store_close(f->store);
    for (int i = 0; i < 3; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s/%s", f->dir, names[i]);
        unlink(path);
    }
    rmdir(f->dir);
    free(f);
    return 0;
}

static sage_job make_job(fixture *f)
{
    sage_job job  = {.client = "ann", .deadline_ms = f->now + 100000, .max_attempts = 3};
    job.statement = (sage_statement){SAGE_STATEMENT_WIDE_FIBONACCI, 2, {100, 12}};
    assert_int_equal(sage_amount_parse_sage(&job.price, "10", NULL), SAGE_OK);
    assert_int_equal(sage_id_new(&job.id, 'j', NULL), SAGE_OK);
    assert_int_equal(sage_secret_new(&job.access_hash, NULL), SAGE_OK);
    sage_digest_bytes(&job.request_digest, "request", 7);
    sage_digest_bytes(&job.input_digest, "", 0);
    return job;
}

static sage_id queue_job(fixture *f)
{
    bool replayed;
    sage_job out, job = make_job(f);
    sage_errinfo err = {0};
    if (sage_store_job_add(f->store, &job, &out, &replayed, &err)) fail_msg("%s", err.msg);
    assert_false(replayed);
    return out.id;
}

typedef struct held {
    sage_lease lease;
    sage_hex32 token;
    sage_job job;
} held;

static sage_status claim(fixture *f, int who, held *h)
{
    return sage_store_lease_claim(f->store, &f->worker[who], 5000, &h->token, &h->lease,
                                  &h->job, NULL);
}

static sage_result proof_named(const char *name)
{
    sage_result r = {.proof_len = 10, .security_bits = 96, .backend = "scalar", .prove_ms = 7};
    sage_digest_bytes(&r.proof_digest, name, strlen(name));
    return r;
}

static sage_status accept(fixture *f, const held *h, const char *proof, sage_receipt *out)
{
    sage_result r = proof_named(proof);
    return sage_store_lease_accept(f->store, &h->lease.id, &h->token, &r, out, NULL);
}

static sage_job_state state_of(fixture *f, const sage_id *id)
{
    sage_job job;
    assert_int_equal(sage_store_job_get(f->store, id, &job, NULL), SAGE_OK);
    return job.state;
}

static sage_audit books(fixture *f)
{
    sage_audit a;
    sage_errinfo err = {0};
    if (sage_store_audit(f->store, &a, &err)) fail_msg("%s", err.msg);
    assert_int_equal(a.n_unbalanced, 0);
    assert_int_equal(a.n_bad_escrow, 0);
    assert_int_equal(a.n_unproved, 0);
    return a;
}

static void assert_sage(sage_amount a, const char *want)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount_format_sage(text, &a);
    assert_string_equal(text, want);
}

static void test_paid_path(void **state)
{
    fixture *f = *state;
    held h;
    sage_receipt r, again;
    int64_t until;
    sage_id id   = queue_job(f);
    sage_audit a = books(f);
    assert_sage(a.escrow, "10");
    assert_int_equal(claim(f, 0, &h), SAGE_OK);
    assert_string_equal(h.job.id.text, id.text);
    assert_int_equal(h.job.state, SAGE_JOB_LEASED);
    assert_int_equal(h.lease.until_ms, f->now + 5000);
    assert_int_equal(h.job.statement.public_words[1], 12);
    pass_time(f, 4000);
    assert_int_equal(sage_store_lease_extend(f->store, &h.lease.id, &h.token, 5000, "trace",
                                             500, &until, NULL),
                     SAGE_OK);
    assert_int_equal(until, f->now + 5000);
    pass_time(f, 4000);
    assert_int_equal(accept(f, &h, "p", &r), SAGE_OK);
    assert_true(r.paid);
    assert_int_equal(r.job.state, SAGE_JOB_PROVED);
    assert_int_equal(r.n_txs, 2);
    assert_string_equal(r.txs[1].kind, "payout");
    assert_sage(r.txs[1].entries[1].amount, "8");
    assert_string_equal(r.txs[1].entries[1].account + 7, f->worker[0].text);
    assert_int_equal(accept(f, &h, "p", &again), SAGE_OK);
    assert_memory_equal(&r, &again, sizeof r);
    assert_int_equal(accept(f, &h, "q", &again), SAGE_ECONFLICT);
    a = books(f);
    assert_sage(a.escrow, "0");
    assert_sage(a.paid, "8");
    assert_sage(a.fees, "2");
    assert_int_equal(claim(f, 1, &h), SAGE_ENOTFOUND);
}

static void test_replayed_submission(void **state)
{
    fixture *f = *state;
    bool replayed;
    sage_job out, job = make_job(f);
    assert_int_equal(sage_store_job_add(f->store, &job, &out, &replayed, NULL), SAGE_OK);
    sage_id first = out.id;
    assert_int_equal(sage_id_new(&job.id, 'j', NULL), SAGE_OK);
    assert_int_equal(sage_store_job_add(f->store, &job, &out, &replayed, NULL), SAGE_OK);
    assert_true(replayed);
    assert_string_equal(out.id.text, first.text);
    sage_digest_bytes(&job.request_digest, "other", 5);
    assert_int_equal(sage_store_job_add(f->store, &job, &out, &replayed, NULL), SAGE_ECONFLICT);
    assert_int_equal(books(f).n_jobs, 1);
}

static void test_bad_jobs_leave_nothing(void **state)
{
    fixture *f = *state;
    bool replayed;
    sage_job out, job = make_job(f);
    job.price = sage_amount_of(0);
    assert_int_equal(sage_store_job_add(f->store, &job, &out, &replayed, NULL), SAGE_EINVAL);
    job             = make_job(f);
    job.deadline_ms = f->now;
    assert_int_equal(sage_store_job_add(f->store, &job, &out, &replayed, NULL), SAGE_EINVAL);
    assert_int_equal(books(f).n_txs, 0);
}

static void test_stale_worker(void **state)
{
    fixture *f = *state;
    held old, fresh, wrong;
    sage_receipt r;
    int64_t until;
    sage_sweep swept;
    queue_job(f);
    assert_int_equal(claim(f, 0, &old), SAGE_OK);
    pass_time(f, 5000); /* to the millisecond: until_ms is no longer in the future */
    assert_int_equal(accept(f, &old, "p", &r), SAGE_ESTALE);
    assert_int_equal(sage_store_lease_extend(f->store, &old.lease.id, &old.token, 5000, "x", 0,
                                             &until, NULL),
                     SAGE_ESTALE);
    assert_int_equal(claim(f, 1, &fresh), SAGE_ENOTFOUND);
    assert_int_equal(sage_store_sweep(f->store, &swept, NULL), SAGE_OK);
    assert_int_equal(swept.requeued, 1);
    assert_int_equal(claim(f, 1, &fresh), SAGE_OK);
    assert_int_equal(fresh.lease.attempt, 2);
    assert_int_equal(accept(f, &old, "p", &r), SAGE_ESTALE);
    assert_int_equal(sage_store_lease_end(f->store, &old.lease.id, &old.token,
                                          SAGE_LEASE_FAILED, "late", NULL),
                     SAGE_ESTALE);
    wrong       = fresh;
    wrong.token = old.token;
    assert_int_equal(accept(f, &wrong, "p", &r), SAGE_ESTALE);
    assert_int_equal(accept(f, &fresh, "p", &r), SAGE_OK);
    assert_string_equal(r.job.worker.text, f->worker[1].text);
    assert_sage(books(f).paid, "8");
}

static void test_attempts_run_out(void **state)
{
    fixture *f = *state;
    held h;
    sage_id id = queue_job(f);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(state_of(f, &id), SAGE_JOB_QUEUED);
        assert_int_equal(claim(f, 0, &h), SAGE_OK);
        for (int twice = 0; twice < 2; twice++)
            assert_int_equal(sage_store_lease_end(f->store, &h.lease.id, &h.token,
                                                  SAGE_LEASE_FAILED, "out of memory", NULL),
                             SAGE_OK);
    }
    assert_int_equal(state_of(f, &id), SAGE_JOB_FAILED);
    sage_audit a = books(f);
    assert_sage(a.refunded, "10");
    assert_sage(a.escrow, "0");
}

/* A worker whose proof was refused does not get the job again; another does. */
static void test_rejected_worker_is_passed_over(void **state)
{
    fixture *f = *state;
    held h;
    queue_job(f);
    assert_int_equal(claim(f, 0, &h), SAGE_OK);
    assert_int_equal(sage_store_lease_end(f->store, &h.lease.id, &h.token, SAGE_LEASE_REJECTED,
                                          "proof.fri", NULL),
                     SAGE_OK);
    assert_int_equal(claim(f, 0, &h), SAGE_ENOTFOUND);
    assert_int_equal(claim(f, 1, &h), SAGE_OK);
    assert_int_equal(
        sage_store_lease_end(f->store, &h.lease.id, &h.token, SAGE_LEASE_ACCEPTED, "", NULL),
        SAGE_EINVAL);
}

static void test_deadline(void **state)
{
    fixture *f = *state;
    held h;
    sage_receipt r;
    int64_t until;
    sage_sweep swept;
    sage_id leased = queue_job(f), queued = queue_job(f);
    assert_int_equal(claim(f, 0, &h), SAGE_OK);
    if (strcmp(h.job.id.text, leased.text)) queued = leased, leased = h.job.id;
    pass_time(f, 4000);
    assert_int_equal(
        sage_store_lease_extend(f->store, &h.lease.id, &h.token, 1000000, "x", 0, &until, NULL),
        SAGE_OK);
    assert_int_equal(until, h.job.deadline_ms); /* a lease never outlives the deadline */
    pass_time(f, 96000);
    assert_int_equal(accept(f, &h, "p", &r), SAGE_ESTALE);
    assert_int_equal(sage_store_sweep(f->store, &swept, NULL), SAGE_OK);
    assert_int_equal(swept.expired, 2);
    assert_int_equal(state_of(f, &leased), SAGE_JOB_EXPIRED);
    assert_int_equal(state_of(f, &queued), SAGE_JOB_EXPIRED);
    assert_sage(books(f).refunded, "20");
    assert_int_equal(sage_store_sweep(f->store, &swept, NULL), SAGE_OK);
    assert_int_equal(swept.expired + swept.requeued + swept.failed, 0);
}

static void test_clock_stepping_back_stands_still(void **state)
{
    fixture *f = *state;
    int64_t before, after;
    assert_int_equal(sage_store_now(f->store, &before, NULL), SAGE_OK);
    pass_time(f, -3600000);
    assert_int_equal(sage_store_now(f->store, &after, NULL), SAGE_OK);
    assert_int_equal(before, after);
    pass_time(f, 3600000);
}

static void test_survives_reopening(void **state)
{
    fixture *f = *state;
    held h;
    sage_receipt r;
    sage_id id = queue_job(f);
    assert_int_equal(claim(f, 0, &h), SAGE_OK);
    sage_store_close(f->store);
    open_store(f);
    assert_int_equal(state_of(f, &id), SAGE_JOB_LEASED);
    assert_int_equal(accept(f, &h, "p", &r), SAGE_OK);
    sage_store_close(f->store);
    open_store(f);
    assert_int_equal(accept(f, &h, "p", &r), SAGE_OK);
    assert_sage(books(f).paid, "8");
}

static void test_database_is_private(void **state)
{
    fixture *f = *state;
    struct stat st;
    assert_int_equal(stat(f->url + 7, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

typedef struct racer {
    fixture *f;
    int who, won, paid;
} racer;

static void *race(void *arg)
{
    racer *r = arg;
    held h;
    sage_status st;
    while (!(st = claim(r->f, r->who, &h))) {
        sage_receipt receipt;
        r->won++;
        if (!accept(r->f, &h, "p", &receipt)) r->paid++;
    }
    return st == SAGE_ENOTFOUND ? NULL : arg;
}

static void test_race(void **state)
{
    enum { THREADS = 8, JOBS = 64 };
    fixture *f = *state;
    pthread_t thread[THREADS];
    racer r[THREADS];
    int won = 0, paid = 0;
    for (int i = 0; i < JOBS; i++)
        queue_job(f);
    for (int i = 0; i < THREADS; i++) {
        r[i] = (racer){.f = f, .who = i % 2};
        assert_int_equal(pthread_create(&thread[i], NULL, race, &r[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        pthread_join(thread[i], &failed);
        assert_null(failed);
        won += r[i].won, paid += r[i].paid;
    }
    assert_int_equal(won, JOBS);
    assert_int_equal(paid, JOBS);
    assert_sage(books(f).paid, "512");
}

static void count_blob(void *arg, const char *digest)
{
    assert_true(sage_hex32_valid(digest));
    ++*(int *)arg;
}

static void test_referenced_blobs(void **state)
{
    fixture *f = *state;
    held h;
    sage_receipt r;
    int n = 0;
    queue_job(f);
    queue_job(f);
    assert_int_equal(claim(f, 0, &h), SAGE_OK);
    assert_int_equal(accept(f, &h, "p", &r), SAGE_OK);
    assert_int_equal(sage_store_each_blob(f->store, count_blob, &n, NULL), SAGE_OK);
    assert_int_equal(n, 2); /* the open job's input, the other's proof */
}

static void test_authentication(void **state)
{
    fixture *f = *state;
    sage_worker w;
    sage_hex32 nobody;
    sage_digest_bytes(&nobody, "nobody", 6);
    assert_int_equal(sage_store_worker_auth(f->store, &nobody, &w, NULL), SAGE_EAUTH);
    sage_worker known = {.name = "n", .backend = "scalar"};
    known.id          = (sage_id){"w-000000000000000000000000"};
    known.secret_hash = nobody;
    assert_int_equal(sage_store_worker_add(f->store, &known, NULL), SAGE_OK);
    pass_time(f, 2000);
    assert_int_equal(sage_store_worker_auth(f->store, &nobody, &w, NULL), SAGE_OK);
    assert_string_equal(w.id.text, known.id.text);
    assert_int_equal(sage_store_worker_auth(f->store, &nobody, &w, NULL), SAGE_OK);
    assert_int_equal(w.seen_ms, f->now);
}

static void test_urls(void **state)
{
    (void)state;
    sage_store *s;
    sage_errinfo err;
    assert_int_equal(sage_store_open("postgresql://x/y", NULL, NULL, &s, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "store.postgresql");
    assert_int_equal(sage_store_open("mysql://x/y", NULL, NULL, &s, NULL), SAGE_EINVAL);
    assert_int_equal(sage_store_open("/nonexistent/x.db", NULL, NULL, &s, NULL), SAGE_EIO);
}

int main(void)
{
#define CASE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_paid_path),
        CASE(test_replayed_submission),
        CASE(test_bad_jobs_leave_nothing),
        CASE(test_stale_worker),
        CASE(test_attempts_run_out),
        CASE(test_rejected_worker_is_passed_over),
        CASE(test_deadline),
        CASE(test_clock_stepping_back_stands_still),
        CASE(test_survives_reopening),
        CASE(test_database_is_private),
        CASE(test_race),
        CASE(test_referenced_blobs),
        CASE(test_authentication),
        cmocka_unit_test(test_urls),
    };
    return cmocka_run_group_tests_name("store sqlite", tests, NULL, NULL);
}

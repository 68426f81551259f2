/* The store when the disk or the allocator fails at the n-th call, for every n.
 *
 * A VFS over the system's fails the n-th read, write, sync, truncate, lock or shared-memory
 * call, once or from then on; an allocator over SQLite's fails the n-th allocation, so that
 * every prepare, bind and step fails in turn. After every failed step the books must still
 * be right; when the fault is over, repeating the step must bring the job to exactly one
 * payment. */
#include "base/test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

static struct {
    bool armed, sticky;
    int64_t left;  /* calls until the failure */
    int64_t fired; /* failures so far */
} fault;

static bool fails(void)
{
    if (!fault.armed) return false;
    if (fault.left > 0) fault.left--;
    if (fault.left > 0 || (!fault.sticky && fault.fired)) return false;
    fault.fired++;
    return true;
}

/* The wrapper's file: SQLite sees io, the system's file follows. */
typedef struct file {
    sqlite3_file base;
    sqlite3_file *real;
} file;

static sqlite3_vfs *system_vfs;

#define REAL(f)         (((file *)(f))->real)
#define METHOD(f, name) REAL(f)->pMethods->name

static int f_close(sqlite3_file *f)
{
    return METHOD(f, xClose)(REAL(f));
}
static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return fails() ? SQLITE_IOERR_READ : METHOD(f, xRead)(REAL(f), to, n, at);
}
/* A failed write may have written a part: half of it, here. */
static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (!fails()) return METHOD(f, xWrite)(REAL(f), from, n, at);
    (void)METHOD(f, xWrite)(REAL(f), from, n / 2, at);
    return SQLITE_IOERR_WRITE;
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    return fails() ? SQLITE_IOERR_TRUNCATE : METHOD(f, xTruncate)(REAL(f), n);
}
static int f_sync(sqlite3_file *f, int flags)
{
    return fails() ? SQLITE_IOERR_FSYNC : METHOD(f, xSync)(REAL(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return METHOD(f, xFileSize)(REAL(f), n);
}
static int f_lock(sqlite3_file *f, int how)
{
    return fails() ? SQLITE_IOERR_LOCK : METHOD(f, xLock)(REAL(f), how);
}
static int f_unlock(sqlite3_file *f, int how)
{
    return METHOD(f, xUnlock)(REAL(f), how);
}
static int f_reserved(sqlite3_file *f, int *out)
{
    return METHOD(f, xCheckReservedLock)(REAL(f), out);
}
static int f_control(sqlite3_file *f, int op, void *arg)
{
    return METHOD(f, xFileControl)(REAL(f), op, arg);
}
static int f_sector(sqlite3_file *f)
{
    return METHOD(f, xSectorSize)(REAL(f));
}
static int f_device(sqlite3_file *f)
{
    return METHOD(f, xDeviceCharacteristics)(REAL(f));
}
static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return fails() ? SQLITE_IOERR_SHMMAP : METHOD(f, xShmMap)(REAL(f), page, size, extend, out);
}
static int f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return METHOD(f, xShmLock)(REAL(f), at, n, flags);
}
static void f_shm_barrier(sqlite3_file *f)
{
    METHOD(f, xShmBarrier)(REAL(f));
}
static int f_shm_unmap(sqlite3_file *f, int gone)
{
    return METHOD(f, xShmUnmap)(REAL(f), gone);
}

static const sqlite3_io_methods methods = {
    2,          f_close,       f_read,      f_write,   f_truncate, f_sync,   f_size,
    f_lock,     f_unlock,      f_reserved,  f_control, f_sector,   f_device, f_shm_map,
    f_shm_lock, f_shm_barrier, f_shm_unmap, NULL,      NULL,
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)v;
    file *wrapped = (file *)f;
    wrapped->real = (sqlite3_file *)(wrapped + 1);
    memset(wrapped->real, 0, (size_t)system_vfs->szOsFile);
    f->pMethods = NULL;
    if (fails()) return SQLITE_CANTOPEN;
    int rc = system_vfs->xOpen(system_vfs, name, wrapped->real, flags, out);
    if (!rc) f->pMethods = &methods;
    return rc;
}

static sqlite3_mem_methods system_memory;

static void *m_alloc(int n)
{
    return fails() ? NULL : system_memory.xMalloc(n);
}
static void *m_resize(void *p, int n)
{
    return fails() ? NULL : system_memory.xRealloc(p, n);
}

typedef enum source { DISK, MEMORY } source;

/* SQLite must be shut down to change its allocator; nothing is open between tests. */
static void install(source from)
{
    static sqlite3_vfs vfs;
    assert_int_equal(sqlite3_shutdown(), SQLITE_OK);
    if (!system_memory.xMalloc)
        assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory), SQLITE_OK);
    sqlite3_mem_methods memory = system_memory;
    if (from == MEMORY) memory.xMalloc = m_alloc, memory.xRealloc = m_resize;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &memory), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
    assert_int_equal(sqlite3_initialize(), SQLITE_OK);
    if (from != DISK) return;
    system_vfs   = sqlite3_vfs_find(NULL);
    vfs          = *system_vfs;
    vfs.zName    = "faulty";
    vfs.szOsFile = (int)sizeof(file) + system_vfs->szOsFile;
    vfs.xOpen    = v_open;
    vfs.pNext    = NULL;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

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

static void each_failure(source from, int n_modes, int stride)
{
    install(from);
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

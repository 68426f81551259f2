#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cpu.h"

/* Protocol. `claim` holds (generation << 32 | next task). The owner stores the loop in the
 * relaxed atomics fn, arg, n and publishes it by storing claim = (generation, 0). A worker
 * reads claim, then the loop, then takes a task by compare-and-swap on claim. Success means
 * the generation still has an unclaimed task, hence has not ended, hence the owner has not
 * begun to write the next loop: what was read belongs to this generation. A thread that
 * wakes late finds nothing to claim and touches nothing, so the owner never waits for it.
 * (A thread would have to sleep through 2^32 loops between read and swap to be misled.)
 *
 * `done` counts finished tasks of the current generation; workers add what they finished
 * once there is nothing left to claim, with release order, and the owner waits for n.
 *
 * Sleeping. Both sides announce (sleepers, owner_sleeps) before they look a last time, and
 * the other side looks at the announcement after it changed claim or done. All four are
 * sequentially consistent, so at least one of the two sees the other. */

enum {
    CACHE_LINE = 64,
    SPINS      = 2000, /* pause instructions: 20 to 60 us */
};
static const uint64_t MAX_CHUNK = UINT32_MAX / 2; /* the index must not carry */

typedef void (*task_fn)(void *arg, size_t task, uint32_t worker);

typedef struct worker {
    sage_pool *pool;
    pthread_t thread;
    uint32_t number;
} worker;

struct sage_pool {
    SAGE_ALIGNED(CACHE_LINE) _Atomic uint64_t claim;
    SAGE_ALIGNED(CACHE_LINE) _Atomic uint64_t done;
    SAGE_ALIGNED(CACHE_LINE) _Atomic(task_fn) fn;
    _Atomic(void *) arg;
    _Atomic uint64_t n;    /* tasks in this generation */
    _Atomic uint64_t base; /* number of task 0 */
    atomic_uint sleepers;
    atomic_bool owner_sleeps, stop;
    pthread_mutex_t lock;
    pthread_cond_t work, finished;
    uint32_t threads, started, spins, generation;
    worker *workers; /* threads - 1 */
};

static void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool has_work(sage_pool *p)
{
    uint64_t claim = atomic_load(&p->claim);
    return (uint32_t)claim < atomic_load_explicit(&p->n, memory_order_relaxed);
}

/* Claims and runs tasks of whatever loop is current until none is left; adds to done. */
static void run_tasks(sage_pool *p, uint32_t number)
{
    uint64_t mine = 0, n = 0;
    uint64_t claim = atomic_load_explicit(&p->claim, memory_order_acquire);
    for (;;) {
        task_fn fn    = atomic_load_explicit(&p->fn, memory_order_relaxed);
        void *arg     = atomic_load_explicit(&p->arg, memory_order_relaxed);
        uint64_t base = atomic_load_explicit(&p->base, memory_order_relaxed);
        n             = atomic_load_explicit(&p->n, memory_order_acquire);
        if ((uint32_t)claim >= n) break;
        if (!atomic_compare_exchange_weak_explicit(&p->claim, &claim, claim + 1,
                                                   memory_order_acq_rel, memory_order_acquire))
            continue;
        fn(arg, (size_t)(base + (uint32_t)claim), number);
        mine++;
        /* Until `mine` is added the generation cannot end, so `claim` stays of this one. */
        claim = atomic_load_explicit(&p->claim, memory_order_acquire);
    }
    if (!mine) return;
    if (atomic_fetch_add(&p->done, mine) + mine == n && atomic_load(&p->owner_sleeps)) {
        pthread_mutex_lock(&p->lock);
        pthread_cond_signal(&p->finished);
        pthread_mutex_unlock(&p->lock);
    }
}

static void sleep_for_work(sage_pool *p)
{
    pthread_mutex_lock(&p->lock);
    atomic_fetch_add(&p->sleepers, 1);
    while (!has_work(p) && !atomic_load(&p->stop))
        pthread_cond_wait(&p->work, &p->lock);
    atomic_fetch_sub(&p->sleepers, 1);
    pthread_mutex_unlock(&p->lock);
}

static void *worker_main(void *arg)
{
    worker *w    = arg;
    sage_pool *p = w->pool;
    while (!atomic_load(&p->stop)) {
        uint32_t spin = 0;
        while (spin < p->spins && !has_work(p) && !atomic_load(&p->stop)) {
            cpu_relax();
            spin++;
        }
        if (spin == p->spins) sleep_for_work(p);
        run_tasks(p, w->number);
    }
    return NULL;
}

static void wake_workers(sage_pool *p)
{
    if (!atomic_load(&p->sleepers)) return;
    pthread_mutex_lock(&p->lock);
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
}

static void wait_done(sage_pool *p, uint64_t n)
{
    for (uint32_t spin = 0; spin < p->spins; spin++) {
        if (atomic_load(&p->done) == n) return;
        cpu_relax();
    }
    pthread_mutex_lock(&p->lock);
    atomic_store(&p->owner_sleeps, true);
    while (atomic_load(&p->done) != n)
        pthread_cond_wait(&p->finished, &p->lock);
    atomic_store(&p->owner_sleeps, false);
    pthread_mutex_unlock(&p->lock);
}

/* One generation: n <= MAX_CHUNK tasks, the first of them number `base`. */
static void run_generation(sage_pool *p, uint64_t base, uint64_t n, task_fn fn, void *arg)
{
    atomic_store_explicit(&p->done, 0, memory_order_relaxed);
    atomic_store_explicit(&p->fn, fn, memory_order_relaxed);
    atomic_store_explicit(&p->arg, arg, memory_order_relaxed);
    atomic_store_explicit(&p->base, base, memory_order_relaxed);
    /* n changes only after the old claim can no longer match, and with release order: an
     * exhausted (g, k) seen with a larger n would look like work of the old generation. */
    atomic_store(&p->claim, (uint64_t)++p->generation << 32 | UINT32_MAX);
    atomic_store_explicit(&p->n, n, memory_order_release);
    atomic_store(&p->claim, (uint64_t)p->generation << 32);
    wake_workers(p);
    run_tasks(p, 0);
    wait_done(p, n);
}

void sage_pool_for(sage_pool *p, size_t n_tasks, task_fn fn, void *arg)
{
    if (p->threads == 1 || n_tasks == 1) {
        for (size_t i = 0; i < n_tasks; i++)
            fn(arg, i, 0);
        return;
    }
    for (uint64_t base = 0; base < n_tasks;) {
        uint64_t left = n_tasks - base;
        uint64_t n    = left < MAX_CHUNK ? left : MAX_CHUNK;
        run_generation(p, base, n, fn, arg);
        base += n;
    }
}

uint32_t sage_pool_threads(const sage_pool *p)
{
    return p->threads;
}

void sage_pool_destroy(sage_pool *p)
{
    if (!p) return;
    atomic_store(&p->stop, true);
    pthread_mutex_lock(&p->lock);
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (uint32_t i = 0; i < p->started; i++)
        pthread_join(p->workers[i].thread, NULL);
    pthread_cond_destroy(&p->finished);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p->workers);
    free(p);
}

/* The new threads inherit a full signal mask: signals belong to the program's own threads. */
static sage_status start_threads(sage_pool *p, sage_errinfo *err)
{
    sigset_t all, old;
    int rc = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    while (!rc && p->started < p->threads - 1) {
        worker *w = &p->workers[p->started];
        w->pool   = p;
        w->number = p->started + 1;
        rc        = pthread_create(&w->thread, NULL, worker_main, w);
        if (!rc) p->started++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (rc)
        return sage_fail(err, SAGE_ENOMEM, "pool.thread", p->started,
                         "thread %u of %u could not be started (errno %d)", p->started + 1,
                         p->threads - 1, rc);
    return SAGE_OK;
}

/* Allocates the pool without threads; the locks are initialised. */
static sage_pool *allocate(uint32_t threads)
{
    sage_pool *p = aligned_alloc(CACHE_LINE, sizeof *p);
    if (!p) return NULL;
    *p = (sage_pool){.threads = threads};
    /* Spinning helps only while each worker has a core of its own. */
    p->spins   = threads <= sage_cpu_count() ? SPINS : 0;
    p->workers = calloc(threads, sizeof *p->workers);
    if (!p->workers) goto no_workers;
    if (pthread_mutex_init(&p->lock, NULL)) goto no_lock;
    if (pthread_cond_init(&p->work, NULL)) goto no_work;
    if (pthread_cond_init(&p->finished, NULL)) goto no_finished;
    return p;
no_finished:
    pthread_cond_destroy(&p->work);
no_work:
    pthread_mutex_destroy(&p->lock);
no_lock:
    free(p->workers);
no_workers:
    free(p);
    return NULL;
}

sage_status sage_pool_create(sage_pool **out, uint32_t threads, sage_errinfo *err)
{
    *out = NULL;
    if (threads < 1 || threads > SAGE_POOL_MAX_THREADS)
        return sage_fail(err, SAGE_EINVAL, "pool.threads", threads,
                         "%u threads; the range is 1 to %d", threads, SAGE_POOL_MAX_THREADS);
    sage_pool *p = allocate(threads);
    if (!p) return sage_fail(err, SAGE_ENOMEM, "pool.memory", -1, "no memory for a pool");
    sage_status s = start_threads(p, err);
    if (s) {
        sage_pool_destroy(p);
        return s;
    }
    *out = p;
    return SAGE_OK;
}

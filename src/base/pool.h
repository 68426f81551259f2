/* base/pool.h -- a thread pool for data-parallel loops.
 *
 * Model: one owner calls sage_pool_for again and again; each call is a loop over tasks that
 * the owner and the pool's threads claim one by one. A proof calls it hundreds of times on
 * short loops, so idle threads spin for some microseconds before they sleep, and a call
 * never waits for a thread that has claimed nothing.
 *
 * Invariants: a task runs exactly once; all of its writes are visible when sage_pool_for
 * returns. Thread safety: one caller per pool at a time; fn must not call into its own pool.
 * Known limit: fork() leaves the child with a pool it must not use. */
#ifndef SAGE_BASE_POOL_H
#define SAGE_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum { SAGE_POOL_MAX_THREADS = 1024 };

typedef struct sage_pool sage_pool;

/* sage_pool_create makes a pool of `threads` workers in [1, SAGE_POOL_MAX_THREADS], the
 * caller of sage_pool_for being one of them: it starts threads - 1 threads, which take no
 * signals. SAGE_EINVAL "pool.threads" out of range; SAGE_ENOMEM "pool.memory",
 * "pool.thread" if the system refuses; *out is NULL then. */
SAGE_CHECKED sage_status sage_pool_create(sage_pool **out, uint32_t threads, sage_errinfo *err);

/* sage_pool_destroy joins all threads and frees the pool. NULL is allowed. */
void sage_pool_destroy(sage_pool *pool);

/* The number of workers, as given to sage_pool_create. */
uint32_t sage_pool_threads(const sage_pool *pool);

/* sage_pool_for runs fn(arg, task, worker) for each task in [0, n_tasks) and returns when
 * all are done. worker is in [0, threads), 0 being the caller; no two tasks run on the same
 * worker number at once, so it may index scratch. The order of tasks is unspecified.
 * Cost above the work: an atomic operation a task and, when threads sleep, one wake-up. */
void sage_pool_for(sage_pool *pool,
                   size_t n_tasks,
                   void (*fn)(void *arg, size_t task, uint32_t worker),
                   void *arg);

#endif

#include "coordinator/coordinator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listen.h"
#include "base/log.h"
#include "coordinator/server.h"
#include "proto/folder.h"

enum { SWEEP_EVERY_MS = 250 };

const sage_handler sage_handlers[SAGE_ROUTES] = {
    [SAGE_ROUTE_HEALTH]          = sage_handle_health,
    [SAGE_ROUTE_JOB_SUBMIT]      = sage_handle_job_submit,
    [SAGE_ROUTE_JOB_STATUS]      = sage_handle_job_status,
    [SAGE_ROUTE_JOB_PROOF]       = sage_handle_job_proof,
    [SAGE_ROUTE_JOB_RECEIPT]     = sage_handle_job_receipt,
    [SAGE_ROUTE_WORKER_ADD]      = sage_handle_worker_add,
    [SAGE_ROUTE_WORKER_SELF]     = sage_handle_worker_self,
    [SAGE_ROUTE_LEASE_CLAIM]     = sage_handle_lease_claim,
    [SAGE_ROUTE_LEASE_INPUT]     = sage_handle_lease_input,
    [SAGE_ROUTE_LEASE_HEARTBEAT] = sage_handle_lease_heartbeat,
    [SAGE_ROUTE_LEASE_RESULT]    = sage_handle_lease_result,
    [SAGE_ROUTE_LEASE_FAIL]      = sage_handle_lease_fail,
};

bool sage_route_is_heavy(sage_route_name name)
{
    return name == SAGE_ROUTE_JOB_SUBMIT || name == SAGE_ROUTE_LEASE_RESULT;
}

void sage_coordinator_defaults(sage_coordinator_options *o)
{
    *o = (sage_coordinator_options){.listen            = "127.0.0.1:8080",
                                    .min_security_bits = SAGE_DEFAULT_SECURITY_BITS,
                                    .max_input_bytes   = 64 << 20,
                                    .max_proof_bytes   = 8 << 20,
                                    .cairo             = {.max_steps    = 1 << 22,
                                                          .max_cells    = 1 << 26,
                                                          .max_ms       = 10000,
                                                          .max_log_rows = 24,
                                                          .max_bytes    = (uint64_t)16 << 30},
                                    .lease_ms          = 60000,
                                    .quick_threads     = 4,
                                    .heavy_threads     = 2,
                                    .max_connections   = 512,
                                    .max_tasks         = 256,
                                    .max_parked        = 256};
}

/* The kernel's lock: it goes with the process, however that ends. */
static sage_status lock_dir(sage_coordinator *c, sage_errinfo *err)
{
    char *path;
    sage_status st = sage_folder_make(c->dir, err);
    if (st) return st;
    if (asprintf(&path, "%s/lock", c->dir) < 0)
        return sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "no memory");
    c->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    if (c->lock_fd < 0)
        return sage_fail(err, SAGE_EIO, "coordinator.open", errno, "cannot lock %s", c->dir);
    if (flock(c->lock_fd, LOCK_EX | LOCK_NB))
        return sage_fail(err, SAGE_ECONFLICT, "coordinator.running", -1,
                         "another coordinator uses %s", c->dir);
    return SAGE_OK;
}

/* A sorted list of the digests that the database names. */
typedef struct digests {
    sage_hex32 *list;
    size_t n, cap;
    bool failed;
} digests;

static void add_digest(void *arg, const char *digest)
{
    digests *d = arg;
    if (d->n == d->cap) {
        size_t cap       = d->cap ? 2 * d->cap : 256;
        sage_hex32 *more = realloc(d->list, cap * sizeof *more);
        if (!more) {
            d->failed = true;
            return;
        }
        d->list = more;
        d->cap  = cap;
    }
    snprintf(d->list[d->n++].text, sizeof d->list->text, "%s", digest);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_named(void *arg, const char *digest)
{
    digests *d = arg;
    return d->n && bsearch(digest, d->list, d->n, sizeof *d->list, by_text);
}

static sage_status open_blobs(sage_coordinator *c, sage_errinfo *err)
{
    char *path;
    digests named    = {0};
    uint64_t removed = 0;
    if (asprintf(&path, "%s/blobs", c->dir) < 0)
        return sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "no memory");
    sage_status st = sage_blobs_open(&c->blobs, path, err);
    free(path);
    if (!st) st = sage_store_each_blob(c->store, add_digest, &named, err);
    if (!st && named.failed)
        st = sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "no memory");
    if (!st && named.n) qsort(named.list, named.n, sizeof *named.list, by_text);
    if (!st) st = sage_blobs_sweep(&c->blobs, is_named, &named, &removed, err);
    free(named.list);
    if (removed) sage_log(SAGE_LOG_INFO, "coordinator.blobs", sage_log_u64("removed", removed));
    return st;
}

static sage_status open_store(sage_coordinator *c, sage_errinfo *err)
{
    char *path = NULL;
    if (!c->options.database && asprintf(&path, "%s/coordinator.db", c->dir) < 0)
        return sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "no memory");
    sage_status st =
        sage_store_open(path ? path : c->options.database, NULL, NULL, &c->store, err);
    free(path);
    return st ? st : open_blobs(c, err);
}

static sage_status write_port(sage_coordinator *c, sage_errinfo *err)
{
    char *path, text[16];
    if (asprintf(&path, "%s/port", c->dir) < 0)
        return sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "no memory");
    int n          = snprintf(text, sizeof text, "%u\n", c->port);
    sage_status st = sage_file_write(path, text, (size_t)n, 0600, err);
    free(path);
    return st;
}

/* True if jobs went back to the queue. */
static bool sweep_once(sage_coordinator *c)
{
    sage_sweep s;
    sage_errinfo err;
    if (sage_store_sweep(c->store, &s, &err)) {
        sage_log_error(SAGE_LOG_ERROR, "coordinator.sweep", &err);
        return false;
    }
    if (s.requeued || s.failed || s.expired)
        sage_log(SAGE_LOG_WARN, "coordinator.sweep", sage_log_i64("requeued", s.requeued),
                 sage_log_i64("failed", s.failed), sage_log_i64("expired", s.expired));
    return s.requeued > 0;
}

/* Also ends the waits of parked claims, and wakes all when there is work again. */
static void *sweep_loop(void *arg)
{
    sage_coordinator *c = arg;
    pthread_mutex_lock(&c->lock);
    while (!c->stopped) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_nsec += SWEEP_EVERY_MS * 1000000L;
        if (t.tv_nsec >= 1000000000L) t.tv_nsec -= 1000000000L, t.tv_sec++;
        pthread_cond_timedwait(&c->sweep_now, &c->lock, &t);
        if (c->stopped) break;
        pthread_mutex_unlock(&c->lock);
        if (sweep_once(c))
            sage_wake_parked(c);
        else
            sage_wake_expired(c);
        pthread_mutex_lock(&c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static sage_status check_access(sage_coordinator *c, bool loopback, sage_errinfo *err)
{
    sage_hex32 token;
    const char *text = c->options.access_token;
    if (!text && !loopback)
        return sage_fail(err, SAGE_EAUTH, "coordinator.open", -1,
                         "off loopback an access token is needed");
    if (!text) return SAGE_OK;
    if (!sage_hex32_valid(text))
        return sage_fail(err, SAGE_EINVAL, "coordinator.token", -1,
                         "the access token must be 64 lower-case hex digits");
    memcpy(token.text, text, sizeof token.text);
    sage_secret_hash(&c->access_hash, &token);
    return SAGE_OK;
}

static void log_start(const sage_coordinator *c)
{
    uint32_t bits = c->options.min_security_bits;
    if (bits < SAGE_DEFAULT_SECURITY_BITS)
        sage_log(SAGE_LOG_WARN, "coordinator.weak_security",
                 sage_log_u64("min_security_bits", bits),
                 sage_log_u64("default", SAGE_DEFAULT_SECURITY_BITS),
                 sage_log_text("meaning", "proofs below the default strength are paid"));
    sage_log(SAGE_LOG_INFO, "coordinator.start", sage_log_text("listen", c->options.listen),
             sage_log_u64("port", c->port), sage_log_text("data_dir", c->dir),
             sage_log_u64("min_security_bits", bits));
}

/* Frees what start has built so far. */
static void dispose(sage_coordinator *c)
{
    sage_store_close(c->store);
    sage_blobs_close(&c->blobs);
    if (c->lock_fd >= 0) close(c->lock_fd);
    pthread_cond_destroy(&c->sweep_now);
    pthread_cond_destroy(&c->idle);
    pthread_mutex_destroy(&c->lock);
    free(c->dir);
    free(c);
}

sage_status sage_coordinator_start(sage_coordinator **out,
                                   const sage_coordinator_options *o,
                                   sage_errinfo *err)
{
    sage_listen listen;
    pthread_condattr_t attr;
    *out                = NULL;
    sage_coordinator *c = calloc(1, sizeof *c);
    if (!c) return sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "no memory");
    c->options = *o;
    c->lock_fd = -1;
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->idle, &attr);
    pthread_cond_init(&c->sweep_now, &attr);
    pthread_condattr_destroy(&attr);
    c->dir = strdup(o->data_dir);
    sage_status st =
        c->dir ? SAGE_OK : sage_fail(err, SAGE_ENOMEM, "coordinator.open", -1, "dir");
    if (!st && !sage_listen_parse(&listen, o->listen))
        st = sage_fail(err, SAGE_EINVAL, "coordinator.listen", -1,
                       "\"%.60s\" is not IPV4:PORT or [IPV6]:PORT", o->listen);
    if (!st) st = check_access(c, listen.loopback, err);
    if (!st) st = lock_dir(c, err);
    if (!st) st = open_store(c, err);
    if (st) {
        dispose(c);
        return st;
    }
    (void)sweep_once(c); /* nobody waits yet */
    st = sage_server_start(c, (struct sockaddr *)&listen.address, err);
    if (!st) st = write_port(c, err);
    if (!st && pthread_create(&c->sweeper, NULL, sweep_loop, c))
        st = sage_fail(err, SAGE_EAGAIN, "coordinator.thread", -1, "cannot start a thread");
    if (st) {
        sage_server_drain(c, 0);
        dispose(c);
        return st;
    }
    log_start(c);
    *out = c;
    return SAGE_OK;
}

uint16_t sage_coordinator_port(const sage_coordinator *c)
{
    return c->port;
}

void sage_coordinator_stop(sage_coordinator *c, int64_t drain_ms)
{
    if (!c) return;
    pthread_mutex_lock(&c->lock);
    c->stopped = true;
    pthread_cond_signal(&c->sweep_now);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->sweeper, NULL);
    sage_server_drain(c, drain_ms);
    sage_log(SAGE_LOG_INFO, "coordinator.stop", sage_log_text("data_dir", c->dir));
    dispose(c);
}

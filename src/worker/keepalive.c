#include "worker/keepalive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "proto/coordinator_client.h"

enum { BEAT_MIN_MS = 100, BEAT_MAX_MS = 10000 };

static int64_t beat_ms(const sage_keepalive *k)
{
    int64_t ms = k->lease_ms / 3;
    return ms < BEAT_MIN_MS ? BEAT_MIN_MS : ms > BEAT_MAX_MS ? BEAT_MAX_MS : ms;
}

/* The owner waits for the thread's end: a beat in flight is broken off. */
static bool is_ended(void *arg)
{
    sage_keepalive *k = arg;
    pthread_mutex_lock(&k->lock);
    bool ended = k->ended;
    pthread_mutex_unlock(&k->lock);
    return ended;
}

static sage_status beat(sage_keepalive *k, sage_http *http, sage_errinfo *err)
{
    char *body, path[80];
    sage_heartbeat m = {.token = k->token};
    sage_http_response answer;
    pthread_mutex_lock(&k->lock);
    memcpy(m.stage, k->stage, sizeof m.stage);
    m.permille = k->permille;
    pthread_mutex_unlock(&k->lock);
    snprintf(path, sizeof path, "/v1/leases/%s/heartbeat", k->lease.text);
    sage_status st = sage_heartbeat_print(&m, &body, err);
    if (st) return st;
    sage_http_request request = {.method        = "POST",
                                 .path          = path,
                                 .bearer        = k->secret.text,
                                 .content_type  = "application/json",
                                 .body          = body,
                                 .body_len      = strlen(body),
                                 .timeout_ms    = (long)beat_ms(k) + 1000,
                                 .cancelled     = is_ended,
                                 .cancelled_arg = k};
    st                        = sage_coordinator_call(http, &request, &answer, err);
    free(answer.body);
    free(body);
    return st;
}

static bool rest(sage_keepalive *k)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* a set clock must not delay a beat */
    int64_t ns = t.tv_nsec + beat_ms(k) % 1000 * 1000000;
    t.tv_sec += beat_ms(k) / 1000 + ns / 1000000000;
    t.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&k->lock);
    while (!k->ended && !pthread_cond_timedwait(&k->wake, &k->lock, &t))
        continue;
    bool go_on = !k->ended;
    pthread_mutex_unlock(&k->lock);
    return go_on;
}

static void *run(void *arg)
{
    sage_keepalive *k = arg;
    sage_http *http;
    sage_errinfo err;
    if (sage_http_open(&http, k->url, &err)) {
        sage_log_error(SAGE_LOG_ERROR, "worker.heartbeat", &err);
        return NULL;
    }
    do {
        sage_status st = beat(k, http, &err);
        if (st && st != SAGE_ECONFLICT) sage_log_error(SAGE_LOG_WARN, "worker.heartbeat", &err);
        if (st != SAGE_ESTALE && st != SAGE_ENOTFOUND && st != SAGE_EAUTH) continue;
        pthread_mutex_lock(&k->lock);
        k->lost = true;
        pthread_mutex_unlock(&k->lock);
        break;
    } while (rest(k));
    sage_http_close(http);
    return NULL;
}

sage_status sage_keepalive_start(sage_keepalive *k,
                                 const char *url,
                                 const sage_identity *id,
                                 const sage_grant *g,
                                 sage_errinfo *err)
{
    *k = (sage_keepalive){.url      = url,
                          .lease    = g->lease,
                          .token    = g->token,
                          .secret   = id->secret,
                          .lease_ms = g->lease_ms};
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&k->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (!pthread_create(&k->thread, NULL, run, k)) return SAGE_OK;
    return sage_fail(err, SAGE_EAGAIN, "keepalive.thread", -1, "cannot start a thread");
}

void sage_keepalive_progress(sage_keepalive *k, const char *stage, int64_t permille)
{
    pthread_mutex_lock(&k->lock);
    snprintf(k->stage, sizeof k->stage, "%s", stage);
    k->permille = permille;
    pthread_mutex_unlock(&k->lock);
}

bool sage_keepalive_lost(sage_keepalive *k)
{
    pthread_mutex_lock(&k->lock);
    bool lost = k->lost;
    pthread_mutex_unlock(&k->lock);
    return lost;
}

void sage_keepalive_stop(sage_keepalive *k)
{
    pthread_mutex_lock(&k->lock);
    k->ended = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
}

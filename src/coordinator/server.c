/* HTTP: libmicrohttpd's callbacks, and the life of a request.
 *
 * First callback: route, headers, limits; a request that is refused here is answered before
 * its body. Then the body, to memory (JSON) or disk. Then, once, the task is queued and the
 * connection suspended; when it is resumed the reply is ready. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "coordinator/server.h"
#include "proto/json.h"

static enum MHD_Result respond(sage_request *r)
{
    struct MHD_Response *response =
        r->fd >= 0
            ? MHD_create_response_from_fd64(r->fd_len, r->fd)
            : MHD_create_response_from_buffer(
                  r->text ? strlen(r->text) : 0, r->text ? r->text : (void *)(uintptr_t) "",
                  r->text ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) return MHD_NO;
    const char *type = r->fd >= 0 ? "application/octet-stream" : "application/json";
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (r->http_status == MHD_HTTP_UNAUTHORIZED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    r->fd              = -1; /* both now belong to the response */
    r->text            = NULL;
    enum MHD_Result rc = MHD_queue_response(r->connection, r->http_status, response);
    MHD_destroy_response(response);
    return rc;
}

void sage_reply_json(sage_request *r, unsigned http_status, char *text)
{
    r->http_status = http_status;
    r->text        = text;
}

void sage_reply_none(sage_request *r, unsigned http_status)
{
    r->http_status = http_status;
}

void sage_reply_file(sage_request *r, int fd, uint64_t len)
{
    r->http_status = MHD_HTTP_OK;
    r->fd          = fd;
    r->fd_len      = len;
}

static void reply_error(sage_request *r, const sage_errinfo *e)
{
    free(r->text);
    r->text        = NULL;
    r->http_status = (unsigned)sage_status_http(e->code);
    if (sage_error_print(e, &r->text, NULL)) r->text = NULL;
    if (r->http_status == 500) sage_log_error(SAGE_LOG_ERROR, "coordinator.error", e);
}

/* The other end has gone: a lease granted to it would be lost until it runs out. */
static bool has_gone(sage_request *r)
{
    char byte;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info && recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void finish_request(sage_request *r)
{
    r->ready = true;
    MHD_resume_connection(r->connection); /* now it may be freed at any moment */
}

/* False if the request must not wait: the coordinator stops, or too many wait. *again if work
 * may have come since `seen`, between the claim and now: nobody will wake the request for it. */
static bool try_park(sage_request *r, uint64_t seen, bool *again)
{
    sage_coordinator *c = r->c;
    pthread_mutex_lock(&c->lock);
    *again      = c->n_wakes != seen && !c->draining;
    bool parked = !*again && !c->draining && c->n_parked < c->options.max_parked;
    if (parked) {
        r->parked = c->parked;
        c->parked = r;
        c->n_parked++;
    }
    pthread_mutex_unlock(&c->lock);
    return parked;
}

static uint64_t wakes_so_far(sage_coordinator *c)
{
    pthread_mutex_lock(&c->lock);
    uint64_t n = c->n_wakes;
    pthread_mutex_unlock(&c->lock);
    return n;
}

static void run_task(sage_task *task)
{
    sage_request *r  = (sage_request *)task;
    sage_errinfo err = {0};
    bool park, again;
    do {
        uint64_t seen  = wakes_so_far(r->c);
        sage_status st = SAGE_OK;
        park = again = false;
        r->fd        = -1;
        if (r->route->name == SAGE_ROUTE_LEASE_CLAIM && has_gone(r))
            st = sage_fail(&err, SAGE_EAGAIN, "coordinator.gone", -1, "the worker has gone");
        if (!st) st = sage_handlers[r->route->name](r, &park, &err);
        if (st) reply_error(r, &err);
        if (!st && park && try_park(r, seen, &again)) return;
    } while (again);
    finish_request(r);
}

/* Takes the parked requests, or only those whose wait is over, off the list. */
static sage_request *unpark(sage_coordinator *c, bool all)
{
    uint64_t now        = sage_clock_mono_ms();
    sage_request *taken = NULL;
    pthread_mutex_lock(&c->lock);
    c->n_wakes += all;
    for (sage_request **at = &c->parked; *at;) {
        sage_request *r = *at;
        if (!all && now < r->park_until_ms) {
            at = &r->parked;
            continue;
        }
        *at       = r->parked;
        r->parked = taken;
        taken     = r;
        c->n_parked--;
    }
    pthread_mutex_unlock(&c->lock);
    return taken;
}

static void resume_parked(sage_coordinator *c, sage_request *list)
{
    while (list) {
        sage_request *r = list;
        list            = r->parked;
        /* A full queue ends the wait with the answer it has: no work. */
        if (!sage_tasks_put(c->quick, &r->task)) finish_request(r);
    }
}

void sage_wake_parked(sage_coordinator *c)
{
    resume_parked(c, unpark(c, true));
}
void sage_wake_expired(sage_coordinator *c)
{
    resume_parked(c, unpark(c, false));
}

static bool start_task(sage_request *r)
{
    sage_coordinator *c = r->c;
    sage_tasks *pool    = sage_route_is_heavy(r->route->name) ? c->heavy : c->quick;
    pthread_mutex_lock(&c->lock);
    bool open = !c->draining;
    if (open) c->n_active++;
    r->active = open;
    pthread_mutex_unlock(&c->lock);
    if (!open) return false;
    MHD_suspend_connection(r->connection);
    if (sage_tasks_put(pool, &r->task)) return true;
    sage_errinfo err;
    if (sage_fail(&err, SAGE_EAGAIN, "coordinator.busy", -1, "too many requests wait"))
        reply_error(r, &err);
    finish_request(r);
    return true;
}

/* Headers. Each of ours is at most once: a repeated one is refused, so that no proxy and we
 * can see different values. Bodies need a Content-Length, chunked ones are refused. */
typedef struct header_scan {
    sage_request *r;
    const char *content_type, *length;
    unsigned n_length;
    sage_errinfo *err;
    sage_status st;
} header_scan;

static sage_status
read_secret(const char *text, sage_hex32 *out, bool *has, const char *name, sage_errinfo *err)
{
    if (*has || !sage_hex32_valid(text))
        return sage_fail(err, *has ? SAGE_EFORMAT : SAGE_EAUTH, "coordinator.header", -1,
                         *has ? "%s is there twice" : "%s is not 64 hex digits", name);
    memcpy(out->text, text, sizeof out->text);
    *has = true;
    return SAGE_OK;
}

static sage_status read_meta(const char *text, sage_request *r, sage_errinfo *err)
{
    if (r->has_meta || strlen(text) >= sizeof r->meta)
        return sage_fail(err, SAGE_ELIMIT, "coordinator.header", -1,
                         "the message header is there twice or too long");
    strcpy(r->meta, text);
    r->has_meta = true;
    return SAGE_OK;
}

static enum MHD_Result
on_header(void *arg, enum MHD_ValueKind kind, const char *key, const char *value)
{
    header_scan *s  = arg;
    sage_request *r = s->r;
    (void)kind;
    if (!value) value = "";
    if (!strcasecmp(key, "Authorization")) {
        const char *secret = strncasecmp(value, "Bearer ", 7) ? "" : value + 7;
        s->st = read_secret(secret, &r->bearer, &r->has_bearer, "the bearer secret", s->err);
    } else if (!strcasecmp(key, "Sage-Lease-Token"))
        s->st = read_secret(value, &r->token, &r->has_token, "Sage-Lease-Token", s->err);
    else if (!strcasecmp(key, "Sage-Job-Secret"))
        s->st = read_secret(value, &r->secret, &r->has_secret, "Sage-Job-Secret", s->err);
    else if (!strcasecmp(key, "Sage-Job") || !strcasecmp(key, "Sage-Result"))
        s->st = read_meta(value, r, s->err);
    else if (!strcasecmp(key, "Content-Type"))
        s->content_type = value;
    else if (!strcasecmp(key, "Content-Length"))
        s->length = value, s->n_length++;
    else if (!strcasecmp(key, "Transfer-Encoding"))
        s->st = sage_fail(s->err, SAGE_EFORMAT, "coordinator.length", -1,
                          "send a Content-Length, not Transfer-Encoding");
    return s->st ? MHD_NO : MHD_YES;
}

static sage_status check_length(const header_scan *s, uint64_t max, sage_errinfo *err)
{
    char *end;
    errno = 0;
    if (s->n_length != 1 || !s->length[0] ||
        strspn(s->length, "0123456789") != strlen(s->length))
        return sage_fail(err, SAGE_EFORMAT, "coordinator.length", -1,
                         "a body needs one Content-Length");
    unsigned long long n = strtoull(s->length, &end, 10);
    if (errno || n > max)
        return sage_fail(err, SAGE_ELIMIT, "coordinator.size", (long long)max,
                         "the body is longer than %llu bytes", (unsigned long long)max);
    return SAGE_OK;
}

/* What kind of body this request has, by its route and Content-Type. */
static sage_status prepare_body(sage_request *r, const header_scan *s, sage_errinfo *err)
{
    const sage_coordinator_options *o = &r->c->options;
    sage_route_body body              = r->route->body;
    if (body == SAGE_BODY_NONE) {
        if (s->n_length && strcmp(s->length, "0"))
            return sage_fail(err, SAGE_EINVAL, "coordinator.body", -1, "no body is wanted");
        return SAGE_OK;
    }
    const char *type = s->content_type ? s->content_type : "";
    bool is_json     = !strcasecmp(type, "application/json");
    bool is_bytes    = !strcasecmp(type, "application/octet-stream");
    bool wants_binary =
        body == SAGE_BODY_PROOF || (body == SAGE_BODY_JSON_OR_INPUT && is_bytes);
    if (wants_binary ? !is_bytes : !is_json)
        return sage_fail(err, SAGE_EINVAL, "coordinator.type", -1,
                         "Content-Type must be application/%s",
                         wants_binary ? "octet-stream" : "json");
    uint64_t max   = !wants_binary             ? SAGE_JSON_MAX_BYTES
                     : body == SAGE_BODY_PROOF ? o->max_proof_bytes
                                               : o->max_input_bytes;
    sage_status st = check_length(s, max, err);
    if (st) return st;
    r->binary = wants_binary;
    if (r->binary) return sage_blob_begin(&r->upload, &r->c->blobs, max, err);
    r->json = malloc(SAGE_JSON_MAX_BYTES);
    return r->json ? SAGE_OK : sage_fail(err, SAGE_ENOMEM, "coordinator.memory", -1, "json");
}

/* Bytes of strangers do not get to the disk: whoever sends a body of bytes is known first. */
static sage_status early_auth(sage_request *r, sage_errinfo *err)
{
    sage_worker w;
    if (r->route->auth == SAGE_AUTH_ACCESS) return sage_auth_access(r, err);
    if (r->route->body == SAGE_BODY_PROOF) return sage_auth_worker(r, &w, err);
    return SAGE_OK;
}

static sage_status
begin_request(sage_request *r, const char *method, const char *path, sage_errinfo *err)
{
    header_scan s  = {.r = r, .err = err};
    sage_status st = sage_route_find(method, path, &r->route, &r->id, err);
    if (st) return st;
    MHD_get_connection_values(r->connection, MHD_HEADER_KIND, on_header, &s);
    st = s.st;
    if (!st) st = early_auth(r, err);
    if (!st) st = prepare_body(r, &s, err);
    return st;
}

static void take_bytes(sage_request *r, const char *bytes, size_t n)
{
    if (r->body_status) return;
    if (r->binary)
        r->body_status = sage_blob_write(&r->upload, bytes, n, &r->error);
    else if (n > SAGE_JSON_MAX_BYTES - r->json_len)
        r->body_status = sage_fail(&r->error, SAGE_ELIMIT, "coordinator.size",
                                   SAGE_JSON_MAX_BYTES, "the message is too long");
    else {
        memcpy(r->json + r->json_len, bytes, n);
        r->json_len += n;
    }
}

static sage_request *new_request(sage_coordinator *c, struct MHD_Connection *connection)
{
    sage_request *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->c          = c;
    r->connection = connection;
    r->fd         = -1;
    r->upload.fd  = -1;
    return r;
}

static enum MHD_Result refuse(sage_request *r, const sage_errinfo *err)
{
    reply_error(r, err);
    r->ready = true;
    return respond(r);
}

static enum MHD_Result on_request(void *arg,
                                  struct MHD_Connection *connection,
                                  const char *path,
                                  const char *method,
                                  const char *version,
                                  const char *bytes,
                                  size_t *n_bytes,
                                  void **state)
{
    sage_request *r = *state;
    sage_errinfo err;
    (void)version;
    if (!r) {
        r = *state = new_request(arg, connection);
        if (!r) return MHD_NO;
        return begin_request(r, method, path, &err) ? refuse(r, &err) : MHD_YES;
    }
    if (r->ready) return respond(r);
    if (*n_bytes) {
        take_bytes(r, bytes, *n_bytes);
        *n_bytes = 0;
        return MHD_YES;
    }
    if (r->body_status) return refuse(r, &r->error);
    if (start_task(r)) return MHD_YES;
    if (!sage_fail(&err, SAGE_EAGAIN, "coordinator.draining", -1, "the coordinator stops"))
        return MHD_NO;
    return refuse(r, &err);
}

static void on_completed(void *arg,
                         struct MHD_Connection *connection,
                         void **state,
                         enum MHD_RequestTerminationCode why)
{
    sage_request *r     = *state;
    sage_coordinator *c = arg;
    (void)connection, (void)why;
    if (!r) return;
    pthread_mutex_lock(&c->lock);
    if (r->active) c->n_active--;
    pthread_cond_broadcast(&c->idle);
    pthread_mutex_unlock(&c->lock);
    sage_blob_abort(&r->upload);
    if (r->fd >= 0) close(r->fd);
    free(r->text);
    free(r->json);
    free(r);
    *state = NULL;
}

sage_status
sage_server_start(sage_coordinator *c, const struct sockaddr *address, sage_errinfo *err)
{
    const sage_coordinator_options *o = &c->options;
    sage_status st = sage_tasks_start(&c->quick, o->quick_threads, o->max_tasks + o->max_parked,
                                      run_task, err);
    if (!st) st = sage_tasks_start(&c->heavy, o->heavy_threads, o->max_tasks, run_task, err);
    if (st) return st;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (address->sa_family == AF_INET6) flags |= MHD_USE_IPv6;
    c->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, c, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, c, MHD_OPTION_CONNECTION_LIMIT,
        o->max_connections, MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_THREAD_POOL_SIZE, 2u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(32 << 10), MHD_OPTION_END);
    if (!c->daemon)
        return sage_fail(err, SAGE_EIO, "coordinator.listen", errno, "cannot listen on %s: %s",
                         o->listen, strerror(errno));
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(c->daemon, MHD_DAEMON_INFO_BIND_PORT);
    c->port = info ? info->port : 0;
    return SAGE_OK;
}

/* No new connection, no new task; what runs may finish; who waits for work is told: none. */
void sage_server_drain(sage_coordinator *c, int64_t drain_ms)
{
    struct timespec until;
    if (c->daemon) {
        MHD_socket s = MHD_quiesce_daemon(c->daemon);
        if (s >= 0) close(s);
    }
    pthread_mutex_lock(&c->lock);
    c->draining = true;
    pthread_mutex_unlock(&c->lock);
    if (c->quick) sage_wake_parked(c);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += drain_ms / 1000;
    pthread_mutex_lock(&c->lock);
    while (c->n_active && !pthread_cond_timedwait(&c->idle, &c->lock, &until))
        continue;
    pthread_mutex_unlock(&c->lock);
    /* The pools finish what they hold: no suspended connection is left for stop_daemon. */
    sage_tasks_stop(c->quick);
    sage_tasks_stop(c->heavy);
    if (c->daemon) MHD_stop_daemon(c->daemon);
}

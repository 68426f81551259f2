/* devnet/server.c -- libmicrohttpd's callbacks, and the life of a request: headers are judged
 * first, then the body is taken in, then it is parsed and either answered here or queued with
 * its connection suspended until the answer is ready. */
#include "devnet/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/tasks.h"

enum {
    BODY_START     = 4096,
    PARSE_HERE     = 64 << 10, /* longer bodies are parsed by a writer: they carry proofs */
    CONNECTION_MEM = 32 << 10
};

struct sage_node {
    sage_rpc rpc;
    sage_node_options options;
    bool loopback;
    struct MHD_Daemon *daemon;
    sage_tasks *readers, *writers;
    uint16_t port;
    _Atomic uint64_t body_bytes;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t idle;
    uint32_t n_active;
    bool draining;
};

typedef struct request {
    sage_task task; /* first: the pools hand back this pointer */
    sage_node *node;
    struct MHD_Connection *connection;
    char *body;
    size_t len, cap;
    json_t *parsed;
    unsigned refused; /* HTTP status while the body arrives; 0: none */
    bool is_parsed, active, ready;
    sage_sink answer;
} request;

sage_node_options sage_node_defaults(void)
{
    return (sage_node_options){.listen          = "127.0.0.1:5050",
                               .event_threads   = 2,
                               .readers         = 2,
                               .writers         = 64,
                               .max_connections = 512,
                               .max_tasks       = 1024,
                               .idle_seconds    = 60,
                               .max_body_bytes  = 256 << 20};
}

/* Answers. */
static enum MHD_Result queue_answer(const sage_node *n,
                                    struct MHD_Connection *c,
                                    unsigned status,
                                    const char *type,
                                    struct MHD_Response *r)
{
    if (!r) return MHD_NO;
    if (type) MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (n->options.cors) {
        MHD_add_response_header(r, "Access-Control-Allow-Origin", n->options.cors);
        MHD_add_response_header(r, "Access-Control-Allow-Methods", "POST");
        MHD_add_response_header(r, "Access-Control-Allow-Headers", "Content-Type");
        MHD_add_response_header(r, "Vary", "Origin");
    }
    enum MHD_Result rc = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return rc;
}

/* text: static. */
static enum MHD_Result
say(const sage_node *n, struct MHD_Connection *c, unsigned status, const char *text)
{
    return queue_answer(n, c, status, "text/plain",
                        MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                        MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result refuse(const sage_node *n, struct MHD_Connection *c, unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        {MHD_HTTP_FORBIDDEN, "Host must be an address or localhost\n"},
        {MHD_HTTP_NOT_FOUND, "POST JSON-RPC to /, /rpc or /rpc/v0_10\n"},
        {MHD_HTTP_METHOD_NOT_ALLOWED, "POST JSON-RPC to /, /rpc or /rpc/v0_10\n"},
        {MHD_HTTP_CONTENT_TOO_LARGE, "the body is too long\n"},
        {MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json\n"},
        {MHD_HTTP_SERVICE_UNAVAILABLE, "too busy, or about to stop\n"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].status == status) return say(n, c, status, texts[i].text);
    return say(n, c, status, "");
}

static enum MHD_Result respond(request *r)
{
    sage_sink *a = &r->answer;
    if (r->refused) return refuse(r->node, r->connection, r->refused);
    if (a->failed) return refuse(r->node, r->connection, MHD_HTTP_SERVICE_UNAVAILABLE);
    if (!a->len) /* notifications alone */
        return queue_answer(r->node, r->connection, MHD_HTTP_NO_CONTENT, NULL,
                            MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
    struct MHD_Response *m =
        MHD_create_response_from_buffer(a->len, a->bytes, MHD_RESPMEM_MUST_FREE);
    if (m) a->bytes = NULL; /* the response's */
    return queue_answer(r->node, r->connection, MHD_HTTP_OK, "application/json", m);
}

/* Work. */
static void free_body(request *r)
{
    atomic_fetch_sub(&r->node->body_bytes, r->cap);
    free(r->body);
    r->body = NULL;
    r->cap = r->len = 0;
}

static void parse(request *r)
{
    r->parsed    = sage_rpc_parse(r->body ? r->body : "", r->len);
    r->is_parsed = true;
    free_body(r);
}

static void answer(request *r)
{
    sage_rpc_answer(&r->node->rpc, r->parsed, &r->answer);
    json_decref(r->parsed);
    r->parsed = NULL;
    r->ready  = true;
}

static void run_task(sage_task *task)
{
    request *r = (request *)task;
    if (!r->is_parsed) parse(r);
    answer(r);
    MHD_resume_connection(r->connection); /* now it may be freed at any moment */
}

/* False if the node stops. */
static bool activate(request *r)
{
    sage_node *n = r->node;
    pthread_mutex_lock(&n->lock);
    r->active = !n->draining;
    if (r->active) n->n_active++;
    pthread_mutex_unlock(&n->lock);
    return r->active;
}

static enum MHD_Result hand_over(request *r, sage_rpc_lane lane)
{
    sage_node *n = r->node;
    if (!activate(r)) {
        r->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
        return respond(r);
    }
    MHD_suspend_connection(r->connection);
    if (sage_tasks_put(lane == SAGE_RPC_WRITE ? n->writers : n->readers, &r->task))
        return MHD_YES;
    r->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
    r->ready   = true;
    MHD_resume_connection(r->connection);
    return MHD_YES;
}

static enum MHD_Result run_request(request *r)
{
    if (r->refused) return respond(r);
    if (r->len > PARSE_HERE) return hand_over(r, SAGE_RPC_WRITE);
    parse(r);
    sage_rpc_lane lane = sage_rpc_lane_of(r->parsed);
    if (lane != SAGE_RPC_QUICK) return hand_over(r, lane);
    answer(r);
    return respond(r);
}

/* The body. Memory is taken as bytes arrive. */
static bool grow(request *r, size_t n)
{
    sage_node *node = r->node;
    size_t cap      = r->cap ? r->cap : BODY_START;
    while (cap < r->len + n)
        cap *= 2;
    if (cap == r->cap) return true;
    uint64_t more = cap - r->cap;
    if (atomic_fetch_add(&node->body_bytes, more) + more > node->options.max_body_bytes) {
        atomic_fetch_sub(&node->body_bytes, more);
        return false;
    }
    char *bytes = realloc(r->body, cap);
    if (!bytes) {
        atomic_fetch_sub(&node->body_bytes, more);
        return false;
    }
    r->body = bytes;
    r->cap  = cap;
    return true;
}

static void take_bytes(request *r, const char *bytes, size_t n)
{
    if (r->refused) return;
    if (n > SAGE_RPC_MAX_BODY - r->len)
        r->refused = MHD_HTTP_CONTENT_TOO_LARGE;
    else if (!grow(r, n))
        r->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
    else {
        memcpy(r->body + r->len, bytes, n);
        r->len += n;
    }
    if (r->refused) free_body(r);
}

/* Headers. */
static const char *header(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

/* An address or localhost, with or without a port. */
static bool host_is_plain(const char *host)
{
    static const char local[] = "localhost";
    if (!host) return true; /* no browser leaves it out */
    if (!strncasecmp(host, local, sizeof local - 1)) {
        char end = host[sizeof local - 1];
        return !end || end == ':';
    }
    return host[0] == '[' || strspn(host, "0123456789.:") == strlen(host);
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    if (!type || strncasecmp(type, json, sizeof json - 1)) return false;
    char end = type[sizeof json - 1];
    return !end || end == ';' || end == ' ';
}

static bool is_rpc_path(const char *path)
{
    return !strcmp(path, "/") || !strcmp(path, "/rpc") || !strcmp(path, "/rpc/v0_10");
}

/* The HTTP status of a request that is refused before its body; 0: none. */
static unsigned
judge(const sage_node *n, struct MHD_Connection *c, const char *method, const char *path)
{
    if (n->loopback && !host_is_plain(header(c, "Host"))) return MHD_HTTP_FORBIDDEN;
    if (!is_rpc_path(path)) return MHD_HTTP_NOT_FOUND;
    if (strcmp(method, "POST")) return MHD_HTTP_METHOD_NOT_ALLOWED;
    return is_json(header(c, "Content-Type")) ? 0 : MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
}

static enum MHD_Result begin(
    sage_node *n, struct MHD_Connection *c, const char *path, const char *method, void **state)
{
    if (!strcmp(path, "/is_alive") && !strcmp(method, "GET"))
        return say(n, c, MHD_HTTP_OK, "Alive!!!");
    if (n->options.cors && !strcmp(method, "OPTIONS") && is_rpc_path(path))
        return say(n, c, MHD_HTTP_OK, "");
    unsigned refused = judge(n, c, method, path);
    if (refused) return refuse(n, c, refused);
    request *r = calloc(1, sizeof *r);
    if (!r) return MHD_NO;
    r->node       = n;
    r->connection = c;
    *state        = r;
    return MHD_YES;
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
    request *r = *state;
    (void)version;
    if (!r) return begin(arg, connection, path, method, state);
    if (r->ready) return respond(r);
    if (!*n_bytes) return run_request(r);
    take_bytes(r, bytes, *n_bytes);
    *n_bytes = 0;
    return MHD_YES;
}

static void on_completed(void *arg,
                         struct MHD_Connection *connection,
                         void **state,
                         enum MHD_RequestTerminationCode why)
{
    sage_node *n = arg;
    request *r   = *state;
    (void)connection, (void)why;
    if (!r) return;
    if (r->active) {
        pthread_mutex_lock(&n->lock);
        n->n_active--;
        pthread_cond_broadcast(&n->idle);
        pthread_mutex_unlock(&n->lock);
    }
    free_body(r);
    json_decref(r->parsed);
    free(r->answer.bytes);
    free(r);
    *state = NULL;
}

/* Start and stop. */
static sage_status listen_on(sage_node *n, const sage_listen *at, sage_errinfo *err)
{
    const sage_node_options *o = &n->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
    if (at->address.ss_family == AF_INET6) flags |= MHD_USE_IPv6;
    n->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, n, MHD_OPTION_SOCK_ADDR,
        (const struct sockaddr *)&at->address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, n,
        MHD_OPTION_CONNECTION_LIMIT, o->max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
        o->idle_seconds, MHD_OPTION_THREAD_POOL_SIZE, o->event_threads,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEM, MHD_OPTION_END);
    if (!n->daemon)
        return sage_fail(err, SAGE_EIO, "node.listen", errno, "cannot listen on %.60s: %s",
                         o->listen, strerror(errno));
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(n->daemon, MHD_DAEMON_INFO_BIND_PORT);
    n->port = info ? info->port : 0;
    return SAGE_OK;
}

static sage_node *new_node(sage_chain *chain, const sage_node_options *o)
{
    pthread_condattr_t attr;
    sage_node *n = calloc(1, sizeof *n);
    if (!n) return NULL;
    n->rpc     = (sage_rpc){chain, o->dev_methods};
    n->options = *o;
    pthread_mutex_init(&n->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&n->idle, &attr);
    pthread_condattr_destroy(&attr);
    return n;
}

sage_status sage_node_start(sage_node **out,
                            sage_chain *chain,
                            const sage_node_options *o,
                            sage_errinfo *err)
{
    sage_listen at;
    *out = NULL;
    if (!sage_listen_parse(&at, o->listen))
        return sage_fail(err, SAGE_EINVAL, "node.listen", -1,
                         "\"%.60s\" is not IPV4:PORT or [IPV6]:PORT", o->listen);
    sage_node *n = new_node(chain, o);
    if (!n) return sage_fail(err, SAGE_ENOMEM, "node.memory", -1, "no memory");
    n->loopback    = at.loopback;
    sage_status st = sage_tasks_start(&n->readers, o->readers, o->max_tasks, run_task, err);
    if (!st) st = sage_tasks_start(&n->writers, o->writers, o->max_tasks, run_task, err);
    if (!st) st = listen_on(n, &at, err);
    if (st) {
        sage_node_stop(n, 0);
        return st;
    }
    sage_log(SAGE_LOG_INFO, "node.start", sage_log_text("listen", o->listen),
             sage_log_u64("port", n->port));
    *out = n;
    return SAGE_OK;
}

uint16_t sage_node_port(const sage_node *n)
{
    return n->port;
}

static void wait_until_idle(sage_node *n, uint32_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    pthread_mutex_lock(&n->lock);
    n->draining = true;
    while (n->n_active && !pthread_cond_timedwait(&n->idle, &n->lock, &until))
        continue;
    pthread_mutex_unlock(&n->lock);
}

void sage_node_stop(sage_node *n, uint32_t drain_ms)
{
    if (!n) return;
    if (n->daemon) {
        MHD_socket s = MHD_quiesce_daemon(n->daemon);
        if (s >= 0) close(s);
    }
    wait_until_idle(n, drain_ms);
    /* The pools finish what they hold: no suspended connection is left for stop_daemon. */
    sage_tasks_stop(n->readers);
    sage_tasks_stop(n->writers);
    if (n->daemon) MHD_stop_daemon(n->daemon);
    pthread_cond_destroy(&n->idle);
    pthread_mutex_destroy(&n->lock);
    free(n);
}

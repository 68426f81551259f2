/* A scripted HTTP server over plain sockets. */
#include "http/test_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_REQUEST = 16 << 20, HEAD_MAX = 16 << 10, NAP_MS = 10 };

static void must(bool ok, const char *what)
{
    if (ok) return;
    perror(what);
    abort();
}

/* Waits for bytes; false when the server is to stop or the peer has gone. */
static bool wait_readable(sage_test_server *s, int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (!atomic_load(&s->stop))
        if (poll(&p, 1, NAP_MS) > 0) return true;
    return false;
}

static size_t content_length(const char *head)
{
    for (const char *line = head; (line = strstr(line, "\r\n")); line += 2)
        if (!strncasecmp(line + 2, "Content-Length:", 15)) return strtoul(line + 17, NULL, 10);
    return 0;
}

/* One request, NUL-terminated; *body points into it. NULL at the end of the connection. */
static char *read_request(sage_test_server *s, int fd, char **body)
{
    size_t len = 0, want = HEAD_MAX;
    char *bytes = malloc(MAX_REQUEST + 1);
    must(bytes != NULL, "malloc");
    *body = NULL;
    while (len < want && wait_readable(s, fd)) {
        ssize_t n = recv(fd, bytes + len, want - len, 0);
        if (n <= 0) break;
        len += (size_t)n;
        bytes[len] = 0;
        if (*body) continue;
        char *end = strstr(bytes, "\r\n\r\n");
        if (!end) continue;
        *body = end + 4;
        want  = (size_t)(*body - bytes) + content_length(bytes);
        must(want <= MAX_REQUEST, "request size");
    }
    if (*body && len == want) return bytes;
    free(bytes);
    return NULL;
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0) return;
        bytes += n;
        len -= (size_t)n;
    }
}

/* Until the time is over, the client has gone, or the server is to stop. */
static void nap(sage_test_server *s, int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};
    for (; ms > 0 && !atomic_load(&s->stop); ms -= NAP_MS)
        if (poll(&p, 1, NAP_MS) > 0) return;
}

/* False if the connection is to be closed. */
static bool reply(sage_test_server *s, int fd, const sage_test_reply *r)
{
    char head[160];
    nap(s, fd, r->delay_ms);
    if (r->drop) return false;
    size_t len = r->len ? r->len : strlen(r->body);
    int n      = snprintf(head, sizeof head,
                          "HTTP/1.1 %d X\r\nContent-Type: application/json\r\n"
                               "Content-Length: %zu\r\n\r\n",
                     r->status ? r->status : 200, len);
    send_all(fd, head, (size_t)n);
    send_all(fd, r->body, r->cut ? len / 2 : len);
    return !r->cut;
}

static void serve(sage_test_server *s, int fd)
{
    char *bytes, *body;
    bool open = true;
    while (open && (bytes = read_request(s, fd, &body))) {
        char path[256]    = "";
        sage_test_reply r = {.body = ""};
        if (sscanf(bytes, "%*15s %255s", path) != 1) path[0] = 0;
        atomic_fetch_add(&s->n_requests, 1);
        pthread_mutex_lock(&s->lock);
        s->answer(s->arg, path, body, &r);
        pthread_mutex_unlock(&s->lock);
        open = reply(s, fd, &r);
        free(bytes);
    }
    close(fd);
}

static void *run(void *arg)
{
    sage_test_server *s = arg;
    while (wait_readable(s, s->listener)) {
        int fd = accept(s->listener, NULL, NULL);
        if (fd >= 0) serve(s, fd);
    }
    return NULL;
}

void sage_test_server_start(sage_test_server *s)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n          = sizeof a;
    atomic_store(&s->stop, 0);
    atomic_store(&s->n_requests, 0);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(s->listener >= 0, "socket");
    must(!bind(s->listener, (struct sockaddr *)&a, sizeof a), "bind");
    must(!listen(s->listener, 16), "listen");
    must(!getsockname(s->listener, (struct sockaddr *)&a, &n), "getsockname");
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", ntohs(a.sin_port));
    must(!pthread_mutex_init(&s->lock, NULL), "pthread_mutex_init");
    must(!pthread_create(&s->thread, NULL, run, s), "pthread_create");
}

void sage_test_server_stop(sage_test_server *s)
{
    atomic_store(&s->stop, 1);
    pthread_join(s->thread, NULL);
    pthread_mutex_destroy(&s->lock);
    close(s->listener);
}

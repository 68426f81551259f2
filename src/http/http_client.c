/* One exchange over libcurl. */
#include "http/http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { DEFAULT_TIMEOUT_MS = 30000, DEFAULT_MAX = 64 << 10, CONNECT_TIMEOUT_MS = 5000 };

struct sage_http {
    CURL *curl;
    char *base, *name;
};

/* What the answer's bytes go to. */
typedef struct sink {
    char *bytes;
    size_t len, cap, max;
    bool too_long, no_memory;
    const sage_http_request *request;
} sink;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* The place a URL names, as libcurl itself will read it. */
typedef struct place {
    char *scheme, *host, *port, *user;
} place;

static void place_free(place *p)
{
    curl_free(p->scheme);
    curl_free(p->host);
    curl_free(p->port);
    curl_free(p->user);
}

static bool place_read(place *p, const char *url)
{
    memset(p, 0, sizeof *p);
    CURLU *u = curl_url();
    bool ok  = u && !curl_url_set(u, CURLUPART_URL, url, 0) &&
              !curl_url_get(u, CURLUPART_SCHEME, &p->scheme, 0) &&
              !curl_url_get(u, CURLUPART_HOST, &p->host, 0) &&
              !curl_url_get(u, CURLUPART_PORT, &p->port, CURLU_DEFAULT_PORT);
    /* No user is the good case; the URL may not carry one. */
    if (ok) ok = curl_url_get(u, CURLUPART_USER, &p->user, 0) == CURLUE_NO_USER;
    if (u) curl_url_cleanup(u);
    return ok;
}

static bool is_loopback(const char *host)
{
    return !strcmp(host, "127.0.0.1") || !strcmp(host, "localhost") || !strcmp(host, "[::1]");
}

static sage_status check_place(const char *url, const place *p, bool ok, sage_errinfo *err)
{
    bool plain = !strncmp(url, "http://", 7);
    if (!ok || (!plain && strncmp(url, "https://", 8)))
        return sage_fail(err, SAGE_EINVAL, "http.url", -1,
                         "a URL must start with https:// or http:// and name no user");
    if (plain && !is_loopback(p->host))
        return sage_fail(
            err, SAGE_EINVAL, "http.plaintext", -1,
            "plain http would show secrets to the network; use https off loopback");
    return SAGE_OK;
}

static sage_http *make(const char *url, const place *p)
{
    sage_http *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    h->curl = curl_easy_init();
    h->base = strdup(url);
    if (asprintf(&h->name, "%s://%s:%s", p->scheme, p->host, p->port) < 0) h->name = NULL;
    if (h->curl && h->base && h->name) return h;
    sage_http_close(h);
    return NULL;
}

sage_status sage_http_open(sage_http **out, const char *url, sage_errinfo *err)
{
    place p;
    *out = NULL;
    pthread_once(&once, init_curl);
    bool ok        = place_read(&p, url);
    sage_status st = check_place(url, &p, ok, err);
    if (!st && !(*out = make(url, &p)))
        st = sage_fail(err, SAGE_ENOMEM, "http.open", -1, "no memory");
    place_free(&p);
    if (st) return st;
    char *base = (*out)->base;
    for (size_t n = strlen(base); n && base[n - 1] == '/'; n--)
        base[n - 1] = 0;
    return SAGE_OK;
}

void sage_http_close(sage_http *h)
{
    if (!h) return;
    if (h->curl) curl_easy_cleanup(h->curl);
    if (h->base) sage_secret_zero(h->base, strlen(h->base));
    free(h->base);
    free(h->name);
    free(h);
}

const char *sage_http_name(const sage_http *h)
{
    return h->name;
}

static size_t on_bytes(char *bytes, size_t one, size_t n, void *arg)
{
    sink *s = arg;
    (void)one;
    if (n > s->max - s->len) {
        s->too_long = true;
        return 0;
    }
    if (s->len + n + 1 > s->cap) {
        size_t cap  = 2 * (s->len + n) + 1;
        char *grown = realloc(s->bytes, cap);
        if (!grown) {
            s->no_memory = true;
            return 0;
        }
        s->bytes = grown;
        s->cap   = cap;
    }
    memcpy(s->bytes + s->len, bytes, n);
    s->len += n;
    return n;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const sage_http_request *r = ((sink *)arg)->request;
    (void)a, (void)b, (void)c, (void)d;
    return r->cancelled && r->cancelled(r->cancelled_arg);
}

/* "name: first second", wiped after use. */
static bool
add_header(struct curl_slist **list, const char *name, const char *first, const char *second)
{
    char *line;
    if (asprintf(&line, "%s: %s%s", name, first, second) < 0) return false;
    struct curl_slist *grown = curl_slist_append(*list, line);
    sage_secret_zero(line, strlen(line));
    free(line);
    if (grown) *list = grown;
    return grown != NULL;
}

static bool add_headers(struct curl_slist **list, const sage_http_request *r)
{
    bool ok = true;
    if (r->bearer) ok = add_header(list, "Authorization", "Bearer ", r->bearer);
    if (r->content_type) ok = ok && add_header(list, "Content-Type", r->content_type, "");
    for (int i = 0; i < SAGE_HTTP_HEADERS && r->headers[i].name; i++)
        ok = ok && add_header(list, r->headers[i].name, r->headers[i].value, "");
    return ok;
}

static void set_options(
    CURL *c, const sage_http_request *r, const char *url, sink *s, struct curl_slist *headers)
{
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, r->timeout_ms ? r->timeout_ms : DEFAULT_TIMEOUT_MS);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
    if (!strcmp(r->method, "POST")) {
        curl_easy_setopt(c, CURLOPT_POST, 1L);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body ? r->body : "");
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
    }
}

static sage_status
finish(CURL *c, CURLcode rc, sink *s, sage_http_response *out, sage_errinfo *err)
{
    long status = 0;
    if (s->too_long)
        return sage_fail(err, SAGE_ELIMIT, "http.size", (long long)s->max,
                         "the answer is longer than %zu bytes", s->max);
    if (rc == CURLE_ABORTED_BY_CALLBACK)
        return sage_fail(err, SAGE_ECONFLICT, "http.cancelled", -1, "cancelled");
    if (!rc && !s->bytes) s->no_memory = !(s->bytes = calloc(1, 1));
    if (s->no_memory || rc == CURLE_OUT_OF_MEMORY)
        return sage_fail(err, SAGE_ENOMEM, "http.memory", -1, "no memory");
    if (rc)
        return sage_fail(err, SAGE_EAGAIN, "http.unreachable", rc, "%s",
                         curl_easy_strerror(rc));
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    s->bytes[s->len] = 0;
    *out             = (sage_http_response){(int)status, s->bytes, s->len};
    s->bytes         = NULL;
    return SAGE_OK;
}

sage_status sage_http_call(sage_http *h,
                           const sage_http_request *request,
                           sage_http_response *out,
                           sage_errinfo *err)
{
    struct curl_slist *headers = NULL;
    char *url                  = NULL;
    sink s = {.max     = request->max_response ? request->max_response : DEFAULT_MAX,
              .request = request};
    memset(out, 0, sizeof *out);
    sage_status st = SAGE_OK;
    if (asprintf(&url, "%s%s", h->base, request->path) < 0) url = NULL;
    if (!url || !add_headers(&headers, request))
        st = sage_fail(err, SAGE_ENOMEM, "http.memory", -1, "no memory");
    if (!st) {
        set_options(h->curl, request, url, &s, headers);
        st = finish(h->curl, curl_easy_perform(h->curl), &s, out, err);
    }
    curl_slist_free_all(headers);
    free(s.bytes);
    free(url);
    return st;
}

#include "proto/http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "proto/messages.h"

enum { DEFAULT_TIMEOUT_MS = 30000, DEFAULT_MAX = 64 << 10, CONNECT_TIMEOUT_MS = 5000 };

struct sage_http {
    CURL *curl;
    char *base;
};

/* What the answer's bytes go to. */
typedef struct sink {
    char *bytes;
    size_t len, cap, max;
    bool too_long;
    const sage_http_request *request;
} sink;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool is_loopback(const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (int i = 0; i < 3; i++) {
        size_t n = strlen(names[i]);
        if (!strncmp(host, names[i], n) && strchr(":/", host[n])) return true; /* NUL too */
    }
    return false;
}

static sage_status check_url(const char *url, sage_errinfo *err)
{
    if (!strncmp(url, "https://", 8)) return SAGE_OK;
    if (strncmp(url, "http://", 7))
        return sage_fail(err, SAGE_EINVAL, "http.url", -1,
                         "the coordinator's URL must start with https:// or http://");
    if (!is_loopback(url + 7))
        return sage_fail(
            err, SAGE_EINVAL, "http.plaintext", -1,
            "plain http would show secrets to the network; use https off loopback");
    return SAGE_OK;
}

sage_status sage_http_open(sage_http **out, const char *url, sage_errinfo *err)
{
    *out           = NULL;
    sage_status st = check_url(url, err);
    if (st) return st;
    pthread_once(&once, init_curl);
    sage_http *h = calloc(1, sizeof *h);
    if (h) h->curl = curl_easy_init();
    if (h) h->base = strdup(url);
    if (!h || !h->curl || !h->base) {
        sage_http_close(h);
        return sage_fail(err, SAGE_ENOMEM, "http.open", -1, "no memory");
    }
    for (size_t n = strlen(h->base); n && h->base[n - 1] == '/'; n--)
        h->base[n - 1] = 0;
    *out = h;
    return SAGE_OK;
}

void sage_http_close(sage_http *h)
{
    if (!h) return;
    if (h->curl) curl_easy_cleanup(h->curl);
    free(h->base);
    free(h);
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
        if (!grown) return 0;
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

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char *line;
    if (asprintf(&line, "%s: %s", name, value) < 0) return false;
    struct curl_slist *grown = curl_slist_append(*list, line);
    sage_secret_zero(line, strlen(line));
    free(line);
    if (grown) *list = grown;
    return grown != NULL;
}

static bool add_headers(struct curl_slist **list, const sage_http_request *r)
{
    char bearer[SAGE_HEX32_LEN + 8];
    bool ok = true;
    if (r->bearer) {
        snprintf(bearer, sizeof bearer, "Bearer %s", r->bearer);
        ok = add_header(list, "Authorization", bearer);
        sage_secret_zero(bearer, sizeof bearer);
    }
    if (r->content_type) ok = ok && add_header(list, "Content-Type", r->content_type);
    for (int i = 0; i < SAGE_HTTP_HEADERS && r->headers[i].name; i++)
        ok = ok && add_header(list, r->headers[i].name, r->headers[i].value);
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

/* Turns an error answer into the status it names. */
static sage_status refused(int status, const char *body, size_t len, sage_errinfo *err)
{
    char where[SAGE_NAME_CAP], message[SAGE_REASON_CAP];
    sage_status code;
    if (!body || sage_error_parse(&code, where, message, body, len, NULL) || !code)
        return sage_fail(err, SAGE_EFORMAT, "http.answer", status,
                         "HTTP status %d, not an answer of a coordinator", status);
    return sage_fail(err, code, "http.refused", status, "%.64s: %.160s", where, message);
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
    if (rc)
        return sage_fail(err, SAGE_EAGAIN, "http.unreachable", rc, "%s",
                         curl_easy_strerror(rc));
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    out->status = (int)status;
    if (status < 200 || status > 299) return refused((int)status, s->bytes, s->len, err);
    if (!s->bytes && !(s->bytes = calloc(1, 1)))
        return sage_fail(err, SAGE_ENOMEM, "http.memory", -1, "no memory");
    s->bytes[s->len] = 0;
    out->body        = s->bytes;
    out->len         = s->len;
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

/* http/http_client.h -- one HTTP exchange, bounded in time and size.
 *
 * A client belongs to one thread; it keeps its connection between calls. Plain http is for
 * loopback hosts only, others need https. Redirects are not followed, proxies not used; a URL
 * with a user name in it is refused. */
#ifndef SAGE_HTTP_HTTP_CLIENT_H
#define SAGE_HTTP_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

enum { SAGE_HTTP_HEADERS = 3 };

typedef struct sage_http sage_http;

typedef struct sage_http_request {
    const char *method;       /* "GET" or "POST" */
    const char *path;         /* "/v1/..."; it follows the URL as it is; "" for the URL alone */
    const char *bearer;       /* a secret, or NULL */
    const char *content_type; /* of the body, or NULL for none */
    const void *body;
    size_t body_len;
    struct {
        const char *name, *value; /* further headers; NULL ends them */
    } headers[SAGE_HTTP_HEADERS];
    long timeout_ms;     /* for the whole exchange; 0: 30 s */
    size_t max_response; /* 0: 64 KiB */
    /* May be NULL; called as the exchange goes on, true to break it off. */
    bool (*cancelled)(void *arg);
    void *cancelled_arg;
} sage_http_request;

typedef struct sage_http_response {
    int status;
    char *body; /* malloc'ed, NUL-terminated; the caller frees */
    size_t len;
} sage_http_response;

/* url: "http://127.0.0.1:8080", "https://host" or "https://host/path". SAGE_EINVAL "http.url",
 * "http.plaintext". Slashes at its end are left out. */
SAGE_CHECKED sage_status sage_http_open(sage_http **out, const char *url, sage_errinfo *err);
void sage_http_close(sage_http *h);
/* Scheme, host and port, without what else the URL holds; lives as long as h. */
const char *sage_http_name(const sage_http *h);

/* sage_http_call makes one exchange. Any answer is SAGE_OK and in *out, whatever its status
 * code. Otherwise out->body is NULL and the result is
 *   SAGE_EAGAIN "http.unreachable": no answer arrived; whether the request did is unknown;
 *   SAGE_ELIMIT "http.size": the answer is longer than max_response;
 *   SAGE_ECONFLICT "http.cancelled", SAGE_ENOMEM "http.memory". */
SAGE_CHECKED sage_status sage_http_call(sage_http *h,
                                        const sage_http_request *request,
                                        sage_http_response *out,
                                        sage_errinfo *err);

#endif

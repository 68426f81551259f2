/* Error answers of coordinators as errors here. */
#include "proto/coordinator_client.h"

#include <stdlib.h>

#include "proto/messages.h"

static sage_status refused(const sage_http_response *r, sage_errinfo *err)
{
    char where[SAGE_NAME_CAP], message[SAGE_REASON_CAP];
    sage_status code;
    if (sage_error_parse(&code, where, message, r->body, r->len, NULL) || !code)
        return sage_fail(err, SAGE_EFORMAT, "http.answer", r->status,
                         "HTTP status %d, not an answer of a coordinator", r->status);
    return sage_fail(err, code, "http.refused", r->status, "%.64s: %.160s", where, message);
}

sage_status sage_coordinator_call(sage_http *h,
                                  const sage_http_request *request,
                                  sage_http_response *out,
                                  sage_errinfo *err)
{
    sage_status st = sage_http_call(h, request, out, err);
    if (st || (out->status >= 200 && out->status <= 299)) return st;
    st = refused(out, err);
    free(out->body);
    out->body = NULL;
    out->len  = 0;
    return st;
}

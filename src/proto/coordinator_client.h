/* proto/coordinator_client.h -- one request to a coordinator (http/http_client.h), whose error
 * answers become the status they name. */
#ifndef SAGE_PROTO_COORDINATOR_CLIENT_H
#define SAGE_PROTO_COORDINATOR_CLIENT_H

#include "http/http_client.h"

/* sage_coordinator_call makes one exchange. A 2xx answer is SAGE_OK and in *out. Otherwise
 * out->body is NULL and the result is an error of sage_http_call, or
 *   the coordinator's own code, with its place and message in err->msg ("http.refused");
 *   SAGE_EFORMAT "http.answer": an error answer that is not the protocol's. */
SAGE_CHECKED sage_status sage_coordinator_call(sage_http *h,
                                               const sage_http_request *request,
                                               sage_http_response *out,
                                               sage_errinfo *err);

#endif

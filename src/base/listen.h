/* base/listen.h -- where a server listens, as people write it. */
#ifndef SAGE_BASE_LISTEN_H
#define SAGE_BASE_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/compiler.h"

typedef struct sage_listen {
    struct sockaddr_storage address;
    bool loopback; /* nobody off this machine can connect */
} sage_listen;

/* IPV4:PORT or [IPV6]:PORT, both as digits; port 0 takes a free one. False for another form. */
SAGE_CHECKED bool sage_listen_parse(sage_listen *out, const char *text);

#endif

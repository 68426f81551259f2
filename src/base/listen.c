/* base/listen.c -- reads addresses of servers. */
#include "base/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* The port after the last colon; -1 if there is none. */
static long read_port(const char *colon)
{
    size_t n = colon ? strspn(colon + 1, "0123456789") : 0;
    if (!n || n > 5 || colon[1 + n]) return -1;
    long port = strtol(colon + 1, NULL, 10);
    return port <= 65535 ? port : -1;
}

static bool read_v4(struct sockaddr_in *a, const char *host, uint16_t port, bool *loopback)
{
    a->sin_family = AF_INET;
    a->sin_port   = htons(port);
    if (inet_pton(AF_INET, host, &a->sin_addr) != 1) return false;
    *loopback = ntohl(a->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return true;
}

static bool read_v6(struct sockaddr_in6 *a, const char *host, uint16_t port, bool *loopback)
{
    a->sin6_family = AF_INET6;
    a->sin6_port   = htons(port);
    if (inet_pton(AF_INET6, host, &a->sin6_addr) != 1) return false;
    *loopback = IN6_IS_ADDR_LOOPBACK(&a->sin6_addr);
    return true;
}

bool sage_listen_parse(sage_listen *out, const char *text)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    long port         = read_port(colon);
    memset(out, 0, sizeof *out);
    if (port < 0) return false;
    size_t n = (size_t)(colon - text);
    bool v6  = n >= 2 && text[0] == '[' && text[n - 1] == ']';
    if (v6) text++, n -= 2;
    if (n >= sizeof host) return false;
    memcpy(host, text, n);
    host[n] = 0;
    return v6 ? read_v6((struct sockaddr_in6 *)&out->address, host, (uint16_t)port,
                        &out->loopback)
              : read_v4((struct sockaddr_in *)&out->address, host, (uint16_t)port,
                        &out->loopback);
}

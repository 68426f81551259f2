/* bench_devnet: requests a second of the local chain, one JSON line each, of wall time, and the
 * CPU time of a request. Server and client are this process: one client thread keeps CONNECTIONS connections busy, each with one
 * request at a time. Transfers are signed beforehand; the node checks each signature, and answers
 * when the transfer is on disk. usage: bench_devnet [SECONDS]; the chain lies in $TMPDIR or /tmp. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "devnet/server.h"
#include "devnet/test_wallet.h"
#include "field/felt252_text.h"
#include "starknet/address.h"
#include "timing.h"

enum { CONNECTIONS = 64, BUFFER = 1 << 16, TRANSFERS = 150 /* a connection */ };

typedef struct client {
    int fd;
    char *request;
    size_t request_len, sent, got;
    char *answer;
    uint32_t next; /* of its transfers */
} client;

static client links[CONNECTIONS];
static struct pollfd polled[CONNECTIONS];
static char *transfers[CONNECTIONS][TRANSFERS];

static void die(const char *what)
{
    fprintf(stderr, "bench_devnet: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void open_links(uint16_t port)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    for (int i = 0; i < CONNECTIONS; i++) {
        int on      = 1;
        links[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(links[i].fd, (struct sockaddr *)&a, sizeof a)) die("connect");
        setsockopt(links[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        links[i].answer = malloc(BUFFER);
        if (!links[i].answer) die("memory");
        polled[i].fd = links[i].fd;
    }
}

/* The whole HTTP request with this body. */
static char *as_http(const char *body)
{
    char *text;
    if (asprintf(&text,
                 "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 strlen(body), body) < 0)
        die("memory");
    return text;
}

static void begin(client *l, char *request)
{
    l->request     = request;
    l->request_len = strlen(request);
    l->got         = 0;
    if (send(l->fd, request, l->request_len, 0) != (ssize_t)l->request_len) die("send");
}

/* True when the answer is whole; it must be a result. */
static bool take(client *l)
{
    ssize_t n = recv(l->fd, l->answer + l->got, BUFFER - 1 - l->got, 0);
    if (n <= 0) die("recv");
    l->got += (size_t)n;
    l->answer[l->got] = 0;
    char *body        = strstr(l->answer, "\r\n\r\n");
    char *length      = strstr(l->answer, "Content-Length: ");
    if (!body || !length) return false;
    if ((size_t)(l->answer + l->got - body - 4) < strtoul(length + 16, NULL, 10)) return false;
    if (!strstr(body, "\"result\":")) {
        fprintf(stderr, "bench_devnet: %s\n", body);
        exit(1);
    }
    return true;
}

/* Calls turn(l) for each link whose answer came, until it has said NULL for each. */
static uint64_t drive(char *(*turn)(client *l, uint64_t until), uint64_t until)
{
    uint64_t done = 0;
    int busy      = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        char *request    = turn(&links[i], until);
        polled[i].events = request ? POLLIN : 0;
        if (request) begin(&links[i], request), busy++;
    }
    while (busy) {
        if (poll(polled, CONNECTIONS, 10000) <= 0) die("poll");
        for (int i = 0; i < CONNECTIONS; i++) {
            if (!(polled[i].revents & (POLLIN | POLLHUP)) || !polled[i].events) continue;
            if (!take(&links[i])) continue;
            done++;
            char *request = turn(&links[i], until);
            if (request) {
                begin(&links[i], request);
            } else {
                polled[i].events = 0;
                busy--;
            }
        }
    }
    return done;
}

static char *same_request;

static char *repeat(client *l, uint64_t until)
{
    (void)l;
    return sage_clock_mono_ms() < until ? same_request : NULL;
}

static char *next_transfer(client *l, uint64_t until)
{
    (void)until;
    return l->next < TRANSFERS ? transfers[l - links][l->next++] : NULL;
}

/* When a measurement began, on both clocks. */
typedef struct start_point {
    double wall, cpu;
} start_point;

static start_point begin_now(void)
{
    return (start_point){bench_ns(CLOCK_MONOTONIC), bench_ns(CLOCK_PROCESS_CPUTIME_ID)};
}

static void report(const char *what, uint64_t n, start_point from)
{
    double s   = (bench_ns(CLOCK_MONOTONIC) - from.wall) / 1e9;
    double cpu = (bench_ns(CLOCK_PROCESS_CPUTIME_ID) - from.cpu) / 1e3;
    printf("{\"bench\":\"devnet\",\"what\":\"%s\",\"connections\":%d,\"requests\":%llu,"
           "\"seconds\":%.3f,\"per_second\":%.0f,\"cpu_us\":%.1f}\n",
           what, CONNECTIONS, (unsigned long long)n, s, (double)n / s, cpu / (double)n);
    fflush(stdout);
}

static void
bench_read(const char *what, const char *method, const char *params, uint64_t seconds)
{
    char body[1024];
    snprintf(body, sizeof body,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}", method, params);
    same_request     = as_http(body);
    start_point from = begin_now();
    report(what, drive(repeat, sage_clock_mono_ms() + seconds * 1000), from);
    free(same_request);
}

static void bench_transfers(const sage_chain *chain)
{
    for (uint32_t i = 0; i < CONNECTIONS; i++) {
        sage_predeployed from = sage_chain_account(chain, i);
        for (uint32_t k = 0; k < TRANSFERS; k++) {
            sage_tx t       = sage_test_transfer(&from, felt252_from_u64(4096 + i), 1, k,
                                                 sage_chain_settings(chain)->chain_id);
            char *body      = sage_test_request(&t);
            transfers[i][k] = as_http(body);
            free(body);
        }
    }
    start_point from = begin_now();
    report("transfer", drive(next_transfer, 0), from);
}

static void bench_reads(const sage_chain *chain, uint64_t seconds)
{
    char of[SAGE_FELT_HEX], strk[SAGE_FELT_HEX], selector[SAGE_FELT_HEX], params[512];
    sage_felt_to_hex(of, sage_chain_account(chain, 0).address);
    sage_felt_to_hex(strk, sage_chain_contract("STRK"));
    sage_felt_to_hex(selector, sage_selector("balanceOf"));
    bench_read("blockNumber", "starknet_blockNumber", "[]", seconds);
    snprintf(params, sizeof params, "[\"latest\",\"%s\"]", of);
    bench_read("getNonce", "starknet_getNonce", params, seconds);
    snprintf(
        params, sizeof params,
        "[{\"contract_address\":\"%s\",\"entry_point_selector\":\"%s\",\"calldata\":[\"%s\"]"
        "},\"latest\"]",
        strk, selector, of);
    bench_read("balanceOf", "starknet_call", params, seconds);
    bench_read("getBlockWithTxHashes", "starknet_getBlockWithTxHashes",
               "[{\"block_number\":0}]", seconds);
}

int main(int argc, char **argv)
{
    char folder[256], command[300];
    const char *top  = getenv("TMPDIR");
    uint64_t seconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 3;
    sage_errinfo err = {0};
    sage_chain *chain;
    sage_node *node;
    snprintf(folder, sizeof folder, "%s/sage-bench-XXXXXX", top ? top : "/tmp");
    if (!mkdtemp(folder)) die("mkdtemp");
    sage_chain_options o = sage_chain_defaults();
    sage_node_options n  = sage_node_defaults();
    o.data_dir           = folder;
    o.n_accounts         = CONNECTIONS;
    n.listen             = "127.0.0.1:0";
    if (sage_chain_open(&chain, &o, &err) || sage_node_start(&node, chain, &n, &err)) {
        fprintf(stderr, "bench_devnet: %s\n", err.msg);
        return 1;
    }
    open_links(sage_node_port(node));
    bench_transfers(chain);
    bench_reads(chain, seconds);
    sage_node_stop(node, 1000);
    sage_chain_close(chain);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) != 0;
}

/* http/test_server.h -- a server for tests that does to its clients what a test says: answers,
 * late, cut off, or not at all. One connection at a time, a thread of its own. */
#ifndef SAGE_HTTP_TEST_SERVER_H
#define SAGE_HTTP_TEST_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct sage_test_reply {
    int status;       /* 0: 200 */
    const char *body; /* lives until the next call */
    size_t len;       /* 0: strlen(body) */
    bool drop;        /* close without a word */
    bool cut;         /* close after half of the body */
    int delay_ms;     /* before the answer */
} sage_test_reply;

typedef struct sage_test_server {
    char url[64];
    int listener;
    pthread_t thread;
    pthread_mutex_t lock; /* held while answer runs: hold it to change what it reads */
    atomic_int stop, n_requests;
    /* Called on the server's thread, lock held, with the request's path and body. */
    void (*answer)(void *arg, const char *path, const char *body, sage_test_reply *out);
    void *arg;
} sage_test_server;

/* answer and arg are set; the rest is filled in. Failures end the process. */
void sage_test_server_start(sage_test_server *s);
void sage_test_server_stop(sage_test_server *s);

#endif

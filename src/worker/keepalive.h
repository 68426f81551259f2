/* worker/keepalive.h -- the thread that extends a lease while its job is worked on. */
#ifndef SAGE_WORKER_KEEPALIVE_H
#define SAGE_WORKER_KEEPALIVE_H

#include <pthread.h>

#include "worker/worker.h"

typedef struct sage_keepalive {
    const char *url;
    sage_id lease;
    sage_hex32 token, secret;
    int64_t lease_ms;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    char stage[SAGE_NAME_CAP];
    int64_t permille;
    bool ended, lost;
} sage_keepalive;

/* Beats a third of the lease time apart, at least 100 ms and at most 10 s; a beat that gets
 * no answer is dropped, the next is on time. SAGE_EAGAIN "keepalive.thread". */
SAGE_CHECKED sage_status sage_keepalive_start(sage_keepalive *k,
                                              const char *url,
                                              const sage_identity *id,
                                              const sage_grant *g,
                                              sage_errinfo *err);
void sage_keepalive_progress(sage_keepalive *k, const char *stage, int64_t permille);
/* Whether the coordinator said that the lease is over. */
bool sage_keepalive_lost(sage_keepalive *k);
void sage_keepalive_stop(sage_keepalive *k);

#endif

/* worker/backoff.h -- waiting between tries: doubling to a bound, with jitter. */
#ifndef SAGE_WORKER_BACKOFF_H
#define SAGE_WORKER_BACKOFF_H

#include <stdatomic.h>
#include <stdint.h>

enum { SAGE_BACKOFF_FIRST_MS = 200, SAGE_BACKOFF_MAX_MS = 10000 };

typedef struct sage_backoff {
    uint32_t tries;
} sage_backoff;

/* The next wait: between half and all of min(FIRST * 2^tries, MAX), so that workers that
 * lost the same coordinator do not come back together. */
int64_t sage_backoff_next(sage_backoff *b);
/* Sleeps that long, or until *stop is not zero. */
void sage_backoff_sleep(sage_backoff *b, const atomic_int *stop);

#endif

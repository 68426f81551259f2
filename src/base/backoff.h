/* base/backoff.h -- waiting between tries: doubling to a bound, with jitter. */
#ifndef SAGE_BASE_BACKOFF_H
#define SAGE_BASE_BACKOFF_H

#include <stdatomic.h>
#include <stdint.h>

enum { SAGE_BACKOFF_FIRST_MS = 200, SAGE_BACKOFF_MAX_MS = 10000 };

typedef struct sage_backoff {
    uint32_t tries;
} sage_backoff;

/* The next wait: between half and all of min(FIRST * 2^tries, MAX), so that clients that
 * lost the same server do not come back together. */
int64_t sage_backoff_next(sage_backoff *b);
/* Sleeps that long, or until *stop, which may be NULL, is not zero. */
void sage_backoff_sleep(sage_backoff *b, const atomic_int *stop);

#endif

#include "base/backoff.h"

#include <time.h>

#include "base/clock.h"
#include "base/random.h"

enum { NAP_MS = 50 };

int64_t sage_backoff_next(sage_backoff *b)
{
    uint32_t noise;
    int64_t ms = SAGE_BACKOFF_MAX_MS;
    if (b->tries < 16 && SAGE_BACKOFF_FIRST_MS << b->tries < ms)
        ms = SAGE_BACKOFF_FIRST_MS << b->tries;
    b->tries++;
    if (sage_random_fill(&noise, sizeof noise, NULL)) noise = 0;
    return ms / 2 + (int64_t)(noise % (uint32_t)(ms / 2 + 1));
}

void sage_backoff_sleep(sage_backoff *b, const atomic_int *stop)
{
    uint64_t until = sage_clock_mono_ms() + (uint64_t)sage_backoff_next(b);
    while (!(stop && atomic_load(stop)) && sage_clock_mono_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
}

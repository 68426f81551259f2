/* base/clock.h -- time. Thread safe; cannot fail on Linux. */
#ifndef SAGE_BASE_CLOCK_H
#define SAGE_BASE_CLOCK_H

#include <stdint.h>

#include "base/compiler.h"

/* Time since an arbitrary start, never going back: for durations and deadlines. */
uint64_t sage_clock_mono_ns(void);
uint64_t sage_clock_mono_ms(void);

/* Milliseconds since 1970-01-01 UTC; may jump when the clock is set. For records only. */
uint64_t sage_clock_real_ms(void);

enum { SAGE_CLOCK_TEXT = 25 }; /* "2026-01-31T23:59:59.999Z" and a NUL */

/* sage_clock_format writes real_ms as RFC 3339 in UTC. Years 1970 to 9999; later times read
 * as the last millisecond of 9999. */
void sage_clock_format(char out[SAGE_CLOCK_TEXT], uint64_t real_ms);

#endif

#include "base/clock.h"

#include <time.h>

static uint64_t read_ns(clockid_t id)
{
    struct timespec t = {0};
    clock_gettime(id, &t); /* EINVAL for an unknown id is its only failure */
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t sage_clock_mono_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}
uint64_t sage_clock_mono_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / 1000000u;
}
uint64_t sage_clock_real_ms(void)
{
    return read_ns(CLOCK_REALTIME) / 1000000u;
}

typedef struct date {
    unsigned year, month, day;
} date;

/* Days since 1970-01-01 to a Gregorian date. Years are counted from 1 March, so that the
 * leap day ends the year and the month lengths 31,30,31,30,31,31,30,31,30,31,31 follow
 * (153 m + 2) / 5; 719468 days lie between 0000-03-01 and 1970-01-01, 146097 in 400 years. */
static date civil_date(uint64_t days)
{
    uint64_t z       = days + 719468;
    uint64_t era     = z / 146097;
    unsigned in_era  = (unsigned)(z % 146097);
    unsigned of_era  = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    unsigned in_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
    unsigned shifted = (5 * in_year + 2) / 153; /* 0 is March */
    date d           = {
                  .year  = (unsigned)(era * 400) + of_era + (shifted >= 10),
                  .month = shifted < 10 ? shifted + 3 : shifted - 9,
                  .day   = in_year - (153 * shifted + 2) / 5 + 1,
    };
    return d;
}

static char *put(char *at, unsigned value, unsigned digits, char after)
{
    for (unsigned i = digits; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    at[digits] = after;
    return at + digits + 1;
}

void sage_clock_format(char out[SAGE_CLOCK_TEXT], uint64_t real_ms)
{
    const uint64_t last = 253402300799999u; /* 9999-12-31T23:59:59.999Z */
    if (real_ms > last) real_ms = last;
    unsigned ms     = (unsigned)(real_ms % 1000);
    uint64_t s      = real_ms / 1000;
    unsigned in_day = (unsigned)(s % 86400);
    date d          = civil_date(s / 86400);
    char *at        = put(out, d.year, 4, '-');
    at              = put(at, d.month, 2, '-');
    at              = put(at, d.day, 2, 'T');
    at              = put(at, in_day / 3600, 2, ':');
    at              = put(at, in_day / 60 % 60, 2, ':');
    at              = put(at, in_day % 60, 2, '.');
    at              = put(at, ms, 3, 'Z');
    *at             = 0;
}

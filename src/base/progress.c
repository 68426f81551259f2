#include "base/progress.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { WIDTH = 30, REDRAW_MS = 100 };

void sage_progress_begin_on(sage_progress *p, FILE *to, bool terminal, const char *title)
{
    *p = (sage_progress){.to       = to,
                         .title    = title,
                         .terminal = terminal,
                         .start_ms = sage_clock_mono_ms(),
                         .tenths   = -1};
}

void sage_progress_begin(sage_progress *p, const char *title)
{
    sage_progress_begin_on(p, stderr, isatty(STDERR_FILENO) == 1, title);
}

static double elapsed_s(const sage_progress *p)
{
    return (double)(sage_clock_mono_ms() - p->start_ms) / 1000.0;
}

static void draw_bar(sage_progress *p, const char *stage)
{
    char bar[WIDTH + 1];
    int full = (int)(p->reached * WIDTH);
    memset(bar, '#', (size_t)full);
    memset(bar + full, '.', (size_t)(WIDTH - full));
    bar[WIDTH] = 0;
    fprintf(p->to, "\r%s [%s] %3d%% %6.1f s  %-16.16s", p->title, bar, (int)(p->reached * 100),
            elapsed_s(p), stage);
    fflush(p->to);
}

static void draw_line(sage_progress *p, const char *stage)
{
    fprintf(p->to, "%s: %3d%% %6.1f s  %s\n", p->title, (int)(p->reached * 100), elapsed_s(p),
            stage);
    fflush(p->to);
}

void sage_progress_update(void *arg, const char *stage, double fraction)
{
    sage_progress *p = arg;
    if (fraction > 1) fraction = 1;
    if (fraction > p->reached) p->reached = fraction;
    if (p->terminal) {
        uint64_t now = sage_clock_mono_ms();
        if (p->drawn && now - p->drawn_ms < REDRAW_MS) return;
        p->drawn    = true;
        p->drawn_ms = now;
        draw_bar(p, stage);
        return;
    }
    int tenths = (int)(p->reached * 10);
    if (tenths == p->tenths) return;
    p->tenths = tenths;
    draw_line(p, stage);
}

void sage_progress_end(sage_progress *p, bool success)
{
    bool told = p->tenths == 10; /* a line has already said 100 % */
    if (success) p->reached = 1;
    if (p->terminal) {
        draw_bar(p, success ? "done" : "stopped");
        fputc('\n', p->to);
        fflush(p->to);
    } else if (!success || !told) {
        draw_line(p, success ? "done" : "stopped");
    }
}

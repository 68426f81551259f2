#include "app/timeline.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

/* Bytes of this process in memory, 0 if the system does not say. */
static uint64_t resident_bytes(void)
{
    unsigned long long size, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f) return 0;
    if (fscanf(f, "%llu %llu", &size, &resident) != 2) resident = 0;
    fclose(f);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

void timeline_begin(timeline *t)
{
    t->n = t->n_lost = 0;
    t->start_ns      = sage_clock_mono_ns();
}

void timeline_mark(void *arg, const char *stage, const char *part, int begin)
{
    timeline *t = arg;
    if (t->n == TIMELINE_EVENTS) {
        t->n_lost++;
        return;
    }
    t->event[t->n++] =
        (timeline_event){stage, part, sage_clock_mono_ns(), resident_bytes(), begin};
}

/* Names are the prover's own words: nothing in them needs an escape. */
static void put_event(FILE *f, const timeline_event *e, double us)
{
    fprintf(f, ",\n{\"name\":\"%s%s%s\",\"cat\":\"%s\",\"ph\":\"%s\",\"pid\":1,\"tid\":1,",
            e->stage, e->part ? ": " : "", e->part ? e->part : "", e->part ? "part" : "stage",
            e->begin ? "B" : "E");
    fprintf(f, "\"ts\":%.3f}", us);
    fprintf(f,
            ",\n{\"name\":\"resident memory\",\"ph\":\"C\",\"pid\":1,\"ts\":%.3f,"
            "\"args\":{\"MiB\":%.1f}}",
            us, (double)e->resident / 1048576.0);
}

static void put_events(FILE *f, const timeline *t, const char *title)
{
    fprintf(f,
            "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
            "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":1,"
            "\"args\":{\"name\":\"%s\"}}",
            title);
    for (uint32_t i = 0; i < t->n; i++)
        put_event(f, &t->event[i], (double)(t->event[i].ns - t->start_ns) / 1e3);
    fputs("\n]}\n", f);
}

sage_status
timeline_write(const timeline *t, const char *title, const char *path, sage_errinfo *err)
{
    char *text = NULL;
    size_t len = 0;
    if (t->n_lost)
        return sage_fail(err, SAGE_ELIMIT, "timeline.events", t->n_lost,
                         "%u stages more than a timeline holds", t->n_lost);
    FILE *f = open_memstream(&text, &len);
    if (!f) return sage_fail(err, SAGE_ENOMEM, "timeline.memory", -1, "no memory");
    put_events(f, t, title);
    bool failed   = ferror(f);
    failed        = fclose(f) || failed;
    sage_status s = failed ? sage_fail(err, SAGE_ENOMEM, "timeline.memory", -1, "no memory")
                           : sage_file_write(path, text, len, 0644, err);
    free(text);
    return s;
}

/* app/timeline.h -- when a proof's stages ran, as a file for chrome://tracing and Perfetto.
 *
 * Model: a list of begins and ends as sage_stage_fn tells them, each with the time and with what
 * this process has in memory then. Stages nest, so the file does. */
#ifndef SAGE_APP_TIMELINE_H
#define SAGE_APP_TIMELINE_H

#include "sage/prove.h"

enum { TIMELINE_EVENTS = 8192 };

typedef struct timeline_event {
    const char *stage, *part; /* static; part may be NULL */
    uint64_t ns, resident;
    int begin;
} timeline_event;

typedef struct timeline {
    timeline_event event[TIMELINE_EVENTS];
    uint32_t n, n_lost; /* those past the last place are only counted */
    uint64_t start_ns;
} timeline;

void timeline_begin(timeline *t);
/* A sage_stage_fn; arg is a timeline. */
void timeline_mark(void *t, const char *stage, const char *part, int begin);

/* Writes trace events (the JSON object form): a span for each stage, a counter of memory. title
 * names the process. SAGE_ELIMIT "timeline.events" if some were lost, SAGE_ENOMEM
 * "timeline.memory", and errors of sage_file_write. */
SAGE_CHECKED sage_status timeline_write(const timeline *t,
                                        const char *title,
                                        const char *path,
                                        sage_errinfo *err);

#endif

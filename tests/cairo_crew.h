/* cairo_crew.h -- runs many small checks in two processes, so that a crash of the code under
 * test is reported with the check that did it, and a long run says how far it is. */
#ifndef TESTS_CAIRO_CREW_H
#define TESTS_CAIRO_CREW_H

#include "cairo_felts.h"
#include "cairo_judge.h"

enum { CREW_MAX_WRONG = 8, CREW_MESSAGE = 200 };

/* What one process found; summed up at the end. Lives in memory that both share. */
typedef struct crew_report {
    cairo_reasons by[SECTIONS];
    uint32_t done, current; /* checks done, check at work */
    uint32_t n_wrong;
    char wrong[CREW_MAX_WRONG][CREW_MESSAGE];
} crew_report;

/* One check. It must not end the test, but call crew_wrong. */
typedef void (*crew_check)(void *arg, uint32_t task, crew_report *r);

void crew_wrong(crew_report *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks 0 .. tasks - 1, all of them whatever is found; then fails the test if a check was
 * wrong or a process died. Writes by a check stay in its process. progress: a line every
 * 30 s. */
void crew_run(uint32_t tasks, crew_check check, void *arg, bool progress, crew_report *sum);

/* A table: per section how often each reason was given. */
void crew_print(const crew_report *sum);

#endif

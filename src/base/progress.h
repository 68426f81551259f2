/* base/progress.h -- how far a long job is, on standard error.
 *
 * Model: a bar that redraws itself on a terminal, at most ten times a second; elsewhere
 * (a file, a pipe, CI) a line when another tenth is reached. Not thread safe. */
#ifndef SAGE_BASE_PROGRESS_H
#define SAGE_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/compiler.h"

typedef struct sage_progress {
    FILE *to;
    const char *title;
    bool terminal, drawn;
    uint64_t start_ms, drawn_ms;
    int tenths;     /* the last line's, -1: none */
    double reached; /* the largest fraction so far */
} sage_progress;

/* sage_progress_begin starts a bar on stderr. title is static, a few words. */
void sage_progress_begin(sage_progress *p, const char *title);

/* sage_progress_begin_on: the same on any stream, told whether it is a terminal. */
void sage_progress_begin_on(sage_progress *p, FILE *to, bool terminal, const char *title);

/* sage_progress_update shows `fraction` in [0, 1] (values outside are clamped, a smaller one
 * than before keeps the bar where it was) and the name of the stage. The arguments are in
 * the order of sage_progress_fn, so that &p can be its arg. */
void sage_progress_update(void *p, const char *stage, double fraction);

/* sage_progress_end finishes the line: full and "done" on success, else "stopped". Off a
 * terminal a success that a line of 100 % has already told adds none. */
void sage_progress_end(sage_progress *p, bool success);

#endif

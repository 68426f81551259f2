/* base/tasks.h -- a fixed number of threads over a bounded queue. */
#ifndef SAGE_BASE_TASKS_H
#define SAGE_BASE_TASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

/* The owner of a task embeds it; it is in at most one queue. */
typedef struct sage_task {
    struct sage_task *next;
} sage_task;

typedef struct sage_tasks sage_tasks;

/* run(task) is called on one of n_threads threads, in order of submission. SAGE_ENOMEM,
 * SAGE_EAGAIN "tasks.thread". */
SAGE_CHECKED sage_status sage_tasks_start(sage_tasks **out,
                                          uint32_t n_threads,
                                          uint32_t max,
                                          void (*run)(sage_task *task),
                                          sage_errinfo *err);
/* False if max tasks wait already. */
bool sage_tasks_put(sage_tasks *t, sage_task *task);
/* Runs what is queued, then ends the threads. */
void sage_tasks_stop(sage_tasks *t);

#endif

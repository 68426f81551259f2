/* worker/child.h -- the process that proves, as its parent sees it. */
#ifndef SAGE_WORKER_CHILD_H
#define SAGE_WORKER_CHILD_H

#include <sys/types.h>

#include "worker/worker.h"

typedef struct sage_child {
    pid_t pid;
    int progress_fd;
    char line[256]; /* of progress, as far as it arrived */
    size_t n_line;
    char why[SAGE_REASON_CAP]; /* the child's own words on its failure */
} sage_child;

/* Starts this program again as `prove-child` on spool folder job_dir. It dies with the
 * calling thread, which must be the one that lives as long as the process: the main one.
 * SAGE_EIO "child.start". */
SAGE_CHECKED sage_status sage_child_start(sage_child *c,
                                          const char *job_dir,
                                          const sage_worker_options *o,
                                          sage_errinfo *err);
/* Waits at most wait_ms for progress or the end. on_progress gets each line. Returns true
 * when the child has ended and was reaped; *status then says how it ended: SAGE_OK, or an
 * error that tells why ("child.exit" with the exit code in err->at, "child.signal"). */
bool sage_child_poll(sage_child *c,
                     int wait_ms,
                     void (*on_progress)(void *arg, const char *stage, int64_t permille),
                     void *arg,
                     sage_status *status,
                     sage_errinfo *err);
/* Kills and reaps. */
void sage_child_kill(sage_child *c);

#endif

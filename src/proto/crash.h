/* proto/crash.h -- a debug hook that kills the process at a named point.
 *
 * With SAGE_CRASH_AT=<point> in the environment, the process sends itself SIGKILL when it
 * reaches the point, or with SAGE_CRASH_AT=<point>:<n> when it reaches it for the n-th time.
 * SAGE_CRASH_ONCE=<file> lets only the process that creates the file die, so that its
 * successors with the same environment live. The crash tests walk the list below. Whoever sets the environment of a process can end it
 * anyway, so the hook gives nobody anything; -DSAGE_CRASH_POINTS=OFF leaves it out. */
#ifndef SAGE_PROTO_CRASH_H
#define SAGE_PROTO_CRASH_H

/* Every point, in the order of the path; client, coordinator, worker as the prefix says. */
#define SAGE_CRASH_LIST(X)                                                                     \
    X("coordinator.submit.blob")     /* input stored, job not */                               \
    X("coordinator.submit.commit")   /* job committed, answer not sent */                      \
    X("coordinator.lease.commit")    /* lease committed, answer not sent */                    \
    X("worker.lease.received")       /* granted, nothing on the worker's disk */               \
    X("worker.lease.spooled")        /* grant on disk */                                       \
    X("worker.input.fetched")        /* input on disk */                                       \
    X("worker.prove.started")        /* the child runs */                                      \
    X("child.prove.middle")          /* in the child, half way */                              \
    X("worker.proof.spooled")        /* proof on disk, not verified */                         \
    X("worker.proof.verified")       /* not yet sent */                                        \
    X("coordinator.result.received") /* proof stored, not verified */                          \
    X("coordinator.result.verified") /* not yet committed */                                   \
    X("coordinator.result.commit")   /* paid, answer not sent */                               \
    X("worker.result.answered")      /* paid, spool not cleared */

#ifdef SAGE_CRASH_POINTS
void sage_crash_point(const char *name);
#else
static inline void sage_crash_point(const char *name)
{
    (void)name;
}
#endif

#endif

#include "proto/crash.h"

#ifdef SAGE_CRASH_POINTS
#    include <fcntl.h>
#    include <signal.h>
#    include <stdatomic.h>
#    include <stdlib.h>
#    include <string.h>
#    include <unistd.h>

/* Whether this process is the one that made the file. */
static int is_first(const char *file)
{
    int fd = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

void sage_crash_point(const char *name)
{
    static atomic_int reached;
    const char *at = getenv("SAGE_CRASH_AT"), *once = getenv("SAGE_CRASH_ONCE");
    if (!at) return;
    size_t len = strlen(name);
    if (strncmp(at, name, len) || (at[len] && at[len] != ':')) return;
    int want = at[len] ? atoi(at + len + 1) : 1;
    if (atomic_fetch_add(&reached, 1) + 1 != want) return;
    if (!once || is_first(once)) raise(SIGKILL);
}
#endif

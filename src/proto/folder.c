#include "proto/folder.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static sage_status make_one(const char *path, sage_errinfo *err)
{
    if (!mkdir(path, 0700) || errno == EEXIST) return SAGE_OK;
    return sage_fail(err, SAGE_EIO, "folder.make", errno, "cannot create %.150s: %s", path,
                     strerror(errno));
}

sage_status sage_folder_make(const char *path, sage_errinfo *err)
{
    char copy[PATH_MAX];
    sage_status st = SAGE_OK;
    size_t len     = strlen(path);
    if (len >= sizeof copy)
        return sage_fail(err, SAGE_ELIMIT, "folder.path", (long long)len,
                         "the path is too long");
    memcpy(copy, path, len + 1);
    for (char *slash = copy; !st && *slash && (slash = strchr(slash + 1, '/')); *slash = '/') {
        *slash = 0;
        st     = make_one(copy, err);
    }
    return st ? st : make_one(path, err);
}

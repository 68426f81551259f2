/* cairo/cache_file.h -- a large file that is made beside its name, and is there whole or not at
 * all.
 *
 * The builder holds a lock on the file while it grows. A crash leaves the file without its
 * lock, and the next builder of that name removes it. */
#ifndef SAGE_CAIRO_CACHE_FILE_H
#define SAGE_CAIRO_CACHE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum { SAGE_CACHE_PATH = 4096 };

typedef struct sage_cache_file {
    int fd;
    char dir[SAGE_CACHE_PATH], path[SAGE_CACHE_PATH], temporary[SAGE_CACHE_PATH];
} sage_cache_file;

/* sage_cache_file_begin makes the folder and those above it (0700) where they are missing,
 * removes what crashed builders of that name left, and makes a new file (0600) with room for
 * `bytes` on the disk. SAGE_EIO "prove.cache.write" with path and reason, SAGE_EINVAL
 * "prove.cache.dir" for a name too long; nothing is left then. */
SAGE_CHECKED sage_status sage_cache_file_begin(
    sage_cache_file *f, const char *dir, const char *name, uint64_t bytes, sage_errinfo *err);
/* SAGE_EIO "prove.cache.write". */
SAGE_CHECKED sage_status sage_cache_file_put(
    sage_cache_file *f, uint64_t offset, const void *bytes, size_t len, sage_errinfo *err);
/* Asks that what was written there goes to the disk now: a sync at the end waits less. */
void sage_cache_file_start_sync(sage_cache_file *f, uint64_t offset, uint64_t len);
/* Ends it: keep gives it its name, with everything on the disk; else, and on SAGE_EIO
 * "prove.cache.write", it is removed. */
SAGE_CHECKED sage_status sage_cache_file_end(sage_cache_file *f, bool keep, sage_errinfo *err);

/* Reads exactly len bytes. SAGE_EFORMAT "prove.cache.format" where the file ends before,
 * SAGE_EIO "prove.cache.read"; path is for the message. */
SAGE_CHECKED sage_status sage_cache_get(
    int fd, const char *path, uint64_t offset, void *bytes, size_t len, sage_errinfo *err);

#endif

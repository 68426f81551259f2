#include "cairo/cache_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/random.h"

enum { TRIES = 16 };

static sage_status failed(sage_errinfo *err, const char *path)
{
    return sage_fail(err, SAGE_EIO, "prove.cache.write", -1, "%.160s: %s", path,
                     strerror(errno));
}

/* ---- names ---- */

static sage_status
join(char out[SAGE_CACHE_PATH], const char *dir, const char *name, sage_errinfo *err)
{
    int n = snprintf(out, SAGE_CACHE_PATH, "%s/%s", dir, name);
    if (dir[0] && n >= 0 && n < SAGE_CACHE_PATH) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "prove.cache.dir", -1, "%s",
                     dir[0] ? "the folder's name is too long" : "an empty folder name");
}

static sage_status make_folder(const char *path, sage_errinfo *err)
{
    if (!mkdir(path, 0700) || errno == EEXIST) return SAGE_OK;
    return failed(err, path);
}

/* dir, and every folder on the way to it. */
static sage_status make_folders(const char *dir, sage_errinfo *err)
{
    char path[SAGE_CACHE_PATH];
    sage_status s = SAGE_OK;
    strcpy(path, dir); /* join() saw that it fits */
    for (char *p = path + 1; !s && *p; p++) {
        if (*p != '/') continue;
        *p = 0;
        s  = make_folder(path, err);
        *p = '/';
    }
    return s ? s : make_folder(path, err);
}

/* ---- what crashed builders left ---- */

/* A file that nobody has locked has no builder any more: the kernel drops a lock with its
 * process. Where the file system knows no locks nothing is removed. */
static void remove_if_left(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return;
    if (!flock(fd, LOCK_EX | LOCK_NB)) unlink(path);
    close(fd);
}

static void sweep(const char *dir, const char *prefix)
{
    char path[SAGE_CACHE_PATH];
    size_t len = strlen(prefix);
    DIR *d     = opendir(dir);
    if (!d) return; /* the builder's own file will say why */
    for (struct dirent *e; (e = readdir(d));)
        if (!strncmp(e->d_name, prefix, len) && !join(path, dir, e->d_name, NULL))
            remove_if_left(path);
    closedir(d);
}

/* ---- the new file ---- */

static sage_status temporary_name(sage_cache_file *f, const char *prefix, sage_errinfo *err)
{
    uint8_t salt[8];
    char digits[2 * sizeof salt + 1], name[256];
    sage_status s = sage_random_fill(salt, sizeof salt, err);
    if (s) return s;
    sage_hex_encode(digits, salt, sizeof salt);
    snprintf(name, sizeof name, "%s%s", prefix, digits);
    return join(f->temporary, f->dir, name, err);
}

/* A sweeper may lock and remove the file before its builder has the lock: then once more. */
static sage_status create(sage_cache_file *f, const char *prefix, sage_errinfo *err)
{
    for (int i = 0; i < TRIES; i++) {
        struct stat st;
        sage_status s = temporary_name(f, prefix, err);
        if (s) return s;
        f->fd = open(f->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                     (mode_t)0600);
        if (f->fd < 0) return failed(err, f->temporary);
        while (flock(f->fd, LOCK_EX) && errno == EINTR)
            ;
        if (!fstat(f->fd, &st) && st.st_nlink) return SAGE_OK;
        close(f->fd);
    }
    errno = EBUSY;
    return failed(err, f->temporary);
}

/* Blocks for all of it, so that a full disk shows before the work; not every file system can. */
static sage_status reserve(sage_cache_file *f, uint64_t bytes, sage_errinfo *err)
{
    int bad;
    while ((bad = fallocate(f->fd, 0, 0, (off_t)bytes)) && errno == EINTR)
        ;
    if (bad && errno == EOPNOTSUPP) bad = ftruncate(f->fd, (off_t)bytes);
    return bad ? failed(err, f->temporary) : SAGE_OK;
}

sage_status sage_cache_file_begin(
    sage_cache_file *f, const char *dir, const char *name, uint64_t bytes, sage_errinfo *err)
{
    char prefix[128];
    f->fd = -1;
    snprintf(prefix, sizeof prefix, "%s.new-", name);
    sage_status s = join(f->path, dir, name, err);
    if (s) return s;
    strcpy(f->dir, dir);
    s = make_folders(dir, err);
    if (s) return s;
    sweep(dir, prefix);
    s = create(f, prefix, err);
    if (s) return s;
    s = reserve(f, bytes, err);
    if (s) (void)!sage_cache_file_end(f, false, NULL);
    return s;
}

sage_status sage_cache_file_put(
    sage_cache_file *f, uint64_t offset, const void *bytes, size_t len, sage_errinfo *err)
{
    const uint8_t *from = bytes;
    while (len) {
        ssize_t put = pwrite(f->fd, from, len, (off_t)offset);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return failed(err, f->temporary);
        from += put;
        offset += (uint64_t)put;
        len -= (size_t)put;
    }
    return SAGE_OK;
}

void sage_cache_file_start_sync(sage_cache_file *f, uint64_t offset, uint64_t len)
{
    /* Advice: an error that matters comes back from the sync at the end. */
    (void)sync_file_range(f->fd, (off_t)offset, (off_t)len, SYNC_FILE_RANGE_WRITE);
}

static sage_status sync_folder(const sage_cache_file *f, sage_errinfo *err)
{
    int fd = open(f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return failed(err, f->dir);
    sage_status s = fsync(fd) ? failed(err, f->dir) : SAGE_OK;
    close(fd);
    return s;
}

sage_status sage_cache_file_end(sage_cache_file *f, bool keep, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    if (keep && fsync(f->fd)) s = failed(err, f->temporary);
    if (keep && !s && rename(f->temporary, f->path)) s = failed(err, f->path);
    if (!keep || s) unlink(f->temporary);
    close(f->fd); /* last: the lock guards the name */
    f->fd = -1;
    return keep && !s ? sync_folder(f, err) : s;
}

sage_status sage_cache_get(
    int fd, const char *path, uint64_t offset, void *bytes, size_t len, sage_errinfo *err)
{
    uint8_t *to = bytes;
    while (len) {
        ssize_t got = pread(fd, to, len, (off_t)offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return sage_fail(err, SAGE_EIO, "prove.cache.read", -1, "%.160s: %s", path,
                             strerror(errno));
        if (!got)
            return sage_fail(err, SAGE_EFORMAT, "prove.cache.format", (long long)offset,
                             "%.160s ends too early; remove it", path);
        to += got;
        offset += (uint64_t)got;
        len -= (size_t)got;
    }
    return SAGE_OK;
}

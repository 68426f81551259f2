#include "store/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"

static sage_status io(sage_errinfo *err, const char *where, const char *what)
{
    return sage_fail(err, SAGE_EIO, where, errno, "%s: %s", what, strerror(errno));
}

static char *join(const char *dir, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "blob.memory", -1, "no memory for a path");
}

static sage_status make_dir(const char *path, sage_errinfo *err)
{
    if (mkdir(path, 0700) && errno != EEXIST) return io(err, "blob.open", path);
    return SAGE_OK;
}

/* Calls fn for each name in dir that is not hidden. */
static sage_status each_name(const char *dir,
                             void (*fn)(void *arg, const char *name),
                             void *arg,
                             sage_errinfo *err)
{
    DIR *d = opendir(dir);
    if (!d) return io(err, "blob.open", dir);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') fn(arg, e->d_name);
    closedir(d);
    return SAGE_OK;
}

static void remove_name(void *arg, const char *name)
{
    char *path = join(arg, name);
    if (path) unlink(path);
    free(path);
}

sage_status sage_blobs_open(sage_blobs *b, const char *dir, sage_errinfo *err)
{
    b->dir         = strdup(dir);
    char *tmp      = join(dir, "tmp");
    sage_status st = b->dir && tmp ? SAGE_OK : no_memory(err);
    if (!st) st = make_dir(dir, err);
    if (!st) st = make_dir(tmp, err);
    if (!st) st = each_name(tmp, remove_name, tmp, err);
    free(tmp);
    if (st) sage_blobs_close(b);
    return st;
}

void sage_blobs_close(sage_blobs *b)
{
    free(b->dir);
    b->dir = NULL;
}

sage_status
sage_blob_begin(sage_blob_writer *w, const sage_blobs *b, uint64_t max, sage_errinfo *err)
{
    *w = (sage_blob_writer){.blobs = b, .max = max, .fd = -1};
    sage_blake2s_init(&w->hash);
    w->path = join(b->dir, "tmp/XXXXXX");
    if (!w->path) return no_memory(err);
    w->fd = mkostemp(w->path, O_CLOEXEC); /* mode 0600 */
    if (w->fd >= 0) return SAGE_OK;
    sage_status st = io(err, "blob.write", w->path);
    free(w->path);
    w->path = NULL;
    return st;
}

sage_status
sage_blob_write(sage_blob_writer *w, const void *bytes, size_t len, sage_errinfo *err)
{
    const char *p = bytes;
    if (len > w->max - w->len)
        return sage_fail(err, SAGE_ELIMIT, "blob.size", (long long)w->max,
                         "more than %llu bytes", (unsigned long long)w->max);
    sage_blake2s_update(&w->hash, bytes, len);
    w->len += len;
    while (len) {
        ssize_t n = write(w->fd, p, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io(err, "blob.write", "write");
        p += n, len -= (size_t)n;
    }
    return SAGE_OK;
}

void sage_blob_digest(const sage_blob_writer *w, sage_hex32 *digest)
{
    uint8_t raw[32];
    sage_blake2s hash = w->hash;
    sage_blake2s_final(&hash, raw);
    sage_hex_encode(digest->text, raw, sizeof raw);
}

static sage_status sync_dir(const char *dir, sage_errinfo *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return io(err, "blob.write", dir);
    sage_status st = fsync(fd) ? io(err, "blob.write", "fsync of the folder") : SAGE_OK;
    close(fd);
    return st;
}

sage_status
sage_blob_finish(sage_blob_writer *w, sage_hex32 *digest, uint64_t *len, sage_errinfo *err)
{
    sage_blob_digest(w, digest);
    *len           = w->len;
    char *path     = join(w->blobs->dir, digest->text);
    sage_status st = path ? SAGE_OK : no_memory(err);
    if (!st && fsync(w->fd)) st = io(err, "blob.write", "fsync");
    if (!st && rename(w->path, path)) st = io(err, "blob.write", "rename");
    if (!st) st = sync_dir(w->blobs->dir, err);
    free(path);
    sage_blob_abort(w); /* after a rename there is nothing left to remove */
    return st;
}

void sage_blob_abort(sage_blob_writer *w)
{
    if (w->fd < 0) return;
    close(w->fd);
    unlink(w->path);
    free(w->path);
    w->fd   = -1;
    w->path = NULL;
}

sage_status sage_blob_fd(
    const sage_blobs *b, const sage_hex32 *digest, int *fd, uint64_t *len, sage_errinfo *err)
{
    struct stat s;
    char *path = join(b->dir, digest->text);
    if (!path) return no_memory(err);
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    free(path);
    if (*fd < 0 && errno == ENOENT)
        return sage_fail(err, SAGE_ENOTFOUND, "blob.missing", -1, "%s", digest->text);
    if (*fd < 0) return io(err, "blob.read", "open");
    if (fstat(*fd, &s)) {
        sage_status st = io(err, "blob.read", "stat");
        close(*fd);
        return st;
    }
    *len = (uint64_t)s.st_size;
    return SAGE_OK;
}

static sage_status map_fd(int fd, uint64_t len, sage_blob *out, sage_errinfo *err)
{
    static const uint8_t nothing[1];
    void *p = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    if (p == MAP_FAILED) return io(err, "blob.read", "mmap");
    *out = (sage_blob){len ? p : nothing, len};
    return SAGE_OK;
}

sage_status sage_blob_peek(const sage_blob_writer *w, sage_blob *out, sage_errinfo *err)
{
    *out = (sage_blob){0};
    return map_fd(w->fd, w->len, out, err);
}

sage_status
sage_blob_map(const sage_blobs *b, const sage_hex32 *digest, sage_blob *out, sage_errinfo *err)
{
    int fd         = -1;
    uint64_t len   = 0;
    *out           = (sage_blob){0};
    sage_status st = sage_blob_fd(b, digest, &fd, &len, err);
    if (st) return st;
    st = map_fd(fd, len, out, err);
    close(fd);
    return st;
}

void sage_blob_unmap(sage_blob *blob)
{
    if (blob->len) munmap((void *)(uintptr_t)blob->bytes, blob->len);
    *blob = (sage_blob){0};
}

typedef struct sweep {
    const char *dir;
    bool (*keep)(void *arg, const char *digest);
    void *arg;
    uint64_t removed;
} sweep;

static void sweep_name(void *arg, const char *name)
{
    sweep *s = arg;
    if (!sage_hex32_valid(name) || s->keep(s->arg, name)) return;
    char *path = join(s->dir, name);
    if (path && !unlink(path)) s->removed++;
    free(path);
}

sage_status sage_blobs_sweep(const sage_blobs *b,
                             bool (*keep)(void *arg, const char *digest),
                             void *arg,
                             uint64_t *removed,
                             sage_errinfo *err)
{
    sweep s        = {b->dir, keep, arg, 0};
    sage_status st = each_name(b->dir, sweep_name, &s, err);
    *removed       = s.removed;
    return st;
}

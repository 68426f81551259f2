#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/random.h"

enum { FIRST_BUFFER = 64 << 10 };

static sage_status io_error(sage_errinfo *err, const char *where, const char *path)
{
    int error          = errno;
    sage_status status = error == ENOENT ? SAGE_ENOTFOUND : SAGE_EIO;
    return sage_fail(err, status, where, -1, "%.160s: %s", path, strerror(error));
}

/* Room for one byte more than what is there, at most max + 1 (the byte that is too many). */
static sage_status grow(uint8_t **bytes, size_t *room, size_t max, sage_errinfo *err)
{
    size_t most   = max < SIZE_MAX ? max + 1 : max;
    size_t wanted = *room ? (*room > most / 2 ? most : *room * 2) : FIRST_BUFFER;
    if (wanted > most) wanted = most;
    uint8_t *larger = realloc(*bytes, wanted);
    if (!larger)
        return sage_fail(err, SAGE_ENOMEM, "file.memory", -1, "%zu bytes wanted", wanted);
    *bytes = larger;
    *room  = wanted;
    return SAGE_OK;
}

static sage_status
read_all(int fd, const char *path, size_t max, uint8_t **bytes, size_t *len, sage_errinfo *err)
{
    size_t room = 0;
    for (;;) {
        if (*len == room) {
            sage_status s = grow(bytes, &room, max, err);
            if (s) return s;
        }
        ssize_t got = read(fd, *bytes + *len, room - *len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return io_error(err, "file.read", path);
        if (got == 0) return SAGE_OK;
        *len += (size_t)got;
        if (*len > max)
            return sage_fail(err, SAGE_ELIMIT, "file.size", (long long)max,
                             "%.160s is longer than %zu bytes", path, max);
    }
}

sage_status
sage_file_read(const char *path, size_t max, uint8_t **bytes, size_t *len, sage_errinfo *err)
{
    *bytes = NULL;
    *len   = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return io_error(err, "file.open", path);
    sage_status s = read_all(fd, path, max, bytes, len, err);
    close(fd);
    if (s) {
        free(*bytes);
        *bytes = NULL;
        *len   = 0;
    }
    return s;
}

enum { ROOM = 1 << 16 };

/* A file on its way: bytes gather in room, the first error stays in err. */
struct sage_file_out {
    int fd;
    bool fresh; /* nothing may have its name yet */
    sage_errinfo err;
    size_t used;
    char path[PATH_MAX], name[PATH_MAX], folder[PATH_MAX];
    uint8_t room[ROOM];
};

static sage_status
write_all(int fd, const char *path, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return io_error(err, "file.write", path);
        bytes += put;
        len -= (size_t)put;
    }
    return SAGE_OK;
}

/* The folder that holds path, into folder[PATH_MAX]. */
static sage_status folder_of(const char *path, char folder[PATH_MAX], sage_errinfo *err)
{
    const char *slash = strrchr(path, '/');
    size_t len        = slash ? (size_t)(slash - path) : 0;
    if (!path[0] || (slash && !slash[1]) || strlen(path) >= PATH_MAX - 32)
        return sage_fail(err, SAGE_EINVAL, "file.path", -1, "not the path of a file");
    const char *from = slash ? path : ".";
    if (!len) len = 1; /* "/name" is in "/", "name" in "." */
    memcpy(folder, from, len);
    folder[len] = 0;
    return SAGE_OK;
}

static sage_status sync_folder(const char *folder, sage_errinfo *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return io_error(err, "file.sync", folder);
    sage_status s = fsync(fd) ? io_error(err, "file.sync", folder) : SAGE_OK;
    close(fd);
    return s;
}

/* path + ".new-" + 16 random digits; the random part keeps two writers apart. */
static sage_status temporary_name(const char *path, char name[PATH_MAX], sage_errinfo *err)
{
    uint8_t salt[8];
    char digits[2 * sizeof salt + 1];
    sage_status s = sage_random_fill(salt, sizeof salt, err);
    if (s) return s;
    sage_hex_encode(digits, salt, sizeof salt);
    int n = snprintf(name, PATH_MAX, "%s.new-%s", path, digits);
    if (n < 0 || n >= PATH_MAX)
        return sage_fail(err, SAGE_EINVAL, "file.path", -1, "path too long");
    return SAGE_OK;
}

static sage_status begin(sage_file_out *o, const char *path, unsigned mode, sage_errinfo *err)
{
    struct stat st;
    sage_status s = folder_of(path, o->folder, err);
    if (s) return s;
    strcpy(o->path, path); /* shorter than PATH_MAX, or it had no folder */
    if (!stat(path, &st) && !S_ISREG(st.st_mode))
        return sage_fail(err, SAGE_EINVAL, "file.not_regular", -1,
                         "%.160s is not a regular file", path);
    s = temporary_name(path, o->name, err);
    if (s) return s;
    o->fd = open(o->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    return o->fd < 0 ? io_error(err, "file.create", o->name) : SAGE_OK;
}

sage_status
sage_file_begin(sage_file_out **out, const char *path, unsigned mode, sage_errinfo *err)
{
    sage_file_out *o = malloc(sizeof *o);
    *out             = NULL;
    if (!o) return sage_fail(err, SAGE_ENOMEM, "file.memory", -1, "no memory for a file");
    o->used  = 0;
    o->fresh = false;
    memset(&o->err, 0, sizeof o->err);
    sage_status s = begin(o, path, mode, err);
    if (s)
        free(o);
    else
        *out = o;
    return s;
}

static void flush(sage_file_out *o)
{
    if (!o->err.code) (void)!write_all(o->fd, o->name, o->room, o->used, &o->err);
    o->used = 0;
}

void sage_file_put(void *out, const void *bytes, size_t len)
{
    sage_file_out *o = out;
    if (len > ROOM - o->used) flush(o);
    if (len > ROOM) {
        if (!o->err.code) (void)!write_all(o->fd, o->name, bytes, len, &o->err);
        return;
    }
    if (len) memcpy(o->room + o->used, bytes, len);
    o->used += len;
}

/* A link, unlike rename, leaves alone what has the name already. */
static sage_status give_name(sage_file_out *o)
{
    if (!o->fresh)
        return rename(o->name, o->path) ? io_error(&o->err, "file.rename", o->path) : SAGE_OK;
    if (!link(o->name, o->path)) {
        unlink(o->name);
        return SAGE_OK;
    }
    if (errno != EEXIST) return io_error(&o->err, "file.rename", o->path);
    return sage_fail(&o->err, SAGE_ECONFLICT, "file.exists", -1, "%.160s is there already",
                     o->path);
}

/* All bytes on the disk before the name changes. */
static sage_status settle(sage_file_out *o, bool keep)
{
    flush(o);
    if (keep && !o->err.code && fsync(o->fd)) (void)!io_error(&o->err, "file.write", o->name);
    if (close(o->fd) && !o->err.code) (void)!io_error(&o->err, "file.write", o->name);
    if (keep && !o->err.code) (void)!give_name(o);
    if (!keep || o->err.code) unlink(o->name);
    return o->err.code;
}

sage_status sage_file_end(sage_file_out *o, bool keep, sage_errinfo *err)
{
    sage_status s = settle(o, keep);
    if (s && err) *err = o->err;
    if (!s && keep) s = sync_folder(o->folder, err);
    free(o);
    return s;
}

static sage_status write_whole(const char *path,
                               const void *bytes,
                               size_t len,
                               unsigned mode,
                               bool fresh,
                               sage_errinfo *err)
{
    sage_file_out *out;
    sage_status s = sage_file_begin(&out, path, mode, err);
    if (s) return s;
    out->fresh = fresh;
    sage_file_put(out, bytes, len);
    return sage_file_end(out, true, err);
}

sage_status sage_file_write(
    const char *path, const void *bytes, size_t len, unsigned mode, sage_errinfo *err)
{
    return write_whole(path, bytes, len, mode, false, err);
}

sage_status sage_file_write_new(
    const char *path, const void *bytes, size_t len, unsigned mode, sage_errinfo *err)
{
    return write_whole(path, bytes, len, mode, true, err);
}

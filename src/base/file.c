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
    if (fsync(fd)) return io_error(err, "file.write", path);
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

static sage_status
write_new(const char *name, const void *bytes, size_t len, unsigned mode, sage_errinfo *err)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    if (fd < 0) return io_error(err, "file.create", name);
    sage_status s = write_all(fd, name, bytes, len, err);
    if (close(fd) && !s) s = io_error(err, "file.write", name);
    if (s) unlink(name);
    return s;
}

sage_status sage_file_write(
    const char *path, const void *bytes, size_t len, unsigned mode, sage_errinfo *err)
{
    char folder[PATH_MAX], name[PATH_MAX];
    struct stat st;
    sage_status s = folder_of(path, folder, err);
    if (s) return s;
    if (!stat(path, &st) && !S_ISREG(st.st_mode))
        return sage_fail(err, SAGE_EINVAL, "file.not_regular", -1,
                         "%.160s is not a regular file", path);
    s = temporary_name(path, name, err);
    if (!s) s = write_new(name, bytes, len, mode, err);
    if (s) return s;
    if (rename(name, path)) {
        s = io_error(err, "file.rename", path);
        unlink(name);
        return s;
    }
    return sync_folder(folder, err);
}

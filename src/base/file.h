/* base/file.h -- whole files: read with a limit, written so that a crash leaves either the
 * old file or the new one. Thread safe. */
#ifndef SAGE_BASE_FILE_H
#define SAGE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* sage_file_read reads a file (or pipe) of at most `max` bytes.
 *
 *   out   *bytes, *len   malloc'ed, the caller frees (also when *len is 0); NULL on error
 * SAGE_ENOTFOUND "file.open" if there is none, SAGE_EIO "file.open" / "file.read",
 * SAGE_ELIMIT "file.size" if it is longer, SAGE_ENOMEM "file.memory". Memory is taken as
 * bytes arrive, never on the word of the file's size alone. */
SAGE_CHECKED sage_status
sage_file_read(const char *path, size_t max, uint8_t **bytes, size_t *len, sage_errinfo *err);

/* sage_file_write replaces path by bytes[0..len): a new file in the same folder, made with
 * `mode` (and the umask) from its creation, written, fsynced, renamed over path, the folder
 * fsynced. A symbolic link at path is replaced, not followed. SAGE_EINVAL
 * "file.not_regular" if path is a device, pipe or folder; SAGE_EIO "file.create",
 * "file.write", "file.rename", "file.sync"; the new file is removed on error, except after
 * "file.sync", when path is already the new file but may not survive a power loss. */
SAGE_CHECKED sage_status sage_file_write(
    const char *path, const void *bytes, size_t len, unsigned mode, sage_errinfo *err);

/* As sage_file_write, for a file that may not be there yet, not even as a link: SAGE_ECONFLICT
 * "file.exists", decided by the kernel in one step. Needs a filesystem with hard links. */
SAGE_CHECKED sage_status sage_file_write_new(
    const char *path, const void *bytes, size_t len, unsigned mode, sage_errinfo *err);

/* sage_file_write for a file that is made piece by piece. */
typedef struct sage_file_out sage_file_out;

/* sage_file_begin makes the new file beside path; errors as sage_file_write, SAGE_ENOMEM
 * "file.memory". *out is NULL on error. */
SAGE_CHECKED sage_status sage_file_begin(sage_file_out **out,
                                         const char *path,
                                         unsigned mode,
                                         sage_errinfo *err);
/* Appends; an error is kept until the end. out: a sage_file_out. */
void sage_file_put(void *out, const void *bytes, size_t len);
/* Ends it, and frees out: keep false removes the new file, true makes it path's. */
SAGE_CHECKED sage_status sage_file_end(sage_file_out *out, bool keep, sage_errinfo *err);

#endif

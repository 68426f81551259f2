/* airc/airc.h -- the compiler of the AIR language as a library (docs/air-language.md).
 *
 * Text in, text out: files are read through one callback and results handed to another, so
 * the compiler itself touches no file. One handle owns everything it made (an arena).
 * Thread safety: handles are independent. */
#ifndef SAGE_AIRC_AIRC_H
#define SAGE_AIRC_AIRC_H

#include <stdbool.h>
#include <stddef.h>

#include "sage/status.h"

typedef struct sage_airc sage_airc;

/* Reads the file `path` into *text (malloc'ed, the compiler frees it) of *len bytes. */
typedef sage_status (*sage_airc_read)(void *arg, const char *path, char **text, size_t *len);
/* Takes one generated file: its name without directory, its text (valid during the call). */
typedef sage_status (*sage_airc_write)(void *arg,
                                       const char *name,
                                       const char *text,
                                       size_t len);

/* sage_airc_compile parses and checks n files and all that they include.
 *
 *   out   *out   the handle; NULL only if SAGE_ENOMEM; release with sage_airc_free
 * Returns SAGE_EFORMAT if the text is wrong; sage_airc_messages then says where and why.
 * Cost: bounded by limits on nodes and steps, whatever the text (a few seconds at most). */
SAGE_CHECKED sage_status sage_airc_compile(
    const char *const *paths, size_t n, sage_airc_read read, void *arg, sage_airc **out);
/* The errors, one `file:line:column: error: sentence` a line; "" if there were none. */
const char *sage_airc_messages(const sage_airc *c);
/* sage_airc_emit writes the generated files of a compile that succeeded: airs.c, the metadata
 * of all components, with the header <prefix>s.h; airs.md (the table of docs/air-language.md);
 * unless verify_only, NAME_kernels.c per component and kernels_list.c.
 *
 *   in   prefix   of the generated names, a part of a C name: sage_<prefix>_<component>,
 *                 sage_<prefix>s, sage_<prefix>_kernels_list_<isa>
 * Returns the first failure of `write`, SAGE_EINVAL if the compile failed, SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_airc_emit(
    sage_airc *c, const char *prefix, bool verify_only, sage_airc_write write, void *arg);
void sage_airc_free(sage_airc *c);

#endif

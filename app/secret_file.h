/* app/secret_file.h -- a secret that a program is told by file, never on its command line. */
#ifndef SAGE_APP_SECRET_FILE_H
#define SAGE_APP_SECRET_FILE_H

#include "proto/types.h"

/* Reads 64 hex digits and an optional newline; path NULL leaves *has false. SAGE_EFORMAT
 * "secret.form". */
SAGE_CHECKED sage_status secret_file_read(const char *path,
                                          sage_hex32 *out,
                                          bool *has,
                                          sage_errinfo *err);
/* "NAME" of the environment, or the fallback if it is unset or empty. */
const char *env_or(const char *name, const char *fallback);

#endif

/* app/passphrase.h -- a line that nobody else may read: typed without echo, or from a file
 * descriptor, or a credential of systemd; never from the command line or the environment. */
#ifndef SAGE_APP_PASSPHRASE_H
#define SAGE_APP_PASSPHRASE_H

#include "starknet/keystore.h"

/* In locked memory, wiped when freed. */
typedef struct secret_line {
    size_t n;
    char text[SAGE_PASSPHRASE_MAX + 1]; /* n bytes and a NUL */
} secret_line;

/* SAGE_ENOMEM "secret.memory". NULL may be freed. */
SAGE_CHECKED sage_status secret_line_new(secret_line **out, sage_errinfo *err);
void secret_line_free(secret_line *s);

/* Where a secret comes from: at most one of the first two is given, else the terminal asks. */
typedef struct secret_source {
    uint64_t fd;            /* SECRET_NO_FD: none */
    const char *credential; /* a file of $CREDENTIALS_DIRECTORY; NULL: none */
    const char *prompt;
    bool twice; /* typed twice, and at least 8 bytes: for a new passphrase */
} secret_source;
#define SECRET_NO_FD UINT64_MAX

/* Reads one line, without its end; a further call with the same descriptor reads the next.
 * SAGE_EINVAL "secret.source" (two sources), "secret.short", "secret.mismatch"; SAGE_ELIMIT
 * "secret.long"; SAGE_EAUTH "secret.terminal" (nobody to ask), "secret.cancelled";
 * SAGE_ENOTFOUND "secret.credential"; SAGE_EIO "secret.read" (err->at: errno). */
SAGE_CHECKED sage_status secret_ask(secret_line *out,
                                    const secret_source *from,
                                    sage_errinfo *err);
/* Asks the terminal for the word yes. SAGE_EAUTH "secret.terminal", "secret.cancelled". */
SAGE_CHECKED sage_status secret_confirm(const char *question, sage_errinfo *err);

#endif

/* app/client_state.h -- what the client remembers of the jobs it submitted.
 *
 * One file per job, mode 0600, in $SAGE_STATE_DIR or ~/.bitsage/client: where it was sent,
 * its secret, and the statement as this machine computed it. It is written before the
 * submission leaves, under the secret's digest, so that no paid job is without its secret. */
#ifndef SAGE_APP_CLIENT_STATE_H
#define SAGE_APP_CLIENT_STATE_H

#include "proto/types.h"

typedef struct client_job {
    char coordinator[256];
    sage_hex32 secret;
    sage_statement statement;
} client_job;

/* id NULL: the file of a submission whose answer has not come. */
SAGE_CHECKED sage_status client_state_save(const client_job *j,
                                           const sage_id *id,
                                           sage_errinfo *err);
/* Removes the file of a submission whose answer has come. */
void client_state_settled(const client_job *j);
/* SAGE_ENOTFOUND "client.job" if this machine did not submit it. */
SAGE_CHECKED sage_status client_state_load(client_job *j, const char *id, sage_errinfo *err);

#endif

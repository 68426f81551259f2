/* app/job_binding.h -- the options that tie a proof to a job on chain, as a user types them. */
#ifndef SAGE_APP_JOB_BINDING_H
#define SAGE_APP_JOB_BINDING_H

#include "base/cli.h"
#include "starknet/facts.h"

typedef struct job_binding {
    const char *job_id, *worker, *input_hash;
} job_binding;
/* Three options for a command's table. */
#define JOB_BINDING_OPTIONS(b, must)                                                           \
    {"job-id", 0, SAGE_CLI_TEXT,        "N", "the job's number in the JobManager", must,       \
     0,        0, {.text = &(b).job_id}},                                                      \
        {"worker",                                                                             \
         0,                                                                                    \
         SAGE_CLI_TEXT,                                                                        \
         "ADDRESS",                                                                            \
         "the account that leased it, and is paid",                                            \
         must,                                                                                 \
         0,                                                                                    \
         0,                                                                                    \
         {.text = &(b).worker}},                                                               \
    {                                                                                          \
        "input-hash", 0, SAGE_CLI_TEXT, "0xHASH", "of the job's input, as its event says",     \
            must, 0, 0,                                                                        \
        {                                                                                      \
            .text = &(b).input_hash                                                            \
        }                                                                                      \
    }

/* Fills job_id, worker and input_hash of *out, the rest 0. SAGE_EINVAL "cli.required" unless all
 * three are given, "cli.value" for what is no number below P. */
SAGE_CHECKED sage_status job_binding_read(const job_binding *b,
                                          sage_facts *out,
                                          sage_errinfo *err);

#endif

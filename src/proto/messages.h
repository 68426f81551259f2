/* proto/messages.h -- the messages of the protocol and their JSON forms.
 *
 * api/openapi.yaml describes each. parse functions are pure, take any bytes, and name what
 * is wrong (proto/json.h); requests are read strictly, answers leniently. print functions
 * give malloc'ed text and fail only for want of memory. */
#ifndef SAGE_PROTO_MESSAGES_H
#define SAGE_PROTO_MESSAGES_H

#include "proto/types.h"

enum {
    SAGE_MAX_DEADLINE_S = 30 * 24 * 3600,
    SAGE_MAX_ATTEMPTS   = 100,
    SAGE_MAX_WAIT_MS    = 30000
};

/* POST /v1/jobs: what the client wants proved. The coordinator makes the statement. */
typedef struct sage_submit {
    uint32_t kind;             /* a sage_statement_kind */
    int64_t columns, log_rows; /* wide_fibonacci */
    int64_t log_instances;     /* poseidon2 */
    uint32_t start[16];        /* poseidon2 */
    uint32_t hash;             /* cairo: a sage_hash_family */
    sage_amount price;         /* base units */
    int64_t deadline_s;        /* from submission; 0 in C: the default of an hour */
    int64_t max_attempts;      /* 0 in C: the default of 5 */
} sage_submit;
SAGE_CHECKED sage_status sage_submit_parse(sage_submit *out,
                                           const char *json,
                                           size_t len,
                                           sage_errinfo *err);
SAGE_CHECKED sage_status sage_submit_print(const sage_submit *m,
                                           char **json,
                                           sage_errinfo *err);

/* A job as its owner sees it; with the secret in the answer to POST /v1/jobs alone. */
SAGE_CHECKED sage_status sage_job_parse(
    sage_job *out, sage_hex32 *secret, const char *json, size_t len, sage_errinfo *err);
SAGE_CHECKED sage_status sage_job_print(const sage_job *job,
                                        const sage_hex32 *secret,
                                        char **json,
                                        sage_errinfo *err);

SAGE_CHECKED sage_status sage_receipt_parse(sage_receipt *out,
                                            const char *json,
                                            size_t len,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_receipt_print(const sage_receipt *r,
                                            char **json,
                                            sage_errinfo *err);

/* POST /v1/workers and its answer. */
typedef struct sage_register {
    char name[SAGE_NAME_CAP], backend[SAGE_NAME_CAP];
} sage_register;
typedef struct sage_registered {
    sage_id worker;
    sage_hex32 secret;
} sage_registered;
SAGE_CHECKED sage_status sage_register_parse(sage_register *out,
                                             const char *json,
                                             size_t len,
                                             sage_errinfo *err);
SAGE_CHECKED sage_status sage_register_print(const sage_register *m,
                                             char **json,
                                             sage_errinfo *err);
SAGE_CHECKED sage_status sage_registered_parse(sage_registered *out,
                                               const char *json,
                                               size_t len,
                                               sage_errinfo *err);
SAGE_CHECKED sage_status sage_registered_print(const sage_registered *m,
                                               char **json,
                                               sage_errinfo *err);

/* GET /v1/workers/me. */
SAGE_CHECKED sage_status sage_worker_parse(sage_worker *out,
                                           const char *json,
                                           size_t len,
                                           sage_errinfo *err);
SAGE_CHECKED sage_status sage_worker_print(const sage_worker *w,
                                           char **json,
                                           sage_errinfo *err);

/* POST /v1/leases ({"wait_ms": 0..30000}) and its answer, also the worker's spool record. */
SAGE_CHECKED sage_status sage_lease_request_parse(int64_t *wait_ms,
                                                  const char *json,
                                                  size_t len,
                                                  sage_errinfo *err);
typedef struct sage_grant {
    sage_id lease, job;
    sage_hex32 token;
    int64_t lease_ms; /* extend well within this time of each answer */
    sage_statement statement;
    int64_t input_len;
    sage_hex32 input_digest;
    int64_t min_security_bits; /* a proof below this is not accepted */
} sage_grant;
SAGE_CHECKED sage_status sage_grant_parse(sage_grant *out,
                                          const char *json,
                                          size_t len,
                                          sage_errinfo *err);
SAGE_CHECKED sage_status sage_grant_print(const sage_grant *m, char **json, sage_errinfo *err);

/* POST /v1/leases/{id}/heartbeat; answered by the time until which the lease now runs. */
typedef struct sage_heartbeat {
    sage_hex32 token;
    char stage[SAGE_NAME_CAP];
    int64_t permille;
} sage_heartbeat;
SAGE_CHECKED sage_status sage_heartbeat_parse(sage_heartbeat *out,
                                              const char *json,
                                              size_t len,
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_heartbeat_print(const sage_heartbeat *m,
                                              char **json,
                                              sage_errinfo *err);

SAGE_CHECKED sage_status sage_extended_parse(int64_t *until_ms,
                                             const char *json,
                                             size_t len,
                                             sage_errinfo *err);
SAGE_CHECKED sage_status sage_extended_print(int64_t until_ms, char **json, sage_errinfo *err);

/* POST /v1/leases/{id}/fail. */
typedef struct sage_fail_report {
    sage_hex32 token;
    char reason[SAGE_REASON_CAP];
} sage_fail_report;
SAGE_CHECKED sage_status sage_fail_report_parse(sage_fail_report *out,
                                                const char *json,
                                                size_t len,
                                                sage_errinfo *err);
SAGE_CHECKED sage_status sage_fail_report_print(const sage_fail_report *m,
                                                char **json,
                                                sage_errinfo *err);

/* The Sage-Result header of POST /v1/leases/{id}/result, whose body is the proof. */
typedef struct sage_result_meta {
    sage_hex32 token, proof_digest;
    char backend[SAGE_NAME_CAP];
    int64_t prove_ms;
} sage_result_meta;
SAGE_CHECKED sage_status sage_result_meta_parse(sage_result_meta *out,
                                                const char *json,
                                                size_t len,
                                                sage_errinfo *err);
SAGE_CHECKED sage_status sage_result_meta_print(const sage_result_meta *m,
                                                char **json,
                                                sage_errinfo *err);

/* GET /health. weak: the coordinator was told to accept less than the default strength. */
SAGE_CHECKED sage_status sage_health_print(uint32_t min_security_bits,
                                           bool weak,
                                           char **json,
                                           sage_errinfo *err);

/* Every refusal: {"code", "where", "message"}. parse turns it back into the status it names
 * (an unknown name is SAGE_EINTERNAL), with the text in err; the returned status says only
 * whether the bytes were such a message. */
SAGE_CHECKED sage_status sage_error_print(const sage_errinfo *e,
                                          char **json,
                                          sage_errinfo *err);
SAGE_CHECKED sage_status sage_error_parse(sage_status *code,
                                          char where[SAGE_NAME_CAP],
                                          char message[SAGE_REASON_CAP],
                                          const char *json,
                                          size_t len,
                                          sage_errinfo *err);

#endif

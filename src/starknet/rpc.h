/* starknet/rpc.h -- asks a Starknet node (JSON-RPC 0.9, 0.10), and believes nothing it says.
 *
 * Model: a sage_sn is somebody to ask: one node (sage_sn_node, here) or several with failover
 * (starknet/node_pool.h). Each typed call below builds a question, and carries the function that
 * reads its answer, so that whoever asks can turn to another node when an answer is no good.
 * Answers are bounded in size; types, ranges and felts are checked strictly; what can be compared
 * with the question is. A sage_sn belongs to one thread.
 *
 * Errors of every call, beside those of http/http_client.h:
 *   what the node answered, code in err->at and its text, made ASCII and cut, in err->msg:
 *     ENOTFOUND "rpc.contract" (20), "rpc.entry_point" (21), "rpc.block" (24), "rpc.class" (28),
 *     "rpc.transaction" (29), "rpc.no_blocks" (32), "rpc.non_account" (58)
 *     ECONFLICT "rpc.contract_error" (40, with the revert's text), "rpc.execution" (41),
 *     "rpc.declared" (51), "rpc.nonce" (52), "rpc.resources" (53), "rpc.balance" (54),
 *     "rpc.validation" (55), "rpc.duplicate" (59), "rpc.replacement" (64), "rpc.fee" (65)
 *     EPROOF "rpc.proof" (69)
 *     EAGAIN "rpc.unexpected" (63), "rpc.server" (-32603, -32000..-32099, HTTP 429 and 5xx)
 *     and the rest as docs/errors.md lists them; a code of nobody's: EFORMAT "rpc.error"
 *   EFORMAT: the answer is none: "rpc.syntax", "rpc.envelope", "rpc.id", "rpc.missing",
 *     "rpc.type", "rpc.felt", "rpc.range", "rpc.value", "rpc.http"
 *   EPROOF: it answers another question: "rpc.hash", "rpc.address", "rpc.filter"
 *   ELIMIT "rpc.length", ENOMEM "rpc.memory". */
#ifndef SAGE_STARKNET_RPC_H
#define SAGE_STARKNET_RPC_H

#include "starknet/transaction.h"

typedef struct sage_sn_question {
    const char *method; /* "starknet_getNonce" */
    json_t *params;     /* an object; the asker's */
    size_t max_reply;   /* bytes */
    bool write;         /* may have taken effect when it fails: asked once, of one node */
    /* Reads the result into out; on error out is as before, and read may be called again. */
    sage_status (*read)(void *out, const json_t *result, sage_errinfo *err);
    void *out;
} sage_sn_question;

typedef struct sage_sn {
    sage_status (*ask)(void *self, const sage_sn_question *q, sage_errinfo *err);
    void *self;
} sage_sn;

/* One node. */
typedef struct sage_sn_node sage_sn_node;

typedef struct sage_sn_node_options {
    const char *url; /* may end in a path and a key: it is never printed */
    long timeout_ms; /* of one exchange; 0: 10 s */
    bool (*cancelled)(void *arg);
    void *cancelled_arg;
} sage_sn_node_options;

/* Opens no connection yet. Errors of sage_http_open. */
SAGE_CHECKED sage_status sage_sn_node_open(sage_sn_node **out,
                                           const sage_sn_node_options *o,
                                           sage_errinfo *err);
void sage_sn_node_close(sage_sn_node *n);
sage_sn sage_sn_of_node(sage_sn_node *n);
/* Scheme, host and port, for messages: "https://host:443". Lives as long as the node. */
const char *sage_sn_node_name(const sage_sn_node *n);
/* The answer bytes[0..len) with HTTP status `http` to question q of number id. For fuzzing and
 * sage_sn_node. */
SAGE_CHECKED sage_status sage_sn_answer(const sage_sn_question *q,
                                        int http,
                                        const char *bytes,
                                        size_t len,
                                        int64_t id,
                                        sage_errinfo *err);

/* Any method: *result is the answer's result, the caller's. params is taken, NULL: none. */
SAGE_CHECKED sage_status sage_sn_raw(
    const sage_sn *sn, const char *method, json_t *params, json_t **result, sage_errinfo *err);

/* Which state is asked for. */
typedef enum sage_sn_tag { SAGE_SN_LATEST, SAGE_SN_PRE_CONFIRMED, SAGE_SN_AT } sage_sn_tag;
typedef struct sage_sn_block {
    sage_sn_tag tag;
    uint64_t number; /* SAGE_SN_AT */
} sage_sn_block;

enum { SAGE_SN_VERSION = 24 };
/* "0.10.2"; other forms than numbers, dots and a tail "-rc.1" are "rpc.value". */
SAGE_CHECKED sage_status sage_sn_spec_version(const sage_sn *sn,
                                              char out[SAGE_SN_VERSION],
                                              sage_errinfo *err);
SAGE_CHECKED sage_status sage_sn_chain_id(const sage_sn *sn, felt252 *out, sage_errinfo *err);
SAGE_CHECKED sage_status sage_sn_block_number(const sage_sn *sn,
                                              uint64_t *out,
                                              sage_errinfo *err);

typedef struct sage_sn_header {
    uint64_t number, timestamp; /* seconds since 1970 */
    bool sealed;                /* false: pre-confirmed, without a hash */
    felt252 hash, parent_hash;
    sage_amount price[SAGE_GASES]; /* FRI a unit, below 2^128 */
} sage_sn_header;
/* Of a block asked for by number, another number is "rpc.value". */
SAGE_CHECKED sage_status sage_sn_block_header(const sage_sn *sn,
                                              sage_sn_block at,
                                              sage_sn_header *out,
                                              sage_errinfo *err);

/* "rpc.contract" for an address without a contract. A nonce is below 2^64. */
SAGE_CHECKED sage_status sage_sn_nonce(
    const sage_sn *sn, sage_sn_block at, felt252 address, uint64_t *out, sage_errinfo *err);
SAGE_CHECKED sage_status sage_sn_class_hash_at(
    const sage_sn *sn, sage_sn_block at, felt252 address, felt252 *out, sage_errinfo *err);
/* The class as JSON: sierra_program, entry_points_by_type and, mostly, abi (a string). Its hash
 * is not compared. *out is the caller's to json_decref. At most 8 MiB. */
SAGE_CHECKED sage_status sage_sn_class(
    const sage_sn *sn, sage_sn_block at, felt252 class_hash, json_t **out, sage_errinfo *err);
SAGE_CHECKED sage_status sage_sn_class_at(
    const sage_sn *sn, sage_sn_block at, felt252 address, json_t **out, sage_errinfo *err);

/* A view call. *result for sage_felt_list_free; empty on error. */
SAGE_CHECKED sage_status sage_sn_call(const sage_sn *sn,
                                      sage_sn_block at,
                                      felt252 to,
                                      felt252 selector,
                                      const sage_felt_list *calldata,
                                      sage_felt_list *result,
                                      sage_errinfo *err);

typedef struct sage_sn_fee {
    uint64_t gas[SAGE_GASES];
    uint64_t price[SAGE_GASES][2]; /* FRI a unit: low word, high word */
    sage_amount fee;               /* FRI, as the node adds it up */
} sage_sn_fee;
/* What t would cost. skip_validate: the signature need not be there. */
SAGE_CHECKED sage_status sage_sn_estimate(const sage_sn *sn,
                                          sage_sn_block at,
                                          const sage_tx *t,
                                          bool skip_validate,
                                          sage_sn_fee *out,
                                          sage_errinfo *err);

/* Sends an INVOKE or DEPLOY_ACCOUNT whose hash is `hash`. SAGE_EPROOF "rpc.hash" if the node says
 * another one: it has the transaction, or it lies. Errors that leave open whether it was taken:
 * sage_sn_unknown. */
SAGE_CHECKED sage_status sage_sn_add(const sage_sn *sn,
                                     const sage_tx *t,
                                     felt252 hash,
                                     sage_errinfo *err);
/* True unless err says that the node refused the transaction, or never saw it. */
bool sage_sn_unknown(const sage_errinfo *err);

typedef enum sage_sn_finality {
    SAGE_SN_RECEIVED,
    SAGE_SN_CANDIDATE,
    SAGE_SN_EXECUTED, /* PRE_CONFIRMED */
    SAGE_SN_ON_L2,
    SAGE_SN_ON_L1
} sage_sn_finality;
enum { SAGE_SN_REASON = 1024 };

typedef struct sage_sn_status {
    sage_sn_finality finality;
    bool reverted;
    char reason[SAGE_SN_REASON]; /* ASCII */
} sage_sn_status;
/* "rpc.transaction" if the node does not know it. */
SAGE_CHECKED sage_status sage_sn_tx_status(const sage_sn *sn,
                                           felt252 hash,
                                           sage_sn_status *out,
                                           sage_errinfo *err);

typedef struct sage_sn_event {
    felt252 from;
    sage_felt_list keys, data;
    bool in_block; /* false: pre-confirmed, without block_hash */
    uint64_t block_number;
    felt252 block_hash, tx_hash;    /* in receipts zero */
    uint64_t tx_index, event_index; /* 0 where the node does not say */
} sage_sn_event;

typedef struct sage_sn_receipt {
    felt252 hash;
    sage_sn_finality finality; /* SAGE_SN_EXECUTED or later */
    bool reverted;
    char reason[SAGE_SN_REASON];
    sage_amount fee; /* FRI */
    bool in_block;
    uint64_t block_number;
    felt252 block_hash;
    felt252 contract_address; /* DEPLOY_ACCOUNT, else 0 */
    sage_sn_event *events;
    uint32_t n_events;
} sage_sn_receipt;
/* A receipt of another transaction is "rpc.hash". *out for sage_sn_receipt_free. */
SAGE_CHECKED sage_status sage_sn_tx_receipt(const sage_sn *sn,
                                            felt252 hash,
                                            sage_sn_receipt *out,
                                            sage_errinfo *err);
void sage_sn_receipt_free(sage_sn_receipt *r);

enum { SAGE_SN_KEYS = 4, SAGE_SN_PAGE = 1024 };
typedef struct sage_sn_filter {
    sage_sn_block from, to;
    bool any_address;
    felt252 address;
    uint32_t n_keys; /* key i of an event must be keys[i], unless any_key[i] */
    bool any_key[SAGE_SN_KEYS];
    felt252 keys[SAGE_SN_KEYS];
    uint32_t page; /* events an answer, 0: 256, at most SAGE_SN_PAGE */
} sage_sn_filter;
/* Calls each(arg, event) for the events that match, in the node's order, page by page, until it
 * returns false or max events were given (SAGE_ELIMIT "rpc.length" if there are more). An event
 * that does not match is "rpc.filter". The event lives for the call. */
SAGE_CHECKED sage_status sage_sn_events(const sage_sn *sn,
                                        const sage_sn_filter *f,
                                        uint64_t max,
                                        bool (*each)(void *arg, const sage_sn_event *e),
                                        void *arg,
                                        sage_errinfo *err);

#endif

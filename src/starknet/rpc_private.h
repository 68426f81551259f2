/* starknet/rpc_private.h -- what the files of the RPC client share: asking, and reading answers
 * with every doubt an error. */
#ifndef SAGE_STARKNET_RPC_PRIVATE_H
#define SAGE_STARKNET_RPC_PRIVATE_H

#include "starknet/rpc.h"

enum {
    SAGE_SN_SMALL  = 256 << 10, /* bytes of an answer: a felt or a few, or why not */
    SAGE_SN_MEDIUM = 8 << 20,   /* a list */
};

/* Asks, once; params is taken and may be NULL for want of memory. */
SAGE_CHECKED sage_status sage_sn_ask(const sage_sn *sn,
                                     const char *method,
                                     json_t *params,
                                     size_t max_reply,
                                     sage_status (*read)(void *out,
                                                         const json_t *result,
                                                         sage_errinfo *err),
                                     void *out,
                                     sage_errinfo *err);
/* {"block_id": ..}, and more to be put into it; NULL without memory. */
json_t *sage_sn_params(sage_sn_block at);
/* Puts value into *object, taking it; *object becomes NULL for want of memory, and stays so. */
void sage_sn_put(json_t **object, const char *key, json_t *value);

/* Reading one object: each get names a field, the first failure sticks. Fields nobody asks for
 * pass: nodes are newer than we are. */
typedef struct sage_reply {
    const json_t *object;
    sage_status status;
    sage_errinfo *err;
} sage_reply;

/* object may be anything; what is no object fails. */
sage_reply sage_reply_of(const json_t *object, sage_errinfo *err);
void sage_reply_refuse(
    sage_reply *r, sage_status code, const char *where, const char *key, const char *what);
bool sage_reply_has(const sage_reply *r, const char *key);
void sage_reply_felt(sage_reply *r, const char *key, felt252 *out);
/* Appended to *out, which the caller frees in any case. */
void sage_reply_felts(sage_reply *r, const char *key, sage_felt_list *out);
/* Hex strings. */
void sage_reply_u64(sage_reply *r, const char *key, uint64_t *out);
void sage_reply_u128(sage_reply *r, const char *key, uint64_t out[2]);
/* A JSON integer, 0..2^53. */
void sage_reply_count(sage_reply *r, const char *key, uint64_t *out);
/* The string's bytes, "" on failure. */
const char *sage_reply_text(sage_reply *r, const char *key);
/* The array, NULL on failure. */
const json_t *sage_reply_array(sage_reply *r, const char *key);
sage_reply sage_reply_enter(sage_reply *r, const char *key);
/* The status of inner, which was entered from outer, becomes outer's. */
void sage_reply_leave(sage_reply *outer, const sage_reply *inner);

/* One value of an answer that is no object. "rpc.felt", "rpc.type". */
SAGE_CHECKED sage_status sage_reply_one_felt(felt252 *out, const json_t *v, sage_errinfo *err);

/* Copies text of a stranger: what is not printable ASCII becomes '?', and of what is too long
 * the middle is left out, because errors name their cause last. */
void sage_reply_ascii(char *out, size_t cap, const char *text);
/* Fails with what a node's error object says. */
sage_status sage_reply_error(const json_t *error, sage_errinfo *err);

/* An event of a receipt or of getEvents; *out for sage_sn_event_clear in any case. */
SAGE_CHECKED sage_status sage_sn_event_read(sage_sn_event *out,
                                            const json_t *v,
                                            sage_errinfo *err);
void sage_sn_event_clear(sage_sn_event *e);

#endif

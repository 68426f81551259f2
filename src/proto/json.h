/* proto/json.h -- reading JSON objects with every doubt an error.
 *
 * Model: a reader walks one object; each get names a field and its range; the first failure
 * sticks and later gets do nothing, so that a message is read as a list of gets and one
 * check at the end. sage_json_end refuses fields that nothing asked for (strict) or lets
 * them pass (lenient: answers of a newer server).
 *
 * Errors are SAGE_EFORMAT: "json.syntax" (err->at: byte offset; also duplicate keys),
 * "json.depth", "json.missing", "json.type", "json.range", "json.unknown"; SAGE_ELIMIT
 * "json.size". err->msg names the field. */
#ifndef SAGE_PROTO_JSON_H
#define SAGE_PROTO_JSON_H

#include <jansson.h>

#include "proto/types.h"

enum { SAGE_JSON_MAX_BYTES = 64 << 10, SAGE_JSON_MAX_DEPTH = 8 };

typedef struct sage_json {
    json_t *object;
    bool owned;
    size_t used;
    sage_status status;
    sage_errinfo *err;
} sage_json;

/* Parses bytes[0..len) as one object. The reader must be ended, whatever the status. */
void sage_json_begin(sage_json *j, const char *bytes, size_t len, sage_errinfo *err);
/* A reader of the object in field `key`, which must be there; end it before the outer one. */
void sage_json_enter(sage_json *inner, sage_json *outer, const char *key);
sage_status sage_json_end(sage_json *j, bool strict);

bool sage_json_has(const sage_json *j, const char *key);
/* ASCII text without control characters, 1..cap-1 bytes. */
void sage_json_text(sage_json *j, const char *key, char *out, size_t cap);
/* As text, but may be empty. */
void sage_json_text0(sage_json *j, const char *key, char *out, size_t cap);
void sage_json_int(sage_json *j, const char *key, int64_t *out, int64_t min, int64_t max);
void sage_json_bool(sage_json *j, const char *key, bool *out);
void sage_json_amount(sage_json *j, const char *key, sage_amount *out);
void sage_json_id(sage_json *j, const char *key, char letter, sage_id *out);
void sage_json_hex32(sage_json *j, const char *key, sage_hex32 *out);
void sage_json_statement(sage_json *j, const char *key, sage_statement *out);
/* Up to cap words, each below 2^32; *n how many. */
void sage_json_words(sage_json *j, const char *key, uint32_t *out, uint32_t cap, uint32_t *n);
/* Records a failure of the reader's own. */
void sage_json_fail(sage_json *j, const char *where, const char *key, const char *what);

/* Building: object may be NULL (out of memory), and stays so. */
void sage_json_put(json_t **object, const char *key, json_t *value);
json_t *sage_json_of_amount(const sage_amount *a);
json_t *sage_json_of_statement(const sage_statement *s);
/* Takes the object; *text is malloc'ed. SAGE_ENOMEM "json.memory". */
SAGE_CHECKED sage_status sage_json_print(json_t *object, char **text, sage_errinfo *err);

#endif

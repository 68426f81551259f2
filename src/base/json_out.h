/* base/json_out.h -- writes JSON as serde_json's to_string_pretty does: two spaces a level,
 * every item and member on its own line, empty arrays and objects as [] and {}; or, compact, nothing between tokens. */
#ifndef SAGE_BASE_JSON_OUT_H
#define SAGE_BASE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* put(to, bytes, n) takes what is written; it keeps its own errors. */
typedef struct sage_json_out {
    void (*put)(void *to, const void *bytes, size_t n);
    void *to;
    uint32_t depth;
    bool empty; /* the innermost array or object has nothing yet */
    bool named; /* a key was written: its value follows on the same line */
    bool compact;
} sage_json_out;

/* '[' or '{' and its counterpart. */
void sage_json_out_open(sage_json_out *o, char bracket);
void sage_json_out_close(sage_json_out *o, char bracket);
/* The key of the next value; no escapes are made. */
void sage_json_out_key(sage_json_out *o, const char *key);
void sage_json_out_number(sage_json_out *o, uint64_t v);
/* low + 2^64 * high */
void sage_json_out_wide(sage_json_out *o, uint64_t low, uint64_t high);
/* A whole number of any size, as its digits stand; or another value that is JSON already. */
void sage_json_out_digits(sage_json_out *o, const char *digits);
void sage_json_out_bool(sage_json_out *o, bool v);
/* No escapes are made. */
void sage_json_out_string(sage_json_out *o, const char *text);
/* Text of any kind: quotes, backslashes and control characters are escaped, and what is no
 * ASCII becomes '?'. */
void sage_json_out_escaped(sage_json_out *o, const char *text);
void sage_json_out_null(sage_json_out *o);

#endif

/* base/json_in.h -- reads JSON in place: no allocation, no recursion, one idea of a cursor.
 *
 * A cursor is a piece of text that begins at `at` and ends at `len`. sage_json_in_members
 * splits an object into one cursor a key, so keys may come in any order and the reader visits
 * them in the order it needs; it only balances brackets and quotes of a value, whose own
 * reader then sees every character of it. Each level of nesting is skipped over once by the
 * level above: the cost is O(length * depth), and depth is at most SAGE_JSON_IN_DEPTH.
 *
 * Errors are SAGE_EFORMAT with err->at the byte offset and err->where one of
 *   json.syntax    not JSON, or another kind of value than is due
 *   json.truncated the text ends inside a value
 *   json.depth     nested deeper than the bound
 *   json.unknown   a key nothing asks for
 *   json.twice     a key given twice
 *   json.missing   a key that must be there is not
 *   json.sign      a negative number
 *   json.fraction  a number with fraction or exponent
 *   json.zeros     a number with leading zeros
 *   json.range     a number of more than 64 bits
 * Strings are keys, names and digits: an escape is a syntax error. */
#ifndef SAGE_BASE_JSON_IN_H
#define SAGE_BASE_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sage/status.h"

enum { SAGE_JSON_IN_DEPTH = 16, SAGE_JSON_IN_KEYS = 80, SAGE_JSON_IN_SKIP_DEPTH = 512 };

typedef struct sage_json_in {
    const char *text;
    size_t at, len;
    sage_errinfo *err;
} sage_json_in;

/* The object at c: out[i] becomes the value of names[i]. All n <= SAGE_JSON_IN_KEYS names must
 * be there, and no others. Values stay unread: each must be read to its end. */
SAGE_CHECKED sage_status sage_json_in_members(sage_json_in *c,
                                              const char *const *names,
                                              uint32_t n,
                                              sage_json_in *out);

/* An array: open, then before item i = 0, 1, .. ask whether there is one. */
SAGE_CHECKED sage_status sage_json_in_open(sage_json_in *c);
SAGE_CHECKED sage_status sage_json_in_more(sage_json_in *c, uint32_t i, bool *more);
/* The array at c, of exactly n items, as n cursors; `where` if there are more or fewer. */
SAGE_CHECKED sage_status sage_json_in_items(sage_json_in *c,
                                            uint32_t n,
                                            sage_json_in *out,
                                            const char *where);
/* The number of items of the array at c, which is left where it is; `where` if above max. */
SAGE_CHECKED sage_status sage_json_in_count(const sage_json_in *c,
                                            uint32_t max,
                                            uint32_t *out,
                                            const char *where);

/* Objects whose keys are names of the writer's: open, then before member i = 0, 1, .. ask
 * whether there is one. A key is its characters between the quotes, escapes as they stand. */
SAGE_CHECKED sage_status sage_json_in_open_object(sage_json_in *c);
SAGE_CHECKED sage_status
sage_json_in_member(sage_json_in *c, uint32_t i, bool *more, const char **key, size_t *len);
/* Passes one value of any kind, and judges its grammar; the value as a cursor of its own in
 * *out (NULL: not wanted). Depth up to SAGE_JSON_IN_SKIP_DEPTH. Cost: O(length). */
SAGE_CHECKED sage_status sage_json_in_skip(sage_json_in *c, sage_json_in *out);
/* As sage_json_in_members, for an object of whose keys only n are wanted: others are passed,
 * one that is absent leaves its cursor's text NULL. */
SAGE_CHECKED sage_status sage_json_in_pick(sage_json_in *c,
                                           const char *const *names,
                                           uint32_t n,
                                           sage_json_in *out);
/* The number of items of the array, or members of the object, at c, which is left where it is. */
SAGE_CHECKED sage_status sage_json_in_length(const sage_json_in *c, uint32_t *out);

/* null is taken and true returned; anything else is left. */
bool sage_json_in_null(sage_json_in *c);
/* true or false */
SAGE_CHECKED sage_status sage_json_in_bool(sage_json_in *c, bool *out);
/* A plain decimal number <= max, else `where`. */
SAGE_CHECKED sage_status sage_json_in_number(sage_json_in *c,
                                             uint64_t max,
                                             uint64_t *out,
                                             const char *where);
/* The array at c, of exactly n such numbers; `where` if there are more or fewer. */
SAGE_CHECKED sage_status
sage_json_in_words(sage_json_in *c, uint32_t n, uint32_t max, uint32_t *out, const char *where);
/* The characters between the quotes. */
SAGE_CHECKED sage_status sage_json_in_string(sage_json_in *c, const char **out, size_t *n);
/* The characters between the quotes, escapes as they stand but judged; NUL is none. */
SAGE_CHECKED sage_status sage_json_in_escaped(sage_json_in *c, const char **out, size_t *n);
/* What escaped characters raw[0..n) stand for, in UTF-8: at most n bytes, their number comes
 * back. raw is from sage_json_in_escaped. */
size_t sage_json_in_unescape(char *out, const char *raw, size_t n);
/* A whole number of any size: its characters, a minus first if it has one. */
SAGE_CHECKED sage_status sage_json_in_digits(sage_json_in *c, const char **out, size_t *n);
/* Nothing but white space is left. */
SAGE_CHECKED sage_status sage_json_in_end(sage_json_in *c);
/* The first character of the value, 0 at the end. */
char sage_json_in_peek(sage_json_in *c);

/* SAGE_EFORMAT at the cursor. */
sage_status sage_json_in_bad(const sage_json_in *c, const char *where, const char *what);

#endif

/* starknet/abi_private.h -- what the files of the ABI share: slices of text, types, scalars. */
#ifndef SAGE_STARKNET_ABI_PRIVATE_H
#define SAGE_STARKNET_ABI_PRIVATE_H

#include "starknet/abi.h"

struct sage_abi {
    json_t *root;
    json_t *functions, *types; /* by name: items of root */
};

typedef struct abi_text {
    const char *at;
    size_t n;
} abi_text;

abi_text abi_text_of(const char *text);
bool abi_text_is(abi_text t, const char *word);
/* Takes `prefix` off; false, and t as it was, if it does not begin so. */
bool abi_text_skip(abi_text *t, const char *prefix);

/* A piece of an argument; quoted: what stood between quotes, backslashes and all. */
typedef struct abi_token {
    abi_text text;
    char quote; /* 0: none */
} abi_token;

/* ---- scalars (abi_word.c): appended to *out; "abi.value", "abi.range" ---- */

SAGE_CHECKED sage_status abi_put_felt(sage_felt_list *out, abi_token t, sage_errinfo *err);
SAGE_CHECKED sage_status abi_put_u256(sage_felt_list *out, abi_token t, sage_errinfo *err);
SAGE_CHECKED sage_status abi_put_bool(sage_felt_list *out, abi_token t, sage_errinfo *err);
SAGE_CHECKED sage_status abi_put_bytes(sage_felt_list *out, abi_token t, sage_errinfo *err);
/* A number of at most `bits` bits; a signed one has its sign among them. */
SAGE_CHECKED sage_status
abi_put_int(sage_felt_list *out, abi_token t, unsigned bits, bool sign, sage_errinfo *err);
/* A short string in quotes or after str:, else a number of at most `bits` bits. */
SAGE_CHECKED sage_status abi_put_short(sage_felt_list *out,
                                       abi_token t,
                                       unsigned bits,
                                       sage_errinfo *err);
/* "abi.value": the token is not `what`. */
sage_status abi_bad_value(abi_text t, const char *what, sage_errinfo *err);

enum { ABI_WORD = 31 }; /* bytes of a ByteArray in one felt */

/* v < 2^bits */
bool abi_fits(const uint64_t v[4], unsigned bits);

/* ---- types (abi.c) ---- */

typedef enum abi_kind {
    ABI_FELT,
    ABI_UNSIGNED,
    ABI_SIGNED,
    ABI_U256,
    ABI_BOOL,
    ABI_SHORT, /* bytes31 */
    ABI_BYTES, /* ByteArray */
    ABI_LIST,  /* of inner */
    ABI_TUPLE, /* of the types in inner */
    ABI_STRUCT,
    ABI_ENUM
} abi_kind;

typedef struct abi_type {
    abi_kind kind;
    unsigned bits;
    bool hex; /* an address or a hash: shown in hexadecimal */
    abi_text inner;
    const json_t *parts; /* members, variants: an array of objects */
} abi_type;

/* One conversion: what it may still cost, however the ABI nests. */
typedef struct abi_work {
    const sage_abi *abi;
    uint32_t steps, depth;
    sage_errinfo *err;
} abi_work;

/* Reads a type's name. Every value of whatever type costs one call. abi_leave after it. */
SAGE_CHECKED sage_status abi_enter(abi_work *w, abi_text name, abi_type *out);
void abi_leave(abi_work *w);

/* The next of the types that commas separate; false at the end. */
bool abi_next_type(abi_text *rest, abi_text *type);

/* Part i of a struct or enum, input i or output i of a function: its name (outputs: "") and
 * type. "abi.form". */
SAGE_CHECKED sage_status
abi_part(const json_t *parts, size_t i, abi_text *name, abi_text *type, sage_errinfo *err);
/* "abi.function" */
SAGE_CHECKED sage_status abi_find(const sage_abi *a,
                                  const char *function,
                                  const json_t **item,
                                  sage_errinfo *err);

/* ---- text that grows (abi_text.c), up to SAGE_ABI_MAX_TEXT ---- */

typedef struct abi_out {
    char *text;
    size_t n, cap;
    sage_status status;
    sage_errinfo *err;
} abi_out;

void abi_put(abi_out *o, const char *text);
/* Somebody else's text: what is not printable ASCII becomes '?', at most 128 characters. */
void abi_put_foreign(abi_out *o, abi_text t);
/* In quotes, the rest escaped. */
void abi_put_quoted(abi_out *o, char quote, const uint8_t *bytes, size_t n);

#endif

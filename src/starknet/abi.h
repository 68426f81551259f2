/* starknet/abi.h -- what people type to calldata, and what contracts answer to text.
 *
 * Two ways in. Words say their form themselves:
 *
 *   0x1f, 31           a felt; also felt:31
 *   u256:1000          two felts, low half first; decimal or 0x
 *   amount:1.5         a u256 of 1.5 * 10^18 base units
 *   str:hello          a short string, at most 31 characters, one felt
 *   bytearray:TEXT     a ByteArray of any length
 *   bool:true
 *   arr:1,2,u256:3     an array: the number of items, then each, itself a word
 *
 * With the ABI of a class the declared types say it, and each argument is one text:
 *
 *   u8 .. u128, u256   1000, 0x3e8; i8 .. i128: -5
 *   felt252            as a word, or 'hello'; bytes31: 'hello' or a number
 *   bool               true, false
 *   ContractAddress, ClassHash, EthAddress    a number in its range
 *   ByteArray          any text; "in quotes" inside of others
 *   Array, Span        [a, b, c]
 *   tuple              (a, b)
 *   struct             {a, b} in order; names may stand there: {name: a, other: b}
 *   enum               Variant or Variant(a): also Some(a), None
 *
 * and a word's prefix may stand where it names the very type. In quotes a backslash stands before
 * a quote or a backslash. A type that is none of these is refused by its name.
 *
 * The ABI comes from a node and may be hostile: its size, its nesting and the work on it are
 * bounded, and what of it is printed is printable. */
#ifndef SAGE_STARKNET_ABI_H
#define SAGE_STARKNET_ABI_H

#include <jansson.h>

#include "starknet/felt_list.h"

enum {
    SAGE_ABI_MAX_BYTES = 4 << 20, /* of the JSON */
    SAGE_ABI_MAX_TEXT  = 1 << 20  /* of an argument, and of an answer */
};

/* Appends one word's felts to *out. SAGE_EFORMAT "abi.value", SAGE_ELIMIT "abi.range", with the
 * word in err->msg; errors of sage_felt_list_add. */
SAGE_CHECKED sage_status sage_abi_word(sage_felt_list *out,
                                       const char *word,
                                       sage_errinfo *err);

typedef struct sage_abi sage_abi;

/* The ABI of a class: text[0..n), a JSON array. SAGE_EFORMAT "abi.form" (err->at: byte offset, or
 * the item), SAGE_ELIMIT "abi.size", SAGE_ENOMEM "abi.memory". Cost: one pass. */
SAGE_CHECKED sage_status sage_abi_open(sage_abi **out,
                                       const char *text,
                                       size_t n,
                                       sage_errinfo *err);
/* The "abi" of a contract class as getClass answers it: text, or the array itself. */
SAGE_CHECKED sage_status sage_abi_of_class(sage_abi **out,
                                           const json_t *contract_class,
                                           sage_errinfo *err);
void sage_abi_close(sage_abi *a);

/* Has the ABI a function of this name ("constructor": the constructor)? */
bool sage_abi_has(const sage_abi *a, const char *function);
/* Does it only read? false also for an unknown one. */
bool sage_abi_is_view(const sage_abi *a, const char *function);
/* "transfer(recipient: ContractAddress, amount: u256) -> bool", for people, of the types' last
 * names; cut to cap - 1 characters. SAGE_ENOTFOUND "abi.function". */
SAGE_CHECKED sage_status sage_abi_signature(
    char *out, size_t cap, const sage_abi *a, const char *function, sage_errinfo *err);

/* Appends the calldata of `function` to *out: one text a parameter. SAGE_ENOTFOUND "abi.function",
 * SAGE_EINVAL "abi.arguments" (how many), SAGE_EFORMAT "abi.value", SAGE_ELIMIT "abi.range", with
 * the parameter's name in err->msg and its index in err->at; SAGE_EUNSUP "abi.type", SAGE_EFORMAT
 * "abi.form", SAGE_ELIMIT "abi.size"; errors of sage_felt_list_add. *out is to be freed then,
 * too. */
SAGE_CHECKED sage_status sage_abi_encode(sage_felt_list *out,
                                         const sage_abi *a,
                                         const char *function,
                                         const char *const *args,
                                         uint32_t n_args,
                                         sage_errinfo *err);
/* What `function` answered, data[0..n), as text: a line an output, malloc'ed. Felts are
 * hexadecimal, and their characters follow if they are some: 0x53414745 ('SAGE'). Errors as
 * above, and SAGE_EFORMAT "abi.data" for data that the declared types do not take, or not
 * wholly. */
SAGE_CHECKED sage_status sage_abi_decode(char **text,
                                         const sage_abi *a,
                                         const char *function,
                                         const felt252 *data,
                                         uint32_t n,
                                         sage_errinfo *err);

#endif

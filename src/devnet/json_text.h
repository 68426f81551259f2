/* devnet/json_text.h -- compact JSON with felts, written to a growing buffer. */
#ifndef SAGE_DEVNET_JSON_TEXT_H
#define SAGE_DEVNET_JSON_TEXT_H

#include "base/json_out.h"
#include "stark/proof.h"
#include "starknet/felt_list.h"

/* A writer of compact JSON whose bytes go to *to, which starts as zero. */
sage_json_out sage_json_text_to(sage_sink *to);
/* Ends the text with a NUL; the caller frees. NULL without memory; *to is zero again. */
char *sage_json_text_take(sage_sink *to);

/* "0x" and digits without leading zeros, as a value or as a member. */
void sage_json_text_felt(sage_json_out *o, felt252 v);
void sage_json_text_felts(sage_json_out *o, const felt252 *v, uint32_t n);
void sage_json_text_amount(sage_json_out *o, const sage_amount *a);
void sage_json_text_hex(sage_json_out *o, uint64_t v);
void sage_json_text_felt_of(sage_json_out *o, const char *key, felt252 v);
void sage_json_text_felts_of(sage_json_out *o, const char *key, const felt252 *v, uint32_t n);
void sage_json_text_amount_of(sage_json_out *o, const char *key, const sage_amount *a);
void sage_json_text_hex_of(sage_json_out *o, const char *key, uint64_t v);
/* Members of other kinds. */
void sage_json_text_number_of(sage_json_out *o, const char *key, uint64_t v);
void sage_json_text_word_of(sage_json_out *o, const char *key, const char *word);
void sage_json_text_bool_of(sage_json_out *o, const char *key, bool v);
void sage_json_text_open_of(sage_json_out *o, const char *key, char bracket);

#endif

/* devnet/json_text.c -- felts and members of compact JSON. */
#include "devnet/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "field/felt252_text.h"

static void put_in_sink(void *to, const void *bytes, size_t n)
{
    sage_sink_put(to, bytes, n);
}

sage_json_out sage_json_text_to(sage_sink *to)
{
    return (sage_json_out){.put = put_in_sink, .to = to, .compact = true};
}

char *sage_json_text_take(sage_sink *to)
{
    sage_sink_put(to, "", 1);
    char *text = (char *)to->bytes;
    if (to->failed) {
        free(text);
        text = NULL;
    }
    memset(to, 0, sizeof *to);
    return text;
}

void sage_json_text_felt(sage_json_out *o, felt252 v)
{
    char hex[SAGE_FELT_HEX];
    sage_felt_to_hex(hex, v);
    sage_json_out_string(o, hex);
}

void sage_json_text_felts(sage_json_out *o, const felt252 *v, uint32_t n)
{
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < n; i++)
        sage_json_text_felt(o, v[i]);
    sage_json_out_close(o, ']');
}

void sage_json_text_amount(sage_json_out *o, const sage_amount *a)
{
    char hex[SAGE_FELT_HEX];
    sage_limbs_to_hex(hex, a->w);
    sage_json_out_string(o, hex);
}

void sage_json_text_hex(sage_json_out *o, uint64_t v)
{
    sage_amount a = sage_amount_of(v);
    sage_json_text_amount(o, &a);
}

void sage_json_text_felt_of(sage_json_out *o, const char *key, felt252 v)
{
    sage_json_out_key(o, key);
    sage_json_text_felt(o, v);
}

void sage_json_text_felts_of(sage_json_out *o, const char *key, const felt252 *v, uint32_t n)
{
    sage_json_out_key(o, key);
    sage_json_text_felts(o, v, n);
}

void sage_json_text_amount_of(sage_json_out *o, const char *key, const sage_amount *a)
{
    sage_json_out_key(o, key);
    sage_json_text_amount(o, a);
}

void sage_json_text_hex_of(sage_json_out *o, const char *key, uint64_t v)
{
    sage_json_out_key(o, key);
    sage_json_text_hex(o, v);
}

void sage_json_text_number_of(sage_json_out *o, const char *key, uint64_t v)
{
    sage_json_out_key(o, key);
    sage_json_out_number(o, v);
}

void sage_json_text_word_of(sage_json_out *o, const char *key, const char *word)
{
    sage_json_out_key(o, key);
    sage_json_out_string(o, word);
}

void sage_json_text_bool_of(sage_json_out *o, const char *key, bool v)
{
    sage_json_out_key(o, key);
    sage_json_out_bool(o, v);
}

void sage_json_text_open_of(sage_json_out *o, const char *key, char bracket)
{
    sage_json_out_key(o, key);
    sage_json_out_open(o, bracket);
}

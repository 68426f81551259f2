/* starknet/abi_decode.c -- what a function answered, as text. */
#include <stdlib.h>
#include <string.h>

#include "field/felt252_text.h"
#include "starknet/abi_private.h"

typedef struct reader {
    abi_work w;
    const felt252 *at;
    uint32_t left;
    abi_out o;
    sage_errinfo *err;
} reader;

static sage_status bad_data(reader *r, const char *what)
{
    return sage_fail(r->err, SAGE_EFORMAT, "abi.data", -1,
                     "the answer does not fit its type: %s", what);
}

static sage_status take(reader *r, felt252 *v)
{
    if (!r->left) return bad_data(r, "it ends too early");
    *v = *r->at++;
    r->left--;
    return SAGE_OK;
}

static sage_status take_u64(reader *r, uint64_t *v)
{
    felt252 felt;
    sage_status s = take(r, &felt);
    if (!s && !sage_felt_to_u64(v, felt)) s = bad_data(r, "a length or variant is too large");
    return s;
}

static void put_hex(abi_out *o, felt252 v)
{
    char text[SAGE_FELT_HEX];
    (void)sage_felt_to_hex(text, v);
    abi_put(o, text);
}

static void put_characters(abi_out *o, felt252 v)
{
    char text[SAGE_FELT_SHORT + 1];
    if (felt252_is_zero(v) || !sage_felt_to_short(text, v)) return;
    abi_put(o, " (");
    abi_put_quoted(o, '\'', (const uint8_t *)text, strlen(text));
    abi_put(o, ")");
}

/* A number of one letter is more likely just that. */
static sage_status put_felt(reader *r)
{
    felt252 v;
    sage_status s = take(r, &v);
    if (s) return s;
    put_hex(&r->o, v);
    if (sage_felt_compare(v, felt252_from_u64(0xffff)) > 0) put_characters(&r->o, v);
    return SAGE_OK;
}

static sage_status put_unsigned(reader *r, const abi_type *type)
{
    uint64_t limbs[4];
    char text[SAGE_FELT_DECIMAL];
    felt252 v;
    sage_status s = take(r, &v);
    if (s) return s;
    felt252_to_limbs(v, limbs);
    if (!abi_fits(limbs, type->bits)) return bad_data(r, "a number is too large");
    if (type->hex) {
        put_hex(&r->o, v);
        return SAGE_OK;
    }
    (void)sage_limbs_to_decimal(text, limbs);
    abi_put(&r->o, text);
    return SAGE_OK;
}

/* Numbers from P/2 on are negative. */
static sage_status put_signed(reader *r, const abi_type *type)
{
    uint64_t limbs[4];
    char text[SAGE_FELT_DECIMAL];
    felt252 v, least = felt252_from_limbs((const uint64_t[4]){1, 0, 0, 0});
    sage_status s = take(r, &v);
    if (s) return s;
    for (unsigned i = 1; i < type->bits; i++)
        least = felt252_add(least, least);
    const bool negative = sage_felt_compare(felt252_neg(v), v) < 0;
    if (negative) v = felt252_neg(v);
    const int over = sage_felt_compare(v, least);
    if (over > 0 || (over == 0 && !negative)) return bad_data(r, "a number is too large");
    felt252_to_limbs(v, limbs);
    (void)sage_limbs_to_decimal(text, limbs);
    if (negative) abi_put(&r->o, "-");
    abi_put(&r->o, text);
    return SAGE_OK;
}

static sage_status put_u256(reader *r)
{
    felt252 low, high;
    sage_amount a;
    char text[SAGE_AMOUNT_TEXT];
    sage_status s = take(r, &low);
    if (!s) s = take(r, &high);
    if (s) return s;
    if (!sage_u256_join(&a, low, high)) return bad_data(r, "half of a u256 is 2^128 or more");
    sage_amount_format(text, &a);
    abi_put(&r->o, text);
    return SAGE_OK;
}

static sage_status put_bool(reader *r)
{
    uint64_t v    = 0;
    sage_status s = take_u64(r, &v);
    if (!s && v > 1) s = bad_data(r, "a bool is 0 or 1");
    if (!s) abi_put(&r->o, v ? "true" : "false");
    return s;
}

static sage_status put_short(reader *r)
{
    char text[SAGE_FELT_SHORT + 1];
    uint64_t limbs[4];
    felt252 v;
    sage_status s = take(r, &v);
    if (s) return s;
    felt252_to_limbs(v, limbs);
    if (!abi_fits(limbs, 8 * ABI_WORD)) return bad_data(r, "more than 31 bytes");
    if (sage_felt_to_short(text, v))
        abi_put_quoted(&r->o, '\'', (const uint8_t *)text, strlen(text));
    else
        put_hex(&r->o, v);
    return SAGE_OK;
}

/* The n lowest bytes of a felt, which has no others; appended to bytes. */
static bool unpack(uint8_t *bytes, felt252 v, unsigned n)
{
    uint64_t limbs[4];
    felt252_to_limbs(v, limbs);
    for (unsigned i = 0; i < n; i++)
        bytes[n - 1 - i] = (uint8_t)(limbs[i / 8] >> (8 * (i % 8)));
    return abi_fits(limbs, 8 * n);
}

/* A ByteArray's felts, the count of its words taken already: `full` words are here. */
static sage_status take_bytes(reader *r, uint8_t *bytes, uint32_t full, size_t *n)
{
    for (uint32_t i = 0; i < full; i++)
        if (!unpack(bytes + (size_t)ABI_WORD * i, r->at[i], ABI_WORD))
            return bad_data(r, "a word of a ByteArray is too large");
    uint64_t rest;
    if (!sage_felt_to_u64(&rest, r->at[full + 1]) || rest >= ABI_WORD ||
        !unpack(bytes + (size_t)ABI_WORD * full, r->at[full], (unsigned)rest))
        return bad_data(r, "the end of a ByteArray");
    *n = (size_t)ABI_WORD * full + rest;
    r->at += full + 2;
    r->left -= full + 2;
    return SAGE_OK;
}

static sage_status put_bytes(reader *r)
{
    uint64_t full = 0;
    size_t n      = 0;
    sage_status s = take_u64(r, &full);
    if (s) return s;
    if (r->left < 2 || full > r->left - 2) return bad_data(r, "it ends too early");
    uint8_t *bytes = malloc((size_t)ABI_WORD * (full + 1));
    if (!bytes) return sage_fail(r->err, SAGE_ENOMEM, "abi.memory", -1, "no memory for text");
    s = take_bytes(r, bytes, (uint32_t)full, &n);
    if (!s) abi_put_quoted(&r->o, '"', bytes, n);
    free(bytes);
    return s;
}

static sage_status put_value(reader *r, abi_text type_name);

static sage_status put_list(reader *r, const abi_type *type)
{
    uint64_t n    = 0;
    sage_status s = take_u64(r, &n);
    abi_put(&r->o, "[");
    for (uint64_t i = 0; !s && i < n; i++) {
        if (i) abi_put(&r->o, ", ");
        s = put_value(r, type->inner);
    }
    abi_put(&r->o, "]");
    return s;
}

static sage_status put_tuple(reader *r, const abi_type *type)
{
    abi_text rest = type->inner, one;
    sage_status s = SAGE_OK;
    abi_put(&r->o, "(");
    for (bool first = true; !s && abi_next_type(&rest, &one); first = false) {
        if (!first) abi_put(&r->o, ", ");
        s = put_value(r, one);
    }
    abi_put(&r->o, ")");
    return s;
}

static sage_status put_struct(reader *r, const abi_type *type)
{
    abi_text name, member;
    sage_status s = SAGE_OK;
    abi_put(&r->o, "{");
    for (size_t i = 0; !s && i < json_array_size(type->parts); i++) {
        s = abi_part(type->parts, i, &name, &member, r->err);
        if (s) break;
        if (i) abi_put(&r->o, ", ");
        abi_put_foreign(&r->o, name);
        abi_put(&r->o, ": ");
        s = put_value(r, member);
    }
    abi_put(&r->o, "}");
    return s;
}

static sage_status put_enum(reader *r, const abi_type *type)
{
    abi_text name, payload;
    uint64_t at   = 0;
    sage_status s = take_u64(r, &at);
    if (!s && at >= json_array_size(type->parts)) s = bad_data(r, "an unknown variant");
    if (!s) s = abi_part(type->parts, at, &name, &payload, r->err);
    if (s) return s;
    abi_put_foreign(&r->o, name);
    if (abi_text_is(payload, "()")) return SAGE_OK;
    abi_put(&r->o, "(");
    s = put_value(r, payload);
    abi_put(&r->o, ")");
    return s;
}

static sage_status put_kind(reader *r, const abi_type *type)
{
    switch (type->kind) {
    case ABI_UNSIGNED: return put_unsigned(r, type);
    case ABI_SIGNED: return put_signed(r, type);
    case ABI_U256: return put_u256(r);
    case ABI_BOOL: return put_bool(r);
    case ABI_SHORT: return put_short(r);
    case ABI_BYTES: return put_bytes(r);
    case ABI_LIST: return put_list(r, type);
    case ABI_TUPLE: return put_tuple(r, type);
    case ABI_STRUCT: return put_struct(r, type);
    case ABI_ENUM: return put_enum(r, type);
    default: return put_felt(r);
    }
}

/* Stops as soon as the text is too long. */
static sage_status put_value(reader *r, abi_text type_name)
{
    abi_type type;
    sage_status s = abi_enter(&r->w, type_name, &type);
    if (s) return s;
    s = put_kind(r, &type);
    abi_leave(&r->w);
    return s ? s : r->o.status;
}

static sage_status put_outputs(reader *r, const json_t *outputs)
{
    sage_status s = SAGE_OK;
    for (size_t i = 0; !s && i < json_array_size(outputs); i++) {
        abi_text name, type;
        s = abi_part(outputs, i, &name, &type, r->err);
        if (s) break;
        if (i) abi_put(&r->o, "\n");
        s = put_value(r, type);
    }
    return s;
}

sage_status sage_abi_decode(char **text,
                            const sage_abi *a,
                            const char *function,
                            const felt252 *data,
                            uint32_t n,
                            sage_errinfo *err)
{
    const json_t *item;
    reader r = {
        .w = {.abi = a, .err = err}, .at = data, .left = n, .o = {.err = err}, .err = err};
    *text         = NULL;
    sage_status s = abi_find(a, function, &item, err);
    if (s) return s;
    abi_put(&r.o, "");
    s = put_outputs(&r, json_object_get(item, "outputs"));
    if (!s && r.left) s = bad_data(&r, "something is left over");
    if (!s) s = r.o.status;
    if (s) {
        free(r.o.text);
        return s;
    }
    *text = r.o.text;
    return SAGE_OK;
}

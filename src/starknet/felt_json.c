/* starknet/felt_json.c -- felts to JSON strings and back. */
#include "starknet/felt_json.h"

#include "field/felt252_text.h"

static json_t *of_limbs(const uint64_t limbs[4])
{
    char text[SAGE_FELT_HEX];
    return json_stringn(text, sage_limbs_to_hex(text, limbs));
}

json_t *sage_felt_to_json(felt252 v)
{
    uint64_t limbs[4];
    felt252_to_limbs(v, limbs);
    return of_limbs(limbs);
}

json_t *sage_u128_to_json(const uint64_t v[2])
{
    return of_limbs((const uint64_t[4]){v[0], v[1], 0, 0});
}

json_t *sage_u64_to_json(uint64_t v)
{
    return of_limbs((const uint64_t[4]){v, 0, 0, 0});
}

json_t *sage_felts_to_json(const felt252 *v, uint32_t n)
{
    json_t *array = json_array();
    for (uint32_t i = 0; array && i < n; i++)
        if (json_array_append_new(array, sage_felt_to_json(v[i]))) {
            json_decref(array);
            array = NULL;
        }
    return array;
}

sage_status sage_felt_of_json(felt252 *out, const json_t *v, sage_errinfo *err)
{
    if (!json_is_string(v))
        return sage_fail(err, SAGE_EFORMAT, "felt.string", -1, "a felt is a string \"0x..\"");
    return sage_felt_from_hex(out, json_string_value(v), json_string_length(v), true, err);
}

sage_status sage_felts_of_json(sage_felt_list *out, const json_t *array, sage_errinfo *err)
{
    sage_status s  = SAGE_OK;
    const size_t n = json_array_size(array);
    felt252 v;
    if (!json_is_array(array))
        return sage_fail(err, SAGE_EFORMAT, "felt.array", -1, "not an array of felts");
    for (size_t i = 0; !s && i < n; i++) {
        s = sage_felt_of_json(&v, json_array_get(array, i), err);
        if (s && err) err->at = (long long)i;
        if (!s) s = sage_felt_list_add(out, v, err);
    }
    return s;
}

/* starknet/class_hash.c -- Poseidon over entry points, ABI and program. */
#include "starknet/class_hash.h"

#include <string.h>

#include "field/felt252_text.h"
#include "hash/poseidon252.h"
#include "starknet/address.h"
#include "starknet/felt_json.h"

static sage_status bad_form(const char *what, size_t at, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "class.form", (long long)at, "%s: element %zu is bad",
                     what, at);
}

static sage_status absorb_entry(sage_poseidon252 *h, const json_t *entry, sage_errinfo *err)
{
    felt252 selector;
    const json_t *index = json_object_get(entry, "function_idx");
    sage_status s       = sage_felt_of_json(&selector, json_object_get(entry, "selector"), err);
    if (s) return s;
    if (!json_is_integer(index) || json_integer_value(index) < 0)
        return sage_fail(err, SAGE_EFORMAT, "class.form", -1, "function_idx is no number");
    sage_poseidon252_absorb(h, selector);
    sage_poseidon252_absorb(h, felt252_from_u64((uint64_t)json_integer_value(index)));
    return SAGE_OK;
}

/* Of the entry points of one kind: selector and function, one after the other. */
static sage_status
entries_hash(felt252 *out, const json_t *c, const char *kind, sage_errinfo *err)
{
    const json_t *list = json_object_get(json_object_get(c, "entry_points_by_type"), kind);
    const size_t n     = json_array_size(list);
    sage_poseidon252 h;
    if (!json_is_array(list))
        return sage_fail(err, SAGE_EFORMAT, "class.form", -1,
                         "entry_points_by_type has no list %s", kind);
    sage_poseidon252_init(&h);
    for (size_t i = 0; i < n; i++)
        if (absorb_entry(&h, json_array_get(list, i), NULL)) return bad_form(kind, i, err);
    *out = sage_poseidon252_final(&h);
    return SAGE_OK;
}

static sage_status program_hash(felt252 *out, const json_t *c, sage_errinfo *err)
{
    const json_t *program = json_object_get(c, "sierra_program");
    const size_t n        = json_array_size(program);
    sage_poseidon252 h;
    if (!json_is_array(program))
        return sage_fail(err, SAGE_EFORMAT, "class.form", -1, "sierra_program is no list");
    sage_poseidon252_init(&h);
    for (size_t i = 0; i < n; i++) {
        felt252 v;
        if (sage_felt_of_json(&v, json_array_get(program, i), NULL))
            return bad_form("sierra_program", i, err);
        sage_poseidon252_absorb(&h, v);
    }
    *out = sage_poseidon252_final(&h);
    return SAGE_OK;
}

static sage_status abi_hash(felt252 *out, const json_t *c, sage_errinfo *err)
{
    const json_t *abi = json_object_get(c, "abi");
    if (abi && !json_is_string(abi))
        return sage_fail(err, SAGE_EFORMAT, "class.form", -1, "abi is no string");
    *out = abi ? sage_sn_keccak(json_string_value(abi), json_string_length(abi))
               : sage_sn_keccak("", 0);
    return SAGE_OK;
}

static sage_status check_version(const json_t *c, sage_errinfo *err)
{
    const char *version = json_string_value(json_object_get(c, "contract_class_version"));
    if (version && !strcmp(version, "0.1.0")) return SAGE_OK;
    return sage_fail(err, SAGE_EUNSUP, "class.version", -1,
                     "contract_class_version is not \"0.1.0\"");
}

sage_status sage_class_hash(felt252 *out, const json_t *contract_class, sage_errinfo *err)
{
    static const char *const kinds[] = {"EXTERNAL", "L1_HANDLER", "CONSTRUCTOR"};
    felt252 parts[6]                 = {sage_felt_short("CONTRACT_CLASS_V0.1.0")};
    sage_status s                    = check_version(contract_class, err);
    for (int i = 0; !s && i < 3; i++)
        s = entries_hash(&parts[1 + i], contract_class, kinds[i], err);
    if (!s) s = abi_hash(&parts[4], contract_class, err);
    if (!s) s = program_hash(&parts[5], contract_class, err);
    if (!s) *out = sage_address_reduce(sage_poseidon252_many(parts, 6));
    return s;
}

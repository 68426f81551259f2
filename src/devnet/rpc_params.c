/* devnet/rpc_params.c -- reads arguments strictly. */
#include "devnet/rpc_params.h"

#include <string.h>

#include "field/felt252_text.h"

sage_status sage_rpc_bad(sage_errinfo *err, const char *name, const char *what)
{
    return sage_fail(err, SAGE_EINVAL, "node.params", -1, "%.60s: %s", name, what);
}

sage_status sage_rpc_felt(const json_t *v, const char *name, felt252 *out, sage_errinfo *err)
{
    const char *text = json_string_value(v);
    if (!text || sage_felt_from_hex(out, text, json_string_length(v), false, NULL))
        return sage_rpc_bad(err, name, "must be 0x and hex digits of a number below P");
    return SAGE_OK;
}

sage_status
sage_rpc_felts(const json_t *v, const char *name, sage_felt_list *out, sage_errinfo *err)
{
    sage_status st = SAGE_OK;
    memset(out, 0, sizeof *out);
    if (!json_is_array(v)) return sage_rpc_bad(err, name, "must be an array");
    for (size_t i = 0; !st && i < json_array_size(v); i++) {
        felt252 x;
        st = sage_rpc_felt(json_array_get(v, i), name, &x, err);
        if (!st) st = sage_felt_list_add(out, x, err);
    }
    return st;
}

sage_status sage_rpc_number(const json_t *v,
                            const char *name,
                            uint64_t min,
                            uint64_t max,
                            uint64_t *out,
                            sage_errinfo *err)
{
    json_int_t i = json_integer_value(v);
    if (!json_is_integer(v) || i < 0 || (uint64_t)i < min || (uint64_t)i > max)
        return sage_rpc_bad(err, name, "must be an integer in its range");
    *out = (uint64_t)i;
    return SAGE_OK;
}

static sage_status
read_tag(const char *text, const char *name, sage_block_id *out, sage_errinfo *err)
{
    static const struct {
        const char *name;
        sage_block_tag tag;
    } tags[] = {{"latest", SAGE_BLOCK_LATEST},
                {"pre_confirmed", SAGE_BLOCK_PRE_CONFIRMED},
                {"l1_accepted", SAGE_BLOCK_L1_ACCEPTED}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strcmp(text, tags[i].name)) continue;
        out->tag = tags[i].tag;
        return SAGE_OK;
    }
    return sage_rpc_bad(err, name, "must be latest, pre_confirmed or l1_accepted");
}

sage_status
sage_rpc_block_id(const json_t *v, const char *name, sage_block_id *out, sage_errinfo *err)
{
    memset(out, 0, sizeof *out);
    if (json_is_string(v)) return read_tag(json_string_value(v), name, out, err);
    const json_t *number = json_object_get(v, "block_number");
    const json_t *hash   = json_object_get(v, "block_hash");
    if (!json_is_object(v) || json_object_size(v) != 1 || (!number && !hash))
        return sage_rpc_bad(err, name, "must be a tag, {block_number} or {block_hash}");
    out->tag = number ? SAGE_BLOCK_NUMBER : SAGE_BLOCK_HASH;
    return number ? sage_rpc_number(number, name, 0, INT64_MAX, &out->number, err)
                  : sage_rpc_felt(hash, name, &out->hash, err);
}

static int find_word(const char *text, const char *const *names, uint32_t n)
{
    for (uint32_t i = 0; text && i < n; i++)
        if (!strcmp(text, names[i])) return (int)i;
    return -1;
}

sage_status sage_rpc_flags(const json_t *v,
                           const char *name,
                           const char *const *names,
                           uint32_t n,
                           unsigned *out,
                           sage_errinfo *err)
{
    *out = 0;
    if (!v) return SAGE_OK;
    if (!json_is_array(v)) return sage_rpc_bad(err, name, "must be an array");
    for (size_t i = 0; i < json_array_size(v); i++) {
        int bit = find_word(json_string_value(json_array_get(v, i)), names, n);
        if (bit < 0) return sage_rpc_bad(err, name, "has a flag that is not served");
        *out |= 1u << bit;
    }
    return SAGE_OK;
}

sage_status sage_rpc_members(const json_t *v,
                             const char *name,
                             const char *const *names,
                             uint32_t n,
                             const json_t **out,
                             sage_errinfo *err)
{
    size_t found = 0;
    if (!json_is_object(v)) return sage_rpc_bad(err, name, "must be an object");
    for (uint32_t i = 0; i < n; i++) {
        out[i] = json_object_get(v, names[i]);
        if (out[i]) found++;
        if (json_is_null(out[i])) out[i] = NULL;
    }
    return found == json_object_size(v) ? SAGE_OK
                                        : sage_rpc_bad(err, name, "has an unknown member");
}

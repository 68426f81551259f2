/* vm/builtins.c -- one table of builtins, and what they have in common: whole instances. */
#include "vm/builtins.h"

#include "vm/builtin_kind.h"
#include "vm/builtin_state.h"

/* where: the error code, "vm.builtin." and the name; NULL if the builtin refuses nothing. An
 * instance is `inputs` cells that the program writes and outputs that follow from them. */
typedef struct builtin_kind {
    const char *name, *where;
    uint8_t cells, inputs;
    builtin_function *function;
    builtin_check *check;
} builtin_kind;

static const builtin_kind kinds[SAGE_BUILTINS] = {
    [SAGE_BUILTIN_OUTPUT]   = {"output", NULL, 1, 1, NULL, NULL},
    [SAGE_BUILTIN_PEDERSEN] = {"pedersen", "vm.builtin.pedersen", 3, 2, builtin_pedersen, NULL},
    [SAGE_BUILTIN_RANGE_CHECK] = {"range_check", "vm.builtin.range_check", 1, 1, NULL,
                                  builtin_range_check},
    [SAGE_BUILTIN_ECDSA]       = {"ecdsa", "vm.builtin.ecdsa", 2, 2, NULL, builtin_ecdsa},
    [SAGE_BUILTIN_BITWISE]     = {"bitwise", "vm.builtin.bitwise", 5, 2, builtin_bitwise, NULL},
    [SAGE_BUILTIN_EC_OP]       = {"ec_op", "vm.builtin.ec_op", 7, 5, builtin_ec_op, NULL},
    [SAGE_BUILTIN_KECCAK]      = {"keccak", "vm.builtin.keccak", 16, 8, builtin_keccak, NULL},
    [SAGE_BUILTIN_POSEIDON] = {"poseidon", "vm.builtin.poseidon", 6, 3, builtin_poseidon, NULL},
    [SAGE_BUILTIN_RANGE_CHECK96] = {"range_check96", "vm.builtin.range_check96", 1, 1, NULL,
                                    builtin_range_check96},
    [SAGE_BUILTIN_ADD_MOD] = {"add_mod", "vm.builtin.add_mod", 7, 7, NULL, builtin_add_mod},
    [SAGE_BUILTIN_MUL_MOD] = {"mul_mod", "vm.builtin.mul_mod", 7, 7, NULL, builtin_mul_mod},
    [SAGE_BUILTIN_SEGMENT_ARENA] = {"segment_arena", NULL, 3, 3, NULL, NULL},
};

const sage_builtin_component sage_builtin_components[SAGE_BUILTIN_COMPONENTS] = {
    {SAGE_BUILTIN_ADD_MOD, "add_mod_builtin"},
    {SAGE_BUILTIN_BITWISE, "bitwise_builtin"},
    {SAGE_BUILTIN_MUL_MOD, "mul_mod_builtin"},
    {SAGE_BUILTIN_PEDERSEN, "pedersen_builtin"},
    {SAGE_BUILTIN_POSEIDON, "poseidon_builtin"},
    {SAGE_BUILTIN_RANGE_CHECK96, "range_check96_builtin"},
    {SAGE_BUILTIN_RANGE_CHECK, "range_check_builtin"},
    {SAGE_BUILTIN_EC_OP, "ec_op_builtin"}};

uint32_t sage_builtin_cells(sage_builtin b)
{
    return kinds[b].cells;
}

const char *sage_builtin_name(sage_builtin b)
{
    return (unsigned)b < SAGE_BUILTINS ? kinds[b].name : NULL;
}

bool sage_builtin_named(const char *name, size_t len, sage_builtin *out)
{
    for (int b = 0; b < SAGE_BUILTINS; b++) {
        if (strlen(kinds[b].name) != len || memcmp(kinds[b].name, name, len)) continue;
        *out = (sage_builtin)b;
        return true;
    }
    return false;
}

static sage_status
refuse(const builtin_kind *k, uint32_t offset, const char *why, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EINVAL, k->where, offset, "%s, instance %u: %s", k->name,
                     offset / k->cells, why);
}

/* All inputs known; inputs of functions are felts. */
static const char *inputs_wrong(const builtin_kind *k, const sage_value *cell)
{
    for (uint32_t i = 0; i < k->inputs; i++) {
        if (!sage_value_known(cell[i])) return "an operand is missing";
        if (k->function && !sage_value_is_felt(cell[i]))
            return "an operand is an address, no felt";
    }
    return NULL;
}

/* Writes the outputs of the instance at `first` with these inputs. */
static sage_status evaluate(sage_builtin b,
                            sage_memory *m,
                            sage_address first,
                            const sage_value *in,
                            sage_value out[BUILTIN_MAX_OUTPUTS],
                            sage_errinfo *err)
{
    const builtin_kind *k = &kinds[b];
    const char *why       = k->function(out, in);
    if (why) return refuse(k, first.offset, why, err);
    for (uint32_t i = k->inputs; i < k->cells; i++) {
        sage_address at = {first.segment, first.offset + i};
        sage_value held = sage_memory_get(m, at);
        if (!sage_value_known(held)) {
            sage_status s = sage_memory_set(m, at, out[i - k->inputs], err);
            if (s) return s;
        } else if (!sage_value_equal(held, out[i - k->inputs])) {
            return refuse(k, at.offset, "a result is not what the operands make it", err);
        }
    }
    return builtin_mark(m, b, first.segment, first.offset / k->cells, err);
}

sage_status sage_builtin_deduce(
    sage_builtin b, sage_memory *m, sage_address a, sage_value *out, sage_errinfo *err)
{
    const builtin_kind *k = &kinds[b];
    sage_value in[BUILTIN_MAX_CELLS], results[BUILTIN_MAX_OUTPUTS];
    uint32_t index     = a.offset % k->cells;
    sage_address first = {a.segment, a.offset - index};
    *out               = (sage_value){{0}};
    if (!k->function || index < k->inputs) return SAGE_OK;
    for (uint32_t i = 0; i < k->inputs; i++) {
        in[i] = sage_memory_get(m, (sage_address){a.segment, first.offset + i});
        if (!sage_value_known(in[i])) return SAGE_OK;
    }
    const char *why = inputs_wrong(k, in);
    if (why) return refuse(k, first.offset, why, err);
    sage_status s = evaluate(b, m, first, in, results, err);
    if (!s) *out = results[index - k->inputs];
    return s;
}

/* The instance's cells are there, if empty. */
static sage_status
finish_instance(sage_builtin b, sage_memory *m, sage_address first, sage_errinfo *err)
{
    const builtin_kind *k = &kinds[b];
    sage_value in[BUILTIN_MAX_CELLS], out[BUILTIN_MAX_OUTPUTS];
    if (builtin_is_marked(m, b, first.segment, first.offset / k->cells)) return SAGE_OK;
    memcpy(in, m->segment[first.segment].cell + first.offset, k->inputs * sizeof *in);
    const char *why = inputs_wrong(k, in);
    if (!why && k->function) return evaluate(b, m, first, in, out, err);
    if (!why) why = k->check(m, first, in);
    return why ? refuse(k, first.offset, why, err) : SAGE_OK;
}

sage_status
sage_builtin_finish(sage_builtin b, sage_memory *m, uint32_t segment, sage_errinfo *err)
{
    const builtin_kind *k = &kinds[b];
    if (!k->function && !k->check) return SAGE_OK;
    uint32_t len   = m->segment[segment].len;
    uint64_t whole = ((uint64_t)len + k->cells - 1) / k->cells * k->cells;
    sage_status s  = sage_memory_reserve(m, segment, whole, err);
    for (uint32_t at = 0; !s && at < len; at += k->cells)
        s = finish_instance(b, m, (sage_address){segment, at}, err);
    if (!s) m->segment[segment].len = (uint32_t)whole;
    return s;
}

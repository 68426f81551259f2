/* vm/hints_circuit.c -- modular circuits: the operands of add_mod and mul_mod that the program
 * left open (vm/builtins.h, sage_builtin_fill_circuit). */
#include "vm/builtins.h"
#include "vm/hint.h"

/* "add_mod_ptr n_add mul_mod_ptr n_mul", and for variant 1 "BATCH_SIZE" */
static sage_status eval_circuit(hint_call *c)
{
    sage_address add, mul;
    uint64_t n_add, n_mul, batch = 1;
    sage_status s = hint_pointer(c, 0, &add);
    if (!s) s = hint_number(c, 1, SAGE_MEMORY_MAX_OFFSET, &n_add);
    if (!s) s = hint_pointer(c, 2, &mul);
    if (!s) s = hint_number(c, 3, SAGE_MEMORY_MAX_OFFSET, &n_mul);
    if (!s && c->site->kind->variant) s = hint_number(c, 4, UINT32_MAX, &batch);
    if (s) return s;
    if (batch != 1)
        return hint_fail(c, "vm.hint.assert", "the builtins take one operation at a time");
    return sage_builtin_fill_circuit(c->memory, add, n_add, mul, n_mul, c->err);
}

static const hint_kind kinds[] = {
    {.name     = "EvalCircuit",
     .operands = "add_mod_builtin n_add_mods mul_mod_builtin n_mul_mods",
     .run      = eval_circuit},
    {.name     = "run_p_circuit",
     .text     = "from starkware.cairo.lang.builtins.modulo.mod_builtin_runner import "
                 "ModBuiltinRunner\n"
                 "assert builtin_runners[\"add_mod_builtin\"].instance_def.batch_size == 1\n"
                 "assert builtin_runners[\"mul_mod_builtin\"].instance_def.batch_size == 1\n"
                 "\n"
                 "ModBuiltinRunner.fill_memory(\n"
                 "    memory=memory,\n"
                 "    add_mod=(ids.add_mod_ptr.address_, builtin_runners[\"add_mod_builtin\"], "
                 "ids.add_mod_n),\n"
                 "    mul_mod=(ids.mul_mod_ptr.address_, builtin_runners[\"mul_mod_builtin\"], "
                 "ids.mul_mod_n),\n"
                 ")",
     .operands = "add_mod_ptr.address_ add_mod_n mul_mod_ptr.address_ mul_mod_n",
     .run      = eval_circuit},
    {.name     = "run_p_circuit_with_large_batch_size",
     .text     = "from starkware.cairo.lang.builtins.modulo.mod_builtin_runner import "
                 "ModBuiltinRunner\n"
                 "assert builtin_runners[\"add_mod_builtin\"].instance_def.batch_size == "
                 "ids.BATCH_SIZE\n"
                 "assert builtin_runners[\"mul_mod_builtin\"].instance_def.batch_size == "
                 "ids.BATCH_SIZE\n"
                 "\n"
                 "ModBuiltinRunner.fill_memory(\n"
                 "    memory=memory,\n"
                 "    add_mod=(ids.add_mod_ptr.address_, builtin_runners[\"add_mod_builtin\"], "
                 "ids.add_mod_n),\n"
                 "    mul_mod=(ids.mul_mod_ptr.address_, builtin_runners[\"mul_mod_builtin\"], "
                 "ids.mul_mod_n),\n"
                 ")",
     .operands = "add_mod_ptr.address_ add_mod_n mul_mod_ptr.address_ mul_mod_n BATCH_SIZE",
     .run      = eval_circuit,
     .variant  = 1},
};

const hint_family hints_circuit = {"Modular circuits", kinds, sizeof kinds / sizeof *kinds};

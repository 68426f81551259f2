/* vm/builtins.h -- builtins: memory segments whose cells follow from each other. */
#ifndef SAGE_VM_BUILTINS_H
#define SAGE_VM_BUILTINS_H

#include "vm/memory.h"
#include "vm/program.h"

/* Cells of one instance: output 1, pedersen 3, range_check 1, ecdsa 2, bitwise 5, ec_op 7,
 * keccak 16, poseidon 6, range_check96 1, add_mod 7, mul_mod 7, segment_arena 3. */
uint32_t sage_builtin_cells(sage_builtin b);

/* The machine needs cell a, empty so far, of builtin b's segment: *out is the value that the
 * other cells of its instance determine, not known if they do not. SAGE_EINVAL
 * "vm.builtin.<name>" for operands that the builtin refuses; SAGE_EUNSUP. */
SAGE_CHECKED sage_status sage_builtin_deduce(
    sage_builtin b, const sage_memory *m, sage_address a, sage_value *out, sage_errinfo *err);

/* After the run: fills what is left of used instances (results nobody read, add_mod and mul_mod
 * chains), checks every cell (ranges, curve points, sums), completes the last instance.
 * SAGE_EINVAL "vm.builtin.<name>", err->at the offset. */
SAGE_CHECKED sage_status sage_builtin_finish(sage_builtin b,
                                             sage_memory *m,
                                             uint32_t segment,
                                             sage_errinfo *err);

/* add_mod / mul_mod: solves the n operations that start at instance pointer `at` (the hint of
 * the mod builtins, and the machine's own end of run). */
SAGE_CHECKED sage_status sage_builtin_fill_mod(
    sage_builtin b, sage_memory *m, sage_address at, uint32_t batch, sage_errinfo *err);

#endif

/* vm/builtins.h -- builtins: memory segments whose cells follow from each other. */
#ifndef SAGE_VM_BUILTINS_H
#define SAGE_VM_BUILTINS_H

#include "vm/memory.h"
#include "vm/program.h"

/* Cells of one instance: output 1, pedersen 3, range_check 1, ecdsa 2, bitwise 5, ec_op 7,
 * keccak 16, poseidon 6, range_check96 1, add_mod 7, mul_mod 7, segment_arena 3. */
uint32_t sage_builtin_cells(sage_builtin b);

/* The builtins that components of their own prove, in the components' order (facts B1). */
enum { SAGE_BUILTIN_COMPONENTS = 8 };
typedef struct sage_builtin_component {
    sage_builtin builtin;
    const char *name;
} sage_builtin_component;
extern const sage_builtin_component sage_builtin_components[SAGE_BUILTIN_COMPONENTS];

/* The machine needs cell a, empty so far, of builtin b's segment: *out is the value that the
 * other cells of its instance determine, not known if they do not (an input is missing, or a
 * is one). All outputs of the instance are written with it, so that a permutation is computed
 * once. SAGE_EINVAL "vm.builtin.<name>" for operands that the builtin refuses, or another
 * output that holds something else; errors of sage_memory_set. */
SAGE_CHECKED sage_status sage_builtin_deduce(
    sage_builtin b, sage_memory *m, sage_address a, sage_value *out, sage_errinfo *err);

/* After the run: fills outputs that nobody read, checks every instance that has any cell
 * (inputs there, ranges, curve points, outputs, signatures, modular equations), and makes the
 * segment's length whole instances. Operands of add_mod and mul_mod are not filled: hints do
 * that during the run. SAGE_EINVAL "vm.builtin.<name>", err->at the offset. Cost: what was not
 * computed during the run. */
SAGE_CHECKED sage_status sage_builtin_finish(sage_builtin b,
                                             sage_memory *m,
                                             uint32_t segment,
                                             sage_errinfo *err);

/* What the hint ecdsa_builtin.add_signature announces: (r, s) is the signature for the instance
 * whose key is at `at`. The first one for an address counts. SAGE_EINVAL "vm.builtin.ecdsa" if
 * they are no felts, SAGE_ELIMIT beyond 2^20 of them, SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_builtin_add_signature(
    sage_memory *m, sage_address at, sage_value r, sage_value s, sage_errinfo *err);

/* What the hints of modular circuits ask for: copies the first instance at `add` (`mul`) to the
 * n' instances that it says, its first offsets to the end of its table of n' operations, and
 * solves the first n_add (n_mul) operations, each once two of its operands are known: additions
 * as far as they go, then one multiplication, and so on. An n of 0: there are none.
 * SAGE_EINVAL "vm.builtin.add_mod" or "vm.builtin.mul_mod": an instance that is none, more than
 * 100000 operations, no solution, or operations that never become solvable. */
SAGE_CHECKED sage_status sage_builtin_fill_circuit(sage_memory *m,
                                                   sage_address add,
                                                   uint64_t n_add,
                                                   sage_address mul,
                                                   uint64_t n_mul,
                                                   sage_errinfo *err);

/* The same for all operations of one builtin, as many as the instance at `at` says. batch is
 * what the hint was told; this layout's is 1, others are SAGE_EINVAL. */
SAGE_CHECKED sage_status sage_builtin_fill_mod(
    sage_builtin b, sage_memory *m, sage_address at, uint32_t batch, sage_errinfo *err);

#endif

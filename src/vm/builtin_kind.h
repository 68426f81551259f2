/* vm/builtin_kind.h -- what the builtins' files give to builtins.c; private to them. */
#ifndef SAGE_VM_BUILTIN_KIND_H
#define SAGE_VM_BUILTIN_KIND_H

#include <string.h>

#include "vm/memory.h"

enum { BUILTIN_MAX_CELLS = 16, BUILTIN_MAX_OUTPUTS = 8 };

/* The canonical number of a felt, and back from one below P. */
SAGE_INLINE void builtin_limbs(sage_value v, uint64_t limbs[4])
{
    memcpy(limbs, v.l, sizeof v.l);
    limbs[3] &= ~(SAGE_VALUE_KNOWN | SAGE_VALUE_ADDRESS);
}
SAGE_INLINE sage_value builtin_value(const uint64_t limbs[4])
{
    return (sage_value){{limbs[0], limbs[1], limbs[2], limbs[3] | SAGE_VALUE_KNOWN}};
}

/* An instance's outputs out of its inputs, which are felts. NULL, or why the builtin refuses
 * them. */
typedef const char *builtin_function(sage_value *out, const sage_value *in);
builtin_function builtin_pedersen, builtin_poseidon, builtin_keccak, builtin_bitwise,
    builtin_ec_op;

/* Checks the instance at `at` of a builtin without outputs; its cells are known values, of any
 * kind. NULL, or why the builtin refuses. */
typedef const char *builtin_check(sage_memory *m, sage_address at, const sage_value *cells);
builtin_check builtin_range_check, builtin_range_check96, builtin_ecdsa, builtin_add_mod,
    builtin_mul_mod;

#endif

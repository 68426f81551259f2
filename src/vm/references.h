/* vm/references.h -- what "ids.<name>" means before an instruction: the compiler's expression
 * for a name, turned into the steps that compute it. */
#ifndef SAGE_VM_REFERENCES_H
#define SAGE_VM_REFERENCES_H

#include "vm/hint.h"

/* Emits the steps of ids.<name[0..len)>, whose parts stand between dots: a reference or constant
 * visible from the hint's scopes, innermost first, then members, "address_" for where something
 * lies, "SIZE" of a struct. "[ap]" is the cell at ap. out->first is the caller's.
 * SAGE_EINVAL "vm.hint.reference" at the hint's pc: there is no such name or member, the
 * expression is none we know, or it names ap where the compiler lost track of it. No allocation
 * but the steps; recursion at most HINT_STACK deep. */
SAGE_CHECKED sage_status reference_compile(hint_builder *b,
                                           const char *name,
                                           size_t len,
                                           hint_operand *out);

#endif

/* vm/builtin_state.h -- what builtins keep beside the cells of a memory: signatures that hints
 * announced, and which instances have been computed already, so that the end of the run does
 * not compute them again. Lives as long as its sage_memory; NULL until there is something. */
#ifndef SAGE_VM_BUILTIN_STATE_H
#define SAGE_VM_BUILTIN_STATE_H

#include "vm/memory.h"
#include "vm/program.h"

typedef struct sage_signature {
    sage_address at; /* of the public key's cell */
    uint32_t number; /* in the order of their announcement */
    uint64_t r[4], s[4];
} sage_signature;

typedef struct sage_builtin_state {
    struct {
        uint32_t segment;
        uint32_t words;
        uint64_t *computed; /* a bit an instance of that segment */
    } builtin[SAGE_BUILTINS];
    sage_signature *signatures;
    uint32_t n_signatures, cap_signatures;
    bool sorted; /* the signatures, by address, then number */
} sage_builtin_state;

void sage_builtin_state_free(sage_builtin_state *s);

/* The outputs of this instance are what its inputs make them. SAGE_ENOMEM "vm.builtin.memory". */
SAGE_CHECKED sage_status builtin_mark(
    sage_memory *m, sage_builtin b, uint32_t segment, uint32_t instance, sage_errinfo *err);
bool builtin_is_marked(const sage_memory *m,
                       sage_builtin b,
                       uint32_t segment,
                       uint32_t instance);

/* The signature first announced for the key at `at`, or NULL. Sorts when needed. */
const sage_signature *builtin_signature_at(sage_memory *m, sage_address at);

#endif

/* vm/hint_state.h -- the state of a run's hints; private as hint.h. */
#ifndef SAGE_VM_HINT_STATE_H
#define SAGE_VM_HINT_STATE_H

#include "vm/hint.h"
#include "vm/hint_dict.h"
#include "vm/hint_scope.h"

struct sage_hint_state {
    hint_site *sites; /* in the program's order, those without effect left out */
    uint32_t n_sites;
    uint32_t *first; /* by pc: the first site there, plus 1; 0: none */
    uint32_t n_first;
    hint_operand *operands;
    uint32_t n_operands;
    hint_op *ops;
    uint32_t n_ops, cap_ops;

    hint_scopes scopes;
    hint_dicts dicts;
    sage_address boxed; /* where AllocConstantSize goes on; has_boxed: there is a segment */
    bool has_boxed;
    uint32_t n_points; /* random points handed out */
    uint64_t work;     /* rounds of loops so far */
    uint64_t entries;  /* held by dictionaries and sorted lists */
};

/* Room for n more entries of dictionaries and sorted lists, which may be as many as the run's
 * memory may have cells. SAGE_ELIMIT "vm.hint.memory". */
SAGE_CHECKED sage_status hint_take_entries(hint_call *c, uint64_t n);

#endif

/* vm/hint_scope.h -- variables that hints leave for later hints, in scopes that they enter and
 * leave; the inner one sees nothing of the outer. Private as hint.h. */
#ifndef SAGE_VM_HINT_SCOPE_H
#define SAGE_VM_HINT_SCOPE_H

#include "vm/hint_dict.h"
#include "vm/hint_groups.h"

typedef struct hint_scope {
    sage_value n;      /* rounds left of memcpy and memset; unknown: none */
    uint32_t excluded; /* which arc assert_le left out, plus 1; 0: none */
    bool has_groups;   /* squash_dict's accesses, or usort's positions */
    bool has_initial;  /* what the next dictionary starts with */
    hint_groups groups;
    hint_table initial;
} hint_scope;

/* The last one is current; there is always one. */
typedef struct hint_scopes {
    hint_scope *at;
    uint32_t n, cap;
} hint_scopes;

enum { HINT_MAX_SCOPES = 1 << 16 };

hint_scope *hint_scope_now(hint_call *c);
/* SAGE_ELIMIT "vm.hint.scope" beyond HINT_MAX_SCOPES. */
SAGE_CHECKED sage_status hint_scope_enter(hint_call *c);
/* SAGE_EINVAL "vm.hint.scope" if it is the outermost. */
SAGE_CHECKED sage_status hint_scope_leave(hint_call *c);
void hint_scopes_free(hint_scopes *s);

#endif

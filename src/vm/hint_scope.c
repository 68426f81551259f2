/* vm/hint_scope.c -- scopes of hints. */
#include "vm/hint_scope.h"

#include <stdlib.h>

#include "vm/hint_state.h"

hint_scope *hint_scope_now(hint_call *c)
{
    return &c->state->scopes.at[c->state->scopes.n - 1];
}

sage_status hint_scope_enter(hint_call *c)
{
    hint_scopes *s = &c->state->scopes;
    if (s->n == HINT_MAX_SCOPES)
        return sage_fail(c->err, SAGE_ELIMIT, "vm.hint.scope", c->machine->pc,
                         "hints entered more than %d scopes", HINT_MAX_SCOPES);
    if (s->n == s->cap) {
        hint_scope *new = realloc(s->at, 2 * (size_t)s->cap * sizeof *new);
        if (!new)
            return sage_fail(c->err, SAGE_ENOMEM, "vm.hint.memory", c->machine->pc,
                             "no memory for %u scopes", s->cap);
        s->at = new;
        s->cap *= 2;
    }
    s->at[s->n++] = (hint_scope){0};
    return SAGE_OK;
}

sage_status hint_scope_leave(hint_call *c)
{
    hint_scope *now = hint_scope_now(c);
    if (c->state->scopes.n == 1)
        return hint_fail(c, "vm.hint.scope", "there is no scope to leave");
    c->state->entries -= now->initial.n;
    hint_groups_free(c, &now->groups);
    hint_table_free(&now->initial);
    c->state->scopes.n--;
    return SAGE_OK;
}

void hint_scopes_free(hint_scopes *s)
{
    for (uint32_t i = 0; i < s->n; i++) {
        free(s->at[i].groups.at);
        hint_table_free(&s->at[i].initial);
    }
    free(s->at);
    *s = (hint_scopes){0};
}

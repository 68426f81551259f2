/* vm/hints_core.c -- Cairo 0: segments, scopes, signatures, copying loops. */
#include "vm/builtins.h"
#include "vm/hint_scope.h"

/* "[ap]" */
static sage_status add_segment(hint_call *c)
{
    sage_address at = {0};
    sage_status s   = sage_memory_add(c->memory, &at.segment, c->err);
    return s ? s : hint_write(c, 0, sage_value_from_address(at));
}

/* "ecdsa_ptr.address_ signature_r signature_s" */
static sage_status add_signature(hint_call *c)
{
    sage_address at;
    sage_value r, s;
    sage_status st = hint_pointer(c, 0, &at);
    if (!st) st = hint_felt(c, 1, &r);
    if (!st) st = hint_felt(c, 2, &s);
    return st ? st : sage_builtin_add_signature(c->memory, at, r, s, c->err);
}

static sage_status enter_scope(hint_call *c)
{
    return hint_scope_enter(c);
}

static sage_status leave_scope(hint_call *c)
{
    return hint_scope_leave(c);
}

/* "len" or "n": how often the loop goes round. */
static sage_status enter_loop(hint_call *c)
{
    sage_value n;
    sage_status s = hint_felt(c, 0, &n);
    if (!s) s = hint_scope_enter(c);
    if (!s) hint_scope_now(c)->n = n;
    return s;
}

/* "continue_copying" or "continue_loop": n counts down, and to 0 is as good as below. */
static sage_status continue_loop(hint_call *c)
{
    sage_value *n = &hint_scope_now(c)->n;
    if (!sage_value_known(*n)) return hint_fail(c, "vm.hint.scope", "there is no n here");
    const sage_value zero = sage_value_from_u64(0);
    if (!sage_value_equal(*n, zero)) *n = sage_value_sub(*n, sage_value_from_u64(1));
    return hint_write_number(c, 0, !sage_value_equal(*n, zero));
}

static const hint_kind kinds[] = {
    {.name     = "segments.add",
     .text     = "memory[ap] = segments.add()",
     .operands = "[ap]",
     .run      = add_segment},
    {.name     = "ecdsa.add_signature",
     .text     = "ecdsa_builtin.add_signature(ids.ecdsa_ptr.address_, "
                 "(ids.signature_r, ids.signature_s))",
     .operands = "ecdsa_ptr.address_ signature_r signature_s",
     .run      = add_signature},
    {.name = "scope.enter", .text = "vm_enter_scope()", .operands = "", .run = enter_scope},
    {.name = "scope.exit", .text = "vm_exit_scope()", .operands = "", .run = leave_scope},
    {.name     = "memcpy.enter",
     .text     = "vm_enter_scope({'n': ids.len})",
     .operands = "len",
     .run      = enter_loop},
    {.name     = "memcpy.continue",
     .text     = "n -= 1\n"
                 "ids.continue_copying = 1 if n > 0 else 0",
     .operands = "continue_copying",
     .run      = continue_loop},
    {.name     = "memset.enter",
     .text     = "vm_enter_scope({'n': ids.n})",
     .operands = "n",
     .run      = enter_loop},
    {.name     = "memset.continue",
     .text     = "n -= 1\n"
                 "ids.continue_loop = 1 if n > 0 else 0",
     .operands = "continue_loop",
     .run      = continue_loop},
};

const hint_family hints_core = {"Memory, segments, scopes", kinds,
                                sizeof kinds / sizeof *kinds};

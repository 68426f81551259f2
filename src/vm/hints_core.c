/* vm/hints_core.c -- segments, scopes, arguments, signatures, copying loops. */
#include "vm/builtins.h"
#include "vm/hint_scope.h"
#include "vm/hint_state.h"

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

/* "size dst": all of them in one segment */
static sage_status alloc_constant_size(hint_call *c)
{
    uint64_t size;
    sage_hint_state *state = c->state;
    sage_status s          = hint_number(c, 0, SAGE_MEMORY_MAX_OFFSET, &size);
    if (!s && !state->has_boxed) {
        state->boxed     = (sage_address){0};
        s                = sage_memory_add(c->memory, &state->boxed.segment, c->err);
        state->has_boxed = !s;
    }
    if (!s) s = hint_write(c, 1, sage_value_from_address(state->boxed));
    return s ? s : hint_move(c, state->boxed, size, &state->boxed);
}

/* "index dst": the arguments as one array, its start and end into dst and the cell behind. An
 * executable has one parameter, number 0. */
static sage_status write_arguments(hint_call *c)
{
    uint64_t index;
    sage_address dst, at = {0};
    const sage_run_input *in = c->machine->input;
    uint32_t n               = in ? in->n_felts : 0;
    sage_status s            = hint_number(c, 0, UINT32_MAX, &index);
    if (!s && index)
        s = hint_fail(c, "vm.hint.arguments", "there is but one list of arguments");
    if (!s) s = hint_place(c, 1, &dst);
    if (!s) s = sage_memory_add(c->memory, &at.segment, c->err);
    for (uint32_t i = 0; !s && i < n; i++)
        s = hint_store(c, at, i, in->felts[i]);
    if (!s) s = hint_store(c, dst, 0, sage_value_from_address(at));
    if (!s) s = hint_move(c, at, n, &at);
    return s ? s : hint_store(c, dst, 1, sage_value_from_address(at));
}

static const hint_kind kinds[] = {
    {.name = "AllocSegment", .operands = "dst", .run = add_segment},
    {.name = "AllocConstantSize", .operands = "size dst", .run = alloc_constant_size},
    {.name = "WriteRunParam", .operands = "index dst", .run = write_arguments},
    {.name = "AddMarker", .operands = ""},
    {.name = "AddTrace", .operands = ""},
    {.name = "DebugPrint", .operands = ""},
    {.name     = "SystemCall",
     .operands = "",
     .refusal  = "talks to a chain, and no hint sees the host: compile the program without it"},
    {.name     = "Cheatcode",
     .operands = "",
     .refusal  = "talks to a chain, and no hint sees the host: compile the program without it"},
    {.name     = "add_segment",
     .text     = "memory[ap] = segments.add()",
     .operands = "[ap]",
     .run      = add_segment},
    {.name = "vm_enter_scope", .text = "vm_enter_scope()", .operands = "", .run = enter_scope},
    {.name = "vm_exit_scope", .text = "vm_exit_scope()", .operands = "", .run = leave_scope},
    {.name     = "memcpy_enter_scope",
     .text     = "vm_enter_scope({'n': ids.len})",
     .operands = "len",
     .run      = enter_loop},
    {.name     = "memcpy_continue_copying",
     .text     = "n -= 1\n"
                 "ids.continue_copying = 1 if n > 0 else 0",
     .operands = "continue_copying",
     .run      = continue_loop},
    {.name     = "memset_enter_scope",
     .text     = "vm_enter_scope({'n': ids.n})",
     .operands = "n",
     .run      = enter_loop},
    {.name     = "memset_continue_loop",
     .text     = "n -= 1\n"
                 "ids.continue_loop = 1 if n > 0 else 0",
     .operands = "continue_loop",
     .run      = continue_loop},
    {.name     = "verify_ecdsa_signature",
     .text     = "ecdsa_builtin.add_signature(ids.ecdsa_ptr.address_, (ids.signature_r, "
                 "ids.signature_s))",
     .operands = "ecdsa_ptr.address_ signature_r signature_s",
     .run      = add_signature},
};

const hint_family hints_core = {"Memory, segments, scopes", kinds,
                                sizeof kinds / sizeof *kinds};

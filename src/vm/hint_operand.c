/* vm/hint_operand.c -- operands of hints: their steps executed, memory read and written. */
#include "vm/hint.h"
#include "vm/hint_state.h"
#include "vm/machine.h"

/* About a minute's worth: hostile programs end there, others are far below. */
static const uint64_t max_work = (uint64_t)1 << 32;

sage_status hint_fail(hint_call *c, const char *where, const char *sentence)
{
    return sage_fail(c->err, SAGE_EINVAL, where, c->machine->pc, "hint %s at pc %u: %s",
                     c->site->kind->name, c->machine->pc, sentence);
}

sage_status hint_work(hint_call *c, uint64_t n)
{
    uint64_t left = max_work - c->state->work;
    if (n > left)
        return sage_fail(c->err, SAGE_ELIMIT, "vm.hint.work", c->machine->pc,
                         "the loops of this run's hints are longer than %llu rounds",
                         (unsigned long long)max_work);
    c->state->work += n;
    return SAGE_OK;
}

static sage_status no_value(hint_call *c, uint32_t i, const char *what)
{
    return sage_fail(c->err, SAGE_EINVAL, "vm.hint.operand", c->machine->pc,
                     "hint %s at pc %u: operand %u %s", c->site->kind->name, c->machine->pc, i,
                     what);
}

static bool combine(hint_op_kind kind, sage_value a, sage_value b, sage_value *out)
{
    if (kind == HINT_OP_ADD) return machine_sum(out, a, b);
    if (kind == HINT_OP_SUB) return machine_difference(out, a, b);
    if (!sage_value_is_felt(a) || !sage_value_is_felt(b)) return false;
    *out = sage_value_mul(a, b);
    return true;
}

/* One step; false: there is no such value. *n is the stack's height. */
static bool apply(const hint_call *c, const hint_op *op, sage_value *stack, uint32_t *n)
{
    sage_address at = {SAGE_SEGMENT_EXECUTION, c->machine->fp};
    sage_value *top = &stack[*n ? *n - 1 : 0];
    switch (op->kind) {
    case HINT_OP_VALUE: stack[(*n)++] = op->v; return true;
    case HINT_OP_FP: stack[(*n)++] = sage_value_from_address(at); return true;
    case HINT_OP_AP:
        at.offset = c->machine->ap;
        return machine_sum(&stack[(*n)++], sage_value_from_address(at), op->v);
    case HINT_OP_LOAD:
        if (!sage_value_is_address(*top)) return false;
        *top = sage_memory_get(c->memory, sage_value_address(*top));
        return sage_value_known(*top);
    default: (*n)--; return combine(op->kind, top[-1], *top, &top[-1]);
    }
}

/* The operand's address or value. */
static sage_status evaluate(hint_call *c, uint32_t i, sage_value *out)
{
    const hint_operand *o = &c->state->operands[c->site->operand + i];
    const hint_op *op     = &c->state->ops[o->first];
    sage_value stack[HINT_STACK];
    uint32_t n = 0;
    for (uint32_t k = 0; k < o->n; k++)
        if (!apply(c, &op[k], stack, &n))
            return no_value(c, i,
                            "needs a cell that is empty, or is computed from what no "
                            "address or number can be");
    *out = stack[0];
    return SAGE_OK;
}

static bool in_memory(const hint_call *c, uint32_t i)
{
    return c->state->operands[c->site->operand + i].in_memory;
}

sage_status hint_place(hint_call *c, uint32_t i, sage_address *out)
{
    sage_value at;
    if (!in_memory(c, i)) return no_value(c, i, "is a value and has no place");
    sage_status s = evaluate(c, i, &at);
    if (s) return s;
    if (!sage_value_is_address(at)) return no_value(c, i, "lies at no address");
    *out = sage_value_address(at);
    return SAGE_OK;
}

sage_status hint_value(hint_call *c, uint32_t i, sage_value *out)
{
    sage_status s = evaluate(c, i, out);
    if (s || !in_memory(c, i)) return s;
    if (!sage_value_is_address(*out)) return no_value(c, i, "lies at no address");
    *out = sage_memory_get(c->memory, sage_value_address(*out));
    return sage_value_known(*out) ? SAGE_OK : no_value(c, i, "is an empty cell");
}

sage_status hint_felt(hint_call *c, uint32_t i, sage_value *out)
{
    sage_status s = hint_value(c, i, out);
    if (s || sage_value_is_felt(*out)) return s;
    return no_value(c, i, "is an address where a number is due");
}

sage_status hint_pointer(hint_call *c, uint32_t i, sage_address *out)
{
    sage_value v;
    sage_status s = hint_value(c, i, &v);
    if (s) return s;
    if (!sage_value_is_address(v)) return no_value(c, i, "is a number where an address is due");
    *out = sage_value_address(v);
    return SAGE_OK;
}

sage_status hint_number(hint_call *c, uint32_t i, uint64_t max, uint64_t *out)
{
    sage_value v;
    sage_status s = hint_felt(c, i, &v);
    if (s) return s;
    if (!sage_value_is_small(v) || v.l[0] > max) return no_value(c, i, "is too large");
    *out = v.l[0];
    return SAGE_OK;
}

sage_status hint_write(hint_call *c, uint32_t i, sage_value v)
{
    sage_address at;
    sage_status s = hint_place(c, i, &at);
    return s ? s : sage_memory_set(c->memory, at, v, c->err);
}

sage_status hint_write_number(hint_call *c, uint32_t i, uint64_t v)
{
    return hint_write(c, i, sage_value_from_u64(v));
}

/* --- cells --- */

sage_status hint_move(hint_call *c, sage_address at, uint64_t by, sage_address *out)
{
    if (by >= SAGE_MEMORY_MAX_OFFSET || at.offset + by >= SAGE_MEMORY_MAX_OFFSET)
        return hint_fail(c, "vm.hint.address", "a pointer leaves its segment");
    *out = (sage_address){at.segment, at.offset + (uint32_t)by};
    return SAGE_OK;
}

sage_status hint_load(hint_call *c, sage_address at, uint64_t by, sage_value *out)
{
    sage_status s = hint_move(c, at, by, &at);
    if (s) return s;
    *out = sage_memory_get(c->memory, at);
    return sage_value_known(*out)
               ? SAGE_OK
               : sage_fail(c->err, SAGE_EINVAL, "vm.hint.address", c->machine->pc,
                           "hint %s at pc %u: cell %u:%u is empty", c->site->kind->name,
                           c->machine->pc, at.segment, at.offset);
}

sage_status hint_load_felt(hint_call *c, sage_address at, uint64_t by, sage_value *out)
{
    sage_status s = hint_load(c, at, by, out);
    if (s || sage_value_is_felt(*out)) return s;
    return hint_fail(c, "vm.hint.address", "a cell holds an address where a number is due");
}

sage_status hint_store(hint_call *c, sage_address at, uint64_t by, sage_value v)
{
    sage_status s = hint_move(c, at, by, &at);
    return s ? s : sage_memory_set(c->memory, at, v, c->err);
}

int hint_compare(sage_value a, sage_value b)
{
    for (int i = 4; i-- > 0;)
        if (a.l[i] != b.l[i]) return a.l[i] < b.l[i] ? -1 : 1;
    return 0;
}

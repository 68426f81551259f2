/* devnet/frame.c -- calls: who runs, how deep, and what is undone. */
#include "devnet/frame_private.h"
#include "devnet/names.h"
#include "field/felt252_text.h"

void sage_run_fail(sage_run *run, sage_status status, const sage_errinfo *failure)
{
    if (run->status) return;
    run->status  = status;
    run->failure = *failure;
}

sage_status sage_run_status(const sage_run *run, sage_errinfo *err)
{
    if (!run->status) return sage_state_status(run->state, err);
    if (err) *err = run->failure;
    return run->status;
}

void sage_need(sage_frame *f, sage_status s, const sage_errinfo *e, const char *why)
{
    if (s == SAGE_ENOMEM) {
        sage_run_fail(f->run, s, e);
        f->panicked = true;
    } else if (s) {
        sage_panic(f, why);
    }
}

void sage_frame_check(sage_frame *f, sage_status s, const sage_errinfo *e)
{
    if (!s) return;
    if (s == SAGE_ELIMIT) {
        sage_panic(f, "List too long");
        return;
    }
    sage_run_fail(f->run, s, e);
    f->panicked = true;
}

const sage_contract *sage_run_contract(sage_run *run, felt252 address)
{
    felt252 class_hash = sage_state_get(run->state, SAGE_CELL_CLASS, address, felt252_zero());
    return felt252_is_zero(class_hash) ? NULL : sage_contract_of(class_hash);
}

const sage_entry *sage_contract_entry(const sage_contract *c, felt252 selector)
{
    for (uint32_t i = 0; i < c->n_entries; i++)
        if (felt252_eq(sage_name_selector(c->entries[i].name), selector)) return &c->entries[i];
    return NULL;
}

/* Takes the call into the trace; false without memory. */
static bool enter(sage_run *run, const sage_asked *a, uint32_t *call)
{
    sage_errinfo e;
    sage_chain_call c = {.phase       = run->phase,
                         .depth       = run->depth,
                         .to          = a->to,
                         .selector    = a->selector,
                         .caller      = a->caller,
                         .constructor = a->constructor};
    c.class_hash      = sage_state_get(run->state, SAGE_CELL_CLASS, a->to, felt252_zero());
    *call             = run->trace.n_calls;
    sage_status s     = sage_felt_list_add_many(&c.calldata, a->calldata, a->n, &e);
    if (s)
        sage_felt_list_free(&c.calldata);
    else
        s = sage_trace_call(&run->trace, &c, &e);
    if (s) sage_run_fail(run, s, &e);
    return !s;
}

/* Runs the code, whose calldata must be used up. */
static void run_code(sage_frame *f, void (*code)(sage_frame *))
{
    if (code) code(f);
    sage_require(f, f->at == f->n, "Input too long for arguments");
}

static void start(sage_frame *f, const sage_asked *a)
{
    const sage_contract *c = sage_run_contract(f->run, f->self);
    if (f->run->depth >= SAGE_DEPTH_MAX) {
        sage_panic(f, "Recursion depth exceeded");
    } else if (!c) {
        sage_panic(f, "CONTRACT_NOT_DEPLOYED");
    } else if (a->constructor) {
        run_code(f, c->construct);
    } else {
        f->entry = sage_contract_entry(c, a->selector);
        if (f->entry)
            run_code(f, f->entry->run);
        else
            sage_panic(f, "ENTRYPOINT_NOT_FOUND");
    }
}

/* Undoes what a frame that panicked did, and notes the outcome in the trace. */
static void leave(sage_frame *f, size_t mark, uint32_t events)
{
    sage_run *run         = f->run;
    sage_chain_call *call = &run->trace.calls[f->call];
    sage_errinfo e;
    if (run->status) f->panicked = true;
    if (f->panicked) {
        sage_state_rollback(run->state, mark);
        sage_trace_drop_events(&run->trace, events);
    }
    sage_status s = sage_felt_list_copy(&call->result, &f->result, &e);
    if (s) sage_frame_check(f, s, &e);
    call->failed = f->panicked;
}

bool sage_run_entry(sage_run *run, const sage_asked *a, sage_felt_list *result)
{
    sage_frame f = {
        .run = run, .self = a->to, .caller = a->caller, .calldata = a->calldata, .n = a->n};
    *result = (sage_felt_list){0};
    if (run->status || !enter(run, a, &f.call)) return false;
    size_t mark     = sage_state_mark(run->state);
    uint32_t events = run->trace.n_events;
    run->work.calls++;
    start(&f, a);
    leave(&f, mark, events);
    *result = f.result;
    return !f.panicked;
}

/* The result of a panic that no frame had. */
static bool refuse(sage_run *run, const char *why, sage_felt_list *result)
{
    sage_errinfo e;
    sage_status s = sage_felt_list_add(result, sage_felt_short(why), &e);
    if (s) sage_run_fail(run, s, &e);
    return false;
}

static bool set_class(sage_run *run, felt252 address, felt252 class_hash)
{
    sage_errinfo e;
    sage_status s =
        sage_state_set(run->state, SAGE_CELL_CLASS, address, felt252_zero(), class_hash, &e);
    if (s) sage_run_fail(run, s, &e);
    return !s;
}

bool sage_run_deploy(sage_run *run,
                     felt252 address,
                     felt252 class_hash,
                     felt252 caller,
                     const felt252 *calldata,
                     uint32_t n,
                     sage_felt_list *result)
{
    *result = (sage_felt_list){0};
    if (!sage_contract_of(class_hash)) return refuse(run, "CLASS_HASH_NOT_FOUND", result);
    felt252 there = sage_state_get(run->state, SAGE_CELL_CLASS, address, felt252_zero());
    if (!felt252_is_zero(there)) return refuse(run, "CONTRACT_ALREADY_DEPLOYED", result);
    size_t mark = sage_state_mark(run->state);
    run->work.deploys++;
    if (!set_class(run, address, class_hash)) return false;
    sage_asked a = {.to          = address,
                    .selector    = sage_name_selector("constructor"),
                    .caller      = caller,
                    .calldata    = calldata,
                    .n           = n,
                    .constructor = true};
    if (sage_run_entry(run, &a, result)) return true;
    sage_state_rollback(run->state, mark);
    return false;
}

/* After an inner call: its result to whoever wants it, its panic to the frame. */
static void take_result(sage_frame *f, bool ok, sage_felt_list *inner, sage_felt_list *result)
{
    if (ok && result) {
        *result = *inner;
        return;
    }
    if (!ok) sage_panic_with(f, inner->v, inner->n);
    sage_felt_list_free(inner);
}

void sage_call_selector(sage_frame *f,
                        felt252 to,
                        felt252 selector,
                        const felt252 *calldata,
                        uint32_t n,
                        sage_felt_list *result)
{
    sage_felt_list inner;
    if (result) *result = (sage_felt_list){0};
    if (f->panicked) return;
    sage_asked a = {
        .to = to, .selector = selector, .caller = f->self, .calldata = calldata, .n = n};
    f->run->depth++;
    bool ok = sage_run_entry(f->run, &a, &inner);
    f->run->depth--;
    take_result(f, ok, &inner, result);
}

void sage_call_contract(sage_frame *f,
                        felt252 to,
                        const char *entry,
                        const felt252 *calldata,
                        uint32_t n,
                        sage_felt_list *result)
{
    sage_call_selector(f, to, sage_name_selector(entry), calldata, n, result);
}

felt252 sage_deploy(sage_frame *f,
                    felt252 class_hash,
                    felt252 salt,
                    felt252 deployer,
                    const felt252 *calldata,
                    uint32_t n)
{
    sage_felt_list inner;
    if (f->panicked) return felt252_zero();
    felt252 address = sage_contract_address(deployer, salt, class_hash, calldata, n);
    f->run->depth++;
    bool ok = sage_run_deploy(f->run, address, class_hash, f->self, calldata, n, &inner);
    f->run->depth--;
    take_result(f, ok, &inner, NULL);
    return ok ? address : felt252_zero();
}

void sage_replace_class(sage_frame *f, felt252 class_hash)
{
    sage_require(f, sage_contract_of(class_hash), "CLASS_HASH_NOT_FOUND");
    if (!f->panicked && !set_class(f->run, f->self, class_hash)) f->panicked = true;
}

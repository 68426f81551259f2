/* devnet/execute.c -- one call or one new contract, outside of transactions. */
#include "devnet/execute.h"

#include "devnet/frame.h"

/* The end of a run that made its contract panic: text, and the state as it was. */
static sage_status reverted(const sage_felt_list *panic, sage_errinfo *err)
{
    char text[200];
    sage_panic_text(text, sizeof text, panic->v, panic->n);
    return sage_fail(err, SAGE_ECONFLICT, "chain.reverted", -1, "%s", text);
}

/* Ends a run: its trace is forgotten, and everything undone unless it went well. */
static sage_status
finish(sage_run *run, size_t mark, bool ok, sage_felt_list *result, sage_errinfo *err)
{
    sage_status s = sage_run_status(run, err);
    if (!s && !ok) s = reverted(result, err);
    if (s) sage_state_rollback(run->state, mark);
    sage_trace_free(&run->trace);
    return s;
}

static sage_status check_entry(sage_run *run, const sage_asked *a, sage_errinfo *err)
{
    const sage_contract *c = sage_run_contract(run, a->to);
    sage_status s          = sage_run_status(run, err);
    if (s) return s;
    if (!c)
        return sage_fail(err, SAGE_ENOTFOUND, "chain.contract", -1,
                         "there is no contract at this address");
    if (!sage_contract_entry(c, a->selector))
        return sage_fail(err, SAGE_ENOTFOUND, "chain.entry_point", -1,
                         "%s has no such entry point", c->name);
    return SAGE_OK;
}

sage_status sage_execute_call(sage_state *s,
                              const sage_block_env *env,
                              felt252 caller,
                              felt252 to,
                              felt252 selector,
                              const felt252 *calldata,
                              uint32_t n,
                              sage_felt_list *result,
                              sage_errinfo *err)
{
    sage_run run = {.state = s, .env = env, .phase = SAGE_PHASE_EXECUTE};
    sage_asked a = {
        .to = to, .selector = selector, .caller = caller, .calldata = calldata, .n = n};
    *result            = (sage_felt_list){0};
    sage_status status = check_entry(&run, &a, err);
    if (status) return status;
    size_t mark = sage_state_mark(s);
    bool ok     = sage_run_entry(&run, &a, result);
    return finish(&run, mark, ok, result, err);
}

sage_status sage_execute_deploy(sage_state *s,
                                const sage_block_env *env,
                                felt252 address,
                                felt252 class_hash,
                                const felt252 *calldata,
                                uint32_t n,
                                sage_errinfo *err)
{
    sage_run run = {.state = s, .env = env, .phase = SAGE_PHASE_EXECUTE};
    sage_felt_list result;
    size_t mark = sage_state_mark(s);
    bool ok = sage_run_deploy(&run, address, class_hash, felt252_zero(), calldata, n, &result);
    sage_status status = finish(&run, mark, ok, &result, err);
    sage_felt_list_free(&result);
    return status;
}

/* devnet/test_rig.c -- calls from outside, with what they leave. */
#include "devnet/test_rig.h"

#include "devnet/frame.h"
#include "devnet/names.h"
#include "field/felt252_text.h"

enum { NEW_YEAR_2026 = 1767225600 };

void rig_open(sage_rig *rig)
{
    *rig = (sage_rig){.env = {.number    = 1,
                              .timestamp = NEW_YEAR_2026,
                              .chain_id  = sage_felt_short("SN_SEPOLIA"),
                              .sequencer = sage_felt_short("sequencer"),
                              .fee_token = sage_felt_short("STRK")}};
    for (int g = 0; g < SAGE_GASES; g++)
        rig->env.gas_price[g] = sage_amount_of(1);
    assert_int_equal(sage_state_new(&rig->state, &rig->err), SAGE_OK);
}

static void forget_last(sage_rig *rig)
{
    sage_trace events = {.events = rig->events, .n_events = rig->n_events};
    if (rig->events != rig->outcome.events) sage_trace_free(&events);
    sage_tx_result_free(&rig->outcome);
    sage_felt_list_free(&rig->result);
    rig->events   = NULL;
    rig->n_events = 0;
    rig->panic[0] = 0;
}

void rig_close(sage_rig *rig)
{
    forget_last(rig);
    sage_state_free(rig->state);
    *rig = (sage_rig){0};
}

static sage_run new_run(const sage_rig *rig)
{
    return (sage_run){.state   = rig->state,
                      .env     = &rig->env,
                      .tx      = rig->tx,
                      .tx_hash = rig->tx_hash,
                      .phase   = SAGE_PHASE_EXECUTE};
}

/* Takes the events from a run, and forgets its calls. */
static void take_events(sage_rig *rig, sage_run *run)
{
    rig->events   = run->trace.events;
    rig->n_events = run->trace.n_events;
    run->trace    = (sage_trace){.calls = run->trace.calls, .n_calls = run->trace.n_calls};
    sage_trace_free(&run->trace);
}

static bool finish(sage_rig *rig, sage_run *run, bool ok)
{
    assert_int_equal(sage_run_status(run, &rig->err), SAGE_OK);
    take_events(rig, run);
    if (!ok) sage_panic_text(rig->panic, sizeof rig->panic, rig->result.v, rig->result.n);
    sage_state_settle(rig->state);
    if (rig->check) rig->check(rig, rig->arg);
    return ok;
}

bool rig_try_deploy(sage_rig *rig,
                    felt252 address,
                    const sage_contract *contract,
                    const felt252 *calldata,
                    uint32_t n)
{
    sage_run run = new_run(rig);
    forget_last(rig);
    felt252 class_hash = sage_contract_class_hash(contract);
    bool ok =
        sage_run_deploy(&run, address, class_hash, felt252_zero(), calldata, n, &rig->result);
    return finish(rig, &run, ok);
}

void rig_deploy(sage_rig *rig,
                felt252 address,
                const sage_contract *contract,
                const felt252 *calldata,
                uint32_t n)
{
    bool ok = rig_try_deploy(rig, address, contract, calldata, n);
    if (!ok) print_error("%s: %s\n", contract->name, rig->panic);
    assert_true(ok);
}

bool rig_call(sage_rig *rig,
              felt252 as,
              felt252 to,
              const char *entry,
              const felt252 *calldata,
              uint32_t n)
{
    sage_run run = new_run(rig);
    sage_asked a = {.to       = to,
                    .selector = sage_name_selector(entry),
                    .caller   = as,
                    .calldata = calldata,
                    .n        = n};
    forget_last(rig);
    bool ok = sage_run_entry(&run, &a, &rig->result);
    return finish(rig, &run, ok);
}

felt252 rig_result(const sage_rig *rig, uint32_t i)
{
    assert_true(i < rig->result.n);
    return rig->result.v[i];
}

static sage_amount join(const sage_felt_list *l, uint32_t i)
{
    sage_amount a;
    assert_true(i + 1 < l->n);
    assert_true(sage_u256_join(&a, l->v[i], l->v[i + 1]));
    return a;
}

sage_amount rig_result_u256(const sage_rig *rig, uint32_t i)
{
    return join(&rig->result, i);
}

static sage_felt_list
ask(sage_rig *rig, felt252 of, const char *view, const felt252 *args, uint32_t n)
{
    sage_felt_list result;
    sage_errinfo err = {.msg = ""};
    sage_status s    = sage_execute_call(rig->state, &rig->env, felt252_zero(), of,
                                         sage_name_selector(view), args, n, &result, &err);
    if (s) print_error("%s: %s\n", view, err.msg);
    assert_int_equal(s, SAGE_OK);
    return result;
}

felt252 rig_felt(sage_rig *rig, felt252 of, const char *view, const felt252 *args, uint32_t n)
{
    sage_felt_list result = ask(rig, of, view, args, n);
    assert_int_equal(result.n, 1);
    felt252 v = result.v[0];
    sage_felt_list_free(&result);
    return v;
}

sage_amount
rig_u256(sage_rig *rig, felt252 of, const char *view, const felt252 *args, uint32_t n)
{
    sage_felt_list result = ask(rig, of, view, args, n);
    assert_int_equal(result.n, 2);
    sage_amount a = join(&result, 0);
    sage_felt_list_free(&result);
    return a;
}

void rig_panicked_with(const sage_rig *rig, const char *text)
{
    char wanted[240];
    felt252 v = sage_felt_short(text);
    sage_panic_text(wanted, sizeof wanted, &v, 1);
    assert_string_equal(rig->panic, wanted);
}

const sage_chain_event *
rig_event(const sage_rig *rig, felt252 from, const char *name, uint32_t nth)
{
    felt252 selector = sage_name_selector(name);
    for (uint32_t i = 0; i < rig->n_events; i++) {
        const sage_chain_event *e = &rig->events[i];
        if (felt252_eq(e->from, from) && felt252_eq(e->keys.v[0], selector) && !nth--) return e;
    }
    return NULL;
}

sage_status rig_execute(sage_rig *rig,
                        const sage_tx *t,
                        felt252 hash,
                        const sage_checked_signature *checked)
{
    forget_last(rig);
    sage_status s =
        sage_execute_tx(rig->state, &rig->env, t, hash, checked, 0, &rig->outcome, &rig->err);
    rig->events   = rig->outcome.events;
    rig->n_events = rig->outcome.n_events;
    if (rig->outcome.reverted)
        snprintf(rig->panic, sizeof rig->panic, "%s", rig->outcome.reason);
    sage_state_settle(rig->state);
    if (rig->check) rig->check(rig, rig->arg);
    return s;
}

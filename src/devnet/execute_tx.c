/* devnet/execute_tx.c -- one transaction: checks, validation, execution, fee. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "devnet/execute.h"
#include "devnet/frame.h"
#include "devnet/names.h"
#include "field/felt252_text.h"
#include "starknet/address.h"

typedef struct job {
    sage_run run;
    const sage_tx *tx;
    unsigned flags;
    bool charge;  /* the fee is bounded and taken */
    size_t start; /* of the journal */
    sage_tx_result *out;
} job;

static bool is_deploy(const job *j)
{
    return j->tx->kind == SAGE_TX_DEPLOY_ACCOUNT;
}

static sage_status no_account(const sage_contract *c, const char *entry, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EINVAL, "chain.non_account", -1,
                     "%s is no account: it has no %s", c->name, entry);
}

static sage_status need_entry(const sage_contract *c, const char *entry, sage_errinfo *err)
{
    if (sage_contract_entry(c, sage_name_selector(entry))) return SAGE_OK;
    return no_account(c, entry, err);
}

static sage_status check_sender(job *j, sage_errinfo *err)
{
    const sage_contract *c = sage_run_contract(&j->run, j->tx->sender);
    sage_status s          = sage_run_status(&j->run, err);
    if (s) return s;
    if (!c)
        return sage_fail(err, SAGE_ENOTFOUND, "chain.contract", -1,
                         "there is no account at the sender's address");
    s = need_entry(c, "__validate__", err);
    return s ? s : need_entry(c, "__execute__", err);
}

static sage_status check_new_account(job *j, sage_errinfo *err)
{
    const sage_tx *t       = j->tx;
    const sage_contract *c = sage_contract_of(t->class_hash);
    if (!c) return sage_fail(err, SAGE_ENOTFOUND, "chain.class", -1, "no class has this hash");
    felt252 address = sage_contract_address(felt252_zero(), t->salt, t->class_hash,
                                            t->calldata.v, t->calldata.n);
    if (!felt252_eq(address, t->sender))
        return sage_fail(err, SAGE_EINTERNAL, "chain.sender", -1,
                         "the address is not that of class, salt and calldata");
    if (sage_run_contract(&j->run, address))
        return sage_fail(err, SAGE_ECONFLICT, "chain.duplicate", -1,
                         "there is a contract at this address already");
    j->out->contract = address;
    return need_entry(c, "__validate_deploy__", err);
}

static sage_status check_account(job *j, sage_errinfo *err)
{
    switch (j->tx->kind) {
    case SAGE_TX_INVOKE: return check_sender(j, err);
    case SAGE_TX_DEPLOY_ACCOUNT: return check_new_account(j, err);
    case SAGE_TX_DECLARE: break;
    }
    return sage_fail(err, SAGE_EUNSUP, "chain.unsupported", -1,
                     "this node runs its own contracts only: classes cannot be declared");
}

static felt252 account_nonce(const job *j)
{
    return sage_state_get(j->run.state, SAGE_CELL_NONCE, j->tx->sender, felt252_zero());
}

static sage_status check_nonce(const job *j, sage_errinfo *err)
{
    char is[SAGE_FELT_HEX], given[SAGE_FELT_HEX];
    felt252 nonce = account_nonce(j);
    if (felt252_eq(nonce, j->tx->nonce)) return SAGE_OK;
    sage_felt_to_hex(is, nonce);
    sage_felt_to_hex(given, j->tx->nonce);
    return sage_fail(err, SAGE_ECONFLICT, "chain.nonce", -1,
                     "the account's nonce is %s, the transaction's %s", is, given);
}

static sage_status take_nonce(job *j, sage_errinfo *err)
{
    felt252 next = felt252_add(account_nonce(j), felt252_one());
    return sage_state_set(j->run.state, SAGE_CELL_NONCE, j->tx->sender, felt252_zero(), next,
                          err);
}

/* Every gas that may be used is paid at the block's price at least. */
static sage_status check_prices(const job *j, sage_errinfo *err)
{
    for (int g = 0; g < SAGE_GASES; g++) {
        const sage_gas_bound *b = &j->tx->bounds[g];
        sage_amount max         = {{b->max_price[0], b->max_price[1]}};
        char is[SAGE_AMOUNT_TEXT], given[SAGE_AMOUNT_TEXT];
        if (!b->max_amount || sage_amount_compare(&max, &j->run.env->gas_price[g]) >= 0)
            continue;
        sage_amount_format(is, &j->run.env->gas_price[g]);
        sage_amount_format(given, &max);
        return sage_fail(err, SAGE_EINVAL, "chain.resources", g,
                         "Max %s price (%s) is lower than the actual gas price: %s.",
                         sage_gas_name((sage_gas)g), given, is);
    }
    return SAGE_OK;
}

static void beyond_text(char *out, size_t size, const job *j, sage_gas g, const uint64_t *gas)
{
    snprintf(out, size,
             "Insufficient max %s: max amount: %" PRIu64 ", actual used: %" PRIu64 ".",
             sage_gas_name(g), j->tx->bounds[g].max_amount, gas[g]);
}

static sage_status check_gas(const job *j, const uint64_t gas[SAGE_GASES], sage_errinfo *err)
{
    char text[160];
    sage_gas g = sage_gas_beyond(gas, j->tx);
    if (g == SAGE_GASES) return SAGE_OK;
    beyond_text(text, sizeof text, j, g, gas);
    return sage_fail(err, SAGE_EINVAL, "chain.resources", g, "%s", text);
}

/* The sender's STRK, asked from the token in a run of its own. */
static sage_status balance_of_sender(const job *j, sage_amount *out, sage_errinfo *err)
{
    sage_felt_list result;
    sage_status s =
        sage_execute_call(j->run.state, j->run.env, felt252_zero(), j->run.env->fee_token,
                          sage_name_selector("balance_of"), &j->tx->sender, 1, &result, err);
    if (!s && (result.n != 2 || !sage_u256_join(out, result.v[0], result.v[1])))
        s = sage_fail(err, SAGE_EINTERNAL, "chain.fee_token", -1,
                      "the fee token tells no balance");
    sage_felt_list_free(&result);
    return s;
}

/* Whatever the transaction does, its sender can pay for it. */
static sage_status check_balance(const job *j, sage_errinfo *err)
{
    sage_amount balance = {0}, most;
    char has[SAGE_AMOUNT_TEXT], wants[SAGE_AMOUNT_TEXT];
    sage_status s = balance_of_sender(j, &balance, err);
    if (!s) s = sage_tx_max_fee(&most, j->tx, err);
    if (s || sage_amount_compare(&most, &balance) <= 0) return s;
    sage_amount_format(has, &balance);
    sage_amount_format(wants, &most);
    return sage_fail(err, SAGE_EINVAL, "chain.balance", -1,
                     "Resources bounds (%s) exceed balance (%s).", wants, has);
}

static sage_status check_fee(const job *j, sage_errinfo *err)
{
    uint64_t least[SAGE_GASES];
    if (!j->charge) return SAGE_OK;
    sage_gas_least(least, j->tx);
    sage_status s = check_prices(j, err);
    if (!s) s = check_gas(j, least, err);
    return s ? s : check_balance(j, err);
}

/* What went wrong in validation, as an error. */
static sage_status invalid(const char *what, const sage_felt_list *panic, sage_errinfo *err)
{
    char text[200];
    sage_panic_text(text, sizeof text, panic->v, panic->n);
    return sage_fail(err, SAGE_EINVAL, "chain.validation", -1, "%s: %s", what, text);
}

/* The calldata of the account's check: of __validate__ the calls, of __validate_deploy__ class,
 * salt and the constructor's arguments. */
static sage_status validate_calldata(const job *j, sage_felt_list *out, sage_errinfo *err)
{
    *out          = (sage_felt_list){0};
    sage_status s = SAGE_OK;
    if (is_deploy(j)) s = sage_felt_list_add(out, j->tx->class_hash, err);
    if (!s && is_deploy(j)) s = sage_felt_list_add(out, j->tx->salt, err);
    if (!s) s = sage_felt_list_add_many(out, j->tx->calldata.v, j->tx->calldata.n, err);
    if (s) sage_felt_list_free(out);
    return s;
}

/* Its work is in the least gas already, done or not. */
static sage_status validate(job *j, sage_errinfo *err)
{
    sage_felt_list calldata, result;
    if (j->flags & SAGE_SIMULATE_SKIP_VALIDATE) return SAGE_OK;
    const char *entry = is_deploy(j) ? "__validate_deploy__" : "__validate__";
    sage_status s     = validate_calldata(j, &calldata, err);
    if (s) return s;
    sage_asked a   = {.to       = j->tx->sender,
                      .selector = sage_name_selector(entry),
                      .calldata = calldata.v,
                      .n        = calldata.n};
    sage_work work = j->run.work;
    j->run.phase   = SAGE_PHASE_VALIDATE;
    bool ok        = sage_run_entry(&j->run, &a, &result);
    j->run.work    = work;
    s              = sage_run_status(&j->run, err);
    if (!s && !ok) s = invalid("the account refuses", &result, err);
    if (!s && (result.n != 1 || !felt252_eq(result.v[0], sage_felt_short("VALID"))))
        s = invalid("the account does not answer 'VALID'", &result, err);
    sage_felt_list_free(&result);
    sage_felt_list_free(&calldata);
    return s;
}

/* The new account; a panic of its constructor is an error, as in validation. */
static sage_status construct(job *j, sage_errinfo *err)
{
    const sage_tx *t = j->tx;
    sage_felt_list result;
    j->run.phase = SAGE_PHASE_EXECUTE;
    bool ok = sage_run_deploy(&j->run, t->sender, t->class_hash, felt252_zero(), t->calldata.v,
                              t->calldata.n, &result);
    j->run.work.deploys = 0; /* this one is in the least gas */
    sage_status s       = sage_run_status(&j->run, err);
    if (!s && !ok) s = invalid("the constructor panics", &result, err);
    sage_felt_list_free(&result);
    return s;
}

static void revert(job *j, const char *reason)
{
    j->out->reverted = true;
    snprintf(j->out->reason, sizeof j->out->reason, "%s", reason);
}

static sage_status execute(job *j, sage_errinfo *err)
{
    sage_felt_list result;
    sage_asked a = {.to       = j->tx->sender,
                    .selector = sage_name_selector("__execute__"),
                    .calldata = j->tx->calldata.v,
                    .n        = j->tx->calldata.n};
    j->run.phase = SAGE_PHASE_EXECUTE;
    bool ok      = sage_run_entry(&j->run, &a, &result);
    if (!ok) {
        char text[sizeof j->out->reason];
        sage_panic_text(text, sizeof text, result.v, result.n);
        revert(j, text);
    }
    sage_felt_list_free(&result);
    return sage_run_status(&j->run, err);
}

/* Gas and fee of what stands now. A revert is never charged more than the bounds. */
static sage_status count_gas(job *j, sage_errinfo *err)
{
    sage_tx_result *out = j->out;
    sage_state_change *changes;
    uint32_t n;
    sage_status s = sage_net_changes(j->run.state, j->start, &changes, &n, err);
    if (s) return s;
    sage_gas_used(out->gas, j->tx, &j->run.work, changes, n);
    free(changes);
    for (int g = 0; out->reverted && j->charge && g < SAGE_GASES; g++)
        if (out->gas[g] > j->tx->bounds[g].max_amount)
            out->gas[g] = j->tx->bounds[g].max_amount;
    return sage_gas_fee(&out->fee, out->gas, j->run.env, j->tx->tip, err);
}

/* Undoes the execution, of which only the record of the calls stays. */
static sage_status
undo_execution(job *j, size_t mark, uint32_t events, const char *why, sage_errinfo *err)
{
    sage_state_rollback(j->run.state, mark);
    sage_trace_drop_events(&j->run.trace, events);
    for (uint32_t i = 0; i < j->run.trace.n_calls; i++)
        if (j->run.trace.calls[i].phase == SAGE_PHASE_EXECUTE)
            j->run.trace.calls[i].failed = true;
    revert(j, why);
    return count_gas(j, err);
}

/* The fee, an ordinary transfer that the sender calls. *ok: whether it could pay. */
static sage_status pay(job *j, bool *ok, sage_errinfo *err)
{
    felt252 calldata[3] = {j->run.env->sequencer};
    sage_felt_list result;
    sage_asked a = {.to       = j->run.env->fee_token,
                    .selector = sage_name_selector("transfer"),
                    .caller   = j->tx->sender,
                    .calldata = calldata,
                    .n        = 3};
    sage_u256_split(calldata + 1, &j->out->fee);
    j->run.phase = SAGE_PHASE_FEE;
    *ok          = sage_run_entry(&j->run, &a, &result);
    sage_felt_list_free(&result);
    return sage_run_status(&j->run, err);
}

/* Execution within its bounds, and the fee. The fee's bound was covered before execution, so
 * that it can be paid once that is undone. */
static sage_status settle(job *j, size_t mark, uint32_t events, sage_errinfo *err)
{
    char why[160];
    bool paid     = true;
    sage_status s = count_gas(j, err);
    if (s || !j->charge) return s;
    sage_gas g = sage_gas_beyond(j->out->gas, j->tx);
    if (g != SAGE_GASES && is_deploy(j)) return check_gas(j, j->out->gas, err);
    if (g != SAGE_GASES) {
        beyond_text(why, sizeof why, j, g, j->out->gas);
        s = undo_execution(j, mark, events, why, err);
    }
    if (!s) s = pay(j, &paid, err);
    if (s || paid) return s;
    if (!j->out->reverted) {
        s = undo_execution(j, mark, events, "Insufficient fee token balance.", err);
        if (!s) s = pay(j, &paid, err);
    }
    if (!s && !paid)
        s = sage_fail(err, SAGE_EINVAL, "chain.balance", -1, "the sender cannot pay the fee");
    return s;
}

static sage_status run_invoke(job *j, sage_errinfo *err)
{
    sage_status s = validate(j, err);
    if (s) return s;
    size_t mark     = sage_state_mark(j->run.state);
    uint32_t events = j->run.trace.n_events;
    s               = execute(j, err);
    return s ? s : settle(j, mark, events, err);
}

/* There is nothing to undo: an account that cannot be made, or not within the bounds, is an
 * error. */
static sage_status run_deploy(job *j, sage_errinfo *err)
{
    sage_status s = construct(j, err);
    if (!s) s = validate(j, err);
    return s ? s : settle(j, sage_state_mark(j->run.state), j->run.trace.n_events, err);
}

static sage_status run_job(job *j, sage_errinfo *err)
{
    sage_status s = check_account(j, err);
    if (!s) s = check_nonce(j, err);
    if (!s) s = check_fee(j, err);
    if (!s) s = take_nonce(j, err);
    if (!s) s = is_deploy(j) ? run_deploy(j, err) : run_invoke(j, err);
    if (!s) s = sage_run_status(&j->run, err);
    if (s) return s;
    return sage_net_changes(j->run.state, j->start, &j->out->changes, &j->out->n_changes, err);
}

/* An estimate has no bounds yet. */
static bool has_bounds(const sage_tx *t)
{
    for (int g = 0; g < SAGE_GASES; g++)
        if (t->bounds[g].max_amount) return true;
    return false;
}

static void hand_over(sage_tx_result *out, sage_trace *t)
{
    out->events   = t->events;
    out->n_events = t->n_events;
    out->calls    = t->calls;
    out->n_calls  = t->n_calls;
    *t            = (sage_trace){0};
}

sage_status sage_execute_tx(sage_state *s,
                            const sage_block_env *env,
                            const sage_tx *t,
                            felt252 hash,
                            const sage_checked_signature *checked,
                            unsigned flags,
                            sage_tx_result *out,
                            sage_errinfo *err)
{
    job j    = {.run   = {.state = s, .env = env, .tx = t, .tx_hash = hash, .checked = checked},
                .tx    = t,
                .flags = flags,
                .start = sage_state_mark(s),
                .out   = out};
    j.charge = !(flags & SAGE_SIMULATE_SKIP_FEE) && (!t->query || has_bounds(t));
    *out     = (sage_tx_result){.hash = hash, .kind = t->kind};
    sage_status status = run_job(&j, err);
    if (status) {
        sage_state_rollback(s, j.start);
        sage_trace_free(&j.run.trace);
        return status;
    }
    hand_over(out, &j.run.trace);
    return SAGE_OK;
}

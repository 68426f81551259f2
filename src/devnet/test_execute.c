/* devnet/test_execute.c -- whole transactions: who is refused, what is charged, what is undone. */
#include "base/test_heap.h"
#include "devnet/test_contracts.h"
#include "devnet/test_rig.h"

#include "devnet/fees.h"
#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/calls.h"

/* The transactions here have the hash 2, of which starknet-rs publishes a signature with its
 * tests. */
static const char *const KEY =
    "0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca";
static const char *const R =
    "0x411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20";
static const char *const S =
    "0x405c3191ab3883ef2b763af35bc5f5d15b3b4e99461d70e84c654a351a7c81b";

enum { BALANCE = 1000000000, L2_MAX = 40000000, DATA_MAX = 100000 };

static felt252 num(uint64_t v)
{
    return felt252_from_u64(v);
}

static felt252 hex(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_hex(&v, text, strlen(text), false, NULL), SAGE_OK);
    return v;
}

static felt252 named(const char *text)
{
    return sage_felt_short(text);
}

static felt252 account(void)
{
    return named("account");
}

static void mint(sage_rig *rig, felt252 to, uint64_t amount)
{
    assert_true(rig_do(rig, num(0), named("STRK"), "mint", to, num(amount), num(0)));
}

static int open_rig(void **state)
{
    sage_rig *rig = malloc(sizeof *rig);
    felt252 key = hex(KEY), five = num(5);
    assert_non_null(rig);
    rig_open(rig);
    rig->env.timestamp += 1234;
    rig->env.number = 1234;
    rig_deploy(rig, named("STRK"), &test_purse, NULL, 0);
    rig_deploy(rig, account(), &test_signer, &key, 1);
    rig_deploy(rig, named("probe"), &test_probe, &five, 1);
    mint(rig, account(), BALANCE);
    *state = rig;
    return 0;
}

static int close_rig(void **state)
{
    rig_close(*state);
    free(*state);
    return 0;
}

static uint64_t strk(sage_rig *rig, felt252 of)
{
    sage_amount a = rig_u256(rig, named("STRK"), "balance_of", &of, 1);
    assert_true(!(a.w[1] | a.w[2] | a.w[3]));
    return a.w[0];
}

static uint64_t nonce(sage_rig *rig, felt252 of)
{
    uint64_t v;
    assert_true(sage_felt_to_u64(&v, sage_state_get(rig->state, SAGE_CELL_NONCE, of, num(0))));
    return v;
}

static felt252 cell(sage_rig *rig, uint64_t key)
{
    felt252 k = num(key);
    return rig_felt(rig, named("probe"), "get", &k, 1);
}

static void add(sage_felt_list *l, felt252 v)
{
    assert_int_equal(sage_felt_list_add(l, v, NULL), SAGE_OK);
}

static void sign(sage_tx *t)
{
    add(&t->signature, hex(R));
    add(&t->signature, hex(S));
}

static void bound(sage_tx *t, uint64_t l2, uint64_t data)
{
    t->bounds[SAGE_GAS_L2]      = (sage_gas_bound){l2, {1, 0}};
    t->bounds[SAGE_GAS_L1_DATA] = (sage_gas_bound){data, {1, 0}};
}

static sage_tx new_invoke(sage_rig *rig)
{
    sage_tx t = {.kind = SAGE_TX_INVOKE, .sender = account()};
    t.nonce   = num(nonce(rig, account()));
    sign(&t);
    bound(&t, L2_MAX, DATA_MAX);
    return t;
}

/* An invoke of one call. */
static sage_tx
invoke(sage_rig *rig, felt252 to, const char *entry, const felt252 *calldata, uint32_t n)
{
    sage_tx t      = new_invoke(rig);
    sage_call call = {.to = to, .selector = sage_selector(entry)};
    assert_int_equal(sage_felt_list_add_many(&call.calldata, calldata, n, NULL), SAGE_OK);
    assert_int_equal(sage_calls_encode(&t.calldata, &call, 1, NULL), SAGE_OK);
    sage_felt_list_free(&call.calldata);
    return t;
}

static sage_tx put(sage_rig *rig, uint64_t key, uint64_t value)
{
    return invoke(rig, named("probe"), "put", (felt252[]){num(key), num(value)}, 2);
}

static void refused(sage_rig *rig, const sage_tx *t, sage_status status, const char *where)
{
    size_t mark      = sage_state_mark(rig->state);
    uint64_t before  = strk(rig, t->sender);
    uint64_t nonce_b = nonce(rig, t->sender);
    assert_int_equal(rig_execute(rig, t, num(2), NULL), status);
    assert_string_equal(rig->err.where, where);
    assert_int_equal(sage_state_mark(rig->state), mark);
    assert_int_equal(strk(rig, t->sender), before);
    assert_int_equal(nonce(rig, t->sender), nonce_b);
    assert_null(rig->outcome.events);
    assert_null(rig->outcome.calls);
    assert_null(rig->outcome.changes);
}

static void accepted(sage_rig *rig, const sage_tx *t)
{
    sage_status s = rig_execute(rig, t, num(2), NULL);
    if (s) print_error("%s: %s\n", rig->err.where, rig->err.msg);
    assert_int_equal(s, SAGE_OK);
}

static uint64_t fee(const sage_rig *rig)
{
    const sage_amount *a = &rig->outcome.fee;
    assert_true(!(a->w[1] | a->w[2] | a->w[3]));
    return a->w[0];
}

static void
assert_call(const sage_rig *rig, uint32_t i, sage_call_phase phase, const char *entry)
{
    const sage_chain_call *c = &rig->outcome.calls[i];
    assert_true(i < rig->outcome.n_calls);
    assert_int_equal(c->phase, phase);
    assert_true(felt252_eq(c->selector, sage_selector(entry)));
}

static void test_invoke(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = put(rig, 3, 4);
    t.tip         = 2;
    accepted(rig, &t);
    assert_false(rig->outcome.reverted);
    const uint64_t *gas = rig->outcome.gas;
    assert_int_equal(gas[SAGE_GAS_L1], 0);
    assert_int_equal(fee(rig), 3 * gas[SAGE_GAS_L2] + gas[SAGE_GAS_L1_DATA]);
    assert_int_equal(strk(rig, account()), BALANCE - fee(rig));
    assert_int_equal(strk(rig, named("sequencer")), fee(rig));
    assert_int_equal(nonce(rig, account()), 1);
    assert_true(felt252_eq(cell(rig, 3), num(4)));
    assert_int_equal(rig->n_events, 2);
    assert_ptr_equal(rig_event(rig, named("probe"), "Put", 0), &rig->events[0]);
    const sage_chain_event *paid = rig_event(rig, named("STRK"), "Transfer", 0);
    assert_ptr_equal(paid, &rig->events[1]);
    assert_true(felt252_eq(paid->keys.v[1], account()));
    assert_true(felt252_eq(paid->keys.v[2], named("sequencer")));
    assert_true(felt252_eq(paid->data.v[0], num(fee(rig))));
    assert_int_equal(rig->outcome.n_calls, 4);
    assert_call(rig, 0, SAGE_PHASE_VALIDATE, "__validate__");
    assert_call(rig, 1, SAGE_PHASE_EXECUTE, "__execute__");
    assert_call(rig, 2, SAGE_PHASE_EXECUTE, "put");
    assert_call(rig, 3, SAGE_PHASE_FEE, "transfer");
    assert_int_equal(rig->outcome.calls[2].depth, 1);
    assert_int_equal(rig->events[0].call, 2);
    assert_int_equal(rig->events[1].call, 3);
    assert_true(felt252_eq(rig->outcome.calls[2].caller, account()));
    assert_true(felt252_eq(rig->outcome.calls[2].class_hash, named("Probe")));
    assert_true(felt252_eq(rig->outcome.calls[0].result.v[0], named("VALID")));
    assert_int_equal(rig->outcome.n_changes, 4); /* two balances, a cell, the nonce */
    sage_tx_free(&t);
}

static void test_revert(void **state)
{
    sage_rig *rig = *state;
    felt252 why   = named("no");
    sage_tx t     = invoke(rig, named("probe"), "panic", &why, 1);
    accepted(rig, &t);
    assert_true(rig->outcome.reverted);
    assert_string_equal(rig->outcome.reason, "0x6e6f ('no')");
    assert_int_equal(nonce(rig, account()), 1);
    assert_int_equal(strk(rig, account()), BALANCE - fee(rig));
    assert_true(fee(rig) > 0);
    assert_true(felt252_is_zero(cell(rig, 9)));
    assert_int_equal(rig->n_events, 1);
    assert_non_null(rig_event(rig, named("STRK"), "Transfer", 0));
    assert_false(rig->outcome.calls[0].failed);
    assert_true(rig->outcome.calls[1].failed);
    assert_true(rig->outcome.calls[2].failed);
    assert_true(felt252_eq(rig->outcome.calls[2].result.v[0], why));
    assert_false(rig->outcome.calls[3].failed);
    sage_tx_free(&t);
}

static void test_signature(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = put(rig, 3, 4);
    felt252 r     = t.signature.v[0];

    t.signature.v[0] = num(1);
    refused(rig, &t, SAGE_EINVAL, "chain.validation");
    assert_non_null(strstr(rig->err.msg, "signer: invalid signature"));
    /* What the submitter found valid is not checked again, for that key alone. */
    sage_checked_signature checked = {true, num(77)};
    assert_int_equal(rig_execute(rig, &t, num(2), &checked), SAGE_EINVAL);
    checked = (sage_checked_signature){false, hex(KEY)};
    assert_int_equal(rig_execute(rig, &t, num(2), &checked), SAGE_EINVAL);
    checked.valid = true;
    assert_int_equal(rig_execute(rig, &t, num(2), &checked), SAGE_OK);
    t.nonce          = num(1);
    t.signature.v[0] = r;
    accepted(rig, &t);
    t.nonce       = num(2);
    t.signature.n = 1;
    refused(rig, &t, SAGE_EINVAL, "chain.validation");
    sage_tx_free(&t);
}

static void test_nonce(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = put(rig, 3, 4);
    t.nonce       = num(1);
    refused(rig, &t, SAGE_ECONFLICT, "chain.nonce");
    t.nonce = num(0);
    accepted(rig, &t);
    refused(rig, &t, SAGE_ECONFLICT, "chain.nonce");
    sage_tx_free(&t);
}

static void test_bounds(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = put(rig, 3, 4);
    uint64_t least[SAGE_GASES];
    sage_gas_least(least, &t);
    bound(&t, least[SAGE_GAS_L2] - 1, DATA_MAX);
    refused(rig, &t, SAGE_EINVAL, "chain.resources");
    bound(&t, L2_MAX, least[SAGE_GAS_L1_DATA] - 1);
    refused(rig, &t, SAGE_EINVAL, "chain.resources");
    bound(&t, 0, 0);
    refused(rig, &t, SAGE_EINVAL, "chain.resources");
    bound(&t, L2_MAX, DATA_MAX);
    t.bounds[SAGE_GAS_L2].max_price[0] = 0;
    refused(rig, &t, SAGE_EINVAL, "chain.resources");
    assert_string_equal(rig->err.msg,
                        "Max L2Gas price (0) is lower than the actual gas price: 1.");
    /* Enough to begin, not to end. */
    bound(&t, least[SAGE_GAS_L2] + 1000, DATA_MAX);
    accepted(rig, &t);
    assert_true(rig->outcome.reverted);
    assert_non_null(strstr(rig->outcome.reason, "Insufficient max L2Gas: max amount: "));
    assert_int_equal(rig->outcome.gas[SAGE_GAS_L2], least[SAGE_GAS_L2] + 1000);
    assert_true(felt252_is_zero(cell(rig, 3)));
    assert_int_equal(strk(rig, account()), BALANCE - fee(rig));
    assert_int_equal(nonce(rig, account()), 1);
    assert_true(rig->outcome.calls[1].failed && rig->outcome.calls[2].failed);
    assert_int_equal(rig->n_events, 1);
    sage_tx_free(&t);
}

static void test_balance(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = put(rig, 3, 4);
    bound(&t, BALANCE - DATA_MAX + 1, DATA_MAX);
    refused(rig, &t, SAGE_EINVAL, "chain.balance");
    bound(&t, BALANCE - DATA_MAX, DATA_MAX);
    accepted(rig, &t);
    sage_tx_free(&t);
}

/* What the fee needs cannot be spent by the transaction itself. */
static void test_spends_its_fee(void **state)
{
    sage_rig *rig = *state;
    felt252 all[] = {named("friend"), num(BALANCE), num(0)};
    sage_tx t     = invoke(rig, named("STRK"), "transfer", all, 3);
    accepted(rig, &t);
    assert_true(rig->outcome.reverted);
    assert_string_equal(rig->outcome.reason, "Insufficient fee token balance.");
    assert_int_equal(strk(rig, named("friend")), 0);
    assert_int_equal(strk(rig, account()), BALANCE - fee(rig));
    assert_int_equal(strk(rig, named("sequencer")), fee(rig));
    assert_int_equal(rig->n_events, 1);
    sage_tx_free(&t);
}

static void test_senders(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = put(rig, 3, 4);
    t.sender      = named("nobody");
    refused(rig, &t, SAGE_ENOTFOUND, "chain.contract");
    t.sender = named("probe");
    refused(rig, &t, SAGE_EINVAL, "chain.non_account");
    t.sender = account();
    t.kind   = SAGE_TX_DECLARE;
    refused(rig, &t, SAGE_EUNSUP, "chain.unsupported");
    sage_tx_free(&t);
}

static sage_tx new_account(felt252 class_hash, felt252 key, uint64_t salt)
{
    sage_tx t = {.kind = SAGE_TX_DEPLOY_ACCOUNT, .class_hash = class_hash, .salt = num(salt)};
    add(&t.calldata, key);
    sign(&t);
    bound(&t, L2_MAX, DATA_MAX);
    t.sender = sage_contract_address(num(0), t.salt, class_hash, t.calldata.v, t.calldata.n);
    return t;
}

static void test_deploy_account(void **state)
{
    sage_rig *rig = *state;
    sage_tx t     = new_account(named("Signer"), hex(KEY), 1);
    refused(rig, &t, SAGE_EINVAL, "chain.balance");
    mint(rig, t.sender, BALANCE);
    accepted(rig, &t);
    assert_true(felt252_eq(rig->outcome.contract, t.sender));
    assert_int_equal(nonce(rig, t.sender), 1);
    assert_int_equal(strk(rig, t.sender), BALANCE - fee(rig));
    assert_true(felt252_eq(sage_state_get(rig->state, SAGE_CELL_CLASS, t.sender, num(0)),
                           named("Signer")));
    assert_int_equal(rig->outcome.n_calls, 3);
    assert_call(rig, 0, SAGE_PHASE_EXECUTE, "constructor");
    assert_true(rig->outcome.calls[0].constructor);
    assert_call(rig, 1, SAGE_PHASE_VALIDATE, "__validate_deploy__");
    assert_int_equal(rig->outcome.calls[1].calldata.n, 3);
    assert_call(rig, 2, SAGE_PHASE_FEE, "transfer");
    refused(rig, &t, SAGE_ECONFLICT, "chain.duplicate");
    sage_tx_free(&t);
}

static void refused_account(sage_rig *rig, sage_tx t, sage_status status, const char *where)
{
    mint(rig, t.sender, BALANCE);
    refused(rig, &t, status, where);
    assert_true(felt252_is_zero(sage_state_get(rig->state, SAGE_CELL_CLASS, t.sender, num(0))));
    sage_tx_free(&t);
}

static void test_refused_accounts(void **state)
{
    sage_rig *rig = *state;
    refused_account(rig, new_account(named("Nothing"), hex(KEY), 1), SAGE_ENOTFOUND,
                    "chain.class");
    refused_account(rig, new_account(named("Purse"), hex(KEY), 1), SAGE_EINVAL,
                    "chain.non_account");
    refused_account(rig, new_account(named("Signer"), num(0), 1), SAGE_EINVAL,
                    "chain.validation");
    refused_account(rig, new_account(named("Signer"), num(5), 1), SAGE_EINVAL,
                    "chain.validation");
    sage_tx t = new_account(named("Signer"), hex(KEY), 1);
    t.nonce   = num(1);
    refused_account(rig, t, SAGE_ECONFLICT, "chain.nonce");
    t        = new_account(named("Signer"), hex(KEY), 1);
    t.sender = num(99);
    refused_account(rig, t, SAGE_EINTERNAL, "chain.sender");
    t = new_account(named("Signer"), hex(KEY), 1);
    uint64_t least[SAGE_GASES];
    sage_gas_least(least, &t);
    bound(&t, least[SAGE_GAS_L2] + 1, DATA_MAX);
    refused_account(rig, t, SAGE_EINVAL, "chain.resources");
}

/* What npm's starknet asks before it signs: no signature, no bounds, no validation. */
static void estimate(sage_rig *rig, const sage_tx *t, sage_tx_result *out)
{
    sage_tx asked   = *t;
    asked.signature = (sage_felt_list){0};
    asked.query     = true;
    for (int g = 0; g < SAGE_GASES; g++)
        asked.bounds[g] = (sage_gas_bound){0};
    size_t mark   = sage_state_mark(rig->state);
    sage_status s = sage_execute_tx(rig->state, &rig->env, &asked, num(3), NULL,
                                    SAGE_SIMULATE_SKIP_VALIDATE, out, &rig->err);
    sage_state_rollback(rig->state, mark);
    if (s) print_error("%s: %s\n", rig->err.where, rig->err.msg);
    assert_int_equal(s, SAGE_OK);
}

/* The estimate is what is charged; with it as bounds the transaction goes through, and with one
 * less it does not. */
static void check_estimate(sage_rig *rig, sage_tx t)
{
    sage_tx_result e;
    uint64_t before = strk(rig, t.sender);
    estimate(rig, &t, &e);
    assert_int_equal(strk(rig, t.sender), before);
    bound(&t, e.gas[SAGE_GAS_L2], e.gas[SAGE_GAS_L1_DATA]);
    accepted(rig, &t);
    assert_int_equal(rig->outcome.reverted, e.reverted);
    assert_memory_equal(rig->outcome.gas, e.gas, sizeof e.gas);
    assert_int_equal(sage_amount_compare(&rig->outcome.fee, &e.fee), 0);
    sage_tx_result_free(&e);
    sage_tx_free(&t);
}

static void test_estimates(void **state)
{
    sage_rig *rig     = *state;
    felt252 pay[]     = {named("friend"), num(1000), num(0)};
    felt252 forward[] = {named("probe"), sage_selector("put"), num(1), num(2)};
    felt252 why       = named("why");
    check_estimate(rig, put(rig, 3, 4));
    check_estimate(rig, put(rig, 3, 5)); /* the cell is there now */
    check_estimate(rig, put(rig, 3, 0));
    check_estimate(rig, invoke(rig, named("STRK"), "transfer", pay, 3));
    check_estimate(rig, invoke(rig, named("STRK"), "transfer", pay, 3));
    check_estimate(rig, invoke(rig, named("probe"), "forward", forward, 4));
    check_estimate(rig, invoke(rig, named("probe"), "panic", &why, 1));
    sage_tx t = put(rig, 8, 8);
    for (uint64_t i = 0; i < 9; i++)
        add(&t.proof_facts, num(i));
    check_estimate(rig, t);
    t = new_account(named("Signer"), hex(KEY), 1);
    mint(rig, t.sender, BALANCE);
    check_estimate(rig, t);
}

static void test_one_gas_too_few(void **state)
{
    sage_rig *rig = *state;
    sage_tx_result e;
    sage_tx t = put(rig, 3, 4);
    estimate(rig, &t, &e);
    bound(&t, e.gas[SAGE_GAS_L2] - 1, e.gas[SAGE_GAS_L1_DATA]);
    accepted(rig, &t);
    assert_true(rig->outcome.reverted);
    t.nonce = num(1);
    bound(&t, e.gas[SAGE_GAS_L2], e.gas[SAGE_GAS_L1_DATA] - 1);
    accepted(rig, &t);
    assert_true(rig->outcome.reverted);
    assert_non_null(strstr(rig->outcome.reason, "L1DataGas"));
    t.nonce = num(2);
    bound(&t, e.gas[SAGE_GAS_L2], e.gas[SAGE_GAS_L1_DATA]);
    accepted(rig, &t);
    assert_false(rig->outcome.reverted);
    sage_tx_result_free(&e);
    sage_tx_free(&t);
}

/* Without a fee nothing is bounded, nothing paid; the fee is told all the same. */
static void test_skip_fee(void **state)
{
    sage_rig *rig = *state;
    sage_tx_result out;
    sage_tx t = put(rig, 3, 4);
    bound(&t, 1, 1);
    assert_int_equal(sage_execute_tx(rig->state, &rig->env, &t, num(2), NULL,
                                     SAGE_SIMULATE_SKIP_FEE, &out, &rig->err),
                     SAGE_OK);
    assert_false(out.reverted);
    assert_int_equal(out.n_calls, 3);
    assert_true(out.fee.w[0] > 0);
    assert_int_equal(strk(rig, account()), BALANCE);
    sage_tx_result_free(&out);
    t.nonce = num(1);
    add(&t.signature, num(1)); /* validated still */
    assert_int_equal(sage_execute_tx(rig->state, &rig->env, &t, num(2), NULL,
                                     SAGE_SIMULATE_SKIP_FEE, &out, &rig->err),
                     SAGE_EINVAL);
    sage_tx_free(&t);
}

/* ---- anything at all ---- */

static uint64_t seed = 0xfee;

static uint64_t draw(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed ^ seed >> 31) % n;
}

static felt252 any_address(void)
{
    static const char *const names[] = {"STRK", "account", "probe", "friend", "sequencer"};
    return named(names[draw(5)]);
}

static felt252 any_felt(void)
{
    static const char *const names[] = {"put",         "forward", "panic", "transfer",
                                        "__execute__", "make",    "become"};
    if (draw(4) == 0) return any_address();
    return draw(3) ? num(draw(20)) : sage_selector(names[draw(7)]);
}

static void any_call(sage_call *c)
{
    static const char *const entries[] = {"put",      "get",        "forward", "panic", "dive",
                                          "transfer", "balance_of", "make",    "events"};
    *c = (sage_call){.to       = draw(2) ? named("probe") : any_address(),
                     .selector = sage_selector(entries[draw(9)])};
    for (uint64_t n = draw(6); n; n--)
        add(&c->calldata, any_felt());
}

static sage_tx any_invoke(sage_rig *rig)
{
    sage_tx t = new_invoke(rig);
    sage_call calls[3];
    uint32_t n = (uint32_t)draw(4);
    for (uint32_t i = 0; i < n; i++)
        any_call(&calls[i]);
    assert_int_equal(sage_calls_encode(&t.calldata, calls, n, NULL), SAGE_OK);
    for (uint32_t i = 0; i < n; i++)
        sage_felt_list_free(&calls[i].calldata);
    if (!draw(8) && t.calldata.n) t.calldata.v[draw(t.calldata.n)] = any_felt();
    if (!draw(8)) bound(&t, draw(3000000), draw(400));
    if (!draw(16)) t.nonce = any_felt();
    if (!draw(16)) t.signature.v[0] = any_felt();
    return t;
}

typedef struct supply {
    uint64_t total, checks;
} supply;

/* Fees and transfers move STRK, and never make or lose any. */
static void check_supply(sage_rig *rig, void *arg)
{
    supply *s    = arg;
    uint64_t sum = strk(rig, account()) + strk(rig, named("friend")) +
                   strk(rig, named("probe")) + strk(rig, named("STRK")) +
                   strk(rig, named("sequencer"));
    for (uint64_t i = 0; i < 20; i++)
        sum += strk(rig, num(i));
    assert_int_equal(sum, s->total);
    s->checks++;
}

static void check_changes(sage_rig *rig)
{
    for (uint32_t i = 0; i < rig->outcome.n_changes; i++) {
        const sage_state_change *c = &rig->outcome.changes[i];
        assert_true(
            felt252_eq(sage_state_get(rig->state, c->kind, c->contract, c->key), c->after));
    }
}

static void test_anything(void **state)
{
    sage_rig *rig = *state;
    supply s      = {.total = BALANCE};
    uint64_t kept = 0, reverted = 0, steps = sage_test_quick() ? 100 : 1000;
    rig->check = check_supply;
    rig->arg   = &s;
    for (uint64_t i = 0; i < steps; i++) {
        sage_tx t       = any_invoke(rig);
        uint64_t before = nonce(rig, account()), had = strk(rig, account());
        sage_status st = rig_execute(rig, &t, num(2), NULL);
        assert_int_equal(nonce(rig, account()), before + !st);
        if (st) assert_int_equal(strk(rig, account()), had);
        if (!st && rig->outcome.reverted)
            assert_int_equal(strk(rig, account()), had - fee(rig));
        check_changes(rig);
        kept += !st;
        reverted += rig->outcome.reverted;
        sage_tx_free(&t);
        if (strk(rig, account()) < 2 * L2_MAX) {
            s.total += BALANCE - L2_MAX;
            rig->check = NULL;
            mint(rig, account(), BALANCE - L2_MAX);
            rig->check = check_supply;
        }
    }
    assert_int_equal(s.checks, steps);
    /* Some of each kind, or the test tests little. */
    assert_true(reverted > steps / 10 && kept - reverted > steps / 10 && kept < steps);
}

/* Whichever allocation fails: an error, the state as it was, nothing leaked. */
static void test_without_memory(void **state)
{
    sage_rig *rig     = *state;
    felt252 forward[] = {named("probe"), sage_selector("put"), num(1), num(2)};
    sage_tx t         = invoke(rig, named("probe"), "forward", forward, 4);
    uint32_t failed   = 0;
    for (size_t nth = 1;; nth++) {
        sage_tx_result out;
        size_t mark = sage_state_mark(rig->state), live = heap_live();
        heap_fail(nth);
        sage_status s =
            sage_execute_tx(rig->state, &rig->env, &t, num(2), NULL, 0, &out, &rig->err);
        bool whole = heap_fail(0) > 0;
        sage_tx_result_free(&out);
        if (whole) {
            assert_int_equal(s, SAGE_OK);
            break;
        }
        assert_int_equal(s, SAGE_ENOMEM);
        assert_int_equal(sage_state_mark(rig->state), mark);
        assert_int_equal(heap_live(), live);
        failed++;
    }
    assert_true(failed > 20);
    sage_tx_free(&t);
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, open_rig, close_rig)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(test_invoke),         RIG_TEST(test_revert),
        RIG_TEST(test_signature),      RIG_TEST(test_nonce),
        RIG_TEST(test_bounds),         RIG_TEST(test_balance),
        RIG_TEST(test_spends_its_fee), RIG_TEST(test_senders),
        RIG_TEST(test_deploy_account), RIG_TEST(test_refused_accounts),
        RIG_TEST(test_estimates),      RIG_TEST(test_one_gas_too_few),
        RIG_TEST(test_skip_fee),       RIG_TEST(test_anything),
        RIG_TEST(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* devnet/test_contracts.c -- a probe, a purse and an account. */
#include "devnet/test_contracts.h"

#include <stddef.h>

#include "field/felt252_text.h"
#include "starknet/calls.h"

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof *(a)))

/* ---- probe ---- */

static void probe_construct(sage_frame *f)
{
    felt252 v = sage_take_felt(f);
    sage_put(f, sage_slot("made_with"), v);
    sage_put(f, sage_slot("made_by"), sage_caller(f));
    sage_require(f, !felt252_is_zero(v), "made with nothing");
}

static void probe_put(sage_frame *f)
{
    felt252 key = sage_take_felt(f), v = sage_take_felt(f);
    sage_put(f, sage_slot_of("cells", key), v);
    sage_emit(f, "Put", &key, 1, &v, 1);
}

static void probe_get(sage_frame *f)
{
    sage_give_felt(f, sage_get(f, sage_slot_of("cells", sage_take_felt(f))));
}

static void probe_views_that_write(sage_frame *f)
{
    sage_put(f, sage_slot("made_with"), felt252_one());
}

static void probe_views_that_emit(sage_frame *f)
{
    sage_emit(f, "Put", NULL, 0, NULL, 0);
}

/* Takes one of each, gives it back. */
static void probe_echo(sage_frame *f)
{
    uint32_t n, rest;
    sage_give_felt(f, sage_take_felt(f));
    sage_give_felt(f, sage_take_address(f));
    sage_give_u256(f, sage_take_u256(f));
    sage_give_u64(f, sage_take_u64(f));
    sage_give_bool(f, sage_take_bool(f));
    sage_give_u64(f, sage_take_variant(f, 3));
    const felt252 *v = sage_take_array(f, &n);
    sage_give_array(f, v, n);
    const felt252 *more = sage_take_rest(f, &rest);
    sage_give_array(f, more, rest);
}

static void probe_one(sage_frame *f)
{
    sage_give_felt(f, sage_take_felt(f));
}

static void probe_where(sage_frame *f)
{
    sage_give_felt(f, sage_self(f));
    sage_give_felt(f, sage_caller(f));
    sage_give_u64(f, sage_block_number(f));
    sage_give_u64(f, sage_block_time(f));
    sage_give_felt(f, sage_frame_chain_id(f));
    sage_give_felt(f, sage_frame_tx_hash(f));
    sage_give_u64(f, sage_frame_signature(f)->n);
    sage_give_u64(f, sage_frame_proof_facts(f)->n);
}

/* put(1, 7), then a call of to.selector(rest), whose result is given; then put(2, 7). */
static void probe_forward(sage_frame *f)
{
    felt252 to = sage_take_address(f), selector = sage_take_felt(f);
    uint32_t n;
    sage_felt_list inner;
    const felt252 *rest = sage_take_rest(f, &n);
    felt252 seven = felt252_from_u64(7), two = felt252_from_u64(2);
    sage_put(f, sage_slot_of("cells", felt252_one()), seven);
    sage_emit(f, "Before", NULL, 0, NULL, 0);
    sage_call_selector(f, to, selector, rest, n, &inner);
    sage_put(f, sage_slot_of("cells", two), seven);
    sage_emit(f, "After", NULL, 0, NULL, 0);
    sage_give_array(f, inner.v, inner.n);
    sage_felt_list_free(&inner);
}

/* Calls itself n times. */
static void probe_dive(sage_frame *f)
{
    uint64_t n   = sage_take_u64(f);
    felt252 less = felt252_from_u64(n - 1);
    if (n) sage_call_contract(f, sage_self(f), "dive", &less, 1, NULL);
    sage_give_u64(f, n);
}

/* Writes and emits, panics with all it is given, and writes on. */
static void probe_panic(sage_frame *f)
{
    uint32_t n;
    const felt252 *why = sage_take_rest(f, &n);
    felt252 nine       = felt252_from_u64(9);
    sage_put(f, sage_slot_of("cells", nine), nine);
    sage_emit(f, "Put", NULL, 0, NULL, 0);
    sage_give_felt(f, nine);
    sage_panic_with(f, why, n);
    sage_put(f, sage_slot_of("cells", nine), felt252_one());
    sage_emit(f, "Put", NULL, 0, NULL, 0);
    sage_give_felt(f, sage_get(f, sage_slot_of("cells", nine)));
    sage_panic(f, "a second time");
}

/* n events of k keys (its name not counted) and d felts of data. */
static void probe_events(sage_frame *f)
{
    uint64_t n = sage_take_u64(f), k = sage_take_u64(f), d = sage_take_u64(f);
    felt252 felts[400] = {{{0}}};
    for (uint64_t i = 0; i < n && !sage_panicked(f); i++)
        sage_emit(f, "Put", felts, (uint32_t)k, felts, (uint32_t)d);
}

static void probe_make(sage_frame *f)
{
    felt252 class_hash = sage_take_felt(f), salt = sage_take_felt(f);
    uint32_t n;
    const felt252 *rest = sage_take_rest(f, &n);
    sage_give_felt(f, sage_deploy(f, class_hash, salt, felt252_zero(), rest, n));
}

static void probe_become(sage_frame *f)
{
    sage_replace_class(f, sage_take_felt(f));
}

static void probe_signed(sage_frame *f)
{
    uint32_t n;
    felt252 key = sage_take_felt(f), hash = sage_take_felt(f);
    const felt252 *signature = sage_take_rest(f, &n);
    sage_give_bool(f, sage_frame_signed(f, key, hash, signature, n));
}

static void probe_amounts(sage_frame *f)
{
    sage_amount a = sage_take_u256(f), b = sage_take_u256(f);
    uint64_t mul = sage_take_u64(f), div = sage_take_u64(f), which = sage_take_u64(f);
    if (which == 0) sage_give_u256(f, sage_plus(f, a, b));
    if (which == 1) sage_give_u256(f, sage_minus(f, a, b, "too little"));
    if (which == 2) sage_give_u256(f, sage_part(f, a, mul, div));
}

/* Puts a u256 and a u64 and reads them back; or reads what was put as a felt. */
static void probe_numbers(sage_frame *f)
{
    felt252 slot = sage_slot("number");
    sage_put_u256(f, slot, sage_take_u256(f));
    sage_give_u256(f, sage_get_u256(f, slot));
    sage_put_u64(f, slot, sage_take_u64(f));
    sage_give_u64(f, sage_get_u64(f, slot));
    sage_put(f, slot, sage_take_felt(f));
    if (sage_take_bool(f))
        sage_give_u64(f, sage_get_u64(f, slot));
    else
        sage_give_u256(f, sage_get_u256(f, slot));
}

static const sage_entry probe_entries[] = {
    {"put", "key: felt252, value: felt252", "", false, probe_put},
    {"get", "key: felt252", "felt252", true, probe_get},
    {"views_that_write", "", "", true, probe_views_that_write},
    {"views_that_emit", "", "", true, probe_views_that_emit},
    {"echo", "", "", true, probe_echo},
    {"one", "v: felt252", "felt252", true, probe_one},
    {"where", "", "", true, probe_where},
    {"forward", "", "", false, probe_forward},
    {"dive", "n: u64", "u64", false, probe_dive},
    {"panic", "", "", false, probe_panic},
    {"events", "", "", false, probe_events},
    {"make", "", "", false, probe_make},
    {"become", "class_hash: felt252", "", false, probe_become},
    {"signed", "", "bool", false, probe_signed},
    {"amounts", "", "u256", true, probe_amounts},
    {"numbers", "", "", false, probe_numbers},
};

const sage_contract test_probe = {.name      = "Probe",
                                  .construct = probe_construct,
                                  .entries   = probe_entries,
                                  .n_entries = COUNT(probe_entries)};

/* ---- purse ---- */

static void purse_mint(sage_frame *f)
{
    felt252 slot = sage_slot_of("balances", sage_take_address(f));
    sage_put_u256(f, slot, sage_plus(f, sage_get_u256(f, slot), sage_take_u256(f)));
}

static void purse_balance(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot_of("balances", sage_take_address(f))));
}

static void purse_transfer(sage_frame *f)
{
    felt252 to         = sage_take_address(f), data[2];
    sage_amount amount = sage_take_u256(f);
    felt252 mine = sage_slot_of("balances", sage_caller(f)), its = sage_slot_of("balances", to);
    sage_put_u256(f, mine, sage_minus(f, sage_get_u256(f, mine), amount, "purse: too little"));
    sage_put_u256(f, its, sage_plus(f, sage_get_u256(f, its), amount));
    sage_u256_split(data, &amount);
    sage_emit(f, "Transfer", (felt252[]){sage_caller(f), to}, 2, data, 2);
    sage_give_bool(f, true);
}

static const sage_entry purse_entries[] = {
    {"mint", "to: ContractAddress, amount: u256", "", false, purse_mint},
    {"balance_of", "account: ContractAddress", "u256", true, purse_balance},
    {"transfer", "recipient: ContractAddress, amount: u256", "bool", false, purse_transfer},
};

const sage_contract test_purse = {
    .name = "Purse", .entries = purse_entries, .n_entries = COUNT(purse_entries)};

/* ---- signer ---- */

static void signer_construct(sage_frame *f)
{
    felt252 key = sage_take_felt(f);
    sage_require(f, !felt252_is_zero(key), "signer: no key");
    sage_put(f, sage_slot("key"), key);
}

static void validate(sage_frame *f)
{
    uint32_t n;
    const sage_felt_list *s = sage_frame_signature(f);
    (void)sage_take_rest(f, &n);
    sage_require(f, !(sage_block_time(f) % 3600) && !(sage_block_number(f) % 100),
                 "signer: the time is not rounded");
    sage_require(
        f,
        sage_frame_signed(f, sage_get(f, sage_slot("key")), sage_frame_tx_hash(f), s->v, s->n),
        "signer: invalid signature");
    sage_give_felt(f, sage_felt_short("VALID"));
}

static void signer_execute(sage_frame *f)
{
    uint32_t n, n_calls;
    sage_call *calls;
    sage_errinfo e;
    const felt252 *data = sage_take_rest(f, &n);
    sage_require(f, felt252_is_zero(sage_caller(f)), "signer: invalid caller");
    if (sage_panicked(f)) return;
    sage_need(f, sage_calls_decode(&calls, &n_calls, data, n, &e), &e, "signer: calls");
    if (sage_panicked(f)) return;
    for (uint32_t i = 0; i < n_calls; i++)
        sage_call_selector(f, calls[i].to, calls[i].selector, calls[i].calldata.v,
                           calls[i].calldata.n, NULL);
    sage_calls_free(calls, n_calls);
}

static const sage_entry signer_entries[] = {
    {"__validate__", "", "felt252", false, validate},
    {"__validate_deploy__", "", "felt252", false, validate},
    {"__execute__", "", "", false, signer_execute},
};

const sage_contract test_signer = {.name      = "Signer",
                                   .construct = signer_construct,
                                   .entries   = signer_entries,
                                   .n_entries = COUNT(signer_entries)};

/* ---- the table ---- */

const sage_contract *const sage_contracts[] = {&test_probe, &test_purse, &test_signer};
const uint32_t sage_n_contracts             = COUNT(sage_contracts);

felt252 sage_contract_class_hash(const sage_contract *c)
{
    return sage_felt_short(c->name);
}

const sage_contract *sage_contract_of(felt252 class_hash)
{
    for (uint32_t i = 0; i < sage_n_contracts; i++)
        if (felt252_eq(sage_contract_class_hash(sage_contracts[i]), class_hash))
            return sage_contracts[i];
    return NULL;
}

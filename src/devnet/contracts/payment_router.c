/* PaymentRouter: a client pays a worker directly, in SAGE; what is held in escrow for a job is
 * the JobManager's (facts A5).
 *
 * Of a payment 80 % are the worker's; of the rest 70 % are burned, 20 % go to the treasury, 10 %
 * to the stakers. What rounding leaves is the treasury's, so that what is collected is what is
 * paid out, to the last unit. Nothing stays here.
 *
 * There is no oracle here: a SAGE counts 0.10 dollars. Other tokens, staked SAGE and privacy
 * credits are refused. */
#include "devnet/contracts.h"
#include "devnet/contracts/erc20_calls.h"
#include "devnet/contracts/job_payment.h"
#include "field/felt252_text.h"

enum {
    BPS             = 10000,
    TOKENS          = 6,
    TOKEN_SAGE      = 3,
    SAGE_PER_DOLLAR = 10,
    DISCOUNT        = 500, /* of a quote in SAGE */
    WORKER_SHARE    = 8000,
    BURN_SHARE      = 7000, /* this and those below: of the protocol's share */
    TREASURY_SHARE  = 2000,
    QUOTE_SECONDS   = 300
};

static felt252 quote_slot(const sage_amount *id, uint64_t field)
{
    felt252 key[2];
    sage_u256_split(key, id);
    return felt252_add(sage_slot_of2("quotes", key[0], key[1]), felt252_from_u64(field));
}

static felt252 job_slot(const sage_amount *job)
{
    felt252 key[2];
    sage_u256_split(key, job);
    return sage_slot_of2("job_worker", key[0], key[1]);
}

/* A stored PaymentQuote, always in SAGE. Felts from its slot: user, payment (2), dollars (2),
 * expiry, open. */
typedef struct quote {
    felt252 user;
    sage_amount payment, dollars;
    uint64_t expires_at;
    bool open;
} quote;

static quote read_quote(sage_frame *f, const sage_amount *id)
{
    felt252 slot = quote_slot(id, 0);
    quote q      = {.user = sage_get(f, slot)};
    q.payment    = sage_get_u256(f, quote_slot(id, 1));
    q.dollars    = sage_get_u256(f, quote_slot(id, 3));
    q.expires_at = sage_get_u64(f, quote_slot(id, 5));
    q.open       = sage_get_u64(f, quote_slot(id, 6)) != 0;
    return q;
}

static void write_quote(sage_frame *f, const sage_amount *id, const quote *q)
{
    sage_put(f, quote_slot(id, 0), q->user);
    sage_put_u256(f, quote_slot(id, 1), q->payment);
    sage_put_u256(f, quote_slot(id, 3), q->dollars);
    sage_put_u64(f, quote_slot(id, 5), q->expires_at);
    sage_put_u64(f, quote_slot(id, 6), q->open);
}

static void give_quote(sage_frame *f, const sage_amount *id, const quote *q)
{
    sage_give_u256(f, *id);
    sage_give_u64(f, TOKEN_SAGE);
    sage_give_u256(f, q->payment);
    sage_give_u256(f, q->payment);
    sage_give_u64(f, DISCOUNT);
    sage_give_u256(f, q->dollars);
    sage_give_u64(f, q->expires_at);
    sage_give_bool(f, q->open);
}

static void construct(sage_frame *f)
{
    felt252 owner = sage_take_address(f), token = sage_take_address(f);
    sage_require(f, !felt252_is_zero(owner), "Invalid owner");
    sage_require(f, !felt252_is_zero(token), "Invalid SAGE address");
    sage_put(f, sage_slot("owner"), owner);
    sage_put(f, sage_slot("sage_address"), token);
    (void)sage_take_address(f); /* the oracle: there is none */
    sage_put(f, sage_slot("staker_rewards_pool"), sage_take_address(f));
    sage_put(f, sage_slot("treasury_address"), sage_take_address(f));
}

static bool is_owner(sage_frame *f)
{
    return felt252_eq(sage_caller(f), sage_get(f, sage_slot("owner")));
}

static void add_to(sage_frame *f, const char *variable, sage_amount amount)
{
    felt252 slot = sage_slot(variable);
    sage_put_u256(f, slot, sage_plus(f, sage_get_u256(f, slot), amount));
}

static void emit_fees(sage_frame *f, sage_amount whole, const sage_shares *s)
{
    felt252 data[13];
    const sage_amount protocol = sage_minus(f, whole, s->worker, "Shares exceed payment");
    sage_u256_split(data, &whole);
    sage_u256_split(data + 2, &s->worker);
    sage_u256_split(data + 4, &protocol);
    sage_u256_split(data + 6, &s->burn);
    sage_u256_split(data + 8, &s->treasury);
    sage_u256_split(data + 10, &s->stakers);
    data[12] = felt252_from_u64(sage_block_time(f));
    sage_emit(f, "FeesDistributed", NULL, 0, data, 13);
}

static void emit_worker(sage_frame *f, const sage_amount *job, felt252 worker, sage_amount paid)
{
    felt252 keys[3], data[4];
    sage_u256_split(keys, job);
    keys[2] = worker;
    sage_u256_split(data, &paid);
    data[2] = felt252_zero(); /* privacy */
    data[3] = felt252_from_u64(sage_block_time(f));
    sage_emit(f, "WorkerPaid", keys, 3, data, 4);
}

/* Collects a payment from the caller and pays it out. */
static void pay(sage_frame *f, const sage_amount *job, sage_amount amount)
{
    felt252 token  = sage_get(f, sage_slot("sage_address"));
    felt252 worker = sage_get(f, job_slot(job));
    sage_require(f, !sage_amount_is_zero(&amount), "Payment of nothing");
    sage_require(f, !felt252_is_zero(worker), "Job not registered");
    sage_shares s = sage_share_out(f, amount);
    add_to(f, "total_sage_burned", s.burn);
    add_to(f, "total_worker_payments", s.worker);
    add_to(f, "total_staker_rewards", s.stakers);
    add_to(f, "total_treasury_collected", s.treasury);
    sage_erc20_transfer_from(f, token, sage_caller(f), sage_self(f), amount);
    sage_erc20_transfer(f, token, worker, s.worker);
    sage_erc20_transfer(f, token, sage_get(f, sage_slot("treasury_address")), s.treasury);
    sage_erc20_transfer(f, token, sage_get(f, sage_slot("staker_rewards_pool")), s.stakers);
    sage_erc20_burn(f, token, s.burn);
    emit_fees(f, amount, &s);
    emit_worker(f, job, worker, s.worker);
}

static void emit_paid(sage_frame *f,
                      const sage_amount *id,
                      const sage_amount *job,
                      sage_amount amount,
                      sage_amount dollars)
{
    felt252 keys[5], data[7];
    sage_u256_split(keys, id);
    sage_u256_split(keys + 2, job);
    keys[4] = sage_caller(f);
    data[0] = sage_felt_short("SAGE");
    sage_u256_split(data + 1, &amount);
    sage_u256_split(data + 3, &amount);
    sage_u256_split(data + 5, &dollars);
    sage_emit(f, "PaymentExecuted", keys, 5, data, 7);
}

static void emit_quote(sage_frame *f, const sage_amount *id, const quote *q)
{
    felt252 keys[3], data[7];
    sage_u256_split(keys, id);
    keys[2] = q->user;
    data[0] = sage_felt_short("SAGE");
    sage_u256_split(data + 1, &q->dollars);
    sage_u256_split(data + 3, &q->payment);
    data[5] = felt252_from_u64(DISCOUNT);
    data[6] = felt252_from_u64(q->expires_at);
    sage_emit(f, "QuoteCreated", keys, 3, data, 7);
}

/* Stores the quote it gives, so that it can be paid: not a view, unlike the published one. */
static void get_quote(sage_frame *f)
{
    uint32_t token  = sage_take_variant(f, TOKENS);
    quote q         = {.user = sage_caller(f), .open = true};
    felt252 counter = sage_slot("quote_counter");
    q.dollars       = sage_take_u256(f);
    q.expires_at    = sage_block_time(f) + QUOTE_SECONDS;
    sage_require(f, token == TOKEN_SAGE, "Payment token not supported");
    q.payment      = sage_part(f, q.dollars, (BPS - DISCOUNT) * SAGE_PER_DOLLAR, BPS);
    sage_amount id = sage_plus(f, sage_get_u256(f, counter), sage_amount_of(1));
    sage_put_u256(f, counter, id);
    write_quote(f, &id, &q);
    emit_quote(f, &id, &q);
    give_quote(f, &id, &q);
}

static void get_stored_quote(sage_frame *f)
{
    sage_amount id = sage_take_u256(f);
    quote q        = read_quote(f, &id);
    give_quote(f, &id, &q);
}

static void execute_payment(sage_frame *f)
{
    sage_amount id = sage_take_u256(f), job = sage_take_u256(f);
    quote q = read_quote(f, &id);
    sage_require(f, q.open, "Invalid quote");
    sage_require(f, felt252_eq(q.user, sage_caller(f)), "Not quote owner");
    sage_require(f, sage_block_time(f) <= q.expires_at, "Quote expired");
    q.open = false;
    write_quote(f, &id, &q);
    add_to(f, "total_payments_usd", q.dollars);
    pay(f, &job, q.payment);
    emit_paid(f, &id, &job, q.payment, q.dollars);
    sage_give_bool(f, true);
}

static void pay_with_sage(sage_frame *f)
{
    sage_amount amount = sage_take_u256(f), job = sage_take_u256(f), no_quote = {0};
    sage_amount dollars = sage_part(f, amount, 1, SAGE_PER_DOLLAR);
    add_to(f, "total_payments_usd", dollars);
    pay(f, &job, amount);
    emit_paid(f, &no_quote, &job, amount, dollars);
}

/* Who works for a job stays as it is: a later registration would take the pay from him. */
static void register_job(sage_frame *f)
{
    sage_amount job   = sage_take_u256(f);
    felt252 worker    = sage_take_address(f);
    bool privacy      = sage_take_bool(f);
    felt252 submitter = sage_get(f, sage_slot("authorized_submitter"));
    sage_require(f,
                 is_owner(f) ||
                     (!felt252_is_zero(submitter) && felt252_eq(sage_caller(f), submitter)),
                 "Not authorized");
    sage_require(f, !privacy, "Privacy not supported");
    sage_require(f, !felt252_is_zero(worker), "Invalid worker");
    sage_require(f, felt252_is_zero(sage_get(f, job_slot(&job))), "Job already registered");
    sage_put(f, job_slot(&job), worker);
}

static void get_job_worker(sage_frame *f)
{
    sage_amount job = sage_take_u256(f);
    sage_give_felt(f, sage_get(f, job_slot(&job)));
}

static void set_authorized_submitter(sage_frame *f)
{
    felt252 submitter = sage_take_address(f);
    sage_require(f, is_owner(f), "Only owner");
    sage_put(f, sage_slot("authorized_submitter"), submitter);
}

static void get_fee_distribution(sage_frame *f)
{
    sage_give_u64(f, WORKER_SHARE);
    sage_give_u64(f, BPS - WORKER_SHARE);
    sage_give_u64(f, BURN_SHARE);
    sage_give_u64(f, TREASURY_SHARE);
    sage_give_u64(f, BPS - BURN_SHARE - TREASURY_SHARE);
}

static void get_stats(sage_frame *f)
{
    static const char *const variables[] = {"total_payments_usd", "total_sage_burned",
                                            "total_worker_payments", "total_staker_rewards",
                                            "total_treasury_collected"};
    for (unsigned i = 0; i < sizeof variables / sizeof *variables; i++)
        sage_give_u256(f, sage_get_u256(f, sage_slot(variables[i])));
}

static const sage_entry entries[] = {
    {"get_quote", "payment_token: PaymentToken, usd_amount: u256", "PaymentQuote", false,
     get_quote},
    {"get_stored_quote", "quote_id: u256", "PaymentQuote", true, get_stored_quote},
    {"execute_payment", "quote_id: u256, job_id: u256", "bool", false, execute_payment},
    {"pay_with_sage", "amount: u256, job_id: u256", "", false, pay_with_sage},
    {"register_job", "job_id: u256, worker: ContractAddress, privacy_enabled: bool", "", false,
     register_job},
    {"get_job_worker", "job_id: u256", "ContractAddress", true, get_job_worker},
    {"set_authorized_submitter", "submitter: ContractAddress", "", false,
     set_authorized_submitter},
    {"get_fee_distribution", "", "FeeDistribution", true, get_fee_distribution},
    {"get_stats", "", "(u256, u256, u256, u256, u256)", true, get_stats},
};

static const sage_type_text structs[] = {
    {"PaymentQuote",
     "quote_id: u256, payment_token: PaymentToken, payment_amount: u256, "
     "sage_equivalent: u256, discount_bps: u32, usd_value: u256, expires_at: u64, "
     "is_valid: bool"},
    {"FeeDistribution",
     "worker_bps: u32, protocol_fee_bps: u32, burn_share_bps: u32, treasury_share_bps: u32, "
     "staker_share_bps: u32"},
};

static const sage_type_text enums[] = {
    {"PaymentToken", "USDC, STRK, WBTC, SAGE, STAKED_SAGE, PRIVACY_CREDIT"},
};

static const sage_type_text events[] = {
    {"QuoteCreated",
     "key quote_id: u256, key user: ContractAddress, payment_token: felt252, "
     "usd_amount: u256, payment_amount: u256, discount_bps: u32, expires_at: u64"},
    {"PaymentExecuted",
     "key quote_id: u256, key job_id: u256, key payer: ContractAddress, "
     "payment_token: felt252, payment_amount: u256, sage_equivalent: u256, usd_value: u256"},
    {"FeesDistributed", "total_sage: u256, to_worker: u256, protocol_fee: u256, burned: u256, "
                        "to_treasury: u256, to_stakers: u256, timestamp: u64"},
    {"WorkerPaid", "key job_id: u256, key worker: ContractAddress, sage_amount: u256, "
                   "privacy_enabled: bool, timestamp: u64"},
};

const sage_contract sage_contract_payment_router = {
    .name               = "PaymentRouter",
    .constructor_inputs = "owner: ContractAddress, sage_address: ContractAddress, "
                          "oracle_address: ContractAddress, "
                          "staker_rewards_pool: ContractAddress, "
                          "treasury_address: ContractAddress",
    .construct          = construct,
    .entries            = entries,
    .n_entries          = sizeof entries / sizeof *entries,
    .structs            = structs,
    .n_structs          = sizeof structs / sizeof *structs,
    .enums              = enums,
    .n_enums            = sizeof enums / sizeof *enums,
    .events             = events,
    .n_events           = sizeof events / sizeof *events,
};

/* The market of the tests, and what always holds in it. */
#include "devnet/contracts/test_market.h"

#include "devnet/trace.h"

enum { LOCKED_AT = 2, PAYMENT_AT = 6, STATE_AT = 5, DETAILS = 12, STAKE = 13 };

sage_amount market_sage(uint64_t whole)
{
    sage_amount a = sage_amount_of(UINT64_C(1000000000000000000));
    assert_int_equal(sage_amount_mul_div(&a, &a, whole, 1, NULL), SAGE_OK);
    return a;
}

sage_amount market_plus(sage_amount a, sage_amount b)
{
    assert_int_equal(sage_amount_add(&a, &a, &b, NULL), SAGE_OK);
    return a;
}

void market_same(sage_amount have, sage_amount want)
{
    char a[SAGE_AMOUNT_TEXT], b[SAGE_AMOUNT_TEXT];
    sage_amount_format(a, &have);
    sage_amount_format(b, &want);
    assert_string_equal(a, b);
}

sage_amount market_balance(market *m, uint64_t who)
{
    const felt252 address = rig_number(who);
    return rig_u256(&m->rig, rig_number(TOKEN), "balance_of", &address, 1);
}

bool market_run(market *m, uint64_t as, uint64_t to, const char *entry)
{
    return rig_call(&m->rig, rig_number(as), rig_number(to), entry, NULL, 0);
}

/* A view with several results, asked as nobody, with the last call's kept. */
static void ask(market *m,
                uint64_t of,
                const char *view,
                const felt252 *args,
                uint32_t n,
                felt252 *out,
                uint32_t n_out)
{
    sage_felt_list r = {0};
    assert_int_equal(sage_execute_call(m->rig.state, &m->rig.env, felt252_zero(),
                                       rig_number(of), sage_selector(view), args, n, &r, NULL),
                     SAGE_OK);
    assert_int_equal(r.n, n_out);
    memcpy(out, r.v, n_out * sizeof *out);
    sage_felt_list_free(&r);
}

static uint64_t number(felt252 v)
{
    uint64_t u;
    assert_true(sage_felt_to_u64(&u, v));
    return u;
}

static sage_amount amount(const felt252 *v)
{
    sage_amount a;
    assert_true(sage_u256_join(&a, v[0], v[1]));
    return a;
}

uint64_t market_stake_u64(market *m, uint64_t worker, uint32_t i)
{
    felt252 v[STAKE];
    const felt252 address = rig_number(worker);
    ask(m, STAKING, "get_stake", &address, 1, v, STAKE);
    return number(v[i]);
}

sage_amount market_stake_amount(market *m, uint64_t worker, uint32_t i)
{
    felt252 v[STAKE];
    const felt252 address = rig_number(worker);
    ask(m, STAKING, "get_stake", &address, 1, v, STAKE);
    return amount(v + i);
}

void market_wait(market *m, uint64_t seconds)
{
    m->rig.env.timestamp += seconds;
    m->rig.env.number++;
}

/* ---- what always holds ---- */

/* The staking contract's tokens are the stakes, of which what is locked is a part. */
static void stakes_add_up(market *m)
{
    sage_amount sum = {0};
    for (uint64_t w = WORKER; w < WORKER + WORKERS; w++) {
        felt252 v[STAKE];
        const felt252 address = rig_number(w);
        ask(m, STAKING, "get_stake", &address, 1, v, STAKE);
        const sage_amount whole = amount(v), locked = amount(v + LOCKED_AT);
        assert_true(sage_amount_compare(&locked, &whole) <= 0);
        sum = market_plus(sum, whole);
    }
    market_same(market_balance(m, STAKING), sum);
    market_same(rig_u256(&m->rig, rig_number(STAKING), "total_staked", NULL, 0), sum);
}

static uint64_t count(market *m, const char *view)
{
    return number(rig_felt(&m->rig, rig_number(JOBS), view, NULL, 0));
}

/* The job manager's tokens are the payments of jobs that are neither paid nor cancelled. */
static void jobs_add_up(market *m)
{
    sage_amount sum   = {0};
    uint64_t phase[6] = {0};
    for (uint64_t id = 1; id <= m->n_jobs; id++) {
        felt252 v[DETAILS];
        const felt252 args[] = {MARKET_ID(id)};
        ask(m, JOBS, "get_job_details", args, 2, v, DETAILS);
        const uint64_t state = number(v[STATE_AT]);
        assert_true(state < 6);
        phase[state]++;
        if (state <= 2) sum = market_plus(sum, amount(v + PAYMENT_AT));
    }
    market_same(market_balance(m, JOBS), sum);
    market_same(rig_u256(&m->rig, rig_number(JOBS), "get_escrow", NULL, 0), sum);
    assert_int_equal(count(m, "get_total_jobs"), m->n_jobs);
    assert_int_equal(count(m, "get_pending_job_count"), phase[0]);
    assert_int_equal(count(m, "get_active_jobs"), phase[0] + phase[1]);
    assert_int_equal(count(m, "get_completed_jobs"), phase[2] + phase[3]);
}

/* The supply falls by what is burned, and by nothing else; all tokens are somebody's. */
static void supply_adds_up(market *m)
{
    static const uint64_t holders[] = {OWNER, TREASURY, POOL, STAKING, JOBS, STRANGER};
    const sage_chain_event *e = rig_event(&m->rig, rig_number(JOBS), "FeesDistributed", 0);
    sage_amount sum           = {0},
                supply        = rig_u256(&m->rig, rig_number(TOKEN), "total_supply", NULL, 0);
    if (e && !m->rig.panic[0]) m->burned = market_plus(m->burned, amount(e->data.v));
    market_same(market_plus(supply, m->burned), m->supply);
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        sum = market_plus(sum, market_balance(m, holders[i]));
    for (uint64_t i = 0; i < CLIENTS; i++)
        sum = market_plus(sum, market_balance(m, CLIENT + i));
    for (uint64_t i = 0; i < WORKERS; i++)
        sum = market_plus(sum, market_balance(m, WORKER + i));
    market_same(sum, supply);
}

static void count_jobs(market *m)
{
    if (rig_event(&m->rig, rig_number(JOBS), "JobSubmitted", 0) && !m->rig.panic[0])
        m->n_jobs++;
}

static void market_adds_up(sage_rig *rig, void *arg)
{
    market *m = arg;
    assert_ptr_equal(rig, &m->rig);
    count_jobs(m);
    stakes_add_up(m);
    jobs_add_up(m);
    supply_adds_up(m);
}

bool market_broke(const market *m)
{
    static const char *const never[] = {
        "Locked exceeds stake",  "Total staked too small", "Slash exceeds stake",
        "Shares exceed payment", "Escrow too small",       "Job is not waiting",
        "Unauthorized",          "u256_add Overflow",      "u256_mul Overflow",
        "Time out of range",     "ERC20: no balance"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        char text[240];
        const felt252 v = sage_felt_short(never[i]);
        sage_panic_text(text, sizeof text, &v, 1);
        if (!strcmp(m->rig.panic, text)) return true;
    }
    return false;
}

/* ---- setting up ---- */

static void must(market *m, bool ok)
{
    if (!ok) fail_msg("%s", m->rig.panic);
}

static void make_token(market *m)
{
    felt252 v[12] = {rig_number(0), sage_felt_short("Sage"), rig_number(4),
                     rig_number(0), sage_felt_short("SAGE"), rig_number(4)};
    m->supply     = market_sage(1000000000);
    sage_u256_split(v + 8, &m->supply);
    v[10] = rig_number(TREASURY);
    v[11] = rig_number(OWNER);
    rig_deploy(&m->rig, rig_number(TOKEN), &sage_contract_erc20, v, 12);
}

static void deploy(market *m, uint64_t at, const sage_contract *c, const felt252 *v, uint32_t n)
{
    rig_deploy(&m->rig, rig_number(at), c, v, n);
}

static void make_contracts(market *m)
{
    const felt252 owner = rig_number(OWNER), zero = felt252_zero();
    deploy(m, STAKING, &sage_contract_prover_staking,
           (felt252[]){owner, rig_number(TOKEN), rig_number(TREASURY)}, 3);
    deploy(m, SCORES, &sage_contract_reputation,
           (felt252[]){owner, zero, rig_number(JOBS), rig_number(60)}, 4);
    deploy(m, VERIFIER, &sage_contract_proof_verifier, &owner, 1);
    deploy(m, JOBS, &sage_contract_job_manager,
           (felt252[]){owner, rig_number(TOKEN), rig_number(TREASURY), zero}, 4);
    must(m, market_do(m, OWNER, STAKING, "set_job_manager", rig_number(JOBS)));
    must(m, market_do(m, OWNER, JOBS, "set_prover_staking", rig_number(STAKING)));
    must(m, market_do(m, OWNER, JOBS, "set_staker_pool", rig_number(POOL)));
    must(m, market_do(m, OWNER, JOBS, "set_reputation_manager", rig_number(SCORES)));
}

static void allow(market *m, uint64_t who, uint64_t spender)
{
    const uint64_t half[2] = {UINT64_MAX, UINT64_MAX};
    must(m, market_do(m, who, TOKEN, "approve", rig_number(spender), sage_felt_from_u128(half),
                      sage_felt_from_u128(half)));
}

static void fund(market *m, uint64_t who)
{
    felt252 v[3]            = {rig_number(who)};
    const sage_amount purse = market_sage(1000000);
    sage_u256_split(v + 1, &purse);
    must(m, market_do(m, TREASURY, TOKEN, "transfer", v[0], v[1], v[2]));
    allow(m, who, STAKING);
    allow(m, who, JOBS);
}

void market_open(market *m)
{
    memset(m, 0, sizeof *m);
    rig_open(&m->rig);
    make_token(m);
    make_contracts(m);
    m->rig.check = market_adds_up;
    m->rig.arg   = m;
    for (uint64_t i = 0; i < CLIENTS; i++)
        fund(m, CLIENT + i);
    for (uint64_t i = 0; i < WORKERS; i++)
        fund(m, WORKER + i);
    allow(m, TREASURY, STAKING);
}

void market_close(market *m)
{
    rig_close(&m->rig);
}

bool market_stake(market *m, uint64_t worker, uint64_t whole, int tier)
{
    felt252 v[3];
    const sage_amount a = market_sage(whole);
    sage_u256_split(v, &a);
    if (tier == TIER_NONE)
        return rig_call(&m->rig, rig_number(worker), rig_number(STAKING), "stake", v, 2);
    v[2] = rig_number((uint64_t)tier);
    return rig_call(&m->rig, rig_number(worker), rig_number(STAKING), "stake", v, 3);
}

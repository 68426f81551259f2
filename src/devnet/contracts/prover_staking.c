/* ProverStaking: what workers have at stake, what it earns, what they lose (facts A1).
 *
 * A stake has two parts: what works, and what is locked because its owner asked for it back.
 * Only the first earns and counts for a tier; both are slashed, in the same proportion. The
 * contract's balance of SAGE is the sum of all stakes: slashed tokens leave it at once, and
 * rewards come from the treasury, which allows this contract to spend for it. */
#include "devnet/contracts.h"
#include "devnet/contracts/erc20_calls.h"
#include "field/felt252_text.h"

enum { TIERS = 5, REASONS = 5, BPS = 10000, YEAR = 365 * 86400, MAX_LOCKUP = YEAR };

/* A WorkerStake as get_stake gives it, and a StakingConfig as get_config: both stand in storage
 * felt by felt. */
enum {
    AMOUNT       = 0,
    LOCKED       = 2,
    STAKED_AT    = 4,
    ACCRUED_AT   = 5,
    TIER         = 6,
    ACTIVE       = 7,
    FAILURES     = 8,
    SLASHED      = 9,
    PENDING      = 11,
    UNLOCK_AT    = 13, /* not given out by get_stake */
    CFG_MINIMUM  = 0,  /* u256 a tier */
    CFG_SLASH    = 10, /* bps a reason */
    CFG_LOCKUP   = 15,
    CFG_APY      = 16,
    CFG_FAILURES = 17,
    MAX_FAILURES = 255
};

typedef struct config {
    sage_amount minimum[TIERS];
    uint64_t slash[REASONS], lockup, apy, failures;
} config;

typedef struct stake {
    sage_amount amount, locked, slashed, pending;
    uint64_t staked_at, accrued_at, tier, failures, unlock_at;
    bool active;
} stake;

static const uint64_t tier_minimum[TIERS] = {1000, 2500, 5000, 10000, 25000};
static const uint64_t slash_bps[REASONS]  = {1000, 500, 2500, 5000, 7500};
static const uint64_t WHOLE               = UINT64_C(1000000000000000000);

/* ---- storage ---- */

static felt252 at(felt252 slot, uint32_t i)
{
    return sage_slot_next(slot, i);
}

static config read_config(sage_frame *f)
{
    config c;
    felt252 slot = sage_slot("config");
    for (uint32_t i = 0; i < TIERS; i++)
        c.minimum[i] = sage_get_u256(f, at(slot, CFG_MINIMUM + 2 * i));
    for (uint32_t i = 0; i < REASONS; i++)
        c.slash[i] = sage_get_u64(f, at(slot, CFG_SLASH + i));
    c.lockup   = sage_get_u64(f, at(slot, CFG_LOCKUP));
    c.apy      = sage_get_u64(f, at(slot, CFG_APY));
    c.failures = sage_get_u64(f, at(slot, CFG_FAILURES));
    return c;
}

static void write_config(sage_frame *f, const config *c)
{
    felt252 slot = sage_slot("config");
    for (uint32_t i = 0; i < TIERS; i++)
        sage_put_u256(f, at(slot, CFG_MINIMUM + 2 * i), c->minimum[i]);
    for (uint32_t i = 0; i < REASONS; i++)
        sage_put_u64(f, at(slot, CFG_SLASH + i), c->slash[i]);
    sage_put_u64(f, at(slot, CFG_LOCKUP), c->lockup);
    sage_put_u64(f, at(slot, CFG_APY), c->apy);
    sage_put_u64(f, at(slot, CFG_FAILURES), c->failures);
}

static stake read_stake(sage_frame *f, felt252 worker)
{
    felt252 slot = sage_slot_of("stakes", worker);
    return (stake){.amount     = sage_get_u256(f, at(slot, AMOUNT)),
                   .locked     = sage_get_u256(f, at(slot, LOCKED)),
                   .slashed    = sage_get_u256(f, at(slot, SLASHED)),
                   .pending    = sage_get_u256(f, at(slot, PENDING)),
                   .staked_at  = sage_get_u64(f, at(slot, STAKED_AT)),
                   .accrued_at = sage_get_u64(f, at(slot, ACCRUED_AT)),
                   .tier       = sage_get_u64(f, at(slot, TIER)),
                   .failures   = sage_get_u64(f, at(slot, FAILURES)),
                   .unlock_at  = sage_get_u64(f, at(slot, UNLOCK_AT)),
                   .active     = sage_get_u64(f, at(slot, ACTIVE)) != 0};
}

static void write_stake(sage_frame *f, felt252 worker, const stake *s)
{
    felt252 slot = sage_slot_of("stakes", worker);
    sage_put_u256(f, at(slot, AMOUNT), s->amount);
    sage_put_u256(f, at(slot, LOCKED), s->locked);
    sage_put_u256(f, at(slot, SLASHED), s->slashed);
    sage_put_u256(f, at(slot, PENDING), s->pending);
    sage_put_u64(f, at(slot, STAKED_AT), s->staked_at);
    sage_put_u64(f, at(slot, ACCRUED_AT), s->accrued_at);
    sage_put_u64(f, at(slot, TIER), s->tier);
    sage_put_u64(f, at(slot, FAILURES), s->failures);
    sage_put_u64(f, at(slot, UNLOCK_AT), s->unlock_at);
    sage_put_u64(f, at(slot, ACTIVE), s->active);
}

static felt252 token(sage_frame *f)
{
    return sage_get(f, sage_slot("sage_token"));
}

static void add_total(sage_frame *f, const char *name, sage_amount amount)
{
    felt252 slot = sage_slot(name);
    sage_put_u256(f, slot, sage_plus(f, sage_get_u256(f, slot), amount));
}

static void take_total(sage_frame *f, sage_amount amount)
{
    felt252 slot = sage_slot("total_staked");
    sage_put_u256(f, slot,
                  sage_minus(f, sage_get_u256(f, slot), amount, "Total staked too small"));
}

/* ---- rules ---- */

static sage_amount working(sage_frame *f, const stake *s)
{
    return sage_minus(f, s->amount, s->locked, "Locked exceeds stake");
}

static bool reaches(sage_frame *f, const stake *s, const config *c)
{
    sage_amount w = working(f, s);
    return s->tier < TIERS && sage_amount_compare(&w, &c->minimum[s->tier]) >= 0;
}

/* A worker is active with the working stake of his tier and failures below the limit. */
static void judge(sage_frame *f, stake *s, const config *c)
{
    s->active = reaches(f, s, c) && s->failures < c->failures;
}

/* Linear in time and in what works: amount * apy * seconds / (10000 * a year). */
static sage_amount earned(sage_frame *f, const stake *s, const config *c)
{
    uint64_t now = sage_block_time(f);
    if (now <= s->accrued_at || !s->accrued_at) return sage_amount_of(0);
    sage_require(f, now - s->accrued_at <= UINT64_MAX / BPS, "Time out of range");
    return sage_part(f, working(f, s), c->apy * (now - s->accrued_at), (uint64_t)BPS * YEAR);
}

/* Before anything changes what works. */
static void accrue(sage_frame *f, stake *s, const config *c)
{
    s->pending    = sage_plus(f, s->pending, earned(f, s, c));
    s->accrued_at = sage_block_time(f);
}

static uint64_t highest_tier(const config *c, const sage_amount *working_stake)
{
    uint64_t tier = 0;
    for (uint64_t i = 1; i < TIERS; i++)
        if (sage_amount_compare(working_stake, &c->minimum[i]) >= 0) tier = i;
    return tier;
}

/* ---- staking ---- */

/* [low, high, tier] as published, [low, high], or the amount as one felt: without a tier it is
 * the highest that the stake reaches. */
static sage_amount take_amount(sage_frame *f)
{
    if (sage_left(f) != 1) return sage_take_u256(f);
    sage_amount a = {0};
    felt252_to_limbs(sage_take_felt(f), a.w);
    return a;
}

static void stake_more(sage_frame *f)
{
    felt252 worker     = sage_caller(f);
    config c           = read_config(f);
    stake s            = read_stake(f, worker);
    sage_amount amount = take_amount(f);
    bool given         = sage_left(f) > 0;
    if (given) s.tier = sage_take_variant(f, TIERS);
    sage_require(f, !felt252_is_zero(worker), "Caller is zero");
    accrue(f, &s, &c);
    /* Failures end with the stake they were made on: whoever took all of it out, and so waited
     * the lockup, begins anew. */
    if (sage_amount_is_zero(&s.amount)) {
        s.failures  = 0;
        s.staked_at = sage_block_time(f);
    }
    s.amount      = sage_plus(f, s.amount, amount);
    sage_amount w = working(f, &s);
    if (!given) s.tier = highest_tier(&c, &w);
    sage_require(f, reaches(f, &s, &c), "Insufficient stake for tier");
    judge(f, &s, &c);
    write_stake(f, worker, &s);
    add_total(f, "total_staked", amount);
    sage_erc20_transfer_from(f, token(f), worker, sage_self(f), amount);
    felt252 data[5];
    sage_u256_split(data, &amount);
    data[2] = felt252_from_u64(s.tier);
    sage_u256_split(data + 3, &s.amount);
    sage_emit(f, "Staked", &worker, 1, data, 5);
}

static void request_unstake(sage_frame *f)
{
    felt252 worker     = sage_caller(f);
    config c           = read_config(f);
    stake s            = read_stake(f, worker);
    sage_amount amount = sage_take_u256(f);
    sage_require(f, !sage_amount_is_zero(&amount), "Amount must be positive");
    sage_require(f, sage_amount_is_zero(&s.locked), "Pending unstake exists");
    sage_require(f, sage_amount_compare(&s.amount, &amount) >= 0, "Insufficient stake");
    if (sage_panicked(f)) return;
    accrue(f, &s, &c);
    s.locked    = amount;
    s.unlock_at = sage_block_time(f) + c.lockup;
    judge(f, &s, &c);
    write_stake(f, worker, &s);
    felt252 data[3];
    sage_u256_split(data, &amount);
    data[2] = felt252_from_u64(s.unlock_at);
    sage_emit(f, "UnstakeRequested", &worker, 1, data, 3);
}

static void emit_amount(sage_frame *f, const char *event, felt252 worker, sage_amount amount)
{
    felt252 data[2];
    sage_u256_split(data, &amount);
    sage_emit(f, event, &worker, 1, data, 2);
}

/* Pays out what is locked, which slashing may have made less than was asked for. */
static void complete_unstake(sage_frame *f)
{
    felt252 worker  = sage_caller(f);
    config c        = read_config(f);
    stake s         = read_stake(f, worker);
    sage_amount out = s.locked;
    sage_require(f, !sage_amount_is_zero(&out), "No pending unstake");
    sage_require(f, sage_block_time(f) >= s.unlock_at, "Lockup not expired");
    if (sage_panicked(f)) return;
    accrue(f, &s, &c);
    s.amount    = sage_minus(f, s.amount, out, "Locked exceeds stake");
    s.locked    = sage_amount_of(0);
    s.unlock_at = 0;
    judge(f, &s, &c);
    write_stake(f, worker, &s);
    take_total(f, out);
    sage_erc20_transfer(f, token(f), worker, out);
    emit_amount(f, "UnstakeCompleted", worker, out);
}

static void claim_rewards(sage_frame *f)
{
    felt252 worker = sage_caller(f);
    config c       = read_config(f);
    stake s        = read_stake(f, worker);
    accrue(f, &s, &c);
    sage_amount reward = s.pending;
    sage_require(f, !sage_amount_is_zero(&reward), "No rewards to claim");
    s.pending = sage_amount_of(0);
    write_stake(f, worker, &s);
    sage_erc20_transfer_from(f, token(f), sage_get(f, sage_slot("treasury")), worker, reward);
    emit_amount(f, "RewardsClaimed", worker, reward);
    sage_give_u256(f, reward);
}

/* ---- what others report ---- */

static bool caller_is(sage_frame *f, const char *role)
{
    felt252 who = sage_caller(f);
    return !felt252_is_zero(who) && felt252_eq(who, sage_get(f, sage_slot(role)));
}

/* Takes the part out of what works and out of what is locked alike. */
static sage_amount cut(sage_frame *f, stake *s, uint64_t bps)
{
    sage_amount all  = sage_part(f, s->amount, bps, BPS);
    sage_amount held = sage_part(f, s->locked, bps, BPS);
    s->amount        = sage_minus(f, s->amount, all, "Slash exceeds stake");
    s->locked        = sage_minus(f, s->locked, held, "Slash exceeds stake");
    s->slashed       = sage_plus(f, s->slashed, all);
    return all;
}

static void slash(sage_frame *f)
{
    felt252 worker  = sage_take_address(f);
    uint32_t reason = sage_take_variant(f, REASONS);
    felt252 job     = sage_take_felt(f);
    config c        = read_config(f);
    stake s         = read_stake(f, worker);
    sage_require(f,
                 caller_is(f, "verifier") || caller_is(f, "job_manager") ||
                     caller_is(f, "optimistic_tee") || caller_is(f, "owner"),
                 "Unauthorized");
    if (sage_panicked(f)) return;
    accrue(f, &s, &c);
    sage_amount lost = cut(f, &s, c.slash[reason]);
    if (s.failures < MAX_FAILURES) s.failures++;
    judge(f, &s, &c);
    write_stake(f, worker, &s);
    take_total(f, lost);
    add_total(f, "total_slashed", lost);
    sage_erc20_transfer(f, token(f), sage_get(f, sage_slot("treasury")), lost);
    felt252 data[4];
    sage_u256_split(data, &lost);
    data[2] = felt252_from_u64(reason);
    data[3] = job;
    sage_emit(f, "Slashed", &worker, 1, data, 4);
}

/* Ends a run of failures. Who had reached the limit was suspended before: a success that comes
 * in later does not bring him back. */
static void record_success(sage_frame *f)
{
    felt252 worker = sage_take_address(f), job = sage_take_felt(f);
    config c = read_config(f);
    stake s  = read_stake(f, worker);
    sage_require(f, caller_is(f, "job_manager") || caller_is(f, "owner"), "Unauthorized");
    if (s.failures < c.failures) s.failures = 0;
    write_stake(f, worker, &s);
    sage_emit(f, "SuccessRecorded", &worker, 1, &job, 1);
}

/* ---- views ---- */

/* pending_rewards: what claim_rewards would give now. */
static void get_stake(sage_frame *f)
{
    config c = read_config(f);
    stake s  = read_stake(f, sage_take_address(f));
    sage_give_u256(f, s.amount);
    sage_give_u256(f, s.locked);
    sage_give_u64(f, s.staked_at);
    sage_give_u64(f, s.accrued_at);
    sage_give_u64(f, s.tier);
    sage_give_bool(f, s.active);
    sage_give_u64(f, s.failures);
    sage_give_u256(f, s.slashed);
    sage_give_u256(f, sage_plus(f, s.pending, earned(f, &s, &c)));
}

static void get_unstake_request(sage_frame *f)
{
    stake s = read_stake(f, sage_take_address(f));
    sage_give_u256(f, s.locked);
    sage_give_u64(f, s.unlock_at);
}

static void get_min_stake(sage_frame *f)
{
    config c      = read_config(f);
    uint32_t tier = sage_take_variant(f, TIERS);
    if (!sage_panicked(f)) sage_give_u256(f, c.minimum[tier]);
}

static void is_eligible(sage_frame *f)
{
    config c = read_config(f);
    stake s  = read_stake(f, sage_take_address(f));
    judge(f, &s, &c);
    sage_give_bool(f, s.active);
}

static void get_config(sage_frame *f)
{
    config c = read_config(f);
    for (uint32_t i = 0; i < TIERS; i++)
        sage_give_u256(f, c.minimum[i]);
    for (uint32_t i = 0; i < REASONS; i++)
        sage_give_u64(f, c.slash[i]);
    sage_give_u64(f, c.lockup);
    sage_give_u64(f, c.apy);
    sage_give_u64(f, c.failures);
}

static void read_total_staked(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot("total_staked")));
}
static void read_total_slashed(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot("total_slashed")));
}

/* ---- the owner ---- */

static void only_owner(sage_frame *f)
{
    sage_require(f, caller_is(f, "owner"), "Only owner");
}

static config take_config(sage_frame *f)
{
    config c;
    for (uint32_t i = 0; i < TIERS; i++)
        c.minimum[i] = sage_take_u256(f);
    for (uint32_t i = 0; i < REASONS; i++)
        c.slash[i] = sage_take_u64(f);
    c.lockup   = sage_take_u64(f);
    c.apy      = sage_take_u64(f);
    c.failures = sage_take_u64(f);
    return c;
}

static void check_config(sage_frame *f, const config *c)
{
    sage_require(f, !sage_amount_is_zero(&c->minimum[0]), "Minimum of nothing");
    for (uint32_t i = 1; i < TIERS; i++)
        sage_require(f, sage_amount_compare(&c->minimum[i - 1], &c->minimum[i]) < 0,
                     "Minimums must rise");
    for (uint32_t i = 0; i < REASONS; i++)
        sage_require(f, c->slash[i] <= BPS, "Slash above 100 %");
    sage_require(f, c->lockup <= MAX_LOCKUP, "Lockup above a year");
    sage_require(f, c->apy <= BPS, "APY above 100 %");
    sage_require(f, c->failures > 0 && c->failures <= MAX_FAILURES, "Failures out of range");
}

/* Rewards since a stake last changed are counted at the new rate. */
static void update_config(sage_frame *f)
{
    config c = take_config(f);
    felt252 data[3];
    only_owner(f);
    check_config(f, &c);
    write_config(f, &c);
    sage_u256_split(data, &c.minimum[0]);
    data[2] = felt252_from_u64(c.apy);
    sage_emit(f, "ConfigUpdated", NULL, 0, data, 3);
}

static void set_role(sage_frame *f, const char *role)
{
    felt252 who = sage_take_address(f);
    only_owner(f);
    sage_put(f, sage_slot(role), who);
}
static void set_job_manager(sage_frame *f)
{
    set_role(f, "job_manager");
}
static void set_verifier(sage_frame *f)
{
    set_role(f, "verifier");
}
static void set_optimistic_tee(sage_frame *f)
{
    set_role(f, "optimistic_tee");
}

static void take_role(sage_frame *f, const char *role, const char *why)
{
    felt252 who = sage_take_address(f);
    sage_require(f, !felt252_is_zero(who), why);
    sage_put(f, sage_slot(role), who);
}

static void construct(sage_frame *f)
{
    config c = {.lockup = 7 * 86400, .apy = 1500, .failures = 3};
    for (uint32_t i = 0; i < TIERS; i++)
        c.minimum[i] = sage_part(f, sage_amount_of(tier_minimum[i]), WHOLE, 1);
    for (uint32_t i = 0; i < REASONS; i++)
        c.slash[i] = slash_bps[i];
    take_role(f, "owner", "Invalid owner");
    take_role(f, "sage_token", "Invalid token");
    take_role(f, "treasury", "Invalid treasury");
    write_config(f, &c);
}

static const sage_entry entries[] = {
    {"stake", "amount: u256, gpu_tier: GpuTier", "", false, stake_more},
    {"request_unstake", "amount: u256", "", false, request_unstake},
    {"complete_unstake", "", "", false, complete_unstake},
    {"claim_rewards", "", "u256", false, claim_rewards},
    {"slash", "worker: ContractAddress, reason: SlashReason, job_id: felt252", "", false,
     slash},
    {"record_success", "worker: ContractAddress, job_id: felt252", "", false, record_success},
    {"get_stake", "worker: ContractAddress", "WorkerStake", true, get_stake},
    {"get_unstake_request", "worker: ContractAddress", "(u256, u64)", true,
     get_unstake_request},
    {"get_min_stake", "gpu_tier: GpuTier", "u256", true, get_min_stake},
    {"is_eligible", "worker: ContractAddress", "bool", true, is_eligible},
    {"get_config", "", "StakingConfig", true, get_config},
    {"total_staked", "", "u256", true, read_total_staked},
    {"total_slashed", "", "u256", true, read_total_slashed},
    {"update_config", "config: StakingConfig", "", false, update_config},
    {"set_job_manager", "job_manager: ContractAddress", "", false, set_job_manager},
    {"set_verifier", "verifier: ContractAddress", "", false, set_verifier},
    {"set_optimistic_tee", "tee: ContractAddress", "", false, set_optimistic_tee},
};

static const sage_type_text structs[] = {
    {"WorkerStake",
     "amount: u256, locked_amount: u256, staked_at: u64, last_claim_at: u64, "
     "gpu_tier: GpuTier, is_active: bool, consecutive_failures: u8, total_slashed: u256, "
     "pending_rewards: u256"},
    {"StakingConfig",
     "min_stake_consumer: u256, min_stake_workstation: u256, min_stake_datacenter: u256, "
     "min_stake_enterprise: u256, min_stake_frontier: u256, slash_invalid_proof_bps: u16, "
     "slash_timeout_bps: u16, slash_repeated_failures_bps: u16, slash_malicious_bps: u16, "
     "slash_benchmark_fraud_bps: u16, unstake_lockup_secs: u64, reward_apy_bps: u16, "
     "max_consecutive_failures: u8"},
};

static const sage_type_text enums[] = {
    {"GpuTier", "Consumer, Workstation, DataCenter, Enterprise, Frontier"},
    {"SlashReason", "InvalidProof, Timeout, RepeatedFailures, Malicious, BenchmarkFraud"},
};

static const sage_type_text events[] = {
    {"Staked",
     "key worker: ContractAddress, amount: u256, gpu_tier: GpuTier, total_stake: u256"},
    {"UnstakeRequested", "key worker: ContractAddress, amount: u256, unlock_time: u64"},
    {"UnstakeCompleted", "key worker: ContractAddress, amount: u256"},
    {"RewardsClaimed", "key worker: ContractAddress, amount: u256"},
    {"Slashed",
     "key worker: ContractAddress, amount: u256, reason: SlashReason, job_id: felt252"},
    {"SuccessRecorded", "key worker: ContractAddress, job_id: felt252"},
    {"ConfigUpdated", "min_stake_consumer: u256, reward_apy_bps: u16"},
};

const sage_contract sage_contract_prover_staking = {
    .name               = "ProverStaking",
    .constructor_inputs = "owner: ContractAddress, sage_token: ContractAddress, "
                          "treasury: ContractAddress",
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

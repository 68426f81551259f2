/* ReputationManager: how workers did, as a score of 0 to 1000 (facts A6).
 *
 * What a reason is worth is fixed here: a caller that asks for another change is refused. */
#include "devnet/contracts.h"
#include "field/felt252_text.h"

enum { MAX_SCORE = 1000, INITIAL_SCORE = 500 };

/* ReputationScore, in storage one felt each from its slot on. */
typedef enum score_field {
    SCORE,
    LEVEL,
    UPDATED,
    JOBS,
    SUCCEEDED,
    FAILED,
    DISPUTES,
    SLASHES,
    SCORE_FIELDS
} score_field;
typedef struct reputation {
    uint64_t v[SCORE_FIELDS];
} reputation;

/* In the order of ReputationReason. counts: the fields that go up by one, as bits. */
static const struct {
    const char *name;
    int delta;
    unsigned counts;
} reasons[] = {
    {"job_completed", 15, 1u << JOBS | 1u << SUCCEEDED},
    {"job_failed", -25, 1u << JOBS | 1u << FAILED},
    {"worker_slashed", -100, 1u << SLASHES},
    {"dispute_lost", -50, 1u << DISPUTES},
    {"dispute_won", 30, 1u << DISPUTES},
    {"inactivity_decay", -5, 0},
    {"admin_adjustment", 0, 0},
};
enum { N_REASONS = sizeof reasons / sizeof *reasons, ADMIN_ADJUSTMENT = N_REASONS - 1 };

static uint64_t level_of(uint64_t score)
{
    return score >= 850 ? 5 : score >= 700 ? 4 : score >= 500 ? 3 : score >= 300 ? 2 : 1;
}

static felt252 worker_slot(felt252 worker, uint64_t field)
{
    return felt252_add(sage_slot_of("worker_reputations", worker), felt252_from_u64(field));
}

static reputation read_worker(sage_frame *f, felt252 worker)
{
    reputation r;
    felt252 slot = worker_slot(worker, 0);
    for (unsigned i = 0; i < SCORE_FIELDS; i++)
        r.v[i] = sage_get_u64(f, felt252_add(slot, felt252_from_u64(i)));
    return r;
}

static void write_worker(sage_frame *f, felt252 worker, const reputation *r)
{
    felt252 slot = worker_slot(worker, 0);
    for (unsigned i = 0; i < SCORE_FIELDS; i++)
        sage_put_u64(f, felt252_add(slot, felt252_from_u64(i)), r->v[i]);
}

/* Levels begin at 1: what has none was never written. */
static bool known(const reputation *r)
{
    return r->v[LEVEL] != 0;
}

static bool is_admin(sage_frame *f)
{
    return felt252_eq(sage_caller(f), sage_get(f, sage_slot("admin")));
}

static void only_admin(sage_frame *f)
{
    sage_require(f, is_admin(f), "Not authorized");
}

static void only_authorised(sage_frame *f)
{
    felt252 caller = sage_caller(f);
    sage_require(f,
                 !felt252_is_zero(caller) &&
                     (is_admin(f) ||
                      felt252_eq(caller, sage_get(f, sage_slot("job_manager"))) ||
                      felt252_eq(caller, sage_get(f, sage_slot("cdc_pool")))),
                 "Not authorized");
}

static void construct(sage_frame *f)
{
    felt252 admin = sage_take_address(f);
    sage_require(f, !felt252_is_zero(admin), "Invalid admin address");
    sage_put(f, sage_slot("admin"), admin);
    sage_put(f, sage_slot("cdc_pool"), sage_take_address(f));
    sage_put(f, sage_slot("job_manager"), sage_take_address(f));
    sage_put_u64(f, sage_slot("update_rate_limit"), sage_take_u64(f));
}

static uint32_t take_u32(sage_frame *f)
{
    uint64_t v = sage_take_u64(f);
    sage_require(f, v <= UINT32_MAX, "Value is no u32");
    return (uint32_t)v;
}

/* An i32: P - x stands for -x. */
static int64_t take_i32(sage_frame *f)
{
    uint64_t v  = 0;
    felt252 x   = sage_take_felt(f);
    bool minus  = !sage_felt_to_u64(&v, x) && sage_felt_to_u64(&v, felt252_neg(x));
    bool in_i32 = (minus || sage_felt_to_u64(&v, x)) && v <= (uint64_t)INT32_MAX + minus;
    sage_require(f, in_i32, "Value is no i32");
    return in_i32 ? minus ? -(int64_t)v : (int64_t)v : 0;
}

static felt252 felt_of(int64_t v)
{
    return v < 0 ? felt252_neg(felt252_from_u64((uint64_t)-v)) : felt252_from_u64((uint64_t)v);
}

/* An Option<u256> as it stands in calldata: 0 and two felts, or 1. */
typedef struct option_u256 {
    felt252 v[3];
    uint32_t n;
} option_u256;

static option_u256 take_option(sage_frame *f)
{
    option_u256 o = {.n = 1};
    o.v[0]        = felt252_from_u64(sage_take_variant(f, 2));
    if (felt252_is_zero(o.v[0])) {
        sage_amount a = sage_take_u256(f);
        sage_u256_split(o.v + 1, &a);
        o.n = 3;
    }
    return o;
}

static void require_running(sage_frame *f)
{
    sage_require(f, sage_get_u64(f, sage_slot("paused")) == 0, "Contract is paused");
}

/* The list of workers, for rank and statistics. */
static void enlist(sage_frame *f, felt252 worker)
{
    uint64_t n = sage_get_u64(f, sage_slot("total_workers"));
    sage_put(f, sage_slot_of("workers", felt252_from_u64(n)), worker);
    sage_put_u64(f, sage_slot("total_workers"), n + 1);
}

static void initialize_reputation(sage_frame *f)
{
    felt252 worker  = sage_take_felt(f);
    uint64_t now    = sage_block_time(f);
    reputation r    = read_worker(f, worker);
    felt252 data[2] = {felt252_from_u64(INITIAL_SCORE), felt252_from_u64(now)};
    only_authorised(f);
    require_running(f);
    sage_give_bool(f, !known(&r));
    if (known(&r)) return;
    r          = (reputation){.v[SCORE] = INITIAL_SCORE, .v[UPDATED] = now};
    r.v[LEVEL] = level_of(INITIAL_SCORE);
    write_worker(f, worker, &r);
    enlist(f, worker);
    sage_emit(f, "ReputationInitialized", &worker, 1, data, 2);
}

static uint64_t moved(uint64_t score, int64_t delta)
{
    int64_t v = (int64_t)score + delta;
    return v < 0 ? 0 : v > MAX_SCORE ? MAX_SCORE : (uint64_t)v;
}

/* Old score, new score, delta, reason, job, time. */
static void emit_updated(sage_frame *f,
                         felt252 worker,
                         uint64_t before,
                         const reputation *r,
                         int64_t delta,
                         uint32_t reason,
                         const option_u256 *job)
{
    felt252 data[8] = {felt252_from_u64(before), felt252_from_u64(r->v[SCORE]), felt_of(delta),
                       sage_felt_short(reasons[reason].name)};
    uint32_t n      = 4;
    for (uint32_t i = 0; i < job->n; i++)
        data[n++] = job->v[i];
    data[n++] = felt252_from_u64(r->v[UPDATED]);
    sage_emit(f, "ReputationUpdated", &worker, 1, data, n);
}

/* Time since the last change must be as long as the limit, except for the admin. */
static bool too_soon(sage_frame *f, const reputation *r)
{
    return sage_block_time(f) - r->v[UPDATED] <
               sage_get_u64(f, sage_slot("update_rate_limit")) &&
           !is_admin(f);
}

static void apply(sage_frame *f, felt252 worker, reputation *r, int64_t delta, uint32_t reason)
{
    for (unsigned i = 0; i < SCORE_FIELDS; i++)
        r->v[i] += reasons[reason].counts >> i & 1;
    r->v[SCORE]   = moved(r->v[SCORE], delta);
    r->v[LEVEL]   = level_of(r->v[SCORE]);
    r->v[UPDATED] = sage_block_time(f);
    write_worker(f, worker, r);
}

/* Gives false, and changes nothing, for a worker that is unknown or was updated just now. */
static void update_reputation(sage_frame *f)
{
    felt252 worker  = sage_take_felt(f);
    int64_t delta   = take_i32(f);
    uint32_t reason = sage_take_variant(f, N_REASONS);
    option_u256 job = take_option(f);
    only_authorised(f);
    require_running(f);
    if (sage_panicked(f)) return;
    if (reason == ADMIN_ADJUSTMENT)
        only_admin(f);
    else
        sage_require(f, delta == reasons[reason].delta, "Score delta of another reason");
    reputation r    = read_worker(f, worker);
    uint64_t before = r.v[SCORE];
    bool taken      = known(&r) && !too_soon(f, &r);
    sage_give_bool(f, taken);
    if (!taken) return;
    apply(f, worker, &r, delta, reason);
    emit_updated(f, worker, before, &r, delta, reason, &job);
}

static void admin_adjust_reputation(sage_frame *f)
{
    felt252 worker = sage_take_felt(f);
    uint32_t score = take_u32(f);
    felt252 why    = sage_take_felt(f);
    reputation r   = read_worker(f, worker);
    only_admin(f);
    sage_require(f, known(&r), "Worker is unknown");
    sage_require(f, score <= MAX_SCORE, "Score above 1000");
    if (sage_panicked(f)) return;
    apply(f, worker, &r, (int64_t)score - (int64_t)r.v[SCORE], ADMIN_ADJUSTMENT);
    felt252 data[] = {worker, felt252_from_u64(score), why, felt252_from_u64(r.v[UPDATED])};
    sage_emit(f, "AdminAdjusted", NULL, 0, data, sizeof data / sizeof *data);
}

static void get_reputation(sage_frame *f)
{
    reputation r = read_worker(f, sage_take_felt(f));
    for (unsigned i = 0; i < SCORE_FIELDS; i++)
        sage_give_u64(f, r.v[i]);
}

/* ReputationThreshold: job type, least score, least level, most failures. */
static void check_reputation_threshold(sage_frame *f)
{
    reputation r = read_worker(f, sage_take_felt(f));
    (void)sage_take_felt(f);
    uint32_t score = take_u32(f), level = take_u32(f), failures = take_u32(f);
    sage_give_bool(f, known(&r) && r.v[SCORE] >= score && r.v[LEVEL] >= level &&
                          r.v[FAILED] <= failures);
}

static felt252 worker_at(sage_frame *f, uint64_t i)
{
    return sage_get(f, sage_slot_of("workers", felt252_from_u64(i)));
}

static uint64_t score_at(sage_frame *f, uint64_t i)
{
    return sage_get_u64(f, worker_slot(worker_at(f, i), SCORE));
}

/* One more than there are workers with a higher score; 0 for an unknown one. */
static void get_worker_rank(sage_frame *f)
{
    reputation r   = read_worker(f, sage_take_felt(f));
    uint64_t n     = sage_get_u64(f, sage_slot("total_workers"));
    uint64_t above = 0;
    for (uint64_t i = 0; known(&r) && i < n; i++)
        above += score_at(f, i) > r.v[SCORE];
    sage_give_u64(f, known(&r) ? above + 1 : 0);
}

/* Workers, average, highest, lowest score. */
static void get_network_stats(sage_frame *f)
{
    uint64_t n = sage_get_u64(f, sage_slot("total_workers")), sum = 0, high = 0;
    uint64_t low = n ? MAX_SCORE : 0;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t score = score_at(f, i);
        sum += score;
        high = score > high ? score : high;
        low  = score < low ? score : low;
    }
    sage_give_u64(f, n);
    sage_give_u64(f, n ? sum / n : 0);
    sage_give_u64(f, high);
    sage_give_u64(f, low);
}

static void put_by_admin(sage_frame *f, const char *variable)
{
    felt252 address = sage_take_address(f);
    only_admin(f);
    sage_put(f, sage_slot(variable), address);
}
static void set_job_manager(sage_frame *f)
{
    put_by_admin(f, "job_manager");
}
static void set_cdc_pool(sage_frame *f)
{
    put_by_admin(f, "cdc_pool");
}

static void set_paused(sage_frame *f, bool paused, const char *event)
{
    felt252 data[2] = {sage_caller(f), felt252_from_u64(sage_block_time(f))};
    only_admin(f);
    sage_put_u64(f, sage_slot("paused"), paused);
    sage_emit(f, event, NULL, 0, data, 2);
}
static void pause(sage_frame *f)
{
    set_paused(f, true, "Paused");
}
static void unpause(sage_frame *f)
{
    set_paused(f, false, "Unpaused");
}
static void is_paused(sage_frame *f)
{
    sage_give_bool(f, sage_get_u64(f, sage_slot("paused")) != 0);
}

static const sage_entry entries[] = {
    {"initialize_reputation", "worker_id: felt252", "bool", false, initialize_reputation},
    {"update_reputation",
     "worker_id: felt252, score_delta: i32, reason: ReputationReason, job_id: Option<u256>",
     "bool", false, update_reputation},
    {"admin_adjust_reputation", "worker_id: felt252, new_score: u32, reason: felt252", "",
     false, admin_adjust_reputation},
    {"get_reputation", "worker_id: felt252", "ReputationScore", true, get_reputation},
    {"check_reputation_threshold", "worker_id: felt252, threshold: ReputationThreshold", "bool",
     true, check_reputation_threshold},
    {"get_worker_rank", "worker_id: felt252", "u32", true, get_worker_rank},
    {"get_network_stats", "", "(u32, u32, u32, u32)", true, get_network_stats},
    {"set_job_manager", "job_manager: ContractAddress", "", false, set_job_manager},
    {"set_cdc_pool", "cdc_pool: ContractAddress", "", false, set_cdc_pool},
    {"pause", "", "", false, pause},
    {"unpause", "", "", false, unpause},
    {"is_paused", "", "bool", true, is_paused},
};

static const sage_type_text structs[] = {
    {"ReputationScore",
     "score: u32, level: u8, last_updated: u64, total_jobs_completed: u32, "
     "successful_jobs: u32, failed_jobs: u32, dispute_count: u32, slash_count: u32"},
    {"ReputationThreshold",
     "job_type: felt252, min_score: u32, min_level: u8, max_failures: u32"},
};

static const sage_type_text enums[] = {
    {"ReputationReason",
     "JobCompleted, JobFailed, WorkerSlashed, DisputeLost, DisputeWon, InactivityDecay, "
     "AdminAdjustment"},
};

static const sage_type_text events[] = {
    {"ReputationInitialized", "key worker_id: felt252, initial_score: u32, timestamp: u64"},
    {"ReputationUpdated",
     "key worker_id: felt252, old_score: u32, new_score: u32, score_delta: i32, "
     "reason: felt252, job_id: Option<u256>, timestamp: u64"},
    {"AdminAdjusted", "worker_id: felt252, new_score: u32, reason: felt252, timestamp: u64"},
    {"Paused", "by: ContractAddress, timestamp: u64"},
    {"Unpaused", "by: ContractAddress, timestamp: u64"},
};

const sage_contract sage_contract_reputation = {
    .name               = "ReputationManager",
    .constructor_inputs = "admin: ContractAddress, cdc_pool: ContractAddress, "
                          "job_manager: ContractAddress, update_rate_limit: u64",
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

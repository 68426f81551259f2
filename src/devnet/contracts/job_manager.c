/* JobManager: clients pay for proofs, workers lease the jobs, and a proof releases the payment
 * (facts A2, B).
 *
 * Of a job the contract knows which program is to be proved, the hash of its input, and what is
 * paid. Submitting takes the payment into escrow. A worker with a stake leases the job; until the
 * lease ends nobody else can have it, and once it has ended without a proof he is slashed and
 * anybody may lease it. The result comes in a transaction whose proof_facts name this program,
 * this input, this job and this worker; the node has verified the proof (devnet/admission.h).
 * Then the payment is shared out, once. Before a lease the client may cancel; after the
 * deadline anybody may send the client's money back.
 *
 * A piece of proving is paid once: its proof_id is written down (starknet/facts.h says why). */
#include "devnet/contracts.h"
#include "devnet/contracts/frame_facts.h"
#include "devnet/contracts/job_book.h"
#include "devnet/contracts/job_payment.h"
#include "field/felt252_text.h"

/* JobType, VerificationMethod, SlashReason, and ReputationReason with its deltas, as published. */
enum {
    PROOF_GENERATION = 2,
    JOB_TYPES        = 6,
    ZERO_KNOWLEDGE   = 2,
    METHODS          = 4,
    SLASH_TIMEOUT    = 1,
    JOB_COMPLETED    = 0,
    JOB_FAILED       = 1,
    COMPLETED_DELTA  = 15,
    FAILED_DELTA     = 25
};

enum {
    PROVE_SECONDS = 3600,
    LEASE_SECONDS = 900,
    LEAST_LEASE   = 60, /* a job closer to its deadline is leased no more */
    MAX_DEADLINE  = 30 * 86400,
    MAX_LEASE     = 86400,
    FEE_BPS       = 2000,
    MAX_LIST      = 100
};

static const uint64_t MIN_PAYMENT = UINT64_C(1000000000000000000);

/* ---- who and whether ---- */

static bool is_admin(sage_frame *f)
{
    return felt252_eq(sage_caller(f), sage_get(f, sage_slot("admin")));
}

static void only_admin(sage_frame *f)
{
    sage_require(f, is_admin(f), "Not authorized");
}

static void require_running(sage_frame *f)
{
    sage_require(f, !sage_get_u64(f, sage_slot("contract_paused")), "Contract is paused");
}

static felt252 staking(sage_frame *f)
{
    return sage_get(f, sage_slot("prover_staking"));
}

static felt252 reputation(sage_frame *f)
{
    return sage_get(f, sage_slot("reputation_manager"));
}

static bool
asks_true(sage_frame *f, felt252 of, const char *view, const felt252 *arg, uint32_t n)
{
    sage_felt_list r = {0};
    sage_call_contract(f, of, view, arg, n, &r);
    bool yes = r.n == 1 && felt252_eq(r.v[0], felt252_one());
    sage_felt_list_free(&r);
    return yes;
}

/* ---- events: the job's number is two keys ---- */

static void emit_job(sage_frame *f,
                     const char *event,
                     const sage_amount *id,
                     felt252 who,
                     const felt252 *data,
                     uint32_t n)
{
    felt252 keys[3];
    sage_u256_split(keys, id);
    keys[2] = who;
    sage_emit(f, event, keys, 3, data, n);
}

static void emit_job_amount(
    sage_frame *f, const char *event, const sage_amount *id, felt252 who, sage_amount amount)
{
    felt252 data[2];
    sage_u256_split(data, &amount);
    emit_job(f, event, id, who, data, 2);
}

/* ---- what others are told ---- */

static felt252 id_felt(const sage_amount *id)
{
    return felt252_from_limbs(id->w);
}

/* A reputation that is not kept, or not at the moment, stops nobody from being paid. */
static void tell_reputation(
    sage_frame *f, felt252 worker_id, felt252 delta, uint32_t reason, const sage_amount *id)
{
    const felt252 to   = reputation(f);
    felt252 calldata[] = {worker_id,      delta,          felt252_from_u64(reason),
                          felt252_zero(), felt252_zero(), felt252_zero()};
    if (felt252_is_zero(to) || asks_true(f, to, "is_paused", NULL, 0)) return;
    sage_u256_split(calldata + 4, id);
    sage_call_contract(f, to, "update_reputation", calldata, 6, NULL);
}

static void tell_late(sage_frame *f, const sage_amount *id, felt252 worker)
{
    const felt252 calldata[] = {worker, felt252_from_u64(SLASH_TIMEOUT), id_felt(id)};
    const felt252 worker_id  = sage_worker_id(f, worker);
    sage_worker_stats w      = sage_worker_read(f, worker_id);
    w.late++;
    sage_worker_write(f, worker_id, &w);
    sage_call_contract(f, staking(f), "slash", calldata, 3, NULL);
    tell_reputation(f, worker_id, felt252_neg(felt252_from_u64(FAILED_DELTA)), JOB_FAILED, id);
}

static void tell_done(sage_frame *f, const sage_amount *id, const sage_job_entry *j)
{
    const felt252 calldata[] = {j->worker, id_felt(id)};
    const felt252 worker_id  = sage_worker_id(f, j->worker);
    sage_worker_stats w      = sage_worker_read(f, worker_id);
    w.done++;
    w.seconds += j->completed_at - j->assigned_at;
    sage_worker_write(f, worker_id, &w);
    sage_call_contract(f, staking(f), "record_success", calldata, 2, NULL);
    tell_reputation(f, worker_id, felt252_from_u64(COMPLETED_DELTA), JOB_COMPLETED, id);
}

/* ---- submitting ---- */

static void count(sage_frame *f, const char *variable, int by)
{
    const felt252 slot = sage_slot(variable);
    sage_put_u64(f, slot, sage_get_u64(f, slot) + (uint64_t)(int64_t)by);
}

static void require_configured(sage_frame *f)
{
    sage_require(f,
                 !felt252_is_zero(staking(f)) &&
                     !felt252_is_zero(sage_get(f, sage_slot("staker_pool"))),
                 "Contract is not configured");
}

/* Takes the payment and opens the job. */
static void open_job(sage_frame *f, sage_job_entry *j)
{
    const sage_amount least = sage_get_u256(f, sage_slot("min_job_payment"));
    require_running(f);
    require_configured(f);
    sage_require(f, !felt252_is_zero(j->client), "Invalid client address");
    sage_require(f, !felt252_is_zero(j->program_hash), "Program hash required");
    sage_require(f, sage_amount_compare(&j->payment, &least) >= 0, "Payment too low");
    if (sage_panicked(f)) return;
    const sage_amount id = sage_job_new_id(f);
    j->phase             = SAGE_PHASE_QUEUED;
    j->created_at        = sage_block_time(f);
    sage_job_write(f, &id, j);
    sage_job_wait(f, &id);
    count(f, "active_jobs", 1);
    sage_job_collect(f, j->payment);
    const felt252 spec[] = {j->input_hash, felt252_from_u64(j->deadline)};
    emit_job_amount(f, "JobSubmitted", &id, j->client, j->payment);
    emit_job(f, "JobSpecified", &id, j->program_hash, spec, 2);
    sage_give_u256(f, id);
}

/* circuit_id is the hash of the program to be proved. */
static void submit_prove_job(sage_frame *f)
{
    uint32_t n;
    sage_job_entry j      = {.type = PROOF_GENERATION, .program_hash = sage_take_felt(f)};
    const felt252 *inputs = sage_take_array(f, &n);
    const felt252 secret  = sage_take_felt(f);
    sage_require(f, sage_take_u64(f) <= UINT32_MAX, "Proof size is no u32");
    j.payment    = sage_take_u256(f);
    j.client     = sage_take_address(f);
    j.input_hash = sage_job_input_hash(inputs, n, secret);
    j.has_input  = n > 0 || !felt252_is_zero(secret);
    j.deadline   = sage_block_time(f) + PROVE_SECONDS;
    open_job(f, &j);
}

/* Only a proof settles a job here. */
static void require_provable(sage_frame *f, uint32_t method)
{
    static const char *const why[METHODS] = {"None: no way to settle a job",
                                             "StatisticalSampling: no proof", NULL,
                                             "ConsensusValidation: no proof"};
    if (method != ZERO_KNOWLEDGE) sage_panic(f, why[method]);
}

static void take_deadline(sage_frame *f, sage_job_entry *j)
{
    const uint64_t now = sage_block_time(f);
    j->deadline        = sage_take_u64(f);
    sage_require(f, j->deadline > now, "Deadline must be in future");
    sage_require(f, j->deadline - now <= MAX_DEADLINE, "Deadline too far in future");
}

/* A JobSpec, of which model_id is the hash of the program to be proved. */
static void submit_ai_job(sage_frame *f)
{
    uint32_t n;
    sage_job_entry j        = {.type = sage_take_variant(f, JOB_TYPES), .has_input = true};
    const sage_amount model = sage_take_u256(f);
    j.program_hash          = felt252_from_limbs(model.w);
    j.input_hash            = sage_take_felt(f);
    (void)sage_take_felt(f); /* output format */
    require_provable(f, sage_take_variant(f, METHODS));
    const sage_amount reward = sage_take_u256(f);
    take_deadline(f, &j);
    (void)sage_take_array(f, &n); /* compute requirements */
    (void)sage_take_array(f, &n); /* metadata */
    j.payment = sage_take_u256(f);
    j.client  = sage_take_address(f);
    uint64_t same[4];
    felt252_to_limbs(j.program_hash, same);
    const sage_amount residue = {{same[0], same[1], same[2], same[3]}};
    sage_require(f, sage_amount_compare(&residue, &model) == 0, "Model ID is no program hash");
    sage_require(f, !felt252_is_zero(j.input_hash), "Invalid input data hash");
    sage_require(f, sage_amount_compare(&reward, &j.payment) == 0, "Max reward is not payment");
    open_job(f, &j);
}

/* ---- leases ---- */

static bool lease_over(sage_frame *f, const sage_job_entry *j)
{
    return j->phase == SAGE_PHASE_PROCESSING && sage_block_time(f) > j->lease_until;
}

/* A lease that has ended without a proof: its holder is slashed, the job waits again. */
static void end_lease(sage_frame *f, const sage_amount *id, sage_job_entry *j)
{
    const felt252 late = j->worker, until = felt252_from_u64(j->lease_until);
    if (sage_panicked(f) || !lease_over(f, j)) return;
    j->phase       = SAGE_PHASE_QUEUED;
    j->worker      = felt252_zero();
    j->assigned_at = j->lease_until = 0;
    sage_job_write(f, id, j);
    sage_job_wait(f, id);
    emit_job(f, "LeaseExpired", id, late, &until, 1);
    tell_late(f, id, late);
}

static void release_lease(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_job_entry j     = sage_job_read(f, &id);
    sage_require(f, lease_over(f, &j), "No expired lease");
    end_lease(f, &id, &j);
}

static void lease(sage_frame *f, const sage_amount *id, felt252 worker)
{
    const uint64_t now = sage_block_time(f);
    sage_job_entry j   = sage_job_read(f, id);
    require_running(f);
    end_lease(f, id, &j);
    sage_require(f, j.phase == SAGE_PHASE_QUEUED, "Job not available");
    sage_require(f, now + LEAST_LEASE <= j.deadline, "Too close to deadline");
    sage_require(f, asks_true(f, staking(f), "is_eligible", &worker, 1), "Worker not eligible");
    if (sage_panicked(f)) return;
    const uint64_t until = now + sage_get_u64(f, sage_slot("lease_duration"));
    j.phase              = SAGE_PHASE_PROCESSING;
    j.worker             = worker;
    j.assigned_at        = now;
    j.lease_until        = until < j.deadline ? until : j.deadline;
    sage_job_write(f, id, &j);
    sage_job_unwait(f, id);
}

static void claim_job(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    const felt252 worker = sage_caller(f), now = felt252_from_u64(sage_block_time(f));
    sage_require(f, !felt252_is_zero(sage_worker_id(f, worker)), "Not a registered worker");
    lease(f, &id, worker);
    emit_job(f, "JobClaimed", &id, worker, &now, 1);
}

static void assign_job_to_worker(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    const felt252 worker = sage_worker_address(f, sage_take_felt(f));
    only_admin(f);
    sage_require(f, !felt252_is_zero(worker), "Worker not registered");
    lease(f, &id, worker);
    emit_job(f, "JobAssigned", &id, worker, NULL, 0);
}

/* ---- results ---- */

/* JobResult as published, whose fields may say what the facts say and nothing else; or nothing at
 * all, the facts saying it. What a worker says of gas and time is not asked for, and not kept. */
static void take_result(sage_frame *f,
                        const sage_amount *id,
                        const sage_job_entry *j,
                        const sage_facts *facts)
{
    uint32_t quote = 0;
    if (!sage_left(f)) return;
    const sage_amount again = sage_take_u256(f);
    const felt252 worker_id = sage_take_felt(f), output = sage_take_felt(f);
    sage_take_no_proof(f);
    (void)sage_take_array(f, &quote);
    (void)sage_take_u256(f);
    (void)sage_take_u64(f);
    sage_require(f, quote == 0, "TEE quotes settle nothing");
    sage_require(f, sage_amount_compare(&again, id) == 0, "Result of another job");
    sage_require(f, felt252_eq(worker_id, sage_worker_id(f, j->worker)),
                 "Result of another worker");
    sage_require(f, felt252_eq(output, facts->output_hash), "Output hash not of the proof");
}

static void require_proof_of(sage_frame *f,
                             const sage_amount *id,
                             const sage_job_entry *j,
                             const sage_facts *facts)
{
    sage_require(f, felt252_eq(facts->kind, sage_felt_short("cairo")), "Proof of another kind");
    sage_require(f, sage_amount_compare(&facts->job_id, id) == 0, "Proof of another job");
    sage_require(f, felt252_eq(facts->worker, j->worker), "Proof of another worker");
    sage_require(f, felt252_eq(facts->program_hash, j->program_hash),
                 "Proof of another program");
    sage_require(f, felt252_eq(facts->input_hash, j->input_hash), "Proof of another input");
    sage_require(f, facts->input_bound || !j->has_input, "Input not stated by proof");
}

static void use_proof(sage_frame *f, felt252 proof_id)
{
    const felt252 slot = sage_slot_of("used_proofs", proof_id);
    sage_require(f, !sage_get_u64(f, slot), "Proof already used");
    sage_put_u64(f, slot, 1);
}

/* Whoever brings it: the facts name the worker, and he is paid. */
static void submit_job_result(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_job_entry j     = sage_job_read(f, &id);
    sage_require(f, j.phase == SAGE_PHASE_PROCESSING, "Job not in processing state");
    sage_require(f, !lease_over(f, &j), "Lease expired");
    const sage_facts facts = sage_frame_facts(f);
    take_result(f, &id, &j, &facts);
    require_proof_of(f, &id, &j, &facts);
    use_proof(f, facts.proof_id);
    if (sage_panicked(f)) return;
    j.phase        = SAGE_PHASE_COMPLETED;
    j.output_hash  = facts.output_hash;
    j.completed_at = sage_block_time(f);
    sage_job_write(f, &id, &j);
    count(f, "active_jobs", -1);
    count(f, "completed_jobs", 1);
    emit_job(f, "JobCompleted", &id, j.worker, NULL, 0);
    tell_done(f, &id, &j);
}

static void emit_fees(sage_frame *f, const sage_amount *id, const sage_shares *s)
{
    felt252 keys[2], data[6];
    sage_u256_split(keys, id);
    sage_u256_split(data, &s->burn);
    sage_u256_split(data + 2, &s->treasury);
    sage_u256_split(data + 4, &s->stakers);
    sage_emit(f, "FeesDistributed", keys, 2, data, 6);
}

static void distribute_rewards(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_job_entry j     = sage_job_read(f, &id);
    sage_require(f, j.phase == SAGE_PHASE_COMPLETED, "Job not completed");
    if (sage_panicked(f)) return;
    j.phase = SAGE_PHASE_PAID;
    sage_job_write(f, &id, &j);
    const sage_shares s     = sage_job_pay_out(f, j.worker, j.payment);
    const felt252 worker_id = sage_worker_id(f, j.worker);
    sage_worker_stats w     = sage_worker_read(f, worker_id);
    w.earned                = sage_plus(f, w.earned, s.worker);
    sage_worker_write(f, worker_id, &w);
    emit_job_amount(f, "PaymentReleased", &id, j.worker, s.worker);
    emit_fees(f, &id, &s);
}

/* ---- money back ---- */

static void close_job(sage_frame *f, const sage_amount *id, sage_job_entry *j, const char *why)
{
    felt252 data[3] = {sage_felt_short(why)};
    if (sage_panicked(f)) return;
    j->phase = SAGE_PHASE_CANCELLED;
    sage_job_write(f, id, j);
    sage_job_unwait(f, id);
    count(f, "active_jobs", -1);
    sage_job_pay_back(f, j->client, j->payment);
    sage_u256_split(data + 1, &j->payment);
    emit_job(f, "JobCancelled", id, j->client, data, 3);
}

static void cancel_job(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_job_entry j     = sage_job_read(f, &id);
    sage_require(f, felt252_eq(sage_caller(f), j.client), "Only the client");
    end_lease(f, &id, &j);
    sage_require(f, j.phase == SAGE_PHASE_QUEUED, "Job not in queued state");
    close_job(f, &id, &j, "cancelled");
}

static void refund_expired_job(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_job_entry j     = sage_job_read(f, &id);
    sage_require(f, sage_block_time(f) > j.deadline, "Deadline not passed");
    end_lease(f, &id, &j);
    sage_require(f, j.phase == SAGE_PHASE_QUEUED, "Job not open");
    close_job(f, &id, &j, "expired");
}

/* ---- workers ---- */

static void register_worker(sage_frame *f)
{
    const felt252 worker_id = sage_take_felt(f), worker = sage_take_address(f);
    const felt252 by = sage_caller(f), keys[] = {worker_id, worker};
    const felt252 data[] = {by, felt252_from_u64(sage_block_time(f))};
    sage_require(f, is_admin(f) || felt252_eq(by, worker), "Not authorized");
    sage_require(f, !felt252_is_zero(worker), "Invalid worker address");
    sage_require(f, !felt252_is_zero(worker_id), "Invalid worker ID");
    sage_worker_register(f, worker_id, worker);
    const felt252 to = reputation(f);
    if (!sage_panicked(f) && !felt252_is_zero(to) && !asks_true(f, to, "is_paused", NULL, 0))
        sage_call_contract(f, to, "initialize_reputation", &worker_id, 1, NULL);
    sage_emit(f, "WorkerRegistered", keys, 2, data, 2);
}

/* ---- views ---- */

static void get_pending_jobs(sage_frame *f)
{
    const uint64_t n = sage_jobs_waiting(f), from = sage_take_u64(f), most = sage_take_u64(f);
    uint64_t some = from < n ? n - from : 0;
    if (some > most) some = most;
    if (some > MAX_LIST) some = MAX_LIST;
    sage_give_u64(f, some);
    for (uint64_t i = 0; i < some; i++)
        sage_give_u256(f, sage_job_waiting(f, from + i));
}

static void get_job_details(sage_frame *f)
{
    const sage_amount id   = sage_take_u256(f);
    const sage_job_entry j = sage_job_read(f, &id);
    sage_give_u256(f, id);
    sage_give_u64(f, j.type);
    sage_give_felt(f, j.client);
    sage_give_felt(f, j.worker);
    sage_give_u64(f, j.phase);
    sage_give_u256(f, j.payment);
    sage_give_u64(f, j.created_at);
    sage_give_u64(f, j.assigned_at);
    sage_give_u64(f, j.completed_at);
    sage_give_felt(f, j.output_hash);
}

static void get_prove_job(sage_frame *f)
{
    const sage_amount id   = sage_take_u256(f);
    const sage_job_entry j = sage_job_read(f, &id);
    sage_give_felt(f, j.program_hash);
    sage_give_felt(f, j.input_hash);
    sage_give_bool(f, j.has_input);
    sage_give_u64(f, j.deadline);
    sage_give_u64(f, j.lease_until);
}

static void get_job_state(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_give_u64(f, sage_job_read(f, &id).phase);
}

static void is_proof_payment_ready(sage_frame *f)
{
    const sage_amount id = sage_take_u256(f);
    sage_give_bool(f, sage_job_read(f, &id).phase == SAGE_PHASE_COMPLETED);
}

static sage_amount score_of(sage_frame *f, felt252 worker_id)
{
    sage_felt_list r = {0};
    sage_amount a    = {0};
    if (felt252_is_zero(reputation(f))) return a;
    sage_call_contract(f, reputation(f), "get_reputation", &worker_id, 1, &r);
    if (r.n) felt252_to_limbs(r.v[0], a.w);
    sage_felt_list_free(&r);
    return a;
}

/* Percent of leases that brought a proof, 100 of none; the mean of a lease in seconds. */
static void get_worker_stats(sage_frame *f)
{
    const felt252 worker_id   = sage_take_felt(f);
    const sage_worker_stats w = sage_worker_read(f, worker_id);
    const uint64_t all        = w.done + w.late;
    sage_give_u64(f, w.done);
    sage_give_u64(f, all ? 100 * w.done / all : 100);
    sage_give_u64(f, w.done ? w.seconds / w.done : 0);
    sage_give_u256(f, score_of(f, worker_id));
    sage_give_u256(f, w.earned);
}

static void get_platform_config(sage_frame *f)
{
    sage_give_u64(f, FEE_BPS);
    sage_give_u256(f, sage_get_u256(f, sage_slot("min_job_payment")));
    sage_give_u64(f, sage_get_u64(f, sage_slot("lease_duration")));
    sage_give_u256(f, sage_amount_of(0)); /* there are no disputes */
}

static void get_integration_contracts(sage_frame *f)
{
    sage_give_felt(f, reputation(f));
    sage_give_felt(f, sage_get(f, sage_slot("cdc_pool_contract")));
    sage_give_felt(f, staking(f));
}

static void get_escrow(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot("escrow")));
}
static void get_pending_job_count(sage_frame *f)
{
    sage_give_u64(f, sage_jobs_waiting(f));
}
static void get_total_jobs(sage_frame *f)
{
    sage_give_u64(f, sage_job_count(f));
}
static void get_active_jobs(sage_frame *f)
{
    sage_give_u64(f, sage_get_u64(f, sage_slot("active_jobs")));
}
static void get_completed_jobs(sage_frame *f)
{
    sage_give_u64(f, sage_get_u64(f, sage_slot("completed_jobs")));
}
static void get_worker_address(sage_frame *f)
{
    sage_give_felt(f, sage_worker_address(f, sage_take_felt(f)));
}
static void get_worker_id_by_address(sage_frame *f)
{
    sage_give_felt(f, sage_worker_id(f, sage_take_address(f)));
}
static void get_worker_count(sage_frame *f)
{
    sage_give_u64(f, sage_worker_count(f));
}
static void is_worker_active(sage_frame *f)
{
    const felt252 worker = sage_worker_address(f, sage_take_felt(f));
    sage_give_bool(f, !felt252_is_zero(worker) &&
                          asks_true(f, staking(f), "is_eligible", &worker, 1));
}
static void is_paused(sage_frame *f)
{
    sage_give_bool(f, sage_get_u64(f, sage_slot("contract_paused")) != 0);
}

/* ---- the admin ---- */

static void update_config(sage_frame *f)
{
    const felt252 key = sage_take_felt(f), value = sage_take_felt(f), by = sage_caller(f);
    uint64_t seconds   = 0;
    sage_amount amount = {0};
    felt252_to_limbs(value, amount.w);
    only_admin(f);
    felt252 data[] = {felt252_zero(), value, by};
    if (felt252_eq(key, sage_felt_short("min_job_payment"))) {
        const sage_amount old = sage_get_u256(f, sage_slot("min_job_payment"));
        data[0]               = felt252_from_limbs(old.w);
        sage_require(f, !sage_amount_is_zero(&amount), "Minimum of nothing");
        sage_put_u256(f, sage_slot("min_job_payment"), amount);
    } else if (felt252_eq(key, sage_felt_short("lease_duration"))) {
        data[0] = sage_get(f, sage_slot("lease_duration"));
        sage_require(f,
                     sage_felt_to_u64(&seconds, value) && seconds >= LEAST_LEASE &&
                         seconds <= MAX_LEASE,
                     "Lease out of range");
        sage_put_u64(f, sage_slot("lease_duration"), seconds);
    } else {
        sage_panic(f, "Unknown config key");
    }
    sage_emit(f, "ConfigUpdated", &key, 1, data, 3);
}

static void set_paused(sage_frame *f, bool paused, const char *event)
{
    const felt252 data[] = {sage_caller(f), felt252_from_u64(sage_block_time(f))};
    only_admin(f);
    sage_put_u64(f, sage_slot("contract_paused"), paused);
    sage_emit(f, event, NULL, 0, data, 2);
}
static void pause(sage_frame *f)
{
    set_paused(f, true, "ContractPaused");
}
static void unpause(sage_frame *f)
{
    set_paused(f, false, "ContractUnpaused");
}

static void take_address(sage_frame *f, const char *variable, const char *why)
{
    const felt252 address = sage_take_address(f);
    sage_require(f, !felt252_is_zero(address), why);
    sage_put(f, sage_slot(variable), address);
}
static void set_reputation_manager(sage_frame *f)
{
    only_admin(f);
    take_address(f, "reputation_manager", "Invalid reputation manager");
}
static void set_prover_staking(sage_frame *f)
{
    only_admin(f);
    take_address(f, "prover_staking", "Invalid staking address");
}
static void set_staker_pool(sage_frame *f)
{
    only_admin(f);
    take_address(f, "staker_pool", "Invalid staker pool");
}

static void construct(sage_frame *f)
{
    take_address(f, "admin", "Invalid admin address");
    take_address(f, "payment_token", "Invalid payment token");
    take_address(f, "treasury", "Invalid treasury address");
    sage_put(f, sage_slot("cdc_pool_contract"), sage_take_address(f)); /* may be 0 */
    sage_put_u256(f, sage_slot("min_job_payment"), sage_amount_of(MIN_PAYMENT));
    sage_put_u64(f, sage_slot("lease_duration"), LEASE_SECONDS);
}

static const sage_entry entries[] = {
    {"submit_prove_job", "prove_job_data: ProveJobData, payment: u256, client: ContractAddress",
     "JobId", false, submit_prove_job},
    {"submit_ai_job", "job_spec: JobSpec, payment: u256, client: ContractAddress", "JobId",
     false, submit_ai_job},
    {"claim_job", "job_id: JobId", "", false, claim_job},
    {"assign_job_to_worker", "job_id: JobId, worker_id: WorkerId", "", false,
     assign_job_to_worker},
    {"release_lease", "job_id: JobId", "", false, release_lease},
    {"submit_job_result", "job_id: JobId, result: JobResult", "", false, submit_job_result},
    {"distribute_rewards", "job_id: JobId", "", false, distribute_rewards},
    {"cancel_job", "job_id: JobId", "", false, cancel_job},
    {"refund_expired_job", "job_id: JobId", "", false, refund_expired_job},
    {"register_worker", "worker_id: WorkerId, worker_address: ContractAddress", "", false,
     register_worker},
    {"get_pending_jobs", "offset: u64, limit: u64", "Array<JobId>", true, get_pending_jobs},
    {"get_pending_job_count", "", "u64", true, get_pending_job_count},
    {"get_job_details", "job_id: JobId", "JobDetails", true, get_job_details},
    {"get_prove_job", "job_id: JobId", "ProveJobState", true, get_prove_job},
    {"get_job_state", "job_id: JobId", "JobState", true, get_job_state},
    {"is_proof_payment_ready", "job_id: JobId", "bool", true, is_proof_payment_ready},
    {"get_worker_stats", "worker_id: WorkerId", "WorkerStats", true, get_worker_stats},
    {"get_total_jobs", "", "u64", true, get_total_jobs},
    {"get_active_jobs", "", "u64", true, get_active_jobs},
    {"get_completed_jobs", "", "u64", true, get_completed_jobs},
    {"get_escrow", "", "u256", true, get_escrow},
    {"get_worker_address", "worker_id: WorkerId", "ContractAddress", true, get_worker_address},
    {"get_worker_id_by_address", "worker_address: ContractAddress", "WorkerId", true,
     get_worker_id_by_address},
    {"get_worker_count", "", "u64", true, get_worker_count},
    {"is_worker_active", "worker_id: WorkerId", "bool", true, is_worker_active},
    {"get_platform_config", "", "(u16, u256, u64, u256)", true, get_platform_config},
    {"get_integration_contracts", "", "(ContractAddress, ContractAddress, ContractAddress)",
     true, get_integration_contracts},
    {"update_config", "config_key: felt252, config_value: felt252", "", false, update_config},
    {"pause", "", "", false, pause},
    {"unpause", "", "", false, unpause},
    {"is_paused", "", "bool", true, is_paused},
    {"set_reputation_manager", "reputation_manager: ContractAddress", "", false,
     set_reputation_manager},
    {"set_prover_staking", "prover_staking: ContractAddress", "", false, set_prover_staking},
    {"set_staker_pool", "staker_pool: ContractAddress", "", false, set_staker_pool},
};

static const sage_type_text structs[] = {
    {"JobId", "value: u256"},
    {"WorkerId", "value: felt252"},
    {"ModelId", "value: u256"},
    {"ProveJobData",
     "circuit_id: felt252, public_inputs: Array<felt252>, private_inputs_hash: felt252, "
     "expected_proof_size: u32"},
    {"JobSpec", "job_type: JobType, model_id: ModelId, input_data_hash: felt252, "
                "expected_output_format: felt252, verification_method: VerificationMethod, "
                "max_reward: u256, sla_deadline: u64, compute_requirements: Array<felt252>, "
                "metadata: Array<felt252>"},
    {"JobResult",
     "job_id: JobId, worker_id: WorkerId, output_data_hash: felt252, "
     "computation_proof: Array<felt252>, tee_quote: Array<felt252>, gas_used: u256, "
     "execution_time: u64"},
    {"JobDetails",
     "job_id: JobId, job_type: JobType, client: ContractAddress, worker: ContractAddress, "
     "state: JobState, payment_amount: u256, created_at: u64, assigned_at: u64, "
     "completed_at: u64, result_hash: felt252"},
    {"ProveJobState",
     "program_hash: felt252, input_hash: felt252, has_input: bool, deadline: u64, "
     "lease_until: u64"},
    {"WorkerStats",
     "total_jobs_completed: u64, success_rate: u8, average_completion_time: u64, "
     "reputation_score: u256, total_earnings: u256"},
};

static const sage_type_text enums[] = {
    {"JobType", "AIInference, AITraining, ProofGeneration, ProofVerification, DataPipeline, "
                "ConfidentialVM"},
    {"VerificationMethod",
     "None, StatisticalSampling, ZeroKnowledgeProof, ConsensusValidation"},
    {"JobState", "Queued, Processing, Completed, Paid, Failed, Cancelled"},
};

static const sage_type_text events[] = {
    {"JobSubmitted", "key job_id: u256, key client: ContractAddress, payment: u256"},
    {"JobSpecified",
     "key job_id: u256, key program_hash: felt252, input_hash: felt252, deadline: u64"},
    {"JobAssigned", "key job_id: u256, key worker: ContractAddress"},
    {"JobClaimed", "key job_id: u256, key worker: ContractAddress, claimed_at: u64"},
    {"LeaseExpired", "key job_id: u256, key worker: ContractAddress, lease_until: u64"},
    {"JobCompleted", "key job_id: u256, key worker: ContractAddress"},
    {"JobCancelled",
     "key job_id: u256, key client: ContractAddress, reason: felt252, refund_amount: u256"},
    {"PaymentReleased", "key job_id: u256, key worker: ContractAddress, amount: u256"},
    {"FeesDistributed", "key job_id: u256, burned: u256, treasury: u256, stakers: u256"},
    {"WorkerRegistered", "key worker_id: felt252, key worker_address: ContractAddress, "
                         "registered_by: ContractAddress, timestamp: u64"},
    {"ConfigUpdated", "key config_key: felt252, old_value: felt252, new_value: felt252, "
                      "updated_by: ContractAddress"},
    {"ContractPaused", "paused_by: ContractAddress, timestamp: u64"},
    {"ContractUnpaused", "unpaused_by: ContractAddress, timestamp: u64"},
};

const sage_contract sage_contract_job_manager = {
    .name               = "JobManager",
    .constructor_inputs = "admin: ContractAddress, payment_token: ContractAddress, "
                          "treasury: ContractAddress, cdc_pool_contract: ContractAddress",
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

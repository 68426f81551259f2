/* Jobs: escrow, leases, results by proof_facts, every way to be paid without the proof; and
 * random lives of the whole market. */
#include "devnet/contracts/test_market.h"

enum { PROGRAM = 0x70106, SECRET = 0x5ec, PROOF = 0x1000 };
enum { QUEUED, PROCESSING, COMPLETED, PAID, FAILED, CANCELLED };
enum { LEASE = 900, PROVE = 3600, AMOUNT_AT = 0, FAILURES_AT = 8 };

static void panicked(const market *m, const char *why)
{
    rig_panicked_with(&m->rig, why);
}

static felt252 public_input(void)
{
    return rig_number(5);
}

static felt252 input_hash(void)
{
    const felt252 in = public_input();
    return sage_job_input_hash(&in, 1, rig_number(SECRET));
}

static bool submit(market *m, uint64_t client, uint64_t whole)
{
    felt252 v[8] = {rig_number(PROGRAM), rig_number(1), public_input(), rig_number(SECRET),
                    rig_number(0)};
    const sage_amount price = market_sage(whole);
    sage_u256_split(v + 5, &price);
    v[7] = rig_number(client);
    return rig_call(&m->rig, rig_number(client), rig_number(JOBS), "submit_prove_job", v, 8);
}

static void enlist(market *m, uint64_t worker)
{
    assert_true(market_do(m, worker, JOBS, "register_worker",
                          rig_number(worker - WORKER + WORKER_ID), rig_number(worker)));
    assert_true(market_stake(m, worker, 10000, 0));
}

static bool claim(market *m, uint64_t worker, uint64_t id)
{
    return market_do(m, worker, JOBS, "claim_job", MARKET_ID(id));
}

static uint64_t state_of(market *m, uint64_t id)
{
    uint64_t v;
    const felt252 args[] = {MARKET_ID(id)};
    assert_true(
        sage_felt_to_u64(&v, rig_felt(&m->rig, rig_number(JOBS), "get_job_state", args, 2)));
    return v;
}

/* The facts that pay worker for job id. */
static sage_facts proof_of(uint64_t id, uint64_t worker)
{
    return (sage_facts){.kind         = sage_felt_short("cairo"),
                        .program_hash = rig_number(PROGRAM),
                        .output_hash  = rig_number(0x0047),
                        .input_hash   = input_hash(),
                        .worker       = rig_number(worker),
                        .proof_id     = rig_number(PROOF + id),
                        .job_id       = sage_amount_of(id),
                        .input_bound  = true};
}

static void carry(market *m, const sage_facts *f)
{
    sage_facts_write(m->facts, f);
    m->tx.proof_facts = (sage_felt_list){m->facts, SAGE_FACTS_LEN, SAGE_FACTS_LEN};
    m->rig.tx         = &m->tx;
}

static void carry_nothing(market *m)
{
    m->rig.tx = NULL;
}

static bool result(market *m, uint64_t as, uint64_t id, const sage_facts *f)
{
    carry(m, f);
    bool ok = market_do(m, as, JOBS, "submit_job_result", MARKET_ID(id));
    carry_nothing(m);
    return ok;
}

static bool pay(market *m, uint64_t id)
{
    return market_do(m, STRANGER, JOBS, "distribute_rewards", MARKET_ID(id));
}

static void open_leased(market *m)
{
    market_open(m);
    enlist(m, WORKER);
    enlist(m, WORKER + 1);
    assert_true(submit(m, CLIENT, 100));
    assert_true(claim(m, WORKER, 1));
}

/* ---- the usual life ---- */

static void a_job_is_paid(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    enlist(&m, WORKER);
    const sage_amount client = market_balance(&m, CLIENT), worker = market_balance(&m, WORKER);
    const sage_amount treasury = market_balance(&m, TREASURY);
    assert_true(submit(&m, CLIENT, 100));
    market_same(rig_result_u256(&m.rig, 0), sage_amount_of(1));
    const sage_chain_event *e = rig_event(&m.rig, rig_number(JOBS), "JobSubmitted", 0);
    assert_non_null(e);
    assert_int_equal(e->keys.n, 4);
    assert_true(felt252_eq(e->keys.v[3], rig_number(CLIENT)));
    e = rig_event(&m.rig, rig_number(JOBS), "JobSpecified", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->keys.v[3], rig_number(PROGRAM)));
    assert_true(felt252_eq(e->data.v[0], input_hash()));
    market_same(market_plus(market_balance(&m, CLIENT), market_sage(100)), client);
    assert_true(claim(&m, WORKER, 1));
    assert_non_null(rig_event(&m.rig, rig_number(JOBS), "JobClaimed", 0));
    assert_int_equal(state_of(&m, 1), PROCESSING);
    assert_false(pay(&m, 1));
    panicked(&m, "Job not completed");
    market_wait(&m, 60);
    const sage_facts f = proof_of(1, WORKER);
    assert_true(result(&m, WORKER, 1, &f));
    assert_int_equal(state_of(&m, 1), COMPLETED);
    assert_true(pay(&m, 1));
    assert_int_equal(state_of(&m, 1), PAID);
    market_same(market_balance(&m, WORKER), market_plus(worker, market_sage(80)));
    market_same(market_balance(&m, TREASURY), market_plus(treasury, market_sage(4)));
    market_same(market_balance(&m, POOL), market_sage(2));
    market_same(m.burned, market_sage(14));
    assert_false(pay(&m, 1));
    panicked(&m, "Job not completed");
    market_close(&m);
}

/* The views' layouts as published. */
static void views(void **state)
{
    market m;
    (void)state;
    open_leased(&m);
    const uint64_t claimed = m.rig.env.timestamp;
    market_wait(&m, 60);
    const sage_facts f = proof_of(1, WORKER);
    assert_true(result(&m, WORKER, 1, &f));
    assert_true(pay(&m, 1));
    assert_true(market_do(&m, 0, JOBS, "get_job_details", MARKET_ID(1)));
    const felt252 details[] = {rig_number(1),
                               rig_number(0),
                               rig_number(2),
                               rig_number(CLIENT),
                               rig_number(WORKER),
                               rig_number(PAID),
                               rig_result(&m.rig, 6),
                               rig_number(0),
                               rig_number(claimed),
                               rig_number(claimed),
                               rig_number(claimed + 60),
                               rig_number(0x0047)};
    assert_int_equal(m.rig.result.n, 12);
    assert_memory_equal(m.rig.result.v, details, sizeof details);
    market_same(rig_result_u256(&m.rig, 6), market_sage(100));
    assert_true(market_do(&m, 0, JOBS, "get_worker_stats", rig_number(WORKER_ID)));
    assert_int_equal(m.rig.result.n, 7);
    assert_true(felt252_eq(rig_result(&m.rig, 0), rig_number(1)));
    assert_true(felt252_eq(rig_result(&m.rig, 1), rig_number(100)));
    assert_true(felt252_eq(rig_result(&m.rig, 2), rig_number(60)));
    market_same(rig_result_u256(&m.rig, 3), sage_amount_of(515));
    market_same(rig_result_u256(&m.rig, 5), market_sage(80));
    for (int i = 0; i < 3; i++)
        assert_true(submit(&m, CLIENT, 1));
    assert_true(market_do(&m, 0, JOBS, "get_pending_jobs", rig_number(1), rig_number(10)));
    const felt252 pending[] = {rig_number(2), rig_number(3), rig_number(0), rig_number(4),
                               rig_number(0)};
    assert_int_equal(m.rig.result.n, 5);
    assert_memory_equal(m.rig.result.v, pending, sizeof pending);
    assert_true(market_do(&m, 0, JOBS, "get_pending_jobs", rig_number(9), rig_number(10)));
    assert_int_equal(m.rig.result.n, 1);
    assert_false(market_do(&m, 0, JOBS, "get_job_details", MARKET_ID(5)));
    panicked(&m, "Unknown job");
    market_close(&m);
}

/* ---- getting in ---- */

static void bad_jobs(void **state)
{
    market m;
    const sage_amount price = market_sage(10);
    felt252 v[8] = {rig_number(PROGRAM), rig_number(1), public_input(), rig_number(SECRET),
                    rig_number(0)};
    (void)state;
    market_open(&m);
    const felt252 jobs = rig_number(JOBS), client = rig_number(CLIENT);
    sage_u256_split(v + 5, &price);
    v[7] = felt252_zero();
    assert_false(rig_call(&m.rig, client, jobs, "submit_prove_job", v, 8));
    panicked(&m, "Invalid client address");
    v[7] = client;
    v[0] = felt252_zero();
    assert_false(rig_call(&m.rig, client, jobs, "submit_prove_job", v, 8));
    panicked(&m, "Program hash required");
    v[0] = rig_number(PROGRAM);
    v[5] = felt252_sub(market_sage(1).w[0] ? felt252_from_limbs(market_sage(1).w) : v[5],
                       felt252_one());
    assert_false(rig_call(&m.rig, client, jobs, "submit_prove_job", v, 8));
    panicked(&m, "Payment too low");
    v[1] = rig_number(7);
    assert_false(rig_call(&m.rig, client, jobs, "submit_prove_job", v, 8));
    /* Defect of the reference: it took no tokens. */
    assert_false(submit(&m, STRANGER, 10));
    panicked(&m, "ERC20: insufficient allowance");
    assert_false(submit(&m, CLIENT, 1000001));
    panicked(&m, "ERC20: insufficient balance");
    assert_true(market_run(&m, OWNER, JOBS, "pause"));
    assert_false(submit(&m, CLIENT, 10));
    panicked(&m, "Contract is paused");
    assert_false(market_run(&m, STRANGER, JOBS, "unpause"));
    panicked(&m, "Not authorized");
    assert_true(market_run(&m, OWNER, JOBS, "unpause"));
    assert_true(submit(&m, CLIENT, 10));
    market_close(&m);
}

typedef struct ai_job {
    uint64_t type, method, deadline;
    felt252 model[2], input;
    sage_amount reward, payment;
} ai_job;

static bool submit_ai(market *m, const ai_job *a)
{
    felt252 v[18] = {rig_number(a->type), a->model[0],          a->model[1], a->input,
                     rig_number(1),       rig_number(a->method)};
    sage_u256_split(v + 6, &a->reward);
    v[8]  = rig_number(a->deadline);
    v[9]  = rig_number(2); /* two requirements, one piece of metadata */
    v[12] = rig_number(1);
    sage_u256_split(v + 14, &a->payment);
    v[16] = rig_number(CLIENT);
    return rig_call(&m->rig, rig_number(CLIENT), rig_number(JOBS), "submit_ai_job", v, 17);
}

static void only_what_a_proof_settles(void **state)
{
    static const char *const why[] = {"None: no way to settle a job",
                                      "StatisticalSampling: no proof", NULL,
                                      "ConsensusValidation: no proof"};
    market m;
    (void)state;
    market_open(&m);
    const ai_job good = {.method   = 2,
                         .deadline = m.rig.env.timestamp + 7200,
                         .model    = {rig_number(PROGRAM), rig_number(0)},
                         .input    = rig_number(99),
                         .reward   = market_sage(5),
                         .payment  = market_sage(5)};
    for (uint64_t type = 0; type < 6; type++)
        for (uint64_t method = 0; method < 4; method++) {
            ai_job a = good;
            a.type   = type;
            a.method = method;
            assert_int_equal(submit_ai(&m, &a), method == 2);
            if (method != 2) panicked(&m, why[method]);
        }
    ai_job a   = good;
    a.deadline = m.rig.env.timestamp;
    assert_false(submit_ai(&m, &a));
    panicked(&m, "Deadline must be in future");
    a.deadline = m.rig.env.timestamp + 30 * DAY + 1;
    assert_false(submit_ai(&m, &a));
    panicked(&m, "Deadline too far in future");
    a        = good;
    a.reward = market_sage(4);
    assert_false(submit_ai(&m, &a));
    panicked(&m, "Max reward is not payment");
    a       = good;
    a.input = felt252_zero();
    assert_false(submit_ai(&m, &a));
    panicked(&m, "Invalid input data hash");
    a          = good;
    a.model[1] = sage_felt_from_u128((uint64_t[]){0, UINT64_C(1) << 63});
    assert_false(submit_ai(&m, &a));
    panicked(&m, "Model ID is no program hash");
    market_close(&m);
}

/* ---- leases ---- */

static void who_may_claim(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_true(submit(&m, CLIENT, 10));
    assert_false(claim(&m, WORKER, 1));
    panicked(&m, "Not a registered worker");
    assert_true(market_do(&m, WORKER, JOBS, "register_worker", rig_number(WORKER_ID),
                          rig_number(WORKER)));
    assert_false(claim(&m, WORKER, 1));
    panicked(&m, "Worker not eligible");
    assert_true(market_stake(&m, WORKER, 1000, 0));
    assert_false(claim(&m, WORKER, 2));
    panicked(&m, "Unknown job");
    assert_true(claim(&m, WORKER, 1));
    enlist(&m, WORKER + 1);
    assert_false(claim(&m, WORKER + 1, 1));
    panicked(&m, "Job not available");
    assert_false(claim(&m, WORKER, 1));
    panicked(&m, "Job not available");
    market_close(&m);
}

static void registration(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    const felt252 id = rig_number(WORKER_ID), worker = rig_number(WORKER);
    assert_false(market_do(&m, STRANGER, JOBS, "register_worker", id, worker));
    panicked(&m, "Not authorized");
    assert_false(market_do(&m, WORKER, JOBS, "register_worker", rig_number(0), worker));
    panicked(&m, "Invalid worker ID");
    assert_true(market_do(&m, WORKER, JOBS, "register_worker", id, worker));
    assert_non_null(rig_event(&m.rig, rig_number(JOBS), "WorkerRegistered", 0));
    assert_true(market_do(&m, WORKER, JOBS, "register_worker", id, worker));
    assert_true(felt252_eq(rig_felt(&m.rig, rig_number(JOBS), "get_worker_count", NULL, 0),
                           felt252_one()));
    assert_false(
        market_do(&m, WORKER + 1, JOBS, "register_worker", id, rig_number(WORKER + 1)));
    panicked(&m, "Worker ID is taken");
    assert_false(market_do(&m, WORKER, JOBS, "register_worker", rig_number(7), worker));
    panicked(&m, "Address has another worker ID");
    assert_true(
        market_do(&m, OWNER, JOBS, "register_worker", rig_number(7), rig_number(WORKER + 1)));
    assert_true(felt252_eq(
        rig_felt(&m.rig, rig_number(JOBS), "get_worker_address", (felt252[]){rig_number(7)}, 1),
        rig_number(WORKER + 1)));
    market_close(&m);
}

static void assigned_by_the_admin(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    enlist(&m, WORKER);
    assert_true(submit(&m, CLIENT, 10));
    assert_false(market_do(&m, WORKER, JOBS, "assign_job_to_worker", MARKET_ID(1),
                           rig_number(WORKER_ID)));
    panicked(&m, "Not authorized");
    assert_false(
        market_do(&m, OWNER, JOBS, "assign_job_to_worker", MARKET_ID(1), rig_number(3)));
    panicked(&m, "Worker not registered");
    assert_true(market_do(&m, OWNER, JOBS, "assign_job_to_worker", MARKET_ID(1),
                          rig_number(WORKER_ID)));
    assert_non_null(rig_event(&m.rig, rig_number(JOBS), "JobAssigned", 0));
    const sage_facts f = proof_of(1, WORKER);
    assert_true(result(&m, WORKER, 1, &f));
    market_close(&m);
}

/* A late worker is refused and slashed, the next one gets the job and the money. */
static void late_worker(void **state)
{
    market m;
    const sage_facts late = proof_of(1, WORKER), next = proof_of(1, WORKER + 1);
    (void)state;
    open_leased(&m);
    market_wait(&m, LEASE);
    assert_false(claim(&m, WORKER + 1, 1));
    panicked(&m, "Job not available");
    assert_false(market_do(&m, STRANGER, JOBS, "release_lease", MARKET_ID(1)));
    panicked(&m, "No expired lease");
    market_wait(&m, 1);
    assert_false(result(&m, WORKER, 1, &late));
    panicked(&m, "Lease expired");
    assert_true(claim(&m, WORKER + 1, 1));
    assert_non_null(rig_event(&m.rig, rig_number(JOBS), "LeaseExpired", 0));
    market_same(market_stake_amount(&m, WORKER, AMOUNT_AT), market_sage(9500));
    assert_int_equal(market_stake_u64(&m, WORKER, FAILURES_AT), 1);
    assert_false(result(&m, WORKER, 1, &late));
    panicked(&m, "Proof of another worker");
    assert_true(result(&m, WORKER + 1, 1, &next));
    assert_true(pay(&m, 1));
    assert_true(market_do(&m, 0, JOBS, "get_worker_stats", rig_number(WORKER_ID)));
    assert_true(felt252_eq(rig_result(&m.rig, 1), rig_number(0)));
    market_same(rig_result_u256(&m.rig, 3), sage_amount_of(475));
    market_close(&m);
}

/* Without a new worker: anybody ends the lease, and the job waits again. */
static void released_lease(void **state)
{
    market m;
    (void)state;
    open_leased(&m);
    market_wait(&m, LEASE + 1);
    assert_true(market_do(&m, STRANGER, JOBS, "release_lease", MARKET_ID(1)));
    assert_int_equal(state_of(&m, 1), QUEUED);
    assert_false(market_do(&m, STRANGER, JOBS, "release_lease", MARKET_ID(1)));
    assert_true(claim(&m, WORKER, 1));
    market_close(&m);
}

/* On time to the last second; a lease never goes beyond the deadline. */
static void last_second(void **state)
{
    market m;
    sage_facts f = proof_of(1, WORKER);
    (void)state;
    open_leased(&m);
    market_wait(&m, LEASE);
    assert_true(result(&m, WORKER, 1, &f));
    assert_true(submit(&m, CLIENT, 10));
    market_wait(&m, PROVE - 60);
    assert_true(claim(&m, WORKER, 2));
    f = proof_of(2, WORKER);
    market_wait(&m, 61);
    assert_false(result(&m, WORKER, 2, &f));
    panicked(&m, "Lease expired");
    assert_true(submit(&m, CLIENT, 10));
    market_wait(&m, PROVE - 59);
    assert_false(claim(&m, WORKER, 3));
    panicked(&m, "Too close to deadline");
    market_close(&m);
}

/* ---- proofs ---- */

static void refused(market *m, const sage_facts *f, const char *why)
{
    assert_false(result(m, WORKER, 1, f));
    panicked(m, why);
    assert_int_equal(state_of(m, 1), PROCESSING);
}

static void other_proofs(void **state)
{
    market m;
    sage_facts f;
    (void)state;
    open_leased(&m);
    assert_true(submit(&m, CLIENT, 100));
    f = proof_of(2, WORKER);
    refused(&m, &f, "Proof of another job");
    f        = proof_of(1, WORKER);
    f.job_id = (sage_amount){{1, 0, 1, 0}};
    refused(&m, &f, "Proof of another job");
    f = proof_of(1, WORKER + 1);
    refused(&m, &f, "Proof of another worker");
    f              = proof_of(1, WORKER);
    f.program_hash = rig_number(PROGRAM + 1);
    refused(&m, &f, "Proof of another program");
    f            = proof_of(1, WORKER);
    f.input_hash = rig_number(1);
    refused(&m, &f, "Proof of another input");
    f             = proof_of(1, WORKER);
    f.input_bound = false;
    refused(&m, &f, "Input not stated by proof");
    f      = proof_of(1, WORKER);
    f.kind = rig_number(1);
    refused(&m, &f, "Proof of another kind");
    f = proof_of(1, WORKER);
    assert_false(result(&m, WORKER, 2, &f));
    panicked(&m, "Job not in processing state");
    assert_false(market_do(&m, WORKER, JOBS, "submit_job_result", MARKET_ID(1)));
    panicked(&m, "Proof must be in proof_facts");
    carry(&m, &f);
    m.facts[0] = sage_felt_short("PROOF1");
    assert_false(market_do(&m, WORKER, JOBS, "submit_job_result", MARKET_ID(1)));
    panicked(&m, "Proof facts of another form");
    carry_nothing(&m);
    assert_true(result(&m, WORKER, 1, &f));
    market_close(&m);
}

/* The same proof again: for its own job, for another one, and as what another worker brings. */
static void replayed_proof(void **state)
{
    market m;
    sage_facts f = proof_of(1, WORKER);
    (void)state;
    open_leased(&m);
    assert_true(result(&m, WORKER, 1, &f));
    assert_false(result(&m, WORKER, 1, &f));
    panicked(&m, "Job not in processing state");
    assert_true(pay(&m, 1));
    assert_false(result(&m, WORKER, 1, &f));
    assert_true(submit(&m, CLIENT, 100));
    assert_true(claim(&m, WORKER, 2));
    assert_false(result(&m, WORKER, 2, &f));
    panicked(&m, "Proof of another job");
    f.job_id = sage_amount_of(2); /* as if the salt had fitted by chance */
    assert_false(result(&m, WORKER, 2, &f));
    panicked(&m, "Proof already used");
    f = proof_of(2, WORKER);
    assert_true(result(&m, WORKER, 2, &f));
    market_close(&m);
}

/* Whoever brings the proof, the worker is paid. */
static void brought_by_another(void **state)
{
    market m;
    const sage_facts f = proof_of(1, WORKER);
    (void)state;
    open_leased(&m);
    const sage_amount worker = market_balance(&m, WORKER);
    assert_true(result(&m, STRANGER, 1, &f));
    assert_true(pay(&m, 1));
    market_same(market_balance(&m, WORKER), market_plus(worker, market_sage(80)));
    market_same(market_balance(&m, STRANGER), sage_amount_of(0));
    market_close(&m);
}

/* The published calldata of a result: its fields must say what the facts say. */
static void published_result(void **state)
{
    market m;
    const sage_facts f   = proof_of(1, WORKER);
    const felt252 good[] = {MARKET_ID(1),       MARKET_ID(1),  rig_number(WORKER_ID),
                            rig_number(0x0047), rig_number(0), rig_number(0),
                            rig_number(3),      rig_number(0), rig_number(9)};
    static const struct {
        int at;
        uint64_t v;
        const char *why;
    } bad[] = {{2, 2, "Result of another job"},
               {4, WORKER_ID + 1, "Result of another worker"},
               {5, 0x48, "Output hash not of the proof"}};
    enum { N = sizeof good / sizeof *good };
    felt252 v[N + 1];
    (void)state;
    open_leased(&m);
    const felt252 jobs = rig_number(JOBS), worker = rig_number(WORKER);
    carry(&m, &f);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memcpy(v, good, sizeof good);
        v[bad[i].at] = rig_number(bad[i].v);
        assert_false(rig_call(&m.rig, worker, jobs, "submit_job_result", v, N));
        panicked(&m, bad[i].why);
    }
    /* A proof, then a quote, in calldata: nobody has checked them. */
    for (int at = 6; at <= 7; at++) {
        memcpy(v, good, (size_t)at * sizeof *v);
        v[at]     = rig_number(1);
        v[at + 1] = rig_number(0xbad);
        memcpy(v + at + 2, good + at + 1, (size_t)(N - at - 1) * sizeof *v);
        assert_false(rig_call(&m.rig, worker, jobs, "submit_job_result", v, N + 1));
        panicked(&m, at == 6 ? "Proof must be in proof_facts" : "TEE quotes settle nothing");
    }
    assert_true(rig_call(&m.rig, worker, jobs, "submit_job_result", good, N));
    market_close(&m);
}

/* A job without input needs none in the proof. */
static void job_without_input(void **state)
{
    market m;
    sage_facts f = proof_of(1, WORKER);
    felt252 v[]  = {rig_number(PROGRAM), rig_number(0), rig_number(0),     rig_number(0),
                    rig_number(0),       rig_number(0), rig_number(CLIENT)};
    const sage_amount price = market_sage(3);
    (void)state;
    market_open(&m);
    enlist(&m, WORKER);
    sage_u256_split(v + 4, &price);
    assert_true(
        rig_call(&m.rig, rig_number(CLIENT), rig_number(JOBS), "submit_prove_job", v, 7));
    assert_true(claim(&m, WORKER, 1));
    f.input_hash  = sage_job_input_hash(NULL, 0, felt252_zero());
    f.input_bound = false;
    assert_true(result(&m, WORKER, 1, &f));
    market_close(&m);
}

/* ---- money back ---- */

static void cancelled(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    enlist(&m, WORKER);
    const sage_amount client = market_balance(&m, CLIENT);
    assert_true(submit(&m, CLIENT, 100));
    assert_false(market_do(&m, STRANGER, JOBS, "cancel_job", MARKET_ID(1)));
    panicked(&m, "Only the client");
    assert_true(market_do(&m, CLIENT, JOBS, "cancel_job", MARKET_ID(1)));
    market_same(market_balance(&m, CLIENT), client);
    assert_int_equal(state_of(&m, 1), CANCELLED);
    const sage_chain_event *e = rig_event(&m.rig, rig_number(JOBS), "JobCancelled", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->data.v[0], sage_felt_short("cancelled")));
    assert_false(market_do(&m, CLIENT, JOBS, "cancel_job", MARKET_ID(1)));
    panicked(&m, "Job not in queued state");
    assert_false(claim(&m, WORKER, 1));
    assert_true(submit(&m, CLIENT, 100));
    assert_true(claim(&m, WORKER, 2));
    assert_false(market_do(&m, CLIENT, JOBS, "cancel_job", MARKET_ID(2)));
    panicked(&m, "Job not in queued state");
    market_wait(&m, LEASE + 1);
    assert_true(market_do(&m, CLIENT, JOBS, "cancel_job", MARKET_ID(2)));
    market_same(market_balance(&m, CLIENT), client);
    market_same(market_stake_amount(&m, WORKER, AMOUNT_AT), market_sage(9500));
    market_close(&m);
}

static void refunded(void **state)
{
    market m;
    const sage_facts f = proof_of(1, WORKER);
    (void)state;
    open_leased(&m);
    const sage_amount client = market_balance(&m, CLIENT);
    market_wait(&m, PROVE);
    assert_false(market_do(&m, STRANGER, JOBS, "refund_expired_job", MARKET_ID(1)));
    panicked(&m, "Deadline not passed");
    market_wait(&m, 1);
    assert_true(market_do(&m, STRANGER, JOBS, "refund_expired_job", MARKET_ID(1)));
    market_same(market_balance(&m, CLIENT), market_plus(client, market_sage(100)));
    market_same(market_stake_amount(&m, WORKER, AMOUNT_AT), market_sage(9500));
    assert_false(result(&m, WORKER, 1, &f));
    panicked(&m, "Job not in processing state");
    assert_false(market_do(&m, STRANGER, JOBS, "refund_expired_job", MARKET_ID(1)));
    panicked(&m, "Job not open");
    market_close(&m);
}

/* A proved job is the worker's, deadline or not, paused or not, reputation kept or not. */
static void proved_is_owed(void **state)
{
    market m;
    const sage_facts f = proof_of(1, WORKER);
    (void)state;
    open_leased(&m);
    assert_true(market_run(&m, OWNER, JOBS, "pause"));
    assert_true(market_run(&m, OWNER, SCORES, "pause"));
    assert_true(result(&m, WORKER, 1, &f));
    market_wait(&m, 40 * DAY);
    assert_false(market_do(&m, CLIENT, JOBS, "refund_expired_job", MARKET_ID(1)));
    panicked(&m, "Job not open");
    assert_false(market_do(&m, CLIENT, JOBS, "cancel_job", MARKET_ID(1)));
    assert_true(pay(&m, 1));
    market_close(&m);
}

static void administration(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    const felt252 lease = sage_felt_short("lease_duration");
    assert_false(market_do(&m, STRANGER, JOBS, "update_config", lease, rig_number(100)));
    panicked(&m, "Not authorized");
    assert_false(market_do(&m, OWNER, JOBS, "update_config", lease, rig_number(59)));
    panicked(&m, "Lease out of range");
    assert_false(market_do(&m, OWNER, JOBS, "update_config", rig_number(3), rig_number(59)));
    panicked(&m, "Unknown config key");
    assert_true(market_do(&m, OWNER, JOBS, "update_config", lease, rig_number(100)));
    assert_true(market_do(&m, OWNER, JOBS, "update_config", sage_felt_short("min_job_payment"),
                          rig_number(10)));
    assert_true(market_run(&m, 0, JOBS, "get_platform_config"));
    assert_true(felt252_eq(rig_result(&m.rig, 1), rig_number(10)));
    assert_true(felt252_eq(rig_result(&m.rig, 3), rig_number(100)));
    assert_false(market_do(&m, STRANGER, JOBS, "set_staker_pool", rig_number(STRANGER)));
    panicked(&m, "Not authorized");
    market_close(&m);
}

/* Whatever the price, the shares add up: the market checks it after every call. */
static void odd_prices(void **state)
{
    static const uint64_t prices[] = {10, 11, 13, 19, 99, 999, 1234567, UINT64_MAX};
    market m;
    (void)state;
    market_open(&m);
    enlist(&m, WORKER);
    assert_true(market_do(&m, OWNER, JOBS, "update_config", sage_felt_short("min_job_payment"),
                          rig_number(1)));
    for (size_t i = 0; i < sizeof prices / sizeof *prices; i++) {
        const felt252 v[]  = {rig_number(PROGRAM), rig_number(1),     public_input(),
                              rig_number(SECRET),  rig_number(0),     rig_number(prices[i]),
                              rig_number(0),       rig_number(CLIENT)};
        const sage_facts f = proof_of(i + 1, WORKER);
        assert_true(
            rig_call(&m.rig, rig_number(CLIENT), rig_number(JOBS), "submit_prove_job", v, 8));
        assert_true(claim(&m, WORKER, i + 1));
        assert_true(result(&m, WORKER, i + 1, &f));
        assert_true(pay(&m, i + 1));
    }
    market_close(&m);
}

/* ---- random lives ---- */

static uint64_t draw(uint64_t *seed, uint64_t n)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % n;
}

static uint64_t some_job(const market *m, uint64_t *seed)
{
    return 1 + draw(seed, m->n_jobs + 1);
}

static bool stake_step(market *m, uint64_t worker, uint64_t *seed)
{
    felt252 v[2];
    sage_amount a = market_stake_amount(m, worker, AMOUNT_AT);
    switch (draw(seed, 5)) {
    case 0: return market_stake(m, worker, draw(seed, 30000), (int)draw(seed, 6) - 1);
    case 1:
        assert_int_equal(sage_amount_mul_div(&a, &a, draw(seed, 4), 3, NULL), SAGE_OK);
        sage_u256_split(v, &a);
        return market_do(m, worker, STAKING, "request_unstake", v[0], v[1]);
    case 2: return market_run(m, worker, STAKING, "complete_unstake");
    case 3: return market_run(m, worker, STAKING, "claim_rewards");
    default:
        return market_do(m, OWNER, STAKING, "slash", rig_number(worker),
                         rig_number(draw(seed, 5)), rig_number(1));
    }
}

static bool job_step(market *m, uint64_t worker, uint64_t *seed)
{
    const uint64_t client = CLIENT + draw(seed, CLIENTS), id = some_job(m, seed);
    const sage_facts f = proof_of(id, worker);
    switch (draw(seed, 8)) {
    case 0:
    case 1: return submit(m, client, 1 + draw(seed, 1000));
    case 2: return claim(m, worker, id);
    case 3: return result(m, worker, id, &f);
    case 4: return pay(m, id);
    case 5: return market_do(m, client, JOBS, "cancel_job", MARKET_ID(id));
    case 6: return market_do(m, STRANGER, JOBS, "refund_expired_job", MARKET_ID(id));
    default: return market_do(m, STRANGER, JOBS, "release_lease", MARKET_ID(id));
    }
}

static void one_life(uint64_t seed, unsigned steps, unsigned *done)
{
    static const uint64_t waits[] = {0, 1, 300, LEASE + 1, PROVE, DAY, 7 * DAY};
    market m;
    market_open(&m);
    for (uint64_t w = WORKER; w < WORKER + WORKERS; w++)
        enlist(&m, w);
    for (unsigned i = 0; i < steps; i++) {
        const uint64_t worker = WORKER + draw(&seed, WORKERS);
        bool ok = draw(&seed, 4) ? job_step(&m, worker, &seed) : stake_step(&m, worker, &seed);
        if (market_broke(&m)) fail_msg("step %u: %s", i, m.rig.panic);
        *done += ok;
        market_wait(&m, waits[draw(&seed, draw(&seed, 8) ? 4 : 7)]);
    }
    market_close(&m);
}

static void random_lives(void **state)
{
    unsigned done        = 0;
    const unsigned lives = sage_test_quick() ? 3 : 20, steps = 200;
    (void)state;
    for (unsigned i = 0; i < lives; i++)
        one_life(UINT64_C(0x9e3779b97f4a7c15) * (i + 1), steps, &done);
    print_message("%u of %u steps went through\n", done, lives * steps);
    assert_true(done > lives * steps / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_paid),
        cmocka_unit_test(views),
        cmocka_unit_test(bad_jobs),
        cmocka_unit_test(only_what_a_proof_settles),
        cmocka_unit_test(who_may_claim),
        cmocka_unit_test(registration),
        cmocka_unit_test(assigned_by_the_admin),
        cmocka_unit_test(late_worker),
        cmocka_unit_test(released_lease),
        cmocka_unit_test(last_second),
        cmocka_unit_test(other_proofs),
        cmocka_unit_test(replayed_proof),
        cmocka_unit_test(brought_by_another),
        cmocka_unit_test(published_result),
        cmocka_unit_test(job_without_input),
        cmocka_unit_test(cancelled),
        cmocka_unit_test(refunded),
        cmocka_unit_test(proved_is_owed),
        cmocka_unit_test(administration),
        cmocka_unit_test(odd_prices),
        cmocka_unit_test(random_lives),
    };
    return cmocka_run_group_tests_name("job_manager", tests, NULL, NULL);
}

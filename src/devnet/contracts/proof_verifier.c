/* ProofVerifier: a register of facts that proofs have shown (facts A0, A6, D5).
 *
 * Nothing is verified here. The node verified the proof of the running transaction when it let
 * it in; whoever asks has the facts written down, so that later transactions can ask whether
 * they hold. Anybody may prove anything under the number of a job: that a job is done is the
 * JobManager's to say, and there is no status of jobs here. */
#include "devnet/contracts.h"
#include "devnet/contracts/frame_facts.h"
#include "hash/poseidon252.h"

static felt252 fact_slot(felt252 hash)
{
    return sage_slot_of("facts", hash);
}

static void emit_verified(sage_frame *f, const sage_facts *facts, felt252 hash)
{
    felt252 keys[3], data[2] = {hash, felt252_from_u64(sage_block_time(f))};
    sage_u256_split(keys, &facts->job_id);
    keys[2] = facts->worker;
    sage_emit(f, "ProofVerified", keys, 3, data, 2);
}

/* Writes facts down; those that are there already stay as they are. */
static felt252 enter(sage_frame *f, const sage_facts *facts)
{
    felt252 hash  = sage_fact_hash(facts);
    felt252 slot  = fact_slot(hash);
    felt252 count = sage_slot("verified_count");
    if (sage_panicked(f) || sage_get_u64(f, sage_slot_next(slot, 1))) return hash;
    sage_put_u64(f, slot, sage_block_number(f));
    sage_put_u64(f, sage_slot_next(slot, 1), sage_block_time(f));
    sage_put_u256(f, sage_slot_next(slot, 2), facts->job_id);
    sage_put_u64(f, count, sage_get_u64(f, count) + 1);
    emit_verified(f, facts, hash);
    return hash;
}

static void register_facts(sage_frame *f)
{
    sage_facts facts = sage_frame_facts(f);
    sage_give_felt(f, enter(f, &facts));
}

static void require_job(sage_frame *f, const sage_facts *facts, const sage_amount *job)
{
    sage_require(f, sage_amount_compare(&facts->job_id, job) == 0, "Proof of another job");
}

static void verify_proof(sage_frame *f)
{
    sage_amount job = sage_take_u256(f);
    sage_take_no_proof(f);
    sage_facts facts = sage_frame_facts(f);
    require_job(f, &facts, &job);
    enter(f, &facts);
    sage_give_bool(f, true);
}

static void submit_and_verify(sage_frame *f)
{
    sage_take_no_proof(f);
    felt252 input    = sage_take_felt(f);
    sage_amount job  = sage_take_u256(f);
    sage_facts facts = sage_frame_facts(f);
    require_job(f, &facts, &job);
    sage_require(f, felt252_eq(facts.input_hash, input), "Proof of another input");
    enter(f, &facts);
    sage_give_bool(f, true);
}

/* Input and output in one hash: Poseidon of input_hash and output_hash. The input must be one
 * that the proof itself states. */
static void submit_and_verify_with_io_binding(sage_frame *f)
{
    sage_take_no_proof(f);
    felt252 io         = sage_take_felt(f);
    sage_amount job    = sage_take_u256(f);
    sage_facts facts   = sage_frame_facts(f);
    const felt252 of[] = {facts.input_hash, facts.output_hash};
    require_job(f, &facts, &job);
    sage_require(f, facts.input_bound, "Input not stated by proof");
    sage_require(f, felt252_eq(sage_poseidon252_many(of, 2), io), "Proof of another io");
    enter(f, &facts);
    sage_give_bool(f, true);
}

static void is_valid(sage_frame *f)
{
    sage_give_bool(f, sage_get_u64(f, sage_slot_next(fact_slot(sage_take_felt(f)), 1)) != 0);
}

static void get_fact(sage_frame *f)
{
    felt252 slot = fact_slot(sage_take_felt(f));
    sage_give_u64(f, sage_get_u64(f, slot));
    sage_give_u64(f, sage_get_u64(f, sage_slot_next(slot, 1)));
}

static void get_job_for_proof(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot_next(fact_slot(sage_take_felt(f)), 2)));
}

static void get_verified_count(sage_frame *f)
{
    sage_give_u64(f, sage_get_u64(f, sage_slot("verified_count")));
}

static void construct(sage_frame *f)
{
    sage_put(f, sage_slot("owner"), sage_take_address(f));
}

static const sage_entry entries[] = {
    {"register", "", "felt252", false, register_facts},
    {"verify_proof", "job_id: ProofJobId, proof_data: Array<felt252>", "bool", false,
     verify_proof},
    {"submit_and_verify",
     "proof_data: Array<felt252>, public_input_hash: felt252, job_id: u256", "bool", false,
     submit_and_verify},
    {"submit_and_verify_with_io_binding",
     "proof_data: Array<felt252>, expected_io_hash: felt252, job_id: u256", "bool", false,
     submit_and_verify_with_io_binding},
    {"is_valid", "fact_hash: felt252", "bool", true, is_valid},
    {"is_proof_verified", "proof_hash: felt252", "bool", true, is_valid},
    {"get_fact", "fact_hash: felt252", "(u64, u64)", true, get_fact},
    {"get_job_for_proof", "proof_hash: felt252", "u256", true, get_job_for_proof},
    {"get_verified_count", "", "u64", true, get_verified_count},
};

static const sage_type_text structs[] = {{"ProofJobId", "value: u256"}};

static const sage_type_text events[] = {
    {"ProofVerified",
     "key job_id: u256, key worker_id: felt252, proof_hash: felt252, verification_time: u64"},
};

const sage_contract sage_contract_proof_verifier = {
    .name               = "ProofVerifier",
    .constructor_inputs = "owner: ContractAddress",
    .construct          = construct,
    .entries            = entries,
    .n_entries          = sizeof entries / sizeof *entries,
    .structs            = structs,
    .n_structs          = sizeof structs / sizeof *structs,
    .events             = events,
    .n_events           = sizeof events / sizeof *events,
};

/* The register of facts: what the transaction carries is written down, and nothing else is. */
#include "devnet/contracts/test_market.h"
#include "hash/poseidon252.h"

static const felt252 *carry(market *m, const sage_facts *f)
{
    sage_facts_write(m->facts, f);
    m->tx.proof_facts = (sage_felt_list){m->facts, SAGE_FACTS_LEN, SAGE_FACTS_LEN};
    m->rig.tx         = &m->tx;
    return m->facts;
}

static sage_facts some_facts(void)
{
    return (sage_facts){.kind         = sage_felt_short("cairo"),
                        .program_hash = rig_number(2),
                        .output_hash  = rig_number(3),
                        .input_hash   = rig_number(4),
                        .worker       = rig_number(WORKER),
                        .proof_id     = rig_number(9),
                        .job_id       = sage_amount_of(5),
                        .input_bound  = true};
}

static bool valid(market *m, felt252 hash)
{
    return felt252_eq(rig_felt(&m->rig, rig_number(VERIFIER), "is_valid", &hash, 1),
                      felt252_one());
}

static uint64_t verified(market *m)
{
    uint64_t n;
    assert_true(sage_felt_to_u64(
        &n, rig_felt(&m->rig, rig_number(VERIFIER), "get_verified_count", NULL, 0)));
    return n;
}

static void registered(void **state)
{
    market m;
    const sage_facts f = some_facts();
    (void)state;
    market_open(&m);
    const felt252 hash = sage_poseidon252_many(carry(&m, &f), SAGE_FACTS_LEN);
    assert_false(valid(&m, hash));
    m.rig.env.number = 17;
    assert_true(market_run(&m, STRANGER, VERIFIER, "register"));
    assert_true(felt252_eq(rig_result(&m.rig, 0), hash));
    const sage_chain_event *e = rig_event(&m.rig, rig_number(VERIFIER), "ProofVerified", 0);
    assert_non_null(e);
    assert_int_equal(e->keys.n, 4);
    assert_true(felt252_eq(e->keys.v[1], rig_number(5)));
    assert_true(felt252_eq(e->keys.v[3], rig_number(WORKER)));
    assert_true(felt252_eq(e->data.v[0], hash));
    assert_true(valid(&m, hash));
    assert_true(market_do(&m, 0, VERIFIER, "get_fact", hash));
    assert_true(felt252_eq(rig_result(&m.rig, 0), rig_number(17)));
    assert_true(felt252_eq(rig_result(&m.rig, 1), rig_number(m.rig.env.timestamp)));
    market_same(rig_u256(&m.rig, rig_number(VERIFIER), "get_job_for_proof", &hash, 1),
                sage_amount_of(5));
    /* Again, later: it stays as it was, and no event. */
    market_wait(&m, 1);
    assert_true(market_run(&m, STRANGER, VERIFIER, "register"));
    assert_null(rig_event(&m.rig, rig_number(VERIFIER), "ProofVerified", 0));
    assert_true(market_do(&m, 0, VERIFIER, "get_fact", hash));
    assert_true(felt252_eq(rig_result(&m.rig, 0), rig_number(17)));
    assert_int_equal(verified(&m), 1);
    market_close(&m);
}

/* Each felt of the facts is part of the name. */
static void another_fact(void **state)
{
    market m;
    const sage_facts f = some_facts();
    (void)state;
    market_open(&m);
    carry(&m, &f);
    assert_true(market_run(&m, STRANGER, VERIFIER, "register"));
    for (int i = 1; i < SAGE_FACTS_LEN; i++) {
        felt252 v[SAGE_FACTS_LEN];
        sage_facts_write(v, &f);
        v[i] = felt252_add(v[i], felt252_one());
        assert_false(valid(&m, sage_poseidon252_many(v, SAGE_FACTS_LEN)));
    }
    market_close(&m);
}

static void without_facts(void **state)
{
    market m;
    (void)state;
    market_open(&m);
    assert_false(market_run(&m, STRANGER, VERIFIER, "register"));
    rig_panicked_with(&m.rig, "Proof must be in proof_facts");
    assert_false(market_do(&m, STRANGER, VERIFIER, "submit_and_verify", rig_number(0),
                           rig_number(4), rig_number(5), rig_number(0)));
    rig_panicked_with(&m.rig, "Proof must be in proof_facts");
    assert_int_equal(verified(&m), 0);
    market_close(&m);
}

/* The published names: never a proof in calldata, only facts of this job and input. */
static void published_names(void **state)
{
    market m;
    sage_facts f        = some_facts();
    const felt252 job[] = {MARKET_ID(5)};
    (void)state;
    market_open(&m);
    carry(&m, &f);
    assert_false(market_do(&m, WORKER, VERIFIER, "verify_proof", job[0], job[1], rig_number(1),
                           rig_number(7)));
    rig_panicked_with(&m.rig, "Proof must be in proof_facts");
    assert_false(market_do(&m, WORKER, VERIFIER, "submit_and_verify", rig_number(2),
                           rig_number(7), rig_number(8), rig_number(4), job[0], job[1]));
    rig_panicked_with(&m.rig, "Proof must be in proof_facts");
    assert_false(market_do(&m, WORKER, VERIFIER, "verify_proof", MARKET_ID(6), rig_number(0)));
    rig_panicked_with(&m.rig, "Proof of another job");
    assert_false(market_do(&m, WORKER, VERIFIER, "submit_and_verify", rig_number(0),
                           rig_number(5), job[0], job[1]));
    rig_panicked_with(&m.rig, "Proof of another input");
    const felt252 io[] = {f.input_hash, f.output_hash};
    const felt252 both = sage_poseidon252_many(io, 2);
    assert_false(market_do(&m, WORKER, VERIFIER, "submit_and_verify_with_io_binding",
                           rig_number(0), f.output_hash, job[0], job[1]));
    rig_panicked_with(&m.rig, "Proof of another io");
    assert_int_equal(verified(&m), 0);
    assert_true(market_do(&m, WORKER, VERIFIER, "submit_and_verify_with_io_binding",
                          rig_number(0), both, job[0], job[1]));
    assert_true(market_do(&m, WORKER, VERIFIER, "submit_and_verify", rig_number(0),
                          f.input_hash, job[0], job[1]));
    assert_true(market_do(&m, WORKER, VERIFIER, "verify_proof", job[0], job[1], rig_number(0)));
    assert_true(felt252_eq(rig_result(&m.rig, 0), felt252_one()));
    assert_int_equal(verified(&m), 1);
    f.input_bound = false;
    carry(&m, &f);
    assert_false(market_do(&m, WORKER, VERIFIER, "submit_and_verify_with_io_binding",
                           rig_number(0), both, job[0], job[1]));
    rig_panicked_with(&m.rig, "Input not stated by proof");
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registered),
        cmocka_unit_test(another_fact),
        cmocka_unit_test(without_facts),
        cmocka_unit_test(published_names),
    };
    return cmocka_run_group_tests_name("proof_verifier", tests, NULL, NULL);
}

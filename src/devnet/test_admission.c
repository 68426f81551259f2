/* Who is let in with a proof. The proof is stwo-cairo's published one of a single ret, whose salt
 * is 42: test_facts.c says for whom that is a proof. Skipped where it is absent. */
#include "base/test.h"

#include "devnet/admission.h"
#include "field/felt252_text.h"
#include "starknet/facts.h"

#define REAL "stwo-cairo/test_prove_verify_ret_opcode/proof.json"
enum { REAL_BITS = 110 };
static const uint64_t REAL_WORKER = UINT64_C(4479419914);

typedef struct carried {
    sage_tx t;
    sage_facts f;
    felt252 v[SAGE_FACTS_LEN];
} carried;

static void carry(carried *c)
{
    sage_facts_write(c->v, &c->f);
    c->t.proof_facts = (sage_felt_list){c->v, SAGE_FACTS_LEN, SAGE_FACTS_LEN};
}

/* A transaction that is let in. */
static void load(carried *c)
{
    sage_verify_result r;
    memset(c, 0, sizeof *c);
    const felt252 input = sage_job_input_hash(NULL, 0, felt252_zero());
    c->t.proof          = (uint8_t *)sage_test_vector(REAL, &c->t.proof_len);
    assert_int_equal(sage_verify(c->t.proof, c->t.proof_len, REAL_BITS, &r, NULL), SAGE_OK);
    assert_int_equal(sage_facts_of_proof(&c->f, &r, input, NULL), SAGE_OK);
    sage_verify_result_free(&r);
    c->f.job_id = sage_amount_of(1);
    c->f.worker = felt252_from_u64(REAL_WORKER);
    carry(c);
}

static void refused(const carried *c, sage_status want, const char *inside)
{
    sage_errinfo err = {0};
    assert_int_equal(sage_admission_check(&c->t, REAL_BITS, &err), want);
    assert_string_equal(err.where, "chain.proof");
    if (!strstr(err.msg, inside)) fail_msg("%s, without %s", err.msg, inside);
}

static void nothing_carried(void **state)
{
    const sage_tx t = {0};
    (void)state;
    assert_int_equal(sage_admission_check(&t, 1000, NULL), SAGE_OK);
}

static void one_of_two(void **state)
{
    uint8_t proof[] = {1};
    carried c       = {0};
    (void)state;
    carry(&c);
    refused(&c, SAGE_EPROOF, "without a proof");
    c.t.proof       = proof;
    c.t.proof_len   = 1;
    c.t.proof_facts = (sage_felt_list){0};
    refused(&c, SAGE_EPROOF, "without proof_facts");
    for (int kind = SAGE_TX_DEPLOY_ACCOUNT; kind <= SAGE_TX_DECLARE; kind++) {
        c.t.kind = (sage_tx_kind)kind;
        refused(&c, SAGE_EPROOF, "only an INVOKE");
    }
}

static void virtual_os(void **state)
{
    static const char *const markers[] = {"PROOF0", "PROOF1"};
    uint8_t proof[]                    = {1};
    carried c                          = {0};
    (void)state;
    carry(&c);
    c.t.proof     = proof;
    c.t.proof_len = 1;
    for (int i = 0; i < 2; i++) {
        c.v[0] = sage_felt_short(markers[i]);
        refused(&c, SAGE_EUNSUP, "virtual OS");
    }
    c.v[0] = sage_felt_short("SAGE2");
    refused(&c, SAGE_EPROOF, "facts.marker");
    carry(&c);
    refused(&c, SAGE_EPROOF, "container.magic");
    c.t.proof_facts.n--;
    refused(&c, SAGE_EPROOF, "facts.length");
}

static void real_proof(void **state)
{
    carried c;
    sage_errinfo err = {0};
    (void)state;
    load(&c);
    sage_status s = sage_admission_check(&c.t, REAL_BITS, &err);
    if (s) fail_msg("%s (%s)", err.msg, err.where);
    assert_int_equal(sage_admission_check(&c.t, REAL_BITS + 1, &err), SAGE_EPROOF);
    assert_non_null(strstr(err.msg, "proof.config.security"));
    free(c.t.proof);
}

/* Each felt of the facts is compared with the proof: another job, input, worker, program, output,
 * and the rest. */
static void tampered_facts(void **state)
{
    static const char *const why[SAGE_FACTS_LEN] = {
        "facts.marker", "facts.proof", "facts.proof", "facts.proof", "facts.salt",
        "facts.salt",   "facts.salt",  "facts.salt",  "facts.proof", "facts.proof"};
    carried c;
    (void)state;
    load(&c);
    for (int i = 0; i < SAGE_FACTS_LEN; i++) {
        const felt252 keep = c.v[i];
        c.v[i]             = felt252_add(keep, felt252_one());
        refused(&c, SAGE_EPROOF, why[i]);
        c.v[i] = keep;
    }
    assert_int_equal(sage_admission_check(&c.t, REAL_BITS, NULL), SAGE_OK);
    free(c.t.proof);
}

/* One digit of the proof changed, at many places: never let in. */
static void tampered_proof(void **state)
{
    carried c;
    (void)state;
    load(&c);
    const size_t step = c.t.proof_len / (sage_test_quick() ? 4 : 16);
    for (size_t at = step / 2; at < c.t.proof_len; at += step) {
        size_t i = at;
        while (c.t.proof[i] < '0' || c.t.proof[i] > '9' || c.t.proof[i + 1] == 'x')
            i++;
        const uint8_t keep = c.t.proof[i];
        c.t.proof[i]       = keep == '1' ? '2' : '1';
        assert_int_not_equal(sage_admission_check(&c.t, REAL_BITS, NULL), SAGE_OK);
        c.t.proof[i] = keep;
    }
    c.t.proof_len -= 20;
    assert_int_not_equal(sage_admission_check(&c.t, REAL_BITS, NULL), SAGE_OK);
    free(c.t.proof);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_carried), cmocka_unit_test(one_of_two),
        cmocka_unit_test(virtual_os),      cmocka_unit_test(real_proof),
        cmocka_unit_test(tampered_facts),  cmocka_unit_test(tampered_proof),
    };
    return cmocka_run_group_tests_name("admission", tests, NULL, NULL);
}
